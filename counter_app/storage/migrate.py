"""The steps that bring a file to today's schema, run one by one."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2 as driver

from counter_app.storage.first_look import APPLICATION_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_app.storage.connections import Connections
    from counter_app.storage.orm import Orm


def migrate(database: Connections, migrations: Sequence[Callable[[Any], None]]) -> None:
    """Run what is missing, each step and its number in one transaction."""
    from counter_app.storage.orm import Orm  # a start makes no tables

    connection = database.connection()
    orm = Orm(database)
    for number, migration in enumerate(migrations, start=1):
        # Foreign keys stay off while tables are rebuilt: a dropped table would take its
        # children with it.
        connection.execute("PRAGMA foreign_keys=0")
        try:
            connection.execute("BEGIN IMMEDIATE")
            # Two programs may start at once: who comes second finds the work done.
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < number:
                _run(orm, connection, migration, number)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                with contextlib.suppress(driver.Error):
                    connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA foreign_keys=1")


def _run(orm: Orm, connection: Any, migration: Callable[[Any], None], number: int) -> None:
    migration(orm)
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        msg = f"migration {number} leaves rows of {broken[0]} without their parent"
        raise RuntimeError(msg)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={number}")
