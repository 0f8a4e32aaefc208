"""Charts of a report, drawn once: on paper as they are, on the screen through the same PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, HexColor

from counter_app.domain.report_material import WEEKDAYS
from counter_app.domain.words import format_number

if TYPE_CHECKING:
    from counter_app.documents.typeset import Type
    from counter_app.domain.report_material import Material

_TEAL, _PALE, _GREY = HexColor("#0F6E6E"), HexColor("#7FB8B8"), HexColor("#5F6368")
_AMBER, _BRICK = HexColor("#B26A00"), HexColor("#B3261E")
_SIZE, _TITLE = 8.5, 11
_Untyped: TypeAlias = Any  # reportlab's charts take any attribute
_MOST_SECTORS = 8


def charts(material: Material, type_: Type, width: float, height: float) -> list[Drawing]:
    """Return the four charts of a report: months, timeliness, weekdays, sectors."""
    fonts = (type_.fonts[0].fontName, type_.fonts[1].fontName)
    months = [_short_month(group.key) for group in material.months]
    figures = [group.figures for group in material.months]
    sectors = sorted(material.lines, key=lambda line: line[1].received)[-_MOST_SECTORS:]
    return [
        _columns(
            "Tiếp nhận và giải quyết theo tháng",
            months,
            {
                "Tiếp nhận": ([f.received_in_period for f in figures], _PALE),
                "Đã giải quyết": ([f.resolved for f in figures], _TEAL),
            },
            (width, height),
            fonts,
        ),
        _columns(
            "Kết quả so với hạn theo tháng",
            months,
            {
                "Trước hạn": ([f.early for f in figures], _TEAL),
                "Đúng hạn": ([f.on_time for f in figures], _AMBER),
                "Quá hạn": ([f.late for f in figures], _BRICK),
            },
            (width, height),
            fonts,
        ),
        _bars("Hồ sơ tiếp nhận theo thứ", WEEKDAYS[::-1], material.weekdays[::-1],
              (width, height), fonts),
        _bars(
            "Hồ sơ tiếp nhận theo lĩnh vực",
            [name for name, _ in sectors],
            [line.received for _, line in sectors],
            (width, height),
            fonts,
        ),
    ]  # fmt: skip


def _short_month(key: str) -> str:
    year, month = key.split("-")
    return f"{int(month)}/{year[2:]}"


def _frame(title: str, size: tuple[float, float], font: str) -> Drawing:
    drawing = Drawing(*size)
    drawing.add(String(0, size[1] - _TITLE, title, fontName=font, fontSize=_TITLE))
    return drawing


def _columns(
    title: str,
    names: Sequence[str],
    series: dict[str, tuple[list[int], Color]],
    size: tuple[float, float],
    fonts: tuple[str, str],
) -> Drawing:
    width, height = size
    drawing = _frame(title, size, fonts[1])
    chart: Any = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 38, 20, width - 46, height - 62
    chart.data = [tuple(values) for values, _ in series.values()]
    chart.categoryAxis.categoryNames = list(names)
    chart.groupSpacing, chart.barSpacing = 6, 1
    for place, (_, colour) in enumerate(series.values()):
        chart.bars[place].fillColor = colour
        chart.bars[place].strokeColor = None
    _axis(chart.valueAxis, [max(values, default=0) for values, _ in series.values()], fonts[0])
    chart.categoryAxis.labels.fontName = fonts[0]
    chart.categoryAxis.labels.fontSize = _SIZE
    drawing.add(chart)
    legend: Any = Legend()
    legend.x, legend.y = 38, height - 22
    legend.alignment, legend.columnMaximum = "right", 1
    legend.fontName, legend.fontSize = fonts[0], _SIZE
    legend.dx = legend.dy = 7
    legend.deltax = 80
    legend.strokeColor = None
    legend.colorNamePairs = [(colour, name) for name, (_, colour) in series.items()]
    drawing.add(legend)
    return drawing


def _bars(
    title: str,
    names: Sequence[str],
    values: Sequence[int],
    size: tuple[float, float],
    fonts: tuple[str, str],
) -> Drawing:
    width, height = size
    drawing = _frame(title, size, fonts[1])
    chart: Any = HorizontalBarChart()
    chart.x, chart.y, chart.width, chart.height = 92, 20, width - 130, height - 44
    chart.data = [tuple(values) or (0,)]
    chart.categoryAxis.categoryNames = list(names) or [""]
    chart.bars[0].fillColor = _TEAL
    chart.bars[0].strokeColor = None
    chart.barLabelFormat = lambda value: format_number(int(value))
    chart.barLabels.fontName, chart.barLabels.fontSize = fonts[0], _SIZE
    chart.barLabels.boxAnchor = "w"
    chart.barLabels.nudge = 4
    _axis(chart.valueAxis, [max(values, default=0)], fonts[0])
    chart.categoryAxis.labels.fontName = fonts[0]
    chart.categoryAxis.labels.fontSize = _SIZE
    drawing.add(chart)
    return drawing


def _axis(axis: _Untyped, highest: Sequence[int], font: str) -> None:
    """Begin at nothing and step in whole numbers."""
    top = max([*highest, 1])
    step = 1
    while top / step > 5:  # noqa: PLR2004 - five steps are read at a glance
        step *= 2 if str(step)[0] != "2" else 5
        step = int(str(step)[0] + "0" * (len(str(step)) - 1))
    values = {
        "valueMin": 0,
        "valueMax": -(-top // step) * step,
        "valueStep": step,
        "labelTextFormat": lambda value: format_number(int(value)),
        "visibleGrid": 1,
        "gridStrokeColor": HexColor("#DDDDDD"),
        "strokeColor": None,
        "visibleTicks": 0,
    }
    for name, value in values.items():
        setattr(axis, name, value)
    axis.labels.fontName = font
    axis.labels.fontSize = _SIZE
