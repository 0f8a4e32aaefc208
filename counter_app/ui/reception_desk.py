"""What the reception page asks of the house, as callables: tests give fakes, the app services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from counter_app.domain.catalogue import Fee, Procedure
from counter_app.domain.facts import DossierRow, PersonFacts, Quote, Received, ReceiveRequest

DRAFT_KEY = "reception"


class Confirmation(NamedTuple):
    """The office's answer about a procedure whose limit or fee was not certain."""

    decision: str
    limit: str | None = None
    cutoff: str | None = None
    fee: Fee | None = None


class Receive(Protocol):
    """Save a dossier and issue its receipt, all or nothing."""

    def __call__(self, request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        """Raise UserError children when nothing was saved."""


@dataclass(frozen=True, slots=True)
class ReceptionDesk:
    """The reception page's whole world (bàn tiếp nhận)."""

    clock: Callable[[], datetime]
    clerk: Callable[[], str]
    receive: Receive
    quote: Callable[[str, datetime, str], Quote]  # procedure code, received at, limit or ""
    match: Callable[[str], Sequence[Procedure]]
    procedure: Callable[[str], Procedure]
    confirm_procedure: Callable[[str, Confirmation], Procedure]
    known_person: Callable[[str], PersonFacts | None]
    people_by_phone: Callable[[str], Sequence[PersonFacts]]
    duplicates: Callable[[str, str, str], Sequence[DossierRow]]  # number, tax code, procedure
    recent: Callable[[], Sequence[DossierRow]]
    person_of: Callable[[str], PersonFacts]  # uuid of a dossier
    issue_again: Callable[[str], str]  # uuid of a dossier -> uuid of its paper
    print_paper: Callable[[str], None]  # uuid of a paper; raises UserError
    save_draft: Callable[[dict[str, Any]], None]
    load_draft: Callable[[], tuple[dict[str, Any], datetime] | None]
    drop_draft: Callable[[], None]


def desk_for(
    store: Any, *, clock: Callable[[], datetime], print_paper: Callable[[str], None]
) -> ReceptionDesk:
    """Return the desk that works on a store (a window holds no store of its own)."""
    from counter_app.services import catalogue, lookup, papers, reception
    from counter_app.services.settings import get_setting

    def clerk() -> str:
        return str(get_setting(store, "current_clerk"))

    def receive(request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        return reception.receive_dossier(
            store, request, now=clock(), issue_receipt=True, clock_confirmed=clock_confirmed
        )

    def confirm(code: str, answer: Confirmation) -> Procedure:
        return catalogue.confirm_procedure(
            store,
            code=code,
            decision=answer.decision,
            on=clock().date(),
            limit=answer.limit,
            cutoff=answer.cutoff,
            fee=answer.fee,
        )

    def person_of(uuid: str) -> PersonFacts:
        _, _, state = lookup.load(store, uuid)
        known = {name: state[name] or "" for name in _PERSON}
        return PersonFacts(name=state["applicant_name"], owner_kind=state["owner_kind"], **known)

    return ReceptionDesk(
        clock=clock,
        clerk=clerk,
        receive=receive,
        quote=lambda code, at, limit: reception.quote(
            store, procedure_code=code, received_at=at, limit=limit
        ),
        match=lambda text: catalogue.match(store, text, on=clock().date()),
        procedure=lambda code: catalogue.procedure(store, code, on=clock().date()),
        confirm_procedure=confirm,
        known_person=lambda number: reception.known_person(store, number=number),
        people_by_phone=lambda phone: reception.people_by_phone(store, phone=phone),
        duplicates=lambda number, tax_code, code: reception.find_open_duplicates(
            store, citizen_id=number, tax_code=tax_code, procedure_code=code
        ),
        recent=lambda: reception.recent_receipts(store, now=clock()),
        person_of=person_of,
        issue_again=lambda uuid: papers.print_receipt(store, uuid, by=clerk(), now=clock()),
        print_paper=print_paper,
        save_draft=lambda body: reception.save_draft(store, key=DRAFT_KEY, body=body, now=clock()),
        load_draft=lambda: reception.load_draft(store, key=DRAFT_KEY),
        drop_draft=lambda: reception.drop_draft(store, key=DRAFT_KEY),
    )


_PERSON = ("citizen_id", "tax_code", "birth_date", "sex", "address", "phone", "email")
