"""The step that brings papers of the office itself: reserved numbers and sheets to hand over."""

from __future__ import annotations

from typing import Any

_RESERVED_STATES_V1 = "state IN ('open', 'used', 'closed')"
_SHEET_PARTS_V1 = "part IN ('handed', 'due')"
_ANSWERS_V1 = "answer IN ('', 'kept', 'late')"


def office_papers(database: Any) -> None:
    """Make the tables of papers that belong to no single dossier."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class Office(BaseModel):
        pass

    class Dossier(BaseModel):
        pass

    class OfficePaper(BaseModel):
        uuid = pw.TextField(unique=True)
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        kind = pw.TextField()
        code = pw.TextField(unique=True)
        unit = pw.TextField()
        day = pw.TextField()
        made_at = pw.IntegerField()
        officer = pw.TextField()
        facts = pw.TextField()
        copies = pw.IntegerField()

    class ReservedNumber(BaseModel):
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        paper = pw.ForeignKeyField(OfficePaper, on_delete="RESTRICT")
        number = pw.TextField(unique=True)
        state = pw.TextField(constraints=[pw.Check(_RESERVED_STATES_V1)])
        dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT", null=True)
        reason = pw.TextField()
        changed_at = pw.IntegerField()
        officer = pw.TextField()

    class SheetRow(BaseModel):
        paper = pw.ForeignKeyField(OfficePaper, on_delete="RESTRICT")
        position = pw.IntegerField()
        part = pw.TextField(constraints=[pw.Check(_SHEET_PARTS_V1)])
        dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")
        answer = pw.TextField(constraints=[pw.Check(_ANSWERS_V1)])
        reason = pw.TextField()
        proposed_at = pw.IntegerField(null=True)
        answered_at = pw.IntegerField(null=True)
        officer = pw.TextField()

        class Meta:
            indexes = ((("paper", "part", "position"), True),)

    tables = [OfficePaper, ReservedNumber, SheetRow]
    with database.bind_ctx([Office, Dossier, *tables], bind_refs=False):
        database.create_tables(tables, safe=False)
    database.connection().execute(
        "CREATE INDEX officepaper_kind ON officepaper (office_id, kind, id)"
    )
    database.connection().execute(
        "CREATE INDEX reservednumber_state ON reservednumber (office_id, state, id)"
    )
