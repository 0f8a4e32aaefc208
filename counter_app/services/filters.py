"""Filters that combine (bộ lọc kết hợp): what they find, and those that were saved by name."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from counter_app.domain.history import day_number
from counter_app.domain.list_filter import (
    LONGEST_NAME,
    ListFilter,
    check_filter,
    filter_line,
    parse_filter_line,
)
from counter_app.domain.moments import to_epoch
from counter_app.domain.vietnamese import clean_line, has_unprintable
from counter_app.errors import InputError, NotFoundError
from counter_app.services import apologies, calendars, office
from counter_app.services.searching import fts_query
from counter_app.services.settings import get_setting, set_setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from counter_app.storage.database import Store

    Condition = tuple[str, tuple[int | str, ...]]

_OPEN = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
_OURS = f"{_OPEN} AND competent_unit = ''"
_SOON_DAYS = 2
_AT_ONCE = 5_000
_MOST_SAVED = 50
_DUE_ORDER = "due_at IS NULL, due_at, id"
_NEWEST = "received_at DESC, id DESC"


def condition(store: Store, chosen: ListFilter, *, now: datetime) -> Condition:
    """Return what a filter asks of a row of ``dossier``, as SQL with its values.

    Raises:
        InputError: a word that no filter knows; nothing was read.
    """
    try:
        check_filter(chosen)
    except ValueError as error:
        raise InputError(str(error), field="filter") from error
    parts: list[Condition] = [
        ("is_void = 0", ()),
        *_states(store, chosen, now),
        *_who(chosen),
        *_days(chosen),
    ]
    if chosen.text:
        query = fts_query(chosen.text)
        within = "id IN (SELECT rowid FROM dossier_search WHERE dossier_search MATCH ?)"
        parts.append((within, (query,)) if query else ("0", ()))
    return " AND ".join(text for text, _ in parts), tuple(v for _, values in parts for v in values)


def _states(store: Store, chosen: ListFilter, now: datetime) -> Iterator[Condition]:
    if chosen.status == "open":
        yield _OPEN, ()
    elif chosen.status:
        yield "status = ?", (chosen.status,)
    if chosen.due:
        yield _due(store, chosen.due, now)


def _who(chosen: ListFilter) -> Iterator[Condition]:
    for column, value in (
        ("resolving_unit", chosen.unit),
        ("sector", chosen.sector),
        ("channel", chosen.channel),
    ):
        if value:
            yield f"{column} = ?", (value,)
    if chosen.procedure:
        yield "(procedure_code = ? OR procedure_name = ?)", (chosen.procedure,) * 2
    if chosen.officer:
        yield (
            "(handling_officer = ? OR (handling_officer = '' AND reception_officer = ?))",
            (chosen.officer,) * 2,
        )


def _days(chosen: ListFilter) -> list[Condition]:
    found: list[Condition] = []
    for column, first, last in (
        ("received_at", chosen.received_from, chosen.received_until),
        ("due_at", chosen.due_from, chosen.due_until),
    ):
        if first is not None:
            found.append((f"{column} >= ?", (_start(first),)))
        if last is not None:
            found.append((f"{column} < ?", (_start(last + timedelta(days=1)),)))
    return found


def _due(store: Store, due: str, now: datetime) -> Condition:
    today = day_number(to_epoch(now))
    if due == "late":
        passed, values = apologies.passed_condition(get_setting(store, "boundary"), now)
        return f"{_OURS} AND ({passed} OR late_due_at IS NOT NULL)", values
    if due == "paused":
        return f"{_OURS} AND due_day IS NULL", ()
    calendar, day = calendars.calendar(store), now.date()
    spans = {
        "today": (today, today),
        "tomorrow": (_after(today, day, calendar.next_working_day(day)),) * 2,
        "week": (today, today + 6 - day.weekday()),
        "soon": (
            today + 1,
            _after(today, day, calendar.add_working_days(day, _SOON_DAYS)),
        ),
    }
    return f"{_OURS} AND due_day BETWEEN ? AND ?", spans[due]


def _after(today: int, day: date, later: date) -> int:
    return today + (later - day).days


def _start(day: date) -> int:
    return to_epoch(datetime.combine(day, time()))


def ids_of(
    store: Store,
    chosen: ListFilter,
    *,
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> list[int]:
    """Return the ids of all dossiers a filter finds: by due moment if it asks for one, else newest.

    ``progress`` is called with how many were found and 0; it may raise to stop.
    """
    where, values = condition(store, chosen, now=now)
    by_due = bool(chosen.due or chosen.due_from or chosen.due_until)
    if chosen.due:
        via = "INDEXED BY dossier_open_due"
    elif chosen.status == "open":
        via = "INDEXED BY dossier_open_received"
    elif chosen.text:
        via = ""
    else:
        via = "INDEXED BY dossier_received"
    order = _DUE_ORDER if by_due else _NEWEST
    cursor = store.execute(
        f"SELECT id FROM dossier {via} WHERE office_id = 1 AND {where} ORDER BY {order}",  # noqa: S608
        values,
    )
    found: list[int] = []
    while some := cursor.fetchmany(_AT_ONCE):
        found += [number for (number,) in some]
        if progress is not None:
            progress(len(found), 0)
    return found


def units_and_officers(store: Store) -> tuple[list[str], list[str]]:
    """Return whom a filter can name: the office's own first, then who else holds what is open."""
    rows = store.rows("SELECT DISTINCT unit, officer FROM openload ORDER BY 1, 2")
    units = dict.fromkeys([*office.units(store), *(unit for unit, _ in rows if unit)])
    own = (one.name for one in office.officers(store))
    officers = dict.fromkeys([*own, *(officer for _, officer in rows if officer)])
    return list(units), list(officers)


