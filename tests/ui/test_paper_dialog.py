"""An issued paper on screen: looking is no reprint, printing is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from counter_app.errors import PaperError
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.task_runner import TaskRunner


@pytest.fixture
def runner(qapp):
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def pdf():
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 72, "TAM-01-261123-0001")
    canvas.save()
    return out.getvalue()


def open_dialog(qtbot, runner, make, done):
    dialog = PaperDialog(
        "Giấy",
        make=make,
        runner=runner,
        print_again=lambda: done.append("print"),
        save=lambda data: done.append(data[:4]),
    )
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_a_paper_is_shown_and_kept_as_a_file_without_a_reprint(qtbot, runner, pdf):
    done = []
    dialog = open_dialog(qtbot, runner, lambda _job: pdf, done)
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 1)
    dialog.save()
    assert done == [b"%PDF"]
    assert dialog.isVisible()


def test_f9_prints_once_the_paper_is_there(qtbot, runner, pdf):
    done = []
    dialog = open_dialog(qtbot, runner, lambda _job: pdf, done)
    dialog.print_again()
    assert done == []
    qtbot.waitUntil(dialog.print_button.isEnabled)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert done == ["print"]
    assert not dialog.isVisible()


def test_a_paper_that_cannot_be_made_says_why(qtbot, runner):
    def fail(_job) -> bytes:
        raise PaperError("Không có phông chữ.")

    dialog = open_dialog(qtbot, runner, fail, [])
    qtbot.waitUntil(lambda: "phông" in dialog.preview._message.text())
    assert not dialog.print_button.isEnabled()
