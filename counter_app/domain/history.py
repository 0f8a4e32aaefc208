"""Events in, the current state of a dossier out: the only place where a history is added up.

A state is a plain dict: its keys are the columns of the table of dossiers and a few details.
Moments in it are UTC seconds, so that nothing is converted between the event and the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain import timeliness as judge
from counter_app.domain.dossier import AWAITING, OPEN, TABLE, Move, PromiseKind, Status
from counter_app.domain.moments import from_epoch
from counter_app.domain.timeliness import Boundary, Timeliness, classify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

State = dict[str, Any]

_STEPS = frozenset(rule.move.value for rule in TABLE if rule.moves)
_RUN_BREAKERS = frozenset({Move.SUPPLEMENT, Move.AWAIT_PAYMENT, Move.EXTEND})
_REOPENING = frozenset({PromiseKind.CORRECTION, PromiseKind.CALENDAR})
_FINISHING = frozenset({Move.COMPLETE, Move.REFUSE, Move.WITHDRAW, Move.STOP, Move.CLOSE})
_NO_VERDICT = frozenset({Move.WITHDRAW, Move.STOP, Move.CLOSE})
_JUDGED = frozenset({Status.COMPLETED, Status.RETURNED, Status.REFUSED})
_DAY = 86_400
_OFFICE_SHIFT = 7 * 3600


class Event(NamedTuple):
    """One fact (sự kiện) that was recorded about a dossier; never changed afterwards.

    ``at`` and ``recorded_at`` are UTC seconds. ``body`` has ``set`` (values after), ``was``
    (values before, changed fields only), and where they apply ``promise``, ``paper``,
    ``voids`` (the uuid of the event that is taken back), ``reason`` and ``boundary``.
    """

    uuid: str
    origin: str
    epoch: int
    sequence: int
    lamport: int
    kind: str
    at: int
    recorded_at: int
    by: str
    counter: str
    body: dict[str, Any]


# Every key a state has before its first event. What the fold derives stands in the second part.
EMPTY: State = {
    "code": None,
    "official_code": None,
    "procedure_code": "",
    "procedure_name": "",
    "sector": "",
    "channel": "counter",
    "status": None,
    "owner_kind": "person",
    "applicant_name": "",
    "id_kind": "none",
    "citizen_id": None,
    "tax_code": None,
    "birth_date": None,
    "sex": None,
    "address": "",
    "phone": "",
    "email": "",
    "submitter_name": "",
    "submitter_id": None,
    "subject_name": "",
    "content": "",
    "copies": 1,
    "documents": [],
    "result_to": "counter",
    "limit": "",
    "counting": "day",
    "cutoff": "none",
    "fee": None,
    "fee_text": "",
    "fee_paid": 0,
    "resolving_unit": "",
    "handling_officer": "",
    "reception_officer": "",
    "counter_name": "",
    "competent_unit": "",
    "competent_at": None,
    "submitted_at": None,
    "received_at": None,
    "recorded_at": None,
    "entered_late": 0,
    "expected_due_at": None,
    "completed_at": None,
    "closed_at": None,
    "returned_at": None,
    "collected_by": "",
    "received_reason": "",
    "paper_number": None,
    "promised_due": None,
    "late_reason": "",
    "late_expected_at": None,
    "reschedule_reason": "",
    "asked_late": 0,
    "came_from": None,
    "pauses": [],
    "extensions": [],
    "note": "",
    "source": "typed",
    "at_estimated": 0,
}
DERIVED: State = {
    "original_due_at": None,
    "legal_due_at": None,
    "rescheduled_due_at": None,
    "due_at": None,
    "due_day": None,
    "provisional": 0,
    "run": 0,
    "run_started_at": None,
    "late_due_at": None,
    "late_run": None,
    "late_marked_at": None,
    "timeliness": None,
    "closed_late": 0,
    "backdated": 0,
    "reschedules": 0,
    "reschedule_letter": 0,
    "late_letter": 0,
    "receipt_issued": 0,
    "last_move": None,
    "last_move_at": None,
    "events_count": 0,
    "is_void": 0,
}


def new_state() -> State:
    """Return the state before any event."""
    state = {**EMPTY, **DERIVED}
    state["documents"], state["pauses"], state["extensions"] = [], [], []
    return state


def day_number(seconds: int) -> int:
    """Return the office day of a moment as days since 1970-01-01."""
    return (seconds + _OFFICE_SHIFT) // _DAY


def is_past(due_at: int, now: int, boundary: str) -> bool:
    """Tell whether ``now`` lies after the due moment, by day or by minute."""
    return judge.is_past(
        due_at=from_epoch(due_at), moment=from_epoch(now), boundary=Boundary(boundary)
    )


def live_events(events: Sequence[Event]) -> list[Event]:
    """Return the events that count: without undo events and what they took back.

    The later undo wins over the earlier, so that an undo that was itself taken back counts
    for nothing.
    """
    voided: set[str] = set()
    for event in reversed(events):
        if event.kind == Move.UNDO and event.uuid not in voided:
            voided.update(event.body["voids"])
    return [e for e in events if e.kind != Move.UNDO and e.uuid not in voided]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Sort events by ``(lamport, origin, epoch, sequence)``, never by a clock."""
    return sorted(events, key=lambda e: (e.lamport, e.origin, e.epoch, e.sequence))


