"""A loss in the window: found by the check, told in plain words, taken note of with a reason."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import Act, Role
from counter_app.services import (
    audit,
    chain,
    checks,
    decisions,
    losses,
    outside,
    reception,
    seals,
    users,
)
from counter_app.services.losses import Loss, LossKind
from counter_app.ui.data_calls import data_calls
from counter_app.ui.data_group import DataGroup
from counter_app.ui.loss_dialog import LossDialog, _words_of, loss_calls
from counter_app.ui.task_runner import TaskRunner
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9)


def _receive(store, name):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
    return reception.receive_dossier(store, request, now=NOW)


@pytest.fixture
def older(tmp_path):
    """The desk after somebody put a file of before in its place by hand."""
    app = open_app(data=str(tmp_path), environment={})
    _receive(app.store, "Nguyễn Văn Đức")
    app.store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = app.store.path.read_bytes()
    _receive(app.store, "Người Đã Mất")
    app.store.close()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"counter.db{ending}").unlink(missing_ok=True)
    app.store.path.write_bytes(before)
    again = open_app(data=str(tmp_path), environment={})
    yield again.store
    again.store.close()


def make(qtbot, store, interaction):
    calls = loss_calls(store, clock=lambda: NOW, clerk=lambda: "Trần Quản Trị")
    made = LossDialog(calls, losses.missing(store), InstantRunner(), interaction)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_every_kind_of_loss_has_its_words():
    told = [
        f"mất 3 {outside.LOST_END}",
        chain.LOST_END,
        outside.LOST,
        "mất cả chuỗi sự kiện đã niêm phong",
        "thiếu sự kiện trong chuỗi",
        outside.OTHER_HISTORY,
        chain.OTHER_THAN_SEALED,
        f"mất 2 {outside.LOST_LINES}",
        "thiếu dòng 2 của nhật ký",
        "mất các dòng cuối của nhật ký",
        outside.OTHER_LOG,
        audit.OTHER_THAN_SEALED,
        outside.OTHER_HEAD,
        seals.OTHER_KEY,
        *decisions.KINDS,
    ]
    assert {Loss(what, "").kind for what in told} == set(LossKind)
    assert Loss(f"mất 2 {outside.LOST_LINES}", "").kind is LossKind.LINES
    assert Loss("thiếu dòng 2 của nhật ký", "").kind is LossKind.LINES
    counts = [Loss(what, "").how_many for what in told]
    assert [count for count in counts if count] == [3, 2], "the 2 of a line is no number of lines"
    for kind in LossKind:
        short, meaning = _words_of(kind)
        assert "sự kiện" not in short + meaning, "a word of ours, not of theirs"


def test_the_check_finds_the_loss_and_offers_to_look_at_it(qtbot, older):
    runner = TaskRunner(after_task=older.close)
    folder = older.path.parent / "backups"
    group = DataGroup(
        data_calls(older, folder=folder, clock=lambda: NOW), runner, FakeInteraction()
    )
    qtbot.addWidget(group)
    group.show()
    assert not group.loss_button.isVisible()
    group.check()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert "Ghi nhận phần đã mất" in group.message.text()
    with qtbot.waitSignal(group.loss_shown) as shown:
        group.loss_button.click()
    assert LossKind.LAST_EVENTS in {one.kind for one in shown.args[0]}
    losses.accept(older, reason="Ổ đĩa hỏng", by="", now=NOW)
    group.check()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert not group.loss_button.isVisible()
    assert "đều đạt" in group.message.text()
    runner.close()


def test_it_says_what_is_missing_and_takes_note_once_it_is_asked_twice(qtbot, older):
    interaction = FakeInteraction(False, True)
    dialog = make(qtbot, older, interaction)
    assert len(dialog.model.rows()) == len(losses.missing(older)) > 0
    assert "Đối chiếu giấy đã in" in dialog.meaning.text()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert "lý do" in dialog.message.text()
    assert interaction.asked == []
    qtbot.keyClicks(dialog.reason, "chep nham tep cu")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert losses.missing(older) != []
    with qtbot.waitSignal(dialog.accepted_loss):
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert "Quầy làm tiếp được" in dialog.message.text()
    assert not dialog.accept_button.isEnabled()
    (line,) = [entry for entry in audit.entries(older) if entry.act == Act.ACCEPT_LOSS]
    assert (line.by, line.detail["why"]) == ("Trần Quản Trị", "chep nham tep cu")
    assert [c.check for c in checks.run_checks(older) if not c.ok] == []
    assert _receive(older, "Người Sau").code


def test_who_may_not_sees_what_is_missing_and_why_he_may_not(qtbot, older):
    users.add_user(older, name="Quản", role=Role.ADMIN, secret="mot cua 2026", now=NOW)
    older.user = "Quản"
    users.add_user(older, name="Phụ", role=Role.HEAD, secret="mot cua 2026", now=NOW)
    older.user = "Phụ"
    dialog = make(qtbot, older, FakeInteraction())
    assert dialog.model.rows()
    assert not dialog.accept_button.isEnabled()
    assert "quản trị" in dialog.accept_button.toolTip().lower()
