"""The step after which no save pays for the order of the search index."""

from __future__ import annotations

from typing import Any


def order_the_index_later(database: Any) -> None:
    """Leave merging to the quiet moments.

    SQLite's way lets every 64th save merge for all of them: 20 to 80 ms at 200,000 dossiers,
    with a queue waiting.
    """
    database.connection().execute(
        "INSERT INTO dossier_search (dossier_search, rank) VALUES ('automerge', 0)"
    )
