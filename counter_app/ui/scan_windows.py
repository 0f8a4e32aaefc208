"""The windows over the page of dossiers: a scanned pile, whom to call, who holds what."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from counter_app.domain.facts import DossierRow
from counter_app.errors import InputError
from counter_app.ui.dossier_calls import DossierCalls, DossierQuery
from counter_app.ui.interaction import Interaction
from counter_app.ui.pile_dialog import PileDialog
from counter_app.ui.reminder_dialog import ReminderDialog
from counter_app.ui.task_runner import Job, TaskRunner

_AT_ONCE, _MOST = 500, 2_000


def _too_many() -> str:
    text = QCoreApplication.translate(
        "scan_windows",
        "Danh sách có hơn {count} hồ sơ. Chưa in gì. Bấm một bộ lọc hẹp hơn rồi in lại.",
    )
    return text.format(count=f"{_MOST:,}".replace(",", "."))


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

    def open_batch(self, query: DossierQuery, rows: Sequence[DossierRow] | None) -> None:
        """Open the window that prints a whole list; ``rows`` are the list, or it is read."""
        batch, page = self._calls.batch, self._calls.page
        if batch is None:
            return
        from counter_app.ui.batch_dialog import BatchDialog

        def codes(job: Job) -> list[str]:
            if rows is not None:
                return [row.uuid for row in rows]
            found: list[DossierRow] = []
            while more := page(query, found[-1] if found else None, _AT_ONCE):
                found += more
                job.check()
                if len(found) > _MOST:
                    raise InputError(_too_many())
            return [row.uuid for row in found]

        self._open(BatchDialog(batch, codes, self._runner, self._page))

    def _open(self, window: QDialog) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.finished.connect(self._on_finished)
        window.open()

    def _on_finished(self, _result: int) -> None:
        if self.sender() is self.pile:
            self.pile = None
        self._page.window().activateWindow()
