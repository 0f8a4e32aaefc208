"""The demonstration week is a believable one, and a broken scenario is refused with its place."""

from __future__ import annotations

import copy
import csv
import json
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import pytest

from counter_app.domain.calendar import CalendarDay, DayKind, make_calendar, parse_hours
from counter_app.domain.catalogue import in_force, parse_procedures
from counter_app.domain.deadlines import promise
from counter_app.domain.dossier import Channel, Move, Status
from counter_app.domain.identity import check_citizen_id, check_phone
from counter_app.domain.limits import parse_cutoff, parse_limit
from counter_app.domain.numbering import check_agency_code, check_official_code
from counter_app.domain.scenario import Offset, parse_scenario
from counter_app.errors import InputError

RESOURCES = Path(__file__).parents[2] / "resources"
DATA = json.loads((RESOURCES / "demo" / "week.json").read_text("utf-8"))
WEEK = parse_scenario(DATA)
PROCEDURES = parse_procedures(
    json.loads((RESOURCES / "catalogue" / "procedures.json").read_text("utf-8"))
)
CALENDAR = make_calendar(
    weekday_hours=parse_hours("07:30-11:30,13:30-17:00"),
    days=[CalendarDay(date(2026, 11, 24), DayKind.HOLIDAY)],
)
TODAYS = [date(2026, 11, 23), date(2026, 11, 25), date(2026, 7, 9)]
IDS = [d.id for d in WEEK.dossiers]


def _moment(offset, today):
    return offset.resolve(today, CALENDAR.add_working_days)


def _due(dossier, today):
    """The moment promised at first, by the catalogue."""
    received = _moment(dossier.received, today)
    procedure = in_force(PROCEDURES, dossier.procedure, received.date())
    return promise(
        CALENDAR,
        received=received,
        limit=parse_limit(procedure.limit),
        cutoff=parse_cutoff(procedure.cutoff),
    ).due_at


def _open_due(today):
    """The due days of what is open and running, told in working days from today."""
    days = {}
    for dossier in WEEK.dossiers:
        if dossier.status in {Status.RECEIVED, Status.PROCESSING}:
            due = _due(dossier, today).date()
            ahead = CALENDAR.working_days_between(today, due)
            days[dossier.id] = ahead - CALENDAR.working_days_between(due, today)
    return days


def test_an_offset_is_counted_in_working_days():
    friday = Offset(-1, time(8, 12)).resolve(date(2026, 11, 23), CALENDAR.add_working_days)
    assert friday == datetime(2026, 11, 20, 8, 12)
    wednesday = Offset(1, time(17)).resolve(date(2026, 11, 23), CALENDAR.add_working_days)
    assert wednesday == datetime(2026, 11, 25, 17)


def test_the_week_holds_some_forty_dossiers_of_which_seven_in_ten_came_online():
    assert 40 <= len(WEEK.dossiers) <= 60
    online = sum(d.channel is Channel.ONLINE for d in WEEK.dossiers)
    assert online / len(WEEK.dossiers) == pytest.approx(0.71, abs=0.03)
    assert all(d.official_code for d in WEEK.dossiers if d.channel is Channel.ONLINE)


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_the_demonstration_day_shows_what_a_desk_has_to_see(today):
    ahead = _open_due(today)
    earlier = {d.id for d in WEEK.dossiers if d.received.days < 0}
    rescheduled = {d.id for d in WEEK.dossiers if any(m.move is Move.RESCHEDULE for m in d.moves)}
    assert {i for i, days in ahead.items() if days < 0} == {"doc-than-tre"}
    assert ahead["doc-than-tre"] == -2
    assert sum(days == 0 for i, days in ahead.items() if i in earlier) == 4
    assert sum(0 < days <= 2 for i, days in ahead.items() if i not in rescheduled) == 8
    statuses = Counter(d.status for d in WEEK.dossiers)
    assert statuses[Status.COMPLETED] == 4
    assert statuses[Status.AWAITING_SUPPLEMENT] == 1
    assert statuses[Status.AWAITING_PAYMENT] == 1
    assert sum(not d.official_code for d in WEEK.dossiers) == 5


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_the_one_reschedule_was_recorded_on_a_day_before_the_due_day(today):
    (dossier,) = (d for d in WEEK.dossiers if any(m.move is Move.RESCHEDULE for m in d.moves))
    (move,) = (m for m in dossier.moves if m.move is Move.RESCHEDULE)
    due = _due(dossier, today)
    assert _moment(move.at, today).date() < due.date()
    assert _moment(move.new_due, today) > due
    assert due.date() >= today


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_what_is_finished_was_finished_in_time(today):
    ends = {Move.COMPLETE, Move.REFUSE, Move.WITHDRAW}
    for dossier in WEEK.dossiers:
        for move in dossier.moves:
            if move.move in ends:
                assert _moment(move.at, today) <= _due(dossier, today), dossier.id


def test_everything_happens_while_the_desk_is_open():
    sessions = parse_hours("07:30-11:30,13:30-17:00")
    for dossier in WEEK.dossiers:
        for offset in (dossier.received, *(m.at for m in dossier.moves)):
            minute = offset.at.hour * 60 + offset.at.minute
            assert any(s.start <= minute <= s.end for s in sessions), (dossier.id, offset)


