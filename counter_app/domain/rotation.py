"""Which copies of the data are kept: the newest of each hour, day and month, so many of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

_STEP = timedelta(microseconds=1)


class Rotation(NamedTuple):
    """How many hours, days and months keep a copy of their own."""

    hours: int = 24
    days: int = 30
    months: int = 24


USUAL = Rotation()


def _hour(moment: datetime) -> Hashable:
    return moment.date(), moment.hour


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _month(moment: datetime) -> Hashable:
    return moment.year, moment.month


def kept(made: Iterable[datetime], *, now: datetime, rotation: Rotation = USUAL) -> set[datetime]:
    """Return the copies that stay, by the moments they were made.

    Counted are hours, days and months that have a copy: an office that was closed for a month
    loses nothing by it. What a clock that ran ahead has made stays, and takes nobody's place.
    """
    moments = set(made)
    ahead = {moment for moment in moments if moment > now}
    rest = sorted(moments - ahead, reverse=True)
    return (
        ahead
        | _newest(rest, _hour, rotation.hours)
        | _newest(rest, _day, rotation.days)
        | _newest(rest, _month, rotation.months)
        | set(rest[:1])
    )


def stays(made: Iterable[datetime], *, now: datetime, rotation: Rotation = USUAL) -> list[bool]:
    """Tell of copies in the order in which they were made, oldest first, which ones stay.

    A clock may have been set back. While it is, what was made behind copies of times to come is
    thinned out apart from what was made before them. Once it is right again, what it named wrongly
    takes the place of no hour, day or month, and stays while it is among the last ones made.

    >>> days = [datetime(2026, 11, 26), datetime(2026, 11, 27), datetime(2025, 11, 26)]
    >>> stays(days, now=datetime(2026, 11, 28), rotation=Rotation(1, 1, 1))
    [False, True, True]
    """
    found: list[bool] = []
    run: list[datetime] = []
    for moment in made:
        if moment > now:
            found += [*_stays(run, now, rotation), True]
            run = []
        else:
            run.append(moment)
    return [*found, *_stays(run, now, rotation)]


def _stays(run: list[datetime], now: datetime, rotation: Rotation) -> list[bool]:
    """Tell which copies stay of a run that the present clock could have made."""
    trusted: dict[int, datetime] = {}
    newest = told = None
    for place, moment in enumerate(run):
        if newest is None or told is None or moment > newest:
            newest = told = trusted[place] = moment
        elif moment == newest:  # of two in one second the later one is the newer
            told = trusted[place] = told + _STEP
    stay = kept(trusted.values(), now=now, rotation=rotation)
    first = len(run) - max(1, rotation.hours)
    return [
        trusted[place] in stay if place in trusted else place >= first for place in range(len(run))
    ]


def _newest(
    moments: Iterable[datetime], part: Callable[[datetime], Hashable], most: int
) -> set[datetime]:
    """Return the newest of each part, of the newest parts; the moments come newest first."""
    found: dict[Hashable, datetime] = {}
    for moment in moments:
        if part(moment) in found:
            continue
        if len(found) == most:
            break
        found[part(moment)] = moment
    return set(found.values())
