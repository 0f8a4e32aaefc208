"""Lists the window opens from a figure: what is promised for one day, what lacks its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.history import day_number
from counter_app.domain.moments import to_epoch
from counter_app.domain.opening_facts import DossierRow
from counter_app.services.browse import FILTERS
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store

_OPEN = FILTERS["open"].where


def due_on(
    store: Store, *, day: datetime, after: DossierRow | None = None, count: int = 50
) -> list[DossierRow]:
    """Return open dossiers promised for this day, by their due moment, a page at a time."""
    where = f"{_OPEN} AND competent_unit = '' AND due_day = ?"
    params: tuple[int, ...] = (day_number(to_epoch(day)),)
    if after is not None and after.due_at is not None:
        where += " AND (due_at, id) > (?, ?)"
        params += (after.due_at, after.id)
    rows = store.rows(
        f"SELECT {dossiers.ROW_COLUMNS} FROM dossier WHERE office_id = 1 AND {where} "  # noqa: S608
        "ORDER BY due_at, id LIMIT ?",
        (*params, count),
    )
    return [DossierRow._make(row) for row in rows]


def count_without_official_code(store: Store) -> int:
    """Return how many open dossiers still lack the official system's code."""
    where = FILTERS["without_official_code"].where
    row = store.row(f"SELECT count(*) FROM dossier WHERE office_id = 1 AND {where}")  # noqa: S608
    return int(row[0]) if row else 0
