"""A list that was taken in before, with nothing changed since: known by its hash, at once."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from counter_app.storage import dossiers, exchange
from counter_app.tabular.reading import open_binary, read_piece

if TYPE_CHECKING:
    from counter_app.storage.database import Store
    from counter_app.tabular.reading import Source


# To be raised whenever rows are read or applied otherwise: what was known before says nothing then.
_MANNER = 2


def digest_of(source: Source) -> str:
    """Return a list's SHA-256."""
    found = hashlib.sha256()
    with open_binary(source) as file:
        while piece := read_piece(file, 1 << 20):
            found.update(piece)
    return found.hexdigest()


def mark_of(store: Store, reading: str) -> str:
    """Return what a list's outcome rests on, hashed: all events, settings, catalogue, the reading.

    Args:
        store: the open data.
        reading: how the list was read: mapping, encoding.
    """
    told = [
        _MANNER,
        store.row("PRAGMA user_version"),
        reading,
        sorted(exchange.chains(store).items()),
        store.rows("SELECT key, value FROM setting WHERE key <> '_decided' ORDER BY key"),
        store.rows("SELECT code, valid_from, body FROM procedure ORDER BY id"),
        store.rows("SELECT date, kind, hours, counts FROM calendarday ORDER BY date, id"),
    ]
    return hashlib.sha256(dossiers.dump(told).encode()).hexdigest()


def taken_before(store: Store, digest: str, reading: str) -> int | None:
    """Return how many rows a list has that would change nothing, None if that isn't certain.

    Only a list whose every row went in without a remark is known so: what was rejected, doubted
    or mended is looked at again each time.
    """
    rows = store.rows(
        "SELECT counts FROM importrun WHERE sha256 = ? ORDER BY id DESC LIMIT 1", (digest,)
    )
    if not rows:
        return None
    counts: dict[str, Any] = json.loads(rows[0][0])
    is_plain = counts.get("remarks") == 0 and not counts["rejected"] and not counts["conflicts"]
    if not is_plain or counts.get("mark") != mark_of(store, reading):
        return None
    return int(counts["rows"])
