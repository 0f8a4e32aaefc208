"""An office with and without accounts, and its desks."""

from __future__ import annotations

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.rights import Role
from counter_app.services import office, users
from counter_app.ui.desk import Desk
from tests.ui.fakes import FakeInteraction
from tests.ui.people.people_hands import ADMIN, CLERK, NOW, OFFICER, PASSWORD


class Ticks:
    """Seconds that a test moves on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def opened(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    yield app
    app.store.close()


@pytest.fixture
def staffed(opened):
    store = opened.store
    users.add_user(store, name=ADMIN, role=Role.ADMIN, secret=PASSWORD, now=NOW)
    store.user = ADMIN
    users.add_user(store, name=CLERK, role=Role.CLERK, secret=PASSWORD, now=NOW)
    users.add_user(store, name=OFFICER, role=Role.OFFICER, secret="472916", now=NOW)
    store.user = ""
    return opened


@pytest.fixture
def make_desk(qtbot):
    kept = []

    def make(opened, *answers):
        interaction = FakeInteraction(*answers)
        desk = Desk(
            opened.store,
            folder=opened.folder,
            clock=lambda: NOW,
            is_second=False,
            interaction=interaction,
        )
        desk.lock._ticks = Ticks()
        qtbot.addWidget(desk.window)
        desk.start()
        kept.append(desk)
        return desk, interaction

    yield make
    for desk in kept:
        desk.close()