# Saved by name


def saved_filters(store: Store) -> dict[str, ListFilter]:
    """Return the saved filters by their names, in the order in which they were saved."""
    return dict(parse_filter_line(line) for line in get_setting(store, "saved_filters"))


def saved_filter(store: Store, name: str) -> ListFilter:
    """Return one saved filter.

    Raises:
        NotFoundError: there is none of that name.
    """
    known = saved_filters(store)
    if name not in known:
        names = ", ".join(known) or "chưa có bộ lọc nào"
        raise NotFoundError(f"Không có bộ lọc “{name}”. Các bộ lọc đã lưu: {names}.", field="saved")
    return known[name]


def save_filter(store: Store, name: str, chosen: ListFilter, *, now: datetime) -> None:
    """Save a filter under a name; what had that name before gives way.

    Raises:
        InputError: no name, an over-long one, nothing to save, too many; nothing changed.
    """
    name = clean_line(name)
    if not name or len(name) > LONGEST_NAME or has_unprintable(name) or "|" in name:
        raise InputError(
            f"Tên bộ lọc cần có, không quá {LONGEST_NAME} ký tự và không có dấu |. Chưa lưu gì.",
            field="name",
        )
    if not chosen:
        raise InputError("Bộ lọc chưa có điều kiện nào. Chưa lưu gì.", field="name")
    condition(store, chosen, now=now)
    with store.transaction():
        known = saved_filters(store)
        known[name] = chosen
        if len(known) > _MOST_SAVED:
            raise InputError(
                f"Đã lưu {_MOST_SAVED} bộ lọc. Xóa bớt một bộ lọc rồi lưu lại.", field="name"
            )
        _write(store, known)


def forget_filter(store: Store, name: str) -> None:
    """Take a saved filter away."""
    with store.transaction():
        saved_filter(store, name)
        _write(store, {key: one for key, one in saved_filters(store).items() if key != name})


def _write(store: Store, known: dict[str, ListFilter]) -> None:
    lines = [filter_line(name, one) for name, one in known.items()]
    set_setting(store, key="saved_filters", value=lines)
