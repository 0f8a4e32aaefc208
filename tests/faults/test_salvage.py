"""A file with broken pages: every row that can be read is in the new one, the rest is told."""

from __future__ import annotations

import errno
import os
import random
from datetime import datetime, timedelta

import pytest

from counter_app.atomic import FileNotWrittenError
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError, InputError
from counter_app.services import browse, checks, moves, reception
from counter_app.services.salvage import salvage
from counter_app.storage.backup import check_whole
from counter_app.storage.database import open_store

NOW = datetime(2026, 11, 23, 9)
COUNT = 60


@pytest.fixture
def damaged(tmp_path):
    """Return a function that damages so many pages, the file, and every code in it."""
    folder = tmp_path / "data"
    app = open_app(data=str(folder), environment={})
    codes = []
    for number in range(COUNT):
        request = ReceiveRequest(
            procedure_code="1.004873",
            applicant_name=f"Người Thứ {number}",
            citizen_id=f"0452020{number:05d}",
        )
        received = reception.receive_dossier(
            app.store, request, now=NOW + timedelta(minutes=number), issue_receipt=True
        )
        moves.forward(
            app.store, received.code, to="Tư pháp", by="Hoa", now=NOW + timedelta(minutes=number)
        )
        codes.append(received.code)
    app.store.close()
    return folder / "counter.db", codes


def _pages_of_the_list_of_tables(content):
    """Return what hangs below the first page, numbered from 0."""
    assert content[100] == 5
    count = int.from_bytes(content[103:105])
    cells = [int.from_bytes(content[112 + 2 * n : 114 + 2 * n]) for n in range(count)]
    return {int.from_bytes(content[at : at + 4]) - 1 for at in (*cells, 108)}


def _break(path, pages, seed):
    content = bytearray(path.read_bytes())
    chance = random.Random(seed)
    inside = set(range(30, len(content) // 4096)) - _pages_of_the_list_of_tables(content)
    for page in chance.sample(sorted(inside), pages):
        content[page * 4096 : page * 4096 + 64] = chance.randbytes(64)
    path.write_bytes(content)


def _opened(path):
    return open_store(path, backup_folder=path.parent / "none", stamp="x")


def test_a_whole_file_is_brought_over_whole(damaged, tmp_path):
    path, codes = damaged
    report = salvage(path, tmp_path / "new.db", now=NOW)
    assert (report.lost, report.problems, report.rebuilt) == (0, (), 0)
    assert (report.dossiers, report.events) == (COUNT, 3 * COUNT)
    store = _opened(report.path)
    assert [code for (code,) in store.rows("SELECT code FROM dossier ORDER BY id")] == codes
    assert len(browse.search(store, "nguoi thu 7", limit=50)) > 0
    store.close()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_on_whole_pages_is_there_again(damaged, tmp_path, seed):
    path, _ = damaged
    _break(path, 4, seed)
    before = path.read_bytes()
    assert check_whole(path)
    report = salvage(path, tmp_path / "new.db", now=NOW)
    assert path.read_bytes() == before
    assert check_whole(report.path) == []
    # Four pages hold a handful of rows each; all others are there.
    assert report.dossiers >= COUNT - 40
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "new.db"]


@pytest.mark.parametrize(("table", "rebuilt"), [("dossier", COUNT), ("person", 0)])
def test_dossiers_and_people_whose_rows_are_lost_are_told_by_history(
    damaged, tmp_path, table, rebuilt
):
    path, codes = damaged
    store = _opened(path)
    (root,) = store.row("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    store.close()
    content = bytearray(path.read_bytes())
    at = (root - 1) * 4096
    assert content[at] in (5, 13)
    content[at : at + 12] = b"\xff" * 12
    path.write_bytes(content)
    report = salvage(path, tmp_path / "new.db", now=NOW)
    assert report.rebuilt == rebuilt
    store = _opened(report.path)
    assert store.row("SELECT count(*) FROM person") == (COUNT,)
    found = [code for (code,) in store.rows("SELECT code FROM dossier ORDER BY id")]
    failed = {check.check for check in checks.run_checks(store) if not check.ok}
    store.close()
    assert found == codes
    assert failed == set()


@pytest.mark.parametrize(
    ("sql", "people", "rebuilt"),
    [
        ("UPDATE event SET body = '{\"set' WHERE sequence = 1", COUNT - 1, 0),
        ("UPDATE dossier SET details = '{\"set' WHERE code LIKE '%-0001'", COUNT, 1),
    ],
)
def test_a_text_that_can_not_be_read_any_more_stops_no_salvage(
    damaged, tmp_path, sql, people, rebuilt
):
    path, codes = damaged
    store = _opened(path)
    store.execute("PRAGMA foreign_keys=0")
    store.execute("DELETE FROM person")
    assert store.execute(sql).rowcount == 1
    store.close()
    report = salvage(path, tmp_path / "new.db", now=NOW)
    assert (report.dossiers, report.rebuilt) == (len(codes), rebuilt)
    assert bool(report.problems) == (rebuilt == 0)
    store = _opened(report.path)
    assert store.row("SELECT count(*) FROM person") == (people,)
    store.close()


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EIO, (DataFileError, "Không đọc hết được tệp counter.db")),
        (errno.ENOSPC, (FileNotWrittenError, "Không ghi được tệp new.db: đĩa đã đầy")),
    ],
)
def test_the_disk_that_fails_is_named_and_nothing_is_left(
    damaged, tmp_path, monkeypatch, number, told
):
    def fail(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("counter_app.services.salvage.copy_aside", fail)
    with pytest.raises(told[0], match=told[1]):
        salvage(damaged[0], tmp_path / "new.db", now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_first_bytes_may_be_gone(damaged, tmp_path):
    path, _ = damaged
    content = bytearray(path.read_bytes())
    content[:16] = bytes(16)
    path.write_bytes(content)
    assert salvage(path, tmp_path / "new.db", now=NOW).dossiers == COUNT


def test_a_file_without_its_list_of_tables_is_told(tmp_path):
    path = tmp_path / "x.db"
    path.write_bytes(b"SQLite format 3\x00" + b"x" * 9000)
    with pytest.raises(DataFileError, match="bản sao lưu gần nhất"):
        salvage(path, tmp_path / "new.db", now=NOW)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.db"]
    with pytest.raises(InputError, match="Đã có tệp"):
        salvage(path, path, now=NOW)
    with pytest.raises(InputError, match="Không có tệp"):
        salvage(tmp_path / "gone.db", tmp_path / "new.db", now=NOW)
