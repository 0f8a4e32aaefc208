"""The verb ``board``: the head's figures as JSON, in lines, and as one page."""

from __future__ import annotations


def test_the_board_says_who_has_what(desk, tmp_path):
    code = desk.receive("Trần Thị Bưởi")["code"]
    desk.receive("Lê Văn Cam")
    desk.done("forward", code, "--to", "Tư pháp", "--officer", "Hoa")
    found = desk.done("board")
    (line,) = [one for one in found["loads"] if one["officer"] == "Hoa"]
    assert (line["unit"], line["week"], line["late"], line["total"]) == ("Tư pháp", 1, 0, 1)
    assert found["total"]["total"] == 2
    later = desk.done("board", "--as-of", "2026-12-10T09:00")
    assert (later["total"]["late"], later["unaccepted"]["count"]) == (2, 1)
    target = tmp_path / "board.pdf"
    said = desk("board", "-o", target)
    assert "Tư pháp, Hoa: quá hạn 0" in said.out
    assert target.read_bytes().startswith(b"%PDF")


def test_the_page_is_a_pdf_and_nothing_else(desk, tmp_path):
    assert ".pdf" in desk.refused("board", "-o", tmp_path / "board.xlsx")
    assert list(tmp_path.glob("board*")) == []
