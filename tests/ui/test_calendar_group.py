"""The calendar in the settings: a year to walk through, edits that show what they touch first."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.facts import ReceiveRequest
from counter_app.services import calendars, lookup, reception
from counter_app.ui.calendar_calls import calendar_calls
from counter_app.ui.calendar_edit_dialog import CalendarEditDialog
from counter_app.ui.calendar_group import CalendarGroup
from counter_app.ui.settings_page import SettingsPage, settings_calls
from counter_app.ui.task_runner import TaskRunner
from tests.stopping import stop_in_a_dialog
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 9, 12)
DECISION = "12/QĐ-UBND"


@pytest.fixture
def printed():
    return []


@pytest.fixture
def group(qtbot, store, printed):
    calls = calendar_calls(
        store,
        clock=lambda: NOW,
        clerk=lambda: "Lê Thị A",
        print_made=lambda make: printed.append(make()),
    )
    group = CalendarGroup(calls, InstantRunner(), FakeInteraction())
    page = SettingsPage(
        settings_calls(store), InstantRunner(), FakeInteraction(), calendar=lambda: group
    )
    page.opened_with("calendar")
    group.page = page
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return group


def receive(store):
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name="Nguyễn Thị Ánh", phone="0905123456", by="A"
    )
    return reception.receive_dossier(store, request, now=NOW, issue_receipt=False).code


def fill(dialog, *, days="26/11", name="Nghỉ của xã", decision=DECISION, kind="holiday", hours=""):
    dialog.days.setText(days)
    dialog.kind.set_value(kind)
    dialog.name.setText(name)
    dialog.hours.setText(hours)
    dialog.decision.setText(decision)
    return dialog


def opened(group):
    group.page.main_action()
    return group.dialog


def due(store, code):
    return lookup.show(store, code, now=NOW).moment("due_at")


def test_a_year_says_its_state_in_words_and_an_unannounced_one_says_so(group):
    assert "249 ngày làm việc" in group.state_label.text()
    assert "Đã công bố" in group.state_label.text()
    group.year_after()
    assert group.year_label.text() == "Năm 2027"
    assert "tạm tính" in group.state_label.text()
    kinds = [group.model.index(row, 1).data() for row in range(group.model.rowCount())]
    assert all("dự kiến" in kind for kind in kinds if kind.startswith("n"))
    assert any(kind.startswith("n") for kind in kinds)


def test_the_keys_walk_through_the_days_and_say_each_one_whole(group, qtbot):
    group.view.setFocus()
    qtbot.keyClick(group.view, Qt.Key.Key_Right)
    assert group.view.day == date(2026, 11, 24)
    assert "nghỉ" in group.day_label.text()
    assert group.view.accessibleDescription() == group.day_label.text()
    qtbot.keyClick(group.view, Qt.Key.Key_Down)
    assert group.view.day == date(2026, 12, 1)
    qtbot.keyClick(group.view, Qt.Key.Key_PageUp)
    assert group.view.day == date(2026, 11, 1)
    qtbot.keyClick(group.view, Qt.Key.Key_End)
    qtbot.keyClick(group.view, Qt.Key.Key_Right)
    assert group.view.day == date(2026, 12, 31)


def test_f9_shows_the_touched_promises_first_and_moves_them_on_the_second(group, store, printed):
    code = receive(store)
    before = due(store, code)
    dialog = fill(opened(group))
    dialog.go_on()
    assert dialog.model.index(0, 0).data() == code
    assert due(store, code) == before
    assert calendars.calendar(store).day(date(2026, 11, 26)) is None
    assert "thêm 1 lời hẹn" in dialog.do_button.verb()
    dialog.go_on()
    assert due(store, code) == datetime(2026, 11, 30, 17)
    dialog.print_people()
    assert printed[0].startswith(b"%PDF")
    dialog.go_on()
    assert len(lookup.show(store, code, now=NOW).promises) == 2


def test_the_list_of_people_is_saved_where_one_says(group, store, tmp_path):
    receive(store)
    dialog = fill(opened(group))
    dialog.go_on()
    dialog.go_on()
    path = tmp_path / "people.csv"
    group._interaction.answers = [path]
    dialog.save_people()
    assert "Nguyễn Thị Ánh" in path.read_text("utf-8-sig")


def test_what_is_shown_is_what_is_done_after_a_field_was_changed(group, store):
    code = receive(store)
    dialog = fill(opened(group))
    dialog.go_on()
    dialog.days.setText("25/11 - 26/11")
    dialog.go_on()
    assert len(lookup.show(store, code, now=NOW).promises) == 1
    assert dialog.model.index(0, 4).data() == "17:00 01/12/2026"


def test_a_decision_s_number_is_asked_for_when_promises_move(group, store):
    code = receive(store)
    dialog = fill(opened(group), decision="")
    dialog.go_on()
    dialog.go_on()
    assert "số quyết định" in dialog.decision.note().text
    assert len(lookup.show(store, code, now=NOW).promises) == 1


def test_days_that_touch_nothing_are_saved_at_once_and_taken_back(group, store):
    before = calendars.year(store, 2026)
    dialog = fill(opened(group), days="28/11", kind="open", hours="07:30-11:30")
    dialog.go_on()
    dialog.go_on()
    assert not dialog.isVisible()
    calendar = calendars.calendar(store)
    assert calendar.is_desk_open(date(2026, 11, 28))
    assert not calendar.is_working_day(date(2026, 11, 28))
    rows, tasks = group.model.rowCount(), len(group.page._runner.groups)
    group.page.take_back()
    assert calendars.year(store, 2026) == before
    assert group.model.rowCount() == rows - 1, "the year that is shown says so"
    assert len(group.page._runner.groups) > tasks, "promises are counted anew: never on this thread"


def test_days_written_without_their_decision_leave_a_list_that_is_confirmed_later(group, store):
    code = receive(store)
    dialog = fill(opened(group), decision="")
    dialog.go_on()
    dialog.write_only()
    assert calendars.calendar(store).day(date(2026, 11, 26)) is not None
    assert len(lookup.show(store, code, now=NOW).promises) == 1
    assert group.waiting_button.verb() == "1 lời hẹn chờ quyết định"
    group.waiting_button.click()
    group.dialog.decision.setText(DECISION)
    group.dialog.go_on()
    assert due(store, code) == datetime(2026, 11, 30, 17)
    assert group.waiting_button.isHidden()


def test_a_decision_under_way_is_stopped_by_esc_and_nothing_has_changed(qtbot, group, store):
    code = receive(store)
    runner, is_stopped = TaskRunner(after_task=store.close), threading.Event()

    def confirm(edit, **values):
        is_stopped.wait(PATIENCE)
        return group._calls.confirm(edit, **values)

    dialog = CalendarEditDialog(
        replace(group._calls, confirm=confirm),
        runner=runner,
        interaction=FakeInteraction(),
        title="Ghi ngày theo quyết định",
        year=2026,
        make=group._edit,
    )
    qtbot.addWidget(dialog)
    dialog.show()
    fill(dialog).go_on()
    qtbot.waitUntil(lambda: dialog._shown is not None)
    dialog.go_on()
    assert not dialog.later_button.isEnabled()
    stop_in_a_dialog(qtbot, dialog, dialog.close_button, is_stopped)
    runner.close()
    assert len(lookup.show(store, code, now=NOW).promises) == 1
    assert calendars.calendar(store).day(date(2026, 11, 26)) is None
    dialog.reject()
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"days": ""}, "days", "Gõ ngày"),
        ({"days": "31/02"}, "days", "Không có ngày"),
        ({"name": ""}, "name", "Gõ tên ngày"),
        ({"kind": "special"}, "hours", "Gõ giờ làm việc"),
        ({"kind": "special", "hours": "7h"}, "hours", "Không đọc được giờ"),
    ],
)
def test_what_is_missing_is_said_at_its_field(group, store, values, field, words):
    before = calendars.year(store, 2026)
    dialog = fill(opened(group), **values)
    dialog.go_on()
    dialog.go_on()
    assert words in getattr(dialog, field).note().text
    assert calendars.year(store, 2026) == before


def test_a_file_is_shown_before_it_is_taken_in(group, store, tmp_path):
    path = tmp_path / "lich.json"
    path.write_text(json.dumps([{"date": "2026-12-24", "kind": "holiday", "name": "x"}]), "utf-8")
    group._interaction.answers = [path]
    group.import_file()
    assert "24/12/2026" in group.dialog.days_label.text()
    assert calendars.calendar(store).day(date(2026, 12, 24)) is None
    group.dialog.go_on()
    assert calendars.calendar(store).day(date(2026, 12, 24)) is not None


def test_a_file_that_can_t_be_read_is_said_and_changes_nothing(group, tmp_path):
    path = tmp_path / "lich.json"
    path.write_text('[{"date": "24/12", "kind": "holiday"}]', "utf-8")
    group._interaction.answers = [path]
    group.import_file()
    assert group.dialog is None
    assert "Mục 1" in group._interaction.informed[0]


def test_a_chosen_day_is_taken_out_and_a_plain_one_can_t_be(group, store):
    group.view.set_day(date(2026, 11, 25))
    assert not group.remove_button.isEnabled()
    group.view.set_day(date(2026, 11, 24))
    group.remove_button.click()
    group.dialog.go_on()
    assert calendars.calendar(store).is_working_day(date(2026, 11, 24))


def test_announcing_a_year_asks_for_the_decision(group, store):
    group.year_after()
    group.announce_button.click()
    group.dialog.go_on()
    assert not calendars.calendar(store).is_confirmed(2027)
    group.dialog.decision.setText(DECISION)
    group.dialog.go_on()
    assert calendars.calendar(store).is_confirmed(2027)
    assert not group.announce_button.isEnabled()
