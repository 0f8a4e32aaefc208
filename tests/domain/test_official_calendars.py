"""The shipped calendars against the law's rules, the moon, and what was announced."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from holidays.countries.vietnam import Vietnam

from counter_app.domain.calendar import DayKind, make_calendar, parse_hours
from counter_app.domain.deadlines import due, due_moment, parse_limit
from counter_app.domain.official import load_official, read_day, write_day

TEXT = (Path(__file__).parents[2] / "resources" / "calendars" / "vietnam.json").read_text("utf-8")
YEARS = load_official(TEXT)
DAYS = [day for year in YEARS for day in year.days]
CALENDAR = make_calendar(
    weekday_hours=parse_hours("07:30-11:30,13:30-17:00"),
    days=DAYS,
    confirmed_years=[year.year for year in YEARS if year.confirmed],
)
EVERY_YEAR = pytest.mark.parametrize("year", [year.year for year in YEARS])

# As announced: days off on weekdays; a swapped day brings a working Saturday.
ANNOUNCED = {
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
    2027: "1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9 24/11",
}
MAKEUPS = {2024: "4/5", 2025: "26/4", 2026: "10/1 22/8"}


def written(text, year):
    return [date(year, *reversed([int(part) for part in day.split("/")])) for day in text.split()]


def rows(year, kind=DayKind.HOLIDAY):
    return [day for day in DAYS if day.date.year == year and day.kind is kind]


@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_weekdays_off_and_the_working_saturdays_are_those_announced(year):
    off = [day.date for day in rows(year) if day.date.weekday() < 5]
    assert off == written(ANNOUNCED[year], year)
    makeups = [day.date for day in rows(year, DayKind.MAKEUP)]
    assert makeups == written(MAKEUPS.get(year, ""), year)
    assert all(day.weekday() == 5 for day in makeups)


@EVERY_YEAR
def test_nothing_but_the_known_swap_differs_from_the_second_opinion(year):
    # The package misses the swap that was announced on 25/12/2025.
    known = {date(2026, 1, 2), date(2026, 1, 10)}
    package = Vietnam(years=year)
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    differing = {d for d in days if CALENDAR.is_working_day(d) != package.is_working_day(d)}
    assert differing == {day for day in known if day.year == year}


@EVERY_YEAR
def test_years_have_a_plausible_number_of_working_days(year):
    assert 247 <= CALENDAR.working_days(year) <= 252


def test_years_before_2027_are_announced_and_the_rest_says_it_is_not():
    assert [year.year for year in YEARS] == list(range(2023, 2036))
    for year in YEARS:
        assert year.confirmed == (year.year <= 2026)
        assert year.source
        assert {day.confirmed for day in year.days} == {year.confirmed}
        assert all(day.name and day.source for day in year.days)
        if year.year == 2027:
            assert "Chưa có thông báo" in year.source
        if year.year >= 2028:
            assert year.source == "Tính theo quy tắc, chưa có thông báo"
            assert all("Tính theo quy tắc, chưa có thông báo" in day.source for day in year.days)


def test_no_date_has_two_rows():
    assert len({day.date for day in DAYS}) == len(DAYS)


# -- the rules --------------------------------------------------------------------------------


@EVERY_YEAR
def test_the_fixed_days_of_the_labour_code_are_all_there(year):
    dates = {day.date: day.name for day in rows(year)}
    for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert date(year, month, day) in dates
    adjacent = {date(year, 9, 1), date(year, 9, 3)} & {
        day for day, name in dates.items() if name == "Quốc khánh (ngày liền kề)"
    }
    assert len(adjacent) == 1
    assert (date(year, 11, 24) in dates) == (year >= 2026)
    assert sum(name == "Tết Nguyên đán" for name in dates.values()) == 5


@EVERY_YEAR
def test_each_weekly_rest_day_on_a_holiday_gives_the_next_working_day_off(year):
    """BLLĐ 2019 Điều 111 khoản 3."""
    holidays = rows(year)
    substitutes = {day.date for day in holidays if day.name.startswith("Nghỉ bù")}
    swapped = {day.date for day in holidays if day.name.startswith("Nghỉ hoán đổi")}
    statutory = {day.date for day in holidays} - substitutes - swapped
    expected = set()
    for day in sorted(statutory):
        if day.weekday() >= 5:
            off = day
            while off.weekday() >= 5 or off in statutory | expected:
                off += timedelta(days=1)
            expected.add(off)
    assert substitutes == expected


@EVERY_YEAR
def test_tet_and_gio_to_follow_the_moon(year):
    tet = first_lunar_day(year, 1)
    around = {day.date for day in rows(year) if day.name == "Tết Nguyên đán"}
    assert {tet - timedelta(days=1), tet, tet + timedelta(days=1)} <= around
    tenth_of_third = first_lunar_day(year, 3) + timedelta(days=9)
    assert {day.date for day in rows(year) if day.name == "Giỗ Tổ Hùng Vương"} == {tenth_of_third}


def first_lunar_day(year, month):
    """Return the first day of a lunar month of spring, by the rules of the calendar at UTC+7.

    The month of the winter solstice is the eleventh; if thirteen months lie between two of them,
    the first without a principal term of the sun is the leap month.
    """
    eleventh, next_eleventh = solstice_moon(year - 1), solstice_moon(year)
    place = eleventh + month + 1
    if next_eleventh - eleventh == 13:
        leap = next(k for k in range(eleventh + 1, next_eleventh) if not has_principal_term(k))
        place += leap <= place
    return new_moon_day(place)


def solstice_moon(year):
    moon = round((year + 0.9 - 2000) * 12.3685)
    solstice = next(
        day
        for day in (date(year, 12, 18) + timedelta(days=n) for n in range(8))
        if sun_longitude(julian(day) + 1) >= 270
    )
    return max(k for k in range(moon - 3, moon + 4) if new_moon_day(k) <= solstice)


def has_principal_term(k):
    first, after = new_moon_day(k), new_moon_day(k + 1)
    return sun_longitude(julian(first)) // 30 != sun_longitude(julian(after)) // 30


def julian(day):
    """Return the Julian day of midnight at UTC+7."""
    return day.toordinal() + 1721424.5 - 7 / 24


def sun_longitude(jd):
    """Return the sun's apparent longitude in degrees (Meeus, Astronomical Algorithms, 25)."""
    t = (jd - 2451545) / 36525
    m = math.radians(357.52911 + 35999.05029 * t)
    centre = (1.914602 - 0.004817 * t) * math.sin(m) + 0.019993 * math.sin(2 * m)
    true = 280.46646 + 36000.76983 * t + centre + 0.000289 * math.sin(3 * m)
    return (true - 0.00569 - 0.00478 * math.sin(math.radians(125.04 - 1934.136 * t))) % 360


