"""What goes wrong with a database file, told by the driver's codes and said in sentences."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY = (
    "Dữ liệu đang được chương trình khác sử dụng. Chưa lưu thay đổi nào. Chờ vài giây rồi thử lại."
)
FULL = (
    "Ổ đĩa đã đầy nên chưa lưu được. Dữ liệu đã lưu trước đó còn nguyên. "
    "Giải phóng bớt ổ đĩa rồi thử lại."
)
READ_ONLY = (
    "Không ghi được vào thư mục dữ liệu: thư mục hoặc tệp chỉ cho đọc. Dữ liệu cũ còn nguyên. "
    "Nhờ người quản trị máy cấp quyền ghi rồi mở lại."
)
DISK = (
    "Ổ đĩa báo lỗi khi đọc hoặc ghi nên chưa lưu được. Dữ liệu đã lưu trước đó được giữ. "
    "Kiểm tra ổ đĩa còn chỗ và dây nối, rồi thử lại; nếu còn lỗi hãy gọi người hỗ trợ."
)
DAMAGED = (
    "Tệp dữ liệu bị hỏng nên không đọc được. Đừng xóa tệp này. "
    "Khôi phục từ bản sao lưu gần nhất hoặc gọi người hỗ trợ."
)
MEMORY = "Máy không đủ bộ nhớ nên chưa làm được. Đóng bớt chương trình khác rồi thử lại."
CANT_OPEN = "Không mở được tệp dữ liệu {path}. Kiểm tra thư mục còn đó và được phép đọc, ghi."

# The primary result codes of SQLite that a person can mend; every other one is a defect of ours.
_SENTENCES = {
    3: READ_ONLY,  # SQLITE_PERM
    5: BUSY,  # SQLITE_BUSY
    6: BUSY,  # SQLITE_LOCKED
    7: MEMORY,  # SQLITE_NOMEM
    8: READ_ONLY,  # SQLITE_READONLY
    10: DISK,  # SQLITE_IOERR
    11: DAMAGED,  # SQLITE_CORRUPT
    13: FULL,  # SQLITE_FULL
    14: CANT_OPEN,  # SQLITE_CANTOPEN
    23: READ_ONLY,  # SQLITE_AUTH
    26: DAMAGED,  # SQLITE_NOTADB
}
_PRIMARY = 0xFF
_CORRUPT = 11
# A damaged name of a table stands in SQLite's own message, which is no text then; a damaged text of
# a row has a message of the driver, without a code.
_SCHEMA, _NO_TEXT = b"malformed database schema", "Could not decode to UTF-8"
# The backup API's errors come without a code; SQLite's own words for the codes never change.
_WORDS = {
    "database is locked": 5,
    "attempt to write a readonly database": 8,
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "unable to open database file": 14,
    "file is not a database": 26,
}


RAISED: tuple[type[Exception], ...] = (driver.Error, UnicodeDecodeError)
"""What a statement raises that the driver runs."""


def errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what the driver raises, what peewee makes of it where it was needed, and others."""
    peewee = sys.modules.get("peewee")
    return (*RAISED, *others) if peewee is None else (*RAISED, peewee.DatabaseError, *others)


def refused_values() -> tuple[type[Exception], ...]:
    """Return what the driver raises over a value that a table or its binding doesn't take."""
    return (driver.IntegrityError, driver.InterfaceError, driver.ProgrammingError, OverflowError)


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors that a person can mend into sentences; the rest pass through.

    Raises:
        DataFileError: the file is locked, full, read-only, damaged or can't be opened.
    """
    try:
        yield
    except errors() as error:
        sentence = _SENTENCES.get(_code(error) & _PRIMARY)
        if sentence is None:
            raise
        raise DataFileError(sentence.format(path=path)) from error


def _code(error: BaseException) -> int:
    """Return SQLite's result code; peewee wraps the driver's error and keeps it as its cause."""
    cause: BaseException | None = error
    while cause is not None:
        code = getattr(cause, "sqlite_errorcode", None)
        if code is not None:
            return int(code)
        if isinstance(cause, UnicodeDecodeError):
            return _CORRUPT if cause.object.startswith(_SCHEMA) else 0
        if str(cause).startswith(_NO_TEXT):
            return _CORRUPT
        if str(cause) in _WORDS:
            return _WORDS[str(cause)]
        cause = cause.__cause__ or cause.__context__
    return 0
