"""A row of filters with their counts: one is chosen, arrows move between them, Enter presses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from counter_app.domain.words import format_number
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.flow import FlowLayout
from counter_app.ui.theme import colours, metrics, theme


class Chip(NamedTuple):
    """One filter: what it is called inside, what the clerk reads, the tone of a count above 0."""

    key: str
    text: str
    tone: str = ""


class ChipButton(QAbstractButton):
    """A filter and its count, underlined when it is the chosen one."""

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        """Start without a count."""
        super().__init__(parent)
        self.chip = chip
        self.count: int | None = None
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """Show a count; None while it isn't known."""
        self.count = count
        self.setText(self.chip.text if count is None else f"{self.chip.text} {self._figure()}")
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def _figure(self) -> str:
        return "" if self.count is None else format_number(self.count)

    def sizeHint(self) -> QSize:
        """Return room for both in the heavier weight, so that choosing moves nothing."""
        widths = self.fontMetrics()
        width = widths.horizontalAdvance(self.chip.text) + metrics().step(5)
        if self.count is not None:
            strong = theme().font(strong=True)
            width += QFontMetrics(strong).horizontalAdvance(self._figure()) + metrics().step(1.5)
        return QSize(width, metrics().field_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, the count in its tone and the bar of the chosen one."""
        palette, measures = colours(), metrics()
        painter = QPainter(self)
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(palette.accent_tint))
            bar = measures.step(0.75)
            painter.fillRect(0, self.height() - bar, self.width(), bar, QColor(palette.accent))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(palette.panel))
        edge = measures.step(2.5)
        area = self.rect().adjusted(edge, 0, -edge, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme().font())
        painter.setPen(QColor(palette.text if self.isChecked() else palette.muted))
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, self.chip.text)
        if self.count is not None:
            painter.setFont(theme().font(strong=True))
            painter.setPen(QColor(self._ink()))
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, self._figure())
        if self.hasFocus():
            pen = painter.pen()
            pen.setColor(QColor(palette.accent))
            pen.setWidth(measures.ring)
            painter.setPen(pen)
            inset = measures.ring // 2
            painter.drawRect(self.rect().adjusted(inset, inset, -inset - 1, -inset - 1))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave arrows to the row: a lone button would only move the focus."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
            return
        super().keyPressEvent(event)

    def _ink(self) -> str:
        palette = colours()
        if not self.count:
            return palette.muted
        return {"danger": palette.danger, "warning": palette.warning_text}.get(
            self.chip.tone, palette.text
        )


class ChipRow(QWidget):
    """Filters of which one is chosen, in a second line where there is no room in the first.

    Tab reaches the chosen one only.
    """

    chosen = Signal(str)

    def __init__(
        self, chips: Sequence[Chip], parent: QWidget | None = None, *, is_close: bool = False
    ) -> None:
        """The first filter is chosen; many of them stand close, to keep to one line."""
        super().__init__(parent)
        self._layout = FlowLayout(self, gap=0 if is_close else metrics().step(1))
        self._buttons: dict[str, ChipButton] = {}
        self._extra = ""
        for chip in chips:
            self._add(chip)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_current(chips[0].key)

    def _add(self, chip: Chip) -> None:
        button = ChipButton(chip)
        button.clicked.connect(self._on_button_clicked)
        self._layout.insert(len(self._buttons), button)
        self._buttons[chip.key] = button

    def set_extra(self, chip: Chip | None) -> None:
        """Show one more filter after the fixed ones for as long as it is chosen."""
        if self._extra:
            button = self._buttons.pop(self._extra)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
            self._extra = ""
        if chip is not None:
            self._add(chip)
            self._extra = chip.key

    def keys(self) -> list[str]:
        """Return the filters shown, in their order."""
        return list(self._buttons)

    def button(self, key: str) -> ChipButton:
        """Return one filter's button."""
        return self._buttons[key]

    def current(self) -> str:
        """Return the chosen filter."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose a filter without announcing it; one that isn't shown chooses none."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)
            button.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if name == key else Qt.FocusPolicy.ClickFocus
            )

    def set_count(self, key: str, count: int | None) -> None:
        """Show a filter's count."""
        if key in self._buttons:
            self._buttons[key].set_count(count)

    def choose(self, key: str) -> None:
        """Choose a filter as a press does."""
        self.set_current(key)
        self.chosen.emit(key)

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, ChipButton):
            self.choose(button.chip.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the next filter and choose it; Enter chooses the focused one."""
        keys = list(self._buttons)
        focused = next((k for k, b in self._buttons.items() if b.hasFocus()), "")
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if focused and step:
            key = keys[(keys.index(focused) + step) % len(keys)]
            self.choose(key)
            if key in self._buttons:
                self._buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
        elif focused and event.key() in ENTER_KEYS:
            self.choose(focused)
        else:
            super().keyPressEvent(event)
            return
        event.accept()
