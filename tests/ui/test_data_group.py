"""Copies in the window: made by themselves, told below, rehearsed, gone back to with open eyes."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from counter_app import bootstrap
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import (
    audit,
    backup_places,
    backups,
    checks,
    encryption,
    lists,
    reception,
)
from counter_app.services.settings import set_setting
from counter_app.storage.keys import KeyRing, key_paths
from counter_app.ui import rescue, unlock_dialog
from counter_app.ui.backup_keeper import BackupKeeper
from counter_app.ui.data_calls import data_calls
from counter_app.ui.data_group import DataGroup
from counter_app.ui.task_runner import TaskRunner
from tests.ui.fakes import FakeInteraction

START = datetime(2026, 11, 23, 10, 0)
WORDS = "con trau di truoc"


class Clock:
    now = START

    def __call__(self):
        return self.now


@pytest.fixture
def app(tmp_path, monkeypatch):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    monkeypatch.setattr(backup_places, "_is_same_disk", lambda *_: False)
    yield opened
    opened.store.close()


def receive(app, name="Lê An", now=START):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
    return reception.receive_dossier(app.store, request, now=now)


@pytest.fixture
def keeper(qapp, app):
    made = BackupKeeper(app.store, folder=app.folder / "backups", clock=Clock())
    yield made
    made.close()


def _look(qtbot, keeper):
    keeper.look()
    qtbot.waitUntil(lambda: not keeper.runner.is_busy)


def test_a_copy_is_made_when_it_is_time_and_something_changed(qtbot, app, keeper):
    receive(app)
    assert "Chưa có bản sao lưu" in keeper.told().text
    _look(qtbot, keeper)
    assert keeper.told().text == "Dữ liệu lưu trên máy này. Sao lưu lúc 10:00 23/11/2026."
    keeper._clock.now = START + timedelta(hours=1, minutes=59)
    receive(app, now=keeper._clock.now)
    _look(qtbot, keeper)
    assert len(backups.copies(keeper.folder)) == 1
    keeper._clock.now = START + timedelta(hours=2)
    _look(qtbot, keeper)
    assert len(backups.copies(keeper.folder)) == 2
    keeper._clock.now = START + timedelta(hours=9)
    _look(qtbot, keeper)
    assert len(backups.copies(keeper.folder)) == 2, "nothing was saved since the last one"


def test_a_copy_that_a_verb_made_is_said_below_at_the_next_look(qtbot, app, keeper):
    receive(app)
    backups.make_backup(app.store, folder=keeper.folder, now=START)
    with qtbot.waitSignal(keeper.state_changed):
        _look(qtbot, keeper)
    assert "Sao lưu lúc 10:00" in keeper.told().text


def test_a_copy_of_a_clock_that_ran_ahead_holds_up_nothing(qtbot, app, keeper):
    receive(app)
    keeper._clock.now = START + timedelta(days=300)
    _look(qtbot, keeper)
    keeper._clock.now = START
    receive(app)
    _look(qtbot, keeper)
    ahead = START + timedelta(days=300)
    assert [copy.made_at for copy in backups.copies(keeper.folder)] == [START, ahead]
    # And it isn't taken for the last one for as long as its time lies ahead.
    keeper._clock.now = START + timedelta(minutes=5)
    receive(app)
    _look(qtbot, keeper)
    assert [copy.made_at for copy in backups.copies(keeper.folder)] == [START, ahead]


def test_a_missing_stick_is_said_below_and_gets_its_copy_when_it_is_back(
    qtbot, app, keeper, tmp_path
):
    set_setting(app.store, key="backup_stick", value=str(tmp_path / "usb"))
    receive(app)
    _look(qtbot, keeper)
    assert str(tmp_path / "usb") in keeper.told().text
    assert keeper.told().tone == "warning"
    (tmp_path / "usb").mkdir()
    _look(qtbot, keeper)
    assert keeper.told().tone == "muted"
    assert len(list((tmp_path / "usb").glob("*/sao-luu-*.db"))) == 1


def test_a_copy_that_fails_is_said_below_and_tried_again(qtbot, app, keeper):
    receive(app)
    keeper.folder.write_text("x")
    _look(qtbot, keeper)
    assert "còn nguyên" in keeper.told().text
    keeper.folder.unlink()
    _look(qtbot, keeper)
    assert len(backups.copies(keeper.folder)) == 1


def test_damaged_data_are_said_below_on_when_the_stick_comes_back(qtbot, app, keeper, tmp_path):
    set_setting(app.store, key="backup_stick", value=str(tmp_path / "usb"))
    receive(app)
    app.store.execute("UPDATE event SET body = '{}'")
    _look(qtbot, keeper)
    assert "bị sửa từ bên ngoài" in keeper.told().text
    (tmp_path / "usb").mkdir()
    _look(qtbot, keeper)
    assert len(list((tmp_path / "usb").glob("*/sao-luu-*.db"))) == 1
    assert "bị sửa từ bên ngoài" in keeper.told().text


def test_files_that_did_not_reach_the_stick_are_tried_again(qtbot, app, keeper, tmp_path):
    (tmp_path / "usb").mkdir()
    set_setting(app.store, key="backup_stick", value=str(tmp_path / "usb"))
    file = app.folder / "attachments" / "ab" / f"{'ab' * 32}.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.4")
    receive(app)
    (there,) = backup_places.places(app.store)
    own = backup_places._own_folder(app.store, there.path)
    own.mkdir()
    (own / "attachments").write_text("x")
    _look(qtbot, keeper)
    assert keeper.told().tone == "warning"
    assert len(list(own.glob("sao-luu-*.db"))) == 1
    (own / "attachments").unlink()
    _look(qtbot, keeper)
    assert keeper.told().tone == "muted"
    assert (own / "attachments" / "ab" / file.name).is_file()


def test_damage_found_in_the_background_is_said_below(qtbot, app, keeper):
    receive(app)
    app.store.execute("UPDATE event SET body = '{}'")
    keeper.start()
    qtbot.waitUntil(lambda: not keeper.runner.is_busy)
    what_to_do, found = keeper.told().text.split(" (", 1)
    assert what_to_do.endswith("Mở Cài đặt, mục Dữ liệu, nhấn Kiểm tra toàn bộ."), "read first"
    assert "bị sửa từ bên ngoài" in found
    assert keeper.told().tone == "warning"


# The group in the settings


@pytest.fixture
def group(qtbot, app):
    runner = TaskRunner(after_task=app.store.close)
    calls = data_calls(app.store, folder=app.folder / "backups", clock=Clock())
    made = DataGroup(calls, runner, FakeInteraction())
    qtbot.addWidget(made)
    made.show()
    yield made
    runner.close()


def _settle(qtbot, group):
    qtbot.waitUntil(lambda: not group._runner.is_busy)


def test_a_stick_that_came_back_is_not_said_to_be_missing_any_more(
    qtbot, app, keeper, group, tmp_path
):
    set_setting(app.store, key="backup_stick", value=str(tmp_path / "usb"))
    group.backed_up.connect(keeper.take)
    keeper.carried.connect(group.follow)
    receive(app)
    group.back_up()
    _settle(qtbot, group)
    assert "Không thấy" in group.message.text()
    _look(qtbot, keeper)
    assert "Không thấy" in group.message.text()
    (tmp_path / "usb").mkdir()
    _look(qtbot, keeper)
    assert "Không thấy" not in group.message.text()
    assert "đã thử đọc lại" in group.message.text()
    group.message.show_message("Việc khác", "muted")
    _look(qtbot, keeper)
    assert group.message.text() == "Việc khác"


def test_a_copy_is_made_rehearsed_and_listed(qtbot, app, group):
    receive(app)
    assert not group.drill_button.isEnabled()
    group.back_up()
    _settle(qtbot, group)
    assert len(group.model.rows()) == 1
    assert "đã thử đọc lại" in group.message.text()
    group.drill()
    _settle(qtbot, group)
    assert "khôi phục được 1 hồ sơ" in group.message.text()
    assert lists.dossier_count(app.store) == 1


def test_going_back_shows_what_is_lost_and_changes_nothing_until_it_is_wanted(qtbot, app, group):
    receive(app)
    group.back_up()
    _settle(qtbot, group)
    lost = receive(app, "Trần Bình")
    group.restore()
    _settle(qtbot, group)
    assert [one.code for one in group.dialog.model.rows()] == [lost.code]
    assert group.dialog.back_button.isDefault()
    group.dialog.reject()
    assert lists.dossier_count(app.store) == 2
    group.restore()
    _settle(qtbot, group)
    with qtbot.waitSignal(group.restored):
        group.dialog.accept()
    assert lists.dossier_count(app.store) == 1
    (said,) = group._interaction.informed
    assert "truoc-khoi-phuc-" in said


def test_a_file_that_is_no_copy_is_told_and_the_buttons_come_back(qtbot, app, group, tmp_path):
    (tmp_path / "x.db").write_bytes(b"x")
    group._interaction.answers = [tmp_path / "x.db"]
    group.restore_file()
    _settle(qtbot, group)
    assert "Chưa thay đổi gì" in group.message.text()
    assert group.backup_button.isEnabled()


@pytest.fixture
def other_key(app, tmp_path, cheap_keys):
    """Return a copy under a key of before, which the data don't have any more."""
    receive(app)
    app.store.clock = Clock()
    for words in (WORDS, "cai cay theo sau"):
        prepared = encryption.prepare(app.store, words, now=START)
        encryption.switch_on(app.store, prepared, now=START, progress=lambda *_: None)
        if words == WORDS:
            made = backups.copies(app.folder / "backups")[0].path
            there = shutil.copy(made, tmp_path / "cu.db")
            shutil.copy(key_paths(app.folder)[0], tmp_path)
            encryption.switch_off(app.store, now=START, progress=lambda *_: None)
    app.store.keys = KeyRing()
    app.store.keys.add(app.store.key)
    return Path(there)


