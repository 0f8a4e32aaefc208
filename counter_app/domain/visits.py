"""Visits that became no dossier (lượt không nhận hồ sơ): guidance, or a refusal at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from counter_app.domain.moments import from_epoch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from counter_app.domain.history import Event

VISIT = "visit"
"""The kind of a visit's events: they travel as a dossier's do, under a uuid of their own."""


class VisitKind(StrEnum):
    """How a visit ended."""

    GUIDANCE = "guidance"
    NOT_ACCEPTED = "not_accepted"


SLIP_OF: dict[VisitKind, str] = {
    VisitKind.GUIDANCE: "supplement",
    VisitKind.NOT_ACCEPTED: "refusal",
}
VISIT_LABELS: dict[VisitKind, str] = {
    VisitKind.GUIDANCE: "Hướng dẫn bổ sung, chưa nhận hồ sơ",
    VisitKind.NOT_ACCEPTED: "Từ chối nhận hồ sơ",
}


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit: who came, for what, what was missing, and the dossier it became later."""

    uuid: str
    code: str
    kind: VisitKind
    at: datetime
    recorded_at: datetime
    by: str
    counter: str
    reason: str
    requirements: tuple[str, ...]
    person: dict[str, Any]
    slip: dict[str, Any]
    copies: int = 0
    dossier_uuid: str = ""
    void_reason: str = ""

    @property
    def number(self) -> str:
        """What identifies who came, empty for none."""
        return str(self.person.get("citizen_id") or self.person.get("tax_code") or "")


def add_up(uuid: str, events: Iterable[Event]) -> VisitFacts:
    """Return what a visit's events say; the first one holds it, later ones add to it."""
    ordered = sorted(events, key=lambda e: (e.lamport, e.origin, e.epoch, e.sequence))
    first = ordered[0]
    held = first.body["visit"]
    return VisitFacts(
        uuid=uuid,
        code=held["code"],
        kind=VisitKind(held["kind"]),
        at=from_epoch(first.at),
        recorded_at=from_epoch(first.recorded_at),
        by=first.by,
        counter=first.counter,
        reason=held["reason"],
        requirements=tuple(held["requirements"]),
        person=held["person"],
        slip=held["slip"],
        copies=sum("copy" in e.body for e in ordered),
        dossier_uuid=next((e.body["became"] for e in ordered if "became" in e.body), ""),
        void_reason=next((e.body["void"] for e in ordered if "void" in e.body), ""),
    )
