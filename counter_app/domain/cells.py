"""Reading one field of an entry of plain data, whether it came as JSON or as a table's cell.

Every error names the entry, its code and the field, so that a person finds the place in the file.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from counter_app.domain.text import clean_line, unsupported_characters
from counter_app.errors import InputError

_MAX_TEXT = 2000
_MAX_NUMBER = 10_000_000_000
_LABELS = {
    "code": "mã",
    "name": "tên",
    "aliases": "tên gọi khác",
    "sector": "lĩnh vực",
    "unit": "cơ quan giải quyết",
    "limit": "thời hạn",
    "cutoff": "mốc giờ nhận",
    "extension": "thời gian xác minh thêm",
    "fee": "phí, lệ phí",
    "required_documents": "thành phần hồ sơ",
    "steps": "các bước liên thông",
    "confirmed": "đã xác nhận",
    "unconfirmed": "trường chưa xác nhận",
    "valid_from": "áp dụng từ",
    "valid_to": "áp dụng đến",
}
_DIGITS = re.compile(r"[0-9]{1,11}")
_YES = frozenset({"yes", "true", "1", "x", "có", "co", "đã xác nhận"})
_NO = frozenset({"no", "false", "0", "không", "khong", "chưa", "chưa xác nhận"})
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DOCUMENT = re.compile(r"(?P<name>[^=]+)=(?P<originals>\d{1,3})/(?P<copies>\d{1,3})")


class Entry(NamedTuple):
    """One entry of a list, or an object within it, and how to speak of it."""

    title: str
    values: Mapping[str, Any]
    path: str = ""

    @classmethod
    def of(cls, number: int, values: object) -> Entry:
        """Take the entry that stands at ``number`` in its list, counted from 1.

        Raises:
            InputError: it is no object.
        """
        if not isinstance(values, Mapping):
            raise InputError(f"Mục {number}: phải là một đối tượng có các trường.", field="code")
        code = values.get("code")
        title = f"Mục {number} ({code})" if isinstance(code, str) and code else f"Mục {number}"
        return cls(title, values)

    def where(self, name: str) -> str:
        """Name the entry and the field, for the beginning of a sentence."""
        path = f"{self.path}.{name}" if self.path else name
        label = _LABELS.get(name) or _LABELS.get(self.path.split("[", maxsplit=1)[0])
        return f"{self.title}, {label} ({path})" if label else f"{self.title}, {path}"

    def error(self, name: str, problem: str) -> InputError:
        """Make the error that names this entry and field."""
        root = self.path.split("[", maxsplit=1)[0] if self.path else name
        return InputError(f"{self.where(name)}: {problem}.", field=root)


def read_text(entry: Entry, name: str, *, required: bool = False) -> str:
    """Return one line of text, tidied; what no paper can show is refused, not printed as a gap."""
    value = entry.values.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise entry.error(name, "phải là chữ")
    text = clean_line(value)
    strange = unsupported_characters(text)
    if strange:
        raise entry.error(name, f"có ký tự không in được: {' '.join(strange[:3])}")
    if len(text) > _MAX_TEXT:
        raise entry.error(name, f"dài quá {_MAX_TEXT} ký tự")
    if required and not text:
        raise entry.error(name, "còn trống")
    return text


def read_list(entry: Entry, name: str) -> tuple[str, ...]:
    """Return several texts; a cell separates them by semicolons or holds a JSON array."""
    value = _from_json(entry, name)
    if value is None:
        return ()
    items = value.split(";") if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise entry.error(name, "phải là một danh sách")
    texts = (read_text(entry._replace(values={name: item}), name) for item in items)
    return tuple(dict.fromkeys(text for text in texts if text))


def read_flag(entry: Entry, name: str, *, default: bool) -> bool:
    """Return yes or no; an empty cell is the default."""
    value = entry.values.get(name)
    if isinstance(value, bool):
        return value
    text = "" if value is None else unicodedata.normalize("NFC", str(value)).strip().lower()
    if not text:
        return default
    if text in _YES or text in _NO:
        return text in _YES
    raise entry.error(name, f"không rõ “{value}”; viết có hoặc không")


def read_number(entry: Entry, name: str) -> int | None:
    """Return a whole number that isn't negative; ``8.000`` and ``8.000 đ`` are eight thousand."""
    value = entry.values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        digits = re.sub(r"[.\s]|(?:đ|đồng|vnđ)$", "", value.strip().lower())
        value = int(digits) if _DIGITS.fullmatch(digits) else value
    elif isinstance(value, float) and value.is_integer():  # a workbook's cell
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_NUMBER:
        raise entry.error(name, f"“{value}” không phải số nguyên không âm")
    return value


def read_date(entry: Entry, name: str) -> date | None:
    """Return a day written as ISO or as dd/mm/yyyy."""
    value = entry.values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        found = _DAY.fullmatch(str(value).strip())
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise entry.error(name, f"không đọc được ngày “{value}”; viết 01/07/2025") from None


def read_object(entry: Entry, name: str, *, short: str) -> Entry | None:
    """Return an object within an entry; a bare number or text stands for its field ``short``."""
    value = _from_json(entry, name)
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float):
        value = {short: value}
    if not isinstance(value, Mapping):
        raise entry.error(name, "phải là một đối tượng có các trường")
    return Entry(entry.title, value, name)


def read_objects(entry: Entry, name: str) -> list[Entry]:
    """Return a list of objects; a cell holds JSON or ``Tờ khai=1/0; Giấy chứng sinh=1/0``."""
    value = _from_json(entry, name)
    if value is None:
        return []
    if isinstance(value, str):
        value = [_document_cell(entry, name, part) for part in value.split(";") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(v, Mapping) for v in value):
        raise entry.error(name, "phải là một danh sách các đối tượng")
    return [Entry(entry.title, v, f"{name}[{i}]") for i, v in enumerate(value, start=1)]


def _document_cell(entry: Entry, name: str, part: str) -> dict[str, Any]:
    found = _DOCUMENT.fullmatch(part.strip())
    if found is None:
        problem = f"không đọc được “{part.strip()}”; viết Tên giấy tờ=số bản chính/số bản sao"
        raise entry.error(name, problem)
    return found.groupdict()


def _from_json(entry: Entry, name: str) -> Any:  # noqa: ANN401 - anything may stand in a file
    value = entry.values.get(name)
    if not isinstance(value, str) or value.strip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise entry.error(name, "không đọc được JSON trong ô") from None