def test_a_copy_under_another_key_asks_for_its_own_and_says_which_holds_afterwards(
    qtbot, app, other_key, group
):
    receive(app, "Trần Bình")
    group._interaction.answers = [other_key]
    group.restore_file()
    _settle(qtbot, group)
    asked = group.unlocking
    assert "Khóa số" in asked.lead_label.text()
    qtbot.keyClicks(asked.secret, "khong phai dau nhe")
    asked.enter()
    qtbot.waitUntil(lambda: "không đúng" in asked.message.text())
    qtbot.keyClicks(asked.secret, WORDS)
    with qtbot.waitSignal(asked.accepted):
        asked.enter()
    qtbot.waitUntil(lambda: group.dialog is not None)
    told = " ".join(label.text() for label in group.dialog.findChildren(QLabel))
    assert "vẫn mở bằng mật khẩu và phiếu khôi phục đang dùng ở máy này" in told
    assert [e.detail["count"] for e in audit.entries(app.store) if e.act == "unlock-failed"] == [1]
    with qtbot.waitSignal(group.restored):
        group.dialog.accept()
    assert lists.dossier_count(app.store) == 1


def test_a_copy_that_nobody_can_open_changes_nothing(qtbot, app, other_key, group):
    group._interaction.answers = [other_key]
    group.restore_file()
    _settle(qtbot, group)
    group.unlocking.reject()
    assert group.dialog is None
    assert "Chưa thay đổi gì" in group.message.text()
    assert group.backup_button.isEnabled()
    other_key.with_name(key_paths(other_key.parent)[0].name).write_text("{}")
    group._interaction.answers = [other_key]
    group.restore_file()
    _settle(qtbot, group)
    assert "Tệp khóa" in group.message.text()


