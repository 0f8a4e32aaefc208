"""The kit for an outage: numbers given once, a table that promises as the desk does."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from counter_app.domain.moments import from_epoch
from counter_app.domain.numbering import check_official_code
from counter_app.domain.outage import OutageFacts, stretch_words
from counter_app.errors import InputError, InputErrors, MoveRefusedError, NotFoundError
from counter_app.services import catalogue, office_papers, outage, reception, settings
from counter_app.storage.database import open_store

CLERK = "Lê Thị A"


def make_kit(desk, count=3):
    return outage.make_kit(desk.store, count=count, by=CLERK, now=desk.now)


def facts_of(desk, code):
    paper = office_papers.find(desk.store, code)
    return OutageFacts.from_json(office_papers.facts_of(desk.store, paper))


def numbers(desk, state=""):
    return [r.number for r in outage.reserved(desk.store, state=state)]


def test_a_kit_reserves_its_numbers_and_no_two_kits_share_one(desk):
    first, second = make_kit(desk), make_kit(desk, 2)
    assert first != second
    found = numbers(desk)
    assert len(set(found)) == len(found) == 5
    assert set(facts_of(desk, first).numbers) | set(facts_of(desk, second).numbers) == set(found)


def test_a_kit_that_fails_reserves_nothing(desk, monkeypatch):
    def fail(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(office_papers, "keep", fail)
    with pytest.raises(ZeroDivisionError):
        make_kit(desk)
    assert numbers(desk) == []
    assert desk.store.row("SELECT count(*) FROM series WHERE kind = 'giay'") == (0,)


@pytest.mark.parametrize("count", [0, 201, -1])
def test_an_absurd_number_of_receipts_is_refused(desk, count):
    with pytest.raises(InputError, match="Chưa giữ số nào"):
        make_kit(desk, count)


def test_a_reserved_number_never_passes_for_an_official_code(desk):
    make_kit(desk)
    for number in numbers(desk):
        for pattern in (r"[0-9A-Z]+(\.[0-9A-Z]+)*-\d{6}-\d{4,7}", r"[A-Z0-9.-]+"):
            with pytest.raises(ValueError, match="số tạm"):
                check_official_code(number, pattern)


def test_the_number_becomes_the_dossiers_and_cannot_be_used_again(desk):
    make_kit(desk)
    number = numbers(desk)[0]
    code = desk.wait(hours=5).receive(paper_number=f" {number.lower()} ")
    assert desk.state(code)["paper_number"] == number
    assert desk.show(number).code == code
    (used,) = outage.reserved(desk.store, state="used")
    assert (used.number, used.dossier_code) == (number, code)
    with pytest.raises(InputErrors, match="đã dùng cho hồ sơ"):
        desk.receive(paper_number=number)
    assert desk.problems() == []


def test_the_paper_promise_holds_and_our_own_answer_stands_beside_it(desk):
    make_kit(desk)
    promised = desk.now.replace(day=26, hour=17, minute=0)
    received = desk.now
    code = desk.wait(hours=26).receive(
        paper_number=numbers(desk)[0], received_at=received, promised_due=promised
    )
    (promise,) = desk.show(code).promises
    assert promise.due_at == promised
    assert promise.own_due_at is not None
    assert promise.own_due_at != promised
    assert desk.state(code)["entered_late"]


def test_a_number_nobody_reserved_here_is_refused(desk):
    with pytest.raises(InputErrors, match="không có trong các số quầy này đã giữ"):
        desk.receive(paper_number="GIAY-02-261123-0001")


def test_a_number_of_another_shape_is_the_offices_own(desk):
    assert desk.state(desk.receive(paper_number="27/2026"))["paper_number"] == "27/2026"


def test_a_refused_dossier_leaves_its_number_open(desk):
    make_kit(desk)
    with pytest.raises(InputErrors):
        desk.receive(paper_number=numbers(desk)[0], applicant_name="")
    assert len(numbers(desk, "open")) == 3


def test_a_reception_that_was_taken_back_frees_its_number(desk):
    make_kit(desk)
    number = numbers(desk)[0]
    first = desk.receive(paper_number=number)
    desk.act("undo", first, reason="nhầm người")
    second = desk.receive(paper_number=number)
    assert desk.show(number).code == second
    assert desk.problems() == []


def test_unused_numbers_are_closed_with_a_reason_all_or_none(desk):
    make_kit(desk)
    first, second, third = numbers(desk)
    desk.receive(paper_number=third)
    close = outage.close_numbers
    with pytest.raises(InputError, match="lý do"):
        close(desk.store, [first], reason=" ", by=CLERK, now=desk.now)
    with pytest.raises(MoveRefusedError, match="đã dùng"):
        close(desk.store, [first, third], reason="không dùng", by=CLERK, now=desk.now)
    with pytest.raises(NotFoundError):
        close(desk.store, ["GIAY-09-261123-0001"], reason="x", by=CLERK, now=desk.now)
    assert numbers(desk, "open") == [first, second]
    close(desk.store, [first, second], reason="có điện lại", by=CLERK, now=desk.now)
    with pytest.raises(InputErrors, match="đã đóng"):
        desk.receive(paper_number=first)
    assert desk.problems() == []


def test_a_closed_number_can_be_opened_again_and_keeps_both_reasons(desk):
    make_kit(desk, 1)
    (number,) = numbers(desk)
    outage.close_numbers(desk.store, [number], reason="mất tờ giấy", by=CLERK, now=desk.now)
    outage.reopen_number(desk.store, number, reason="đã tìm thấy", by=CLERK, now=desk.now)
    (found,) = outage.reserved(desk.store, state="open")
    assert "mất tờ giấy" in found.reason
    assert "đã tìm thấy" in found.reason


def test_the_check_finds_a_number_that_lost_its_dossier(desk):
    make_kit(desk)
    desk.receive(paper_number=numbers(desk)[0])
    desk.store.execute("UPDATE reservednumber SET state = 'open' WHERE state = 'used'")
    assert any("số giấy giữ trước" in problem for problem in desk.problems())


def test_the_table_promises_what_the_desk_would(desk):
    """Each stretch is asked at both ends and in the middle, through the desk's own quote."""
    facts = facts_of(desk, make_kit(desk))
    assert [day.isoformat() for day in facts.days] == ["2026-11-23", "2026-11-25", "2026-11-26"]
    of_line = {line.line: line.code for line in facts.procedures}
    for number, line in enumerate(facts.lines, 1):
        for day, parts in zip(facts.days, line.days, strict=True):
            for part in parts:
                for minute in (part.first, (part.first + part.last) // 2, part.last):
                    at = from_epoch(0).replace(
                        year=day.year,
                        month=day.month,
                        day=day.day,
                        hour=minute // 60,
                        minute=minute % 60,
                    )
                    quoted = reception.quote(
                        desk.store, procedure_code=of_line[number], received_at=at
                    )
                    if line.words.endswith(("giờ", "giờ làm việc")):
                        assert part.due_at <= quoted.due_at
                    else:
                        assert part.due_at == quoted.due_at, (line.words, at)


def test_under_the_hour_school_the_paper_never_promises_later_than_the_desk(desk):
    settings.set_setting(desk.store, key="counting", value="hour")
    facts = facts_of(desk, make_kit(desk, 1))
    of_line = {line.line: line.code for line in facts.procedures}
    for number, line in enumerate(facts.lines, 1):
        for day, parts in zip(facts.days, line.days, strict=True):
            assert list(parts) == sorted(parts)
            for part in parts:
                at = datetime.combine(day, time(part.last // 60, part.last % 60))
                quoted = reception.quote(desk.store, procedure_code=of_line[number], received_at=at)
                assert part.due_at <= quoted.due_at, (line.words, at)


def test_a_cut_off_parts_the_day_at_its_hour(desk):
    facts = facts_of(desk, make_kit(desk))
    line = next(line for line in facts.lines if "trả kết quả vào ngày" in line.words)
    parts = line.days[1]
    assert [stretch_words(part, parts) for part in parts] == ["nhận đến 15:00", "nhận sau 15:00"]
    assert parts[0].due_at < parts[1].due_at


def test_every_procedure_with_a_limit_is_in_the_kit(desk):
    facts = facts_of(desk, make_kit(desk))
    known = {p.code for p in catalogue.procedures(desk.store, on=desk.now.date()) if p.limit}
    assert {line.code for line in facts.procedures} == known


def test_in_the_evening_a_kit_is_for_the_next_two_working_days(desk):
    desk.set_clock(23, 17, 30)
    days = facts_of(desk, make_kit(desk)).days
    assert [day.isoformat() for day in days] == ["2026-11-25", "2026-11-26"]


def test_a_kit_is_frozen_whatever_is_set_later(desk):
    code = make_kit(desk)
    before = facts_of(desk, code)
    desk.store.execute("UPDATE office SET name = 'Tên khác'")
    desk.store.cache.clear()
    assert facts_of(desk, code) == before


def test_a_print_soon_after_is_a_jam_and_a_later_one_is_counted(desk):
    code = make_kit(desk)
    again = office_papers.print_again
    assert again(desk.store, code, now=desk.now).copies == 0
    assert again(desk.store, code, now=desk.wait(hours=1).now).copies == 1
    assert facts_of(desk, code).reprint_count == 1


def test_numbers_outlive_the_program(desk, tmp_path):
    make_kit(desk, 2)
    kept = numbers(desk)
    path = desk.store.path
    desk.store.close()
    store = open_store(path, backup_folder=tmp_path, stamp="again")
    assert [r.number for r in outage.reserved(store)] == kept
    store.close()
