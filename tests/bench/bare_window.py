"""The floor of a start: an empty PySide6 window, gone at its first paint."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from tests.bench.first_paint import FirstPaint


def main() -> int:
    """Show the window and leave."""
    app = QApplication(sys.argv[:1])
    painted = FirstPaint(app)
    window = QMainWindow()
    window.setCentralWidget(QLabel("Counter"))
    window.showMaximized()
    status = app.exec()
    painted.tell()
    return status


if __name__ == "__main__":
    sys.exit(main())
