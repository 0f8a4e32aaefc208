"""The verb due: one question with its proof, and a whole file of conformance cases."""

from __future__ import annotations

import csv

import pytest


def _rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_cases_is_answered_exactly(terminal, tmp_path, cases_file):
    answer = tmp_path / "answer.csv"
    said = terminal("due", "--cases", cases_file, "-o", answer, "--json")
    assert said.status == 0, said.err
    assert answer.read_bytes().startswith(b"\xef\xbb\xbf")
    given = _rows(cases_file)
    answered = _rows(answer)
    assert len(given) == len(answered) > 100
    wrong = []
    for case, row in zip(given, answered, strict=True):
        assert case == {key: row[key] for key in case}
        is_refused = case["expected_error"] == "yes"
        if row["due"] != case["expected_due"] or bool(row["error"]) != is_refused:
            wrong.append((case["case"], case["expected_due"], row["due"], row["error"]))
    assert wrong == []
    errors = sum(1 for row in answered if row["error"])
    assert said.json["rows"] == len(answered)
    assert said.json["errors"] == errors


def test_cases_read_nothing_from_the_data_folder(terminal, cases_file):
    said = terminal("due", "--cases", cases_file)
    assert said.status == 0
    assert not terminal.folder.exists()


def test_cases_go_to_standard_output_without_a_file(terminal, cases_file):
    said = terminal("due", "--cases", cases_file)
    rows = list(csv.DictReader(said.out.splitlines()))
    assert len(rows) == len(_rows(cases_file))
    assert terminal("due", "--cases", cases_file, "--json").json[0]["case"] == rows[0]["case"]


HEADER = (
    "case,description,weekday_hours,saturday_hours,holidays,makeup_days,received,limit,counting,"
    "cutoff,pauses"
)
HOURS = '"07:30-11:30,13:30-17:00"'


def test_a_byte_order_mark_and_columns_of_ones_own_pass_through(terminal, tmp_path):
    given = tmp_path / "in.csv"
    given.write_text(
        f"\ufeff{HEADER},ghi chú\r\na,b,{HOURS},,,,2026-11-23T09:00,1wd,,,,Đà Nẵng\r\n", "utf-8"
    )
    answered = terminal("due", "--cases", given, "--json").json
    assert answered == [
        {
            **dict.fromkeys(HEADER.split(","), ""),
            "case": "a",
            "description": "b",
            "weekday_hours": HOURS.strip('"'),
            "received": "2026-11-23T09:00",
            "limit": "1wd",
            "ghi chú": "Đà Nẵng",
            "due": "2026-11-24T17:00",
            "error": "",
        }
    ]


@pytest.mark.parametrize(
    "cells",
    [
        f"{HOURS},,,,2026-11-23T09:00,0cd,,,",
        f"{HOURS},,,,2026-02-30T09:00,1wd,,,",
        f"{HOURS},,,,2026-11-23,1wd,,,",
        f"{HOURS},,,,2026-11-23T09:00,10000wd,,,",
        f"{HOURS},,,,2026-11-23T09:00,1wd,week,,",
        f"{HOURS},,,,2026-11-23T09:00,1wd,,noon,",
        f"{HOURS},,,,2026-11-23T09:00,1wd,,,2026-11-25T09:00/2026-11-24T09:00",
        "13:30-11:30,,,,2026-11-23T09:00,1wd,,,",
        ",,,,2026-11-23T09:00,1wd,,,",
        f"{HOURS},,2026-13-01,,2026-11-23T09:00,1wd,,,",
        f"{HOURS},,,,9999-12-31T09:00,3wd,,,",
        f"{HOURS},,,,9990-01-01T00:00,9999mo,,,",
        "07:30-11:30,13:30-17:00,,,,2026-11-23T09:00,1wd,,,",
    ],
)
def test_a_row_that_cannot_be_answered_gets_its_error_and_the_others_their_answer(
    terminal, tmp_path, cells
):
    given = tmp_path / "in.csv"
    good = f"good,x,{HOURS},,,,2026-11-23T09:00,1wd,,,"
    given.write_text(f"{HEADER}\nbad,x,{cells}\n{good}\n", "utf-8")
    said = terminal("due", "--cases", given, "--json")
    assert said.status == 0, said.err
    bad, good = said.json
    assert (bad["due"], good["due"], good["error"]) == ("", "2026-11-24T17:00", "")
    assert bad["error"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEADER.replace(",limit", "").encode(), "limit"),
        (b"", "case"),
        (f"{HEADER},case\n".encode(), "case"),
        (HEADER.encode("utf-16"), "UTF-8"),
        (f'{HEADER}\na,"b\nc,d\n'.encode(), "ngoặc kép"),
    ],
)
def test_a_file_without_its_columns_or_unreadable_is_refused_whole(
    terminal, tmp_path, content, told
):
    given = tmp_path / "in.csv"
    given.write_bytes(content)
    answer = tmp_path / "out.csv"
    answer.write_text("before")
    assert told in terminal.refused("due", "--cases", given, "-o", answer)
    assert answer.read_text() == "before"


