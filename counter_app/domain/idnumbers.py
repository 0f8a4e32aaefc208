"""Numbers that name a person or a firm: citizen, old and passport numbers, tax codes, phones."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from counter_app.domain.provinces import PROVINCES
from counter_app.domain.text import clean_line

Sex = Literal["male", "female"]

CITIZEN_ID_LENGTH = 12
_OLD_ID_LENGTH = 9
_LOST_ZERO_LENGTH = 11
_TAX_LENGTH = 10
_BRANCH_LENGTH = 13

WARNING_TEXTS: dict[str, str] = {
    "birth_year": "Năm sinh không khớp với số định danh. Kiểm tra lại trên thẻ.",
    "sex": "Giới tính không khớp với số định danh. Kiểm tra lại trên thẻ.",
    "province": "Ba số đầu của số định danh không phải mã tỉnh đã biết. Kiểm tra lại trên thẻ.",
    "issued_on": "Không đọc được ngày cấp trên thẻ. Gõ ngày cấp nếu cần.",
    "letters": "Chữ trên thẻ đọc bị lỗi; số và ngày vẫn đúng. Kiểm tra lại họ tên và địa chỉ.",
    "lost_zero": "Số định danh trong tệp chỉ có 11 chữ số; đã thêm lại số 0 ở đầu.",
    "lost_phone_zero": "Số điện thoại trong tệp mất số 0 ở đầu; đã thêm lại.",
    "passport": "Số hộ chiếu không theo mẫu Việt Nam. Kiểm tra lại trên hộ chiếu.",
}
"""What each warning says to the clerk; a warning never stops her."""


class IdentityError(ValueError):
    """A number can't be right; the message is a Vietnamese sentence that says what is expected."""


class IdCheck(NamedTuple):
    """A tidied number and the codes of its warnings, in alphabetical order."""

    value: str
    warnings: tuple[str, ...] = ()


class IdFacts(NamedTuple):
    """What a citizen number says about its owner; ``province`` is empty for an unknown code."""

    province: str
    sex: Sex
    birth_year: int


