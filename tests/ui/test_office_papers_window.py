"""The outage kit and the 15-hour sheet in the real window, by keys and by scans."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import lookup, moves, outage, reception, settings, unit_sheets
from counter_app.ui.desk import Desk
from counter_app.ui.outage_dialog import OutageDialog
from counter_app.ui.printing import PrintOutcome
from counter_app.ui.unit_sheet_dialog import UnitSheetDialog
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

CLERK = "Lê Thị A"


class _Leaving(FakeInteraction):
    """Lets a window be closed over what a test has typed."""

    def confirm(self, question: str, **words: str) -> bool:
        return "Đóng chương trình" in question or super().confirm(question, **words)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def printed(monkeypatch):
    pages = []

    def keep(data, **_options):
        pages.append(data)
        return PrintOutcome(is_printed=True)

    monkeypatch.setattr("counter_app.ui.printing.print_pdf", keep)
    return pages


@pytest.fixture
def make_desk(qtbot, tmp_path, printed):
    kept = []

    def make(*answers):
        opened = open_app(data=str(tmp_path / "data"), environment={})
        interaction, clock = _Leaving(*answers), Clock()
        desk = Desk(
            opened.store,
            folder=opened.folder,
            clock=clock,
            is_second=False,
            interaction=interaction,
        )
        kept.append((desk, opened.store))
        qtbot.addWidget(desk.window)
        desk.window.show()
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        return desk, opened.store, interaction, clock

    yield make
    for desk, store in kept:
        desk.close()
        store.close()


def dialog_of(qtbot, kind):
    found = next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    return found


def write(field, text):
    """Write into a field and leave it."""
    field.setText(text)
    field.tidy_now()


def receive(store, now, name="Lê An"):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name, by=CLERK)
    return reception.receive_dossier(store, request, now=now)


def kit(store, clock, count=2):
    outage.make_kit(store, count=count, by=CLERK, now=clock.now)
    return [row.number for row in outage.reserved(store)]


def test_three_keys_reserve_the_numbers_and_print_the_kit(qtbot, make_desk, printed):
    desk, store, _, _ = make_desk()
    desk.window.show_page("today")
    qtbot.keyClick(desk.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = dialog_of(qtbot, OutageDialog)
    dialog.count_field.set_value("3")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert len(outage.reserved(store, state="open")) == 3
    assert dialog.rows_model.rowCount() == 3
    qtbot.waitUntil(lambda: len(printed) == 1)
    dialog.count_field.set_value("999")
    dialog.print_kit()
    assert len(outage.reserved(store)) == 3
    told = desk.window.current_page().reserved_button
    assert not told.isVisible()
    dialog.reject()
    qtbot.waitUntil(told.isVisible)


def test_a_scanned_number_opens_the_form_and_its_promise_is_kept(qtbot, make_desk):
    desk, store, _, clock = make_desk()
    number, _ = kit(store, clock)
    clock.now = datetime(2026, 11, 25, 8, 0)
    desk.window.show_page("dossiers")
    desk.window.scans.take_code(number)
    page = desk.window.current_page()
    form = page.form
    assert desk.window.current_key == "reception"
    assert form.value("paper_number") == number
    assert QApplication.focusWidget() is form.field("paper_time")
    write(form.field("paper_time"), "08:30 23/11")
    write(form.field("promised_due"), "17:00 26/11")
    form.fill({"applicant_name": "Lê An"})
    form.set_procedure(page._desk.procedure("1.004873"))
    page.promise.requote()
    assert "26/11/2026" in page.card.warning_label.text()
    page.main_action()
    page.main_action()  # once for the papers that are not ticked
    (used,) = outage.reserved(store, state="used")
    assert used.number == number
    facts = lookup.show(store, number, now=clock.now)
    assert facts.moment("received_at") == datetime(2026, 11, 23, 8, 30)
    (promise,) = facts.promises
    assert promise.due_at == datetime(2026, 11, 26, 17, 0)
    assert promise.own_due_at == datetime(2026, 11, 27, 17, 0)
    # Scanned again, the citizen's paper leads to the dossier.
    desk.window.scans.take_code(number)
    qtbot.waitUntil(lambda: desk.window.current_key == "dossiers")
    dossiers = desk.window.current_page()
    qtbot.waitUntil(lambda: dossiers.panel.facts is not None)
    assert dossiers.panel.facts.uuid == facts.uuid


def test_a_number_without_its_hour_is_not_saved(make_desk):
    desk, store, _, clock = make_desk()
    number, _ = kit(store, clock)
    desk.window.show_page("reception")
    desk.window.scans.take_code(number)
    page = desk.window.current_page()
    page.form.fill({"applicant_name": "Lê An"})
    page.form.set_procedure(page._desk.procedure("1.004873"))
    page.promise.requote()
    page.main_action()
    assert QApplication.focusWidget() is page.form.field("paper_time")
    assert outage.reserved(store, state="used") == []


def test_a_scan_never_overwrites_what_is_being_typed(make_desk):
    desk, store, _, clock = make_desk()
    number, _ = kit(store, clock)
    desk.window.show_page("reception")
    page = desk.window.current_page()
    page.form.fill({"applicant_name": "Trần Bình"})
    desk.window.scans.take_code(number)
    assert page.form.value("paper_number") == ""
    assert page.form.value("applicant_name") == "Trần Bình"
    assert number in page.notice.text()


def test_closed_and_foreign_numbers_are_said_in_words(make_desk):
    desk, store, interaction, clock = make_desk()
    number, _ = kit(store, clock)
    outage.close_numbers(store, [number], reason="giấy rách", by=CLERK, now=clock.now)
    desk.window.show_page("today")
    desk.window.scans.take_code(number)
    desk.window.scans.take_code("GIAY-09-261123-0001")
    assert "giấy rách" in interaction.informed[0]
    assert "không do quầy này giữ" in interaction.informed[1]


def test_what_is_left_of_a_kit_is_closed_with_one_reason(qtbot, make_desk):
    desk, store, _, clock = make_desk("có điện trở lại")
    kit(store, clock, 3)
    desk.papers.of_office().open_kit()
    dialog = dialog_of(qtbot, OutageDialog)
    dialog.close_rest()
    assert len(outage.reserved(store, state="closed")) == 3
    assert not dialog.close_button.isEnabled()
    dialog.reject()


def test_a_sheets_code_opens_its_rows_and_the_ticks_become_letters(qtbot, make_desk, printed):
    desk, store, _, clock = make_desk()
    settings.set_setting(store, key="signers", value="CHỦ TỊCH|Trần Văn B")
    first, second = (receive(store, clock.now, name) for name in ("Lê An", "Lê Bình"))
    for one in (first, second):
        moves.forward(store, one.code, to="Phòng Kinh tế", by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 25, 15, 0)
    (code,) = unit_sheets.make_sheets(store, by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 26, 8, 0)
    desk.window.show_page("today")
    desk.window.scans.take_code(code)
    dialog = dialog_of(qtbot, UnitSheetDialog)
    assert [line.facts.code for line in dialog.lines] == [first.code, second.code]
    in_time, late = dialog.lines
    assert QApplication.focusWidget() is in_time.answer
    qtbot.keyClicks(in_time.answer, "k")
    qtbot.keyClick(in_time.answer, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is late.answer
    qtbot.keyClicks(late.answer, "kk")
    qtbot.keyClick(late.answer, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is late.reason
    write(late.reason, "chờ xác minh")
    write(late.day, "02/12")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    facts = lookup.show(store, second.code, now=clock.now)
    assert facts.moment("rescheduled_due_at") == datetime(2026, 12, 2, 17, 0)
    assert lookup.show(store, first.code, now=clock.now).moment("rescheduled_due_at") is None
    assert "1 văn bản" in dialog.save_button.text()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: len(printed) == 1)
    papers = [p.kind for p in lookup.show(store, second.code, now=clock.now).papers]
    assert papers == ["apology", "sheet"]
    dialog.reject()


def test_a_tick_without_its_reason_stays_unsaved_and_is_pointed_at(qtbot, make_desk):
    desk, store, _, clock = make_desk(False, True)
    one = receive(store, clock.now)
    moves.forward(store, one.code, to="Phòng Kinh tế", by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 25, 15, 0)
    (code,) = unit_sheets.make_sheets(store, by=CLERK, now=clock.now)
    desk.papers.of_office().open_sheet(code)
    dialog = dialog_of(qtbot, UnitSheetDialog)
    write(dialog.lines[0].answer, "x")
    assert dialog.lines[0].answer.has_error()
    dialog.lines[0].answer.setText("kk")
    dialog.main_action()
    assert dialog.lines[0].reason.has_error()
    assert lookup.show(store, one.code, now=clock.now).moment("rescheduled_due_at") is None
    dialog.reject()
    assert dialog.isVisible()
    dialog.reject()
    assert not dialog.isVisible()


def test_a_long_sheet_is_answered_from_its_first_row_and_has_all_of_them(
    qtbot, make_desk, monkeypatch
):
    desk, store, _, clock = make_desk()
    shown, show = [], UnitSheetDialog.open
    monkeypatch.setattr(
        UnitSheetDialog, "open", lambda dialog: (shown.append(len(dialog.lines)), show(dialog))
    )
    for number in range(12):
        one = receive(store, clock.now, f"Lê An {number}")
        moves.forward(store, one.code, to="Phòng Kinh tế", by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 25, 15, 0)
    (code,) = unit_sheets.make_sheets(store, by=CLERK, now=clock.now)
    desk.window.show()
    desk.papers.of_office().open_sheet(code)
    dialog = dialog_of(qtbot, UnitSheetDialog)
    qtbot.waitUntil(lambda: len(dialog.lines) == 12)
    assert 0 < shown[0] < 12, "all in one piece would hold the window up"
    assert QApplication.focusWidget() is dialog.lines[0].answer
    assert [line.facts.position for line in dialog.lines] == list(range(1, 13))

    def tops():
        return [line.answer.mapTo(dialog, QPoint()).y() for line in dialog.lines]

    qtbot.waitUntil(lambda: tops() == sorted(set(tops())))
    (heading,) = (label for label in dialog.findChildren(QLabel) if label.text() == "Lý do")
    lefts = {line.reason.mapTo(dialog, QPoint()).x() for line in dialog.lines}
    assert lefts == {heading.mapTo(dialog, QPoint()).x()}, "each row is laid out by itself"
    dialog.reject()


def test_one_key_prints_a_sheet_for_each_unit(qtbot, make_desk, printed):
    desk, store, _, clock = make_desk()
    desk.window.show_page("today")
    qtbot.keyClick(desk.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not desk.means.runner.is_busy)
    assert printed == []
    receive(store, clock.now)
    clock.now = datetime(2026, 11, 23, 15, 5)
    qtbot.keyClick(desk.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(printed) == 1)


def test_sheets_that_take_long_tell_how_far_they_are_and_can_be_stopped(
    qtbot, make_desk, printed, monkeypatch
):
    desk, store, interaction, clock = make_desk(True)
    for number in range(3):
        receive(store, clock.now, f"Lê An {number}")
    clock.now = datetime(2026, 11, 23, 15, 5)
    papers, told, may_go_on = desk.papers.of_office(), [], threading.Event()
    papers.said.connect(told.append)
    note, noted = unit_sheets._tell, []

    def wait(*given, **named):
        note(*given, **named)
        noted.append(given)
        if len(noted) == 2:  # the first is told of by now
            assert may_go_on.wait(PATIENCE)

    monkeypatch.setattr(unit_sheets, "_tell", wait)
    papers.print_sheets()
    qtbot.waitUntil(lambda: any("1/3 hồ sơ" in words for words in told))
    papers.print_sheets()
    may_go_on.set()
    qtbot.waitUntil(lambda: not desk.means.runner.is_busy)
    assert "Ngừng lại" in interaction.asked[0]
    assert told[-1] == "Đã ngừng. Chưa lập tờ nào."
    assert printed == []
    assert store.row("SELECT count(*) FROM officepaper") == (0,)


def test_the_next_sheet_of_a_pile_is_scanned_over_the_one_that_is_done(qtbot, make_desk):
    desk, store, _, clock = make_desk()
    for unit in ("Phòng Kinh tế", "Phòng Văn hóa"):
        one = receive(store, clock.now, unit)
        moves.forward(store, one.code, to=unit, by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 25, 15, 0)
    first, second = unit_sheets.make_sheets(store, by=CLERK, now=clock.now)
    desk.window.show_page("today")
    desk.window.scans.take_code(first)
    dialog = dialog_of(qtbot, UnitSheetDialog)
    dialog.lines[0].answer.setText("k")
    desk.window.scans.take_code(second)
    assert dialog.isVisible()
    dialog.main_action()
    desk.window.scans.take_code(second)
    assert not dialog.isVisible()
    following = dialog_of(qtbot, UnitSheetDialog)
    assert following.paper.code == second
    following.reject()


def test_a_paper_scanned_over_the_list_of_numbers_begins_its_dossier(qtbot, make_desk):
    desk, store, _, clock = make_desk()
    number, other = kit(store, clock)
    outage.close_numbers(store, [other], reason="giấy rách", by=CLERK, now=clock.now)
    desk.window.show_page("today")
    desk.papers.of_office().open_kit()
    dialog = dialog_of(qtbot, OutageDialog)
    desk.window.scans.take_code(other)
    assert dialog.isVisible()
    assert dialog.current().number == other
    desk.window.scans.take_code(number)
    assert not dialog.isVisible()
    assert desk.window.current_page().form.value("paper_number") == number


def test_a_second_round_of_sheets_on_one_day_is_asked_about(qtbot, make_desk, printed):
    desk, store, interaction, clock = make_desk(False)
    receive(store, clock.now)
    clock.now = datetime(2026, 11, 23, 15, 5)
    desk.papers.of_office().print_sheets()
    qtbot.waitUntil(lambda: len(printed) == 1)
    desk.papers.of_office().print_sheets()
    assert "đã lập 1 tờ" in interaction.asked[0]
    assert store.row("SELECT count(*) FROM officepaper") == (1,)


def test_a_tick_too_late_for_a_new_date_says_what_it_became(qtbot, make_desk):
    desk, store, _, clock = make_desk()
    one = receive(store, clock.now)
    moves.forward(store, one.code, to="Phòng Kinh tế", by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 25, 15, 0)
    (code,) = unit_sheets.make_sheets(store, by=CLERK, now=clock.now)
    clock.now = datetime(2026, 11, 27, 9, 0)
    desk.papers.of_office().open_sheet(code)
    dialog = dialog_of(qtbot, UnitSheetDialog)
    (line,) = dialog.lines
    line.answer.setText("kk")
    write(line.reason, "chờ xác minh")
    write(line.day, "02/12")
    dialog.main_action()
    assert "quá muộn để hẹn lại" in dialog.message.text()
    dialog.reject()


def open_numbers(desk):
    return len(outage.reserved(desk._store, state="open"))


def test_closing_offers_the_kit_once_and_waits_until_it_is_printed(qtbot, make_desk, printed):
    desk, _, interaction, _ = make_desk(True)
    settings.set_setting(desk._store, key="outage_at_close", value="yes")
    settings.set_setting(desk._store, key="outage_receipts", value="3")
    assert not desk.window.close()
    assert "giữ trước 3 số" in interaction.asked[0]
    qtbot.waitUntil(lambda: len(printed) == 1)
    assert open_numbers(desk) == 3
    assert desk.window.close()
    assert len(interaction.asked) == 1


def test_a_kit_in_stock_is_not_offered_and_an_old_one_counts_no_more(make_desk):
    desk, _, interaction, clock = make_desk(False)
    settings.set_setting(desk._store, key="outage_at_close", value="yes")
    outage.make_kit(desk._store, count=2, by=CLERK, now=clock.now)
    assert desk.papers.of_office().offer_kit() is False
    clock.now = datetime(2026, 11, 25, 16)  # one day after a holiday: the kit knows tomorrow
    assert desk.papers.of_office().offer_kit() is False
    assert interaction.asked == []
    clock.now = datetime(2026, 11, 26, 16)
    assert desk.papers.of_office().offer_kit() is False
    assert len(interaction.asked) == 1
    assert open_numbers(desk) == 2


def test_a_desk_that_did_not_choose_it_is_not_asked(make_desk):
    desk, _, interaction, _ = make_desk()
    assert desk.window.close()
    assert interaction.asked == []
