"""What the window of hand-overs may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_app.domain.facts import DossierFacts, DossierRow, OfficerFacts
    from counter_app.services.handover import Workload
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class HandoverCalls:
    """Who holds what, what should have left the desk, and giving it to other hands."""

    workloads: Callable[[], Sequence[Workload]]
    overdue: Callable[[], int]
    held_by: Callable[[Workload], Sequence[DossierRow]]
    officers: Callable[[], Sequence[OfficerFacts]]
    reassign: Callable[[Sequence[str], str, str], Sequence[DossierFacts]]


def handover_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> HandoverCalls:
    """Bind the services to one store; ``clerk`` names who acts, each time anew."""
    from counter_app.services import handover, office

    return HandoverCalls(
        workloads=lambda: handover.workloads(store, now=clock()),
        overdue=lambda: handover.overdue_count(store, now=clock()),
        held_by=lambda load: handover.load_of(store, load),
        officers=lambda: office.officers(store),
        reassign=lambda codes, officer, reason: handover.reassign(
            store, codes=codes, officer=officer, reason=reason, by=clerk(), now=clock()
        ),
    )
