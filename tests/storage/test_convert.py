"""Plain to encrypted and back: the same rows, one of two files at every moment, nobody beside."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys

import pytest
from sqlcipher3 import dbapi2

from counter_app.errors import DataFileError
from counter_app.storage import convert as module
from counter_app.storage.backup import check_whole
from counter_app.storage.convert import convert, copy_under, finish_left_over
from counter_app.storage.database import open_store
from counter_app.storage.keys import DataKey, KeyRing, is_plain
from counter_app.storage.lock import WindowLock

NAME = "Nguyễn Thị Hạnh Phúc"


def quiet(*_args):
    """Hear what is told and say nothing."""


def dump(path, key):
    """Return every row of every table with its number, and the schema."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        if key is not None:
            connection.execute(f'PRAGMA key="{key.raw}"')
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name"
        ).fetchall()
        tables = [n for kind, n, sql in schema if kind == "table" and "VIRTUAL" not in sql]
        numbered = [n for n in tables if not n.endswith(("_idx", "_config")) and n != "nameword"]
        rows = {}
        for name in tables:
            wanted = "rowid, *" if name in numbered and name not in WITHOUT else "*"
            rows[name] = connection.execute(f'SELECT {wanted} FROM "{name}"').fetchall()
        marks = [connection.execute(f"PRAGMA {p}").fetchone() for p in ("user_version",)]
        return schema, rows, marks
    finally:
        connection.close()


WITHOUT = {"tally", "openload", "standing"}


@pytest.fixture
def path(tmp_path):
    """Return a database of ours in which rows were removed, so that their numbers have gaps."""
    made = tmp_path / "counter.db"
    store = open_store(made, backup_folder=tmp_path / "backups", stamp="x")
    with store.transaction():
        for number in range(300):
            store.execute("INSERT INTO setting VALUES (?, ?)", (f"k{number}", f"{NAME} {number}"))
            store.execute(
                "INSERT INTO dossier_search (rowid, folded) VALUES (?, ?)",
                (number + 7, f"hanh phuc {number}"),
            )
        store.execute("DELETE FROM setting WHERE key LIKE '%3'")
        store.execute("DELETE FROM dossier_search WHERE rowid % 4 = 0")
    store.close()
    return made


def test_every_row_keeps_its_place_there_and_back(path):
    key = DataKey.draw()
    before = dump(path, None)
    convert(path, None, key, prove=quiet, progress=quiet)
    assert NAME.encode() not in path.read_bytes()
    assert path.read_bytes()[:16] == key.salt
    assert dump(path, key) == before
    other = DataKey.draw()
    convert(path, key, other, prove=quiet, progress=quiet)
    assert dump(path, other) == before
    convert(path, other, None, prove=quiet, progress=quiet)
    assert dump(path, None) == before
    assert {p.name for p in path.parent.iterdir()} == {"counter.db", "chuyen-ma-hoa.lock"}


def test_the_store_opens_with_its_key_and_finds_what_was_indexed(path):
    key = DataKey.draw()
    convert(path, None, key, prove=quiet, progress=quiet)
    ring = KeyRing()
    ring.add(key)
    store = open_store(path, backup_folder=path.parent / "backups", stamp="x", keys=ring)
    try:
        assert store.rows("SELECT rowid FROM dossier_search('299')") == [(306,)]
        store.execute("INSERT INTO setting VALUES ('sau', ?)", (NAME,))
        wal = path.with_name("counter.db-wal")
        assert wal.stat().st_size
        assert NAME.encode() not in wal.read_bytes()
    finally:
        store.close()


def test_a_wrong_key_is_a_damaged_file_and_says_nothing_on_standard_error(path, capfd):
    convert(path, None, DataKey.draw(), prove=quiet, progress=quiet)
    ring = KeyRing()
    wrong = DataKey(path.read_bytes()[:16], bytes(32))
    ring.add(wrong)
    assert check_whole(path, ring)
    with pytest.raises(DataFileError, match="hỏng"):
        open_store(path, backup_folder=path.parent / "backups", stamp="x", keys=ring)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_whoever_works_on_the_file_makes_the_change_wait(path, is_encrypted):
    key = DataKey.draw() if is_encrypted else None
    if key is not None:
        convert(path, None, key, prove=quiet, progress=quiet)
    ring = KeyRing()
    if key is not None:
        ring.add(key)
    other = open_store(path, backup_folder=path.parent / "backups", stamp="x", keys=ring)
    try:
        other.rows("SELECT * FROM setting")
        content = path.read_bytes()
        with pytest.raises(DataFileError, match="chương trình khác"):
            convert(path, key, DataKey.draw(), prove=quiet, progress=quiet)
        assert path.read_bytes() == content
        other.execute("INSERT INTO setting VALUES ('vẫn', 'ghi được')")
    finally:
        other.close()


