"""Two values side by side: one is kept, a third is written or chosen, both papers open."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from counter_app.errors import InputError
from counter_app.services import (
    corrections,
    lookup,
    sync_conflicts,
)
from counter_app.ui.conflicts_dialog import ConflictsDialog
from tests.sync_house import CLERK, receive, send, take
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.sync.exchange import LATER

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def dispute(stores, folder, field, values):
    """Let both desks give one dossier's field another value; returns the dossier."""
    one, two = stores
    uuid = receive(one)
    take(two, send(one, folder / "a.zip"))
    for store, value in zip(stores, values, strict=True):
        corrections.correct(
            store, uuid, values={field: value}, reason="gõ nhầm", by=CLERK, now=LATER
        )
    take(one, send(two, folder / "b.zip", now=LATER), now=LATER)
    return uuid


@pytest.fixture
def disputed(stores, tmp_path):
    return *stores, dispute(stores, tmp_path, "phone", ("0905111111", "0905222222"))


def test_a_conflict_is_shown_side_by_side_and_decided_by_a_third_value(qtbot, make, disputed):
    one, _two, _ = disputed
    here = make(one)
    assert "1 chỗ ghi khác nhau" in here.pane.person_label.text()
    dialog = ConflictsDialog(here.calls, InstantRunner())
    qtbot.addWidget(dialog)
    shown = {view.value.text(): view.who.text() for view in dialog.sides}
    assert set(shown) == {"0905111111", "0905222222"}
    assert "Quầy 2" in shown["0905222222"]
    assert not dialog.decide_button.isEnabled()
    dialog.decide()
    assert len(sync_conflicts.open_conflicts(one)) == 1
    dialog.radios[2].setChecked(True)
    dialog.decide()
    assert "Gõ giá trị khác" in dialog.message.text()
    dialog.other.setText("0905333333")
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    with qtbot.waitSignal(dialog.decided):
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert one.row("SELECT phone FROM dossier") == ("0905333333",)
    assert sync_conflicts.open_conflicts(one) == []


def test_enter_never_decides_and_one_side_can_be_kept(qtbot, make, disputed):
    one, _, _ = disputed
    dialog = ConflictsDialog(make(one).calls, InstantRunner())
    qtbot.addWidget(dialog)
    dialog.radios[1].setChecked(True)
    second = dialog.sides[1].value.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert len(sync_conflicts.open_conflicts(one)) == 1
    dialog.decide()
    assert one.row("SELECT phone FROM dossier") == (second,)


def test_nothing_is_decided_while_what_is_left_is_read(qtbot, make, disputed, runner):
    one, _, _ = disputed
    calls, may_read = make(one).calls, threading.Event()

    def slow():
        may_read.wait(20)
        return calls.conflicts()

    dialog = ConflictsDialog(replace(calls, conflicts=slow), runner)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [radio.isVisible() for radio in dialog.radios] == [False, False, False]
    may_read.set()
    qtbot.waitUntil(dialog.radios[0].isVisible)
    dialog.radios[0].setChecked(True)
    may_read.clear()
    dialog.reload()
    dialog.decide()
    assert dialog.decide_button.toolTip() == "đang đọc"
    assert len(sync_conflicts.open_conflicts(one)) == 1
    may_read.set()
    qtbot.waitUntil(lambda: not dialog._is_reading)
    assert len(sync_conflicts.open_conflicts(one)) == 1


def test_both_papers_can_be_seen(qtbot, make, disputed):
    one, _, uuid = disputed
    here = make(one)
    dialog = ConflictsDialog(here.calls, InstantRunner())
    qtbot.addWidget(dialog)
    # Only a receipt was printed, before both corrections: it is what the citizen holds.
    words = [view.paper_button.text() for view in dialog.sides]
    assert ["trước đó" in text for text in words] == [True, True]
    from counter_app.services import papers

    papers.print_receipt(one, uuid, by=CLERK, now=LATER)
    dialog.reload()
    by_desk = {view._side.counter: view for view in dialog.sides}
    for counter in ("Quầy 2", one.row("SELECT counter_name FROM installation")[0]):
        by_desk[counter].paper_button.click()
    earlier, own = [paper for paper, _code in here.viewed]
    assert earlier != own
    printed = one.rows("SELECT uuid FROM paper WHERE kind = 'receipt' ORDER BY id")
    assert [(earlier,), (own,)] == printed


def test_where_there_are_choices_the_third_value_is_chosen(qtbot, make, stores, tmp_path):
    one, _ = stores
    uuid = dispute(stores, tmp_path, "result_to", ("post", "online"))
    dialog = ConflictsDialog(make(one).calls, InstantRunner())
    qtbot.addWidget(dialog)
    dialog.show()
    assert {view.value.text() for view in dialog.sides} == {"Qua bưu chính", "Trực tuyến"}
    assert (dialog.choice.isVisible(), dialog.other.isVisible()) == (True, False)
    dialog.radios[2].setChecked(True)
    dialog.decide()
    assert "Chọn giá trị khác" in dialog.message.text()
    dialog.choice.set_value("counter")
    dialog.decide()
    assert sync_conflicts.open_conflicts(one) == []
    assert lookup.show(one, uuid, now=LATER).state["result_to"] == "counter"


def test_a_choice_that_does_not_exist_is_refused_and_its_words_will_do(stores, tmp_path):
    one, _ = stores
    uuid = dispute(stores, tmp_path, "result_to", ("post", "online"))
    [conflict] = sync_conflicts.open_conflicts(one)
    with pytest.raises(InputError, match="chỉ nhận: Tại quầy, Qua bưu chính, Trực tuyến"):
        sync_conflicts.resolve(one, conflict.id, value="bồ câu", by=CLERK, now=LATER)
    sync_conflicts.resolve(one, conflict.id, value="tai quay", by=CLERK, now=LATER)
    assert lookup.show(one, uuid, now=LATER).state["result_to"] == "counter"
