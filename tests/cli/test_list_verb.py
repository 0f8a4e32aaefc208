"""The verb ``list``: conditions that combine, filters by name, files."""

from __future__ import annotations


def test_conditions_combine_and_are_kept_by_name(desk, tmp_path):
    first = desk.receive("Trần Thị Bưởi")["code"]
    desk.receive("Lê Văn Cam")
    desk.done("forward", first, "--to", "Tư pháp")
    found = desk.done("list", "--unit", "Tư pháp", "--open", "--save", "Của Tư pháp")
    assert [one["code"] for one in found] == [first]
    again = desk.done("list", "--saved", "Của Tư pháp")
    assert [one["code"] for one in again] == [first]
    assert desk.done("list", "--saved", "Của Tư pháp", "--text", "cam") == []
    for name in ("a.csv", "a.xlsx", "a.pdf"):
        said = desk.done("list", "--saved", "Của Tư pháp", "-o", tmp_path / name)
        assert said == {"rows": 1}
        assert (tmp_path / name).stat().st_size > 100
    desk.done("list", "--forget", "Của Tư pháp")
    assert "Của Tư pháp" in desk.refused("list", "--saved", "Của Tư pháp")


def test_what_cannot_be_a_filter_is_said(desk, tmp_path):
    assert "đứng sau" in desk.refused(
        "list", "--due-from", "2026-12-01", "--due-until", "2026-11-01"
    )
    assert "chưa có điều kiện" in desk.refused("list", "--save", "Rỗng")
    desk.refused("list", "-o", tmp_path / "a.doc")


def test_the_search_index_can_be_made_anew(desk):
    desk.receive("Trần Thị Bưởi")
    assert all(check["ok"] for check in desk.done("check", "--rebuild-search"))
    assert len(desk.done("search", "buoi")) == 1
    assert len(desk.done("search", "tran thi buoj")) == 1
