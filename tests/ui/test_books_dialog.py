"""The register and the notice board's lists in the window: seen before they are printed."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import reception
from counter_app.ui.books_dialog import POSTING, PROCEDURE, BooksDialog, books_calls
from counter_app.ui.task_runner import TaskRunner

NOW = datetime(2026, 11, 23, 9)


@pytest.fixture
def handed():
    return []


@pytest.fixture
def dialog(qtbot, tmp_path, handed):
    app = open_app(data=str(tmp_path / "data"), environment={})
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Hồ Thị Ly")
    reception.receive_dossier(app.store, request, now=NOW)
    runner = TaskRunner(after_task=app.store.close)
    calls = books_calls(
        app.store,
        clock=lambda: NOW,
        print_pdf=lambda data: handed.append(("print", data[:4])),
        save_pdf=lambda data: handed.append(("save", data[:4])),
    )
    dialog = BooksDialog(calls, runner)
    dialog.store = app.store
    qtbot.addWidget(dialog)
    dialog.open()
    yield dialog
    runner.close()
    app.store.close()


def test_a_register_is_seen_then_printed_and_numbers_its_lines_once(qtbot, dialog, handed) -> None:
    assert dialog.store.row("SELECT count(*) FROM registerentry") == (0,)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 4)
    assert handed == []
    dialog.save()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert handed == [("save", b"%PDF"), ("print", b"%PDF")]
    assert dialog.store.row("SELECT count(*) FROM registerentry") == (1,)


def test_another_choice_takes_the_page_away_until_it_is_made(qtbot, dialog, handed) -> None:
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 4)
    dialog.what.set_value(POSTING)
    assert dialog.preview.document() is None
    assert not dialog.save_button.isEnabled()
    dialog.sector.set_value("Hộ tịch")
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.preview.page_count() > 0)
    assert handed == []


def test_a_procedure_that_is_not_there_is_told_and_another_can_be_asked_for(qtbot, dialog) -> None:
    dialog.what.set_value(PROCEDURE)
    assert dialog.year.isHidden()
    dialog.code.setText("9.999999")
    dialog.go_on()
    qtbot.waitUntil(lambda: "9.999999" in dialog.told.text())
    dialog.code.setText("1.004873")
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 1)
