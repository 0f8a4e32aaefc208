"""The search index, kept in order beside the clerk's work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.errors import UserError
    from counter_app.ui.desk_means import Means
    from counter_app.ui.task_runner import Job

log = logging.getLogger(__name__)
_EVERY_MS = 60_000
_STEP_MS = 50  # between two steps, so that a page's own tasks come first


class SearchKeeper(QObject):
    """Indexes what an older program indexed, and merges what single saves left.

    Both some at a time between the clerk's tasks, so that no save and no search waits for it.
    """

    def __init__(self, means: Means, window: QObject, parent: QObject) -> None:
        """Nothing is done before ``go_on``; what is under way ends with the window."""
        super().__init__(parent)
        self._means, self._window = means, window
        self._tidied = 0  # the last event of this desk when the index was in order
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tidy)

    def go_on(self, after: int | None = 0) -> None:
        """Index the next ones after a row, until none is left; then watch."""
        if after is None:
            self._timer.start(_EVERY_MS)
            return
        store = self._means.store

        def work(_job: Job) -> int | None:
            from counter_app.services import search_index

            if search_index.is_current(store):
                return None
            return search_index.index_some(store, after)[0]

        self._run(work, self.go_on, self._on_failed)

    def close(self) -> None:
        """Begin nothing further."""
        self._timer.stop()

    @Slot()
    def tidy(self) -> None:
        """Merge a little if something was saved since the index was in order, and go on later."""
        store, tidied = self._means.store, self._tidied

        def work(_job: Job) -> tuple[int, bool]:
            from counter_app.services import journal, search_index

            last = journal.desk(store).last_sequence
            return last, last != tidied and search_index.tidy_some(store)

        self._run(work, self._on_tidied, self._on_not_tidied)

    def _on_tidied(self, done: tuple[int, bool]) -> None:
        last, is_more = done
        if not is_more:
            self._tidied = last
        self._timer.start(_STEP_MS if is_more else _EVERY_MS)

    @Slot(object)
    def _on_not_tidied(self, error: UserError) -> None:
        # Nothing is lost by it and a queue may wait: no window comes up for that.
        log.info("the search index stays as it is: %s", type(error).__name__)
        self._timer.start(_EVERY_MS)

    def _run(
        self,
        work: Callable[[Job], Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[UserError], None],
    ) -> None:
        self._means.runner.run(
            work, on_done=on_done, on_error=on_error, owner=self._window, group="search-index"
        )

    @Slot(object)
    def _on_failed(self, error: UserError) -> None:
        self._means.interaction.inform(error.message)