@pytest.mark.parametrize("dossier", WEEK.dossiers, ids=IDS)
def test_numbers_agree_with_birth_and_sex_and_codes_are_official_ones(dossier):
    request = dossier.request
    born = date.fromisoformat(request["birth_date"])
    checked = check_citizen_id(request["citizen_id"], birth_date=born, sex=request["sex"])
    assert checked.warnings == ()
    assert request["citizen_id"][:3] in {"044", "045"}
    if "phone" in request:
        assert check_phone(request["phone"]) == request["phone"]
    if dossier.official_code:
        code = dossier.official_code_on(date(2026, 11, 16))
        assert check_official_code(code) == code
        assert "-261116-" in code


def test_people_and_official_codes_are_all_different():
    people = [d.request["citizen_id"] for d in WEEK.dossiers]
    codes = [(d.official_code, d.received.days) for d in WEEK.dossiers if d.official_code]
    assert len(set(people)) == len(people)
    assert len(set(codes)) == len(codes)


def test_the_office_answered_for_every_procedure_that_ships_unconfirmed():
    assert check_agency_code(WEEK.office.agency_code) == WEEK.office.agency_code
    used = {d.procedure for d in WEEK.dossiers}
    shipped = {p.code: p for p in PROCEDURES}
    answered = {c.code: c.limit for c in WEEK.confirmations}
    assert answered.keys() == {code for code in used if not shipped[code].confirmed}
    assert all("ví dụ" in c.decision for c in WEEK.confirmations)
    assert all(limit == shipped[code].limit for code, limit in answered.items())


def test_dossiers_come_in_the_order_they_were_received():
    moments = [d.received for d in WEEK.in_order()]
    assert moments == sorted(moments)
    assert len(moments) == len(WEEK.dossiers)


def test_units_are_those_of_the_catalogue():
    units = {p.unit for p in PROCEDURES}
    names = {o.name: o.unit for o in WEEK.officers}
    for dossier in WEEK.dossiers:
        for move in dossier.moves:
            if move.move is Move.FORWARD:
                assert move.details["to"] in units
                assert names[move.details["officer"]] == move.details["to"]


def _change(path, value):
    data = copy.deepcopy(DATA)
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("format",), "khác", "counter-app-scenario/1"),
        (("office",), None, "còn trống"),
        (("dossiers", 1, "id"), DATA["dossiers"][0]["id"], "bị trùng"),
        (("dossiers", 0, "applicant_name"), " ", "còn trống"),
        (("dossiers", 0, "received"), [-20, "8h"], "số ngày làm việc và giờ"),
        (("dossiers", 0, "received"), [True, "08:00"], "số ngày làm việc và giờ"),
        (("dossiers", 0, "received"), [-2, "08:00"], "thứ tự thời gian"),
        (("dossiers", 0, "channel"), "fax", "hình thức"),
        (("dossiers", 0, "by"), "ai-do", "ai-do"),
        (("dossiers", 0, "moves", 0, "move"), "bay", "bay"),
        (("dossiers", 0, "moves", 0, "move"), "undo", "không kể được"),
        (("dossiers", 0, "moves", 0, "move"), "return", "collected_by"),
        (("dossiers", 0, "moves", 0, "move"), "resubmit", "Không thể"),
        (("dossiers", 0, "moves", 0, "to"), None, "cần trường này"),
        (("confirmations", 0, "limit"), "ba ngày", "ba ngày"),
    ],
)
def test_a_broken_scenario_is_refused_and_says_where(path, value, words):
    with pytest.raises(InputError, match=words):
        parse_scenario(_change(path, value))


# ------------------------------------------------------------------------------- the daily export


def _export_rows():
    with (RESOURCES / "demo" / "daily_export.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return rows[:2], [dict(zip(rows[2], row, strict=True)) for row in rows[3:]]


def test_the_daily_export_has_two_title_lines_and_promises_by_the_catalogue():
    titles, rows = _export_rows()
    assert all(not any(line[1:]) for line in titles)
    assert len(rows) >= 25
    for row in rows:
        received = datetime.strptime(row["Ngày tiếp nhận"], "%d/%m/%Y %H:%M")
        procedure = in_force(PROCEDURES, row["Mã thủ tục"], received.date())
        due = promise(
            CALENDAR,
            received=received,
            limit=parse_limit(procedure.limit),
            cutoff=parse_cutoff(procedure.cutoff),
        ).due_at
        assert row["Hẹn trả"] == f"{due:%d/%m/%Y %H:%M}", row["Số hồ sơ"]
        assert check_official_code(row["Số hồ sơ"]) == row["Số hồ sơ"]


def test_the_daily_export_continues_dossiers_of_the_week():
    _, rows = _export_rows()
    today = date(2026, 11, 23)
    known = {
        d.official_code_on(_moment(d.received, today).date()): d
        for d in WEEK.dossiers
        if d.official_code
    }
    updates = [row for row in rows if row["Số hồ sơ"] in known]
    assert len(updates) == 3
    for row in updates:
        dossier = known[row["Số hồ sơ"]]
        assert row["Tên chủ hồ sơ"] == dossier.request["applicant_name"]
        assert row["Số CCCD/ĐDCN"] == dossier.request["citizen_id"]
        assert row["Ngày tiếp nhận"] == f"{_moment(dossier.received, today):%d/%m/%Y %H:%M}"
