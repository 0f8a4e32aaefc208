"""Not today, and back again: the reception form ends with a slip, or reopens from one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from counter_app.errors import UserError
from counter_app.ui.checklist import CheckRow
from counter_app.ui.fields import ERROR, HINT, WARNING
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_person import values_of_person

if TYPE_CHECKING:
    from counter_app.domain.facts import Received, ReceiveRequest
    from counter_app.domain.visits import VisitFacts, VisitKind

_EXTRA = ("submitter_name", "submitter_id", "subject_name", "content", "note")


class ReceptionVisits(QObject):
    """Records a visit from the form, and fills the form from one."""

    said = Signal(str, str)
    recorded = Signal(object)  # VisitFacts
    reopened = Signal()

    def __init__(self, form: ReceptionForm, desk: ReceptionDesk, parent: QWidget) -> None:
        """Watch whose number stands in the form."""
        super().__init__(parent)
        self._form = form
        self._desk = desk
        self._window = parent
        self.code = ""  # the visit whose dossier is being received
        self.known: VisitFacts | None = None
        self._last: VisitFacts | None = None  # whose slip was made last
        form.number_left.connect(self.look_for_visit)

    def forget(self) -> None:
        """Be ready for the next citizen."""
        self.code = ""
        self.known = None

    def receive(self, request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        """Receive the form's dossier, as the visit's if it was reopened from one."""
        calls = self._desk.visits
        if self.code and calls is not None:
            return calls.receive(self.code, request, clock_confirmed=clock_confirmed)
        return self._desk.receive(request, clock_confirmed=clock_confirmed)

    # Not today

    def ask(self, request: ReceiveRequest) -> None:
        """Ask which slip and what it says."""
        from counter_app.ui.not_today import NotTodayDialog  # seldom, and not at a start

        calls = self._desk.visits
        if calls is None:
            return
        try:
            earlier = [] if self.code else calls.earlier(request)
        except UserError as error:
            self.said.emit(error.message, ERROR)
            return
        chosen = self._form.procedure_value()
        who = "  ·  ".join(
            part for part in (request.applicant_name, chosen.label if chosen else "") if part
        )

        def record(kind: VisitKind, reason: str, requirements: Sequence[str]) -> None:
            visit, _ = calls.record(request, kind=kind, reason=reason, requirements=requirements)
            self.recorded.emit(visit)
            self._last = visit
            calls.print_slip(visit)

        dialog = NotTodayDialog(
            record, self._window, who=who, missing=self.unticked(), earlier=earlier
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Not every window system gives the keyboard back by itself.
        dialog.finished.connect(lambda _result: self._window.window().activateWindow())
        dialog.open()

    def print_again(self) -> None:
        """Print the slip of the last visit once more."""
        if self._desk.visits is not None and self._last is not None:
            try:
                self._last = self._desk.visits.print_again(self._last)
            except UserError as error:
                self.said.emit(error.message, ERROR)

    def unticked(self) -> list[str]:
        """Return the required papers that aren't ticked."""
        rows = self._form.documents.list.rows()
        return [row.name for row in rows if row.is_required and not row.is_checked]

    # Back again

    def look_for_visit(self, number: str) -> None:
        """Say that this citizen was here before and went with a slip."""
        calls = self._desk.visits
        if calls is None or not number or self.code:
            return
        self.known = self._asking(lambda: calls.last_open(number))
        if self.known is not None:
            words = self.tr("F10 mở lại phiếu {code} ngày {day} của người này: {procedure}.")
            person = self.known.person
            self.said.emit(
                words.format(
                    code=self.known.code,
                    day=f"{self.known.at:%d/%m/%Y}",
                    procedure=person.get("procedure_name", ""),
                ),
                WARNING,
            )

    def _asking(self, ask: Callable[[], VisitFacts | None]) -> VisitFacts | None:
        try:
            return ask()
        except UserError as error:
            self.said.emit(error.message, ERROR)
            return None

    def reopen_known(self) -> None:
        """Fill the form from the slip that was spoken of (F10)."""
        if self.known is None:
            self.said.emit(self.tr("Người này chưa có phiếu nào đang chờ bổ sung."), HINT)
            return
        self.reopen(self.known)

    def open_code(self, code: str) -> None:
        """Fill the form from a scanned slip."""
        calls = self._desk.visits
        visit = None if calls is None else self._asking(lambda: calls.find(code))
        if visit is None:
            return
        if visit.void_reason:
            words = self.tr("Phiếu {code} đã được hoàn tác: {why}.")
            self.said.emit(words.format(code=visit.code, why=visit.void_reason), WARNING)
            return
        if visit.dossier_uuid:
            words = self.tr("Phiếu {code} đã được nhận thành hồ sơ.")
            self.said.emit(words.format(code=visit.code), WARNING)
            return
        self.reopen(visit)

    def reopen(self, visit: VisitFacts) -> None:
        """Put everything of a visit into the form; what was asked for is said."""
        from counter_app.domain.facts import PersonFacts

        person = visit.person
        names = ("citizen_id", "tax_code", "birth_date", "sex", "address", "phone", "email")
        facts = PersonFacts(
            name=person["applicant_name"],
            owner_kind=person.get("owner_kind", "person"),
            **{name: str(person.get(name) or "") for name in names},
        )
        known: dict[str, object] = dict(values_of_person(facts))
        known.update({name: person[name] for name in _EXTRA if person.get(name)})
        if person.get("submitter_name") == person["applicant_name"]:
            known.pop("submitter_name", None)
        self._form.fill(known)
        for fold, fields in (("submitter", _EXTRA[:2]), ("more", _EXTRA[2:])):
            if any(known.get(name) for name in fields):
                self._form.set_fold(fold, is_open=True)
        self._show_procedure(visit)
        self.code, self.known = visit.code, None
        asked = "; ".join(visit.requirements) or visit.reason
        words = self.tr("Mở lại từ phiếu {code}. Lần trước yêu cầu: {asked}.")
        self.said.emit(words.format(code=visit.code, asked=asked), WARNING)
        self.reopened.emit()

    def _show_procedure(self, visit: VisitFacts) -> None:
        try:
            found = self._desk.procedure(visit.person["procedure_code"])
        except UserError as error:
            self.said.emit(error.message, ERROR)
            return
        self._form.set_procedure(found)
        held = {one["name"]: one for one in visit.person.get("documents", ())}
        rows = [
            CheckRow(
                row.name,
                is_required=row.is_required,
                is_checked=row.name in held,
                originals=held.get(row.name, {}).get("originals", 0),
                copies=held.get(row.name, {}).get("copies", 0),
                default_originals=row.default_originals,
                default_copies=row.default_copies,
            )
            for row in self._form.documents.list.rows()
        ]
        names = {row.name for row in rows}
        rows += [
            CheckRow(name, is_checked=True, originals=one["originals"], copies=one["copies"])
            for name, one in held.items()
            if name not in names
        ]
        self._form.set_procedure(found, rows=rows)
