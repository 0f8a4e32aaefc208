"""What a dossier holds, in the order, under the names and in the forms of a provincial web form.

A profile is text that an office can edit, one field a line: ``what | name on the page | form``.
The shipped one is a guess: no province's form was compared with it, and it says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from counter_app.domain.moments import from_epoch
from counter_app.domain.text import clean_line, fold

# What a line may begin with, and the state's key it means.
FIELD_WORDS: dict[str, str] = {
    "Mã thủ tục": "procedure_code",
    "Tên thủ tục": "procedure_name",
    "Họ tên": "applicant_name",
    "Số định danh": "citizen_id",
    "Mã số thuế": "tax_code",
    "Ngày sinh": "birth_date",
    "Giới tính": "sex",
    "Địa chỉ": "address",
    "Điện thoại": "phone",
    "Email": "email",
    "Người nộp": "submitter_name",
    "Số định danh người nộp": "submitter_id",
    "Người được khai": "subject_name",
    "Nội dung": "content",
    "Giấy tờ": "documents",
    "Số bộ": "copies",
    "Giờ nhận": "received_at",
    "Hẹn trả": "due_at",
    "Số tạm": "code",
}
_KEYS = {fold(word): key for word, key in FIELD_WORDS.items()}
_SEXES = {"male": "Nam", "female": "Nữ"}
_MOMENTS = frozenset({"received_at", "due_at"})

DEFAULT_PROFILE = (
    "Mã thủ tục",
    "Họ tên | Họ và tên chủ hồ sơ",
    "Số định danh | Số CCCD/Định danh",
    "Ngày sinh | Ngày sinh | dd/mm/yyyy",
    "Giới tính",
    "Địa chỉ | Địa chỉ chi tiết",
    "Điện thoại | Số điện thoại | chỉ số",
    "Email",
    "Mã số thuế",
    "Người nộp | Người nộp thay",
    "Số định danh người nộp | Số CCCD người nộp",
    "Nội dung | Trích yếu",
    "Giấy tờ | Thành phần hồ sơ",
    "Số bộ",
)


class ProfileError(ValueError):
    """A line of a profile can't be read; the message is a Vietnamese sentence."""


class WebField(NamedTuple):
    """One field of the web form: which value, its name there, how it is written."""

    key: str
    label: str
    form: str


class WebStep(NamedTuple):
    """What is put on the clipboard for one field."""

    label: str
    text: str


def _day(pattern: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        try:
            return date.fromisoformat(text[:10]).strftime(pattern) + text[10:]
        except ValueError:  # only a year is known, or it is no day
            return text

    return write


_FORMS: dict[str, Callable[[str], str]] = {
    "": str,
    "như đã ghi": str,
    "chữ hoa": str.upper,
    "chữ thường": str.lower,
    "chỉ số": lambda text: re.sub(r"\D", "", text),
    "dd/mm/yyyy": _day("%d/%m/%Y"),
    "dd-mm-yyyy": _day("%d-%m-%Y"),
    "ddmmyyyy": _day("%d%m%Y"),
    "yyyy-mm-dd": _day("%Y-%m-%d"),
}


def parse_profile(lines: Sequence[str]) -> tuple[WebField, ...]:
    """Read a profile line by line; empty lines are no fields.

    Raises:
        ProfileError: a line names no field or no form that is known.

    >>> parse_profile(["Họ tên | Họ và tên | chữ hoa"])
    (WebField(key='applicant_name', label='Họ và tên', form='chữ hoa'),)
    """
    fields = []
    for line in lines:
        parts = [clean_line(part) for part in line.split("|")]
        if not any(parts):
            continue
        what, label, form = (*parts, "", "")[:3]
        key = _KEYS.get(fold(what))
        if key is None:
            words = ", ".join(FIELD_WORDS)
            msg = f"Không có trường “{what}”. Dùng một trong: {words}."
            raise ProfileError(msg)
        if form.lower() not in _FORMS:
            words = ", ".join(word for word in _FORMS if word)
            msg = f"Không có cách viết “{form}” ở trường “{what}”. Dùng một trong: {words}."
            raise ProfileError(msg)
        fields.append(WebField(key, label or what, form.lower()))
    if not fields:
        msg = "Hồ sơ mẫu của trang web cần ít nhất một trường."
        raise ProfileError(msg)
    return tuple(fields)


def web_steps(state: Mapping[str, Any], profile: Sequence[WebField]) -> tuple[WebStep, ...]:
    """Return what is copied, field by field; what the dossier doesn't hold is left out."""
    steps = []
    for field in profile:
        text = _text(state, field.key)
        if text:
            default = "dd/mm/yyyy" if field.key in {"birth_date", *_MOMENTS} else ""
            steps.append(WebStep(field.label, _FORMS[field.form or default](text)))
    return tuple(steps)


def _text(state: Mapping[str, Any], key: str) -> str:
    value = state.get(key)
    if value is None or value == "":
        return ""
    if key in _MOMENTS:
        return f"{from_epoch(value):%Y-%m-%d %H:%M}"
    if key == "sex":
        return _SEXES.get(value, str(value))
    if key == "documents":
        return "; ".join(document["name"] for document in value)
    if key == "submitter_name" and value == state.get("applicant_name"):
        return ""
    if key == "content":
        return str(value or state.get("procedure_name") or "")
    return str(value)
