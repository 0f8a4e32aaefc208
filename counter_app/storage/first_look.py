"""What is read of a database file before anything is opened for writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError
from counter_app.storage.faults import CANT_OPEN, DAMAGED, READ_ONLY, translated
from counter_app.storage.keys import PLAIN_HEADER, header_of, key_paths, unlock_connection

if TYPE_CHECKING:
    from pathlib import Path

    from counter_app.storage.keys import DataKey, KeyRing

APPLICATION_ID = 0x43_41_50_31  # "CAP1" in the file's header: another program's file is refused
_FOREIGN = (
    "Tệp dữ liệu này thuộc chương trình khác. Tệp được giữ nguyên. Chọn thư mục dữ liệu khác."
)
_LOST = (
    "Không thấy tệp dữ liệu {path} (hoặc tệp rỗng), trong khi thư mục còn {left}. "
    "Chưa tạo gì mới để khỏi che mất dữ liệu cũ. Khôi phục tệp dữ liệu hoặc chọn thư mục khác."
)


def key_for(path: Path, keys: KeyRing | None) -> DataKey | None:
    """Return the key of a file that is about to be opened, None for a plain or foreign one.

    Raises:
        LockedError: it is encrypted and nobody has unlocked it.
        DataFileError: it can't be read.
    """
    try:
        return None if keys is None else keys.key_of(path)
    except PermissionError as error:
        raise DataFileError(READ_ONLY) from error
    except OSError as error:
        raise DataFileError(CANT_OPEN.format(path=path)) from error


def version_of(
    path: Path,
    backup_folder: Path,
    key: DataKey | None,
    *,
    patience: float,
    may_begin: bool = False,
) -> int:
    """Return the schema's version, read before anything is opened for writing; 0 for a new file.

    Args:
        path: the database file.
        backup_folder: where its copies are: where there are some, nothing new is begun.
        key: of an encrypted file.
        may_begin: make a new file where there was one: something takes its place.
        patience: for how many seconds to wait for whoever holds the file.

    Raises:
        DataFileError: it is no database, of another program, damaged or can't be read.
    """
    header = _header(path)
    if not header:
        if not may_begin:
            _refuse_to_hide(path, backup_folder)
        return 0
    if header != PLAIN_HEADER and key is None:
        raise DataFileError(
            f"Tệp {path.name} không phải là tệp dữ liệu của chương trình. Tệp được giữ nguyên. "
            "Chọn thư mục dữ liệu khác hoặc khôi phục từ bản sao lưu."
        )
    with translated(path):
        # Through SQLite, because the newest header may still stand in the WAL.
        connection = driver.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=patience,
        )
        try:
            unlock_connection(connection, key)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        finally:
            connection.close()
    if application != APPLICATION_ID and tables:
        raise DataFileError(_FOREIGN)
    if tables and not version:
        raise DataFileError(DAMAGED)
    return int(version)


def _header(path: Path) -> bytes:
    try:
        return header_of(path)
    except PermissionError as error:
        raise DataFileError(READ_ONLY) from error
    except OSError as error:
        raise DataFileError(CANT_OPEN.format(path=path)) from error


def _refuse_to_hide(path: Path, backup_folder: Path) -> None:
    """Don't begin anew where there was something: SQLite would throw a WAL without its file away.

    Raises:
        DataFileError: a WAL or backups stand there without the database they belong to.
    """
    left = ""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        left = f"phần ghi dở {wal.name}"
    elif backup_folder.is_dir() and any(backup_folder.glob("*.db")):
        left = f"bản sao lưu trong {backup_folder}"
    elif key_paths(path.parent):
        left = f"tệp khóa {key_paths(path.parent)[0].name}"
    if left:
        raise DataFileError(_LOST.format(path=path, left=left))
