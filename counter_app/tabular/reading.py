"""Text lists (CSV) to rows, strictly and as a stream: what is broken is named by its line."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from counter_app.domain.lists import RowError
from counter_app.domain.vietnamese import decode_legacy, decode_tcvn3, decode_vni_encoding, nfc
from counter_app.errors import ListFileError
from counter_app.given import open_given
from counter_app.tabular import encodings
from counter_app.tabular.columns import Mapping
from counter_app.tabular.encodings import SAMPLE, Sniffed, sniff

__all__ = ["Sniffed", "Source", "open_binary", "read_csv", "sniff", "sniff_source"]

Source = bytes | str | os.PathLike[str] | BinaryIO
"""A file's content, its path, or an open binary stream that can be rewound."""

MAX_LINE = 1 << 18  # letters; the widest honest row is far below
MAX_RECORD = 1 << 17
MAX_BROKEN = 1000
_SEPARATOR_HINT = re.compile(r"\ufeff?\"?sep=[,;\t]\"?\s*")
_SURROGATES = re.compile("[\udc80-\udcff]")


@contextlib.contextmanager
def open_binary(source: Source) -> Iterator[BinaryIO]:
    """Open a source for reading; a stream that was handed in stays open.

    Raises:
        ListFileError: the file is missing, a folder, or can't be read.
    """
    if isinstance(source, bytes):
        with io.BytesIO(source) as memory:
            yield memory
    elif isinstance(source, (str, os.PathLike)):
        path = Path(source)
        try:
            stream = open_given(path)
        except OSError as error:
            raise ListFileError(_cannot_open(path, error), field="file") from error
        with stream:
            yield stream
    else:
        source.seek(0)
        yield source


