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


def test_what_a_large_group_leaves_for_later_is_made_at_a_turn_of_its_own_before_it_is_filled(desk):
    told = []

    class Large(QLabel):
        def pieces(self):
            return [lambda: told.append("grid")]

    def make():
        told.append("made")
        QTimer.singleShot(0, lambda: told.append("turned"))
        return Large("Giấy tờ")

    groups = SettingsGroups({"papers": make}, lambda key, _group: told.append(f"{key} filled"))
    desk(groups)
    groups.show_group("papers")
    groups.show_group("papers")
    assert told == ["made", "turned", "grid", "papers filled"]
