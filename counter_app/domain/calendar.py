"""The office's calendar (lịch làm việc): opening hours, days off, make-up days and special days.

Two facts are kept apart for every day: whether the desk is open, and whether the day counts as a
working day. A commune that receives dossiers on Saturday mornings opens its desk without making
Saturday a working day for deadlines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from counter_app.domain.worktable import LAST_ORDINAL, WorkTable

_SESSION = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_TWENTY_YEARS = 20 * 366
#: This many days in a row without an opening are an error, never a guess.
LONGEST_CLOSURE = 4000
NO_HOURS = "Lịch chưa có giờ làm việc nào được tính; hãy đặt giờ làm việc trong tuần."


class Session(NamedTuple):
    """One stretch of opening hours (buổi làm việc), in minutes of the day."""

    start: int
    end: int

    def __str__(self) -> str:
        """Write the session as ``07:30-11:30``."""
        return f"{clock(self.start)}-{clock(self.end)}"


Hours = tuple[Session, ...]


def clock(minute: int) -> str:
    """Write a minute of the day as ``HH:MM``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_hours(text: str) -> Hours:
    """Read opening hours (giờ làm việc), sorted; an empty text is a closed day.

    Raises:
        ValueError: a session is unreadable, crosses midnight, is empty or overlaps another one.

    >>> format_hours(parse_hours("13:00-17:00, 07:30-11:30"))
    '07:30-11:30,13:00-17:00'
    """
    sessions = []
    for part in text.split(","):
        written = part.strip()
        if not written and not text.strip():
            continue
        match = _SESSION.fullmatch(written)
        if match is None:
            msg = f"Không đọc được giờ làm việc “{written}”; hãy ghi như 07:30-11:30."
            raise ValueError(msg)
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        session = Session(from_hour * 60 + from_minute, to_hour * 60 + to_minute)
        if session.start >= session.end:
            msg = f"Buổi làm việc “{written}” phải bắt đầu trước khi kết thúc, trong cùng một ngày."
            raise ValueError(msg)
        sessions.append(session)
    return check_hours(sessions)


def check_hours(sessions: Iterable[Session]) -> Hours:
    """Return the sessions in order.

    Raises:
        ValueError: two of them overlap.
    """
    hours = tuple(sorted(sessions))
    for earlier, later in pairwise(hours):
        if later.start < earlier.end:
            msg = f"Hai buổi làm việc {earlier} và {later} chồng lên nhau."
            raise ValueError(msg)
    return hours


def format_hours(hours: Hours) -> str:
    """Write opening hours as ``07:30-11:30,13:00-17:00``."""
    return ",".join(map(str, hours))


