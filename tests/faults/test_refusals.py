"""What a disk, another program or the clock may do to a save: told in a sentence, nothing lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from counter_app import atomic
from counter_app.__main__ import main
from counter_app.bootstrap import clock_doubts, open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import ClockError, DataFileError
from counter_app.services import attachments, checks, lists, reception
from tests.faults.power import Record, full_after, recorded

NOW = datetime(2026, 11, 23, 10)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")
ROOT = Path(__file__).parent.parent.parent
_HOLDER = """
import sys
from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def app(tmp_path):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    reception.receive_dossier(opened.store, REQUEST, now=NOW, issue_receipt=True)
    yield opened
    opened.store.close()


def _whole(store, count):
    assert lists.dossier_count(store) == count
    assert [check.check for check in checks.run_checks(store) if not check.ok] == []


def test_a_file_that_another_program_holds_is_told_and_the_next_try_saves(app):
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(app.store.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        app.store.database.connection().execute("PRAGMA busy_timeout=50")
        with pytest.raises(DataFileError, match="chương trình khác"):
            reception.receive_dossier(app.store, REQUEST, now=NOW)
        _whole(app.store, 1)  # reading goes on meanwhile
        holder.communicate(b"")
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    _whole(app.store, 2)


def _refusal_of(store):
    try:
        reception.receive_dossier(store, REQUEST, now=NOW, issue_receipt=True)
    except DataFileError as refusal:
        return refusal.message
    return ""


def test_a_disk_that_is_full_at_any_write_of_a_save_refuses_it_whole(tmp_path):
    """Each single write of a save in turn is the one that finds no room, until there is room."""
    folder = tmp_path / "data"
    folder.mkdir()
    with recorded(Record(), folder) as disk:
        app = open_app(data=str(folder), environment={})
        saved = room = 0
        while True:
            with full_after(disk, room):
                refusal = _refusal_of(app.store)
            if not refusal:
                break
            assert "đầy" in refusal
            assert lists.dossier_count(app.store) == saved
            if room % 4 == 0:  # with room again it works again
                assert _refusal_of(app.store) == ""
                saved += 1
            room += 1
        assert room > 5
        _whole(app.store, saved + 1)
        app.store.close()
    again = open_app(data=str(folder), environment={})
    _whole(again.store, saved + 1)
    again.store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="a folder is taken away while it is open")
def test_a_folder_that_vanished_is_told_and_nothing_is_begun_in_its_place(app, tmp_path, capsys):
    app.store.close()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    (tmp_path / "data").write_text("")
    assert main(["--data", str(tmp_path / "data"), "list"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    (tmp_path / "data").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    again = open_app(data=str(tmp_path / "data"), environment={})
    _whole(again.store, 1)
    again.store.close()


def test_a_file_that_may_only_be_read_is_told(app, monkeypatch):
    app.store.database.connection().execute("PRAGMA query_only=1")
    with pytest.raises(DataFileError, match="chỉ cho đọc"):
        reception.receive_dossier(app.store, REQUEST, now=NOW)
    app.store.database.connection().execute("PRAGMA query_only=0")
    _whole(app.store, 1)


def test_a_save_whose_seal_cannot_be_broken_is_refused_and_told(app, monkeypatch):
    assert app.store.seal()

    def refuse(*_):
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(DataFileError, match="thư mục neo"):
        reception.receive_dossier(app.store, REQUEST, now=NOW)
    monkeypatch.undo()
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    _whole(app.store, 2)


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(days=365)])
def test_a_clock_set_back_is_told_and_numbers_and_chain_stay_right(app, back):
    early = NOW - back
    assert [doubt.kind for doubt in clock_doubts(app.store, now=early, offset=None)] == ["behind"]
    with pytest.raises(ClockError, match="Chưa lưu gì"):
        reception.receive_dossier(app.store, REQUEST, now=early)
    app.store.clock_confirmed = True
    codes = [
        reception.receive_dossier(app.store, REQUEST, now=early + timedelta(minutes=n)).code
        for n in range(3)
    ]
    codes += [reception.receive_dossier(app.store, REQUEST, now=NOW).code for _ in range(2)]
    assert len(set(codes)) == 5
    _whole(app.store, 6)


def test_a_turned_byte_in_an_attached_file_is_named_with_its_dossier(app, tmp_path):
    scan = tmp_path / "a.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    received = reception.receive_dossier(app.store, REQUEST, now=NOW)
    attachments.attach(app.store, received.code, document="Tờ khai", files=[scan], by="A", now=NOW)
    (kept,) = (path for path in (app.folder / "attachments").rglob("*") if path.is_file())
    content = bytearray(kept.read_bytes())
    content[12] ^= 1
    kept.write_bytes(content)
    found = [check for check in checks.run_checks(app.store) if not check.ok]
    assert [check.check for check in found] == [checks.FILES]
    assert found[0].problems[0]["where"] == received.code


@pytest.mark.parametrize("step", ["_create", "sync_file", "sync_folder"])
def test_a_cut_between_the_file_and_its_name_leaves_the_old_one_or_the_new_one(
    tmp_path, monkeypatch, step
):
    """The process ends at each step of writing a file, as a power cut would end it."""
    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")

    class Cut(BaseException):
        pass

    def end(*_):
        raise Cut

    monkeypatch.setattr(atomic, step, end)
    with pytest.raises(Cut):
        atomic.write_atomically(path, b"new")
    assert path.read_bytes() == (b"new" if step == "sync_folder" else b"old")


def test_a_name_is_given_only_to_what_is_on_the_disk(tmp_path, monkeypatch):
    order = []
    sync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("sync"), sync(handle))[1])
    monkeypatch.setattr(
        Path, "replace", lambda self, target: (order.append("name"), replace(self, target))[1]
    )
    atomic.write_atomically(tmp_path / "a.pdf", b"new")
    assert order == ["sync", "name", "sync"]
