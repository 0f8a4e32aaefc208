"""Which copies of the data are kept: the newest of each hour, day and month, so many of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import datetime


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
