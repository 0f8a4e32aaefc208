"""Headings of lists: which column of ours a system's own heading means, and saved mappings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple, TypeVar

from counter_app.domain.dossier import Channel, Status
from counter_app.domain.lists import (
    CHANNEL_WORDS,
    COLUMNS_BY_NAME,
    LIST_COLUMNS,
    READ_ONLY_COLUMNS,
    STATUS_WORDS,
)
from counter_app.domain.text import fold
from counter_app.errors import ListFileError

FORMAT = "counter-app/mapping/1"
DATE_ORDERS = ("dmy", "mdy", "ymd")
IGNORED = ""  # a heading mapped to this is left out on purpose
_MAX_PROFILE = 1 << 20
_LONGEST_HEADING = 200
_SAVED, _BETTER = -2, -1  # ranks before our own name for a column, which has 0
_Word = TypeVar("_Word", Status, Channel)

# What provincial exports call their columns. The first of a line is preferred when several are
# there: who owns the dossier comes before who brought it.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": (
        "Mã số hồ sơ", "Số hồ sơ", "Mã HS", "Số HS", "Mã biên nhận", "Số biên nhận",
        "Mã hồ sơ TTHC", "Mã số hồ sơ TTHC",
    ),
    "official_code": ("Mã hồ sơ quốc gia", "Mã số hồ sơ quốc gia", "Mã hồ sơ DVCQG"),
    "procedure_code": (
        "Mã thủ tục", "Mã số TTHC", "Mã số thủ tục", "Mã thủ tục hành chính", "Mã QG thủ tục",
    ),
    "procedure_name": (
        "Tên thủ tục", "Thủ tục hành chính", "Tên thủ tục hành chính", "Thủ tục", "TTHC",
        "Loại hồ sơ", "Tên hồ sơ",
    ),
    "sector": ("Tên lĩnh vực", "Lĩnh vực TTHC", "Lĩnh vực thủ tục"),
    "applicant_name": (
        "Tên chủ hồ sơ", "Họ tên chủ hồ sơ", "Họ và tên chủ hồ sơ", "Tên cá nhân, tổ chức",
        "Cá nhân, tổ chức", "Tổ chức, cá nhân", "Tên tổ chức, cá nhân", "Công dân, tổ chức",
        "Công dân, doanh nghiệp", "Tên công dân", "Họ và tên", "Họ tên", "Người nộp",
        "Người nộp hồ sơ", "Tên người nộp", "Họ tên người nộp", "Họ và tên người nộp",
    ),
    "citizen_id": (
        "Số định danh cá nhân", "Số CCCD", "CCCD", "Số căn cước", "Số căn cước công dân",
        "Căn cước công dân", "Số CMND", "CMND", "CMND/CCCD", "Số CMND/CCCD", "CCCD/CMND",
        "Số CCCD/CMND", "Số giấy tờ", "Số giấy tờ tùy thân", "CMND/CCCD/Hộ chiếu",
        "Số CMND/CCCD/Hộ chiếu", "Số ĐDCN", "Số CCCD/ĐDCN", "CCCD/ĐDCN",
    ),
    "citizen_or_tax": (
        "Số định danh/MST", "CCCD/MST", "Số CCCD/MST", "CMND/CCCD/MST", "Mã định danh",
        "Mã định danh/MST", "Số CCCD/Mã số thuế", "CCCD/Mã số thuế",
    ),
    "tax_code": ("MST", "Mã số DN", "Mã số doanh nghiệp", "Mã số thuế/Mã số doanh nghiệp"),
    "address": (
        "Địa chỉ chủ hồ sơ", "Địa chỉ thường trú", "Địa chỉ liên hệ", "Nơi cư trú",
        "Địa chỉ người nộp",
    ),
    "phone": (
        "SĐT", "Số ĐT", "Điện thoại", "Điện thoại liên hệ", "Số điện thoại liên hệ", "Di động",
        "Số điện thoại chủ hồ sơ", "Số điện thoại người nộp",
    ),
    "content": ("Nội dung hồ sơ", "Trích yếu", "Nội dung yêu cầu", "Nội dung giải quyết"),
    "channel": (
        "Hình thức nộp", "Hình thức nộp hồ sơ", "Kênh tiếp nhận", "Hình thức", "Nguồn hồ sơ",
        "Cách thức nộp", "Phương thức tiếp nhận", "Loại tiếp nhận",
    ),
    "received_at": (
        "Ngày tiếp nhận", "Thời gian tiếp nhận", "Thời điểm tiếp nhận", "Ngày nhận",
        "Ngày nhận hồ sơ", "Ngày giờ nhận", "Tiếp nhận", "Ngày tiếp nhận hồ sơ",
    ),
    "due_at": (
        "original_due_at", "Ngày hẹn trả", "Ngày hẹn trả kết quả",
        "Thời gian hẹn trả", "Thời gian hẹn trả kết quả", "Hạn trả kết quả", "Hẹn trả", "Hạn trả",
        "Ngày hẹn trả KQ", "Hẹn trả KQ", "Hạn trả KQ",
        "Hạn xử lý", "Ngày hẹn", "Hạn giải quyết", "Ngày giờ hẹn trả kết quả",
    ),
    "rescheduled_due_at": (
        "Ngày hẹn lại", "Ngày gia hạn", "Thời gian hẹn lại", "Hẹn lại", "Ngày hẹn trả lại",
        "Ngày hẹn trả sau gia hạn",
    ),
    "completed_at": (
        "Ngày có kết quả", "Ngày có KQ", "Thời gian có kết quả", "Ngày xử lý xong",
        "Ngày hoàn thành", "Ngày kết thúc xử lý", "Ngày giải quyết xong",
        "Thời gian kết thúc xử lý",
    ),
    "returned_at": (
        "Ngày trả", "Ngày trả kết quả", "Ngày trả KQ", "Thời gian trả", "Thời gian trả kết quả",
        "Ngày giờ trả kết quả", "Ngày trả thực tế", "Ngày nhận kết quả",
    ),
    "status": (
        "Trạng thái hồ sơ", "Tình trạng", "Tình trạng hồ sơ", "Trạng thái xử lý",
        "Tình trạng xử lý",
    ),
    "resolving_unit": (
        "Đơn vị giải quyết", "Đơn vị xử lý", "Cơ quan xử lý", "Đơn vị thụ lý", "Cơ quan thực hiện",
        "Phòng ban xử lý", "Cơ quan, đơn vị giải quyết",
    ),
    "reception_officer": (
        "Người tiếp nhận", "Cán bộ nhận hồ sơ", "Công chức tiếp nhận", "Cán bộ một cửa",
        "Người nhận hồ sơ",
    ),
    "handling_officer": (
        "Cán bộ xử lý", "Người xử lý", "Người thụ lý", "Công chức thụ lý", "Chuyên viên thụ lý",
        "Chuyên viên xử lý", "Cán bộ giải quyết", "Cán bộ đang xử lý", "Người đang xử lý",
    ),
    "fee": ("Lệ phí", "Phí", "Phí/lệ phí", "Phí lệ phí", "Tổng lệ phí", "Số tiền", "Tổng tiền"),
    "fee_paid": (
        "Đã nộp", "Đã thanh toán", "Đã thu", "Đã thu phí", "Tình trạng thanh toán",
        "Trạng thái thanh toán", "Thanh toán", "Đã nộp lệ phí",
    ),
    "note": ("Chú thích", "Ghi chú hồ sơ", "Ý kiến"),
}  # fmt: skip

# Columns that mean nothing to a dossier and need no word to the clerk.
_NOT_OURS = ("Lý do", "STT", "TT", "Số TT", "Số thứ tự", "No", "#")

_BRACKETS = re.compile(r"[(\[].*?[)\]]")


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """Return what is compared of a heading: letters and digits, no case, accents or spacing.

    >>> heading_key("  SỐ  điện_thoại (*)")
    'sodienthoai'
    """
    return "".join(fold(text).split())


class _Known(NamedTuple):
    """What a heading means and how surely: 0 our own name for it, higher the later a synonym."""

    column: str
    rank: int


def _known_headings() -> dict[str, _Known]:
    known = {heading_key(text): _Known(IGNORED, 0) for text in _NOT_OURS if heading_key(text)}
    for column, names in _SYNONYMS.items():
        for rank, text in enumerate(names, start=1):
            known.setdefault(heading_key(text), _Known(column, rank))
    for exact in LIST_COLUMNS + READ_ONLY_COLUMNS:
        known[heading_key(exact.heading)] = _Known(exact.name, 0)
        known[heading_key(exact.name)] = _Known(exact.name, 0)
    # Our JSON has both; "due_at" may be a reschedule already, and that has a column of its own.
    known[heading_key("legal_due_at")] = _Known("due_at", _BETTER)
    return known


_KNOWN = _known_headings()
_PLAIN_HEADINGS = frozenset(
    text.casefold()
    for text in [
        *(column.heading for column in LIST_COLUMNS),
        *(name for names in _SYNONYMS.values() for name in names),
    ]
    if not text.isascii()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A saved profile (bộ ánh xạ cột): how one system's lists are read.

    ``headings`` goes from a heading, as that system writes it, to a column's name or ``""`` for
    "leave it out"; the other three go from that system's words to our values. Words that are known
    anyway need not stand in it.
    """

    name: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    procedures: dict[str, str] = field(default_factory=dict)
    date_order: str = "dmy"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def to_json(self) -> str:
        """Write the profile as one JSON document."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps({"format": FORMAT, **values}, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Read a profile and check every word of it.

        Raises:
            ListFileError: it is no profile, or names a column or value that doesn't exist.
        """
        if len(text) > _MAX_PROFILE:
            raise ListFileError("Tệp ánh xạ cột quá lớn, không phải tệp của chương trình.")
        try:
            values = json.loads(text)
        except ValueError as error:
            raise ListFileError("Tệp ánh xạ cột không đọc được: không phải JSON.") from error
        if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
            raise ListFileError("Tệp này không phải tệp ánh xạ cột của chương trình.")
        unknown = set(values) - set(cls.__dataclass_fields__)
        if unknown:
            raise ListFileError(f"Tệp ánh xạ cột có mục lạ: {', '.join(sorted(unknown))}.")
        _check_types(values)
        mapping = cls(**values)
        mapping.check()
        return mapping

    def check(self) -> None:
        """Refuse columns, values and date orders that don't exist.

        Raises:
            ListFileError: names the first one.
        """
        _check_values("cột", self.headings.values(), {IGNORED, *COLUMNS_BY_NAME})
        _check_values("trạng thái", self.statuses.values(), set(Status))
        _check_values("hình thức tiếp nhận", self.channels.values(), set(Channel))
        _check_values("thứ tự ngày", [self.date_order], set(DATE_ORDERS))


