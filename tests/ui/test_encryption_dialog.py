"""Encryption in the window: nothing holds before the sheet was read back, and all can be undone."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import UNLOCK_FAILED, Role
from counter_app.errors import DataFileError
from counter_app.services import audit, backups, encryption, left_plain, reception, unlocks, users
from counter_app.storage.keys import is_plain, key_paths
from counter_app.ui.converting import ConvertingDialog
from counter_app.ui.encryption_calls import Conversion, encryption_calls
from counter_app.ui.encryption_dialog import EncryptionDialog
from counter_app.ui.task_runner import TaskRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 9)
WORDS, OTHER = "con trau di truoc", "cai cay theo sau"


pytestmark = pytest.mark.usefixtures("cheap_keys")


@pytest.fixture
def app(tmp_path):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Lê Thị Hoa")
    reception.receive_dossier(opened.store, request, now=NOW)
    yield opened
    opened.store.close()


def show(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def fill(field, text):
    field.setFocus()
    field.clear()
    type_text(field, text)


class House:
    """The window of encryption on real data, and a hand that types into it."""

    def __init__(self, qtbot, app):
        self.qtbot, self.app, self.store = qtbot, app, app.store
        self.runner = TaskRunner(after_task=app.store.close)
        self.printed, self.conversions = [], []
        self.interaction = FakeInteraction()

    def open(self, *answers):
        self.interaction.answers = list(answers)
        calls = encryption_calls(
            self.store,
            clock=lambda: NOW,
            print_sheet=self.printed.append,
            leave_for=self.conversions.append,
        )
        dialog = EncryptionDialog(calls, self.runner, self.interaction)
        show(self.qtbot, dialog)
        return dialog

    def f9(self, dialog):
        self.qtbot.keyClick(dialog, Qt.Key.Key_F9)
        self.qtbot.waitUntil(lambda: not self.runner.is_busy)

    def type_secret(self, dialog, words, again=None):
        fill(dialog.secret_pane.secret, words)
        fill(dialog.secret_pane.again, words if again is None else again)
        self.f9(dialog)

    def read_back(self, dialog):
        groups = dialog._prepared.code.split("-")
        first, second = dialog._groups
        fill(dialog.sheet_pane.read_back, f"{groups[first - 1]} {groups[second - 1]}")
        self.f9(dialog)

    def unlock(self, dialog, words):
        """Answer the question for the passphrase that ends the encryption."""
        dialog.unlocking.secret.setText(words)
        dialog.unlocking.enter_button.click()
        self.qtbot.waitUntil(lambda: not self.runner.is_busy)

    def convert(self, conversion):
        self.store.close()
        dialog = ConvertingDialog(conversion, close_store=self.store.close)
        show(self.qtbot, dialog)
        self.qtbot.waitUntil(lambda: dialog.is_over)
        return dialog

    def switch_on(self):
        dialog = self.open(True)
        self.f9(dialog)
        self.type_secret(dialog, WORDS)
        self.read_back(dialog)
        return self.convert(self.conversions.pop())


@pytest.fixture
def house(qtbot, app):
    made = House(qtbot, app)
    yield made
    made.runner.close()


def test_data_that_lie_open_are_called_so(house):
    dialog = house.open()
    assert "để thường" in dialog.state_pane.state_label.text()
    assert dialog.main_button.verb() == "Bật mã hóa…"
    assert dialog.state_pane.off_button.isHidden()


def test_switching_on_needs_a_passphrase_twice_and_two_groups_of_the_printed_sheet(house):
    dialog = house.open(True)
    house.f9(dialog)
    house.type_secret(dialog, "ngan")
    assert "12 ký tự" in dialog.secret_pane.secret.note().text
    house.type_secret(dialog, WORDS, OTHER)
    assert "không giống nhau" in dialog.secret_pane.again.note().text
    house.type_secret(dialog, WORDS)
    house.qtbot.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert house.printed[0].startswith(b"%PDF")
    fill(dialog.sheet_pane.read_back, "123456 123456")
    house.f9(dialog)
    assert "Chưa giống trên phiếu" in dialog.sheet_pane.read_back.note().text
    assert house.conversions == []
    assert is_plain(house.store.path)
    assert key_paths(house.store.path.parent) == []
    house.read_back(dialog)
    assert len(house.conversions) == 1
    assert not dialog.isVisible()


def test_the_data_are_turned_when_the_window_is_gone_and_open_by_both_secrets(house):
    dialog = house.open(True)
    house.f9(dialog)
    house.type_secret(dialog, WORDS)
    code = dialog._prepared.code
    house.read_back(dialog)
    done = house.convert(house.conversions.pop())
    assert not done.has_failed
    assert "Đã mã hóa dữ liệu" in done.message.text()
    assert done.leave_button.isHidden()
    assert not is_plain(house.store.path)
    (file,) = key_paths(house.store.path.parent)
    for secret in (WORDS, code):
        assert unlocks.unlock(file, secret, now=NOW).raw == house.store.key.raw
    assert house.store.row("SELECT count(*) FROM dossier") == (1,)


def test_whoever_says_not_yet_has_changed_nothing(house):
    dialog = house.open(False)
    house.f9(dialog)
    house.type_secret(dialog, WORDS)
    house.read_back(dialog)
    assert house.conversions == []
    assert dialog.isVisible()
    house.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.state_pane.isHidden()
    assert dialog.secret_pane.secret.text() == "", "no secret stays in the window"
    house.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_plain_copies_are_named_and_go_only_when_asked(house):
    backups.make_backup(house.store, folder=house.app.folder / "backups", now=NOW.replace(day=2))
    house.switch_on()
    dialog = house.open(False)
    (plain,) = left_plain.copies(house.store)
    assert "1 bản sao lưu để thường" in dialog.state_pane.left_label.text()
    dialog.state_pane.wipe_button.click()
    assert plain.is_file()
    house.interaction.answers = [True]
    dialog.state_pane.wipe_button.click()
    house.qtbot.waitUntil(lambda: not house.runner.is_busy)
    assert not plain.exists()
    assert "Đã xóa 1 bản" in dialog.message.text()
    assert dialog.state_pane.wipe_button.isHidden()


def test_the_passphrase_is_changed_and_the_sheet_made_anew(house):
    house.switch_on()
    (file,) = key_paths(house.store.path.parent)
    dialog = house.open()
    house.f9(dialog)
    house.type_secret(dialog, OTHER)
    assert "Đã đổi mật khẩu" in dialog.message.text()
    assert unlocks.unlock(file, OTHER, now=NOW).raw == house.store.key.raw
    dialog.state_pane.sheet_button.click()
    house.qtbot.waitUntil(lambda: dialog._prepared is not None)
    code = dialog._prepared.code
    house.read_back(dialog)
    assert "Hủy phiếu cũ" in dialog.message.text()
    assert unlocks.unlock(file, code, now=NOW).raw == house.store.key.raw


def test_switching_off_asks_and_turns_everything_back(house):
    house.switch_on()
    dialog = house.open(False)
    dialog.state_pane.off_button.click()
    assert house.conversions == []
    house.interaction.answers = [True, True]
    dialog.state_pane.off_button.click()
    house.unlock(dialog, OTHER)
    assert "không đúng" in dialog.unlocking.message.text()
    assert house.conversions == []
    house.unlock(dialog, WORDS)
    told = [one for one in audit.entries(house.store) if one.act == UNLOCK_FAILED]
    assert [one.detail["count"] for one in told] == [1]
    done = house.convert(house.conversions.pop())
    assert "không còn mã hóa" in done.message.text()
    assert is_plain(house.store.path)


def test_who_may_not_sees_why_and_changes_nothing(house):
    users.add_user(house.store, name="Trần Quản", role=Role.ADMIN, secret="mat khau 1", now=NOW)
    users.sign_in(house.store, name="Trần Quản", secret="mat khau 1", now=NOW)
    users.add_user(house.store, name="Lê Hoa", role=Role.CLERK, secret="mat khau 2", now=NOW)
    users.sign_in(house.store, name="Lê Hoa", secret="mat khau 2", now=NOW)
    dialog = house.open()
    assert "quản trị" in dialog.message.text().lower()
    house.f9(dialog)
    assert not dialog.state_pane.isHidden()


def test_a_turning_that_is_stopped_in_time_leaves_everything(qtbot, app):
    def work(progress):
        for done in range(10_000_000):
            progress(done, 10_000_000)
        raise AssertionError("nobody stopped it")

    dialog = ConvertingDialog(Conversion("Đang…", "Xong.", work), close_store=app.store.close)
    show(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog._brake is not None)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: dialog.is_over)
    assert "còn nguyên" in dialog.message.text()
    assert dialog.isVisible(), "it says so before the program ends"
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert not dialog.isVisible()


def test_a_turning_whose_copy_stands_is_not_stopped_halfway(qtbot, app):
    is_past, is_pressed = threading.Event(), threading.Event()

    def work(progress):
        progress(1, 1)
        is_past.set()
        assert is_pressed.wait(PATIENCE)
        progress(1, 1)
        return encryption.Outcome(None, (), ())

    dialog = ConvertingDialog(Conversion("Đang…", "Xong.", work), close_store=app.store.close)
    show(qtbot, dialog)
    qtbot.waitUntil(is_past.is_set)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    is_pressed.set()
    qtbot.waitUntil(lambda: dialog.is_over)
    assert dialog.message.text() == "Xong."
    assert not dialog.has_failed


def test_a_turning_that_fails_says_so_and_lets_go(qtbot, app):
    def work(_progress):
        raise DataFileError("Ổ đĩa đầy. Dữ liệu còn nguyên.")

    dialog = ConvertingDialog(Conversion("Đang…", "Xong.", work), close_store=app.store.close)
    show(qtbot, dialog)
    qtbot.waitUntil(lambda: dialog.is_over)
    assert dialog.message.text() == "Ổ đĩa đầy. Dữ liệu còn nguyên."
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_log_tells_who_switched_it_on(house):
    house.switch_on()
    assert any(line.act == "encrypt" for line in audit.entries(house.store))


def test_who_tries_to_switch_off_in_vain_has_to_wait_longer_each_time(house):
    house.switch_on()
    dialog = house.open(True)
    dialog.state_pane.off_button.click()
    for _ in range(3):
        house.unlock(dialog, OTHER)
    assert "Nhập lại được sau" in dialog.unlocking.message.text()
    house.unlock(dialog, WORDS)
    assert house.conversions == []
    assert dialog.unlocking.isVisible()
