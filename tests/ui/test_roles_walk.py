"""Every button of every page by role: none invites to a refusal, none greys what is allowed."""

from __future__ import annotations

from datetime import datetime

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.rights import PAGE_ACTS, Role, may
from counter_app.errors import RightsError
from counter_app.services import moves, office, reception, rights, users
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk import Desk
from counter_app.ui.screen_dialog import ScreenDialog

NOW = datetime(2026, 11, 23, 9, 0)
PASSWORD = "mot cua 2026"
NAMES = {role: f"Nguyễn {role}" for role in Role}
BEYOND = "ngoài việc của"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


class Yes:
    """Answers every question so that the act goes on as far as its service."""

    def __init__(self, folder):
        self.folder, self.number = folder, 0

    def inform(self, text, *, detail=""):
        """Hear it."""

    def confirm(self, question, *, yes, no="", detail=""):
        return True

    def choose_file_save(self, title, *, suggested, kinds):
        self.number += 1
        return self.folder / f"{self.number}{suggested.suffix}"

    def choose_file_open(self, title, *, folder=None, kinds):
        return None

    def choose_folder(self, title, *, folder=None):
        return self.folder

    def ask_text(self, question, *, yes, initial="", detail="", check=None):
        return initial or "A"

    def ask_choice(self, question, choices, *, yes, detail="", suggests_first=True):
        return 0


@pytest.fixture
def staffed(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    for number in range(2):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        made = reception.receive_dossier(app.store, request, now=NOW, issue_receipt=True)
    moves.forward(app.store, made.uuid, to="Tư pháp", by="Hoa", now=NOW)
    for role in reversed(Role):
        users.add_user(app.store, name=NAMES[role], role=role, secret=PASSWORD, now=NOW)
        app.store.user = NAMES[Role.ADMIN]
    yield app
    app.store.close()


@pytest.fixture
def walk(qtbot, staffed, tmp_path, monkeypatch):
    """Open the window for a role; what its services refuse for the role is kept."""
    refused, kept = [], []
    demand = rights.demand

    def watched(store, act):
        try:
            demand(store, act)
        except RightsError:
            refused.append(str(act))
            raise

    monkeypatch.setattr(rights, "demand", watched)
    monkeypatch.setattr(ScreenDialog, "exec", lambda _self: 0)
    monkeypatch.setattr(QMessageBox, "exec", lambda _self: 0)
    (tmp_path / "out").mkdir()

    def open_for(role):
        staffed.store.user = NAMES[role]
        desk = Desk(
            staffed.store,
            folder=staffed.folder,
            clock=lambda: NOW,
            is_second=False,
            interaction=Yes(tmp_path / "out"),
        )
        qtbot.addWidget(desk.window)
        desk.start()
        desk.window.set_closing_gate(lambda: True)
        kept.append(desk)
        return desk, refused

    yield open_for
    for desk in kept:
        desk.close()


def pages_of(desk, role):
    """Show each page, and each group of the settings, that a role may open."""
    for key, act in PAGE_ACTS.items():
        if not may(role, act):
            continue
        desk.window.show_page(key)
        page = desk.window.current_page()
        if key != "settings":
            yield key, page
            continue
        for group in page.groups:
            page.chips.choose(group)
            yield f"settings/{group}", page


def settle(qtbot, desk, role):
    """Let what was begun end, and close what was opened."""
    qtbot.waitUntil(lambda: not desk.means.runner.is_busy)
    QApplication.processEvents()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and widget.isVisible():
            for button in widget.findChildren(ActionButton):
                act = button.property("act")
                beyond = bool(act) and not may(role, act)
                assert (BEYOND in button.toolTip()) == beyond, (button.verb(), act)
            widget.reject()
            widget.hide()


@pytest.mark.parametrize("role", Role)
def test_what_can_be_pressed_is_refused_to_nobody_for_his_role(qtbot, walk, role):
    desk, refused = walk(role)
    pressed, wrong = 0, []
    for place, page in pages_of(desk, role):
        for button in page.findChildren(ActionButton):
            # What was pressed before may have made the others anew.
            is_there = shiboken6.isValid(button) and button.isVisibleTo(page)
            if not (is_there and button.isEnabled()):
                continue
            refused.clear()
            verb = button.verb()
            button.click()
            settle(qtbot, desk, role)
            pressed += 1
            if refused:
                wrong.append((place, verb, *refused))
            if desk.window.current_page() is not page:
                desk.window.show_page(place.partition("/")[0])
    assert wrong == []
    assert pressed > 10


@pytest.mark.parametrize("role", Role)
def test_what_is_greyed_for_a_role_is_what_the_table_refuses(walk, role):
    desk, _ = walk(role)
    greyed = 0
    for place, page in pages_of(desk, role):
        for widget in [w for w in page.findChildren(object) if hasattr(w, "toolTip")]:
            act = widget.property("act")
            if act:
                is_told = BEYOND in widget.toolTip()
                assert is_told == (not may(role, act)), (place, act)
                assert not (is_told and widget.isEnabled())
                greyed += is_told
            else:
                assert BEYOND not in widget.toolTip(), place
    assert (greyed > 0) == (role is not Role.ADMIN)
