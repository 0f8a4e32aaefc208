"""The gate: what a file or folder may be, what is told of it, and that it is left as it was."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import checks, reception, settings
from counter_app.storage import database
from counter_app.storage.database import APPLICATION_ID, SCHEMA_VERSION, open_store

NOW = datetime(2026, 11, 23, 9)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")


def _open(path, **options):
    return open_store(path, backup_folder=path.parent / "backups", stamp="now", **options)


def _digests(folder):
    """Return what the files hold; SQLite's empty log and its index hold nothing."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.stat().st_size and not path.name.endswith("-shm")
    }


@pytest.fixture
def used(tmp_path):
    """A folder with one dossier, closed."""
    app = open_app(data=str(tmp_path), environment={})
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    app.store.close()
    return tmp_path / "counter.db"


def _refused(path, *, intact=True):
    before = _digests(path.parent)
    with pytest.raises(DataFileError) as told:
        _open(path)
    if intact:
        assert _digests(path.parent) == before
    return told.value.message


def test_a_new_file_gets_its_schema_and_the_program_s_mark(tmp_path):
    store = _open(tmp_path / "counter.db")
    assert store.row("PRAGMA user_version") == (SCHEMA_VERSION,)
    assert store.row("PRAGMA application_id") == (APPLICATION_ID,)
    store.close()


def test_the_connection_is_durable_and_watches_references(tmp_path):
    store = _open(tmp_path / "counter.db")
    asked = {
        name: store.row(f"PRAGMA {name}")[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    store.close()


def test_a_file_that_is_no_database_is_kept(tmp_path):
    path = tmp_path / "counter.db"
    path.write_text("Thư của tôi, không phải dữ liệu. " * 100, "utf-8")
    assert "không phải" in _refused(path)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_another_program_s_database_is_kept(tmp_path, journal):
    path = tmp_path / "counter.db"
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA journal_mode={journal}")
        other.execute("CREATE TABLE photo (name TEXT)")
        other.execute("INSERT INTO photo VALUES ('a')")
    other.close()
    before = path.read_bytes()
    assert "chương trình khác" in _refused(path, intact=journal == "delete")
    assert path.read_bytes() == before


def test_a_newer_version_is_kept(used):
    store = _open(used)
    store.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    store.close()
    line = _refused(used)
    assert "mới hơn" in line
    assert str(SCHEMA_VERSION + 1) in line


def test_an_empty_file_is_taken_as_new_where_nothing_can_be_lost(tmp_path):
    path = tmp_path / "counter.db"
    path.touch()
    _open(path).close()
    assert path.stat().st_size > 0


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_database_that_has_gone_is_not_hidden_by_a_new_one(used, is_empty):
    backup = used.parent / "backups" / "old.db"
    backup.parent.mkdir()
    backup.write_bytes(used.read_bytes())
    used.unlink()
    if is_empty:
        used.touch()
    line = _refused(used)
    assert "backups" in line
    assert not used.exists() or used.stat().st_size == 0


def test_a_log_without_its_database_is_not_thrown_away(used):
    store = _open(used)
    reader = _open(used)  # keeps the log from being folded in
    with store.transaction():
        settings.set_setting(store, key="counting", value="hour")
    log = used.with_name("counter.db-wal")
    content = log.read_bytes()
    assert content
    store.close()
    reader.close()
    used.unlink()
    log.write_bytes(content)
    assert "counter.db-wal" in _refused(used)
    assert log.read_bytes() == content


@pytest.mark.parametrize("size", [1, 15, 16, 100, 4096, 40_000])
def test_a_truncated_file_is_told_and_kept(used, size):
    whole = used.read_bytes()
    used.write_bytes(whole[:size])
    message = _refused(used)
    assert "hỏng" in message or "không phải" in message


def test_garbage_in_the_first_page_is_told(used):
    content = bytearray(used.read_bytes())
    content[100:4096] = os.urandom(3996)
    used.write_bytes(content)
    assert "hỏng" in _refused(used, intact=False)


def test_garbage_in_a_table_is_found_by_the_checks_and_told(used):
    store = _open(used)
    pages = [row[0] for row in store.rows("SELECT rootpage FROM sqlite_schema WHERE name='event'")]
    (size,) = store.row("PRAGMA page_size")
    store.close()
    content = bytearray(used.read_bytes())
    for page in pages:
        content[(page - 1) * size : page * size] = b"\x5a" * size
    used.write_bytes(content)
    # The schema is whole, so the file opens; what is behind it is found.
    store = _open(used)
    failed = {check.check for check in checks.run_checks(store) if not check.ok}
    assert {"tệp dữ liệu nguyên vẹn", "chuỗi sự kiện không bị sửa"} <= failed
    with pytest.raises(DataFileError, match="hỏng"):
        store.rows("SELECT body FROM event")
    with pytest.raises(DataFileError, match="hỏng"):
        reception.receive_dossier(store, REQUEST, now=NOW)
    store.close()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "counter.db").mkdir()
    with pytest.raises(DataFileError, match="Không mở được"):
        _open(tmp_path / "counter.db")


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(DataFileError, match=r"không phải thư mục|trùng tên"):
        open_app(data=str(tmp_path / "data" / "inner"), environment={})
    with pytest.raises(DataFileError, match="trùng tên"):
        open_app(data=str(tmp_path / "data"), environment={})


def test_an_over_long_folder_is_told(tmp_path):
    with pytest.raises(DataFileError, match="quá dài"):
        open_app(data=str(tmp_path / ("x" * 300)), environment={})


def test_a_missing_folder_is_made(tmp_path):
    app = open_app(data=str(tmp_path / "a" / "b"), environment={})
    assert (tmp_path / "a" / "b" / "counter.db").exists()
    app.store.close()


@contextmanager
def as_nobody():
    """Be a user without rights for a while; whoever isn't root has none over a closed folder."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("is_used", [True, False])
def test_a_folder_that_may_only_be_read_is_told_and_kept(is_used):
    # Not under pytest's own folder, into which nobody else may look.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if is_used:
            open_app(data=name, environment={}).store.close()
        folder.chmod(0o555)
        before = _digests(folder)
        with as_nobody(), pytest.raises(DataFileError, match="chỉ cho đọc"):
            open_app(data=name, environment={})
        assert _digests(folder) == before
        with as_nobody(), pytest.raises(DataFileError, match="không có quyền"):
            open_app(data=str(folder / "inner"), environment={})
        folder.chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_file_that_may_only_be_read_is_told_and_kept():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        open_app(data=name, environment={}).store.close()
        folder.chmod(0o777)
        (folder / "counter.db").chmod(0o444)
        before = _digests(folder)
        with as_nobody():
            store = _open(folder / "counter.db")
            with pytest.raises(DataFileError, match="chỉ cho đọc"):
                settings.set_setting(store, key="counting", value="hour")
            store.close()
        assert _digests(folder) == before
        (folder / "counter.db").chmod(0o000)
        with as_nobody(), pytest.raises(DataFileError, match="chỉ cho đọc"):
            _open(folder / "counter.db")


HOLD = """
import sys
from pathlib import Path
from counter_app.storage.database import open_store
path = Path(sys.argv[1])
store = open_store(path, backup_folder=path.parent / "backups", stamp="now")
with store.transaction():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_file_that_another_process_holds_is_told_after_the_wait(used, monkeypatch):
    monkeypatch.setitem(database.PRAGMAS, "busy_timeout", 50)
    store = _open(used)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(used)],
        cwd=Path(__file__).parent.parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DataFileError, match="chương trình khác sử dụng"):
            settings.set_setting(store, key="counting", value="hour")
        # Reading goes on beside it.
        assert settings.get_setting(store, "counting") == "day"
    finally:
        holder.communicate(b"")
    settings.set_setting(store, key="counting", value="hour")
    assert settings.get_setting(store, "counting") == "hour"
    store.close()


