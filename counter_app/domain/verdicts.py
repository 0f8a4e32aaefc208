"""Verdicts on a dossier's state: late stays late, and what may change that.

Works on the plain state that ``history`` adds up; the rules are those of the office's figures:
no later act washes a late day away, except a correction, a decision on the calendar and a
back-dated completion with its reason, and each verdict they change is listed.
"""

from __future__ import annotations

from typing import Any

from counter_app.domain import timeliness
from counter_app.domain.dossier import OPEN, Move
from counter_app.domain.moments import from_epoch
from counter_app.domain.timeliness import Boundary, Timeliness, classify

State = dict[str, Any]

_NO_VERDICT = frozenset({Move.WITHDRAW, Move.STOP, Move.CLOSE})
_DAY = 86_400
_OFFICE_SHIFT = 7 * 3600


def day_number(seconds: int) -> int:
    """Return the office day of a moment as days since 1970-01-01."""
    return (seconds + _OFFICE_SHIFT) // _DAY


def is_past(due_at: int, now: int, boundary: str) -> bool:
    """Tell whether ``now`` lies after the due moment, by day or by minute."""
    return timeliness.is_past(
        due_at=from_epoch(due_at), moment=from_epoch(now), boundary=Boundary(boundary)
    )


def in_force(state: State) -> int | None:
    """Return the later of the legal due moment and the rescheduled one."""
    legal: int | None = state["legal_due_at"]
    rescheduled: int | None = state["rescheduled_due_at"]
    return legal if legal is None or rescheduled is None else max(legal, rescheduled)


def mark_late(state: State, noticed_at: int, boundary: str) -> None:
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


def is_late_by(state: State, moment: int, boundary: str) -> bool:
    """Tell whether an open dossier is late at a moment."""
    due_at = state["due_at"]
    return state["late_due_at"] is not None or (
        due_at is not None and is_past(due_at, moment, boundary)
    )


def stands_late(state: State, moment: int, boundary: str) -> bool:
    """Tell whether a dossier is late at a moment, or ended late."""
    if state["status"] in OPEN:
        return is_late_by(state, moment, boundary)
    return bool(state["closed_late"]) or state["timeliness"] == Timeliness.LATE


def judge(
    state: State, kind: str, *, recorded_at: int, boundary: str, has_reason: bool, is_typed: bool
) -> None:
    """Give the verdict at the end of the work; the day the citizen collects never counts."""
    is_completed = kind == Move.COMPLETE
    finished_at = state["completed_at"] if is_completed else state["closed_at"]
    if is_completed and has_reason:
        _clear_mark(state, finished_at, boundary)
    late, verdict = conclude(state, finished_at, boundary)
    due_at = _judged_by(state)
    if is_typed and due_at is not None and not late and is_past(due_at, recorded_at, boundary):
        state["backdated"] = 1
    if not is_completed:
        state["closed_late"] = int(late)
    state["timeliness"] = None if kind in _NO_VERDICT else verdict


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


def conclude(state: State, at: int, boundary: str) -> tuple[bool, str | None]:
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


def judge_again(state: State, now: int, boundary: str, *, stood_late: bool) -> None:
    """Look at lateness anew after a correction or a calendar decision; what changes is listed."""
    due_at, marked_at = in_force(state), state["late_marked_at"]
    if (
        state["late_run"] == state["run"]
        and marked_at is not None
        and due_at is not None
        and not is_past(due_at, marked_at, boundary)
    ):
        _unmark(state)
    if state["status"] is None:
        return  # its reception was taken back at another desk: there is nothing to judge
    if state["status"] in OPEN:
        if stood_late and not is_late_by(state, now, boundary):
            state["backdated"] = 1
        return
    before = (state["closed_late"], state["timeliness"])
    is_completed = state["completed_at"] is not None
    late, verdict = conclude(state, state["completed_at"] or state["closed_at"], boundary)
    if not is_completed:
        state["closed_late"] = int(late)
    if state["timeliness"] is not None:
        state["timeliness"] = verdict
    if before != (state["closed_late"], state["timeliness"]):
        state["backdated"] = 1
