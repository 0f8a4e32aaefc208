"""The step that keeps the register's numbers and the office's own wording of forms."""

from __future__ import annotations

from typing import Any

_NEVER_V1 = (
    (
        "CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} rows are only added'); END"
    ),
    (
        "CREATE TRIGGER {table}_is_never_removed BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} rows are only added'); END"
    ),
)


def records(database: Any) -> None:
    """Make the tables of the register's numbers and of wording versions, both only added to."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class Office(BaseModel):
        pass

    class Dossier(BaseModel):
        pass

    class RegisterEntry(BaseModel):
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        book = pw.TextField()
        year = pw.IntegerField()
        number = pw.IntegerField()
        dossier = pw.ForeignKeyField(Dossier, on_delete="RESTRICT")

        class Meta:
            indexes = (
                (("office", "book", "year", "number"), True),
                (("office", "book", "dossier"), True),
            )

    class FormVersion(BaseModel):
        office = pw.ForeignKeyField(Office, on_delete="RESTRICT", index=False)
        version = pw.TextField(unique=True)
        valid_from = pw.TextField()
        source = pw.TextField()
        body = pw.TextField()
        recorded_at = pw.IntegerField()
        officer = pw.TextField()

    tables = [RegisterEntry, FormVersion]
    with database.bind_ctx([Office, Dossier, *tables], bind_refs=False):
        database.create_tables(tables, safe=False)
    for table in ("registerentry", "formversion"):
        for sql in _NEVER_V1:
            database.connection().execute(sql.format(table=table))
