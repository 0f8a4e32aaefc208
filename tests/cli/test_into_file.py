"""A verb that changes data and writes a file: refused before, or told whole after."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that fills up when the content is written, after the place was tried."""

    def refuse(_path, _content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(Path, "write_bytes", refuse)


def completed(desk):
    code = desk.receive()["code"]
    desk.done("complete", code)
    return code


def frozen_words(target):
    month = ("--from", "2026-10-01", "--to", "2026-10-31")
    return ("report", *month, "--freeze", "--officer", "Lê Thị A", "-o", target)


def test_a_report_is_not_frozen_when_its_place_cannot_be_written(desk, tmp_path):
    assert "no-such" in desk.refused(*frozen_words(tmp_path / "no-such" / "x.pdf"))
    assert desk.done("frozen") == []


def test_a_frozen_report_whose_file_fails_says_that_it_is_frozen(desk, tmp_path, full_disk):
    full_disk()
    assert "Đã chốt báo cáo số 1" in desk.refused(*frozen_words(tmp_path / "x.pdf"))
    assert len(desk.done("frozen")) == 1


def test_results_whose_list_fails_are_told_as_handed_over(desk, tmp_path, full_disk):
    code = completed(desk)
    full_disk()
    said = desk.refused("return", code, "--collected-by", "A", "-o", tmp_path / "x.pdf")
    number = "BG-01-261123-0001"
    assert code in said
    assert f"handover {number}" in said
    assert desk.done("show", code)["status"] == "returned"
    assert not (tmp_path / "x.pdf").exists()


def test_a_receipt_whose_file_fails_is_told_as_printed(desk, tmp_path, full_disk):
    code = desk.receive()["code"]
    full_disk()
    said = desk.refused("print", "receipt", code, "-o", tmp_path / "x.pdf")
    assert "đĩa đã đầy" in said
    assert "không mất" in said


def test_a_calendar_whose_list_fails_is_told_as_saved(desk, tmp_path, full_disk):
    days = tmp_path / "days.json"
    days.write_text('[{"date": "2027-03-01", "kind": "holiday", "name": "T"}]', encoding="utf-8")
    words = ("calendar", "import", days, "--decision", "1", "-o", tmp_path / "x.csv")
    full_disk()
    assert "đã được lưu" not in desk.refused(*words, "--dry-run")
    assert "đã được lưu" in desk.refused(*words)
