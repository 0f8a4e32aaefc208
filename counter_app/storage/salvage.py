"""A damaged file read row by row: what can be read goes into a new file, the rest is counted."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlcipher3 import dbapi2 as driver

from counter_app.storage.keys import PLAIN_HEADER, unlock_connection
from counter_app.storage.sealed_pages import seal_anew

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_app.storage.keys import DataKey

# What a table's reading may stumble over; the text of a damaged row may be no UTF-8 any more.
_UNREADABLE = (driver.Error, UnicodeDecodeError, OverflowError)
_FIRST, _LAST = -(1 << 63), (1 << 63) - 1


class Salvaged(NamedTuple):
    """One table: rows that were brought over, rows known to be lost, whether more may be."""

    table: str
    rows: int
    lost: int
    is_sure: bool


def copy_aside(source: Path, folder: Path, key: DataKey | None) -> Path:
    """Copy a damaged file with its log, so that reading it changes nothing; mend its first bytes.

    Raises:
        OSError: it can't be read.
    """
    target = folder / "hong.db"
    shutil.copyfile(source, target)
    wal = source.with_name(source.name + "-wal")
    if wal.exists():
        shutil.copyfile(wal, target.with_name(target.name + "-wal"))
    header = PLAIN_HEADER if key is None else key.salt
    with target.open("r+b") as file:
        if file.read(len(header)) != header:
            file.seek(0)
            file.write(header)
    if key is not None:
        seal_anew(target, key)
    return target


def bring_over(source: Path, target: Any, key: DataKey | None) -> list[Salvaged]:
    """Copy every row that can be read into the tables of ``target``; returns what came of it.

    Raises:
        driver.Error: not even the list of tables can be read.
    """
    connection = driver.connect(str(source), isolation_level=None)
    try:
        unlock_connection(connection, key)
        connection.execute("PRAGMA cell_size_check=0")
        there = _tables(connection)
        found = []
        for table, columns in _tables(target).items():
            if table in there:
                shared = [column for column in columns if column in there[table]]
                found.append(_bring(connection, target, table, shared))
        return found
    finally:
        connection.close()


def _tables(connection: Any) -> dict[str, list[str]]:
    """Return the plain tables and their columns; what is counted or indexed is made anew."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE '%\\_search%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' "
        "AND sql NOT LIKE '%WITHOUT ROWID' "
        "ORDER BY name"
    ).fetchall()
    return {
        name: [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        for (name,) in rows
    }


def _bring(source: Any, target: Any, table: str, columns: list[str]) -> Salvaged:
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * (len(columns) + 1))
    insert = f'INSERT OR REPLACE INTO "{table}" (rowid, {names}) VALUES ({marks})'
    select = f'SELECT rowid, {names} FROM "{table}" '
    reading = _Reading(source, table, select)
    rows = refused = 0
    for row in reading.rows():
        try:
            target.execute(insert, row)
        except _UNREADABLE:
            refused += 1  # what a rule of the table forbids was never written by us
        else:
            rows += 1
    return Salvaged(table, rows, reading.lost + refused, reading.is_sure)


class _Reading:
    """One damaged table: from the front, from the back, and one by one what lies between."""

    def __init__(self, source: Any, table: str, select: str) -> None:
        self._source, self._table, self._select = source, table, select
        self.lost = 0
        self.is_sure = True

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield every row that can be read, each once."""
        front, back = _FIRST, _LAST
        is_whole = False
        for row, end in self._until_damage("ORDER BY rowid", ()):
            if end:
                is_whole = row is None
                break
            front = row[0]
            yield row
        if is_whole:
            return
        for row, end in self._until_damage("WHERE rowid > ? ORDER BY rowid DESC", (front,)):
            if end:
                break
            back = row[0]
            yield row
        yield from self._between(front, back)

    def _until_damage(self, where: str, params: tuple[int, ...]) -> Iterator[tuple[Any, bool]]:
        """Yield rows; the last pair says that it ended, by damage or with None at the end."""
        try:
            for row in self._source.execute(self._select + where, params):
                yield row, False
        except _UNREADABLE as error:
            yield error, True
            return
        yield None, True

    def _between(self, front: int, back: int) -> Iterator[tuple[Any, ...]]:
        """Ask the indexes which rows there are in the gap, and read each by itself."""
        known: set[int] = set()
        self.is_sure = False
        for (index,) in self._indexes():
            try:
                found = self._source.execute(
                    f'SELECT rowid FROM "{self._table}" INDEXED BY "{index}" '
                    "WHERE rowid > ? AND rowid < ?",
                    (front, back),
                )
                known.update(row[0] for row in found)
                self.is_sure = True
            except _UNREADABLE:
                continue
        for number in sorted(known):
            try:
                row = self._source.execute(self._select + "WHERE rowid = ?", (number,)).fetchone()
            except _UNREADABLE:
                row = None
            if row is None:
                self.lost += 1
            else:
                yield row

    def _indexes(self) -> list[tuple[str]]:
        try:
            rows = self._source.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?",
                (self._table,),
            ).fetchall()
        except _UNREADABLE:
            return []
        return [(str(name),) for (name,) in rows]
