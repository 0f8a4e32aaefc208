from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from counter_app.ui.keys import bind_main_act

KEYS = [
    (Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier),
]


@pytest.mark.parametrize(("key", "held"), KEYS)
def test_the_main_act_has_its_keys_on_both_hands_and_a_held_one_does_it_once(key, held, qtbot):
    window, done = QWidget(), []
    qtbot.addWidget(window)
    bind_main_act(window, lambda: done.append(1))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, key, held)
    assert done == [1]
    shortcuts = window.findChildren(QShortcut)
    assert [shortcut.autoRepeat() for shortcut in shortcuts] == [False] * 3
