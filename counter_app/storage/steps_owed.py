"""The steps for letters that are owed: listed by their due moment, other units' left out."""

from __future__ import annotations

from typing import Any

_OPEN_V1 = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
# The competent unit ends each of them, so that what another unit resolves is left out without a
# look at its row.
_OURS_V1 = (
    (
        "dossier_owed",
        "due_at, id, status",
        "timeliness = 'late' AND late_letter = 0 AND is_void = 0",
    ),
    ("dossier_open_due", "due_day, due_at, id, status", f"{_OPEN_V1} AND is_void = 0"),
    (
        "dossier_open_late",
        "due_day, id, status",
        f"late_due_at IS NOT NULL AND {_OPEN_V1} AND is_void = 0",
    ),
    (
        "dossier_lettered",
        "due_day, due_at, late_due_at, status",
        f"late_letter = 1 AND {_OPEN_V1} AND is_void = 0",
    ),
)


def order_the_owed(database: Any) -> None:
    """Put an index by due moment in the place of the one by completion, which nothing reads."""
    connection = database.connection()
    connection.execute("DROP INDEX dossier_closed_late")
    connection.execute(
        "CREATE INDEX dossier_owed ON dossier (office_id, due_at, id, status) "
        "WHERE timeliness = 'late' AND late_letter = 0 AND is_void = 0"
    )


def tell_ours_from_others(database: Any) -> None:
    """Let the indexes of letters owed say which unit is competent."""
    connection = database.connection()
    for name, columns, where in _OURS_V1:
        connection.execute(f"DROP INDEX {name}")
        connection.execute(
            f"CREATE INDEX {name} ON dossier (office_id, {columns}, competent_unit) WHERE {where}"
        )
