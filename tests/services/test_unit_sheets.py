"""The 15-hour sheet: who stands on it, and what becomes of its ticks."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.domain.unit_sheet import SheetFacts
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import handing, lookup, office_papers, unit_sheets

CLERK = "Lê Thị A"
UNIT = "Công chức Tư pháp – Hộ tịch"


def make(desk, **options):
    return unit_sheets.make_sheets(desk.store, by=CLERK, now=desk.now, **options)


def rows(desk, code):
    return unit_sheets.rows_of(desk.store, code)[1]


def part(desk, code, name):
    return [row.code for row in rows(desk, code) if row.part == name]


def answer(desk, code, position=1, **values):
    return unit_sheets.answer_row(
        desk.store, code, position, **{"answer": "late", "by": CLERK, "now": desk.now, **values}
    )


def test_what_was_taken_in_by_three_is_handed_over_and_what_came_later_is_not(desk):
    early = desk.set_clock(23, 14, 59).receive()
    late = desk.set_clock(23, 15, 1).receive()
    (code,) = make(desk.set_clock(23, 15, 5))
    assert part(desk, code, "handed") == [early]
    (tomorrow,) = make(desk.set_clock(25, 15, 5))
    assert set(part(desk, tomorrow, "handed")) == {early, late}


def test_what_was_forwarded_today_is_on_its_units_sheet_with_the_hour(desk):
    code = desk.receive()
    desk.wait(hours=1).act("forward", code, to="Phòng Kinh tế")
    (sheet,) = make(desk.set_clock(23, 15, 5))
    paper, _ = unit_sheets.rows_of(desk.store, sheet)
    assert paper.unit == "Phòng Kinh tế"
    facts = SheetFacts.from_json(office_papers.facts_of(desk.store, paper))
    assert facts.handed[0].note == "đã chuyển 10:00"


def test_what_was_forwarded_yesterday_is_not_handed_over_again(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    desk.set_clock(26, 15)
    (sheet,) = make(desk)
    assert part(desk, sheet, "handed") == []
    assert part(desk, sheet, "due") == [code]


def test_a_dossier_of_another_body_is_not_the_units_business(desk):
    desk.receive(competent_unit="Ủy ban nhân dân xã Gio Linh")
    assert make(desk.set_clock(23, 15, 30)) == []


def test_each_unit_has_its_own_sheet_and_code(desk):
    first, second = desk.receive(), desk.receive()
    desk.act("forward", second, to="Phòng Kinh tế")
    codes = make(desk.set_clock(23, 15, 5))
    assert len(set(codes)) == 2
    assert sorted(code for sheet in codes for code in part(desk, sheet, "handed")) == sorted(
        [first, second]
    )
    assert len(make(desk, units=["Phòng Kinh tế"])) == 1


def test_an_undone_forwarding_hands_nothing_over_twice(desk):
    code = desk.receive()
    desk.act("forward", code, to="Phòng Kinh tế")
    desk.act("undo", code, reason="nhầm đơn vị")
    sheets = make(desk.set_clock(23, 15, 5))
    handed = [row for sheet in sheets for row in part(desk, sheet, "handed")]
    assert handed == [code]


def test_not_in_time_becomes_a_reschedule_with_the_units_word(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    (sheet,) = make(desk.set_clock(25, 15))
    desk.set_clock(26, 8)
    new_due = datetime(2026, 12, 2, 17)
    done = answer(desk, sheet, reason="chờ xác minh", proposed=new_due)
    assert (done.code, done.outcome) == (code, "rescheduled")
    facts = desk.show(code)
    assert facts.moment("rescheduled_due_at") == new_due
    assert facts.promises[-1].source == UNIT
    assert unit_sheets.letters_ready(desk.store, sheet, now=desk.now) == [facts.uuid]
    told = []
    papers = unit_sheets.issue_letters(
        desk.store,
        sheet,
        signer="CHỦ TỊCH|Trần Văn B",
        by=CLERK,
        now=desk.now,
        progress=lambda *step: told.append(step),
    )
    assert (len(papers), told) == (1, [(1, 1)])
    assert unit_sheets.letters_ready(desk.store, sheet, now=desk.now) == []
    assert desk.problems() == []


def test_too_late_for_a_reschedule_it_becomes_the_reason_of_the_late_letter(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    (sheet,) = make(desk.set_clock(25, 15))
    desk.set_clock(27, 9)
    done = answer(desk, sheet, reason="chờ xác minh", proposed=datetime(2026, 12, 2, 17))
    assert done.outcome == "explained"
    facts = desk.show(code)
    assert facts.moment("rescheduled_due_at") is None
    assert facts.state["late_reason"] == "chờ xác minh"


def test_a_sheet_leads_to_the_letters_of_its_own_dossiers(desk):
    codes = [desk.receive(), desk.receive()]
    for code, unit in zip(codes, (UNIT, "Địa chính"), strict=True):
        desk.act("forward", code, to=unit)
    sheets = make(desk.set_clock(25, 15))
    desk.set_clock(26, 8)
    for sheet in sheets:
        answer(desk, sheet, reason="chờ xác minh", proposed=datetime(2026, 12, 2, 17))
    ready = [unit_sheets.letters_ready(desk.store, sheet, now=desk.now) for sheet in sheets]
    assert sorted(ready) == sorted([desk.show(code).uuid] for code in codes)


@pytest.mark.parametrize(
    "values",
    [
        {"reason": "", "proposed": datetime(2026, 12, 2, 17)},
        {"reason": "chờ xác minh"},
        {"reason": "chờ xác minh", "proposed": datetime(2026, 11, 24, 17)},
    ],
)
def test_a_tick_without_reason_or_day_changes_nothing(desk, values):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    (sheet,) = make(desk.set_clock(25, 15))
    before = desk.show(code).state
    with pytest.raises(InputError):
        answer(desk, sheet, **values)
    assert desk.show(code).state == before
    assert rows(desk, sheet)[-1].answer == ""


def test_in_time_is_recorded_and_may_still_become_late(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    (sheet,) = make(desk.set_clock(25, 15))
    assert answer(desk, sheet, answer="kept").outcome == "kept"
    assert desk.show(code).moment("rescheduled_due_at") is None
    answer(desk, sheet, reason="chờ xác minh", proposed=datetime(2026, 12, 2, 17))
    with pytest.raises(MoveRefusedError, match="đã ghi không kịp"):
        answer(desk, sheet, answer="kept")


def test_the_sheet_says_what_was_printed_whatever_happened_since(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    (sheet,) = make(desk.set_clock(25, 15))
    desk.act("set-official-code", code, official="H50.19.57-261123-0001")
    desk.act("complete", code)
    (row,) = rows(desk, sheet)
    assert row.code == code
    assert not row.is_open
    assert lookup.load(desk.store, row.dossier_uuid)[2]["official_code"]


def test_an_unknown_sheet_is_said_in_words(desk):
    with pytest.raises(NotFoundError, match="mở ở quầy đã in giấy"):
        unit_sheets.rows_of(desk.store, "TOGIAO-07-261123-0001")
    desk.receive()
    (sheet,) = make(desk.set_clock(23, 15, 5))
    with pytest.raises(NotFoundError, match="không có dòng"):
        answer(desk, sheet, 9)


def test_a_list_of_results_and_a_sheet_never_stand_in_each_others_lists(desk):
    code = desk.receive()
    desk.act("forward", code, to=UNIT)
    make(desk)
    [sheet] = office_papers.listed(desk.store, office_papers.SHEET)
    result = desk.receive()
    desk.act("complete", result)
    number = handing.return_many(
        desk.store, [result], collected_by="Nguyễn Thị Ánh", by=CLERK, now=desk.now
    ).number
    assert office_papers.listed(desk.store, office_papers.SHEET) == [sheet]
    assert [words.split()[0] for _, words in handing.last_lists(desk.store)] == [number]
    with pytest.raises(NotFoundError, match="không phải tờ bàn giao"):
        unit_sheets.rows_of(desk.store, number)
    with pytest.raises(NotFoundError, match="Không có danh sách"):
        handing.list_of(desk.store, sheet.code)
