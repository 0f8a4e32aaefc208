"""What can wait until the window has been painted: kept until then, then done one thing at a turn.

A timer of nothing is not enough: on some screens it ends before the first picture is drawn, and
what should wait makes the clerk wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_LATEST_MS = 5_000  # a window that was opened folded to the task bar isn't painted at all


class AfterPaint(QObject):
    """Keeps acts until the first picture stands, then does them between the keystrokes."""

    def __init__(self, parent: QObject) -> None:
        """Nothing is kept yet; what is kept is forgotten with ``parent``."""
        super().__init__(parent)
        self._acts: deque[Callable[[], object]] = deque()
        self._is_painted = False

    def add(self, act: Callable[[], object]) -> None:
        """Do something once the picture stands; soon, if it does already."""
        self._acts.append(act)
        if self._is_painted and len(self._acts) == 1:
            self._go_on()

    def watch(self) -> None:
        """Begin at the latest after some seconds, painted or not."""
        QTimer.singleShot(_LATEST_MS, self, self.painted)

    def painted(self) -> None:
        """Note that the window is being painted; the first time sets everything going."""
        if not self._is_painted:
            self._is_painted = True
            if self._acts:
                self._go_on()

    def forget(self) -> None:
        """Drop what was not done: the window is going."""
        self._acts.clear()

    def _go_on(self) -> None:
        QTimer.singleShot(0, self, self._do_next)

    def _do_next(self) -> None:
        if not self._acts:
            return
        act = self._acts.popleft()
        if self._acts:
            self._go_on()  # first: a dialog that the act opens holds up no other
        act()
