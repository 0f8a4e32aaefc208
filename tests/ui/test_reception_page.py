"""The reception page by keyboard alone: typing with Enter, folds, scans, what is in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from counter_app.ui.fields import Note
from counter_app.ui.theme import apply_theme
from tests.ui.reception_hands import CONTROL, enter, field_here, here, key, say, type_citizen
from tests.ui.reception_house import BIRTH, MARRIAGE


def test_a_morning_of_ten_citizens_is_typed_without_a_wrong_focus(open_window, house):
    page = open_window()
    for count in range(10):
        type_citizen(page, f"0451920077{count:02d}", f"Nguyễn Thị Ngọc Ánh {'I' * count}")
        assert field_here(page) == "documents"
        key(Qt.Key.Key_F9)
        assert len(house.saved) == count + 1
        assert field_here(page) == "citizen_id"
        assert page.form.is_untouched()
        house.now += timedelta(minutes=6)
    first, last = house.saved[0], house.saved[-1]
    assert (first.applicant_name, first.sex) == ("Nguyễn Thị Ngọc Ánh", "female")
    assert first.birth_date == "30/12/1992"
    assert first.procedure_code == MARRIAGE.code
    assert [(d.name, d.originals) for d in first.documents] == [("Tờ khai", 1)]
    assert first.received_at == datetime(2026, 11, 23, 9, 12)
    assert last.received_at == datetime(2026, 11, 23, 10, 6)
    assert first.expected_due_at == house.due
    assert first.by == "Lê Thị A"
    assert house.printed == [f"paper-{n}" for n in range(1, 11)]


def test_a_birth_asks_for_the_child_by_itself_and_a_marriage_doesn_t(open_window, house):
    page = open_window()
    form = page.form
    form.set_procedure(MARRIAGE)
    assert not form.is_row_visible("subject_name")
    form.set_procedure(replace(BIRTH, subject="trẻ được khai sinh"))
    assert form.is_row_visible("subject_name")
    assert form.subject.placeholderText() == "trẻ được khai sinh"
    assert not form.is_fold_open("more")
    form.go_to("procedure_code")
    enter()
    assert field_here(page) == "subject_name"
    say("Lê Bé")
    form.set_procedure(MARRIAGE)
    assert form.is_row_visible("subject_name"), "what was typed stays in sight"
    form.clear()
    assert not form.is_row_visible("subject_name")
    form.set_fold("more", is_open=True)
    assert form.is_row_visible("subject_name"), "of any other procedure it can be told too"


def test_enter_in_a_field_never_saves_and_ends_at_the_main_button(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    for _ in range(40):
        if not field_here(page):
            break
        enter()
    assert here() is page.card.save_button
    assert house.saved == []
    enter()
    assert len(house.saved) == 1
    assert field_here(page) == "citizen_id"


def test_a_held_enter_stops_at_the_main_button(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.card.save_button.setFocus()
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "", True)
    QApplication.sendEvent(here(), held)
    assert house.saved == []


def test_tab_goes_round_the_form_in_the_order_of_the_eye(open_window):
    page = open_window()
    seen = []
    for _ in range(11):
        seen.append(field_here(page))
        key(Qt.Key.Key_Tab)
    assert seen == [
        "citizen_id", "applicant_name", "birth_date", "sex", "address", "phone",
        "procedure_code", "content", "copies", "result_to", "channel",
    ]  # fmt: skip
    assert field_here(page) == "official_code"
    key(Qt.Key.Key_Tab)
    assert here() is page.card.save_button
    key(Qt.Key.Key_Backtab)
    assert field_here(page) == "official_code"
    key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Tab)
    assert field_here(page) == "citizen_id"


def test_esc_closes_a_fold_and_discards_nothing(open_window):
    page = open_window()
    say("045192007777")
    key(Qt.Key.Key_O, CONTROL)
    assert field_here(page) == "org_name"
    say("Công ty Hướng Hóa")
    key(Qt.Key.Key_Escape)
    assert not page.form.is_fold_open("organisation")
    assert page.form.value("org_name") == "Công ty Hướng Hóa"
    key(Qt.Key.Key_Escape)
    assert page.form.value("citizen_id") == "045192007777"


def test_a_scanned_code_becomes_the_official_one_only_where_it_is_awaited(open_window):
    page = open_window()
    assert not page.take_code("H50.1-261123-0007")
    page.form.go_to("official_code")
    assert page.take_code("H50.1-261123-0007")
    assert page.form.value("official_code") == "H50.1-261123-0007"


def test_the_closed_form_needs_no_scroll_bar_on_the_small_screen(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    assert page._scroll.verticalScrollBar().maximum() == 0


@pytest.fixture
def large_letters(qapp):
    apply_theme(qapp, scale=1.25)
    yield
    apply_theme(qapp)


@pytest.mark.usefixtures("large_letters")
def test_at_125_percent_nothing_is_cut_at_the_side_and_the_button_is_in_sight(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh " * 3)
    for fold in ("organisation", "submitter", "more"):
        page.form.set_fold(fold, is_open=True)
    page.form.show_note("citizen_id", Note("Số định danh mới có 11 chữ số, cần đủ 12."))
    QApplication.processEvents()
    assert page.form.width() <= page._scroll.viewport().width()
    assert page.card.rect().contains(page.card.save_button.geometry())
    assert page.card.day_label.sizeHint().width() <= page.card.day_label.width()
    assert page.form.field("citizen_id").width() > 400
    assert page.window().width() == 1366


def test_the_one_who_stands_in_gives_the_number_first_like_the_owner(open_window):
    page = open_window()
    key(Qt.Key.Key_T, CONTROL)
    assert field_here(page) == "submitter_id"
    say("045192007777")
    enter()
    assert field_here(page) == "submitter_name"


def test_the_help_names_every_key_of_the_page(open_window):
    page = open_window()
    for letter in "OTFMGDRJNHPI":
        assert f"Ctrl+{letter} " in page.help_text
    assert all(word in page.help_text for word in ("F5", "Space", "↑ ↓", "chữ số"))


def test_the_empty_procedure_field_offers_the_desks_favourites_and_enter_takes_none(open_window):
    page = open_window()
    page.form.go_to("procedure_code")
    field = page.form.procedure
    assert field.matches_shown()
    assert not field.has_match()
    enter()
    assert not page.form.procedure_value()
    page.form.go_to("procedure_code")
    key(Qt.Key.Key_Down)
    assert field.has_match()
    enter()
    assert page.form.procedure_value()
    assert not field.matches_shown()


def test_words_that_large_letters_leave_no_room_for_stand_in_the_foot(open_window, qtbot):
    page = open_window()
    told = []
    page.state_text_changed.connect(told.append)
    page._say("Đã quét thẻ.", "muted")
    assert told == []
    page.notice.setFixedWidth(60)
    words = "Khôi phục hồ sơ đang gõ dở lúc 09:00; Ctrl+N xóa trắng."
    page._say(words, "warning")
    assert told == [words]
    page._say("", "")
    assert told == [words, ""]
