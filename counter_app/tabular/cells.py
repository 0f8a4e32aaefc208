"""One cell of a list: from its text to a value, or a Vietnamese sentence that says why not."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from counter_app.domain.moments import to_minute, to_office
from counter_app.tabular.columns import heading_key

GUARD = "'"  # what keeps a spreadsheet from taking a cell for a formula or a number

E_NOTATION = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_ELEVEN = re.compile(r"[0-9]{11}")
_POINT_ZERO = re.compile(r"(?<=[0-9]{4})[.,]0$")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_MASKED = re.compile(r".*[*•].*|.*[xX]{3}.*")
_TAX = re.compile(r"[0-9]{10}(?:-?[0-9]{3})?")
_BARE_MOBILE = re.compile(r"[35789][0-9]{8}")

_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_TIME = re.compile(
    r"([0-9]{1,2})\s?(?::|h|giờ|g)\s?([0-9]{2})?(?::([0-9]{2})(?:[.,][0-9]+)?)?\s*(?:phút|p)?"
    r"\s*(SA|CH|AM|PM)?",
    re.IGNORECASE,
)
_LINKS = " ,;-–"  # what stands between a day and a time: "08:15 - 24/11/2026"
_SERIAL = re.compile(r"[0-9]{5,6}(?:[.,][0-9]+)?")
_SERIAL_START = datetime(1899, 12, 30)
_SERIALS = (18264, 109574)  # 1950 to 2199: a bare year or a running number is no day
_YEARS = (1900, 2199)
_NOON = 12

_UNIT = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|₫)\.?\s*(?:/.*)?$", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_CENTS = re.compile(r"[.,]0{1,2}$")
_FREE = frozenset({"khong", "khongthu", "mienphi", "mien", "khongthuphi", "khongco"})
_YES = frozenset({"co", "x", "dathu", "dathanhtoan", "danop", "roi", "yes", "true", "danopphi"})
_NO = frozenset(
    {"khong", "chua", "chuathu", "chuathanhtoan", "chuanop", "no", "false", "chuanopphi"}
)


class CellError(ValueError):
    """A cell can't be read; the message is a Vietnamese sentence."""


Moment = tuple[datetime, bool]
"""A moment and whether its cell gave a day only."""


# ----------------------------------------------------------------------- moments


def read_moment(text: str, order: str = "dmy", *, serials: bool = False) -> Moment:
    """Read ``dd/mm/yyyy[ HH:MM[:SS]]``, ISO, and in workbooks the day numbers of Excel.

    ``order`` is what the system writes: ``dmy``, ``mdy`` or ``ymd``; a year in front is never
    doubtful. Midnight with seconds is how systems print a day without a time.

    Raises:
        CellError: no such day, or no date at all.

    >>> read_moment("24/11/2026 08:15")
    (datetime.datetime(2026, 11, 24, 8, 15), False)
    """
    if serials and _SERIAL.fullmatch(text):
        return _read_serial(text)
    if _ISO.fullmatch(text):
        return _read_iso(text)
    return _read_written(text, order)


def read_usual_moment(text: str) -> datetime | None:
    """Read just ``dd/mm/yyyy HH:MM``, the form nearly every cell has, five times quicker."""
    if len(text) != 16 or text[13] != ":" or text[6:8] not in {"19", "20", "21"}:  # noqa: PLR2004
        return None
    if text[2] != "/" or text[5] != "/":
        return None
    try:
        return datetime.fromisoformat(f"{text[6:10]}-{text[3:5]}-{text[:2]} {text[11:]}")
    except ValueError:
        return None


def _read_iso(text: str) -> Moment:
    try:
        at = to_office(datetime.fromisoformat(text.replace(" +", "+")))
    except (ValueError, OverflowError) as error:
        raise _no_such_day(text) from error
    _check_year(at.year, text)
    return to_minute(at), text[10:].strip("T ") == "00:00:00"


def _read_serial(text: str) -> Moment:
    days = float(text.replace(",", "."))
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise _no_date(text)
    at = _SERIAL_START + timedelta(seconds=round(days * 86400))
    return to_minute(at), days.is_integer()


def _read_written(text: str, order: str) -> Moment:
    found = _YEAR_FIRST.search(text)
    if found:
        year, month, day = map(int, found.groups())
    else:
        found = _DAY_FIRST.search(text)
        if not found:
            raise _no_date(text)
        first, second, year = map(int, found.groups())
        day, month = (second, first) if order == "mdy" else (first, second)
    rest = (text[: found.start()].strip(_LINKS) + text[found.end() :].strip(_LINKS)).strip()
    hour, minute, has_time = _read_time(rest, text)
    _check_year(year, text)
    try:
        return datetime(year, month, day, hour, minute), not has_time
    except ValueError as error:
        raise _no_such_day(text) from error


