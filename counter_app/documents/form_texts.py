"""The texts of a form set that an office may edit: where each stands, what it may name.

A place is the way down the data, as ``receipt/lines/3/items/0/label``; people read it in words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from counter_app.documents.wording import (
    APOLOGY_FIELDS,
    RECEIPT_FIELDS,
    Bases,
    FormWording,
    fields_of,
    form_from,
)
from counter_app.errors import PaperError

_FIELD = re.compile(r"\{(\w+)\}")
# What says how a form is laid out, and is no text of it.
_LAYOUT_KEYS = frozenset({"layout", "kind", "unless", "empty", "issuer", "after", "needs"})
_NAMES = {
    "form_label": "Số hiệu mẫu",
    "title": "Tên giấy",
    "subject": "Trích yếu",
    "name": "Tên gọi",
    "copies": "Liên",
    "number": "Số văn bản",
    "place_date": "Địa danh, ngày tháng",
    "code_lines": "Dòng mã",
    "marks": "Dòng in lại, thay thế",
    "rehearsal": "Dòng bản tập dượt",
    "lines": "Dòng",
    "items": "mục",
    "label": "nhãn",
    "text": "nội dung",
    "suffix": "phần sau",
    "documents": "Bảng giấy tờ",
    "columns": "cột",
    "heading": "tiêu đề",
    "original": "bản chính",
    "copy": "bản sao",
    "result_places": "Nơi trả kết quả",
    "signatures": "Chữ ký",
    "note": "ghi chú",
    "notes": "Chú thích",
    "address_label": "Nơi gửi",
    "addressee": "Người nhận",
    "addressee_lines": "Dòng dưới người nhận",
    "default_addressee_title": "Cách xưng hô",
    "basis": "Căn cứ",
    "paragraphs": "Đoạn",
    "opening": "mở đầu",
    "closing": "kết",
    "default_signer_titles": "Chức danh người ký",
    "signer_note": "Ghi chú chữ ký",
    "recipients_label": "Nhãn nơi nhận",
    "recipients": "Nơi nhận",
    "table": "Bảng",
    "texts": "lời",
    "labels": "nhãn",
    "group": "nhóm cột",
    "not_a_form": "Lời báo khi không có mẫu",
}


class TextPlace(NamedTuple):
    """One text: its place, how a person reads the place, the text itself."""

    place: str
    label: str
    text: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it names."""
        return tuple(_FIELD.findall(self.text))


def forms_of(form: FormWording) -> dict[str, str]:
    """Return the set's forms: where each stands in the data, and its name."""
    names = {"receipt": " ".join(form.receipt.title), "apology": " ".join(form.apology.title)}
    found = {place: name.capitalize() for place, name in names.items()}
    return found | {f"slips/{kind}": slip.name for kind, slip in form.slips.items()}


def known_fields(form: FormWording, place: str) -> tuple[str, ...]:
    """Return the fields that the texts of one form may name."""
    if place == "receipt":
        return tuple(sorted(RECEIPT_FIELDS))
    if place == "apology":
        return tuple(sorted(APOLOGY_FIELDS))
    return tuple(sorted(fields_of(form.data["slips"][place.removeprefix("slips/")])))


def texts_of(form: FormWording, place: str) -> list[TextPlace]:
    """Return the texts of one form in the order of its data."""
    return [
        TextPlace(at, _label(at.removeprefix(f"{place}/")), text)
        for at, text in words_of(form, place).items()
    ]


def words_of(form: FormWording, place: str) -> dict[str, str]:
    """Return the texts of one form by their places."""
    return dict(_walk(_part_of(form.data, place), place))


def _walk(part: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in _LAYOUT_KEYS:
                yield from _walk(value, f"{place}/{key}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _walk(value, f"{place}/{number}")


@functools.cache
def _label(place: str) -> str:
    """Say a place within a form: "Dòng 2, nội dung"; a line's only item needs no number."""
    words: list[str] = []
    steps = place.split("/")
    for number, step in enumerate(steps):
        before = steps[number - 1] if number else ""
        if step == "items" or (before == "items" and step == "0"):
            continue
        if step.isdecimal():
            counted = f"{int(step) + 1}"
            words.append(f"mục {counted}" if before == "items" else counted)
        else:
            words.append(_NAMES.get(step, step))
    text = ", ".join(words)
    text = re.sub(r", (\d+)\b", r" \1", text)
    return text[:1].upper() + text[1:]


def place_in_words(form: FormWording, place: str) -> str:
    """Say where a text stands: the form's name and the line."""
    for start, name in forms_of(form).items():
        if place.startswith(f"{start}/"):
            return f"{name}, {_label(place.removeprefix(f'{start}/'))}"
    return place


def changed(
    base: FormWording,
    texts: Mapping[str, str],
    *,
    version: str,
    valid_from: date,
    source: str,
    rank: int,
) -> tuple[FormWording, dict[str, Any]]:
    """Return a version with other texts, and the data that makes it from its base.

    Raises:
        PaperError: a text names a field that its form lacks, a field that the form must say is
            no longer named, a place isn't there; ``field`` is the place.
    """
    data = {
        "version": version,
        "extends": base.version,
        "valid_from": valid_from.isoformat(),
        "source": source,
        "confirmed": False,
        "unconfirmed_because": f"Lời văn do cơ quan sửa, theo: {source}",
        "rank": rank,
        "set": dict(texts),
    }
    bases: Bases = {base.version: base}.get
    try:
        form = form_from(data, bases)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise PaperError(
            f"Không tìm thấy chỗ cần sửa trong biểu mẫu ({error}). Chưa lưu gì. Mở lại cửa sổ sửa"
            " lời văn rồi làm lại."
        ) from error
    _check_required(base, form)
    return form, data


def _check_required(base: FormWording, form: FormWording) -> None:
    """Refuse a form that no longer says what it must; the place is where it was said."""
    for place, required in base.data.get("required", {}).items():
        now = {name for text in texts_of(form, place) for name in text.fields}
        for name in required:
            if name in now:
                continue
            was = next((t for t in texts_of(base, place) if name in t.fields), None)
            at = was.place if was else place
            raise PaperError(
                f"{place_in_words(form, at)}: thiếu trường “{{{name}}}” mà giấy này phải có. Hãy"
                f" ghi lại {{{name}}} vào lời văn.",
                field=at,
            )


def text_at(form: FormWording, place: str) -> str:
    """Return one text by its place."""
    return str(_part_of(form.data, place))


def _part_of(data: Any, place: str) -> Any:  # noqa: ANN401 - JSON
    for step in place.split("/"):
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data
