"""Corrections, files, slips and opinions by verbs."""

from __future__ import annotations

import pytest

PDF = b"%PDF-1.7\n%%EOF\n"


def test_a_correction_says_that_a_new_receipt_is_owed(desk, tmp_path):
    code = desk.receive()["code"]
    desk.done("print", "receipt", code, "-o", tmp_path / "a.pdf")
    said = desk(
        "correct",
        code,
        "--set",
        "applicant_name=Lê Đúng",
        "phone=0905123456",
        "--reason",
        "nhập nhầm",
        "--json",
    )
    assert said.status == 0
    assert (said.json["applicant_name"], said.json["phone"]) == ("Lê Đúng", "0905123456")
    assert "in giấy mới" in said.err
    desk.done("print", "receipt", code, "-o", tmp_path / "b.pdf")
    papers = desk.done("show", code)["papers"]
    assert [(p["edition"], p["replaced"]) for p in papers] == [(1, True), (2, False)]
    old = desk("show", code)
    assert old.status == 0
    assert desk("show", f"{code}/2").status == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "phone"), "MỤC=GIÁ TRỊ"),
        (("--set", "status=returned"), "Không sửa được"),
        (("--set", "phone=1", "phone=2"), "có hai lần"),
    ],
)
def test_a_correction_that_can_t_be_read_is_one_line(desk, words, says):
    code = desk.receive()["code"]
    assert says in desk.refused("correct", code, *words, "--reason", "nhầm")


def test_a_changed_limit_adds_a_promise(desk):
    code = desk.receive()["code"]
    desk.done("correct", code, "--set", "limit=5wd", "--reason", "nhầm")
    kinds = [p["kind"] for p in desk.done("show", code)["promises"]]
    assert kinds == ["first", "correction"]


def test_files_and_a_slip_stand_in_the_json(desk, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    code = desk.receive("A", "--document", "Tờ khai=1/0")["code"]
    desk.done("attach", code, scan, "--kind", "input", "--document", "Tờ khai")
    desk.done("survey", code, "--score", "time=2", "conduct=1", "--comment", "tốt")
    shown = desk.done("show", code)
    assert [one["document"] for one in shown["attachments"]] == ["Tờ khai"]
    assert shown["survey"]["satisfied"] is True
    assert "cần là một số" in desk.refused("survey", code, "--score", "time=hai")
    assert desk.checks_hold


def test_an_opinion_is_asked_and_answered(desk):
    code = desk.receive()["code"]
    desk.done("ask-opinion", code, "--unit", "Công an xã", "--what", "cư trú", "--limit", "2wd")
    (asked,) = desk.done("show", code)["opinions"]
    assert (asked["due_at"], asked["answered_at"]) == ("2026-11-26T17:00:00+07:00", None)
    desk.done("opinion-received", code, "--answer", "đủ điều kiện")
    assert desk.done("show", code)["opinions"][0]["answer"] == "đủ điều kiện"


def test_a_backup_says_where_the_attached_files_are(desk, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    code = desk.receive()["code"]
    assert "đính kèm" not in desk("backup").out
    desk.done("attach", code, scan, "--kind", "output")
    assert "không chép thêm" in desk("backup").out
    stick = tmp_path / "usb"
    assert f"chép vào {stick}" in desk("backup", stick).out
    assert len(list((stick / "attachments").rglob("*.pdf"))) == 1