def _read_time(rest: str, whole: str) -> tuple[int, int, bool]:
    if not rest or rest in {"00:00:00", "T00:00:00"}:
        return 0, 0, False
    found = _TIME.fullmatch(rest.removeprefix("T"))
    if not found:
        raise _no_date(whole)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[4] or "").upper()
    if half in {"CH", "PM"} and hour < _NOON:
        hour += _NOON
    elif half in {"SA", "AM"} and hour == _NOON:
        hour = 0
    return hour, minute, True


def _check_year(year: int, text: str) -> None:
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise CellError(f"Năm trong “{_short(text)}” không hợp lý.")


def _no_such_day(text: str) -> CellError:
    return CellError(f"“{_short(text)}” không phải ngày giờ có thật; cần ngày/tháng/năm giờ:phút.")


def _no_date(text: str) -> CellError:
    return CellError(f"Không đọc được ngày “{_short(text)}”; cần dạng 24/11/2026 08:15.")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"  # noqa: PLR2004 - enough to find it


# ----------------------------------------------------------------------- numbers


def read_citizen(text: str) -> tuple[str, str]:
    """Return a citizen number (số định danh) and a note, empty when nothing was done to it.

    Other papers (old numbers, passports) stay as they are written: a list doesn't say which they
    are, and the matching needs them letter for letter.

    Raises:
        CellError: a number in E-notation, whose last digits are lost, or one with hidden digits.

    >>> read_citizen("45090001234")
    ('045090001234', 'Số định danh thiếu số 0 ở đầu, đã thêm lại.')
    """
    if len(text) == 12 and text.isdigit() and text.isascii():  # noqa: PLR2004 - nearly every cell
        return text, ""
    bare = _plain_number(text)
    if E_NOTATION.fullmatch(text.replace(" ", "")):
        raise CellError(
            f"Số “{_short(text)}” đã bị Excel rút gọn, mất các chữ số cuối; cần nhập lại đủ 12 số."
        )
    if _MASKED.fullmatch(text):
        raise CellError(f"Số “{_short(text)}” bị che một phần, không dùng được.")
    if _ELEVEN.fullmatch(bare):
        return "0" + bare, "Số định danh thiếu số 0 ở đầu, đã thêm lại."
    return bare, ""


def _plain_number(text: str) -> str:
    """Take the dress off a number: spaces, groups of three, the ``.0`` of a calculation."""
    bare = text.replace(" ", "")
    if bare.isascii() and bare.isdigit():
        return bare
    bare = _POINT_ZERO.sub("", bare)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", "")
    return bare if bare.isascii() and bare.isdigit() else text


def read_tax_code(text: str) -> str:
    """Return a tax code (mã số thuế) as it is written.

    Raises:
        CellError: a number in E-notation.
    """
    if E_NOTATION.fullmatch(text.replace(" ", "")):
        raise CellError(f"Mã số thuế “{_short(text)}” đã bị Excel rút gọn, mất các chữ số cuối.")
    return _plain_number(text)


def is_tax_code(text: str) -> bool:
    """Say whether a number from a shared column has the form of a tax code of an organisation."""
    return _TAX.fullmatch(text) is not None


def read_phone(text: str) -> tuple[str, str]:
    """Return a phone number and a note.

    Raises:
        CellError: a number in E-notation.
    """
    if text.isdigit() and text[0] == "0":
        return text, ""
    if E_NOTATION.fullmatch(text):
        raise CellError(f"Số điện thoại “{_short(text)}” đã bị Excel rút gọn, bỏ trống ô này.")
    if _BARE_MOBILE.fullmatch(_plain_number(text)):
        return "0" + _plain_number(text), "Số điện thoại thiếu số 0 ở đầu, đã thêm lại."
    return text, ""


def read_amount(text: str) -> int | None:
    """Return an amount in đồng; None where the cell says that there is none to say.

    Raises:
        CellError: the text is no single whole amount.

    >>> read_amount("15.000 đ")
    15000
    """
    bare = _UNIT.sub("", text).strip()
    if heading_key(bare) in _FREE:
        return 0
    if bare in {"", "-", "–"}:
        return None
    bare = bare if _AMOUNT.fullmatch(bare) else _CENTS.sub("", bare)
    if not _AMOUNT.fullmatch(bare):
        raise CellError(f"Không đọc được số tiền “{_short(text)}”, bỏ trống ô này.")
    return int(re.sub(r"[^0-9]", "", bare))


def read_paid(text: str, fee: int | None) -> int | None:
    """Return what was paid in đồng; "Có" means the whole fee.

    Raises:
        CellError: neither an amount nor a yes or no, or a yes without a fee to refer to.
    """
    key = heading_key(text)
    if key in _NO:
        return 0
    if key not in _YES:
        return read_amount(text)
    if fee is None:
        raise CellError("Ghi là đã nộp nhưng danh sách không có số tiền, bỏ trống ô này.")
    return fee
