"""Official calendars (lịch nghỉ chính thức): dated data with sources, read from their JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from counter_app.domain.calendar import CalendarDay, DayKind, format_hours, parse_hours


class YearCalendar(NamedTuple):
    """The official days of one year (lịch của một năm), announced or only computed."""

    year: int
    confirmed: bool
    source: str
    days: tuple[CalendarDay, ...]


def load_official(text: str) -> tuple[YearCalendar, ...]:
    """Read a list of ``{year, confirmed, source, days}`` from JSON text.

    Raises:
        ValueError: the text is no such list, or a day lies outside its year.
    """
    entries = json.loads(text)
    if not isinstance(entries, list):
        msg = "Tệp lịch phải là một danh sách các năm."
        raise ValueError(msg)  # noqa: TRY004 - what is wrong is the text, not the call
    return tuple(_read_year(entry) for entry in entries)


def _read_year(entry: Mapping[str, Any]) -> YearCalendar:
    try:
        year = YearCalendar(
            year=int(entry["year"]),
            confirmed=bool(entry["confirmed"]),
            source=str(entry["source"]),
            days=tuple(read_day(day) for day in entry["days"]),
        )
    except (KeyError, TypeError) as error:
        msg = f"Một năm trong tệp lịch thiếu hoặc sai mục {error}."
        raise ValueError(msg) from error
    for day in year.days:
        if day.date.year != year.year:
            msg = f"Ngày {day.date:%d/%m/%Y} không thuộc năm {year.year}."
            raise ValueError(msg)
    return year


def read_day(entry: Mapping[str, Any]) -> CalendarDay:
    """Read one day with the fields of ``calendar show``; only ``date`` and ``kind`` are required.

    Raises:
        ValueError: a field can't be read; the message is a Vietnamese sentence.
    """
    written = str(entry.get("date") or "").strip()
    try:
        day = date.fromisoformat(written)
    except ValueError:
        msg = f"Không đọc được ngày “{written}”; hãy ghi như 2026-11-24."
        raise ValueError(msg) from None
    kind = str(entry.get("kind") or "").strip()
    if kind not in set(DayKind):
        msg = f"Loại ngày “{kind}” không có; hãy ghi holiday, makeup hoặc special."
        raise ValueError(msg)
    hours = entry.get("hours")
    return CalendarDay(
        date=day,
        kind=DayKind(kind),
        name=str(entry.get("name") or "").strip(),
        hours=None if hours is None else parse_hours(str(hours)),
        counts=entry.get("counts"),
        confirmed=bool(entry.get("confirmed", True)),
        source=str(entry.get("source") or "").strip(),
    )


def write_day(day: CalendarDay) -> dict[str, Any]:
    """Write a day with the fields of ``calendar show``."""
    return {
        "date": day.date.isoformat(),
        "kind": day.kind.value,
        "name": day.name,
        "hours": None if day.hours is None else format_hours(day.hours),
        "counts": day.counts,
        "confirmed": day.confirmed,
        "source": day.source,
    }
