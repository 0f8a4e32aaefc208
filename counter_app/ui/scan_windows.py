"""The windows over the page of dossiers: a scanned pile, whom to call, who holds what."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from counter_app.ui.dossier_calls import DossierCalls
from counter_app.ui.interaction import Interaction
from counter_app.ui.pile_dialog import PileDialog
from counter_app.ui.reminder_dialog import ReminderDialog
from counter_app.ui.task_runner import TaskRunner


class ScanWindows(QObject):
    """Opens the window for a pile and the reminder list; one pile at a time."""

    moved = Signal()  # several dossiers have moved
    contacted = Signal(object)  # DossierFacts after a call was noted
    dossier_wanted = Signal(str)  # uuid
    list_wanted = Signal(object)  # DossierQuery

    def __init__(
        self,
        calls: DossierCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget,
    ) -> None:
        """Windows belong to ``parent``."""
        super().__init__(parent)
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._page = parent
        self.pile: PileDialog | None = None

    def open_pile(self) -> None:
        """Open the window for one pile (quét liên tục)."""
        if self._calls.pile is None or self.pile is not None:
            return
        pile = PileDialog(self._calls.pile, self._runner, self._interaction, self._page)
        pile.pile_done.connect(self.moved)
        self.pile = pile
        self._open(pile)

    def open_reminders(self) -> None:
        """Open the list of what nobody fetched (nhắc nhận kết quả)."""
        if self._calls.reminders is None:
            return
        window = ReminderDialog(self._calls.reminders, self._runner, self._page)
        window.contacted.connect(self.contacted)
        window.dossier_wanted.connect(self.dossier_wanted)
        self._open(window)

    def open_handover(self) -> None:
        """Open the window of who holds what (bàn giao)."""
        if self._calls.handover is None:
            return
        from counter_app.ui.handover_dialog import HandoverDialog

        window = HandoverDialog(self._calls.handover, self._runner, self._page)
        window.given.connect(self.moved)
        window.list_wanted.connect(self.list_wanted)
        self._open(window)

    def _open(self, window: QDialog) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.finished.connect(self._on_finished)
        window.open()

    def _on_finished(self, _result: int) -> None:
        if self.sender() is self.pile:
            self.pile = None
        self._page.window().activateWindow()
