"""Pages of the dossiers that are owed a letter, most urgent first, each page by indexes alone.

What is listed and in which order is said by ``apologies.list_apologies``; here it is cut into pages
without reading what isn't shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.history import day_number
from counter_app.services import apologies
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.opening_facts import DossierRow
    from counter_app.storage.database import Store

_Key = tuple[bool, int, int]
_START: _Key = (False, -(2**62), -1)
_ENDED = (
    "SELECT due_at, id FROM dossier INDEXED BY dossier_owed WHERE office_id = 1 AND "  # noqa: S608 - own words
    f"{apologies.LATE_ENDED} AND status NOT IN ('withdrawn','stopped') AND "
)
_PASSED = (
    "SELECT due_at, id FROM dossier INDEXED BY dossier_open_due WHERE office_id = 1 AND "  # noqa: S608
    f"is_void = 0 AND {apologies.OURS} AND {apologies.OPEN_WORDS} "
    "AND late_due_at IS NULL AND late_letter = 0 AND "
)
_MARKED = (
    "SELECT due_at, id FROM dossier INDEXED BY dossier_open_late WHERE office_id = 1 AND "  # noqa: S608
    f"is_void = 0 AND {apologies.OURS} AND {apologies.OPEN_WORDS} "
    "AND late_due_at IS NOT NULL AND late_letter = 0"
)


def ids_of_page(store: Store, *, after: DossierRow | None, count: int, now: datetime) -> list[int]:
    """Return the ids of the next ``count`` dossiers that are owed a letter."""
    start = _START if after is None else _key(after.due_at, after.id)
    found = _ended(store, start, count) + _passed(store, start, count, now)
    # These are open, so they are few; the time of a moment that was missed may be unknown.
    few = [_key(*row) for row in store.rows(_MARKED)] + _confirmed(store, now)
    found += [key for key in few if key > start]
    return [number for _, _, number in sorted(found)[:count]]


def _key(due_at: int | None, number: int) -> _Key:
    return (due_at is None, due_at or 0, number)


def _ended(store: Store, start: _Key, count: int) -> list[_Key]:
    found: list[_Key] = []
    is_timeless, due_at, number = start
    if not is_timeless:
        rows = store.rows(
            f"{_ENDED}(due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?", (due_at, number, count)
        )
        found = [_key(*row) for row in rows]
        number = -1
    if len(found) < count:
        rows = store.rows(
            f"{_ENDED}due_at IS NULL AND id > ? ORDER BY id LIMIT ?", (number, count - len(found))
        )
        found += [_key(*row) for row in rows]
    return found


def _passed(store: Store, start: _Key, count: int, now: datetime) -> list[_Key]:
    is_timeless, due_at, number = start
    if is_timeless:
        return []
    passed, moment = apologies.passed_condition(get_setting(store, "boundary"), now)
    day = day_number(due_at) if number >= 0 else due_at
    rows = store.rows(
        f"{_PASSED}{passed} AND (due_day, due_at, id) > (?, ?, ?) "
        "ORDER BY due_day, due_at, id LIMIT ?",
        (*moment, day, due_at, number, count),
    )
    return [_key(*row) for row in rows]


def _confirmed(store: Store, now: datetime) -> list[_Key]:
    rows = store.rows(f"{dossiers.SELECT_STATE}WHERE office_id = 1 AND {apologies.CONFIRMED}")
    found = []
    for row in rows:
        number, _, state = dossiers.state_of(row)
        if apologies.listed_kind(store, state, as_of=now, last_day=0) == "confirmed":
            found.append(_key(state["due_at"], number))
    return found
