"""The office's calendar: the official years, the office's own days, its opening hours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from counter_app import paths
from counter_app.domain.calendar import (
    Calendar,
    CalendarDay,
    DayKind,
    format_hours,
    make_calendar,
    parse_hours,
)
from counter_app.domain.official import load_official, read_day
from counter_app.errors import InputError
from counter_app.services.settings import bump_calendar, calendar_version, get_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_app.domain.official import YearCalendar
    from counter_app.storage.database import Store

_UPSERT_DAY = (
    'INSERT INTO calendarday (date, kind, name, hours, "counts", is_confirmed, source) '
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (date, kind) DO UPDATE SET name = excluded.name, "
    'hours = excluded.hours, "counts" = excluded."counts", '
    "is_confirmed = excluded.is_confirmed, source = excluded.source"
)
_UPSERT_YEAR = (
    "INSERT INTO calendaryear (year, is_confirmed, source) VALUES (?, ?, ?) "
    "ON CONFLICT (year) DO UPDATE SET is_confirmed = excluded.is_confirmed, "
    "source = excluded.source"
)


def confirm_year(store: Store, year: int, *, source: str) -> None:
    """Mark a year's calendar, with the days it has, as announced; within a transaction."""
    store.execute(
        "UPDATE calendarday SET is_confirmed = 1 WHERE date BETWEEN ? AND ?",
        (f"{year}-01-01", f"{year}-12-31"),
    )
    store.execute(_UPSERT_YEAR, (year, True, source))


def seed(store: Store) -> None:
    """Put the official years into a new database."""
    for path in sorted((paths.resources() / "calendars").glob("*.json")):
        _write_years(store, load_official(path.read_text("utf-8")))


def _write_years(store: Store, years: Iterable[YearCalendar]) -> int:
    count = 0
    with store.transaction():
        for year in years:
            store.execute(_UPSERT_YEAR, (year.year, year.confirmed, year.source))
            count += write_days(store, year.days)
    return count


def write_days(store: Store, days: Iterable[CalendarDay]) -> int:
    """Write dated days and move the calendar's version on; printed promises stay as they are."""
    count = 0
    with store.transaction():
        for day in days:
            hours = None if day.hours is None else format_hours(day.hours)
            store.execute(
                _UPSERT_DAY,
                (
                    day.date.isoformat(),
                    day.kind.value,
                    day.name,
                    hours,
                    day.counts,
                    day.confirmed,
                    day.source,
                ),
            )
            count += 1
        bump_calendar(store)
        store.cache.clear()
    return count


def calendar(store: Store) -> Calendar:
    """Return the office's calendar as it stands now."""
    known: Calendar | None = store.cache.get("calendar")
    if known is None:
        known = calendar_of(store, days_of(store), confirmed_years(store))
        store.cache["calendar"] = known
    return known


def calendar_of(store: Store, days: Iterable[CalendarDay], years: Iterable[int]) -> Calendar:
    """Return a calendar of these dated days and confirmed years with the office's own hours."""
    settings = get_settings(store)
    return make_calendar(
        weekday_hours=parse_hours(settings["weekday_hours"]),
        saturday_hours=parse_hours(settings["saturday_hours"]),
        saturday_counts=settings["saturday_counts"],
        days=days,
        confirmed_years=list(years),
        version=calendar_version(store),
    )


def confirmed_years(store: Store) -> set[int]:
    """Return the years whose calendar was announced."""
    return {year for (year,) in store.rows("SELECT year FROM calendaryear WHERE is_confirmed = 1")}


def days_of(store: Store) -> list[CalendarDay]:
    """Return every dated row, in the order in which they were entered."""
    rows = store.rows(
        'SELECT date, kind, name, hours, "counts", is_confirmed, source '
        "FROM calendarday ORDER BY id"
    )
    return [
        CalendarDay(
            date=date.fromisoformat(day),
            kind=DayKind(kind),
            name=name,
            hours=None if hours is None else parse_hours(hours),
            counts=None if counts is None else bool(counts),
            confirmed=bool(confirmed),
            source=source,
        )
        for day, kind, name, hours, counts, confirmed, source in rows
    ]


def year(store: Store, number: int) -> dict[str, Any]:
    """Return one year as ``calendar show`` gives it: working days and the dated rows."""
    here = calendar(store)
    row = store.row("SELECT source FROM calendaryear WHERE year = ?", (number,))
    return {
        "year": number,
        "confirmed": here.is_confirmed(number),
        "source": row[0] if row else "",
        "working_days": here.working_days(number),
        "days": [
            {
                "date": day.date.isoformat(),
                "kind": day.kind.value,
                "name": day.name,
                "hours": None if day.hours is None else format_hours(day.hours),
                "counts": here.is_working_day(day.date),
                "confirmed": day.confirmed,
                "source": day.source,
            }
            for day in here.dated_days(number)
        ],
    }


_MARKS = {
    **dict.fromkeys(("yes", "true", "1", "có"), True),
    **dict.fromkeys(("no", "false", "0", "không"), False),
}


def _with_marks(entry: dict[str, Any]) -> dict[str, Any]:
    """Read the yes and no of a table's cells, which are text there."""
    read = dict(entry)
    for key in ("counts", "confirmed"):
        value = entry.get(key)
        if isinstance(value, str):
            word = value.strip().lower()
            if word not in _MARKS:
                msg = f"mục “{key}” cần yes hoặc no, tệp ghi “{value}”"
                raise ValueError(msg)
            read[key] = _MARKS[word]
    return read


def read_days(data: list[dict[str, Any]]) -> list[CalendarDay]:
    """Read dated days with the fields of ``calendar show``.

    Raises:
        InputError: an entry can't be read.
    """
    days = []
    for number, entry in enumerate(data, start=1):
        try:
            days.append(read_day(_with_marks(entry)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            why = str(error).rstrip(".")
            raise InputError(
                f"Mục {number} trong tệp lịch không đọc được: {why}. Chưa thay đổi lịch.",
                field="days",
            ) from error
    return days
