"""Backup and restore of the whole data file, through the database's own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.errors import DataFileError, InputError
from counter_app.services import audit, journal, rights
from counter_app.services.attachment_copies import bring_files_back, copy_files
from counter_app.storage.backup import back_up, check_whole
from counter_app.storage.database import open_store

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store

_KEPT = 30
_GAP = 500  # more than a desk receives in a day
_PREFIX = "sao-luu-"


def make_backup(store: Store, *, folder: Path, now: datetime) -> Path:
    """Copy the data whole into a folder, open the copy, and keep the newest ones.

    Attached files go beside the copy, each once; within the data folder they stay where they are.

    Raises:
        DataFileError: the folder can't be written, or the copy doesn't open; nothing is removed.
    """
    target = folder / f"{_PREFIX}{now:%Y%m%d-%H%M%S}.db"
    try:
        back_up(store.database, target)
        problems = check_whole(target)
    except OSError as error:
        raise DataFileError(
            f"Chưa sao lưu được vào {folder}. Dữ liệu đang dùng vẫn nguyên. "
            "Kiểm tra thư mục và chỗ trống trên ổ đĩa rồi thử lại."
        ) from error
    if problems:
        target.unlink(missing_ok=True)
        raise DataFileError(
            "Bản sao lưu vừa tạo không đọc lại được nên đã bỏ. Kiểm tra dữ liệu bằng lệnh check."
        )
    copy_files(store.path.parent, folder)
    # Also by itself at closing, when nobody is signed in any more.
    audit.note(store, "backup", file=target.name)
    for old in sorted(folder.glob(f"{_PREFIX}*.db"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return target


def has_backup_of(folder: Path, day: datetime) -> bool:
    """Tell whether a copy was already made on this day."""
    return any(folder.glob(f"{_PREFIX}{day:%Y%m%d}-*.db"))


def restore(store: Store, source: Path, *, folder: Path, now: datetime) -> Path:
    """Put a backup in the place of the present data; the present data are kept beside it.

    The restored installation goes on under a new epoch, and its series above the highest number
    that either file knows, so that no number that was given is given again.

    Returns:
        the file that holds the data as they were before.

    Raises:
        InputError: the file isn't a backup that can be opened.
    """
    if not source.is_file():
        raise InputError(f"Không có tệp sao lưu {source}. Chưa thay đổi gì.")
    problems = check_whole(source) if source.stat().st_size else ["tệp rỗng"]
    if problems:
        raise InputError(f"Tệp sao lưu {source.name} bị hỏng ({problems[0]}). Chưa thay đổi gì.")
    rights.demand(store, "restore")
    who = store.user or audit.current_clerk(store)
    stamp = f"{now:%Y%m%d-%H%M%S}"
    # A copy goes through the gate, which refuses another program's file and a newer version and
    # brings an older one up to date; the backup itself stays as it was made.
    folder.mkdir(parents=True, exist_ok=True)
    staged = folder / f"dang-khoi-phuc-{stamp}.db"
    import shutil  # not needed at a start

    shutil.copyfile(source, staged)
    try:
        _prepare(store, staged, folder=folder, stamp=stamp, today=f"{now:%y%m%d}")
        before = folder / f"truoc-khoi-phuc-{stamp}.db"
        back_up(store.database, before)
        # One step: a power cut leaves the data either as they were or wholly restored.
        store.take_from(staged)
        audit.note(store, "restore", by=who, file=source.name)
        bring_files_back(source.parent, store.path.parent)
        return before
    finally:
        for name in (staged.name, f"{staged.name}-wal", f"{staged.name}-shm"):
            (folder / name).unlink(missing_ok=True)


def _prepare(store: Store, staged: Path, *, folder: Path, stamp: str, today: str) -> None:
    """Make the staged file ready to go on: the next epoch, series above what was given."""
    series = store.rows("SELECT kind, period, last FROM series")
    epoch = journal.desk(store).epoch
    gap = 0
    if not journal.is_used(store):
        # The present file is a new one in the place of a damaged one: what was given since the
        # backup can't be known, so every series goes on after a gap.
        series, gap = [("dossier", today, _GAP), ("visit", today, _GAP)], _GAP
    ready = open_store(staged, backup_folder=folder, stamp=stamp)
    try:
        with ready.transaction():
            # The next start sees a foreign mark and takes the next epoch.
            ready.execute(
                "UPDATE installation SET machine_mark = '', epoch = max(epoch, ?) "
                "WHERE is_self = 1",
                (epoch,),
            )
            ready.execute("UPDATE series SET last = last + ?", (gap,))
            for kind, period, last in series:
                ready.execute(
                    "INSERT INTO series (installation_id, kind, period, last) "
                    "SELECT id, ?, ?, ? FROM installation WHERE is_self = 1 "
                    "ON CONFLICT (installation_id, kind, period) "
                    "DO UPDATE SET last = max(last, excluded.last)",
                    (kind, period, last),
                )
    finally:
        ready.close()


def put_aside(path: Path, *, folder: Path, now: datetime) -> Path:
    """Move a damaged data file, with what belongs to it, out of the way; nothing is deleted.

    Raises:
        DataFileError: it can't be moved.
    """
    aside = folder / f"hong-{now:%Y%m%d-%H%M%S}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ("-wal", "-shm", ""):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
    except OSError as error:
        raise DataFileError(
            f"Không chuyển được tệp hỏng {path} sang {folder}. Chưa thay đổi gì. "
            "Kiểm tra quyền ghi rồi làm lại."
        ) from error
    return aside
