"""In thử: each answer sets what mends its fault, and the next print really goes out that way."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter

from counter_app.domain.print_profiles import PaperGroup, PrintProfile, write_profile
from counter_app.domain.trial_print import CameOut, PrinterMend
from counter_app.services import print_queue, settings, trial_prints
from counter_app.ui import cups, printing
from counter_app.ui.print_desk import PrintDesk
from counter_app.ui.trial_calls import trial_calls
from counter_app.ui.trial_print_dialog import TrialPrintDialog
from counter_app.ui.wizard import SetupWizard, WizardCalls
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

PRINTER = "HP tầng 2"


class Queue:
    """Stands in for the computer's printers and its CUPS: keeps what is sent."""

    def __init__(self):
        self.is_here, self.is_on = True, True
        self.sent = []

    def isNull(self):
        return not self.is_here

    def state(self):
        return QPrinter.PrinterState.Idle

    def printerName(self):
        return PRINTER

    def printerInfo(self, _name):
        return self

    def defaultPrinter(self):
        return self

    def defaultPrinterName(self):
        return PRINTER if self.is_here else ""

    def send(self, data, **options):
        self.sent.append((data, options))
        return cups.Sent(f"{PRINTER}-1" if self.is_on else "")


@pytest.fixture
def queue(monkeypatch):
    queue = Queue()
    monkeypatch.setattr("PySide6.QtPrintSupport.QPrinterInfo", queue)
    monkeypatch.setattr(cups, "is_here", lambda: True)
    monkeypatch.setattr(cups, "send", queue.send)
    return queue


@pytest.fixture
def desk(store, queue, qapp):
    moments = iter(datetime(2026, 11, 23, 9, 0) + timedelta(minutes=n) for n in range(99))
    desk = PrintDesk(
        store,
        clock=lambda: next(moments),
        clerk=lambda: "Lê Thị A",
        runner=InstantRunner(),
        interaction=FakeInteraction(),
    )
    desk.open()
    yield desk
    desk.close()


@pytest.fixture
def dialog(store, desk, qtbot):
    dialog = TrialPrintDialog(trial_calls(store, desk))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def say(dialog, qtbot, came_out):
    """Print a page and choose its picture, by keys only."""
    if not dialog.pictures.isEnabled():
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.pictures.hasFocus()
    while dialog.pictures.value() != came_out:
        qtbot.keyClick(dialog.pictures, Qt.Key.Key_Right)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)


def test_the_page_goes_once_to_the_printer_of_its_papers(dialog, queue, qtbot):
    assert dialog.way_label.text() == "Máy in HP tầng 2: một mặt, 1 bản."
    assert not dialog.pictures.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert len(queue.sent) == 1
    data, options = queue.sent[0]
    words = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
    assert "Máy in: HP tầng 2" in words
    assert (options["is_two_sided"], options["is_true_size"]) == (False, False)
    assert dialog.main_button.verb() == "Chọn hình này"


def test_a_page_that_is_right_sets_nothing(dialog, store, qtbot):
    say(dialog, qtbot, CameOut.RIGHT)
    assert settings.get_setting(store, "printer_mends") == []
    assert "ra đúng" in dialog.message.text()
    assert dialog.leave_button.hasFocus()


def test_a_turned_page_is_turned_from_then_on_for_that_printer_only(dialog, queue, store, qtbot):
    say(dialog, qtbot, CameOut.TURNED)
    assert trial_prints.mend(store, PRINTER) == PrinterMend(is_turned=True)
    assert trial_prints.mend(store, "Canon") == PrinterMend()
    assert "quay trang 90°" in dialog.way_label.text()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert [options["is_turned"] for _, options in queue.sent] == [False, True]


def test_turning_in_vain_is_taken_back_and_the_driver_named(dialog, store, qtbot):
    say(dialog, qtbot, CameOut.TURNED)
    say(dialog, qtbot, CameOut.TURNED)
    assert settings.get_setting(store, "printer_mends") == []
    assert "hướng dọc" in dialog.message.text()


def test_a_shrunk_page_keeps_its_size_from_then_on(dialog, queue, store, qtbot):
    say(dialog, qtbot, CameOut.SHRUNK)
    assert "giữ đúng cỡ" in dialog.way_label.text()
    say(dialog, qtbot, CameOut.SHRUNK)
    assert queue.sent[1][1]["is_true_size"] is True
    assert "khổ A4" in dialog.message.text()  # nothing is left to set here
    dialog.forget_button.click()
    assert trial_prints.mend(store, PRINTER) == PrinterMend()
    assert dialog.forget_button.isHidden()


