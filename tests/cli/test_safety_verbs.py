"""Copies, going back, the rehearsal and what is left of a damaged file, by verbs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counter_app.__main__ import main
from counter_app.bootstrap import open_app


@pytest.fixture
def run(tmp_path, capsys):
    def go(*words, status=0):
        done = main(["--data", str(tmp_path / "data"), *words])
        said = capsys.readouterr()
        assert done == status, said.err
        return said

    return go


def _receive(run, name):
    return run("receive", "--procedure", "1.004873", "--applicant", name).out.split()[0]


def test_a_dry_run_lists_what_would_be_lost_and_changes_nothing(run, tmp_path):
    _receive(run, "Lê An")
    made = json.loads(run("backup", "--json").out)["file"]
    code = _receive(run, "Trần Bình")
    told = run("restore", made, "--dry-run").out
    assert code in told
    assert "Chưa thay đổi gì" in told
    data = json.loads(run("restore", made, "--dry-run", "--json").out)
    assert (data["lost_events"], data["lost"][0]["applicant"]) == (1, "Trần Bình")
    assert len(json.loads(run("list", "--json").out)) == 2
    assert (
        "không làm mất gì"
        in run("restore", json.loads(run("backup", "--json").out)["file"], "--dry-run").out
    )


def test_a_dry_run_leaves_a_damaged_file_where_it_is(run, tmp_path):
    _receive(run, "Lê An")
    made = json.loads(run("backup", "--json").out)["file"]
    path = tmp_path / "data" / "counter.db"
    path.write_bytes(b"SQLite format 3\x00" + b"x" * 9000)
    run("restore", made, "--dry-run", status=2)
    assert path.read_bytes().endswith(b"x" * 9000)


def test_a_drill_takes_the_newest_copy_and_says_whether_it_would_do(run, tmp_path):
    assert "Chưa có bản sao lưu" in run("drill", status=2).err
    _receive(run, "Lê An")
    made = json.loads(run("backup", "--json").out)["file"]
    assert json.loads(run("drill", "--json").out)["ok"] is True
    with Path(made).open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 64)
    assert "KHÔNG khôi phục trọn vẹn" in run("drill", made, status=1).out


def test_a_missing_stick_is_a_warning_and_the_copy_stands(run, tmp_path):
    run("settings", "set", "backup_stick", str(tmp_path / "usb"))
    said = run("backup")
    assert str(tmp_path / "usb") in said.err
    assert "Đã sao lưu" in said.out


def test_a_damaged_file_is_saved_and_then_restored_from_what_was_saved(run, tmp_path):
    codes = [_receive(run, f"Người {number}") for number in range(20)]
    path = tmp_path / "data" / "counter.db"
    content = bytearray(path.read_bytes())
    store = open_app(data=str(tmp_path / "data"), environment={}).store
    (root,) = store.row("SELECT rootpage FROM sqlite_schema WHERE name = 'dossier'")
    store.close()
    content[(root - 1) * 4096 : (root - 1) * 4096 + 12] = b"\xff" * 12
    path.write_bytes(content)
    run("check", status=1)
    told = json.loads(run("salvage", "--json", status=1).out)
    assert (told["dossiers"], told["rebuilt"]) == (20, 20)
    run("restore", told["file"])
    listed = json.loads(run("list", "--json").out)
    assert {one["code"] for one in listed} == set(codes)
    assert _receive(run, "Người mới") not in codes
    run("check")


def test_salvage_refuses_what_is_there_and_what_is_not(run, tmp_path):
    assert "Không có tệp" in run("salvage", str(tmp_path / "x.db"), status=2).err
    (tmp_path / "y.db").write_bytes(b"x")
    told = run("salvage", str(tmp_path / "y.db"), "-o", str(tmp_path / "y.db"), status=2)
    assert "Đã có tệp" in told.err


def test_a_quick_check_is_a_part_of_the_whole_one(run):
    _receive(run, "Lê An")
    whole = [one["check"] for one in json.loads(run("check", "--json").out)]
    quick = [one["check"] for one in json.loads(run("check", "--quick", "--json").out)]
    assert set(quick) < set(whole)
    assert "chuỗi sự kiện không bị sửa" in quick
