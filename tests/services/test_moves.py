"""Each move of a dossier's life: what it writes and what it refuses, in which words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from counter_desk import CLERK, DUE, NOW, Desk

from counter_app.domain.dossier import Move, Status, find_rule
from counter_app.errors import ClockError, InputError, MoveRefusedError, NotFoundError
from counter_app.services import lookup, settings

NEEDED = {
    "forward": {"to": "Phòng Tư pháp"},
    "supplement": {"reason": "thiếu tờ khai"},
    "close": {"reason": "không bổ sung"},
    "extend": {"limit": "2wd", "reason": "xác minh"},
    "reschedule": {"reason": "chờ ý kiến", "new_due": datetime(2026, 12, 4, 17)},
    "refuse": {"reason": "không đủ điều kiện"},
    "stop": {"reason": "theo đề nghị"},
    "return": {"collected_by": "Nguyễn Thị Ánh"},
}
STEPS = (*NEEDED, "resubmit", "await-payment", "paid", "complete", "withdraw")
# Acts of the table that are no steps: whatever the state, they move none of it.
NOTED: dict[str, dict[str, object]] = {
    "correct": {"values": {"phone": "0905123456"}, "reason": "nhập nhầm"},
    "explain": {"reason": "chờ ý kiến"},
    "attach": {"files": [], "exempt": "shown"},
    "survey": {"scores": {"time": 2}},
    "ask-opinion": {"unit": "Công an xã", "what": "cư trú", "limit": "2wd"},
    "set-official-code": {"official": "H50.19.57-261123-0001"},
}
WAYS: dict[str, tuple[str, ...]] = {
    "received": (),
    "processing": ("forward",),
    "awaiting_supplement": ("supplement",),
    "awaiting_payment": ("forward", "await-payment"),
    "completed": ("complete",),
    "returned": ("complete", "return"),
    "refused": ("refuse",),
    "withdrawn": ("withdraw",),
    "stopped": ("stop",),
}


def act(desk: Desk, verb: str, code: str, **values: object):
    return desk.act(verb, code, **{**NEEDED.get(verb, {}), **values})


def bring_to(desk: Desk, status: str) -> str:
    code = desk.receive()
    for verb in WAYS[status]:
        act(desk, verb, code)
    assert desk.show(code).status == status
    return code


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("verb", STEPS)
def test_a_move_outside_the_table_is_refused_and_changes_nothing(desk, status, verb):
    code = bring_to(desk, status)
    before = desk.show(code)
    is_allowed = find_rule(Status(status), Move(verb)) is not None
    if verb == "close" and is_allowed:
        desk.wait(days=40)
        before = desk.show(code)
    if is_allowed:
        assert act(desk, verb, code).state["events_count"] == before.state["events_count"] + 1
    else:
        with pytest.raises(MoveRefusedError, match="Hồ sơ giữ nguyên"):
            act(desk, verb, code)
        assert desk.show(code) == before
    assert desk.problems() == []


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("verb", NOTED)
def test_an_act_that_is_no_step_moves_neither_state_nor_promise(desk, status, verb):
    code = bring_to(desk, status)
    before = desk.show(code)
    if find_rule(Status(status), Move(verb)) is None:
        with pytest.raises(MoveRefusedError, match="Hồ sơ giữ nguyên"):
            desk.act(verb, code, **NOTED[verb])
        assert desk.show(code) == before
        return
    after = desk.act(verb, code, **NOTED[verb])
    assert (after.status, after.promises, after.timeliness) == (
        before.status,
        before.promises,
        before.timeliness,
    )
    assert after.state["last_move"] == before.state["last_move"]
    assert after.state["events_count"] == before.state["events_count"] + 1
    undone = desk.act("undo", code, reason="nhầm").state
    kept = {key for key in undone if key not in {"events_count", "backdated"}}
    assert {key: undone[key] for key in kept} == {key: before.state[key] for key in kept}
    assert desk.problems() == []


@pytest.mark.parametrize("verb", ["supplement", "extend", "reschedule", "refuse", "stop"])
def test_a_move_that_needs_a_reason_says_so_at_its_field(desk, verb):
    code = desk.receive()
    with pytest.raises(InputError) as missing:
        act(desk, verb, code, reason="  ")
    assert missing.value.field == "reason"


@pytest.mark.parametrize(
    ("verb", "field", "value"),
    [
        ("forward", "to", " "),
        ("forward", "to", "x" * 201),
        ("forward", "officer", "Trần 😀"),
        ("refuse", "reason", "x" * 501),
        ("refuse", "reason", "vì 😀"),
        ("extend", "limit", "ba ngày"),
        ("extend", "limit", "0wd"),
        ("reschedule", "new_due", datetime(2026, 11, 27, 17)),
        ("reschedule", "new_due", datetime(2026, 12, 5, 17)),
        ("reschedule", "unit", "x" * 201),
    ],
)
def test_a_value_that_can_t_be_used_is_named(desk, verb, field, value):
    code = desk.receive()
    with pytest.raises(InputError) as wrong:
        act(desk, verb, code, **{field: value})
    assert wrong.value.field == field
    assert desk.state(code)["events_count"] == 1


def test_who_collects_is_asked_for(desk):
    code = bring_to(desk, "completed")
    with pytest.raises(InputError) as missing:
        desk.act("return", code, collected_by="")
    assert missing.value.field == "collected_by"


def test_a_move_is_never_dated_ahead_or_before_the_last_one(desk):
    code = desk.receive()
    desk.wait(hours=2)
    act(desk, "forward", code, at=NOW + timedelta(hours=1))
    with pytest.raises(InputError, match="sau giờ hiện tại") as ahead:
        desk.act("complete", code, at=desk.now + timedelta(minutes=1))
    with pytest.raises(InputError, match="trước bước gần nhất") as behind:
        desk.act("complete", code, at=NOW + timedelta(minutes=59))
    assert {ahead.value.field, behind.value.field} == {"at"}
    assert desk.act("complete", code, at=NOW + timedelta(hours=1)).status == "completed"


def test_a_moment_is_cut_to_the_minute(desk):
    desk.wait(seconds=42)
    code = desk.receive()
    facts = act(desk, "forward", code)
    assert facts.events[-1].at == NOW
    assert facts.events[-1].recorded_at == NOW + timedelta(seconds=42)


def test_a_clock_before_the_last_save_is_refused_until_a_person_confirms_it(desk):
    code = desk.receive()
    desk.wait(days=-1)
    with pytest.raises(ClockError, match="lùi"):
        act(desk, "forward", code)
    desk.store.clock_confirmed = True
    assert desk.act("undo", code, reason="nhập nhầm ngày").state["is_void"] == 1


def test_a_code_may_be_ours_the_official_one_or_the_uuid(desk):
    code = desk.receive(official_code="H50.19.57-261123-0001")
    uuid = desk.show(code).uuid
    for name in (code, f" {code.lower()} ", "h50.19.57-261123-0001", uuid, uuid.upper()):
        assert desk.show(name).code == code
    with pytest.raises(NotFoundError) as unknown:
        desk.show("TAM-01-261123-0009")
    assert unknown.value.field == "code"


def test_a_forward_may_be_repeated_and_means_reassigned(desk):
    code = bring_to(desk, "processing")
    facts = desk.act("forward", code, to="Phòng Kinh tế", officer="Trần B")
    assert (facts.state["resolving_unit"], facts.state["handling_officer"]) == (
        "Phòng Kinh tế",
        "Trần B",
    )


# Supplements


def test_a_supplement_starts_the_limit_again_from_the_moment_the_papers_came(desk):
    code = bring_to(desk, "awaiting_supplement")
    assert desk.state(code)["due_at"] is None
    desk.set_clock(30, 10)
    facts = desk.act("resubmit", code, at=datetime(2026, 11, 27, 8, 0))
    assert facts.moment("due_at") == datetime(2026, 12, 2, 17)
    assert [p.kind for p in facts.promises] == ["first", "restart"]
    assert facts.status == "received"


def test_a_second_supplement_needs_its_own_reason(desk):
    code = bring_to(desk, "awaiting_supplement")
    desk.act("resubmit", code)
    with pytest.raises(MoveRefusedError, match="một lần") as refused:
        desk.act("supplement", code, reason="thiếu nữa")
    assert refused.value.field == "again"
    assert desk.act("supplement", code, reason="thiếu nữa", again="luật mới").status == (
        "awaiting_supplement"
    )


def test_an_undone_supplement_was_never_asked(desk):
    code = bring_to(desk, "awaiting_supplement")
    desk.act("undo", code, reason="nhầm hồ sơ")
    assert desk.act("supplement", code, reason="thiếu tờ khai").status == "awaiting_supplement"


@pytest.mark.parametrize(("day", "late"), [(27, 0), (30, 1)])
def test_a_supplement_asked_after_three_working_days_is_marked(desk, day, late):
    code = desk.receive(limit="10wd", limit_reason="theo quyết định")
    desk.set_clock(day)
    assert act(desk, "supplement", code).state["asked_late"] == late


def test_a_later_supplement_in_time_keeps_the_mark_of_the_first(desk):
    code = desk.receive(limit="10wd", limit_reason="theo quyết định")
    desk.set_clock(30)
    act(desk, "supplement", code)
    desk.act("resubmit", code)
    assert act(desk, "supplement", code, again="luật mới").state["asked_late"] == 1


def test_a_dossier_is_closed_only_after_the_days_that_are_set(desk):
    settings.set_setting(desk.store, key="supplement_close", value="2wd")
    code = bring_to(desk, "awaiting_supplement")
    desk.set_clock(26, 16)
    with pytest.raises(MoveRefusedError, match="17:00 26/11/2026"):
        act(desk, "close", code)
    desk.set_clock(27, 8)
    facts = act(desk, "close", code)
    assert (facts.status, facts.timeliness) == ("stopped", None)


# Pauses and extensions


def test_a_financial_duty_pauses_the_count(desk):
    code = desk.receive()
    desk.set_clock(25, 8)
    desk.act("await-payment", code)
    desk.set_clock(26, 8)
    facts = desk.act("paid", code)
    assert facts.moment("due_at") == datetime(2026, 11, 30, 17)
    assert [p.kind for p in facts.promises] == ["first", "pause"]


def test_a_pause_moves_an_extension_that_was_given_before(desk):
    code = desk.receive()
    act(desk, "extend", code, limit="5wd")
    assert desk.show(code).moment("due_at") == datetime(2026, 12, 4, 17)
    desk.set_clock(30, 8)  # after the first due day, before the extended one
    desk.act("await-payment", code)
    desk.set_clock(2, 8, month=12)
    assert desk.act("paid", code).moment("due_at") == datetime(2026, 12, 8, 17)


def test_an_extension_counts_from_the_legal_due_moment(desk):
    code = desk.receive()
    facts = act(desk, "extend", code, limit="4h")
    assert facts.moment("legal_due_at") == datetime(2026, 11, 30, 11, 30)
    assert act(desk, "extend", code, limit="1wd").moment("due_at") == datetime(2026, 12, 1, 17)


def test_a_pause_of_a_dossier_late_before_moves_nothing(desk):
    code = desk.receive()
    desk.set_clock(30)
    desk.act("await-payment", code)
    desk.set_clock(2, month=12)
    facts = desk.act("paid", code)
    assert (facts.moment("due_at"), facts.timeliness) == (DUE, "pending_late")


def test_a_promise_on_paper_moves_by_its_pause_and_is_never_taken_back(desk):
    code = desk.receive(paper_number="12", promised_due=datetime(2026, 12, 4, 11, 0))
    desk.set_clock(25, 8)
    desk.act("await-payment", code)
    desk.set_clock(27, 8)
    assert desk.act("paid", code).moment("due_at") == datetime(2026, 12, 8, 11, 0)


def test_a_pause_within_one_morning_moves_no_day(desk):
    code = desk.receive(promised_due=datetime(2026, 12, 4, 17))
    desk.act("await-payment", code)
    desk.wait(hours=1)
    assert desk.act("paid", code).moment("due_at") == datetime(2026, 12, 4, 17)


# Reschedules


def test_a_reschedule_before_the_due_day_counts_once_per_dossier(desk):
    code = desk.receive()
    desk.set_clock(26, 16, 59)
    facts = act(desk, "reschedule", code)
    assert facts.moment("rescheduled_due_at") == facts.moment("due_at") == datetime(2026, 12, 4, 17)
    assert facts.moment("legal_due_at") == DUE
    with pytest.raises(MoveRefusedError, match="một lần"):
        act(desk, "reschedule", code, new_due=datetime(2026, 12, 8, 17))
    desk.act("supplement", code, reason="thiếu")
    desk.act("resubmit", code)
    with pytest.raises(MoveRefusedError, match="một lần"):
        act(desk, "reschedule", code, new_due=datetime(2026, 12, 8, 17))


def test_a_reschedule_recorded_on_the_due_day_is_a_late_notice_whatever_its_date(desk):
    code = desk.receive()
    desk.set_clock(27, 8)
    facts = act(desk, "reschedule", code, at=datetime(2026, 11, 25, 8))
    assert facts.moment("due_at") == DUE
    assert facts.moment("rescheduled_due_at") is None
    assert (facts.state["reschedules"], facts.state["late_reason"]) == (0, "chờ ý kiến")
    assert facts.moment("late_expected_at") == datetime(2026, 12, 4, 17)
    assert not facts.promises[-1].counts


def test_a_late_notice_does_not_use_up_the_one_reschedule(desk):
    code = desk.receive()
    desk.set_clock(27, 8)
    act(desk, "reschedule", code)
    desk.act("supplement", code, reason="thiếu")
    desk.act("resubmit", code)
    assert act(desk, "reschedule", code, new_due=datetime(2026, 12, 9, 17)).promises[-1].counts


def test_a_second_word_of_the_unit_after_the_legal_day_is_a_late_notice(desk):
    code = desk.receive()
    act(desk, "reschedule", code)
    desk.set_clock(3, month=12)
    facts = act(desk, "reschedule", code, new_due=datetime(2026, 12, 9, 17))
    assert (facts.moment("due_at"), facts.state["reschedules"]) == (datetime(2026, 12, 4, 17), 1)


# Lateness


def test_a_back_dated_end_over_the_due_moment_says_why_and_is_listed(desk):
    code = desk.receive()
    desk.set_clock(30)
    for verb in ("complete", "withdraw", "forward", "await-payment"):
        with pytest.raises(InputError, match="báo cáo") as missing:
            act(desk, verb, code, at=datetime(2026, 11, 26, 8))
        assert missing.value.field == "reason"
    facts = desk.act("complete", code, at=datetime(2026, 11, 26, 8), reason="mất điện")
    assert (facts.timeliness, facts.state["backdated"]) == ("early", 1)


def test_a_completion_dated_back_behind_the_due_moment_is_late_and_needs_no_reason(desk):
    code = desk.receive()
    desk.set_clock(2, month=12)
    facts = desk.act("complete", code, at=datetime(2026, 11, 30, 8))
    assert (facts.timeliness, facts.state["backdated"]) == ("late", 0)


def test_a_dossier_asked_for_a_supplement_after_its_due_day_is_late_for_good(desk):
    code = desk.receive()
    desk.set_clock(30)
    with pytest.raises(InputError, match="Cần ghi lý do"):
        desk.act("supplement", code, reason="")
    act(desk, "supplement", code, at=datetime(2026, 11, 24, 8))
    assert desk.verdict(code) == "pending_late"
    desk.act("resubmit", code)
    assert desk.act("complete", code).timeliness == "late"


@pytest.mark.parametrize(("boundary", "verdict"), [("day", "on_time"), ("minute", "late")])
def test_the_boundary_of_lateness_is_a_setting(desk, boundary, verdict):
    settings.set_setting(desk.store, key="boundary", value=boundary)
    code = desk.receive()
    desk.set_clock(27, 17, 1)
    assert desk.act("complete", code).timeliness == verdict


def test_the_due_minute_itself_is_in_time(desk):
    settings.set_setting(desk.store, key="boundary", value="minute")
    code = desk.receive()
    desk.set_clock(27, 17, 0).wait(seconds=59)
    assert desk.verdict(code) == "pending_in_time"
    assert desk.act("complete", code).timeliness == "on_time"


def test_the_day_the_citizen_collects_never_counts(desk):
    code = desk.receive()
    desk.act("complete", code)
    desk.set_clock(20, month=12)
    assert act(desk, "return", code).timeliness == "early"


# Undo


def test_a_reception_taken_back_leaves_a_void_dossier_whose_number_stays_used(desk):
    code = desk.receive(official_code="H50.19.57-261123-0001")
    facts = desk.act("undo", code, reason="nhập nhầm người")
    assert (facts.state["is_void"], facts.timeliness, facts.state["due_at"]) == (1, None, None)
    with pytest.raises(MoveRefusedError, match="hoàn tác tiếp nhận"):
        act(desk, "forward", code)
    # Its official code is free again, its own number is not.
    other = desk.receive(official_code="H50.19.57-261123-0001")
    assert other != code
    assert desk.show("H50.19.57-261123-0001").code == other
    assert desk.problems() == []


def test_undoing_again_takes_the_step_before_back_too(desk):
    code = desk.receive(issue_receipt=True)
    act(desk, "forward", code)
    desk.act("complete", code)
    desk.act("undo", code, reason="nhầm")
    facts = desk.act("undo", code, reason="nhầm nữa")
    assert facts.status == "received"
    assert [e.is_undone for e in facts.events] == [False, False, True, True, False, False]
    assert desk.problems() == []


def test_an_undone_promise_stays_on_record_and_is_marked(desk):
    code = desk.receive()
    act(desk, "extend", code)
    facts = desk.act("undo", code, reason="nhầm")
    assert [(p.kind, p.is_undone) for p in facts.promises] == [
        ("first", False),
        ("extension", True),
    ]
    assert facts.moment("due_at") == DUE
    shown = lookup.dossier_json(facts, full=True)["promises"]
    assert [p["undone"] for p in shown] == [False, True]


# The official code


def test_an_official_code_is_attached_once(desk):
    code = desk.receive()
    assert desk.act("set-official-code", code, official="h50.19.57-261123-0007").official_code == (
        "H50.19.57-261123-0007"
    )
    again = desk.act("set-official-code", code, official="H50.19.57-261123-0007")
    assert again.state["events_count"] == 2
    with pytest.raises(MoveRefusedError, match="đã có mã chính thức"):
        desk.act("set-official-code", code, official="H50.19.57-261123-0008")


@pytest.mark.parametrize("official", ["", "abc", "TAM-01-261123-0001"])
def test_what_is_no_official_code_is_refused_at_its_field(desk, official):
    code = desk.receive()
    with pytest.raises(InputError) as wrong:
        desk.act("set-official-code", code, official=official)
    assert wrong.value.field == "official_code"


def test_two_dossiers_never_share_an_official_code(desk):
    first = desk.receive(official_code="H50.19.57-261123-0007")
    with pytest.raises(InputError, match=first):
        desk.act("set-official-code", desk.receive(), official="H50.19.57-261123-0007")
    with pytest.raises(Exception, match=first):
        desk.receive(official_code="H50.19.57-261123-0007")


def test_an_official_code_taken_back_can_be_given_to_the_right_dossier(desk):
    wrong, right = desk.receive(), desk.receive()
    desk.act("set-official-code", wrong, official="H50.19.57-261123-0007")
    desk.act("undo", wrong, reason="gắn nhầm hồ sơ")
    desk.act("set-official-code", right, official="H50.19.57-261123-0007")
    assert desk.show("H50.19.57-261123-0007").code == right


# Another body's matter (phi địa giới)


def test_a_dossier_of_another_body_has_no_promise_until_that_body_received_it(desk):
    code = desk.receive(competent_unit="Sở Tư pháp")
    shown = lookup.dossier_json(desk.show(code))
    due_fields = ("original_due_at", "legal_due_at", "rescheduled_due_at", "due_at")
    assert [shown[key] for key in due_fields] == [None] * 4
    assert shown["expected_due_at"] == "2026-11-27T17:00:00+07:00"
    assert shown["timeliness"] is None
    desk.set_clock(26)
    facts = desk.act("competent-received", code, at=datetime(2026, 11, 25, 14))
    assert facts.moment("due_at") == datetime(2026, 11, 30, 17)
    assert [p.kind for p in facts.promises] == ["first"]
    assert (facts.timeliness, facts.moment("expected_due_at")) == ("pending_in_time", None)
    with pytest.raises(MoveRefusedError, match="đã có hạn trả"):
        desk.act("competent-received", code)


def test_only_another_body_s_dossier_waits_for_its_receipt(desk):
    with pytest.raises(MoveRefusedError, match="thẩm quyền"):
        desk.act("competent-received", desk.receive())


def test_what_the_other_body_finished_before_its_receipt_was_told_is_judged_then(desk):
    code = desk.receive(competent_unit="Sở Tư pháp")
    desk.set_clock(27)
    assert desk.act("complete", code).timeliness is None
    assert desk.act("competent-received", code).timeliness == "early"


def test_waiting_before_the_other_body_s_receipt_promises_nothing(desk):
    code = desk.receive(competent_unit="Sở Tư pháp")
    desk.act("await-payment", code)
    assert desk.act("paid", code).promises == ()
    act(desk, "supplement", code)
    assert desk.verdict(code) is None
    desk.set_clock(27)
    facts = desk.act("resubmit", code)
    assert facts.promises == ()
    assert facts.moment("expected_due_at") == datetime(2026, 12, 2, 17)


def test_without_a_due_moment_nothing_is_rescheduled_or_extended(desk):
    code = desk.receive(competent_unit="Sở Tư pháp")
    for verb in ("reschedule", "extend"):
        with pytest.raises(MoveRefusedError, match="chưa có hạn trả"):
            act(desk, verb, code)


# The story


def test_the_story_names_who_did_what(desk):
    code = desk.receive(issue_receipt=True)
    act(desk, "forward", code, officer="Trần B")
    act(desk, "reschedule", code)
    desk.act("complete", code)
    act(desk, "return", code)
    told = [event.text for event in desk.show(code).events]
    assert told == [
        f"{CLERK} tiếp nhận hồ sơ, hẹn trả 17:00 27/11/2026",
        f"{CLERK} phát hành giấy tiếp nhận và hẹn trả",
        f"{CLERK} chuyển cho Phòng Tư pháp, Trần B thụ lý",
        f"{CLERK} ghi ý kiến hẹn lại: chờ ý kiến, hẹn lại 17:00 04/12/2026",
        f"{CLERK} ghi đã có kết quả",
        f"{CLERK} trả kết quả cho Nguyễn Thị Ánh",
    ]


def test_a_page_says_why_an_act_isn_t_possible(desk):
    code = desk.receive()
    act(desk, "reschedule", code)
    why = {act_.move: act_.why_not for act_ in desk.show(code).acts}
    assert why[Move.RESCHEDULE] == "đã hẹn lại một lần"
    assert why[Move.RETURN].startswith("chỉ làm được khi: chờ trả kết quả")
    assert why[Move.FORWARD] == ""
    desk.act("undo", code, reason="nhầm")
    desk.act("undo", code, reason="nhầm")
    assert {next_.why_not for next_ in desk.show(code).acts} == {"đã hoàn tác tiếp nhận"}