def test_a_file_that_is_not_there_or_a_folder_is_refused(terminal, tmp_path):
    terminal.refused("due", "--cases", tmp_path / "no.csv")
    terminal.refused("due", "--cases", tmp_path)


def test_an_answer_that_cannot_be_written_leaves_nothing_behind(terminal, tmp_path, cases_file):
    for place in (tmp_path, tmp_path / "no" / "out.csv", tmp_path / ("x" * 300)):
        terminal.refused("due", "--cases", cases_file, "-o", place)
    assert list(tmp_path.iterdir()) == []


def test_one_question_is_answered_with_its_day_by_day_proof(desk):
    said = desk.done("due", "--received", "2026-11-23T16:00", "--limit", "3wd")
    assert said["due_at"] == "2026-11-27T17:00:00+07:00"
    assert (said["counting"], said["provisional"]) == ("day", False)
    assert said["steps"][1] == {
        "date": "2026-11-24",
        "kind": "not_counted",
        "reason": said["steps"][1]["reason"],
        "minutes": said["steps"][1]["minutes"],
        "text": "T3 24/11: nghỉ Ngày Văn hóa Việt Nam",
    }
    kinds = {step["kind"] for step in said["steps"]}
    assert kinds == {"receipt", "counted", "not_counted", "due"}


def test_the_verb_due_answers_what_receive_promises(desk):
    for procedure in desk.done("procedures", "list"):
        if not procedure["limit"]:
            continue
        words = ("--limit", procedure["limit"], "--cutoff", procedure["cutoff"])
        asked = desk.done("due", "--received", "2026-11-23T09:00", *words)
        received = desk.receive(procedure=procedure["code"])
        assert received["due_at"] == asked["due_at"], procedure["code"]


def test_a_year_without_a_confirmed_calendar_is_marked(desk):
    said = desk("due", "--received", "2027-11-23T09:00", "--limit", "3wd", "--json")
    assert said.json["provisional"] is True
    assert "chưa được xác nhận" in said.err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--received", "2026-11-23T09:00"),
        ("--limit", "3wd"),
        ("--received", "2026-11-23", "--limit", "3wd"),
        ("--received", "2026-02-30T09:00", "--limit", "3wd"),
        ("--received", "mai", "--limit", "3wd"),
        ("--received", "0001-01-01T00:00+14:00", "--limit", "3wd"),
        ("--received", "9999-12-31T23:59", "--limit", "3wd"),
        ("--received", "2026-11-23T09:00", "--limit", "0cd"),
        ("--received", "2026-11-23T09:00", "--limit", "1_0wd"),
        ("--received", "2026-11-23T09:00", "--limit", "٣wd"),
        ("--received", "2026-11-23T09:00", "--limit", "99999wd"),
        ("--received", "2026-11-23T09:00", "--limit", "3wd", "--counting", "week"),
        ("--received", "2026-11-23T09:00", "--limit", "3wd", "--cutoff", "never"),
        ("--received", "2026-11-23T09:00", "--limit", "3wd", "-o", "x.csv"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(desk, words):
    desk.refused("due", *words)


def test_the_longest_limits_are_still_answered(desk):
    for limit in ("9999cd", "9999h", "9999ch", "9999m"):
        assert desk.done("due", "--received", "2026-11-23T09:00", "--limit", limit)["due_at"]
