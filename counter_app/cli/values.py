"""Values that several verbs take: who acts, what was handed in, what a card says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counter_app.domain.days import parse_birth
from counter_app.domain.facts import DocumentFacts
from counter_app.domain.identity import WARNING_TEXTS, parse_card
from counter_app.domain.vietnamese import clean_line, unsupported_characters
from counter_app.errors import InputError
from counter_app.services import settings

if TYPE_CHECKING:
    from counter_app.cli.parser import Desk

_DOCUMENT = re.compile(
    r"^(?P<name>.+)=(?P<originals>[0-9]{1,3})/(?P<copies>[0-9]{1,3})$", re.DOTALL
)
_LONGEST_NAME = 150


def by_name(desk: Desk, text: str) -> str:
    """Return who acts: the option, else the clerk who stands at the desk.

    Raises:
        InputError: the name is over-long or can't be printed.
    """
    if not text:
        return desk.store.user or str(settings.get_setting(desk.store, "current_clerk"))
    name = clean_line(text)
    if not name or len(name) > _LONGEST_NAME or unsupported_characters(name):
        raise InputError(
            f"Tên công chức ở --by cần có, không quá {_LONGEST_NAME} ký tự và chỉ gồm chữ in "
            "được. Chưa lưu gì. Sửa tên rồi làm lại.",
            field="by",
        )
    return name


def document(text: str) -> DocumentFacts:
    """Read NAME=ORIGINALS/COPIES.

    Raises:
        InputError: the text has another shape.
    """
    found = _DOCUMENT.match(text.strip())
    if found is None:
        raise InputError(
            f"Giấy tờ “{text}” cần dạng TÊN=SỐ BẢN CHÍNH/SỐ BẢN SAO, ví dụ “Tờ khai=1/0”. "
            "Chưa lưu gì.",
            field="document",
        )
    return DocumentFacts(found["name"].strip(), int(found["originals"]), int(found["copies"]))


def read_card(text: str, typed: dict[str, str | None], warnings: list[str]) -> dict[str, str]:
    """Return the owner's fields from a card's text; what was typed wins, with a warning.

    Raises:
        InputError: the text is no whole card.
    """
    try:
        card = parse_card(text)
    except ValueError as error:
        raise InputError(str(error), field="card_qr") from error
    warnings += [WARNING_TEXTS[code] for code in card.warnings]
    read = {
        "applicant_name": card.full_name,
        "citizen_id": card.citizen_id,
        "birth_date": card.birth_date.isoformat(),
        "sex": card.sex,
        "address": card.address,
    }
    for key, value in typed.items():
        if value and not _same(key, value, read[key]):
            warnings.append(f"Giá trị nhập “{value}” được dùng thay cho “{read[key]}” trên thẻ.")
            read[key] = value
    return read


def _same(key: str, typed: str, read: str) -> bool:
    if key == "birth_date":
        try:
            return parse_birth(typed) == parse_birth(read)
        except ValueError:
            return False
    return clean_line(typed).casefold() == clean_line(read).casefold()
