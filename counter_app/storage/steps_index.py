"""Steps on indexes alone: the search index is put in order later, the list's tells more."""

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


def tell_more_along_the_list(database: Any) -> None:
    """Let the index of the list of all tell sector and channel: a filter by them reads no rows.

    A further index would find them quicker still, for this one filter, and be written at each
    save; these columns stand at the end of an entry that is written anyway.
    """
    connection = database.connection()
    connection.execute("DROP INDEX dossier_received")
    connection.execute(
        "CREATE INDEX dossier_received ON dossier (office_id, received_at, id, sector, channel) "
        "WHERE is_void = 0"
    )
