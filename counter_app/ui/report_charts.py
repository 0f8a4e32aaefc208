"""Charts of a report in the window: the drawings of the paper, in the window's letters and colours.

They are drawn beside the window's thread, for the size and the palette they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from counter_app.domain.report_material import WEEKDAYS, ChartFacts
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.printing import PageImage, render_pages
from counter_app.ui.report_calls import ChartLook
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import colours, metrics
from counter_app.ui.tips import plain_tip

_SETTLE_MS = 80
_POINTS_PER_INCH = 72
_COUNT = 4
_LEAST = (150, 40)
_LOW = 96  # under this height a chart says nothing

Draw = Callable[[ChartFacts, ChartLook], bytes]


class _Chart(QWidget):
    """One chart, painted as large as it is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.setAccessibleName(name)
        self.setMinimumSize(*(metrics().px(length) for length in _LEAST))

    def is_low(self) -> bool:
        """Tell whether there is too little room."""
        return self.height() < metrics().px(_LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture; while a new size is drawn the old one is stretched."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().window))
        if self.is_low():
            painter.setPen(QColor(colours().muted))
            words = self.tr("Không đủ chỗ cho biểu đồ; Ctrl+E mở trang biểu đồ.")
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(flags), words)
        elif self.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = QRectF(self.rect()).size()
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), self.image)
        painter.end()


class ChartBoard(QWidget):
    """Four charts under each other, or two beside each other where there is room for no more."""

    def __init__(
        self, draw: Draw, runner: TaskRunner, parent: QWidget | None = None, *, in_a_row: int
    ) -> None:
        """``draw`` makes the pages; it runs in a task."""
        super().__init__(parent)
        self._draw = draw
        self._runner = runner
        self._facts: ChartFacts | None = None
        names = (
            self.tr("Tiếp nhận và giải quyết theo tháng"),
            self.tr("Kết quả so với hạn theo tháng"),
            self.tr("Hồ sơ tiếp nhận theo thứ"),
            self.tr("Hồ sơ tiếp nhận theo lĩnh vực"),
        )
        self.charts = [_Chart(name, self) for name in names]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(metrics().step(4))
        self._shown: tuple[int, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._render)
        for place, chart in enumerate(self.charts):
            self._grid.addWidget(chart, place // in_a_row, place % in_a_row)
        self.show_some(range(_COUNT))

    def show_some(self, numbers: Sequence[int]) -> None:
        """Show these of the four."""
        shown = tuple(numbers)
        if shown == self._shown:
            return
        self._shown = shown
        for number, chart in enumerate(self.charts):
            chart.setVisible(number in shown)
        self._timer.start()

    def set_facts(self, facts: ChartFacts | None) -> None:
        """Show the charts of a period, or none."""
        self._facts = facts
        if facts is None:
            for chart in self.charts:
                chart.image = None
            self.update()
            return
        for chart, words in zip(self.charts, self._words(facts), strict=True):
            chart.setAccessibleDescription(words)
            chart.setToolTip(plain_tip(words))
        self._render()

    def _words(self, facts: ChartFacts) -> list[str]:
        n = format_number
        month = self.tr("{name}: tiếp nhận {came}, đã giải quyết {done}")
        kept = self.tr("{name}: trước hạn {early}, đúng hạn {on_time}, quá hạn {late}")
        months = [(group.name, group.figures) for group in facts.months]
        days = list(zip(WEEKDAYS, facts.weekdays, strict=True))
        return [
            "\n".join(
                month.format(name=name, came=n(f.received_in_period), done=n(f.resolved))
                for name, f in months
            ),
            "\n".join(
                kept.format(name=name, early=n(f.early), on_time=n(f.on_time), late=n(f.late))
                for name, f in months
            ),
            "\n".join(f"{day}: {n(number)}" for day, number in days),
            "\n".join(f"{name}: {n(number)}" for name, number in facts.sectors),
        ]

    def _look(self) -> ChartLook:
        measures, palette = metrics(), colours()
        size = self.charts[self._shown[0]].size()
        scale = measures.scale
        return ChartLook(
            width=size.width() / scale,
            height=size.height() / scale,
            letters=measures.small_size / scale,
            title=measures.font_size / scale,
            colours=(
                palette.accent,
                _mixed(palette.accent, palette.window),
                palette.warning,
                palette.danger,
                palette.text,
                palette.line,
                palette.window,
            ),
        )

    def _render(self) -> None:
        facts = self._facts
        if facts is None or not self.isVisible() or self.charts[self._shown[0]].is_low():
            return
        look = self._look()
        dpi = _POINTS_PER_INCH * metrics().scale * self.devicePixelRatioF()
        draw = self._draw

        def work(job: Job) -> list[PageImage]:
            data = draw(facts, look)
            job.check()
            return list(render_pages(data, dpi=dpi))

        self._runner.run(
            work,
            on_done=self._on_rendered,
            on_error=self._on_failed,
            owner=self,
            group=f"charts {id(self)}",
        )

    def _on_rendered(self, pages: list[PageImage]) -> None:
        for chart, page in zip(self.charts, pages, strict=True):
            chart.image = page.image
        self.update()  # and what stands on it

    def _on_failed(self, error: UserError) -> None:
        for chart in self.charts:
            chart.setToolTip(plain_tip(error.message))

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


def _mixed(first: str, second: str) -> str:
    """Return the colour half way between two."""
    one, two = QColor(first), QColor(second)
    return QColor(
        (one.red() + two.red()) // 2,
        (one.green() + two.green()) // 2,
        (one.blue() + two.blue()) // 2,
    ).name()
