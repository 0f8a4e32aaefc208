from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from counter_app.errors import UserError
from counter_app.ui import page_builder, turns
from counter_app.ui.fields import TextField
from counter_app.ui.frame import HeaderFacts, MainWindow
from counter_app.ui.page import Page, PageSpec
from counter_app.ui.page_holder import Opened
from tests.ui.fakes import FakeInteraction

HEADER = HeaderFacts("UBND xã Cam Lộ", "Quầy 1", "Lê Thị A", date(2026, 11, 23))
KEYS = ("reception", "dossiers", "today")


@pytest.fixture
def told():
    """What happened, in its order."""
    return []


@pytest.fixture
def window(qtbot, told, monkeypatch):
    monkeypatch.setattr(page_builder, "_QUIET_MS", 5)

    class Told(Page):
        def __init__(self, key):
            super().__init__()
            self.field = TextField(parent=self)
            told.append(f"{key} made")
            QTimer.singleShot(0, lambda: told.append("turned"))

        def activated(self, *, refresh):
            told.append("shown")

        def first_field(self):
            return self.field

    specs = [PageSpec(key, key, "reception", lambda key=key: Told(key)) for key in KEYS]
    window = MainWindow(specs, HEADER, interaction=FakeInteraction())
    qtbot.addWidget(window)
    return window


def made(told):
    return [one for one in told if one.endswith("made")]


def test_the_window_turns_between_the_making_of_a_page_and_its_showing(window, told, qtbot):
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page("dossiers")
    assert told == ["dossiers made", "turned", "shown"]
    assert window.current_page().field.hasFocus()


def test_before_the_first_picture_nothing_waits_for_a_turn(window, told):
    window.show_page("reception")
    assert told == ["reception made", "shown"]


def test_keys_and_clicks_wait_for_the_page_that_is_being_made(window, monkeypatch):
    flags = []
    turn = QApplication.processEvents

    def note(*given):
        flags.extend(given)
        turn(*given)

    window.show()
    monkeypatch.setattr(turns.QApplication, "processEvents", staticmethod(note))
    window.show_page("dossiers")
    assert flags
    assert set(flags) == {QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents}


def test_what_is_asked_for_while_a_page_is_made_makes_no_page_twice(window, told):
    window.show()
    QTimer.singleShot(0, lambda: window.show_page("today"))
    QTimer.singleShot(0, lambda: window.show_page("dossiers"))
    window.show_page("dossiers")
    assert sorted(made(told)) == ["dossiers made", "today made"]
    assert window.current_key == "dossiers"


def test_who_takes_the_desk_meanwhile_gets_a_page_of_his_own_and_no_half_of_another_s(window, told):
    window.show()
    left = window.pages.opened
    QTimer.singleShot(0, lambda: window.pages.take(Opened()))
    window.show_page("dossiers")
    assert made(told) == ["dossiers made", "dossiers made"]
    assert left.holders == {}
    assert window.current_page() is window.pages.opened.page("dossiers")


def test_pages_are_made_ahead_in_the_order_of_the_rail_and_shown_as_they_are(window, told, qtbot):
    window.show()
    window.show_page("dossiers")
    window.pages.begin_ahead()
    qtbot.waitUntil(lambda: window.page("today") is not None)
    assert made(told) == ["dossiers made", "reception made", "today made"]
    assert told.count("shown") == 1, "nobody has asked for them yet"
    page = window.page("today")
    window.show_page("today")
    assert window.current_page() is page
    assert len(made(told)) == 3


def test_what_is_made_ahead_takes_a_turn_for_each_piece(window, told, qtbot, monkeypatch):
    pieces = []
    do = page_builder.PageBuilder._do_piece

    def note(builder, key):
        pieces.append(key)
        QTimer.singleShot(0, lambda: pieces.append("turned"))
        do(builder, key)

    monkeypatch.setattr(page_builder.PageBuilder, "_do_piece", note)
    window.show()
    window.pages.begin_ahead()
    qtbot.waitUntil(lambda: window.page("today") is not None and pieces[-1] == "turned")
    assert pieces[::2] == [key for key in KEYS for _ in range(2)]
    assert set(pieces[1::2]) == {"turned"}


def test_a_page_of_many_parts_is_made_a_part_at_a_turn_and_shown_whole(qtbot, told):
    class Parted(Page):
        def pieces(self):
            return tuple(partial(self._note, name) for name in ("list", "panel"))

        def _note(self, name):
            told.append(name)
            QTimer.singleShot(0, lambda: told.append("turned"))

        def activated(self, *, refresh):
            told.append("shown")

    spec = PageSpec("dossiers", "Hồ sơ", "dossiers", Parted)
    window = MainWindow([spec], HEADER, interaction=FakeInteraction())
    qtbot.addWidget(window)
    window.show()
    window.show_page("dossiers")
    assert told == ["list", "turned", "panel", "turned", "shown"]


def test_a_key_puts_off_what_is_made_ahead(window, told, monkeypatch):
    window.show()
    window.pages._make_ahead()  # the first piece; the next one comes soon
    monkeypatch.setattr(page_builder, "_QUIET_MS", 3_600_000)
    window.pages.wait()
    for _ in range(20):
        QApplication.processEvents()
    assert told == ["reception made", "turned"]
    window.show_page("today")
    assert window.page("today") is not None, "who asks for it doesn't wait"


def test_a_page_that_is_opened_puts_off_what_is_made_ahead(window, told, monkeypatch):
    """Showing and painting it would share their turn with a piece of another page."""
    window.show()
    window.pages._make_ahead()
    monkeypatch.setattr(page_builder, "_QUIET_MS", 3_600_000)
    window.show_page("dossiers")
    assert window.pages._timer.remainingTime() > 3_000_000
    assert made(told) == ["reception made", "dossiers made"]


def test_a_key_begins_nothing_once_the_window_goes(window, told):
    window.show()
    window.pages.begin_ahead()
    window.pages.forget()
    window.pages.wait()
    for _ in range(20):
        QApplication.processEvents()
    assert told == []


def test_why_a_page_cant_be_made_is_told_to_whoever_opens_it_and_it_is_tried_again(
    qtbot, monkeypatch
):
    monkeypatch.setattr(page_builder, "_QUIET_MS", 0)
    tried = []

    def fail():
        tried.append("b")
        if len(tried) < 3:
            raise UserError("Chưa mở được trang.")
        return Page()

    interaction = FakeInteraction()
    specs = [
        PageSpec("a", "A", "reception", Page),
        PageSpec("b", "B", "dossiers", fail),
        PageSpec("c", "C", "dossiers", Page),
    ]
    window = MainWindow(specs, HEADER, interaction=interaction)
    qtbot.addWidget(window)
    window.show()
    window.show_page("a")
    window.pages.begin_ahead()
    qtbot.waitUntil(lambda: len(tried) == 1)
    assert interaction.informed == [], "nobody has asked for it yet"
    window.show_page("b")
    assert interaction.informed == ["Chưa mở được trang."]
    assert window.current_key == "a"
    window.show_page("b")
    assert window.current_key == "b"
