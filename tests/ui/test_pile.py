"""Giving back on the real window: scans replayed key by key, keys and clicks counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import fees, handing, lookup, moves, office, reception
from counter_app.ui.act_dialogs import ActDialog
from counter_app.ui.desk import Desk
from counter_app.ui.keys import MAIN_KEYS
from counter_app.ui.pile_dialog import PileDialog
from counter_app.ui.reminder_dialog import ReminderDialog
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import press, type_text

NOW = datetime(2026, 11, 23, 9, 0)
CARD = "045192004321||Lê Thị Ngọc Ánh|02031992|Nữ|Khu phố 2, Cam Lộ, Quảng Trị|28042021"
CLERK = "Lê Thị A"


class Leaving(FakeInteraction):
    """Lets the window close at a test's end, whatever is left in it."""

    def confirm(self, question, *, yes, no="", detail=""):
        if question.endswith("Đóng chương trình?"):
            return True
        return super().confirm(question, yes=yes, no=no, detail=detail)


class Counter:
    """The window of a counter; hands on its keyboard are counted, scans are not."""

    def __init__(self, folder, qtbot, *answers) -> None:
        self.now = NOW
        self.keys = 0
        self.printed: list[list[str]] = []
        self._moment = 10_000
        self.qtbot = qtbot
        self.app = open_app(data=str(folder), environment={})
        self.store = self.app.store
        self.interaction = Leaving(*answers)
        if not office.office(self.store).is_named:
            office.set_up(self.store, office_name="TRUNG TÂM", parent="XÃ CAM LỘ", agency_code="H5")
        self.desk = Desk(
            self.store,
            folder=self.app.folder,
            clock=lambda: self.now,
            is_second=False,
            interaction=self.interaction,
        )
        self.desk.papers.print_papers = self.printed.append
        qtbot.addWidget(self.desk.window)
        self.desk.start()
        self.desk.window.show_page("dossiers")
        self.desk.window.activateWindow()
        qtbot.waitUntil(self.desk.window.isActiveWindow)

    @property
    def page(self):
        return self.desk.window.page("dossiers")

    def close(self) -> None:
        for dialog in self.desk.window.findChildren(ActDialog):
            dialog.hide()  # the next test's window may stand before this one is gone
        self.desk.close()
        self.store.close()

    def receive(self, name="Người A", *, is_complete=True, number="045192007777") -> str:
        request = ReceiveRequest(
            procedure_code="1.004873", applicant_name=name, citizen_id=number, by=CLERK
        )
        code = reception.receive_dossier(self.store, request, now=self.now).code
        if is_complete:
            moves.complete(self.store, code, by=CLERK, now=self.now)
        return code

    def scan(self, text) -> None:
        """Type as a scanner does, wherever the focus is, with Enter behind."""
        widget = QApplication.focusWidget() or self.desk.window
        moment = type_text(widget, text, start=self._moment, gap=4)
        press(widget, Qt.Key.Key_Return, "\r", at=moment)
        self._moment = moment + 1000
        self.desk._scanner.finish()

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 1
        widget = QApplication.focusWidget() or self.desk.window
        self.qtbot.keyClick(widget, key, modifiers)

    def ctrl(self, key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text) -> None:
        self.keys += len(text)
        self._moment = type_text(QApplication.focusWidget(), text, start=self._moment, gap=90)
        self._moment += 1000

    def open(self, kind, key=None):
        """Press a key that opens a window and wait for it."""
        if key is not None:
            self.ctrl(key)
        find = self.desk.window.findChildren
        self.qtbot.waitUntil(lambda: any(d.isVisible() for d in find(kind)))
        dialog = next(d for d in find(kind) if d.isVisible())
        dialog.activateWindow()
        self.qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    def state(self, code):
        return lookup.show(self.store, code, now=self.now).state


@pytest.fixture
def make_counter(qtbot, tmp_path):
    kept = []

    def make(*answers) -> Counter:
        kept.append(Counter(tmp_path / "data", qtbot, *answers))
        return kept[-1]

    yield make
    for counter in kept:
        counter.close()


