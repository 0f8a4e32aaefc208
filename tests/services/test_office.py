"""The office, its people and its settings: what may be set, and what a refusal leaves."""

from __future__ import annotations

import json

import pytest
from counter_desk import NOW, Desk

from counter_app.errors import InputError, InputErrors, MoveRefusedError, NotFoundError
from counter_app.services import calendars, journal, office, settings

NAMES = {
    "office_name": "Trung tâm Phục vụ hành chính công",
    "parent": "Ủy ban nhân dân xã Cam Lộ",
    "agency_code": "H50.19.57",
}


def test_an_office_is_named_and_may_be_named_anew(desk):
    facts = office.set_up(desk.store, **NAMES, counter="  Quầy   2 ", counter_number=2)
    assert (facts.name, facts.counter_name, facts.counter_number) == (
        NAMES["office_name"],
        "Quầy 2",
        2,
    )
    assert facts.is_named
    assert desk.receive() == "TAM-02-261123-0001"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("office", {"office_name": " "}),
        ("office", {"office_name": "x" * 201}),
        ("parent", {"parent": ""}),
        ("parent", {"parent": "UBND 😀"}),
        ("counter", {"counter": ""}),
        ("counter_number", {"counter_number": 0}),
        ("counter_number", {"counter_number": 100}),
        ("agency_code", {"agency_code": "xã"}),
        ("province_code", {"province_code": "Q"}),
    ],
)
def test_a_name_that_can_t_be_used_changes_nothing(desk, field, values):
    before = office.office(desk.store)
    with pytest.raises(InputErrors) as wrong:
        office.set_up(desk.store, **{**NAMES, "office_name": "Khác", **values})
    assert [error.field for error in wrong.value.errors] == [field]
    assert office.office(desk.store) == before


def test_a_desk_that_gave_numbers_keeps_its_own(desk):
    desk.receive()
    with pytest.raises(MoveRefusedError) as refused:
        office.set_up(desk.store, **NAMES, counter_number=2)
    assert refused.value.field == "counter_number"
    assert office.set_up(desk.store, **NAMES, counter="Quầy chính").counter_name == "Quầy chính"


def test_a_practice_folder_never_becomes_a_real_one(desk):
    office.set_up(desk.store, **NAMES, is_rehearsal=True)
    assert office.set_up(desk.store, **NAMES).is_rehearsal


def test_a_copied_folder_goes_on_under_a_new_epoch(desk):
    desk.receive()
    here = journal.desk(desk.store)
    office.begin(desk.store, machine_mark="another machine", now=NOW)
    there = journal.desk(desk.store)
    assert (there.epoch, there.last_sequence) == (here.epoch + 1, 0)
    desk.receive()
    assert desk.problems() == []


def test_people_are_kept_in_the_order_they_came_and_leave_without_being_lost(desk):
    office.save_officer(desk.store, name=" Lê  Thị A ", position="Công chức")
    office.save_officer(desk.store, name="Trần B")
    office.save_officer(desk.store, name="Lê Thị A", position="Giám đốc", unit="TTPVHCC")
    found = [(o.name, o.position, o.unit) for o in office.officers(desk.store)]
    assert found == [("Lê Thị A", "Giám đốc", "TTPVHCC"), ("Trần B", "", "")]
    office.save_officer(desk.store, name="Trần B", is_active=False)
    assert [o.name for o in office.officers(desk.store)] == ["Lê Thị A"]


@pytest.mark.parametrize("name", ["", "x" * 201, "Lê 😀"])
def test_a_person_has_a_name_that_can_be_printed(desk, name):
    with pytest.raises(InputError) as wrong:
        office.save_officer(desk.store, name=name)
    assert wrong.value.field == "name"


def test_the_clerk_at_the_desk_is_remembered(desk):
    office.choose_clerk(desk.store, name="  Lê Thị A ")
    assert settings.get_setting(desk.store, "current_clerk") == "Lê Thị A"


# Settings


@pytest.mark.parametrize(
    ("key", "text", "held"),
    [
        ("counting", "hour", "hour"),
        ("boundary", "minute", "minute"),
        ("weekday_hours", " 07:00-11:00 ", "07:00-11:00"),
        ("saturday_hours", "07:30-11:30", "07:30-11:30"),
        ("saturday_counts", "yes", True),
        ("paper", "a5", "a5"),
        ("form_set", "tt01-2018", "tt01-2018"),
        ("apology_lead", "3wd", "3wd"),
        ("supplement_close", "20cd", "20cd"),
        ("jam_minutes", "0", 0),
        ("signers", "CHỦ TỊCH|Lê A; GIÁM ĐỐC|Trần B;", ["CHỦ TỊCH|Lê A", "GIÁM ĐỐC|Trần B"]),
        ("official_code_pattern", r"\d+", r"\d+"),
    ],
)
def test_a_setting_is_read_from_its_text(desk, key, text, held):
    assert settings.set_setting(desk.store, key=key, value=text) == held
    assert settings.get_setting(desk.store, key) == held
    (row,) = desk.store.rows("SELECT value FROM setting WHERE key = ?", (key,))
    assert json.loads(row[0]) == held


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("counting", "week"),
        ("weekday_hours", "07:30"),
        ("weekday_hours", ""),
        ("saturday_hours", "11:30-07:30"),
        ("saturday_counts", "maybe"),
        ("paper", "a3"),
        ("apology_lead", "soon"),
        ("jam_minutes", "121"),
        ("jam_minutes", "ten"),
        ("scale", "90"),
        ("official_code_pattern", "("),
        ("official_code_pattern", ".*"),
    ],
)
def test_a_value_a_setting_can_t_hold_is_refused_and_nothing_changed(desk, key, text):
    before = settings.get_setting(desk.store, key)
    with pytest.raises(InputError) as wrong:
        settings.set_setting(desk.store, key=key, value=text)
    assert wrong.value.field == key
    assert settings.get_setting(desk.store, key) == before


def test_an_unknown_setting_is_named_with_those_there_are(desk):
    with pytest.raises(NotFoundError, match="boundary") as unknown:
        settings.get_setting(desk.store, "colour")
    assert unknown.value.field == "key"


def test_a_week_never_loses_its_last_opening(desk):
    settings.set_setting(desk.store, key="saturday_hours", value="07:30-11:30")
    settings.set_setting(desk.store, key="weekday_hours", value="")
    with pytest.raises(InputError, match="ít nhất một khung giờ"):
        settings.set_setting(desk.store, key="saturday_hours", value="")


def test_other_opening_hours_are_another_calendar(desk: Desk):
    before = calendars.calendar(desk.store).version
    settings.set_setting(desk.store, key="weekday_hours", value="07:00-11:00,13:00-16:30")
    assert calendars.calendar(desk.store).version > before
    code = desk.receive()
    assert desk.show(code).moment("due_at").hour == 16
    (version,) = desk.store.row("SELECT calendar_version FROM promise")
    assert version == calendars.calendar(desk.store).version
