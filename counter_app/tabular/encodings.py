"""How a text file of another system is written: encoding and delimiter, seen from its start."""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from counter_app.domain.vietnamese import (
    VIETNAMESE_LETTERS,
    decode_legacy,
    decode_tcvn3,
    decode_vni_encoding,
    guess_legacy,
    nfc,
    recognise_legacy,
)
from counter_app.errors import ListFileError
from counter_app.tabular.columns import Mapping, count_known, count_plain

SAMPLE = 1 << 18
UTF8, UTF16, CP1258, TCVN3, VNI = "utf-8-sig", "utf-16", "cp1258", "tcvn3", "vni"
UTF16_LE, UTF16_BE = "utf-16-le", "utf-16-be"
TCVN3_IN_UTF8, VNI_IN_UTF8 = "utf-8+tcvn3", "utf-8+vni"
ENCODINGS = (UTF8, UTF16, UTF16_LE, UTF16_BE, CP1258, TCVN3, VNI, TCVN3_IN_UTF8, VNI_IN_UTF8)
"""What a person can choose; the last two are old text that somebody saved again as UTF-8."""

ENCODING_LABELS: dict[str, str] = {
    UTF8: "Unicode (UTF-8)",
    UTF16: "Unicode (UTF-16)",
    UTF16_LE: "Unicode (UTF-16 LE)",
    UTF16_BE: "Unicode (UTF-16 BE)",
    CP1258: "Windows-1258",
    TCVN3: "TCVN3 (ABC)",
    VNI: "VNI-Windows",
    TCVN3_IN_UTF8: "TCVN3 (ABC) lưu lại thành UTF-8",
    VNI_IN_UTF8: "VNI lưu lại thành UTF-8",
}
_ALIASES = {
    "utf-8": UTF8, "utf8": UTF8, "windows-1258": CP1258, "1258": CP1258, "abc": TCVN3,
    "utf16": UTF16, "tcvn": TCVN3, "vni-windows": VNI, "utf-16le": UTF16_LE, "utf-16be": UTF16_BE,
}  # fmt: skip

DELIMITERS = (",", ";", "\t")
_DELIMITER_NAMES = {",": "dấu phẩy", ";": "dấu chấm phẩy", "\t": "tab"}
_ENOUGH_HEADINGS = 3
_SAMPLE_ROWS = 60
_LETTERS = frozenset(VIETNAMESE_LETTERS)
_PUNCTUATION = frozenset("–—‘’“”…•°₫€\xa0\xad©®«»·×½")
_WORDS_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SURE_SHARE = 0.98


class Sniffed(NamedTuple):
    """How a file seems to be written (nhận dạng); ``doubtful`` asks for a look before importing."""

    encoding: str
    delimiter: str
    doubtful: bool
    note: str


def normalise_encoding(name: str) -> str:
    """Return our name of an encoding a person chose.

    Raises:
        ListFileError: it isn't one we read.
    """
    key = name.strip().lower().replace("_", "-")
    key = _ALIASES.get(key, key)
    if key not in ENCODINGS:
        raise ListFileError(
            f"Không đọc được bảng mã “{name}”. Các bảng mã đọc được: {', '.join(ENCODINGS)}."
        )
    return key


def check_delimiter(delimiter: str) -> str:
    """Return the delimiter; ``tab`` is its name on a command line.

    Raises:
        ListFileError: it isn't one of comma, semicolon and tab.
    """
    found = "\t" if delimiter.strip().lower() in {"tab", "\\t"} or delimiter == "\t" else delimiter
    if found not in DELIMITERS:
        raise ListFileError("Dấu phân cách phải là dấu phẩy, dấu chấm phẩy hoặc tab.")
    return found


def decode_sample(data: bytes, encoding: str) -> str:
    """Decode the start of a file; a letter that is cut at its end is left out."""
    if encoding in {TCVN3, VNI}:
        return decode_legacy(data, "tcvn3" if encoding == TCVN3 else "vni")
    base = UTF8 if encoding in {TCVN3_IN_UTF8, VNI_IN_UTF8} else encoding
    text = codecs.getincrementaldecoder(base)("replace").decode(data)
    if encoding == TCVN3_IN_UTF8:
        text = decode_tcvn3(text)
    elif encoding == VNI_IN_UTF8:
        text = decode_vni_encoding(text)
    return nfc(text)


def sniff(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
) -> Sniffed:
    """Say how a file is written, from its first bytes; what a person chose is not doubted.

    Raises:
        ListFileError: it is empty, or no text at all.
    """
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise ListFileError("Tệp rỗng, không có dòng nào.")
    if encoding is None:
        found, doubtful, note = _sniff_encoding(data)
    else:
        found, doubtful, note = normalise_encoding(encoding), False, ""
    text = decode_sample(data, found)
    if delimiter is None:
        delimiter, unsure = _sniff_delimiter(text, mapping)
        if unsure:
            doubtful = True
            note = f"{note} Không chắc dấu phân cách là {_DELIMITER_NAMES[delimiter]}.".strip()
    return Sniffed(found, check_delimiter(delimiter), doubtful, note)


