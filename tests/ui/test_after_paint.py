from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from counter_app.ui.after_paint import AfterPaint
from counter_app.ui.frame import MainWindow
from counter_app.ui.header import HeaderFacts
from tests.ui.fakes import FakeInteraction


@pytest.fixture
def owner(qapp):
    return QObject()


def test_nothing_is_done_before_the_picture_stands_and_then_all_in_turn(owner, qtbot):
    done = []
    soon = AfterPaint(owner)
    for name in ("máy in", "sao lưu", "đồng bộ"):
        soon.add(lambda name=name: done.append(name))
    for _ in range(10):
        QApplication.processEvents()
    assert done == []
    soon.painted()
    assert done == []  # not inside the painting itself
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done == ["máy in", "sao lưu", "đồng bộ"]


def test_what_comes_later_is_done_too_and_a_second_picture_begins_nothing_anew(owner, qtbot):
    done = []
    soon = AfterPaint(owner)
    soon.painted()
    soon.add(lambda: done.append("muộn"))
    soon.painted()
    qtbot.waitUntil(lambda: bool(done))
    for _ in range(10):
        QApplication.processEvents()
    assert done == ["muộn"]


def test_an_act_that_stays_in_a_question_holds_up_no_other(owner, qtbot):
    done = []
    soon = AfterPaint(owner)

    def ask():
        qtbot.waitUntil(lambda: bool(done))  # as a dialog's own loop
        done.append("hỏi")

    soon.add(ask)
    soon.add(lambda: done.append("sao lưu"))
    soon.painted()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == ["sao lưu", "hỏi"]


def test_a_window_that_goes_forgets_what_was_not_done(owner):
    done = []
    soon = AfterPaint(owner)
    soon.add(lambda: done.append("máy in"))
    soon.painted()
    soon.forget()
    for _ in range(10):
        QApplication.processEvents()
    assert done == []


def test_the_desk_s_window_begins_at_its_first_picture(qtbot, qapp):
    header = HeaderFacts("Một cửa", "Quầy 1", "Lê Thị A", date(2026, 11, 23))
    window = MainWindow([], header, interaction=FakeInteraction())
    qtbot.addWidget(window)
    done = []
    window.after_paint.add(lambda: done.append("máy in"))
    for _ in range(10):
        QApplication.processEvents()
    assert done == []
    window.show()
    qtbot.waitUntil(lambda: done == ["máy in"])
