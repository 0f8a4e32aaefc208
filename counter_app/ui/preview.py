"""The paper as it will print: pages one under another, rendered beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.fields import set_tone
from counter_app.ui.icons import set_icon
from counter_app.ui.printing import PageImage, count_pages, render_pages
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import colours, metrics
from counter_app.ui.tips import plain_tip

_ZOOM_STEP = 1.25
_LEAST, _MOST = 0.5, 4.0
_SETTLE_MS = 80
_MOST_PAGES = 60  # a picture of a page takes megabytes; more are printed and saved
_POINTS_PER_INCH = 72


class _Sheet(QWidget):
    """Paints the pages on the desk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: list[PageImage] = []
        self.sheet_width = 0

    def lay_out(self, pages: list[PageImage], width: int) -> None:
        self.pages, self.sheet_width = pages, width
        margin = metrics().step(3)
        height = margin + sum(self._height(page) + margin for page in pages)
        self.setFixedSize(QSize(width + 2 * margin, height))
        self.update()

    def _height(self, page: PageImage) -> int:
        return round(self.sheet_width * page.height / page.width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        margin = metrics().step(3)
        top = margin
        for page in self.pages:
            area = QRect(margin, top, self.sheet_width, self._height(page))
            if area.intersects(event.rect()):
                painter.drawImage(area, page.image)
                painter.setPen(QColor(colours().line))
                painter.drawRect(area.adjusted(-1, -1, 0, 0))
            top += area.height() + margin
        painter.end()


class PdfPreview(QWidget):
    """Shows a PDF: fit to the width, Ctrl+= and Ctrl+- zoom, Ctrl+0 fits again."""

    rendered = Signal(int)  # number of pages

    def __init__(
        self, runner: TaskRunner, parent: QWidget | None = None, *, empty_text: str = ""
    ) -> None:
        """``empty_text`` stands where no paper is."""
        super().__init__(parent)
        self._runner = runner
        self._data: bytes | None = None
        self._pages: list[PageImage] = []
        self._zoom = 1.0
        self._empty_text = empty_text
        self._sheet = _Sheet()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._sheet)
        self._scroll.setAccessibleName(self.tr("Bản xem trước"))
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._message = QLabel(empty_text)
        self._message.setWordWrap(True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(self._message, "muted")
        self._count = QLabel()
        set_tone(self._count, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(metrics().step())
        layout.addLayout(self._make_tools())
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._message, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._render)
        self.set_message(empty_text)

    def _make_tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.setContentsMargins(metrics().step(3), 0, 0, 0)
        tools.setSpacing(metrics().step())
        tools.addWidget(self._count)
        tools.addStretch(1)
        for name, words, slot in (
            ("zoom-out", self.tr("Thu nhỏ (Ctrl+-)"), self.zoom_out),
            ("zoom-in", self.tr("Phóng to (Ctrl+=)"), self.zoom_in),
            ("fit-width", self.tr("Vừa chiều ngang (Ctrl+0)"), self.fit_width),
        ):
            button = QPushButton()
            set_icon(button, name)
            button.setIconSize(QSize(metrics().icon, metrics().icon))
            button.setProperty("kind", "quiet")
            button.setToolTip(plain_tip(words))
            button.setAccessibleName(words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(slot)
            tools.addWidget(button)
        return tools

    def set_document(self, data: bytes | None) -> None:
        """Show a PDF, or nothing."""
        self._data = data
        self._pages = []
        self._zoom = 1.0
        if data is None:
            self._timer.stop()
            self._sheet.lay_out([], 0)
            self.set_message(self._empty_text)
            return
        self._render()

    def document(self) -> bytes | None:
        """Return the PDF that is shown, to print or save it."""
        return self._data

    def page_count(self) -> int:
        """Return how many pages are shown."""
        return len(self._pages)

    def zoom_in(self) -> None:
        """Show it larger."""
        self._set_zoom(self._zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show it smaller."""
        self._set_zoom(self._zoom / _ZOOM_STEP)

    def fit_width(self) -> None:
        """Fit the page to the width."""
        self._set_zoom(1.0)

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = max(_LEAST, min(_MOST, zoom))
        self._place_pages()
        self._timer.start()

    def _sheet_width(self) -> int:
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        room = max(self._scroll.width(), self.width()) - bar - 2 * metrics().step(3) - 2
        return max(metrics().px(160), round(room * self._zoom))

    def _place_pages(self) -> None:
        if self._pages:
            self._sheet.lay_out(self._pages, self._sheet_width())

    def _render(self) -> None:
        data = self._data
        if data is None:
            return
        pixels = self._sheet_width() * self.devicePixelRatioF()

        def work(job: Job) -> tuple[list[PageImage], int]:
            pages: list[PageImage] = []
            total = count_pages(data)
            # The first page's width tells the resolution: rendered small, it costs nothing.
            first = next(render_pages(data, dpi=18))
            for page in render_pages(data, dpi=pixels * _POINTS_PER_INCH / first.width):
                job.check()
                pages.append(page)
                if len(pages) == _MOST_PAGES:
                    break
            return pages, total

        self._runner.run(
            work,
            on_done=self._on_rendered,
            on_error=self._on_failed,
            owner=self,
            group=f"preview {id(self)}",
        )

    def _on_rendered(self, made: tuple[list[PageImage], int]) -> None:
        if self._data is None:
            return  # it was taken away while it was drawn
        pages, total = made
        self._pages = pages
        self._message.hide()
        self._scroll.show()
        words = self.tr("{count} trang")
        if total > len(pages):
            words = self.tr("{count} trang; ở đây xem được {shown} trang đầu")
        self._count.setText(words.format(count=format_number(total), shown=len(pages)))
        self._place_pages()
        self.rendered.emit(len(pages))

    def _on_failed(self, error: UserError) -> None:
        if self._data is None:
            return
        self._pages = []
        self.set_message(error.message)
        self.rendered.emit(0)

    def set_message(self, text: str) -> None:
        """Show a sentence where the paper would be."""
        self._scroll.hide()
        self._count.clear()
        self._message.setText(text)
        self._message.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale at once, render sharp when the size has settled."""
        super().resizeEvent(event)
        self._place_pages()
        if self._data is not None:
            self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with Ctrl and = - 0."""
        slots: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit_width,
        }
        slot = slots.get(event.key())
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and slot is not None:
            slot()
            event.accept()
            return
        super().keyPressEvent(event)
