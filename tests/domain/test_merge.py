"""Several desks, one dossier: the same everywhere, nothing lost, every disagreement shown."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations, count, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import TABLE, Move, Status, find_rule
from counter_app.domain.gaps import Link, usable
from counter_app.domain.history import Event, in_order, live_events
from counter_app.domain.merge import (
    RESOLVE,
    Merged,
    Sighted,
    are_apart,
    chain_of,
    has_seen,
    merge,
)
from counter_app.domain.moments import to_epoch

HOUR = 3600
START = to_epoch(datetime(2026, 11, 23, 9))
DUE = to_epoch(datetime(2026, 11, 27, 17))
DAY = 24 * HOUR
_STEPS = frozenset(rule.move.value for rule in TABLE if rule.moves)


class Office:
    """Some desks that write events of one dossier and hand each other what they know."""

    def __init__(self, *names: str) -> None:
        self.desks = {name: Desk(name, self) for name in names}
        self.numbers = count(1)
        self.now = START

    def __getitem__(self, name: str) -> Desk:
        return self.desks[name]

    def everything(self) -> list[Sighted]:
        held: dict[str, Sighted] = {}
        for desk in self.desks.values():
            held.update(desk.held)
        return list(held.values())


class Desk:
    """One desk: what it holds, and its own chain."""

    def __init__(self, name: str, office: Office) -> None:
        self.name, self.office = name, office
        self.held: dict[str, Sighted] = {}
        self.sequence = 0

    def usable(self) -> list[Sighted]:
        reach = usable(
            Link(chain_of(one.event), one.event.sequence, one.seen) for one in self.held.values()
        )
        return [
            one for one in self.held.values() if one.event.sequence <= reach[chain_of(one.event)]
        ]

    def merged(self) -> Merged:
        return merge(self.usable())

    def add(self, kind: str, **body: Any) -> Event:
        seen: dict[str, int] = {}
        lamport = 0
        for one in self.usable():
            lamport = max(lamport, one.event.lamport)
            if one.event.origin != self.name:
                chain = chain_of(one.event)
                seen[chain] = max(seen.get(chain, 0), one.event.sequence)
        self.sequence += 1
        self.office.now += HOUR
        event = Event(
            uuid=f"e{next(self.office.numbers)}",
            origin=self.name,
            epoch=1,
            sequence=self.sequence,
            lamport=lamport + 1,
            kind=kind,
            at=self.office.now,
            recorded_at=self.office.now,
            by="Lê Thị A",
            counter=self.name,
            body=body,
        )
        self.held[event.uuid] = Sighted(event, seen)
        return event

    def take(self, *others: Desk) -> Desk:
        for other in others:
            self.held.update(other.held)
        return self

    # Acts

    def receive(self) -> Event:
        values = {"status": "received", "code": "TAM-01-261123-0001", "received_at": START}
        promise = {"kind": "first", "due_at": DUE, "counts": True, "base_at": START}
        return self.add("receive", set=values, promise=promise)

    def complete(self) -> Event:
        return self.add("complete", set={"status": "completed", "completed_at": self.office.now})

    def withdraw(self) -> Event:
        return self.add("withdraw", set={"status": "withdrawn", "closed_at": self.office.now})

    def give_back(self, name: str = "Lê Thị B") -> Event:
        values = {"status": "returned", "returned_at": self.office.now, "collected_by": name}
        return self.add("return", set=values)

    def forward(self, unit: str) -> Event:
        return self.add("forward", set={"status": "processing", "resolving_unit": unit})

    def reschedule(self, due_at: int) -> Event:
        promise = {"kind": "reschedule", "due_at": due_at, "counts": True}
        return self.add("reschedule", set={"reschedule_reason": "x"}, promise=promise, reason="x")

    def correct(self, **values: Any) -> Event:
        return self.add("correct", set=values, reason="gõ nhầm")

    def undo(self, event: Event) -> Event:
        return self.add("undo", set={}, voids=[event.uuid], undoes=event.kind, reason="nhầm")

    def keep(self, name: str, kept: Event, *dropped: Event) -> Event:
        drop = [event.uuid for event in dropped]
        return self.add(RESOLVE, set={}, conflict=name, keep=kept.uuid, drop=drop)


@pytest.fixture
def office():
    office = Office("a", "b", "c")
    office["a"].receive()
    for name in "bc":
        office[name].take(office["a"])
    return office


def test_steps_made_one_after_the_other_are_no_conflict(office):
    office["a"].complete()
    office["b"].take(office["a"]).give_back()
    merged = office["b"].merged()
    assert merged.state["status"] == "returned"
    assert (merged.conflicts, merged.waiting) == ((), frozenset())


def test_of_two_steps_apart_the_first_is_in_force_and_the_other_waits(office):
    first, second = office["a"].complete(), office["b"].withdraw()
    merged = merge(office.everything())
    assert merged.state["status"] == "completed"
    assert merged.waiting == {second.uuid}
    [conflict] = merged.conflicts
    assert (conflict.kind, conflict.first, conflict.second) == ("step", first, second)
    assert merged.state["events_count"] == 3


def test_what_followed_from_the_step_that_waits_waits_too(office):
    office["a"].complete()
    office["b"].withdraw()
    followed = office["b"].add("return", set={"returned_at": office.now})
    merged = merge(office.everything())
    assert followed.uuid in merged.waiting
    assert merged.state["returned_at"] is None
    assert len(merged.conflicts) == 1


def test_a_step_made_in_the_knowledge_of_both_is_in_force(office):
    office["a"].complete()
    office["b"].withdraw()
    office["c"].take(office["a"], office["b"]).give_back()
    merged = merge(office.everything())
    assert merged.state["status"] == "returned"
    assert len(merged.conflicts) == 1


@pytest.mark.parametrize("decides", ["a", "c"])
def test_a_decision_puts_the_other_step_in_force_and_ends_the_conflict(office, decides):
    complete, withdraw = office["a"].complete(), office["b"].withdraw()
    desk = office[decides].take(office["a"], office["b"])
    [conflict] = desk.merged().conflicts
    desk.keep(conflict.id, withdraw, complete)
    merged = merge(office.everything())
    assert merged.state["status"] == "withdrawn"
    assert (merged.conflicts, merged.waiting) == ((), {complete.uuid})


def test_what_followed_from_a_step_that_was_decided_against_is_out_of_force(office):
    complete, withdraw = office["a"].complete(), office["b"].withdraw()
    given = office["a"].give_back()
    desk = office["c"].take(office["a"], office["b"])
    [conflict] = desk.merged().conflicts
    desk.keep(conflict.id, withdraw, complete)
    merged = merge(office.everything())
    assert merged.state["status"] == "withdrawn"
    assert merged.waiting == {complete.uuid, given.uuid}


def test_two_decisions_apart_are_a_conflict_and_the_first_holds(office):
    complete, withdraw = office["a"].complete(), office["b"].withdraw()
    for name in "ab":
        office[name].take(office["a"], office["b"])
    [conflict] = office["a"].merged().conflicts
    kept = office["a"].keep(conflict.id, complete, withdraw)
    other = office["b"].keep(conflict.id, withdraw, complete)
    merged = merge(office.everything())
    assert merged.state["status"] == "completed"
    [again] = merged.conflicts
    assert (again.field, again.first, again.second) == (RESOLVE, kept, other)


def test_a_later_decision_replaces_the_one_it_knew(office):
    complete, withdraw = office["a"].complete(), office["b"].withdraw()
    desk = office["a"].take(office["b"])
    [conflict] = desk.merged().conflicts
    desk.keep(conflict.id, complete, withdraw)
    desk.keep(conflict.id, withdraw, complete)
    merged = merge(office.everything())
    assert (merged.state["status"], merged.conflicts) == ("withdrawn", ())


def test_equal_steps_apart_are_one(office):
    values = {"status": "completed", "completed_at": START + HOUR}
    first = office["a"].add("complete", set=values, source="list")
    second = office["b"].add("complete", set=dict(values), source="list")
    merged = merge(office.everything())
    assert (merged.conflicts, merged.waiting) == ((), {second.uuid})
    assert first.uuid not in merged.waiting


def test_what_was_built_on_an_equal_step_is_in_force(office):
    values = {"status": "completed", "completed_at": START + HOUR}
    office["a"].add("complete", set=values, source="list")
    office["b"].add("complete", set=dict(values), source="list")
    given = office["b"].give_back()
    merged = merge(office.everything())
    assert (merged.state["status"], merged.conflicts) == ("returned", ())
    assert given.uuid not in merged.waiting


def test_taking_an_equal_step_back_contradicts_the_one_in_force(office):
    values = {"status": "completed", "completed_at": START + HOUR}
    first = office["a"].add("complete", set=values, source="list")
    second = office["b"].add("complete", set=dict(values), source="list")
    undo = office["b"].undo(second)
    office["b"].withdraw()
    merged = merge(office.everything())
    [conflict] = merged.conflicts
    assert (conflict.first.uuid, conflict.second.uuid) == (first.uuid, undo.uuid)
    assert merged.state["status"] == "completed"


def test_an_undo_takes_back_what_nobody_built_on(office):
    complete = office["a"].complete()
    withdraw = office["b"].withdraw()
    office["a"].undo(complete)
    merged = merge(office.everything())
    assert merged.state["status"] == "withdrawn"
    assert merged.conflicts == ()
    assert withdraw.uuid not in merged.waiting


def test_an_undo_apart_from_what_was_built_on_its_target_is_a_conflict(office):
    complete = office["a"].complete()
    given = office["b"].take(office["a"]).give_back()
    undo = office["a"].undo(complete)
    merged = merge(office.everything())
    [conflict] = merged.conflicts
    assert {conflict.first.uuid, conflict.second.uuid} == {given.uuid, undo.uuid}
    assert len(merged.waiting) == 1


def test_of_two_values_apart_the_first_stays_in_force(office):
    office["a"].correct(phone="0905111111", address="Cam Lộ")
    office["b"].correct(phone="0905222222")
    merged = merge(office.everything())
    assert merged.state["phone"] == "0905111111"
    [conflict] = merged.conflicts
    assert (conflict.kind, conflict.field) == ("field", "phone")


def test_the_same_value_apart_is_no_conflict(office):
    office["a"].correct(phone="0905111111")
    office["b"].correct(phone="0905111111")
    assert merge(office.everything()).conflicts == ()


def test_two_calls_noted_apart_are_no_conflict_and_both_count(office):
    office["a"].add("contact", set={}, call={"outcome": "no-answer"})
    office["b"].add("contact", set={}, call={"outcome": "promised", "until": "2026-12-03"})
    merged = merge(office.everything())
    assert merged.conflicts == ()
    assert merged.state["contacts"] == 2
    assert merged.state["contact_outcome"] == "promised"


def test_a_value_set_in_the_knowledge_of_both_ends_the_conflict(office):
    office["a"].correct(phone="0905111111")
    office["b"].correct(phone="0905222222")
    office["c"].take(office["a"], office["b"]).correct(phone="0905333333")
    merged = merge(office.everything())
    assert (merged.state["phone"], merged.conflicts) == ("0905333333", ())


def test_a_field_is_decided_for_the_value_already_in_force(office):
    office["a"].correct(phone="0905111111")
    office["b"].correct(phone="0905222222")
    desk = office["c"].take(office["a"], office["b"])
    [conflict] = desk.merged().conflicts
    desk.keep(conflict.id, conflict.first)
    merged = merge(office.everything())
    assert (merged.state["phone"], merged.conflicts) == ("0905111111", ())


def test_of_two_promises_apart_the_earlier_binds(office):
    for first, second in permutations([DUE + DAY, DUE + 2 * DAY]):
        office = Office("a", "b")
        office["a"].receive()
        office["b"].take(office["a"])
        office["a"].reschedule(first)
        office["b"].reschedule(second)
        merged = merge(office.everything())
        assert merged.state["due_at"] == DUE + DAY
        assert len(merged.conflicts) == 1


def test_of_two_corrected_dates_apart_the_earlier_binds_and_is_a_conflict(office):
    for name, due in (("a", DUE + 2 * DAY), ("b", DUE + DAY)):
        promise = {"kind": "correction", "due_at": due, "counts": True}
        office[name].add("correct", set={}, promise=promise, reason="x")
    merged = merge(office.everything())
    assert merged.state["legal_due_at"] == DUE + DAY
    [conflict] = merged.conflicts
    assert conflict.kind == "promise"


def test_two_forwards_apart_are_a_conflict_of_their_own_kind(office):
    office["a"].forward("Tư pháp")
    office["b"].forward("Địa chính")
    merged = merge(office.everything())
    assert merged.state["resolving_unit"] == "Tư pháp"
    assert [conflict.field for conflict in merged.conflicts] == ["forward"]


# Random offices


def _keep(desk: Desk, draw: Any, merged: Merged) -> None:
    if not merged.conflicts:
        return
    conflict = draw(st.sampled_from(list(merged.conflicts)))
    both = [conflict.first, conflict.second]
    kept = draw(st.sampled_from(both))
    dropped = [event for event in both if event is not kept and conflict.kind == "step"]
    desk.keep(conflict.id, kept, *dropped)


def _undo(desk: Desk, draw: Any, merged: Merged) -> None:
    in_force = [one.event for one in desk.usable() if one.event.uuid not in merged.waiting]
    live = live_events(in_order(in_force))
    if len(live) > 1:
        desk.undo(live[-1])


def _complete_by_list(desk: Desk) -> None:
    desk.add("complete", set={"status": "completed", "completed_at": START}, source="list")


_ACTS = {
    "complete": lambda desk, draw, merged: (
        desk.complete() if draw(st.booleans()) else _complete_by_list(desk)
    ),
    "withdraw": lambda desk, draw, merged: desk.withdraw(),
    "forward": lambda desk, draw, merged: desk.forward(draw(st.sampled_from(["Tư pháp", "Thuế"]))),
    "reschedule": lambda desk, draw, merged: desk.reschedule(DUE + draw(st.integers(1, 5)) * DAY),
    "return": lambda desk, draw, merged: desk.give_back(),
    "correct": lambda desk, draw, merged: desk.correct(
        phone=draw(st.sampled_from(["0905111111", "0905222222"]))
    ),
    "undo": _undo,
    RESOLVE: _keep,
}


def _act(desk: Desk, draw: Any) -> None:
    """Let a desk do something that its table allows now."""
    merged = desk.merged()
    status = merged.state["status"]
    kind = draw(st.sampled_from(sorted(_ACTS)))
    if status is None or merged.state["is_void"]:
        return
    if kind == RESOLVE or find_rule(Status(status), Move(kind)) is not None:
        _ACTS[kind](desk, draw, merged)


@st.composite
def offices(draw: Any) -> Office:
    names = "abcde"[: draw(st.integers(2, 5))]
    office = Office(*names)
    office["a"].receive()
    for _ in range(draw(st.integers(1, 25))):
        desk = office[draw(st.sampled_from(names))]
        if draw(st.booleans()):
            desk.take(office[draw(st.sampled_from(names))])
        else:
            _act(desk, draw)
    return office


def _told(merged: Merged) -> tuple[Any, ...]:
    return (merged.state, merged.waiting, {conflict.id for conflict in merged.conflicts})


@given(offices(), st.randoms(use_true_random=False))
def test_the_same_events_in_any_order_lead_to_the_same(office, chance):
    events = office.everything()
    expected = _told(merge(events))
    for _ in range(3):
        chance.shuffle(events)
        assert _told(merge(events)) == expected


@given(offices())
def test_desks_that_have_exchanged_all_agree(office):
    desks = list(office.desks.values())
    for desk in desks:
        desk.take(*desks)
    assert all(_told(desk.merged()) == _told(desks[0].merged()) for desk in desks)


@given(offices())
def test_every_disagreement_of_two_steps_is_shown_or_decided(office):
    events = office.everything()
    merged = merge(events)
    known = {one.event.uuid: one for one in events}
    assert merged.waiting <= known.keys()
    for conflict in merged.conflicts:
        assert are_apart(known[conflict.first.uuid], known[conflict.second.uuid])
    in_force = [one for one in events if one.event.uuid not in merged.waiting]
    live = {event.uuid for event in live_events(in_order(one.event for one in in_force))}
    steps = [one for one in in_force if one.event.uuid in live and one.event.kind in _STEPS]
    twins = [known[uuid] for uuid in merged.waiting]

    def knew(one, other):
        """Tell whether a desk knew a step, or one that waits because it says the same."""
        return has_seen(one, other.event) or any(
            has_seen(one, twin.event)
            for twin in twins
            if (twin.event.kind, twin.event.body) == (other.event.kind, other.event.body)
        )

    for one, other in combinations(steps, 2):
        assert knew(one, other) or knew(other, one)


@given(offices())
def test_deciding_everything_leaves_no_conflict(office):
    desk = next(iter(office.desks.values()))
    desk.take(*office.desks.values())
    for _ in range(60):
        conflicts = desk.merged().conflicts
        if not conflicts:
            break
        conflict = conflicts[0]
        dropped = [conflict.second] if conflict.kind == "step" else []
        desk.keep(conflict.id, conflict.first, *dropped)
    assert desk.merged().conflicts == ()


@given(offices())
def test_a_lost_bundle_that_is_found_later_changes_nothing_in_the_end(office):
    desks = list(office.desks.values())
    reader = Desk("reader", office)
    for one in office.everything():
        if one.event.sequence % 2 == 0:
            reader.held[one.event.uuid] = one
    reader.merged()
    reader.take(*desks)
    assert _told(reader.merged()) == _told(merge(office.everything()))


@given(offices())
def test_every_step_in_force_is_one_that_the_table_allows(office):
    events = office.everything()
    merged = merge(events)
    in_force = in_order(one.event for one in events if one.event.uuid not in merged.waiting)
    live = live_events(in_force)
    status: str | None = None
    for event in live if not merged.state["is_void"] else ():
        if event.kind in _STEPS and status is not None:
            assert find_rule(Status(status), Move(event.kind)) is not None
        status = event.body.get("set", {}).get("status") or status
