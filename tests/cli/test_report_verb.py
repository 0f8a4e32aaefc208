"""The verb for reports: the contract's JSON, its exit status, its files."""

from __future__ import annotations

import sqlite3

import pytest

NESTED = {
    "received": {"total", "online", "counter_and_post", "carried_over"},
    "resolved": {"total", "early", "on_time", "late"},
    "pending": {"total", "in_time", "late"},
    "surveys": {"returned", "satisfied", "returned_rate", "satisfied_rate"},
}
PLAIN = (
    "refused withdrawn stopped apologised rescheduled late_before_supplement "
    "late_closed_otherwise backdated not_accepted guidance on_time_rate on_time_rate_strict "
    "digitised_input_rate digitised_output_rate against boundary groups breaches"
).split()
NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def month(desk):
    """November with three dossiers: early, open and late, and one of October's making."""
    first, _open, last = (desk.receive() for _ in range(3))
    desk.at("2026-11-25T10:00")
    desk.done("complete", first["code"])
    desk.at("2026-11-30T10:00")
    desk.done("complete", last["code"])
    desk.at("2026-12-01T08:00")
    return desk


def test_the_report_has_every_key_of_the_contract(month):
    found = month.done("report", *NOVEMBER)
    for key, inner in NESTED.items():
        assert set(found[key]) == inner
    assert set(PLAIN) <= set(found)
    assert found["received"] == {
        "total": 3, "online": 0, "counter_and_post": 3, "carried_over": 0,
    }  # fmt: skip
    assert found["resolved"] == {"total": 2, "early": 1, "on_time": 0, "late": 1}
    assert found["pending"] == {"total": 1, "in_time": 0, "late": 1}
    assert (found["on_time_rate"], found["on_time_rate_strict"]) == (50.0, 33.33)
    assert found["surveys"]["satisfied_rate"] is None
    assert (found["against"], found["boundary"], found["breaches"]) == ("due", "day", [])


@pytest.mark.parametrize("by", ["sector", "procedure", "officer", "channel", "month", "office"])
def test_groups_carry_key_and_name_and_add_up(month, by):
    found = month.done("report", *NOVEMBER, "--by", by)
    assert sum(group["received"]["total"] for group in found["groups"]) == 3
    assert all(group["key"] is not None and group["name"] for group in found["groups"])


def test_what_is_pending_is_carried_over_into_the_next_period(month):
    found = month.done("report", "--from", "2026-12-01", "--to", "2026-12-01")
    assert found["received"]["carried_over"] == found["pending"]["total"] == 1


def test_a_breach_is_exit_one_names_its_dossier_and_makes_no_form(month):
    late = month.done("list", "--late", "--status", "completed")[0]["code"]
    database = sqlite3.connect(month.folder / "counter.db")
    database.execute("DELETE FROM standing WHERE ended_at IS NULL AND until_at < 1099511627776")
    database.commit()
    database.close()
    target = month.folder / "r.pdf"
    said = month("report", "--from", "2026-11-27", "--to", "2026-11-30", "--json", "-o", target)
    assert said.status == 1
    (breach,) = said.json["breaches"]
    assert (breach["left"], breach["right"], breach["codes"]) == (2, 1, [late])
    assert late in said.err
    assert not target.exists()
    assert month("check").status == 1


def test_files_are_written_by_their_ending(month):
    for ending, start in ((".pdf", b"%PDF-"), (".xlsx", b"PK"), (".csv", b"\xef\xbb\xbf")):
        target = month.folder / f"bao-cao{ending}"
        month.done("report", *NOVEMBER, "--by", "officer", "-o", target)
        assert target.read_bytes().startswith(start)
    assert "bằng .pdf" in month.refused("report", *NOVEMBER, "-o", month.folder / "a.doc")


def test_days_that_are_none_or_stand_the_wrong_way_are_refused(month):
    assert "2026-11-24" in month.refused("report", "--from", "x", "--to", "2026-11-30")
    assert "trước khi bắt đầu" in month.refused(
        "report", "--from", "2026-11-30", "--to", "2026-11-01"
    )


def test_a_report_that_was_frozen_is_counted_anew_and_its_differences_named(month):
    month.done("report", *NOVEMBER, "--freeze", "--officer", "Lê Thị A")
    (kept,) = month.done("frozen")
    assert (kept["name"], kept["resolved"]["total"]) == ("tháng 11 năm 2026", 2)
    assert month.done("frozen", "1") == []
    late = month.done("list", "--late")[0]["code"]
    month.done("undo", late, "--reason", "nhầm")
    said = month("frozen", "1", "--json")
    assert said.status == 1
    assert {one["figure"] for one in said.json} >= {"resolved", "pending"}
    assert all("Hoàn tác" in change["cause"] for one in said.json for change in one["changes"])


def test_the_terminal_names_the_dossier_and_the_cause_of_each_difference(month):
    month.done("report", *NOVEMBER, "--freeze", "--officer", "Lê Thị A")
    late = month.done("list", "--late")[0]["code"]
    month.done("undo", late, "--reason", "nhầm")
    said = month("frozen", "1")
    assert "Đã giải quyết: đã nộp 2, đếm lại 1" in said.out
    assert f"  bớt {late}: Hoàn tác bước" in said.out


def test_the_register_goes_with_paper_and_workbook_when_it_is_asked_for(month):
    for ending in (".pdf", ".xlsx"):
        plain, whole = (month.folder / f"{name}{ending}" for name in ("plain", "whole"))
        month.done("report", *NOVEMBER, "-o", plain)
        month.done("report", *NOVEMBER, "--register", "-o", whole)
        assert whole.stat().st_size > plain.stat().st_size
