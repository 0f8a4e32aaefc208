"""The search index of an older program, made anew beside the clerk's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from counter_app.errors import UserError
    from counter_app.ui.desk_means import Means
    from counter_app.ui.task_runner import Job


class SearchKeeper(QObject):
    """Indexes what an older program indexed, some at a time between the clerk's tasks."""

    def __init__(self, means: Means, window: QObject, parent: QObject) -> None:
        """Nothing is indexed before ``go_on``; what is under way ends with the window."""
        super().__init__(parent)
        self._means, self._window = means, window

    def go_on(self, after: int | None = 0) -> None:
        """Index the next ones after a row, until none is left."""
        if after is None:
            return
        store = self._means.store

        def work(_job: Job) -> int | None:
            from counter_app.services import search_index

            if search_index.is_current(store):
                return None
            return search_index.index_some(store, after)[0]

        self._means.runner.run(
            work,
            on_done=self.go_on,
            on_error=self._on_failed,
            owner=self._window,
            group="search-index",
        )

    @Slot(object)
    def _on_failed(self, error: UserError) -> None:
        self._means.interaction.inform(error.message)
