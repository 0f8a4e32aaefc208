"""What desks said apart from each other is shown once everywhere, and ended by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from counter_desk import CLERK, NOW
from sync_counters import exchange_all, same

from counter_app.errors import InputError
from counter_app.services import audit
from counter_app.services.lists import import_list
from counter_app.services.sync_conflicts import (
    conflict_json,
    open_conflicts,
    resolve,
    show_conflicts,
)
from counter_app.tabular.pasted import to_csv


@pytest.fixture
def disputed(counters):
    """Two counters that moved one dossier apart, and a third; all have exchanged everything."""
    one, two, _ = counters
    code = one.receive()
    two.take(one.send())
    one.act("complete", code)
    two.wait(minutes=5).act("withdraw", code, reason="đổi ý")
    exchange_all(*counters)
    return counters, code


def test_two_steps_apart_are_one_conflict_everywhere(disputed):
    counters, code = disputed
    assert same(*counters)
    for desk in counters:
        [conflict] = open_conflicts(desk.store)
        told = conflict_json(conflict)
        assert (told["code"], told["field"]) == (code, "status")
        both = told["ours"] + told["theirs"]
        assert "có kết quả" in both
        assert "rút" in both
        assert told["in_force"] in {told["ours_event"], told["theirs_event"]}
        assert desk.healthy()


def test_numbers_that_disagree_are_noted_when_they_are_shown(counters):
    one, two, _ = counters
    code = one.receive()
    two.take(one.send())
    one.act("correct", code, values={"citizen_id": "045192007777"}, reason="thẻ")
    two.act("correct", code, values={"citizen_id": "045192004321"}, reason="thẻ")
    exchange_all(one, two)
    before = audit.entries(one.store)
    assert [conflict.field for conflict in show_conflicts(one.store)] == ["citizen_id"]
    told = audit.entries(one.store)
    assert [entry.act for entry in told][: len(told) - len(before)] == ["show-number"]


def test_a_decision_travels_and_ends_the_conflict(disputed):
    counters, code = disputed
    [conflict] = open_conflicts(counters[2].store)
    waiting = conflict.second.event_uuid
    resolve(counters[2].store, conflict.id, keep=waiting, by=CLERK, now=NOW + timedelta(hours=1))
    bundle = counters[2].send()
    for desk in counters[:2]:
        desk.wait(hours=2).take(bundle)
    expected = "withdrawn" if "rút" in conflict.second.value else "completed"
    for desk in counters:
        assert open_conflicts(desk.store) == []
        assert desk.state(code)["status"] == expected
        assert desk.healthy()
    assert same(*counters)


def test_a_step_is_decided_for_one_of_the_two(disputed):
    counters, _ = disputed
    [conflict] = open_conflicts(counters[0].store)
    for options in ({}, {"keep": "x"}, {"value": "khác"}):
        with pytest.raises(InputError):
            resolve(counters[0].store, conflict.id, by=CLERK, now=NOW, **options)


def test_two_values_apart_are_decided_by_a_third(counters):
    one, two, _ = counters
    code = one.receive()
    two.take(one.send())
    one.act("correct", code, values={"phone": "0905111111"}, reason="gõ nhầm")
    two.act("correct", code, values={"phone": "0905222222"}, reason="gõ nhầm")
    exchange_all(one, two)
    [conflict] = open_conflicts(one.store)
    assert conflict.field == "phone"
    resolve(one.store, conflict.id, value="0905333333", by=CLERK, now=one.now)
    two.take(one.send())
    assert (one.state(code)["phone"], two.state(code)["phone"]) == ("0905333333", "0905333333")
    assert same(one, two)


@pytest.mark.parametrize("side", ["first", "second"])
def test_one_official_code_on_two_dossiers_is_a_conflict_and_never_stands_twice(counters, side):
    one, two, _ = counters
    official = "000.00.01.H50-261123-0001"
    codes = [desk.receive(official_code=official) for desk in (one, two)]
    exchange_all(one, two)
    for desk in (one, two):
        held = [desk.state(code)["official_code"] for code in codes]
        assert sorted(held, key=str) == sorted([official, None], key=str)
        [conflict] = open_conflicts(desk.store)
        assert conflict.field == "official_code"
        assert desk.healthy()
    kept = getattr(conflict, side).event_uuid
    resolve(one.store, conflict.id, keep=kept, by=CLERK, now=one.now)
    two.take(one.send())
    [other] = set(codes) - {conflict.code}
    for desk in (one, two):
        holder = conflict.code if side == "second" else other
        assert desk.state(holder)["official_code"] == official
        assert open_conflicts(desk.store) == []
        assert desk.healthy()
    assert same(one, two)


@pytest.fixture
def claimed(counters):
    """Two counters that gave one official code to two dossiers, each knowing of the other's."""
    one, two, _ = counters
    official = "000.00.01.H50-261123-0001"
    codes = [desk.receive(official_code=official) for desk in (one, two)]
    exchange_all(one, two)
    [conflict] = open_conflicts(one.store)
    [holder] = set(codes) - {conflict.code}
    return one, two, official, holder, conflict.code


