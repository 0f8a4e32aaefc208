"""Periods that offices report on, seen from a day: months, quarters, years, statistics quarters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from counter_app.domain.figures import Period

_MONTHS, _QUARTER, _NINE = 12, 3, 9


class Preset(NamedTuple):
    """A period by its name."""

    key: str
    label: str
    period: Period


def months_from(year: int, month: int, count: int) -> Period:
    """Return so many whole months from a month on; the month may run over the year's ends."""
    first = _first(year * _MONTHS + month - 1)
    return Period(first, _first(year * _MONTHS + month - 1 + count) - timedelta(days=1))


def is_month(period: Period, key: str) -> bool:
    """Tell whether a period is the one month that a key ("2026-11") means."""
    year, month = key.split("-")
    return period == months_from(int(year), int(month), 1)


def _first(number: int) -> date:
    return date(number // _MONTHS, number % _MONTHS + 1, 1)


def statistics_quarter(today: date, first_day: int) -> Period:
    """Return the quarter of the statistics that a day lies in.

    It begins on ``first_day`` of the last month of the quarter before; which day is a setting,
    because no act that was read fixes it.
    """
    number = today.year * _MONTHS + today.month - 1
    # The month in which it ends: 3, 6, 9 or 12, or the next of them once its cut-off has passed.
    end = number + (_QUARTER - 1 - number % _QUARTER)
    if end == number and today.day >= first_day:
        end += _QUARTER
    first = _first(end - _QUARTER).replace(day=first_day)
    return Period(first, _first(end).replace(day=first_day) - timedelta(days=1))


def presets(today: date, *, statistics_day: int) -> list[Preset]:
    """Return the periods one can choose, the one that is running first."""
    year, month = today.year, today.month
    quarter = (month - 1) // _QUARTER * _QUARTER + 1
    running = statistics_quarter(today, statistics_day)
    before = statistics_quarter(running.first - timedelta(days=1), statistics_day)
    found = [
        Preset("month", "Tháng này", months_from(year, month, 1)),
        Preset("last_month", "Tháng trước", months_from(year, month - 1, 1)),
        Preset("quarter", "Quý này", months_from(year, quarter, _QUARTER)),
        Preset("last_quarter", "Quý trước", months_from(year, quarter - _QUARTER, _QUARTER)),
        Preset("statistics", "Quý thống kê này", running),
        Preset("last_statistics", "Quý thống kê trước", before),
        Preset("half", "6 tháng đầu năm", months_from(year, 1, 6)),
        Preset("nine", "9 tháng đầu năm", months_from(year, 1, _NINE)),
        Preset("year", "Năm nay", months_from(year, 1, _MONTHS)),
        Preset("last_year", "Năm trước", months_from(year - 1, 1, _MONTHS)),
    ]
    return [preset for preset in found if preset.period.first <= today]
