"""The step that keeps accounts and the audit log, which nobody can change unseen."""

from __future__ import annotations

from typing import Any

_ROLES_V1 = "role IN ('clerk', 'officer', 'head', 'admin')"
_GUARDS_V1 = (
    (
        "CREATE TRIGGER auditentry_is_never_changed BEFORE UPDATE ON auditentry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    (
        "CREATE TRIGGER auditentry_is_never_removed BEFORE DELETE ON auditentry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
    (
        "CREATE TRIGGER audithead_is_never_removed BEFORE DELETE ON audithead "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    ),
)


def people(database: Any) -> None:
    """Make the tables of accounts and of the audit log, and what forbids to change the log."""
    import peewee as pw

    class BaseModel(pw.Model):
        pass

    class Account(BaseModel):
        name = pw.TextField(unique=True)
        role = pw.TextField(constraints=[pw.Check(_ROLES_V1)])
        secret = pw.TextField()
        is_active = pw.BooleanField()
        failures = pw.IntegerField()
        failed_at = pw.IntegerField()
        changed_at = pw.IntegerField()

    class AuditEntry(BaseModel):
        at = pw.IntegerField(index=True)
        act = pw.TextField()
        by = pw.TextField()
        counter = pw.TextField()
        origin = pw.TextField()
        target = pw.TextField()
        detail = pw.TextField()
        head_hash = pw.BlobField()

    class AuditHead(BaseModel):
        last = pw.IntegerField()
        head_hash = pw.BlobField()

    tables = [Account, AuditEntry, AuditHead]
    with database.bind_ctx(tables):
        database.create_tables(tables, safe=False)
    for statement in _GUARDS_V1:
        database.connection().execute(statement)
