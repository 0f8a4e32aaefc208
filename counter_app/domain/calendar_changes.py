"""What a changed calendar does to a promise, and the days of a decision as a clerk types them.

A printed date is never moved earlier: a promise moves only if the new calendar makes it later.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.calendar import CalendarDay, DayKind, format_hours, parse_hours
from counter_app.domain.days import DayError, parse_day
from counter_app.domain.deadlines import NO_CUTOFF, Counting, CutOff, Limit, Pause, promise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_app.domain.calendar import Calendar

_LONGEST_RANGE = 92
_TWO_ENDS = 2
_PART = re.compile(r"[;,\n]")
_RANGE = re.compile(r"\s*(?:–|—|đến|\s-\s|(?<=\d)-(?=\d{1,2}/))\s*")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})[/.](\d{1,2})", re.ASCII)

KIND_LABELS = {
    DayKind.HOLIDAY: "nghỉ",
    DayKind.MAKEUP: "làm bù",
    DayKind.SPECIAL: "giờ riêng",
}
# Before any colour: what a square of the year shows.
KIND_MARKS = {DayKind.HOLIDAY: "N", DayKind.MAKEUP: "B", DayKind.SPECIAL: "R"}


def in_words(days: Iterable[CalendarDay], years: Iterable[int] = ()) -> str:
    """Tell dated days, and the years that are announced, in one line of the log."""
    told = [f"năm {year} đã công bố" for year in sorted(years)]
    for day in sorted(days, key=lambda one: (one.date, one.kind)):
        word = "" if day.confirmed else " (dự kiến)"
        told.append(f"{day.date:%d/%m/%Y} {KIND_LABELS[day.kind]}{word} {day.name}".strip())
    return "; ".join(told)


class Fate(StrEnum):
    """What becomes of a touched promise."""

    MOVED = "moved"  # the new calendar makes it later
    CONFIRMED = "confirmed"  # it was provisional; the same day holds for certain
    KEPT = "kept"  # it was provisional; the new calendar would be earlier, the printed day stays
    OUTLASTED = "outlasted"  # the limit ends later, yet not after the day it was rescheduled to


FATE_LABELS = {
    Fate.MOVED: "hẹn muộn hơn",
    Fate.CONFIRMED: "hết tạm tính, ngày không đổi",
    Fate.KEPT: "giữ ngày đã in, hết tạm tính",
    Fate.OUTLASTED: "giữ ngày đã hẹn lại",
}


class Term(NamedTuple):
    """What a running promise was counted from.

    ``limit`` None: nobody told how it was counted (a list, another system). ``pauses`` are those
    that have ended.
    """

    base: datetime
    limit: Limit | None
    counting: Counting
    cutoff: CutOff
    legal_due_at: datetime
    is_provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Limit, ...] = ()


class Recount(NamedTuple):
    """A touched promise: the due moment that holds from now on, and why it is on the list."""

    due_at: datetime
    is_provisional: bool
    fate: Fate


def recount(before: Sequence[Calendar], after: Calendar, term: Term) -> Recount | None:
    """Return what a changed calendar makes of a promise; None if it doesn't touch it.

    Args:
        before: the calendars the promise may have been made by, the oldest first.
        after: the calendar that holds from now on.
        term: what was promised, and by which count.
    """
    legal = term.legal_due_at
    counted = _counted(after, term)
    if counted is not None and (
        counted[0] == legal or any(_is_own(calendar, term) for calendar in before)
    ):
        due_at, provisional = counted
    else:
        due_at = _same_working_days(before[0], after, term)
        provisional = not after.is_certain(term.base.date(), due_at.date())
    if due_at > legal:
        return Recount(due_at, is_provisional=provisional, fate=Fate.MOVED)
    if term.is_provisional and not provisional:
        fate = Fate.CONFIRMED if due_at == legal else Fate.KEPT
        return Recount(legal, is_provisional=False, fate=fate)
    return None


def _is_own(calendar: Calendar, term: Term) -> bool:
    counted = _counted(calendar, term)
    return counted is not None and counted[0] == term.legal_due_at


def _counted(calendar: Calendar, term: Term) -> tuple[datetime, bool] | None:
    """Count a term with its pauses, then its extensions; None if nobody told how."""
    if term.limit is None:
        return None
    found = promise(
        calendar,
        received=term.base,
        limit=term.limit,
        counting=term.counting,
        cutoff=term.cutoff,
        pauses=term.pauses,
    )
    provisional = found.provisional
    for longer in term.extensions:
        if found.due_at is None:
            return None
        found = promise(
            calendar,
            received=found.due_at,
            limit=longer,
            counting=term.counting,
            cutoff=NO_CUTOFF,
            pauses=term.pauses,
        )
        provisional = provisional or found.provisional
    return None if found.due_at is None else (found.due_at, provisional)


def _same_working_days(before: Calendar, after: Calendar, term: Term) -> datetime:
    """Return the moment that gives a promise on paper or from a list as many working days."""
    legal = term.legal_due_at
    days = before.working_days_between(term.base.date(), legal.date())
    if days == after.working_days_between(term.base.date(), legal.date()) or not days:
        day = legal.date()
        if not before.is_working_day(day) or after.is_working_day(day):
            return legal
        return _at_latest(after, after.next_working_day(day), legal.time())
    return _at_latest(after, after.add_working_days(term.base.date(), days), legal.time())


def _at_latest(calendar: Calendar, day: date, hour: time) -> datetime:
    sessions = calendar.working_sessions(day)
    closing = sessions[-1].end if sessions else 0
    return datetime.combine(day, min(hour, time(closing // 60, closing % 60)) if closing else hour)


class DayChange(NamedTuple):
    """A day whose hours that count differ."""

    date: date
    before: str
    after: str


def changed_days(before: Calendar, after: Calendar, days: Iterable[date]) -> list[DayChange]:
    """Return which of these days differ for deadlines, in words."""
    return [
        DayChange(day, _said(before, day), _said(after, day))
        for day in sorted(set(days))
        if before.working_sessions(day) != after.working_sessions(day)
        or before.desk_sessions(day) != after.desk_sessions(day)
    ]


def _said(calendar: Calendar, day: date) -> str:
    working, desk = calendar.working_sessions(day), calendar.desk_sessions(day)
    if working:
        return f"làm việc {format_hours(working)}"
    return f"mở quầy {format_hours(desk)}, không tính hạn" if desk else "nghỉ"


def parse_days(text: str, year: int) -> list[date]:
    """Read the days of a decision: single days and ranges, each once, in order.

    Raises:
        DayError: a part is no day or no range.

    >>> [f"{day:%d/%m}" for day in parse_days("30/4 - 2/5; 04/09/2026", 2026)]
    ['30/04', '01/05', '02/05', '04/09']
    """
    found: dict[date, None] = {}
    for part in _PART.split(text):
        if not part.strip():
            continue
        ends = _RANGE.split(part.strip())
        if len(ends) > _TWO_ENDS:
            msg = f"Không đọc được khoảng ngày “{part.strip()}”: gõ như 11/02/2027 - 17/02/2027."
            raise DayError(msg)
        first, last = _one_day(ends[0], year), _one_day(ends[-1], year)
        if last < first:
            msg = f"Khoảng ngày “{part.strip()}” có ngày cuối trước ngày đầu."
            raise DayError(msg)
        if (last - first).days >= _LONGEST_RANGE:
            msg = f"Khoảng ngày “{part.strip()}” dài quá {_LONGEST_RANGE} ngày: kiểm tra lại năm."
            raise DayError(msg)
        for step in range((last - first).days + 1):
            found[first + timedelta(days=step)] = None
    if not found:
        msg = "Chưa có ngày: gõ như 30/04 - 03/05 hoặc 24/11/2026."
        raise DayError(msg)
    return sorted(found)


def _one_day(text: str, year: int) -> date:
    short = _WITHOUT_YEAR.fullmatch(text.strip())
    return parse_day(f"{short[1]}/{short[2]}/{year}" if short else text)


def decided_days(
    dates: Iterable[date], *, kind: DayKind, name: str, hours: str, counts: bool | None, source: str
) -> tuple[CalendarDay, ...]:
    """Return the dated rows of one decision.

    Raises:
        ValueError: the hours can't be read; the message is a sentence.
    """
    own = parse_hours(hours) if kind is DayKind.SPECIAL else None
    return tuple(
        CalendarDay(
            day, kind, name.strip(), own, counts=counts if own else None, source=source.strip()
        )
        for day in dates
    )
