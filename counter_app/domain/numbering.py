"""Codes: our own provisional ones, and the shapes of those that official systems give."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from counter_app.domain.code_pattern import AGENCY, example_of, is_example, pattern_of
from counter_app.domain.text import clean_line

OwnKind = Literal["TAM", "LUOT"]
OfficePaperKind = Literal["GIAY", "BOGIAY", "TOGIAO"]
"""A number reserved for paper receipts, the kit it was printed in, a sheet handed to a unit."""

OFFICIAL_CODE_PATTERN = AGENCY + r"-\d{6}-\d{4,7}"
"""The usual shape of a dossier code (mã số hồ sơ); a setting may replace it."""

_OWN = re.compile(r"(TAM|LUOT)-(\d{2})-(\d{6})-(\d{4,6})", re.ASCII)
# A receipt that replaces another carries the code and which edition it is.
_EDITION = re.compile(r"(.+?)/(\d{1,2})", re.ASCII)
_OFFICE_PAPER = re.compile(r"(GIAY|BOGIAY|TOGIAO)-(\d{2})-(\d{6})-(\d{4,6})", re.ASCII)
_OWN_PREFIXES = ("TAM", "LUOT", "GIAY", "BOGIAY", "TOGIAO")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_AGENCY_CODE = re.compile(AGENCY, re.ASCII)
_LONGEST_AGENCY_CODE = 35  # QĐ 20/2020/QĐ-TTg, Điều 4
_LONGEST_CODE = 64
_LAST_COUNTER = 99
_LAST_NUMBER = 999_999


class CodeError(ValueError):
    """A code can't be used; the message is a Vietnamese sentence that says what is expected."""


class OwnCode(NamedTuple):
    """A code of this program, taken apart."""

    kind: OwnKind
    counter_number: int
    day: date
    number: int

    def __str__(self) -> str:
        return _written(*self)


@lru_cache(maxsize=8)
def _stamp(day: date) -> str:
    """Write a day as it stands in a code; all numbers of a day have the same."""
    return f"{day:%y%m%d}"


def provisional_code(counter_number: int, day: date, n: int) -> str:
    """Return a dossier's provisional code (số tạm), which never looks like an official one.

    >>> provisional_code(1, date(2026, 11, 23), 1)
    'TAM-01-261123-0001'
    """
    return _own_code("TAM", counter_number, day, n)


def visit_code(counter_number: int, day: date, n: int) -> str:
    """Return the number of a visit that became no dossier: ``LUOT-01-261123-0001``."""
    return _own_code("LUOT", counter_number, day, n)


def office_paper_code(kind: OfficePaperKind, counter_number: int, day: date, n: int) -> str:
    """Return the code of a paper of the office itself; none looks like an official one.

    >>> office_paper_code("GIAY", 1, date(2026, 11, 23), 1)
    'GIAY-01-261123-0001'
    """
    if not (1 <= counter_number <= _LAST_COUNTER and 1 <= n <= _LAST_NUMBER):
        msg = f"no code for counter {counter_number}, number {n}"
        raise ValueError(msg)
    return f"{kind}-{counter_number:02d}-{day:%y%m%d}-{n:04d}"


def parse_office_paper(text: str) -> tuple[OfficePaperKind, str] | None:
    """Return kind and tidied code of a paper of the office, as typed or scanned.

    >>> parse_office_paper(" giay-01-261123-0001 ")
    ('GIAY', 'GIAY-01-261123-0001')
    """
    code = _tidy(text)
    found = _OFFICE_PAPER.fullmatch(code)
    return None if found is None else (cast("OfficePaperKind", found[1]), code)


def is_own_prefix(text: str) -> bool:
    """Tell whether this begins like a visit's number or that of a paper of an outage.

    >>> [is_own_prefix(one) for one in ("luot-01", "GIAY-01-261123-0001", "Giây", "TAM-01")]
    [True, True, False, False]
    """
    return _tidy(text).startswith(("LUOT-", "GIAY-"))


def _own_code(kind: OwnKind, counter_number: int, day: date, n: int) -> str:
    if not (1 <= counter_number <= _LAST_COUNTER and 1 <= n <= _LAST_NUMBER):
        msg = f"no code for counter {counter_number}, number {n}"
        raise ValueError(msg)
    return _written(kind, counter_number, day, n)


