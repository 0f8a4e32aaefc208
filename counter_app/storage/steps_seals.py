"""The steps that give events, lines of the log and rows without events their seals."""

from __future__ import annotations

from typing import Any


def seals(database: Any) -> None:
    """Add the seals, none for what was written before, and the table of heads."""
    import peewee as pw

    connection = database.connection()
    for table in ("event", "auditentry"):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN seal BLOB NOT NULL DEFAULT x''")
    connection.execute(
        "CREATE TRIGGER event_seal_is_never_changed BEFORE UPDATE OF seal ON event "
        "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
    )

    class HeldHead(pw.Model):
        holder = pw.TextField()
        chain = pw.TextField()
        sequence = pw.IntegerField()
        head_hash = pw.BlobField()
        heard_at = pw.IntegerField()

        class Meta:
            primary_key = pw.CompositeKey("holder", "chain")

    with database.bind_ctx([HeldHead]):
        database.create_tables([HeldHead], safe=False)


def hashes_of_rows(database: Any) -> None:
    """Make the table of the hashes of rows that come every day and have no events."""
    import peewee as pw

    class RowHash(pw.Model):
        kind = pw.TextField()
        name = pw.TextField()
        hash = pw.TextField()

        class Meta:
            primary_key = pw.CompositeKey("kind", "name")

    with database.bind_ctx([RowHash]):
        database.create_tables([RowHash], safe=False)
