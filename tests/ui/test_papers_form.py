"""Which way each kind of paper goes out: chosen in a row, saved at once, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counter_app.domain.print_profiles import PaperGroup, PrintProfile
from counter_app.services import print_queue
from counter_app.ui.settings_page import SettingsPage, settings_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

TRAYS = {"HP tầng 2": ["Auto", "Lower"], "Canon": []}


@pytest.fixture
def page(qtbot, store):
    calls = replace(
        settings_calls(store), printers=lambda: list(TRAYS), trays=lambda name: TRAYS[name]
    )
    page = SettingsPage(calls, InstantRunner(), FakeInteraction())
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    page.activated(refresh=True)
    page.opened_with("papers")
    return page


def row(page, group=PaperGroup.LETTER):
    return page.groups["papers"].profiles.rows[group]


def texts(field):
    return [field.itemText(index) for index in range(field.count())]


def test_a_choice_is_saved_at_once_and_only_for_its_papers(page, store):
    printer, tray, sides, copies = row(page)
    printer.set_value("HP tầng 2")
    tray.set_value("Lower")
    sides.set_value(True)
    copies.set_value(2)
    wanted = PrintProfile("HP tầng 2", "Lower", is_two_sided=True, copies=2)
    assert print_queue.profile(store, PaperGroup.LETTER) == wanted
    assert print_queue.profile(store, PaperGroup.RECEIPT) == PrintProfile()
    assert page.groups["papers"].message.text() == "Đã lưu."
    assert page.told_label.text() == "Đã lưu: Văn bản xin lỗi."


def test_the_trays_are_those_of_the_chosen_printer_and_leave_with_it(page, store):
    printer, tray, _, _ = row(page)
    printer.set_value("HP tầng 2")
    assert texts(tray) == ["Máy in tự chọn", "Auto", "Lower"]
    tray.set_value("Lower")
    printer.set_value("Canon")
    assert texts(tray) == ["Máy in tự chọn"]
    assert print_queue.profile(store, PaperGroup.LETTER) == PrintProfile("Canon")


def test_a_choice_is_taken_back(page, store):
    row(page)[3].set_value(3)
    page.take_back()
    assert print_queue.profile(store, PaperGroup.LETTER).copies == 1
    assert row(page)[3].value() == 1


def test_a_printer_that_is_not_here_now_stays_chosen(page, store):
    row(page)[0].set_value("HP tầng 2")
    page.groups["papers"].set_printers(["Canon"])
    page.groups["papers"].show_profiles()
    assert row(page)[0].value() == "HP tầng 2"


def test_every_field_says_its_papers_and_what_it_sets(page):
    names = [
        field.accessibleName()
        for fields in page.groups["papers"].profiles.rows.values()
        for field in fields
    ]
    assert len(set(names)) == len(names) == 4 * len(PaperGroup)
    assert "Văn bản xin lỗi: Khay" in names


class _Later:
    """Keeps what it is given, as a thread that has not begun."""

    def __init__(self):
        self.waiting = []

    def run(self, work, *, on_done, owner):
        self.waiting.append((work, on_done))

    def go_on(self):
        waiting, self.waiting = self.waiting, []
        for work, on_done in waiting:
            on_done(work(None))


def test_printers_and_trays_are_asked_beside_the_window(qtbot, store):
    asked = []

    def trays(name):
        asked.append(name)
        return TRAYS[name]

    calls = replace(
        settings_calls(store), printers=lambda: asked.append("all") or list(TRAYS), trays=trays
    )
    runner = _Later()
    page = SettingsPage(calls, runner, FakeInteraction())
    qtbot.addWidget(page)
    page.show()
    page.opened_with("papers")
    assert asked == []
    runner.go_on()
    assert asked == ["all"]
    for group in (PaperGroup.LETTER, PaperGroup.RECEIPT):
        row(page, group)[0].set_value("HP tầng 2")
    assert asked == ["all"]
    assert texts(row(page)[1]) == ["Máy in tự chọn"]
    runner.go_on()
    assert asked == ["all", "HP tầng 2"], "one printer is asked once"
    for group in (PaperGroup.LETTER, PaperGroup.RECEIPT):
        assert texts(row(page, group)[1]) == ["Máy in tự chọn", "Auto", "Lower"]
