"""Events in, the current state of a dossier out: the only place where a history is added up.

A state is a plain dict: its keys are the columns of the table of dossiers and a few details.
Moments in it are UTC seconds, so that nothing is converted between the event and the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import AWAITING, TABLE, Move, PromiseKind, Status
from counter_app.domain.timeliness import Boundary
from counter_app.domain.verdicts import (
    State,
    conclude,
    day_number,
    in_force,
    is_late_by,
    is_past,
    judge,
    judge_again,
    mark_late,
    stands_late,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "BROKEN",
    "DERIVED",
    "EMPTY",
    "FINISHING",
    "Event",
    "State",
    "apply",
    "day_number",
    "in_order",
    "is_past",
    "live_events",
    "new_state",
    "rebuild",
    "undid_lateness",
    "with_own_lists",
]

_LISTS = ("documents", "pauses", "extensions", "attachments", "opinions")
_STEPS = frozenset(rule.move.value for rule in TABLE if rule.moves)
_RUN_BREAKERS = frozenset({Move.SUPPLEMENT, Move.AWAIT_PAYMENT, Move.EXTEND})
_RUN_STARTERS = frozenset({Move.RECEIVE, Move.RESUBMIT, Move.COMPETENT_RECEIVED})
_REOPENING = frozenset({PromiseKind.CORRECTION, PromiseKind.CALENDAR})
FINISHING = frozenset({Move.COMPLETE, Move.REFUSE, Move.WITHDRAW, Move.STOP, Move.CLOSE})
# What adding up, and telling, an event stumbles over whose body isn't of this form.
BROKEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
_JUDGED = frozenset({Status.COMPLETED, Status.RETURNED, Status.REFUSED})


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
    "fee_pages": 0,
    "fee_copies": 0,
    "fee_paid_at": None,
    "fee_receipt": "",
    "fee_exempt_reason": "",
    "fee_exempt_proof": "",
    "forwarded_at": None,
    "accepted_at": None,
    "accepted_by": "",
    "steps": None,
    "quick": 0,
    "book": None,
    "resolving_unit": "",
    "handling_officer": "",
    "reception_officer": "",
    "counter_name": "",
    "competent_unit": "",
    "competent_at": None,
    "received_unit": "",
    "helped_unit": "",
    "group": "",
    "submitted_at": None,
    "received_at": None,
    "recorded_at": None,
    "entered_late": 0,
    "expected_due_at": None,
    "completed_at": None,
    "closed_at": None,
    "returned_at": None,
    "collected_by": "",
    "returned_via": "",
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
    "attachments": [],
    "opinions": [],
    "survey": None,
    "note": "",
    "visit_code": "",
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
    "contacted_at": None,
    "contact_outcome": "",
    "contact_until": None,
    "contact_note": "",
    "contacts": 0,
    "receipt_issued": 0,
    "last_move": None,
    "last_move_at": None,
    "events_count": 0,
    "is_void": 0,
}


_NEW: State = {**EMPTY, **DERIVED}


def new_state() -> State:
    """Return the state before any event."""
    return with_own_lists(_NEW.copy())


def with_own_lists(state: State) -> State:
    """Give a state lists of its own, so that none is ever shared with another's."""
    for key in _LISTS:
        state[key] = []
    return state


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
    elif any(undid_lateness(ordered, place) for place in range(len(ordered))):
        state["backdated"] = 1
    return state


def undid_lateness(ordered: Sequence[Event], place: int) -> bool:
    """Tell whether the event at a place is an undo that made a late dossier one in time.

    An undone act never was, and so wasn't the date it promised; but the change is listed.
    """
    undo = ordered[place]
    if undo.kind != Move.UNDO:
        return False
    before, after = _add_up(ordered[:place]), _add_up(ordered[: place + 1])
    boundary = undo.body.get("boundary", Boundary.DAY)
    return stands_late(before, undo.recorded_at, boundary) and not stands_late(
        after, undo.recorded_at, boundary
    )


