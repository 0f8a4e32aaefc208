"""The step that orders letters owed for ended dossiers as they are listed: by their due moment."""

from __future__ import annotations

from typing import Any


def order_the_owed(database: Any) -> None:
    """Put an index by due moment in the place of the one by completion, which nothing reads."""
    connection = database.connection()
    connection.execute("DROP INDEX dossier_closed_late")
    connection.execute(
        "CREATE INDEX dossier_owed ON dossier (office_id, due_at, id, status) "
        "WHERE timeliness = 'late' AND late_letter = 0 AND is_void = 0"
    )
