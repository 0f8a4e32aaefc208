"""Charts in the window: the drawings of the paper, in the window's letters and colours.

They are drawn beside the window's thread, for the size and the palette they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.chart_view import ChartView, picture_size
from counter_app.ui.printing import render_pages
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import colours, metrics

if TYPE_CHECKING:
    from counter_app.domain.chart_plans import ChartPlan, Places

_SETTLE_MS = 80
_POINTS_PER_INCH = 72
_LESS = 0.01  # of a pixel: what is a hair over a whole one would be drawn a pixel wider


class ChartBoard(QWidget):
    """Charts of one size, so many in a row; every number of them opens its list."""

    opened = Signal(object, str)  # the mark, the name of its series
    left_up = Signal()

    def __init__(
        self,
        names: Sequence[str],
        runner: TaskRunner,
        parent: QWidget | None = None,
        *,
        in_a_row: int = 1,
        low_words: str = "",
    ) -> None:
        """``low_words`` stand where there is no room for a chart."""
        super().__init__(parent)
        self._runner = runner
        self.charts = [ChartView(name, low_words, self) for name in names]
        self._shown: tuple[int, ...] = ()
        self._made: object = None  # by what the pictures were drawn
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._render)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(metrics().step(4))
        for place, chart in enumerate(self.charts):
            chart.opened.connect(self.opened)
            chart.left_up.connect(self.left_up)
            grid.addWidget(chart, place // in_a_row, place % in_a_row)
        self.show_some(range(len(self.charts)))

    def show_some(self, numbers: Sequence[int]) -> None:
        """Show these of them."""
        shown = tuple(numbers)
        if shown == self._shown:
            return
        self._shown = shown
        for number, chart in enumerate(self.charts):
            chart.setVisible(number in shown)
        self._timer.start()

    def focus_first(self) -> None:
        """Come down from above."""
        self.charts[0].setFocus(Qt.FocusReason.TabFocusReason)

    def set_plans(self, plans: Sequence[ChartPlan] | None) -> None:
        """Show these numbers, or none."""
        for number, chart in enumerate(self.charts):
            plan = None if plans is None else plans[number]
            if plan != chart.plan:
                self._made = None
                chart.set_plan(plan)
        self._render()

    def _render(self) -> None:
        plans = [chart.plan for chart in self.charts if chart.plan is not None]
        if not plans or not self.isVisible() or self.charts[self._shown[0]].is_low():
            return
        measures, inks = metrics(), _inks()
        pixels = picture_size(self.charts[self._shown[0]])
        unit = measures.scale * self.devicePixelRatioF()
        size = (pixels.width() - _LESS) / unit, (pixels.height() - _LESS) / unit
        wanted = (plans, size, unit, inks)
        if wanted == self._made:
            return
        letters, title = measures.small_size / measures.scale, measures.font_size / measures.scale

        def work(job: Job) -> list[tuple[QImage, Places]]:
            from counter_app.documents.chart_pages import render_for_window
            from counter_app.documents.charts import Ink

            ink = Ink(*inks, size=letters, title=title)
            data, places = render_for_window(plans, size, ink)
            job.check()
            pages = render_pages(data, dpi=_POINTS_PER_INCH * unit)
            return list(zip((page.image for page in pages), places, strict=True))

        def on_done(pictures: list[tuple[QImage, Places]]) -> None:
            self._made = wanted
            for chart, plan, picture in zip(self.charts, plans, pictures, strict=True):
                if chart.plan is plan:  # not since then another
                    chart.set_picture(*picture)

        self._runner.run(
            work,
            on_done=on_done,
            on_error=self._on_failed,
            owner=self,
            group=f"charts {id(self)}",
        )

    def _on_failed(self, error: UserError) -> None:
        self._made = None
        for chart in self.charts:
            chart.say_failure(error.message)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew when the size has settled."""
        super().resizeEvent(event)
        self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was counted while nobody looked."""
        super().showEvent(event)
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the colours of the palette that came."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._timer.start()


def _inks() -> tuple[str, str, str, str, str, str, str, str]:
    """Return the palette's colours in the order of ``documents.charts.Ink``."""
    now = colours()
    return (
        now.accent,
        _mixed(now.accent, now.window),
        now.warning,
        now.danger,
        now.text,
        now.muted,
        now.line,
        now.window,
    )


def _mixed(first: str, second: str) -> str:
    """Return the colour half way between two."""
    one, two = QColor(first), QColor(second)
    return QColor(
        (one.red() + two.red()) // 2,
        (one.green() + two.green()) // 2,
        (one.blue() + two.blue()) // 2,
    ).name()
