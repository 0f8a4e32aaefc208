"""Phi địa giới on the real window: the form names the unit, one act ends the expecting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.dossier import Move
from counter_app.services import browse
from counter_app.ui.act_dialogs import ActDialog
from tests.ui.test_pile import Counter

ELSEWHERE = "UBND xã Gio Linh"


@pytest.fixture
def counter(qtbot, tmp_path):
    made = Counter(tmp_path / "data", qtbot)
    yield made
    made.close()


def test_a_dossier_for_another_unit_from_the_form_to_its_promise(counter, qtbot):
    window = counter.desk.window
    window.show_page("reception")
    page = window.page("reception")
    found = next(p for p in page._desk.match("tình trạng hôn nhân") if p.code == "1.004873")
    page.form.fill({"applicant_name": "Nguyễn Văn A", "competent_unit": ELSEWHERE})
    page.form.set_procedure(found)
    page.promise.requote()
    assert f"Dự kiến trả; hạn tính từ lúc {ELSEWHERE} nhận" in page.card.caption.text()
    page.main_action()
    page.main_action()  # papers are missing, said once
    (row,) = browse.page(counter.store, now=counter.now)
    assert row.due_at is None
    assert row.expected_due_at is not None
    assert page.card.caption.text() == "Hẹn trả"
    assert page._desk.other_units() == [ELSEWHERE]
    window.show_page("dossiers", f"code:{row.uuid}")
    dossiers = counter.page
    qtbot.waitUntil(lambda: dossiers.panel.facts is not None)
    assert dossiers.panel.tiles.tile(Move.COMPETENT_RECEIVED).isVisible()
    assert "Dự kiến" in dossiers.panel._due_caption.text()
    window.activateWindow()
    dialog = counter.open(ActDialog, Qt.Key.Key_Q)
    assert dialog.act is Move.COMPETENT_RECEIVED
    assert ELSEWHERE in dialog.hint_label.text()
    counter.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: counter.state(row.uuid)["due_at"] is not None)
    qtbot.waitUntil(lambda: not dossiers.panel.tiles.tile(Move.COMPETENT_RECEIVED).isVisible())


def test_the_day_says_how_many_wait_at_other_units(counter, qtbot):
    from counter_app.domain.facts import ReceiveRequest
    from counter_app.services import reception

    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name="A", competent_unit=ELSEWHERE, by="B"
    )
    reception.receive_dossier(counter.store, request, now=counter.now)
    counter.desk.window.show_page("today")
    today = counter.desk.window.page("today")
    qtbot.waitUntil(today.others_button.isVisible)
    assert today.others_button.verb().endswith("1 hồ sơ")
    today.others_button.click()
    qtbot.waitUntil(lambda: counter.page.table.rows_model.rowCount() == 1)
    assert counter.desk.window.current_key == "dossiers"
