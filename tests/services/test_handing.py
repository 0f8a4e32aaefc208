"""Giving back: who collects, a pile to one runner, and calls about what nobody fetched."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from counter_desk import CLERK

from counter_app.domain.dossier import Move
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import fees, handing, moves, papers, settings


def completed(desk, name="Nguyễn Thị Ánh", **values):
    code = desk.receive(applicant_name=name, **values)
    desk.act("complete", code)
    return code


def hand_over(desk, codes, **values):
    given = {"collected_by": "Trần Văn Chạy", "by": CLERK, "now": desk.now} | values
    return handing.return_many(desk.store, codes, **given)


def test_a_proxy_stands_in_the_history_with_number_and_authorisation(desk):
    code = completed(desk)
    desk.act(
        "return",
        code,
        collected_by="Lê Văn B",
        proxy_id="045092001234",
        authorisation="Giấy ủy quyền 12/2026",
        via="post",
    )
    facts = desk.show(code)
    assert facts.state["returned_via"] == "post"
    body = facts.events[-1].body
    assert (body["proxy_id"], body["authorisation"]) == ("045092001234", "Giấy ủy quyền 12/2026")
    assert facts.events[-1].text.endswith("trả kết quả cho Lê Văn B, qua bưu chính")


def test_a_lost_receipt_keeps_the_identity_that_was_seen(desk):
    code = completed(desk)
    desk.act("return", code, collected_by="A", receipt_lost=True, identity="045192007777")
    event = desk.show(code).events[-1]
    assert event.body["identity"] == "045192007777"
    assert "không còn giấy hẹn" in event.text


def test_a_way_of_handing_over_that_is_unknown_is_refused(desk):
    code = completed(desk)
    with pytest.raises(InputError) as refused:
        desk.act("return", code, collected_by="A", via="pigeon")
    assert refused.value.field == "via"


def owe(desk, code, fee):
    """Let a dossier owe a sum."""
    fees.record_fee(desk.store, code, amount=fee, reason="theo biểu", by=CLERK, now=desk.now)


def test_a_fee_still_due_is_paid_when_the_result_is_handed_over(desk):
    code = completed(desk)
    owe(desk, code, 15000)
    assert handing.candidate(desk.store, code, Move.RETURN).owes == 15000
    desk.act("return", code, collected_by="A", fee_paid=True, fee_receipt="0001234")
    state = desk.state(code)
    assert (state["fee_paid"], state["fee_receipt"]) == (15000, "0001234")
    assert desk.problems() == []


def test_a_number_of_a_fee_receipt_without_the_payment_is_refused(desk):
    code = completed(desk)
    with pytest.raises(InputError):
        desk.act("return", code, collected_by="A", fee_receipt="0001234")
    assert desk.state(code)["status"] == "completed"


def test_a_pile_goes_to_one_runner_with_one_list(desk):
    codes = [completed(desk, f"Người {n}") for n in range(12)]
    found = hand_over(desk, codes, proxy_id="045092001234", authorisation="Giấy giới thiệu 5")
    assert len(found.done) == 12
    assert found.refused == ()
    assert found.number == "BG-01-261123-0001"
    assert {desk.state(code)["collected_by"] for code in codes} == {"Trần Văn Chạy"}
    pdf = papers.paper_pdf(desk.store, [found.paper_uuid])
    assert pdf.startswith(b"%PDF")
    assert pdf == papers.paper_pdf(desk.store, [handing.list_of(desk.store, found.number)])
    assert desk.problems() == []


def test_a_refused_code_keeps_no_other_back_and_is_told(desk):
    good = [completed(desk, "A"), completed(desk, "B")]
    open_one = desk.receive(applicant_name="C")
    found = hand_over(desk, [good[0], open_one, "TAM-01-261123-9999", good[1], good[0]])
    assert [facts.code for facts in found.done] == good
    assert [code for code, _ in found.refused] == [open_one, "TAM-01-261123-9999"]
    assert all(why.endswith(".") for _, why in found.refused)
    assert desk.state(open_one)["status"] == "received"


def test_a_pile_in_which_nothing_goes_has_no_list(desk):
    found = hand_over(desk, [desk.receive()])
    assert (found.number, found.paper_uuid, len(found.refused)) == ("", "", 1)
    assert handing.last_lists(desk.store) == []


def test_a_pile_that_was_cut_short_ends_in_one_whole_list(desk):
    codes = [completed(desk, name) for name in "ABC"]
    number = handing.take_list_number(desk.store, now=desk.now)
    desk.act("return", codes[0], collected_by="Trần Văn Chạy", handover=number)
    found = hand_over(desk.wait(minutes=5), codes, number=number)
    assert len(found.done) == 3
    assert found.refused == ()
    again = hand_over(desk, codes, number=number)
    assert again.paper_uuid == found.paper_uuid
    ((_, words),) = handing.last_lists(desk.store)
    assert words == "BG-01-261123-0001  Trần Văn Chạy  3 hồ sơ, 09:05 23/11/2026"


def test_a_list_printed_again_says_so(desk):
    found = hand_over(desk, [completed(desk)])
    first = papers.paper_pdf(desk.store, [found.paper_uuid])
    assert first != papers.paper_pdf(
        desk.store, [handing.reprint_list(desk.store, found.paper_uuid)]
    )
    with pytest.raises(NotFoundError):
        handing.list_of(desk.store, "BG-01-261123-0002")


def test_the_list_stands_with_each_of_its_dossiers(desk):
    codes = [completed(desk, name) for name in "AB"]
    found = hand_over(desk, codes)
    for code in codes:
        (paper,) = [p for p in desk.show(code).papers if p.kind == "handover"]
        assert (paper.uuid, paper.number) == (found.paper_uuid, found.number)
    handing.reprint_list(desk.store, found.paper_uuid)
    assert desk.show(codes[0]).papers[-1].copies == 1


def test_results_of_a_pile_are_recorded_one_by_one(desk):
    codes = [desk.receive(applicant_name=name) for name in "ABC"]
    desk.act("complete", codes[1])
    told = []
    found = handing.complete_many(
        desk.store, codes, by=CLERK, now=desk.now, progress=lambda *at: told.append(at)
    )
    assert [facts.code for facts in found.done] == [codes[0], codes[2]]
    assert [code for code, _ in found.refused] == [codes[1]]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_candidate_says_why_it_cannot_be_handed_over(desk):
    returned = completed(desk)
    desk.act("return", returned, collected_by="Lê B")
    open_one = desk.receive()
    why = handing.candidate(desk.store, returned, Move.RETURN).why_not
    assert why == "đã trả cho Lê B lúc 09:00 23/11/2026"
    assert "Đã tiếp nhận" in handing.candidate(desk.store, open_one, Move.RETURN).why_not
    assert handing.candidate(desk.store, open_one, Move.COMPLETE).why_not == ""
    assert "Không tìm thấy" in handing.candidate(desk.store, "X-1-2", Move.RETURN).why_not


def test_a_call_is_a_note_that_moves_nothing(desk):
    code = completed(desk)
    before = desk.state(code)
    desk.wait(days=8)
    moves.contact(
        desk.store,
        code,
        outcome="promised",
        until=date(2026, 12, 3),
        note="con gái nghe",
        by=CLERK,
        now=desk.now,
    )
    facts = desk.show(code)
    for key in ("status", "completed_at", "due_at", "last_move", "last_move_at"):
        assert facts.state[key] == before[key]
    assert facts.events[-1].text == (
        "Lê Thị A gọi cho người dân: hẹn đến nhận 03/12/2026 (con gái nghe)"
    )
    (row,) = handing.uncollected(desk.store, now=desk.now)
    assert row.last_call == "01/12: Hẹn đến nhận 03/12 (con gái nghe)"
    assert (row.days, row.contacts) == (8, 1)
    assert desk.problems() == []


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "shouted"},
        {"outcome": "called", "until": date(2026, 12, 3)},
        {"outcome": "promised", "until": date(2026, 11, 1)},
        {"outcome": "called", "note": "x" * 301},
    ],
)
def test_a_call_that_cannot_be_is_refused(desk, values):
    code = completed(desk)
    with pytest.raises(InputError):
        moves.contact(desk.store, code, by=CLERK, now=desk.now, **values)


def test_the_reminder_list_begins_after_the_offices_days(desk):
    first = completed(desk, "A")
    desk.wait(days=3)
    completed(desk, "B")
    assert handing.uncollected(desk.store, now=datetime(2026, 11, 30, 8, 59)) == []
    assert [r.code for r in handing.uncollected(desk.store, now=datetime(2026, 11, 30, 9))] == [
        first
    ]
    settings.set_setting(desk.store, key="uncollected_days", value="2")
    assert len(handing.uncollected(desk.store, now=datetime(2026, 11, 30, 9))) == 2


def test_a_call_noted_by_mistake_is_taken_back(desk):
    code = completed(desk)
    moves.contact(desk.store, code, outcome="no-answer", by=CLERK, now=desk.now)
    desk.act("undo", code, reason="nhầm hồ sơ")
    assert desk.state(code)["contacts"] == 0
    assert desk.state(code)["status"] == "completed"
    with pytest.raises(MoveRefusedError):
        desk.act("complete", code)
