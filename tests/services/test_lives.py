"""Whatever happens to a dossier, in whatever order: its history alone tells what it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from counter_desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_app.domain import history
from counter_app.domain.dossier import AWAITING, OPEN, find_rule
from counter_app.domain.dossier import Move as M
from counter_app.domain.facts import DossierFacts, ReceiveRequest
from counter_app.domain.moments import from_epoch
from counter_app.domain.visits import VisitKind
from counter_app.errors import UserError
from counter_app.services import lookup, papers, visits
from counter_app.services import settings as office_settings
from counter_app.storage import dossiers

VERBS = (
    "forward supplement resubmit close await-payment paid extend reschedule complete refuse "
    "withdraw stop return explain set-official-code undo competent-received print letter "
    "correct attach survey ask-opinion opinion-received"
).split()
PRINTS = {"print", "letter"}
NOTED = {"attach", "survey", "ask-opinion", "opinion-received"}
CORRECTIONS = (
    {"phone": "0905123456"},
    {"applicant_name": "Lê Thị Đúng", "note": "gọi trước"},
    {"limit": "1wd"},
    {"limit": "10wd"},
    {"limit": "4h"},
    {"procedure_code": "1.001193"},
    {"received_at": "2026-11-20T09:00"},
    {"received_at": "2026-11-23T08:00", "limit": "2wd"},
    {"phone": "12"},
)
LATE = {"late", "pending_late"}


def noted(draw: st.DrawFn, verb: str) -> dict[str, Any]:
    """Draw what an act that is no step takes."""
    match verb:
        case "correct":
            return {
                "reason": draw(st.sampled_from(("nhập nhầm", "nhập nhầm", ""))),
                "values": draw(st.sampled_from(CORRECTIONS)),
            }
        case "attach":
            return {"files": [], "exempt": draw(st.sampled_from(("shown", "secret", "none")))}
        case "survey":
            return {"scores": draw(st.sampled_from(({"time": 2}, {"time": 0}, {"5": 1}, {})))}
        case "ask-opinion":
            return {
                "unit": draw(st.sampled_from(("Công an xã", "Sở Y tế"))),
                "what": "ý kiến",
                "limit": draw(st.sampled_from(("1wd", "5wd", "4h"))),
            }
        case _:
            return {}


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, float, float, dict[str, Any]]:
    """Draw an act, how long before it nothing happened, and how far it is dated back."""
    verb = draw(st.sampled_from(VERBS))
    waited = draw(st.sampled_from((0, 1, 3, 8, 20, 30, 72, 150, 600)))
    back = draw(st.sampled_from((0, 0, 0, 1, 20, 50, 200)))
    values: dict[str, Any] = {}
    if verb in {"supplement", "close", "extend", "reschedule", "refuse", "stop", "explain", "undo"}:
        values["reason"] = draw(st.sampled_from(("chờ xác minh", "chờ xác minh", "")))
    elif verb not in {"set-official-code", "correct", *PRINTS, *NOTED}:
        values["reason"] = draw(st.sampled_from(("", "ghi bù")))
    if verb == "return":
        del values["reason"]
        values["collected_by"] = "Nguyễn Thị Ánh"
    if verb == "forward":
        values["to"] = draw(st.sampled_from(("Phòng Tư pháp", "Phòng Kinh tế")))
    if verb == "extend":
        values["limit"] = draw(st.sampled_from(("1wd", "5wd", "4h", "10cd", "1mo", "0wd", "xx")))
    if verb == "supplement":
        values["again"] = draw(st.sampled_from(("", "thiếu giấy khác")))
    values.update(noted(draw, verb))
    if verb == "set-official-code":
        values["official"] = f"H50.19.57-261123-{draw(st.integers(1, 3)):04d}"
    if verb == "reschedule":
        values["new_due"] = timedelta(days=draw(st.integers(-2, 20)))
    return verb, waited, back, values


def do(desk: Desk, code: str, step: tuple[str, float, float, dict[str, Any]]) -> None:
    verb, _, back, values = step
    if verb in PRINTS:
        print_paper(desk, code, verb)
        return
    values = dict(values)
    if verb == "reschedule":
        day = desk.now + values["new_due"]
        values["new_due"] = day.replace(hour=17, minute=0)
    if back and verb not in {"undo", "set-official-code"}:
        values["at"] = desk.now - timedelta(hours=back)
    desk.act(verb, code, **values)


def print_paper(desk: Desk, code: str, verb: str) -> None:
    if verb == "print":
        papers.print_receipt(desk.store, code, by="Lê Thị A", now=desk.now)
    else:
        papers.print_apology(desk.store, code, signer="Lê A", by="Lê Thị A", now=desk.now)


def attempt(desk: Desk, code: str, step: tuple[str, float, float, dict[str, Any]]) -> bool:
    """Try an act and tell whether it was done; every refusal is a sentence."""
    try:
        do(desk, code, step)
    except UserError as refused:
        return not refused.message
    return True


def expected_due(facts: DossierFacts) -> dict[str, datetime | None]:
    """Read the due fields off the promises, as the contract defines them."""
    found: dict[str, datetime | None] = dict.fromkeys(
        ("original_due_at", "legal_due_at", "rescheduled_due_at", "due_at")
    )
    for promise in facts.promises:
        if promise.is_undone:
            continue
        if promise.kind == "reschedule":
            if promise.counts:
                found["rescheduled_due_at"] = promise.due_at
            continue
        if promise.kind == "restart":
            found["rescheduled_due_at"] = None
        found["original_due_at"] = found["original_due_at"] or promise.due_at
        found["legal_due_at"] = promise.due_at
    in_force = [d for d in (found["legal_due_at"], found["rescheduled_due_at"]) if d]
    if in_force and facts.status not in AWAITING:
        found["due_at"] = max(in_force)
    return found


class Watch:
    """Looks at one dossier after every step and remembers what must never be forgotten."""

    def __init__(self, desk: Desk, code: str) -> None:
        self.desk = desk
        self.code = code
        self.was_late = False
        self.promised: list[tuple[str, datetime]] = []
        self.look()

    def look(self) -> None:
        facts = self.desk.show(self.code)
        state = facts.state
        if state["is_void"]:
            assert facts.timeliness is None
            return
        assert {key: facts.moment(key) for key in expected_due(facts)} == expected_due(facts)
        promised = [(p.kind, p.due_at) for p in facts.promises]
        assert promised[: len(self.promised)] == self.promised, "promises are only added"
        self.promised = promised
        self.look_at_verdict(facts)
        counted = [p for p in facts.promises if p.kind == "reschedule" and p.counts]
        assert len(counted) <= 1

    def look_at_verdict(self, facts: DossierFacts) -> None:
        state, verdict = facts.state, facts.timeliness
        if state["legal_due_at"] is None or facts.status in {"withdrawn", "stopped"}:
            assert verdict is None
            return
        if facts.status in OPEN:
            assert verdict in {"pending_in_time", "pending_late"}
        else:
            assert verdict in {"early", "on_time", "late"}
        if state["backdated"]:
            self.was_late = verdict in LATE
        if self.was_late:
            assert verdict in LATE, "late stays late"
        self.was_late = verdict in LATE
        if facts.status == "completed" and verdict == "early":
            assert from_epoch(state["completed_at"]).date() < facts.moment("due_at").date()


@pytest.mark.parametrize("boundary", ["day", "minute"])
@pytest.mark.parametrize("elsewhere", [False, True])
@settings(max_examples=40)
@given(data=st.data())
def test_a_life_is_what_its_events_say_and_late_stays_late(copies, boundary, elsewhere, data):
    desk = copies()
    office_settings.set_setting(desk.store, key="boundary", value=boundary)
    limit = data.draw(st.sampled_from(("3wd", "0wd", "4h", "10cd", "12ch", "1mo")))
    code = desk.receive(
        limit=limit,
        limit_reason="theo quyết định",
        competent_unit="Sở Tư pháp" if elsewhere else "",
    )
    watch = Watch(desk, code)
    for step in data.draw(st.lists(steps(), max_size=14)):
        desk.wait(hours=step[1])
        watch.look()
        before = desk.show(code)
        if attempt(desk, code, step):
            assert step[0] in PRINTS or find_rule(before.status, M(step[0])) is not None
        else:
            after = desk.show(code)
            assert (after.state, after.events, after.promises) == (
                before.state,
                before.events,
                before.promises,
            ), "a refused act changes nothing"
        watch.look()
    assert desk.problems() == []
    events = dossiers.events_of(desk.store, desk.show(code).uuid)
    assert [e.lamport for e in events] == sorted({e.lamport for e in events})
    desk.show(code)
    assert history.rebuild(events) == lookup.load(desk.store, code)[2], "events alone say it all"


@settings(max_examples=40)
@given(lived=st.lists(steps(), max_size=8), last=steps())
def test_an_undo_gives_back_the_state_before(copies, lived, last):
    desk = copies()
    code = desk.receive()
    for step in lived:
        desk.wait(hours=step[1])
        attempt(desk, code, step)
    before = desk.show(code)
    is_done = attempt(desk, code, last)
    count = desk.state(code)["events_count"]
    if not is_done or last[0] in {"undo", *PRINTS} or count == before.state["events_count"]:
        return
    desk.act("undo", code, reason="nhầm")
    after = desk.show(code)
    kept = ("events_count", "backdated")
    assert {k: v for k, v in after.state.items() if k not in kept} == {
        k: v for k, v in before.state.items() if k not in kept
    }
    assert after.state["events_count"] == before.state["events_count"] + 2
    assert desk.problems() == []


def record_visit(desk: Desk) -> str:
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Lê B", by="Lê Thị A")
    return visits.record_visit(
        desk.store, request, kind=VisitKind.GUIDANCE, reason="thiếu tờ khai", now=desk.now
    ).visit.code


def correct_and_print(desk: Desk, code: str) -> None:
    """A corrected receipt is a further edition: it takes no number of the series."""
    desk.act("correct", code, values={"applicant_name": "Lê Thị Đúng"}, reason="nhập nhầm")
    print_paper(desk, code, "print")
    editions = [p.edition for p in desk.show(code).papers]
    assert editions == [1, 2]


@settings(max_examples=20)
@given(
    data=st.lists(
        st.tuples(
            st.sampled_from(("receive", "refused", "void", "correct", "visit")),
            st.integers(0, 30),
        ),
        max_size=25,
    )
)
def test_numbers_of_a_day_have_no_gap_and_no_double(copies, data):
    desk = copies()
    codes: list[str] = []
    for kind, hours in data:
        desk.wait(hours=hours)
        if kind == "refused":
            with pytest.raises(UserError):
                desk.receive(applicant_name="")
            continue
        if kind == "visit":
            codes.append(record_visit(desk))
            continue
        codes.append(desk.receive(issue_receipt=kind == "correct"))
        if kind == "void":
            desk.act("undo", codes[-1], reason="nhập nhầm")
        if kind == "correct":
            correct_and_print(desk, codes[-1])
    assert len(set(codes)) == len(codes)
    by_day: dict[str, list[int]] = {}
    for code in codes:
        series, _, day, number = code.split("-")
        by_day.setdefault(f"{series} {day}", []).append(int(number))
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_day.values())
