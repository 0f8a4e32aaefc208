"""The first-run wizard: three steps by keyboard, left and continued, then everything holds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from counter_app.errors import DataFileError, InputError, InputErrors
from counter_app.ui.option_group import Option, OptionGroup
from counter_app.ui.wizard import SetupWizard, WizardCalls
from counter_app.ui.wizard_steps import _find_provinces, province_choices
from tests.ui.hands import type_text


class Office:
    """Remembers what the wizard set, and its draft."""

    def __init__(self):
        self.known = {}
        self.draft = None
        self.applied = []
        self.refusals = []

    def calls(self):
        return WizardCalls(
            known=lambda: dict(self.known),
            finish=self._finish,
            save_draft=lambda body: setattr(self, "draft", body),
            load_draft=lambda: self.draft,
            drop_draft=lambda: setattr(self, "draft", None),
        )

    def _finish(self, values):
        if self.refusals:
            raise self.refusals.pop(0)
        self.applied.append(values)


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def open_wizard(qtbot, office):
    def show():
        wizard = SetupWizard(office.calls())
        qtbot.addWidget(wizard)
        wizard.show()
        wizard.activateWindow()
        qtbot.waitUntil(wizard.isActiveWindow)
        return wizard

    return show


def here():
    return QApplication.focusWidget()


def key(code, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(here(), code, modifiers)


def say(*texts):
    for text in texts:
        type_text(here(), text)
        key(Qt.Key.Key_Return)


def fill_office(wizard):
    say("ỦY BAN NHÂN DÂN XÃ CAM LỘ", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Cam Lộ")
    key(Qt.Key.Key_F9)
    assert wizard.step_number() == 1


def fill_hours(wizard):
    wizard.steps[1].rows.go_to("people")
    say("Lê Thị Ánh", "Nguyễn Văn Đức")
    key(Qt.Key.Key_F9)
    assert wizard.step_number() == 2


def test_the_whole_wizard_is_done_by_keyboard(open_wizard, office):
    wizard = open_wizard()
    fill_office(wizard)
    fill_hours(wizard)
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_F9)
    assert "Lê Thị Ánh" in wizard.steps[3].summary.text()
    assert office.applied == []
    key(Qt.Key.Key_F9)
    values = office.applied[0]
    assert values["office"] == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    assert values["people"] == {
        "names": ["Lê Thị Ánh", "Nguyễn Văn Đức"],
        "current": "Lê Thị Ánh",
    }
    assert values["paper"] == "a5"
    assert values["saturday"] == "closed"
    assert values["letter_number"] == "registry"
    assert wizard.result() == QDialog.DialogCode.Accepted
    assert office.draft is None


def test_a_step_with_a_gap_is_not_left_and_says_what_is_missing(open_wizard):
    wizard = open_wizard()
    key(Qt.Key.Key_F9)
    assert wizard.step_number() == 0
    rows = wizard.steps[0].rows
    assert rows.field("parent").hasFocus()
    assert rows.field("office").has_error()
    assert rows.field("place").has_error()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("agency_code", "H50 một"),
        ("counter_number", "0"),
        ("counter_number", "100"),
        ("office", "A" * 201),
        ("parent", "UBND 😀"),
    ],
)
def test_bad_office_values_keep_the_focus(open_wizard, field, text):
    wizard = open_wizard()
    rows = wizard.steps[0].rows
    rows.go_to(field)
    type_text(here(), text)
    key(Qt.Key.Key_Return)
    assert rows.field(field).hasFocus()
    assert rows.field(field).has_error()


@pytest.mark.parametrize("text", ["sáng", "17:00-07:00", "07:30-11:30;13:30-17:00", "7-11"])
def test_bad_hours_keep_the_focus(open_wizard, text):
    wizard = open_wizard()
    fill_office(wizard)
    field = wizard.steps[1].weekday
    field.selectAll()
    say(text)
    assert field.hasFocus()
    assert field.has_error()


def test_an_empty_desk_number_is_asked_for(open_wizard):
    wizard = open_wizard()
    wizard.steps[0].fill({"parent": "UBND", "office": "Một cửa", "place": "Cam Lộ"})
    wizard.steps[0].rows.field("counter_number").clear()
    wizard.go_on()
    assert wizard.step_number() == 0
    assert wizard.steps[0].rows.field("counter_number").hasFocus()


def test_a_province_is_chosen_by_some_letters(open_wizard):
    wizard = open_wizard()
    wizard.steps[0].rows.go_to("province_code")
    say("quang tri")
    assert wizard.values()["province_code"] == "44"


def test_without_anyone_at_the_desk_the_second_step_is_not_left(open_wizard):
    wizard = open_wizard()
    fill_office(wizard)
    key(Qt.Key.Key_F9)
    assert wizard.step_number() == 1
    assert wizard.steps[1].people.line.hasFocus()
    assert wizard.steps[1].people.note().text


def test_saturday_hours_are_asked_only_when_it_is_open(open_wizard):
    wizard = open_wizard()
    step = wizard.steps[1]
    assert not step.rows.is_row_visible("saturday_hours")
    step.saturday.set_value("counts")
    assert step.rows.is_row_visible("saturday_hours")


def test_another_person_can_be_the_one_at_the_desk(open_wizard):
    wizard = open_wizard()
    people = wizard.steps[1].people
    wizard.show_step(1)
    wizard.steps[1].rows.go_to("people")
    say("Lê Thị Ánh", "Nguyễn Văn Đức", "Lê Thị Ánh")
    assert people.names() == ["Lê Thị Ánh", "Nguyễn Văn Đức"]
    key(Qt.Key.Key_Down)
    assert people.value()["current"] == "Nguyễn Văn Đức"
    key(Qt.Key.Key_Delete)
    assert people.value() == {"names": ["Lê Thị Ánh"], "current": "Lê Thị Ánh"}


def test_a_name_still_in_the_line_is_not_lost(open_wizard):
    wizard = open_wizard()
    wizard.show_step(1)
    wizard.steps[1].rows.go_to("people")
    type_text(here(), "Lê Thị Ánh")
    assert wizard.steps[1].people.value() == {"names": ["Lê Thị Ánh"], "current": "Lê Thị Ánh"}


def test_going_back_loses_nothing(open_wizard):
    wizard = open_wizard()
    fill_office(wizard)
    key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert wizard.step_number() == 0
    assert wizard.values()["place"] == "Cam Lộ"


def test_left_for_later_it_goes_on_where_it_was(open_wizard, office):
    wizard = open_wizard()
    fill_office(wizard)
    wizard.steps[1].people.add("Lê Thị Ánh")
    key(Qt.Key.Key_Escape)
    assert office.applied == []
    again = open_wizard()
    assert again.step_number() == 1
    assert again.values()["place"] == "Cam Lộ"
    assert again.values()["people"]["names"] == ["Lê Thị Ánh"]


def test_closing_the_window_keeps_what_was_typed(open_wizard, office):
    wizard = open_wizard()
    say("ỦY BAN NHÂN DÂN XÃ CAM LỘ")
    wizard.close()
    assert office.draft["values"]["parent"] == "ỦY BAN NHÂN DÂN XÃ CAM LỘ"


def test_a_refusal_goes_back_to_its_step_and_field(open_wizard, office):
    wizard = open_wizard()
    fill_office(wizard)
    fill_hours(wizard)
    key(Qt.Key.Key_F9)
    office.refusals = [InputErrors([InputError("Tên dài quá.", field="office")])]
    key(Qt.Key.Key_F9)
    assert wizard.step_number() == 0
    assert wizard.steps[0].rows.field("office").note().text == "Tên dài quá."


def test_a_refusal_without_a_field_is_said_on_the_last_page(open_wizard, office):
    wizard = open_wizard()
    fill_office(wizard)
    fill_hours(wizard)
    key(Qt.Key.Key_F9)
    office.refusals = [DataFileError("Chưa lưu được: ổ đĩa đã đầy.")]
    key(Qt.Key.Key_F9)
    assert "ổ đĩa đã đầy" in wizard.steps[3].error.text()
    assert wizard.isVisible()
    key(Qt.Key.Key_F9)
    assert len(office.applied) == 1


def test_what_was_set_before_is_shown(open_wizard, office):
    office.known = {"office": "BỘ PHẬN MỘT CỬA", "paper": "a4", "counting": "hour"}
    values = open_wizard().values()
    assert (values["office"], values["paper"], values["counting"]) == (
        "BỘ PHẬN MỘT CỬA",
        "a4",
        "hour",
    )


def test_options_are_chosen_by_arrows_and_by_the_mouse(qtbot):
    group = OptionGroup([Option("a", "A"), Option("b", "B"), Option("c", "C")])
    qtbot.addWidget(group)
    group.resize(group.sizeHint())
    group.show()
    told = []
    group.value_changed.connect(told.append)
    qtbot.keyClick(group, Qt.Key.Key_Down)
    qtbot.keyClick(group, Qt.Key.Key_Up)
    qtbot.keyClick(group, Qt.Key.Key_Up)
    point = group._area(2).center()
    qtbot.mouseClick(group, Qt.MouseButton.LeftButton, pos=point)
    assert told == ["b", "a", "c"]
    assert group.title() == "C"


def test_enter_on_the_last_field_of_a_step_leads_to_the_button_that_goes_on(open_wizard):
    wizard = open_wizard()
    say("ỦY BAN NHÂN DÂN XÃ CAM LỘ", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "Cam Lộ")
    say("", "", "", "")
    assert here() is wizard.next_button
    key(Qt.Key.Key_Return)
    assert wizard.step_number() == 1
    wizard.steps[1].rows.go_to("people")
    say("Lê Thị Ánh", "")
    assert here() is wizard.next_button
    key(Qt.Key.Key_Return)
    wizard.show_step(3)
    assert here() is wizard.next_button


def test_provinces_stand_by_the_vietnamese_alphabet_and_beginnings_come_first():
    names = [choice.text for choice in province_choices()]
    assert names.index("An Giang") < names.index("Bắc Ninh") < names.index("Cao Bằng")
    assert names.index("Cao Bằng") < names.index("Cần Thơ")
    assert names.index("Đồng Tháp") < names.index("Gia Lai")
    assert _find_provinces("h")[0].text.startswith("H")


def test_only_provinces_of_today_are_offered():
    names = [choice.text for choice in province_choices()]
    assert len(names) == 34
    assert not {"Quảng Bình", "Hà Giang", "Bình Dương"} & set(names), "joined with others in 2025"


def test_a_province_is_not_picked_by_a_single_letter(open_wizard):
    wizard = open_wizard()
    wizard.steps[0].rows.go_to("province_code")
    say("q")
    assert wizard.steps[0].province.hasFocus()
    assert wizard.steps[0].province.has_error()
    wizard.steps[0].province.clear()
    say("99")
    assert wizard.values()["province_code"] == "99"


def test_the_last_page_repeats_place_province_and_code(open_wizard):
    wizard = open_wizard()
    wizard.steps[0].fill({"place": "Cam Lộ", "province_code": "44", "agency_code": "H50.1"})
    wizard.show_step(3)
    said = wizard.steps[3].summary.text()
    assert all(word in said for word in ("Cam Lộ", "Quảng Trị", "H50.1"))
