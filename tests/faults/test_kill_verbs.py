"""A verb is killed at any moment, as a real process: it did the whole of its work, or nothing."""

from __future__ import annotations

import lzma
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import backups, checks, reception

ROOT = Path(__file__).parent.parent.parent
OLD = ROOT / "tests" / "data" / "old" / "v1.db.xz"
ROUNDS = int(os.environ.get("COUNTER_APP_KILLS", "7"))
NOW = datetime(2026, 11, 23, 10)
ROWS = 250
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"


def _start(folder, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "counter_app", "--data", str(folder), "--clock-confirmed", *words],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "COUNTER_APP_NOW"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _took(folder, *words):
    """Run a verb to its end; returns how long it takes."""
    begun = time.perf_counter()
    process = _start(folder, *words)
    _, err = process.communicate()
    assert process.returncode == 0, err.decode()
    return time.perf_counter() - begun


def _killed(after, folder, *words):
    """Kill a verb after so many seconds; tells whether it had ended by then."""
    process = _start(folder, *words)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode == 0


def _fill(folder, count, begun=NOW):
    app = open_app(data=str(folder), environment={})
    for number in range(count):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        at = begun + timedelta(minutes=number)
        reception.receive_dossier(app.store, request, now=at, issue_receipt=True)
    app.store.close()


def _look(folder):
    """Open the data as after the crash; returns how many dossiers there are and what is wrong."""
    app = open_app(data=str(folder), environment={})
    try:
        (count,) = app.store.row("SELECT count(*) FROM dossier")
        return count, [check.check for check in checks.run_checks(app.store) if not check.ok]
    finally:
        app.store.close()


def _rounds(tmp_path, start, words, *, seed):
    """Yield copies of ``start`` after a kill at some moment, and whether the verb had ended."""
    whole = tmp_path / "whole"
    shutil.copytree(start, whole)
    longest = _took(whole, *words(whole))
    chance = random.Random(seed)
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        shutil.copytree(start, folder)
        after = longest * chance.uniform(0.45, 1.02)
        yield folder, _killed(after, folder, *words(folder))


@pytest.fixture
def start(tmp_path):
    folder = tmp_path / "start"
    _fill(folder, 20)
    return folder


@pytest.mark.slow
def test_an_import_that_is_killed_came_whole_or_not_at_all(tmp_path, start):
    listed = tmp_path / "list.csv"
    lines = [
        f"H50.1-261120-{n:04d},1.004873,Nguyễn Thị {n},,20/11/2026 08:00,26/11/2026 17:00,"
        for n in range(1, ROWS + 1)
    ]
    listed.write_text("\n".join([HEAD, *lines]), "utf-8")
    for folder, is_done in _rounds(tmp_path, start, lambda _: ("import", str(listed)), seed=1):
        count, wrong = _look(folder)
        assert wrong == []
        assert count in ({20 + ROWS} if is_done else {20, 20 + ROWS})


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_only_copies_that_open(tmp_path, start):
    for folder, is_done in _rounds(tmp_path, start, lambda _: ("backup",), seed=2):
        held = backups.copies(folder / "backups")
        assert len(held) >= is_done
        app = open_app(data=str(folder), environment={})
        assert [backups.prove(app.store, copy.path, []) for copy in held] == [[] for _ in held]
        app.store.close()
        assert _look(folder) == (20, [])
        # What the dead process left behind holds up nothing.
        app = open_app(data=str(folder), environment={})
        backups.make_backup(app.store, folder=folder / "backups", now=NOW + timedelta(days=9))
        app.store.close()


@pytest.mark.slow
def test_a_restore_that_is_killed_left_all_as_it_was_or_is_whole(tmp_path, start):
    app = open_app(data=str(start), environment={})
    copy = backups.make_backup(app.store, folder=tmp_path, now=NOW)
    app.store.close()
    _fill(start, 15, NOW + timedelta(hours=1))
    for folder, is_done in _rounds(tmp_path, start, lambda _: ("restore", str(copy)), seed=3):
        count, wrong = _look(folder)
        assert wrong == []
        assert count in ({20} if is_done else {20, 35})
        assert copy.is_file()


@pytest.mark.slow
def test_a_migration_that_is_killed_is_done_again_and_loses_nothing(tmp_path):
    start = tmp_path / "start"
    start.mkdir()
    (start / "counter.db").write_bytes(lzma.decompress(OLD.read_bytes()))
    expected = None
    for folder, _ in _rounds(tmp_path, start, lambda _: ("list",), seed=4):
        count, wrong = _look(folder)
        expected = expected or count
        assert (count, wrong) == (expected, [])
    assert expected
