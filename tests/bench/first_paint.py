"""Notes the moment at which a program's window has first been painted, and its memory then."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


class FirstPaint:
    """Is told of each paint of the window; after the first one the application ends.

    A paint event reaches all widgets of a window before the event loop turns again, so that what
    is noted then is a window that is painted whole. An event filter would need no telling, but for
    it PySide makes every class that a window may have, which weighs most on the bare window.
    """

    def __init__(self) -> None:
        self.painted_at = 0.0
        self._is_told = False

    def painted(self) -> None:
        """Note the first paint as soon as it is done."""
        if not self._is_told:
            self._is_told = True
            QTimer.singleShot(0, self._note)

    def _note(self) -> None:
        self.painted_at = time.time()
        QApplication.quit()

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
