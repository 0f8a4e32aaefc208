"""The clock: what stands before the last save, a foreign zone, a long gap, one set by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counter_app import bootstrap

NOW = "2026-11-23T09:00"


def test_a_clock_before_the_last_save_is_refused_until_it_is_confirmed(desk):
    desk.receive()
    desk.at("2026-11-23T08:59")
    line = desk.refused("receive", "--procedure", "1.004873", "--applicant", "B")
    assert "--clock-confirmed" in line
    assert len(desk.done("list")) == 1
    assert (
        desk("--clock-confirmed", "receive", "--procedure", "1.004873", "--applicant", "B")[0] == 0
    )
    assert desk.receive("C", "--clock-confirmed")["code"] == "TAM-01-261123-0003"
    assert desk.checks_hold


@pytest.mark.parametrize(
    "words",
    [
        ("settings", "set", "counting", "hour"),
        ("setup", "--office", "X", "--parent", "Y"),
        ("print", "receipt", "TAM-01-261123-0001", "-o", "a.pdf"),
        ("undo", "TAM-01-261123-0001", "--reason", "nhầm"),
    ],
)
def test_every_verb_that_saves_looks_at_the_clock(desk, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk.receive()
    desk.at("2026-11-22T09:00")
    assert "Đồng hồ" in desk.refused(*words)
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    "words",
    [("list",), ("search", "a"), ("settings", "list"), ("check",), ("apologies",)],
)
def test_verbs_that_only_read_are_quiet_about_the_clock(desk, words, monkeypatch):
    desk.receive()
    desk.at("2026-11-22T09:00")
    said = desk(*words)
    assert (said.status, said.err) == (0, "")


def test_a_foreign_zone_is_one_warning_when_something_is_saved(terminal, monkeypatch):
    monkeypatch.setattr(bootstrap, "zone_offset", lambda: timedelta(0))
    said = terminal("settings", "set", "counting", "hour")
    assert said.status == 0
    assert said.err.count("Múi giờ") == 1
    assert terminal("settings", "list").err == ""


@pytest.mark.parametrize(("later", "is_told"), [("2026-11-28T09:00", 0), ("2026-11-28T09:01", 1)])
def test_a_gap_of_more_than_five_days_is_one_warning(desk, later, is_told):
    desk.receive()
    desk.at(later)
    said = desk("receive", "--procedure", "1.004873", "--applicant", "B")
    assert said.status == 0
    assert said.err.count("ngày chưa ghi hồ sơ") == is_told


def test_the_clock_is_never_set_on_real_data(terminal):
    terminal.receive()
    before = terminal.done("list")
    terminal.at(NOW)
    for words in (("list",), ("receive", "--procedure", "1.004873", "--applicant", "B")):
        assert "thực hành" in terminal.refused(*words)
    terminal.at("")
    assert terminal.done("list") == before


def test_a_clock_that_is_set_makes_no_new_folder_for_real_data(terminal):
    terminal.at(NOW)
    terminal.refused("list")
    terminal.refused("setup", "--office", "A", "--parent", "B")
    assert not (terminal.folder / "counter.db").exists()


def test_the_demo_and_the_rehearsal_may_be_made_at_a_set_time(terminal, tmp_path):
    terminal.at("2026-11-20T16:00")
    terminal.done("demo", "week")
    assert max(one["recorded_at"] for one in terminal.done("list")) <= "2026-11-20T16:00:00+07:00"


@pytest.mark.parametrize("text", ["mai", "2026-11-23", "2026-02-30T09:00", "2026-11-23T25:00"])
def test_a_set_clock_that_holds_no_moment_is_refused(desk, text):
    desk.at(text)
    assert "COUNTER_APP_NOW" in desk.refused("list")


def test_a_moment_with_an_offset_is_taken_to_office_time(desk):
    desk.at("2026-11-23T03:30Z")
    assert desk.receive()["received_at"] == "2026-11-23T10:30:00+07:00"


def test_a_future_moment_is_refused_and_a_past_one_is_marked(desk):
    line = desk.refused(
        *("receive", "--procedure", "1.004873", "--applicant", "A"),
        *("--received-at", "2026-11-23T09:01"),
    )
    assert "09:01 23/11/2026" in line
    late = desk.receive("A", "--received-at", "2026-11-20T10:00")
    assert late["entered_late"] is True
    assert late["received_at"] == "2026-11-20T10:00:00+07:00"
    assert late["recorded_at"] == "2026-11-23T09:00:00+07:00"
    desk.refused("forward", late["code"], "--to", "X", "--at", "2026-11-23T09:01")
    desk.refused("forward", late["code"], "--to", "X", "--at", "2026-11-20T09:59")


def test_an_act_back_dated_over_its_due_moment_needs_a_reason(desk):
    code = desk.receive()["code"]
    desk.at("2026-11-30T09:00")
    words = ("complete", code, "--at", "2026-11-27T10:00")
    desk.refused(*words)
    assert desk.done(*words, "--reason", "Ghi sót hôm trước")["backdated"] is True