def _cannot_open(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"Không tìm thấy tệp {path}."
    if path.is_dir():
        return f"{path} là thư mục, không phải tệp danh sách."
    return f"Không mở được tệp {path}: không có quyền đọc, hoặc ổ đĩa báo lỗi."


def sniff_source(
    source: Source,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
) -> Sniffed:
    """Say how a text file is written, from its start."""
    with open_binary(source) as stream:
        data = read_piece(stream, SAMPLE)
    return sniff(data, encoding=encoding, delimiter=delimiter, mapping=mapping)


def read_piece(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, fewer only at the end.

    Raises:
        ListFileError: the disk reports an error.
    """
    try:
        return stream.read(size)
    except OSError as error:
        raise ListFileError("Đang đọc thì ổ đĩa báo lỗi. Hãy chép tệp lại rồi thử lại.") from error


def read_csv(
    source: Source,
    encoding: str | None = None,
    delimiter: str | None = None,
    *,
    errors: list[RowError] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins on; cells are NFC and otherwise as they stand.

    With ``errors`` a broken row is added there and the next line is tried; without, it ends the
    reading. Empty lines are passed over.

    Raises:
        ListFileError: no text, a line without end, too much that is broken, or a broken row when
            ``errors`` is missing.
    """
    sniffed = sniff_source(source, encoding=encoding, delimiter=delimiter)
    with open_binary(source) as stream:
        lines = _Lines(stream, sniffed.encoding)
        reader = _Reader(lines, sniffed.delimiter, errors)
        try:
            yield from reader
        except OSError as error:
            raise ListFileError(
                "Đang đọc thì ổ đĩa báo lỗi. Hãy chép tệp lại rồi thử lại."
            ) from error
        except UnicodeError as error:
            raise ListFileError(
                f"Từ dòng {reader.line + 1} không đọc được theo bảng mã "
                f"{encodings.ENCODING_LABELS[sniffed.encoding]}: tệp hỏng hoặc sai bảng mã."
            ) from error
        finally:
            lines.release()


# How a line is mended after it was read as the first encoding; legacy pages have no codec, their
# bytes are read one to one.
_LINE_READERS: dict[str, tuple[str, str, Callable[[str], str] | None]] = {
    encodings.UTF8: ("utf-8-sig", "surrogateescape", None),
    encodings.UTF16: ("utf-16", "strict", None),
    encodings.UTF16_LE: ("utf-16-le", "strict", None),
    encodings.UTF16_BE: ("utf-16-be", "strict", None),
    encodings.CP1258: ("cp1258", "surrogateescape", None),
    encodings.TCVN3: ("latin-1", "strict", lambda t: decode_legacy(t.encode("latin-1"), "tcvn3")),
    encodings.VNI: ("latin-1", "strict", lambda t: decode_legacy(t.encode("latin-1"), "vni")),
    encodings.TCVN3_IN_UTF8: ("utf-8-sig", "surrogateescape", decode_tcvn3),
    encodings.VNI_IN_UTF8: ("utf-8-sig", "surrogateescape", decode_vni_encoding),
}


class _Lines:
    """The physical lines of a text file, numbered from 1, none longer than it may be."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        codec, errors, self._mend = _LINE_READERS[encoding]
        self._text = io.TextIOWrapper(stream, encoding=codec, errors=errors, newline="")
        self.number = 0

    def release(self) -> None:
        """Let go of the stream without closing it: it may be somebody else's."""
        self._text.detach()

    def __iter__(self) -> Iterator[str]:
        read, mend = self._text.readline, self._mend
        while line := read(MAX_LINE):
            self.number += 1
            if len(line) >= MAX_LINE:
                raise ListFileError(
                    f"Dòng {self.number} dài quá {MAX_LINE} ký tự: tệp này không phải danh sách."
                )
            if self.number == 1 and _SEPARATOR_HINT.fullmatch(line):
                line = "\n"  # Excel's own hint; an empty line keeps the numbers
            yield mend(line) if mend else line


class _Reader:
    """Rows out of lines; after a broken row it goes on with the line that follows its first."""

    def __init__(self, lines: _Lines, delimiter: str, errors: list[RowError] | None) -> None:
        self._source = iter(lines)
        self._delimiter = delimiter
        self._errors = errors
        self._broken = 0
        self._taken: list[str] = []  # lines of the record that is being read
        self._is_plain = True  # none of them holds broken, invisible or untidy characters
        self._again: list[str] = []  # lines to be read once more, the next one last
        self.line = 0  # of the last finished row

    def _feed(self) -> Iterator[str]:
        size = 0
        is_normalized = unicodedata.is_normalized
        while True:
            line = self._again.pop() if self._again else next(self._source, None)
            if line is None:
                return
            size = size + len(line) if self._taken else len(line)
            self._taken.append(line)
            bare = line.rstrip("\r\n")
            if not bare.isprintable() or not (bare.isascii() or is_normalized("NFC", bare)):
                self._is_plain = False
            if size > MAX_RECORD:
                raise csv.Error("unexpected end of data")
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        taken = self._taken
        rows = self._open()
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as error:
                self._refuse(self.line + 1, _sentence(error, len(taken)))
                rows = self._restart()
                continue
            if cells is None:
                return
            start, self.line = self.line + 1, self.line + len(taken)
            taken.clear()
            if not self._is_plain:
                self._is_plain = True
                if fault := _fault(cells):
                    self._refuse(start, fault)
                    continue
                cells = [nfc(cell) for cell in cells]
            if cells:
                yield start, cells

    def _restart(self) -> Iterator[list[str]]:
        """Give up the first line of the record, keep the others for another try."""
        self.line += 1
        self._is_plain = True
        self._again.extend(reversed(self._taken[1:]))
        self._taken.clear()
        return self._open()

    def _open(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._delimiter, strict=True)

    def _refuse(self, line: int, message: str) -> None:
        if self._errors is None:
            raise ListFileError(f"Dòng {line}: {message}")
        self._broken += 1
        if self._broken > MAX_BROKEN:
            raise ListFileError(
                f"Quá nhiều dòng hỏng (đến dòng {line}). Hãy kiểm tra bảng mã và dấu phân cách."
            )
        self._errors.append(RowError(line, "", message))


def _fault(cells: list[str]) -> str:
    """Name the characters that make a row unusable, if it has some."""
    joined = "".join(cells)
    if "\0" in joined:
        return "Có ký tự rỗng (NUL), dòng bị hỏng."
    if _SURROGATES.search(joined):
        return "Có ký tự hỏng, không đúng bảng mã của tệp."
    return ""


def _sentence(error: csv.Error, lines: int) -> str:
    text = str(error)
    if "end of data" in text or lines > 1:
        return "Dấu ngoặc kép mở ở dòng này không được đóng."
    if "field larger" in text:
        return "Có ô quá dài."
    if "expected after" in text:
        return "Sau dấu ngoặc kép đóng phải là dấu phân cách; ngoặc kép trong ô phải viết đôi."
    return "Cấu trúc dòng bị hỏng."
