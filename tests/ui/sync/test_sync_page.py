"""The page of exchanges on two real desks: a stick's way from one to the other and back."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from counter_app.services import (
    attachments,
    lookup,
    office,
    sync_import,
    sync_overview,
)
from counter_app.services.settings import get_setting, set_setting
from counter_app.ui import stick_row
from counter_app.ui.sync_words import dry_words
from counter_app.ui.task_runner import TaskRunner
from tests.sync_house import CLERK, NOW, receive, send, take
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE
from tests.ui.sync.exchange import LATER, rows

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_stick_goes_from_desk_to_desk_with_two_keys(qtbot, make, stores, stick):
    one, two = stores
    receive(one, "Trần Văn Bảy")
    here = make(one)
    qtbot.waitUntil(here.pane.export_button.isEnabled)
    here.page.main_action()
    qtbot.waitUntil(lambda: "Đã xuất 2 sự kiện" in here.pane.message.text())
    [bundle] = stick.glob("*.zip")
    assert bundle.name.startswith("goi-dong-bo-quay-01-261123-0930")
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    assert "1 gói mới" in there.pane.in_label.text()
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text())
    assert there.asked.asked == ["Đọc thử xong, chưa ghi gì. Nhận gói này?"]
    assert two.row("SELECT applicant_name FROM dossier") == ("Trần Văn Bảy",)
    qtbot.waitUntil(lambda: not there.pane.import_button.isEnabled())
    there.pane.print_report()
    assert there.printed[0].startswith(b"%PDF")


def test_attached_files_go_along_after_their_size_was_told(qtbot, make, stores, stick, tmp_path):
    one, two = stores
    uuid = receive(one, "Trần Văn Bảy")
    scan = tmp_path / "don.pdf"
    scan.write_bytes(b"%PDF-1.7" + bytes(150_000))
    here = make(one, False, True)
    qtbot.waitUntil(here.pane.files_button.isEnabled)
    here.pane.files_button.click()
    qtbot.waitUntil(lambda: "không có tệp đính kèm nào" in here.pane.message.text())
    attachments.attach(one, uuid, files=[scan], by=CLERK, now=NOW)
    here.pane.export_with_files()
    qtbot.waitUntil(lambda: here.pane.message.text() == "Chưa xuất gói nào.")
    assert here.asked.asked == ["Xuất gói kèm 1 tệp đính kèm, 0,2 MB?"]
    assert not list(stick.glob("*.zip"))
    here.pane.export_with_files()
    qtbot.waitUntil(lambda: "3 sự kiện và 1 tệp" in here.pane.message.text())
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text())
    assert lookup.show(two, uuid, now=NOW).files_at == {}


def test_a_damaged_bundle_is_marked_and_keeps_no_other_one_back(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    whole = send(one, stick / "z.zip")
    bad = stick / "a.zip"
    bad.write_bytes(whole.read_bytes()[:-100])
    os.utime(bad, (1_700_000_000, 1_700_000_000))  # the oldest comes first
    there = make(two, True)
    qtbot.waitUntil(lambda: "2 gói mới" in there.pane.in_label.text())
    there.pane.take_in()
    qtbot.waitUntil(lambda: "bị hỏng" in there.pane.message.text())
    qtbot.waitUntil(lambda: "1 gói mới" in there.pane.in_label.text())
    standing = {row.path.name: row.standing for row in rows(there.pane.files)}
    assert standing == {"a.zip": "refused", "z.zip": "new"}
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text())
    # Copied anew it is looked at again.
    bad.write_bytes(whole.read_bytes())
    qtbot.waitUntil(lambda: {row.standing for row in rows(there.pane.files)} == {"taken"})


@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_done_is_said_once_on_the_page_or_at_the_foot_of_another(
    qtbot, make, stores, stick, is_there
):
    house = make(stores[0])
    said = []
    house.page.state_text_changed.connect(said.append)
    receive(stores[0])
    qtbot.waitUntil(house.pane.export_button.isEnabled)
    house.pane.main_action()
    house.page.setVisible(is_there)
    qtbot.waitUntil(lambda: "Đã xuất" in house.pane.message.text())
    assert bool(said) is not is_there


def test_a_dry_run_that_is_declined_keeps_nothing(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    send(one, stick / "a.zip")
    there = make(two, False)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    there.pane.take_in()
    qtbot.waitUntil(lambda: there.pane.message.text() == "Chưa nhận gói nào.")
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    assert sync_overview.runs(two) == []


def test_a_desk_that_works_by_another_calendar_is_named_before_and_after(
    qtbot, make, stores, stick
):
    one, two = stores
    receive(one)
    set_setting(one, key="weekday_hours", value="08:00-11:00")
    send(one, stick / "a.zip")
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    there.pane.take_in()
    qtbot.waitUntil(lambda: "lịch làm việc" in there.pane.person_label.text())
    assert "Đang dùng khác quầy này: Quầy 1: lịch làm việc" in there.pane.person_label.text()
    detail = dry_words(sync_import.import_bundle(two, stick / "a.zip", by=CLERK, now=LATER))
    assert "Lịch làm việc ở đây khác Quầy 1: nội dung khác: giờ làm việc ngày thường." in detail
    assert "sửa giống nhau ở các quầy" in detail


def test_keys_alone_try_a_bundle_take_it_in_and_print_its_report(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    send(one, stick / "a.zip")
    there = make(two, False, True)
    there.page.activateWindow()
    qtbot.waitUntil(there.page.isActiveWindow)
    there.page.first_field().setFocus()
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    words, control = there.pane.message, Qt.KeyboardModifier.ControlModifier

    def press(key):
        qtbot.keyClick(there.page.focusWidget(), key, control)

    press(Qt.Key.Key_I)
    qtbot.waitUntil(lambda: words.text() == "Chưa nhận gói nào.")
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    press(Qt.Key.Key_I)
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in words.text())
    press(Qt.Key.Key_P)
    assert there.printed[0].startswith(b"%PDF")


def test_a_damaged_bundle_is_refused_in_its_sentence(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    path = send(one, stick / "a.zip")
    path.write_bytes(path.read_bytes()[:-9])
    there = make(two)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    there.pane.take_in()
    qtbot.waitUntil(lambda: "bị hỏng" in there.pane.message.text())
    assert there.pane.message.property("tone") == "danger"


def test_what_is_stopped_in_time_says_that_nothing_changed(qtbot, make, stores, stick, monkeypatch):
    """The word comes from the work itself, so that it is never said of what was kept."""
    one, two = stores
    receive(one)
    send(one, stick / "a.zip")
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    pulled = threading.Event()

    def try_out(*given):
        assert pulled.wait(PATIENCE)
        return there.calls.try_out(*given)

    there.pane._calls = replace(there.calls, try_out=try_out)
    there.pane.take_in()
    there.pane._brake.pull("Đã ngừng. Không có gì thay đổi.")
    pulled.set()
    qtbot.waitUntil(lambda: there.pane._job is None and bool(there.pane.message.text()))
    assert "Đã ngừng" in there.pane.message.text()
    assert two.row("SELECT count(*) FROM dossier") == (0,)


def test_an_import_is_taken_back_after_a_question(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    take(two, send(one, stick / "a.zip"))
    there = make(two, True)
    there.pane.runs.select_row(0)
    there.pane.undo()
    qtbot.waitUntil(lambda: "Đã hoàn tác: 2 sự kiện" in there.pane.message.text())
    assert two.row("SELECT is_void FROM dossier") == (1,)
    [run] = sync_overview.runs(two)
    assert run.undone_at == LATER


def test_an_undo_is_stopped_by_its_button_and_then_nothing_has_changed(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    take(two, send(one, stick / "a.zip"))
    there, is_stopped = make(two, True), threading.Event()

    def undo(run, progress):
        is_stopped.wait(20)
        return there.calls.undo(run, progress)

    there.pane._calls = replace(there.calls, undo=undo)
    there.pane.runs.select_row(0)
    there.pane.undo()
    assert there.pane.cancel_button.isVisible()
    there.pane.cancel_button.click()
    is_stopped.set()
    qtbot.waitUntil(lambda: there.pane._job is None)
    assert there.pane.message.text() == "Đã ngừng. Không có gì thay đổi."
    assert two.row("SELECT is_void FROM dossier") == (0,)
    [run] = sync_overview.runs(two)
    assert run.undone_at is None


def test_without_a_place_the_keys_say_what_to_do(qtbot, make, stores, stick):
    here = make(stores[0])
    set_setting(stores[0], key="sync_folder", value="")
    here.pane.stick.look_anew()
    qtbot.waitUntil(lambda: here.pane.stick.folder() != stick)
    if here.pane.stick.folder() is None:  # no stick in the machine that runs the test
        assert here.pane.export_button.toolTip() == "cắm USB hoặc chọn thư mục trước"
        here.page.main_action()
        assert here.pane._job is None


def test_a_chosen_folder_is_kept(qtbot, make, stores, tmp_path):
    shared = tmp_path / "chung"
    shared.mkdir()
    here = make(stores[0], shared)
    here.pane.stick.choose_folder()
    assert get_setting(stores[0], "sync_folder") == str(shared)
    qtbot.waitUntil(lambda: here.pane.stick.folder() == shared)


def test_lists_are_one_key_away_and_esc_comes_back(qtbot, make, stores):
    page = make(stores[0]).page
    page.activateWindow()
    page.desks.stick.place.setFocus()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.keyClick(page.desks.stick.place, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.pane() is page.lists)
    assert page.step_back()
    assert page.pane() is page.desks
    assert not page.step_back()


def test_numbers_left_out_after_a_woken_copy_are_told_in_words(qtbot, make, stores):
    one, _ = stores
    receive(one)
    assert make(one).pane.gap_label.isHidden()
    with one.transaction():
        office.leave_gap(one, day=LATER)
    here = make(one)
    told = here.pane.gap_label
    assert told.isVisible()
    assert "số hồ sơ ngày 23/11/2026 không dùng từ 0002 đến 0500" in told.text()


@pytest.mark.parametrize("is_filled", [True, False])
def test_on_a_small_screen_no_heading_is_cut_and_no_table_scrolls_sideways(
    make, qtbot, stores, stick, is_filled
):
    one, two = stores
    if is_filled:
        receive(one)
        take(two, send(one, stick / "goi-dong-bo-quay-01-261123-090000.zip"))
        for number in range(4):
            send(one, stick / f"goi-dong-bo-quay-01-261123-09010{number}.zip")
    here = make(two if is_filled else one)
    here.page.resize(1064, 612)  # a window of 1240x700 without rail, top and bottom line
    qtbot.waitUntil(lambda: bool(rows(here.pane.files)) == is_filled)
    for table in (here.pane.desks, here.pane.files, here.pane.runs):
        assert table.horizontalScrollBar().maximum() == 0
        header = table.horizontalHeader()
        for place in range(header.count()):
            assert header.sectionSize(place) >= header.sectionSizeHint(place)


def test_a_stick_that_is_pulled_in_between_is_said_and_nothing_is_lost(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    send(one, stick / "goi-dong-bo-quay-01-a.zip")
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled)
    asked = there.asked.confirm

    def pull(*words, **more):
        shutil.rmtree(stick)
        return asked(*words, **more)

    there.asked.confirm = pull
    there.pane.take_in()
    words = there.pane.message
    qtbot.waitUntil(lambda: there.pane._job is None and not stick.exists())
    assert "có thể USB đã rút" in words.text()
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    there.page.main_action()  # nor can it be written to
    qtbot.waitUntil(lambda: there.pane._job is None)
    qtbot.waitUntil(lambda: not rows(there.pane.files))
    assert not stick.exists()
    assert sync_overview.runs(two) == []
    stick.mkdir()
    there.asked.confirm = asked
    there.pane.stick.look()
    send(one, stick / "goi-dong-bo-quay-01-b.zip", now=LATER)
    qtbot.waitUntil(there.pane.import_button.isEnabled)


def test_what_comes_into_the_shared_folder_is_said_once_nothing_writes_to_it(
    qtbot, runner, stores, stick
):
    from counter_app.ui.exchange import Exchange

    one, two = stores
    said = []
    window = QWidget()
    window.say = said.append
    qtbot.addWidget(window)
    exchange = Exchange(
        two,
        window,
        runner=runner,
        interaction=FakeInteraction(),
        clock=lambda: LATER,
        clerk=lambda: CLERK,
        papers=None,
    )
    exchange.look()
    assert not runner.is_busy  # no folder is set
    set_setting(two, key="sync_folder", value=str(stick))
    receive(one)
    send(one, stick / "a.zip")
    for expected in ([], ["1 gói đồng bộ mới ở thư mục chung. Nhấn F8 để nhận."]):
        exchange.look()
        qtbot.waitUntil(lambda: not runner.is_busy)
        assert said == expected
    exchange.look()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert len(said) == 1


def test_a_stick_that_is_slower_than_the_looks_is_seen_all_the_same(qtbot, monkeypatch):
    monkeypatch.setattr(stick_row, "_LOOK_MS", 5)
    ticks, ticked = [], threading.Condition()

    def slow():
        until = len(ticks) + 2
        with ticked:
            assert ticked.wait_for(lambda: len(ticks) >= until, PATIENCE)
        return [Path("/stick")]

    def tick():
        with ticked:
            ticks.append(True)
            ticked.notify_all()

    calls = SimpleNamespace(places=slow, files=lambda *_: [], folder=lambda: "")
    row = stick_row.StickRow(calls, runner=TaskRunner(), interaction=FakeInteraction())
    qtbot.addWidget(row)
    row._timer.timeout.connect(tick)
    with qtbot.waitSignal(row.looked):
        row.show()
    assert row.folder() == Path("/stick")
    qtbot.waitUntil(lambda: not row._runner.is_busy)
    row.hide()
    row._runner.close()
