"""A file of its own where the events of a bundle are sorted and checked before they are applied."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, Self

from sqlcipher3 import dbapi2 as driver

from counter_app.storage.faults import translated
from counter_app.storage.keys import DataKey, unlock_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

PREFIX = "dang-nhan-"
_AT_ONCE = 500


class Staging:
    """Rows of any width under ``(origin, epoch, sequence)``; gone when the block ends."""

    def __init__(self, folder: Path, columns: Sequence[str], *, is_sealed: bool = False) -> None:
        """Make the file in the data folder, where there is room for what it will become.

        Where the data are encrypted it is too, with a key that nobody keeps: what a power cut
        leaves of it can't be read.
        """
        self._key = DataKey.draw() if is_sealed else None
        self.path = folder / f"{PREFIX}{os.urandom(8).hex()}.db"
        self._columns = tuple(columns)
        self._connection: Any = None

    def __enter__(self) -> Self:
        """Open the file; one that can't be begun leaves nothing."""
        try:
            with translated(self.path):
                self._connection = driver.connect(str(self.path), isolation_level=None)
                unlock_connection(self._connection, self._key)
                names = ", ".join(f'"{name}"' for name in self._columns)
                for statement in (
                    "PRAGMA journal_mode = off",
                    "PRAGMA synchronous = off",
                    f"CREATE TABLE staged ({names}, PRIMARY KEY (origin, epoch, sequence))",
                ):
                    self._connection.execute(statement)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file, whatever happened."""
        self._remove()

    def _remove(self) -> None:
        if self._connection is not None:
            self._connection.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows; a place that is given twice keeps its first row."""
        marks = ", ".join("?" * len(self._columns))
        with translated(self.path):
            self._connection.execute("BEGIN")
            self._connection.executemany(f"INSERT OR IGNORE INTO staged VALUES ({marks})", rows)
            self._connection.execute("COMMIT")

    def in_chains(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows, chain by chain, in the order of their sequence."""
        with translated(self.path):
            cursor = self._connection.execute(
                "SELECT * FROM staged ORDER BY origin, epoch, sequence"
            )
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from rows


def remove_left_over(folder: Path) -> None:
    """Remove what a power cut in the middle of an import left behind."""
    for path in folder.glob(f"{PREFIX}*.db*"):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
