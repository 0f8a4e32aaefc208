"""Dates, numbers and names as Vietnamese papers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.text import TONELESS, VOWELS, clean_line, nfc

if TYPE_CHECKING:
    from datetime import date, datetime

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAYS_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_MILLIARD = 1_000_000_000
_LARGEST = 10**18
# A month below this gets a leading zero (NĐ 30/2020/NĐ-CP, Phụ lục I).
_FIRST_BARE_MONTH = 3


# ----------------------------------------------------------------------- dates


def weekday_name(day: date) -> str:
    """Return ``Thứ Hai`` … ``Chủ nhật``."""
    return _WEEKDAYS[day.weekday()]


def weekday_short(day: date) -> str:
    """Return ``T2`` … ``T7``, ``CN``."""
    return _WEEKDAYS_SHORT[day.weekday()]


def format_date(day: date) -> str:
    """Write a date in figures: ``26/11/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_moment(moment: datetime) -> str:
    """Write a moment in figures: ``17:00 26/11/2026``."""
    return f"{moment:%H:%M} {format_date(moment)}"


def paper_date(day: date) -> str:
    """Write a date as NĐ 30/2020 wants it: days below 10 and months 1 and 2 with a zero.

    >>> from datetime import date
    >>> paper_date(date(2026, 3, 5))
    'ngày 05 tháng 3 năm 2026'
    """
    month = f"{day.month:02d}" if day.month < _FIRST_BARE_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_in_words(day: date, *, weekday: bool = True) -> str:
    """Write ``Thứ Năm, ngày 26 tháng 11 năm 2026``, or without the weekday."""
    return f"{weekday_name(day)}, {paper_date(day)}" if weekday else paper_date(day)


def moment_in_words(moment: datetime) -> str:
    """Write ``17 giờ 00 phút, ngày 26 tháng 11 năm 2026``."""
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút, {paper_date(moment)}"


# --------------------------------------------------------------------- numbers


def format_number(number: int) -> str:
    """Write a whole number with points between thousands: ``1.204``."""
    return f"{number:,}".replace(",", ".")


def format_amount(dong: int) -> str:
    """Write an amount of money: ``15.000 đ`` (with a space that doesn't break)."""
    return f"{format_number(dong)}\u00a0đ"


def number_in_words(number: int) -> str:
    """Read a whole number aloud, in small letters.

    Raises:
        ValueError: beyond a milliard milliards.

    >>> number_in_words(1_204_021)
    'một triệu hai trăm linh bốn nghìn không trăm hai mươi mốt'
    """
    if abs(number) >= _LARGEST:
        msg = "Số quá lớn, không đọc thành chữ được."
        raise ValueError(msg)
    if number < 0:
        return f"âm {number_in_words(-number)}"
    return " ".join(_read(number, whole=False)) if number else _DIGITS[0]


def amount_in_words(dong: int) -> str:
    """Write an amount of money for a receipt: ``Mười lăm nghìn đồng``."""
    words = f"{number_in_words(dong)} đồng"
    return words[0].upper() + words[1:]


def _read(number: int, *, whole: bool) -> list[str]:
    """Read a number above zero; ``whole`` when higher groups precede, so hundreds are said."""
    milliards, rest = divmod(number, _MILLIARD)
    words = [*_read(milliards, whole=whole), "tỷ"] if milliards else []
    for unit, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, rest = divmod(rest, unit)
        if group:
            words += _read_group(group, whole=whole or bool(words))
            words += [name] if name else []
    return words


def _read_group(group: int, *, whole: bool) -> list[str]:
    """Read one to three digits."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    with_hundreds = whole or hundreds > 0
    words = [_DIGITS[hundreds], "trăm"] if with_hundreds else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and with_hundreds:
        words.append("linh")
    if ones:
        words.append(_read_ones(ones, tens))
    return words


def _read_ones(ones: int, tens: int) -> str:
    if tens > 1 and ones in {1, 4}:
        return "mốt" if ones == 1 else "tư"
    if tens and ones == 5:  # noqa: PLR2004 - mười lăm, hai mươi lăm
        return "lăm"
    return _DIGITS[ones]


# ----------------------------------------------------------------------- names


def title_case_name(name: str) -> str:
    """Offer a name with capitals at the beginning of each word, for one typed in one case.

    >>> title_case_name("NGUYỄN thị h'hen")
    "Nguyễn Thị H'Hen"
    """
    letters = []
    starts = True
    for char in clean_line(name):
        letters.append(char.upper() if starts else char.lower())
        starts = not char.isalpha()
    return "".join(letters)


# Digits, then the Vietnamese alphabet; f, j, w and z stand where Latin has them.
_ALPHABET = " 0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: chr(at + 1) for at, letter in enumerate(_ALPHABET)}
_AFTER_ALL = chr(len(_ALPHABET) + 1)

NameKey = tuple[str, str, str, str]


def name_sort_key(name: str) -> NameKey:
    """Sort persons as Vietnamese lists do: given name first, then the rest, tones last.

    >>> sorted(["Lê Đức", "Trần Dũng", "Bùi Ân", "Lê An"], key=name_sort_key)
    ['Lê An', 'Bùi Ân', 'Trần Dũng', 'Lê Đức']
    """
    family, _, given = clean_line(name).lower().rpartition(" ")
    given_letters, given_tones = _collate(given)
    family_letters, family_tones = _collate(family)
    return given_letters, given_tones, family_letters, family_tones


def _collate(text: str) -> tuple[str, str]:
    letters = []
    tones = []
    for char in nfc(text):
        bare, tone = TONELESS.get(char, (char, 0))
        letters.append(_ORDER.get(bare, _AFTER_ALL + bare))
        if bare in VOWELS or tone:
            tones.append(str(tone))
    return "".join(letters), "".join(tones)
