"""The step that adds what reports count: pieces of lives, monthly sums, reports handed in."""

from __future__ import annotations

from typing import Any

STANDING_COLUMNS_V1 = (
    "dossier_id INTEGER NOT NULL REFERENCES dossier (id) ON DELETE RESTRICT, "
    "office_id INTEGER NOT NULL REFERENCES office (id) ON DELETE RESTRICT, "
    "from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, kind TEXT NOT NULL "
    "CHECK (kind IN ('open', 'resolved', 'refused', 'withdrawn', 'stopped', 'elsewhere')), "
    "entered_at INTEGER NOT NULL, ended_at INTEGER, "
    "verdict TEXT, due_at INTEGER, marked INTEGER NOT NULL, earlier INTEGER NOT NULL, "
    "closed_late INTEGER NOT NULL, legal_verdict TEXT, legal_due_at INTEGER, "
    "legal_marked INTEGER NOT NULL, legal_earlier INTEGER NOT NULL, "
    "legal_closed_late INTEGER NOT NULL, backdated INTEGER NOT NULL, rescheduled_at INTEGER, "
    "channel TEXT NOT NULL, sector TEXT NOT NULL, procedure_code TEXT NOT NULL, "
    "officer TEXT NOT NULL, digitised_input INTEGER NOT NULL, digitised_output INTEGER NOT NULL, "
    "surveyed INTEGER NOT NULL, satisfied INTEGER NOT NULL"
)
TALLY_MEASURES_V1 = (
    "online",
    "other",
    "digitised_input",
    "early",
    "on_time",
    "late",
    "legal_early",
    "legal_on_time",
    "legal_late",
    "refused",
    "withdrawn",
    "stopped",
    "closed_late",
    "legal_closed_late",
    "earlier",
    "legal_earlier",
    "digitised_output",
    "surveyed",
    "satisfied",
    "late_open",
    "legal_late_open",
    "earlier_open",
    "legal_earlier_open",
)
_STATEMENTS_V1 = (
    (
        f"CREATE TABLE standing ({STANDING_COLUMNS_V1}, PRIMARY KEY (dossier_id, from_at)) "
        "WITHOUT ROWID"
    ),
    # What ended and when, with everything that the totals ask of it: a period reads this alone.
    (
        "CREATE INDEX standing_ended ON standing (ended_at, until_at, from_at, kind, verdict, "
        "entered_at, channel, earlier, closed_late, digitised_input, digitised_output, surveyed, "
        "satisfied) WHERE ended_at IS NOT NULL"
    ),
    (
        "CREATE INDEX standing_open ON standing (until_at, from_at, entered_at, due_at, marked, "
        "earlier, channel, digitised_input) WHERE kind = 'open'"
    ),
    "CREATE INDEX standing_elsewhere ON standing (entered_at, until_at) WHERE kind = 'elsewhere'",
    "CREATE INDEX standing_backdated ON standing (until_at) WHERE backdated = 1",
    (
        "CREATE INDEX standing_rescheduled ON standing (rescheduled_at) "
        "WHERE rescheduled_at IS NOT NULL"
    ),
    "CREATE INDEX paper_apologies ON paper (issued_at) WHERE kind = 'apology'",
    "CREATE TABLE tally (dimension TEXT NOT NULL, about INTEGER NOT NULL, key TEXT NOT NULL, "
    "office_id INTEGER NOT NULL REFERENCES office (id) ON DELETE RESTRICT, "
    "month INTEGER NOT NULL, "
    + ", ".join(f"{name} INTEGER NOT NULL" for name in TALLY_MEASURES_V1)
    + ", PRIMARY KEY (dimension, about, key, office_id, month)) WITHOUT ROWID",
    (
        "CREATE TABLE frozenreport (id INTEGER NOT NULL PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, "
        "office_id INTEGER NOT NULL REFERENCES office (id) ON DELETE RESTRICT, name TEXT NOT NULL, "
        "from_day TEXT NOT NULL, to_day TEXT NOT NULL, against TEXT NOT NULL, "
        "boundary TEXT NOT NULL, figures TEXT NOT NULL, dossiers TEXT NOT NULL, "
        'frozen_at INTEGER NOT NULL, "by" TEXT NOT NULL)'
    ),
    (
        "CREATE TRIGGER report_is_never_changed BEFORE UPDATE ON frozenreport "
        "BEGIN SELECT RAISE(ABORT, 'a report that was handed in stays'); END"
    ),
    # An empty file has nothing to count; an older one is counted when a report is first asked for.
    (
        "INSERT INTO setting (key, value) SELECT '_figures', '1/day' "
        "WHERE NOT EXISTS (SELECT 1 FROM dossier)"
    ),
)


def tables_of_figures(database: Any) -> None:
    """Make the tables that reports read."""
    for statement in _STATEMENTS_V1:
        database.connection().execute(statement)
