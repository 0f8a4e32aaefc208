"""Promises (lời hẹn): what the calendar answers for a dossier, now and after each of its turns."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.deadlines import (
    Counting,
    CutOff,
    Pause,
    parse_cutoff,
    parse_limit,
    promise,
)
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.errors import InputError
from counter_app.services import calendars
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from counter_app.domain.deadlines import Answer, Limit
    from counter_app.domain.history import State
    from counter_app.storage.database import Store


class Terms(NamedTuple):
    """What a limit is counted by; frozen into the dossier when it is received."""

    limit: Limit
    counting: Counting
    cutoff: CutOff

    def to_state(self) -> dict[str, str]:
        """Return the state's values."""
        return {
            "limit": str(self.limit),
            "counting": self.counting.value,
            "cutoff": str(self.cutoff),
        }


def terms(store: Store, *, limit: str, cutoff: str, counting: str = "") -> Terms:
    """Read a limit with the office's way of counting.

    Raises:
        InputError: the limit can't be read.
    """
    try:
        return Terms(
            parse_limit(limit),
            Counting(counting or get_setting(store, "counting")),
            parse_cutoff(cutoff),
        )
    except ValueError as error:
        raise InputError(str(error), field="limit") from error


def terms_of(state: State) -> Terms:
    """Return the terms a dossier was received under."""
    return Terms(
        parse_limit(state["limit"]), Counting(state["counting"]), parse_cutoff(state["cutoff"])
    )


def answer(
    store: Store, held: Terms, received_at: datetime, pauses: Sequence[Pause] = ()
) -> Answer:
    """Ask the office's calendar for the due moment.

    Raises:
        InputError: the calendar has no opening in sight.
    """
    try:
        return promise(
            calendars.calendar(store),
            received=received_at,
            limit=held.limit,
            counting=held.counting,
            cutoff=held.cutoff,
            pauses=pauses,
        )
    except ValueError as error:
        raise InputError(str(error), field="limit") from error


def run_due(store: Store, state: State, *, pauses: list[list[int]]) -> Answer:
    """Answer for the running term with its pauses, then its extensions in their order.

    An extension counts from the due moment it extends, so that a pause before it moves both.
    """
    spans = [Pause(from_epoch(a), from_epoch(b)) for a, b in pauses]
    base = from_epoch(state["run_started_at"])
    held = terms_of(state)
    found = answer(store, held, base, spans)
    for limit in state["extensions"]:
        if found.due_at is None:
            break
        found = extended(store, held, limit, found.due_at)
    return found


def extended(store: Store, held: Terms, limit: str, legal_due_at: datetime) -> Answer:
    """Answer for an extension (gia hạn): its limit counts from the legal due moment."""
    longer = terms(store, limit=limit, cutoff="none", counting=held.counting.value)
    return answer(store, longer, legal_due_at)


def promise_body(
    store: Store,
    kind: str,
    due_at: datetime,
    *,
    base_at: datetime | None = None,
    provisional: bool = False,
    reason: str = "",
    source: str = "",
    limit: str = "",
    counts: bool = True,
    own_due_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the part of an event that adds a promise; moments become UTC seconds."""
    body: dict[str, Any] = {
        "kind": kind,
        "due_at": to_epoch(due_at),
        "counts": counts,
        "calendar_version": calendars.calendar(store).version,
    }
    if base_at is not None:
        body["base_at"] = to_epoch(base_at)
    if own_due_at is not None:
        body["own_due_at"] = to_epoch(own_due_at)
    told = {"provisional": provisional, "reason": reason, "source": source, "limit": limit}
    return body | {key: value for key, value in told.items() if value}


def closing_of(store: Store, day: date) -> datetime:
    """Return the moment a day's work ends: its last session, or midnight if the desk is closed."""
    sessions = calendars.calendar(store).desk_sessions(day)
    minute = sessions[-1].end if sessions else 0
    return datetime.combine(day, time(minute // 60, minute % 60))
