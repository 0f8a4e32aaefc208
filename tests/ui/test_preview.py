from __future__ import annotations

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from counter_app.errors import PaperError
from counter_app.ui.preview import PdfPreview
from counter_app.ui.printing import (
    page_layout,
    print_on,
    print_pdf,
    render_pages,
    save_pdf,
)
from counter_app.ui.task_runner import TaskRunner
from tests.ui.fakes import FakeInteraction

A4, A5 = (595.3, 841.9), (419.5, 595.3)


def make_pdf(tmp_path, *sizes):
    """Write a PDF with a black square at the top left of each page."""
    path = tmp_path / "made.pdf"
    writer = QPdfWriter(str(path))
    writer.setResolution(72)
    painter = QPainter()
    for number, (width, height) in enumerate(sizes):
        writer.setPageSize(QPageSize(QSizeF(width, height), QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        if number == 0:
            painter.begin(writer)
        else:
            writer.newPage()
        painter.fillRect(0, 0, 100, 100, "black")
    painter.end()
    return path.read_bytes()


@pytest.fixture
def runner(qapp):
    runner = TaskRunner()
    yield runner
    runner.close()


def test_pages_are_rendered_in_their_own_size_and_colours(qapp, tmp_path):
    pages = list(render_pages(make_pdf(tmp_path, A5, A4), dpi=144))
    assert [(round(p.width), round(p.height)) for p in pages] == [(420, 595), (595, 842)]
    assert pages[0].image.width() == pytest.approx(419.5 * 2, abs=2)
    assert pages[0].image.pixelColor(100, 100).name() == "#000000"
    assert pages[0].image.pixelColor(500, 500).name() == "#ffffff"


def test_what_is_no_pdf_is_said_in_words(qapp):
    with pytest.raises(PaperError, match="PDF"):
        list(render_pages(b"no pdf", dpi=72))


@pytest.mark.parametrize(
    ("width", "height", "name", "landscape"),
    [
        (*A4, QPageSize.PageSizeId.A4, False),
        (A4[1], A4[0], QPageSize.PageSizeId.A4, True),
        (*A5, QPageSize.PageSizeId.A5, False),
        (A5[1], A5[0], QPageSize.PageSizeId.A5, True),
    ],
)
def test_the_paper_is_the_pages_own(width, height, name, landscape, qapp):
    layout = page_layout(width, height)
    assert layout.pageSize().id() == name
    assert (layout.orientation() == QPageLayout.Orientation.Landscape) is landscape


def test_a_print_has_every_page_edge_to_edge_in_its_size(qapp, tmp_path):
    target = tmp_path / "printed.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    outcome = print_on(printer, make_pdf(tmp_path, (A4[1], A4[0]), A5))
    assert outcome.is_printed
    assert printer.duplex() == QPrinter.DuplexMode.DuplexNone
    pages = list(render_pages(target.read_bytes(), dpi=72))
    assert [(round(p.width), round(p.height)) for p in pages] == [(842, 595), (420, 595)]
    assert pages[0].image.pixelColor(3, 3).lightness() < 60
    assert pages[0].image.pixelColor(96, 96).lightness() < 60
    assert pages[0].image.pixelColor(110, 110).lightness() > 200


def test_without_a_printer_the_sentence_says_what_to_do(qapp, monkeypatch):
    monkeypatch.setattr(QPrinterInfo, "defaultPrinter", staticmethod(QPrinterInfo))
    outcome = print_pdf(b"%PDF")
    assert not outcome.is_printed
    assert outcome.message.startswith("Chưa in được")
    assert "PDF" in outcome.message


def test_a_printer_that_is_gone_is_named(qapp):
    handed = []
    told = {"printer_name": "Canon tầng 2", "on_handing": lambda: handed.append(1)}
    outcome = print_pdf(b"%PDF", **told)
    assert not outcome.is_printed
    assert not handed
    assert "Canon tầng 2" in outcome.message


def test_a_broken_paper_is_not_printed(qapp, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert not print_on(printer, b"no pdf").is_printed


def test_saving_asks_where_and_adds_the_ending(tmp_path):
    asked = FakeInteraction(tmp_path / "giấy hẹn", None)
    saved = save_pdf(b"%PDF", interaction=asked, suggested=tmp_path / "x.pdf")
    assert saved == tmp_path / "giấy hẹn.pdf"
    assert saved.read_bytes() == b"%PDF"
    assert save_pdf(b"%PDF", interaction=asked, suggested=tmp_path / "x.pdf") is None


@pytest.fixture
def preview(runner, desk):
    preview = PdfPreview(runner, empty_text="Chọn một hồ sơ để xem văn bản.")
    desk(preview)
    return preview


def test_a_preview_shows_every_page_to_the_width(preview, qtbot, tmp_path):
    with qtbot.waitSignal(preview.rendered) as rendered:
        preview.set_document(make_pdf(tmp_path, A4, A4))
    assert rendered.args == [2]
    assert preview.page_count() == 2
    assert preview._sheet.width() <= preview._scroll.viewport().width() + 1
    assert preview._message.isHidden()


def test_zooming_makes_it_larger_and_fitting_undoes_it(preview, qtbot, tmp_path):
    with qtbot.waitSignal(preview.rendered):
        preview.set_document(make_pdf(tmp_path, A4))
    fitted = preview._sheet.sheet_width
    preview.zoom_in()
    assert preview._sheet.sheet_width == pytest.approx(fitted * 1.25, abs=2)
    qtbot.waitUntil(lambda: preview._pages[0].image.width() >= preview._sheet.sheet_width - 2)
    preview.fit_width()
    assert preview._sheet.sheet_width == fitted


def test_a_preview_of_nothing_says_so(preview, qtbot, tmp_path):
    with qtbot.waitSignal(preview.rendered):
        preview.set_document(make_pdf(tmp_path, A4))
    preview.set_document(None)
    assert preview._message.text() == "Chọn một hồ sơ để xem văn bản."
    assert not preview._message.isHidden()


@pytest.mark.parametrize("sizes", [(A4,), ()], ids=["a paper", "a broken one"])
def test_a_paper_that_is_taken_away_while_it_is_drawn_stays_away(
    preview, runner, qtbot, tmp_path, sizes
):
    preview.set_document(make_pdf(tmp_path, *sizes) if sizes else b"no pdf")
    preview.set_document(None)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert preview.page_count() == 0
    assert preview._scroll.isHidden()
    assert preview._message.text() == "Chọn một hồ sơ để xem văn bản."


def test_a_broken_paper_is_said_in_the_preview(preview, qtbot):
    with qtbot.waitSignal(preview.rendered) as rendered:
        preview.set_document(b"no pdf")
    assert rendered.args == [0]
    assert "PDF" in preview._message.text()


def test_a_preview_of_a_thousand_pages_shows_the_first_ones_and_says_so(
    preview, qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr("counter_app.ui.preview._MOST_PAGES", 3)
    preview.set_document(make_pdf(tmp_path, *[A5] * 5))
    qtbot.waitUntil(lambda: preview.page_count() == 3)
    assert preview._count.text() == "5 trang; ở đây xem được 3 trang đầu"
