"""The return window (trả kết quả): who collects, how, what is still to be paid."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from counter_app.domain.dossier import Move
from counter_app.domain.fees import FeeStanding
from counter_app.domain.identity import parse_card
from counter_app.domain.text import fold
from counter_app.domain.words import format_amount
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import ActDialog
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, WARNING, NumberField, TextField, are_given
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window


class TickBox(QCheckBox):
    """A box that Space ticks; Enter goes on, as it does everywhere."""

    def keyPressEvent(self, event: Any) -> None:
        """Enter goes to the next field."""
        if event.key() in ENTER_KEYS and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self.focusNextPrevChild(True)
            event.accept()
            return
        super().keyPressEvent(event)


class ReturnDialog(ActDialog):
    """Hand the result to who collects it (trả kết quả)."""

    act = Move.RETURN

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Trả kết quả")

    def build(self) -> None:
        """Ask who collects and how; somebody else shows a number and an authorisation."""
        state = self.facts.state
        self.setMinimumSize(metrics().px(600), metrics().px(440))
        self._own = {fold(state[key]) for key in ("applicant_name", "submitter_name") if state[key]}
        self._owed = FeeStanding.of(state).owed or 0
        self._was_told = False
        self.collected_by = TextField(max_length=150)
        self.collected_by.setText(state["submitter_name"] or state["applicant_name"])
        self.proxy_id = NumberField()
        self.authorisation = TextField(max_length=200)
        self.via = ChoiceField(
            choices=[
                Choice("counter", self.tr("Tại quầy")),
                Choice("post", self.tr("Qua bưu chính")),
                Choice("online", self.tr("Trực tuyến")),
            ]
        )
        self.via.set_value(state["result_to"] or "counter")
        self.receipt_lost = TickBox(self.tr("Không còn giấy hẹn; đã xem giấy tờ tùy thân"))
        self.identity = NumberField()
        self.form.add_row(self.tr("Người nhận"), self.collected_by, name="collected_by")
        self.form.add_row(self.tr("Số định danh"), self.proxy_id, name="proxy_id")
        self.form.add_row(self.tr("Giấy ủy quyền"), self.authorisation, name="authorisation")
        self.form.add_row(self.tr("Cách trả"), self.via, name="via")
        self.form.add_wide(self.receipt_lost)
        self.form.add_row(self.tr("Số giấy tờ đã xem"), self.identity, name="identity")
        self._build_fee()
        self.collected_by.textEdited.connect(self._on_collector_edited)
        self.via.value_changed.connect(self._on_way_changed)
        self.receipt_lost.toggled.connect(self._on_lost_toggled)
        self.form.set_row_visible("identity", visible=False)
        self._show_proxy()

    def _build_fee(self) -> None:
        words = FeeStanding.of(self.facts.state).told(in_window)
        told = self.tr("Phí, lệ phí: {words}.").format(words=words) if words else ""
        self.fee_paid = TickBox(
            self.tr("Đã thu {amount} phí, lệ phí").format(amount=format_amount(self._owed))
        )
        self.fee_receipt = TextField(max_length=60, placeholder=self.tr("số biên lai thu phí"))
        if not self._owed:
            if told:
                self.say(told)
            return
        self.say(told, WARNING)
        self.form.add_wide(self.fee_paid)
        self.form.add_row(self.tr("Số biên lai"), self.fee_receipt, name="receipt_number")
        self.form.set_row_visible("receipt_number", visible=False)
        self.fee_paid.toggled.connect(self._on_fee_toggled)

    # Who

    def is_proxy(self) -> bool:
        """Say whether somebody else than the owner or the submitter collects at the counter."""
        name = fold(self.collected_by.value())
        return bool(name) and name not in self._own and self.via.value() == "counter"

    def take_card(self, text: str) -> bool:
        """Take who stands here from a scanned card; what is wrong with it is said."""
        try:
            card = parse_card(text)
        except ValueError as error:
            self.error_label.show_message(str(error), "danger")
            return True
        self.collected_by.set_value(card.full_name)
        self._show_proxy()
        if self.is_proxy():
            self.proxy_id.set_value(card.citizen_id)
            self.authorisation.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.identity.set_value(card.citizen_id)
        return True

    def _on_collector_edited(self, _text: str) -> None:
        self._show_proxy()

    def _on_way_changed(self, _way: object) -> None:
        self._show_proxy()

    def _on_lost_toggled(self, is_lost: bool) -> None:
        known = self.facts.state["citizen_id"] or ""
        if is_lost and known and not self.identity.value() and not self.is_proxy():
            try:
                self.calls.note_number(self.facts.uuid)
                self.identity.set_value(known)  # compared with the paper in hand
            except UserError as error:
                self.error_label.show_message(error.message, "danger")
        self.form.set_row_visible("identity", visible=is_lost)
        self._grow()

    def _on_fee_toggled(self, is_paid: bool) -> None:
        self.form.set_row_visible("receipt_number", visible=is_paid)
        self._grow()
        self.error_label.show_message("", "")

    def _grow(self) -> None:
        """Make room for a row that came; the window never shrinks under the hand."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.sizeHint().height()))

    def _show_proxy(self) -> None:
        is_proxy = self.is_proxy()
        for field in (self.proxy_id, self.authorisation):
            field.setEnabled(is_proxy)
            if not is_proxy:
                field.set_note(None)
        own = self.tr("người nộp tự nhận, không cần")
        self.proxy_id.setPlaceholderText(self.tr("của người nhận thay") if is_proxy else own)
        self.authorisation.setPlaceholderText(
            self.tr("số, ngày của văn bản ủy quyền") if is_proxy else own
        )

    # Doing it

    def submit(self) -> None:
        """See that a proxy's papers and a lost receipt's identity are there; then do it."""
        if self._is_complete() and self._fee_is_settled():
            super().submit()

    def _is_complete(self) -> bool:
        needed: list[tuple[TextField, str]] = []
        if self.is_proxy():
            words = self.tr("Người nhận thay phải xuất trình giấy tờ: ghi số giấy tờ đã xem.")
            needed.append((self.proxy_id, words))
            words = self.tr("Ghi văn bản ủy quyền hoặc giấy giới thiệu đã xem.")
            needed.append((self.authorisation, words))
        if self.receipt_lost.isChecked() and not self.is_proxy():
            words = self.tr("Mất giấy hẹn thì xem giấy tờ tùy thân và ghi số.")
            needed.append((self.identity, words))
        return are_given(needed)

    def _fee_is_settled(self) -> bool:
        """A fee that is still due is said once; handing over all the same is the clerk's word."""
        if not self._owed or self.fee_paid.isChecked() or self._was_told:
            return True
        self._was_told = True
        words = self.tr(
            "Chưa trả. Còn phải thu {amount}: đã thu thì đánh dấu và ghi số biên lai; vẫn trả khi "
            "chưa thu thì nhấn F9 lần nữa."
        )
        self.error_label.show_message(words.format(amount=format_amount(self._owed)), "danger")
        self.fee_paid.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def values(self) -> dict[str, Any]:
        """Return the collector; a proxy's facts only for a proxy."""
        is_proxy, is_lost = self.is_proxy(), self.receipt_lost.isChecked()
        is_paid = bool(self._owed) and self.fee_paid.isChecked()
        return {
            "collected_by": self.collected_by.value(),
            "proxy_id": self.proxy_id.value() if is_proxy else "",
            "authorisation": self.authorisation.value() if is_proxy else "",
            "receipt_lost": is_lost,
            "identity": self.identity.value() if is_lost else "",
            "via": self.via.value(),
            "fee_paid": is_paid,
            "fee_receipt": self.fee_receipt.value() if is_paid else "",
        }
