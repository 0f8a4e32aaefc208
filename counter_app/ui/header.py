"""The top line: office and counter, the search box, the date in words, the clerk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from counter_app.domain.words import format_date
from counter_app.ui.choices import Choice, SearchChoice
from counter_app.ui.fields import ENTER_KEYS, set_tone
from counter_app.ui.icons import set_icon
from counter_app.ui.lines import ElidedLabel
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.translation import weekday

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeyEvent

_DIGITS = 9


class HeaderFacts(NamedTuple):
    """What the top line says."""

    office: str
    counter: str
    clerk: str
    today: date
    may_change_secret: bool = False  # somebody is signed in and can write


class Clerk(NamedTuple):
    """Someone who can sit at this desk."""

    value: Any
    name: str


class SearchBox(SearchChoice):
    """The one search box; Enter asks for the list, a chosen match goes straight there."""

    search_requested = Signal(str)
    list_width = 640  # a code, a name and a procedure beside each other

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without a provider of matches."""
        self.provider: Callable[[str], Sequence[Choice]] | None = None
        super().__init__(parent, find=self._matches, free_text=True, minimum=2)
        # Ctrl+K comes here from anywhere, so Tab need not: it stays in the page.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.set_hints(
            self.tr("Ctrl+K   Tìm hồ sơ: mã, tên, số định danh, điện thoại"),
            self.tr("Ctrl+K   Tìm hồ sơ: mã, tên, số"),
            self.tr("Ctrl+K   Tìm hồ sơ"),
        )
        self.setAccessibleName(self.tr("Tìm hồ sơ"))
        lens = self.addAction(QIcon(), self.ActionPosition.LeadingPosition)
        set_icon(lens, "search", "muted", metrics().step(4))

    def _matches(self, text: str) -> Sequence[Choice]:
        return self.provider(text) if self.provider else ()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter without a match under the cursor asks for the whole list."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and not held and not self.has_match():
            self.close_matches()
            if self.value():
                self.search_requested.emit(self.value())
            event.accept()
            return
        super().keyPressEvent(event)


class TopLine(QWidget):
    """Where am I, who am I, what day is it, and one box that finds everything."""

    search_requested = Signal(str)
    match_chosen = Signal(object)
    clerk_chosen = Signal(object)
    secret_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Lay the line out."""
        super().__init__(parent)
        measures = metrics()
        self._facts = HeaderFacts("", "", "", date.min)
        self._clerks: list[Clerk] = []
        self._office = ElidedLabel()
        self._office.setFont(theme().font(strong=True))
        self._counter = QLabel()
        set_tone(self._counter, "muted")
        self._search = SearchBox()
        self._search.setMinimumWidth(measures.px(220))
        self._search.setMaximumWidth(measures.px(400))
        self._date = QLabel()
        self._clerk = QPushButton()
        self._clerk.setProperty("kind", "quiet")
        self._clerk.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        set_icon(self._clerk, "person")
        self._clerk.setIconSize(QSize(measures.step(4), measures.step(4)))
        self._clerk.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(measures.step(4), 0, measures.step(2), 1)
        layout.setSpacing(measures.step(3))
        layout.addWidget(self._office)
        layout.addWidget(self._counter)
        layout.addStretch(0)
        layout.addWidget(self._search, 1)
        layout.addSpacing(measures.step(2))
        layout.addWidget(self._date)
        layout.addWidget(self._clerk)
        self.setFixedHeight(measures.step(12))
        self._search.search_requested.connect(self.search_requested)
        self._search.chosen.connect(self.match_chosen)
        self._clerk.clicked.connect(self.open_clerks)

    def facts(self) -> HeaderFacts:
        """Return what is shown."""
        return self._facts

    def set_facts(self, facts: HeaderFacts) -> None:
        """Show office, counter, clerk and date."""
        self._facts = facts
        self._office.set_text(facts.office)
        self._counter.setText(facts.counter)
        self._date.setText(f"{weekday(facts.today)}, {format_date(facts.today)}")
        name = facts.clerk or self.tr("Chưa chọn cán bộ")
        self._clerk.setText(name.replace("&", "&&"))
        self._clerk.setToolTip(self.tr("Đổi cán bộ: Ctrl+L rồi một chữ số"))

    def set_clerks(self, clerks: Sequence[Clerk]) -> None:
        """Set who can be chosen."""
        self._clerks = list(clerks)

    def set_search_provider(self, find: Callable[[str], Sequence[Choice]] | None) -> None:
        """Set what finds matches."""
        self._search.provider = find

    def focus_search(self) -> None:
        """Go to the search box with its text selected."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def offer_search(self, text: str) -> None:
        """Lay a text ready in the search box, unless someone is typing there."""
        if not self._search.hasFocus():
            self._search.set_value(text)

    def follow_list(self, words: str) -> None:
        """Keep only the words by which the list that is shown was found, if any.

        Where someone is typing the words stay: he is about to ask for another list.
        """
        if not self._search.hasFocus() and self._search.value() != words:
            self._search.set_choice(None)

    def search_box(self) -> SearchBox:
        """Return the search box."""
        return self._search

    def open_clerks(self) -> None:
        """Open the list of clerks: one digit chooses, Esc leaves everything as it is."""
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, clerk in enumerate(self._clerks, start=1):
            digit = f"&{number}   " if number <= _DIGITS else "      "
            action = menu.addAction(digit + clerk.name.replace("&", "&&"))
            action.setData(clerk.value)
            action.setCheckable(True)
            action.setChecked(clerk.name == self._facts.clerk)
        if not self._clerks:
            menu.addAction(self.tr("Chưa có cán bộ nào: thêm ở trang Cài đặt")).setEnabled(False)
        if self._facts.may_change_secret:
            menu.addSeparator()
            menu.addAction("&0   " + self.tr("Đổi mật khẩu của mình…"))
        menu.triggered.connect(self._on_menu_triggered)
        corner = self._clerk.mapToGlobal(QPoint(0, self._clerk.height()))
        menu.popup(corner)

    def _on_menu_triggered(self, action: QAction) -> None:
        if action.data() is None:
            self.secret_asked.emit()
        else:
            self.clerk_chosen.emit(action.data())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().panel))
        painter.setPen(QColor(colours().line))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()
