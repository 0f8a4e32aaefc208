"""What of encrypted data still lies plain beside them: copies of before, and work cut short."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from counter_app import paths
from counter_app.domain.rights import Act
from counter_app.errors import DataFileError
from counter_app.services import audit, backup_places, rights
from counter_app.storage import staging
from counter_app.storage.convert import wipe
from counter_app.storage.keys import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from counter_app.storage.database import Store


def copies(store: Store) -> list[Path]:
    """Return the copies, in every place that can be reached, that anybody can read."""
    found = []
    for folder in backup_places.folders(store, paths.backups(store.path.parent)):
        with contextlib.suppress(OSError):
            found += [path for path in sorted(folder.glob("*.db")) if is_plain(path)]
    return found


def remove_copies(store: Store, found: Iterable[Path]) -> int:
    """Overwrite and remove copies that anybody can read; returns how many.

    Raises:
        RightsError: who is signed in may not.
        DataFileError: there is no encrypted copy yet, or one can't be removed.
    """
    rights.demand(store, Act.ENCRYPTION)
    folder = paths.backups(store.path.parent)
    if store.key is None or not any(not is_plain(p) for p in folder.glob("sao-luu-*.db")):
        raise DataFileError(
            "Chưa có bản sao lưu mã hóa nào nên chưa xóa bản cũ. Sao lưu trước rồi làm lại."
        )
    removed = 0
    for path in found:
        try:
            for ending in ("-wal", "-shm"):
                beside = path.with_name(path.name + ending)
                if beside.exists():
                    wipe(beside)
            wipe(path)
        except OSError as error:
            raise DataFileError(
                f"Không xóa được {path}. Đã xóa {removed} bản. Đóng chương trình đang mở tệp đó "
                "rồi làm lại."
            ) from error
        removed += 1
    audit.note(store, Act.ENCRYPTION, what="xóa bản sao lưu không mã hóa", count=removed)
    return removed


def wipe_unfinished(store: Store) -> list[str]:
    """Overwrite what processes that were killed have left plain; returns what couldn't be."""
    data = store.path.parent
    left = [*data.glob(f"{paths.ASIDE}*/**/*"), *data.glob(f"{staging.PREFIX}*")]
    for folder in backup_places.folders(store, paths.backups(data)):
        left += [*folder.glob(f"{paths.ASIDE}*/**/*"), *folder.glob(".*.tmp")]
    problems = []
    for path in left:
        try:
            if path.is_file():
                wipe(path)
        except OSError:
            problems.append(f"Chưa xóa được tệp tạm không mã hóa {path}.")
    return problems
