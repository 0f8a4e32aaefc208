"""The page of dossiers by keyboard: lists, search, the dossier and what can be done with it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.domain.dossier import Move
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import ActDialog
from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.dossier_calls import DossierQuery, read_query
from counter_app.ui.dossier_table import CODE, DUE, optional_columns
from counter_app.ui.dossiers_page import DossiersPage
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics
from tests.ui.dossier_fakes import FakeDesk, InstantRunner, make_row
from tests.ui.fakes import FakeInteraction

WIDE, NARROW = (1500, 700), (1100, 640)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_page(qtbot):
    """Return a function that shows the page over a fake desk, as the frame does."""

    def make(rows=None, *, size=WIDE, **fake):
        fake_desk = FakeDesk([make_row(n) for n in range(1, 4)] if rows is None else rows)
        for name, value in fake.items():
            setattr(fake_desk, name, value)
        page = DossiersPage(fake_desk.calls(), InstantRunner(), FakeInteraction())
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activated(refresh=True)
        page.table.setFocus()
        return page, fake_desk

    return make


def codes(page):
    return [row.code for row in page.table.rows_model.rows()]


def dialog_of(page) -> ActDialog | None:
    found = [w for w in page.findChildren(ActDialog) if w.isVisible()]
    return found[0] if found else None


def test_only_one_page_of_rows_is_fetched(open_page):
    page, fake = open_page([make_row(n) for n in range(1, 201)])
    assert [(after, count) for _, after, count in fake.pages] == [(None, 50)]
    assert page.table.rows_model.rowCount() == 50
    page.table.rows_model.fetchMore()
    assert fake.pages[-1][1].id == 50, "the next page is asked for by the last row's key"


def test_the_rows_are_painted_a_turn_after_the_page_is_first_seen(qtbot):
    rows = [make_row(n) for n in range(1, 4)]
    page = DossiersPage(FakeDesk(rows).calls(), InstantRunner(), FakeInteraction())
    qtbot.addWidget(page)
    page.resize(*WIDE)
    page.activated(refresh=True)
    seen = page.table.viewport().grab().toImage()
    ground = seen.copy()
    ground.fill(page.table.palette().base().color())
    assert seen == ground
    assert page.table.viewport().grab().toImage() != ground


def test_counts_stand_on_the_filters_as_vietnam_writes_numbers(open_page):
    page, _ = open_page()
    assert page.chips.button("all").text() == "Tất cả 1.204"
    assert page.chips.button("late").accessibleName() == "Quá hạn 1"


def test_a_pressed_filter_asks_for_its_list(open_page, qtbot):
    page, fake = open_page()
    qtbot.mouseClick(page.chips.button("late"), Qt.MouseButton.LeftButton)
    assert fake.pages[-1][0] == DossierQuery(filter="late")
    assert page.chips.current() == "late"


def test_arrows_walk_along_the_filters(open_page, qtbot):
    page, fake = open_page()
    page.chips.button("all").setFocus()
    qtbot.keyClick(page.chips.button("all"), Qt.Key.Key_Right)
    assert fake.pages[-1][0].filter == "due_today"
    assert page.chips.button("due_today").hasFocus()


def test_an_empty_list_says_what_it_means(open_page):
    page, _ = open_page([])
    page.list.show_query(DossierQuery(filter="late"))
    assert page.table._empty_text == "Không có hồ sơ nào quá hạn."


def test_searching_begins_with_the_second_letter(open_page, qtbot):
    page, fake = open_page()
    page.search.setFocus()
    qtbot.keyClicks(page.search, "n")
    page.search.start()
    assert fake.searched == []
    qtbot.keyClicks(page.search, "g")
    qtbot.waitUntil(lambda: fake.searched == ["ng"])
    assert page.list.found_label.text() == "Tìm thấy 3 hồ sơ"


def test_a_search_without_result_says_what_to_try(open_page):
    page, _ = open_page()
    page.opened_with("khong co ai")
    assert "khong co ai" in page.table._empty_text
    assert "Không cần gõ dấu" in page.table._empty_text


def test_an_answer_that_comes_after_the_text_changed_is_ignored(open_page):
    page, _ = open_page()
    page.search.setText("abc")
    page.search.take_answer(("ab", [make_row(9)]))
    assert len(codes(page)) == 3


def test_enter_in_the_search_goes_down_to_the_first_row(open_page, qtbot):
    page, _ = open_page()
    page.search.setFocus()
    qtbot.keyClicks(page.search, "nguoi 2")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    assert page.table.current_row().id == 2


def test_letters_typed_over_the_table_become_a_search(open_page, qtbot):
    page, _ = open_page()
    qtbot.keyClick(page.table, Qt.Key.Key_N)
    assert page.search.hasFocus()
    assert page.search.text() == "n"


def test_escape_leaves_the_search_for_the_list_it_came_from(open_page, qtbot):
    page, fake = open_page()
    page.list.show_query(DossierQuery(filter="waiting"))
    page.opened_with("người")
    assert page.step_back()
    assert page.search.text() == ""
    assert fake.pages[-1][0] == DossierQuery(filter="waiting")
    assert not page.step_back(), "the next Esc belongs to the frame"


@pytest.mark.parametrize(
    ("argument", "query"),
    [
        ("nguyen anh", DossierQuery(text="nguyen anh")),
        ("filter:late", DossierQuery(filter="late")),
        ("citizen:045192007777", DossierQuery(citizen="045192007777")),
        ("code:u7", DossierQuery(code="u7")),
        (make_row(7), DossierQuery(code="u7")),
        (None, DossierQuery()),
    ],
)
def test_other_pages_may_hand_over_words_a_filter_a_citizen_or_a_code(argument, query):
    assert read_query(argument) == query


def test_a_days_promises_open_under_a_filter_of_their_own(open_page):
    page, fake = open_page()
    page.opened_with(DossierQuery(day=date(2026, 11, 26)))
    assert fake.pages[-1][0].day == date(2026, 11, 26)
    assert page.chips.button("extra").text() == "Hẹn trả T5 26/11"
    page.chips.choose("all")
    assert "extra" not in page.chips.keys()  # noqa: SIM118 - ChipRow is no mapping


def test_the_row_shows_its_due_state_in_words(open_page):
    page, _ = open_page()
    model = page.table.rows_model
    assert model.index(0, DUE).data() == "còn 2 ngày"


def test_columns_give_way_from_the_least_needed():
    widths = [100] * 8
    assert optional_columns(800, widths) == {0, 2, 3, 4, 5, 7}
    assert optional_columns(450, widths) == {0, 2}
    assert optional_columns(250, widths) == set()


def test_with_little_room_the_due_words_are_read_whole_before_a_long_name(open_page, qtbot):
    page, _ = open_page()
    table = page.table
    table.setFixedWidth(326)
    qtbot.waitUntil(lambda: table.viewport().width() < 326)
    assert table.isColumnHidden(CODE)
    usual = metrics().px(132)
    assert usual < table.columnWidth(DUE) == table.viewport().width() - metrics().px(176)


def test_filters_that_do_not_fit_go_on_in_a_second_line(desk):
    chips = ChipRow([Chip(str(n), f"Bộ lọc số {n}") for n in range(6)])
    window = desk(chips)
    window.resize(300, 300)
    places = [chips.button(str(n)).geometry() for n in range(6)]
    assert all(chips.rect().contains(place) for place in places)
    assert len({place.top() for place in places}) > 1
    window.resize(1200, 300)
    assert len({chips.button(str(n)).y() for n in range(6)}) == 1


def test_on_a_wide_screen_the_chosen_dossier_stands_beside_the_table(open_page, qtbot):
    page, _ = open_page()
    page.table.select_row(1)
    qtbot.waitUntil(lambda: page.panel.facts is not None)
    assert page.panel.facts.uuid == "u2"
    assert page.panel.due_label.text() == "Thứ Năm 26/11/2026, 17:00"
    assert page.panel.due_mark.accessibleName() == "còn 2 ngày"
    assert "045 192 007777" in page.panel.facts_section.label.text()
    assert "Thứ Sáu 20/11 08:01" in page.panel.story_section.label.text()


def test_on_a_narrow_screen_enter_opens_it_and_escape_closes_it(open_page, qtbot):
    page, _ = open_page(size=NARROW)
    assert page.panel.isHidden()
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.panel.isVisible()
    assert page.panel.has_focus_inside()
    assert page.step_back()
    assert page.panel.isHidden()
    assert page.table.hasFocus()


def test_f9_opens_what_the_state_wants(open_page):
    page, _ = open_page([make_row(1, status="received")])
    page.table.select_row(0)
    page.main_action()
    assert dialog_of(page).act is Move.FORWARD


def test_f9_on_a_returned_dossier_says_that_nothing_waits(open_page, qtbot):
    page, _ = open_page([make_row(1, status="returned")])
    page.table.select_row(0)
    with qtbot.waitSignal(page.state_text_changed) as told:
        page.main_action()
    assert "không chờ việc nào" in told.args[0]


def test_a_key_does_its_act_on_the_chosen_row(open_page, qtbot):
    page, _ = open_page(size=NARROW)
    page.table.select_row(2)
    qtbot.keyClick(page.table, Qt.Key.Key_T, CTRL)
    assert dialog_of(page).act is Move.RETURN
    assert dialog_of(page).facts.uuid == "u3"


def test_a_greyed_act_is_not_opened_but_explained(open_page, qtbot):
    page, _ = open_page(why_not={Move.RETURN: "chỉ làm được khi: chờ trả kết quả"})
    page.table.select_row(0)
    page._on_panel_timer_timeout()
    tile = page.panel.tiles.tile(Move.RETURN)
    assert not tile.isEnabled()
    assert tile.reason == "chưa có kết quả"
    assert tile.toolTip() == "chỉ làm được khi: chờ trả kết quả"
    with qtbot.waitSignal(page.state_text_changed) as told:
        page.request_act(Move.RETURN)
    assert "chờ trả kết quả" in told.args[0]
    assert dialog_of(page) is None


def test_an_act_refreshes_row_and_panel_and_moves_nothing(open_page):
    page, fake = open_page()
    page.table.select_row(1)
    page._on_panel_timer_timeout()
    page.request_act(Move.COMPLETE)
    dialog_of(page).submit()
    assert fake.done[0][:2] == (Move.COMPLETE, "u2")
    row = page.table.rows_model.row_at(1)
    assert row.status_label == "Chờ trả kết quả"
    assert page.panel.due_mark.accessibleName() == "có kết quả"
    assert page.table.current_row().uuid == "u2"
    assert len(fake.pages) == 1, "the list was not fetched anew"


def test_printing_records_it_before_the_paper_goes_to_the_printer(open_page, qtbot):
    page, fake = open_page()
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_R, CTRL)
    assert fake.done == [(Move.PRINT, "u1")]
    assert fake.printed == [["paper-of-u1"]]


def test_enter_on_an_issued_paper_prints_it_again(open_page, qtbot):
    page, fake = open_page()
    page.table.select_row(0)
    page._on_panel_timer_timeout()
    button = page.panel.papers.buttons()[0]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert fake.printed == [["paper-of-p1"]]


def test_a_scanned_receipt_opens_its_dossier_with_the_act_it_wants(open_page):
    page, _ = open_page([make_row(1, status="completed")], size=NARROW)
    assert page.take_code("TAM-01-261120-0001\r")
    assert dialog_of(page).act is Move.RETURN


CARD = "045192007777|191234567|Nguyễn Thị Ngọc Ánh|30121992|Nữ|Xã Cam Lộ, Quảng Trị|01012022"


def test_a_scanned_card_lists_that_citizens_dossiers_with_a_new_one_a_key_away(open_page, qtbot):
    page, fake = open_page()
    assert page.take_card(CARD)
    assert fake.pages[-1][0].citizen == "045192007777"
    assert page.list.new_button.isVisible()
    with qtbot.waitSignal(page.page_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_D, CTRL)
    assert asked.args == ["reception", CARD]
    page.chips.choose("all")
    assert page.list.new_button.isHidden()


def test_a_damaged_card_is_left_to_the_window(open_page):
    page, _ = open_page()
    assert not page.take_card("xx|yy")


def test_a_code_nobody_knows_is_told_and_changes_nothing(open_page):
    page, _ = open_page()
    page.opened_with("code:XYZ")
    assert page._interaction.informed == ["Không tìm thấy hồ sơ có mã “XYZ”."]
    assert len(codes(page)) == 3


def test_coming_back_keeps_the_chosen_dossier(open_page):
    page, _ = open_page()
    page.table.select_row(2)
    page.activated(refresh=True)
    assert page.table.current_row().uuid == "u3"


def test_a_list_that_cannot_be_read_is_told_in_its_sentence(open_page):
    page, _ = open_page()

    def locked(query, after, count):
        raise UserError("Dữ liệu đang được chương trình khác sử dụng.")

    object.__setattr__(page._calls, "page", locked)
    page.chips.choose("late")
    assert page._interaction.informed == ["Dữ liệu đang được chương trình khác sử dụng."]


def test_a_name_of_sixty_letters_widens_nothing(open_page, qtbot):
    name = "Công Tằng Tôn Nữ Nguyễn Phước Thị Ngọc Huyền Trân Hoàng Thiên Kim An"
    page, _ = open_page([make_row(1, applicant_name=name)], size=NARROW)
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.width() == NARROW[0]
    assert page.panel.geometry().right() <= page.splitter.width()


def test_a_long_state_takes_no_room_from_the_table(open_page, qtbot):
    given = {"official_code": "H50.19.57-261123-0109"}
    rows = [make_row(1, **given), make_row(2, status="awaiting_payment", **given)]
    page, _ = open_page(rows, size=(1180, 640))
    seen = []
    for number in range(2):
        page.table.select_row(number)
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
        page.step_back()
        qtbot.keyClick(page.table, Qt.Key.Key_Return)  # placed for the dossier that stands in it
        QApplication.processEvents()
        seen.append((page.splitter.sizes(), page.table.isColumnHidden(CODE)))
    assert page.panel.status_label.text() == "Chờ thực hiện nghĩa vụ tài chính"
    assert seen[0] == seen[1]
    assert not seen[0][1]


def test_how_late_a_dossier_is_can_be_read_whole_beside_an_open_dossier(open_page, qtbot):
    rows = [
        make_row(1, status="awaiting_supplement", due=None, late_due_at=1),
        make_row(2, due=datetime(2026, 11, 20, 17)),
    ]
    page, _ = open_page(rows, size=(1180, 640))
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.panel.isVisible()
    for number in range(2):
        due = page.table.itemDelegateForColumn(DUE)._due(page.table.rows_model.row_at(number))
        words = page.table.fontMetrics().horizontalAdvance(due.text)
        beside = metrics().px(9) + metrics().step(5)  # the mark and its gaps
        assert page.table.columnWidth(DUE) >= words + beside, due.text


@pytest.mark.parametrize("asked", ["Ánh", "filter:late"])
def test_a_list_asked_for_from_elsewhere_has_the_room_of_the_dossier_before(
    open_page, qtbot, asked
):
    page, _ = open_page(size=(1180, 640))
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(page.panel.isVisible)
    page.opened_with(asked)
    assert not page.panel.isVisible()
    assert page.search.hasFocus() or page.table.hasFocus()


def test_an_act_asked_for_before_the_panel_has_come_is_done(open_page, qtbot):
    page, _ = open_page()
    runner = page._runner = TaskRunner(page)
    page.table.select_row(1)
    qtbot.keyClick(page.table, Qt.Key.Key_H, CTRL)
    page._on_panel_timer_timeout()  # the dossier beside the table, a moment later
    qtbot.waitUntil(lambda: dialog_of(page) is not None)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert page.panel.facts.uuid == page.table.current_row().uuid
    dialog_of(page).close()
    runner.close()


@pytest.mark.parametrize("width", [860, 920, 990])
def test_a_dossier_with_two_codes_is_shown_to_its_right_edge(open_page, qtbot, width):
    code = "H50.19.57-261127-0109"
    page, _ = open_page([make_row(1, official_code=code)], size=(width, 540))
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(page.panel.tiles.isVisible)
    QApplication.processEvents()
    room = page.panel._stack.currentWidget().viewport().width()
    assert code in page.panel.code_label.text()
    assert page.panel._content.width() <= room


def test_an_opened_dossier_scrolls_once_on_the_smallest_usual_screen(open_page, qtbot):
    # 1366×768 less title, rail, top line, practice notice and bottom line
    page, _ = open_page(size=(1190, 641))
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(page.panel.tiles.isVisible)
    outer = page.panel._stack.currentWidget()
    QApplication.processEvents()
    assert outer.verticalScrollBar().maximum() == 0, "the acts never move away"
    assert page.panel._scroll.height() >= 120


def test_made_in_pieces_it_is_the_same_page(qtbot, open_page):
    whole, fake = open_page()
    page = DossiersPage(fake.calls(), InstantRunner(), FakeInteraction(), in_pieces=True)
    qtbot.addWidget(page)
    assert page.splitter.count() == 1, "the panel comes later"
    for piece in page.pieces():
        piece()
    assert [type(page.splitter.widget(number)) for number in range(page.splitter.count())] == [
        type(whole.splitter.widget(number)) for number in range(whole.splitter.count())
    ]
    assert whole.pieces() == ()
    page.activated(refresh=True)
    assert codes(page) == codes(whole)
