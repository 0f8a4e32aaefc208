"""Periods seen from a day, and the one before each."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.figures import Period, percent, read_period
from counter_app.domain.periods import is_month, months_from, presets, statistics_quarter
from counter_app.errors import InputError

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(today=DAYS, first_day=st.integers(1, 28))
def test_a_day_lies_in_its_statistics_quarter_and_they_join_without_a_gap(today, first_day):
    quarter = statistics_quarter(today, first_day)
    assert quarter.first <= today <= quarter.last
    assert quarter.first.day == first_day
    following = statistics_quarter(quarter.last + timedelta(days=1), first_day)
    assert following.first == quarter.last + timedelta(days=1)
    assert 89 <= (quarter.last - quarter.first).days + 1 <= 92


@given(year=st.integers(2000, 2100), month=st.integers(1, 12), count=st.integers(1, 3))
def test_a_period_is_the_month_of_its_key_and_no_other_one(year, month, count):
    period = months_from(year, month, count)
    assert is_month(period, f"{year}-{month:02}") == (count == 1)
    assert not is_month(period, f"{year + 1}-{month:02}")
    assert not is_month(Period(period.first, period.last - timedelta(days=1)), f"{year}-{month:02}")


def test_the_statistics_quarter_begins_in_the_last_month_of_the_quarter_before():
    assert statistics_quarter(date(2026, 11, 27), 15) == (date(2026, 9, 15), date(2026, 12, 14))
    assert statistics_quarter(date(2026, 12, 15), 15) == (date(2026, 12, 15), date(2027, 3, 14))


@given(today=DAYS)
def test_presets_have_begun_and_end_after_they_begin(today):
    for preset in presets(today, statistics_day=15):
        assert preset.period.first <= today
        assert preset.period.first <= preset.period.last


@given(year=st.integers(2000, 2100), month=st.integers(1, 12), count=st.integers(1, 24))
def test_the_period_before_whole_months_is_as_many_whole_months(year, month, count):
    period = months_from(year, month, count)
    before = period.before()
    assert before.is_of_whole_months
    assert before.last == period.first - timedelta(days=1)
    assert len(before.months()) == len(period.months()) == count


@given(first=DAYS, length=st.integers(0, 400))
def test_months_cut_a_period_without_gap_or_overlap(first, length):
    period = Period(first, first + timedelta(days=length))
    parts = period.months()
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    for one, other in itertools.pairwise(parts):
        assert other.first == one.last + timedelta(days=1)


@given(part=st.integers(0, 10**6), whole=st.integers(1, 10**6))
def test_a_rate_is_rounded_half_up_to_two_decimals(part, whole):
    from decimal import ROUND_HALF_UP, Decimal, localcontext

    with localcontext(prec=50):
        exact = (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert percent(part, whole) == float(exact)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(InputError, match="trước khi bắt đầu"):
        read_period(date(2026, 2, 1), date(2026, 1, 1))
