"""The end of the day: the outage kit before the window closes, the last copy behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from counter_app.errors import UserError
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from counter_app.ui.backup_keeper import BackupKeeper
    from counter_app.ui.desk_means import Means
    from counter_app.ui.desk_papers import DeskPapers
    from counter_app.ui.encryption_calls import Conversion
    from counter_app.ui.frame import MainWindow


class Closing(QObject):
    """Lets the window close, and leaves the data as they should lie overnight."""

    def __init__(
        self,
        means: Means,
        keeper: BackupKeeper,
        papers: DeskPapers,
        *,
        window: MainWindow,
        is_second: bool,
        parent: QObject,
    ) -> None:
        """A second window only looks: it asks nothing and copies nothing."""
        super().__init__(parent)
        self._window = window
        self._conversion: Conversion | None = None
        self._means, self._keeper, self._papers = means, keeper, papers
        self._is_second = is_second
        self._is_replaced = False

    def may_close(self) -> bool:
        """Offer the outage kit before the desk goes home; False: it is being printed."""
        is_asked = self._conversion is None
        if self._is_second or not is_asked or not get_setting(self._means.store, "outage_at_close"):
            return True
        return not self._papers.of_office().offer_kit()

    @Slot()
    def leave_replaced(self) -> None:
        """Leave: what stands in the window is of the file that was replaced."""
        self._is_replaced = True
        QApplication.exit(0)

    def leave_for(self, conversion: Conversion) -> None:
        """Close the window and turn the data then; whoever stays leaves them as they are."""
        self._conversion = conversion
        if not self._window.close():
            self._conversion = None

    def turn_data(self) -> None:
        """Turn the data if that is why the window was closed; nobody of us reads them now."""
        if self._conversion is None:
            return
        from counter_app.ui.converting import ConvertingDialog

        store = self._means.store
        store.close()
        ConvertingDialog(self._conversion, close_store=store.close).exec()

    def back_up(self) -> None:
        """Keep what was saved since the last copy, and seal the file for the night.

        A failure is told, never swallowed; a stick that is out was told below all along.
        """
        if self._is_second or self._is_replaced:
            return
        problems: tuple[str, ...] = ()
        try:
            if self._conversion is None:  # turning makes its own copy
                problems = self._keeper.back_up_at_close()
            self._means.store.seal()
        except UserError as error:
            problems = (error.message,)
        for problem in problems:
            self._means.interaction.inform(problem)