def rebuild(events: Iterable[Event]) -> State:
    """Add a whole history up; ``events`` are of one dossier, in any order."""
    ordered = in_order(events)
    state = _add_up(ordered)
    state["events_count"] = len(ordered)
    if not any(event.kind == Move.RECEIVE for event in live_events(ordered)):
        # Its reception was taken back: the number stays used, with its reason in the history.
        state["is_void"] = 1
        first = ordered[0]
        state.update(first.body["set"])
        state["status"] = Status.WITHDRAWN.value
        state["last_move"], state["last_move_at"] = first.kind, first.at
    elif any(_undid_lateness(ordered, place) for place in range(len(ordered))):
        state["backdated"] = 1
    return state


def _undid_lateness(ordered: Sequence[Event], place: int) -> bool:
    """Tell whether the event at a place is an undo that made a late dossier one in time.

    An undone act never was, and so wasn't the date it promised; but the change is listed.
    """
    undo = ordered[place]
    if undo.kind != Move.UNDO:
        return False
    before, after = _add_up(ordered[:place]), _add_up(ordered[: place + 1])
    boundary = undo.body.get("boundary", Boundary.DAY)
    return _stands_late(before, undo.recorded_at, boundary) and not _stands_late(
        after, undo.recorded_at, boundary
    )


def _add_up(ordered: Sequence[Event]) -> State:
    state = new_state()
    for event in live_events(ordered):
        apply(state, event)
    return state


def _stands_late(state: State, moment: int, boundary: str) -> bool:
    if state["status"] in OPEN:
        return _is_late_by(state, moment, boundary)
    return bool(state["closed_late"]) or state["timeliness"] == Timeliness.LATE


def apply(state: State, event: Event) -> None:
    """Add one event to ``state`` in place."""
    body = event.body
    kind = event.kind
    boundary = body.get("boundary", Boundary.DAY)
    promise = body.get("promise")
    is_reopened = promise is not None and promise["kind"] in _REOPENING
    stood_late = is_reopened and _is_late_by(state, event.recorded_at, boundary)
    if kind in _RUN_BREAKERS:
        _mark_late(state, _noticed_at(event), boundary)
    state.update(body.get("set", {}))
    if promise is not None:
        _add_promise(state, promise, kind)
    _refresh_due(state)
    if kind in _FINISHING:
        _judge(state, event, boundary)
    elif is_reopened:
        _judge_again(state, event.recorded_at, boundary, stood_late=stood_late)
    elif kind == Move.COMPETENT_RECEIVED and state["status"] in _JUDGED:
        finished_at = state["completed_at"] or state["closed_at"]
        _, state["timeliness"] = _conclude(state, finished_at, boundary)
    paper = body.get("paper")
    if paper is not None:
        _note_paper(state, paper)
    if kind in _STEPS:
        state["last_move"] = kind
        state["last_move_at"] = event.at
    state["events_count"] += 1


def _noticed_at(event: Event) -> int:
    """Return when an act shows that a due moment has passed.

    What is typed here counts from when it is recorded, whatever moment it is dated; what another
    system's list tells happened there, when the list says.
    """
    return event.at if event.body.get("source") == "list" else event.recorded_at


def _mark_late(state: State, noticed_at: int, boundary: str) -> None:
    """Keep lateness before a promise moves: late stays late (a rule of the office, not of law)."""
    due_at = state["due_at"]
    if due_at is None or not is_past(due_at, noticed_at, boundary):
        return
    if state["late_due_at"] is None:
        state["late_due_at"] = due_at
        state["late_run"] = state["run"]
    if state["late_run"] == state["run"]:
        state["late_marked_at"] = noticed_at


def _unmark(state: State) -> None:
    state["late_due_at"] = state["late_run"] = state["late_marked_at"] = None


def _is_late_by(state: State, moment: int, boundary: str) -> bool:
    due_at = state["due_at"]
    return state["late_due_at"] is not None or (
        due_at is not None and is_past(due_at, moment, boundary)
    )


