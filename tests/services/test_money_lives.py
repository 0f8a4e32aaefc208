"""Money and hands in any order: events alone tell them, and the tills add up to what was paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from counter_desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from counter_app.domain.history import rebuild
from counter_app.errors import UserError
from counter_app.services import fees, handover, linked, moves, quick, till
from counter_app.storage import dossiers

ACTS = "count pay exempt number forward accept reassign step supplement resubmit undo".split()
LINKED = {
    "code": "2.000815",
    "name": "Chứng thực liên thông",
    "limit": "0wd",
    "fee": {"amount": 2000, "per": "trang", "cap": 200000},
    "steps": [{"name": "Một", "limit": "1wd"}, {"name": "Hai", "limit": ""}],
}
steps = st.tuples(
    st.sampled_from(ACTS), st.sampled_from((0, 1, 5, 30, 100)), st.integers(0, 4), st.booleans()
)


def act(desk: Desk, code: str, step: tuple[str, int, int, bool]) -> None:
    name, _, number, is_odd = step
    store, given_ = desk.store, {"by": "Lê Thị A", "now": desk.now}
    fee: dict[str, dict[str, Any]] = {
        "count": {"pages": number, "copies": number + 1},
        "pay": {
            "amount": number * 1000,
            "paid": True,
            "reason": "thu khác" if is_odd else "",
            "receipt_number": str(number) if is_odd else "",
        },
        "exempt": {"exempt": True, "reason": "hộ nghèo", "proof": "sổ số 12" if is_odd else ""},
        "number": {"receipt_number": f"00{number}"},
    }
    hands: dict[str, tuple[Any, dict[str, Any]]] = {
        "forward": (moves.forward, {"to": "Tư pháp", "officer": f"Người {number}"}),
        "accept": (handover.accept, {}),
        "step": (linked.finish_step, {"step": number}),
        "supplement": (moves.supplement, {"reason": "thiếu", "again": "nữa"}),
        "resubmit": (moves.resubmit, {}),
        "undo": (moves.undo, {"reason": "nhầm"}),
    }
    if name in fee:
        fees.record_fee(store, code, **fee[name], **given_)
    elif name == "reassign":
        officer = f"Người {number}"
        handover.reassign(store, codes=[code], officer=officer, reason="nghỉ", **given_)
    elif name != "undo" or desk.state(code)["events_count"] > 1:
        service, values = hands[name]
        service(store, code, **values, **given_)


def attempt(desk: Desk, code: str, step: tuple[str, int, int, bool]) -> bool:
    """Try an act and tell whether it was done."""
    try:
        act(desk, code, step)
    except UserError:
        return False
    return True


@settings(max_examples=25, deadline=None)
@given(st.lists(steps, min_size=3, max_size=14))
def test_whatever_is_paid_and_passed_on_its_events_tell_it_and_the_tills_add_up(copies, drawn):
    from counter_app.services import catalogue

    desk = copies()
    catalogue.import_procedures(desk.store, [LINKED], on=desk.now.date())
    code, other = desk.receive(procedure_code="2.000815"), desk.receive()
    first = desk.now.date()
    for step in drawn:
        desk.wait(hours=step[1])
        before = desk.state(code)
        if not attempt(desk, code, step):
            assert desk.state(code) == before
        if desk.state(code)["is_void"]:
            break
    facts = desk.show(code)
    state = {k: v for k, v in facts.state.items() if k != "events_count"}
    told = rebuild(dossiers.events_of(desk.store, facts.uuid))
    assert state == {k: v for k, v in told.items() if k != "events_count"}
    days = [first + timedelta(days=n) for n in range((desk.now.date() - first).days + 1)]
    assert sum(till.till_day(desk.store, day).total for day in days) == (
        0 if facts.state["is_void"] else facts.state["fee_paid"]
    )
    assert desk.state(other)["fee_paid"] == 0
    assert desk.problems() == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_numbers_of_a_book_have_no_gap_without_a_reason_and_no_double(copies, drawn):
    desk = copies()
    given_ = 0
    for is_back, is_wrong in drawn:
        desk.wait(minutes=1)
        last = quick.last_line(desk.store, now=desk.now)
        if is_back and last is not None:
            quick.take_back_line(desk.store, last.uuid, reason="nhầm", by="A", now=desk.now)
            continue
        request = quick.QuickRequest("2.000815", "" if is_wrong else "Nguyễn Văn A", pages=1)
        if is_wrong:
            with pytest.raises(UserError):
                quick.enter_line(desk.store, request, by="A", now=desk.now)
            continue
        quick.enter_line(desk.store, request, by="A", now=desk.now)
        given_ += 1
    lines = list(reversed(quick.lines_of(desk.store, desk.now.date())))
    assert [line.number for line in lines] == [str(n) for n in range(1, given_ + 1)]
    standing = [line for line in lines if not line.cancelled]
    assert all(line.cancelled == "nhầm" for line in lines if line not in standing)
    day = till.till_day(desk.store, desk.now.date())
    assert day.total == sum(line.paid for line in standing)
    assert desk.problems() == []
