"""The verb ``calendar`` tells which promises a file touches and moves them only when told to."""

from __future__ import annotations

import json

import pytest

DAYS = [{"date": "2026-11-26", "kind": "holiday", "name": "Nghỉ của xã", "source": "QĐ 1"}]
DUE, MOVED = "2026-11-27T17:00:00+07:00", "2026-11-30T17:00:00+07:00"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "days.json"
    path.write_text(json.dumps(DAYS), "utf-8")
    return path


def due(desk, code):
    return desk.done("show", code)["due_at"]


def test_a_trial_tells_what_is_touched_and_saves_nothing(desk, file):
    code = desk.receive("Nguyễn Văn Đức")["code"]
    before = desk.done("calendar", "show", "2026")
    said = desk.done("calendar", "import", file, "--dry-run")
    assert said["imported"] == 0
    assert [(t["code"], t["before"], t["after"], t["fate"]) for t in said["touched"]] == [
        (code, DUE, MOVED, "moved")
    ]
    assert said["working_days"] == [{"year": 2026, "before": 249, "after": 248}]
    assert desk.done("calendar", "show", "2026") == before


def test_a_file_moves_no_promise_until_a_decision_is_named(desk, file):
    code = desk.receive()["code"]
    said = desk("calendar", "import", file)
    assert "lời hẹn đã in giữ nguyên" in said.out
    assert due(desk, code) == DUE
    assert "số quyết định" in desk.refused("calendar", "confirm")
    assert desk.done("calendar", "confirm", "--decision", "QĐ 12")["promises_added"] == 1
    shown = desk.done("show", code)
    assert shown["due_at"] == MOVED
    assert shown["original_due_at"] == DUE
    assert [(p["kind"], p["source"]) for p in shown["promises"]][-1] == ("calendar", "QĐ 12")
    assert desk.done("calendar", "confirm", "--decision", "QĐ 12")["promises_added"] == 0
    assert desk.checks_hold


def test_a_file_with_its_decision_moves_them_and_lists_whom_to_tell(desk, file, tmp_path):
    code = desk.receive("Nguyễn Văn Đức", "--phone", "0905123456")["code"]
    people = tmp_path / "people.csv"
    said = desk("calendar", "import", file, "--decision", "QĐ 12", "--by", "Lê A", "-o", people)
    assert "1 người cần báo ngày mới" in said.out
    assert due(desk, code) == MOVED
    told = people.read_text("utf-8-sig")
    assert "'0905123456" in told
    assert "30/11/2026" in told


@pytest.mark.parametrize("words", [("import",), ("import", "none.json"), ("show", "2026x")])
def test_what_can_t_be_done_is_said_in_one_line(desk, words):
    assert desk.refused("calendar", *words).endswith(".")


def test_a_year_out_of_reach_is_refused(desk):
    assert "năm" in desk.refused("calendar", "confirm", "--confirm-year", "3000")
