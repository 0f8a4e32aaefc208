"""Charts of a report, drawn once: on paper as they are, on the screen through the same drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from counter_app.domain.report_material import WEEKDAYS
from counter_app.domain.words import format_number

if TYPE_CHECKING:
    from counter_app.documents.typeset import Type
    from counter_app.domain.report_material import ChartFacts

_Untyped: TypeAlias = Any  # reportlab's charts take any attribute
_MOST_SECTORS = 8
_MOST_STEPS = 5  # are read at a glance
_MOST_NAME = 0.4  # of the width, for the names beside bars
_WIDEST_BAR = 3.4  # of the letters' size: one month's bars are no blocks
_CLOSE = 2.2  # letters' sizes that a month's name needs


class Ink(NamedTuple):
    """Colours as ``#RRGGBB`` and sizes of the letters, in the drawing's units."""

    strong: str = "#0F6E6E"
    pale: str = "#7FB8B8"
    warning: str = "#B26A00"
    danger: str = "#B3261E"
    text: str = "#000000"
    grid: str = "#DDDDDD"
    ground: str = ""  # nothing: what lies under it shows
    size: float = 8.5
    title: float = 11


PAPER = Ink()
TEAL = HexColor(PAPER.strong)


class Fonts(NamedTuple):
    """Names of two faces that reportlab knows."""

    regular: str
    bold: str


def fonts_of(type_: Type) -> Fonts:
    """Return the faces of the papers."""
    return Fonts(type_.fonts[0].fontName, type_.fonts[1].fontName)


def charts(
    facts: ChartFacts, fonts: Fonts, width: float, height: float, ink: Ink = PAPER
) -> list[Drawing]:
    """Return the four charts of a report: months, timeliness, weekdays, sectors."""
    size = (width, height)
    months = _short_months([group.key for group in facts.months])
    figures = [group.figures for group in facts.months]
    sectors = sorted(facts.sectors, key=lambda line: line[1])[-_MOST_SECTORS:]
    strong, pale = HexColor(ink.strong), HexColor(ink.pale)
    came = {
        "Tiếp nhận": ([f.received_in_period for f in figures], pale),
        "Đã giải quyết": ([f.resolved for f in figures], strong),
    }
    kept = {
        "Trước hạn": ([f.early for f in figures], strong),
        "Đúng hạn": ([f.on_time for f in figures], HexColor(ink.warning)),
        "Quá hạn": ([f.late for f in figures], HexColor(ink.danger)),
    }
    days = list(zip(WEEKDAYS, facts.weekdays, strict=True))[::-1]
    return [
        columns("Tiếp nhận và giải quyết theo tháng", months, came, size, fonts=fonts, ink=ink),
        columns(
            "Kết quả so với hạn theo tháng",
            months,
            kept,
            size,
            fonts=fonts,
            ink=ink,
            is_stacked=True,
        ),
        _bars("Hồ sơ tiếp nhận theo thứ", days, size, fonts, ink),
        _bars("Hồ sơ tiếp nhận theo lĩnh vực", sectors, size, fonts, ink),
    ]


def _short_months(keys: Sequence[str]) -> list[str]:
    """Name months by their numbers; the first one and each January say the year."""
    names = []
    for place, key in enumerate(keys):
        year, month = key.split("-")
        is_new = place == 0 or month == "01"
        names.append(f"{int(month)}/{year[2:]}" if is_new else str(int(month)))
    return names


def _frame(title: str, size: tuple[float, float], font: str, ink: Ink) -> Drawing:
    drawing = Drawing(*size)
    letters = min(ink.title, ink.title * size[0] / max(stringWidth(title, font, ink.title), 1))
    words = String(0, size[1] - ink.title, title, fontName=font, fontSize=letters)
    words.fillColor = HexColor(ink.text)
    drawing.add(words)
    return drawing


