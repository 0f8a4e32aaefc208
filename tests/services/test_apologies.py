"""Who is owed an apology, who may be soon, and which letters can be issued."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from counter_desk import CLERK, Desk
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from test_lives import attempt, steps

from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import apologies, browse, papers, settings

SIGNER = "GIÁM ĐỐC|Hoàng Văn C"


def listed(desk: Desk, as_of: datetime | None = None) -> dict[str, str]:
    rows = apologies.list_apologies(desk.store, as_of=as_of or desk.now)
    return {row.code: row.kind for row in rows}


def row_of(desk: Desk, code: str):
    rows = apologies.list_apologies(desk.store, as_of=desk.now)
    return next(row for row in rows if row.code == code)


def issue(desk: Desk, code: str, **values: str) -> str:
    return papers.issue_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now, **values)


def rescheduled(desk: Desk, code: str, day: int = 4) -> None:
    new_due = datetime(2026, 12, day, 17)
    desk.act("reschedule", code, reason="Chờ ý kiến phối hợp", new_due=new_due, unit="Phòng A")


@pytest.mark.parametrize(
    ("lead", "day", "kinds"),
    [
        ("2wd", 24, []),
        ("2wd", 25, ["at_risk"]),
        ("2wd", 27, ["at_risk"]),
        ("0wd", 26, []),
        ("0wd", 27, ["at_risk"]),
        ("1cd", 25, []),
        ("1cd", 26, ["at_risk"]),
        ("10wd", 23, ["at_risk"]),
        ("8h", 26, ["at_risk"]),
        ("8h", 25, []),
    ],
)
def test_what_is_due_within_the_lead_time_is_at_risk(desk, lead, day, kinds):
    settings.set_setting(desk.store, key="apology_lead", value=lead)
    desk.receive()
    assert list(listed(desk, datetime(2026, 11, day, 9)).values()) == kinds


def test_an_unanswered_dossier_goes_from_at_risk_to_late(desk):
    code = desk.receive()
    desk.set_clock(26)
    row = row_of(desk, code)
    assert (row.kind, row.due_at, row.too_late) == ("at_risk", datetime(2026, 11, 27, 17), False)
    assert row_of(desk.set_clock(27), code).too_late
    assert listed(desk.set_clock(28, 0)) == {code: "late"}


def test_lateness_honours_the_boundary(desk):
    code = desk.receive()
    desk.set_clock(27, 17, 1)
    assert listed(desk) == {code: "at_risk"}
    settings.set_setting(desk.store, key="boundary", value="minute")
    assert listed(desk) == {code: "late"}


def test_a_reschedule_in_time_is_confirmed_until_its_letter_is_issued(desk):
    code = desk.receive()
    desk.set_clock(26)
    rescheduled(desk, code)
    row = row_of(desk, code)
    assert (row.kind, row.due_at, row.new_due_at) == (
        "confirmed",
        datetime(2026, 11, 27, 17),
        datetime(2026, 12, 4, 17),
    )
    assert row.reason == "Chờ ý kiến phối hợp"
    assert apologies.is_ready(row)
    issue(desk, code)
    assert listed(desk) == {}
    with pytest.raises(MoveRefusedError, match="không nợ"):
        issue(desk, code)


def test_a_restart_ends_what_a_reschedule_owed(desk):
    code = desk.receive()
    desk.set_clock(26)
    rescheduled(desk, code)
    desk.act("supplement", code, reason="thiếu")
    desk.act("resubmit", code)
    assert listed(desk) == {}
    row = row_of(desk.set_clock(1, month=12), code)
    # The one reschedule is used up, so another would no longer count.
    assert (row.kind, row.too_late) == ("at_risk", True)


def test_a_result_that_came_in_time_needs_no_letter(desk):
    code = desk.receive()
    rescheduled(desk, code)
    desk.act("complete", code)
    assert listed(desk) == {}


def test_a_rescheduled_dossier_that_misses_its_new_date_too_owes_a_second_letter(desk):
    code = desk.receive()
    rescheduled(desk, code)
    issue(desk, code)
    desk.set_clock(5, month=12)
    row = row_of(desk, code)
    assert (row.kind, row.due_at, row.reason) == (
        "late",
        datetime(2026, 12, 4, 17),
        "Chờ ý kiến phối hợp",
    )
    issue(desk, code)
    assert listed(desk) == {}


@pytest.mark.parametrize(
    ("limit", "is_listed"),
    [
        ("1wd", False),
        ("0wd", False),
        ("8h", False),
        ("480m", False),
        ("24ch", False),
        ("1cd", False),
        ("2wd", True),
        ("9h", True),
        ("481m", True),
        ("25ch", True),
        ("2cd", True),
    ],
)
def test_a_limit_of_a_working_day_or_less_appears_only_as_late(desk, limit, is_listed):
    code = desk.receive(limit=limit, limit_reason="theo quyết định")
    assert (code in listed(desk)) is is_listed
    assert listed(desk.set_clock(15, month=12)) == {code: "late"}


def test_a_short_limit_that_was_extended_is_short_no_longer(desk):
    code = desk.receive(limit="1wd", limit_reason="theo quyết định")
    desk.act("extend", code, limit="1wd", reason="xác minh")
    assert listed(desk) == {code: "at_risk"}


@pytest.mark.parametrize("later", [(), ("complete",), ("complete", "return")])
def test_a_late_dossier_is_owed_a_letter_also_when_it_is_done_since(desk, later):
    code = desk.receive()
    desk.set_clock(30)
    for verb in later:
        desk.act(verb, code, **({"collected_by": "Ánh"} if verb == "return" else {}))
    row = row_of(desk, code)
    assert (row.kind, row.due_at) == ("late", datetime(2026, 11, 27, 17))
    assert not apologies.is_ready(row)
    with pytest.raises(MoveRefusedError, match="chưa ghi lý do") as missing:
        issue(desk, code)
    assert missing.value.field == "reason"
    desk.act("explain", code, reason="Mất kết nối")
    row = row_of(desk, code)
    assert apologies.is_ready(row)
    assert row.new_due_at == (desk.now if later else None)
    issue(desk, code)
    assert listed(desk) == {}


def test_a_late_letter_says_when_the_result_came_or_is_expected(desk):
    done, open_ = desk.receive(), desk.receive()
    desk.set_clock(30)
    desk.act("complete", done)
    for code in (done, open_):
        desk.act("explain", code, reason="Quá tải", expected=datetime(2026, 12, 3, 17))
    letters = [papers.frozen_facts(desk.store, issue(desk, code)) for code in (done, open_)]
    assert [x["completed_at"] for x in letters] == ["2026-11-30T09:00:00+07:00", None]
    assert [x["new_due_at"] for x in letters] == [None, "2026-12-03T17:00:00+07:00"]
    assert {x["original_due_at"] for x in letters} == {"2026-11-27T17:00:00+07:00"}


@pytest.mark.parametrize("verb", ["withdraw", "stop"])
def test_what_the_citizen_ended_is_owed_nothing(desk, verb):
    code = desk.receive()
    desk.set_clock(30)
    desk.act(verb, code, reason="theo đề nghị")
    assert listed(desk) == {}


def test_a_dossier_late_before_its_supplement_is_listed_while_it_waits(desk):
    code = desk.receive()
    desk.set_clock(30)
    desk.act("supplement", code, reason="thiếu")
    row = row_of(desk, code)
    assert (row.kind, row.due_at) == ("late", datetime(2026, 11, 27, 17))


def test_the_expected_date_of_a_late_letter_lies_ahead(desk):
    code = desk.receive()
    desk.set_clock(30)
    with pytest.raises(InputError) as wrong:
        desk.act("explain", code, reason="Quá tải", expected=desk.now)
    assert wrong.value.field == "expected"


# Numbers and signers


def test_a_letters_number_is_left_for_the_registry_unless_typed(desk):
    codes = [desk.receive() for _ in range(2)]
    for code in codes:
        rescheduled(desk, code)
    blank, typed = issue(desk, codes[0]), issue(desk, codes[1], number=" 15 ")
    frozen = [papers.frozen_facts(desk.store, uuid) for uuid in (blank, typed)]
    assert [f["number"] for f in frozen] == [None, "15"]
    assert [f["issued_on"] for f in frozen] == [None, "2026-11-23"]


def test_an_office_that_types_its_numbers_is_asked_for_one_and_nothing_is_issued(desk):
    settings.set_setting(desk.store, key="letter_number", value="typed")
    code = desk.receive()
    rescheduled(desk, code)
    with pytest.raises(InputError) as missing:
        issue(desk, code)
    assert missing.value.field == "number"
    assert desk.show(code).papers == ()


def test_an_office_with_its_own_series_gets_numbers_without_gaps(desk):
    settings.set_setting(desk.store, key="letter_number", value="series")
    codes = [desk.receive() for _ in range(3)]
    for code in codes[::2]:
        rescheduled(desk, code)
    first = issue(desk, codes[0])
    with pytest.raises(MoveRefusedError):
        issue(desk, codes[1])
    second = issue(desk, codes[2])
    numbers = [papers.frozen_facts(desk.store, uuid)["number"] for uuid in (first, second)]
    assert numbers == ["01", "02"]


def test_letters_are_issued_one_by_one_and_those_before_a_refusal_stay_issued(desk):
    codes = [desk.receive() for _ in range(3)]
    for code in codes[:2]:
        rescheduled(desk, code)
    told: list[tuple[int, int]] = []
    with pytest.raises(MoveRefusedError, match=codes[2]):
        papers.issue_apologies(
            desk.store,
            codes,
            signer=SIGNER,
            by=CLERK,
            now=desk.now,
            progress=lambda done, total: told.append((done, total)),
        )
    assert told == [(1, 3), (2, 3)]
    assert [len(desk.show(code).papers) for code in codes] == [1, 1, 0]
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("signer", "name", "titles"),
    [
        ("Lê Văn A", "Lê Văn A", ()),
        ("GIÁM ĐỐC|Lê Văn A", "Lê Văn A", ("GIÁM ĐỐC",)),
        ("KT. CHỦ TỊCH| PHÓ CHỦ TỊCH |Lê  Văn A", "Lê Văn A", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (" | ", "", ()),
    ],
)
def test_a_signer_is_a_name_with_the_lines_above_it(signer, name, titles):
    assert papers.split_signer(signer) == (name, titles)


# The figures say what the list says


@pytest.mark.parametrize("boundary", ["day", "minute"])
@hypothesis_settings(max_examples=15)
@given(
    lives=st.lists(st.lists(steps(), max_size=6), min_size=1, max_size=5), wait=st.integers(0, 400)
)
def test_the_figure_of_letters_owed_is_the_length_of_the_list(copies, boundary, lives, wait):
    desk = copies()
    settings.set_setting(desk.store, key="boundary", value=boundary)
    for number, life in enumerate(lives):
        code = desk.receive(limit=("1wd", "3wd", "10cd")[number % 3], limit_reason="quyết định")
        for step in life:
            desk.wait(hours=step[1])
            attempt(desk, code, step)
    now = desk.now + timedelta(hours=wait)
    listed = apologies.list_apologies(desk.store, as_of=now)
    uuids = {uuid for (uuid,) in desk.store.rows("SELECT uuid FROM dossier WHERE id % 2 = 0")}
    some = apologies.list_apologies(desk.store, as_of=now, among=uuids)
    assert some == [row for row in listed if row.uuid in uuids]
    owed = [row for row in listed if row.kind != "at_risk"]
    assert apologies.count_owed(desk.store, as_of=now) == len(owed)
    assert browse.day_figures(desk.store, now=now).owes_apology == len(owed)
    pages, after = [], None
    while page := browse.page(desk.store, name="owes_apology", after=after, count=2, now=now):
        pages += [row.id for row in page]
        after = page[-1]
    assert pages == [row.id for row in owed]
    for row in owed:
        late = row.kind == "late"
        assert late == (desk_verdict(desk, row.uuid, now) in {"late", "pending_late"})


def desk_verdict(desk: Desk, uuid: str, now: datetime) -> str | None:
    return Desk(desk.store, now).verdict(uuid)


def test_the_title_is_the_form_set_s_unless_the_office_chose_one(desk):
    code = desk.receive()
    rescheduled(desk, code)
    assert papers.frozen_facts(desk.store, issue(desk, code))["title"] == ""
    settings.set_setting(desk.store, key="apology_title", value="PHIẾU XIN LỖI VÀ HẸN LẠI")
    other = desk.receive()
    rescheduled(desk, other)
    assert (
        papers.frozen_facts(desk.store, issue(desk, other))["title"] == "PHIẾU XIN LỖI VÀ HẸN LẠI"
    )