def test_a_rescue_from_a_copy_under_another_key_asks_before_anything_is_put_aside(
    qtbot, app, other_key, monkeypatch
):
    key = app.store.key
    app.store.close()
    shutil.copy(other_key, app.folder / "backups" / "sao-luu-20261123-235959-9-1.db")
    shutil.copy(key_paths(other_key.parent)[0], app.folder / "backups")
    path = app.folder / "counter.db"
    path.write_bytes(path.read_bytes()[:4096] + bytes(8192))
    ring = KeyRing()
    ring.add(key)
    calls = bootstrap.rescue_calls(data=str(app.folder), database=None, environment={}, keys=ring)
    before = path.read_bytes()
    monkeypatch.setattr(unlock_dialog, "ask", lambda *_, **__: False)
    assert not rescue.choose(FakeInteraction(0), DataFileError("Tệp hỏng."), calls)
    assert path.read_bytes() == before

    def ask(locked, *, is_copy):
        assert is_copy
        locked.unlock(WORDS)
        return True

    monkeypatch.setattr(unlock_dialog, "ask", ask)
    assert rescue.choose(FakeInteraction(0), DataFileError("Tệp hỏng."), calls)
    again = open_app(data=str(app.folder), environment={}, keys=ring)
    assert again.store.key == key
    assert lists.dossier_count(again.store) == 1
    again.store.close()


