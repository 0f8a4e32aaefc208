# ruff: noqa: INP001 - a script for developers, no package
"""Make the README's pictures of the real window, from a fresh practice folder at a fixed moment.

    python build_spec/make_pictures.py [NAME ...]

Fills a new folder with the demo week as it stands on Monday 23 November 2026 at 09:40, opens the
window on it at 1366×768 without a screen, walks from page to page, and writes what it sees to
``resources/pictures``. The receipt and the letter are the first pages of the PDFs that the program
makes of that week. Two runs of one version show the same: persons, codes and the clock are the
scenario's. Name pictures to make only those.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt  # noqa: E402 - the platform is chosen above
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from counter_app import bootstrap  # noqa: E402
from counter_app.domain.cards import parse_card  # noqa: E402
from counter_app.domain.catalogue import Fee  # noqa: E402
from counter_app.domain.facts import DocumentFacts, ReceiveRequest  # noqa: E402
from counter_app.services import (  # noqa: E402
    browse,
    catalogue,
    demo,
    lookup,
    moves,
    papers,
    reception,
)
from counter_app.ui import app as window_app  # noqa: E402
from counter_app.ui.desk import Desk  # noqa: E402
from counter_app.ui.interaction import QtInteraction  # noqa: E402
from counter_app.ui.theme import apply_theme  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from counter_app.storage.database import Store
    from counter_app.ui.chart_board import ChartBoard

NOW = datetime(2026, 11, 23, 9, 40)
SIZE = (1366, 768)
PICTURES = ROOT / "resources" / "pictures"
MOST_BYTES = 200_000
CARD = (
    "045192007777|191234567|Nguyễn Thị Ngọc Ánh|30121992|Nữ|"
    "Thôn Nghĩa Hy, xã Cam Lộ, tỉnh Quảng Trị|10052021"
)
EXPECTED = datetime(2026, 11, 26, 17)
PHONE = "0905123456"
PROCEDURE = "1.004873"
DECISION = "Quyết định số 01/QĐ-UBND (ví dụ)"
FEE = Fee(15_000, "bản", note="mức thu ví dụ")
CLERK = "Lê Thị Hồng Lan"
LATE = "Thái Văn Lợi"
SETTLE = 0.3  # seconds; what comes after them is waited for by name
PATIENCE = 5


class Studio:
    """One open window on the demo week, and how to take its picture."""

    def __init__(self, store: Store, folder: Path, app: QApplication) -> None:
        """Show the window at its fixed size."""
        self.store = store
        self.desk = Desk(
            store,
            folder=folder,
            clock=lambda: NOW,
            is_second=False,
            interaction=QtInteraction(None),
        )
        self._app = app
        self.window = self.desk.window
        self.window.set_notices(self.desk.notices())
        self.window.resize(*SIZE)
        self.window.show()
        # Away from the rail, where it would light one of the pages up.
        QTest.mouseMove(self.window, QPoint(SIZE[0] // 2, SIZE[1] - 1))

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Let the window do what it has begun, and wait for what a thread beside it makes."""
        # Not QTest.qWait: it keeps Python's lock, and the threads beside the window would wait too.
        end = time.monotonic() + PATIENCE
        rest = time.monotonic() + SETTLE
        while time.monotonic() < rest or (time.monotonic() < end and not until()):
            self._app.processEvents()
            time.sleep(0.005)

    def open(self, key: str, argument: object = None) -> Any:  # noqa: ANN401 - each page is its own
        """Show a page and return it."""
        self.window.show_page(key, argument)
        self.settle()
        return self.window.current_page()

    def keys(self, key: Qt.Key, *, times: int = 1, target: QWidget | None = None) -> None:
        """Press a key where the focus is."""
        for _ in range(times):
            QTest.keyClick(target or self._focus(), key)
        self.settle()

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        QTest.keyClicks(self._focus(), text)
        self.settle()

    def _focus(self) -> QWidget:
        return self._app.focusWidget() or self.window

    def take(self) -> QImage:
        """Return the window as it looks now, without a blinking cursor."""
        self.settle()
        return self.window.grab().toImage()

    def take_drawn(self, board: ChartBoard) -> QImage:
        """Return the window as it looks once the charts that are seen are drawn."""
        seen = [chart for chart in board.charts if chart.isVisible()]
        self.settle(until=lambda: all(chart.image is not None for chart in seen))
        return self.take()


def reception_page(studio: Studio) -> QImage:
    """A card was scanned, the procedure chosen, the due card has answered."""
    page = studio.open("reception")
    page.take_card(CARD)
    studio.settle()
    studio.type(PHONE)
    page.form.go_to("procedure_code")
    studio.type("giay doc than")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        studio.keys(key)
    return studio.take()


def dossiers_page(studio: Studio) -> QImage:
    """The dossiers due soon, one of them beside the table."""
    page = studio.open("dossiers", "filter:due_soon")
    page.table.select_row(3)
    studio.keys(Qt.Key.Key_Return, target=page.table)
    return studio.take()


