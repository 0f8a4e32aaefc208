"""Piles and calls by verbs: one line to sign for twelve, what is refused said at the end."""

from __future__ import annotations

import json


def completed(desk, *names):
    codes = [desk.receive(name)["code"] for name in names]
    desk.done("complete", *codes)
    return codes


def test_one_code_answers_as_it_always_did(desk):
    code = desk.receive()["code"]
    assert desk.done("complete", code)["status"] == "completed"
    assert desk.done("return", code, "--collected-by", "A")["status"] == "returned"


def test_a_pile_is_handed_over_with_one_list(desk, tmp_path):
    codes = completed(desk, "A", "B", "C")
    file = tmp_path / "list.pdf"
    said = desk.done("return", *codes, "--collected-by", "Trần Văn Chạy", "-o", file)
    assert [one["status"] for one in said["done"]] == ["returned"] * 3
    assert said["handover"] == "BG-01-261123-0001"
    assert file.read_bytes().startswith(b"%PDF")
    desk.done("handover", "BG-01-261123-0001", "-o", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_refused_is_told_and_the_rest_is_done(desk):
    codes = completed(desk, "A", "B")
    said = desk("return", codes[0], "TAM-01-261123-9999", codes[1], "--collected-by", "X", "--json")
    assert said.status == 2
    data = json.loads(said.out)
    assert [one["code"] for one in data["done"]] == codes
    assert [one["code"] for one in data["refused"]] == ["TAM-01-261123-9999"]
    assert "2 hồ sơ khác đã xong" in said.err


def test_a_place_that_cannot_be_written_hands_nothing_over(desk, tmp_path):
    codes = completed(desk, "A", "B")
    desk.refused("return", *codes, "--collected-by", "X", "-o", tmp_path / "no" / "a.pdf")
    assert {desk.done("show", code)["status"] for code in codes} == {"completed"}


def test_a_pile_of_refusals_leaves_no_file(desk, tmp_path):
    code = desk.receive()["code"]
    desk.refused("return", code, code, "--collected-by", "X", "-o", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_a_pile_of_refusals_uses_up_no_number_of_a_list(desk, tmp_path):
    (code,) = completed(desk, "A")
    desk.refused("return", code, "--collected-by=X", "--fee-receipt=1", "-o", tmp_path / "a.pdf")
    said = desk.done("return", code, "--collected-by=X", "-o", tmp_path / "a.pdf")
    assert said["handover"] == "BG-01-261123-0001"


def test_a_folder_in_the_place_of_the_list_prints_no_list_again(desk, tmp_path):
    (code,) = completed(desk, "A")
    desk.done("return", code, "--collected-by=X", "-o", tmp_path / "a.pdf")
    events = desk.done("show", code)["events_count"]
    before = (desk.folder / "counter.db").read_bytes()
    desk.refused("handover", "BG-01-261123-0001", "-o", tmp_path)
    assert (desk.folder / "counter.db").read_bytes() == before
    assert desk.done("show", code)["events_count"] == events


def test_a_call_stands_in_the_list_of_what_nobody_fetched(desk):
    (code,) = completed(desk, "A")
    assert desk.done("uncollected") == []
    desk.at("2026-12-01T09:00")
    desk.done("contact", code, "--outcome", "promised", "--until", "2026-12-03")
    (row,) = desk.done("uncollected")
    assert (row["outcome"], row["until"], row["days"]) == ("promised", "2026-12-03", 8)
    desk.refused("contact", code, "--outcome", "promised", "--until", "soon")


def test_the_three_bodies_of_a_dossier_are_told(desk):
    taken = desk.receive("A", "--received-unit", "Xã Gio Linh", "--helped-unit", "Bưu điện")
    assert (taken["channel"], taken["received_unit"]) == ("transfer", "Xã Gio Linh")
    assert taken["helped_unit"] == "Bưu điện"
    ours = desk.receive("B", "--competent", "Xã Gio Linh")
    assert ours["due_at"] is None
    assert ours["expected_due_at"] is not None


def test_a_group_is_received_with_one_verb(desk):
    said = desk.receive("A", "--also-procedure", "1.001193")
    assert [one["procedure_code"] for one in said] == ["1.004873", "1.001193"]
    people = desk.receive("B", "--also-applicant", "C=045192007777", "--also-applicant", "D")
    assert [one["applicant_name"] for one in people] == ["B", "C", "D"]
    assert people[1]["citizen_id"] == "045192007777"
    assert {one["submitter_name"] for one in people} == {"B"}


def test_a_group_with_a_wrong_member_saves_nobody(desk):
    words = ("receive", "--procedure", "1.004873", "--applicant", "A")
    line = desk.refused(*words, "--also-applicant", "B=12")
    assert "Hồ sơ 2 (B)" in line
    desk.refused(*words, "--also-applicant", "B", "--also-procedure", "1.001193")
    assert desk.done("list") == []
