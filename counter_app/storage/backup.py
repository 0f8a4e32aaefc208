"""Copies of a live database that hold every committed row and reach the disk whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as driver

from counter_app.atomic import atomically, flush_in_pieces
from counter_app.errors import DataFileError
from counter_app.storage.faults import errors, translated
from counter_app.storage.keys import (
    SALT_BYTES,
    carry_key_file,
    header_of,
    is_plain,
    key_name,
    unlock_connection,
)

if TYPE_CHECKING:
    from counter_app.storage.connections import Connections
    from counter_app.storage.keys import DataKey, KeyRing


def back_up(database: Connections, target: Path) -> None:
    """Copy the live database whole through the backup API, in one step, and flush it to disk.

    A paged backup starts again at every outside write, and a plain file copy misses what still
    stands in the WAL. The copy is read through before it takes its name.

    Raises:
        UserError: the copy can't be written or doesn't read back; nothing stands at ``target``.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        carry_key_file(database.key, Path(database.path).parent, target.parent)
    except OSError as error:
        raise DataFileError(
            f"Không tạo được thư mục sao lưu {target.parent}. Dữ liệu còn nguyên. "
            "Kiểm tra quyền ghi và chỗ trống rồi thử lại."
        ) from error
    with translated(target), atomically(target) as part:
        copy = driver.connect(str(part), isolation_level=None)
        try:
            # As encrypted as the data: the driver copies neither way between plain and not.
            unlock_connection(copy, database.key)
            # Nobody reads it before it is whole: how it is flushed is left to us.
            copy.execute("PRAGMA synchronous=off")
            database.connection().backup(copy)
            # One file, that can be carried away without its WAL.
            copy.execute("PRAGMA journal_mode=delete")
            # Before it is read through: what waits longer the system flushes at once by itself.
            flush_in_pieces(part)
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            copy.close()
        if verdict != "ok":
            raise DataFileError(
                "Bản sao lưu đọc lại bị lỗi nên không dùng. Dữ liệu còn nguyên. "
                "Chạy lệnh check để kiểm tra dữ liệu, rồi thử lại."
            )


def integrity(path: Path, key: DataKey | None = None) -> list[str]:
    """Run SQLite's own check on a connection of its own; returns its words, none when all is well.

    A connection that has used the search index before calls it broken when another program has
    written to it since: the check looks at what that connection remembers.

    Raises:
        driver.Error: the file can't be read at all.
        UnicodeDecodeError: likewise, and what SQLite says of it is no text.
    """
    connection = driver.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        unlock_connection(connection, key)
        rows = connection.execute("PRAGMA integrity_check").fetchall()
    finally:
        connection.close()
    return [text for (text,) in rows if text != "ok"]


def check_whole(path: Path, keys: KeyRing | None = None) -> list[str]:
    """Open a database file on its own and say what its integrity check finds wrong, or nothing.

    Raises:
        LockedError: it is encrypted and nobody has unlocked its key.
    """
    key = None
    try:
        key = None if keys is None else keys.key_of(path)
        wrong = len(integrity(path, key))
    except errors(OSError):
        if key is None and len(header_of(path)) == SALT_BYTES and not is_plain(path):
            name = key_name(header_of(path))
            return [f"không phải tệp dữ liệu, hoặc đã mã hóa mà thiếu tệp {name} nằm cạnh nó"]
        return ["không phải cơ sở dữ liệu hoặc không đọc được"]
    return [f"cấu trúc hỏng ở {wrong} chỗ"] if wrong else []
