"""How a dossier stands from moment to moment: what every figure of a report counts.

A life is cut where an act changes how the dossier counts: open and due when, resolved with which
verdict, ended otherwise. Each piece holds from its moment until the next one's, so that a report
as of any day asks which piece holds there, and the events need not be read again. An undone event
never was; a later one changes nothing before its own moment.

Two verdicts stand side by side: against the due date in force, and against the legal one, which is
the life without its reschedules.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain import history
from counter_app.domain.attached import has_result_file, is_input_digitised
from counter_app.domain.dossier import OPEN, Move, PromiseKind, Status
from counter_app.domain.timeliness import Boundary, Timeliness
from counter_app.domain.verdicts import is_past

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_app.domain.history import Event, State

FOREVER = 1 << 40  # the end of a piece that still holds
OPEN_KIND, RESOLVED, ELSEWHERE = "open", "resolved", "elsewhere"
_KINDS = {
    Status.COMPLETED: RESOLVED,
    Status.RETURNED: RESOLVED,
    Status.REFUSED: "refused",
    Status.WITHDRAWN: "withdrawn",
    Status.STOPPED: "stopped",
}


class Side(NamedTuple):
    """What a dossier's standing is by one of the two due dates.

    ``marked`` is lateness that stays; ``earlier`` that it is late only by a run before the last
    restart; ``due_at`` is the due moment in force while the dossier is open.
    """

    verdict: str | None = None
    due_at: int | None = None
    marked: int = 0
    earlier: int = 0
    closed_late: int = 0


class Standing(NamedTuple):
    """One piece of a life; moments are UTC seconds.

    ``entered_at`` is when the dossier came into the figures: its receipt, or the receipt at the
    body that resolves it. A dossier that waits for that stands ``elsewhere``.
    """

    from_at: int
    until_at: int
    kind: str
    entered_at: int
    ended_at: int | None
    by_due: Side
    by_legal: Side
    backdated: int
    rescheduled_at: int | None
    channel: str
    sector: str
    procedure_code: str
    officer: str
    digitised_input: int
    digitised_output: int
    surveyed: int
    satisfied: int


def standings(events: Iterable[Event]) -> list[Standing]:
    """Cut a whole history into its pieces; none for a reception that was taken back."""
    ordered = history.in_order(events)
    live = history.live_events(ordered)
    if not any(event.kind == Move.RECEIVE for event in live):
        return []
    undone_at = _undone_lateness(ordered)
    if all(a.at <= b.at for a, b in itertools.pairwise(live)) and not undone_at:
        return _in_step(live)
    pieces: list[Standing] = []
    for moment in sorted({event.at for event in live} | set(undone_at)):
        told = [event for event in live if event.at <= moment]
        if any(event.kind == Move.RECEIVE for event in told):
            is_listed = any(at <= moment for at in undone_at)
            state, legal = _add_up(told), _add_up(_unrescheduled(told))
            _append(
                pieces,
                moment,
                state,
                legal,
                _reschedule(told),
                boundary=_boundary(told),
                is_listed=is_listed,
            )
    return pieces


def _in_step(live: Sequence[Event]) -> list[Standing]:
    """Cut a history whose acts follow each other in time: each is added up once."""
    pieces: list[Standing] = []
    state = history.new_state()
    is_split = any(_is_reschedule(event) for event in live)
    legal = history.new_state() if is_split else state
    rescheduled_at = None
    for place, event in enumerate(live):
        history.apply(state, event)
        if is_split:
            history.apply(legal, _without_reschedule(event))
        if _is_reschedule(event):
            rescheduled_at = event.recorded_at
        if place + 1 == len(live) or live[place + 1].at > event.at:
            boundary = _boundary(live[: place + 1])
            _append(pieces, event.at, state, legal, rescheduled_at, boundary=boundary)
    return pieces


def after(last: Standing | None, state: State, *, at: int) -> Standing | None:
    """Return the piece an act at ``at`` leads to, if the state alone can tell; None if it can't.

    It can while nothing was rescheduled, marked by an earlier run or dated before the last piece.
    """
    is_mixed = state["reschedules"] or state["late_run"] not in {None, state["run"]}
    if is_mixed or (last is not None and (at < last.from_at or last.rescheduled_at)):
        return None
    entered_at = at if last is None or last.kind == ELSEWHERE else last.entered_at
    return _piece(at, state, state, None, entered_at)


def _append(
    pieces: list[Standing],
    at: int,
    state: State,
    legal: State,
    rescheduled_at: int | None,
    *,
    boundary: str,
    is_listed: bool = False,
) -> None:
    last = pieces[-1] if pieces else None
    entered = last.entered_at if last is not None and last.kind != ELSEWHERE else at
    piece = _piece(at, state, legal, rescheduled_at, entered, boundary=boundary)
    if is_listed:
        piece = piece._replace(backdated=1)
    append(pieces, piece)


def append(pieces: list[Standing], piece: Standing) -> None:
    """Put a piece behind the others; one that says the same goes on instead."""
    if pieces:
        last = pieces[-1]
        if is_same(last, piece):
            # A piece between the two that held for no time may have ended it.
            pieces[-1] = last._replace(until_at=FOREVER)
            return
        if last.from_at == piece.from_at:
            pieces.pop()
            append(pieces, piece)
            return
        pieces[-1] = last._replace(until_at=piece.from_at)
    pieces.append(piece)


def is_same(one: Standing, other: Standing) -> bool:
    """Tell whether two pieces say the same but for their moments."""
    return one[2:] == other[2:]


def _piece(
    at: int,
    state: State,
    legal: State,
    rescheduled_at: int | None,
    entered_at: int,
    *,
    boundary: str = Boundary.DAY,
) -> Standing:
    status = state["status"]
    kind = OPEN_KIND if status in OPEN else _KINDS[status]
    if state["legal_due_at"] is None:
        kind = ELSEWHERE
    ended_at = None
    if kind not in {OPEN_KIND, ELSEWHERE}:
        ended_at = max(state["completed_at"] or state["closed_at"], entered_at)
    survey = state["survey"]
    by_due = _side(state, boundary)
    return Standing(
        from_at=at,
        until_at=FOREVER,
        kind=kind,
        entered_at=state["received_at"] if kind == ELSEWHERE else entered_at,
        ended_at=ended_at,
        by_due=by_due,
        by_legal=by_due if legal is state else _side(legal, boundary),
        backdated=int(bool(state["backdated"])),
        rescheduled_at=rescheduled_at,
        channel=state["channel"],
        sector=state["sector"],
        procedure_code=state["procedure_code"],
        officer=state["handling_officer"] or state["reception_officer"],
        digitised_input=int(is_input_digitised(state)),
        digitised_output=int(has_result_file(state)),
        surveyed=int(survey is not None),
        satisfied=int(bool(survey and survey["satisfied"])),
    )


def _side(state: State, boundary: str) -> Side:
    is_open = state["status"] in OPEN
    marked = state["late_due_at"] is not None
    is_earlier = marked and state["late_run"] != state["run"]
    if is_open:
        return Side(None, state["due_at"], int(marked), int(is_earlier), 0)
    verdict = state["timeliness"] if state["status"] in {"completed", "returned"} else None
    if is_earlier:
        due_at, ended_at = state["due_at"], state["completed_at"] or state["closed_at"]
        is_earlier = verdict == Timeliness.LATE and not (
            due_at is not None and is_past(due_at, ended_at, boundary)
        )
    return Side(verdict, None, 0, int(is_earlier), int(bool(state["closed_late"])))


def _boundary(events: Sequence[Event]) -> str:
    """Return what ended the due day when the work ended."""
    ends = (e for e in reversed(events) if e.kind in history.FINISHING)
    last = next(ends, None)
    return str(Boundary.DAY if last is None else last.body.get("boundary", Boundary.DAY))


def _is_reschedule(event: Event) -> bool:
    promise = event.body.get("promise")
    return bool(promise and promise["kind"] == PromiseKind.RESCHEDULE and promise["counts"])


def _without_reschedule(event: Event) -> Event:
    if not _is_reschedule(event):
        return event
    body: dict[str, Any] = {k: v for k, v in event.body.items() if k != "promise"}
    return event._replace(body=body)


def _unrescheduled(events: Sequence[Event]) -> list[Event]:
    return [_without_reschedule(event) for event in events]


def _reschedule(events: Sequence[Event]) -> int | None:
    """Return when the reschedule that counts was recorded."""
    return next((e.recorded_at for e in reversed(events) if _is_reschedule(e)), None)


def _add_up(events: Sequence[Event]) -> State:
    state = history.new_state()
    for event in events:
        history.apply(state, event)
    return state


def _undone_lateness(ordered: Sequence[Event]) -> list[int]:
    """Return when acts were undone whose undoing made a late dossier one in time."""
    places = [n for n, event in enumerate(ordered) if event.kind == Move.UNDO]
    return [ordered[n].at for n in places if history.undid_lateness(ordered, n)]
