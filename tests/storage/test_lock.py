"""The window's lock: one holder a folder, freed by the system when its holder dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from counter_app.__main__ import main
from counter_app.bootstrap import alone, open_for_window
from counter_app.errors import DataFileError
from counter_app.services import settings
from counter_app.storage.lock import WindowLock

ROOT = Path(__file__).parent.parent.parent
HOLD = """
import sys
from pathlib import Path
from counter_app.storage.lock import WindowLock
lock = WindowLock.acquire(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""


def _holder(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    return process, process.stdout.readline().strip().decode()


def test_one_lock_a_folder(tmp_path):
    first = WindowLock.acquire(tmp_path)
    assert first is not None
    assert WindowLock.acquire(tmp_path) is None
    first.release()
    again = WindowLock.acquire(tmp_path)
    assert again is not None
    again.release()


def test_another_process_is_refused_and_a_killed_one_frees_the_lock(tmp_path):
    process, answer = _holder(tmp_path)
    assert answer == "held"
    assert WindowLock.acquire(tmp_path) is None
    process.kill()
    process.communicate()
    lock = WindowLock.acquire(tmp_path)
    assert lock is not None
    process, answer = _holder(tmp_path)
    assert answer == "refused"
    process.communicate()
    lock.release()


def test_a_folder_that_cannot_hold_the_lock_is_told(tmp_path):
    (tmp_path / "window.lock").mkdir()
    with pytest.raises(DataFileError, match="Không ghi được"):
        WindowLock.acquire(tmp_path)


def test_the_second_window_only_looks(tmp_path):
    first, lock = open_for_window(data=str(tmp_path), database=None, environment={})
    second, none = open_for_window(data=str(tmp_path), database=None, environment={})
    assert lock is not None
    assert none is None
    assert second.store.read_only
    settings.set_setting(first.store, key="counting", value="hour")
    assert settings.get_setting(second.store, "counting") == "hour"
    with pytest.raises(DataFileError, match="chỉ để xem"):
        settings.set_setting(second.store, key="counting", value="day")
    with pytest.raises(DataFileError, match="đang mở"), alone(tmp_path):
        pass
    second.store.close()
    first.store.close()
    lock.release()
    with alone(tmp_path):
        assert WindowLock.acquire(tmp_path) is None


def test_two_folders_with_one_database_share_the_lock(tmp_path):
    shared = f"sqlite:///{tmp_path / 'one.db'}"
    first, lock = open_for_window(data=str(tmp_path / "a"), database=shared, environment={})
    second, none = open_for_window(data=str(tmp_path / "b"), database=shared, environment={})
    assert (lock is not None, none) == (True, None)
    second.store.close()
    first.store.close()
    lock.release()


def test_verbs_work_while_a_window_is_open(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("COUNTER_APP_NOW", raising=False)
    window, lock = open_for_window(data=str(tmp_path), database=None, environment={})
    words = ["--data", str(tmp_path)]
    assert main([*words, "receive", "--procedure", "1.004873", "--applicant", "A"]) == 0
    assert main([*words, "check"]) == 0
    assert window.store.row("SELECT count(*) FROM dossier") == (1,)
    assert main([*words, "restore", str(tmp_path / "counter.db")]) == 2
    assert "Đóng cửa sổ" in capsys.readouterr().err
    window.store.close()
    lock.release()