def test_twelve_results_go_to_one_runner_within_twenty_keys(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive(f"Người {letter}") for letter in "ABCDEGHIKLMN"]
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(CARD)
    counter.type("GGT 15/26")
    for code in codes:
        counter.scan(code)
    assert len(pile.waiting()) == 12
    assert pile.do_button.verb() == "Trả 12 kết quả, in danh sách"
    assert pile.authorisation.text() == "GGT 15/26"
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(counter.printed) == 1)
    assert counter.keys <= 20
    assert {counter.state(code)["status"] for code in codes} == {"returned"}
    assert {counter.state(code)["collected_by"] for code in codes} == {"Lê Thị Ngọc Ánh"}
    ((uuid, words),) = handing.last_lists(counter.store)
    assert counter.printed == [[uuid]]
    assert "12 hồ sơ" in words
    said = "Đã trả 12 hồ sơ cho Lê Thị Ngọc Ánh. Danh sách BG-01-261123-0001 đã lập"
    assert said in pile.message.text()


def test_the_next_runner_is_never_recorded_under_the_last_ones_name_and_paper(make_counter, qtbot):
    counter = make_counter()
    first, second = counter.receive("A"), counter.receive("B")
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(CARD)
    counter.type("GGT 15/26")
    counter.scan(first)
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(counter.printed) == 1)
    assert pile.code.hasFocus(), "the next code can be typed at once"
    assert [row.code for row in pile.rows()] == [first], "what was done can still be read"
    counter.type(second)
    counter.key(Qt.Key.Key_Return)
    assert [row.code for row in pile.rows()] == [second]
    counter.key(Qt.Key.Key_F9)
    assert pile.collected_by.hasFocus()
    assert not pile.authorisation.value()
    assert counter.state(second)["status"] == "completed"


def test_a_refused_code_stands_in_the_pile_with_its_reason(make_counter, qtbot):
    counter = make_counter()
    good, open_one = counter.receive("A"), counter.receive("B", is_complete=False)
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    for text in (open_one, good, "TAM-01-261123-9999", good):
        counter.scan(text)
    assert [row.standing for row in pile.rows()] == ["refused", "waiting", "refused"]
    assert "đã có trong lượt này" in pile.message.text()
    assert "Đã tiếp nhận" in pile.rows()[2].words
    counter.scan(CARD)
    counter.type("UQ1")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.printed != [])
    assert [row.standing for row in pile.rows()] == ["refused", "done", "refused"]
    assert counter.state(open_one)["status"] == "received"


def test_a_runner_without_papers_is_asked_for_them_before_anything_is_done(make_counter):
    counter = make_counter()
    code = counter.receive("A")
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(code)
    counter.key(Qt.Key.Key_F9)
    assert pile.collected_by.has_error()
    assert pile.authorisation.has_error()
    assert counter.state(code)["status"] == "completed"


def test_who_collects_only_own_results_needs_no_authorisation(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive("Lê Thị Ngọc Ánh") for _ in range(2)]
    counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(CARD)
    for code in codes:
        counter.scan(code)
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.printed != [])
    assert {counter.state(code)["status"] for code in codes} == {"returned"}


def test_a_main_key_held_down_hands_over_the_pile_once(make_counter):
    counter = make_counter()
    counter.receive()
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    main = [one for one in pile.findChildren(QShortcut) if one.key().toString() in MAIN_KEYS]
    assert [one.autoRepeat() for one in main] == [False] * len(MAIN_KEYS)


def test_a_typed_code_goes_into_the_pile_with_enter_and_saves_nothing(make_counter):
    counter = make_counter()
    code = counter.receive("A")
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.type(code.lower())
    counter.key(Qt.Key.Key_Return)
    assert [row.code for row in pile.waiting()] == [code]
    assert pile.code.text() == ""
    assert counter.state(code)["status"] == "completed"


def test_a_pile_closed_midway_is_whole_when_it_is_opened_again(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive(letter) for letter in "ABC"]
    counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(CARD)
    for code in codes:
        counter.scan(code)
    counter.key(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: counter.page.windows.pile is None)
    counter.close()
    again = make_counter()
    pile = again.open(PileDialog, Qt.Key.Key_S)
    assert [row.code for row in pile.waiting()] == codes
    assert pile.collected_by.text() == "Lê Thị Ngọc Ánh"
    assert "Còn 3 mã của lượt quét dở lúc 09:00 23/11" in pile.message.text()


