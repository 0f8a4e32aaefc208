"""The reception page by keyboard alone: typing, saving, errors, drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from counter_app.errors import (
    ClockError,
    ConfirmationNeededError,
    DataFileError,
    InputError,
    InputErrors,
    PaperError,
)
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from counter_app.ui.fields import WARNING, Note
from counter_app.ui.frame import HeaderFacts, MainWindow
from counter_app.ui.page import PageSpec
from counter_app.ui.reception_page import ReceptionPage
from counter_app.ui.theme import apply_theme
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text
from tests.ui.reception_house import LIMITLESS, MARRIAGE, MORNING, House, a_row

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def house():
    return House()


@pytest.fixture
def open_window(qtbot, house):
    """Return a function that opens the page in the real window, the number having the focus."""
    kept = []

    def show(*answers, ask=lambda _parent, _procedure: ProcedureAnswer()):
        interaction = FakeInteraction(*answers)
        page = ReceptionPage(house.desk(), interaction=interaction, ask=ask)
        spec = PageSpec("reception", "Tiếp nhận", "reception", lambda: page, "F2", 1)
        header = HeaderFacts("Một cửa", "Quầy 1", "Lê Thị A", MORNING.date())
        window = MainWindow([spec], header, interaction=interaction)
        kept.append(window)
        # A window asks before it closes over unsaved work.
        qtbot.addWidget(window, before_close_func=lambda _window: page.form.clear())
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.show_page("reception")
        page.form.go_to("citizen_id")
        page.interaction = interaction
        return page

    return show


def here():
    return QApplication.focusWidget()


def key(code, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(here(), code, modifiers)


def enter():
    key(Qt.Key.Key_Return)


def say(text):
    type_text(here(), text)


def field_here(page):
    """Return the name of the field that has the focus."""
    return next((n for n in page.form.names() if page.form.field(n) is here()), "")


def type_citizen(page, number, name, *, procedure="doc than", ticks=True):
    """Type one citizen with Enter alone, checking the focus; the first paper is ticked."""
    steps = (
        ("citizen_id", number),
        ("applicant_name", name),
        ("birth_date", "30121992"),
        ("sex", ""),
        ("address", "Xã Cam Lộ, Quảng Trị"),
        ("phone", "0905123456"),
        ("procedure_code", procedure),
    )
    for expected, text in steps:
        assert field_here(page) == expected
        say(text)
        enter()
    if ticks and field_here(page) == "documents":
        say(" ")


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


def test_ctrl_enter_saves_too(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_Return, CONTROL)
    assert len(house.saved) == 1


def test_the_card_answers_while_one_types_and_does_not_move(open_window, house):
    page = open_window()
    before = page.card.save_button.geometry(), page.card.day_label.y(), page.card.geometry()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    assert page.card.day_label.text() == "Thứ Năm 26/11/2026"
    assert page.card.time_label.text() == "17:00"
    assert page.card.load_label.text() == "Hôm đó đã hẹn 14 hồ sơ"
    assert page.card.around_label.text() == "T4 25/11: 9 · T6 27/11: 0"
    assert page.card.fee_label.text() == "15.000 đ"
    assert page.card.proof.lines()[-1].endswith("hẹn trả")
    after = page.card.save_button.geometry(), page.card.day_label.y(), page.card.geometry()
    assert after == before


def test_a_long_limit_scrolls_inside_the_card(open_window, house, qtbot):
    house.due = datetime(2027, 2, 26, 17, 0)
    page = open_window()
    height = page.card.height()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    bar = page.card._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert page.card.height() == height
    key(Qt.Key.Key_PageDown, CONTROL)
    assert bar.value() > 0


def test_changing_the_procedure_takes_the_promise_away(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("x")
    assert page.card.day_label.text() == "–"
    assert page.form.papers() == []


def test_a_procedure_chosen_again_has_its_ticks_again(open_window):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("doc than")
    enter()
    assert [paper.name for paper in page.form.papers()] == ["Tờ khai"]


# Saving that is refused


def test_a_promise_that_changed_is_shown_and_nothing_is_saved(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.due = datetime(2026, 11, 27, 17, 0)
    house.refusals = [ConfirmationNeededError("Ngày hẹn trả vừa đổi. Chưa lưu.", field="due")]
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert page.card.day_label.text() == "Thứ Sáu 27/11/2026"
    assert page.card.day_label.property("tone") == "danger"
    assert "vừa đổi" in page.card.error_label.text()
    key(Qt.Key.Key_F9)
    assert house.saved[0].expected_due_at == datetime(2026, 11, 27, 17, 0)


@pytest.mark.parametrize(
    ("field", "lands_at"),
    [
        ("citizen_id", "citizen_id"),
        ("applicant_name", "applicant_name"),
        ("birth_date", "birth_date"),
        ("address", "address"),
        ("phone", "phone"),
        ("procedure_code", "procedure_code"),
        ("documents", "documents"),
        ("content", "content"),
        ("copies", "copies"),
        ("official_code", "official_code"),
        ("email", "email"),
        ("submitter_id", "submitter_id"),
        ("tax_code", "tax_code"),
    ],
)
def test_each_refused_input_lands_at_its_field(open_window, house, field, lands_at):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [InputErrors([InputError("Câu nói vì sao.", field=field)])]
    key(Qt.Key.Key_F9)
    assert field_here(page) == lands_at
    assert page.form.field(lands_at).note().text == "Câu nói vì sao."
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_of_several_refused_inputs_the_first_takes_the_focus(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [
        InputErrors(
            [InputError("Sai mã.", field="official_code"), InputError("Sai số.", field="phone")]
        )
    ]
    key(Qt.Key.Key_F9)
    assert field_here(page) == "phone"
    assert page.form.field("official_code").has_error()


def test_a_refusal_without_a_field_stands_above_the_button_and_keeps_the_work(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [DataFileError("Chưa lưu được: ổ đĩa đã đầy. Dọn bớt tệp rồi nhấn F9.")]
    key(Qt.Key.Key_F9)
    assert "ổ đĩa đã đầy" in page.card.error_label.text()
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1


def test_an_odd_clock_is_asked_about_and_may_be_confirmed(open_window, house):
    page = open_window(True)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [ClockError("Đồng hồ máy đứng trước lần lưu cuối.")]
    key(Qt.Key.Key_F9)
    assert house.clock_confirmed == [False, True]
    assert len(house.saved) == 1


def test_an_odd_clock_that_is_not_confirmed_saves_nothing(open_window, house):
    page = open_window(False)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.refusals = [ClockError("Đồng hồ máy đứng trước lần lưu cuối.")]
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert "Đồng hồ" in page.card.error_label.text()


def test_a_receipt_that_did_not_print_says_that_the_dossier_is_saved(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.print_errors = [PaperError("Chưa in được: máy in không phản hồi.")]
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    said = page.card.error_label.text()
    assert "máy in không phản hồi" in said
    assert "0001 đã lưu" in said
    key(Qt.Key.Key_R, CONTROL)
    assert house.printed == ["again-uuid-1"]


# Bad input


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("citizen_id", "04519200777", "11 chữ số"),
        ("citizen_id", "0451920077777", "13"),
        ("citizen_id", "doc than", "12 chữ số"),
        ("applicant_name", "Ánh 😀", "không in được"),
        ("applicant_name", "A" * 200, "200"),
        ("applicant_name", "045192007777", "cần có chữ"),
        ("org_name", "12-3", "cần có chữ"),
        ("submitter_name", "0905 123 456", "cần có chữ"),
        ("subject_name", "...", "cần có chữ"),
        ("citizen_id", "nguyeenx vawn", "Họ tên gõ ở ô dưới"),
        ("birth_date", "abc", "30/12/1992"),
        ("birth_date", "31021992", "31/02/1992"),
        ("birth_date", "30122030", "sau hôm nay"),
        ("phone", "12345", "Số điện thoại"),
        ("copies", "0", "từ 1 đến 999"),
        ("copies", "hai", "từ 1 đến 999"),
    ],
)
def test_bad_input_keeps_the_focus_and_says_what_is_expected(
    open_window, house, field, text, words
):
    page = open_window()
    page.form.go_to(field)
    say(text)
    enter()
    assert field_here(page) == field
    assert words in page.form.field(field).note().text
    key(Qt.Key.Key_F9)
    assert house.saved == []


def test_decomposed_letters_are_composed_when_the_field_is_left(open_window):
    page = open_window()
    page.form.go_to("applicant_name")
    page.form.name.setText("Nguye\u0302\u0303n  Thi\u0323 A\u0301nh")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ánh"
    enter()
    assert page.form.name.text() == "Nguyễn Thị Ánh"


def test_an_empty_form_is_not_saved_and_says_what_is_missing(open_window, house):
    page = open_window()
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "applicant_name"
    assert page.form.procedure.has_error()


def test_a_procedure_that_was_typed_but_not_chosen_is_refused(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.form.go_to("procedure_code")
    say("không có thủ tục này")
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "procedure_code"


def test_an_old_number_and_a_passport_are_taken_as_such(open_window, house):
    page = open_window()
    type_citizen(page, "197123456", "Hồ Văn Ương")
    key(Qt.Key.Key_F9)
    type_citizen(page, "C1234567", "Hồ Văn Ương")
    key(Qt.Key.Key_F9)
    assert [request.id_kind for request in house.saved] == ["old", "passport"]


def test_a_number_that_does_not_fit_the_year_warns_and_lets_one_go_on(open_window, house):
    page = open_window()
    say("045192007777")
    enter()
    page.form.go_to("birth_date")
    say("30121985")
    enter()
    assert page.form.number.note().tone == "warning"
    assert field_here(page) == "sex"


# The moment of receipt


def test_the_moment_is_stamped_at_the_first_key_and_kept(open_window, house):
    page = open_window()
    assert page.promise.begun is None
    say("0")
    house.now += timedelta(minutes=20)
    say("4")
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)
    assert "09:12" in page.form.moment_label.text()


def test_a_form_that_is_emptied_again_was_not_begun(open_window, house):
    page = open_window()
    say("0")
    state = page.form.number.remember()
    page.form.number.recall(("", 0, -1, 0, state[-1]))  # what a scanner's burst does
    assert page.promise.begun is None
    house.now += timedelta(minutes=40)
    say("0")
    assert page.promise.begun == datetime(2026, 11, 23, 9, 52)
    key(Qt.Key.Key_Backspace)
    assert page.promise.begun is None


def test_the_moment_is_set_back_only_with_a_reason(open_window, house):
    page = open_window("08:30", "Mất điện, nhận trên giấy")
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_G, CONTROL)
    key(Qt.Key.Key_F9)
    assert house.saved[0].received_at == datetime(2026, 11, 23, 8, 30)
    assert house.saved[0].received_reason == "Mất điện, nhận trên giấy"
    assert house.quotes[-1][1] == datetime(2026, 11, 23, 8, 30)


def test_without_a_reason_the_moment_stays(open_window, house):
    page = open_window("08:30", None)
    say("0")
    key(Qt.Key.Key_G, CONTROL)
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)


def test_a_moment_ahead_is_refused(open_window):
    page = open_window("10:30")
    say("0")
    key(Qt.Key.Key_G, CONTROL)
    assert page.promise.begun == datetime(2026, 11, 23, 9, 12)


# Procedures that are not confirmed


def test_an_unconfirmed_procedure_asks_once_and_later_keeps_a_warning(open_window, house):
    asked = []

    def later(_parent, procedure):
        asked.append(procedure.code)
        return ProcedureAnswer()

    page = open_window(ask=later)
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", procedure="khai sinh")
    assert asked == ["1.001193"]
    assert "chưa được đơn vị xác nhận" in page.card.warning_label.text()
    key(Qt.Key.Key_F9)
    assert house.saved[0].limit == ""


def test_without_any_limit_nothing_is_saved_before_one_is_given(open_window, house):
    answers = [ProcedureAnswer(), ProcedureAnswer(limit_once="5wd")]
    page = open_window(ask=lambda _parent, _procedure: answers.pop(0))
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", procedure="chua co thoi han")
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert "F5" in page.card.error_label.text()
    key(Qt.Key.Key_F5)
    key(Qt.Key.Key_F9)
    assert house.saved[0].procedure_code == LIMITLESS.code
    assert house.saved[0].limit == "5wd"
    assert house.saved[0].limit_reason


def test_a_provisional_calendar_is_said_in_words(open_window, house):
    house.provisional = True
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    assert "tạm tính" in page.card.warning_label.text()


# Drafts


def test_a_draft_outlives_a_crash_and_is_dropped_by_saving(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.draft.save()
    house.now += timedelta(minutes=3)
    again = open_window()
    assert again.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert [paper.name for paper in again.form.papers()] == ["Tờ khai"]
    assert again.promise.begun == datetime(2026, 11, 23, 9, 12)
    assert "09:12" in again.notice.text()
    assert again.card.day_label.text() == "Thứ Năm 26/11/2026"
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    assert house.draft is None


def test_the_draft_is_saved_when_the_hands_rest(open_window, house, qtbot):
    page = open_window()
    say("045")
    page.draft._timer.setInterval(0)
    say("1")
    qtbot.waitUntil(lambda: house.draft is not None)
    assert house.draft[0]["values"]["citizen_id"] == "0451"


def test_the_draft_is_saved_when_a_field_is_left(open_window, house):
    open_window()
    say("045192007777")
    enter()
    assert house.draft[0]["values"]["citizen_id"] == "045192007777"


def test_a_draft_of_a_procedure_that_is_gone_says_so(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    page.draft.save()
    del house.procedures[MARRIAGE.code]
    again = open_window()
    assert again.form.procedure.has_error()
    assert again.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_a_draft_that_cannot_be_kept_is_said_and_the_work_stays(open_window, house):
    page = open_window()
    house.draft_errors = [DataFileError("Chưa giữ được bản nháp: ổ đĩa đã đầy.")]
    say("045192007777")
    enter()
    assert "ổ đĩa đã đầy" in page.notice.text()
    assert page.form.value("citizen_id") == "045192007777"


def test_clearing_asks_when_something_was_typed(open_window, house):
    page = open_window(False, True)
    say("045192007777")
    enter()
    key(Qt.Key.Key_N, CONTROL)
    assert page.form.value("citizen_id") == "045192007777"
    key(Qt.Key.Key_N, CONTROL)
    assert page.form.is_untouched()
    assert house.draft is None
    assert page.promise.begun is None


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


# The last receipts


def test_the_strip_shows_the_last_receipt_and_reprints_it(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_F9)
    assert "0001  Nguyễn Thị Ngọc Ánh  26/11" in page.recent.text()
    key(Qt.Key.Key_R, CONTROL)
    assert house.reissued == ["uuid-1"]
    assert house.printed == ["paper-1", "again-uuid-1"]


def test_an_older_receipt_is_reached_by_keys(open_window, house):
    house.rows = [a_row(9), a_row(8, name="Hồ Văn Ương"), a_row(7)]
    page = open_window()
    key(Qt.Key.Key_J, CONTROL)
    key(Qt.Key.Key_Down)
    enter()
    assert "0008" in page.recent.text()
    assert field_here(page) == "citizen_id"
    key(Qt.Key.Key_R, CONTROL)
    assert house.reissued == ["uuid-8"]


def test_the_person_is_copied_to_the_next_dossier(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_F9)
    key(Qt.Key.Key_D, CONTROL)
    assert field_here(page) == "procedure_code"
    assert page.form.value("address") == "Xã Cam Lộ, Quảng Trị"
    say("sao y")
    enter()
    key(Qt.Key.Key_F9)
    assert [r.procedure_code for r in house.saved] == ["1.004873", "2.000815"]
    assert house.saved[1].citizen_id == "045192007777"
    assert house.saved[1].birth_date == "30/12/1992"


def test_without_receipts_the_strip_says_so_and_its_keys_do_nothing(open_window, house):
    page = open_window()
    assert "chưa tiếp nhận" in page.recent.text()
    key(Qt.Key.Key_R, CONTROL)
    key(Qt.Key.Key_D, CONTROL)
    key(Qt.Key.Key_J, CONTROL)
    assert house.printed == []


# Others


def test_an_organisation_owns_the_dossier_and_the_person_stands_for_it(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_O, CONTROL)
    say("Công ty TNHH Hướng Hóa")
    enter()
    assert field_here(page) == "tax_code"
    key(Qt.Key.Key_F9)
    request = house.saved[0]
    assert request.owner_kind == "organisation"
    assert request.applicant_name == "Công ty TNHH Hướng Hóa"
    assert request.submitter_name == "Nguyễn Thị Ngọc Ánh"
    assert request.submitter_id == "045192007777"
    assert request.citizen_id == ""


def test_a_paper_can_be_added_to_the_list(open_window, house):
    page = open_window("Đơn đề nghị  riêng")
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    key(Qt.Key.Key_I, CONTROL)
    key(Qt.Key.Key_F9)
    assert [d.name for d in house.saved[0].documents] == ["Tờ khai", "Đơn đề nghị riêng"]


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


def test_a_dossier_without_its_required_papers_is_saved_only_at_the_second_f9(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", ticks=False)
    assert not page.form.documents.list.note().text
    key(Qt.Key.Key_F9)
    assert house.saved == []
    assert field_here(page) == "documents"
    note = page.form.documents.list.note()
    assert (note.text, note.tone) == ("Chưa đánh dấu giấy tờ bắt buộc (*) nào.", WARNING)
    assert note.text in page.card.error_label.text()
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1
    assert not page.form.documents.list.note().text


def test_the_word_about_missing_papers_stands_once_the_list_is_passed(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh", ticks=False)
    enter()
    assert page.form.documents.list.note().text
    page.form.go_to("documents")
    say(" ")
    assert not page.form.documents.list.note().text
    key(Qt.Key.Key_F9)
    assert len(house.saved) == 1


def test_a_warning_of_saving_that_was_not_on_screen_is_said_afterwards(open_window, house):
    page = open_window()
    type_citizen(page, "045192007777", "Nguyễn Thị Ngọc Ánh")
    house.warnings = ["Chưa ghi người đến nộp thay cho tổ chức."]
    key(Qt.Key.Key_F9)
    assert house.warnings[0] in page.notice.text()
    assert page.notice.property("tone") == WARNING


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


def test_a_day_above_the_offices_measure_is_a_warning(open_window, house):
    page = open_window()
    page.card.show_quote(replace(house._quote(MARRIAGE.code, MORNING, ""), day_load=14))
    assert page.card.load_label.text() == "Hôm đó đã hẹn 14 hồ sơ, mức đặt 14"
    assert page.card.load_label.property("tone") == "warning"
    page.card.show_quote(replace(house._quote(MARRIAGE.code, MORNING, ""), day_load=15))
    assert page.card.load_label.property("tone") == ""
