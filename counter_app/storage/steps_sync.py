"""The step that lets desks exchange their events: chains, what waits, runs of the exchange."""

from __future__ import annotations

from typing import Any

_RUN_KINDS_V1 = "kind IN ('export', 'import')"


def exchange_of_events(database: Any) -> None:
    """Make the tables of chains, held-back events, conflicts, runs and invitations."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class KnownChain(BaseModel):
        origin = pw.TextField()
        epoch = pw.IntegerField()
        counter_number = pw.IntegerField()
        counter_name = pw.TextField()
        usable = pw.IntegerField()
        base_hash = pw.BlobField()
        head_hash = pw.BlobField()

        class Meta:
            primary_key = pw.CompositeKey("origin", "epoch")

    class HeldEvent(BaseModel):
        event_uuid = pw.TextField(unique=True)
        origin = pw.TextField()
        epoch = pw.IntegerField()
        sequence = pw.IntegerField()
        dossier_uuid = pw.TextField(index=True)
        row = pw.TextField()

        class Meta:
            indexes = ((("origin", "epoch", "sequence"), True),)

    class Acknowledged(BaseModel):
        peer = pw.TextField()
        chain = pw.TextField()
        sequence = pw.IntegerField()
        heard_at = pw.IntegerField()

        class Meta:
            primary_key = pw.CompositeKey("peer", "chain")

    class WaitingEvent(BaseModel):
        event_uuid = pw.TextField(primary_key=True)
        dossier_uuid = pw.TextField(index=True)

    class OpenConflict(BaseModel):
        id = pw.TextField(primary_key=True)
        dossier_uuid = pw.TextField(index=True)
        kind = pw.TextField()
        field = pw.TextField()
        first_uuid = pw.TextField()
        second_uuid = pw.TextField()
        found_at = pw.IntegerField()

    class SyncRun(BaseModel):
        kind = pw.TextField(constraints=[pw.Check(_RUN_KINDS_V1)])
        name = pw.TextField()
        sha256 = pw.TextField()
        at = pw.IntegerField()
        by = pw.TextField()
        origin = pw.TextField()
        counter_name = pw.TextField()
        counts = pw.TextField()
        undone_at = pw.IntegerField(null=True)

    class SyncRunEvent(BaseModel):
        run = pw.ForeignKeyField(SyncRun, on_delete="RESTRICT", index=False)
        event_uuid = pw.TextField()

        class Meta:
            primary_key = pw.CompositeKey("run", "event_uuid")

    class Invitation(BaseModel):
        counter_number = pw.IntegerField(primary_key=True)
        made_at = pw.IntegerField()
        by = pw.TextField()

    tables = [
        KnownChain,
        HeldEvent,
        Acknowledged,
        WaitingEvent,
        OpenConflict,
        SyncRun,
        SyncRunEvent,
        Invitation,
    ]
    with database.bind_ctx(tables):
        database.create_tables(tables, safe=False)
