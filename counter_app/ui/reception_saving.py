"""How the reception page saves: judged, received, printed, or a slip where nothing is received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from counter_app.errors import ConfirmationNeededError, UserError
from counter_app.ui.fields import WARNING
from counter_app.ui.recent_receipts import short_code
from counter_app.ui.reception_group_acts import LIMIT_WARNING, GroupReception
from counter_app.ui.reception_paper import PaperReceipt
from counter_app.ui.reception_request import at_form_fields, build_request
from counter_app.ui.reception_visits import ReceptionVisits

if TYPE_CHECKING:
    from counter_app.domain.facts import DossierRow, Received, ReceiveRequest
    from counter_app.domain.visits import VisitFacts

_DUPLICATE_WARNING = "Người này đang có hồ sơ"


class SavingReception(GroupReception):
    """Saves what stands in the form, prints its receipt and is ready for the next."""

    code_awaited = Signal(str)  # uuid of a dossier whose receipt waits for its official code

    paper: PaperReceipt
    visits: ReceptionVisits

    # Saving

    def main_action(self) -> None:
        """Save the dossier, or the whole group, print and be ready for the next."""
        if self.group.is_begun() and self.group.is_form_done():
            self.save_group()
            return
        terms = self._checked_terms()
        if terms is None:
            return
        if self.group.is_begun():
            self.group.add(terms)
            self.save_group()
            return
        request = build_request(self.form.values(), by=self._desk.clerk(), **terms)
        received = self._receive(request)
        if received is not None:
            self._after_saving(received)

    def _checked_terms(self, key: str = "F9") -> dict[str, Any] | None:
        """Judge what stands in the form; return what it is promised by, None if it can't be saved.

        What stops it is said with the key that was pressed, and the focus stands where it can be
        mended.
        """
        self.card.show_error("")
        was_told = bool(self.form.documents.list.note().text)
        wrong = self.form.first_wrong() or self.paper.first_missing()
        if wrong:
            self.form.go_to(wrong)
            self.card.show_error(self._marked_words(key))
            return None
        if self._desk.lacks_clerk():
            words = self.tr(
                "Chưa lưu: chưa chọn người trực, mà tên in trên giấy. Nhấn Ctrl+L, một chữ số, "
                "rồi {key}."
            )
            self.card.show_error(words.format(key=key))
            return None
        found, quote = self.form.procedure_value(), self.promise.quote
        if found is None or quote is None:
            words = self.tr("Chưa lưu: chưa có ngày hẹn. Nhấn F5 để ghi thời hạn rồi nhấn {key}.")
            self.card.show_error(words.format(key=key))
            return None
        papers = self.form.documents.list.note().text
        if papers and not was_told:
            # Said once, then it is the clerk's own: a dossier may come without its papers.
            self.form.go_to("documents")
            self.form.documents.list.go_to_missing()
            words = self.tr("Chưa lưu. {papers} Vẫn nhận như vậy thì nhấn {key} lần nữa.")
            self.card.show_error(words.format(papers=papers, key=key))
            return None
        return {
            "procedure_code": found.code,
            "received_at": self.promise.received_at(),
            "received_reason": self.promise.moment_reason,
            "limit": self.promise.limit(),
            "limit_reason": self.promise.limit_reason(),
            "expected_due_at": self.promise.expected_due(),
            "promised_due": self.paper.promised_due(),
        }

    def _marked_words(self, key: str) -> str:
        words = self.tr("Chưa lưu. Sửa chỗ được đánh dấu rồi nhấn {key}.")
        return words.format(key=key)

    def _receive(self, request: ReceiveRequest) -> Received | None:
        try:
            return self._confirming_clock(
                lambda confirmed: self.visits.receive(request, clock_confirmed=confirmed)
            )
        except UserError as error:
            self._show_refusal(error)
            return None

    def _show_refusal(self, error: UserError) -> None:
        if isinstance(error, ConfirmationNeededError):
            self.promise.requote()
            self.card.show_change(error.message)
            return
        named = at_form_fields(error, is_organisation=self.form.is_organisation())
        homeless = self.form.show_error(named)
        said = " ".join(one.message for one in homeless)
        self.card.show_error(said or self._marked_words("F9"))

    def _after_saving(self, received: Received) -> None:
        name = self.form.value("org_name") or self.form.value("applicant_name")
        number = (received.official_code or received.code).rpartition("-")[2]
        self.people.keep(received.uuid)
        unsaid = self._unsaid(received.warnings)
        self.draft.forget()
        self._start_anew()
        self._refresh_recent()
        if unsaid:
            words = self.tr("Hồ sơ {number} đã lưu: {warnings}")
            self._say(words.format(number=number, warnings=" ".join(unsaid)), WARNING)
        said = self.tr("Đã lưu hồ sơ {number} của {name} lúc {time}.").format(
            number=number, name=name, time=f"{self._desk.clock():%H:%M}"
        )
        self.state_text_changed.emit(said)
        if received.paper_uuid is not None:
            self._print(received.paper_uuid, number)
        else:
            self.code_awaited.emit(received.uuid)

    def _unsaid(self, warnings: Sequence[str]) -> list[str]:
        """Return the warnings of a saved dossier that no place of the form has shown."""
        shown = {note.text for note in self.form.notes()}
        seen = " ".join(shown)
        # The card and the procedure's line say these two in words of their own.
        own = [LIMIT_WARNING] if self.card.warning_label.text() else []
        if self.form.procedure.standing() is not None:
            own.append(_DUPLICATE_WARNING)
        return [w for w in warnings if w not in seen and not w.startswith(tuple(own))]

    # Not today

    def not_today(self) -> None:
        """Print a slip in the place of a receipt and keep the visit (Ctrl+U)."""
        self.card.show_error("")
        missing = self.form.first_wrong()
        if missing:
            self.form.go_to(missing)
            self.card.show_error(self.tr("Chưa in phiếu. Sửa chỗ được đánh dấu rồi nhấn Ctrl+U."))
            return
        found = self.form.procedure_value()
        request = build_request(
            self.form.values(),
            procedure_code=found.code if found else "",
            received_at=None,
            received_reason="",
            limit="",
            limit_reason="",
            by=self._desk.clerk(),
            expected_due_at=None,
        )
        self.visits.ask(request)

    def _on_visit_recorded(self, visit: VisitFacts) -> None:
        self.draft.forget()
        self._start_anew()
        self.recent.show_slip(f"{visit.code}  {visit.person['applicant_name']}")
        words = self.tr("Đã ghi lượt {code} của {name}, chưa nhận hồ sơ.")
        self.state_text_changed.emit(
            words.format(code=visit.code, name=visit.person["applicant_name"])
        )

    def _on_visit_reopened(self) -> None:
        self.promise.begin()
        self.promise.requote()
        self.people.look_for_duplicates()
        self.form.go_to("documents")

    # Printing

    def _print(self, paper_uuid: str, number: str) -> None:
        try:
            self._desk.print_paper(paper_uuid)
        except UserError as error:
            words = self.tr("{why} Hồ sơ {number} đã lưu. Nhấn Ctrl+R để in lại.")
            self.card.show_error(words.format(why=error.message, number=number))

    def reprint(self, row: DossierRow) -> None:
        """Print a receipt again."""
        try:
            paper_uuid = self._desk.issue_again(row.uuid)
        except UserError as error:
            self.card.show_error(error.message)
            return
        self._print(paper_uuid, short_code(row))
