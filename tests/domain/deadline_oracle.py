"""A slow second opinion on due moments: minute by minute and day by day, sharing no code.

It reads the contract's sentences as literally as it can and uses plain sets, no table, no bisect.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HORIZON = 800  # days without an end: only an open pause does that here


@dataclass(frozen=True)
class Office:
    """Hours as (start, end) minutes, days as dates."""

    weekday: tuple[tuple[int, int], ...]
    saturday: tuple[tuple[int, int], ...] = ()
    holidays: frozenset[date] = frozenset()
    makeups: frozenset[date] = frozenset()
    specials: dict[date, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def sessions(self, day: date) -> tuple[tuple[int, int], ...]:
        if day in self.specials:
            return self.specials[day]
        if day in self.holidays:
            return ()
        if day in self.makeups or day.weekday() < 5:
            return self.weekday
        return self.saturday if day.weekday() == 5 else ()

    def closing(self, day: date) -> datetime | None:
        sessions = self.sessions(day)
        if not sessions:
            return None
        return midnight(day) + timedelta(minutes=max(end for _start, end in sessions))

    def opening(self, day: date) -> datetime:
        return midnight(day) + timedelta(minutes=min(start for start, _end in self.sessions(day)))

    def is_open(self, moment: datetime) -> bool:
        minute = moment.hour * 60 + moment.minute
        return any(start <= minute < end for start, end in self.sessions(moment.date()))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def paused(moment: datetime, pauses) -> bool:
    return any(start <= moment and (end is None or moment < end) for start, end in pauses)


def due(office, received, *, limit, counting="day", cutoff=None, pauses=()):
    """Return the due moment, None while an open pause holds it."""
    amount, unit = limit.amount, limit.unit.value
    if unit == "ch":
        return run_down(received, amount * 60, lambda moment: True, pauses)
    kind = cutoff.kind.value if cutoff else "none"
    after_cutoff = cutoff is not None and received.hour * 60 + received.minute > cutoff.at
    works = bool(office.sessions(received.date()))
    if kind == "next-day-start" and (after_cutoff or not works):
        received = office.opening(next_open(office, received.date()))
    if unit == "wd" and amount == 0:
        held_over = kind == "next-day-result" and works and after_cutoff
        return same_day(office, received, pauses, held_over=held_over)
    if unit == "wd" and counting == "day":
        return nth_working_day(office, received.date(), amount, pauses)
    if unit in {"cd", "mo"}:
        return lapse(office, received, amount, unit, pauses)
    minutes = {"wd": 480, "h": 60, "m": 1}[unit] * amount
    return run_down(received, minutes, office.is_open, pauses)


def same_day(office, received, pauses, *, held_over):
    for day in days_from(received.date()):
        closing = office.closing(day)
        if closing is None or closing <= received or paused(closing, pauses):
            continue
        if not (held_over and day == received.date()):
            return closing
    return None


def nth_working_day(office, received_on, amount, pauses):
    count = 0
    for day in days_from(received_on + DAY):
        closing = office.closing(day)
        if closing is not None and not paused(closing, pauses):
            count += 1
            if count == amount:
                return closing
    return None


def run_down(moment, minutes, counts, pauses):
    limit = moment + HORIZON * DAY
    while minutes:
        if moment > limit:
            return None
        if not paused(moment, pauses):
            minutes -= counts(moment)
        elif any(start <= moment and end is None for start, end in pauses):
            return None
        moment += MINUTE
    return moment


def lapse(office, received, amount, unit, pauses):
    day = received.date()
    if unit == "cd":
        base = day + amount * DAY
    else:
        month = day.month - 1 + amount
        year, month = day.year + month // 12, month % 12 + 1
        base = date(year, month, min(day.day, monthrange(year, month)[1]))
    due_at = first_free_closing(office, base, pauses)
    for _ in range(HORIZON):  # the due moment grows with the pauses until it stands
        if due_at is None:
            return None
        begun = [p for p in pauses if p[0] <= due_at]
        added = sum(
            paused(midnight(other), begun) and midnight(other) > received
            for other in days_between(received.date(), due_at.date() + 60 * DAY)
        )
        moved = first_free_closing(office, base + added * DAY, pauses)
        if moved == due_at:
            return due_at
        due_at = moved
    return None


def first_free_closing(office, day, pauses):
    for other in days_from(day):
        closing = office.closing(other)
        if closing is not None and not paused(closing, pauses):
            return closing
    return None


def next_open(office, day):
    return next(other for other in days_from(day + DAY) if office.sessions(other))


def days_from(day):
    for count in range(HORIZON):
        yield day + count * DAY


def days_between(first, last):
    for count in range((last - first).days + 1):
        yield first + count * DAY
