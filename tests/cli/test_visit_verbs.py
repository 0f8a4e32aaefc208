"""A visit by verbs: recorded, shown, printed, and received when the person comes back."""

from __future__ import annotations


def visit(desk, *words, name="Nguyễn Văn Đức"):
    return desk.done("receive", "--procedure", "1.004873", "--applicant", name, *words)


def test_a_visit_is_recorded_shown_and_printed(desk, tmp_path):
    said = visit(desk, "--guidance", "--item", "Tờ khai", "--item", "Căn cước")
    assert said["code"] == "LUOT-01-261123-0001"
    assert (said["kind"], said["requirements"]) == ("guidance", ["Tờ khai", "Căn cước"])
    assert desk.done("list") == []
    assert desk.done("show", said["code"]) == said
    paper = tmp_path / "slip.pdf"
    desk.done("print", "supplement", said["code"], "-o", paper)
    assert paper.read_bytes().startswith(b"%PDF")
    assert "print supplement" in desk.refused("print", "refusal", said["code"], "-o", paper)
    assert desk.checks_hold


def test_a_refusal_at_the_desk_needs_its_reason(desk):
    line = desk.refused("receive", "--procedure", "1.004873", "--applicant", "A", "--not-accepted")
    assert "lý do" in line
    assert visit(desk, "--not-accepted", "--reason", "sai nơi nộp")["kind"] == "not_accepted"


def test_who_comes_back_is_received_from_the_visit(desk):
    code = visit(desk, "--guidance", "--reason", "thiếu tờ khai", "--phone", "0905123456")["code"]
    received = desk.done("receive", "--from-visit", code, "--document", "Tờ khai=1/0")
    assert (received["applicant_name"], received["phone"]) == ("Nguyễn Văn Đức", "0905123456")
    assert desk.done("show", code)["dossier_code"] == received["code"]
    assert "đã được nhận" in desk.refused("receive", "--from-visit", code)
    assert desk.checks_hold


def test_options_that_don_t_go_together_are_refused(desk):
    assert "--procedure" in desk.refused("receive", "--applicant", "A")
    assert "--reason" in desk.refused(
        "receive", "--procedure", "1.004873", "--applicant", "A", "--reason", "x"
    )
    both = ("--guidance", "--not-accepted", "--reason", "x")
    desk.refused("receive", "--procedure", "1.004873", "--applicant", "A", *both)


def test_a_visit_is_taken_back_by_undo(desk):
    code = visit(desk, "--guidance", "--reason", "thiếu")["code"]
    assert desk.done("undo", code, "--reason", "ghi nhầm")["void_reason"] == "ghi nhầm"
    assert "đã được hoàn tác" in desk.refused("receive", "--from-visit", code)
