"""Conformance cases (trường hợp kiểm chứng): one row in, a due moment or an error out.

Each row brings its own calendar; nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from counter_app.domain.calendar import (
    Calendar,
    CalendarDay,
    DayKind,
    make_calendar,
    parse_hours,
)
from counter_app.domain.deadlines import (
    due,
    parse_counting,
    parse_cutoff,
    parse_limit,
    parse_pauses,
)
from counter_app.domain.moments import parse_moment

REQUIRED_COLUMNS = (
    "case",
    "description",
    "weekday_hours",
    "saturday_hours",
    "holidays",
    "makeup_days",
    "received",
    "limit",
    "counting",
    "cutoff",
    "pauses",
)
OPTIONAL_COLUMNS = ("special_days",)
ANSWER_COLUMNS = ("due", "error")


def missing_columns(header: Iterable[str]) -> tuple[str, ...]:
    """Return the required columns that a file's header lacks."""
    present = set(header)
    return tuple(name for name in REQUIRED_COLUMNS if name not in present)


def answer_case(row: Mapping[str, str | None]) -> tuple[str, str]:
    """Return ``due`` and ``error`` of one row; ``due`` stays empty while a pause is open."""
    texts = {name: row.get(name) or "" for name in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)}
    try:
        answer = due(
            _calendar(
                texts["weekday_hours"],
                texts["saturday_hours"],
                texts["holidays"],
                texts["makeup_days"],
                texts["special_days"],
            ),
            received=_received(texts["received"]),
            limit=parse_limit(texts["limit"]),
            counting=parse_counting(texts["counting"]),
            cutoff=parse_cutoff(texts["cutoff"]),
            pauses=parse_pauses(texts["pauses"]),
        )
    except ValueError as error:  # a sentence in Vietnamese from the reader of that column
        return "", str(error)
    return "" if answer.due_at is None else answer.due_at.isoformat(timespec="minutes"), ""


def answer_cases(rows: Iterable[Mapping[str, str | None]]) -> list[dict[str, str]]:
    """Return the rows with ``due`` and ``error``, other columns passed through."""
    answered = []
    for row in rows:
        due_at, error = answer_case(row)
        passed = {name: value or "" for name, value in row.items()}
        answered.append({**passed, "due": due_at, "error": error})
    return answered


@lru_cache(maxsize=64)
def _calendar(
    weekday_hours: str, saturday_hours: str, holidays: str, makeup_days: str, special_days: str
) -> Calendar:
    days = [CalendarDay(day, DayKind.HOLIDAY) for day in _dates(holidays)]
    days += [CalendarDay(day, DayKind.MAKEUP) for day in _dates(makeup_days)]
    calendar = make_calendar(
        weekday_hours=parse_hours(weekday_hours),
        saturday_hours=parse_hours(saturday_hours),
        days=[*days, *_special_days(special_days)],
    )
    calendar.check_opens()  # refused even where a limit by the clock would need no hours
    return calendar


def _items(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        msg = f"Không đọc được ngày “{text.strip()}”; hãy ghi như 2026-11-24."
        raise ValueError(msg) from None


def _dates(text: str) -> list[date]:
    return [_date(item) for item in _items(text)]


def _special_days(text: str) -> list[CalendarDay]:
    found: dict[date, CalendarDay] = {}
    for item in _items(text):
        written, equals, hours = item.partition("=")
        if not equals:
            msg = f"Không đọc được ngày riêng “{item}”; hãy ghi như 2026-11-25=07:30-10:00."
            raise ValueError(msg)
        day = CalendarDay(_date(written), DayKind.SPECIAL, hours=parse_hours(hours))
        if found.setdefault(day.date, day) != day:
            msg = f"Ngày riêng {day.date:%d/%m/%Y} được ghi hai lần với giờ khác nhau."
            raise ValueError(msg)
    return list(found.values())


def _received(text: str) -> datetime:
    try:
        return parse_moment(text)
    except (ValueError, OverflowError):
        msg = f"Không đọc được giờ nhận “{text.strip()}”; hãy ghi như 2026-11-23T08:00."
        raise ValueError(msg) from None
