"""Charts, drawn once: on paper as they are, on the screen as a picture of the same drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from counter_app.domain.chart_plans import Box, Form, Places
from counter_app.domain.words import format_number

if TYPE_CHECKING:
    from counter_app.documents.typeset import Type
    from counter_app.domain.chart_plans import ChartPlan

_Untyped: TypeAlias = Any  # reportlab's charts take any attribute
_MOST_STEPS = 5  # are read at a glance
_MOST_NAME = 0.4  # of the width, for the names beside bars
_WIDEST_BAR = 3.4  # of the letters' size: one month's bars are no blocks
_WIDEST_DAY = 3.1
_LOWEST_SCALE = 10
_APART = 0.3  # of the letters' size, between one day's words and the next one's
_CLOSE, _YEARS_CLOSE = 2.2, 3.0  # letters' sizes that a month's name needs, and a year's


class Ink(NamedTuple):
    """Colours as ``#RRGGBB`` and sizes of the letters, in the drawing's units."""

    strong: str = "#0F6E6E"
    pale: str = "#7FB8B8"
    warning: str = "#B26A00"
    danger: str = "#B3261E"
    text: str = "#000000"
    muted: str = "#555555"
    grid: str = "#DDDDDD"
    ground: str = ""  # nothing: what lies under it shows
    size: float = 8.5
    title: float = 11


PAPER = Ink()


class Fonts(NamedTuple):
    """Names of two faces that reportlab knows."""

    regular: str
    bold: str


def fonts_of(type_: Type) -> Fonts:
    """Return the faces of the papers."""
    return Fonts(type_.fonts[0].fontName, type_.fonts[1].fontName)


def draw_chart(
    plan: ChartPlan, fonts: Fonts, size: tuple[float, float], ink: Ink = PAPER
) -> tuple[Drawing, Places]:
    """Return the drawing of a chart, and where it holds each number."""
    drawing = _frame(plan.title, size, fonts.bold, ink)
    if plan.form is Form.BARS:
        chart = _bars(plan, size, fonts, ink)
        field = Box(0, chart.y, size[0], chart.height)
    elif plan.form is Form.DAYS:
        chart = _days(plan, size, fonts, ink)
        field = Box(0, 0, *size)
    else:
        chart = _columns(plan, size, fonts, ink)
        field = Box(chart.x, 0, chart.width, chart.y + chart.height)
        drawing.add(_legend(plan, size, fonts, ink))
    bars = chart.draw()
    bars._chart = chart  # noqa: SLF001 - its labels only hold on to it weakly
    drawing.add(bars)
    # What reportlab has just drawn by: no second reckoning that could tell another place.
    rows = [tuple(Box(*box) for box in row) for row in chart._barPositions]  # noqa: SLF001
    if plan.form is Form.BARS:  # it begins at the foot
        rows = [row[::-1] for row in rows]
    boxes = tuple(row[: len(plan.names)] for row in rows)
    return drawing, Places(*size, field, boxes)


def _frame(title: str, size: tuple[float, float], font: str, ink: Ink) -> Drawing:
    drawing = Drawing(*size)
    letters = min(ink.title, ink.title * size[0] / max(stringWidth(title, font, ink.title), 1))
    words = String(0, size[1] - ink.title, title, fontName=font, fontSize=letters)
    words.fillColor = HexColor(ink.text)
    drawing.add(words)
    return drawing


def _columns(plan: ChartPlan, size: tuple[float, float], fonts: Fonts, ink: Ink) -> _Untyped:
    """Return columns beside or upon each other."""
    width, height = size
    letters = ink.size
    is_stacked = plan.form is Form.STACKED
    numbers = _numbers(plan)
    highest = [max(map(sum, zip(*numbers, strict=True)))] if is_stacked else [*map(max, numbers)]
    chart: Any = VerticalBarChart()
    chart.x, chart.y = 1.5 * letters + _number_width(highest, fonts, letters), 2.35 * letters
    chart.width = width - chart.x - letters
    chart.height = height - chart.y - ink.title - 3.6 * letters
    chart.data = numbers
    chart.categoryAxis.categoryNames = _thinned(plan.names or [""], chart.width, letters)
    chart.barSpacing = 1
    beside = 1 if is_stacked else len(plan.series)
    if is_stacked:
        chart.categoryAxis.style = "stacked"
    room = chart.width / max(len(plan.names), 1)
    _set_width(chart, min((room - 6) / beside - 1, _WIDEST_BAR * letters))
    _fill(chart, plan, ink)
    _axis(chart.valueAxis, highest, chart.height, fonts.regular, ink)
    _names(chart.categoryAxis, fonts.regular, ink)
    return chart