_SEPARATORS = re.compile(r"[\s.\-\u2013()]+")
_E_NOTATION = re.compile(r"\d+(?:[.,]\d*)?[eE]\+?\d+", re.ASCII)
_SPREADSHEET_FLOAT = re.compile(r"(\d{8,})[.,]0{1,2}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


def _tidy(text: str) -> str:
    """Take off what people and spreadsheets add to a number: spaces, points, one apostrophe."""
    if text.isascii() and text.isdigit():  # as nearly all are typed and scanned
        return text
    line = clean_line(text).removeprefix("'").removeprefix("\u2019")
    if found := _SPREADSHEET_FLOAT.fullmatch(line):
        return found[1]
    return _SEPARATORS.sub("", line)


def _refuse_e_notation(text: str, what: str) -> None:
    if text.isdigit():
        return
    line = clean_line(text).removeprefix("'")
    if _E_NOTATION.fullmatch(line):
        msg = (
            f"{what} đã bị bảng tính đổi thành “{line}” và mất chữ số. "
            "Gõ lại đủ số, hoặc đặt cột là Văn bản rồi xuất lại tệp."
        )
        raise IdentityError(msg)


# ------------------------------------------------------------------ citizen numbers


def check_citizen_id(
    text: str,
    *,
    birth_date: date | None = None,
    birth_year: int | None = None,
    sex: Sex | None = None,
) -> IdCheck:
    """Tidy a citizen number (số định danh cá nhân) and compare it with what else is known.

    Raises:
        IdentityError: it hasn't twelve digits.
    """
    value = _citizen_digits(text)
    facts = read_citizen_id(value)
    year = birth_date.year if birth_date is not None else birth_year
    doubts = []
    if year is not None and year != facts.birth_year:
        doubts.append("birth_year")
    if not facts.province:
        doubts.append("province")
    if sex is not None and sex != facts.sex:
        doubts.append("sex")
    return IdCheck(value, tuple(doubts))


def _citizen_digits(text: str) -> str:
    _refuse_e_notation(text, "Số định danh")
    value = _tidy(text)
    if not value:
        msg = "Chưa có số định danh: cần đủ 12 chữ số."
        raise IdentityError(msg)
    _refuse_strange(value, "Số định danh", "12 chữ số")
    count = len(value)
    if count == CITIZEN_ID_LENGTH:
        return value
    if count == _OLD_ID_LENGTH:
        msg = "Số này có 9 chữ số như số CMND cũ; số định danh cần đủ 12 chữ số."
    elif count == _LOST_ZERO_LENGTH:
        msg = "Số định danh mới có 11 chữ số, cần đủ 12: xem có thiếu số 0 ở đầu không."
    else:
        msg = f"Số định danh có {count} chữ số, cần đúng 12."
    raise IdentityError(msg)


def _refuse_strange(value: str, what: str, expected: str) -> None:
    if not _DIGITS.fullmatch(value):
        strange = next(char for char in value if not (char.isascii() and char.isdigit()))
        msg = f"{what} chỉ gồm {expected}, không có “{strange}”."
        raise IdentityError(msg)


def read_citizen_id(value: str) -> IdFacts:
    """Read province, sex and birth year out of twelve digits (``PPP G YY NNNNNN``)."""
    century_and_sex = int(value[3])
    return IdFacts(
        province=PROVINCES.get(value[:3], ""),
        sex="female" if century_and_sex % 2 else "male",
        birth_year=1900 + century_and_sex // 2 * 100 + int(value[4:6]),
    )


def mend_citizen_id(text: str) -> IdCheck:
    """Check a citizen number out of a list: eleven digits get their lost zero back, with a note.

    Raises:
        IdentityError: it is no citizen number even so.
    """
    tidy = _tidy(text)
    if len(tidy) == _LOST_ZERO_LENGTH and _DIGITS.fullmatch(tidy):
        value, warnings = check_citizen_id("0" + tidy)
        return IdCheck(value, tuple(sorted({*warnings, "lost_zero"})))
    return check_citizen_id(text)


def mask_citizen_id(value: str) -> str:
    """Hide the middle of a number where others may read along.

    >>> mask_citizen_id("045192007777")
    '045******777'
    """
    shown = 3 if len(value) >= _OLD_ID_LENGTH else 0
    return value[:shown] + "*" * (len(value) - 2 * shown) + value[len(value) - shown :]


# --------------------------------------------------------------- old and passport


def check_old_id(text: str) -> IdCheck:
    """Tidy an old identity number (số CMND): nine digits.

    Raises:
        IdentityError: it hasn't nine digits.
    """
    _refuse_e_notation(text, "Số CMND")
    value = _tidy(text)
    if not value:
        msg = "Chưa có số CMND: cần đủ 9 chữ số."
        raise IdentityError(msg)
    _refuse_strange(value, "Số CMND", "9 chữ số")
    if len(value) != _OLD_ID_LENGTH:
        msg = f"Số CMND có {len(value)} chữ số, cần đúng 9."
        raise IdentityError(msg)
    return IdCheck(value)


_PASSPORT = re.compile(r"[A-Z]\d{7,8}", re.ASCII)
_FOREIGN_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,15}", re.ASCII)


def check_passport(text: str) -> IdCheck:
    """Tidy a passport number (số hộ chiếu): a letter and 7 or 8 digits; a foreign one warns.

    Raises:
        IdentityError: it can be no passport's.
    """
    value = _tidy(text).upper()
    if _PASSPORT.fullmatch(value):
        return IdCheck(value)
    if _FOREIGN_PASSPORT.fullmatch(value):
        return IdCheck(value, ("passport",))
    msg = "Số hộ chiếu gồm một chữ cái và 7 hoặc 8 chữ số, ví dụ C1234567."
    raise IdentityError(msg)


# ---------------------------------------------------------------------- tax codes

