"""A dossier's rows from its events, of whatever desks: what the journal does step by step, at once.

Used when events come from elsewhere, and to check the rows against them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.facts import PERSON_FACTS
from counter_app.domain.history import Event, State
from counter_app.domain.merge import Conflict, Merged, conflict_id, has_seen
from counter_app.services import journal, standings
from counter_app.services.merged import CLAIM, CLAIMED, instead, is_out, merged_of
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_app.domain.merge import Sighted
    from counter_app.storage.database import Store


_PLACE = "SELECT id, office_id FROM dossier WHERE uuid = ?"
TOLD_EVERY = 200  # dossiers, between two words of progress


class Claim(NamedTuple):
    """A dossier's claim to a code: who set it, in the order of events."""

    dossier_uuid: str
    event: Event

    @property
    def place(self) -> tuple[int, str, int, int]:
        """Its place in the order that all desks share."""
        event = self.event
        return (event.lamport, event.origin, event.epoch, event.sequence)


def project_many(
    store: Store,
    dossier_uuids: Sequence[str],
    *,
    now: int,
    progress: Callable[[int, int], object] | None,
) -> None:
    """Bring the rows of many dossiers in line, some at a time, and tell how many are done."""
    total = len(dossier_uuids)
    for start in range(0, total, TOLD_EVERY):
        some = dossier_uuids[start : start + TOLD_EVERY]
        project(store, some, now=now)
        if progress is not None:
            progress(start + len(some), total)


def project(store: Store, dossier_uuids: Sequence[str], *, now: int) -> None:
    """Bring the rows of dossiers in line with their events; part of the running transaction.

    Args:
        store: the open data, in a transaction.
        dossier_uuids: dossiers some of whose events are new here.
        now: UTC seconds, when conflicts are found.
    """
    claimed: dict[tuple[str, object], set[str]] = {}
    from counter_app.services import visits  # few files hold any

    for uuid in dossier_uuids:
        if visits.is_visit(store, uuid):
            visits.project(store, uuid)
            continue
        events = dossiers.events_of(store, uuid)
        if all(event.kind != Move.RECEIVE for event in events):
            continue  # of a later program: kept and passed on, whatever it is about
        merged = merged_of(store, uuid)
        _note_disputes(store, uuid, merged, now)
        before = _write_row(store, uuid, merged.state, events)
        dossier_id, office_id = store.row(_PLACE, (uuid,)) or (0, 0)
        _add_promises(store, office_id, dossier_id, events)
        _add_papers(store, office_id, dossier_id, events)
        standings.retell(store, dossier_id=dossier_id, office_id=office_id, events=merged.events)
        for field in CLAIMED:
            if merged.state[field] is None or is_out(merged.state, field):
                _end_claim(store, uuid, field)
            # What it was called before may now be free for another one.
            for value in {merged.state[field], before[field]} - {None}:
                claimed.setdefault((field, value), set()).add(uuid)
    for (field, value), uuids in claimed.items():
        _settle(store, field, value, uuids, now)


def _note_disputes(store: Store, uuid: str, merged: Merged, now: int) -> None:
    store.execute("DELETE FROM waitingevent WHERE dossier_uuid = ?", (uuid,))
    for event_uuid in merged.waiting:
        store.execute(
            "INSERT INTO waitingevent (event_uuid, dossier_uuid) VALUES (?, ?)", (event_uuid, uuid)
        )
    kept = [conflict.id for conflict in merged.conflicts]
    marks = ",".join("?" * len(kept))
    store.execute(
        f"DELETE FROM openconflict WHERE dossier_uuid = ? AND kind <> ? AND id NOT IN ({marks})",  # noqa: S608 - marks only
        (uuid, CLAIM, *kept),
    )
    for conflict in merged.conflicts:
        _note(store, uuid, conflict, now)


def _note(store: Store, uuid: str, conflict: Conflict, now: int) -> None:
    store.execute(
        "INSERT INTO openconflict (id, dossier_uuid, kind, field, first_uuid, second_uuid, "
        "found_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "first_uuid = excluded.first_uuid, second_uuid = excluded.second_uuid",
        (
            conflict.id,
            uuid,
            conflict.kind,
            conflict.field,
            conflict.first.uuid,
            conflict.second.uuid,
            now,
        ),
    )


def _write_row(store: Store, uuid: str, state: State, events: Sequence[Event]) -> State:
    """Write a dossier's row; returns it as it was before.

    A code that stands at another dossier is left to it until the claims are settled.
    """
    row = store.row(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,))
    free = {**state}
    for field in CLAIMED:
        if not is_out(state, field) and _has_holder(store, uuid, field, state[field]):
            free[field] = instead(field, state[field], uuid)
    if row is None:
        first = next(event for event in events if event.kind == Move.RECEIVE)
        number = _number_of(store, first)
        dossiers.insert_dossier(store, number, uuid, 1, free)
        remember_person(store, state)
        return free
    dossier_id, _, before = dossiers.state_of(row)
    dossiers.update_dossier(store, dossier_id, before, free)
    return before