def _check_types(values: dict[str, object]) -> None:
    tables = ("headings", "statuses", "channels", "procedures")
    optional = ("encoding", "delimiter", "sheet")
    for name, value in values.items():
        if name in tables:
            good = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        else:
            good = isinstance(value, str) or (value is None and name in optional)
        if not good:
            raise ListFileError(f"Tệp ánh xạ cột: mục “{name}” không đúng dạng.")


def _check_values(what: str, values: Iterable[str], allowed: set[str]) -> None:
    for value in values:
        if value not in allowed:
            raise ListFileError(f"Tệp ánh xạ cột: không có {what} “{value}”.")


class Proposal(NamedTuple):
    """What a list's headings were taken for (đề xuất ánh xạ)."""

    mapping: Mapping
    columns: tuple[str, ...]
    """One name for each heading, by position; empty where the column is left out."""
    unmatched: tuple[str, ...]
    """Headings nobody knows, or that another column already answers for."""
    guessed: dict[str, str]
    """Heading to column where only a synonym was found: worth a look before the first import."""
    doubled: tuple[str, ...]
    """Headings that say the same as another one just as clearly: a person must choose."""


def _look_up(heading: str, saved: dict[str, str]) -> _Known | None:
    key = heading_key(heading)
    if not key:
        return None
    if key in saved:
        return _Known(saved[key], _SAVED)
    if key in _KNOWN:
        return _KNOWN[key]
    bare = heading_key(_BRACKETS.sub(" ", heading))  # "Phí, lệ phí (đồng)"
    found = _KNOWN.get(bare)
    return found._replace(rank=found.rank + 1) if found else None


