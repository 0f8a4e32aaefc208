"""What the reception page asks of the house about visits that end without a dossier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from counter_app.domain.facts import Received, ReceiveRequest
    from counter_app.domain.visits import VisitFacts, VisitKind


class RecordVisit(Protocol):
    """Record a visit with its slip."""

    def __call__(
        self,
        request: ReceiveRequest,
        *,
        kind: VisitKind,
        reason: str,
        requirements: Sequence[str],
    ) -> tuple[VisitFacts, Sequence[str]]:
        """Return the visit and what a person should look at; raises UserError children."""


class ReceiveVisit(Protocol):
    """Receive the dossier that a visit has become."""

    def __call__(self, code: str, request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        """Raise UserError children when nothing was saved."""


@dataclass(frozen=True, slots=True)
class VisitCalls:
    """The use cases of visits."""

    record: RecordVisit
    receive: ReceiveVisit
    find: Callable[[str], VisitFacts]
    last_open: Callable[[str], VisitFacts | None]  # the number of who is here
    earlier: Callable[[ReceiveRequest], Sequence[VisitFacts]]
    print_slip: Callable[[VisitFacts], None]
    print_again: Callable[[VisitFacts], VisitFacts]  # a copy that says so


def visit_calls(
    store: Any, *, clock: Callable[[], datetime], print_pdf: Callable[[Callable[[], bytes]], None]
) -> VisitCalls:
    """Bind the services to one store, each loaded when it is first asked for.

    ``print_pdf`` makes a PDF beside the window and prints it.
    """

    def record(
        request: ReceiveRequest,
        *,
        kind: VisitKind,
        reason: str,
        requirements: Sequence[str],
    ) -> tuple[VisitFacts, Sequence[str]]:
        from counter_app.services import visits

        done = visits.record_visit(
            store, request, kind=kind, reason=reason, requirements=requirements, now=clock()
        )
        return done.visit, done.warnings

    def receive(code: str, request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        from counter_app.services import visits

        return visits.receive_from_visit(
            store,
            code,
            request,
            now=clock(),
            issue_receipt=True,
            clock_confirmed=clock_confirmed,
        )

    def earlier(request: ReceiveRequest) -> Sequence[VisitFacts]:
        person = {
            "procedure_code": request.procedure_code,
            "citizen_id": request.citizen_id,
            "tax_code": request.tax_code,
            "applicant_name": request.applicant_name,
            "phone": request.phone,
        }
        from counter_app.services import visits

        return visits.earlier_visits(store, person)

    def find(code: str) -> VisitFacts:
        from counter_app.services import privacy, visits

        found = visits.find_visit(store, code)
        privacy.note_number_shown(store, found.uuid, what="mở lại lượt tiếp")
        return found

    def last_open(number: str) -> VisitFacts | None:
        from counter_app.services import visits

        return visits.last_open_visit(store, number=number)

    def print_slip(visit: VisitFacts) -> None:
        from counter_app.services import visits

        print_pdf(lambda: visits.visit_pdf(store, [visit]))

    def print_again(visit: VisitFacts) -> VisitFacts:
        from counter_app.services import visits

        copy = visits.print_visit(store, visit.code, by=visit.by, now=clock())
        print_slip(copy)
        return copy

    return VisitCalls(
        record=record,
        receive=receive,
        find=find,
        last_open=last_open,
        earlier=earlier,
        print_slip=print_slip,
        print_again=print_again,
    )
