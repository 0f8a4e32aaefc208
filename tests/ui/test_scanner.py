from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout

from counter_app.ui import scanner
from counter_app.ui.checklist import CheckList, CheckRow
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.fields import NumberField, TextField
from counter_app.ui.page import Page
from counter_app.ui.scanner import GAP_MS, WedgeDetector
from tests.ui.hands import press, type_text

CARD = "045192004321||Lê Thị Ngọc Ánh|02031992|Nữ|Khu phố 2, Cam Lộ, Quảng Trị|28042021"
CODE = "TAM-01-261123-0007"
FAST, SLOW = 4, 90
Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Heard:
    def __init__(self, detector):
        self.cards, self.codes, self.refused = [], [], []
        detector.card_scanned.connect(self.cards.append)
        detector.code_scanned.connect(self.codes.append)
        detector.scan_refused.connect(self.refused.append)

    def all(self):
        return self.cards + self.codes + self.refused


@pytest.fixture
def detector(qapp):
    detector = WedgeDetector()
    yield detector
    detector._on_focus_changed(None, None)
    QApplication.instance().focusChanged.disconnect(detector._on_focus_changed)


@pytest.fixture
def heard(detector):
    return Heard(detector)


def scan(widget, text, start=10_000, gap=FAST):
    return type_text(widget, text, start=start, gap=gap)


def test_a_card_is_told_and_the_field_gets_its_text_back(desk, detector, heard):
    field = TextField()
    desk(field)
    field.setText("đang gõ dở")
    field.setCursorPosition(4)
    scan(field, CARD)
    detector.finish()
    assert heard.cards == [CARD]
    assert field.text() == "đang gõ dở"
    assert field.cursorPosition() == 4


def test_the_pause_after_the_last_key_ends_the_burst(desk, detector, heard, qtbot):
    field = TextField()
    desk(field)
    with qtbot.waitSignal(detector.card_scanned):
        scan(field, CARD)


def test_a_selected_text_is_selected_again(desk, detector, heard):
    field = TextField()
    desk(field)
    field.setText("Nguyễn Văn A")
    field.setSelection(7, 3)
    scan(field, CARD)
    detector.finish()
    assert (field.text(), field.selectedText()) == ("Nguyễn Văn A", "Văn")


@pytest.mark.parametrize("code", [CODE, "H49.37.12-261123-0042", "000.00.12.H49-261123-0007"])
def test_a_receipts_code_is_told(code, desk, detector, heard):
    field = TextField()
    desk(field)
    scan(field, code)
    detector.finish()
    assert heard.codes == [code]
    assert field.text() == ""


def test_enter_tab_and_control_characters_in_a_burst_are_data(desk, detector, heard):
    field, other = TextField(), TextField()
    desk(field, other)
    at = scan(field, CARD[:30])
    for key, text in ((Key.Key_Tab, "\t"), (Key.Key_Return, "\r"), (Key.Key_J, "\n")):
        press(field, key, text, at=at)
        at += FAST
    at = scan(field, CARD[30:], start=at)
    press(field, Key.Key_Return, "\r", at=at)
    detector.finish()
    assert field.hasFocus()
    assert [card.translate({9: None, 10: None, 13: None}) for card in heard.cards] == [CARD]
    assert heard.cards[0].endswith("\r")


