"""The floor of a start: an empty PySide6 window, gone at its first paint."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.bench.first_paint import FirstPaint

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class _Window(QMainWindow):
    """Tells of its paints, as ours does."""

    def __init__(self, watcher: FirstPaint) -> None:
        super().__init__()
        self._watcher = watcher

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and tell."""
        super().paintEvent(event)
        self._watcher.painted()


def main() -> int:
    """Show the window and leave."""
    app = QApplication(sys.argv[:1])
    painted = FirstPaint()
    window = _Window(painted)
    window.setCentralWidget(QLabel("Counter"))
    window.showMaximized()
    status = app.exec()
    painted.tell()
    return status


if __name__ == "__main__":
    sys.exit(main())
