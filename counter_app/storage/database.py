"""The one gate through which the database file is opened, and the store that is handed out."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2 as driver

from counter_app.domain.moments import from_epoch
from counter_app.errors import DataFileError
from counter_app.storage import decided
from counter_app.storage.anchor import DECIDED, LOG, Stand
from counter_app.storage.backup import back_up
from counter_app.storage.cache import Cache
from counter_app.storage.connections import Connections
from counter_app.storage.faults import RAISED, errors, translated
from counter_app.storage.first_look import APPLICATION_ID, key_for, version_of
from counter_app.storage.keys import KeyRing, unlock_connection
from counter_app.storage.migrate import migrate
from counter_app.storage.migrations import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from counter_app.storage.anchor import Anchor, Mark
    from counter_app.storage.keys import DataKey
    from counter_app.storage.seal_key import SealKey

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "Store", "open_store"]

SCHEMA_VERSION = len(MIGRATIONS)
# The first library without the WAL-reset bug that could corrupt a file two processes write to.
OLDEST_SQLITE = (3, 51, 3)
PRAGMAS: dict[str, Any] = {
    "busy_timeout": 5000,  # first: the next one may meet a lock already
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -16_000,
    "temp_store": "memory",
}
_ONLY_LOOKING = (
    "Dữ liệu đang mở ở một cửa sổ khác nên cửa sổ này chỉ để xem. Chưa lưu gì. "
    "Làm tiếp ở cửa sổ kia hoặc đóng cửa sổ kia rồi mở lại."
)
_SEALED = (
    "Không ghi được vào thư mục neo {folder} nên chưa lưu: lưu mà không gỡ niêm phong thì lần kiểm "
    "tra sau sẽ báo dữ liệu bị sửa. Dữ liệu cũ còn nguyên. Nhờ người quản trị máy cấp quyền ghi."
)
_GONE = (
    "Tệp dữ liệu {path} không còn ở chỗ cũ: thư mục đã bị xóa, đổi tên hoặc ổ đĩa đã tháo. "
    "Lần này chưa lưu. Đừng đóng chương trình; đưa thư mục về chỗ cũ rồi thử lại, hoặc gọi người "
    "hỗ trợ để khôi phục từ bản sao lưu."
)
# What another process changed of the things that are cached; counted in the settings.
_CHANGES = "_changes"


class _Transaction:
    """One transaction as a block; a generator around each save would cost as much as a query."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._store.begin()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._store.commit()
        else:
            self._store.roll_back(error)


_JOINED = contextlib.nullcontext()


class _OwnState(threading.local):
    """What one thread knows of its transaction and of whom it acts for; before it knows, this."""

    n = 0
    user = ""
    version: int | None = None
    mark: Mark | None = None
    log: Mark | None = None
    decided: Mark | None = None
    watched: Any = None  # its connection, once that notes what of the sealed rows is touched

    def __init__(self) -> None:
        self.held: dict[str, tuple[int, Any]] = {}
        self.touched: decided.Touched = set()


