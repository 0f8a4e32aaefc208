"""The groups of the settings, each built when it is first wanted.

All of them at once kept the window for two thirds of a second at the first look at the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter_app.ui.page_holder import WidgetHolder
from counter_app.ui.theme import metrics
from counter_app.ui.turns import take_turn


class SettingsGroups(QStackedWidget):
    """A place for each group; what stands there is made by its name, once."""

    def __init__(
        self, makers: Mapping[str, Callable[[], Any]], on_made: Callable[[str, Any], object]
    ) -> None:
        """``makers`` build the groups; ``on_made`` connects one that was built."""
        super().__init__()
        self._makers = dict(makers)
        self._on_made = on_made
        self._made: dict[str, Any] = {}
        self._places: dict[str, QVBoxLayout] = {}
        for key in self._makers:
            place = QWidget()
            self._places[key] = QVBoxLayout(place)
            self._places[key].setContentsMargins(0, 0, 0, 0)
            self.addWidget(place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __contains__(self, key: object) -> bool:
        return key in self._makers

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            group = self._made[key] = self._makers[key]()
            take_turn(self)
            _put(group, self._places[key])
            take_turn(self)
            for piece in getattr(group, "pieces", tuple)():  # of a group that is large
                piece()
                take_turn(self)
            self._on_made(key, group)
            take_turn(self)
        return self._made[key]

    def made(self) -> list[str]:
        """Return the names of the groups that were built."""
        return list(self._made)

    def show_group(self, key: str) -> Any:
        """Show a group; returns it."""
        group = self[key]
        self.setCurrentIndex(list(self._makers).index(key))
        return group


def _put(group: QWidget, place: QVBoxLayout) -> None:
    """Let a group move under the hand; it comes last, since each move dresses it anew."""
    inside = QWidget()
    place.addWidget(WidgetHolder(inside))
    group.setMaximumWidth(metrics().px(1040))
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, metrics().step(3), 0)
    row.addWidget(group, 1)
    row.addStretch(0)
