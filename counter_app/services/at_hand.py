"""What lies at hand when the desk opens: the last receipts, and what was typed and not saved."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.services import rights
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.opening_facts import DossierRow
    from counter_app.storage.database import Store


def recent_receipts(store: Store, *, now: datetime, limit: int = 10) -> list[DossierRow]:
    """Return the dossiers last typed at this desk within a day, newest first."""
    rows = store.rows(
        f"SELECT {dossiers.ROW_COLUMNS} FROM "  # noqa: S608 - own names
        "(SELECT * FROM dossier ORDER BY id DESC LIMIT 500) "
        "WHERE recorded_at >= ? AND source = 'typed' AND is_void = 0 "
        # What the quick register did has no receipt, and a page of its own.
        "AND json_extract(details, '$.quick') IS NULL ORDER BY id DESC LIMIT ?",
        (to_epoch(now - timedelta(days=1)), limit),
    )
    return [dossiers.to_row(row) for row in rows]


class OwnDraft:
    """What one person typed and didn't save, kept under his name where people sign in.

    Whose it is, is settled by who works with it first: pages and dialogs are put aside when another
    takes the desk, and what they still keep is the first one's.
    """

    def __init__(self, store: Store, key: str) -> None:
        """``key`` says of which form it is; nothing is read yet."""
        self._store, self._key, self._owner = store, key, ""

    def is_attended(self) -> bool:
        """Tell whether somebody is there whose draft it could be."""
        return bool(self._owner or self._store.user) or not rights.roles(self._store)

    def save(self, body: dict[str, Any], *, now: datetime) -> None:
        """Keep what was typed and not yet saved, so that it outlives a crash."""
        save_draft(self._store, key=self._own_key(), body=body, now=now)

    def load(self) -> tuple[dict[str, Any], datetime] | None:
        """Return what was typed and not saved, and when, or None."""
        return load_draft(self._store, key=self._own_key())

    def drop(self) -> None:
        """Forget it once its dossier is saved or it was thrown away on purpose."""
        drop_draft(self._store, key=self._own_key())

    def _own_key(self) -> str:
        if not self._owner and self._store.user:
            self._owner = self._store.user
            if not self._store.read_only:
                self._adopt(f"{self._key}/{self._owner}")
        return f"{self._key}/{self._owner}" if self._owner else self._key

    def _adopt(self, own: str) -> None:
        """Take over what was typed while nobody signed in here yet."""
        with self._store.transaction():
            self._store.execute(
                "UPDATE OR IGNORE draft SET key = ? WHERE key = ?", (own, self._key)
            )


def save_draft(store: Store, *, key: str, body: dict[str, Any], now: datetime) -> None:
    """Keep what was typed and not yet saved, so that it outlives a crash."""
    with store.transaction():
        store.execute(
            "INSERT INTO draft (key, body, saved_at) VALUES (?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at",
            (key, dossiers.dump(body), to_epoch(now)),
        )


def load_draft(store: Store, *, key: str) -> tuple[dict[str, Any], datetime] | None:
    """Return what was typed and not saved, and when, or None."""
    row = store.row("SELECT body, saved_at FROM draft WHERE key = ?", (key,))
    return None if row is None else (json.loads(row[0]), from_epoch(row[1]))


def drop_draft(store: Store, *, key: str) -> None:
    """Forget a draft once its dossier is saved or it was thrown away on purpose."""
    with store.transaction():
        store.execute("DELETE FROM draft WHERE key = ?", (key,))
