"""One person's data in the window: handed out as a file, removed only after a question."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import moves, office, reception
from counter_app.services.settings import set_setting
from counter_app.ui.person_dialog import PersonDialog, person_calls
from counter_app.ui.task_runner import TaskRunner
from tests.stopping import stop_in_a_dialog
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0)
NUMBER, NAME = "045192007777", "Nguyễn Thị Ngọc Ánh"


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name=NAME, citizen_id=NUMBER, by="Lê Thị A"
    )
    code = reception.receive_dossier(app.store, request, now=NOW, issue_receipt=False).code
    moves.withdraw(app.store, code, by="Lê Thị A", now=NOW)
    yield app.store
    app.store.close()


def open_dialog(qtbot, store, *answers, now=NOW, runner=None):
    interaction = FakeInteraction(*answers)
    calls = person_calls(store, clock=lambda: now, clerk=lambda: "Lê Thị A")
    dialog = PersonDialog(calls, runner or InstantRunner(), interaction)
    qtbot.addWidget(dialog)
    dialog.number.setText(NUMBER)
    return dialog, interaction


def test_a_person_gets_a_file_whose_name_says_nothing_of_him(qtbot, store, tmp_path):
    target = tmp_path / "a.json"
    dialog, _ = open_dialog(qtbot, store, target)
    dialog.export()
    data = json.loads(target.read_text("utf-8"))
    assert data["dossiers"][0]["applicant_name"] == NAME
    assert "1 hồ sơ" in dialog.message.text()


def test_a_stranger_is_told_in_words(qtbot, store):
    dialog, _ = open_dialog(qtbot, store)
    dialog.number.setText("001099000001")
    dialog.export()
    assert "Không có dữ liệu" in dialog.message.text()


def test_a_removal_is_asked_and_refused_before_its_time(qtbot, store):
    set_setting(store, key="retention_years", value="1")
    dialog, interaction = open_dialog(qtbot, store, False, True)
    dialog.reason.setText("QĐ 01")
    dialog.remove()
    assert dialog.message.text() == ""
    dialog.remove()
    assert "Chưa hết 1 năm" in dialog.message.text()
    assert NUMBER in interaction.asked[0]
    assert "Không lấy lại được" in interaction.asked[0]
    later, _ = open_dialog(qtbot, store, True, now=NOW + timedelta(days=800))
    later.reason.setText("QĐ 01")
    later.remove()
    assert "Đã xóa ở 1 hồ sơ" in later.message.text()
    assert store.row("SELECT applicant_name FROM dossier") == ("(đã xóa)",)


def test_a_removal_under_way_is_stopped_by_esc_and_nobody_is_removed(qtbot, store):
    """It looks through every dossier there is: never on the window's thread."""
    set_setting(store, key="retention_years", value="1")
    runner, is_stopped, threads = TaskRunner(after_task=store.close), threading.Event(), []
    dialog, _ = open_dialog(qtbot, store, True, now=NOW + timedelta(days=800), runner=runner)
    calls = dialog._calls

    def remove(number, reason, progress):
        threads.append(threading.current_thread())
        is_stopped.wait(PATIENCE)
        return calls.remove(number, reason, progress)

    dialog._calls = replace(calls, remove=remove)
    dialog.reason.setText("QĐ 01")
    dialog.show()
    dialog.remove()
    assert not dialog.export_button.isEnabled()
    stop_in_a_dialog(qtbot, dialog, dialog.leave_button, is_stopped)
    runner.close()
    assert store.row("SELECT applicant_name FROM dossier") == (NAME,)
    assert threading.main_thread() not in threads
    dialog.reject()
    assert not dialog.isVisible()


def test_nothing_is_asked_before_number_and_reason_stand_there(qtbot, store):
    dialog, interaction = open_dialog(qtbot, store, True)
    dialog.remove()
    assert "Ghi lý do" in dialog.message.text()
    dialog.number.clear()
    dialog.remove()
    assert "Nhập số định danh" in dialog.message.text()
    assert interaction.asked == []
