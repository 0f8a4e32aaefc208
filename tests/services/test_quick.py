"""The quick register: a line is a whole dossier, its number is given once, undone in the open."""

from __future__ import annotations

import pytest

from counter_app.errors import InputError, InputErrors, MoveRefusedError
from counter_app.services import at_hand, browse, moves, quick, settings, till

CERTIFY, SIGNATURE = "2.000815", "2.000884"


def enter(desk, **values):
    given = {"procedure_code": CERTIFY, "applicant_name": "Nguyễn Văn A", "pages": 2, **values}
    issue = given.pop("issue_receipt", False)
    return quick.enter_line(
        desk.store,
        quick.QuickRequest(**given),
        by="Lê Thị A",
        now=desk.now,
        issue_receipt=issue,
    )


def back(desk, line, reason="nhầm người"):
    return quick.take_back_line(desk.store, line.uuid, reason=reason, by="Lê Thị A", now=desk.now)


def test_a_line_is_a_dossier_that_is_done_paid_and_counted(desk):
    line = enter(desk, pages=5, copies=3, receipt_number="0012")
    assert (line.number, line.fee, line.paid) == ("1", 21_000, 21_000)
    facts = desk.show(line.code)
    assert [e.kind for e in facts.events] == ["receive", "fee", "complete", "return"]
    assert (facts.status, facts.timeliness) == ("returned", "on_time")
    assert facts.papers == ()
    assert browse.day_figures(desk.store, now=desk.now).arrived_today == 1
    assert till.till_day(desk.store, desk.now.date()).total == 21_000
    assert desk.problems() == []


def test_a_receipt_is_issued_only_when_asked_for(desk):
    line = enter(desk, issue_receipt=True)
    assert [paper.kind for paper in desk.show(line.code).papers] == ["receipt"]


def test_each_book_counts_for_itself_and_through_the_year(desk):
    numbers = [enter(desk).number, enter(desk, procedure_code=SIGNATURE).number, enter(desk).number]
    assert numbers == ["1", "1", "2"]
    desk.now = desk.now.replace(year=2027, month=1, day=4)
    line = enter(desk)
    assert str(line.entry) == "1, quyển 01/2027-SCT/BS"


def test_an_office_that_begins_in_the_middle_of_a_year_goes_on_from_its_paper_book(desk):
    quick.start_book(desk.store, "SCT/BS", number=1235, year=2026, by="A", now=desk.now)
    assert enter(desk).number == "1235"
    for wrong in (1235, 0, 10_000_000):
        with pytest.raises(InputError, match="không dùng lại"):
            quick.start_book(desk.store, "SCT/BS", number=wrong, year=2026, by="A", now=desk.now)
    with pytest.raises(InputError):
        quick.start_book(desk.store, "SCT/X", number=1, year=2026, by="A", now=desk.now)
    assert enter(desk).number == "1236"
    (start,) = quick.book_starts(desk.store)
    assert (start["from"], start["to"], start["by"]) == (1, 1235, "A")


def test_a_line_taken_back_keeps_its_number_and_its_reason(desk):
    first, second = enter(desk), enter(desk)
    cancelled = back(desk, quick.last_line(desk.store, now=desk.now))
    assert (cancelled.uuid, cancelled.cancelled) == (second.uuid, "nhầm người")
    assert enter(desk).number == "3"
    shown = [(line.number, line.cancelled) for line in quick.lines_of(desk.store, desk.now.date())]
    assert shown == [("3", ""), ("2", "nhầm người"), ("1", "")]
    assert first.paid == 4_000
    assert till.till_day(desk.store, desk.now.date()).total == 8_000
    assert browse.day_figures(desk.store, now=desk.now).arrived_today == 2
    assert desk.problems() == []


def test_taking_back_needs_a_reason_and_is_done_once(desk):
    line = enter(desk)
    with pytest.raises(InputError):
        back(desk, line, reason=" ")
    back(desk, line)
    with pytest.raises(MoveRefusedError):
        back(desk, line)


def test_only_lines_of_today_are_taken_back_here(desk):
    line = enter(desk)
    other = desk.receive()
    with pytest.raises(MoveRefusedError, match="không phải dòng ghi nhanh"):
        quick.take_back_line(desk.store, other, reason="x", by="A", now=desk.now)
    desk.set_clock(25)
    with pytest.raises(MoveRefusedError, match="không phải dòng ghi nhanh"):
        back(desk, line)
    assert quick.last_line(desk.store, now=desk.now) is None
    moves.undo(desk.store, line.uuid, reason="x", by="A", now=desk.now)  # the page Hồ sơ still can


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"pages": 0}, "pages"),
        ({"copies": 0}, "copies"),
        ({"procedure_code": "1.004873"}, "procedure_code"),
    ],
)
def test_a_line_that_can_t_be_used_takes_no_number(desk, given, field):
    with pytest.raises(InputError) as wrong:
        enter(desk, **given)
    assert wrong.value.field == field
    with pytest.raises(InputErrors):
        enter(desk, applicant_name=" ")
    assert enter(desk).number == "1"


def test_a_free_or_unpaid_line_takes_no_money(desk):
    assert enter(desk, procedure_code="2.000908").paid == 0
    line = enter(desk, is_paid=False)
    assert (line.fee, line.paid) == (4_000, 0)
    assert till.till_day(desk.store, desk.now.date()).rows == ()


def test_the_office_keeps_its_books_as_it_likes(desk):
    settings.set_setting(desk.store, key="books", value=f"BS|Sổ bản sao|{CERTIFY}, {SIGNATURE}")
    assert [enter(desk).number, enter(desk, procedure_code=SIGNATURE).number] == ["1", "2"]
    with pytest.raises(InputError):
        settings.set_setting(desk.store, key="books", value="BS|chỉ hai phần")
    codes = [p.code for p in quick.quick_procedures(desk.store, on=desk.now.date())]
    assert codes == [CERTIFY, SIGNATURE]


def test_after_three_a_line_done_at_once_is_early(desk):
    desk.set_clock(23, 15, 30)
    assert desk.show(enter(desk).code).timeliness == "early"


def test_the_desk_s_last_receipts_are_not_buried_under_quick_lines(desk):
    code = desk.receive()
    line = enter(desk)
    assert [row.code for row in at_hand.recent_receipts(desk.store, now=desk.now)] == [code]
    assert quick.lines_of(desk.store, desk.now.date())[0].code == line.code
