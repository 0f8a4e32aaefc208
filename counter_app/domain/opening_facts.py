"""The facts that the window shows when it opens; the others are in ``facts``, with these.

Apart from them because a start should make no more classes than it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import OPEN, STATUS_LABELS, VOID_LABEL, Status
from counter_app.domain.moments import from_epoch

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """The office and this desk (quầy) as the frame and the papers show them."""

    name: str
    parent: str
    agency_code: str
    province_code: str
    counter_name: str
    counter_number: int
    is_named: bool
    is_rehearsal: bool


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """A person who works at the office (công chức)."""

    name: str
    position: str = ""
    unit: str = ""


class DossierRow(NamedTuple):
    """One line of a table of dossiers; moments are UTC seconds, read through the properties."""

    id: int
    uuid: str
    code: str
    official_code: str | None
    applicant_name: str
    birth_date: str | None
    address: str
    phone: str
    procedure_code: str
    procedure_name: str
    received_at: int
    due_at: int | None
    legal_due_at: int | None
    expected_due_at: int | None
    late_due_at: int | None
    provisional: int
    status: str
    channel: str
    timeliness: str | None
    completed_at: int | None
    closed_at: int | None
    returned_at: int | None
    reception_officer: str
    handling_officer: str
    resolving_unit: str
    source: str
    is_void: int = 0

    @property
    def shown_code(self) -> str:
        """The official code if it is known, else ours."""
        return self.official_code or self.code

    @property
    def received(self) -> datetime:
        """Moment of receipt, office time."""
        return from_epoch(self.received_at)

    @property
    def due(self) -> datetime | None:
        """Due moment in force, office time; None while awaiting."""
        return None if self.due_at is None else from_epoch(self.due_at)

    @property
    def status_label(self) -> str:
        """The state as the clerk reads it."""
        if self.is_void:
            return VOID_LABEL
        return STATUS_LABELS[Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Work on it has not ended."""
        return self.status in OPEN and not self.is_void
