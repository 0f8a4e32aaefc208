"""The one gate through which the database file is opened, and the store that is handed out."""

from __future__ import annotations

import contextlib
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee as pw
from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError
from counter_app.storage import models
from counter_app.storage.migrations import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


APPLICATION_ID = 0x43_41_50_31  # "CAP1" in the file's header: another program's file is refused
SCHEMA_VERSION = len(MIGRATIONS)
# The first library without the WAL-reset bug that could corrupt a file two processes write to.
OLDEST_SQLITE = (3, 51, 3)
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "cache_size": -16_000,
    "temp_store": "memory",
}
_HEADER = b"SQLite format 3\x00"

_BUSY = (
    "Dữ liệu đang được chương trình khác sử dụng. Chưa lưu thay đổi nào. Chờ vài giây rồi thử lại."
)
_FULL = "Ổ đĩa đã đầy nên chưa lưu được. Dữ liệu cũ còn nguyên. Giải phóng bớt ổ đĩa rồi thử lại."
_READ_ONLY = (
    "Không ghi được vào thư mục dữ liệu: thư mục chỉ cho đọc. Dữ liệu cũ còn nguyên. "
    "Nhờ người quản trị máy cấp quyền ghi rồi mở lại."
)
_DAMAGED = (
    "Tệp dữ liệu bị hỏng nên không đọc được. Đừng xóa tệp này. "
    "Khôi phục từ bản sao lưu gần nhất hoặc gọi người hỗ trợ."
)
_CANT_OPEN = "Không mở được tệp dữ liệu {path}. Kiểm tra thư mục còn đó và được phép đọc, ghi."


class _Database(pw.SqliteDatabase):
    """SQLite through the driver that carries its own, current library."""

    def _connect(self) -> Any:
        connection = driver.connect(
            self.database, isolation_level=None, check_same_thread=False, **self.connect_params
        )
        try:
            self._add_conn_hooks(connection)  # type: ignore[attr-defined]
        except Exception:
            connection.close()
            raise
        return connection


