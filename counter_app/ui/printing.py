"""A PDF's pages as images, and the way of such a page to paper."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from counter_app.atomic import write_atomically
from counter_app.domain.trial_print import PrinterMend, mend_of
from counter_app.errors import PaperError, UserError
from counter_app.ui import cups
from counter_app.ui.interaction import Interaction

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

log = logging.getLogger(__name__)

PRINT_DPI = 300
_POINTS_PER_INCH = 72
_pdfium = threading.Lock()  # pdfium may be used by one thread at a time


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What became of a print; ``message`` is a sentence where it failed."""

    is_printed: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class PageImage:
    """One rendered page and its size on paper in points."""

    image: QImage
    width: float
    height: float


def render_pages(data: bytes, *, dpi: float) -> Iterator[PageImage]:
    """Render page by page; safe in any thread.

    Raises:
        PaperError: the bytes are no PDF.
    """
    import pypdfium2

    try:
        with _pdfium:
            document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        message = _tr("Không mở được tệp PDF của giấy này. Hồ sơ vẫn nguyên. Tạo lại giấy.")
        raise PaperError(message) from error
    try:
        for number in range(len(document)):
            with _pdfium:
                page = _render(document[number], dpi)
            yield page
    finally:
        with _pdfium:
            document.close()


def count_pages(data: bytes) -> int:
    """Return how many pages a PDF has; none where the bytes are no PDF."""
    import pypdfium2

    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return 0  # the first page that is asked for says so
        count = len(document)
        document.close()
    return count


def _render(page: Any, dpi: float) -> PageImage:
    width, height = page.get_size()
    bitmap = page.render(scale=dpi / _POINTS_PER_INCH, prefer_bgrx=True)
    form = QImage.Format.Format_RGB32 if bitmap.n_channels == 4 else QImage.Format.Format_BGR888
    image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form)
    result = PageImage(image.copy(), width, height)  # the bitmap's memory goes with it
    bitmap.close()
    page.close()
    return result


def turned(data: bytes) -> bytes:
    """Return a PDF with every page turned by 90 degrees on its paper.

    Raises:
        PaperError: the bytes are no PDF.
    """
    import pypdfium2

    try:
        with _pdfium:
            document = pypdfium2.PdfDocument(data)
            for number in range(len(document)):
                page = document[number]
                page.set_rotation((page.get_rotation() + 90) % 360)
                page.close()
            out = BytesIO()
            document.save(out)
            document.close()
    except pypdfium2.PdfiumError as error:
        message = _tr("Không mở được tệp PDF của giấy này. Hồ sơ vẫn nguyên. Tạo lại giấy.")
        raise PaperError(message) from error
    return out.getvalue()


def default_printer() -> str:
    """Return the computer's own printer; empty where it has none."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return QPrinterInfo.defaultPrinterName()


def print_pdf(
    data: bytes,
    *,
    printer_name: str = "",
    copies: int = 1,
    tray: str = "",
    is_two_sided: bool = False,
    title: str = "",
    mends: Mapping[str, PrinterMend] | None = None,
    on_handing: Callable[[], object] = lambda: None,
) -> PrintOutcome:
    """Print a PDF on a printer, the default one without a name; one-sided unless said.

    ``mends`` say by name what a printer must be sent differently, as a test print showed;
    ``on_handing`` hears that the printer system gets the pages now.
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    info: QPrinterInfo = (
        QPrinterInfo.printerInfo(printer_name) if printer_name else QPrinterInfo.defaultPrinter()
    )
    if info.isNull():
        if printer_name:
            text = _tr("Chưa in được: không thấy máy in {name}. Bật máy in hoặc chọn máy khác.")
            return PrintOutcome(is_printed=False, message=text.format(name=printer_name))
        text = _tr("Chưa in được: máy tính chưa có máy in nào. Cài máy in, hoặc lưu thành tệp PDF.")
        return PrintOutcome(is_printed=False, message=text)
    if info.state() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        # It would take the page and keep it: nobody could say whether it came out.
        return _silent(info.printerName())
    mend = mend_of(mends or {}, info.printerName())
    if cups.is_here():
        return _through_cups(
            data,
            printer=info.printerName(),
            copies=copies,
            tray=tray,
            is_two_sided=is_two_sided,
            title=title,
            is_turned=mend.is_turned,
            is_true_size=mend.is_true_size,
            on_handing=on_handing,
        )
    if mend.is_turned:
        try:
            data = turned(data)
        except PaperError as error:
            return PrintOutcome(is_printed=False, message=error.message)
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setCopyCount(copies)
    if title:
        printer.setDocName(title)
    if tray:
        source = getattr(QPrinter.PaperSource, tray, None)
        if source is not None:
            printer.setPaperSource(source)
    on_handing()
    return print_on(printer, data, is_two_sided=is_two_sided, is_true_size=mend.is_true_size)


