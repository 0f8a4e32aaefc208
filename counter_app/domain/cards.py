"""The text in the QR of an identity card (thẻ căn cước): what it says and what is doubtful."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from counter_app.domain.days import DayError, parse_day
from counter_app.domain.idnumbers import (
    IdentityError,
    Sex,
    check_citizen_id,
    check_old_id,
    read_citizen_id,
)
from counter_app.domain.vietnamese import (
    clean_line,
    decode_telex,
    decode_vni,
    fold,
    is_syllable,
    proposed_reading,
    repair_utf8,
)

_FIELD_COUNT = 7  # the cards of 2024 have more: only the first seven are the same everywhere
_EARLIEST_YEAR = 1900  # the century digit of a citizen number begins here
_SYMBOLOGY = re.compile(r"^[\s\x00-\x1f\ufeff]*(?:\][A-Za-z]\d)?")  # what some scanners send first
_CARD_START = re.compile(r"[\s']*(?:\d\s*){9,12}\|", re.ASCII)
_COMMAS = re.compile(r"\s*,[\s,\-\u2013]*")
# What a name holds when its letters came through whole; digits and the like are damage.
_NAME = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\s'\u2019.,()\-])+")
_DAMAGE = re.compile("[?\ufffd\x80-\x9f\ud800-\udfff]")
# What is left of a word when its letters with marks fell out: "Vn" of "Văn", "c" of "Đức".
_NO_VOWEL = re.compile(r"\b[^\W\d_aeiouy]{2,}\b")
_LONE_CONSONANT = re.compile(r"(?<!\w)[b-df-hj-np-tv-xz](?![\w'\u2019])")
_SEXES: dict[str, Sex] = {"nam": "male", "nu": "female"}


class CardError(ValueError):
    """A card text can't be used; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What an identity card says; ``warnings`` are codes of ``WARNING_TEXTS`` in order."""

    citizen_id: str
    old_id: str
    full_name: str
    birth_date: date
    sex: Sex
    address: str
    issued_on: date | None
    warnings: tuple[str, ...]


class _Letters(NamedTuple):
    """A text of the card, decoded if it was damaged in a way that can be undone."""

    text: str
    damaged: bool


def looks_like_card(text: str) -> bool:
    """Say whether a text begins as a card's does, whole or not: digits, then a bar."""
    return _CARD_START.match(_SYMBOLOGY.sub("", text, count=1)) is not None


def parse_card(text: str) -> CardFacts:
    """Read the text of a card's QR; tabs, line ends and control characters in it are data.

    Damaged letters don't stop it while the number and the dates are right: the warning
    ``letters`` says so, and the name is offered decoded if it is raw Telex, VNI or the like.

    Raises:
        CardError: too few fields, or a number, name, date or sex that can't be.
    """
    fields = _SYMBOLOGY.sub("", text, count=1).split("|")
    if len(fields) < _FIELD_COUNT:
        msg = (
            f"Dữ liệu thẻ chưa đủ: cần ít nhất {_FIELD_COUNT} phần ngăn bằng dấu “|”, "
            f"mới có {len(fields)}. Quét lại thẻ."
        )
        raise CardError(msg)
    number, old_id, name, birth, sex_text, address, issued = fields[:_FIELD_COUNT]
    citizen_id = _citizen_id(number)
    birth_date = _birth_date(birth)
    full_name = _name(name)
    place = _address(address, name)
    sex = _sex(sex_text, citizen_id)
    issued_on = _issue_date(issued, birth_date)
    warnings = set(check_citizen_id(citizen_id, birth_date=birth_date, sex=sex.sex).warnings)
    if issued_on is None:
        warnings.add("issued_on")
    if full_name.damaged or place.damaged or sex.damaged or _lost_marks(name, address):
        warnings.add("letters")
    return CardFacts(
        citizen_id=citizen_id,
        old_id=_old_id(old_id),
        full_name=full_name.text,
        birth_date=birth_date,
        sex=sex.sex,
        address=place.text,
        issued_on=issued_on,
        warnings=tuple(sorted(warnings)),
    )