def _written(kind: OwnKind, counter_number: int, day: date, n: int) -> str:
    return f"{kind}-{counter_number:02d}-{_stamp(day)}-{n:04d}"


def parse_provisional(text: str) -> OwnCode | None:
    """Take a code of ours apart, as typed or scanned; ``None`` if it is none."""
    found = _OWN.fullmatch(_tidy(text))
    if found is None:
        return None
    kind, counter_number, digits, number = found.groups()
    try:
        day = datetime.strptime(f"20{digits}", "%Y%m%d").date()
    except ValueError:
        return None
    return OwnCode("TAM" if kind == "TAM" else "LUOT", int(counter_number), day, int(number))


def _tidy(text: str) -> str:
    return clean_line(text).removeprefix("'").translate(_DASHES).upper()


def split_edition(text: str) -> tuple[str, int]:
    """Take a receipt's code apart: the dossier's code, and which edition of its receipt.

    >>> split_edition("TAM-01-261123-0001/2")
    ('TAM-01-261123-0001', 2)
    """
    found = _EDITION.fullmatch(text.strip())
    return (found[1], int(found[2])) if found else (text, 1)


def check_official_code(text: str, pattern: str = OFFICIAL_CODE_PATTERN) -> str:
    """Return an official code as it was given, trimmed and in capitals.

    Raises:
        CodeError: it is empty, one of ours, or doesn't have the office's pattern.
    """
    code = _tidy(text)
    if not code:
        msg = "Chưa có mã hồ sơ chính thức: gõ hoặc quét mã, ví dụ H15.50.05.13-261008-0975."
        raise CodeError(msg)
    if code.startswith(tuple(f"{prefix}-" for prefix in _OWN_PREFIXES)):
        msg = f"“{code}” là số tạm của chương trình, chưa phải mã hồ sơ chính thức."
        raise CodeError(msg)
    if len(code) > _LONGEST_CODE or not re.fullmatch(pattern, code, re.ASCII):
        if pattern.strip("^$") == OFFICIAL_CODE_PATTERN:
            shape = ": mã cơ quan, ngày 6 chữ số, số thứ tự, ví dụ H15.50.05.13-261008-0975."
        else:
            example = example_of(pattern)
            shape = f" đặt trong Cài đặt, ví dụ {example}." if example else " đặt trong Cài đặt."
        msg = f"Mã hồ sơ chính thức không đúng mẫu{shape}"
        raise CodeError(msg)
    return code


def check_code_pattern(pattern: str) -> str:
    """Return the pattern an office sets for its official codes, also of a code that was given.

    Raises:
        CodeError: it is no regular expression, takes an empty code, or ends in no number.
    """
    example = _tidy(pattern)
    if is_example(example):
        made = pattern_of(example)
        if made is None:
            msg = (
                "Mã làm mẫu phải kết thúc bằng số thứ tự, ví dụ H15.50.05.13-261008-0975. "
                "Giữ mẫu đang dùng."
            )
            raise CodeError(msg)
        return made
    try:
        compiled = re.compile(pattern)
    except re.error:
        msg = "Mẫu mã hồ sơ không phải biểu thức hợp lệ. Giữ mẫu đang dùng."
        raise CodeError(msg) from None
    if not pattern or compiled.fullmatch(""):
        msg = "Mẫu mã hồ sơ nhận cả mã trống. Giữ mẫu đang dùng."
        raise CodeError(msg)
    return pattern


def check_agency_code(text: str) -> str:
    """Return an agency code (mã định danh cơ quan): digits, capitals and dots, at most 35.

    Raises:
        CodeError: it has another form.
    """
    code = _tidy(text)
    if len(code) > _LONGEST_AGENCY_CODE or not _AGENCY_CODE.fullmatch(code):
        msg = (
            "Mã định danh cơ quan gồm chữ số, chữ hoa không dấu và dấu chấm, "
            f"nhiều nhất {_LONGEST_AGENCY_CODE} ký tự, ví dụ H15.50.05.13."
        )
        raise CodeError(msg)
    return code
