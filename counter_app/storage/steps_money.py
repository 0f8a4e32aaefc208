"""Steps for money: the till of a day is read by an index of its own."""

from __future__ import annotations

from typing import Any


def index_the_till(database: Any) -> None:
    """Find the payments and the undoings of a day among all events; others aren't in the index."""
    database.connection().execute(
        "CREATE INDEX event_till ON event (at) WHERE kind IN ('fee', 'undo')"
    )
