"""The table of working days behind a calendar: adding N working days is one look-up.

Moments are counted in minutes from ordinal day 0, so that ``minute // 1440`` is a day's ordinal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime, timedelta

DAY_MINUTES = 1440
_FIRST_DAYS = 2 * 366
LAST_ORDINAL = date.max.toordinal()

Spans = tuple[tuple[int, int], ...]


class WorkTable:
    """The working days of a stretch of the calendar, in order; it never changes once built.

    ``after[ordinal - first]`` is the place of the first working day after that day, ``closings``
    and ``closing_at`` are the days' closing moments, ``worked`` the working minutes before each.
    """

    __slots__ = (
        "_dated",
        "_week",
        "after",
        "closing_at",
        "closings",
        "end",
        "first",
        "hours",
        "ordinals",
        "worked",
    )

    def __init__(self, first: int, week: tuple[Spans, ...], dated: Mapping[int, Spans]) -> None:
        """Make an empty table that begins on the day with this ordinal."""
        self.first = first
        self.end = first
        self._week = week
        self._dated = dated
        self.after: list[int] = []
        self.ordinals: list[int] = []
        self.hours: list[Spans] = []
        self.closings: list[int] = []
        self.closing_at: list[datetime] = []
        self.worked: list[int] = [0]

    @classmethod
    def around(cls, ordinal: int, week: tuple[Spans, ...], dated: Mapping[int, Spans]) -> WorkTable:
        """Build a table from the beginning of the day's year on."""
        first = date(date.fromordinal(ordinal).year, 1, 1).toordinal()
        table = cls(first, week, dated)
        table._fill(first + _FIRST_DAYS)
        return table

    def reaching_back(self, ordinal: int) -> WorkTable:
        """Return a table that covers this earlier day too; its places are new ones."""
        table = WorkTable(
            date(date.fromordinal(ordinal).year, 1, 1).toordinal(), self._week, self._dated
        )
        table._fill(self.end)
        return table

    def longer(self) -> WorkTable:
        """Return a table half as long again.

        Raises:
            OverflowError: there is no later day.
        """
        if self.end > LAST_ORDINAL:
            msg = "no day after 9999-12-31"
            raise OverflowError(msg)
        table = WorkTable(self.first, self._week, self._dated)
        for name in ("after", "ordinals", "hours", "closings", "closing_at", "worked"):
            setattr(table, name, getattr(self, name).copy())
        table.end = self.end
        table._fill(self.end + max(_FIRST_DAYS, (self.end - self.first) // 2))
        return table

    def _fill(self, end: int) -> None:
        """Append the days up to (not including) ``end``."""
        end = min(end, LAST_ORDINAL + 1)
        week, dated, worked = self._week, self._dated, self.worked[-1]
        place = len(self.ordinals)
        kinds: dict[Spans, tuple[int, timedelta, int]] = {}  # few: a week has two or three
        for ordinal in range(self.end, end):
            hours = dated[ordinal] if ordinal in dated else week[ordinal % 7]
            if hours:
                found = kinds.get(hours)
                if found is None:
                    minute = hours[-1][1]
                    minutes = sum(stop - start for start, stop in hours)
                    found = kinds[hours] = (minute, timedelta(minutes=minute), minutes)
                closing, until, length = found
                place += 1
                self.ordinals.append(ordinal)
                self.hours.append(hours)
                self.closings.append(ordinal * DAY_MINUTES + closing)
                self.closing_at.append(datetime.fromordinal(ordinal) + until)
                worked += length
                self.worked.append(worked)
            self.after.append(place)
        self.end = end

    def worked_until(self, minute: int) -> int:
        """Return the working minutes from the table's beginning to this moment."""
        ordinal, of_day = divmod(minute, DAY_MINUTES)
        place = self.after[ordinal - self.first]
        if not place or self.ordinals[place - 1] != ordinal:
            return self.worked[place]
        done = self.worked[place - 1]
        for start, stop in self.hours[place - 1]:
            if of_day <= start:
                break
            done += min(of_day, stop) - start
        return done

    def moment_worked(self, total: int) -> int:
        """Return the first moment by which this many minutes are worked: a session's end as such.

        The table must hold them: ``0 < total <= worked[-1]``.
        """
        place = bisect_left(self.worked, total) - 1
        left = total - self.worked[place]
        for start, stop in self.hours[place]:
            if left <= stop - start:
                return self.ordinals[place] * DAY_MINUTES + start + left
            left -= stop - start
        msg = "a day's sessions hold fewer minutes than the table says"
        raise AssertionError(msg)
