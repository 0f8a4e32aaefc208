"""The promise of the dossier in the form: from when it runs, and by which limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counter_app.domain.moments import to_minute
from counter_app.domain.text import clean_line
from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.due_card import DueCard
from counter_app.ui.fields import ERROR, Note
from counter_app.ui.interaction import Interaction
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_moment import ReceiptMomentError, parse_receipt_moment
from counter_app.ui.tips import plain_tip
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure
    from counter_app.domain.facts import Quote
    from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer

# Kept with the dossier, so it is one sentence in every language of the window.
_PROMISED = frozenset({"limit", "cutoff"})
_LIMIT_REASON = "Thời hạn chưa được đơn vị xác nhận, công chức nhập cho hồ sơ này."
_LONGEST_DRAFT = timedelta(days=5)
AskAboutProcedure = Callable[[QWidget, "Procedure"], "ProcedureAnswer"]


def ask_in_a_dialog(parent: QWidget, procedure: Procedure) -> ProcedureAnswer:
    """Put the question of a procedure's first use; its dialog is loaded when it is needed."""
    from counter_app.ui.confirm_procedure_dialog import ask_about_procedure

    return ask_about_procedure(parent, procedure)


def _nothing_promised() -> datetime | None:
    """No paper was written by hand."""
    return None


