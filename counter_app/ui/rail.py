"""The rail: pages with their keys at the left edge; it folds to icons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from counter_app.ui.icons import pixmap
from counter_app.ui.page import PageSpec
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip


class RailButton(QAbstractButton):
    """One entry: icon, name, key. Reached by its key or the mouse, so Tab stays in the page."""

    def __init__(self, icon: str, title: str, key: str, parent: QWidget | None = None) -> None:
        """The key is shown, not bound."""
        super().__init__(parent)
        self._icon = icon
        self._key = key
        self._is_folded = False
        self._count = 0
        self._pixmaps: dict[str, QPixmap] = {}
        self.setText(title)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{title} {key}".strip())

    def set_folded(self, *, folded: bool) -> None:
        """Show the icon alone, the name as a tip."""
        self._is_folded = folded
        self.setToolTip(plain_tip(self.accessibleName()) if folded else "")
        self.update()

    def set_count(self, count: int) -> None:
        """Show how much waits; nothing for 0."""
        self._count = count
        told = f"{self.text()} {self._key}".strip()
        self.setAccessibleName(f"{told}, {count}" if count else told)
        self.update()

    def set_face(self, icon: str, title: str) -> None:
        """Change icon and name."""
        self._icon = icon
        self.setText(title)
        self.setAccessibleName(f"{title} {self._key}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of an entry."""
        return QSize(metrics().rail_width, metrics().step(10))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover away."""
        super().leaveEvent(event)
        self.update()

    def _picture(self, colour: str) -> QPixmap:
        name = f"{self._icon} {colour}"
        if name not in self._pixmaps:
            self._pixmaps[name] = pixmap(self._icon, colour, metrics().icon)
        return self._pixmaps[name]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entry; the current one has a bar, a tint and the strong weight."""
        measures, palette = metrics(), colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.isChecked()
        area = self.rect().adjusted(measures.step(2), measures.step(0.5), -measures.step(2), 0)
        if current or self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent_tint if current else palette.window))
            painter.drawRoundedRect(area, measures.radius, measures.radius)
        if current:
            bar = QRectF(area.left(), area.top() + measures.step(2), measures.step(0.75), 0)
            bar.setBottom(area.bottom() + 1 - measures.step(2))
            painter.setBrush(QColor(palette.accent))
            painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)
        ink = palette.accent if current else palette.text
        edge = measures.icon
        left = area.left() + measures.step(2)
        top = area.center().y() - edge // 2 + 1
        painter.drawPixmap(left, top, self._picture(ink))
        if self._count and self._is_folded:
            painter.setBrush(QColor(palette.warning))
            painter.setPen(Qt.PenStyle.NoPen)
            dot = measures.step(2)
            painter.drawEllipse(left + edge - dot // 2, top - dot // 2, dot, dot)
        if not self._is_folded:
            self._paint_words(painter, area, left + edge + measures.step(2.5), ink)
        painter.end()

    def _paint_words(self, painter: QPainter, area: QRect, left: int, ink: str) -> None:
        measures = metrics()
        small = theme().font(measures.small_size)
        key_width = QFontMetrics(small).horizontalAdvance(self._key)
        right = area.right() - measures.step(2)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(small)
        painter.setPen(QColor(colours().muted))
        key_area = QRect(right - key_width, area.top(), key_width + 1, area.height())
        painter.drawText(key_area, middle, self._key)
        painter.setFont(theme().font(strong=self.isChecked()))
        painter.setPen(QColor(ink))
        room = QRect(left, area.top(), right - key_width - measures.step(0.5) - left, area.height())
        text = painter.fontMetrics().elidedText(
            f"{self.text()} · {self._count}" if self._count else self.text(),
            Qt.TextElideMode.ElideRight,
            room.width(),
        )
        painter.drawText(room, middle, text)


class Rail(QWidget):
    """The entries of all pages, the settings at the bottom and the fold."""

    page_chosen = Signal(str)
    fold_asked = Signal()

    def __init__(self, pages: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        """Make one entry per page."""
        super().__init__(parent)
        self._buttons: dict[str, RailButton] = {}
        self._keys: dict[RailButton, str] = {}
        self._is_folded = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, metrics().step(2), 0, metrics().step(2))
        layout.setSpacing(0)
        for spec in (s for s in pages if not s.is_at_bottom):
            layout.addWidget(self._add(spec))
        layout.addStretch(1)
        for spec in (s for s in pages if s.is_at_bottom):
            layout.addWidget(self._add(spec))
        self._fold_button = RailButton("fold", self.tr("Thu gọn"), "Ctrl+B", self)
        self._fold_button.clicked.connect(self.fold_asked)
        layout.addWidget(self._fold_button)
        self.setFixedWidth(metrics().rail_width)

    def _add(self, spec: PageSpec) -> RailButton:
        key = spec.shortcut or (f"Ctrl+{spec.number}" if spec.number else "")
        button = RailButton(spec.icon, spec.title, key, self)
        button.setCheckable(True)
        button.clicked.connect(self._on_button_clicked)
        self._buttons[spec.key] = button
        self._keys[button] = spec.key
        return button

    def button(self, key: str) -> RailButton:
        """Return a page's entry."""
        return self._buttons[key]

    def set_current(self, key: str) -> None:
        """Mark the page that is shown."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    @property
    def is_folded(self) -> bool:
        """Say whether only icons are shown."""
        return self._is_folded

    def set_folded(self, folded: bool) -> None:
        """Fold to icons, or open."""
        if folded == self._is_folded:
            return
        self._is_folded = folded
        self._fold_button.set_face(
            "unfold" if folded else "fold", self.tr("Mở rộng") if folded else self.tr("Thu gọn")
        )
        for button in (*self._buttons.values(), self._fold_button):
            button.set_folded(folded=folded)
        self.setFixedWidth(metrics().rail_folded if folded else metrics().rail_width)

    def toggle_fold(self) -> None:
        """Fold if open, open if folded."""
        self.set_folded(not self._is_folded)

    def _on_button_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.set_current(self._keys[button])
            self.page_chosen.emit(self._keys[button])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().panel))
        painter.setPen(QColor(colours().line))
        painter.drawLine(self.rect().topRight(), self.rect().bottomRight())
        painter.end()
