"""The search line of the page of dossiers: as one types, in the task runner, never behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QWidget

from counter_app.domain.facts import DossierRow
from counter_app.domain.text import clean_line
from counter_app.ui.fields import ENTER_KEYS, TextField
from counter_app.ui.icons import set_icon
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics

DELAY_MS = 100
SHORTEST = 2


class SearchLine(TextField):
    """Searches from the second letter on; Enter and ↓ go down to what was found."""

    descended = Signal()
    found = Signal(str, object)  # the text and its rows
    emptied = Signal()  # nothing is searched for any more

    def __init__(
        self,
        search: Callable[[str], Sequence[DossierRow]],
        runner: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        """``search`` runs in a thread; a newer search cancels the older one."""
        super().__init__(parent)
        self.set_hints(
            self.tr("Tìm theo mã, họ tên, số định danh, điện thoại, thủ tục"),
            self.tr("Tìm theo mã, họ tên, số, điện thoại"),
            self.tr("Tìm mã, họ tên, số"),
            self.tr("Tìm"),
        )
        self.setAccessibleName(self.tr("Tìm hồ sơ"))
        lens = self.addAction(QIcon(), self.ActionPosition.LeadingPosition)
        set_icon(lens, "search", "muted", metrics().step(4))
        self._search = search
        self._runner = runner
        self._last_text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.start)
        self.textEdited.connect(self._on_searched_text_edited)

    def is_searching(self) -> bool:
        """Say whether enough is typed to search for."""
        return len(clean_line(self.text())) >= SHORTEST

    def search_for(self, text: str) -> None:
        """Write a text and search for it at once."""
        self.setText(text)
        self.start()

    def type_on(self, letters: str) -> None:
        """Go on with letters that were typed elsewhere."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setText(self.text() + letters)
        self._timer.start()

    def leave(self) -> None:
        """Empty the line without announcing it; an answer under way is not wanted any more."""
        self._timer.stop()
        self._last_text = ""
        self.clear()

    def start(self) -> None:
        """Search for what stands in the line now."""
        self._timer.stop()
        text = clean_line(self.text())
        if len(text) < SHORTEST:
            if not text and self._last_text:
                self._last_text = ""
                self.emptied.emit()
            return
        search = self._search

        def work(job: Job) -> tuple[str, Sequence[DossierRow]]:
            job.check()
            return text, search(text)

        self._runner.run(work, on_done=self.take_answer, owner=self, group="search")

    def take_answer(self, answer: tuple[str, Sequence[DossierRow]]) -> None:
        """Announce what was found, unless the text has changed since."""
        text, rows = answer
        if text == clean_line(self.text()):
            self._last_text = text
            self.found.emit(text, rows)

    def _on_searched_text_edited(self, _text: str) -> None:
        self._timer.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave downwards; everything else is typing."""
        if event.key() in (*ENTER_KEYS, Qt.Key.Key_Down) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            if self._timer.isActive():
                self.start()
            self.descended.emit()
            event.accept()
            return
        super().keyPressEvent(event)
