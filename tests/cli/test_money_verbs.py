"""The verbs for money and the catalogue's files, as scripts use them."""

from __future__ import annotations

import json


def receive(desk, procedure="2.000884"):
    return desk.done("receive", "--procedure", procedure, "--applicant", "Nguyễn Văn A")["code"]


def test_a_fee_is_paid_and_told_again_by_the_till(desk, tmp_path):
    code = receive(desk, "2.000815")
    given = ("--pages", "5", "--copies", "3", "--paid", "--receipt-number", "0012")
    told = desk.done("fee", code, *given)
    assert (told["fee"], told["fee_paid"], told["fee_receipt"]) == (21_000, 21_000, "0012")
    till = desk.done("till", "-o", str(tmp_path / "thu.csv"))
    assert (till["total"], len(till["rows"])) == (21_000, 1)
    assert b"0012" in (tmp_path / "thu.csv").read_bytes()
    desk.done("till", "-o", str(tmp_path / "thu.pdf"))
    assert (tmp_path / "thu.pdf").read_bytes().startswith(b"%PDF")
    desk.refused("till", "-o", str(tmp_path / "thu.doc"))
    desk.refused("till", "--day", "hôm qua")
    desk.refused("fee", code, "--exempt", "--reason", "hộ nghèo")


def test_a_dossier_is_shown_with_its_fee_and_by_when_it_must_leave(desk):
    code = receive(desk)
    told = desk("show", code).out
    assert "phải chuyển trước 17:00 23/11/2026" in told
    assert "Phí, lệ phí: Chưa thu 10.000" in told
    desk.done("forward", code, "--to", "Tư pháp", "--officer", "Trần Thị Lan")
    assert "phải chuyển" not in desk("show", code).out


def test_hands_and_books_are_told_by_their_verbs(desk):
    code = receive(desk)
    desk.done("forward", code, "--to", "Tư pháp", "--officer", "Trần Thị Lan")
    assert desk.done("accept", code)["accepted_by"] == "Trần Thị Lan"
    given = ("--from", "Trần Thị Lan", "--to", "Lê Thị Hoa", "--reason", "nghỉ phép")
    assert desk.done("reassign", *given, "--dry-run")["moved"] == [code]
    assert desk.done("workload")[0]["officer"] == "Trần Thị Lan"
    assert desk.done("reassign", *given)["moved"] == [code]
    assert desk.done("workload", "--officer", "Lê Thị Hoa")[0]["code"] == code
    assert [row["handed_by"] for row in desk.done("routing", code)][-1] == "Trần Thị Lan"
    desk.refused("reassign", "--to", "A", "--reason", "x")
    desk.refused("step", code, "1")
    desk.done("books", "start", "SCT/CK", "1235")
    line = desk.done("quick", "add", "--procedure", "2.000884", "--applicant", "Lê Thị Hoa")
    assert (line["number"], line["paid"]) == (1235, 10_000)
    assert desk.done("quick", "undo", "--reason", "nhầm")["cancelled"] == "nhầm"
    assert [one["number"] for one in desk.done("quick", "list")] == [1235]
    desk.refused("quick", "undo", "--reason", "nhầm")
    desk.refused("books", "start", "SCT/CK", "7")
    linked = receive(desk, "2.000986")
    assert desk.done("step", linked, "1")["steps"][0]["done_at"] is not None
    assert desk.checks_hold


def test_a_dry_run_says_what_changes_and_changes_nothing(desk, tmp_path):
    path = tmp_path / "danh-muc.json"
    assert desk.done("procedures", "export", "-o", str(path))["exported"] >= 60
    entries = json.loads(path.read_text("utf-8"))
    entries[0]["limit"] = "1wd"
    path.write_text(json.dumps(entries), "utf-8")
    told = desk.done("procedures", "import", str(path), "--dry-run")
    assert (told["imported"], told["edit"], told["new"]) == (0, 1, 0)
    assert told["changes"][0]["fields"] == [{"name": "limit", "before": "0wd", "after": "1wd"}]
    assert desk.done("procedures", "show", entries[0]["code"])["limit"] == "0wd"
    assert desk.done("procedures", "import", str(path))["edit"] == 1
    assert desk.done("procedures", "show", entries[0]["code"])["limit"] == "1wd"
    desk.refused("procedures", "export")
