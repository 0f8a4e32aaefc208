"""Recorded bursts against the real window: what a scanner types never harms what stands there."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.bootstrap import open_app
from counter_app.services import browse, lists
from counter_app.ui import scanner
from counter_app.ui.act_forms import CompleteDialog
from counter_app.ui.desk import Desk
from tests.ui.fakes import FakeInteraction
from tests.ui.recordings import FOLDER, Player

NOW = datetime(2026, 11, 23, 9, 0)
ANH, DUC = "045192004321", "045085001234"
BORN = "15/08/1985"
WHOLE = (
    "clean",
    "no-enter",
    "unikey-telex",
    "unikey-vni",
    "alt-codes",
    "alt-bytes",
    "alt-vietnamese",
)
DECODED = ("raw-telex", "raw-vni")
LOST = ("lost-accents", "dropped-letters", "plain-letters")
HOSTILE = tuple(sorted(path.stem for path in FOLDER.glob("hostile-*.json")))
USELESS = ("half-card", "five-thousand", "two-at-once", "two-overlapping", *HOSTILE)


@pytest.fixture
def desk(qtbot, tmp_path, week, monkeypatch):
    monkeypatch.setattr(scanner, "HOLD_MS", scanner.GAP_MS + 10)
    (tmp_path / "counter.db").write_bytes(week.read_bytes())
    opened = open_app(data=str(tmp_path), environment={})
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=FakeInteraction(),
    )
    # What stands in the form may go with the window.
    qtbot.addWidget(
        desk.window, before_close_func=lambda _window: desk._interaction.answers.append(True)
    )
    desk.start()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    yield desk
    desk.close()
    opened.store.close()


@pytest.fixture
def player(desk):
    return Player(desk.window, desk._scanner)


@pytest.fixture
def form(desk):
    return desk.window.page("reception").form


def said(desk):
    return desk.window._bottom.page_text() or desk.window.page("reception").notice.text()


def person(form):
    names = ("citizen_id", "applicant_name", "birth_date", "sex", "address")
    return tuple(form.value(name) for name in names)


@pytest.mark.parametrize("name", WHOLE)
def test_a_card_fills_the_owner_however_its_letters_came(name, player, form):
    form.number.setFocus()
    player.play(name)
    assert person(form) == (DUC, "Nguyễn Văn Đức", BORN, "male", "Thôn Phan Xá, Cam Lộ, Quảng Trị")


@pytest.mark.parametrize("name", DECODED)
def test_keystrokes_that_nobody_turned_into_letters_are_offered_decoded(name, desk, player, form):
    player.play(name)
    assert person(form)[:2] == (DUC, "Nguyễn Văn Đức")
    assert form.value("address") == "Thôn Phan Xá, Cam Lộ, Quảng Trị"
    assert "Chữ trên thẻ đọc bị lỗi" in desk.window.page("reception").notice.text()


@pytest.mark.parametrize("name", LOST)
def test_lost_marks_leave_number_and_dates_and_ask_for_a_look(name, desk, player, form):
    player.play(name)
    assert form.value("citizen_id") == DUC
    assert form.value("birth_date") == BORN
    assert "Kiểm tra lại họ tên" in form.number.note().text


def test_tab_enter_and_control_characters_inside_a_card_are_data(player, form):
    form.number.setFocus()
    player.play("tab-enter-inside")
    assert person(form)[:2] == (ANH, "Lê Thị Ngọc Ánh")


@pytest.mark.parametrize("name", USELESS)
def test_what_is_no_card_changes_nothing_and_presses_nothing(name, desk, player, form, qtbot):
    for field, typed in (("applicant_name", "Hồ Văn "), ("address", "Thôn 2"), ("phone", "09")):
        form.fill({field: typed})
    form.name.setFocus()
    form.name.setCursorPosition(3)
    before = (form.values(), lists.dossier_count(desk._store), desk.window.current_key)
    player.play(name)
    qtbot.wait(2 * scanner.HOLD_MS)
    assert (form.values(), lists.dossier_count(desk._store), desk.window.current_key) == before
    assert form.name.text() == "Hồ Văn "
    assert form.name.hasFocus()
    assert form.name.cursorPosition() == 3
    assert desk._interaction.asked == desk._interaction.informed == []
    assert said(desk)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_code_saves_nothing_on_a_form_that_is_ready(name, desk, player, form, qtbot):
    saved = []
    desk.window.page("reception").main_action = lambda: saved.append("F9")
    form.number.setFocus()
    player.play(name)
    qtbot.wait(2 * scanner.HOLD_MS)
    assert saved == []
    player.press(Qt.Key.Key_F9, after=900)
    qtbot.waitUntil(lambda: saved == ["F9"])


def test_a_hands_own_f9_and_ctrl_keys_do_their_act(desk, player, form, qtbot):
    window = desk.window
    player.press(Qt.Key.Key_F3, after=900)
    qtbot.waitUntil(lambda: window.current_key == "dossiers")
    player.press(Qt.Key.Key_1, "", Qt.KeyboardModifier.ControlModifier, after=900)
    qtbot.waitUntil(lambda: window.current_key == "reception")
    player.press(Qt.Key.Key_K, "", Qt.KeyboardModifier.ControlModifier, after=900)
    qtbot.waitUntil(window._top.search_box().hasFocus)
    player.press(Qt.Key.Key_Escape, after=900)
    assert not window._top.search_box().hasFocus()


def test_a_second_card_is_the_one_who_stands_here_and_one_key_swaps_them(player, form, qtbot):
    player.play("two-cards")
    assert form.value("applicant_name") == "Lê Thị Ngọc Ánh"
    assert form.value("submitter_name") == "Nguyễn Văn Đức"
    player.press(Qt.Key.Key_M, "", Qt.KeyboardModifier.ControlModifier, after=900)
    qtbot.waitUntil(lambda: form.value("applicant_name") == "Nguyễn Văn Đức")
    assert form.value("submitter_id") == ANH


def test_on_another_page_a_card_lists_the_citizens_dossiers_with_a_new_one_a_key_away(
    desk, player, qtbot
):
    desk.window.show_page("today")
    player.play("clean")
    page = desk.window.current_page()
    assert desk.window.current_key == "dossiers"
    assert page.list.query.citizen == DUC
    assert page.list.new_button.isVisibleTo(page)
    player.press(Qt.Key.Key_D, "", Qt.KeyboardModifier.ControlModifier, after=900)
    qtbot.waitUntil(lambda: desk.window.current_key == "reception")
    assert desk.window.page("reception").form.value("applicant_name") == "Nguyễn Văn Đức"


def test_a_code_never_leaves_a_form_that_is_not_saved(desk, player, form):
    form.fill({"applicant_name": "Hồ Văn Ương"})
    form.name.setFocus()
    player.play("receipt")
    assert desk.window.current_key == "reception"
    assert form.value("applicant_name") == "Hồ Văn Ương"
    assert form.name.hasFocus()
    assert "TAM-01-261123-0007" in said(desk)
    assert desk.window._top.search_box().text() == "TAM-01-261123-0007"


def test_a_code_waits_for_no_more_than_the_form_being_empty(desk, player, qtbot):
    player.play("receipt")
    assert desk.window.current_key == "dossiers"


@pytest.mark.parametrize("key", ["reception", "today", "dossiers", "settings"])
def test_a_receipt_opens_its_dossier_with_the_one_act_its_state_wants(key, desk, player, qtbot):
    rows = browse.page(desk._store, now=NOW, count=50)
    row = next(row for row in rows if row.status == "processing")
    desk.window.show_page(key)
    desk.window.scans.take_code(row.shown_code)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CompleteDialog)
    assert dialog.facts.uuid == row.uuid
    qtbot.waitUntil(dialog.isActiveWindow)
    # In the dialog F9 is a key of its own: held for a moment, then it does the act.
    player.press(Qt.Key.Key_F9, after=900)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert browse.page(desk._store, now=NOW, count=50) != rows


def test_two_receipts_without_a_pause_are_told_one_after_the_other(desk, player):
    told = []
    desk._scanner.code_scanned.connect(told.append)
    player.play("two-receipts")
    assert told == ["TAM-01-261123-0007", "TAM-01-261123-0008"]


def test_a_scan_reaches_no_page_that_lies_under_a_dialog(desk, player, form, qtbot):
    from counter_app.ui.question_dialog import QuestionDialog

    dialog = QuestionDialog("Tiếp tục?", yes="Tiếp", detail="", parent=desk.window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    for name in ("clean", "receipt"):
        player.play(name)
    assert dialog.isVisible()
    assert form.is_untouched()
    assert desk.window.current_key == "reception"
    assert "Đóng hộp thoại" in said(desk)
    dialog.close()
    assert not said(desk), "no dialog is open any more"
