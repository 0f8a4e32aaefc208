"""What was typed wrong is put right in the open: fields, due dates, the receipt that replaces."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from counter_desk import CLERK, DUE, NOW

from counter_app.errors import InputError, InputErrors, MoveRefusedError
from counter_app.services import papers, reception
from counter_app.services.editions import replaced_by


def correct(desk, code, reason="nhập nhầm", **values):
    return desk.act("correct", code, values=values, reason=reason)


def promised(facts):
    return [(p.kind, p.due_at) for p in facts.promises]


def print_receipt(desk, code):
    return papers.print_receipt(desk.store, code, by=CLERK, now=desk.now)


def test_a_name_is_put_right_and_moves_nothing(desk):
    code = desk.receive()
    before = desk.show(code)
    after = correct(desk, code, applicant_name="  Nguyễn Thị   Ảnh ")
    assert after.state["applicant_name"] == "Nguyễn Thị Ảnh"
    assert after.state["submitter_name"] == "Nguyễn Thị Ảnh", "who stood here is the same person"
    assert promised(after) == promised(before)
    assert after.events[-1].text == f"{CLERK} sửa họ tên: nhập nhầm"
    assert desk.problems() == []


def test_another_submitter_stays_when_the_owner_s_name_is_put_right(desk):
    code = desk.receive(submitter_name="Trần Văn Con")
    assert correct(desk, code, applicant_name="Lê Mới").state["submitter_name"] == "Trần Văn Con"


def test_a_limit_before_the_end_promises_anew_and_the_first_stays(desk):
    code = desk.receive()
    after = correct(desk, code, limit="5wd")
    assert promised(after) == [("first", DUE), ("correction", datetime(2026, 12, 1, 17))]
    assert after.state["original_due_at"] != after.state["legal_due_at"]
    assert after.moment("due_at") == datetime(2026, 12, 1, 17)
    assert desk.problems() == []


def test_another_procedure_brings_its_name_limit_and_cut_off(desk):
    code = desk.receive()
    after = correct(desk, code, procedure_code="1.001193")
    assert (after.state["limit"], after.state["cutoff"]) == ("0wd", "next-day-result")
    assert "khai sinh" in after.state["procedure_name"]
    assert after.moment("due_at") == datetime(2026, 11, 23, 17)


def test_an_earlier_receipt_counts_from_then_and_is_marked_as_entered_late(desk):
    code = desk.receive()
    after = correct(desk, code, received_at="2026-11-20T09:00")
    assert after.moment("due_at") == datetime(2026, 11, 26, 17)
    assert after.state["entered_late"] == 1
    assert after.state["recorded_at"] == desk.state(code)["recorded_at"]


def test_a_restart_s_own_beginning_is_kept_when_the_limit_is_put_right(desk):
    code = desk.receive()
    desk.act("supplement", code, reason="thiếu tờ khai")
    desk.wait(days=2).act("resubmit", code)
    after = correct(desk, code, limit="1wd")
    assert after.moment("due_at") == datetime(2026, 11, 26, 17)


def test_what_was_paused_and_extended_is_counted_again_with_the_new_limit(desk):
    code = desk.receive()
    desk.act("await-payment", code)
    desk.wait(days=2).act("paid", code)
    desk.act("extend", code, limit="1wd", reason="xác minh")
    plain = desk.show(code).moment("due_at")
    after = correct(desk, code, limit="4wd")
    assert after.moment("due_at") == plain + timedelta(days=1)


@pytest.mark.parametrize("end", ["complete", "withdraw", "refuse"])
def test_after_the_end_only_what_moves_no_due_date_can_be_put_right(desk, end):
    code = desk.receive()
    desk.act(end, code, reason="xong")
    for values in ({"limit": "5wd"}, {"received_at": "2026-11-20T09:00"}):
        with pytest.raises(MoveRefusedError, match="Hồ sơ giữ nguyên"):
            correct(desk, code, **values)
    verdict = desk.verdict(code)
    after = correct(desk, code, phone="0905123456")
    assert after.state["phone"] == "0905123456"
    assert after.timeliness == verdict


def test_a_correction_that_makes_a_late_dossier_timely_is_listed(desk):
    code = desk.receive(limit="1wd", limit_reason="nhầm")
    desk.set_clock(27)
    assert desk.verdict(code) == "pending_late"
    after = correct(desk, code, limit="10wd")
    assert after.timeliness == "pending_in_time"
    assert after.state["backdated"] == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"citizen_id": "123"}, "citizen_id"),
        ({"phone": "12"}, "phone"),
        ({"applicant_name": "  "}, "applicant_name"),
        ({"copies": "hai"}, "copies"),
        ({"limit": "ba ngày"}, "limit"),
        ({"procedure_code": "9.999999"}, "procedure_code"),
        ({"received_at": "hôm qua"}, "received_at"),
        ({"received_at": "2026-12-01T09:00"}, "received_at"),
        ({"documents": "Tờ khai"}, "documents"),
        ({"status": "completed"}, "set"),
        ({"due_at": "2026-12-01"}, "set"),
        ({}, "set"),
    ],
)
def test_a_value_that_can_t_stand_is_named_and_nothing_changes(desk, values, field):
    code = desk.receive()
    before = desk.show(code)
    with pytest.raises((InputError, InputErrors)) as wrong:
        correct(desk, code, **values)
    errors = wrong.value.errors if isinstance(wrong.value, InputErrors) else [wrong.value]
    assert field in [one.field for one in errors]
    assert desk.show(code) == before


def test_the_same_value_again_is_no_correction(desk):
    code = desk.receive()
    with pytest.raises(InputError, match="trùng"):
        correct(desk, code, applicant_name="Nguyễn Thị Ánh")


def test_a_receipt_can_t_come_after_the_dossier_s_own_next_step(desk):
    code = desk.receive()
    desk.wait(hours=1).act("forward", code, to="Phòng Tư pháp")
    desk.wait(hours=2)
    with pytest.raises(InputError, match="bước tiếp theo"):
        correct(desk, code, received_at=desk.now - timedelta(hours=1))


def test_documents_are_put_right_as_a_list(desk):
    after = correct(desk, desk.receive(), documents="Tờ khai=1/0; Căn cước=0/1")
    assert [(d.name, d.originals, d.copies) for d in after.documents] == [
        ("Tờ khai", 1, 0),
        ("Căn cước", 0, 1),
    ]


def test_the_next_receipt_says_which_it_replaces_and_the_old_one_answers(desk):
    code = desk.receive(issue_receipt=True)
    assert replaced_by(desk.store, code) == ""
    correct(desk.wait(hours=1), code, applicant_name="Nguyễn Thị Ảnh")
    new = papers.frozen_facts(desk.store, print_receipt(desk, code))
    assert new["edition"] == 2
    assert new["replaces_code"] == f"{code}, in lúc 09:00 23/11/2026"
    first, second = desk.show(code).papers
    assert (first.is_replaced, second.is_replaced) == (True, False)
    assert "đã thay thế bằng giấy lần 2, in lúc 10:00 23/11/2026" in replaced_by(desk.store, code)
    assert replaced_by(desk.store, f"{code}/2") == ""
    assert desk.show(f"{code}/2").code == code
    again = print_receipt(desk, code)
    assert again == second.uuid, "what is printed again is the last one"
    correct(desk, code, applicant_name="Nguyễn Thị Ấn")
    third = papers.frozen_facts(desk.store, print_receipt(desk, code))
    assert third["replaces_code"] == f"{code}/2, in lúc 10:00 23/11/2026"
    assert desk.problems() == []


def test_a_correction_no_receipt_shows_needs_no_new_receipt(desk):
    code = desk.receive(issue_receipt=True)
    correct(desk, code, note="gọi trước khi trả")
    print_receipt(desk, code)
    assert len(desk.show(code).papers) == 1


def test_an_undone_correction_takes_the_date_back_and_the_wrong_receipt_is_replaced(desk):
    code = desk.receive(issue_receipt=True)
    correct(desk, code, limit="5wd")
    print_receipt(desk, code)
    after = desk.act("undo", code, reason="sửa nhầm hồ sơ")
    assert after.moment("due_at") == DUE
    third = papers.frozen_facts(desk.store, print_receipt(desk, code))
    assert third["edition"] == 3
    assert desk.problems() == []


def test_a_reissue_for_the_official_code_replaces_nothing(desk):
    code = desk.receive(issue_receipt=True)
    desk.act("set-official-code", code, official="H50.19.57-261123-0001")
    new = papers.frozen_facts(desk.store, print_receipt(desk, code))
    assert (new["edition"], new["replaces_code"]) == (1, "")


def test_another_body_s_dossier_keeps_an_expected_date(desk):
    code = desk.receive(competent_unit="Sở Tư pháp")
    after = correct(desk, code, limit="5wd")
    assert after.promises == ()
    assert after.moment("expected_due_at") == datetime(2026, 12, 1, 17)
    assert desk.now == NOW


def test_who_comes_again_is_offered_what_was_put_right(desk):
    code = desk.receive(citizen_id="045192007777", phone="0905123456")
    correct(desk, code, applicant_name="Nguyễn Thị Ảnh")
    person = reception.known_person(desk.store, number="045192007777")
    assert person is not None
    assert (person.name, person.phone) == ("Nguyễn Thị Ảnh", "0905123456")


@pytest.mark.parametrize(
    "way",
    [
        [("supplement", {"reason": "thiếu tờ khai"}), ("resubmit", {})],
        [("await-payment", {}), ("paid", {})],
        [("extend", {"limit": "2wd", "reason": "xác minh"})],
    ],
)
def test_a_receipt_after_another_due_day_shows_it_and_replaces_the_first(desk, way):
    code = desk.receive()
    first = print_receipt(desk, code)
    for act, values in way:
        desk.act(act, code, **values)
        desk.wait(days=3)
    second = print_receipt(desk, code)
    facts = papers.frozen_facts(desk.store, second)
    assert second != first
    assert facts["due_at"].startswith(desk.show(code).moment("due_at").isoformat())
    assert facts["due_at"] > papers.frozen_facts(desk.store, first)["due_at"]
    assert facts["replaces_code"].startswith(code)
    assert "đã thay thế" in replaced_by(desk.store, code)
    assert print_receipt(desk, code) == second
    assert desk.problems() == []


def test_a_wait_alone_gives_no_new_receipt(desk):
    code = desk.receive()
    first = print_receipt(desk, code)
    desk.act("supplement", code, reason="thiếu tờ khai")
    assert print_receipt(desk, code) == first
