"""Removing a person by real processes: killed before the files go, undone by no restore."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from counter_app import paths
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import (
    attachments,
    checks,
    encryption,
    moves,
    reception,
    settings,
    unlocks,
)
from counter_app.storage.keys import KeyRing

ROOT = Path(__file__).parent.parent.parent
BEGUN = datetime(2024, 3, 4, 9)
NUMBER, NAME = "045192007777", "Nguyễn Thị Ngọc Ánh"
WORDS = "con trau di truoc"
# The program itself, stopped dead before the first file is taken off the disk.
KILLED = (
    "import os, sys; from counter_app.services import erased_files as e; "
    "e._wipe = lambda *_: os._exit(9); from counter_app.__main__ import main; sys.exit(main())"
)


def run(folder, *words, program=("-m", "counter_app"), **environment):
    return subprocess.run(
        [sys.executable, *program, "--data", str(folder), "--clock-confirmed", *words],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "COUNTER_APP_NOW"} | environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def ended(folder, scan, keys=None):
    """Fill a folder with one dossier, whose time is over, and its scan."""
    scan.write_bytes(b"%PDF-1.7\n" + NAME.encode() * 50)
    app = open_app(data=str(folder), environment=os.environ, keys=keys)
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name=NAME, id_kind="citizen", citizen_id=NUMBER
    )
    store, at = app.store, {"by": "Lê Thị A", "now": BEGUN + timedelta(hours=1)}
    settings.set_setting(store, key="retention_years", value="1")
    code = reception.receive_dossier(store, request, now=BEGUN).code
    attachments.attach(store, code, files=[scan], **at)
    moves.withdraw(store, code, reason="Đổi ý", **at)
    return app


def scans(folder):
    return list(paths.attachments(folder).rglob("*.pdf"))


def holds(folder, text, keys=None):
    """Tell whether a text stands anywhere in the rows, and what the checks find."""
    app = open_app(data=str(folder), environment=os.environ, keys=keys)
    try:
        (found,) = app.store.row(
            "SELECT (SELECT count(*) FROM event WHERE instr(body, ?1)) "
            "+ (SELECT count(*) FROM dossier WHERE applicant_name = ?1)",
            (text,),
        )
        return found, [p for one in checks.run_checks(app.store) for p in one.problems]
    finally:
        app.store.close()


def test_a_removal_that_is_killed_before_the_files_is_finished_at_the_next_start(tmp_path):
    folder = tmp_path / "data"
    ended(folder, tmp_path / "scan.pdf").store.close()
    remove = ("privacy", "remove", NUMBER, "--reason", "Hết hạn lưu")
    assert run(folder, *remove, program=("-c", KILLED)).returncode == 9
    assert len(scans(folder)) == 1
    assert run(folder, "list").returncode == 0
    assert scans(folder) == []
    assert holds(folder, NAME) == (0, [])


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_restore_is_done_only_when_who_was_removed_is_gone_again(tmp_path, is_damaged):
    folder, copies = tmp_path / "data", tmp_path / "copies"
    ended(folder, tmp_path / "scan.pdf").store.close()
    assert run(folder, "backup", str(copies)).returncode == 0
    assert run(folder, "privacy", "remove", NUMBER, "--reason", "Hết hạn").returncode == 0
    if is_damaged:
        path = folder / paths.DATABASE_NAME
        path.write_bytes(path.read_bytes()[:8192] + bytes(8192))
    (copy,) = copies.glob("*.db")
    done = run(folder, "restore", str(copy))
    assert done.returncode == 0, done.stderr.decode()
    # Before any other program has opened them.
    assert scans(folder) == []
    for name in (paths.DATABASE_NAME, f"{paths.DATABASE_NAME}-wal"):
        path = folder / name
        assert not path.exists() or NAME.encode() not in path.read_bytes()
    assert holds(folder, NAME) == (0, [])


@pytest.mark.usefixtures("cheap_keys")
def test_an_encrypted_copy_is_restored_without_who_was_removed(tmp_path):
    folder, copies = tmp_path / "data", tmp_path / "copies"
    app = ended(folder, tmp_path / "scan.pdf")
    prepared = encryption.prepare(app.store, WORDS, now=BEGUN)
    encryption.switch_on(app.store, prepared, now=BEGUN, progress=lambda *_: None)
    app.store.close()
    secret = {"COUNTER_APP_PASSPHRASE": WORDS}
    assert run(folder, "backup", str(copies), **secret).returncode == 0
    remove = ("privacy", "remove", NUMBER, "--reason", "Hết hạn")
    assert run(folder, *remove, **secret).returncode == 0
    (copy,) = copies.glob("*.db")
    done = run(folder, "restore", str(copy), **secret)
    assert done.returncode == 0, done.stderr.decode()
    assert scans(folder) == []
    keys = KeyRing(lambda path: unlocks.unlock(path, WORDS, now=BEGUN))
    assert holds(folder, NAME, keys) == (0, [])
