"""The accounts and the log in their windows: made, searched, handed to an inspector."""

from __future__ import annotations

import csv
import io

import pytest

from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import Role
from counter_app.services import reception, users
from counter_app.ui.audit_dialog import AuditDialog, audit_calls
from counter_app.ui.task_runner import Job, TaskCancelledError
from counter_app.ui.users_dialog import UsersDialog, users_calls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.people.people_hands import (
    ADMIN,
    CLERK,
    NOW,
    OFFICER,
    PASSWORD,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_the_first_account_is_made_in_the_window_and_signed_in(qtbot, opened):
    dialog = UsersDialog(users_calls(opened.store, clock=lambda: NOW))
    qtbot.addWidget(dialog)
    assert dialog.role.value() == Role.ADMIN
    dialog.name.setText(ADMIN)
    dialog.secret.setText(PASSWORD)
    dialog.again.setText("khac")
    assert not dialog.save()
    dialog.again.setText(PASSWORD)
    assert dialog.save()
    assert opened.store.user == ADMIN
    assert dialog.role.value() == Role.CLERK  # of who comes next
    dialog.name.setText(CLERK)
    dialog.secret.setText("123456")
    dialog.again.setText("123456")
    assert not dialog.save()
    assert "dễ đoán" in dialog.secret.note().text
    for field in (dialog.secret, dialog.again):
        field.setText("472916")
    assert dialog.save()
    assert [(a.name, a.role) for a in users.accounts(opened.store)] == [
        (ADMIN, Role.ADMIN),
        (CLERK, Role.CLERK),
    ]
    dialog.table.select_row(1)
    assert dialog.disable()
    assert users.names(opened.store) == [ADMIN]


def test_the_log_is_searched_and_exported(qtbot, staffed, tmp_path):
    staffed.store.user = ADMIN
    target = tmp_path / "nhat-ky.csv"
    interaction = FakeInteraction(target)
    calls = audit_calls(staffed.store, clock=lambda: NOW)
    dialog = AuditDialog(calls, InstantRunner(), interaction)
    qtbot.addWidget(dialog)
    before = dialog.model.rowCount()
    dialog.text.setText(OFFICER)
    assert 0 < dialog.model.rowCount() < before
    dialog.text.clear()
    dialog.export()
    assert OFFICER in target.read_text("utf-8-sig")
    assert dialog.model.rowCount() == before + 1


class _LateRunner(InstantRunner):
    """Finds at once, and begins an export when the test says so."""

    def run(self, work, *, group="", **callbacks):
        if group:
            return super().run(work, group=group, **callbacks)
        self.work, self.job = work, Job(lambda *_told: None)
        return self.job


def test_an_export_of_the_log_that_is_stopped_leaves_no_file_and_no_line(qtbot, staffed, tmp_path):
    staffed.store.user = ADMIN
    target, runner = tmp_path / "nhat-ky.csv", _LateRunner()
    calls = audit_calls(staffed.store, clock=lambda: NOW)
    dialog = AuditDialog(calls, runner, FakeInteraction(target))
    qtbot.addWidget(dialog)
    dialog.show()
    lines = dialog.model.rowCount()
    dialog.export()
    assert not dialog.export_button.isEnabled()
    dialog.reject()
    with pytest.raises(TaskCancelledError):
        runner.work(runner.job)
    assert "Chưa xuất" in dialog.message.text()
    assert list(tmp_path.glob("*.csv")) == []
    dialog.show_entries()
    assert (dialog.model.rowCount(), dialog.isVisible()) == (lines, True)
    dialog.reject()
    assert not dialog.isVisible()


def test_acts_on_dossiers_are_searched_with_the_log(qtbot, staffed, tmp_path):
    store, target = staffed.store, tmp_path / "nhat-ky.csv"
    store.user = CLERK
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức", by=CLERK)
    code = reception.receive_dossier(store, request, now=NOW).code
    store.user = ADMIN
    dialog = AuditDialog(
        audit_calls(store, clock=lambda: NOW), InstantRunner(), FakeInteraction(target)
    )
    qtbot.addWidget(dialog)
    dialog.text.setText(code)
    assert dialog.model.rowCount() == 0
    dialog.acts_box.click()
    [act] = dialog.model.rows()
    assert (act.by, act.target, act.label) == (CLERK, code, "Tiếp nhận")
    assert "hẹn trả" in act.words
    dialog.text.setText("tài khoản")
    assert {row.label for row in dialog.model.rows()} == {"Quản lý tài khoản"}
    dialog.export()
    told = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert [row["Đối tượng"] for row in told if row["Mã việc"] == "receive"] == [code]
    assert all(len(row["Mã băm"]) == 64 for row in told)