def test_a_store_for_looking_reads_and_refuses_to_write(used):
    first = _open(used)
    second = _open(used, read_only=True)
    assert second.row("SELECT count(*) FROM dossier") == (1,)
    with pytest.raises(DataFileError, match="chỉ để xem"):
        settings.set_setting(second, key="counting", value="hour")
    with pytest.raises(DataFileError):
        second.execute("DELETE FROM setting")
    reception.receive_dossier(first, REQUEST, now=NOW)
    assert second.row("SELECT count(*) FROM dossier") == (2,)
    second.close()
    first.close()


def test_looking_makes_no_file(tmp_path):
    with pytest.raises(DataFileError):
        _open(tmp_path / "counter.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_leaves_nothing_and_the_next_one_succeeds(used):
    store = _open(used)
    count = store.row("SELECT count(*) FROM dossier")

    def fail():
        with store.transaction():
            reception.receive_dossier(store, REQUEST, now=NOW)
            assert store.row("SELECT count(*) FROM dossier") != count
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.row("SELECT count(*) FROM dossier") == count
    again = reception.receive_dossier(store, REQUEST, now=NOW)
    assert again.code == "TAM-01-261123-0002"
    assert all(check.ok for check in checks.run_checks(store))
    store.close()


def test_too_old_a_library_is_never_written_through(used, monkeypatch):
    monkeypatch.setattr(database, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(RuntimeError, match="too old"):
        _open(used)