def test_every_check_can_be_asked_for(qtbot, app, group):
    receive(app)
    group.check()
    _settle(qtbot, group)
    assert "đều đạt" in group.message.text()
    app.store.execute("UPDATE dossier SET applicant_name = 'Khác'")
    group.check()
    _settle(qtbot, group)
    assert "dòng hiện tại khác lịch sử" in group.message.text()


# A damaged file at the start


@pytest.fixture
def broken(app):
    codes = [receive(app, f"Người {number}").code for number in range(30)]
    backups.make_backup(app.store, folder=app.folder / "backups", now=START)
    codes.append(receive(app, "Người cuối").code)
    (root,) = app.store.row("SELECT rootpage FROM sqlite_schema WHERE name = 'dossier'")
    app.store.close()
    path = app.folder / "counter.db"
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : (root - 1) * 4096 + 12] = b"\xff" * 12
    path.write_bytes(content)
    return app.folder, codes


def _calls(folder, **environment):
    return bootstrap.rescue_calls(data=str(folder), database=None, environment=environment)


@pytest.mark.parametrize(("choice", "count"), [(0, 30), (1, 31)])
def test_a_damaged_file_is_mended_as_the_person_chooses(broken, choice, count):
    folder, codes = broken
    interaction = FakeInteraction(choice)
    assert rescue.choose(interaction, DataFileError("Tệp hỏng."), _calls(folder))
    again = open_app(data=str(folder), environment={})
    found = [code for (code,) in again.store.rows("SELECT code FROM dossier ORDER BY id")]
    failed = [p for check in checks.run_checks(again.store) for p in check.problems]
    again.store.close()
    assert found == codes[:count]
    assert failed == []
    assert list((folder / "backups").glob("hong-*.db"))


@pytest.mark.parametrize("answer", [None, 2])
def test_leaving_it_alone_leaves_it_alone(broken, answer):
    folder, _ = broken
    before = (folder / "counter.db").read_bytes()
    assert not rescue.choose(FakeInteraction(answer), DataFileError("Tệp hỏng."), _calls(folder))
    assert (folder / "counter.db").read_bytes() == before


@pytest.mark.parametrize("choice", [0, 1])
def test_a_set_clock_is_refused_before_anything_is_put_aside(broken, choice):
    folder, _ = broken
    before = (folder / "counter.db").read_bytes()
    calls = _calls(folder, COUNTER_APP_NOW="2026-11-23T09:45")
    interaction = FakeInteraction(choice)
    assert not rescue.choose(interaction, DataFileError("Tệp hỏng."), calls)
    assert "COUNTER_APP_NOW" in interaction.informed[-1]
    assert (folder / "counter.db").read_bytes() == before
    assert not list((folder / "backups").glob("hong-*.db"))


def test_nothing_is_offered_for_a_whole_file(app):
    receive(app)
    app.store.close()
    assert _calls(app.folder) is None
