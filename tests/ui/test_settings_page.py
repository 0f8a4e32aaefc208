"""The page of settings: a field saves itself when it is left, and each change can be taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from counter_app.services import office
from counter_app.services.settings import get_setting, set_setting
from counter_app.ui.settings_page import SettingsPage, settings_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction


@pytest.fixture
def page(qtbot, store):
    page = SettingsPage(settings_calls(store), InstantRunner(), FakeInteraction())
    qtbot.addWidget(page)
    page.resize(1100, 640)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.activated(refresh=True)
    return page


def type_and_leave(page, group, key, text):
    page.chips.choose(group)
    field = page.groups[group].field(key)
    field.setFocus()
    field.setText(text)
    field.tidy_now()
    return field


def test_leaving_a_field_saves_it_and_says_so(page, store, qtbot):
    with qtbot.waitSignal(page.settings_changed):
        field = type_and_leave(page, "office", "place", " Cam  Lộ ")
    assert get_setting(store, "place") == "Cam Lộ"
    assert field.note().text == "Đã lưu."
    assert page.told_label.text() == "Đã lưu: Địa danh trên giấy tờ."


def test_the_province_that_the_wizard_asked_for_can_be_changed_and_taken_back(page, store):
    type_and_leave(page, "office", "office", "TRUNG TÂM")
    type_and_leave(page, "office", "parent", "ỦY BAN NHÂN DÂN XÃ CAM LỘ")
    page.groups["office"].field("province_code").set_value("44")
    assert office.office(store).province_code == "44"
    type_and_leave(page, "office", "agency_code", "H50.19.57")
    assert office.office(store).province_code == "44", "another field leaves it alone"
    page.take_back()
    page.take_back()
    assert office.office(store).province_code == ""


def test_the_pattern_of_codes_is_learnt_from_one_that_was_given(page, store, qtbot):
    field = page.groups["web"].field("official_code_pattern")
    assert field.text() == "H15.50.05.13-261008-0975"
    assert "mã cơ quan - 6 chữ số - 4 đến 7 chữ số" in field.note().text
    with qtbot.assertNotEmitted(page.settings_changed):
        field.tidy_now()
    type_and_leave(page, "web", "official_code_pattern", "H50/2026/000123")
    assert get_setting(store, "official_code_pattern") == (r"[0-9A-Z]+(\.[0-9A-Z]+)*/\d{4}/\d{6,9}")
    assert field.note().text == "Đã lưu. Đang nhận: mã cơ quan / 4 chữ số / 6 đến 9 chữ số."
    type_and_leave(page, "web", "official_code_pattern", "H50.19.57")
    assert field.note().text.startswith("Chưa lưu")
    page.take_back()
    assert field.text() == "H15.50.05.13-261008-0975"


def test_leaving_a_field_untouched_saves_nothing(page, qtbot):
    with qtbot.assertNotEmitted(page.settings_changed):
        page.groups["papers"].field("jam_minutes").tidy_now()
        page.groups["hours"].field("weekday_hours").tidy_now()
    assert not page.undo_button.isEnabled()


def test_changes_are_taken_back_one_after_another(page, store):
    type_and_leave(page, "office", "place", "Cam Lộ")
    page.chips.choose("papers")
    page.groups["papers"].field("paper").set_value("a5")
    assert get_setting(store, "paper") == "a5"
    page.take_back()
    assert get_setting(store, "paper") == "a4-2up"
    assert page.groups["papers"].field("paper").value() == "a4-2up"
    page.take_back()
    assert get_setting(store, "place") == ""
    assert not page.undo_button.isEnabled()


def test_taking_back_has_its_key(page, store, qtbot):
    field = type_and_leave(page, "office", "place", "Cam Lộ")
    qtbot.keyClick(field, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert get_setting(store, "place") == ""


def test_hours_that_overlap_are_refused_in_a_sentence_and_not_saved(page, store):
    field = type_and_leave(page, "hours", "weekday_hours", "07:30-11:30,11:00-17:00")
    assert "chồng lên nhau" in field.note().text
    assert get_setting(store, "weekday_hours") == "07:30-11:30,13:30-17:00"


def test_a_wrong_number_of_minutes_is_refused_without_program_words(page, store):
    field = type_and_leave(page, "papers", "jam_minutes", "nhiều")
    assert field.note().text == "Chưa lưu: cần số phút từ 0 đến 120."
    assert get_setting(store, "jam_minutes") == 10


def test_a_new_office_is_named_once_its_parent_is_known_too(page, store):
    name = type_and_leave(page, "office", "office", "BỘ PHẬN MỘT CỬA XÃ CAM LỘ")
    assert not office.office(store).is_named
    assert page.groups["office"].field("parent").has_error()
    assert name.text() == "BỘ PHẬN MỘT CỬA XÃ CAM LỘ"
    type_and_leave(page, "office", "parent", "ỦY BAN NHÂN DÂN XÃ CAM LỘ")
    assert office.office(store).name == "BỘ PHẬN MỘT CỬA XÃ CAM LỘ"
    assert office.office(store).parent == "ỦY BAN NHÂN DÂN XÃ CAM LỘ"


def test_lists_hold_one_thing_on_each_line(page, store):
    page.chips.choose("apology")
    field = page.groups["apology"].field("signers")
    field.set_value("CHỦ TỊCH|Nguyễn Văn Hòa\n\nKT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Lê Thị Thu Hà")
    page.groups["apology"].save("signers")
    assert get_setting(store, "signers") == [
        "CHỦ TỊCH|Nguyễn Văn Hòa",
        "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Lê Thị Thu Hà",
    ]


def test_a_person_is_added_with_f9_and_taken_back(page, store):
    page.chips.choose("people")
    page.groups["people"].name.setText("Lê Thị Anh")
    page.groups["people"].position.setText("Công chức tiếp nhận")
    page.main_action()
    assert [o.name for o in office.officers(store)] == ["Lê Thị Anh"]
    assert page.groups["people"].name.text() == ""
    page.take_back()
    assert office.officers(store) == []


def test_a_person_who_left_is_not_offered_any_more_and_can_come_back(page, store):
    office.save_officer(store, name="Trần Bảo", position="Công chức", unit="Tư pháp")
    page.activated(refresh=True)
    page.chips.choose("people")
    page.groups["people"].table.select_row(0)
    page.groups["people"].retire()
    assert office.officers(store) == []
    page.take_back()
    assert office.officers(store)[0].unit == "Tư pháp"


def test_a_person_without_a_name_is_asked_for_it(page, store):
    page.chips.choose("people")
    page.main_action()
    assert page.groups["people"].name.has_error()
    assert office.officers(store) == []


def test_printers_are_asked_for_only_when_they_are_shown(page, store):

    asked = []

    def printers():
        asked.append(True)
        return ["HP LaserJet"]

    object.__setattr__(page._calls, "printers", printers)
    set_setting(store, key="printer", value="Máy cũ")
    page.chips.choose("papers")
    page.chips.choose("office")
    page.chips.choose("papers")
    assert len(asked) == 1
    field = page.groups["papers"].field("printer")
    assert field.value() == "Máy cũ", "a printer that is switched off stays chosen"
    assert [field.itemData(i) for i in range(field.count())] == ["", "HP LaserJet", "Máy cũ"]


def test_a_value_set_from_a_terminal_is_shown_though_no_choice_has_it(page, store):

    set_setting(store, key="apology_lead", value="7wd")
    page.activated(refresh=True)
    assert page.groups["apology"].field("apology_lead").value() == "7wd"


def test_the_days_after_which_people_are_reminded_are_set_here(page, store):
    type_and_leave(page, "papers", "uncollected_days", "14")
    assert get_setting(store, "uncollected_days") == 14
    field = type_and_leave(page, "papers", "uncollected_days", "nhiều")
    assert field.has_error()
    assert get_setting(store, "uncollected_days") == 14


def test_every_group_of_settings_has_its_place_also_on_a_narrow_screen(qtbot):
    from counter_app.ui.chips import Chip, ChipRow

    row = ChipRow([Chip(str(number), f"Nhóm cài đặt {number}") for number in range(14)])
    qtbot.addWidget(row)
    for width in (1150, 500, 90):
        row.resize(width, row.heightForWidth(width))
        row.show()
        shown = row.keys()
        places = [row.button(key).geometry() for key in shown]
        assert all(row.rect().intersected(place).height() == place.height() for place in places)
        assert not any(a.intersects(b) for a in places for b in places if a is not b)


def test_who_comes_back_finds_in_each_group_what_holds_now(page, store):
    page.opened_with("web")
    page.opened_with("display")
    set_setting(store, key="official_code_pattern", value="H15.50.05.13-261008-0975")
    page.activated(refresh=True)
    page.opened_with("web")
    assert page.groups["web"].field("official_code_pattern").text().startswith("H15")
