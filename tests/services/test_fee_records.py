"""Fees on dossiers: counted, paid, exempted, taken back, and told again by the till of a day."""

from __future__ import annotations

import pypdfium2
import pytest

from counter_app.domain.fees import FeeStanding
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import fees, moves, papers, till

CERTIFY, SIGNATURE = "2.000815", "2.000884"


def pay(desk, code, **values):
    return fees.record_fee(desk.store, code, by="Lê Thị A", now=desk.now, **values)


def test_a_fixed_fee_is_known_when_the_dossier_is_received(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    assert FeeStanding.of(desk.state(code)).owed == 10_000


def test_a_fee_by_the_page_waits_for_the_pages_and_is_kept_with_them(desk):
    code = desk.receive(procedure_code=CERTIFY)
    assert desk.state(code)["fee"] is None
    state = pay(desk, code, pages=5, copies=3).state
    assert (state["fee"], state["fee_pages"], state["fee_copies"]) == (21_000, 5, 3)
    assert desk.problems() == []


def test_paying_without_a_sum_says_what_is_missing(desk):
    code = desk.receive(procedure_code=CERTIFY)
    with pytest.raises(InputError) as missing:
        pay(desk, code, paid=True)
    assert missing.value.field == "amount"
    assert desk.state(code)["events_count"] == 1


def test_a_payment_keeps_the_number_of_the_official_receipt_and_is_made_once(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    facts = pay(desk, code, paid=True, receipt_number="0012")
    assert facts.state["fee_paid"] == 10_000
    assert facts.state["fee_receipt"] == "0012"
    assert "biên lai 0012" in facts.events[-1].text
    with pytest.raises(MoveRefusedError, match="đã thu đủ"):
        pay(desk, code, paid=True)


def test_the_number_may_follow_the_payment_and_is_no_second_one(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    pay(desk, code, paid=True)
    assert till.till_day(desk.store, desk.now.date()).without_number == 1
    pay(desk, code, receipt_number="0013")
    day = till.till_day(desk.store, desk.now.date())
    assert (day.total, day.without_number) == (10_000, 0)
    with pytest.raises(InputError):
        pay(desk, desk.receive(procedure_code=SIGNATURE), receipt_number="0014")


def test_more_copies_after_paying_are_paid_on_a_second_receipt(desk):
    code = desk.receive(procedure_code=CERTIFY)
    pay(desk, code, pages=1, copies=1, paid=True, receipt_number="1")
    state = pay(desk, code, copies=3, paid=True, receipt_number="2").state
    assert (state["fee_paid"], state["fee_receipt"]) == (6_000, "1, 2")
    assert [row.amount for row in till.till_day(desk.store, desk.now.date()).rows] == [2_000, 4_000]


@pytest.mark.parametrize(
    ("given", "field"), [({"proof": "sổ"}, "reason"), ({"reason": "a"}, "proof")]
)
def test_an_exemption_needs_its_reason_and_the_proof_that_was_seen(desk, given, field):
    code = desk.receive(procedure_code=SIGNATURE)
    with pytest.raises(InputError) as missing:
        pay(desk, code, exempt=True, **given)
    assert missing.value.field == field
    facts = pay(desk, code, exempt=True, reason="hộ nghèo", proof="sổ hộ nghèo số 12")
    assert FeeStanding.of(facts.state).owed == 0
    assert till.till_day(desk.store, desk.now.date()).exempt == 1


def test_a_sum_other_than_the_tariff_needs_its_reason(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    with pytest.raises(InputError) as missing:
        pay(desk, code, amount=5_000, paid=True)
    assert missing.value.field == "reason"
    assert (
        pay(desk, code, amount=5_000, reason="giảm một nửa", paid=True).state["fee_paid"] == 5_000
    )


def test_a_payment_taken_back_the_same_day_counts_for_nothing_and_stays_seen(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    pay(desk, code, paid=True, receipt_number="0012")
    moves.undo(desk.store, code, reason="thu nhầm", by="Lê Thị A", now=desk.wait(minutes=5).now)
    assert desk.state(code)["fee_paid"] == 0
    day = till.till_day(desk.store, desk.now.date())
    assert day.total == 0
    assert "Đã hoàn tác" in day.rows[0].note


def test_a_payment_given_back_later_leaves_its_day_as_it_was(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    pay(desk, code, paid=True)
    first = desk.now.date()
    desk.set_clock(25)
    moves.undo(desk.store, code, reason="thu nhầm", by="Lê Thị A", now=desk.now)
    assert till.till_day(desk.store, first).total == 10_000
    assert till.till_day(desk.store, desk.now.date()).total == -10_000


def test_the_till_is_told_as_csv_and_as_a_pdf_that_says_it_is_no_receipt(desk):
    for number in range(40):
        code = desk.receive(procedure_code=SIGNATURE, applicant_name=f"Nguyễn Văn {'A' * 30}")
        pay(desk, code, paid=True, receipt_number=f"{number:04}")
    day = till.till_day(desk.store, desk.now.date())
    text = till.till_csv(day).decode("utf-8-sig")
    assert text.count("\r\n") == 42
    assert ",400000," in text.splitlines()[-1]
    assert till.NOT_A_RECEIPT in text
    pdf = till.till_pdf(day)
    assert pdf.startswith(b"%PDF")
    assert pdf == till.till_pdf(day)


def printed_fee(desk, code):
    paper = papers.print_receipt(desk.store, code, by="Lê Thị A", now=desk.now)
    return papers.frozen_facts(desk.store, paper)["fee_text"]


def test_a_receipt_says_how_the_fee_stands_when_it_is_printed(desk):
    code = desk.receive(procedure_code=CERTIFY)
    assert printed_fee(desk, code).startswith("2.000 đ/trang")
    pay(desk, code, pages=5, copies=3)
    assert printed_fee(desk, code) == "21.000\u00a0đ (5 trang × 3 bản)"
    pay(desk, code, paid=True, receipt_number="0012")
    assert printed_fee(desk, code) == "21.000\u00a0đ (5 trang × 3 bản), đã thu, biên lai số 0012"
    assert desk.problems() == []


def test_a_receipt_of_an_exempt_citizen_names_the_reason_and_the_proof(desk):
    code = desk.receive(procedure_code=SIGNATURE)
    assert printed_fee(desk, code) == "10.000 đ/trường hợp"
    pay(desk, code, exempt=True, reason="hộ nghèo", proof="sổ số 12")
    assert printed_fee(desk, code) == "Miễn: hộ nghèo, đã xem sổ số 12"


@pytest.mark.parametrize("is_rehearsal", [True, False])
def test_every_page_of_a_practice_till_says_that_it_is_one(desk, is_rehearsal):
    for _ in range(40):
        pay(desk, desk.receive(procedure_code=SIGNATURE), paid=True)
    day = till.till_day(desk.store, desk.now.date())._replace(is_rehearsal=is_rehearsal)
    with pypdfium2.PdfDocument(till.till_pdf(day)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) > 1
    assert ["BẢN TẬP DƯỢT" in text for text in pages] == [is_rehearsal] * len(pages)
