"""Workbooks (XLSX, XLS, ODS) to rows of text, one line number for each row of the sheet."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, BinaryIO

from counter_app.domain.vietnamese import decode_tcvn3, decode_vni_encoding, nfc
from counter_app.errors import ListFileError
from counter_app.tabular import encodings
from counter_app.tabular.reading import Source, open_binary

if TYPE_CHECKING:
    import python_calamine

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WEB_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta|\?xml|style)", re.IGNORECASE
)
_MAX_UNPACKED = 1 << 30
_MAX_CELLS = 15_000_000  # the reader holds the whole rectangle in memory
_PIECE = 1 << 20
_OVERLAP = 256
# A cell beyond column AZ or row 99,999: only then is the rectangle worth counting.
_FAR = re.compile(rb"""\sr\s*=\s*["'](?:(?:[B-Z][A-Z]|[A-Z]{3})[0-9]|[A-Z]{0,3}[0-9]{6})""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,9})["']""")
# OpenDocument repeats cells and rows; LibreOffice fills empty sheets that way, others need not.
_REPEATED_CELL = re.compile(rb"<table:table-cell[^<>]*columns-repeated=\"[0-9]{4,}\"[^<>]*(?<!/)>")
_REPEATED_ROW = re.compile(rb"<table:table-row[^<>]*rows-repeated=\"[0-9]{4,}\"[^<>]*>")
_EXACT = 1 << 53

_Cell = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(source: Source) -> bool:
    """Say by its first bytes whether a file is a workbook; its name proves nothing.

    Raises:
        ListFileError: it is a web page that was named like a workbook.
    """
    with open_binary(source) as stream:
        start = stream.read(512)
    if _WEB_PAGE.match(start):
        raise ListFileError(
            "Tệp này thực ra là trang web được đặt tên như bảng tính. Hãy mở bằng Excel rồi "
            "Lưu thành (Save As) dạng .xlsx, sau đó chọn lại."
        )
    return start.startswith((_ZIP, _OLE))


def sheet_names(source: Source) -> list[str]:
    """Return the names of the sheets a person can see, in their order.

    Raises:
        ListFileError: no workbook, damaged, locked by a password or too large.
    """
    with open_binary(source) as stream:
        _check_size(stream, _no_look)
        return _visible(_open(stream))


def read_workbook(source: Source, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that isn't empty with its number; every cell as NFC text.

    Whole numbers lose their ``.0``, moments become ``dd/mm/yyyy HH:MM`` and days
    ``dd/mm/yyyy``.

    Raises:
        ListFileError: no workbook, damaged, locked by a password, too large, or no such sheet.
    """
    with open_binary(source) as stream:
        _check_size(stream, _check_part)
        workbook = _open(stream)
        names = _visible(workbook)
        if sheet is not None and sheet not in workbook.sheet_names:
            raise ListFileError(
                f"Bảng tính không có trang “{sheet}”. Các trang: {', '.join(names)}."
            )
        if not names:
            raise ListFileError("Bảng tính không có trang nào.")
        table = _sheet(workbook, sheet or names[0])
        for number, cells in enumerate(table.iter_rows(), start=1):
            row = [_text(cell) if cell != "" else "" for cell in cells]
            if any(row):
                yield number, row


OLD_FONTS: dict[str, Callable[[str], str]] = {
    encodings.TCVN3: decode_tcvn3,
    encodings.VNI: decode_vni_encoding,
}
"""How the cells of sheets written in the fonts from before Unicode are decoded."""


def _text(cell: _Cell) -> str:
    """Write a cell the way a list of text would have it."""
    if isinstance(cell, str):
        return cell if cell.isascii() else nfc(cell)
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, (int, float)):
        whole = isinstance(cell, int) or (cell.is_integer() and abs(cell) < _EXACT)
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime):
        cell += timedelta(microseconds=500_000)  # a serial number is never exact
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04} {cell.hour:02}:{cell.minute:02}"
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    return str(cell)


def _open(stream: BinaryIO) -> python_calamine.CalamineWorkbook:
    from python_calamine import CalamineError, PasswordError, load_workbook

    stream.seek(0)
    try:
        return load_workbook(stream)
    except PasswordError as error:
        raise ListFileError(
            "Bảng tính có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi chọn lại."
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise ListFileError(_DAMAGED) from error


_DAMAGED = "Bảng tính bị hỏng, không mở được. Hãy mở bằng Excel, lưu lại rồi chọn lại."


def _visible(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _sheet(workbook: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet:
    from python_calamine import CalamineError

    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise ListFileError(_DAMAGED) from error


# ------------------------------------------------------------- before it is opened


def _check_size(stream: BinaryIO, look: Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]) -> None:
    """Refuse what would fill the memory: the reader itself would take the process down.

    Raises:
        ListFileError: the workbook unpacks to too much, or names cells far apart.
    """
    stream.seek(0)
    if stream.read(4) != _ZIP:
        return
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > _MAX_UNPACKED:
                raise ListFileError(_TOO_LARGE)
            for part in parts:
                look(packed, part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise ListFileError(_DAMAGED) from error
    except RuntimeError as error:  # zipfile's word for a part that is encrypted
        raise ListFileError(_DAMAGED) from error


def _no_look(_packed: zipfile.ZipFile, _part: zipfile.ZipInfo) -> None:
    """Leave the parts alone: only the names of the sheets are wanted."""


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part whose cells lie far apart; sheets may stand anywhere under ``xl``."""
    if part.filename == "content.xml":
        _check_open_document(packed, part)
    elif part.filename.endswith(".xml") and not part.filename.endswith("sharedStrings.xml"):
        _check_sheet(packed, part)


_TOO_LARGE = (
    "Bảng tính quá lớn hoặc có ô nằm rất xa vùng dữ liệu. Hãy chép riêng vùng danh sách sang "
    "một tệp mới, hoặc lưu thành CSV, rồi chọn lại."
)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, each with the end of the one before."""
    tail = b""
    with packed.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _check_sheet(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if not any(_FAR.search(piece) for piece in _pieces(packed, part)):
        return
    columns: set[bytes] = set()
    rows = 0
    for piece in _pieces(packed, part):
        places = set(_PLACE.findall(piece))
        columns.update(letters for letters, _ in places)
        rows = max(rows, max((int(row) for _, row in places), default=0))
    if rows * max(map(_column_number, columns), default=1) > _MAX_CELLS:
        raise ListFileError(_TOO_LARGE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_open_document(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    repeated = False
    for piece in _pieces(packed, part):
        if _REPEATED_CELL.search(piece):
            raise ListFileError(_TOO_LARGE)
        # A repeated row may be empty cells only, up to its end.
        row = b""
        for match in _REPEATED_ROW.finditer(piece):
            row = piece[match.end() :].split(b"</table:table-row>", 1)[0]
            repeated = repeated or b"office:value" in row or b"<text:" in row
    if repeated:
        raise ListFileError(_TOO_LARGE)