_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def check_tax_code(text: str) -> str:
    """Tidy a tax code (mã số thuế): 10 digits, a branch's 10-3, or a person's 12.

    Raises:
        IdentityError: it has another form, or its check digit is wrong.
    """
    _refuse_e_notation(text, "Mã số thuế")
    value = _tidy(text)
    if not value:
        msg = "Chưa có mã số thuế: cần 10 chữ số, 10-3 chữ số, hoặc 12 chữ số của cá nhân."
        raise IdentityError(msg)
    _refuse_strange(value, "Mã số thuế", "chữ số")
    if len(value) == CITIZEN_ID_LENGTH:
        return value
    if len(value) not in {_TAX_LENGTH, _BRANCH_LENGTH}:
        msg = (
            f"Mã số thuế có {len(value)} chữ số; cần 10, hoặc 13 của chi nhánh (10-3), "
            "hoặc 12 của cá nhân."
        )
        raise IdentityError(msg)
    if not _has_right_check_digit(value):
        msg = "Mã số thuế sai chữ số kiểm tra: có lẽ gõ nhầm một số. Xem lại trên giấy."
        raise IdentityError(msg)
    branch = value[_TAX_LENGTH:]
    return f"{value[:_TAX_LENGTH]}-{branch}" if branch else value


def _has_right_check_digit(value: str) -> bool:
    rest = sum(w * int(d) for w, d in zip(_TAX_WEIGHTS, value, strict=False)) % 11
    return int(value[_TAX_LENGTH - 1]) == 10 - rest  # so a rest of 0 fits no digit


# ------------------------------------------------------------------------- phones

_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_LANDLINE = re.compile(r"02\d{9}", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)84(?:\(?0\)?)?|84(?=\d{9,10}$)", re.ASCII)
_OLD_MOBILE = re.compile(r"01\d{9}", re.ASCII)
_ELSEWHERE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)  # Laos is half an hour from Cam Lộ
_SERVICE = re.compile(r"1[89]00\d{4,6}", re.ASCII)  # what firms have
_CITY_AREAS = ("024", "028")  # Hà Nội and TP Hồ Chí Minh: three digits, elsewhere four
_IN_USE = re.compile(
    "|".join(form.pattern for form in (_MOBILE, _LANDLINE, _SERVICE, _ELSEWHERE)), re.ASCII
)
_WITHOUT_ZERO = re.compile(r"[35789]\d{8}|2\d{9}", re.ASCII)


def check_phone(text: str) -> str:
    """Tidy a phone number (số điện thoại) to its national form, digits only.

    A number of another country keeps its ``+`` and country code.

    Raises:
        IdentityError: it has the form of no mobile, landline or service number.

    >>> check_phone("+84 905 123 456")
    '0905123456'
    """
    _refuse_e_notation(text, "Số điện thoại")
    tidy = _tidy(text)
    value = _ABROAD.sub("0", tidy, count=1) if _ABROAD.match(tidy) else tidy
    if _IN_USE.fullmatch(value):
        return value
    if not value:
        msg = "Chưa có số điện thoại: cần 10 chữ số của di động hoặc 11 của máy bàn."
        raise IdentityError(msg)
    _refuse_strange(value, "Số điện thoại", "chữ số")
    if _OLD_MOBILE.fullmatch(value):
        msg = "Đây là số di động 11 chữ số kiểu cũ: hỏi lại số 10 chữ số đang dùng."
    else:
        msg = (
            f"Số điện thoại có {len(value)} chữ số và không đúng mẫu: di động 10 chữ số "
            "(ví dụ 0905 123 456), máy bàn 11 chữ số bắt đầu bằng 02."
        )
    raise IdentityError(msg)


def mend_phone(text: str) -> IdCheck:
    """Check a phone number out of a list: one without its zero gets it back, with a note.

    Raises:
        IdentityError: it is no phone number even so.
    """
    tidy = _tidy(text)
    if _WITHOUT_ZERO.fullmatch(tidy):
        return IdCheck(check_phone("0" + tidy), ("lost_phone_zero",))
    return IdCheck(check_phone(text))


def format_phone(value: str) -> str:
    """Write a national number in groups: ``0905 123 456``, ``0233 3851 234``."""
    if _MOBILE.fullmatch(value):
        return f"{value[:4]} {value[4:7]} {value[7:]}"
    if _LANDLINE.fullmatch(value):
        area = 3 if value.startswith(_CITY_AREAS) else 4
        return f"{value[:area]} {value[area : area + 4]} {value[area + 4 :]}"
    return value
