"""What every page is: a widget with a title, one main act and a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from counter_app.ui.buttons import grey_by_role
from counter_app.ui.keys import check_key


class Page(QWidget):
    """One page of the window. Subclasses override the hooks they need.

    Announce, don't reach out: a page never touches the frame, it emits.
    """

    state_text_changed = Signal(str)  # plain words for the bottom line ("Đã lưu lúc 09:12")
    page_requested = Signal(str, object)  # key of another page and what it should show
    search_requested = Signal(str)

    title = ""
    help_text = ""
    beyond_role: Callable[[str], str] | None = None  # set by the frame, where people sign in

    _to_make: Sequence[Callable[[], object]] = ()

    def make_parts(self, *parts: Callable[[], object], in_pieces: bool) -> None:
        """Make the first part of a large page, and the others too unless each gets its turn."""
        self._to_make = parts[1:] if in_pieces else ()
        for part in parts[:1] if in_pieces else parts:
            part()

    def pieces(self) -> Sequence[Callable[[], object]]:
        """Return what of the page is made after it, a piece at a turn, before it is shown."""
        return self._to_make

    def grey(self) -> None:
        """Grey what is beyond the role of who is here; called when the page comes to the front."""
        if self.beyond_role is not None:
            grey_by_role(self, self.beyond_role)

    def main_action(self) -> None:
        """Do the page's main act: F9 and Ctrl+Enter come here, and the page's button too."""

    def activated(self, *, refresh: bool) -> None:
        """Called each time the page comes to the front; ``refresh`` asks for fresh data."""

    def day_changed(self) -> None:
        """Called when a new day begins while the window stands open; fresh data for what shows."""
        if self.isVisible():
            self.activated(refresh=True)

    def clock_moved(self, leap: timedelta) -> None:
        """Called when the machine's clock was set; moments stamped by it move along."""

    def person_changed(self) -> None:
        """Called when somebody signed in; what stands greyed for his role may not be so for this.

        What is typed stays.
        """

    def colours_changed(self) -> None:
        """Called when the palette was changed; what holds a colour as text writes it anew."""

    def opened_with(self, argument: object) -> None:
        """Called after ``activated`` when another page asked for this one with an argument."""

    def shown(self) -> object:
        """Return what stands open here, as ``opened_with`` takes it; None for nothing of its own.

        The next person's page begins with it.
        """
        return None

    def step_back(self) -> bool:
        """Esc: step one level back inside the page; False if there is nothing to step back from."""
        return False

    def has_unsaved_work(self) -> bool:
        """Say whether something typed here is not saved yet."""
        return False

    def take_card(self, text: str) -> bool:
        """Use the text of a scanned card; False leaves it to the window."""
        del text
        return False

    def take_code(self, text: str) -> bool:
        """Use a scanned code of a receipt; False leaves it to the window."""
        del text
        return False

    def first_field(self) -> QWidget | None:
        """Return the widget that takes the focus when the page is first shown."""
        return None

    def add_key(self, key: str, slot: Callable[[], object]) -> QShortcut:
        """Bind a key of this page only, such as ``Ctrl+R``; keys of the keyboard are refused."""
        shortcut = QShortcut(check_key(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(slot)
        return shortcut


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page as the rail knows it before it is built."""

    key: str  # "reception"
    title: str  # "Tiếp nhận"
    icon: str  # a file of resources/icons without .svg
    factory: Callable[[], Page]  # called at the first show
    shortcut: str | None = None  # "F2"
    number: int | None = None  # 1 for Ctrl+1
    help_text: str = ""
    is_at_bottom: bool = False
    needs: tuple[str, ...] = ()  # modules that are loaded before, one at a turn
