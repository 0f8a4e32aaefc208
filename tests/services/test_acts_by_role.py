"""What a dossier's page offers to each role is what the one table of rights allows him."""

from __future__ import annotations

import pytest
from counter_desk import NOW

from counter_app.domain.dossier import Move
from counter_app.domain.rights import ROLE_LABELS, Role, may
from counter_app.services import lookup, users

SECRET = "mat khau dai 1"
pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def shown(desk):
    """Sign a role in and return what the page offers for a dossier that was just received."""
    uuid = desk.receive(applicant_name="Lê An")
    before = {act.move: act for act in lookup.show(desk.store, uuid, now=NOW).acts}
    assert not any(act.is_beyond_role for act in before.values()), "nobody signs in yet"

    def show(role):
        users.add_user(desk.store, name="Quản Trị", role=Role.ADMIN, secret=SECRET, now=NOW)
        users.sign_in(desk.store, name="Quản Trị", secret=SECRET, now=NOW)
        if role is not Role.ADMIN:
            users.add_user(desk.store, name="Lê Bình", role=role, secret=SECRET, now=NOW)
            users.sign_in(desk.store, name="Lê Bình", secret=SECRET, now=NOW)
        return before, {act.move: act for act in lookup.show(desk.store, uuid, now=NOW).acts}

    return show


@pytest.mark.parametrize("role", Role)
def test_a_role_is_offered_what_the_table_allows_and_told_whom_to_ask(shown, role):
    before, offered = shown(role)
    for move, act in offered.items():
        if before[move].why_not:
            assert act == before[move], "the dossier's own reason comes first"
            continue
        assert act.is_beyond_role is not may(role, move)
        assert bool(act.why_not) is act.is_beyond_role
        if act.is_beyond_role:
            able = [ROLE_LABELS[one].lower() for one in Role if may(one, move)]
            assert all(label in act.why_not for label in able)


def test_some_role_may_not_all(shown):
    _, offered = shown(Role.OFFICER)
    assert offered[Move.WITHDRAW].is_beyond_role
    assert not offered[Move.FORWARD].is_beyond_role
