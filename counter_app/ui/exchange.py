"""The exchange between desks as the window knows it: its page, what waits, when to remind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from counter_app.services import rights
from counter_app.ui.buttons import grey_by_role
from counter_app.ui.frame import MainWindow
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.task_runner import Job, TaskRunner

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.import_page import ImportPage
    from counter_app.ui.sync_calls import BundleFile, FileMark, SyncCalls

_LOOK_MS = 60_000


class Papers(Protocol):
    """What the window does with papers."""

    def print_made(self, make: Callable[[], bytes]) -> None:
        """Print a PDF that is made in a task."""

    def print_papers(self, paper_uuids: list[str]) -> None:
        """Print issued papers."""

    def view_paper(self, uuid: str, code: str, print_again: Callable[[], object]) -> None:
        """Show an issued paper."""


class Exchange(QObject):
    """Makes the page when it is wanted, and keeps rail and reminder true."""

    changed = Signal()

    def __init__(
        self,
        store: Store,
        window: MainWindow,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        clock: Callable[[], datetime],
        clerk: Callable[[], str],
        papers: Papers,
    ) -> None:
        """Nothing is read before ``tell``."""
        super().__init__(window)
        self._store, self._window = store, window
        self._runner, self._interaction = runner, interaction
        self._clock, self._clerk, self._papers = clock, clerk, papers
        self.reminder = ""
        self._marks: dict[Path, FileMark] = {}
        self._new = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def page(self) -> Page:
        """Make the page Đồng bộ."""
        from counter_app.ui.sync_desks import DesksPane
        from counter_app.ui.sync_page import SyncPage

        desks = DesksPane(self._calls(), runner=self._runner, interaction=self._interaction)
        page = SyncPage(desks, self._lists)
        page.exchanged.connect(self.tell)
        page.conflicts_asked.connect(self.open_conflicts)
        return page

    def _lists(self) -> ImportPage:
        from counter_app.ui.import_calls import import_calls
        from counter_app.ui.import_page import ImportPage

        return ImportPage(
            import_calls(self._store, clock=self._clock, clerk=self._clerk),
            runner=self._runner,
            interaction=self._interaction,
        )

    def _calls(self) -> SyncCalls:
        from counter_app.ui.sync_calls import sync_calls

        return sync_calls(
            self._store,
            clock=self._clock,
            clerk=self._clerk,
            print_pdf=self._papers.print_made,
            view_paper=self._papers.view_paper,
            print_papers=self._papers.print_papers,
        )

    @Slot()
    def open_conflicts(self) -> None:
        """Show what the desks said apart, to be decided."""
        from counter_app.ui.conflicts_dialog import ConflictsDialog

        dialog = ConflictsDialog(self._calls(), self._runner, self._window)
        grey_by_role(dialog, partial(rights.beyond_role, self._store))
        dialog.decided.connect(self.tell)
        dialog.finished.connect(self._on_conflicts_left)
        dialog.open()

    @Slot()
    def _on_conflicts_left(self) -> None:
        page = self._window.current_page()
        if page is not None:
            page.activated(refresh=True)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Look into the shared folder in a task; what came in since is said once, in the line."""
        from counter_app.services import sync_overview
        from counter_app.services.settings import get_setting

        folder, before = str(get_setting(self._store, "sync_folder")), dict(self._marks)
        if not folder:
            return

        def work(_job: Job) -> list[BundleFile]:
            return sync_overview.files_in(self._store, Path(folder), before)

        self._runner.run(work, on_done=self._on_looked, owner=self, group="sync-watch")

    def _on_looked(self, files: list[BundleFile]) -> None:
        self._marks = {one.path: one.mark for one in files}
        count = sum(one.standing == "new" for one in files)
        if count > self._new:
            words = self.tr("{count} gói đồng bộ mới ở thư mục chung. Nhấn F8 để nhận.")
            self._window.say(words.format(count=count))
        self._new = count

    @Slot()
    def tell(self) -> None:
        """Show in the rail what waits for a person, and remind of an exchange that is due."""
        from counter_app.services import sync_overview

        if not self._timer.isActive():
            self._timer.start()
        found = sync_overview.overview(self._store, now=self._clock())
        self._window.set_count("sync", found.conflicts)
        self.reminder = sync_overview.reminder(found)
        self.changed.emit()