def today_page(studio: Studio) -> QImage:
    """The six figures and the next ten working days."""
    return studio.take_drawn(studio.open("today").bars)


def board_page(studio: Studio) -> QImage:
    """The head's board: the load by unit, the days ahead, what is slow, what waits."""
    return studio.take_drawn(studio.open("board").bars)


def report_page(studio: Studio) -> QImage:
    """The figures of a period, each a way to its dossiers, and the charts."""
    page = studio.open("reports")
    studio.settle(until=page.save_button.isEnabled)
    return studio.take_drawn(page.charts)


def apology_page(studio: Studio) -> QImage:
    """Who is at risk, who is owed a letter, and the letter as it will print."""
    page = studio.open("apologies", "confirmed")
    studio.settle(until=lambda: page.letter.preview.page_count() > 0)
    return studio.take()


def import_page(studio: Studio) -> QImage:
    """The province's daily list, looked at before it is taken in."""
    page = studio.open("sync", "lists").lists
    with contextlib.chdir(ROOT / "resources" / "demo"):
        page.look_at(Path("daily_export.csv"))
        studio.settle(until=lambda: page._report is not None)  # noqa: SLF001 - nothing tells it
    return studio.take()


def receipt(studio: Studio) -> QImage:
    """The receipt of the dossier that the first picture shows, two copies on one sheet."""
    card = parse_card(CARD)
    required = catalogue.procedure(studio.store, PROCEDURE, on=NOW.date()).required_documents
    request = ReceiveRequest(
        procedure_code=PROCEDURE,
        applicant_name=card.full_name,
        citizen_id=card.citizen_id,
        birth_date=card.birth_date.isoformat(),
        sex=card.sex,
        address=card.address,
        phone=PHONE,
        official_code="H50.19.57-261123-0118",
        documents=tuple(DocumentFacts(d.name, d.originals, d.copies) for d in required),
        by=CLERK,
    )
    received = reception.receive_dossier(studio.store, request, now=NOW, issue_receipt=True)
    return page_image(papers.paper_pdf(studio.store, [received.paper_uuid]), width=1366)


def letter(studio: Studio) -> QImage:
    """The apology letter of the late dossier."""
    row = browse.search(studio.store, LATE, limit=1)[0]
    reason = lookup.show(studio.store, row.uuid, now=NOW).state["late_reason"]
    moves.explain(
        studio.store,
        row.uuid,
        reason=reason,
        expected=EXPECTED,
        by=CLERK,
        now=NOW,
    )
    paper = papers.issue_apology(
        studio.store, row.uuid, signer="GIÁM ĐỐC|Võ Thị Kim Oanh", by=CLERK, now=NOW
    )
    return page_image(papers.paper_pdf(studio.store, [paper]), width=900)


def page_image(pdf: bytes, *, width: int) -> QImage:
    """Return the first page of a PDF as a picture of the given width."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
        data = bytes(bitmap.buffer)
        image = QImage(
            data, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
        )
        return image.copy()
    finally:
        document.close()


PAINTERS: dict[str, Callable[[Studio], QImage]] = {
    "tiep-nhan": reception_page,
    "ho-so": dossiers_page,
    "hom-nay": today_page,
    "dieu-hanh": board_page,
    "bao-cao": report_page,
    "xin-loi": apology_page,
    "nhap-danh-sach": import_page,
    "giay-tiep-nhan": receipt,
    "van-ban-xin-loi": letter,
}


def encode(image: QImage) -> bytes:
    """Return a small PNG: a palette of 256 colours loses nothing one sees in a window of words."""
    from PIL import Image

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    size = (plain.width(), plain.height())
    picture = Image.frombuffer(
        "RGB", size, bytes(plain.constBits()), "raw", "RGB", plain.bytesPerLine(), 1
    )
    small = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


@contextlib.contextmanager
def studio_of_the_week() -> Iterator[Studio]:
    """Open the window on a new folder that holds the demo week."""
    app = window_app.make_application(["make_pictures"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        opened = bootstrap.open_app(data=str(folder), environment={})
        try:
            demo.fill(opened.store, "week", now=NOW)
            catalogue.confirm_procedure(
                opened.store, code=PROCEDURE, decision=DECISION, on=NOW.date(), fee=FEE
            )
            apply_theme(app, scale=1.0)
            studio = Studio(opened.store, folder, app)
            yield studio
            studio.window.hide()
            studio.desk.close()
        finally:
            opened.store.close()


def main(names: list[str]) -> int:
    """Make the pictures; return 1 if one is larger than it may be."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    status = 0
    with studio_of_the_week() as studio:
        for name in names or list(PAINTERS):
            data = encode(PAINTERS[name](studio))
            (PICTURES / f"{name}.png").write_bytes(data)
            print(f"{name}.png  {len(data) / 1000:.0f} kB")  # noqa: T201 - told to whoever ran it
            status |= len(data) > MOST_BYTES
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
