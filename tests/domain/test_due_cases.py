"""The conformance file, row by row, and the oddities a row may have."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from counter_app.domain.due_cases import (
    REQUIRED_COLUMNS,
    answer_case,
    answer_cases,
    missing_columns,
)

FILE = Path(__file__).parent.parent / "data" / "due.csv"
with FILE.open(encoding="utf-8-sig", newline="") as opened:
    ROWS = list(csv.DictReader(opened))

ROW = {
    "weekday_hours": "07:30-11:30,13:00-17:00",
    "received": "2026-11-23T09:00",
    "limit": "1wd",
}


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_every_conformance_row_is_answered_exactly(row):
    due_at, error = answer_case(row)
    assert due_at == row["expected_due"]
    assert bool(error) == (row["expected_error"] == "yes")


def test_the_file_is_whole():
    assert len(ROWS) == 167
    assert missing_columns(ROWS[0]) == ()
    assert missing_columns(["case", "limit"]) == tuple(
        name for name in REQUIRED_COLUMNS if name not in {"case", "limit"}
    )


def test_absent_empty_and_missing_values_mean_the_default():
    assert answer_case(ROW) == ("2026-11-24T17:00", "")
    empty = dict.fromkeys(("special_days", "counting", "cutoff", "pauses"), None)
    assert answer_case({**ROW, **empty}) == ("2026-11-24T17:00", "")
    spaced = {"received": " 2026-11-23T09:00 ", "limit": " 1wd ", "counting": " day "}
    assert answer_case({**ROW, **spaced, "holidays": " 2026-11-24 ; ; "}) == (
        "2026-11-25T17:00",
        "",
    )


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("weekday_hours", "7:30-11:30"),
        ("weekday_hours", ""),
        ("saturday_hours", "12:00-07:00"),
        ("holidays", "24/11/2026"),
        ("holidays", "2026-02-30"),
        ("makeup_days", "x"),
        ("special_days", "2026-11-24"),
        ("special_days", "=07:30-10:00"),
        ("special_days", "2026-11-24=07:30"),
        ("special_days", "2026-11-24=07:30-10:00;2026-11-24=08:00-10:00"),
        ("received", ""),
        ("received", "2026-11-23"),
        ("received", "hôm nay"),
        ("received", "0001-01-01T00:00+14:00"),
        ("limit", ""),
        ("limit", "3 ngày"),
        ("counting", "hours"),
        ("cutoff", "15:00"),
        ("pauses", "2026-11-24T09:00"),
        ("pauses", "2026-11-24T09:00/2026-11-23T09:00"),
    ],
)
def test_what_cannot_be_read_is_an_error_for_that_row_in_a_sentence(column, text):
    due_at, error = answer_case({**ROW, column: text})
    assert due_at == ""
    assert error.endswith((".", ")."))


def test_unreadable_hours_are_an_error_even_for_a_limit_by_the_clock():
    assert answer_case({**ROW, "limit": "5ch", "weekday_hours": ""})[1]
    assert answer_case({**ROW, "limit": "5ch"}) == ("2026-11-23T14:00", "")


def test_the_same_special_day_twice_is_no_contradiction():
    twice = "2026-11-24=08:00-10:00; 2026-11-24=08:00-10:00"
    assert answer_case({**ROW, "special_days": twice}) == ("2026-11-24T10:00", "")


def test_many_rows_keep_their_columns_and_one_bad_row_stops_nothing():
    rows = [{**ROW, "note": "a"}, {**ROW, "limit": "?", "note": None}, ROW]
    answered = answer_cases(rows)
    assert [row["due"] for row in answered] == ["2026-11-24T17:00", "", "2026-11-24T17:00"]
    assert [bool(row["error"]) for row in answered] == [False, True, False]
    assert answered[0]["note"] == "a"
    assert answered[1]["note"] == ""
    assert list(answered[2])[-2:] == ["due", "error"]
