"""Papers (giấy tờ in ra): everything a printed page says, frozen when it is issued.

A paper is made from these facts and from a version of the form's wording, and from nothing else:
the same facts give the same page years later, whatever has happened to the dossier, the catalogue
or the settings since. Text is kept in NFC, moments are naive office time cut to the minute.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self, cast

from counter_app.domain.moments import parse_moment, to_json, to_minute


class IdKind(StrEnum):
    """What the number that identifies a person or an organisation is (loại giấy tờ tùy thân)."""

    CITIZEN = "citizen"
    OLD = "old"
    PASSPORT = "passport"
    BIRTH = "birth"
    TAX = "tax"
    NONE = "none"


class ResultTo(StrEnum):
    """Where the result is handed over (nơi nhận kết quả)."""

    COUNTER = "counter"
    POST = "post"
    ONLINE = "online"


class ApologyKind(StrEnum):
    """Why an apology letter (văn bản xin lỗi) is written."""

    RESCHEDULE = "reschedule"  # in time: a new date is proposed before the old one has passed
    LATE = "late"  # the promised moment has passed


def _frozen(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime):
        return to_minute(value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return to_json(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, _Facts):
        return value.to_json()
    return str(value) if isinstance(value, StrEnum) else value


@dataclass(frozen=True, slots=True)
class _Facts:
    """What all facts share: NFC on the way in, plain dictionaries out and back."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            settled = _settle(cast("str", field.type), value)
            if settled is not value:
                object.__setattr__(self, field.name, settled)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON, with every field by its name."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what ``to_json`` wrote; a field that came later than the data has its default.

        Raises:
            ValueError: an unknown field, a missing one, or a value that can't be read.
        """
        kinds = {field.name: cast("str", field.type) for field in fields(cls)}
        unknown = sorted(set(data) - set(kinds))
        if unknown:
            msg = f"{cls.__name__} has no field {', '.join(unknown)}"
            raise ValueError(msg)
        try:
            values = {name: _read(kinds[name], value) for name, value in data.items()}
            return cls(**cast("dict[str, Any]", values))
        except TypeError as error:
            msg = f"{cls.__name__}: {error}"
            raise ValueError(msg) from error


@dataclass(frozen=True, slots=True)
class PaperDocument(_Facts):
    """One paper that was handed in, as the receipt lists it (giấy tờ nộp).

    ``kind`` is printed instead of "Bản chính"/"Bản sao" when it isn't empty, e.g. "Bản điện tử".
    """

    name: str
    originals: int = 0
    copies: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PaperFacts(_Facts):
    """What every paper carries: which wording it was issued with, and marks on it."""

    form_set: str
    wording_version: str
    place: str
    issued_on: date | None
    is_rehearsal: bool = False
    reprint_count: int = 0
    hotline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFacts(_PaperFacts):
    """What a receipt says (giấy tiếp nhận hồ sơ và hẹn trả kết quả).

    ``office_parent`` and ``office_name`` are the two lines of the header, printed in capitals;
    ``office_title`` names the office within sentences and falls back to ``office_name``.
    ``due_at`` is empty while only ``expected_due_at`` is known (phi địa giới): then
    ``competent_unit`` says whose receipt the limit runs from.
    """

    office_parent: str
    office_name: str
    office_title: str = ""
    number: str = ""
    code: str
    is_provisional_code: bool = False
    official_code: str = ""
    replaces_code: str = ""
    edition: int = 1
    paper_number: str = ""
    owner_name: str
    owner_id: str = ""
    owner_id_kind: IdKind = IdKind.CITIZEN
    submitter_name: str = ""
    submitter_id: str = ""
    subject_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    content: str = ""
    documents: tuple[PaperDocument, ...] = ()
    sets: int = 1
    limit_text: str = ""
    received_at: datetime
    due_at: datetime | None
    expected_due_at: datetime | None = None
    is_provisional_due: bool = False
    due_note: str = ""
    competent_unit: str = ""
    result_to: ResultTo = ResultTo.COUNTER
    result_place: str = ""
    fee_text: str = ""
    register_volume: str = ""
    register_number: str = ""
    officer_name: str = ""
    counter_name: str = ""

    @property
    def printed_code(self) -> str:
        """The one code on the page: the official one as soon as it is known."""
        return self.official_code or self.code

    @property
    def scanned_code(self) -> str:
        """What the barcode holds: a receipt that replaces another can be told from it."""
        return f"{self.printed_code}/{self.edition}" if self.edition > 1 else self.printed_code

    @property
    def shows_provisional_code(self) -> bool:
        """Whether the page must say that its code is not the dossier code (mã hồ sơ) yet."""
        return self.is_provisional_code and not self.official_code


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyFacts(_PaperFacts):
    """What an apology letter says (văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết).

    ``number`` is None while the registry (văn thư) still has to give it, and ``issued_on`` may be
    None with it; both are then left blank on the page. ``signer_titles`` are the lines above the
    signature ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"). An empty ``title``, ``legal_basis`` or
    ``recipients`` means the wording's own.
    """

    kind: ApologyKind
    agency_parent: str = ""
    agency_name: str
    office_title: str = ""
    number: str | None = None
    symbol: str = ""
    title: str = ""
    legal_basis: str = ""
    addressee_name: str
    addressee_title: str = ""
    address: str = ""
    phone: str = ""
    procedure_name: str
    procedure_code: str = ""
    code: str
    is_provisional_code: bool = False
    received_at: datetime
    original_due_at: datetime
    new_due_at: datetime | None = None
    completed_at: datetime | None = None
    reason: str
    resolving_unit: str = ""
    signer_titles: tuple[str, ...] = ()
    signer_name: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperHandover(_Facts):
    """One hand-over as the routing slip prints it (giao, nhận hồ sơ)."""

    unit: str
    officer: str = ""
    from_unit: str = ""
    handed_at: datetime | None = None
    handed_by: str = ""
    received_at: datetime | None = None
    received_by: str = ""
    result: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFacts(_PaperFacts):
    """What one of the other forms says: supplement, refusal, stop notice, or a later circular's.

    ``kind`` is the form's name within its set. A slip of a visit that ended before anything was
    received has ``visit_code`` instead of ``code``, and no moments of a dossier. ``requirements``
    are the numbered lines of what is missing, ``handovers`` the rows of a routing slip;
    ``act_uuid`` is the event that the slip goes with.
    ``number`` is None while the registry (văn thư) still has to give it.
    """

    kind: str
    variant: str = ""
    act_uuid: str = ""
    office_parent: str = ""
    office_name: str
    office_title: str = ""
    agency_parent: str = ""
    agency_name: str = ""
    number: str | None = None
    symbol: str = ""
    title: str = ""
    legal_basis: str = ""
    code: str = ""
    is_provisional_code: bool = False
    visit_code: str = ""
    owner_name: str
    owner_id: str = ""
    owner_id_kind: IdKind = IdKind.CITIZEN
    submitter_name: str = ""
    addressee_title: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    content: str = ""
    limit_text: str = ""
    received_at: datetime | None = None
    due_at: datetime | None = None
    decided_on: date | None = None
    stage: str = ""
    reason: str = ""
    requirements: tuple[str, ...] = ()
    handovers: tuple[PaperHandover, ...] = ()
    money: str = ""
    resolving_unit: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    officer_name: str = ""
    counter_name: str = ""
    signer_titles: tuple[str, ...] = ()
    signer_name: str = ""
    recipients: tuple[str, ...] = ()

    @property
    def printed_code(self) -> str:
        """The one code on the page: the dossier's, or the visit's."""
        return self.code or self.visit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverFacts(_PaperFacts):
    """What the one list says that a runner signs (danh sách bàn giao kết quả).

    ``lines`` are (code, owner, procedure, what was handed over): one a dossier.
    """

    office_parent: str
    office_name: str
    code: str
    collected_by: str
    proxy_id: str = ""
    authorisation: str = ""
    handed_at: datetime
    lines: tuple[tuple[str, ...], ...]
    officer_name: str = ""
    counter_name: str = ""


_NESTED: dict[str, type[PaperDocument | PaperHandover]] = {
    "PaperDocument": PaperDocument,
    "PaperHandover": PaperHandover,
}
_ENUMS: dict[str, type[StrEnum]] = {
    "IdKind": IdKind,
    "ResultTo": ResultTo,
    "ApologyKind": ApologyKind,
}


def _settle(kind: str, value: object) -> object:
    if kind in _ENUMS:
        return _ENUMS[kind](cast("str", value))
    return _frozen(value)


def _read(kind: str, value: object) -> object:
    """Read one JSON value by the field's annotation."""
    if value is None:
        return None
    if kind.startswith("datetime"):
        return parse_moment(cast("str", value))
    if kind.startswith("date"):
        return date.fromisoformat(cast("str", value))
    for name, nested in _NESTED.items():
        if name in kind:
            items = cast("list[dict[str, Any]]", value)
            return tuple(nested.from_json(item) for item in items)
    return tuple(cast("list[str]", value)) if kind.startswith("tuple") else value
