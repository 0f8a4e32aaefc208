"""Fees: the arithmetic of the tariffs, and how a dossier stands with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.catalogue import Fee, parse_procedures
from counter_app.domain.fees import FeeStanding, counts_pages, fee_for

SHIPPED = json.loads(
    (Path(__file__).parents[2] / "resources" / "catalogue" / "procedures.json").read_text("utf-8")
)
FEES = {p.code: p.fee for p in parse_procedures(SHIPPED)}
CERTIFIED = FEES["2.000815"]
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("pages", "copies", "sum_"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (5, 3, 21_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (1_000, 2, 400_000),
    ],
)
def test_a_certified_copy_costs_by_its_pages_with_the_cap_of_each_copy(pages, copies, sum_):
    assert fee_for(CERTIFIED, pages=pages, copies=copies) == sum_


@pytest.mark.parametrize(
    ("code", "sum_"),
    [("2.000884", 10_000), ("2.001035", 50_000), ("2.000913", 30_000), ("2.000927", 25_000)],
)
def test_a_case_costs_its_sum_however_many_pages_it_has(code, sum_):
    assert fee_for(FEES[code], pages=40) == sum_
    assert fee_for(FEES[code], copies=2) == 2 * sum_


def test_an_extract_costs_by_the_copy_and_the_book_of_originals_is_free():
    assert fee_for(FEES["2.000635"], copies=3) == 24_000
    assert fee_for(FEES["2.000908"], copies=3) == 0


def test_without_the_pages_or_the_tariff_there_is_no_sum():
    assert counts_pages(CERTIFIED)
    assert fee_for(CERTIFIED) is None
    assert fee_for(Fee()) is None


tariffs = st.builds(
    Fee,
    amount=st.integers(1, 100_000),
    per=st.sampled_from(["trang", "bản", "trường hợp", ""]),
    cap=st.none() | st.integers(1, 1_000_000),
    further_from=st.none() | st.integers(0, 9),
    further_amount=st.none() | st.integers(0, 50_000),
)


@given(tariffs, st.integers(1, 500), st.integers(1, 50))
def test_more_pages_or_copies_never_cost_less(fee, pages, copies):
    total = fee_for(fee, pages=pages, copies=copies)
    assert total <= fee_for(fee, pages=pages + 1, copies=copies)
    assert total <= fee_for(fee, pages=pages, copies=copies + 1)


@given(tariffs, st.integers(1, 500), st.integers(1, 50))
def test_copies_by_the_page_cost_so_many_times_one_and_no_cap_is_broken(fee, pages, copies):
    total = fee_for(fee, pages=pages, copies=copies)
    if counts_pages(fee):
        assert total == copies * fee_for(fee, pages=pages)
    if fee.cap is not None:
        assert total <= fee.cap * (copies if counts_pages(fee) else 1)


@given(tariffs, st.integers(1, 500))
def test_the_sum_is_what_adding_up_page_by_page_gives(fee, pages):
    one_by_one = sum(
        fee.further_amount
        if fee.further_from is not None
        and fee.further_amount is not None
        and page >= fee.further_from
        else fee.amount
        for page in range(1, pages + 1)
    )
    expected = one_by_one if fee.cap is None else min(fee.cap, one_by_one)
    count = {"pages": pages} if counts_pages(fee) else {"copies": pages}
    assert fee_for(fee, **count) == expected


def standing_of(due, pages=0, copies=0, paid=0, number="", *, tariff=""):
    return FeeStanding(tariff, due, pages, copies, paid, number, "", "")


@pytest.mark.parametrize(
    ("standing", "words", "owed"),
    [
        (standing_of(None, tariff="2.000 đ/trang"), "Chưa tính (2.000 đ/trang)", None),
        (standing_of(21_000, 5, 3), "Chưa thu 21.000~đ (5 trang × 3 bản)", 21_000),
        (standing_of(21_000, 5, 3, 21_000, "0012"), "Đã thu 21.000~đ, biên lai 0012", 0),
        (
            FeeStanding("", 21_000, 5, 3, 6_000, "", "", ""),
            "Đã thu 6.000~đ, biên lai chưa ghi số, còn thiếu 15.000~đ",
            15_000,
        ),
        (FeeStanding("", 0, 0, 0, 0, "", "", ""), "Không thu", 0),
        (
            FeeStanding("", 9, 0, 0, 0, "", "hộ nghèo", "sổ số 12"),
            "Miễn: hộ nghèo, đã xem sổ số 12",
            0,
        ),
    ],
)
def test_a_dossier_says_how_it_stands_with_its_fee(standing, words, owed):
    assert standing.words == words.replace("~", NBSP)
    assert standing.owed == owed
