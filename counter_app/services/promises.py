"""Promises (lời hẹn): what the calendar answers for a dossier, now and after each of its turns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import (
    NO_CUTOFF,
    Counting,
    CutOff,
    Limit,
    LimitUnit,
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
    from collections.abc import Mapping, Sequence
    from datetime import date

    from counter_app.domain.deadlines import Answer
    from counter_app.domain.history import State
    from counter_app.storage.database import Store


@dataclass(frozen=True)
class Terms:
    """What a limit is counted by; frozen into the dossier when it is received."""

    limit: Limit
    counting: Counting
    cutoff: CutOff

    @cached_property
    def state(self) -> Mapping[str, str]:
        """The state's values; a catalogue's few terms are written once, not at each save."""
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
        return _terms(limit, counting or get_setting(store, "counting"), cutoff)
    except ValueError as error:
        raise InputError(str(error), field="limit") from error


def terms_of(state: State) -> Terms:
    """Return the terms a dossier was received under."""
    return _terms(state["limit"], state["counting"], state["cutoff"])


@lru_cache(maxsize=256)
def _terms(limit: str, counting: str, cutoff: str) -> Terms:
    """Read a limit, of which a catalogue has few."""
    return Terms(parse_limit(limit), Counting(counting), parse_cutoff(cutoff))


def terms_for(store: Store, state: State) -> Terms:
    """Return the terms of a dossier, or what its first promise amounts to if a list told none.

    Raises:
        InputError: neither is known.
    """
    if state["limit"]:
        return terms_of(state)
    if state["original_due_at"] is None:
        raise InputError(
            "Hồ sơ này chưa có thời hạn giải quyết nên chưa tính được hạn. Hồ sơ giữ nguyên.",
            field="limit",
        )
    first, last = from_epoch(state["received_at"]), from_epoch(state["original_due_at"])
    days = calendars.calendar(store).working_days_between(first.date(), last.date())
    return Terms(Limit(days, LimitUnit.WORKING_DAYS), Counting.DAY, NO_CUTOFF)


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
    """Answer for the running term when its last pause ends.

    What was promised isn't always what we would count: a date on paper, a list, a calendar that
    was changed since. Such a promise is never taken back; it moves by its pause.
    """
    spans = [Pause(from_epoch(a), from_epoch(b)) for a, b in pauses]
    if state["legal_due_at"] is None:  # another body's receipt isn't known: nothing to move
        held = terms_for(store, state)
        return replace(answer(store, held, from_epoch(state["received_at"])), due_at=None)
    if state["limit"] and state["run_started_at"] is not None:
        before = _counted(store, state, spans[:-1])
        if before.due_at is not None and to_epoch(before.due_at) == state["legal_due_at"]:
            return _counted(store, state, spans)
    return _shifted(store, from_epoch(state["legal_due_at"]), spans[-1])


def _counted(store: Store, state: State, pauses: Sequence[Pause]) -> Answer:
    """Count a term with its pauses, then its extensions in their order.

    An extension counts from the due moment it extends, so that a pause before it moves both.
    """
    held = terms_of(state)
    found = answer(store, held, from_epoch(state["run_started_at"]), pauses)
    for limit in state["extensions"]:
        if found.due_at is None:
            break
        found = extended(store, held, limit, found.due_at, pauses)
    return found


def _shifted(store: Store, legal: datetime, pause: Pause) -> Answer:
    """Move a due moment by the working days whose closing lies in a pause; never earlier."""
    eve = datetime.combine(pause.start.date() - timedelta(days=1), time())
    days = calendars.calendar(store).working_days_between(eve.date(), legal.date())
    wanted = Terms(Limit(days, LimitUnit.WORKING_DAYS), Counting.DAY, NO_CUTOFF)
    found = answer(store, wanted, eve if days else legal, [pause] if pause.start <= legal else ())
    due_at = legal
    if found.due_at is not None and days and pause.start <= legal:
        hour = min(legal.time(), found.due_at.time())
        due_at = max(legal, datetime.combine(found.due_at.date(), hour))
    return replace(found, due_at=due_at)


def extended(
    store: Store, held: Terms, limit: str, legal_due_at: datetime, pauses: Sequence[Pause] = ()
) -> Answer:
    """Answer for an extension (gia hạn): its limit counts from the legal due moment."""
    longer = terms(store, limit=limit, cutoff="none", counting=held.counting.value)
    return answer(store, longer, legal_due_at, pauses)


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
