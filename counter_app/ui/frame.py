"""The frame: rail, top line, notices, pages, bottom line, and the keys that hold everywhere.

Function keys and Esc are not shortcuts here: they are taken as key events that nobody below wanted,
so F4 still opens a combo box that has the focus and F2 still edits a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.after_paint import AfterPaint
from counter_app.ui.choices import Choice
from counter_app.ui.header import Clerk, HeaderFacts, TopLine
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.lines import BottomLine, Notice, NoticeBar
from counter_app.ui.page import Page, PageSpec
from counter_app.ui.page_builder import PageBuilder
from counter_app.ui.page_holder import Opened
from counter_app.ui.rail import Rail
from counter_app.ui.scan_intake import ScanIntake
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from datetime import timedelta

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent

    from counter_app.ui.interaction import Interaction

_NARROW = 1000  # at 100 %: below it the open rail takes more than a page can spare

__all__ = ["Clerk", "HeaderFacts", "MainWindow", "Notice"]


class MainWindow(QWidget):
    """The one window. Pages are made by their builder; the rest is told by signals."""

    search_requested = Signal(str)  # Enter in the search box
    match_chosen = Signal(object)  # a line under the search box
    clerk_chosen = Signal(object)  # Clerk.value
    secret_asked = Signal()  # to change one's own
    rail_folded = Signal(bool)

    def __init__(
        self,
        pages: Sequence[PageSpec],
        header: HeaderFacts,
        *,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is shown but the frame until ``show_page``."""
        super().__init__(parent)
        self._interaction = interaction
        self._gate: Callable[[], bool] = lambda: True
        self._may_close: Callable[[], bool] = lambda: True
        self._specs = {spec.key: spec for spec in pages}
        self._aside: dict[str, Opened] = {}  # of those who aren't at the desk now
        self._is_rail_chosen = False
        self._why_no_page: Callable[[str], str] = lambda _key: ""
        self._beyond_role: Callable[[str], str] | None = None
        self.after_paint = AfterPaint(self)
        self._rail = Rail(pages)
        self._top = TopLine()
        self._notices = NoticeBar()
        self.pages = PageBuilder(pages, self._on_page_made)
        self._bottom = BottomLine()
        self.scans = ScanIntake(self, self.current_page, top=self._top, bottom=self._bottom)
        self._lay_out()
        self._connect()
        self._page_keys = self._bind_keys()
        self.set_header(header)
        self.resize(metrics().px(1240), metrics().px(700))

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._notices)
        column.addWidget(self.pages, 1)
        column.addWidget(self._bottom)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        self._rail.page_chosen.connect(self.show_page)
        self._rail.fold_asked.connect(self._on_fold_asked)
        self._top.search_requested.connect(self.search_requested)
        self._top.match_chosen.connect(self.match_chosen)
        self._top.clerk_chosen.connect(self.clerk_chosen)
        self._top.secret_asked.connect(self.secret_asked)
        self._bottom.help_requested.connect(self.show_help)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def _bind_keys(self) -> dict[int, str]:
        keys: dict[int, str] = {}
        for spec in self._specs.values():
            sequences = [f"Ctrl+{spec.number}"] if spec.number else []
            if spec.shortcut:
                combination = check_key(spec.shortcut)[0]  # type: ignore[index]
                if combination.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
                    keys[int(combination.key())] = spec.key
                else:
                    sequences.append(spec.shortcut)
            for sequence in sequences:
                shortcut = self._bind(sequence, self._on_page_shortcut_activated)
                shortcut.setProperty("page", spec.key)
        bind_main_act(self, self.do_main_action)
        self._bind("Ctrl+K", self._top.focus_search)
        self._bind("Ctrl+L", self._top.open_clerks)
        self._bind("Ctrl+B", self._on_fold_asked)
        return keys

    def _bind(self, sequence: str, slot: Callable[[], object]) -> QShortcut:
        shortcut = QShortcut(check_key(sequence), self)
        shortcut.activated.connect(slot)
        return shortcut

    def _on_fold_asked(self) -> None:
        self._is_rail_chosen = True
        self._rail.toggle_fold()
        self.rail_folded.emit(self._rail.is_folded)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.scans.let_go()
        holder = self._open.holders.get(self._open.current)
        if holder is not None and now is not None and holder.page.isAncestorOf(now):
            holder.ensureWidgetVisible(now, metrics().step(2), metrics().step(2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the rail where the window is narrow for its letters, until someone chose."""
        super().resizeEvent(event)
        if not self._is_rail_chosen:
            self._rail.set_folded(self.width() < metrics().px(_NARROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Let what waited for the first picture begin; the ground is the style's."""
        super().paintEvent(event)
        self.after_paint.painted()

    # What the composition sets

    def set_header(self, header: HeaderFacts) -> None:
        """Show office, counter, clerk and date."""
        self._top.set_facts(header)
        self._set_title()

    def set_clerks(self, clerks: Sequence[Clerk]) -> None:
        """Set who can be chosen with Ctrl+L and a digit."""
        self._top.set_clerks(clerks)

    def set_search_provider(self, find: Callable[[str], Sequence[Choice]] | None) -> None:
        """Set what finds matches while one types in the search box."""
        self._top.set_search_provider(find)

    def follow_list(self, words: str) -> None:
        """Let the search box agree with the list that is shown, found by these words or none."""
        self._top.follow_list(words)

    def set_notices(self, notices: Sequence[Notice]) -> None:
        """Show lasting sentences under the top line; an empty list takes the bar away."""
        self._notices.set_notices(notices)

    def set_count(self, key: str, count: int) -> None:
        """Show beside a page's name how much waits there for a person."""
        self._rail.button(key).set_count(count)

    def set_state_text(self, text: str, tone: str = "muted") -> None:
        """Say in plain words how the data stand."""
        self._bottom.set_state_text(text, tone)

    def say(self, text: str) -> None:
        """Say what just happened, beside the state of the data and never in its place."""
        self._bottom.set_page_text(text)

    def set_rail_folded(self, *, folded: bool) -> None:
        """Fold the rail to icons, or open it, as someone chose before."""
        self._is_rail_chosen = True
        self._rail.set_folded(folded)

    # Pages

    @property
    def _open(self) -> Opened:
        return self.pages.opened

    @property
    def current_key(self) -> str:
        """Return the key of the page that is shown, or an empty text."""
        return self._open.current

    def page(self, key: str) -> Page | None:
        """Return a page if it was built already."""
        return self._open.page(key)

    def current_page(self) -> Page | None:
        """Return the page that is shown."""
        return self._open.page(self._open.current)

    def show_page(self, key: str, argument: object = None) -> None:
        """Bring a page to the front; one that was not made yet is made now."""
        left = self._open.current
        if not self._bring(key):
            return
        if left and left != key:
            self._open.trail = [k for k in self._open.trail if k not in (key, left)] + [left]
        page = self._open.page(key)
        if argument is not None and page is not None:
            page.opened_with(argument)

    def _bring(self, key: str) -> bool:
        why = self._why_no_page(key)
        if why:
            self._rail.set_current(self._open.current)
            self._interaction.inform(why)
            return False
        try:
            page = self.pages.make(key)
        except UserError as error:
            self._rail.set_current(self._open.current)
            self._interaction.inform(error.message)
            return False
        if key != self._open.current:
            self._remember_focus()
            self._open.current = key
            self._rail.set_current(key)
            self.pages.setCurrentWidget(self._open.holders[key])
            self._bottom.set_page_text("")
            self._set_title()
            page.grey()
            page.activated(refresh=True)
            self._give_focus(page)
        return True

    def _on_page_made(self, page: Page) -> None:
        page.beyond_role = self._beyond_role
        page.state_text_changed.connect(self._on_page_state_text_changed)
        page.page_requested.connect(self.show_page)
        page.search_requested.connect(self.search_requested)

    def _remember_focus(self) -> None:
        page, widget = self.current_page(), QApplication.focusWidget()
        if page is not None and widget is not None and page.isAncestorOf(widget):
            self._open.focus[self._open.current] = widget

    def _give_focus(self, page: Page) -> None:
        widget = self._open.focus.get(self._open.current)
        if widget is None or not shiboken6.isValid(widget) or not widget.isVisibleTo(page):
            widget = page.first_field()
        (widget or page).setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_title(self) -> None:
        page, office = self.current_page(), self._top.facts().office
        self.setWindowTitle(
            " – ".join(part for part in (page.title if page else "", office) if part)
        )

    def change_person(self, was: str, now: str) -> tuple[str, object]:
        """Put one person's pages aside, with what is typed there, and take another's.

        Nothing is shown until ``show_page``: what stood there is of who left.

        Returns:
            the page that is wanted now, and what it is to show: where he was, or what stood there.
        """
        self._remember_focus()
        page = self.current_page()
        left = (self._open.current, None if page is None else page.shown())
        self._aside[was] = self._open
        self.pages.take(self._aside.pop(now, Opened()))
        wanted, self._open.current = self._open.current, ""
        self._top.search_box().clear()
        return (wanted, None) if wanted else left

    def unsaved(self) -> list[str]:
        """Return the titles of the pages on which whoever is here hasn't saved something."""
        return self._open.unsaved()

    def _all_pages(self) -> list[Page]:
        opened = (self._open, *self._aside.values())
        return [page for one in opened for page in one.pages()]

    # Acts

    def set_gate(self, may_act: Callable[[], bool]) -> None:
        """Set what is asked before a page's main act; False keeps it from happening."""
        self._gate = may_act

    def set_closing_gate(self, may_close: Callable[[], bool]) -> None:
        """Set what is asked before the window closes; False keeps it open."""
        self._may_close = may_close

    def set_page_gate(self, why_not: Callable[[str], str]) -> None:
        """Set what says why a page may not be opened; an empty text lets it open."""
        self._why_no_page = why_not

    def set_role_gate(self, beyond_role: Callable[[str], str]) -> None:
        """Set what says why an act is beyond the role of who is here; an empty text allows it."""
        self._beyond_role = beyond_role

    def add_key(self, sequence: str, slot: Callable[[], object]) -> None:
        """Bind a key that holds on every page."""
        self._bind(sequence, slot)

    def tell_page_of_data(self) -> None:
        """Tell the page that is shown; the others are fresh when they come to the front."""
        page = self.current_page()
        if page is not None:
            page.activated(refresh=True)

    def tell_pages_of_day(self) -> None:
        """Tell the pages that a new day has begun."""
        for page in self._all_pages():
            page.day_changed()

    def tell_pages_of_clock(self, leap: timedelta) -> None:
        """Tell the pages that the clock was set."""
        for page in self._all_pages():
            page.clock_moved(leap)

    def tell_pages_of_person(self) -> None:
        """Tell the page that is shown; the others are fresh when they come to the front."""
        page = self.current_page()
        if page is not None:
            page.grey()
            page.person_changed()

    def tell_pages_of_colours(self) -> None:
        """Tell the page that is shown; the others draw anew when they come to the front."""
        page = self.current_page()
        if page is not None:
            page.colours_changed()

    def do_main_action(self) -> None:
        """Do the current page's main act (F9, Ctrl+Enter)."""
        self.scans.let_go()
        page = self.current_page()
        if page is not None and self._gate():
            page.main_action()

    def step_back(self) -> None:
        """Esc: out of the top line, back inside the page, else to the page before.

        Nothing is discarded: pages that are left keep what was typed in them.
        """
        page = self.current_page()
        widget = QApplication.focusWidget()
        if page is not None and widget is not None and self._top.isAncestorOf(widget):
            self._give_focus(page)
        elif page is not None and not page.step_back() and self._open.trail:
            self._bring(self._open.trail.pop())

    def show_help(self) -> None:
        """Explain the current page and its keys (F1)."""
        from counter_app.ui.help import HelpDialog  # only when it is asked for

        page = self.current_page()
        if page is not None:
            HelpDialog(page, list(self._specs.values()), self).open()

    def _on_page_shortcut_activated(self) -> None:
        self.show_page(self.sender().property("page"))

    def _on_page_state_text_changed(self, text: str) -> None:
        self._bottom.set_page_text(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys nobody below wanted: pages, help, back."""
        key, plain = event.key(), event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and int(key) in self._page_keys:
            self.show_page(self._page_keys[int(key)])
        elif plain and key == Qt.Key.Key_F1:
            self.show_help()
        elif plain and key == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before leaving work that is not saved."""
        unsaved = self.unsaved()
        for name, opened in self._aside.items():
            unsaved += [f"{title} ({name})" for title in opened.unsaved()]
        if unsaved:
            question = self.tr("Còn việc chưa lưu ở trang {pages}. Đóng chương trình?")
            if not self._interaction.confirm(
                question.format(pages=", ".join(unsaved)),
                yes=self.tr("Đóng chương trình"),
                no=self.tr("Ở lại"),
            ):
                event.ignore()
                return
        if not self._may_close():
            event.ignore()
            return
        super().closeEvent(event)