def _numbers(plan: ChartPlan) -> list[tuple[int, ...]]:
    return [tuple(mark.number for mark in series.marks) or (0,) for series in plan.series]


def _set_width(chart: _Untyped, bar: float) -> None:
    """Give bars a width; reportlab leaves their group the rest of the room, over its name."""
    chart.useAbsolute, chart.barWidth = "bs", max(bar, 0.5)  # bars and spaces are what we say


def _fill(chart: _Untyped, plan: ChartPlan, ink: Ink) -> None:
    for place, series in enumerate(plan.series):
        chart.bars[place].fillColor = HexColor(getattr(ink, series.tone))
        chart.bars[place].strokeColor = None


def _legend(plan: ChartPlan, size: tuple[float, float], fonts: Fonts, ink: Ink) -> _Untyped:
    """Return the line that says what each colour is."""
    width, height = size
    letters = ink.size
    legend: Any = Legend()
    legend.x, legend.y = 0, height - ink.title - 1.3 * letters
    legend.alignment, legend.columnMaximum = "right", 1
    widest = max(stringWidth(series.name, fonts.regular, 1) for series in plan.series)
    letters = min(letters, width / (len(plan.series) * (widest + 2.4)))
    legend.fontName, legend.fontSize = fonts.regular, letters
    legend.fillColor = HexColor(ink.text)
    legend.dx = legend.dy = 0.82 * letters
    legend.dxTextSpace = 0.6 * letters
    legend.deltax = (widest + 2.4) * letters
    legend.strokeColor = None
    legend.colorNamePairs = [
        (HexColor(getattr(ink, series.tone)), series.name) for series in plan.series
    ]
    return legend


def _days(plan: ChartPlan, size: tuple[float, float], fonts: Fonts, ink: Ink) -> _Untyped:
    """Return a column for each day, its number above, its name below; today stands out."""
    width, height = size
    room = width / max(len(plan.names), 1)
    names, letters = _day_names(plan, room, fonts, ink)
    [numbers] = _numbers(plan)
    said = min(ink.title, room / (_number_width(numbers, fonts, 1) + _APART))
    chart: Any = VerticalBarChart()
    chart.x, chart.y = 0, 3.1 * letters
    chart.width, chart.height = width, height - chart.y - 1.6 * said
    chart.data = [numbers]
    chart.categoryAxis.categoryNames = names
    chart.barSpacing = 0
    _set_width(chart, min(room - letters, _WIDEST_DAY * letters))
    _fill(chart, plan, ink)
    _say_numbers(chart, fonts.bold, ink._replace(size=said))
    chart.barLabels.boxAnchor = "s"
    for place, number in enumerate(numbers):
        if not number:
            chart.barLabels[(0, place)].fontName = fonts.regular
            chart.barLabels[(0, place)].fillColor = HexColor(ink.muted)
    # A quiet week must not look like a rush: the scale begins at ten.
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(_LOWEST_SCALE, *numbers)
    chart.valueAxis.visible = 0
    _names(chart.categoryAxis, fonts.regular, ink._replace(text=ink.muted, size=letters))
    chart.categoryAxis.labels.textAnchor = "middle"
    if plan.today >= 0:
        chart.bars[(0, plan.today)].fillColor = HexColor(ink.warning)
        chart.bars[(0, plan.today)].strokeColor = None
        chart.categoryAxis.labels[plan.today].fontName = fonts.bold
        chart.categoryAxis.labels[plan.today].fillColor = HexColor(ink.text)
    return chart


def _day_names(plan: ChartPlan, room: float, fonts: Fonts, ink: Ink) -> tuple[Sequence[str], float]:
    """Return the days' names and their letters' size: whole, smaller, then without the month."""
    days = [name.split()[-1] for name in plan.names] or [""]
    widest = max(stringWidth(day, fonts.bold, 1) for day in days)
    for letters in (ink.title, ink.size):
        if (widest + _APART) * letters <= room:
            return plan.names or [""], letters
    return [name.partition("/")[0] for name in plan.names], ink.title


