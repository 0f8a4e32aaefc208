"""Attached files as they lie on the disk: plain, or sealed with a key of the data's family.

A file tells by its first bytes what it is, so both kinds can be read while the encryption is
switched on or off, and a change that was cut short is simply gone on with.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.errors import BundleError, DataFileError, UserError
from counter_app.paths import attachments
from counter_app.storage.keys import DataKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Progress = Callable[[int, int], None]

_PURPOSE = "attachments"
_MARK = 16  # the seal's own words and what tells its key
_SHOWN = "dang-xem"


def write(path: Path, data: bytes, key: DataKey | None) -> None:
    """Write a file whole or not at all, sealed where there is a key.

    Raises:
        UserError: it can't be written.
    """
    write_atomically(path, data if key is None else _sealed(data, key))


def read(path: Path, key: DataKey | None) -> bytes:
    """Return what a file holds.

    Raises:
        OSError: it can't be read.
        DataFileError: it is sealed with another key, or not whole.
    """
    data = path.read_bytes()
    if not _is_sealed(data):
        return data
    from counter_app.sync.sealing import unseal  # only encrypted data need it

    out = io.BytesIO()
    try:
        unseal(io.BytesIO(data), out, None if key is None else key.derive(_PURPOSE))
    except BundleError as error:
        raise DataFileError(
            f"Tệp đính kèm {path.name} bị hỏng hoặc được mã hóa bằng khóa khác. "
            "Chép lại từ bản sao lưu."
        ) from error
    return out.getvalue()


def is_same_kind(one: Path, other: Path) -> bool:
    """Tell whether both are plain, or both sealed with one key; and of one length.

    Raises:
        OSError: one can't be read.
    """
    if one.stat().st_size != other.stat().st_size:
        return False
    heads = [_head(path) for path in (one, other)]
    sealed = [_is_sealed(head) for head in heads]
    return heads[0] == heads[1] if all(sealed) else not any(sealed)


def not_as_wanted(folder: Path, key: DataKey | None) -> list[Path]:
    """Return the files of a folder of data that aren't plain, or sealed with the key, as they are.

    Raises:
        OSError: one can't be read.
    """
    wanted = b"" if key is None else _sealed(b"", key)[:_MARK]
    found = []
    for path in kept_in(attachments(folder)):
        head = _head(path)
        if (head if _is_sealed(head) else b"") != wanted:
            found.append(path)
    return found


def turn_all(
    folder: Path, key: DataKey | None, new_key: DataKey | None, *, progress: Progress
) -> tuple[int, list[str]]:
    """Seal every attached file with a new key, or unseal it; what fails is named and stays.

    Returns how many were turned, and a sentence for each that couldn't be.
    """
    turned, problems = 0, []
    waiting = not_as_wanted(folder, new_key)
    for path in waiting:
        progress(turned, len(waiting))
        try:
            data = read(path, key)
            if new_key is None:
                write(path, data, None)
            else:
                _write_over(path, _sealed(data, new_key))
        except (OSError, UserError) as error:
            problems.append(error.message if isinstance(error, UserError) else str(path.name))
            continue
        turned += 1
    return turned, problems


def show(folder: Path, path: Path, data: bytes) -> Path:
    """Write what a sealed file holds where another program can open it, for as long as it is seen.

    Raises:
        UserError: it can't be written.
    """
    target = folder / _SHOWN / path.name
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DataFileError(
            f"Không tạo được thư mục {target.parent} để xem tệp. Dữ liệu còn nguyên. "
            "Kiểm tra quyền ghi rồi làm lại."
        ) from error
    write_atomically(target, data)
    return target


def clear_shown(folder: Path) -> None:
    """Remove the files that were shown; one that a program still holds open stays until next."""
    shown = folder / _SHOWN
    if not shown.is_dir():
        return
    from counter_app.storage.convert import wipe

    for path in shown.iterdir():
        with contextlib.suppress(OSError):
            wipe(path)
    with contextlib.suppress(OSError):
        shown.rmdir()


def kept_in(folder: Path) -> Iterator[Path]:
    """Yield the attached files of a folder, in order."""
    yield from (path for path in sorted(folder.glob("??/*")) if path.suffix != ".tmp")


def _write_over(path: Path, data: bytes) -> None:
    """Put a sealed file in the place of a plain one, whose bytes are overwritten."""
    from counter_app.storage.convert import overwrite

    with path.open("r+b") as old:
        try:
            write_atomically(path, data)
        except UserError:
            # Where a file that is open keeps its name, as on Windows.
            old.close()
            write_atomically(path, data)
        else:
            overwrite(old)


def _sealed(data: bytes, key: DataKey) -> bytes:
    from counter_app.sync.sealing import seal

    out = io.BytesIO()
    seal(io.BytesIO(data), out, key.derive(_PURPOSE))
    return out.getvalue()


def _is_sealed(data: bytes) -> bool:
    return data.startswith(b"CAPSEAL1")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MARK)
