"""Attached files beside a backup: each is copied once, because its name tells what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.errors import DataFileError
from counter_app.paths import attachments
from counter_app.services import kept_files
from counter_app.services.kept_files import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from counter_app.storage.keys import DataKey


def is_within(folder: Path, data: Path) -> bool:
    """Tell whether a folder lies in the data folder, where the files themselves are."""
    return folder.resolve().is_relative_to(data.resolve())


def copy_files(data: Path, folder: Path, *, key: DataKey | None) -> int:
    """Copy attached files that a backup's folder lacks; returns how many.

    They are copied as they lie, plain or sealed. Of one that is sealed by now, a plain copy goes.
    Within the data folder nothing is copied: a second copy on the same disk would save nothing.

    Raises:
        DataFileError: a file can't be read or written; the database's copy is made.
    """
    if is_within(folder, data):
        return 0

    def as_it_lies(file: Path) -> bool:
        to = attachments(folder) / file.parent.name / file.name
        if to.exists() and to.stat().st_size == file.stat().st_size:
            return False
        to.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(to, file.read_bytes())
        return True

    copied = _each(attachments(data), attachments(folder), as_it_lies)
    if key is not None:

        def sealed_by_now(file: Path) -> bool:
            is_old = not (attachments(data) / file.parent.name / file.name).exists()
            if is_old and kept_files.place(folder, file.stem, kind_of(file), key).is_file():
                kept_files.remove(file)
            return False

        _each(attachments(folder), attachments(folder), sealed_by_now)
    return copied


def bring_files_back(
    folder: Path,
    data: Path,
    *,
    keys: Sequence[DataKey] = (),
    new_key: DataKey | None = None,
    gone: Collection[tuple[str, str]] = (),
) -> int:
    """Copy files that lie beside a backup and are missing in the data folder; returns how many.

    Args:
        folder: the backup's.
        data: the data's.
        keys: what may open those beside the backup.
        new_key: what those beside the data are sealed with.
        gone: the files that went with a person since, which stay away.

    Raises:
        DataFileError: a file can't be read or written; the database's copy is made.
    """
    if is_within(folder, data):
        return 0

    def under_the_key(file: Path) -> bool:
        if (attachments(data) / file.parent.name / file.name).exists():
            return False
        kept = kept_files.read(file, keys)
        if (kept.sha256, kind_of(file)) in gone:
            return False
        if kept_files.find(data, kept.sha256, kind_of(file), (new_key,)) is not None:
            return False
        kept_files.keep(data, kept, kind_of(file), new_key)
        return True

    return _each(attachments(folder), attachments(data), under_the_key)


def _each(source: Path, target: Path, act: Callable[[Path], bool]) -> int:
    try:
        return sum(act(file) for file in kept_files.kept_in(source))
    except OSError as error:
        raise DataFileError(
            f"Tệp đính kèm chưa chép được hết vào {target}; dữ liệu hồ sơ đã chép xong. "
            "Kiểm tra chỗ trống và quyền ghi rồi làm lại: chỉ các tệp còn thiếu được chép."
        ) from error
