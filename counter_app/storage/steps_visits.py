"""The step that keeps visits which became no dossier."""

from __future__ import annotations

from typing import Any


def visits(database: Any) -> None:
    """Make the table of visits; it always equals what their events add up to."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class Office(BaseModel):
        pass

    class Visit(BaseModel):
        uuid = pw.TextField(unique=True)
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        code = pw.TextField()
        kind = pw.TextField()
        at = pw.IntegerField()
        number = pw.TextField()
        applicant_name = pw.TextField()
        procedure_code = pw.TextField()
        dossier_uuid = pw.TextField()

        class Meta:
            indexes = (
                (("code",), False),
                (("office", "at"), False),
                (("office", "number", "procedure_code"), False),
            )

    with database.bind_ctx([Office, Visit], bind_refs=False):
        database.create_tables([Visit], safe=False)