def test_two_sides_become_one_for_the_papers_that_were_tested(dialog, queue, store, qtbot):
    two = PrintProfile(PRINTER, "Lower", is_two_sided=True, copies=2)
    lines = [write_profile(group, two) for group in (PaperGroup.LETTER, PaperGroup.LIST)]
    settings.set_setting(store, key="print_profiles", value=lines)
    dialog.group_field.set_value(PaperGroup.LETTER)
    assert dialog.way_label.text() == "Máy in HP tầng 2: hai mặt, 2 bản."
    say(dialog, qtbot, CameOut.TWO_SIDED)
    assert print_queue.profile(store, PaperGroup.LETTER) == PrintProfile(PRINTER, "Lower")
    assert print_queue.profile(store, PaperGroup.LIST) == two
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert [o["is_two_sided"] for _, o in queue.sent] == [True, False]
    assert [o["copies"] for _, o in queue.sent] == [2, 1]


def test_when_nothing_came_out_yet_it_says_what_to_look_at_and_goes_on_asking(
    dialog, queue, store, qtbot
):
    say(dialog, qtbot, CameOut.NOTHING)
    assert "còn giấy" in dialog.message.text()
    assert dialog.pictures.isEnabled()
    assert len(queue.sent) == 1  # no second page behind the first
    assert settings.get_setting(store, "printer_mends") == []


def test_a_page_that_no_printer_takes_waits_and_nothing_is_asked(
    dialog, desk, queue, store, caplog
):
    queue.is_on = False
    dialog.go_on()
    caplog.clear()  # that the printer did not take it is logged, as it should be
    assert [job.title for job in print_queue.jobs(store)] == ["Giấy tiếp nhận và hẹn trả (in thử)"]
    assert not dialog.pictures.isEnabled()
    assert "không phản hồi" in dialog.message.text()
    queue.is_on = True
    desk.try_again()
    assert print_queue.jobs(store) == []


def test_without_any_printer_it_says_so(dialog, queue, qtbot):
    queue.is_here = False
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert "chưa có máy in nào" in dialog.message.text()
    assert "(chưa có)" in dialog.way_label.text()


class FilePrinter(QPrinter):
    """Prints into a file whatever printer it is made for."""

    path = ""

    def __init__(self, _info, mode):
        super().__init__(mode)
        self.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        self.setOutputFileName(self.path)


def test_without_cups_the_page_itself_is_turned(queue, tmp_path, qapp, monkeypatch):
    monkeypatch.setattr(cups, "is_here", lambda: False)
    monkeypatch.setattr("PySide6.QtPrintSupport.QPrinter", FilePrinter)
    sizes = []
    for mend in (PrinterMend(), PrinterMend(is_turned=True)):
        monkeypatch.setattr(FilePrinter, "path", str(tmp_path / f"{mend.is_turned}.pdf"))
        data = trial_prints.page(PRINTER)
        assert printing.print_pdf(data, mends={PRINTER: mend}).is_printed
        printed = pypdfium2.PdfDocument((tmp_path / f"{mend.is_turned}.pdf").read_bytes())
        sizes.append(printed[0].get_size())
    (width, height), turned = sizes
    assert width < height
    assert turned == pytest.approx((height, width), abs=1)


class StubbornPrinter(QPrinter):
    """Has only A5, whatever is asked for."""

    def setPageLayout(self, _layout):
        size = QPageSize(QPageSize.PageSizeId.A5)
        return super().setPageLayout(
            QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())
        )


@pytest.mark.parametrize(("is_true_size", "width"), [(False, 420), (True, 595)])
def test_a_driver_with_another_paper_shrinks_the_page_unless_told_not_to(
    tmp_path, qapp, is_true_size, width
):
    printer = StubbornPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    data = trial_prints.page(PRINTER)
    assert printing.print_on(printer, data, is_true_size=is_true_size).is_printed
    page = pypdfium2.PdfDocument(io.BytesIO((tmp_path / "out.pdf").read_bytes()))[0]
    images = [one for one in page.get_objects() if one.type == 3]
    left, _, right, _ = images[0].get_bounds()
    assert right - left == pytest.approx(width, abs=2)


def test_the_wizard_offers_it_at_the_step_of_papers_only(qtbot):
    opened = []
    calls = WizardCalls(
        known=dict,
        finish=lambda _values: None,
        save_draft=lambda _body: None,
        load_draft=lambda: None,
        drop_draft=lambda: None,
    )
    wizard = SetupWizard(calls, test_print=opened.append)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.open_test_print()
    assert opened == []
    assert wizard.test_button.isHidden()
    wizard.show_step(2)
    assert wizard.test_button.isVisible()
    wizard.test_button.click()
    assert opened == [wizard]
