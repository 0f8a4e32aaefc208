"""A dialog that needs more than the screen has moves under the hand, its buttons don't."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from counter_app.ui.forms import MessageLabel
from counter_app.ui.screen_dialog import ScreenDialog

ROOM = QSize(500, 300)


class Tall(ScreenDialog):
    """Fields above a message and a row of buttons."""

    def __init__(self, fields, room=ROOM):
        super().__init__()
        self._room = room
        self.fields = [QLineEdit(f"ô {number}") for number in range(fields)]
        self.message = MessageLabel()
        self.save_button = QPushButton("Lưu")
        column = QVBoxLayout(self)
        for field in self.fields:
            field.setFixedHeight(40)
            column.addWidget(field)
        column.addStretch(1)
        column.addWidget(self.message)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.save_button)
        column.addLayout(row)

    def room(self):
        return self._room


def is_seen_whole(widget):
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.fixture
def shown(qtbot):
    def show(dialog):
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return show


def test_a_dialog_that_fits_is_left_as_it_is(shown):
    dialog = shown(Tall(3))
    assert dialog.fields[0].parentWidget() is dialog
    assert all(is_seen_whole(field) for field in dialog.fields)


def test_a_dialog_that_is_too_high_keeps_to_the_screen_with_its_buttons_in_sight(shown):
    dialog = shown(Tall(20))
    assert dialog.height() <= ROOM.height()
    assert is_seen_whole(dialog.save_button)
    assert dialog.message.parentWidget() is dialog, "what went wrong is said beside the buttons"
    assert not is_seen_whole(dialog.fields[-1])


def test_the_field_that_takes_the_focus_comes_into_sight(qtbot, shown):
    dialog = shown(Tall(20))
    dialog.fields[-1].setFocus()
    qtbot.waitUntil(lambda: is_seen_whole(dialog.fields[-1]))


def test_tab_still_goes_from_field_to_field_and_to_the_button(qtbot, shown):
    dialog = shown(Tall(20))
    dialog.fields[0].setFocus()
    for field in [*dialog.fields[1:], dialog.save_button]:
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        assert dialog.focusWidget() is field


def test_the_field_that_had_the_focus_before_the_dialog_was_shown_keeps_it(shown):
    dialog = Tall(20)
    dialog.fields[12].setFocus()
    assert shown(dialog).focusWidget() is dialog.fields[12]


def test_a_field_that_is_hidden_stays_hidden(shown):
    dialog = Tall(20)
    dialog.fields[3].hide()
    assert not shown(dialog).fields[3].isVisible()


def test_a_dialog_that_grows_beyond_the_screen_later_begins_to_move(qtbot, shown):
    dialog = Tall(20)
    for field in dialog.fields[3:]:
        field.hide()
    shown(dialog)
    assert dialog.fields[0].parentWidget() is dialog
    for field in dialog.fields[3:]:
        field.show()
    qtbot.waitUntil(lambda: dialog.fields[0].parentWidget() is not dialog)
    assert dialog.height() <= ROOM.height()
    qtbot.waitUntil(lambda: is_seen_whole(dialog.save_button))


def test_a_least_size_that_the_screen_has_not_is_taken_back(shown):
    dialog = Tall(3)
    dialog.setMinimumSize(900, 700)
    assert shown(dialog).size() == ROOM


@pytest.mark.parametrize("way", ["open", "exec"])
def test_the_window_below_turns_between_the_making_of_a_dialog_and_its_showing(desk, way):
    told = []

    class Told(ScreenDialog):
        def showEvent(self, event):
            told.append("shown")
            super().showEvent(event)
            QTimer.singleShot(0, self.reject)

    dialog = Told(desk())
    QTimer.singleShot(0, lambda: told.append("turned"))
    getattr(dialog, way)()
    assert told == ["turned", "shown"]
    dialog.reject()
