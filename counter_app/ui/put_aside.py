"""The dialogs that one person leaves open when another takes the desk: kept for him.

Nothing that was begun in one name goes on in another's. His pages are put aside by the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QWidget

from counter_app.ui.screen_dialog import ScreenDialog

if TYPE_CHECKING:
    from collections.abc import Iterable


class DialogsAside(QObject):
    """The dialogs of those who aren't at the desk now."""

    def __init__(self, parent: QObject) -> None:
        """Nobody has left anything."""
        super().__init__(parent)
        self._left: dict[str, list[QDialog]] = {}

    def take(self, windows: Iterable[QWidget], name: str) -> None:
        """Put somebody's dialogs aside with what is typed in them.

        One whose answer is waited for can't come back: it is left without an answer, as by Esc.
        """
        for window in windows:
            if isinstance(window, ScreenDialog) and not window.is_waited_for:
                self._left.setdefault(name, []).append(window)
                window.finished.connect(self._on_finished)
            elif isinstance(window, QDialog):
                window.reject()
            window.hide()  # also one that doesn't close while it works

    def give_back(self, name: str) -> None:
        """Show somebody the dialogs that he left open, in the same order."""
        for dialog in self._left.pop(name, []):
            if shiboken6.isValid(dialog):
                dialog.finished.disconnect(self._on_finished)
                dialog.open()

    @Slot(int)
    def _on_finished(self, _result: int) -> None:
        """Forget one that ended while it was aside, because what it did was done."""
        ended = self.sender()
        for name, left in self._left.items():
            self._left[name] = [dialog for dialog in left if dialog is not ended]
