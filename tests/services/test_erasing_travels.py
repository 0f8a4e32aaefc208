"""A removal travels: desks that held the person lose him, desks that never did take his trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from counter_desk import NOW
from sync_counters import exchange_all, make_counters, same
from test_erasing import NAME, NUMBER, PERSON, WHY, held_in

from counter_app.errors import BundleError
from counter_app.services import erasing, settings


@pytest.fixture
def desks(prepared, tmp_path):
    made = make_counters(prepared, tmp_path, 3)
    one = made[0]
    settings.set_setting(one.store, key="retention_years", value="1")
    one.code = one.receive(**PERSON, issue_receipt=True)
    one.wait(hours=1)
    one.act("withdraw", one.code)
    yield made
    for desk in made:
        desk.store.close()


def years_later(*desks):
    for desk in desks:
        desk.now = NOW + timedelta(days=3 * 365)


def test_a_removal_reaches_who_held_the_person_and_who_never_did(desks):
    one, two, three = desks
    two.take(one.send())
    assert NAME in held_in(two.store)
    years_later(*desks)
    erasing.remove_person(one.store, NUMBER, now=one.now, **WHY)
    whole = one.send(since=0)
    two.take(whole)
    three.take(whole)
    for desk in desks:
        assert held_in(desk.store) == set()
        assert desk.healthy()
    assert same(one, two, three)
    exchange_all(one, two, three)
    assert all(desk.healthy() for desk in desks)
    assert same(one, two, three)


def test_what_was_heard_before_the_removal_is_not_brought_back_by_an_old_file(desks):
    one, two, _ = desks
    old = one.send(since=0)
    two.take(old)
    years_later(*desks)
    erasing.remove_person(one.store, NUMBER, now=one.now, **WHY)
    two.take(one.send())
    two.take(old)
    one.take(old)
    assert held_in(one.store) == held_in(two.store) == set()
    assert one.healthy()
    assert two.healthy()


def test_a_body_that_no_removal_explains_is_refused(desks):
    one, two, _ = desks
    one.store.execute(
        "UPDATE event SET body = json_set(body, '$.set.applicant_name', 'X'), salt = x'' "
        "WHERE kind = 'receive'"
    )
    with pytest.raises(BundleError):
        two.take(one.send())
    assert two.events() == 0
