"""Pages in the making, a piece at a turn, so that the window never stands still for long.

A page that is wanted is finished at once, and the window turns between the pieces. Pages that
nobody wants yet are made ahead in the same pieces while no key is pressed.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from counter_app.errors import UserError
from counter_app.ui.page import Page, PageSpec
from counter_app.ui.page_holder import Opened, PageHolder
from counter_app.ui.turns import take_turn

_PAUSE_MS = 1
_QUIET_MS = 400  # after a key; two letters of a word come closer together


class PageBuilder(QStackedWidget):
    """Holds the pages of the window and makes each of them when it is needed, or a little before.

    ``on_made`` is told of each new page before it can be seen.
    """

    all_made = Signal()  # ahead, all there are

    def __init__(
        self,
        specs: Sequence[PageSpec],
        on_made: Callable[[Page], object],
        parent: QWidget | None = None,
    ) -> None:
        """Make nothing yet."""
        super().__init__(parent)
        self._specs = {spec.key: spec for spec in specs}
        self._on_made = on_made
        self._pieces: dict[str, deque[Callable[[], object]]] = {}
        self._new: dict[str, Page] = {}  # made, not yet in its place
        self._blank = QWidget()  # while nobody's page stands here
        self.addWidget(self._blank)
        self.opened = Opened()  # the pages of who is at the desk
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._make_ahead)

    def take(self, opened: Opened) -> None:
        """Let the pages of another person take the place of those that stand here."""
        for page in self._new.values():
            page.deleteLater()
        self._new.clear()
        self._pieces.clear()
        self.opened = opened
        self.setCurrentWidget(self._blank)

    def make(self, key: str) -> Page:
        """Return a page; what it still lacks is made now.

        Raises:
            UserError: it can't be made, and why; the next time everything is tried again.
        """
        while key not in self.opened.holders:
            self.wait()
            self._do_piece(key)
            take_turn(self)
        self.wait()  # showing it and painting it are the next turn's work
        return self.opened.holders[key].page

    def begin_ahead(self) -> None:
        """Make what nobody has asked for yet, in quiet moments from now on."""
        self._timer.start(_QUIET_MS)

    @Slot()
    def wait(self) -> None:
        """Leave the turns to the clerk: go on when he has asked for nothing for a while."""
        if self._timer.isActive():
            self._timer.start(_QUIET_MS)

    def forget(self) -> None:
        """Make nothing more ahead: the window is going."""
        self._timer.stop()

    @Slot()
    def _make_ahead(self) -> None:
        key = next((key for key in self._specs if key not in self.opened.holders), None)
        if key is None:
            self.all_made.emit()
            return
        try:
            self._do_piece(key)
        except UserError:
            return  # it is told to whoever opens the page
        self._timer.start(_PAUSE_MS)

    def _do_piece(self, key: str) -> None:
        pieces = self._pieces.get(key)
        if not pieces:
            pieces = self._pieces[key] = self._pieces_of(self._specs[key])
        try:
            pieces.popleft()()
        except BaseException:
            self._pieces.pop(key, None)
            raise

    def _pieces_of(self, spec: PageSpec) -> deque[Callable[[], object]]:
        loads = [partial(importlib.import_module, name) for name in spec.needs]
        return deque([*loads, partial(self._make, spec), partial(self._place, spec)])

    def _make(self, spec: PageSpec) -> None:
        page = self._new[spec.key] = spec.factory()
        page.title = page.title or spec.title
        page.help_text = page.help_text or spec.help_text
        self._on_made(page)
        self._pieces[spec.key].extendleft(reversed(page.pieces()))

    def _place(self, spec: PageSpec) -> None:
        """Put a page in its place, dressed and laid out, so that showing it is all that is left."""
        # Of this parent at once: each move dresses again all that was dressed already.
        holder = self.opened.holders[spec.key] = PageHolder(self._new.pop(spec.key), self)
        self.addWidget(holder)
        holder.resize(self.size())
        holder.fit()
