"""A further desk in the window: the invitation of the settings, the wizard that takes it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from counter_app.services import (
    office,
)
from counter_app.ui.invite_form import InviteForm, invite_calls
from counter_app.ui.wizard import SetupWizard, wizard_calls
from tests.sync_house import CLERK
from tests.ui.fakes import FakeInteraction
from tests.ui.sync.exchange import LATER

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_settings_write_an_invitation_for_the_next_number(qtbot, stores, tmp_path):
    one, _ = stores
    target = tmp_path / "moi.json"
    calls = invite_calls(one, clock=lambda: LATER, clerk=lambda: CLERK)
    form = InviteForm(calls, FakeInteraction(target))
    qtbot.addWidget(form)
    form.show_values()
    assert form.number.text() == "03"
    with qtbot.waitSignal(form.told):
        form.invite()
    assert target.exists()
    assert "Quầy 03" in form.given.text()
    form.number.setText("2")
    form._interaction = FakeInteraction(target)
    form.invite()
    assert form.number.note().text.startswith("Số quầy 02 đã mời")


def test_a_new_computer_joins_in_the_first_run(qtbot, stores, tmp_path):
    one, _ = stores
    target = tmp_path / "moi.json"
    invite_calls(one, clock=lambda: LATER, clerk=lambda: CLERK).invite(target, 5)
    from counter_app.bootstrap import open_app

    three = open_app(data=str(tmp_path / "3"), environment={}).store
    wizard = SetupWizard(wizard_calls(three), interaction=FakeInteraction(target, "Quầy năm"))
    suggested = []
    answer = wizard._interaction.ask_text
    wizard._interaction.ask_text = lambda *a, **k: suggested.append(k["initial"]) or answer(*a, **k)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.activateWindow()
    qtbot.waitUntil(wizard.isActiveWindow)
    qtbot.keyClick(wizard, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert suggested == ["Quầy 5"], "Enter never makes a second desk of the first one's name"
    assert wizard.result() == SetupWizard.DialogCode.Accepted

    facts = office.office(three)
    assert (facts.counter_name, facts.counter_number) == ("Quầy năm", 5)
    assert facts.name == office.office(one).name
    three.close()


def test_a_wrong_file_is_told_in_the_wizard(qtbot, stores, tmp_path):
    wrong = tmp_path / "x.json"
    wrong.write_text("{}")
    wizard = SetupWizard(wizard_calls(stores[1]), interaction=FakeInteraction(wrong, "Quầy 3"))
    qtbot.addWidget(wizard)
    wizard.join()
    assert "không phải tệp mời" in wizard.refusal.text()
    assert wizard.result() != SetupWizard.DialogCode.Accepted
