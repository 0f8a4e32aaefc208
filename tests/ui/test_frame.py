from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QMenu,
    QTableView,
    QVBoxLayout,
)

from counter_app.errors import UserError
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import TextField
from counter_app.ui.frame import Clerk, HeaderFacts, MainWindow, Notice
from counter_app.ui.help import HelpDialog
from counter_app.ui.keys import check_key, forbidden_reason
from counter_app.ui.page import Page, PageSpec
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class DeskPage(Page):
    """A page with one of each thing that wants function keys for itself."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.name = TextField()
        self.other = TextField()
        self.combo = ChoiceField(choices=[Choice(1, "Nam"), Choice(2, "Nữ")])
        self.table = QTableView()
        self.rows = QStandardItemModel(1, 1)
        self.rows.setItem(0, 0, QStandardItem("ô"))
        self.table.setModel(self.rows)
        layout = QVBoxLayout(self)
        for widget in (self.name, self.other, self.combo, self.table):
            layout.addWidget(widget)
        self.add_key("Ctrl+R", lambda: self.calls.append("reprint"))
        self.unsaved = False
        self.levels = 0
        self.cards = False

    def first_field(self):
        return self.name

    def main_action(self):
        self.calls.append("main")

    def activated(self, *, refresh):
        self.calls.append("activated")

    def opened_with(self, argument):
        self.calls.append(argument)

    def has_unsaved_work(self):
        return self.unsaved

    def step_back(self):
        self.levels -= 1
        return self.levels >= 0

    def take_card(self, text):
        self.calls.append(text)
        return self.cards


HEADER = HeaderFacts("UBND xã Cam Lộ", "Quầy 1", "Lê Thị A", date(2026, 11, 23))


@pytest.fixture
def built():
    return []


@pytest.fixture
def window(qtbot, built):
    def factory(key):
        def make():
            built.append(key)
            return DeskPage()

        return make

    specs = [
        PageSpec("reception", "Tiếp nhận", "reception", factory("reception"), "F2", 1, "Lời dẫn."),
        PageSpec("dossiers", "Hồ sơ", "dossiers", factory("dossiers"), "F3", 2),
        PageSpec("today", "Hôm nay", "today", factory("today"), "F4", 3),
        PageSpec("apology", "Xin lỗi", "apology", factory("apology"), "F6", 4),
        PageSpec(
            "settings", "Cài đặt", "settings", factory("settings"), "Ctrl+,", is_at_bottom=True
        ),
    ]
    window = MainWindow(specs, HEADER, interaction=FakeInteraction())
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page("reception")
    return window


def focused():
    return QApplication.focusWidget()


def test_a_page_is_built_when_it_is_first_shown(window, built):
    assert built == ["reception"]
    window.show_page("dossiers")
    window.show_page("reception")
    window.show_page("dossiers")
    assert built == ["reception", "dossiers"]


@pytest.mark.parametrize(
    ("key", "held", "page"),
    [
        (Key.Key_F3, Qt.KeyboardModifier.NoModifier, "dossiers"),
        (Key.Key_F4, Qt.KeyboardModifier.NoModifier, "today"),
        (Key.Key_F6, Qt.KeyboardModifier.NoModifier, "apology"),
        (Key.Key_2, CTRL, "dossiers"),
        (Key.Key_4, CTRL, "apology"),
        (Key.Key_Comma, CTRL, "settings"),
    ],
)
def test_a_key_opens_its_page_from_inside_a_field(window, key, held, page):
    type_text(focused(), "đang gõ")
    QTest.keyClick(focused(), key, held)
    assert window.current_key == page
    assert window.page("reception").name.text() == "đang gõ"


def test_f4_belongs_to_a_combo_that_has_the_focus(window):
    combo = window.current_page().combo
    combo.setFocus()
    QTest.keyClick(combo, Key.Key_F4)
    assert combo.view().isVisible()
    assert window.current_key == "reception"
    combo.hidePopup()


def test_f2_edits_a_cell_that_has_the_focus(window):
    window.show_page("dossiers")
    table = window.current_page().table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Key.Key_F2)
    assert table.state() == QTableView.State.EditingState
    assert window.current_key == "dossiers"


def test_f2_in_a_table_that_is_only_read_opens_the_page(window):
    window.show_page("dossiers")
    table = window.current_page().table
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setFocus()
    QTest.keyClick(table, Key.Key_F2)
    assert window.current_key == "reception"


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Key.Key_F9, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Return, CTRL),
        (Key.Key_Enter, CTRL | Qt.KeyboardModifier.KeypadModifier),
    ],
)
def test_the_main_act_is_done_from_inside_a_field(window, key, held):
    page = window.current_page()
    QTest.keyClick(page.name, key, held)
    assert page.calls.count("main") == 1
    assert page.name.hasFocus()


def test_enter_in_a_field_goes_on_and_never_saves(window):
    page = window.current_page()
    QTest.keyClick(page.name, Key.Key_Return)
    assert page.other.hasFocus()
    assert "main" not in page.calls


def test_a_key_of_a_page_works_only_there(window):
    first = window.current_page()
    QTest.keyClick(first.name, Key.Key_R, CTRL)
    window.show_page("dossiers")
    QTest.keyClick(window.current_page().name, Key.Key_R, CTRL)
    assert first.calls.count("reprint") == 1
    assert window.current_page().calls.count("reprint") == 1


def test_escape_steps_back_one_level_at_a_time_and_discards_nothing(window):
    type_text(focused(), "chưa lưu")
    window.show_page("dossiers")
    page = window.current_page()
    page.levels = 1
    QTest.keyClick(page.name, Key.Key_Escape)
    assert window.current_key == "dossiers"
    QTest.keyClick(page.name, Key.Key_Escape)
    assert window.current_key == "reception"
    assert window.current_page().name.text() == "chưa lưu"
    QTest.keyClick(focused(), Key.Key_Escape)
    assert window.current_key == "reception"


def test_coming_back_to_a_page_finds_the_focus_where_it_was(window):
    window.current_page().other.setFocus()
    window.show_page("today")
    window.show_page("reception")
    assert window.current_page().other.hasFocus()


def test_ctrl_k_goes_to_the_search_box_even_from_a_field_and_enter_asks(window, qtbot):
    field = window.current_page().name
    type_text(field, "không mất")
    QTest.keyClick(field, Key.Key_K, CTRL)
    box = focused()
    assert box is not field
    type_text(box, " Ngọc  Ánh ")
    with qtbot.waitSignal(window.search_requested) as asked:
        QTest.keyClick(box, Key.Key_Return)
    assert asked.args == ["Ngọc Ánh"]
    QTest.keyClick(box, Key.Key_Escape)
    assert field.hasFocus()
    assert field.text() == "không mất"


def test_a_match_under_the_search_box_is_chosen_with_arrow_and_enter(window, qtbot):
    window.set_search_provider(lambda text: [Choice("0007", "Nguyễn Thị Ánh", "0007")])
    QTest.keyClick(focused(), Key.Key_K, CTRL)
    box = focused()
    type_text(box, "anh")
    QTest.keyClick(box, Key.Key_Down)
    with qtbot.waitSignal(window.match_chosen) as chosen:
        QTest.keyClick(box, Key.Key_Return)
    assert chosen.args == ["0007"]


def test_a_dossier_s_code_is_read_whole_in_the_list_under_the_search_box(window):
    code = "H50.19.57-261127-0109"
    window.set_search_provider(lambda text: [Choice("u", f"{code}  {'Công Tằng Tôn Nữ ' * 5}")])
    window.resize(1366, 768)
    QTest.keyClick(focused(), Key.Key_K, CTRL)
    box = focused()
    type_text(box, "cong")
    assert box._popup.width() >= 640
    assert box._popup.geometry().right() <= window.width()


def test_the_clerk_is_changed_with_two_keys(window, qtbot):
    window.set_clerks([Clerk("a", "Lê Thị A"), Clerk("b", "Trần Văn B")])
    QTest.keyClick(focused(), Key.Key_L, CTRL)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(window.clerk_chosen) as chosen:
        QTest.keyClick(menu, Key.Key_2)
    assert chosen.args == ["b"]


def test_who_is_signed_in_reaches_his_own_password_from_the_clerks(window, qtbot):
    window.set_clerks([Clerk("a", "Lê Thị A")])
    facts = window._top.facts()
    for may, acts in ((False, 1), (True, 3)):
        window.set_header(facts._replace(may_change_secret=may))
        QTest.keyClick(focused(), Key.Key_L, CTRL)
        menu = QApplication.activePopupWidget()
        assert len(menu.actions()) == acts
        if may:
            with qtbot.waitSignal(window.secret_asked):
                QTest.keyClick(menu, Key.Key_0)
        else:
            menu.close()


def test_the_top_line_says_where_who_and_when(window):
    texts = [label.text() for label in window.findChildren(type(window._top._date))]
    assert "Thứ Hai, 23/11/2026" in texts
    assert "Quầy 1" in texts
    assert window.windowTitle() == "Tiếp nhận – UBND xã Cam Lộ"


def test_notices_stand_while_they_hold_and_the_worst_comes_first(window):
    bar = window._notices
    assert bar.isHidden()
    window.set_notices([Notice("Chưa đặt tên cơ quan.", "info"), Notice("Chỉ đọc.", "danger")])
    assert not bar.isHidden()
    assert bar.text().startswith("Chỉ đọc.")
    window.set_notices([])
    assert bar.isHidden()


def test_the_bottom_line_holds_the_pages_word_and_the_state_of_the_data(window):
    window.set_state_text("Đã lưu hết")
    window.current_page().state_text_changed.emit("Vừa tiếp nhận 0007")
    assert window._bottom.state_text() == "Đã lưu hết"
    assert window._bottom.page_text() == "Vừa tiếp nhận 0007"


def test_f1_explains_the_page_and_closes_again(window, qtbot):
    QTest.keyClick(focused(), Key.Key_F1)
    dialogs = window.findChildren(QDialog)
    assert len(dialogs) == 1
    words = [label.text() for label in dialogs[0].findChildren(type(window._top._date))]
    assert "Lời dẫn." in words
    assert {"F2, Ctrl+1", "Ctrl+F11", "Ctrl+F12"} <= set(words)
    with qtbot.waitSignal(dialogs[0].destroyed):
        QTest.keyClick(dialogs[0], Key.Key_F1)


def test_a_page_may_ask_for_another_with_an_argument(window):
    window.current_page().page_requested.emit("dossiers", "quá hạn")
    assert window.current_key == "dossiers"
    assert window.current_page().calls == ["activated", "quá hạn"]


def test_a_page_that_can_not_be_built_is_said_and_the_old_one_stays(qtbot):
    def fail():
        raise UserError("Không đọc được mẫu văn bản.")

    asked = FakeInteraction()
    specs = [
        PageSpec("a", "A", "reception", DeskPage, "F2"),
        PageSpec("b", "B", "dossiers", fail, "F3"),
    ]
    window = MainWindow(specs, HEADER, interaction=asked)
    qtbot.addWidget(window)
    window.show_page("a")
    window.show_page("b")
    assert window.current_key == "a"
    assert asked.informed == ["Không đọc được mẫu văn bản."]


def test_a_scan_goes_to_the_page_first_and_else_is_announced(window, qtbot):
    with qtbot.waitSignal(window.scans.card_scanned) as scanned:
        window.scans.take_card("045|…")
    assert scanned.args == ["045|…"]
    window.current_page().cards = True
    with qtbot.assertNotEmitted(window.scans.card_scanned):
        window.scans.take_card("046|…")
    assert window.current_page().calls[-1] == "046|…"


def test_closing_with_unsaved_work_asks_first(window):
    window.current_page().unsaved = True
    window._interaction.answers = [False]
    assert not window.close()
    assert "Tiếp nhận" in window._interaction.asked[0]
    window._interaction.answers = [True]
    assert window.close()


def test_the_rail_folds_and_tells(window, qtbot):
    wide = window._rail.width()
    with qtbot.waitSignal(window.rail_folded) as folded:
        QTest.keyClick(focused(), Key.Key_B, CTRL)
    assert folded.args == [True]
    assert window._rail.width() < wide / 2
    assert window._rail.button("dossiers").toolTip() == "Hồ sơ F3"


def test_tab_stays_inside_the_page(window):
    page = window.current_page()
    page.table.setTabKeyNavigation(False)
    for _ in range(8):
        QTest.keyClick(focused(), Key.Key_Tab)
        assert page.isAncestorOf(focused())


def test_no_shortcut_belongs_to_a_vietnamese_keyboard_or_a_scanner(window):
    for key in ("dossiers", "today", "settings"):
        window.show_page(key)
    sequences = [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    sequences += [key for action in window.findChildren(QAction) for key in action.shortcuts()]
    sequences += [QKeySequence(key) for key in window._page_keys]
    assert len(sequences) > 12
    for sequence in sequences:
        assert forbidden_reason(sequence) is None, sequence.toString()


@pytest.mark.parametrize("text", ["A", "5", "Shift+A", "Alt+3", "Alt+Z", "Ctrl+Shift+R", ""])
def test_keys_of_the_keyboard_are_refused(text):
    with pytest.raises(ValueError, match=r"key|typing|Alt|UniKey"):
        check_key(text)


def test_a_main_key_that_is_held_down_does_not_answer_its_own_warning(window):
    held = {s.key().toString(): s.autoRepeat() for s in window.findChildren(QShortcut)}
    assert [held[key] for key in ("F9", "Ctrl+Return", "Ctrl+Enter")] == [False] * 3


@pytest.mark.parametrize("text", ["F9", "Ctrl+R", "Alt+Left", "Ctrl+Return", "Shift+F2"])
def test_other_keys_are_welcome(text):
    assert check_key(text) == QKeySequence(text)


def test_no_button_takes_an_alt_key(window):
    for button in window.findChildren(QAbstractButton):
        assert button.shortcut().isEmpty(), button.text()


@pytest.mark.parametrize("lines", [3, 40])
def test_the_help_sheet_shows_all_of_its_words_however_many(window, lines):
    page = DeskPage()
    page.help_text = "\n".join(["Ctrl+PgDn cuộn phần diễn giải ngày hẹn."] * lines)
    sheet = HelpDialog(page, [], window)
    sheet.show()
    QApplication.processEvents()
    words = sheet._words
    assert words.height() >= words.heightForWidth(words.width())
    sheet.close()


def test_a_pages_keys_stand_each_in_a_line_of_its_own(window):
    page = DeskPage()
    page.help_text = "Quét thẻ · gõ số.\nCtrl+O tổ chức · F5 xác nhận thời hạn."
    sheet = HelpDialog(page, [], window)
    assert sheet._words.text() == "Quét thẻ · gõ số."
    labels = [label.text() for label in sheet.findChildren(QLabel)]
    assert labels[labels.index("Ctrl+O") + 1] == "Tổ chức"
    assert labels[labels.index("F5") + 1] == "Xác nhận thời hạn"
    sheet.close()


def test_what_just_happened_is_read_whole_beside_a_long_state(window):
    window.set_state_text(
        "1 giấy chờ in (Ctrl+F12 xem). Chưa in được. " + "Sao lưu lúc 09:45. " * 20
    )
    said = "Đã lưu hồ sơ 0013 của Phan Thị Mỹ Hạnh lúc 09:45."
    window.current_page().state_text_changed.emit(said)
    bottom = window._bottom
    QApplication.processEvents()
    assert bottom._page.text() == said
    assert bottom._state.text().startswith("1 giấy chờ in")
    assert bottom._state.geometry().right() < bottom._help.geometry().left()


def test_why_a_scan_was_refused_is_said_until_the_next_act(window):
    window.show_page("reception")
    window.scans.say_in_passing("Mã vừa quét không phải thẻ căn cước hay mã hồ sơ.")
    assert "Mã vừa quét" in window._bottom.page_text()
    window.do_main_action()
    assert window._bottom.page_text() == ""
    window.scans.say_in_passing("Mã vừa quét không phải thẻ căn cước hay mã hồ sơ.")
    window.say("Đã lưu hồ sơ 0007.")
    window.do_main_action()
    assert window._bottom.page_text() == "Đã lưu hồ sơ 0007.", "only what was said in passing goes"
