"""A deadline against ``holidays.get_nth_working_day``, both over the same random questions."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from counter_app.domain.deadlines import Limit, LimitUnit, due_moment
from counter_app.services import calendars
from tests.bench import data
from tests.bench.report import Bench, Line, Unmeasured, at_least

_GOAL = 50


def measure(bench: Bench) -> list[Line]:
    """Ask both for the same days and check ours against a day-by-day walk."""
    try:
        import holidays
    except ImportError:
        raise Unmeasured("a deadline", "holidays is not installed") from None
    path = data.file_of(bench.folder, 0, with_events=True, say=bench.say)
    store = data.open_file(path)
    calendar = calendars.calendar(store)
    store.close()
    draw = random.Random(4)
    first = datetime(2024, 1, 2, 9, 0)
    asked = [
        (first + timedelta(days=draw.randrange(1000)), draw.randint(1, 60))
        for _ in range(bench.times(5000, 500))
    ]
    limits = [Limit(n, LimitUnit.WORKING_DAYS) for _, n in asked]
    moments = [at for at, _ in asked]
    days = [at.date() for at in moments]
    due_moment(calendar, datetime(2030, 1, 2, 9, 0), limits[0])
    found: list[datetime] = []
    rounds = []
    for _ in range(5):
        begun = time.perf_counter()
        found = [due_moment(calendar, at, limit) for at, limit in zip(moments, limits, strict=True)]
        rounds.append((time.perf_counter() - begun) / len(asked))
    ours = statistics.median(rounds)
    vietnam = holidays.country_holidays("VN", years=range(2023, 2029))
    begun = time.perf_counter()
    theirs = [vietnam.get_nth_working_day(day, n) for day, (_, n) in zip(days, asked, strict=True)]
    peer = (time.perf_counter() - begun) / len(asked)
    for (at, n), due in zip(asked, found, strict=True):
        if due.date() != _walk(calendar.is_working_day, at.date(), n):
            raise AssertionError(f"{at:%Y-%m-%d} + {n}: {due:%Y-%m-%d} is not what a walk finds")
    differ = sum(due.date() != other for due, other in zip(found, theirs, strict=True))
    name = f"holidays (differs from the official calendar in {differ} of {len(asked):,})"
    line = at_least("a deadline", ours, peer, _GOAL, peer_name=name)
    return [line._replace(ours=f"{ours * 1e9:.0f} ns")]


def _walk(is_working: Callable[[date], bool], day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day
