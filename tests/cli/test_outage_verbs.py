"""Papers of the office by verbs: reserved numbers and the sheets to units."""

from __future__ import annotations


def test_a_kit_is_made_listed_used_and_closed(desk, tmp_path):
    out = tmp_path / "bo.pdf"
    made = desk.done("paper-kit", "make", "--count", 2, "-o", out)
    assert out.read_bytes().startswith(b"%PDF")
    first, second = made["numbers"]
    code = desk.receive("Lê An", "--paper-number", first, "--promised-due", "2026-12-01T17:00")[
        "code"
    ]
    assert desk.done("show", first)["code"] == code
    listed = {row["number"]: row["state"] for row in desk.done("paper-kit", "list")}
    assert listed == {first: "used", second: "open"}
    desk.refused("paper-kit", "close", second)
    desk.done("paper-kit", "close", second, "--reason", "có điện lại")
    desk.done("paper-kit", "reopen", second, "--reason", "tìm thấy tờ giấy")
    assert [row["number"] for row in desk.done("paper-kit", "list", "--state", "open")] == [second]
    assert desk.checks_hold


def test_a_place_that_cannot_be_written_reserves_no_number(desk, tmp_path):
    desk.refused("paper-kit", "make", "-o", tmp_path / "no" / "a.pdf")
    assert desk.done("paper-kit", "list") == []


def test_a_kit_printed_again_soon_is_the_same(desk, tmp_path):
    first, again = tmp_path / "a.pdf", tmp_path / "b.pdf"
    code = desk.done("paper-kit", "make", "--count", 1, "-o", first)["code"]
    desk.done("paper-kit", "print", code, "-o", again)
    assert first.read_bytes() == again.read_bytes()


def test_the_sheet_is_printed_opened_and_answered(desk, tmp_path):
    code = desk.receive()["code"]
    desk.done("forward", code, "--to", "Phòng Kinh tế")
    desk.at("2026-11-25T15:00")
    (sheet,) = desk.done("print", "handover", "-o", tmp_path / "a.pdf")["sheets"]
    assert sheet["unit"] == "Phòng Kinh tế"
    rows = desk.done("unit-sheet", "show", sheet["code"])["rows"]
    assert [(row["part"], row["code"]) for row in rows] == [("due", code)]
    desk.refused("unit-sheet", "answer", sheet["code"], "--row", 1)
    desk.refused("unit-sheet", "answer", sheet["code"], "--row", 1, "--late")
    desk.done(
        "unit-sheet", "answer", sheet["code"], "--row", 1, "--late",
        "--reason", "chờ xác minh", "--new-due", "2026-12-02T17:00",
    )  # fmt: skip
    assert desk.done("show", code)["rescheduled_due_at"].startswith("2026-12-02")
    assert [one["code"] for one in desk.done("unit-sheet", "list")] == [sheet["code"]]
    desk.done("print", "handover", sheet["code"], "-o", tmp_path / "b.pdf")
    assert desk.checks_hold


def test_a_day_without_work_prints_no_sheet(desk, tmp_path):
    desk.refused("print", "handover", "-o", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()
    desk.refused("print", "receipt", "-o", tmp_path / "a.pdf")