def _number_of(store: Store, event: Event) -> int:
    row = store.row("SELECT id FROM event WHERE uuid = ?", (event.uuid,))
    return int(row[0]) if row else 0


def remember_person(store: Store, state: State) -> None:
    """Know who came at another desk, without overwriting what was told here."""
    number = state["citizen_id"] or state["tax_code"]
    if not number or state["id_kind"] == "birth":
        return
    facts = {key: state[key] for key in PERSON_FACTS if state[key]}
    store.execute(
        "INSERT INTO person (number, phone, name, facts, seen_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (number) DO NOTHING",
        (
            number,
            state["phone"],
            state["applicant_name"],
            dossiers.dump(facts),
            state["received_at"],
        ),
    )


def _add_promises(store: Store, office_id: int, dossier_id: int, events: Sequence[Event]) -> None:
    known = {
        row[0]
        for row in store.rows("SELECT event_uuid FROM promise WHERE dossier_id = ?", (dossier_id,))
    }
    for event in events:
        if event.uuid not in known:
            journal.store_promise(store, office_id, dossier_id, event)


def _add_papers(store: Store, office_id: int, dossier_id: int, events: Sequence[Event]) -> None:
    """Keep the papers that other desks issued, and how often each was printed."""
    for event in events:
        paper: dict[str, Any] | None = event.body.get("paper")
        if paper is None:
            continue
        if "facts" in paper:
            store.execute(
                "INSERT INTO paper (uuid, office_id, dossier_id, event_uuid, kind, letter, number, "
                "issued_at, officer, facts, copies) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) "
                "ON CONFLICT (uuid) DO NOTHING",
                (
                    paper["uuid"],
                    office_id,
                    dossier_id,
                    event.uuid,
                    paper["kind"],
                    paper.get("letter", ""),
                    paper.get("number", ""),
                    event.recorded_at,
                    event.by,
                    dossiers.dump(paper["facts"]),
                ),
            )
        elif "copy" in paper:
            store.execute(
                "UPDATE paper SET copies = max(copies, ?) WHERE uuid = ?",
                (paper["copy"], paper["uuid"]),
            )


# Codes that two dossiers claim


def _has_holder(store: Store, uuid: str, field: str, value: object) -> bool:
    is_live = "" if field == "code" else "AND is_void = 0"
    row = store.row(
        f"SELECT 1 FROM dossier WHERE {field} = ? AND uuid <> ? {is_live}",  # noqa: S608 - our own names
        (value, uuid),
    )
    return row is not None


def _end_claim(store: Store, uuid: str, field: str) -> None:
    store.execute(
        "DELETE FROM openconflict WHERE dossier_uuid = ? AND kind = ? AND field = ?",
        (uuid, CLAIM, field),
    )


def _settle(store: Store, field: str, value: object, uuids: set[str], now: int) -> None:
    """Let the first of the dossiers that claim a code keep it; the others wait for a person."""
    rows = store.rows(
        f"SELECT uuid FROM dossier WHERE {field} = ?1 UNION "  # noqa: S608 - our own names
        "SELECT dossier_uuid FROM openconflict WHERE kind = ?2 AND field = ?3",
        (value, CLAIM, field),
    )
    claims = []
    for uuid in uuids | {uuid for (uuid,) in rows}:
        merged = merged_of(store, uuid)
        if merged.state[field] == value and not is_out(merged.state, field):
            claims.append(Claim(uuid, _setter(store, uuid, merged, field)))
    claims.sort(key=lambda claim: claim.place)
    for claim in claims:
        _end_claim(store, claim.dossier_uuid, field)
    for loser in claims[1:]:
        uuid = loser.dossier_uuid
        _set_code(store, uuid, field, instead(field, value, uuid))
        name = conflict_id(CLAIM, field, claims[0].event, loser.event)
        _note(store, uuid, Conflict(name, CLAIM, field, claims[0].event, loser.event), now)
    if claims:
        _set_code(store, claims[0].dossier_uuid, field, value)


def _setter(store: Store, uuid: str, merged: Merged, field: str) -> Event:
    """Return the event that gave a dossier its code."""
    found: Sighted | None = None
    for one in dossiers.sighted_of(store, uuid):
        is_one = one.event.uuid not in merged.waiting and one.event.body.get("set", {}).get(field)
        if is_one == merged.state[field] and (found is None or has_seen(one, found.event)):
            found = one
    if found is None:
        msg = f"no event sets {field} of dossier {uuid}"
        raise ValueError(msg)
    return found.event


def _set_code(store: Store, uuid: str, field: str, value: object) -> None:
    row = store.row(dossiers.SELECT_STATE + "WHERE uuid = ?", (uuid,))
    if row is None:
        return
    dossier_id, _, before = dossiers.state_of(row)
    if before[field] != value:
        dossiers.update_dossier(store, dossier_id, before, {**before, field: value})
