"""What a chart shows before it is drawn: its numbers, and what finds the list behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from counter_app.domain.figures import WEEKDAY, By, Figures, Group
from counter_app.domain.report_material import WEEKDAYS, ChartFacts
from counter_app.domain.words import format_number, weekday_name, weekday_short

DAY = "day"  # the figure of what is promised for a day
_MOST_SECTORS = 8
_MANY_MONTHS = 24


class Form(StrEnum):
    """How the numbers stand: columns beside or upon each other, bars, the days ahead."""

    COLUMNS = "columns"
    STACKED = "stacked"
    BARS = "bars"
    DAYS = "days"


class Mark(NamedTuple):
    """One number of a chart: what it is said of, and what the house finds its dossiers by."""

    number: int
    name: str
    figure: str
    by: str = ""
    key: str = ""


class Series(NamedTuple):
    """The numbers of one colour; ``tone`` is one of the ink's colours."""

    name: str
    tone: str
    marks: tuple[Mark, ...]


class At(NamedTuple):
    """Which number of a plan: its series and its place in it."""

    series: int
    place: int


class Box(NamedTuple):
    """A rectangle of a drawing, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


class Places(NamedTuple):
    """Where a drawing holds its numbers: a field to point into, and a box for each by series."""

    width: float  # of the whole drawing
    height: float
    field: Box
    boxes: tuple[tuple[Box, ...], ...]


class ChartPlan(NamedTuple):
    """A chart: its series hold as many numbers each as there are names."""

    title: str
    form: Form
    names: tuple[str, ...]
    series: tuple[Series, ...]
    today: int = -1  # which of the days ahead, if any, is running

    def mark(self, at: At) -> Mark:
        """Return a number."""
        return self.series[at.series].marks[at.place]

    def has(self, at: At) -> bool:
        """Tell whether there is such a number."""
        return 0 <= at.series < len(self.series) and 0 <= at.place < len(self.names)

    def all(self) -> Iterator[At]:
        """Yield all of them."""
        for series in range(len(self.series)):
            for place in range(len(self.names)):
                yield At(series, place)

    def beside(self, at: At, right: int, up: int) -> At | None:
        """Return the number that an arrow leads to; None where none stands there."""
        if self.form is Form.STACKED:
            found = At(at.series + up, at.place + right)
        elif self.form is Form.BARS:  # the first one stands highest
            found = At(at.series, at.place - up) if up else At(-1, -1)
        elif up:
            return None
        else:
            count = len(self.series)
            place, series = divmod(at.place * count + at.series + right, count)
            found = At(series, place)
        return found if self.has(found) else None

    def in_words(self) -> str:
        """Say all numbers, a line for each name."""
        lines = []
        for place in range(len(self.names)):
            marks = [(series.name.lower(), series.marks[place]) for series in self.series]
            told = [f"{name} {format_number(mark.number)}" for name, mark in marks]
            if len(marks) == 1:
                told = [format_number(marks[0][1].number)]
            lines.append(f"{marks[0][1].name}: {', '.join(told)}")
        return "\n".join(lines)


def report_plans(facts: ChartFacts) -> tuple[ChartPlan, ...]:
    """Return the four charts of a report: months, timeliness, weekdays, sectors."""
    months = _short_months([group.key for group in facts.months])
    sectors = sorted(facts.sectors, key=lambda line: line[2], reverse=True)[:_MOST_SECTORS]

    def by_month(name: str, tone: str, figure: str, value: Callable[[Figures], int]) -> Series:
        return Series(name, tone, tuple(_of_month(group, figure, value) for group in facts.months))

    return (
        ChartPlan(
            "Tiếp nhận và giải quyết theo tháng",
            Form.COLUMNS,
            months,
            (
                by_month("Tiếp nhận", "pale", "received_in_period", lambda f: f.received_in_period),
                by_month("Đã giải quyết", "strong", "resolved", lambda f: f.resolved),
            ),
        ),
        ChartPlan(
            "Kết quả so với hạn theo tháng",
            Form.STACKED,
            months,
            (
                by_month("Trước hạn", "strong", "early", lambda f: f.early),
                by_month("Đúng hạn", "pale", "on_time", lambda f: f.on_time),
                by_month("Quá hạn", "danger", "late", lambda f: f.late),
            ),
        ),
        _bars(
            "Hồ sơ tiếp nhận theo thứ",
            [
                Mark(number, name, "received_in_period", WEEKDAY, str(day))
                for day, (name, number) in enumerate(zip(WEEKDAYS, facts.weekdays, strict=True))
            ],
        ),
        _bars(
            "Hồ sơ tiếp nhận theo lĩnh vực",
            [Mark(number, name, "received", By.SECTOR, key) for key, name, number in sectors],
        ),
    )


def _of_month(group: Group, figure: str, value: Callable[[Figures], int]) -> Mark:
    return Mark(value(group.figures), group.name, figure, By.MONTH, group.key)


def _bars(title: str, marks: list[Mark]) -> ChartPlan:
    names = tuple(mark.name for mark in marks)
    return ChartPlan(title, Form.BARS, names, (Series("Tiếp nhận", "strong", tuple(marks)),))


def promises_plan(promises: Sequence[tuple[date, int]], today: date) -> ChartPlan:
    """Return the chart of what is promised for each of the coming working days."""
    days = [day for day, _ in promises]
    marks = [
        Mark(number, f"{weekday_name(day)} {day:%d/%m}", DAY, key=day.isoformat())
        for day, number in promises
    ]
    return ChartPlan(
        "",
        Form.DAYS,
        tuple(f"{weekday_short(day)}\n{day:%d/%m}" for day in days),
        (Series("Hẹn trả", "strong", tuple(marks)),),
        days.index(today) if today in days else -1,
    )


def _short_months(keys: Sequence[str]) -> tuple[str, ...]:
    """Name months by their numbers; the first one and each January say the year.

    Of many months only the years are named, each at its January.
    """
    if len(keys) > _MANY_MONTHS:
        return tuple(key[:4] if key.endswith("-01") else "" for key in keys)
    names = []
    for place, key in enumerate(keys):
        year, month = key.split("-")
        is_new = place == 0 or month == "01"
        names.append(f"{int(month)}/{year[2:]}" if is_new else str(int(month)))
    return tuple(names)