def count_known(headings: Sequence[str], mapping: Mapping | None = None) -> int:
    """Return how many different columns these cells name; three and more make a heading row."""
    saved = _saved_keys(mapping)
    found = (_look_up(text, saved) for text in headings if text and len(text) <= _LONGEST_HEADING)
    return len({known.column for known in found if known and known.column})


def count_plain(headings: Iterable[str]) -> int:
    """Return how many cells are known headings letter for letter, accents and all.

    Only text that was decoded rightly has those, so this tells encodings apart.
    """
    return sum(text.strip().casefold() in _PLAIN_HEADINGS for text in headings)


def _saved_keys(mapping: Mapping | None) -> dict[str, str]:
    return {heading_key(h): c for h, c in mapping.headings.items()} if mapping else {}


def propose_mapping(headings: Sequence[str], saved: Mapping | None = None) -> Proposal:
    """Say which column each heading means: by a saved profile, our own names, then synonyms."""
    known = [_look_up(text, _saved_keys(saved)) for text in headings]
    best: dict[str, int] = {}
    for entry in known:
        if entry and entry.column:
            best[entry.column] = min(entry.rank, best.get(entry.column, entry.rank))
    columns: list[str] = []
    table: dict[str, str] = {}
    unmatched: list[str] = []
    guessed: dict[str, str] = {}
    doubled: list[str] = []
    for heading, entry in zip(headings, known, strict=True):
        column = entry.column if entry else IGNORED
        if entry and column:
            if column in columns and entry.rank <= best[column]:
                doubled.append(heading)
                column = IGNORED
            elif column in columns or entry.rank > best[column]:
                unmatched.append(heading)
                column = IGNORED
            elif entry.rank > 0:
                guessed[heading] = column
        elif entry is None and heading.strip():
            unmatched.append(heading)
        columns.append(column)
        if heading.strip() and (column or heading not in table):
            table[heading] = column
    mapping = replace(saved or Mapping(), headings=table)
    return Proposal(mapping, tuple(columns), tuple(unmatched), guessed, tuple(doubled))


def status_words(mapping: Mapping) -> dict[str, Status]:
    """Return the words for states, folded, those of the profile first."""
    own = {heading_key(text): Status(value) for text, value in mapping.statuses.items()}
    return _word_table(STATUS_WORDS) | own


def channel_words(mapping: Mapping) -> dict[str, Channel]:
    """Return the words for channels, folded, those of the profile first."""
    own = {heading_key(text): Channel(value) for text, value in mapping.channels.items()}
    return _word_table(CHANNEL_WORDS) | own


def _word_table(words: dict[str, _Word]) -> dict[str, _Word]:
    table = {heading_key(text): value for text, value in words.items()}
    return table | {heading_key(value): value for value in words.values()}
