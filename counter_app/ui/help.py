"""F1: what this page is for and which keys work here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.page import Page, PageSpec
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme

_KEY = re.compile(r"((?:Ctrl\+|F\d)\S*) (.+)")


def split_keys(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Take a page's keys out of its words: a line of them says “Ctrl+O this · F5 that”."""
    words, keys = [], []
    for line in text.split("\n"):
        found = [_KEY.fullmatch(part.strip(" .")) for part in line.split(" · ")]
        if len(found) > 1 and all(found):
            keys += [(m[1], m[2][0].upper() + m[2][1:]) for m in found if m]
        else:
            words.append(line)
    return "\n".join(words), keys


class HelpDialog(ScreenDialog):
    """The page's own words, then the keys; F1, Enter or Esc closes it."""

    def __init__(self, page: Page, pages: Sequence[PageSpec], parent: QWidget | None) -> None:
        """Write the sheet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Giải thích: {page}").format(page=page.title))
        measures = metrics()
        edge = measures.step(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(edge, edge, edge, measures.step(4))
        layout.setSpacing(measures.step(3))
        title = QLabel(page.title)
        title.setFont(theme().font(measures.title_size, strong=True))
        layout.addWidget(title)
        told, own_keys = split_keys(page.help_text or self.tr("Trang này chưa có lời giải thích."))
        self._words = words = QLabel(told)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setFixedWidth(measures.px(680))
        layout.addWidget(words)
        layout.addSpacing(measures.step(2))
        if own_keys:
            layout.addLayout(_grid(own_keys))
            layout.addSpacing(measures.step(2))
        layout.addLayout(self._keys(pages))
        layout.addSpacing(measures.step(2))
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.clicked.connect(self.close)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()

    def _keys(self, pages: Sequence[PageSpec]) -> QGridLayout:
        rows = [
            ("F9, Ctrl+Enter", self.tr("Việc chính của trang")),
            ("Enter", self.tr("Sang ô tiếp theo, không lưu")),
            ("Esc", self.tr("Lùi một bước, không bỏ gì đã gõ")),
            ("Ctrl+K", self.tr("Tìm hồ sơ từ bất cứ đâu")),
            ("Ctrl+L", self.tr("Đổi cán bộ, rồi một chữ số")),
            ("Ctrl+F11", self.tr("Khóa màn hình")),
            ("Ctrl+F12", self.tr("Giấy chờ in")),
            ("Ctrl+B", self.tr("Thu gọn hay mở rộng thanh bên trái")),
        ]
        for spec in pages:
            numbered = f"Ctrl+{spec.number}" if spec.number else ""
            keys = ", ".join(key for key in (spec.shortcut or "", numbered) if key)
            if keys:
                rows.append((keys, spec.title))
        return _grid(rows)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the words all their lines: a window opens at two thirds of the screen at most."""
        self._words.setMinimumHeight(self._words.heightForWidth(self._words.width()))
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 closes what F1 opened."""
        if event.key() == Qt.Key.Key_F1:
            self.close()
            return
        super().keyPressEvent(event)


def _grid(rows: Sequence[tuple[str, str]]) -> QGridLayout:
    """Return keys and what they do, in two columns to be read downwards."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(metrics().step(4))
    grid.setVerticalSpacing(metrics().step())
    half = (len(rows) + 1) // 2
    for number, (keys, meaning) in enumerate(rows):
        column = 2 * (number // half)
        grid.addWidget(QLabel(keys), number % half, column)
        label = QLabel(meaning)
        set_tone(label, "muted")
        grid.addWidget(label, number % half, column + 1)
    for column, width in enumerate((116, 250, 96)):  # so that two grids stand in line
        grid.setColumnMinimumWidth(column, metrics().px(width))
    grid.setColumnStretch(3, 1)
    return grid
