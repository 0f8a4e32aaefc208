"""Which copies stay: enough of the last day, month and years, and never fewer than the newest."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.rotation import Rotation, kept, stays

NOW = datetime(2026, 11, 27, 17, 0)
MOMENTS = st.lists(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2028, 1, 1)), max_size=60
)
ROTATIONS = st.builds(Rotation, *[st.integers(min_value=0, max_value=6)] * 3)


def test_two_years_of_a_copy_an_hour_leave_hours_days_and_months():
    made = [NOW - timedelta(hours=number) for number in range(24 * 730)]
    stay = sorted(kept(made, now=NOW), reverse=True)
    assert stay[:24] == made[:24]
    days = [moment for moment in stay[24:] if moment > NOW - timedelta(days=30)]
    assert len({moment.date() for moment in days}) == len(days) == 28
    assert all(moment.hour == 23 for moment in days)
    months = {(moment.year, moment.month) for moment in stay}
    assert len(months) == 24
    assert len(stay) == 24 + 28 + 22


def test_many_copies_of_one_hour_leave_the_newest():
    made = [NOW - timedelta(minutes=number) for number in range(1, 50)]
    assert kept(made, now=NOW) == {made[0]}


def test_a_month_without_copies_costs_no_copy():
    made = [NOW - timedelta(days=60 + number) for number in range(40)]
    stay = kept(made, now=NOW, rotation=Rotation(0, 30, 0))
    assert stay == set(made[:30])


def test_what_a_clock_ahead_has_made_stays_and_takes_nobodys_place():
    ahead = NOW + timedelta(days=300)
    made = [ahead, NOW, NOW - timedelta(days=1)]
    assert kept(made, now=NOW, rotation=Rotation(0, 2, 0)) == set(made)


@given(MOMENTS, ROTATIONS)
def test_the_newest_stays_and_what_stays_would_stay_again(made, rotation):
    stay = kept(made, now=NOW, rotation=rotation)
    past = [moment for moment in made if moment <= NOW]
    assert stay <= set(made)
    assert not past or max(past) in stay
    assert kept(stay, now=NOW, rotation=rotation) == stay
    assert len(stay) <= sum(rotation) + 1 + sum(moment > NOW for moment in set(made))


@given(MOMENTS, ROTATIONS)
def test_whatever_the_clock_said_the_last_copy_stays(made, rotation):
    stay = stays(made, now=NOW, rotation=rotation)
    assert len(stay) == len(made)
    assert not made or stay[-1]
    assert all(does for does, moment in zip(stay, made, strict=True) if moment > NOW)
    in_order = sorted(set(made))
    by_moment = kept(in_order, now=NOW, rotation=rotation)
    assert stays(in_order, now=NOW, rotation=rotation) == [one in by_moment for one in in_order]


@given(MOMENTS, ROTATIONS)
def test_each_of_the_newest_days_keeps_its_last_copy(made, rotation):
    stay = kept(made, now=NOW, rotation=rotation)
    past = [moment for moment in made if moment <= NOW]
    for day in sorted({moment.date() for moment in past}, reverse=True)[: rotation.days]:
        assert max(moment for moment in past if moment.date() == day) in stay
