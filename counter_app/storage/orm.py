"""Peewee over connections that are open already: the steps make and change tables with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import peewee as pw

if TYPE_CHECKING:
    from counter_app.storage.connections import Connections


class Orm(pw.SqliteDatabase):
    """A peewee database whose statements run on the calling thread's own connection."""

    def __init__(self, connections: Connections) -> None:
        """Transactions stay with whoever owns ``connections``."""
        super().__init__(connections.path)
        self._connections = connections

    def _connect(self) -> Any:
        return self._connections.connection()

    def _close(self, conn: Any) -> None:
        """Leave the connection open: it isn't ours."""
