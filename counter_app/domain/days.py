"""Days as clerks type them, cards carry them and lists write them."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from counter_app.domain.text import clean_line

FIRST_YEAR, LAST_YEAR = 1900, 2199  # of what an office does
_EARLIEST_BIRTH = 1880
_SOLID = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_PARTED = re.compile(r"(\d{1,2})\s?[/.\- ]\s?(\d{1,2})\s?[/.\- ]\s?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{1,2}|\d{6}", re.ASCII)


class DayError(ValueError):
    """A text is no day; the message is a Vietnamese sentence that says what is expected."""


class Birth(NamedTuple):
    """A date of birth (ngày sinh), or only its year when no more is known."""

    date: date | None
    year: int

    def __str__(self) -> str:
        return str(self.year) if self.date is None else f"{self.date:%d/%m}/{self.date.year:04d}"


def parse_day(text: str) -> date:
    """Read a day: 26112026, 26/11/2026, 26-11-2026, 26.11.2026 or 2026-11-26.

    Raises:
        DayError: it is no such day.
    """
    line = clean_line(text)
    if not line:
        msg = "Chưa có ngày: gõ như 26/11/2026 hoặc 26112026."
        raise DayError(msg)
    return _day_in(line)


def _day_in(line: str) -> date:
    if found := _ISO.fullmatch(line):
        year, month, day = map(int, found.groups())
    elif found := _SOLID.fullmatch(line) or _PARTED.fullmatch(line):
        day, month, year = map(int, found.groups())
    elif _SHORT_YEAR.fullmatch(line):
        msg = "Gõ đủ bốn chữ số của năm, ví dụ 26/11/2026."
        raise DayError(msg)
    else:
        msg = "Không đọc được ngày: gõ như 26/11/2026 hoặc 26112026."
        raise DayError(msg)
    _check_year(year)
    try:
        return date(year, month, day)
    except ValueError:
        msg = f"Không có ngày {day:02d}/{month:02d}/{year}: kiểm tra lại ngày và tháng."
        raise DayError(msg) from None


def parse_birth(text: str, *, today: date | None = None) -> Birth:
    """Read a date of birth as ``parse_day`` does, or a year alone.

    Raises:
        DayError: it is neither, or it lies after ``today``.
    """
    line = clean_line(text)
    if _YEAR.fullmatch(line):
        birth = Birth(None, int(line))
        _check_year(birth.year)
    elif not line:
        msg = "Chưa có ngày sinh: gõ như 30/12/1992, 30121992, hoặc chỉ năm 1992."
        raise DayError(msg)
    else:
        day = _day_in(line)
        birth = Birth(day, day.year)
    if today is not None and _is_after(birth, today):
        msg = f"Ngày sinh {birth} ở sau hôm nay: kiểm tra lại."
        raise DayError(msg)
    return birth


def _is_after(birth: Birth, today: date) -> bool:
    return birth.year > today.year if birth.date is None else birth.date > today


def _check_year(year: int) -> None:
    if not _EARLIEST_BIRTH <= year <= LAST_YEAR:
        msg = f"Năm {year:04d} không hợp lý: cần từ {_EARLIEST_BIRTH} đến {LAST_YEAR}."
        raise DayError(msg)
