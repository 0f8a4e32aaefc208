"""Attached files beside a backup: each is copied once, because its name is its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.errors import DataFileError
from counter_app.paths import attachments

if TYPE_CHECKING:
    from pathlib import Path


def is_within(folder: Path, data: Path) -> bool:
    """Tell whether a folder lies in the data folder, where the files themselves are."""
    return folder.resolve().is_relative_to(data.resolve())


def copy_files(data: Path, folder: Path) -> int:
    """Copy attached files that a backup's folder lacks; returns how many.

    Within the data folder nothing is copied: a second copy on the same disk would save nothing.

    Raises:
        DataFileError: a file can't be read or written; the database's copy is made.
    """
    if is_within(folder, data):
        return 0
    return _copy(attachments(data), attachments(folder))


def bring_files_back(folder: Path, data: Path) -> int:
    """Copy files that lie beside a backup and are missing in the data folder; returns how many."""
    if is_within(folder, data):
        return 0
    return _copy(attachments(folder), attachments(data))


def _copy(source: Path, target: Path) -> int:
    copied = 0
    try:
        for file in sorted(source.glob("??/*")):
            to = target / file.parent.name / file.name
            if file.suffix == ".tmp" or to.exists():
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(to, file.read_bytes())
            copied += 1
    except OSError as error:
        raise DataFileError(
            f"Tệp đính kèm chưa chép được hết vào {target}; dữ liệu hồ sơ đã chép xong. "
            "Kiểm tra chỗ trống và quyền ghi rồi làm lại: chỉ các tệp còn thiếu được chép."
        ) from error
    return copied