def _add_promise(state: State, promise: dict[str, Any], kind: str) -> None:
    due_at = promise["due_at"]
    if promise["kind"] == PromiseKind.RESCHEDULE:
        if promise["counts"]:
            state["rescheduled_due_at"] = due_at
            state["reschedules"] += 1
            # A letter that was issued for a reschedule since taken back isn't this one's.
            state["reschedule_letter"] = 0
        return
    state["provisional"] = int(bool(promise.get("provisional")))
    if state["original_due_at"] is None:
        state["original_due_at"] = due_at
    if promise["kind"] == PromiseKind.RESTART:
        state["run"] += 1
        state["rescheduled_due_at"] = None
    if kind in {Move.RECEIVE, Move.RESUBMIT, Move.COMPETENT_RECEIVED}:
        state["run_started_at"] = promise.get("base_at")
    state["legal_due_at"] = due_at


def _in_force(state: State) -> int | None:
    """Return the later of the legal due moment and the rescheduled one."""
    legal: int | None = state["legal_due_at"]
    rescheduled: int | None = state["rescheduled_due_at"]
    return legal if legal is None or rescheduled is None else max(legal, rescheduled)


def _refresh_due(state: State) -> None:
    due_at = None if state["status"] in AWAITING else _in_force(state)
    state["due_at"] = due_at
    state["due_day"] = None if due_at is None else day_number(due_at)


def _judge(state: State, event: Event, boundary: str) -> None:
    """Give the verdict at the end of the work; the day the citizen collects never counts."""
    is_completed = event.kind == Move.COMPLETE
    finished_at = state["completed_at"] if is_completed else state["closed_at"]
    if is_completed and event.body.get("reason"):
        _clear_mark(state, finished_at, boundary)
    late, verdict = _conclude(state, finished_at, boundary)
    due_at = _judged_by(state)
    if (
        event.body.get("source") != "list"
        and due_at is not None
        and not late
        and is_past(due_at, event.recorded_at, boundary)
    ):
        state["backdated"] = 1
    if not is_completed:
        state["closed_late"] = int(late)
    state["timeliness"] = None if event.kind in _NO_VERDICT else verdict


def _clear_mark(state: State, completed_at: int, boundary: str) -> None:
    """Believe a back-dated completion with its reason: the running term was kept after all."""
    marked = state["late_due_at"]
    if (
        marked is not None
        and state["late_run"] == state["run"]
        and not is_past(marked, completed_at, boundary)
    ):
        _unmark(state)
        state["backdated"] = 1


def _judged_by(state: State) -> int | None:
    """Return the due moment an end is judged by.

    While a dossier waits for its citizen none is in force: what ends then is late only if it was
    late before the waiting began.
    """
    due_at: int | None = state["due_at"]
    return due_at if state["came_from"] is None else None


def _conclude(state: State, at: int, boundary: str) -> tuple[bool, str | None]:
    """Return whether what ended at a moment ended late, and its verdict.

    There is none for a dossier that another body resolves and whose receipt there isn't known.
    """
    due_at = _judged_by(state)
    if state["late_due_at"] is not None or (due_at is not None and is_past(due_at, at, boundary)):
        return True, Timeliness.LATE.value
    if due_at is None:
        return False, None if state["legal_due_at"] is None else Timeliness.ON_TIME.value
    verdict = classify(
        due_at=from_epoch(due_at), finished_at=from_epoch(at), boundary=Boundary(boundary)
    )
    return False, verdict.value


def _judge_again(state: State, now: int, boundary: str, *, stood_late: bool) -> None:
    """Look at lateness anew after a correction or a calendar decision; what changes is listed."""
    due_at, marked_at = _in_force(state), state["late_marked_at"]
    if (
        state["late_run"] == state["run"]
        and marked_at is not None
        and due_at is not None
        and not is_past(due_at, marked_at, boundary)
    ):
        _unmark(state)
    if state["status"] in OPEN:
        if stood_late and not _is_late_by(state, now, boundary):
            state["backdated"] = 1
        return
    before = (state["closed_late"], state["timeliness"])
    is_completed = state["completed_at"] is not None
    late, verdict = _conclude(state, state["completed_at"] or state["closed_at"], boundary)
    if not is_completed:
        state["closed_late"] = int(late)
    if state["timeliness"] is not None:
        state["timeliness"] = verdict
    if before != (state["closed_late"], state["timeliness"]):
        state["backdated"] = 1


def _note_paper(state: State, paper: dict[str, Any]) -> None:
    if "copy" in paper:  # a reprint of one that was issued before
        return
    if paper["kind"] == "receipt":
        state["receipt_issued"] = 1
    elif paper["kind"] == "apology":
        key = "reschedule_letter" if paper["letter"] == "reschedule" else "late_letter"
        state[key] = 1
