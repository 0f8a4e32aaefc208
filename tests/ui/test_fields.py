from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from counter_app.errors import InputError, InputErrors, UserError
from counter_app.ui.checklist import CheckList, CheckRow
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.fields import (
    ERROR,
    WARNING,
    DateField,
    LongTextField,
    Note,
    NumberField,
    TextField,
)
from counter_app.ui.forms import FormGrid
from counter_app.ui.matches import detail_room
from counter_app.ui.theme import metrics
from tests.ui.hands import type_text

Key = Qt.Key
ENTER, TAB, BACK = Key.Key_Return, Key.Key_Tab, Key.Key_Backspace


def parse(text):
    for form in ("%d%m%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    if len(text) == 4 and text.isdigit():
        return int(text)
    raise ValueError(text)


def find(text):
    return [Choice(n, f"Thủ tục {n}", f"1.00487{n}") for n in range(4)] if "x" in text else []


# What UniKey sends for "Nguyeexn Thij Anhs" typed in Telex: keys, then Backspaces and new letters.
UNIKEY = (
    *"Nguyê",
    "\b\b",
    *"yễ",
    *"n Thi",
    "\b",
    *"ị A",
    *"nh",
    "\b\b\b",
    *"Ánh",
)


def type_like_unikey(widget):
    for keys in UNIKEY:
        if keys.startswith("\b"):
            for _ in keys:
                QTest.keyClick(widget, BACK)
        else:
            type_text(widget, keys)


def expected_from_unikey():
    text = ""
    for keys in UNIKEY:
        text = text[: -len(keys)] if keys.startswith("\b") else text + keys
    return text


@pytest.mark.parametrize(
    "make",
    [
        TextField,
        NumberField,
        lambda: DateField(parse=parse),
        lambda: SearchChoice(find=lambda text: [Choice(1, "Nguyễn Thị Ánh", "1992")]),
        lambda: SearchChoice(find=find, free_text=True),
        LongTextField,
    ],
    ids=["text", "number", "date", "search", "free search", "long"],
)
def test_a_keyboard_that_rewrites_syllables_is_left_alone(make, desk):
    field = make()
    desk(field, TextField())
    type_like_unikey(field)
    text = field.toPlainText() if isinstance(field, LongTextField) else field.text()
    assert text == expected_from_unikey()


def test_text_is_tidied_and_composed_on_leaving_and_not_before(desk):
    field, other = TextField(), TextField()
    desk(field, other)
    decomposed = unicodedata.normalize("NFD", "Đỗ  Văn  Ổn ")
    field.insert(decomposed)
    assert field.text() == decomposed
    assert field.value() == "Đỗ Văn Ổn"
    QTest.keyClick(field, ENTER)
    assert field.text() == "Đỗ Văn Ổn"
    assert other.hasFocus()


def test_a_menu_or_another_window_does_not_count_as_leaving(desk):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent

    field = TextField()
    desk(field)
    type_text(field, " Lê ")
    for reason in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
        QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert field.text() == " Lê "


def test_a_text_that_is_too_long_is_kept_and_said(desk):
    field = TextField(max_length=10)
    desk(field)
    type_text(field, "một tên rất dài")
    assert field.text() == "một tên rất dài"
    assert field.has_error()
    assert "15" in field.note().text
    assert "10" in field.note().text


def test_an_error_keeps_the_focus_forward_but_not_backward(desk):
    first = TextField()
    field = TextField(check=lambda value: Note("Sai rồi."))
    desk(first, field, TextField())
    field.setFocus()
    type_text(field, "abc")
    QTest.keyClick(field, ENTER)
    assert field.hasFocus()
    QTest.keyClick(field, TAB)
    assert field.hasFocus()
    assert field.note().text == "Sai rồi."
    QTest.keyClick(field, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert first.hasFocus()


def test_a_warning_lets_one_go_on(desk):
    field = TextField(check=lambda value: Note("Lạ đấy.", WARNING))
    other = TextField()
    desk(field, other)
    type_text(field, "abc")
    QTest.keyClick(field, ENTER)
    assert other.hasFocus()
    assert field.note() == Note("Lạ đấy.", WARNING)
    assert not field.has_error()


def test_a_rule_may_refuse_by_raising(desk):
    def refuse(value):
        raise UserError("Số này thiếu một chữ số.")

    field = NumberField(check=refuse)
    desk(field)
    field.set_value("045")
    assert field.note() == Note("Số này thiếu một chữ số.", ERROR)


def test_digits_are_grouped_only_while_nobody_types(desk):
    field, other = NumberField(), TextField()
    desk(field, other)
    type_text(field, "045192007777")
    assert field.text() == "045192007777"
    QTest.keyClick(field, ENTER)
    assert field.text() == "045 192 007777"
    assert field.value() == "045192007777"
    field.setFocus()
    assert field.text() == "045192007777"


def test_a_pasted_number_with_separators_is_read(desk):
    field, other = NumberField(groups=(4, 3, 3)), TextField()
    desk(field, other)
    field.insert("0905.123-456")
    other.setFocus()
    assert field.value() == "0905123456"
    assert field.text() == "0905 123 456"


@pytest.mark.parametrize(
    ("typed", "shown", "parsed"),
    [
        ("30121992", "30/12/1992", date(1992, 12, 30)),
        ("30/12/1992", "30/12/1992", date(1992, 12, 30)),
        ("1992", "1992", 1992),
        ("", "", None),
    ],
)
def test_a_date_is_read_as_people_type_it(typed, shown, parsed, desk):
    field, other = DateField(parse=parse), TextField()
    desk(field, other)
    type_text(field, typed)
    assert field.text() == typed
    QTest.keyClick(field, ENTER)
    assert (field.text(), field.parsed()) == (shown, parsed)
    assert other.hasFocus()


def test_a_date_that_does_not_exist_is_said_in_words_and_stays(desk):
    field = DateField(parse=parse)
    desk(field, TextField())
    type_text(field, "31021992")
    QTest.keyClick(field, ENTER)
    assert field.hasFocus()
    assert field.text() == "31021992"
    assert field.parsed() is None
    assert "31021992" in field.note().text


def test_enter_in_long_text_goes_on_and_shift_enter_makes_a_line(desk):
    field, other = LongTextField(), TextField()
    desk(field, other)
    type_text(field, "một")
    QTest.keyClick(field, ENTER, Qt.KeyboardModifier.ShiftModifier)
    type_text(field, "hai")
    QTest.keyClick(field, ENTER)
    assert field.value() == "một\nhai"
    assert other.hasFocus()


# Choosing


def test_the_matches_hang_under_the_line_and_never_take_the_focus(desk):
    field, other = SearchChoice(find=find), TextField()
    desk(field, other)
    type_text(field, "x")
    assert field.matches_shown()
    assert field.hasFocus()
    assert field._popup.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert not field._popup.isWindow()
    assert field.text() == "x"


def test_arrows_and_enter_choose_a_match(desk, qtbot):
    field, other = SearchChoice(find=find), TextField()
    desk(field, other)
    type_text(field, "x")
    QTest.keyClick(field, Key.Key_Down)
    with qtbot.waitSignal(field.chosen) as chosen:
        QTest.keyClick(field, ENTER)
    assert chosen.args == [1]
    assert field.text() == "Thủ tục 1"
    assert other.hasFocus()
    assert not field.matches_shown()


def test_editing_after_a_choice_takes_the_choice_back(desk, qtbot):
    field = SearchChoice(find=find)
    desk(field)
    field.set_choice(Choice(7, "Chứng thực"))
    QTest.keyClick(field, Key.Key_End)
    with qtbot.waitSignal(field.unchosen):
        QTest.keyClick(field, BACK)
    assert field.choice() is None


def test_escape_closes_the_matches_and_keeps_the_text(desk):
    field = SearchChoice(find=find)
    desk(field)
    type_text(field, "xa")
    QTest.keyClick(field, Key.Key_Escape)
    assert not field.matches_shown()
    assert field.text() == "xa"


def test_a_text_that_was_not_chosen_is_refused_unless_free_text_is_welcome(desk):
    strict, free = SearchChoice(find=find), SearchChoice(find=find, free_text=True)
    desk(strict, free)
    type_text(strict, "gì đó")
    assert not strict.validate()
    free.setFocus()
    type_text(free, "gì đó")
    assert free.validate()
    assert free.value() == "gì đó"


def test_free_text_is_not_replaced_by_a_match_on_enter(desk):
    field, other = SearchChoice(find=find, free_text=True), TextField()
    desk(field, other)
    type_text(field, "xe")
    QTest.keyClick(field, ENTER)
    assert field.value() == "xe"
    assert other.hasFocus()


def test_a_combo_tells_values_and_ignores_the_wheel(desk, qtbot):
    field = ChoiceField(choices=[Choice("male", "Nam"), Choice("female", "Nữ")])
    desk(field)
    with qtbot.waitSignal(field.value_changed) as changed:
        type_text(field, "N")
    assert changed.args == ["female"]
    field.set_value("male")
    field.set_choices([Choice("x", "Khác"), Choice("male", "Nam")])
    assert field.value() == "male"


# The offscreen plugin can't raise a popup; the popup is open all the same.
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_f4_opens_a_combo_that_has_the_focus(desk):
    field = ChoiceField(choices=[Choice(1, "Nam"), Choice(2, "Nữ")])
    desk(field)
    QTest.keyClick(field, Key.Key_F4)
    assert field.view().isVisible()
    field.hidePopup()


# Papers


@pytest.fixture
def papers(desk):
    widget = CheckList()
    widget.set_rows(
        [CheckRow("Tờ khai"), CheckRow("Hộ chiếu", default_originals=0, default_copies=1)]
    )
    widget.after = TextField()
    desk(widget, widget.after)
    return widget


def test_space_ticks_with_the_usual_counts_and_unticks(papers):
    QTest.keyClick(papers, Key.Key_Space)
    assert (papers.rows()[0].is_checked, papers.rows()[0].originals) == (True, 1)
    QTest.keyClick(papers, Key.Key_Down)
    QTest.keyClick(papers, Key.Key_Space)
    assert (papers.rows()[1].originals, papers.rows()[1].copies) == (0, 1)
    QTest.keyClick(papers, Key.Key_Space)
    assert papers.checked() == [papers.rows()[0]]
    assert papers.rows()[1].copies == 0


LONG = "Văn bản xác nhận của cơ quan đại diện ngoại giao về việc kết hôn ở nước ngoài"


def test_a_long_name_stands_whole_over_two_lines(papers):
    papers.set_rows([CheckRow(LONG, is_required=True), CheckRow("Hộ chiếu")])
    papers.setFixedWidth(560)
    assert len(papers.lines_of(0)) == 2
    assert " ".join(papers.lines_of(0)) == f"{LONG} *"
    assert papers.lines_of(1) == ["Hộ chiếu"]
    assert papers.sizeHint().height() > 2 * metrics().row_height + metrics().ring


def test_a_name_too_long_for_four_lines_is_cut_before_its_star(papers):
    papers.set_rows([CheckRow(LONG * 8, is_required=True), CheckRow("x" * 500)])
    papers.setFixedWidth(560)
    assert len(papers.lines_of(0)) == 4
    assert papers.lines_of(0)[3].endswith("… *")
    assert [line[-1] for line in papers.lines_of(1)] == ["…"]


def test_a_click_below_a_name_of_two_lines_ticks_the_next_paper(papers):
    papers.set_rows([CheckRow(LONG), CheckRow("Hộ chiếu")])
    papers.setFixedWidth(560)
    QTest.mouseClick(papers, Qt.MouseButton.LeftButton, pos=QPoint(60, metrics().row_height + 8))
    QTest.mouseClick(papers, Qt.MouseButton.LeftButton, pos=QPoint(60, papers.height() - 12))
    assert [row.is_checked for row in papers.rows()] == [True, True]


def test_digits_set_the_count_and_tick(papers):
    QTest.keyClick(papers, Key.Key_Right)
    type_text(papers, "12")
    assert papers.rows()[0].copies == 12
    assert papers.rows()[0].is_checked
    QTest.keyClick(papers, BACK)
    type_text(papers, "3")
    assert papers.rows()[0].copies == 3


def test_enter_leaves_the_papers(papers):
    QTest.keyClick(papers, ENTER)
    assert papers.after.hasFocus()


# Forms


def test_an_error_is_shown_at_the_field_it_names(desk):
    form = FormGrid()
    name, birth = TextField(), TextField()
    form.add_row("Họ tên", name, name="name")
    form.add_row("Ngày sinh", birth, name="birth")
    desk(form)
    assert form.show_error(UserError("Ngày sinh sai.", field="birth"))
    assert birth.hasFocus()
    assert birth.note().text == "Ngày sinh sai."
    assert not form.show_error(UserError("Đĩa đầy."))


def test_several_errors_stand_each_at_its_field_and_the_first_takes_the_focus(desk):
    form = FormGrid(beside=False)
    name, birth = TextField(), TextField()
    form.add_row("Họ tên", name, name="name")
    form.add_row("Ngày sinh", birth, name="birth")
    desk(form)
    errors = [InputError("Thiếu tên.", field="name"), InputError("Thiếu ngày.", field="birth")]
    assert form.show_error(InputErrors(errors))
    assert name.hasFocus()
    assert (name.note().text, birth.note().text) == ("Thiếu tên.", "Thiếu ngày.")


def test_a_message_beside_a_field_moves_nothing(desk, qtbot):
    form = FormGrid()
    name, birth = TextField(), TextField()
    form.add_row("Họ tên", name, name="name")
    form.add_row("Ngày sinh", birth, name="birth")
    desk(form)
    before = birth.geometry()
    name.set_note(Note("Một câu khá dài để xem các ô bên dưới có bị đẩy xuống hay không."))
    form.layout().activate()
    assert birth.geometry() == before


def test_a_match_keeps_its_words_and_leaves_its_detail_what_is_over():
    assert detail_room(400, 250) == 150
    assert detail_room(400, 350) == 100, "a quarter, where the words are long"
