"""Files that somebody gives us: only what is a file is opened, and never more than was agreed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_given(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file to read it.

    A device or a pipe may have no end, or never begin: ``CON`` waits for the keyboard.

    Raises:
        OSError: it can't be opened, or it is a folder, a device or a pipe.
    """
    _check_kind(Path(path).stat().st_mode, path)  # before it is opened: opening a pipe waits
    stream = Path(path).open("rb")  # noqa: SIM115 - handed out open
    try:
        _check_kind(os.fstat(stream.fileno()).st_mode, path)
    except OSError:
        stream.close()
        raise
    return stream


def read_given(path: str | os.PathLike[str], *, most: int) -> bytes:
    """Return what a file holds.

    Args:
        path: the file.
        most: so many bytes are read and not one more.

    Raises:
        OSError: as ``open_given``; with EFBIG where the file holds more.
    """
    with open_given(path) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), os.fspath(path))
    return content


def _check_kind(mode: int, path: str | os.PathLike[str]) -> None:
    if stat.S_ISREG(mode):
        return
    number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(number, os.strerror(number), os.fspath(path))