class DayKind(StrEnum):
    """What a dated row of the calendar is (ngày nghỉ lễ, ngày làm bù, ngày riêng)."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    SPECIAL = "special"


#: Which row holds when a date has several: its own hours, then the day off, then the make-up day.
_RANK = {DayKind.MAKEUP: 0, DayKind.HOLIDAY: 1, DayKind.SPECIAL: 2}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One dated row of the calendar (ngày trong lịch), with its source.

    ``hours`` belong to a special day only (empty: closed). ``counts`` says whether a day with hours
    is a working day; None leaves it to the kind, False opens the desk only.
    """

    date: date
    kind: DayKind
    name: str = ""
    hours: Hours | None = None
    counts: bool | None = None
    confirmed: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse hours on a day whose kind already fixes them."""
        if self.hours is not None and self.kind is not DayKind.SPECIAL:
            msg = f"Ngày {self.date:%d/%m/%Y} không phải ngày riêng nên không có giờ riêng."
            raise ValueError(msg)


class ClosedRun(NamedTuple):
    """A run of days without an opening that is too long to count through (ordinals, inclusive)."""

    first: int
    last: int


class Calendar:
    """The calendar of one office (lịch của đơn vị); build it with ``make_calendar``.

    It never changes: an edited calendar is a new one with a new ``version``. The table of working
    days behind it is built when first asked for and grows as far as the questions go.
    """

    __slots__ = (
        "_confirmed_years",
        "_days",
        "_desk",
        "_desk_week",
        "_uncertain",
        "_week",
        "_working",
        "closed_runs",
        "saturday_hours",
        "table",
        "version",
        "weekday_hours",
    )

    def __init__(
        self,
        *,
        weekday_hours: Hours,
        saturday_hours: Hours,
        saturday_counts: bool,
        days: dict[int, CalendarDay],
        confirmed_years: frozenset[int] | None,
        version: int,
    ) -> None:
        """Resolve every dated row into the hours of the desk and the hours that count."""
        self.weekday_hours = weekday_hours
        self.saturday_hours = saturday_hours
        self.version = version
        counted_saturday = saturday_hours if saturday_counts else ()
        # Indexed by ordinal % 7, which is 0 on Sundays and 6 on Saturdays.
        self._desk_week: tuple[Hours, ...] = ((), *[weekday_hours] * 5, saturday_hours)
        self._week: tuple[Hours, ...] = ((), *[weekday_hours] * 5, counted_saturday)
        self._days = days
        self._desk = {o: self._dated_hours(day) for o, day in days.items()}
        self._working = {o: () if days[o].counts is False else h for o, h in self._desk.items()}
        self._confirmed_years = confirmed_years
        self._uncertain = sorted(
            o for o, day in days.items() if not day.confirmed and self._changes_the_week(o)
        )
        self.closed_runs = self._long_closures()
        # As far as it has been built; a calendar with long closures keeps none.
        self.table: WorkTable | None = None

    def _dated_hours(self, day: CalendarDay) -> Hours:
        if day.kind is DayKind.SPECIAL:
            return day.hours or ()
        return self.weekday_hours if day.kind is DayKind.MAKEUP else ()

    def _changes_the_week(self, ordinal: int) -> bool:
        return self._working[ordinal] != self._week[ordinal % 7]

    def _long_closures(self) -> tuple[ClosedRun, ...]:
        """Find the closures too long to count through; almost always there are none."""
        closed = sorted(o for o, hours in self._working.items() if not hours)
        if not self.ever_opens or len(closed) < LONGEST_CLOSURE // 7:
            return ()
        runs, start = [], closed[0] - 7
        for ordinal in range(closed[0] - 7, closed[-1] + 8):
            if self._working.get(ordinal, self._week[ordinal % 7]):
                if ordinal - start >= LONGEST_CLOSURE:
                    runs.append(ClosedRun(start, ordinal - 1))
                start = ordinal + 1
        return tuple(runs)

    # -- single days ------------------------------------------------------------------------

    @property
    def ever_opens(self) -> bool:
        """Whether an ordinary week has a working day at all."""
        return any(self._week)

    def day(self, day: date) -> CalendarDay | None:
        """Return the dated row that holds on this day, if there is one."""
        return self._days.get(day.toordinal())

    def dated_days(self, year: int) -> tuple[CalendarDay, ...]:
        """Return the rows of a year that hold, by date."""
        found = (day for day in self._days.values() if day.date.year == year)
        return tuple(sorted(found, key=lambda day: day.date))

    def desk_sessions(self, day: date) -> Hours:
        """Return the hours in which the desk is open."""
        ordinal = day.toordinal()
        return self._desk.get(ordinal, self._desk_week[ordinal % 7])

    def working_sessions(self, day: date) -> Hours:
        """Return the hours of a working day (ngày làm việc); empty if the day doesn't count."""
        ordinal = day.toordinal()
        return self._working.get(ordinal, self._week[ordinal % 7])

    def is_desk_open(self, day: date) -> bool:
        """Whether the desk opens on this day."""
        return bool(self.desk_sessions(day))

    def is_working_day(self, day: date) -> bool:
        """Whether this day counts for deadlines."""
        return bool(self.working_sessions(day))

    # -- what is official -------------------------------------------------------------------

    def is_confirmed(self, year: int) -> bool:
        """Whether the calendar of this year has been announced."""
        return self._confirmed_years is None or year in self._confirmed_years

    def is_certain(self, first: date, last: date) -> bool:
        """Whether these days rest on announced years and on confirmed rows only."""
        confirmed = self._confirmed_years
        if confirmed is not None:
            for year in range(first.year, last.year + 1):
                if year not in confirmed:
                    return False
        uncertain = self._uncertain
        if not uncertain:
            return True
        place = bisect_left(uncertain, first.toordinal())
        return place == len(uncertain) or uncertain[place] > last.toordinal()

    # -- counting ---------------------------------------------------------------------------

    def table_at(self, ordinal: int) -> WorkTable:
        """Return a table of working days that covers the day with this ordinal.

        A question far away from the others gets a table of its own, so that one pause until the
        year 9999 doesn't fill the memory.

        Raises:
            OverflowError: there is no such day.
        """
        if ordinal > LAST_ORDINAL:
            msg = "no day after 9999-12-31"
            raise OverflowError(msg)
        table = self.table
        if table is None:
            table = self._keep(WorkTable.around(ordinal, self._week, self._working))
        elif ordinal < table.first and table.first - ordinal < _TWENTY_YEARS:
            table = self._keep(table.reaching_back(ordinal))
        elif not table.first <= ordinal < table.end + _TWENTY_YEARS:
            table = WorkTable.around(ordinal, self._week, self._working)
        while ordinal >= table.end:
            table = self.longer(table)
        return table

    def longer(self, table: WorkTable) -> WorkTable:
        """Return the table with more days at its end; places in it stay the same.

        Raises:
            OverflowError: the table has reached the last day a calendar can show.
        """
        grown = table.longer()
        return self._keep(grown) if table is self.table else grown

    def _keep(self, table: WorkTable) -> WorkTable:
        if not self.closed_runs:  # so that the fast path needn't look for them
            self.table = table
        return table

    def add_working_days(self, day: date, count: int) -> date:
        """Return the count-th working day after this day (before it, if negative).

        Raises:
            ValueError: the calendar has no working days.
        """
        self.check_opens()
        if count == 0:
            return day
        ordinal, left = day.toordinal(), abs(count)
        if count > 0:
            table = self.table_at(ordinal)
            place = table.after[ordinal - table.first] + count - 1
            while place >= len(table.ordinals):
                table = self.longer(table)
            return date.fromordinal(table.ordinals[place])
        while left:
            ordinal -= 1
            left -= bool(self._working.get(ordinal, self._week[ordinal % 7]))
        return date.fromordinal(ordinal)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after this day."""
        return self.add_working_days(day, 1)

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days after one day up to and including another."""
        if until <= after:
            return 0
        first, last = after.toordinal(), until.toordinal()
        table = self.table_at(first)
        while last >= table.end:
            table = self.longer(table)
        return table.after[last - table.first] - table.after[first - table.first]

    def working_days(self, year: int) -> int:
        """Count the working days of a year."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        working, week = self._working, self._week
        return sum(1 for o in range(first, last + 1) if working.get(o, week[o % 7]))

    def check_opens(self) -> None:
        """Refuse a calendar whose ordinary week has no opening, whatever its special days say.

        Raises:
            ValueError: it has none.
        """
        if not self.ever_opens:
            raise ValueError(NO_HOURS)


def make_calendar(
    *,
    weekday_hours: Hours,
    saturday_hours: Hours = (),
    saturday_counts: bool = True,
    days: Iterable[CalendarDay] = (),
    confirmed_years: Collection[int] | None = None,
    version: int = 0,
) -> Calendar:
    """Build the calendar of an office (lịch của đơn vị) from its hours and dated rows.

    A special day has just the hours it is given; else a holiday is closed; else a make-up day has
    the weekday hours, also on a Sunday. Of two rows of one kind on one date the later holds.
    ``confirmed_years`` None means that every year is taken as announced.
    """
    holding: dict[int, CalendarDay] = {}
    for day in days:
        ordinal = day.date.toordinal()
        other = holding.get(ordinal)
        if other is None or _RANK[day.kind] >= _RANK[other.kind]:
            holding[ordinal] = day
    return Calendar(
        weekday_hours=check_hours(weekday_hours),
        saturday_hours=check_hours(saturday_hours),
        saturday_counts=saturday_counts,
        days=holding,
        confirmed_years=None if confirmed_years is None else frozenset(confirmed_years),
        version=version,
    )