def test_a_power_cut_while_handing_over_ends_in_one_whole_list(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive(letter) for letter in "ABC"]
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(CARD)
    counter.type("UQ1")
    for code in codes:
        counter.scan(code)
    # The pile began under its number and went as far as the first dossier.
    pile._number = handing.take_list_number(counter.store, now=NOW)
    pile._keep()
    moves.return_result(
        counter.store,
        codes[0],
        collected_by="Lê Thị Ngọc Ánh",
        handover=pile._number,
        by=CLERK,
        now=NOW,
    )
    counter.close()
    again = make_counter()
    pile = again.open(PileDialog, Qt.Key.Key_S)
    again.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: again.printed != [])
    ((_, words),) = handing.last_lists(again.store)
    assert "BG-01-261123-0001" in words
    assert "3 hồ sơ" in words
    assert [row.standing for row in pile.rows()] == ["done"] * 3


def test_a_pile_of_results_that_came_is_recorded_without_a_collector(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive(letter, is_complete=False) for letter in "ABC"]
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    pile.mode.set_value(Move.COMPLETE.value)
    assert pile.collected_by.isHidden()
    for code in codes:
        counter.scan(code)
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: [r.standing for r in pile.rows()] == ["done"] * 3)
    assert {counter.state(code)["status"] for code in codes} == {"completed"}
    assert counter.printed == []


def test_fees_of_the_pile_are_told_and_paid_in_one(make_counter, qtbot):
    counter = make_counter(False)
    code = counter.receive("Lê Thị Ngọc Ánh")
    fees.record_fee(counter.store, code, amount=15000, reason="biểu", by=CLERK, now=NOW)
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(code)
    counter.scan(CARD)
    assert "15.000" in pile.fee_paid.text()
    counter.key(Qt.Key.Key_F9)  # the question is answered with no
    assert counter.state(code)["status"] == "completed"
    pile.fee_paid.setChecked(True)
    pile.fee_receipt.setText("0001234")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.printed != [])
    assert counter.state(code)["fee_paid"] == 15000
    assert counter.state(code)["fee_receipt"] == "0001234"


def test_a_full_disk_leaves_the_pile_as_it_was(make_counter, qtbot, monkeypatch):
    counter = make_counter()
    counter.receive("Lê Thị Ngọc Ánh")
    pile = counter.open(PileDialog, Qt.Key.Key_S)

    def full(*_args, **_values):
        raise DataFileError("Ổ đĩa đầy. Chưa lưu gì.")

    counter.scan(counter.receive("Lê Thị Ngọc Ánh"))
    counter.scan(CARD)
    monkeypatch.setattr(handing, "return_many", full)
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: "Ổ đĩa đầy" in pile.message.text())
    assert len(pile.waiting()) == 1
    assert pile.do_button.isEnabled()


def test_throwing_a_pile_away_is_asked_and_touches_no_dossier(make_counter):
    counter = make_counter(False, True)
    code = counter.receive("A")
    pile = counter.open(PileDialog, Qt.Key.Key_S)
    counter.scan(code)
    counter.ctrl(Qt.Key.Key_N)
    assert len(pile.waiting()) == 1
    counter.ctrl(Qt.Key.Key_N)
    assert pile.rows() == []
    assert counter.state(code)["status"] == "completed"


def test_the_last_list_is_printed_again_from_the_pile(make_counter):
    counter = make_counter(0)
    code = counter.receive("A")
    found = handing.return_many(counter.store, [code], collected_by="X", by=CLERK, now=NOW)
    counter.open(PileDialog, Qt.Key.Key_S)
    counter.ctrl(Qt.Key.Key_R)
    assert counter.printed == [[found.paper_uuid]]


