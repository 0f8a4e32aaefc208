"""The step for a search that forgives, and for the sums that the head's board reads."""

from __future__ import annotations

from typing import Any

_OPEN_V1 = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
# What counts towards the office's own deadlines, with where it counts.
_PLACE_V1 = (
    "{0}.office_id, coalesce({0}.due_day, -1), {0}.late_due_at IS NOT NULL, {0}.resolving_unit, "
    "{0}.handling_officer"
)
_COUNTS_V1 = (
    "{0}.is_void = 0 AND {0}.competent_unit = '' AND {0}.status IN "
    "('received','processing','awaiting_supplement','awaiting_payment')"
)
_KEY_V1 = "office_id, due_day, marked, unit, officer"
_ADD_V1 = (
    f"INSERT INTO openload ({_KEY_V1}, number) SELECT {_PLACE_V1}, 1 WHERE {_COUNTS_V1} "
    f"ON CONFLICT ({_KEY_V1}) DO UPDATE SET number = number + 1"
).format("NEW")
_TAKE_V1 = (
    f"UPDATE openload SET number = number - 1 WHERE ({_KEY_V1}) = ({_PLACE_V1}) AND {_COUNTS_V1}"
).format("OLD")
# A day that is past and done leaves nothing to be walked over.
_CLEAR_V1 = f"DELETE FROM openload WHERE ({_KEY_V1}) = ({_PLACE_V1}) AND number = 0".format("OLD")
_STATEMENTS_V1 = (
    # The folded words of names, from which one that was mistyped is put right.
    "CREATE TABLE nameword (word TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
    # An empty file's index is of today's form; an older one is made anew beside the first window.
    (
        "INSERT INTO setting (key, value) SELECT '_search', '1' "
        "WHERE NOT EXISTS (SELECT 1 FROM dossier)"
    ),
    (
        "CREATE TABLE openload (office_id INTEGER NOT NULL, due_day INTEGER NOT NULL, "
        "marked INTEGER NOT NULL, unit TEXT NOT NULL, officer TEXT NOT NULL, "
        f"number INTEGER NOT NULL, PRIMARY KEY ({_KEY_V1})) WITHOUT ROWID"
    ),
    (
        f"INSERT INTO openload ({_KEY_V1}, number) SELECT {_PLACE_V1}, count(*) FROM dossier d "
        f"WHERE {_COUNTS_V1} GROUP BY 1, 2, 3, 4, 5"
    ).format("d"),
    f"CREATE TRIGGER openload_comes AFTER INSERT ON dossier BEGIN {_ADD_V1}; END",
    (
        "CREATE TRIGGER openload_moves AFTER UPDATE OF office_id, status, is_void, due_day, "
        "late_due_at, resolving_unit, handling_officer, competent_unit ON dossier "
        f"BEGIN {_TAKE_V1}; {_CLEAR_V1}; {_ADD_V1}; END"
    ),
    # What was handed over and not taken over, and what has linked steps: few, each by its index.
    # Looked for as text, because a row that was damaged from outside must still be writable.
    (
        "CREATE INDEX dossier_unaccepted ON dossier (office_id, CAST(substr(details, "
        "instr(details, '\"forwarded_at\":') + 15, 10) AS INTEGER), id) "
        "WHERE status = 'processing' AND is_void = 0 "
        "AND instr(details, '\"accepted_at\":') = 0 AND instr(details, '\"forwarded_at\":') > 0"
    ),
    (
        "CREATE INDEX dossier_linked ON dossier (office_id, id, status) "
        f"WHERE {_OPEN_V1} AND is_void = 0 AND instr(details, '\"steps\":') > 0"
    ),
)


def search_and_load(database: Any) -> None:
    """Make the words of names and the sums of what is open, by day, unit and officer."""
    for statement in _STATEMENTS_V1:
        database.connection().execute(statement)


def index_the_lettered(database: Any) -> None:
    """Find what is open and has its letter of lateness: few, taken off all that are late."""
    database.connection().execute(
        "CREATE INDEX dossier_lettered ON dossier "
        "(office_id, due_day, due_at, late_due_at, status) "
        f"WHERE late_letter = 1 AND {_OPEN_V1} AND is_void = 0"
    )


def index_what_stands_here(database: Any) -> None:
    """Find what waits at the desk, and what another body resolves, without walking all open ones.

    Another body's are counted beside the sums of the office's own.
    """
    connection = database.connection()
    connection.execute(
        "CREATE INDEX dossier_at_desk ON dossier (office_id, received_at, id) "
        "WHERE status = 'received' AND is_void = 0"
    )
    connection.execute(
        "CREATE INDEX dossier_elsewhere ON dossier "
        "(office_id, received_at, id, due_day, due_at, late_due_at, status) "
        f"WHERE competent_unit <> '' AND {_OPEN_V1} AND is_void = 0"
    )
