"""The arithmetic of limits: minutes in, minutes out, through the table of working days.

A moment is the number of minutes since ordinal day 0. A pause is a pair of moments; it holds its
start and not its end, and an open one ends at ``OPEN``. None as an answer means that an open pause
began before the limit was used up.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from counter_app.domain.calendar import LONGEST_CLOSURE, Calendar
from counter_app.domain.limits import CutOff, CutOffKind, Limit, LimitUnit, Pause
from counter_app.domain.worktable import DAY_MINUTES, LAST_ORDINAL, WorkTable

Held = tuple[tuple[int, int], ...]

OPEN = (LAST_ORDINAL + 2) * DAY_MINUTES
_HOUR = 60
#: Systems convert 1 working day = 8 working hours (law.md 2.1), whatever the office's day holds.
WORKING_DAY_MINUTES = 8 * _HOUR
_MONTHS = 12
_FIRST_DAY = datetime(1, 1, 1)  # which has the ordinal 1


def to_minutes(moment: datetime) -> int:
    """Return the minutes since ordinal day 0; seconds are cut off."""
    return moment.toordinal() * DAY_MINUTES + moment.hour * _HOUR + moment.minute


def from_minutes(minutes: int) -> datetime:
    """Return the moment of these minutes.

    Raises:
        OverflowError: it lies after the year 9999.
    """
    return _FIRST_DAY + timedelta(minutes=minutes - DAY_MINUTES)


def merge_pauses(pauses: Iterable[Pause]) -> Held:
    """Return the stretches that are paused, in order; overlapping pauses count once."""
    merged: list[tuple[int, int]] = []
    spans = [(to_minutes(p.start), OPEN if p.end is None else to_minutes(p.end)) for p in pauses]
    for start, end in sorted(spans):
        if start >= end:  # holds nothing
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def minutes_of(limit: Limit) -> int:
    """Return the minutes of a limit that is counted by hours or by the clock."""
    if limit.unit is LimitUnit.WORKING_DAYS:
        return limit.amount * WORKING_DAY_MINUTES
    return limit.amount if limit.unit is LimitUnit.WORKING_MINUTES else limit.amount * _HOUR


def is_working(calendar: Calendar, ordinal: int) -> bool:
    """Whether the day with this ordinal is a working day."""
    return calendar.is_working_day(date.fromordinal(ordinal))


def passes_cutoff(calendar: Calendar, start: int, cutoff: CutOff) -> bool:
    """Whether a receipt falls on a working day strictly after the cut-off."""
    ordinal, of_day = divmod(start, DAY_MINUTES)
    return of_day > cutoff.at and is_working(calendar, ordinal)


def counted_from(calendar: Calendar, start: int, limit: Limit, cutoff: CutOff) -> int:
    """Return the moment as received at which the limit runs.

    Under ``next-day-start`` a receipt on a working day after the cut-off, or on a day that is no
    working day, counts as made at the opening of the next working day; clock hours never move.
    """
    if cutoff.kind is not CutOffKind.NEXT_DAY_START or limit.unit is LimitUnit.CLOCK_HOURS:
        return start
    ordinal = start // DAY_MINUTES
    if is_working(calendar, ordinal) and not passes_cutoff(calendar, start, cutoff):
        return start
    table, place = _reach(calendar, (ordinal + 1) * DAY_MINUTES, 1)
    return table.ordinals[place] * DAY_MINUTES + table.hours[place][0][0]


def _reach(calendar: Calendar, since: int, count: int) -> tuple[WorkTable, int]:
    """Return a table and the place in it of the count-th closing at or after a moment."""
    table = calendar.table_at(since // DAY_MINUTES)
    place = bisect_left(table.closings, since) + count - 1
    while place >= len(table.closings):
        table = calendar.longer(table)
    return table, place


def free_closing(calendar: Calendar, since: int, count: int, held: Held) -> int | None:
    """Return the count-th closing at or after a moment, of those that lie in no pause."""
    for start, end in held:
        if end <= since:
            continue
        table, place = _reach(calendar, since, count)
        if table.closings[place] < start:
            return table.closings[place]
        if start > since:
            count -= bisect_left(table.closings, start) - bisect_left(table.closings, since)
        if end == OPEN:
            return None
        since = end
    table, place = _reach(calendar, since, count)
    return table.closings[place]


def worked_off(calendar: Calendar, since: int, minutes: int, held: Held) -> int | None:
    """Return the moment by which this many unpaused working minutes are used up."""
    for start, end in held:
        if end <= since:
            continue
        table, moment = _work(calendar, since, minutes)
        if moment <= start:  # used up by the time the pause begins
            return moment
        if start > since:
            minutes -= table.worked_until(start) - table.worked_until(since)
        if end == OPEN:
            return None
        since = end
    return _work(calendar, since, minutes)[1]


def _work(calendar: Calendar, since: int, minutes: int) -> tuple[WorkTable, int]:
    table = calendar.table_at(since // DAY_MINUTES)
    total = table.worked_until(since) + minutes
    while table.worked[-1] < total:
        table = calendar.longer(table)
    return table, table.moment_worked(total)


def clocked_off(since: int, minutes: int, held: Held) -> int | None:
    """Return the moment by which this many unpaused minutes of the clock are used up."""
    for start, end in held:
        if end <= since:
            continue
        if since + minutes <= start:
            break
        minutes -= max(start - since, 0)
        if end == OPEN:
            return None
        since = end
    return since + minutes


def last_day(start: int, limit: Limit) -> int:
    """Return the ordinal of the Nth calendar day, or of the same-numbered day N months on.

    BLDS 2015 Điều 148.3: without such a day in the last month, that month's last day.
    """
    ordinal = start // DAY_MINUTES
    if limit.unit is LimitUnit.CALENDAR_DAYS:
        return ordinal + limit.amount
    day = date.fromordinal(ordinal)
    years, month = divmod(day.month - 1 + limit.amount, _MONTHS)
    year = day.year + years
    if year > date.max.year:
        msg = "no month after 9999-12"
        raise OverflowError(msg)
    month_length = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, month_length)).toordinal()


def paused_midnights(after: int, until: int, held: Held) -> int:
    """Count the paused midnights later than one moment, of pauses begun by another."""
    count = 0
    for start, end in held:
        if start > until:
            break
        first = -(-max(start, after + 1) // DAY_MINUTES)
        count += max(-(-end // DAY_MINUTES) - first, 0)
    return count


def lapsed(calendar: Calendar, start: int, last: int, held: Held) -> int | None:
    """Return the closing at which a limit in days or months ends.

    Each midnight later than receipt inside a pause that begins no later than the due moment adds a
    day; then the first working day's closing from that day on that lies in no pause (BLDS 2015
    Điều 148.5). The due moment grows with the pauses until it stands.
    """
    day = last
    while True:
        closing = free_closing(calendar, day * DAY_MINUTES, 1, held)
        if closing is None:
            return None
        extended = last + paused_midnights(start, closing, held)
        if extended <= day:
            return closing
        day = extended


def is_too_long_closed(calendar: Calendar, first: int, last: int) -> bool:
    """Whether so many days in a row are closed that no answer is better than a guess."""
    overlaps = (min(last, run.last) - max(first, run.first) + 1 for run in calendar.closed_runs)
    return max(overlaps, default=0) >= LONGEST_CLOSURE
