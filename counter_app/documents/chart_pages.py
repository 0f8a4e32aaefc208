"""Charts of a report on pages: all on A4, or each as large as its place in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Rect
from reportlab.lib.colors import HexColor

from counter_app.documents.charts import Fonts, Ink, draw_chart, fonts_of
from counter_app.documents.fonts import FontFamily, find_fonts
from counter_app.documents.render import _ONE_FILE, _canvas, _finish
from counter_app.documents.typeset import MM, Type, type_of
from counter_app.domain.chart_plans import report_plans
from counter_app.errors import FontError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportlab.pdfgen.canvas import Canvas

    from counter_app.domain.chart_plans import ChartPlan, Places
    from counter_app.domain.report_material import ChartFacts

_WIDTH, _HEIGHT = 297 * MM, 210 * MM
_LEFT, _RIGHT, _TOP = 20 * MM, 15 * MM, 18 * MM
_CHART_WIDTH, _CHART_HEIGHT = (_WIDTH - _LEFT - _RIGHT) / 2 - 6 * MM, 72 * MM
_TITLE = "Biểu đồ của kỳ báo cáo"
_WINDOW_FAMILY = "be-vietnam-pro"


def render_charts(facts: ChartFacts, *, fonts: FontFamily | None = None) -> bytes:
    """Return the page of charts alone: the drawings are those of the report.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        type_ = type_of(fonts or find_fonts())
        canvas, out = _canvas((_WIDTH, _HEIGHT), _TITLE)
        draw_charts(canvas, facts, type_)
        canvas.showPage()
        return _finish(canvas, out)


def render_for_window(
    plans: Sequence[ChartPlan],
    size: tuple[float, float],
    ink: Ink,
    *,
    fonts: FontFamily | None = None,
) -> tuple[bytes, list[Places]]:
    """Return a PDF, each page one chart of a size, and where each holds its numbers.

    The letters and colours are the window's.

    Raises:
        PaperError: a font is missing.
    """
    with _ONE_FILE:
        faces = _window_fonts(fonts)
        canvas, out = _canvas(size, _TITLE)
        found = []
        for plan in plans:
            drawing, places = draw_chart(plan, faces, size, ink)
            found.append(places)
            ground: Any = Rect(0, 0, *size)
            ground.strokeColor, ground.fillColor = None, HexColor(ink.ground)
            drawing.insert(0, ground)
            renderPDF.draw(drawing, canvas, 0, 0)
            canvas.showPage()
        return _finish(canvas, out), found


def _window_fonts(fonts: FontFamily | None) -> Fonts:
    """Return the faces that the window is written in, or those of the papers."""
    try:
        chosen = fonts or find_fonts(only=_WINDOW_FAMILY)
    except FontError:
        chosen = find_fonts()
    return fonts_of(type_of(chosen))


def draw_charts(canvas: Canvas, facts: ChartFacts, type_: Type) -> None:
    """Draw the four charts on an empty page of A4."""
    for place, plan in enumerate(report_plans(facts)):
        drawing, _ = draw_chart(plan, fonts_of(type_), (_CHART_WIDTH, _CHART_HEIGHT))
        x = _LEFT + (place % 2) * (_CHART_WIDTH + 12 * MM)
        y = _HEIGHT - _TOP - (place // 2 + 1) * (_CHART_HEIGHT + 6 * MM)
        renderPDF.draw(drawing, canvas, x, y)
