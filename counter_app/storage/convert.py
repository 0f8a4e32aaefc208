"""Data turned from plain to encrypted or back: a new file is made, proved, and takes the name.

The old file keeps its name until the new one is on the disk and was read through; the change of
names is one step of the file system. Killed at any moment, the program finds the one or the other.
Nobody else may work on the data meanwhile: the old file is held alone from before the first row is
read until it has been overwritten, and a lock of its own tells whoever opens the folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import IO, TYPE_CHECKING, Any

from sqlcipher3 import dbapi2 as driver

from counter_app.atomic import sync_file, sync_folder
from counter_app.errors import DataFileError
from counter_app.storage.backup import integrity
from counter_app.storage.faults import BUSY, translated
from counter_app.storage.keys import BESIDE, unlock_connection
from counter_app.storage.lock import WindowLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from counter_app.storage.keys import DataKey

    Progress = Callable[[int, int], None]

_LOCK = "chuyen-ma-hoa.lock"
_NEW, _OLD = BESIDE
_PIECE = 1 << 20
_RUNNING = "Đang chuyển mã hóa dữ liệu trong thư mục này. Chưa mở gì. Chờ việc đó xong rồi mở lại."
_DIFFERS = (
    "Tệp dữ liệu mới đọc lại khác tệp cũ ({what}) nên đã bỏ. Dữ liệu cũ còn nguyên và vẫn dùng "
    "được. Chạy lệnh check rồi gọi người hỗ trợ."
)


def convert(
    path: Path,
    key: DataKey | None,
    new_key: DataKey | None,
    *,
    prove: Callable[[Path], None],
    progress: Progress,
) -> None:
    """Put a file under another key, or none, in the place of the present one.

    Args:
        path: the database file; no connection of this process may be open on it.
        key: the present key, None for a plain file.
        new_key: the key afterwards, None for a plain file.
        prove: reads the new file through and raises what is wrong with it.
        progress: is told how far it has come; what it raises before the last step stops
            everything and leaves the old file as it was.

    Raises:
        DataFileError: somebody else works on the data, the disk is full, or the new file isn't
            what the old one is; nothing has changed.
    """
    new, old = _beside(path, _NEW), _beside(path, _OLD)
    with contextlib.ExitStack() as stack:
        lock = WindowLock.acquire(path.parent, _LOCK)
        if lock is None:
            raise DataFileError(_RUNNING)
        stack.callback(lock.release)
        _sweep(path)
        # Before any lock on it: closing a second handle would let the locks of the first go.
        handle = stack.enter_context(path.open("r+b"))
        stack.callback(_remove, new)
        with translated(path):
            connection = _hold(path, key, new, new_key)
        stack.callback(connection.close)
        with translated(new):
            _copy(connection, progress)
            progress(1, 1)
            _compare(connection, new, new_key)
        prove(new)
        sync_file(new)
        progress(1, 1)
        if os.name == "nt":
            # Nobody can rename a file there that somebody holds open.
            connection.close()
            handle.close()
        _put_in_place(path, new, old)
        progress(1, 1)
        if not handle.closed:
            overwrite(handle)
        elif old.exists():
            with old.open("r+b") as left:
                overwrite(left)
        progress(1, 1)
        old.unlink(missing_ok=True)


def copy_under(source: Path, key: DataKey | None, target: Path, new_key: DataKey | None) -> None:
    """Copy a database file that nobody works on into a new one under another key, or none.

    It is only read, also where it can't be written.

    Raises:
        DataFileError: it can't be read or written, or the copy isn't what the original is.
    """
    if key == new_key:
        shutil.copyfile(source, target)
        return
    with translated(target):
        uri = f"{source.absolute().as_uri()}?mode=ro&immutable=1"
        connection = _attach(uri, key, target, new_key)
        try:
            connection.execute("BEGIN")
            _copy(connection, lambda _done, _total: None)
            _compare(connection, target, new_key)
        finally:
            connection.close()


def finish_left_over(path: Path) -> None:
    """Clear away what a conversion that was killed has left; the data have their name.

    Raises:
        DataFileError: it isn't left over: a conversion is running.
    """
    lock = WindowLock.acquire(path.parent, _LOCK)
    if lock is None:
        raise DataFileError(_RUNNING)
    try:
        _sweep(path)
    finally:
        lock.release()


def wipe(path: Path) -> None:
    """Overwrite a file and remove it; an SSD or a journal may keep traces all the same.

    Raises:
        OSError: it can't be written or removed.
    """
    with path.open("r+b") as file:
        overwrite(file)
    path.unlink()


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _sweep(path: Path) -> None:
    _remove(_beside(path, _NEW))
    old = _beside(path, _OLD)
    if not old.exists():
        return
    with contextlib.suppress(OSError):
        if path.exists() and old.samefile(path):
            old.unlink()  # killed between the two names: it is the file in use
        else:
            wipe(old)


def _remove(new: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            new.with_name(new.name + ending).unlink(missing_ok=True)


def _attach(source: str, key: DataKey | None, target: Path, new_key: DataKey | None) -> Any:
    """Open the new file with the old one beside it."""
    connection = driver.connect(
        target.absolute().as_uri(), isolation_level=None, timeout=5, uri=True
    )
    try:
        unlock_connection(connection, new_key)
        for pragma in ("journal_mode=off", "synchronous=off", "temp_store=memory"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS cu KEY ?", (source, "" if key is None else key.raw))
    except BaseException:
        connection.close()
        raise
    return connection


def _hold(source: Path, key: DataKey | None, target: Path, new_key: DataKey | None) -> Any:
    """Open the new file with the old one beside it, which nobody else can use any more."""
    connection = _attach(str(source), key, target, new_key)
    try:
        connection.execute("PRAGMA cu.wal_checkpoint(TRUNCATE)")
        # Only who is alone with a file can take its log away.
        connection.execute("PRAGMA cu.journal_mode=delete")
        # Nothing more is written to it, and what no journal tells can't be rolled back over
        # the file that takes its name.
        connection.execute("PRAGMA cu.locking_mode=exclusive")
        connection.execute("PRAGMA cu.journal_mode=off")
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("PRAGMA cu.journal_mode").fetchone() != ("off",):
            raise DataFileError(BUSY)  # somebody came between and has made a log anew
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(connection: Any, progress: Progress) -> None:
    """Copy the schema and every row, with the numbers that rows have; then end the transaction."""
    schema = connection.execute(
        "SELECT type, name, tbl_name, sql FROM cu.sqlite_schema "
        "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    virtual = [row for row in schema if row[3].upper().startswith("CREATE VIRTUAL")]
    tables = [row for row in schema if row[0] == "table" and row not in virtual]
    for done, (_, name, _, sql) in enumerate(tables):
        progress(done, len(tables))
        connection.execute(sql)
        columns = _columns(connection, name)
        connection.execute(
            f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM cu."{name}"'
        )
    for kind, _, _, sql in schema:
        if kind != "table":
            connection.execute(sql)
    connection.execute("PRAGMA writable_schema=on")
    for _, name, table, sql in virtual:
        # Not created: that would make its tables, which were copied, a second time.
        connection.execute(
            "INSERT INTO main.sqlite_schema (type, name, tbl_name, rootpage, sql) "
            "VALUES ('table', ?, ?, 0, ?)",
            (name, table, sql),
        )
    connection.execute("PRAGMA writable_schema=off")
    for pragma in ("application_id", "user_version"):
        (value,) = connection.execute(f"PRAGMA cu.{pragma}").fetchone()
        connection.execute(f"PRAGMA main.{pragma}={value}")
    connection.execute("COMMIT")


def _columns(connection: Any, table: str) -> str:
    """Return what is copied of a table: its columns, before them the number where it has one."""
    rows = connection.execute(f'PRAGMA cu.table_info("{table}")').fetchall()
    names = [f'"{row[1]}"' for row in rows]
    (has_none,) = connection.execute(
        "SELECT wr FROM pragma_table_list WHERE schema = 'cu' AND name = ?", (table,)
    ).fetchone()
    is_numbered = not has_none and not any(row[1].lower() == "rowid" for row in rows)
    return ", ".join(["rowid", *names] if is_numbered else names)


def _compare(connection: Any, new: Path, new_key: DataKey | None) -> None:
    """Read the new file on a connection of its own and hold it against the old one.

    Raises:
        DataFileError: they differ.
    """
    wrong = integrity(new, new_key)
    if wrong:
        raise DataFileError(_DIFFERS.format(what="cấu trúc"))
    fresh = driver.connect(f"{new.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        unlock_connection(fresh, new_key)
        if list(_told(fresh, "main")) != list(_told(connection, "cu")):
            raise DataFileError(_DIFFERS.format(what="số dòng"))
    finally:
        fresh.close()


def _told(connection: Any, schema: str) -> Iterator[tuple[Any, ...]]:
    """Yield what a file says of itself: its schema and how many rows each table has."""
    rows = connection.execute(
        f"SELECT type, name, sql FROM {schema}.sqlite_schema "
        "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
    ).fetchall()
    yield from rows
    for kind, name, _ in rows:
        if kind == "table":
            yield connection.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()


def _put_in_place(path: Path, new: Path, old: Path) -> None:
    """Give the new file the name, in one step; the old one keeps a second name until it is gone."""
    try:
        with contextlib.suppress(OSError):  # a file system without a second name for one file
            os.link(path, old)
        new.replace(path)
    except OSError as error:
        old.unlink(missing_ok=True)
        raise DataFileError(
            f"Không thay được tệp {path.name}: tệp đang mở ở chương trình khác hoặc thư mục không "
            "cho ghi. Dữ liệu cũ còn nguyên. Đóng chương trình kia rồi làm lại."
        ) from error
    sync_folder(path.parent)


def overwrite(file: IO[bytes]) -> None:
    """Write chance over every byte of an open file, and flush it."""
    left = os.fstat(file.fileno()).st_size
    file.seek(0)
    while left > 0:
        piece = min(left, _PIECE)
        file.write(os.urandom(piece))
        left -= piece
    file.flush()
    os.fsync(file.fileno())