@pytest.mark.parametrize("place", [0, 1])
def test_a_code_is_free_for_the_other_where_its_holder_s_reception_is_undone(claimed, place):
    one, two, official, holder, other = claimed
    claimed[place].wait(minutes=1).act("undo", holder, reason="nhận nhầm")
    assert open_conflicts(claimed[place].store) == []
    exchange_all(one, two)
    for desk in (one, two):
        assert desk.state(other)["official_code"] == official
        assert open_conflicts(desk.store) == []
        assert desk.healthy()
    assert same(one, two)


@pytest.mark.parametrize("place", [0, 1])
def test_who_lost_a_code_and_is_undone_or_given_another_claims_it_no_more(claimed, place):
    one, two, official, holder, other = claimed
    desk = claimed[place].wait(minutes=1)
    if place:
        desk.act("undo", other, reason="nhận nhầm")
    else:
        desk.act("set-official-code", other, official="000.00.01.H50-261123-0002")
    assert open_conflicts(desk.store) == []
    exchange_all(one, two)
    for desk in (one, two):
        assert desk.state(holder)["official_code"] == official
        assert open_conflicts(desk.store) == []
        assert desk.healthy()
    assert same(one, two)


def test_a_list_that_gives_who_lost_a_code_another_ends_the_claim(claimed, tmp_path):
    one, two, official, holder, other = claimed
    given = tmp_path / "danh-sach.csv"
    rows = [
        ["Mã hồ sơ", "Mã hồ sơ chính thức", "Chủ hồ sơ", "Ngày giờ tiếp nhận"],
        [other, "000.00.01.H50-261123-0002", "Nguyễn Thị Ánh", "23/11/2026 09:00"],
    ]
    given.write_bytes(to_csv(rows))
    report = import_list(one.store, given, name=given.name, by=CLERK, now=one.now)
    assert (report.updated, report.errors) == (1, [])
    assert open_conflicts(one.store) == []
    exchange_all(one, two)
    assert two.state(holder)["official_code"] == official
    assert same(one, two)


@pytest.mark.parametrize("verb", ["correct", "undo"])
def test_two_values_apart_are_settled_at_once_by_an_act_that_knows_both(counters, verb):
    one, two, _ = counters
    code = one.receive()
    two.take(one.send())
    for desk, phone in ((one, "0905111111"), (two, "0905222222")):
        desk.wait(minutes=1).act("correct", code, values={"phone": phone}, reason="nhầm")
    exchange_all(one, two)
    values = {"correct": {"values": {"phone": "0905333333"}}, "undo": {}}[verb]
    one.wait(minutes=1).act(verb, code, **values, reason="gọi lại cho người dân")
    assert open_conflicts(one.store) == []
    exchange_all(one, two)
    assert open_conflicts(two.store) == []
    assert one.healthy()
    assert same(one, two)