def _say_numbers(chart: _Untyped, font: str, ink: Ink) -> None:
    """Let each bar say its number, so that no axis has to."""
    chart.barLabelFormat = lambda value: format_number(int(value))
    chart.barLabels.fontName, chart.barLabels.fontSize = font, ink.size
    chart.barLabels.fillColor = HexColor(ink.text)
    chart.barLabels.nudge = 0.45 * ink.size


def _number_width(values: Sequence[int], fonts: Fonts, size: float) -> float:
    return float(stringWidth(format_number(_top(values)[0]), fonts.regular, size))


def _thinned(names: Sequence[str], width: float, size: float) -> list[str]:
    """Leave names out where they would run into each other; the first one of each few stays."""
    named = [place for place, name in enumerate(names) if name]
    close = _YEARS_CLOSE if len(named) < len(names) else _CLOSE
    every = int(-(-len(named) * close * size // width)) if len(named) > 1 else 1
    kept = set(named[:: max(every, 1)])
    return [name if place in kept else "" for place, name in enumerate(names)]


def _bars(plan: ChartPlan, size: tuple[float, float], fonts: Fonts, ink: Ink) -> _Untyped:
    """Return bars under each other, the first one highest."""
    width, height = size
    letters = ink.size
    room = width * _MOST_NAME
    names = [_fitting(name, room, fonts.regular, letters) for name in plan.names[::-1]] or [""]
    values = _numbers(plan)[0][::-1]
    widest = max(stringWidth(name, fonts.regular, letters) for name in names)
    chart: Any = HorizontalBarChart()
    chart.x, chart.y = widest + 1.2 * letters, 0.3 * letters
    chart.width = width - chart.x - 1.6 * letters - _number_width(values, fonts, letters)
    chart.height = height - chart.y - ink.title - 1.2 * letters
    chart.data = [values]
    chart.categoryAxis.categoryNames = names
    chart.barSpacing = 0
    _set_width(chart, min(chart.height / len(values) * 0.68, 2.2 * letters))
    _fill(chart, plan, ink)
    if plan.names:
        _say_numbers(chart, fonts.regular, ink)
        chart.barLabels.boxAnchor = "w"
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(values) or 1
    chart.valueAxis.visible = 0
    _names(chart.categoryAxis, fonts.regular, ink)
    return chart


def _fitting(text: str, room: float, font: str, size: float) -> str:
    """Shorten a name to its room."""
    if stringWidth(text, font, size) <= room:
        return text
    while text and stringWidth(f"{text}…", font, size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def _names(axis: _Untyped, font: str, ink: Ink) -> None:
    axis.labels.fontName, axis.labels.fontSize = font, ink.size
    axis.labels.fillColor = HexColor(ink.text)
    axis.strokeColor = HexColor(ink.text)
    axis.visibleTicks = 0


def _top(highest: Sequence[int], most: int = _MOST_STEPS) -> tuple[int, int]:
    """Return the end of an axis that begins at nothing, and its step in whole numbers."""
    top = max([*highest, 1])
    step = 1
    while top / step > most:
        step *= 2 if str(step)[0] != "2" else 5
        step = int(str(step)[0] + "0" * (len(str(step)) - 1))
    return -(-top // step) * step, step


def _axis(axis: _Untyped, highest: Sequence[int], height: float, font: str, ink: Ink) -> None:
    top, step = _top(highest, max(1, min(_MOST_STEPS, int(height / (1.6 * ink.size)))))
    values = {
        "valueMin": 0,
        "valueMax": top,
        "valueStep": step,
        "labelTextFormat": lambda value: format_number(int(value)),
        "visibleGrid": 1,
        "gridStrokeColor": HexColor(ink.grid),
        "strokeColor": None,
        "visibleTicks": 0,
    }
    for name, value in values.items():
        setattr(axis, name, value)
    axis.labels.fontName, axis.labels.fontSize = font, ink.size
    axis.labels.fillColor = HexColor(ink.text)
