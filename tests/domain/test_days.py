"""Days and births as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.identity import (
    Birth,
    DayError,
    parse_birth,
    parse_day,
)


@pytest.mark.parametrize(
    "text",
    [
        "30121992",
        "30/12/1992",
        "30-12-1992",
        "30.12.1992",
        "1992-12-30",
        " 30 / 12 / 1992 ",
        "30 12 1992",
    ],
)
def test_a_day_is_read_in_every_usual_form(text):
    assert parse_day(text) == date(1992, 12, 30)
    assert parse_birth(text) == Birth(date(1992, 12, 30), 1992)


def test_short_days_and_months_are_read():
    assert parse_day("1/2/1992") == date(1992, 2, 1)


def test_a_year_alone_is_a_birth_but_no_day():
    assert parse_birth(" 1992 ") == Birth(None, 1992)
    assert str(parse_birth("1992")) == "1992"
    assert str(parse_birth("2/9/1945")) == "02/09/1945"
    with pytest.raises(DayError, match="Không đọc được ngày"):
        parse_day("1992")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có ngày"),
        ("31021985", "Không có ngày 31/02/1985"),
        ("29/02/2023", "Không có ngày 29/02/2023"),
        ("1985-13-01", "Không có ngày 01/13/1985"),
        ("00/00/1985", "Không có ngày 00/00/1985"),
        ("30/12/92", "đủ bốn chữ số của năm"),
        ("301292", "đủ bốn chữ số của năm"),
        ("30/12/0092", "Năm 0092 không hợp lý"),
        ("mai", "Không đọc được ngày"),
        ("30/12", "Không đọc được ngày"),
        ("٣٠/١٢/١٩٩٢", "Không đọc được ngày"),
    ],
)
def test_what_is_no_day_is_refused_in_words(text, sentence):
    for read in (parse_day, parse_birth):
        with pytest.raises(DayError, match=sentence):
            read(text)


def test_a_birth_after_today_is_refused():
    today = date(2026, 11, 23)
    assert parse_birth("23/11/2026", today=today).year == 2026
    assert parse_birth("2026", today=today).date is None
    for text in ("24/11/2026", "2027"):
        with pytest.raises(DayError, match="sau hôm nay"):
            parse_birth(text, today=today)
    with pytest.raises(DayError, match="Năm 1700"):
        parse_birth("1700")


@given(st.dates(date(1880, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back_from_its_forms(day):
    for form in ("%d%m%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert parse_day(day.strftime(form)) == day
