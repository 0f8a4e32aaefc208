"""Copies of a live database: every committed row, one file, on the disk or not at all."""

from __future__ import annotations

import mmap
import os
import threading
from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError, UserError
from counter_app.services import checks, reception
from counter_app.storage.backup import back_up, check_whole
from counter_app.storage.database import open_store

NOW = datetime(2026, 11, 23, 9)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    yield app.store
    app.store.close()


def test_the_copy_holds_what_still_stands_in_the_log(store, tmp_path):
    assert store.path.with_name("counter.db-wal").stat().st_size > 0
    back_up(store.database, tmp_path / "copy.db")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["copy.db", "data"]
    copy = open_store(tmp_path / "copy.db", backup_folder=tmp_path, stamp="x")
    assert copy.row("SELECT count(*) FROM dossier") == (1,)
    assert all(check.ok for check in checks.run_checks(copy))
    copy.close()


def test_the_copy_reaches_the_disk_before_it_has_its_name(store, tmp_path, monkeypatch):
    target = tmp_path / "copy.db"
    flushed = []
    flush = os.fsync

    def watch(handle):
        flushed.append(target.exists())
        flush(handle)

    monkeypatch.setattr(os, "fsync", watch)
    back_up(store.database, target)
    assert flushed[0] is False
    assert target.exists()


def test_a_large_copy_is_flushed_in_pieces_before_it_is_flushed_whole(store, tmp_path, monkeypatch):
    """Flushed at once, it would hold up whoever saves meanwhile."""
    store.execute("INSERT INTO setting (key, value) VALUES ('x', zeroblob(?))", (5 << 20,))
    done, flush = [], os.fsync

    class Watched(mmap.mmap):
        def flush(self):
            done.append(len(self))
            super().flush()

    monkeypatch.setattr(mmap, "mmap", Watched)
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append("whole"), flush(handle)))
    back_up(store.database, tmp_path / "copy.db")
    pieces = done[: done.index("whole")]
    assert max(pieces) == 2 << 20
    assert sum(pieces) == (tmp_path / "copy.db").stat().st_size


def test_a_copy_is_whole_while_another_thread_saves(store, tmp_path):
    stop = threading.Event()

    def save():
        while not stop.is_set():
            reception.receive_dossier(store, REQUEST, now=NOW)
        store.close()

    thread = threading.Thread(target=save)
    thread.start()
    try:
        for number in range(5):
            back_up(store.database, tmp_path / f"{number}.db")
    finally:
        stop.set()
        thread.join()
    for number in range(5):
        assert check_whole(tmp_path / f"{number}.db") == []
        copy = open_store(tmp_path / f"{number}.db", backup_folder=tmp_path, stamp="x")
        assert all(check.ok for check in checks.run_checks(copy))
        copy.close()


def test_a_copy_that_cannot_be_written_leaves_nothing(store, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFileError, match="sao lưu"):
        back_up(store.database, tmp_path / "file" / "copy.db")
    (tmp_path / "copy.db").mkdir()
    with pytest.raises(UserError):
        back_up(store.database, tmp_path / "copy.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data", "file"]


@pytest.mark.parametrize("name", ["a b%20#.db", "Bản sao lưu.db"])
def test_a_file_of_any_name_is_checked(store, tmp_path, name):
    back_up(store.database, tmp_path / name)
    assert check_whole(tmp_path / name) == []
    content = bytearray((tmp_path / name).read_bytes())
    content[len(content) // 2 :] = os.urandom(len(content) - len(content) // 2)
    (tmp_path / name).write_bytes(content)
    assert check_whole(tmp_path / name) != []
    assert check_whole(tmp_path / "gone.db") != []
