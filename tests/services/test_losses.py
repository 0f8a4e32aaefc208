"""A loss that is known is taken note of once, with a reason; what was edited stays named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime

import pytest

from counter_app.__main__ import main
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import Act, Role
from counter_app.errors import InputError, MoveRefusedError, RightsError
from counter_app.services import audit, checks, journal, losses, reception, users
from counter_app.services.settings import set_setting

NOW = datetime(2026, 11, 23, 9)
FREE = (
    "DROP TRIGGER event_is_never_changed",
    "DROP TRIGGER event_is_never_removed",
    "DROP TRIGGER auditentry_is_never_removed",
    "DROP TRIGGER auditentry_is_never_changed",
)


def _receive(store, name="Nguyễn Văn Đức"):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name)
    return reception.receive_dossier(store, request, now=NOW)


def _failed(store):
    return {check.check for check in checks.run_checks(store) if not check.ok}


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    for name in ("Nguyễn Văn Đức", "Trần Thị Bưởi", "Lê Văn Cam"):
        _receive(app.store, name)
    for number in range(3):
        set_setting(app.store, key="hotline", value=f"0233 1{number}")
    yield app.store
    app.store.close()


@pytest.fixture
def older(store, tmp_path):
    """The desk after somebody put a file of before in its place by hand."""
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (tmp_path / "counter.db").read_bytes()
    _receive(store, "Người Đã Mất")
    set_setting(store, key="hotline", value="0233 2")
    store.close()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"counter.db{ending}").unlink(missing_ok=True)
    (tmp_path / "counter.db").write_bytes(before)
    app = open_app(data=str(tmp_path), environment={})
    yield app.store
    app.store.close()


def test_nothing_is_accepted_where_nothing_is_missing_or_without_a_reason(store):
    with pytest.raises(MoveRefusedError, match="Không có gì"):
        losses.accept(store, reason="thử", by="", now=NOW)
    with pytest.raises(InputError, match="lý do"):
        losses.accept(store, reason="  ", by="", now=NOW)
    assert journal.desk(store).epoch == 1


def test_after_an_old_copy_the_loss_is_told_until_it_is_accepted_with_its_reason(older):
    found = losses.missing(older)
    assert any("sự kiện cuối đã lưu" in what for what, _ in found)
    assert any("dòng nhật ký cuối đã lưu" in what for what, _ in found)
    told = losses.accept(older, reason="Ổ đĩa hỏng đêm 22/11", by="Trần Quản Trị", now=NOW)
    assert list(told.missing) == found
    assert journal.desk(older).epoch == told.epoch == 2
    assert _failed(older) == set()
    (line,) = [entry for entry in audit.entries(older) if entry.act == Act.ACCEPT_LOSS]
    assert (line.by, line.detail["why"]) == ("Trần Quản Trị", "Ổ đĩa hỏng đêm 22/11")
    assert [tuple(one) for one in line.detail["missing"]] == found
    # Numbers go on behind a gap, and the anchor asks for what comes now.
    assert _receive(older).code.endswith("0501")
    assert _failed(older) == set()


def test_a_gap_in_the_middle_stays_accepted_and_an_edit_stays_named(store):
    for statement in FREE:
        store.execute(statement)
    store.execute("DELETE FROM event WHERE sequence = 2")
    store.execute("DELETE FROM auditentry WHERE id = 2")
    store.execute("UPDATE event SET body = replace(body, 'Cam', 'Kam')")
    told = losses.accept(store, reason="Cứu từ tệp hỏng", by="", now=NOW)
    assert {what for what, _ in told.missing} == {
        "thiếu sự kiện trong chuỗi",
        "thiếu dòng 2 của nhật ký",
    }
    found = {p["what"] for c in checks.run_checks(store) for p in c.problems}
    assert "nội dung sự kiện bị sửa từ bên ngoài" in found
    assert not {what for what, _ in told.missing} & found


def test_a_chain_whose_key_is_gone_goes_on_under_a_new_one(store):
    store.anchor.close()
    store.anchor.stem.with_suffix(".key").unlink()
    assert "niêm phong bằng khóa mà máy này không giữ" in {
        what for what, _ in losses.missing(store)
    }
    losses.accept(store, reason="Cài lại máy", by="", now=NOW)
    assert _failed(store) == set()
    _receive(store)
    assert _failed(store) == set()
    store.execute(FREE[0])
    store.execute("UPDATE event SET \"by\" = 'X' WHERE epoch = 2")
    assert "chuỗi sự kiện không bị sửa" in _failed(store)


def test_only_an_administrator_accepts_a_loss(older):
    users.add_user(older, name="Quản", role=Role.ADMIN, secret="mot cua 2026", now=NOW)
    older.user = "Quản"
    users.add_user(older, name="Phụ", role=Role.HEAD, secret="mot cua 2026", now=NOW)
    older.user = "Phụ"
    with pytest.raises(RightsError):
        losses.accept(older, reason="x", by="Phụ", now=NOW)
    older.user = "Quản"
    assert losses.accept(older, reason="x", by="Quản", now=NOW).epoch == 2


def test_the_verb_lists_the_loss_and_takes_note_of_it(older, tmp_path, capsys):
    older.close()
    words = ["--data", str(tmp_path), "accept-loss"]
    assert main([*words, "--dry-run"]) == 1
    assert "Chưa thay đổi gì" in capsys.readouterr().out
    assert main(words) == 2
    assert main([*words, "--reason", "Ổ đĩa hỏng"]) == 0
    assert main(["--data", str(tmp_path), "check", "--full"]) == 0
    assert main([*words, "--dry-run"]) == 0


_KILLED = """
import os, signal, sys
import os
import signal
import subprocess
import sys
from datetime import datetime
from counter_app.bootstrap import open_app
from counter_app.services import losses
from counter_app.storage.anchor import Anchor
app = open_app(data=sys.argv[1], environment=dict(os.environ))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
setattr(Anchor, sys.argv[2], die)
losses.accept(app.store, reason="Ổ hỏng", by="", now=datetime(2026, 11, 23, 9))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("act", ["restart", "advance"])
def test_killed_between_the_log_and_the_anchor_it_is_taken_note_of_again(older, tmp_path, act):
    older.close()
    anchors = str(older.anchor.stem.parent)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), act],
        env=os.environ | {"COUNTER_APP_ANCHOR": anchors},
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    again = open_app(data=str(tmp_path), environment={"COUNTER_APP_ANCHOR": anchors})
    if losses.missing(again.store):
        losses.accept(again.store, reason="Ổ hỏng", by="", now=NOW)
    assert losses.missing(again.store) == []
    assert _failed(again.store) == set()
    lines = [e for e in audit.entries(again.store) if e.act == Act.ACCEPT_LOSS]
    assert all(line.detail["why"] == "Ổ hỏng" for line in lines)
    assert lines
    _receive(again.store)
    assert _failed(again.store) == set()
    again.store.close()
