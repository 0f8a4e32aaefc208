"""Printing a whole list: how far it is, stopped at will, and what stopping leaves."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from counter_app.errors import InputError
from counter_app.ui.batch_calls import BatchCalls
from counter_app.ui.batch_dialog import BatchDialog
from counter_app.ui.task_runner import TaskRunner
from tests.ui.patience import PATIENCE

KINDS = {"receipt": "Giấy tiếp nhận", "routing-slip": "Phiếu kiểm soát"}


class House:
    """Stands in for the services; ``gate`` holds the work at one of its stages."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.handed: list[tuple[str, bytes]] = []
        self.gate = threading.Event()
        self.waits_at = ""
        self.error: InputError | None = None

    def issue(self, codes, kind, progress):
        self.asked.append((list(codes), kind))
        if self.error is not None:
            raise self.error
        self._walk("issue", len(codes), progress)
        return [f"paper {code}" for code in codes]

    def make(self, uuids, progress):
        self._walk("make", len(uuids), progress)
        return b"%PDF " + " ".join(uuids).encode()

    def _walk(self, stage, total, progress):
        for done in range(1, total + 1):
            progress(done, total)
            if stage == self.waits_at:
                assert self.gate.wait(PATIENCE)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def dialog(qtbot, house):
    runner = TaskRunner()
    calls = BatchCalls(
        kinds=lambda: KINDS,
        issue=house.issue,
        make=house.make,
        print_pdf=lambda data: house.handed.append(("print", data)),
        save_pdf=lambda data: house.handed.append(("save", data)),
    )
    dialog = BatchDialog(calls, lambda _job: ["A", "B"], runner)
    qtbot.addWidget(dialog)
    dialog.open()
    yield dialog
    house.gate.set()
    runner.close()


def test_f9_starts_shows_how_far_it_is_and_prints_the_file(qtbot, dialog, house) -> None:
    dialog.kind.set_value("routing-slip")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert not dialog.kind.isEnabled()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    assert house.asked == [(["A", "B"], "routing-slip")]
    dialog.save()
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert house.handed == [("save", b"%PDF paper A paper B"), ("print", b"%PDF paper A paper B")]
    assert not dialog.isVisible()


def test_stopping_before_the_issue_says_that_nothing_was_issued(qtbot, dialog, house) -> None:
    house.waits_at = "issue"
    dialog.go_on()
    qtbot.waitUntil(lambda: "1/2" in dialog.told.text())
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Chưa phát hành giấy nào" in dialog.told.text()
    assert dialog.kind.isEnabled()
    house.gate.set()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert house.handed == []


def test_stopping_while_pages_are_made_says_that_the_papers_are_issued(
    qtbot, dialog, house
) -> None:
    house.waits_at = "make"
    dialog.go_on()
    qtbot.waitUntil(lambda: "trang" in dialog.told.text() and "1/2" in dialog.told.text())
    dialog.reject()
    assert "đã được ghi nhận phát hành" in dialog.told.text()


def test_what_cannot_be_printed_is_said_and_can_be_tried_again(qtbot, dialog, house) -> None:
    house.error = InputError("Không hồ sơ nào cần giấy này.")
    dialog.go_on()
    qtbot.waitUntil(lambda: "Không hồ sơ nào" in dialog.told.text())
    assert dialog.kind.isEnabled()
    house.error = None
    dialog.go_on()
    qtbot.waitUntil(dialog.save_button.isEnabled)


def test_enter_starts_nothing(qtbot, dialog, house) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert house.asked == []
    assert dialog.isVisible()
