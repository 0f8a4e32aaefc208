"""Statements for the exchange of events: chains, what is held back, what others acknowledged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.database import Store

EVENT_COLUMNS = (
    "uuid, dossier_uuid, origin, epoch, sequence, lamport, seen, kind, at, recorded_at, "
    '"by", counter, body, salt, body_hash, head_hash'
)
_BLOBS = 3  # the last columns: salt, body's hash, head's hash
_FETCHED = 500


def chains(store: Store) -> dict[str, int]:
    """Return how far each chain is usable here, our own included, by ``origin/epoch``."""
    rows = store.rows(
        "SELECT origin, epoch, usable FROM knownchain k WHERE NOT EXISTS (SELECT 1 FROM "
        "installation i WHERE i.is_self = 1 AND i.uuid = k.origin AND i.epoch = k.epoch) "
        "UNION ALL SELECT uuid, epoch, last_sequence FROM installation WHERE is_self = 1"
    )
    return {f"{origin}/{epoch}": usable for origin, epoch, usable in rows}


def chain_rows(store: Store) -> list[tuple[str, int, int, str, bytes]]:
    """Return origin, epoch, desk number, desk name and beginning of each chain known here."""
    return [
        (origin, epoch, number, name, bytes(base))
        for origin, epoch, number, name, base in store.rows(
            "SELECT origin, epoch, counter_number, counter_name, base_hash FROM knownchain "
            "UNION SELECT uuid, epoch, counter_number, counter_name, zeroblob(32) "
            "FROM installation i WHERE is_self = 1 AND NOT EXISTS (SELECT 1 FROM knownchain k "
            "WHERE k.origin = i.uuid AND k.epoch = i.epoch) ORDER BY 1, 2"
        )
    ]


def events_after(store: Store, chain: str, sequence: int) -> Iterator[tuple[Any, ...]]:
    """Yield a chain's events behind a place, in order."""
    origin, _, epoch = chain.rpartition("/")
    cursor = store.execute(
        f"SELECT {EVENT_COLUMNS} FROM event "
        "WHERE origin = ? AND epoch = ? AND sequence > ? ORDER BY sequence",
        (origin, int(epoch), sequence),
    )
    while rows := cursor.fetchmany(_FETCHED):
        yield from rows


def head_at(store: Store, origin: str, epoch: int, sequence: int) -> bytes | None:
    """Return the hash of the link at a place of a chain, None if it isn't known."""
    row = store.row(
        "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?",
        (origin, epoch, sequence),
    )
    return None if row is None else bytes(row[0])


def held(store: Store) -> list[tuple[Any, ...]]:
    """Return the events that are held back, as they came, chain by chain in order."""
    rows = store.rows("SELECT row FROM heldevent ORDER BY origin, epoch, sequence")
    return [_from_text(text) for (text,) in rows]


def hold(store: Store, row: tuple[Any, ...]) -> bool:
    """Hold an event back; returns whether it is new."""
    cursor = store.execute(
        "INSERT INTO heldevent (event_uuid, origin, epoch, sequence, dossier_uuid, row) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (row[0], *row[2:5], row[1], _to_text(row)),
    )
    return bool(cursor.rowcount)


def let_go(store: Store, row: tuple[Any, ...]) -> None:
    """Hold an event back no more."""
    store.execute("DELETE FROM heldevent WHERE event_uuid = ?", (row[0],))


def held_count(store: Store) -> int:
    """Return how many events wait behind a gap."""
    row = store.row("SELECT count(*) FROM heldevent")
    return int(row[0]) if row else 0


def _to_text(row: tuple[Any, ...]) -> str:
    return dossiers.dump([*row[:-_BLOBS], *(bytes(blob).hex() for blob in row[-_BLOBS:])])


def _from_text(text: str) -> tuple[Any, ...]:
    values = json.loads(text)
    return (*values[:-_BLOBS], *(bytes.fromhex(value) for value in values[-_BLOBS:]))


def insert_event(
    store: Store, number: int, office_id: int, row: tuple[Any, ...], seal: bytes
) -> None:
    """Write an event that came from elsewhere under the id its own desk gave it.

    Args:
        store: the open data.
        number: its id.
        office_id: whose it is.
        row: as it travelled.
        seal: of ours, where it is an event of this desk that comes back; else none.
    """
    uuid, dossier_uuid, *others = row
    store.execute(dossiers.INSERT_OWN_EVENT, (number, uuid, office_id, dossier_uuid, *others, seal))


def extend_chain(store: Store, origin: str, epoch: int, *, usable: int, head: bytes) -> None:
    """Note how far a chain is usable now."""
    store.execute(
        "UPDATE knownchain SET usable = ?, head_hash = ? WHERE origin = ? AND epoch = ?",
        (usable, head, origin, epoch),
    )


def know_chain(
    store: Store, origin: str, epoch: int, *, number: int, name: str, base: bytes
) -> None:
    """Note a chain and its desk, with nothing of it known yet."""
    store.execute(
        "INSERT INTO knownchain (origin, epoch, counter_number, counter_name, usable, base_hash, "
        "head_hash) VALUES (?, ?, ?, ?, 0, ?, ?) ON CONFLICT (origin, epoch) "
        "DO UPDATE SET counter_name = excluded.counter_name",
        (origin, epoch, number, name, base, base),
    )


def acknowledge(store: Store, peer: str, told: dict[str, int], *, now: int, is_anew: bool) -> None:
    """Keep how far another desk says it holds each chain.

    A later word only goes further, because an older file may arrive last; ``is_anew`` forgets what
    the desk said before.
    """
    if is_anew:
        store.execute("DELETE FROM acknowledged WHERE peer = ?", (peer,))
    for chain, sequence in told.items():
        store.execute(
            "INSERT INTO acknowledged (peer, chain, sequence, heard_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (peer, chain) DO UPDATE SET sequence = max(sequence, excluded.sequence), "
            "heard_at = excluded.heard_at",
            (peer, chain, sequence, now),
        )


def peers(store: Store) -> list[str]:
    """Return the other desks that are known, by the chains they write."""
    rows = store.rows(
        "SELECT DISTINCT origin FROM knownchain WHERE origin NOT IN "
        "(SELECT uuid FROM installation WHERE is_self = 1) ORDER BY origin"
    )
    return [origin for (origin,) in rows]


def acknowledged_by_all(store: Store) -> dict[str, int]:
    """Return how far every known desk holds each chain; what none has told of stands at 0."""
    known = peers(store)
    reached: dict[str, int] = {}
    for chain in chains(store):
        reached[chain] = min((_word(store, peer, chain) for peer in known), default=0)
    return reached


def _word(store: Store, peer: str, chain: str) -> int:
    row = store.row("SELECT sequence FROM acknowledged WHERE peer = ? AND chain = ?", (peer, chain))
    return int(row[0]) if row else 0