def columns(
    title: str,
    names: Sequence[str],
    series: dict[str, tuple[list[int], Color]],
    size: tuple[float, float],
    *,
    fonts: Fonts,
    ink: Ink = PAPER,
    is_stacked: bool = False,
) -> Drawing:
    """Return columns beside or upon each other, with a line that says what each colour is."""
    width, height = size
    letters = ink.size
    drawing = _frame(title, size, fonts.bold, ink)
    numbers = [tuple(values) or (0,) for values, _ in series.values()]
    highest = [max(map(sum, zip(*numbers, strict=True)))] if is_stacked else [*map(max, numbers)]
    chart: Any = VerticalBarChart()
    chart.x, chart.y = 1.5 * letters + _number_width(highest, fonts, letters), 2.35 * letters
    chart.width = width - chart.x - letters
    chart.height = height - chart.y - ink.title - 3.6 * letters
    chart.data = numbers
    chart.categoryAxis.categoryNames = _thinned(names or [""], chart.width, letters)
    chart.barSpacing = 1
    room = chart.width / max(len(names), 1)
    beside = 1 if is_stacked else len(series)
    if is_stacked:
        chart.categoryAxis.style = "stacked"
    bar = min((room - 6) / beside - 1, _WIDEST_BAR * letters)
    chart.useAbsolute, chart.barWidth = 1, max(bar, 0.5)
    chart.groupSpacing = max(room - (chart.barWidth + 1) * beside, 0)
    for place, (_, colour) in enumerate(series.values()):
        chart.bars[place].fillColor = colour
        chart.bars[place].strokeColor = None
    _axis(chart.valueAxis, highest, chart.height, fonts.regular, ink)
    _names(chart.categoryAxis, fonts.regular, ink)
    drawing.add(chart)
    legend: Any = Legend()
    legend.x, legend.y = 0, height - ink.title - 1.3 * letters
    legend.alignment, legend.columnMaximum = "right", 1
    widest = max(stringWidth(name, fonts.regular, 1) for name in series)
    letters = min(letters, width / (len(series) * (widest + 2.4)))
    legend.fontName, legend.fontSize = fonts.regular, letters
    legend.fillColor = HexColor(ink.text)
    legend.dx = legend.dy = 0.82 * letters
    legend.dxTextSpace = 0.6 * letters
    legend.deltax = (widest + 2.4) * letters
    legend.strokeColor = None
    legend.colorNamePairs = [(colour, name) for name, (_, colour) in series.items()]
    drawing.add(legend)
    return drawing


def _number_width(values: Sequence[int], fonts: Fonts, size: float) -> float:
    return float(stringWidth(format_number(_top(values)[0]), fonts.regular, size))


def _thinned(names: Sequence[str], width: float, size: float) -> list[str]:
    """Leave names out where they would run into each other; the first one of each few stays."""
    every = -(-len(names) * _CLOSE * size // width) if len(names) > 1 else 1
    return [name if place % max(every, 1) == 0 else "" for place, name in enumerate(names)]


def _bars(
    title: str,
    lines: Sequence[tuple[str, int]],
    size: tuple[float, float],
    fonts: Fonts,
    ink: Ink,
) -> Drawing:
    width, height = size
    letters = ink.size
    drawing = _frame(title, size, fonts.bold, ink)
    room = width * _MOST_NAME
    names = [_fitting(name, room, fonts.regular, letters) for name, _ in lines] or [""]
    values = [value for _, value in lines] or [0]
    widest = max(stringWidth(name, fonts.regular, letters) for name in names)
    chart: Any = HorizontalBarChart()
    chart.x, chart.y = widest + 1.2 * letters, 0.3 * letters
    chart.width = width - chart.x - 1.6 * letters - _number_width(values, fonts, letters)
    chart.height = height - chart.y - ink.title - 1.2 * letters
    chart.data = [tuple(values)]
    chart.categoryAxis.categoryNames = names
    room = chart.height / len(values)
    chart.useAbsolute, chart.barSpacing = 1, 0
    chart.barWidth = min(room * 0.68, 2.2 * letters)
    chart.groupSpacing = room - chart.barWidth
    chart.bars[0].fillColor = HexColor(ink.strong)
    chart.bars[0].strokeColor = None
    if lines:
        chart.barLabelFormat = lambda value: format_number(int(value))
    chart.barLabels.fontName, chart.barLabels.fontSize = fonts.regular, letters
    chart.barLabels.fillColor = HexColor(ink.text)
    chart.barLabels.boxAnchor = "w"
    chart.barLabels.nudge = 0.45 * letters
    # Each bar says its number, so that no axis has to.
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = 0, max(values) or 1
    chart.valueAxis.visible = 0
    _names(chart.categoryAxis, fonts.regular, ink)
    drawing.add(chart)
    return drawing


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