def _sniff_encoding(data: bytes) -> tuple[str, bool, str]:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ListFileError("Tệp ghi bằng UTF-32. Hãy lưu lại thành CSV UTF-8.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16, False, ""
    if data.startswith(codecs.BOM_UTF8):
        return _sniff_utf8(data[3:])
    if b"\0" in data[:4096]:
        return _sniff_zeros(data)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return _sniff_code_page(data)
    return _sniff_utf8(data)


def _sniff_utf8(data: bytes) -> tuple[str, bool, str]:
    """UTF-8 it is, but what was saved in it may be older than Unicode."""
    old = guess_legacy(codecs.getincrementaldecoder("utf-8")("replace").decode(data))
    if old is None:
        return UTF8, False, ""
    encoding = TCVN3_IN_UTF8 if old == "tcvn3" else VNI_IN_UTF8
    return encoding, True, f"Chữ trong tệp có vẻ là {ENCODING_LABELS[encoding]}; hãy xem trước."


def _sniff_zeros(data: bytes) -> tuple[str, bool, str]:
    """Tell UTF-16 without a mark from a file that isn't text."""
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    half = min(len(data), 4096) // 2
    note = "Tệp có vẻ là UTF-16 không có dấu nhận biết; hãy xem trước."
    if odd > half * 0.3 and even < half * 0.05:
        return UTF16_LE, True, note
    if even > half * 0.3 and odd < half * 0.05:
        return UTF16_BE, True, note
    if data[:4096].count(0) > len(data[:4096]) * 0.02:
        raise ListFileError("Tệp này không phải danh sách dạng chữ (CSV) hay bảng tính.")
    return UTF8, False, ""  # a stray zero or two: the rows are named when they are read


def _sniff_code_page(data: bytes) -> tuple[str, bool, str]:
    """Choose between code pages: headings that come out right prove one, letters only suggest."""
    if _mostly_utf8(data):
        return UTF8, True, "Tệp là UTF-8 nhưng có chỗ hỏng; các dòng hỏng được nêu tên."
    sure = max((CP1258, TCVN3, VNI), key=lambda name: _plain_headings(data, name))
    if _plain_headings(data, sure) >= _ENOUGH_HEADINGS:
        return sure, False, ""
    old = recognise_legacy(data)
    if old is not None:
        return old, True, f"Tệp có vẻ dùng bảng mã {ENCODING_LABELS[old]}; hãy xem trước."
    letters = _WORDS_BEYOND_ASCII.findall(decode_sample(data, CP1258))
    good = sum(c in _LETTERS or c in _PUNCTUATION for c in letters)
    if good >= len(letters) * _SURE_SHARE:
        return CP1258, True, "Tệp có vẻ dùng bảng mã Windows-1258; hãy xem trước."
    return CP1258, True, "Không nhận ra bảng mã; hãy xem trước và chọn bảng mã đọc đúng chữ."


def _plain_headings(data: bytes, encoding: str) -> int:
    text = decode_sample(data[:16384], encoding)
    lines = text.splitlines()[:_SAMPLE_ROWS]
    cells = (re.split(r"[,;\t]", line) for line in lines)
    return max((count_plain(cell.strip(' "') for cell in row) for row in cells), default=0)


def _mostly_utf8(data: bytes) -> bool:
    """Tell a damaged file from another code page, which hardly ever makes letters of two bytes."""
    text = data.decode("utf-8", "replace")
    return text.count("\ufffd") * 3 < sum(char in _LETTERS for char in text)


def _sniff_delimiter(text: str, mapping: Mapping | None) -> tuple[str, bool]:
    """Choose the delimiter under which the headings are known, else the steadiest one."""
    hint = re.match(r"\ufeff?\"?sep=([,;\t])\"?\s", text)
    if hint:
        return hint[1], False
    known: dict[str, int] = {}
    steady: dict[str, int] = {}
    for delimiter in DELIMITERS:
        rows = list(itertools.islice(_loose_rows(text, delimiter), _SAMPLE_ROWS))
        known[delimiter] = max((count_known(row, mapping) for row in rows), default=0)
        widths = [len(row) for row in rows if len(row) > 1]
        steady[delimiter] = max((widths.count(w) * w for w in set(widths)), default=0)
    best = max(DELIMITERS, key=lambda d: (known[d], steady[d]))
    return best, known[best] < _ENOUGH_HEADINGS


def _loose_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:  # only a look: the real reading names what is broken
        return