def test_the_list_is_printed_again_from_a_dossier_on_it(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("A")
    found = handing.return_many(counter.store, [code], collected_by="X", by=CLERK, now=NOW)
    counter.desk.window.show_page("dossiers", f"code:{code}")
    qtbot.waitUntil(lambda: counter.page.panel.facts is not None)
    qtbot.waitUntil(lambda: len(counter.page.panel.papers.buttons()) == 1)
    counter.page.panel.papers.buttons()[0].click()
    qtbot.waitUntil(lambda: counter.printed == [[found.paper_uuid]])


# ---------------------------------------------------------------------------- the return window


def test_a_scanned_receipt_is_handed_to_its_owner_with_one_key(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("Lê Thị Ngọc Ánh")
    counter.scan(code)
    counter.open(ActDialog)
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(code)["status"] == "returned")
    assert counter.keys == 1


def test_a_dossier_opened_by_its_code_does_its_act_with_enter(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("A")
    counter.desk.window.show_page("dossiers", f"code:{code}")
    qtbot.waitUntil(lambda: counter.page.panel.tiles.tile(Move.RETURN).hasFocus())
    counter.key(Qt.Key.Key_Return)
    assert counter.open(ActDialog).act is Move.RETURN


def test_a_proxys_card_fills_the_window_and_the_authorisation_is_asked(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("Trần B", number="045092001234")
    counter.scan(code)
    dialog = counter.open(ActDialog)
    counter.scan(CARD)
    assert dialog.collected_by.text() == "Lê Thị Ngọc Ánh"
    assert dialog.proxy_id.value() == "045192004321"
    counter.key(Qt.Key.Key_F9)
    assert dialog.authorisation.has_error()
    counter.type("UQ 12")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(code)["status"] == "returned")
    body = lookup.show(counter.store, code, now=NOW).events[-1].body
    assert body["authorisation"] == "UQ 12"


def test_another_receipt_scanned_over_an_open_window_changes_nothing(make_counter):
    counter = make_counter()
    first, second = counter.receive("A"), counter.receive("B")
    counter.scan(first)
    dialog = counter.open(ActDialog)
    counter.scan(second)
    assert dialog.isVisible()
    assert dialog.facts.code == first
    assert len([d for d in counter.page.findChildren(ActDialog) if d.isVisible()]) == 1


def test_a_fee_still_due_is_said_once_and_can_be_paid_there(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("A")
    fees.record_fee(counter.store, code, amount=15000, reason="biểu", by=CLERK, now=NOW)
    counter.scan(code)
    dialog = counter.open(ActDialog)
    counter.key(Qt.Key.Key_F9)
    assert "Còn phải thu 15.000" in dialog.error_label.text()
    assert dialog.fee_paid.hasFocus()
    counter.key(Qt.Key.Key_Space)
    counter.key(Qt.Key.Key_Return)
    assert dialog.fee_receipt.hasFocus()
    counter.type("00123")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(code)["status"] == "returned")
    assert counter.state(code)["fee_receipt"] == "00123"


def test_a_lost_receipt_asks_for_the_identity_that_was_seen(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("A", number="")
    counter.scan(code)
    dialog = counter.open(ActDialog)
    dialog.receipt_lost.setChecked(True)
    counter.key(Qt.Key.Key_F9)
    assert dialog.identity.has_error()
    dialog.identity.setText("B1234567")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(code)["status"] == "returned")


def test_missing_papers_that_came_are_taken_in_with_the_key_of_the_wanted_act(make_counter, qtbot):
    counter = make_counter()
    code = counter.receive("A", is_complete=False)
    moves.supplement(counter.store, code, reason="thiếu tờ khai", by=CLERK, now=NOW)
    counter.now = NOW + timedelta(days=2)
    counter.scan(code)
    assert counter.open(ActDialog).act is Move.RESUBMIT
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(code)["status"] == "received")


# ------------------------------------------------------------------------------ reminder list


def test_calls_are_noted_down_the_list_by_keyboard(make_counter, qtbot):
    counter = make_counter()
    codes = [counter.receive(name) for name in ("A", "B")]
    counter.now = NOW + timedelta(days=9)
    window = counter.open(ReminderDialog, Qt.Key.Key_J)
    assert window.model.rowCount() == 2
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: window.table.currentIndex().row() == 1)
    assert counter.state(codes[0])["contact_outcome"] == "called"
    window.outcome.set_value("promised")
    window.until.setText("05/12")
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(codes[1])["contacts"] == 1)
    assert counter.state(codes[1])["contact_until"] == "2026-12-05"
    qtbot.waitUntil(lambda: "Hẹn đến nhận 05/12" in window.model.row_at(1).last_call)


def test_enter_on_a_line_opens_its_dossier(make_counter, qtbot):
    counter = make_counter()
    counter.receive("A")
    counter.now = NOW + timedelta(days=9)
    counter.open(ReminderDialog, Qt.Key.Key_J)
    counter.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: counter.page.panel.facts is not None)
    assert counter.page.panel.facts.state["applicant_name"] == "A"
