"""Notes the moment at which a program's window has first been painted, and its memory then."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


class FirstPaint(QObject):
    """Watches for the first paint; when that is done, the application ends.

    A paint event reaches all widgets of a window before the event loop turns again, so that what
    is noted then is a window that is painted whole.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.painted_at = 0.0
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each event, take none."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self._app.removeEventFilter(self)
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        self.painted_at = time.time()
        self._app.quit()

    def tell(self) -> None:
        """Write when the paint was done and how much memory is held."""
        sys.stdout.write(f"{self.painted_at!r} {_memory()}\n")
        sys.stdout.flush()


def _memory() -> int:
    """Return the resident memory in bytes; 0 where the system doesn't tell it this way."""
    try:
        with Path("/proc/self/status").open(encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