def test_a_hostile_code_presses_nothing(desk, detector, heard):
    called = []
    page = Page()
    field = QLineEdit(page)
    page.add_key("Ctrl+R", lambda: called.append("Ctrl+R"))
    page.add_key("F9", lambda: called.append("F9"))
    page.add_key("Alt+D", lambda: called.append("Alt+D"))
    desk(page)
    field.setFocus()
    at = scan(field, "abcdefgh")
    for key, held in (
        (Key.Key_F9, Qt.KeyboardModifier.NoModifier),
        (Key.Key_R, CTRL),
        (Key.Key_D, ALT),
        (Key.Key_A, CTRL),
        (Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    ):
        press(field, key, "", held, at=at)
        at += FAST
    press(field, Key.Key_Return, "\r", at=at)
    detector.finish()
    assert called == []
    assert field.text() == ""
    assert len(heard.refused) == 1
    assert heard.cards == heard.codes == []


def test_plain_words_that_came_fast_stay_and_their_enter_presses_nothing(desk, detector, heard):
    field, other = TextField(), TextField()
    desk(field, other)
    at = scan(field, "abc")
    press(field, Key.Key_Return, "\r", at=at)
    assert field.hasFocus()
    detector.finish()
    assert field.text() == "abc"
    assert heard.refused == heard.cards == heard.codes == []


@pytest.mark.parametrize("gap", [GAP_MS + 1, SLOW, 250])
def test_a_persons_typing_is_left_alone(gap, desk, detector, heard):
    field, other = TextField(), TextField()
    desk(field, other)
    at = scan(field, "045192004321|abc", gap=gap)
    press(field, Key.Key_Return, "\r", at=at)
    detector.finish()
    assert field.text() == "045192004321|abc"
    assert other.hasFocus()
    assert heard.all() == []


def test_rolling_fingers_are_no_scanner(desk, detector, heard):
    field = TextField()
    desk(field)
    at = 10_000
    for word in ("ngu", "yen", "thi", "anh"):
        at = scan(field, word, start=at, gap=25) + SLOW
    detector.finish()
    assert field.text() == "nguyenthianh"
    assert heard.all() == []


def test_unikey_rewriting_a_syllable_at_once_is_no_scanner(desk, detector, heard):
    field = TextField()
    desk(field)
    at = scan(field, "nghieeng", gap=SLOW)
    for _ in range(5):
        press(field, Key.Key_Backspace, "\b", at=at)
    scan(field, "iêng và thêm nhiều chữ", start=at, gap=0)
    detector.finish()
    assert field.text() == "nghiêng và thêm nhiều chữ"
    assert heard.all() == []


def test_a_key_held_down_is_no_scanner(desk, detector, heard):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    field = TextField()
    desk(field)
    for step in range(20):
        event = QKeyEvent(
            QEvent.Type.KeyPress,
            int(Key.Key_A),
            Qt.KeyboardModifier.NoModifier,
            "a",
            step > 0,
        )
        event.setTimestamp(10_000 + 30 * step)
        QApplication.sendEvent(field, event)
    detector.finish()
    assert field.text() == "a" * 20
    assert heard.all() == []


def test_half_a_card_is_said_and_the_field_is_as_it_was(desk, detector, heard):
    field = TextField()
    desk(field)
    field.setText("Lê")
    scan(field, CARD[:30])
    detector.finish()
    assert field.text() == "Lê"
    assert heard.cards == []
    assert "Quét lại" in heard.refused[0]


def test_five_thousand_characters_do_no_harm(desk, detector, heard):
    field = TextField()
    desk(field)
    field.setText("Lê")
    scan(field, ("x|" * 2500), gap=1)
    detector.finish()
    assert field.text() == "Lê"
    assert heard.cards == []
    assert len(heard.refused) == 1


def test_an_expanded_abbreviation_goes_into_the_field(desk, detector, heard):
    field = TextField()
    desk(field)
    field.setText("Địa chỉ: ")
    scan(field, "xã Cam Lộ, Quảng Trị", gap=1)
    detector.finish()
    assert field.text() == "Địa chỉ: xã Cam Lộ, Quảng Trị"
    assert heard.all() == []


def test_typing_goes_on_normally_after_a_burst(desk, detector, heard):
    field, other = TextField(), TextField()
    desk(field, other)
    at = scan(field, CARD)
    detector.finish()
    scan(field, "Ánh", start=at + 500, gap=SLOW)
    assert field.text() == "Ánh"


def test_two_cards_in_a_row_are_two(desk, detector, heard):
    field = TextField()
    desk(field)
    at = scan(field, CARD)
    detector.finish()
    scan(field, CARD, start=at + 700)
    detector.finish()
    assert heard.cards == [CARD, CARD]


def test_every_kind_of_field_is_as_it_was(desk, detector, heard):
    number = NumberField()
    choice = ChoiceField(choices=[Choice(0, "0 năm"), Choice(1, "Nam"), Choice(4, "4 năm")])
    search = SearchChoice(find=lambda text: [Choice(1, "một"), Choice(2, "hai")])
    papers = CheckList()
    papers.set_rows([CheckRow("Tờ khai")])
    lines = QPlainTextEdit()
    button = QPushButton("Lưu")
    window = desk(number, choice, search, papers, lines, button)
    detector.watch(window)
    number.set_value("045192007777")
    choice.set_value(1)
    search.set_choice(Choice(1, "một"))
    lines.setPlainText("hai\ndòng")
    pressed = []
    button.clicked.connect(pressed.append)
    at = 10_000
    for widget in (number, choice, search, papers, lines, button):
        widget.setFocus()
        at = scan(widget, CARD, start=at) + 1000
        detector.finish()
    assert heard.cards == [CARD] * 6
    assert number.value() == "045192007777"
    assert choice.value() == 1
    assert search.choice() == Choice(1, "một")
    assert not search.matches_shown()
    assert papers.rows() == [CheckRow("Tờ khai")]
    assert lines.toPlainText() == "hai\ndòng"
    assert pressed == []


# A key that does an act waits for a second one that comes as fast


class _Listing(ChoiceField):
    opened = 0

    def showPopup(self):
        self.opened += 1


@pytest.fixture
def holding(monkeypatch):
    monkeypatch.setattr(scanner, "HOLD_MS", GAP_MS + 10)


@pytest.fixture
def acting(desk, detector, qtbot, holding):
    """Return a page with keys, the list of what they did, and its field."""
    page, done = Page(), []
    layout = QVBoxLayout(page)
    field, other, button = TextField(), _Listing(choices=[Choice(1, "một")]), QPushButton("Lưu")
    for widget in (field, other, button):
        layout.addWidget(widget)
    for key in ("F9", "Ctrl+Return", "Ctrl+R"):
        page.add_key(key, lambda key=key: done.append(key))
    button.clicked.connect(lambda: done.append("Lưu"))
    desk(page)
    field.setFocus()
    return page, done, field, other, button


@pytest.mark.parametrize(
    ("key", "held", "said"),
    [
        (Key.Key_F9, Qt.KeyboardModifier.NoModifier, "F9"),
        (Key.Key_Return, CTRL, "Ctrl+Return"),
        (Key.Key_R, CTRL, "Ctrl+R"),
    ],
)
def test_a_hands_own_key_does_its_act_a_moment_later_and_once(key, held, said, acting, qtbot):
    _, done, field, _, _ = acting
    press(field, key, "", held, at=10_000)
    assert done == []
    qtbot.waitUntil(lambda: done == [said])
    qtbot.wait(2 * scanner.HOLD_MS)
    assert done == [said]


def test_two_acts_by_hand_are_both_done(acting, qtbot):
    _, done, field, _, _ = acting
    press(field, Key.Key_R, "", CTRL, at=10_000)
    press(field, Key.Key_F9, at=10_000 + SLOW)
    qtbot.waitUntil(lambda: done == ["Ctrl+R", "F9"])


@pytest.mark.parametrize("follower", ["1", "|", "\r"])
def test_an_act_with_anything_close_behind_it_is_no_hands(follower, acting, detector, qtbot):
    _, done, field, _, _ = acting
    press(field, Key.Key_F9, at=10_000)
    press(field, Key.Key_Return if follower == "\r" else Key.Key_1, follower, at=10_000 + FAST)
    detector.finish()
    qtbot.wait(2 * scanner.HOLD_MS)
    assert done == []
    assert field.text() == ""


def test_f4_still_opens_a_list_and_enter_still_presses_a_button(acting, qtbot):
    _, done, _, choice, button = acting
    choice.setFocus()
    press(choice, Key.Key_F4, at=10_000)
    qtbot.waitUntil(lambda: choice.opened == 1)
    button.setFocus()
    press(button, Key.Key_Space, " ", at=20_000)
    qtbot.waitUntil(lambda: done == ["Lưu"])


def test_a_code_that_begins_with_enter_presses_no_button(acting, detector, qtbot):
    _, done, _, _, button = acting
    button.setFocus()
    press(button, Key.Key_Space, " ", at=10_000)
    scan(button, "0451920", start=10_000 + FAST)
    detector.finish()
    qtbot.wait(2 * scanner.HOLD_MS)
    assert done == []


def test_copy_and_paste_wait_for_nothing(acting):
    _, _, field, _, _ = acting
    field.setText("Hồ Văn Ương")
    field.selectAll()
    QApplication.clipboard().setText("")
    press(field, Key.Key_C, "", CTRL, at=10_000)
    assert QApplication.clipboard().text() == "Hồ Văn Ương"
