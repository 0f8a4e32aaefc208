"""Charts before they are drawn: every number is reached by arrows, and knows its list."""

from __future__ import annotations

from datetime import date

import pytest

from counter_app.domain.chart_plans import At, Form, promises_plan, report_plans
from counter_app.domain.figures import WEEKDAY, By, Figures, Group
from counter_app.domain.report_material import ChartFacts

MONTHS = tuple(
    Group(
        key,
        f"Tháng {int(key[5:])}/{key[:4]}",
        Figures(online=n, counter_and_post=2 * n, resolved=n, early=n, on_time=1, late=0),
    )
    for n, key in enumerate(("2026-11", "2026-12", "2027-01"), 1)
)
SECTORS = tuple((f"k{n}", f"Lĩnh vực {n}", n) for n in range(10))
FACTS = ChartFacts(MONTHS, (5, 4, 3, 2, 1, 0, 0), SECTORS)
DAYS = tuple((date(2026, 11, day), count) for day, count in ((23, 9), (25, 14), (26, 0)))
PLANS = {
    "months": report_plans(FACTS)[0],
    "timeliness": report_plans(FACTS)[1],
    "weekdays": report_plans(FACTS)[2],
    "sectors": report_plans(FACTS)[3],
    "days": promises_plan(DAYS, date(2026, 11, 25)),
}


@pytest.mark.parametrize("name", PLANS)
def test_arrows_reach_every_number_and_lead_back(name):
    plan = PLANS[name]
    reached, ahead = {At(0, 0)}, [At(0, 0)]
    while ahead:
        at = ahead.pop()
        for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            found = plan.beside(at, right, up)
            if found is not None:
                assert plan.beside(found, -right, -up) == at
                if found not in reached:
                    reached.add(found)
                    ahead.append(found)
    assert reached == set(plan.all())


def test_arrows_go_where_the_next_bar_stands():
    assert PLANS["months"].beside(At(0, 1), 1, 0) == At(1, 1)  # beside it in the same month
    assert PLANS["months"].beside(At(1, 1), 1, 0) == At(0, 2)
    assert PLANS["timeliness"].beside(At(0, 1), 1, 0) == At(0, 2)
    assert PLANS["timeliness"].beside(At(0, 1), 0, 1) == At(1, 1)  # upon it
    assert PLANS["weekdays"].beside(At(0, 0), 0, -1) == At(0, 1)  # Monday stands highest
    assert PLANS["days"].beside(At(0, 0), 0, 1) is None
    assert PLANS["days"].beside(At(0, 2), 1, 0) is None


def test_each_number_knows_what_finds_its_list():
    mark = PLANS["months"].mark(At(0, 1))
    assert mark == (6, "Tháng 12/2026", "received_in_period", By.MONTH, "2026-12")
    assert PLANS["timeliness"].mark(At(2, 0))[2:] == ("late", By.MONTH, "2026-11")
    assert PLANS["weekdays"].mark(At(0, 4))[1:] == (
        "Thứ Sáu",
        "received_in_period",
        WEEKDAY,
        "4",
    )
    assert PLANS["sectors"].mark(At(0, 0)) == (9, "Lĩnh vực 9", "received", By.SECTOR, "k9")
    assert PLANS["days"].mark(At(0, 1)).key == "2026-11-25"


def test_the_largest_sectors_are_shown_the_largest_first():
    numbers = [mark.number for mark in PLANS["sectors"].series[0].marks]
    assert numbers == [9, 8, 7, 6, 5, 4, 3, 2]


def test_months_are_named_short_and_say_each_new_year():
    assert PLANS["months"].names == ("11/26", "12", "1/27")


def test_of_many_months_only_the_years_are_named():
    keys = [f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(5, 41)]
    months = tuple(Group(key, "", Figures()) for key in keys)
    names = report_plans(FACTS._replace(months=months))[0].names
    assert len(names) == len(keys)
    named = {key: name for key, name in zip(keys, names, strict=True) if name}
    assert named == {"2021-01": "2021", "2022-01": "2022", "2023-01": "2023"}


def test_a_chart_says_all_its_numbers_in_words():
    assert PLANS["timeliness"].in_words().splitlines()[1] == (
        "Tháng 12/2026: trước hạn 2, đúng hạn 1, quá hạn 0"
    )
    assert PLANS["days"].in_words().splitlines()[2] == "Thứ Năm 26/11: 0"


def test_today_stands_out_among_the_days_ahead():
    assert PLANS["days"].today == 1
    assert promises_plan(DAYS, date(2026, 11, 22)).today == -1


def test_a_period_of_no_sectors_has_a_chart_of_none():
    plan = report_plans(FACTS._replace(sectors=()))[3]
    assert plan.form is Form.BARS
    assert list(plan.all()) == []
    assert plan.in_words() == ""
