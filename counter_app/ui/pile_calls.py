"""What the windows for piles and for reminders may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move

if TYPE_CHECKING:
    from counter_app.services.handing import Candidate, Outcomes, Uncollected
    from counter_app.services.store import Store

DRAFT_KEY = "pile"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PileCalls:
    """The use cases of a pile: look a code up, do all, the list to sign, the draft of a pile."""

    now: Callable[[], datetime]
    candidate: Callable[[str, Move], Candidate]
    complete: Callable[[Sequence[str], Progress], Outcomes]
    hand_over: Callable[[Sequence[str], dict[str, Any], str, Progress], Outcomes]
    take_number: Callable[[], str]
    last_lists: Callable[[], Sequence[tuple[str, str]]]
    reprint: Callable[[str], str]
    print_papers: Callable[[list[str]], None]
    save_draft: Callable[[dict[str, Any]], None]
    load_draft: Callable[[], tuple[dict[str, Any], datetime] | None]
    drop_draft: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ReminderCalls:
    """The use cases of the reminder list: who doesn't come, what came of a call."""

    now: Callable[[], datetime]
    rows: Callable[[], Sequence[Uncollected]]
    days: Callable[[], int]
    contact: Callable[[str, str, date | None, str], object]


def pile_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_papers: Callable[[list[str]], None],
) -> PileCalls:
    """Bind the services of piles to one store."""
    from counter_app.services import at_hand, handing

    def complete(codes: Sequence[str], progress: Progress) -> Outcomes:
        return handing.complete_many(store, codes, by=clerk(), now=clock(), progress=progress)

    def hand_over(
        codes: Sequence[str], who: dict[str, Any], number: str, progress: Progress
    ) -> Outcomes:
        return handing.return_many(
            store, codes, number=number, by=clerk(), now=clock(), progress=progress, **who
        )

    draft = at_hand.OwnDraft(store, DRAFT_KEY)
    return PileCalls(
        now=clock,
        candidate=lambda code, move: handing.candidate(store, code, move),
        complete=complete,
        hand_over=hand_over,
        take_number=lambda: handing.take_list_number(store, now=clock()),
        last_lists=lambda: handing.last_lists(store),
        reprint=lambda uuid: handing.reprint_list(store, uuid),
        print_papers=print_papers,
        save_draft=lambda body: draft.save(body, now=clock()),
        load_draft=draft.load,
        drop_draft=draft.drop,
    )


def reminder_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> ReminderCalls:
    """Bind the services of reminders to one store."""
    from counter_app.services import handing, moves
    from counter_app.services.settings import get_setting

    def contact(code: str, outcome: str, until: date | None, note: str) -> object:
        return moves.contact(
            store, code, outcome=outcome, until=until, note=note, by=clerk(), now=clock()
        )

    return ReminderCalls(
        now=clock,
        rows=lambda: handing.uncollected(store, now=clock()),
        days=lambda: int(get_setting(store, "uncollected_days")),
        contact=contact,
    )
