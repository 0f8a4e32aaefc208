"""The page of exchanges on two real desks: a stick's way from one to the other and back."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from counter_app.errors import InputError
from counter_app.services import (
    attachments,
    corrections,
    lookup,
    office,
    sync_conflicts,
    sync_import,
    sync_overview,
)
from counter_app.services.settings import get_setting, set_setting
from counter_app.ui import stick_row
from counter_app.ui.conflicts_dialog import ConflictsDialog
from counter_app.ui.import_calls import import_calls
from counter_app.ui.import_page import ImportPage
from counter_app.ui.invite_form import InviteForm, invite_calls
from counter_app.ui.sync_calls import sync_calls
from counter_app.ui.sync_desks import DesksPane
from counter_app.ui.sync_page import SyncPage
from counter_app.ui.sync_words import dry_words
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.wizard import SetupWizard, wizard_calls
from tests.sync_house import CLERK, NOW, first_desk, further_desk, receive, send, take
from tests.ui.fakes import FakeInteraction

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LATER = NOW + timedelta(minutes=30)
BUSY = 30_000  # a machine that runs two suites at once takes its time


@pytest.fixture
def stores(tmp_path):
    one = first_desk(tmp_path / "1")
    two = further_desk(one, tmp_path / "2")
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder


@pytest.fixture
def runner(qapp, stores):
    def close_all() -> None:
        for store in stores:
            store.close()

    runner = TaskRunner(after_task=close_all)
    yield runner
    runner.close()


@pytest.fixture
def make(qtbot, runner, stick, monkeypatch):
    monkeypatch.setattr(stick_row, "_LOOK_MS", 40)

    def make_page(store, *answers):
        printed, viewed = [], []
        calls = sync_calls(
            store,
            clock=lambda: LATER,
            clerk=lambda: CLERK,
            print_pdf=lambda make: printed.append(make()),
            view_paper=lambda paper, code, again: viewed.append((paper, code)),
            print_papers=lambda papers: None,
        )
        set_setting(store, key="sync_folder", value=str(stick))
        asked = FakeInteraction(*answers)
        pane = DesksPane(calls, runner=runner, interaction=asked)
        lists = ImportPage(
            import_calls(store, clock=lambda: LATER, clerk=lambda: CLERK),
            runner=runner,
            interaction=asked,
        )
        page = SyncPage(pane, lists)
        qtbot.addWidget(page)
        page.show()
        page.activated(refresh=True)
        return SimpleNamespace(
            page=page, pane=pane, asked=asked, calls=calls, printed=printed, viewed=viewed
        )

    return make_page


def rows(table):
    return table.model().rows()


def test_a_stick_goes_from_desk_to_desk_with_two_keys(qtbot, make, stores, stick):
    one, two = stores
    receive(one, "Trần Văn Bảy")
    here = make(one)
    qtbot.waitUntil(here.pane.export_button.isEnabled, timeout=BUSY)
    here.page.main_action()
    qtbot.waitUntil(lambda: "Đã xuất 2 sự kiện" in here.pane.message.text(), timeout=BUSY)
    [bundle] = stick.glob("*.zip")
    assert bundle.name.startswith("goi-dong-bo-quay-01-261123-0930")
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled, timeout=BUSY)
    assert "1 gói mới" in there.pane.in_label.text()
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text(), timeout=BUSY)
    assert there.asked.asked == ["Đọc thử xong, chưa ghi gì. Nhận gói này?"]
    assert two.row("SELECT applicant_name FROM dossier") == ("Trần Văn Bảy",)
    qtbot.waitUntil(lambda: not there.pane.import_button.isEnabled(), timeout=BUSY)
    there.pane.print_report()
    assert there.printed[0].startswith(b"%PDF")


def test_attached_files_go_along_after_their_size_was_told(qtbot, make, stores, stick, tmp_path):
    one, two = stores
    uuid = receive(one, "Trần Văn Bảy")
    scan = tmp_path / "don.pdf"
    scan.write_bytes(b"%PDF-1.7" + bytes(150_000))
    here = make(one, False, True)
    qtbot.waitUntil(here.pane.files_button.isEnabled, timeout=BUSY)
    here.pane.files_button.click()
    qtbot.waitUntil(lambda: "không có tệp đính kèm nào" in here.pane.message.text(), timeout=BUSY)
    attachments.attach(one, uuid, files=[scan], by=CLERK, now=NOW)
    here.pane.export_with_files()
    qtbot.waitUntil(lambda: here.pane.message.text() == "Chưa xuất gói nào.", timeout=BUSY)
    assert here.asked.asked == ["Xuất gói kèm 1 tệp đính kèm, 0,2 MB?"]
    assert not list(stick.glob("*.zip"))
    here.pane.export_with_files()
    qtbot.waitUntil(lambda: "3 sự kiện và 1 tệp" in here.pane.message.text(), timeout=BUSY)
    there = make(two, True)
    qtbot.waitUntil(there.pane.import_button.isEnabled, timeout=BUSY)
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text(), timeout=BUSY)
    assert lookup.show(two, uuid, now=NOW).files_at == {}


def test_a_damaged_bundle_is_marked_and_keeps_no_other_one_back(qtbot, make, stores, stick):
    one, two = stores
    receive(one)
    whole = send(one, stick / "z.zip")
    bad = stick / "a.zip"
    bad.write_bytes(whole.read_bytes()[:-100])
    os.utime(bad, (1_700_000_000, 1_700_000_000))  # the oldest comes first
    there = make(two, True)
    qtbot.waitUntil(lambda: "2 gói mới" in there.pane.in_label.text(), timeout=BUSY)
    there.pane.take_in()
    qtbot.waitUntil(lambda: "bị hỏng" in there.pane.message.text(), timeout=BUSY)
    qtbot.waitUntil(lambda: "1 gói mới" in there.pane.in_label.text(), timeout=BUSY)
    standing = {row.path.name: row.standing for row in rows(there.pane.files)}
    assert standing == {"a.zip": "refused", "z.zip": "new"}
    there.pane.take_in()
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in there.pane.message.text(), timeout=BUSY)
    # Copied anew it is looked at again.
    bad.write_bytes(whole.read_bytes())
    qtbot.waitUntil(
        lambda: {row.standing for row in rows(there.pane.files)} == {"taken"}, timeout=BUSY
    )


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
    qtbot.waitUntil(there.pane.import_button.isEnabled, timeout=20_000)
    words, control = there.pane.message, Qt.KeyboardModifier.ControlModifier

    def press(key):
        qtbot.keyClick(there.page.focusWidget(), key, control)

    press(Qt.Key.Key_I)
    qtbot.waitUntil(lambda: words.text() == "Chưa nhận gói nào.", timeout=20_000)
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    press(Qt.Key.Key_I)
    qtbot.waitUntil(lambda: "Đã nhận gói của Quầy 1" in words.text(), timeout=20_000)
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
    there.pane.take_in()
    there.pane._brake.pull("Đã ngừng. Không có gì thay đổi.")
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


# Conflicts


@pytest.fixture
def disputed(stores, tmp_path):
    one, two = stores
    uuid = receive(one)
    take(two, send(one, tmp_path / "a.zip"))
    for store, phone in ((one, "0905111111"), (two, "0905222222")):
        corrections.correct(
            store, uuid, values={"phone": phone}, reason="gõ nhầm", by=CLERK, now=LATER
        )
    take(one, send(two, tmp_path / "b.zip", now=LATER), now=LATER)
    return one, two, uuid


def test_a_conflict_is_shown_side_by_side_and_decided_by_a_third_value(qtbot, make, disputed):
    one, _two, _ = disputed
    here = make(one)
    assert "1 chỗ ghi khác nhau" in here.pane.person_label.text()
    dialog = ConflictsDialog(here.calls)
    qtbot.addWidget(dialog)
    shown = {view.value.text(): view.who.text() for view in dialog.sides}
    assert set(shown) == {"0905111111", "0905222222"}
    assert "Quầy 2" in shown["0905222222"]
    assert not dialog.decide_button.isEnabled()
    dialog.decide()
    assert len(sync_conflicts.open_conflicts(one)) == 1
    dialog.radios[2].setChecked(True)
    dialog.decide()
    assert "Gõ giá trị khác" in dialog.message.text()
    dialog.other.setText("0905333333")
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    with qtbot.waitSignal(dialog.decided):
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert one.row("SELECT phone FROM dossier") == ("0905333333",)
    assert sync_conflicts.open_conflicts(one) == []


def test_enter_never_decides_and_one_side_can_be_kept(qtbot, make, disputed):
    one, _, _ = disputed
    dialog = ConflictsDialog(make(one).calls)
    qtbot.addWidget(dialog)
    dialog.radios[1].setChecked(True)
    second = dialog.sides[1].value.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert len(sync_conflicts.open_conflicts(one)) == 1
    dialog.decide()
    assert one.row("SELECT phone FROM dossier") == (second,)


def test_both_papers_can_be_seen(qtbot, make, disputed):
    one, _, uuid = disputed
    here = make(one)
    dialog = ConflictsDialog(here.calls)
    qtbot.addWidget(dialog)
    # Only a receipt was printed, before both corrections: it is what the citizen holds.
    words = [view.paper_button.text() for view in dialog.sides]
    assert ["trước đó" in text for text in words] == [True, True]
    from counter_app.services import papers

    papers.print_receipt(one, uuid, by=CLERK, now=LATER)
    dialog.reload()
    by_desk = {view._side.counter: view for view in dialog.sides}
    for counter in ("Quầy 2", one.row("SELECT counter_name FROM installation")[0]):
        by_desk[counter].paper_button.click()
    earlier, own = [paper for paper, _code in here.viewed]
    assert earlier != own
    printed = one.rows("SELECT uuid FROM paper WHERE kind = 'receipt' ORDER BY id")
    assert [(earlier,), (own,)] == printed


def test_where_there_are_choices_the_third_value_is_chosen(qtbot, make, stores, tmp_path):
    one, two = stores
    uuid = receive(one)
    take(two, send(one, tmp_path / "a.zip"))
    for store, way in ((one, "post"), (two, "online")):
        values = {"result_to": way}
        corrections.correct(store, uuid, values=values, reason="gõ nhầm", by=CLERK, now=LATER)
    take(one, send(two, tmp_path / "b.zip", now=LATER), now=LATER)
    dialog = ConflictsDialog(make(one).calls)
    qtbot.addWidget(dialog)
    dialog.show()
    assert {view.value.text() for view in dialog.sides} == {"Qua bưu chính", "Trực tuyến"}
    assert (dialog.choice.isVisible(), dialog.other.isVisible()) == (True, False)
    dialog.radios[2].setChecked(True)
    dialog.decide()
    assert "Chọn giá trị khác" in dialog.message.text()
    dialog.choice.set_value("counter")
    dialog.decide()
    assert sync_conflicts.open_conflicts(one) == []
    assert lookup.show(one, uuid, now=LATER).state["result_to"] == "counter"


def test_a_choice_that_does_not_exist_is_refused_and_its_words_will_do(stores, tmp_path):
    one, two = stores
    uuid = receive(one)
    take(two, send(one, tmp_path / "a.zip"))
    for store, way in ((one, "post"), (two, "online")):
        values = {"result_to": way}
        corrections.correct(store, uuid, values=values, reason="gõ nhầm", by=CLERK, now=LATER)
    take(one, send(two, tmp_path / "b.zip", now=LATER), now=LATER)
    [conflict] = sync_conflicts.open_conflicts(one)
    with pytest.raises(InputError, match="chỉ nhận: Tại quầy, Qua bưu chính, Trực tuyến"):
        sync_conflicts.resolve(one, conflict.id, value="bồ câu", by=CLERK, now=LATER)
    sync_conflicts.resolve(one, conflict.id, value="tai quay", by=CLERK, now=LATER)
    assert lookup.show(one, uuid, now=LATER).state["result_to"] == "counter"


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
    qtbot.waitUntil(there.pane.import_button.isEnabled, timeout=20_000)
    asked = there.asked.confirm

    def pull(*words, **more):
        shutil.rmtree(stick)
        return asked(*words, **more)

    there.asked.confirm = pull
    there.pane.take_in()
    words = there.pane.message
    qtbot.waitUntil(lambda: there.pane._job is None and not stick.exists(), timeout=20_000)
    assert "có thể USB đã rút" in words.text()
    assert two.row("SELECT count(*) FROM dossier") == (0,)
    there.page.main_action()  # nor can it be written to
    qtbot.waitUntil(lambda: there.pane._job is None, timeout=20_000)
    qtbot.waitUntil(lambda: not rows(there.pane.files), timeout=20_000)
    assert not stick.exists()
    assert sync_overview.runs(two) == []
    stick.mkdir()
    there.asked.confirm = asked
    there.pane.stick.look()
    send(one, stick / "goi-dong-bo-quay-01-b.zip", now=LATER)
    qtbot.waitUntil(there.pane.import_button.isEnabled, timeout=20_000)


# Inviting and joining


def test_the_settings_write_an_invitation_for_the_next_number(qtbot, stores, tmp_path):
    one, _ = stores
    target = tmp_path / "moi.json"
    calls = invite_calls(one, clock=lambda: LATER, clerk=lambda: CLERK)
    form = InviteForm(calls, FakeInteraction(target))
    qtbot.addWidget(form)
    form.show_values()
    assert form.number.text() == "03"
    with qtbot.waitSignal(form.told):
        form.invite()
    assert target.exists()
    assert "Quầy 03" in form.given.text()
    form.number.setText("2")
    form._interaction = FakeInteraction(target)
    form.invite()
    assert form.number.note().text.startswith("Số quầy 02 đã mời")


def test_a_new_computer_joins_in_the_first_run(qtbot, stores, tmp_path):
    one, _ = stores
    target = tmp_path / "moi.json"
    invite_calls(one, clock=lambda: LATER, clerk=lambda: CLERK).invite(target, 5)
    from counter_app.bootstrap import open_app

    three = open_app(data=str(tmp_path / "3"), environment={}).store
    wizard = SetupWizard(wizard_calls(three), interaction=FakeInteraction(target, "Quầy năm"))
    suggested = []
    answer = wizard._interaction.ask_text
    wizard._interaction.ask_text = lambda *a, **k: suggested.append(k["initial"]) or answer(*a, **k)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    qtbot.keyClick(wizard, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert suggested == ["Quầy 5"], "Enter never makes a second desk of the first one's name"
    assert wizard.result() == SetupWizard.DialogCode.Accepted
    from counter_app.services import office

    facts = office.office(three)
    assert (facts.counter_name, facts.counter_number) == ("Quầy năm", 5)
    assert facts.name == office.office(one).name
    three.close()


def test_a_wrong_file_is_told_in_the_wizard(qtbot, stores, tmp_path):
    wrong = tmp_path / "x.json"
    wrong.write_text("{}")
    wizard = SetupWizard(wizard_calls(stores[1]), interaction=FakeInteraction(wrong, "Quầy 3"))
    qtbot.addWidget(wizard)
    wizard.join()
    assert "không phải tệp mời" in wizard.refusal.text()
    assert wizard.result() != SetupWizard.DialogCode.Accepted


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
            assert ticked.wait_for(lambda: len(ticks) >= until, 20)
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
