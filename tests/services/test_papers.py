"""An issued paper is frozen: what it says never changes, and each further print is on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from counter_desk import CLERK, Desk

from counter_app.errors import ClockError, MoveRefusedError, NotFoundError
from counter_app.services import catalogue, office, papers, settings

SIGNER = "GIÁM ĐỐC|Hoàng Văn C"


def print_receipt(desk: Desk, code: str, by: str = CLERK) -> str:
    return papers.print_receipt(desk.store, code, by=by, now=desk.now)


def copies(desk: Desk, code: str) -> list[int]:
    return [paper.copies for paper in desk.show(code).papers]


def told(desk: Desk, code: str) -> list[str]:
    return [
        event.text.removeprefix(f"{CLERK} ").replace("giấy tiếp nhận và hẹn trả", "giấy")
        for event in desk.show(code).events
        if event.kind == "print"
    ]


def test_the_receipt_is_issued_with_the_dossier_in_one_step(desk):
    code = desk.receive(issue_receipt=True)
    (paper,) = desk.show(code).papers
    frozen = papers.frozen_facts(desk.store, paper.uuid)
    assert (frozen["code"], frozen["due_at"]) == (code, "2026-11-27T17:00:00+07:00")
    assert (frozen["officer_name"], frozen["counter_name"]) == (CLERK, "Quầy 1")
    assert frozen["limit_text"] == "3 ngày làm việc"
    assert desk.problems() == []


def test_a_jam_is_logged_and_a_later_reprint_is_marked(desk):
    code = desk.receive(issue_receipt=True)
    first = print_receipt(desk.wait(minutes=10), code)
    assert copies(desk, code) == [0]
    assert print_receipt(desk.wait(minutes=1), code) == first
    assert copies(desk, code) == [1]
    print_receipt(desk.wait(days=1), code)
    assert told(desk, code) == [
        "phát hành giấy",
        "in lại giấy vì kẹt giấy",
        "in lại giấy lần 1",
        "in lại giấy lần 2",
    ]
    assert copies(desk, code) == [2]
    assert desk.problems() == []


def test_a_marked_reprint_that_jams_keeps_its_mark(desk):
    code = desk.receive(issue_receipt=True)
    print_receipt(desk.wait(days=1), code)
    print_receipt(desk.wait(minutes=5), code)
    print_receipt(desk.wait(minutes=5), code)
    assert copies(desk, code) == [1]
    # Ten minutes run from the print that jammed, not from its jam reprints.
    print_receipt(desk.wait(minutes=5), code)
    assert copies(desk, code) == [2]


def test_the_minutes_of_a_jam_are_a_setting(desk):
    settings.set_setting(desk.store, key="jam_minutes", value="0")
    code = desk.receive(issue_receipt=True)
    print_receipt(desk.wait(minutes=1), code)
    assert copies(desk, code) == [1]


def test_a_receipt_is_issued_anew_when_the_official_code_comes(desk):
    code = desk.receive(issue_receipt=True)
    desk.act("set-official-code", code, official="H50.19.57-261123-0001")
    desk.wait(days=1)
    print_receipt(desk, code)
    frozen = [papers.frozen_facts(desk.store, p.uuid) for p in desk.show(code).papers]
    assert [f["official_code"] for f in frozen] == ["", "H50.19.57-261123-0001"]
    assert [f["is_provisional_code"] for f in frozen] == [True, False]
    assert copies(desk, code) == [0, 0]
    desk.act("undo", code, reason="gắn nhầm")
    print_receipt(desk, code)
    assert len(desk.show(code).papers) == 3, "no receipt goes out with a code that isn't its own"


def test_a_receipt_is_issued_anew_when_the_competent_body_received_the_dossier(desk):
    code = desk.receive(competent_unit="Sở Tư pháp", issue_receipt=True)
    desk.act("competent-received", code)
    print_receipt(desk, code)
    frozen = [papers.frozen_facts(desk.store, p.uuid) for p in desk.show(code).papers]
    assert [(f["due_at"], f["expected_due_at"]) for f in frozen] == [
        (None, "2026-11-27T17:00:00+07:00"),
        ("2026-11-27T17:00:00+07:00", None),
    ]


def test_nothing_that_changes_later_changes_an_issued_receipt(desk):
    code = desk.receive(issue_receipt=True)
    (paper,) = desk.show(code).papers
    before = papers.frozen_facts(desk.store, paper.uuid)
    office.set_up(
        desk.store,
        office_name="Trung tâm khác",
        parent="Ủy ban nhân dân xã khác",
        agency_code="H50.1",
        counter="Quầy 9",
    )
    settings.set_setting(desk.store, key="place", value="Nơi khác")
    catalogue.confirm_procedure(
        desk.store, code="1.004873", decision="QĐ 1/QĐ-UBND", on=desk.now.date(), limit="9wd"
    )
    desk.act("extend", code, limit="5wd", reason="xác minh")
    print_receipt(desk.wait(days=1), code, by="Người khác")
    assert papers.frozen_facts(desk.store, paper.uuid) == before
    assert desk.show(code).events[-1].by == "Người khác"
    assert desk.problems() == []


def test_a_receipt_printed_by_another_officer_names_who_received(desk):
    code = desk.receive()
    uuid = print_receipt(desk, code, by="Trần B")
    assert papers.frozen_facts(desk.store, uuid)["officer_name"] == CLERK
    assert desk.show(code).events[-1].by == "Trần B"


def test_a_void_dossier_prints_nothing_more(desk):
    code = desk.receive(issue_receipt=True)
    desk.act("undo", code, reason="nhập nhầm")
    with pytest.raises(MoveRefusedError, match="hoàn tác tiếp nhận"):
        print_receipt(desk, code)
    with pytest.raises(MoveRefusedError, match="hoàn tác tiếp nhận"):
        papers.print_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)


def test_a_print_is_not_recorded_by_a_wrong_clock(desk):
    code = desk.receive(issue_receipt=True)
    with pytest.raises(ClockError):
        print_receipt(desk.wait(days=-1), code)


def test_a_letter_is_issued_first_and_reprinted_then(desk):
    code = desk.receive()
    new_due = datetime(2026, 12, 4, 17)
    desk.act("reschedule", code, reason="Chờ ý kiến", new_due=new_due)
    first = papers.print_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)
    desk.wait(hours=1)
    again = papers.print_apology(desk.store, code, signer="Ai khác", by=CLERK, now=desk.now)
    assert first == again
    assert copies(desk, code) == [1]
    assert papers.frozen_facts(desk.store, first)["signer_name"] == "Hoàng Văn C"


def test_a_receipt_that_is_first_printed_after_a_reschedule_shows_the_day_of_the_letter(desk):
    code = desk.receive()
    new_due = datetime(2026, 12, 4, 17)
    desk.act("reschedule", code, reason="Chờ ý kiến", new_due=new_due)
    receipt = papers.print_receipt(desk.store, code, by=CLERK, now=desk.now)
    assert papers.frozen_facts(desk.store, receipt)["due_at"] == "2026-12-04T17:00:00+07:00"


def test_a_letter_that_nobody_is_owed_can_t_be_printed(desk):
    with pytest.raises(MoveRefusedError, match="không nợ"):
        papers.print_apology(desk.store, desk.receive(), signer=SIGNER, by=CLERK, now=desk.now)


def test_a_paper_that_isn_t_there_is_said_so(desk):
    with pytest.raises(NotFoundError):
        papers.frozen_facts(desk.store, "x")
    with pytest.raises(NotFoundError):
        papers.paper_pdf(desk.store, ["x"])


def test_papers_of_both_kinds_become_a_pdf_each(desk):
    code = desk.receive(issue_receipt=True)
    desk.act("reschedule", code, reason="Chờ ý kiến", new_due=datetime(2026, 12, 4, 17))
    letter = papers.issue_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)
    receipt = desk.show(code).papers[0].uuid
    for made in (
        papers.paper_pdf(desk.store, [receipt]),
        papers.paper_pdf(desk.store, [letter]),
        papers.preview_receipt(desk.store, code, now=desk.now),
    ):
        assert made.startswith(b"%PDF")
    before = desk.show(code)
    papers.preview_receipt(desk.store, code, now=desk.now + timedelta(days=1))
    assert desk.show(code) == before, "a preview records nothing"


def test_a_late_letter_without_a_date_can_be_made(desk):
    code = desk.receive()
    desk.set_clock(30)
    desk.act("explain", code, reason="Mất kết nối")
    assert papers.preview_apology(desk.store, code, now=desk.now).startswith(b"%PDF")
    uuid = papers.issue_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)
    assert papers.paper_pdf(desk.store, [uuid]).startswith(b"%PDF")


def test_a_late_refusal_gets_its_letter_with_the_day_it_ended(desk):
    code = desk.receive()
    desk.set_clock(30)
    desk.act("refuse", code, reason="không đủ điều kiện")
    desk.act("explain", code, reason="Mất kết nối")
    uuid = papers.issue_apology(desk.store, code, signer=SIGNER, by=CLERK, now=desk.now)
    assert papers.frozen_facts(desk.store, uuid)["completed_at"] == "2026-11-30T09:00:00+07:00"
