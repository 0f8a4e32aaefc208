"""The sheet to a resolving unit at 15:00 (tờ 15 giờ): what is handed over, what is due soon.

The officer without the program ticks and signs it; next morning its code opens its rows again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from counter_app.domain.moments import parse_moment, to_json


class SheetPart(StrEnum):
    """Which table of the sheet a dossier stands in."""

    HANDED = "handed"
    DUE = "due"


class SheetAnswer(StrEnum):
    """What the unit's officer ticked (kịp / không kịp)."""

    NONE = ""
    KEPT = "kept"
    LATE = "late"


ANSWER_LABELS = {
    SheetAnswer.NONE: "",
    SheetAnswer.KEPT: "đơn vị trả lời kịp",
    SheetAnswer.LATE: "đơn vị trả lời không kịp",
}
LISTED = "listed"
"""The event by which a dossier's place on a sheet, and the unit's answer, travel to other desks."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One dossier as the sheet names it."""

    code: str
    name: str
    procedure: str
    received_at: datetime
    due_at: datetime | None
    note: str = ""

    def to_json(self) -> list[Any]:
        """Return plain data."""
        return [
            self.code,
            self.name,
            self.procedure,
            to_json(self.received_at),
            to_json(self.due_at),
            self.note,
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> SheetLine:
        """Read what ``to_json`` wrote."""
        code, name, procedure, received, due, note = data
        return cls(
            code,
            name,
            procedure,
            parse_moment(received),
            None if due is None else parse_moment(due),
            note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """What a sheet says."""

    place: str
    office_parent: str
    office_name: str
    counter_name: str
    is_rehearsal: bool
    code: str
    unit: str
    officer: str
    made_at: datetime
    until: date
    handed: tuple[SheetLine, ...]
    due: tuple[SheetLine, ...]
    reprint_count: int = 0
    chain_head: str = ""  # how far the desk's chain of events had come, for an inspector

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "place": self.place,
            "office_parent": self.office_parent,
            "office_name": self.office_name,
            "counter_name": self.counter_name,
            "is_rehearsal": self.is_rehearsal,
            "code": self.code,
            "unit": self.unit,
            "officer": self.officer,
            "made_at": to_json(self.made_at),
            "until": self.until.isoformat(),
            "handed": [line.to_json() for line in self.handed],
            "due": [line.to_json() for line in self.due],
            "reprint_count": self.reprint_count,
            "chain_head": self.chain_head,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SheetFacts:
        """Read what ``to_json`` wrote."""
        read = {
            "made_at": parse_moment(data["made_at"]),
            "until": date.fromisoformat(data["until"]),
            "handed": tuple(map(SheetLine.from_json, data["handed"])),
            "due": tuple(map(SheetLine.from_json, data["due"])),
        }
        return cls(**data | read)


class SheetRowFacts(NamedTuple):
    """One row of a sheet as the window opens it: the line, the answer, the dossier now."""

    id: int
    position: int
    part: str
    dossier_uuid: str
    code: str
    name: str
    procedure: str
    due_at: datetime | None
    is_open: bool
    is_rescheduled: bool
    answer: str
    reason: str
    proposed_at: datetime | None
    answered_at: datetime | None
