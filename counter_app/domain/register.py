"""The register of dossiers (sổ theo dõi hồ sơ): its volumes and rows as they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class RegisterRow(NamedTuple):
    """One dossier's line, its number continuous within the year."""

    number: int
    code: str
    procedure_name: str
    sets: int
    owner_name: str
    address_phone: str
    unit: str
    received: date | None
    due: date | None
    returned: date | None
    result_to: str
    collected_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegisterVolume:
    """One volume of a year's register; ``closed_on`` is None while rows may still come."""

    wording_version: str
    office_parent: str
    office_name: str
    office_title: str
    place: str
    is_rehearsal: bool
    year: int
    volume: int
    sector: str  # empty: all
    opened_on: date
    closed_on: date | None
    printed_on: date
    rows: tuple[RegisterRow, ...]


class Notice(NamedTuple):
    """One procedure's line on the notice board; ``unsure`` marks what the office must confirm."""

    code: str
    name: str
    documents: tuple[str, ...]
    limit: str
    fee: str
    unit: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Posting:
    """A sector's list of procedures for the notice board (niêm yết công khai)."""

    wording_version: str
    office_parent: str
    office_name: str
    office_title: str
    place: str
    is_rehearsal: bool
    issued_on: date
    sector: str
    hours: str
    hotline: str
    rows: tuple[Notice, ...]