def new_moon_day(k):
    """Return the day (UTC+7) of the k-th new moon since 2000 (Meeus 49, the larger terms)."""
    t = k / 1236.85
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    e = 1 - 0.002516 * t
    m = math.radians(2.5534 + 29.1053567 * k)
    mp = math.radians(201.5643 + 385.81693528 * k)
    f = math.radians(160.7108 + 390.67050284 * k)
    om = math.radians(124.7746 - 1.56375588 * k)
    s = math.sin
    jde += -0.4072 * s(mp) + 0.17241 * e * s(m) + 0.01608 * s(2 * mp) + 0.01039 * s(2 * f)
    jde += 0.00739 * e * s(mp - m) - 0.00514 * e * s(mp + m) + 0.00208 * e * e * s(2 * m)
    jde += -0.00111 * s(mp - 2 * f) - 0.00057 * s(mp + 2 * f) + 0.00056 * e * s(2 * mp + m)
    jde += -0.00042 * s(3 * mp) + 0.00042 * e * s(m + 2 * f) + 0.00038 * e * s(m - 2 * f)
    jde += -0.00024 * e * s(2 * mp - m) - 0.00017 * s(om)
    earth_slows = 75 / 86400  # seconds by which clocks lag behind the formula in these decades
    return date.fromordinal(math.floor(jde - earth_slows + 7 / 24 + 0.5) - 1721425)


# -- what the office sees ---------------------------------------------------------------------


def test_deadlines_cross_the_swaps_and_the_culture_day():
    two_days = parse_limit("2wd")
    for received, due_at in (
        (datetime(2025, 12, 31, 9), datetime(2026, 1, 6, 17)),
        (datetime(2026, 1, 8, 9), datetime(2026, 1, 10, 17)),
        (datetime(2026, 8, 20, 9), datetime(2026, 8, 22, 17)),
        (datetime(2026, 8, 28, 9), datetime(2026, 9, 4, 17)),
        (datetime(2026, 11, 23, 9), datetime(2026, 11, 26, 17)),
        (datetime(2027, 2, 3, 9), datetime(2027, 2, 12, 17)),
    ):
        assert due_moment(CALENDAR, received, two_days) == due_at


def test_answers_that_rest_on_2027_say_so_and_those_on_2026_do_not():
    one_day = parse_limit("1wd")
    assert not due(CALENDAR, received=datetime(2026, 11, 23, 9), limit=one_day).provisional
    assert due(CALENDAR, received=datetime(2026, 12, 31, 9), limit=one_day).provisional
    walked = due(CALENDAR, received=datetime(2027, 2, 5, 9), limit=one_day).steps
    assert walked[1].text == "T7 06/02: nghỉ Tết Nguyên đán (lịch chưa xác nhận)"


# -- reading ----------------------------------------------------------------------------------


def test_days_are_written_and_read_back():
    special = {
        "date": "2026-11-28",
        "kind": "special",
        "name": "Thứ Bảy vì dân",
        "hours": "07:30-11:30",
        "counts": False,
        "confirmed": True,
        "source": "QĐ 12",
    }
    assert write_day(read_day(special)) == special
    for day in DAYS:
        assert read_day(write_day(day)) == day
    assert read_day({"date": "2026-11-24", "kind": "holiday"}).confirmed


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"date": "24/11/2026"}, "Không đọc được ngày"),
        ({"date": None}, "Không đọc được ngày"),
        ({"kind": "nghỉ"}, "Loại ngày"),
        ({"kind": "special", "hours": "7-11"}, "giờ làm việc"),
        ({"hours": "07:30-11:30"}, "ngày riêng"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_in_a_sentence(changed, message):
    with pytest.raises(ValueError, match=message):
        read_day({"date": "2026-11-24", "kind": "holiday", **changed})


@pytest.mark.parametrize(
    "entries",
    [
        {"year": 2026},
        [{"year": 2026, "confirmed": True, "days": []}],
        [
            {
                "year": 2026,
                "confirmed": True,
                "source": "",
                "days": [{"date": "2027-01-01", "kind": "holiday"}],
            }
        ],
    ],
)
def test_a_calendar_file_of_another_shape_is_refused(entries):
    with pytest.raises(ValueError, match=r"lịch|không thuộc năm"):
        load_official(json.dumps(entries))
