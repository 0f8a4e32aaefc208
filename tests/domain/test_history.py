"""Events in, state out: in any order, without what was taken back, and never less late."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.dossier import Move
from counter_app.domain.history import Event, State, live_events, rebuild
from counter_app.domain.moments import to_epoch

HOUR = 3600
DAY = 24 * HOUR
START = to_epoch(datetime(2026, 11, 23, 9))
DUE = to_epoch(datetime(2026, 11, 27, 17))
FIRST = {"kind": "first", "due_at": DUE, "counts": True, "base_at": START}


class Life:
    """Writes the events of one dossier, an hour apart unless told otherwise."""

    def __init__(self) -> None:
        self.now = START
        self.events: list[Event] = []
        self._numbers = count(1)

    def add(self, kind: str, *, at: int | None = None, **body: Any) -> Event:
        number = next(self._numbers)
        event = Event(
            uuid=f"e{number}",
            origin="quầy",
            epoch=1,
            sequence=number,
            lamport=number,
            kind=kind,
            at=self.now if at is None else at,
            recorded_at=self.now,
            by="Lê Thị A",
            counter="Quầy 1",
            body=body,
        )
        self.events.append(event)
        self.now += HOUR
        return event

    def received(self, **promise: Any) -> Life:
        values = {"status": "received", "code": "TAM-01-261123-0001", "received_at": self.now}
        self.add("receive", set=values, promise={**FIRST, **promise})
        return self

    def days(self, number: float) -> Life:
        self.now += round(number * DAY)
        return self

    def complete(self, at: int | None = None, **body: Any) -> Life:
        moment = self.now if at is None else at
        changes = {"status": "completed", "completed_at": moment}
        self.add("complete", at=moment, set=changes, **body)
        return self

    def refuse(self) -> Life:
        self.add("refuse", set={"status": "refused", "closed_at": self.now}, reason="thiếu")
        return self

    def supplement(self) -> Life:
        changes = {"status": "awaiting_supplement", "came_from": "received"}
        self.add("supplement", set=changes, reason="thiếu tờ khai")
        return self

    def resubmit(self, due_at: int) -> Life:
        promise = {"kind": "restart", "due_at": due_at, "counts": True, "base_at": self.now}
        self.add("resubmit", set={"status": "received", "came_from": None}, promise=promise)
        return self

    def extend(self, due_at: int, at: int | None = None) -> Life:
        promise = {"kind": "extension", "due_at": due_at, "counts": True}
        self.add("extend", at=at, set={}, promise=promise, reason="xác minh")
        return self

    def decide(self, kind: str, due_at: int) -> Life:
        self.add("correct", set={}, promise={"kind": kind, "due_at": due_at, "counts": True})
        return self

    def undo(self, event: Event) -> Life:
        self.add("undo", set={}, voids=[event.uuid], undoes=event.kind, reason="nhầm")
        return self

    def state(self) -> State:
        return rebuild(self.events)


def test_a_reception_promises_and_starts_the_first_run():
    state = Life().received().state()
    assert state["original_due_at"] == state["legal_due_at"] == state["due_at"] == DUE
    assert (state["run"], state["run_started_at"], state["timeliness"]) == (0, START, None)


def test_while_a_dossier_waits_no_due_moment_is_in_force():
    life = Life().received().supplement()
    assert (life.state()["due_at"], life.state()["legal_due_at"]) == (None, DUE)


def test_a_restart_ends_the_reschedule_but_not_its_count():
    life = Life().received()
    new = {"kind": "reschedule", "due_at": DUE + 3 * DAY, "counts": True}
    life.add("reschedule", set={}, promise=new)
    assert life.state()["due_at"] == DUE + 3 * DAY
    state = life.supplement().resubmit(DUE + DAY).state()
    assert (state["due_at"], state["rescheduled_due_at"]) == (DUE + DAY, None)
    assert state["reschedules"] == 1


def test_the_due_moment_is_the_later_of_rescheduled_and_legal():
    life = Life().received()
    new = {"kind": "reschedule", "due_at": DUE + 3 * DAY, "counts": True}
    life.add("reschedule", set={}, promise=new)
    assert life.extend(DUE + 2 * DAY).state()["due_at"] == DUE + 3 * DAY
    assert life.extend(DUE + 9 * DAY).state()["due_at"] == DUE + 9 * DAY


def test_a_late_notice_fills_no_due_field():
    life = Life().received()
    life.add("reschedule", set={}, promise={"kind": "reschedule", "due_at": DUE, "counts": False})
    state = life.state()
    assert (state["rescheduled_due_at"], state["reschedules"], state["due_at"]) == (None, 0, DUE)


@pytest.mark.parametrize(
    ("wait", "boundary", "verdict"),
    [
        (2, "day", "early"),
        (4, "day", "on_time"),
        (5, "day", "late"),
        (4 + 7 / 24, "minute", "on_time"),
        (4 + 7 / 24 + 1 / 1440, "minute", "late"),
    ],
)
def test_a_completion_is_judged_by_its_moment(wait, boundary, verdict):
    life = Life().received().days(wait)
    life.complete(**({"boundary": boundary} if boundary != "day" else {}))
    assert life.state()["timeliness"] == verdict


def test_a_restart_after_the_due_day_never_washes_the_lateness_away():
    state = Life().received().days(6).supplement().resubmit(DUE + 90 * DAY).complete().state()
    assert (state["timeliness"], state["late_due_at"]) == ("late", DUE)


def test_what_waits_is_late_only_if_it_was_late_before():
    assert Life().received().supplement().days(9).refuse().state()["timeliness"] == "on_time"
    late = Life().received().days(6).supplement().refuse().state()
    assert (late["timeliness"], late["closed_late"]) == ("late", 1)


def test_an_extension_recorded_after_the_due_day_changes_no_verdict_whatever_its_date():
    state = Life().received().days(6).extend(DUE + 9 * DAY, at=START + DAY).complete().state()
    assert state["timeliness"] == "late"


def test_a_back_dated_completion_with_its_reason_is_believed_and_listed():
    state = Life().received().days(6).complete(at=START + DAY, reason="quên ghi").state()
    assert (state["timeliness"], state["backdated"]) == ("early", 1)


def test_a_back_dated_completion_clears_what_was_noticed_late_in_its_own_run():
    life = Life().received().days(6).extend(DUE + 9 * DAY, at=START)
    state = life.complete(at=START + DAY, reason="quên ghi").state()
    assert (state["timeliness"], state["backdated"], state["late_due_at"]) == ("early", 1, None)


def test_a_back_dated_completion_clears_nothing_of_an_earlier_run():
    life = Life().received().days(6).supplement()
    restarted = life.now
    life.resubmit(DUE + 30 * DAY).days(40)
    state = life.complete(at=restarted + 2 * DAY, reason="quên ghi").state()
    assert state["timeliness"] == "late"


@pytest.mark.parametrize("kind", ["correction", "calendar"])
def test_a_correction_and_a_calendar_decision_are_judged_anew_and_listed(kind):
    late = Life().received().days(6).complete()
    assert late.state()["timeliness"] == "late"
    state = late.decide(kind, DUE + 5 * DAY).state()
    assert (state["timeliness"], state["backdated"]) == ("early", 1)
    worse = Life().received().days(3).complete().decide(kind, DUE - 3 * DAY).state()
    assert (worse["timeliness"], worse["backdated"]) == ("late", 1)


def test_a_correction_of_an_open_dossier_lists_the_lateness_it_ends():
    marked = Life().received().days(6).extend(DUE + DAY).decide("correction", DUE + 9 * DAY)
    assert (marked.state()["late_due_at"], marked.state()["backdated"]) == (None, 1)
    in_time = Life().received().decide("correction", DUE + 9 * DAY).state()
    assert in_time["backdated"] == 0


def test_a_correction_after_a_refusal_while_waiting_keeps_it_on_time():
    life = Life().received().supplement().days(9).refuse().decide("correction", START + DAY)
    assert (life.state()["timeliness"], life.state()["backdated"]) == ("on_time", 0)


def test_a_dossier_without_any_promise_has_no_verdict():
    life = Life()
    life.add("receive", set={"status": "received", "received_at": START})
    assert life.days(50).refuse().state()["timeliness"] is None


def test_an_undone_reception_leaves_a_void_dossier_that_keeps_its_code():
    life = Life().received()
    state = life.undo(life.events[0]).state()
    assert (state["is_void"], state["code"], state["due_at"]) == (1, "TAM-01-261123-0001", None)
    assert state["events_count"] == 2


def test_an_undo_that_was_itself_undone_counts_for_nothing():
    life = Life().received().complete()
    before = life.state()
    life.undo(life.events[1]).undo(life.events[2])
    assert [e.kind for e in live_events(life.events)] == ["receive", "complete"]
    assert {**life.state(), "events_count": 2} == before


def test_an_undo_that_makes_a_late_dossier_one_in_time_is_listed():
    life = Life().received().supplement().resubmit(DUE + DAY).days(12)
    state = life.undo(life.events[2]).state()
    assert (state["status"], state["backdated"]) == ("awaiting_supplement", 1)


def test_the_letter_of_a_reschedule_taken_back_isn_t_the_next_ones():
    life = Life().received()
    new = {"kind": "reschedule", "due_at": DUE + 3 * DAY, "counts": True}
    first = life.add("reschedule", set={}, promise=new)
    life.add("print", paper={"kind": "apology", "letter": "reschedule", "uuid": "p1"})
    assert life.state()["reschedule_letter"] == 1
    life.undo(first).add("reschedule", set={}, promise=new)
    assert life.state()["reschedule_letter"] == 0


def test_what_a_list_tells_is_late_by_when_it_happened_there():
    life = Life().received().days(30)
    changes = {"status": "awaiting_supplement", "came_from": "received"}
    life.add("supplement", at=START + DAY, set=changes, source="list", reason="theo danh sách")
    assert life.state()["late_due_at"] is None


ACTS = ("supplement", "resubmit", "extend", "refuse", "complete", "undo", "wait", "decide")


@given(acts=st.lists(st.sampled_from(ACTS), max_size=12), order=st.randoms())
def test_events_in_any_order_add_up_to_the_same_state(acts, order):
    life = Life().received()
    for act in acts:
        if act == "wait":
            life.days(3)
        elif act == "undo":
            live = live_events(life.events)
            if len(live) > 1:
                life.undo(live[-1])
        elif act in {"resubmit", "extend"}:
            getattr(life, act)(life.now + 4 * DAY)
        elif act == "decide":
            life.decide("calendar", life.now + DAY)
        else:
            getattr(life, act)()
    shuffled = list(life.events)
    order.shuffle(shuffled)
    assert rebuild(shuffled) == life.state()


@given(
    acts=st.lists(
        st.sampled_from(("supplement", "resubmit", "extend", "wait")), min_size=1, max_size=10
    )
)
def test_no_restart_pause_or_extension_ends_a_lateness(acts):
    life = Life().received().days(6)
    waits = False
    for act in acts:
        if act == "wait":
            life.days(2)
        elif act == "supplement" and not waits:
            life.supplement()
            waits = True
        elif act == "resubmit" and waits:
            life.resubmit(life.now + 9 * DAY)
            waits = False
        elif act == "extend" and not waits:
            life.extend(life.now + 9 * DAY)
    if waits:
        life.resubmit(life.now + 9 * DAY)
    assert life.complete(reason="xong").state()["timeliness"] == "late"


def test_every_kind_of_event_has_a_name():
    assert {move.value for move in Move} >= {"receive", "undo", "competent-received"}
