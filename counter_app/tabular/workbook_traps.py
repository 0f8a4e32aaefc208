"""What a workbook would do to the memory, looked at before it is opened.

The reader holds the whole rectangle of a sheet and believes what a file says of itself. Where that
is more than there is, it doesn't fail: it takes the process down, with the window and the draft in
it. So nothing it reads is left out here, whatever a part is called or how its text is spaced.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from counter_app.errors import ListFileError

DAMAGED = "Bảng tính bị hỏng, không mở được. Hãy mở bằng Excel, lưu lại rồi chọn lại."
_TOO_LARGE = (
    "Bảng tính quá lớn hoặc có ô nằm rất xa vùng dữ liệu. Hãy chép riêng vùng danh sách sang "
    "một tệp mới, hoặc lưu thành CSV, rồi chọn lại."
)
_BINARY = "Bảng tính dạng .xlsb chưa đọc được. Hãy mở bằng Excel, lưu thành .xlsx rồi chọn lại."
ZIP = b"PK\x03\x04"
_MAX_UNPACKED = 1 << 30
_MAX_CELLS = 15_000_000
_MOST_REPEATED = 999
_PIECE = 1 << 20
_OVERLAP = 256
# No sheet has such a place: beyond three letters or seven digits.
_NOWHERE = re.compile(rb"""\sr ?= ?["'] ?(?:[A-Z]{4}|[A-Z]*[0-9]{8})""", re.IGNORECASE)
# A cell beyond column AZ or row 99,999: only then is the rectangle worth counting.
_FAR = re.compile(
    rb"""\sr ?= ?["'] ?(?:(?:[B-Z][A-Z]|[A-Z]{3})[0-9]|[A-Z]{0,3}[0-9]{6})""", re.IGNORECASE
)
_PLACE = re.compile(rb"""\sr ?= ?["'] ?([A-Z]{0,3})([0-9]{1,7})["' ]""", re.IGNORECASE)
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[ />]"), re.compile(rb"<(?:\w+:)?c[ />]")
# How many texts a list of shared ones says it has: room is made for them at once.
_COUNT = re.compile(rb"""ount ?= ?["'] ?\+?0*([0-9]{8,})""")
# OpenDocument repeats cells and rows; LibreOffice fills empty sheets that way, others need not.
_REPEATED = re.compile(rb"""(columns|rows)-repeated ?= ?["'] ?\+?0*([0-9]+)([^<>]*)>""")
_SAYS = (b"-value", b"office:value", b"<text:")


def check_size(stream: BinaryIO) -> None:
    """Refuse what would fill the memory.

    Raises:
        ListFileError: the workbook unpacks to too much, names cells far apart, or is damaged.
    """
    stream.seek(0)
    if stream.read(len(ZIP)) != ZIP:
        return
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > _MAX_UNPACKED:
                raise ListFileError(_TOO_LARGE)
            if any(part.filename.lower().endswith("workbook.bin") for part in parts):
                raise ListFileError(_BINARY)
            for part in parts:
                _check_sheet(packed, part)
                if part.filename == "content.xml":
                    _check_open_document(packed, part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise ListFileError(DAMAGED) from error
    except RuntimeError as error:  # zipfile's word for a part that is encrypted
        raise ListFileError(DAMAGED) from error


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, each with the end of the one before, blanks made one."""
    tail = b""
    with packed.open(part) as stream:
        while piece := stream.read(_PIECE):
            starts, ends = piece[:1].isspace(), piece[-1:].isspace()
            blank = b" " if starts and not tail.endswith(b" ") else b""
            piece = tail + blank + b" ".join(piece.split()) + (b" " if ends else b"")
            yield piece
            tail = piece[-_OVERLAP:]


def _check_sheet(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    is_far = False
    for piece in _pieces(packed, part):
        counts = (int(count[:20]) for count in _COUNT.findall(piece))
        if _NOWHERE.search(piece) or any(count > _MAX_CELLS for count in counts):
            raise ListFileError(_TOO_LARGE)
        is_far = is_far or _FAR.search(piece) is not None
    if not is_far:
        return
    columns: set[bytes] = set()
    rows = widest = width = 0
    for piece in _pieces(packed, part):
        places = set(_PLACE.findall(piece))
        columns.update(letters for letters, _ in places)
        rows = max(rows, max((int(row) for _, row in places), default=0))
        # Cells that name no place stand one after the other.
        first, *others = (len(_CELL.findall(row)) for row in _ROW.split(piece))
        widest = max(widest, width + first, *others)
        width = others[-1] if others else width + first
    if rows * max(widest, *map(_column_number, columns), 1) > _MAX_CELLS:
        raise ListFileError(_TOO_LARGE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_open_document(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    cells, rows = 1, 1
    for piece in _pieces(packed, part):
        for match in _REPEATED.finditer(piece):
            number = int(match[2][:20] or b"0")
            if match[1] == b"columns":
                start = piece.rfind(b"<", 0, match.start())
                if match[3].endswith(b"/") and not _says(piece[start : match.end()]):
                    continue
                cells += number
            elif _is_empty_row(piece, match.end()):
                continue
            else:
                rows = max(rows, number)
            if number > _MOST_REPEATED or cells * rows > _MAX_CELLS:
                raise ListFileError(_TOO_LARGE)


def _is_empty_row(piece: bytes, start: int) -> bool:
    """Tell whether a row holds empty cells only; one that isn't here to its end comes again."""
    end = piece.find(b"</table:table-row>", start)
    if end < 0 and len(piece) - start > _OVERLAP:
        return False
    return not _says(piece[start : end if end >= 0 else len(piece)])


def _says(text: bytes) -> bool:
    return any(word in text for word in _SAYS)
