"""What the reception page asks of the house, as callables: tests give fakes, the app services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from counter_app.ui.visit_calls import VisitCalls, visit_calls

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Fee, Procedure
    from counter_app.domain.facts import DossierRow, PersonFacts, Quote, Received, ReceiveRequest

DRAFT_KEY = "reception"
_MOST_EARLIER = 15


class Confirmation(NamedTuple):
    """The office's answer about a procedure whose limit or fee was not certain."""

    decision: str
    limit: str | None = None
    cutoff: str | None = None
    fee: Fee | None = None
    steps: tuple[str, ...] = ()  # limits of linked procedures' steps, empty where not known


class Receive(Protocol):
    """Save a dossier and issue its receipt, all or nothing."""

    def __call__(self, request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        """Raise UserError children when nothing was saved."""


class ReceiveGroup(Protocol):
    """Save several dossiers and issue their receipts, all or nothing."""

    def __call__(
        self, requests: Sequence[ReceiveRequest], *, clock_confirmed: bool
    ) -> Sequence[Received]:
        """Raise UserError children when nothing was saved."""


def _no_group(requests: Sequence[ReceiveRequest], *, clock_confirmed: bool) -> Sequence[Received]:
    """Stand where a desk receives one by one."""
    del requests, clock_confirmed
    return ()


def _print_nothing(_papers: list[str]) -> None:
    """Stand where there is no printer."""


def _no_rows(_number: str, _name: str) -> Sequence[DossierRow]:
    """Stand where nothing was received before."""
    return ()


def _nothing_like(_uuid: str) -> dict[str, Any]:
    """Stand where nothing was received before."""
    return {}


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
    note_person: Callable[[], None]  # somebody is taken out of a list, with his number
    duplicates: Callable[[str, str, str], Sequence[DossierRow]]  # number, tax code, procedure
    recent: Callable[[], Sequence[DossierRow]]
    person_of: Callable[[str], PersonFacts]  # uuid of a dossier
    issue_again: Callable[[str], str]  # uuid of a dossier -> uuid of its paper
    print_paper: Callable[[str], None]  # uuid of a paper; raises UserError
    save_draft: Callable[[dict[str, Any]], None]
    load_draft: Callable[[], tuple[dict[str, Any], datetime] | None]
    drop_draft: Callable[[], None]
    is_attended: Callable[[], bool]  # somebody is there whose draft can be shown
    # Several requests at once, all or none; their receipts as one print job.
    receive_group: ReceiveGroup = _no_group
    print_papers: Callable[[list[str]], None] = _print_nothing
    earlier: Callable[[str, str], Sequence[DossierRow]] = _no_rows  # number, else name
    like: Callable[[str], dict[str, Any]] = _nothing_like  # uuid of an earlier dossier
    other_units: Callable[[], Sequence[str]] = tuple  # offices known from before
    visits: VisitCalls | None = None
    lacks_clerk: Callable[[], bool] = bool  # people are known, and none of them is chosen


def desk_for(  # noqa: C901 - many doors, each one straight
    store: Any,
    *,
    clock: Callable[[], datetime],
    print_paper: Callable[[str], None],
    print_papers: Callable[[list[str]], None] = _print_nothing,
    print_pdf: Callable[[Callable[[], bytes]], None] | None = None,
) -> ReceptionDesk:
    """Return the desk that works on a store (a window holds no store of its own)."""
    from counter_app.services import at_hand
    from counter_app.services.settings import get_setting

    # The services of a save wait for it: the window stands before they are loaded.

    def clerk() -> str:
        return store.user or str(get_setting(store, "current_clerk"))

    def lacks_clerk() -> bool:
        from counter_app.services import office

        return office.lacks_clerk(store)

    def receive(request: ReceiveRequest, *, clock_confirmed: bool) -> Received:
        from counter_app.services import reception

        # A dossier without its official code may wait for the strip to bring it, and be printed
        # once, with it.
        waits = get_setting(store, "web_entry") and not request.official_code.strip()
        return reception.receive_dossier(
            store, request, now=clock(), issue_receipt=not waits, clock_confirmed=clock_confirmed
        )

    def receive_group(
        requests: Sequence[ReceiveRequest], *, clock_confirmed: bool
    ) -> Sequence[Received]:
        from counter_app.services import group

        # A group is one print job: a code that is known already leaves nothing to wait for.
        is_known = any(request.official_code.strip() for request in requests)
        waits = get_setting(store, "web_entry") and not is_known
        return group.receive_group(
            store, requests, now=clock(), issue_receipts=not waits, clock_confirmed=clock_confirmed
        )

    def earlier(number: str, name: str) -> Sequence[DossierRow]:
        from counter_app.services import browse

        if number:
            return browse.dossiers_of(store, number=number, limit=_MOST_EARLIER)
        return browse.search(store, name, limit=_MOST_EARLIER)

    def like(uuid: str) -> dict[str, Any]:
        from counter_app.services import group

        return group.like(store, uuid)

    def quote(code: str, at: datetime, limit: str) -> Quote:
        from counter_app.services import reception

        return reception.quote(store, procedure_code=code, received_at=at, limit=limit)

    def match(text: str) -> Sequence[Procedure]:
        from counter_app.services import catalogue

        return catalogue.match(store, text, on=clock().date())

    def procedure(code: str) -> Procedure:
        from counter_app.services import catalogue

        return catalogue.procedure(store, code, on=clock().date())

    def confirm(code: str, answer: Confirmation) -> Procedure:
        from counter_app.services import catalogue

        return catalogue.confirm_procedure(
            store,
            code=code,
            decision=answer.decision,
            on=clock().date(),
            limit=answer.limit,
            cutoff=answer.cutoff,
            fee=answer.fee,
            steps=answer.steps,
        )

    def known_person(number: str) -> PersonFacts | None:
        from counter_app.services import reception

        return reception.known_person(store, number=number)

    def note_person() -> None:
        from counter_app.services import privacy

        privacy.note_numbers_shown(store, 1)

    def people_by_phone(phone: str) -> Sequence[PersonFacts]:
        from counter_app.services import reception

        return reception.people_by_phone(store, phone=phone)

    def duplicates(number: str, tax_code: str, code: str) -> Sequence[DossierRow]:
        from counter_app.services import reception

        return reception.find_open_duplicates(
            store, citizen_id=number, tax_code=tax_code, procedure_code=code
        )

    def person_of(uuid: str) -> PersonFacts:
        from counter_app.domain.facts import PersonFacts
        from counter_app.services import lookup, privacy

        _, _, state = lookup.load(store, uuid)
        privacy.note_number_shown(store, uuid, what="lấy lại người của hồ sơ")
        known = {name: state[name] or "" for name in _PERSON}
        return PersonFacts(name=state["applicant_name"], owner_kind=state["owner_kind"], **known)

    def issue_again(uuid: str) -> str:
        from counter_app.services import papers

        return papers.print_receipt(store, uuid, by=clerk(), now=clock())

    draft = at_hand.OwnDraft(store, DRAFT_KEY)
    return ReceptionDesk(
        clock=clock,
        clerk=clerk,
        lacks_clerk=lacks_clerk,
        receive=receive,
        quote=quote,
        match=match,
        procedure=procedure,
        confirm_procedure=confirm,
        known_person=known_person,
        people_by_phone=people_by_phone,
        note_person=note_person,
        duplicates=duplicates,
        recent=lambda: at_hand.recent_receipts(store, now=clock()),
        person_of=person_of,
        issue_again=issue_again,
        print_paper=print_paper,
        save_draft=lambda body: draft.save(body, now=clock()),
        load_draft=draft.load,
        drop_draft=draft.drop,
        is_attended=draft.is_attended,
        receive_group=receive_group,
        print_papers=print_papers,
        earlier=earlier,
        like=like,
        visits=(
            None if print_pdf is None else visit_calls(store, clock=clock, print_pdf=print_pdf)
        ),
        other_units=lambda: list(get_setting(store, "other_units")),
    )


_PERSON = ("citizen_id", "tax_code", "birth_date", "sex", "address", "phone", "email")
