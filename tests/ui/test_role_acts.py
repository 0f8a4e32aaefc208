"""What a role may not do stands greyed with whose it is, before anything is typed."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import RIGHTS, VERB_ACTS, Role, may
from counter_app.errors import RightsError
from counter_app.services import handing, lookup, moves, office, reception, rights, users
from counter_app.ui.act_tiles import ACT_KEYS, ActTiles
from counter_app.ui.desk import Desk
from counter_app.ui.more_acts import MORE_ACTS, MoreActsDialog
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 0)
NAMES = {
    Role.ADMIN: "Trần Quản Trị",
    Role.CLERK: "Lê Thị A",
    Role.OFFICER: "Phạm Thụ Lý",
    Role.HEAD: "Ngô Phụ Trách",
}
PASSWORD = "mot cua 2026"
TOLD = "ngoài vai trò"


pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def staffed(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    for role, name in NAMES.items():
        users.add_user(app.store, name=name, role=role, secret=PASSWORD, now=NOW)
        app.store.user = NAMES[Role.ADMIN]
    yield app
    app.store.close()


def receive(store, *, is_complete=False):
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Thị Ánh")
    made = reception.receive_dossier(store, request, now=NOW)
    moves.forward(store, made.uuid, to="Tư pháp", by="Hoa", now=NOW)
    if is_complete:
        moves.complete(store, made.uuid, by="Hoa", now=NOW)
    return made.code


@pytest.mark.parametrize("role", Role)
def test_window_verb_and_service_say_the_same_of_every_act(qtbot, staffed, role):
    store = staffed.store
    codes = receive(store), receive(store, is_complete=True)
    store.user = NAMES[role]
    dossiers = [lookup.show(store, code, now=NOW) for code in codes]
    seen = set()
    for facts in dossiers:
        page = ActTiles()
        qtbot.addWidget(page)
        page.set_facts(facts)
        dialog = MoreActsDialog(facts)
        qtbot.addWidget(dialog)
        for act in facts.acts:
            tile = (page if act.move in ACT_KEYS else dialog.tiles).tile(act.move)
            assert tile.isEnabled() == (not act.why_not)
            assert (tile.reason == TOLD) == act.is_beyond_role
            assert VERB_ACTS[act.move.value] == act.move.value
            is_possible = not lookup.why_not(facts.state, act.move)
            assert act.is_beyond_role == (is_possible and not may(role, act.move))
            if is_possible:
                seen.add(act.move)
    assert {Move.RETURN, Move.FEE, Move.WITHDRAW, Move.FORWARD, Move.CORRECT} <= seen
    assert set(ACT_KEYS) | set(MORE_ACTS) <= set(RIGHTS)
    for act in RIGHTS:
        if may(role, act):
            rights.demand(store, act)
            assert rights.beyond_role(store, act) == ""
        else:
            with pytest.raises(RightsError):
                rights.demand(store, act)
            assert rights.beyond_role(store, act).startswith("ngoài việc của ")


def test_a_pile_refuses_at_the_scan_what_the_role_may_not_hand_over(staffed):
    code = receive(staffed.store, is_complete=True)
    staffed.store.user = NAMES[Role.OFFICER]
    told = handing.candidate(staffed.store, code, Move.RETURN).why_not
    assert told == (
        "ngoài việc của cán bộ thụ lý; nhờ: cán bộ tiếp nhận, phụ trách bộ phận, quản trị"
    )
    staffed.store.user = NAMES[Role.CLERK]
    assert handing.candidate(staffed.store, code, Move.RETURN).why_not == ""


@pytest.fixture
def opened(qtbot, staffed):
    """The window of a clerk."""
    staffed.store.user = NAMES[Role.CLERK]
    desk = Desk(
        staffed.store,
        folder=staffed.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=FakeInteraction(),
    )
    qtbot.addWidget(desk.window)
    desk.start()
    yield desk
    desk.close()


def sign_in(desk, role):
    """Take the desk as somebody of a role."""
    desk.window.clerk_chosen.emit(NAMES[role])
    desk.lock.dialog.secret.setText(PASSWORD)
    desk.lock.dialog.enter()


def test_the_open_dossier_follows_who_takes_the_desk(qtbot, staffed, opened):
    code = receive(staffed.store, is_complete=True)
    opened.window.show_page("dossiers")
    page = opened.window.current_page()
    qtbot.waitUntil(lambda: page.table.rows_model.rowCount() == 1)
    opened.window.show_page("dossiers", f"code:{code}")
    tile = page.panel.tiles.tile(Move.RETURN)
    qtbot.waitUntil(lambda: page.panel.facts is not None and tile.isEnabled())
    for role, is_free in ((Role.OFFICER, False), (Role.HEAD, True), (Role.CLERK, True)):
        sign_in(opened, role)
        # Each has pages of his own; the open dossier is taken along.
        page = opened.window.current_page()
        qtbot.waitUntil(lambda page=page: page.panel.facts is not None)
        tile = page.panel.tiles.tile(Move.RETURN)
        qtbot.waitUntil(lambda tile=tile, is_free=is_free: tile.isEnabled() == is_free)
        assert page.panel.facts.shown_code == code


def test_settings_that_a_role_may_only_look_at_say_whose_they_are(opened):
    opened.window.show_page("settings", "office")
    page = opened.window.current_page()
    assert "quản trị" in page.whose_label.text()
    assert not page.groups["office"].field("place").isEnabled()
    sign_in(opened, Role.ADMIN)
    opened.window.show_page("settings", "office")
    assert opened.window.current_page().whose_label.isHidden()