def _add_up(ordered: Sequence[Event]) -> State:
    state = new_state()
    for event in live_events(ordered):
        apply(state, event)
    return state


def apply(state: State, event: Event) -> None:
    """Add one event to ``state`` in place."""
    body = event.body
    kind = event.kind
    boundary = body.get("boundary", Boundary.DAY)
    promise = body.get("promise")
    is_reopened = promise is not None and promise["kind"] in _REOPENING
    stood_late = is_reopened and is_late_by(state, event.recorded_at, boundary)
    is_typed = body.get("source") != "list"
    if kind in _RUN_BREAKERS:
        # What is typed here counts from when it is recorded, whatever moment it is dated; what
        # another system's list tells happened there, when the list says.
        mark_late(state, event.recorded_at if is_typed else event.at, boundary)
    state.update(body.get("set", {}))
    if kind in _NOTED:
        _NOTED[kind](state, event)
    if promise is not None:
        _add_promise(state, promise, kind)
    _refresh_due(state)
    if kind in FINISHING:
        judge(
            state,
            kind,
            recorded_at=event.recorded_at,
            boundary=boundary,
            has_reason=bool(body.get("reason")),
            is_typed=is_typed,
        )
    elif is_reopened:
        judge_again(state, event.recorded_at, boundary, stood_late=stood_late)
    elif kind == Move.COMPETENT_RECEIVED and state["status"] in _JUDGED:
        finished_at = state["completed_at"] or state["closed_at"]
        _, state["timeliness"] = conclude(state, finished_at, boundary)
    elif kind == Move.CONTACT:
        _note_call(state, event)
    paper = body.get("paper")
    if paper is not None:
        _note_paper(state, paper)
    if kind in _STEPS:
        state["last_move"] = kind
        state["last_move_at"] = event.at
    state["events_count"] += 1


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
    if kind in _RUN_STARTERS:
        state["run_started_at"] = promise.get("base_at")
    elif kind == Move.CORRECT and "base_at" in promise:
        state["run_started_at"] = promise["base_at"]
    state["legal_due_at"] = due_at


def _refresh_due(state: State) -> None:
    due_at = None if state["status"] in AWAITING else in_force(state)
    state["due_at"] = due_at
    state["due_day"] = None if due_at is None else day_number(due_at)


def _note_call(state: State, event: Event) -> None:
    """Keep the last call; of two that were made apart neither is wrong."""
    call = event.body["call"]
    state["contacted_at"] = event.at
    state["contact_outcome"] = call["outcome"]
    state["contact_until"] = call.get("until")
    state["contact_note"] = call.get("note", "")
    state["contacts"] += 1


def _note_paper(state: State, paper: dict[str, Any]) -> None:
    if "copy" in paper:  # a reprint of one that was issued before
        return
    if paper["kind"] == "receipt":
        state["receipt_issued"] = 1
    elif paper["kind"] == "apology":
        key = "reschedule_letter" if paper["letter"] == "reschedule" else "late_letter"
        state[key] = 1


def _note_files(state: State, event: Event) -> None:
    state["attachments"] = [*state["attachments"], *event.body["files"]]


def _note_survey(state: State, event: Event) -> None:
    state["survey"] = event.body["survey"]


def _note_question(state: State, event: Event) -> None:
    asked = {
        **event.body["opinion"],
        "id": event.uuid,
        "asked_at": event.at,
        "answered_at": None,
        "answer": "",
    }
    state["opinions"] = [*state["opinions"], asked]


def _note_answer(state: State, event: Event) -> None:
    answer = event.body["answer"]
    told = {"answered_at": event.at, "answer": answer["text"]}
    state["opinions"] = [
        one | told if one["id"] == answer["id"] else one for one in state["opinions"]
    ]


_NOTED: dict[str, Callable[[State, Event], None]] = {
    Move.ATTACH: _note_files,
    Move.SURVEY: _note_survey,
    Move.ASK_OPINION: _note_question,
    Move.OPINION_RECEIVED: _note_answer,
}
