"""What presses before the session ends: looked for now and then, said once at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from counter_app.ui.desk_means import Means
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.task_runner import Job

_ALERT_MS = 15 * 60_000


class Alerts(QObject):
    """Says what is due before the session ends; a line, never a question."""

    def __init__(self, means: Means, window: MainWindow, parent: QObject) -> None:
        """Nothing is looked for before ``start``."""
        super().__init__(parent)
        self._means, self._window = means, window
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_ALERT_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look every quarter of an hour."""
        self._timer.start()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """See what presses before the session ends; a line at the bottom, each thing once."""
        store, clock = self._means.store, self._means.clock

        def work(_job: Job) -> str:
            from counter_app.services import board

            return board.quiet_alert(store, now=clock())

        self._means.runner.run(work, on_done=self._say, owner=self._window, group="alert")

    @Slot(str)
    def _say(self, text: str) -> None:
        if text and text != self._last:
            self._window.say(f"{text}.")
        self._last = text