class Promise(QObject):
    """Keeps the moment of receipt and the limit, and the card in step with the form."""

    changed = Signal()  # something the draft must keep

    def __init__(
        self,
        form: ReceptionForm,
        card: DueCard,
        desk: ReceptionDesk,
        *,
        interaction: Interaction,
        ask: AskAboutProcedure,
        parent: QWidget,
    ) -> None:
        """Nothing is begun yet."""
        super().__init__(parent)
        self._form = form
        self._card = card
        self._desk = desk
        self._interaction = interaction
        self._ask = ask
        self._asked: set[str] = set()
        self._limits: dict[str, str] = {}  # procedure code -> a limit for this dossier only
        self.begun: datetime | None = None
        self.moment_reason = ""
        self.quote: Quote | None = None
        self.paper_due: Callable[[], datetime | None] = _nothing_promised
        form.procedure_chosen.connect(self._on_procedure_chosen)
        form.procedure_unchosen.connect(self.requote)
        form.competent_unit.textChanged.connect(self._on_competent_changed)
        form.moment_button.clicked.connect(self.change_moment)
        for field in (form.fee_pages, form.fee_copies):
            field.textChanged.connect(self._show_fee)
        self.show_moment()

    def forget(self) -> None:
        """Be ready for the next citizen."""
        self._asked.clear()
        self._limits.clear()
        self.begun, self.moment_reason, self.quote = None, "", None
        self._card.show_error("")
        self._card.show_nothing()
        self.show_moment()

    def to_draft(self) -> dict[str, Any]:
        """Return what a draft keeps of the promise."""
        return {
            "begun": None if self.begun is None else self.begun.isoformat(),
            "reason": self.moment_reason,
            "limits": dict(self._limits),
        }

    def from_draft(self, body: dict[str, Any]) -> None:
        """Take up a draft's promise; what was asked then is not asked again."""
        self.moment_reason = str(body.get("reason", ""))
        begun = datetime.fromisoformat(body["begun"]) if body.get("begun") else None
        self.begun = begun if self.moment_reason or self._is_likely(begun) else None
        self._limits = dict(body.get("limits", {}))
        self._asked.add(str(body.get("values", {}).get("procedure_code", "")))
        self.show_moment()

    def _is_likely(self, begun: datetime | None) -> bool:
        """Say whether a stamp can stand: not one of a clock that was wrong when it was made."""
        return begun is not None and timedelta(0) <= self._desk.clock() - begun <= _LONGEST_DRAFT

    # The limit

    def limit(self) -> str:
        """Return the limit typed for this dossier only, or nothing."""
        found = self._form.procedure_value()
        return self._limits.get(found.code, "") if found else ""

    def limit_reason(self) -> str:
        """Return the reason that is kept with such a limit."""
        return _LIMIT_REASON if self.limit() else ""

    def _on_procedure_chosen(self, found: Procedure) -> None:
        self.begin()
        # What moves the promised day is asked for at once; a fee alone keeps nobody waiting.
        if _PROMISED & set(found.to_ask) and found.code not in self._asked:
            self.ask_about_procedure()
        self.requote()

    def ask_about_procedure(self) -> None:
        """Ask for the limit, fee and decision of a procedure that isn't confirmed."""
        found = self._form.procedure_value()
        if found is None or not found.to_ask:
            return
        self._asked.add(found.code)
        answer = self._ask(self._form, found)
        if answer.confirmation is None:
            if answer.limit_once:
                self._limits[found.code] = answer.limit_once
            self.requote()
            self.changed.emit()
            return
        try:
            confirmed = self._desk.confirm_procedure(found.code, answer.confirmation)
        except UserError as error:
            self._card.show_error(error.message)
            return
        self._limits.pop(found.code, None)
        self._form.renew_procedure(confirmed)
        self.requote()

    # The moment of receipt

    def begin(self) -> None:
        """Stamp the moment of receipt when the form is begun; it stays until the next citizen."""
        if self.begun is None:
            self.begun = to_minute(self._desk.clock())
            self.show_moment()

    def set_moment(self, moment: datetime, reason: str) -> None:
        """Count from a moment that stands on paper."""
        self.begun, self.moment_reason = moment, reason
        self.show_moment()
        self.requote()

    def expected_due(self) -> datetime | None:
        """Return the moment that will be promised: the paper's, else what is on the card."""
        return self.paper_due() or (None if self.quote is None else self.quote.due_at)

    def take_back_beginning(self) -> None:
        """Forget the stamp when the form is empty again, unless it was set by hand."""
        if not self.moment_reason:
            self.begun = None
            self.show_moment()

    def renew(self) -> None:
        """Show moment and promise anew: the day has changed."""
        self.show_moment()
        if self._form.procedure_value() is not None:
            self.requote()

    def move_beginning(self, leap: timedelta) -> None:
        """Move the stamp along with a clock that was set; a moment set by hand stays."""
        if self.begun is None or self.moment_reason:
            return
        self.begun = min(to_minute(self.begun + leap), to_minute(self._desk.clock()))
        self.renew()
        self.changed.emit()

    def received_at(self) -> datetime:
        """Return the moment from which the limit runs."""
        return self.begun or to_minute(self._desk.clock())

    def show_moment(self) -> None:
        """Show the moment of receipt beside the form's heading."""
        self._form.show_moment(self.begun, today=self._desk.clock().date())
        label = self._form.moment_label
        label.setToolTip(plain_tip(self.moment_reason or label.text()))

    def change_moment(self) -> None:
        """Set the moment of receipt back, with a reason."""
        now = to_minute(self._desk.clock())

        def judge(text: str) -> Note | None:
            try:
                parse_receipt_moment(text, now=now)
            except ReceiptMomentError as error:
                return Note(str(error), ERROR)
            return None

        typed = self._interaction.ask_text(
            self.tr("Hồ sơ được nhận lúc nào?"),
            yes=self.tr("Tiếp"),
            initial=f"{self.begun or now:%H:%M}",
            detail=self.tr("Gõ giờ như 08:30, hoặc giờ và ngày như 16:45 20/11/2026."),
            check=judge,
        )
        if not typed or judge(typed) is not None:
            return
        moment = parse_receipt_moment(typed, now=now)
        reason = "" if moment == now else self._ask_reason()
        if reason is None:
            return
        self.begun, self.moment_reason = moment, reason
        self.show_moment()
        self.requote()
        self.changed.emit()

    def _ask_reason(self) -> str | None:
        def judge(text: str) -> Note | None:
            return None if text.strip() else Note(self.tr("Cần ghi lý do."), ERROR)

        reason = self._interaction.ask_text(
            self.tr("Vì sao giờ nhận khác giờ đang gõ?"),
            yes=self.tr("Sửa giờ nhận"),
            detail=self.tr("Ví dụ: mất điện, nhận trên giấy lúc 08:30."),
            check=judge,
        )
        return (reason or "").strip() or None

    # The card

    def _on_competent_changed(self, text: str) -> None:
        self._card.set_elsewhere(clean_line(text))

    def requote(self) -> None:
        """Ask anew what would be promised and show it."""
        found = self._form.procedure_value()
        self.quote = None
        if found is None:
            self._card.show_nothing()
            return
        try:
            self.quote = self._desk.quote(found.code, self.received_at(), self.limit())
        except UserError as error:
            self._card.show_nothing(f"{error.message} {self.tr('Nhấn F5 để ghi thời hạn.')}")
            return
        self._card.show_quote(self.quote)
        self._show_fee()
        self._card.show_warnings(self._doubts(self.quote, found))

    def _show_fee(self, *_: object) -> None:
        """Show what the fee comes to while pages and copies are typed, else the tariff."""
        if self.quote is not None:
            words = self._form.fee_words() or in_window(self.quote.fee_text)
            self._card.show_fee(words or self.tr("chưa rõ, hỏi đơn vị"))

    def _doubts(self, quote: Quote, found: Procedure) -> list[str]:
        doubts = []
        on_paper = self.paper_due()
        if on_paper is not None:
            is_same = on_paper == quote.due_at
            said = (
                self.tr("Trên giấy đã hẹn {due}, đúng như máy tính.")
                if is_same
                else self.tr("Trên giấy đã hẹn {due}: giữ lời hẹn ấy; kết quả máy tính ghi kèm.")
            )
            doubts.append(said.format(due=format_moment(on_paper)))
        if self.limit():
            doubts.append(
                self.tr(
                    "Thời hạn chỉ nhập cho hồ sơ này, chưa có số quyết định: nhấn F5 để xác nhận."
                )
            )
        elif quote.needs_confirmation:
            doubts.append(
                self.tr("Thời hạn chưa được đơn vị xác nhận theo quyết định: nhấn F5 để xác nhận.")
            )
        elif "fee" in found.to_ask:
            doubts.append(self.tr("Lệ phí chưa được đơn vị xác nhận: nhấn F5 để xác nhận."))
        if quote.provisional:
            doubts.append(self.tr("Lịch nghỉ năm ấy chưa công bố: ngày hẹn là tạm tính."))
        return doubts