# What a printer without a driver's own list may have, by Qt's names.
_USUAL_TRAYS = ("Upper", "Lower", "Middle", "Manual")


def tray_names(printer_name: str) -> Sequence[str]:
    """Return the trays that can be asked for on a printer."""
    return cups.trays(printer_name) if cups.is_here() else _USUAL_TRAYS


def _through_cups(data: bytes, on_handing: Callable[[], object], **options: Any) -> PrintOutcome:
    try:
        first = next(render_pages(data, dpi=_POINTS_PER_INCH))
    except (PaperError, StopIteration) as error:
        message = getattr(error, "message", "") or _tr("Chưa in được: giấy này không có trang nào.")
        return PrintOutcome(is_printed=False, message=message)
    on_handing()
    sent = cups.send(data, size=(first.width, first.height), **options)
    return PrintOutcome(is_printed=True) if sent.job else _silent(options["printer"])


def print_on(
    printer: QPrinter, data: bytes, *, is_two_sided: bool = False, is_true_size: bool = False
) -> PrintOutcome:
    """Paint the pages on a printer; paper size and direction are those of each page.

    A page fills the paper that the driver gives, which may be another than was asked for;
    ``is_true_size`` keeps its own size whatever the paper.
    """
    printer.setResolution(PRINT_DPI)
    duplex = printer.DuplexMode
    printer.setDuplex(duplex.DuplexLongSide if is_two_sided else duplex.DuplexNone)
    printer.setFullPage(True)
    painter = QPainter()
    try:
        for number, page in enumerate(render_pages(data, dpi=PRINT_DPI)):
            printer.setPageLayout(page_layout(page.width, page.height))
            started = painter.begin(printer) if number == 0 else printer.newPage()
            if not started:
                return _not_answering(printer)
            area = printer.pageLayout().fullRectPixels(printer.resolution())
            size = (float(area.width()), float(area.height()))
            if is_true_size:
                dots = printer.resolution() / _POINTS_PER_INCH
                size = (page.width * dots, page.height * dots)
            painter.drawImage(QRectF(0, 0, *size), page.image)
    except PaperError as error:
        return PrintOutcome(is_printed=False, message=error.message)
    finally:
        if painter.isActive():
            painter.end()
    if printer.printerState() == printer.PrinterState.Error:
        return _not_answering(printer)
    return PrintOutcome(is_printed=True)


def _not_answering(printer: QPrinter) -> PrintOutcome:
    return _silent(printer.printerName())


def _silent(name: str) -> PrintOutcome:
    log.warning("the printer did not take the page")
    text = _tr("Chưa in được: máy in {name} không phản hồi. Kiểm tra máy in rồi in lại.")
    return PrintOutcome(is_printed=False, message=text.format(name=name))


def page_layout(width: float, height: float) -> QPageLayout:
    """Return the layout for a page given in points: A4 and A5 by name, others by size."""
    short, long = sorted((width, height))
    landscape = width > height
    size = QPageSize(
        QSizeF(short, long), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch
    )
    direction = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, direction, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def save_pdf(data: bytes, *, interaction: Interaction, suggested: Path) -> Path | None:
    """Ask where and save whole or not at all; None if nobody wanted it.

    Raises:
        UserError: the file can't be written.
    """
    path = interaction.choose_file_save(
        _tr("Lưu thành tệp PDF"), suggested=suggested, kinds=_tr("Tệp PDF (*.pdf)")
    )
    if path is None:
        return None
    if path.suffix.lower() != ".pdf":
        path = path.with_name(path.name + ".pdf")
    write_atomically(path, data)
    return path


def save_and_tell(data: bytes, *, interaction: Interaction, suggested: Path) -> str:
    """Save as ``save_pdf`` and show what went wrong; return what is to be said, if anything."""
    try:
        path = save_pdf(data, interaction=interaction, suggested=suggested)
    except UserError as error:
        interaction.inform(error.message)
        return ""
    return "" if path is None else _tr("Đã lưu {name}.").format(name=path.name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("printing", text)
