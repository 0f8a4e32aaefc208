from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from counter_app.ui.settings_groups import SettingsGroups


def test_the_window_turns_while_a_group_is_made_and_it_is_made_once(desk):
    told = []

    def make():
        told.append("made")
        QTimer.singleShot(0, lambda: told.append("turned"))
        return QLabel("Giờ làm việc")

    groups = SettingsGroups({"hours": make}, lambda key, _group: told.append(f"{key} filled"))
    desk(groups)
    group = groups.show_group("hours")
    assert told == ["made", "turned", "hours filled"]
    assert groups.show_group("hours") is group
    assert told.count("made") == 1
    assert group.isVisible()
