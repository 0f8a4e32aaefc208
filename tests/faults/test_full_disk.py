"""A full disk: the save is refused in a sentence, what was saved is there, mending is enough."""

from __future__ import annotations

import contextlib
import sys
from datetime import datetime

import pytest

from counter_app.__main__ import main
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError, UserError
from counter_app.services import attachments, checks, lists, reception
from counter_app.storage.backup import back_up

NOW = datetime(2026, 11, 23, 9)
REQUEST = ReceiveRequest(
    procedure_code="1.004873", applicant_name="Nguyễn Văn Đức", content="x" * 500
)


def _save_until_full(store, most=5000):
    codes = []
    while len(codes) < most:
        try:
            received = reception.receive_dossier(store, REQUEST, now=NOW)
        except DataFileError as error:
            return codes, error.message
        codes.append(received.code)
    pytest.fail("the disk never was full")


def _holds(store, codes):
    assert [code for (code,) in store.rows("SELECT code FROM dossier ORDER BY id")] == codes
    assert all(check.ok for check in checks.run_checks(store))


def test_a_database_that_may_not_grow_refuses_and_keeps_what_it_has(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    (pages,) = app.store.row("PRAGMA page_count")
    app.store.execute(f"PRAGMA max_page_count={pages + 20}")
    codes, message = _save_until_full(app.store)
    assert "đầy" in message
    assert codes
    _holds(app.store, codes)
    app.store.execute("PRAGMA max_page_count=1000000")
    codes.append(reception.receive_dossier(app.store, REQUEST, now=NOW).code)
    _holds(app.store, codes)
    app.store.close()


def test_a_list_that_fills_the_disk_halfway_leaves_nothing_of_itself(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    received = reception.receive_dossier(app.store, REQUEST, now=NOW)
    source = tmp_path / "list.csv"
    source.write_text(
        "Mã TTHC,Tên TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận\n"
        + "".join(
            f"1.004873,Cấp bản sao,Lê Văn Đức,04519200{number:04d},20/11/2026 08:00\n"
            for number in range(1200)
        ),
        "utf-8",
    )
    (pages,) = app.store.row("PRAGMA page_count")
    app.store.execute(f"PRAGMA max_page_count={pages + 400}")
    done = []
    with pytest.raises(DataFileError, match="đầy"):
        lists.import_list(
            app.store, source, name="a", by="Lan", now=NOW, progress=lambda *told: done.append(told)
        )
    assert (600, 1200) in done  # five hundred of its rows had been written
    _holds(app.store, [received.code])
    app.store.execute("PRAGMA max_page_count=1000000")
    report = lists.import_list(app.store, source, name="a", by="Lan", now=NOW)
    assert (report.new, report.rejected) == (1200, 0)
    assert all(check.ok for check in checks.run_checks(app.store))
    app.store.close()


def _fill(place):
    with (place / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass


def _receive_until_refused(words, capsys):
    """Receive while the log's own room lasts; return the codes and what is said when it doesn't."""
    codes = []
    for _ in range(200):
        status = main([*words, "receive", "--procedure", "1.004873", "--applicant", "A"])
        said = capsys.readouterr()
        if status:
            assert status == 2
            return codes, said.err
        codes.append(said.out.split()[0])
    pytest.fail("a full disk takes everything")


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_full_disk_loses_nothing_and_room_is_enough_to_go_on(small_disk, capsys, monkeypatch):
    monkeypatch.delenv("COUNTER_APP_NOW", raising=False)
    folder = small_disk / "data"
    app = open_app(data=str(folder), environment={})
    codes, message = _save_until_full(app.store)
    assert "đầy" in message
    assert len(codes) > 10
    _holds(app.store, codes)
    with pytest.raises(UserError):
        back_up(app.store.database, folder / "backups" / "a.db")
    assert list(folder.rglob("*.tmp")) == []
    app.store.close()
    _fill(small_disk)
    words = ["--data", str(folder), "--clock-confirmed"]
    capsys.readouterr()
    more, err = _receive_until_refused(words, capsys)
    codes += more
    assert len(err.splitlines()) == 1
    assert "đầy" in err or "Ổ đĩa" in err
    assert main([*words, "print", "receipt", codes[0], "-o", str(small_disk / "a.pdf")]) == 2
    assert not (small_disk / "a.pdf").exists()
    (small_disk / "filler").unlink()
    app = open_app(data=str(folder), environment={})
    _holds(app.store, codes)
    app.store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_file_that_finds_no_room_is_not_attached_and_can_be_once_there_is(small_disk, tmp_path):
    app = open_app(data=str(small_disk / "data"), environment={})
    made = reception.receive_dossier(app.store, REQUEST, now=NOW)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\n" + b"0" * 200_000 + b"\n%%EOF\n")

    def attach():
        return attachments.attach(app.store, made.uuid, files=[scan], by="Hoa", now=NOW)

    _fill(small_disk)
    with pytest.raises(UserError, match="đĩa đã đầy"):
        attach()
    assert list((small_disk / "data").rglob("*.pdf")) == []
    assert list((small_disk / "data").rglob("*.tmp")) == []
    _holds(app.store, [made.code])
    (small_disk / "filler").unlink()
    assert len(attach().state["attachments"]) == 1
    assert len(list((small_disk / "data").rglob("*.pdf"))) == 1
    _holds(app.store, [made.code])
    app.store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_disk_without_room_for_the_first_start_is_told(small_disk, capsys):
    _fill(small_disk)
    assert main(["--data", str(small_disk / "data"), "list"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    (small_disk / "filler").unlink()
    assert main(["--data", str(small_disk / "data"), "list"]) == 0