class Store:
    """The open database of one installation, with what is cached from it.

    Passed as the first argument to every service; nothing else reaches the data.
    """

    def __init__(
        self,
        database: Connections,
        path: Path,
        *,
        read_only: bool,
        anchor: Anchor | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        """Hold what ``open_store`` opened; use that instead of calling this."""
        self.database = database
        self.path = path
        self.read_only = read_only
        self.anchor = anchor
        self.keys = KeyRing() if keys is None else keys
        # A person has said that the clock is right although it stands before the last save.
        self.clock_confirmed = False
        # Thousands of acts in a row, whose stories nobody reads: they aren't told after each.
        self.answers_briefly = False
        # What tells the moment of a line in the log.
        self.clock: Callable[[], datetime] | None = None
        self.cache = Cache()
        self._changes = -1
        self._depth = _OwnState()
        self._user = ""

    @property
    def user(self) -> str:
        """Who is signed in, where people sign in; in a task's thread who started the task.

        What takes long is done in the name and with the rights of whoever began it, also when
        another person has taken the desk meanwhile.
        """
        return self._depth.user or self._user

    @user.setter
    def user(self, name: str) -> None:
        if self._depth.user:
            self._depth.user = name
        else:
            self._user = name

    def act_as(self, name: str) -> None:
        """Let this thread act as who started its task; an empty name is whoever is signed in."""
        self._depth.user = name

    def now(self) -> datetime:
        """Return the moment by the clock that was passed in, else of the last save."""
        if self.clock is not None:
            return self.clock()
        row = self.row("SELECT last_moment FROM installation WHERE is_self = 1")
        return from_epoch(max(0, row[0]) if row else 0)

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Run one statement and return its cursor; driver errors become sentences."""
        try:
            return self.database.connection().execute(sql, params)
        except RAISED:
            # A context manager around each statement would cost as much as a small one.
            with translated(self.path):
                raise

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return all of its rows as tuples."""
        try:
            return self.database.connection().execute(sql, params).fetchall()  # type: ignore[no-any-return]
        except RAISED:
            with translated(self.path):
                raise

    def row(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Run a query and return its first row."""
        try:
            return self.database.connection().execute(sql, params).fetchone()  # type: ignore[no-any-return]
        except RAISED:
            with translated(self.path):
                raise

    @property
    def key(self) -> DataKey | None:
        """Return the key of the data, None where they are not encrypted."""
        return self.database.key

    @property
    def in_transaction(self) -> bool:
        """This thread holds a transaction, so that nobody else can write."""
        return bool(self._depth.n)

    def hold(self, key: str, value: Any) -> None:
        """Keep what is known until the running transaction ends; another process may change it."""
        if self.in_transaction:
            self._depth.held[key] = (self.cache.generation, value)

    def held(self, key: str) -> Any:
        """Return what this thread's running transaction keeps, None once the cache was emptied."""
        depth = self._depth
        if not depth.n:
            return None
        generation, value = depth.held.get(key, (-1, None))
        return value if generation == self.cache.generation else None

    def note_mark(self, mark: Mark) -> None:
        """Tell how far the chain will have come when the running transaction is kept."""
        self._depth.mark = mark

    def note_log(self, mark: Mark) -> None:
        """Tell how far the audit log will have come when the running transaction is kept."""
        self._depth.log = mark

    def transaction(self) -> AbstractContextManager[None]:
        """Hold one BEGIN IMMEDIATE transaction; an inner one joins the outer one.

        Raises:
            DataFileError: the file is read-only here, locked, full or damaged; nothing was kept.
        """
        return _JOINED if self.in_transaction else _Transaction(self)

    def begin(self) -> None:
        """Open the transaction of this thread; only ``transaction`` calls it."""
        if self.read_only:
            raise DataFileError(_ONLY_LOOKING)
        try:
            connection = self.database.connection()
            if self._depth.watched is not connection:
                self._depth.touched = decided.watch(connection)
                self._depth.watched = connection
            connection.execute("BEGIN IMMEDIATE")
        except RAISED:
            with translated(self.path):
                raise
        self._depth.n, self._depth.held = 1, {}
        self._depth.touched.clear()
        self._depth.mark = self._depth.log = self._depth.decided = None
        try:
            self._heed_others(connection)
        except BaseException as error:
            self.roll_back(error)
            raise

    def commit(self) -> None:
        """Keep what this thread's transaction did; only ``transaction`` calls it."""
        connection = self.database.connection()
        try:
            is_changed = self.cache.is_changed
            if is_changed:
                self._tell_others(connection)
            touched = self._depth.touched
            if touched or is_changed or self._depth.log is not None:
                self._seal_decided(lambda where, key: decided.renew(where, key, touched))
            if self.anchor is not None:
                self.break_seal(self.anchor)
            if not self.database.is_in_place():
                raise DataFileError(_GONE.format(path=self.path))
            connection.execute("COMMIT")
            if self.anchor is not None:
                self._advance(self.anchor)
            if is_changed:
                # Another thread may have cached what held until the commit.
                self.cache.forget()
        except BaseException as error:
            self.roll_back(error)
            raise
        self._depth.n = 0

    def _advance(self, anchor: Anchor) -> None:
        if self._depth.mark is not None:
            anchor.advance(self._depth.mark)
        if self._depth.log is not None:
            anchor.advance(self._depth.log, LOG)
        if self._depth.decided is not None:
            anchor.advance(self._depth.decided, DECIDED)

    def seal_decided(self) -> Mark | None:
        """Take all that the office has decided as it stands; part of the running transaction.

        Returns:
            how far it has come, which is marked in the other folder when the transaction is kept.
        """
        self._seal_decided(decided.seal_all)
        return self._depth.decided

    def _seal_decided(self, write: Callable[[Any, SealKey | None], Mark | None]) -> None:
        """Let the hashes of what was decided be written; a save is never refused for the key."""
        key = None if self.anchor is None else self.anchor.key
        connection = self.database.connection()
        try:
            mark = write(connection, key)
        except OSError as error:
            if self.anchor is not None:
                self.anchor.problem = str(error.strerror or error)
            mark = write(connection, None)
        self._depth.decided = mark or self._depth.decided

    @staticmethod
    def break_seal(anchor: Anchor) -> None:
        """Make the seal void before the file changes; one that can't be is a refusal."""
        try:
            anchor.break_seal()
        except OSError as error:
            raise DataFileError(_SEALED.format(folder=anchor.stem.parent)) from error

    def roll_back(self, error: BaseException) -> None:
        """Undo this thread's transaction; a driver's error comes back as a sentence.

        Raises:
            DataFileError: the error was one that a person can mend.
        """
        self.cache.forget()
        self._changes = -1
        self._depth.n = 0
        connection = self.database.connection()
        if connection.in_transaction:
            # A disk that fails here too has lost nothing: what isn't committed never was.
            with contextlib.suppress(driver.Error):
                connection.execute("ROLLBACK")
        if isinstance(error, errors()):
            with translated(self.path):
                raise error

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one moment of the data, whatever others write meanwhile; no writing in it.

        Inside another one, and inside a transaction, that one's moment is read.
        """
        with translated(self.path):
            connection = self.database.connection()
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _heed_others(self, connection: Any) -> None:
        """Forget what is cached if another process has changed a setting or the calendar."""
        # The file's own mark moves only when another connection writes, and is quicker to read.
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if self._changes >= 0 and version == self._depth.version:
            return
        self._depth.version = version
        row = connection.execute("SELECT value FROM setting WHERE key = ?", (_CHANGES,)).fetchone()
        changes = int(row[0]) if row else 0
        if changes != self._changes:
            self.cache.forget()
            self._changes = changes

    def _tell_others(self, connection: Any) -> None:
        self._changes += 1
        connection.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_CHANGES, str(self._changes)),
        )
        self.cache.is_changed = False

    def take_from(self, source: Path, key: DataKey | None) -> None:
        """Replace everything with the content of another database file, in one step.

        Both are plain or both encrypted, each with its own key: the driver mixes neither.
        """
        if self.anchor is not None:
            # Before it: what is killed halfway must not look like something lost.
            self.anchor.restart()
        with translated(self.path):
            other = driver.connect(str(source))
            try:
                unlock_connection(other, key)
                other.backup(self.database.connection())
            finally:
                other.close()
        self._changes = -1
        self.cache.clear()

    def seal(self) -> bool:
        """Fold the log into the file and seal every page; False while somebody else works on it.

        Raises:
            UserError: the seal can't be written.
        """
        if self.anchor is None or self.read_only:
            return False
        wal = self.path.with_name(self.path.name + "-wal")
        with translated(self.path):
            connection = self.database.connection()
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_busy:
                return False
            connection.execute("BEGIN IMMEDIATE")
            try:
                if wal.exists() and wal.stat().st_size:
                    return False
                self.anchor.seal(self._stand())
            finally:
                connection.execute("ROLLBACK")
        return True

    def _stand(self) -> Stand:
        """Return how far the data are, by what they hold."""
        events, changes = self.rows(
            "SELECT coalesce(max(e.sequence), 0), (SELECT coalesce(max(CAST(value AS INTEGER)), 0) "
            "FROM setting WHERE key = ?) FROM installation i LEFT JOIN event e "
            "ON e.origin = i.uuid AND e.epoch = i.epoch WHERE i.is_self = 1",
            (_CHANGES,),
        )[0]
        return Stand(events, changes)

    def changed_pages(self) -> list[int]:
        """Return the pages that nobody of ours has changed since the last window closed."""
        if self.anchor is None:
            return []
        try:
            stand = self._stand()
        except errors(DataFileError):
            stand = None
        return self.anchor.differing_pages(stand)

    def close(self) -> None:
        """Close this thread's connection; the last one to close folds the WAL into the file."""
        self._depth.version = None  # the mark of another connection can't be compared with it
        self.database.close()
        if self.anchor is not None:
            self.anchor.close()


def open_store(
    path: Path,
    *,
    backup_folder: Path,
    stamp: str,
    read_only: bool = False,
    migrations: Sequence[Callable[[Any], None]] = MIGRATIONS,
    anchor: Anchor | None = None,
    keys: KeyRing | None = None,
    new_key: DataKey | None = None,
) -> Store:
    """Open the database through the gate: check, refuse newer, back up, migrate.

    Args:
        path: the database file; made if its folder is there and the file isn't.
        backup_folder: where the copy goes that is made before a migration.
        stamp: text for the name of that copy, usually the moment.
        read_only: open for looking only, for a second window.
        migrations: the steps from an empty file to today's schema.
        anchor: what is kept of the data outside them.
        keys: what opens them where they are encrypted.
        new_key: what a file that isn't there yet is encrypted with.

    Raises:
        LockedError: they are encrypted and nobody has unlocked them.
        DataFileError: the file is no database, of another program, of a newer version, damaged,
            or its folder can't be written.
    """
    if driver.sqlite_version_info < OLDEST_SQLITE:
        msg = f"SQLite {driver.sqlite_version} is too old to be written through safely"
        raise RuntimeError(msg)
    key = key_for(path, keys) or new_key
    patience = PRAGMAS["busy_timeout"] / 1000
    version = version_of(path, backup_folder, key, patience=patience, may_begin=new_key is not None)
    if version > len(migrations):
        raise DataFileError(
            f"Dữ liệu do bản chương trình mới hơn tạo ra (phiên bản {version}, bản này chỉ "
            f"đọc đến {len(migrations)}). Dữ liệu được giữ nguyên. Cài bản mới rồi mở lại."
        )
    if read_only and version < len(migrations):
        raise DataFileError(
            "Dữ liệu chưa được khởi tạo hoặc nâng cấp nên chưa xem được. "
            "Đóng cửa sổ kia rồi mở lại chương trình."
        )
    pragmas = {**PRAGMAS, "query_only": 1} if read_only else PRAGMAS
    database = Connections(str(path), pragmas, key=key)
    try:
        with translated(path):
            database.connection()
            if version < len(migrations):
                if version:
                    name = f"truoc-nang-cap-v{version}-{stamp}.db"
                    back_up(database, backup_folder / name)
                if anchor is not None:
                    Store.break_seal(anchor)
                migrate(database, migrations)
    except BaseException:
        database.close()
        raise
    return Store(database, path, read_only=read_only, anchor=anchor, keys=keys)