def _citizen_id(text: str) -> str:
    try:
        return check_citizen_id(text).value
    except IdentityError as error:
        msg = f"Thẻ quét chưa đúng. {error} Quét lại thẻ."
        raise CardError(msg) from None


def _old_id(text: str) -> str:
    """Keep an old number as it stands if it isn't the usual nine digits."""
    try:
        return check_old_id(text).value
    except IdentityError:
        return clean_line(text)


def _birth_date(text: str) -> date:
    try:
        day = parse_day(_solid(text))
    except DayError as error:
        msg = f"Ngày sinh trên thẻ chưa đúng. {error}"
        raise CardError(msg) from None
    if day.year < _EARLIEST_YEAR:
        msg = f"Ngày sinh trên thẻ chưa đúng: năm {day.year} sớm quá. Kiểm tra lại trên thẻ."
        raise CardError(msg)
    return day


def _solid(text: str) -> str:
    """Close up a date that a tab or line end has parted."""
    return "".join(clean_line(text).split())


def _issue_date(text: str, birth_date: date) -> date | None:
    try:
        day = parse_day(_solid(text))
    except DayError:
        return None
    return day if day >= birth_date else None


def _name(text: str) -> _Letters:
    reading = proposed_reading(text)
    tidy = clean_line(_marked(text))
    if not tidy:
        msg = "Thẻ quét không có họ tên. Quét lại thẻ, hoặc gõ họ tên theo thẻ."
        raise CardError(msg)
    if reading is not None and _NAME.fullmatch(reading):
        return _Letters(reading, damaged=True)
    return _Letters(tidy, damaged=_is_damaged(text) or not _NAME.fullmatch(tidy))


def _address(text: str, name: str) -> _Letters:
    """Read an address; keystrokes are undone in it only where the name shows that they are some."""
    reading = _as_keystrokes(text, name) if text.isascii() else proposed_reading(text)
    damaged = reading is not None or _is_damaged(text)
    tidy = reading if reading is not None else clean_line(_marked(text))
    return _Letters(_COMMAS.sub(", ", tidy).strip(" ,-\u2013"), damaged)


def _as_keystrokes(text: str, name: str) -> str | None:
    if not name.isascii() or proposed_reading(name) is None:
        return None
    decode = decode_vni if re.search(r"\d", name) else decode_telex
    words = [(word, decode(word)) for word in text.split()]
    return " ".join(after if is_syllable(after.strip(",.-")) else word for word, after in words)


def _lost_marks(name: str, address: str) -> bool:
    """Say whether the letters with marks fell out or became plain ones on the way.

    Names without any mark are rare, with an address that has none rarer: a look at the card is
    asked for, and nothing is stopped.
    """
    if name.isascii() and address.isascii():
        return True
    return bool(_NO_VOWEL.search(fold(name)) or _LONE_CONSONANT.search(clean_line(name)))


class _SexReading(NamedTuple):
    sex: Sex
    damaged: bool


def _sex(text: str, citizen_id: str) -> _SexReading:
    """Read Nam or Nữ; a damaged Nữ still begins with N, then the number decides."""
    tidy = clean_line(text)
    if (sex := _SEXES.get(fold(tidy))) is not None:
        return _SexReading(sex, damaged=False)
    for reading in (decode_telex(tidy), decode_vni(tidy), repair_utf8(text) or ""):
        if (sex := _SEXES.get(fold(reading))) is not None:
            return _SexReading(sex, damaged=True)
    if _is_damaged(text) or tidy[:1].upper() == "N":
        return _SexReading(read_citizen_id(citizen_id).sex, damaged=True)
    msg = "Thẻ quét không có giới tính Nam hoặc Nữ. Quét lại thẻ."
    raise CardError(msg)


def _marked(text: str) -> str:
    """Show each lost letter as one damaged sign, so that tidying doesn't hide it."""
    return re.sub("[\x80-\x84\x86-\x9f\ud800-\udfff]", "\ufffd", text)


def _is_damaged(text: str) -> bool:
    return _DAMAGE.search(text) is not None
