"""Whether the desks of an office work by the same catalogue, calendar, wordings and people.

These don't travel after the invitation yet. Their marks do, in each bundle: a desk where something
was changed alone is told of, entry by entry, before anybody relies on it. A mark is no secret:
nothing of passwords or recovery codes goes into one.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from counter_app.domain.calendar import DayKind
from counter_app.domain.office_marks import (
    CALENDAR,
    CATALOGUE,
    PEOPLE,
    WORDINGS,
    differing_groups,
    mark_of,
)
from counter_app.services.settings import get_settings

if TYPE_CHECKING:
    from counter_app.domain.office_marks import Marks
    from counter_app.storage.database import Store

_TOLD = "_office_told:"
_DAYS = {
    DayKind.HOLIDAY: "nghỉ lễ",
    DayKind.MAKEUP: "làm bù",
    DayKind.SPECIAL: "ngày riêng",
}
_HOURS = {
    "weekday_hours": "giờ làm việc ngày thường",
    "saturday_hours": "giờ làm việc thứ Bảy",
    "saturday_counts": "thứ Bảy có tính vào hạn",
}


def marks(store: Store) -> dict[str, dict[str, str]]:
    """Return the marks of what this desk works by, under names a person knows."""
    settings = get_settings(store)
    days = store.rows('SELECT date, kind, hours, "counts", is_confirmed FROM calendarday')
    years = store.rows("SELECT year, is_confirmed FROM calendaryear")
    calendar = {_day_name(*row[:2]): mark_of(row[2:]) for row in days}
    calendar |= {f"năm {row[0]}": mark_of(row[1:]) for row in years}
    calendar |= {words: mark_of([settings[key]]) for key, words in _HOURS.items()}
    procedures = store.rows(
        "SELECT code, valid_from, name, sector, body, confirmation FROM procedure"
    )
    return {
        CATALOGUE: {_version_name(*row[:2]): mark_of(row[2:]) for row in procedures},
        CALENDAR: calendar,
        WORDINGS: {
            row[0]: mark_of(row[1:])
            for row in store.rows("SELECT version, valid_from, body FROM formversion")
        },
        PEOPLE: {
            row[0]: mark_of(row[1:])
            for row in store.rows("SELECT name, position, unit, is_active FROM officer")
        },
    }


def _version_name(code: str, valid_from: str) -> str:
    return f"{code} từ {date.fromisoformat(valid_from):%d/%m/%Y}" if valid_from else code


def _day_name(day: str, kind: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y} ({_DAYS[DayKind(kind)]})"


def keep(store: Store, origin: str, told: Marks, *, created_at: str) -> None:
    """Keep what a desk works by, as its bundle says; part of the running transaction.

    An older file that arrives last takes nothing back, a file of an older program tells nothing.
    """
    if not told:
        return
    row = store.row("SELECT value FROM setting WHERE key = ?", (f"{_TOLD}{origin}",))
    if row is not None and json.loads(row[0])["created_at"] > created_at:
        return
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (
            f"{_TOLD}{origin}",
            json.dumps({"created_at": created_at, "marks": told}, ensure_ascii=False),
        ),
    )


def differing(store: Store) -> dict[str, list[str]]:
    """Return for each desk what it works by otherwise than this one, by its last word."""
    rows = store.rows(
        "SELECT substr(key, ?), value FROM setting WHERE substr(key, 1, ?) = ?",
        (len(_TOLD) + 1, len(_TOLD), _TOLD),
    )
    told = {origin: json.loads(value)["marks"] for origin, value in rows}
    if not told:
        return {}
    here = marks(store)
    found = {origin: differing_groups(here, theirs) for origin, theirs in told.items()}
    return {origin: groups for origin, groups in found.items() if groups}