class Store:
    """The open database of one installation, with what is cached from it.

    Passed as the first argument to every service; nothing else reaches the data.
    """

    def __init__(self, database: _Database, path: Path, *, read_only: bool) -> None:
        """Bind the tables to ``database``; use ``open_store`` instead of calling this."""
        self.database = database
        self.path = path
        self.read_only = read_only
        # A person has said that the clock is right although it stands before the last save.
        self.clock_confirmed = False
        self.cache: dict[str, Any] = {}
        self._depth = threading.local()
        database.bind(models.ALL)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Run one statement and return its cursor; driver errors become sentences."""
        with translated(self.path):
            return self.database.connection().execute(sql, params)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return all of its rows as tuples."""
        with translated(self.path):
            return self.database.connection().execute(sql, params).fetchall()  # type: ignore[no-any-return]

    def row(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row."""
        with translated(self.path):
            return self.database.connection().execute(sql, params).fetchone()  # type: ignore[no-any-return]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold one BEGIN IMMEDIATE transaction; an inner one joins the outer one.

        Raises:
            DataFileError: the file is read-only here, locked, full or damaged; nothing was kept.
        """
        if getattr(self._depth, "n", 0):
            yield
            return
        if self.read_only:
            raise DataFileError(_READ_ONLY)
        with translated(self.path):
            connection = self.database.connection()
            connection.execute("BEGIN IMMEDIATE")
        self._depth.n = 1
        try:
            with translated(self.path):
                yield
                connection.execute("COMMIT")
        except BaseException:
            self.cache.clear()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            self._depth.n = 0

    def take_from(self, source: Path) -> None:
        """Replace everything with the content of another database file, in one step."""
        with translated(self.path):
            other = driver.connect(str(source))
            try:
                other.backup(self.database.connection())
            finally:
                other.close()
        self.cache.clear()

    def close(self) -> None:
        """Close this thread's connection; the last one to close folds the WAL into the file."""
        self.database.close()


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors that a person can mend into sentences; the rest pass through."""
    try:
        yield
    except (driver.Error, pw.DatabaseError) as error:
        sentence = _sentence(str(error).lower(), path)
        if sentence is None:
            raise
        raise DataFileError(sentence) from error


def _sentence(text: str, path: Path) -> str | None:
    table = (
        ("locked|busy", _BUSY),
        ("disk is full|disk i/o error", _FULL),
        ("readonly|read-only|attempt to write", _READ_ONLY),
        ("malformed|not a database|corrupt|file is encrypted", _DAMAGED),
        ("unable to open", _CANT_OPEN.format(path=path)),
    )
    return next((said for pattern, said in table if re.search(pattern, text)), None)


def open_store(path: Path, *, backup_folder: Path, stamp: str, read_only: bool = False) -> Store:
    """Open the database through the gate: check, refuse newer, back up, migrate.

    Args:
        path: the database file; made if its folder is there and the file isn't.
        backup_folder: where the copy goes that is made before a migration.
        stamp: text for the name of that copy, usually the moment.
        read_only: open for looking only, for a second window.

    Raises:
        DataFileError: the file is no database, of another program, of a newer version, damaged,
            or its folder can't be written.
    """
    if driver.sqlite_version_info < OLDEST_SQLITE:
        msg = f"SQLite {driver.sqlite_version} is too old to be written through safely"
        raise RuntimeError(msg)
    is_new = not path.exists()
    if is_new and read_only:
        raise DataFileError(_CANT_OPEN.format(path=path))
    if not is_new:
        _check_header(path)
    pragmas = {**PRAGMAS, "query_only": 1} if read_only else PRAGMAS
    database = _Database(str(path), pragmas=pragmas)
    with translated(path):
        database.connect()
        version = _check_version(database, is_new=is_new or path.stat().st_size == 0)
        if version < SCHEMA_VERSION and not read_only:
            if version:
                back_up(database, backup_folder / f"truoc-nang-cap-v{version}-{stamp}.db")
            _migrate(database, version)
    return Store(database, path, read_only=read_only)


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(16)
    except OSError as error:
        raise DataFileError(_CANT_OPEN.format(path=path)) from error
    if header and header != _HEADER:
        raise DataFileError(
            f"Tệp {path.name} không phải là tệp dữ liệu của chương trình. Tệp được giữ nguyên. "
            "Chọn thư mục dữ liệu khác hoặc khôi phục từ bản sao lưu."
        )


def _check_version(database: _Database, *, is_new: bool) -> int:
    connection = database.connection()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if is_new:
        return 0
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if application != APPLICATION_ID and tables:
        raise DataFileError(
            "Tệp dữ liệu này thuộc chương trình khác. Tệp được giữ nguyên. "
            "Chọn thư mục dữ liệu khác."
        )
    if version > SCHEMA_VERSION:
        raise DataFileError(
            f"Dữ liệu do bản chương trình mới hơn tạo ra (phiên bản {version}, bản này chỉ đọc "
            f"đến {SCHEMA_VERSION}). Dữ liệu được giữ nguyên. Cài bản mới rồi mở lại."
        )
    return int(version)


def _migrate(database: _Database, version: int) -> None:
    """Run what is missing, each step and its number in one transaction."""
    connection = database.connection()
    for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
        # Foreign keys stay off while tables are rebuilt: a dropped table would take its
        # children with it.
        connection.execute("PRAGMA foreign_keys=0")
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(database)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA foreign_keys=1")


def back_up(database: _Database, target: Path) -> None:
    """Copy the live database whole through the backup API, in one step, and flush it to disk.

    A paged backup starts again at every outside write, and a plain file copy misses the WAL.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    copy = driver.connect(str(part))
    try:
        database.connection().backup(copy)
        copy.execute("PRAGMA journal_mode=delete")
    finally:
        copy.close()
    part.replace(target)


def check_whole(path: Path) -> list[str]:
    """Open a database file on its own and return what its integrity check finds wrong."""
    try:
        connection = driver.connect(f"file:{path}?mode=ro", uri=True)
        try:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
        finally:
            connection.close()
    except driver.Error as error:
        return [str(error)]
    return [text for (text,) in rows if text != "ok"]
