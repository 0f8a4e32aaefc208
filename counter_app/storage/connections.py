"""Each thread's own connection, through the driver that carries its own, current library.

Peewee stands on top where its models are wanted (``storage.orm``): the tables are made with it. A
start makes none, so it isn't even loaded then.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2 as driver

from counter_app.storage.keys import unlock_connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counter_app.storage.keys import DataKey


# The driver keeps a hundred statements ready and, when that many stand there, lets the newest go
# for a newer one: two that come in turn would be prepared anew each time, which costs ten times as
# much as running them. A window runs more than a hundred different ones in a morning.
_STATEMENTS = 500


class Connections:
    """The connections to one database file, one for each thread that asks."""

    def __init__(
        self,
        path: str,
        pragmas: Mapping[str, Any],
        *,
        is_uri: bool = False,
        key: DataKey | None = None,
    ) -> None:
        """Nothing is opened until a thread asks; ``pragmas`` are set in their order."""
        self.path = path
        self.key = key
        self._is_uri = is_uri
        self._pragmas = dict(pragmas)
        self._own = threading.local()

    def connection(self) -> Any:
        """Return this thread's connection; it is opened at the first call."""
        try:
            return self._own.connection
        except AttributeError:
            made = self._own.connection = self._open()
            self._own.file = self._file_there()
            return made

    def is_in_place(self) -> bool:
        """Say whether the file that this thread has open still stands under its name.

        Where it may be removed, renamed or unmounted while it is open, SQLite goes on writing into
        what nobody will find again. Windows lets nobody take it away.
        """
        if os.name == "nt":
            return True
        return bool(self._file_there() == self._own.file)

    def _file_there(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.path)  # noqa: PTH116 - asked before each commit
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        connection = self._own.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def _open(self) -> Any:
        connection = driver.connect(
            self.path,
            timeout=5,
            cached_statements=_STATEMENTS,
            isolation_level=None,
            check_same_thread=False,
            uri=self._is_uri,
        )
        try:
            unlock_connection(connection, self.key)
            for name, value in self._pragmas.items():
                connection.execute(f"PRAGMA {name}={value}")
        except BaseException:
            connection.close()
            raise
        return connection
