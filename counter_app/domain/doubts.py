"""What another system's list says of a dossier and only a person can decide (chỗ nghi ngờ).

Taken in, a doubt is an event that changes nothing: the dossier stays as it is until somebody
decides, and the same list at two desks makes the same doubt once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import PromiseKind
from counter_app.domain.history import day_number, live_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.domain.history import Event, State

DOUBT = "doubt"
LIST = "list"
"""The kind of the conflict that a doubt makes."""
OURS, THEIRS = "ours", "list"
"""What a decision keeps: named so, because the list may have been read at several desks."""
MATCH = "match"
"""The field of a doubt whose row tells no code: is it this dossier at all?"""
_DATES = {
    "due_at": ("original_due_at", "legal_due_at", "due_at"),
    "rescheduled_due_at": ("rescheduled_due_at",),
}
_ID_LENGTH = 12


class Doubt(NamedTuple):
    """A doubt that is open: what stands here (``first``) and what the list said (``second``)."""

    id: str
    field: str
    first: Event
    second: Event


def doubt_id(dossier_uuid: str, field: str, told: str | int) -> str:
    """Return the doubt's name: of dates only the day counts.

    >>> doubt_id("a", "official_code", "H50-1") == doubt_id("a", "official_code", "H50-2")
    False
    >>> doubt_id("a", "due_at", 1_795_000_000) == doubt_id("a", "due_at", 1_795_000_060)
    True
    """
    key = str(day_number(told)) if isinstance(told, int) else told
    return hashlib.sha256(f"{dossier_uuid}|{field}|{key}".encode()).hexdigest()[:_ID_LENGTH]


def open_doubts(events: Sequence[Event], in_force: Sequence[Event], state: State) -> list[Doubt]:
    """Return the doubts that the dossier's state doesn't answer; of equal ones the first.

    Args:
        events: all events of the dossier, in order.
        in_force: those that count.
        state: what they add up to.
    """
    found: dict[str, Doubt] = {}
    for event in live_events(events):
        if event.kind != DOUBT:
            continue
        said = event.body["doubt"]
        if said["id"] not in found and not _is_answered(said, state):
            first = _ours(said["field"], live_events(in_force)) or events[0]
            found[said["id"]] = Doubt(said["id"], said["field"], first, event)
    return list(found.values())


def _is_answered(said: dict[str, Any], state: State) -> bool:
    if state["is_void"]:
        return True
    field, told = said["field"], said["told"]
    if said.get("is_choice") and state["official_code"]:
        return True  # whichever dossier the row meant, it isn't one with another code
    if field in _DATES:
        dates = [state[key] for key in _DATES[field] if state[key] is not None]
        return any(day_number(one) == day_number(told) for one in dates)
    return field != MATCH and bool(state[field] == told)


def _ours(field: str, events: Sequence[Event]) -> Event | None:
    """Return the event that set what stands here."""
    for event in events[::-1]:
        promise = event.body.get("promise")
        if field in _DATES:
            is_later = promise is not None and promise["kind"] == PromiseKind.RESCHEDULE
            if promise is not None and is_later == (field == "rescheduled_due_at"):
                return event
        elif event.body.get("set", {}).get(field) is not None:
            return event
    return None