def test_nobody_opens_the_file_while_it_is_changed(path):
    key = DataKey.draw()
    told = []

    def prove(_new):
        with pytest.raises(DataFileError, match="Đang chuyển mã hóa"):
            finish_left_over(path)
        late = dbapi2.connect(str(path), timeout=0, isolation_level=None)
        with pytest.raises(dbapi2.OperationalError, match="locked"):
            late.execute("SELECT * FROM setting")
        late.close()
        told.append("refused")

    convert(path, None, key, prove=prove, progress=quiet)
    assert told == ["refused"]
    WindowLock.acquire(path.parent, "chuyen-ma-hoa.lock").release()


def test_what_the_proof_refuses_leaves_everything_as_it_was(path):
    before = dump(path, None)

    def prove(_new):
        raise DataFileError("không khớp")

    with pytest.raises(DataFileError, match="không khớp"):
        convert(path, None, DataKey.draw(), prove=prove, progress=quiet)
    assert dump(path, None) == before
    assert {p.name for p in path.parent.iterdir()} == {"counter.db", "chuyen-ma-hoa.lock"}


def test_a_row_that_did_not_arrive_is_found(path, monkeypatch):
    monkeypatch.setattr(module, "_copy", lossy(module._copy))
    with pytest.raises(DataFileError, match="số dòng"):
        convert(path, None, DataKey.draw(), prove=quiet, progress=quiet)
    assert is_plain(path)


def lossy(copy):
    """Return a way to copy that loses a row."""

    def lose(connection, progress):
        copy(connection, progress)
        connection.execute("DELETE FROM main.setting WHERE key = 'k1'")

    return lose


def test_a_name_that_cannot_be_changed_leaves_the_old_file(path, monkeypatch):
    def refuse(*_args):
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(module.os, "link", refuse)
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(DataFileError, match="Không thay được tệp"):
        convert(path, None, DataKey.draw(), prove=quiet, progress=quiet)
    assert is_plain(path)
    assert check_whole(path) == []


def test_a_copy_under_another_key_leaves_the_original(path, tmp_path):
    key = DataKey.draw()
    copy_under(path, None, tmp_path / "copy.db", key)
    assert dump(tmp_path / "copy.db", key) == dump(path, None)


_CHILD = """
import os, signal, sys
from pathlib import Path
from counter_app.storage.convert import convert
from counter_app.storage.keys import DataKey
path, at = Path(sys.argv[1]), int(sys.argv[2])
keys = [None if text == "-" else DataKey(bytes.fromhex(text[:32]), bytes.fromhex(text[32:]))
        for text in sys.argv[3:5]]
count = 0
def tell(done, total):
    global count
    if count == at:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
convert(path, *keys, prove=lambda new: tell(0, 0), progress=tell)
print(count)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("is_on", [True, False])
def test_killed_at_any_step_the_one_or_the_other_file_opens(path, is_on):
    key = DataKey.draw()
    before = dump(path, None)
    keys = (None, key) if is_on else (key, None)
    if not is_on:
        convert(path, None, key, prove=quiet, progress=quiet)
    content = path.read_bytes()
    words = ["-" if k is None else k.salt.hex() + k.secret.hex() for k in keys]

    def run(at):
        line = [sys.executable, "-c", _CHILD, str(path), str(at), *words]
        return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)

    steps = int(run(10_000).stdout)
    seen = set()
    # Every step after the copying, and a few within it.
    for at in [0, 3, steps // 2, *range(steps - 6, steps)]:
        for left in path.parent.glob("counter.db*"):
            left.unlink()
        path.write_bytes(content)
        assert run(at).returncode == -signal.SIGKILL
        finish_left_over(path)
        found = None if is_plain(path) else key
        seen.add(found)
        assert dump(path, found) == before
        assert {p.name for p in path.parent.iterdir()} <= {"counter.db", "chuyen-ma-hoa.lock"}
    assert seen == {None, key}


def test_a_full_disk_leaves_the_old_file(small_disk):
    path = small_disk / "counter.db"
    store = open_store(path, backup_folder=small_disk / "backups", stamp="x")
    store.execute("INSERT INTO setting VALUES ('k', 'v')")
    store.close()
    free = os.statvfs(small_disk)
    room = free.f_bavail * free.f_frsize - 100_000
    (small_disk / "filler").write_bytes(bytes(room))
    with pytest.raises(DataFileError, match="đã đầy"):
        convert(path, None, DataKey.draw(), prove=quiet, progress=quiet)
    assert is_plain(path)
    assert not (small_disk / "counter.db.moi").exists()
    assert check_whole(path) == []
