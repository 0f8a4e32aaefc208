"""One window a data folder: a lock the operating system frees when its holder ends or dies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from counter_app.errors import DataFileError

_NAME = "window.lock"


class WindowLock:
    """Held by the window that may write; a second one is told so and only looks."""

    def __init__(self, file: IO[bytes]) -> None:
        """Keep the file open: closing it frees the lock."""
        self._file = file

    @classmethod
    def acquire(cls, folder: Path, name: str = _NAME) -> WindowLock | None:
        """Return the lock of a folder, or None while another window holds it.

        The file stays when the lock is released: removing it could take the lock from somebody
        who has just opened it.

        Raises:
            DataFileError: the lock's file can't be made there.
        """
        try:
            file = (folder / name).open("ab")
        except OSError as error:
            raise DataFileError(
                f"Không ghi được vào thư mục dữ liệu {folder}. Dữ liệu cũ còn nguyên. "
                "Nhờ người quản trị máy cấp quyền ghi rồi mở lại."
            ) from error
        try:
            _lock(file)
        except OSError:
            file.close()
            return None
        return cls(file)

    def release(self) -> None:
        """Give the lock back."""
        self._file.close()


def _lock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        getattr(msvcrt, "locking")(file.fileno(), getattr(msvcrt, "LK_NBLCK"), 1)  # noqa: B009
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
