"""Acts on the dossier that is shown: a dialog for each move, prints at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.facts import DossierFacts, PaperFacts
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import ActDialog
from counter_app.ui.act_tiles import wanted_act
from counter_app.ui.dossier_calls import DossierCalls
from counter_app.ui.interaction import Interaction
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.translation import reason_in_window

_SEEN_MS = 15 * 60_000  # from the last file that was opened


class DossierActs(QObject):
    """Does what is asked, or says why it can't be done."""

    act_done = Signal(object)  # DossierFacts as they are now
    printed = Signal(object)  # DossierFacts as they were before the print
    said = Signal(str)

    def __init__(
        self,
        calls: DossierCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget,
    ) -> None:
        """Dialogs belong to ``parent``."""
        super().__init__(parent)
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._window = parent
        self.dialog: ActDialog | None = None  # the one that is open
        self._seen: set[Path] = set()  # attached files that were opened
        self.seen_long = QTimer(self)
        self.seen_long.setSingleShot(True)
        self.seen_long.setInterval(_SEEN_MS)
        self.seen_long.timeout.connect(self._hide_files)

    def do_wanted(self, facts: DossierFacts) -> None:
        """Do the one act the dossier's state wants now."""
        act = wanted_act(facts)
        if act is None:
            text = self.tr("Hồ sơ {code} lúc này không chờ việc nào của quầy.")
            self.said.emit(text.format(code=facts.shown_code))
            return
        self.do(act, facts)

    def do(self, move: Move, facts: DossierFacts) -> None:
        """Open the act's dialog, or print."""
        why_not = next((act.why_not for act in facts.acts if act.move is move), "")
        if why_not:
            words = self.tr("Chưa làm được: {why}.")
            self.said.emit(words.format(why=reason_in_window(why_not)))
        elif move is Move.PRINT:
            self._print(lambda: self._calls.print_receipt(facts.uuid), facts)
        else:
            # The forms of all acts are many, and none is needed at a start.
            from counter_app.ui.act_forms import make_dialog

            dialog = make_dialog(move, facts, self._calls, self._runner, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog = dialog
            dialog.interaction = self._interaction
            dialog.act_done.connect(partial(self._on_act_done, dialog))
            dialog.finished.connect(self._on_dialog_finished)
            dialog.open()

    def _on_act_done(self, dialog: ActDialog, facts: DossierFacts) -> None:
        kind = dialog.slip()
        self.act_done.emit(facts)
        if kind:
            self._print(lambda: self._calls.life.print_slip(facts.uuid, kind), facts)

    def more(self, facts: DossierFacts) -> None:
        """Show the acts that are done seldom."""
        from counter_app.ui.more_acts import MoreActsDialog

        dialog = MoreActsDialog(facts, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.act_chosen.connect(partial(self._on_more_chosen, facts))
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_more_chosen(self, facts: DossierFacts, move: Move) -> None:
        self.do(move, facts)

    def open_file(self, attached: dict[str, Any]) -> None:
        """Open an attached file with the PC's own program, once it was read and compared."""
        self._runner.run(
            lambda _job: self._calls.life.file_path(attached["sha256"], attached["type"]),
            on_done=partial(self._show_file, attached["name"]),
            on_error=self._on_failed,
            owner=self,
        )

    def _show_file(self, name: str, path: Path | None) -> None:
        if path is None:
            return
        self._seen.add(path)
        self.seen_long.start()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            text = self.tr("Máy này chưa có chương trình mở tệp {name}. Tệp nằm ở {path}.")
            self._interaction.inform(text.format(name=name, path=path))

    def _hide_files(self) -> None:
        """Let what was opened of sealed files not lie there plain until the program ends."""
        seen, self._seen = self._seen, set()
        hide = self._calls.life.hide_file
        self._runner.run(lambda _job: [hide(path) for path in seen], owner=self)

    def _on_dialog_finished(self, _result: int) -> None:
        self.dialog = None
        # Not every window system gives the keyboard back by itself.
        self._window.window().activateWindow()

    def reprint(self, paper: PaperFacts, facts: DossierFacts) -> None:
        """Print an issued paper again."""
        self._print(lambda: self._calls.reprint(facts, paper), facts)

    def _print(self, record: Callable[[], str], facts: DossierFacts) -> None:
        """Record the print, hand the paper to the printer; what printed says so."""

        def sent(paper_uuid: str) -> None:
            self._calls.print_papers([paper_uuid])
            self.printed.emit(facts)

        self._runner.run(lambda _job: record(), on_done=sent, on_error=self._on_failed, owner=self)

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)
