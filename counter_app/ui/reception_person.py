"""What the reception form knows about persons: numbers, known people, cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from counter_app.domain.identity import (
    WARNING_TEXTS,
    Birth,
    CardFacts,
    DayError,
    IdentityError,
    check_citizen_id,
    check_old_id,
    check_passport,
    check_phone,
    check_tax_code,
    parse_birth,
    read_citizen_id,
)
from counter_app.domain.text import clean_line, fold
from counter_app.domain.vietnamese import unsupported_characters
from counter_app.ui.fields import ERROR, HINT, WARNING, Note

if TYPE_CHECKING:
    from counter_app.domain.facts import PersonFacts

OWNER_FIELDS = ("citizen_id", "applicant_name", "birth_date", "sex", "address", "phone", "email")
_OLD_LENGTH = 9
_CITIZEN_LENGTH = 12
_LONGEST_PAPER = 500
_ROOM_FOR_WORDS = 90  # letters that stand beside a field
_SEXES = {"male": "Nam", "female": "Nữ"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReceptionForm", text)


def id_kind(number: str) -> str:
    """Say what a number is by its form: citizen number, old number or passport."""
    if number[:1].isalpha() and any(char.isdigit() for char in number):
        return "passport"
    is_old = len(number) == _OLD_LENGTH and number.isascii() and number.isdigit()
    return "old" if is_old else "citizen"


def judge_number(number: str) -> Note | None:
    """Judge the number of a person; an old number or a passport is taken and said."""
    kind = id_kind(number)
    try:
        if kind == "old":
            check_old_id(number)
            return Note(_tr("Số CMND cũ (9 chữ số), được ghi như vậy trên giấy."), HINT)
        if kind == "passport":
            found = check_passport(number)
            said = " ".join(WARNING_TEXTS[code] for code in found.warnings)
            return Note(said, WARNING) if said else Note(_tr("Được ghi là số hộ chiếu."), HINT)
        found = check_citizen_id(number)
    except IdentityError as error:
        # Words in the number's place are a name one field too early, no passport.
        if sum(char.isalpha() for char in number) > 1:
            return Note(_tr("Số định danh gồm 12 chữ số. Họ tên gõ ở ô dưới."), ERROR)
        return Note(str(error), ERROR)
    said = " ".join(WARNING_TEXTS[code] for code in found.warnings)
    return Note(said, WARNING) if said else None


def judge_citizen(number: str, birth: Birth | None, sex: str) -> Note | None:
    """Compare a citizen number with the year and the sex that stand beside it."""
    is_whole = len(number) == _CITIZEN_LENGTH and number.isascii() and number.isdigit()
    if not is_whole or id_kind(number) != "citizen":
        return judge_number(number)
    found = check_citizen_id(
        number,
        birth_year=birth.year if birth else None,
        sex="female" if sex == "female" else "male" if sex == "male" else None,
    )
    said = " ".join(WARNING_TEXTS[code] for code in found.warnings)
    return Note(said, WARNING) if said else None


def sex_of(number: str) -> str:
    """Return the sex that a citizen number tells, empty if it is none."""
    if len(number) != _CITIZEN_LENGTH or not (number.isascii() and number.isdigit()):
        return ""
    return read_citizen_id(number).sex


def judge_submitter_number(number: str) -> Note | None:
    """Judge the number of the person who stands here for another."""
    try:
        check_citizen_id(number)
    except IdentityError as error:
        return Note(str(error), ERROR)
    return None


def judge_tax_code(number: str) -> Note | None:
    """Judge a tax code (mã số thuế)."""
    try:
        check_tax_code(number)
    except IdentityError as error:
        return Note(str(error), ERROR)
    return None


def judge_phone(number: str) -> Note | None:
    """Judge a phone number."""
    try:
        check_phone(number)
    except IdentityError as error:
        said = str(error)
        short = _tr("Số điện thoại chưa đúng: di động 10 chữ số, máy bàn 11 chữ số (02 …).")
        return Note(said if len(said) < _ROOM_FOR_WORDS else short, ERROR)
    return None


def judge_text(text: str) -> Note | None:
    """Refuse letters that no paper can show."""
    strange = unsupported_characters(text)
    if not strange:
        return None
    said = _tr("Có ký tự không in được: {signs}. Xóa ký tự đó.")
    return Note(said.format(signs=" ".join(strange[:3])), ERROR)


def judge_name(text: str) -> Note | None:
    """Refuse a name without a letter: a number that was typed one field too late."""
    if not any(char.isalpha() for char in text):
        return Note(_tr("Tên cần có chữ, không chỉ có số."), ERROR)
    return judge_text(text)


def judge_paper(name: str) -> Note | None:
    """Judge the name of a paper that is added to the list."""
    if len(name) > _LONGEST_PAPER:
        return Note(_tr("Tên giấy tờ dài quá 500 ký tự. Viết gọn lại."), ERROR)
    return judge_text(name)


def is_birth(text: str) -> bool:
    """Say whether a stored text is a date of birth that can be shown."""
    try:
        parse_birth(text)
    except DayError:
        return False
    return True


def values_of_person(person: PersonFacts) -> dict[str, str]:
    """Return the form's values for a person who came before."""
    values = {
        "citizen_id": person.citizen_id,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "address": person.address,
        "phone": person.phone,
        "email": person.email,
        "tax_code": person.tax_code,
    }
    is_organisation = person.owner_kind == "organisation"
    values["org_name" if is_organisation else "applicant_name"] = person.name
    return {name: value or "" for name, value in values.items()}


def values_of_card(card: CardFacts) -> dict[str, str]:
    """Return the form's values for the person of a card."""
    return {
        "citizen_id": card.citizen_id,
        "applicant_name": card.full_name,
        "birth_date": f"{card.birth_date:%d/%m/%Y}",
        "sex": card.sex,
        "address": card.address,
    }


def differences(known: dict[str, str], typed: dict[str, Any]) -> list[str]:
    """Name in words what was otherwise at the last visit: "họ tên: Nguyễn Thị Ánh"."""
    labels = {
        "applicant_name": _tr("họ tên"),
        "org_name": _tr("tên tổ chức"),
        "birth_date": _tr("ngày sinh"),
        "sex": _tr("giới tính"),
        "address": _tr("địa chỉ"),
        "phone": _tr("điện thoại"),
    }
    found = []
    for name, label in labels.items():
        before, now = known.get(name, ""), str(typed.get(name) or "")
        if before and now and _same_form(name, before) != _same_form(name, now):
            found.append(f"{label} {show_value(name, before)}")
    return found


def _same_form(name: str, value: str) -> str:
    if name == "birth_date" and is_birth(value):
        return str(parse_birth(value))
    return fold(clean_line(value))


def show_value(name: str, value: str) -> str:
    """Write a stored value as a person reads it."""
    if name == "birth_date" and is_birth(value):
        return str(parse_birth(value))
    return _SEXES.get(value, value) if name == "sex" else value


def person_line(person: PersonFacts) -> str:
    """Tell a person apart in a list: name, birth year and where they live."""
    born = person.birth_date
    year = str(parse_birth(born).year) if born and is_birth(born) else ""
    return " · ".join(part for part in (person.name, year, person.address) if part)
