"""The draft of the reception form: kept a second after the last change, and through a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from counter_app.errors import UserError
from counter_app.ui.reception_desk import ReceptionDesk

_DELAY_MS = 1000


class DraftKeeper(QObject):
    """Saves what ``body`` returns once the hands rest; a draft that can't be kept is said once."""

    failed = Signal(str)

    def __init__(
        self, desk: ReceptionDesk, parent: QObject, *, body: Callable[[], dict[str, Any] | None]
    ) -> None:
        """``body`` returns None when there is nothing to keep."""
        super().__init__(parent)
        self._desk = desk
        self._body = body
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def note_change(self) -> None:
        """Save a second after the last change."""
        self._timer.start()

    def save_if_due(self) -> None:
        """Save now what a change is waiting for."""
        if self._timer.isActive():
            self.save()

    def save(self) -> None:
        """Save now, or forget a draft that became empty."""
        self._timer.stop()
        body = self._body()
        try:
            if body is None:
                self._desk.drop_draft()
            else:
                self._desk.save_draft(body)
        except UserError as error:
            self.failed.emit(error.message)

    def load(self) -> tuple[dict[str, Any], datetime] | None:
        """Return what was kept, and when."""
        try:
            return self._desk.load_draft()
        except UserError as error:
            self.failed.emit(error.message)
            return None

    def forget(self) -> None:
        """Drop the draft: its dossier is saved, or it was thrown away on purpose."""
        self._timer.stop()
        try:
            self._desk.drop_draft()
        except UserError as error:
            self.failed.emit(error.message)
