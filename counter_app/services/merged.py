"""What a dossier's row must say by its events, those of other desks included: reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.merge import Merged, merge
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

# Two dossiers received apart may claim one code; the first in order keeps it.
CLAIMED = ("code", "official_code")
CLAIM = "claim"


def merged_of(store: Store, dossier_uuid: str) -> Merged:
    """Put a dossier's events together as they stand in the data."""
    return merge(dossiers.sighted_of(store, dossier_uuid))


def expected_state(store: Store, dossier_uuid: str) -> State:
    """Return what a dossier's row must say: its events, and which codes it may keep."""
    state = merged_of(store, dossier_uuid).state
    lost = store.rows(
        "SELECT field FROM openconflict WHERE dossier_uuid = ? AND kind = ?", (dossier_uuid, CLAIM)
    )
    for (field,) in lost:
        if not is_out(state, field):
            state[field] = instead(field, state[field], dossier_uuid)
    return state


def is_out(state: State, field: str) -> bool:
    """Tell whether a dossier claims a code no more, because its reception was taken back."""
    return field == "official_code" and bool(state["is_void"])


def instead(field: str, value: object, dossier_uuid: str) -> str | None:
    """Return what a dossier is called while another one keeps its code."""
    return f"{value}/{dossier_uuid[:4].upper()}" if field == "code" else None


def waiting_of(store: Store, dossier_uuid: str) -> set[str]:
    """Return a dossier's events that are out of force because of one made apart."""
    rows = store.rows("SELECT event_uuid FROM waitingevent WHERE dossier_uuid = ?", (dossier_uuid,))
    return {uuid for (uuid,) in rows}
