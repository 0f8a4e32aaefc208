"""The fields over a pile: what is done with it, the next code, who takes the results, the fee."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.words import format_amount
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, NumberField, TextField, are_given
from counter_app.ui.forms import FormGrid
from counter_app.ui.return_form import TickBox

WHO = ("collected_by", "proxy_id", "authorisation")


class CodeField(TextField):
    """Takes one code after another: Enter puts it into the pile and stays."""

    entered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter hands the code on; an empty line goes to the next field."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and plain and self.value():
            text = self.value()
            self.clear()
            self.entered.emit(text)
            event.accept()
            return
        super().keyPressEvent(event)


class PileForm(FormGrid):
    """Says what is done with a pile and with whom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with handing results to one person."""
        super().__init__(parent, beside=True, label_width=132)
        self.mode = ChoiceField(
            choices=[
                Choice(Move.RETURN.value, self.tr("Trả kết quả cho một người")),
                Choice(Move.COMPLETE.value, self.tr("Ghi có kết quả")),
            ]
        )
        self.code = CodeField(placeholder=self.tr("quét mã trên giấy hẹn, hoặc gõ mã rồi Enter"))
        self.collected_by = TextField(
            max_length=150, placeholder=self.tr("quét CCCD người nhận hoặc gõ họ tên")
        )
        self.proxy_id = NumberField()
        self.authorisation = TextField(
            max_length=200, placeholder=self.tr("số, ngày của giấy ủy quyền hoặc giới thiệu")
        )
        self.fee_paid = TickBox("")
        self.fee_receipt = TextField(max_length=60)
        for label, field, name in (
            (self.tr("Việc cần làm"), self.mode, "mode"),
            (self.tr("Mã hồ sơ"), self.code, "code"),
            (self.tr("Người nhận"), self.collected_by, "collected_by"),
            (self.tr("Số định danh"), self.proxy_id, "proxy_id"),
            (self.tr("Giấy ủy quyền"), self.authorisation, "authorisation"),
        ):
            self.add_row(label, field, name=name)
        self.add_wide(self.fee_paid)
        self.add_row(self.tr("Số biên lai"), self.fee_receipt, name="receipt_number")

    @property
    def act(self) -> Move:
        """What is done with the pile."""
        return Move(self.mode.value())

    def show_act(self) -> None:
        """Ask who takes the results only where somebody does."""
        for name in WHO:
            self.set_row_visible(name, visible=self.act is Move.RETURN)

    def show_fee(self, owed: int) -> None:
        """Ask for the fee of the whole pile where one is owed."""
        words = self.tr("Đã thu {amount} phí, lệ phí của cả lượt")
        self.fee_paid.setText(words.format(amount=format_amount(owed)))
        self.fee_paid.setVisible(owed > 0)
        is_shown = owed > 0 and self.fee_paid.isChecked()
        self.set_row_visible("receipt_number", visible=is_shown)

    def take_person(self, name: str, number: str) -> None:
        """Fill in who takes the results; the paper that authorises is typed next."""
        self.collected_by.set_value(name)
        self.proxy_id.set_value(number)
        self.authorisation.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_who(self) -> None:
        """Empty what belongs to one collector."""
        for field in (self.collected_by, self.proxy_id, self.authorisation, self.fee_receipt):
            field.set_value("")
            field.set_note(None)
        self.fee_paid.setChecked(False)

    def knows_who(self, owners: set[str]) -> bool:
        """Say whether it is known who takes the dossiers of these owners, else what is missing."""
        if self.act is not Move.RETURN:
            return True
        missing: list[tuple[TextField, str]] = [
            (self.collected_by, self.tr("Ghi họ tên người nhận, hoặc quét thẻ.")),
            (self.proxy_id, self.tr("Ghi số giấy tờ đã xem của người nhận.")),
            (self.authorisation, self.tr("Ghi giấy ủy quyền hoặc giới thiệu đã xem.")),
        ]
        if owners == {self.collected_by.value()}:  # the owner of all of them
            missing = missing[:1]
        return are_given(missing)

    def who(self, *, owes: bool) -> dict[str, Any]:
        """Return who takes the results and whether the fee was paid."""
        is_paid = owes and self.fee_paid.isChecked()
        return {
            "collected_by": self.collected_by.value(),
            "proxy_id": self.proxy_id.value(),
            "authorisation": self.authorisation.value(),
            "fee_paid": is_paid,
            "fee_receipt": self.fee_receipt.value() if is_paid else "",
        }

    def draft(self) -> dict[str, Any]:
        """Return what is kept of the collector with an unfinished pile."""
        return {name: getattr(self, name).value() for name in WHO}

    def take_draft(self, body: dict[str, Any]) -> None:
        """Fill in what was kept."""
        self.mode.set_value(body["mode"])
        for name in WHO:
            getattr(self, name).set_value(body.get(name, ""))
