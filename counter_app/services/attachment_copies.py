"""Attached files beside a backup: each is copied once, because its name is its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.errors import DataFileError
from counter_app.paths import attachments
from counter_app.services import kept_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counter_app.storage.keys import DataKey


def is_within(folder: Path, data: Path) -> bool:
    """Tell whether a folder lies in the data folder, where the files themselves are."""
    return folder.resolve().is_relative_to(data.resolve())


def copy_files(data: Path, folder: Path) -> int:
    """Copy attached files that a backup's folder lacks; returns how many.

    They are copied as they lie, plain or sealed, and take the place of a copy of the other kind.
    Within the data folder nothing is copied: a second copy on the same disk would save nothing.

    Raises:
        DataFileError: a file can't be read or written; the database's copy is made.
    """
    if is_within(folder, data):
        return 0

    def as_it_lies(file: Path, to: Path) -> bool:
        if to.exists() and kept_files.is_same_kind(file, to):
            return False
        to.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(to, file.read_bytes())
        return True

    return _copy(attachments(data), attachments(folder), as_it_lies)


def bring_files_back(
    folder: Path, data: Path, *, key: DataKey | None = None, new_key: DataKey | None = None
) -> int:
    """Copy files that lie beside a backup and are missing in the data folder; returns how many.

    Args:
        folder: the backup's.
        data: the data's.
        key: what opens those beside the backup.
        new_key: what those beside the data are sealed with.

    Raises:
        DataFileError: a file can't be read or written; the database's copy is made.
    """
    if is_within(folder, data):
        return 0

    def under_the_key(file: Path, to: Path) -> bool:
        if to.exists():
            return False
        to.parent.mkdir(parents=True, exist_ok=True)
        kept_files.write(to, kept_files.read(file, key), new_key)
        return True

    return _copy(attachments(folder), attachments(data), under_the_key)


def _copy(source: Path, target: Path, copy_one: Callable[[Path, Path], bool]) -> int:
    copied = 0
    try:
        for file in kept_files.kept_in(source):
            copied += copy_one(file, target / file.parent.name / file.name)
    except OSError as error:
        raise DataFileError(
            f"Tệp đính kèm chưa chép được hết vào {target}; dữ liệu hồ sơ đã chép xong. "
            "Kiểm tra chỗ trống và quyền ghi rồi làm lại: chỉ các tệp còn thiếu được chép."
        ) from error
    return copied
