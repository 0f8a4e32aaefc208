"""What the pages of dossiers may ask of the house, and what they can be opened with.

A page holds one ``DossierCalls`` and no store, so that a test hands it fakes. ``dossier_calls``
binds the real services.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.calendar import Calendar
from counter_app.domain.catalogue import Fee
from counter_app.domain.dossier import Move
from counter_app.domain.facts import (
    DossierFacts,
    DossierRow,
    FilterCounts,
    OfficerFacts,
    PaperFacts,
)
from counter_app.errors import MoveRefusedError
from counter_app.ui.batch_calls import BatchCalls
from counter_app.ui.filter_calls import FilterCalls, filter_calls
from counter_app.ui.handover_calls import HandoverCalls, handover_calls
from counter_app.ui.life_calls import NO_LIFE_CALLS, LifeCalls, life_calls
from counter_app.ui.pile_calls import PileCalls, ReminderCalls, pile_calls, reminder_calls

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class DossierQuery:
    """Which list the page of dossiers shows: a filter, one day's promises, a citizen or words.

    ``code`` opens one dossier whole; ``act`` opens the dialog of that act with it. ``card`` is the
    text of the card a citizen was found by: a new dossier begins with it. ``ids`` is a fixed list,
    called ``title``: the dossiers behind a figure; ``words`` says on paper what it holds, where the
    title is cut short or a name.
    """

    filter: str = "all"
    day: date | None = None
    citizen: str = ""
    card: str = ""
    text: str = ""
    code: str = ""
    act: Move | None = None
    officer: str = ""
    unit: str = ""
    ids: tuple[int, ...] = ()
    title: str = ""
    words: str = ""

    def without_text(self) -> DossierQuery:
        """Return the same list when nothing is searched for."""
        return replace(self, text="", code="", act=None)


_PREFIXES = {"filter:": "filter", "citizen:": "citizen", "code:": "code"}


def read_query(argument: object) -> DossierQuery:
    """Read what another page or the search box hands over.

    A text is searched for, unless it begins with ``filter:``, ``citizen:`` or ``code:``.
    """
    if isinstance(argument, DossierQuery):
        return argument
    if isinstance(argument, DossierRow):
        return DossierQuery(code=argument.uuid)
    text = str(argument or "").strip()
    for prefix, name in _PREFIXES.items():
        if text.startswith(prefix):
            value = text.removeprefix(prefix)
            match name:
                case "filter":
                    return DossierQuery(filter=value)
                case "citizen":
                    return DossierQuery(citizen=value)
                case _:
                    return DossierQuery(code=value)
    return DossierQuery(text=text)


class Counts(NamedTuple):
    """The figures on the row of filters."""

    everything: int = 0
    due_today: int = 0
    due_soon: int = 0
    late: int = 0
    waiting: int = 0
    without_official_code: int = 0


ViewPaper = Callable[[str, str, Callable[[], object]], object]


def _no_view(_uuid: str, _code: str, _print_again: Callable[[], object]) -> None:
    """Show nothing: for windows without a screen to show it on."""


def _no_tariff(_facts: DossierFacts) -> Fee | None:
    """Know no tariff: for windows without a catalogue behind them."""
    return None


def _never() -> bool:
    return False


def _no_note(_uuid: str) -> None:
    """Note nothing: a page without a store has no log."""


@dataclass(frozen=True, slots=True)
class DossierCalls:
    """The use cases the page of dossiers and its dialogs need.

    ``acts`` holds one callable per move: it takes the dossier's uuid and the move's own values.
    ``print_papers`` hands issued papers to the printer; ``print_receipt`` and ``reprint`` record
    the print and return the paper's uuid.
    """

    now: Callable[[], datetime]
    page: Callable[[DossierQuery, DossierRow | None, int], Sequence[DossierRow]]
    search: Callable[[str], Sequence[DossierRow]]
    row: Callable[[int], DossierRow | None]
    counts: Callable[[], Counts]
    show: Callable[[str], DossierFacts]
    calendar: Callable[[], Calendar]
    boundary: Callable[[], str]
    units: Callable[[], Sequence[str]]
    usual_unit: Callable[[str], str]
    officers: Callable[[], Sequence[OfficerFacts]]
    reasons: Callable[[], Sequence[str]]
    acts: Mapping[Move, Callable[..., DossierFacts]]
    print_receipt: Callable[[str], str]
    reprint: Callable[[DossierFacts, PaperFacts], str]
    print_papers: Callable[[list[str]], None]
    # Shows an issued paper: its uuid, the code for the title and the file, how to print it again.
    view_paper: ViewPaper = _no_view
    pile: PileCalls | None = None
    reminders: ReminderCalls | None = None
    life: LifeCalls = NO_LIFE_CALLS
    fee_tariff: Callable[[DossierFacts], Fee | None] = _no_tariff
    handover: HandoverCalls | None = None
    batch: BatchCalls | None = None
    filters: FilterCalls | None = None
    masks_numbers: Callable[[], bool] = _never
    note_number: Callable[[str], None] = _no_note


def dossier_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_papers: Callable[[list[str]], None],
    view_paper: ViewPaper = _no_view,
) -> DossierCalls:
    """Bind the services to one store; ``clerk`` names who acts, each time anew."""
    from counter_app.services import (
        attachments,
        browse,
        calendars,
        catalogue,
        corrections,
        fees,
        handover,
        linked,
        lookup,
        moves,
        office,
        opinions,
        papers,
        privacy,
        surveys,
    )
    from counter_app.services.settings import get_setting

    def act(move: Callable[..., DossierFacts], code: str, **values: Any) -> DossierFacts:
        return move(store, code, by=clerk(), now=clock(), **values)

    def counted() -> Counts:
        return _counts(store, browse.counts(store, now=clock()))

    def shown(code: str) -> DossierFacts:
        return lookup.show(store, code, now=clock())

    def receipt(code: str) -> str:
        return papers.print_receipt(store, code, by=clerk(), now=clock())

    def again(facts: DossierFacts, paper: PaperFacts) -> str:
        return _reprint(store, facts, paper, by=clerk(), now=clock())

    services: dict[Move, Callable[..., DossierFacts]] = {
        Move.FORWARD: moves.forward,
        Move.COMPLETE: moves.complete,
        Move.RETURN: moves.return_result,
        Move.RESCHEDULE: moves.reschedule,
        Move.EXPLAIN: moves.explain,
        Move.SET_OFFICIAL_CODE: moves.set_official_code,
        Move.UNDO: moves.undo,
        Move.RESUBMIT: moves.resubmit,
        Move.PAID: moves.paid,
        Move.COMPETENT_RECEIVED: moves.competent_received,
        Move.SUPPLEMENT: moves.supplement,
        Move.CLOSE: moves.close,
        Move.AWAIT_PAYMENT: moves.await_payment,
        Move.EXTEND: moves.extend,
        Move.REFUSE: moves.refuse,
        Move.WITHDRAW: moves.withdraw,
        Move.STOP: moves.stop,
        Move.ASK_OPINION: opinions.ask_opinion,
        Move.OPINION_RECEIVED: opinions.opinion_received,
        Move.CORRECT: corrections.correct,
        Move.ATTACH: attachments.attach,
        Move.SURVEY: surveys.survey,
        Move.FEE: fees.record_fee,
        Move.ACCEPT: handover.accept,
        Move.STEP: linked.finish_step,
    }
    return DossierCalls(
        now=clock,
        page=lambda query, after, count: _page(store, query, after, count, clock()),
        search=partial(browse.search, store),
        row=lambda number: next(iter(browse.rows_of(store, [number])), None),
        counts=counted,
        show=shown,
        calendar=lambda: calendars.calendar(store),
        boundary=lambda: str(get_setting(store, "boundary")),
        fee_tariff=lambda facts: fees.tariff_for(store, facts.state),
        units=lambda: office.units(store),
        usual_unit=lambda sector: catalogue.sectors(store).get(sector, ""),
        officers=lambda: office.officers(store),
        reasons=lambda: list(get_setting(store, "usual_reasons")),
        acts={move: partial(act, do) for move, do in services.items()},
        print_receipt=receipt,
        reprint=again,
        print_papers=print_papers,
        view_paper=view_paper,
        pile=pile_calls(store, clock=clock, clerk=clerk, print_papers=print_papers),
        reminders=reminder_calls(store, clock=clock, clerk=clerk),
        life=life_calls(store, clock=clock, clerk=clerk),
        handover=handover_calls(store, clock=clock, clerk=clerk),
        filters=filter_calls(store, clock=clock),
        masks_numbers=lambda: bool(get_setting(store, "mask_numbers")),
        note_number=partial(privacy.note_number_shown, store),
    )


def _page(
    store: Store, query: DossierQuery, after: DossierRow | None, count: int, now: datetime
) -> Sequence[DossierRow]:
    from counter_app.services import browse, day_lists

    if query.title:
        start = 0 if after is None else query.ids.index(after.id) + 1
        return browse.rows_of(store, list(query.ids[start : start + count]))
    if query.citizen:
        # One citizen's dossiers are few: they come at once.
        return [] if after is not None else browse.dossiers_of(store, number=query.citizen)
    if query.officer or query.unit:
        from counter_app.services import handover

        return (
            []
            if after is not None
            else handover.held_by(store, officer=query.officer, unit=query.unit)
        )
    if query.filter == "not_forwarded":
        from counter_app.services import handover

        return (
            []
            if after is not None
            else handover.waiting_to_leave(store, now=now, overdue_only=True)
        )
    if query.day is not None:
        day = datetime.combine(query.day, time())
        return day_lists.due_on(store, day=day, after=after, count=count)
    return browse.page(store, name=query.filter, after=after, count=count, now=now)


def _counts(store: Store, found: FilterCounts) -> Counts:
    from counter_app.services import day_lists

    return Counts(
        found.everything,
        found.due_today,
        found.due_soon,
        found.late,
        found.waiting_collection,
        day_lists.count_without_official_code(store),
    )


def _reprint(
    store: Store, facts: DossierFacts, paper: PaperFacts, *, by: str, now: datetime
) -> str:
    """Record that a paper is printed again; never issue another one by it."""
    from counter_app.services import apologies, papers

    if paper.kind == "receipt":
        return papers.print_receipt(store, facts.uuid, by=by, now=now)
    if paper.kind == "handover":
        from counter_app.services import handing

        return handing.reprint_list(store, paper.uuid)
    if paper.kind != "apology":
        return papers.reprint_paper(store, paper.uuid, by=by, now=now)
    if apologies.owed_kind(store, facts.state, as_of=now) is not None:
        raise MoveRefusedError(
            "Hồ sơ này đang nợ một văn bản xin lỗi khác. Phát hành văn bản đó ở trang Xin lỗi (F6) "
            "rồi in lại."
        )
    return papers.print_apology(store, facts.uuid, signer="", by=by, now=now)
