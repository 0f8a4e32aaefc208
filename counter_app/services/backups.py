"""Backup and restore of the whole data file, through the database's own copy."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import TYPE_CHECKING

from counter_app import paths
from counter_app.atomic import remove_in_pieces, write_atomically
from counter_app.domain.copies import Order, copy_name, copy_order
from counter_app.domain.rotation import stays
from counter_app.errors import DataFileError, InputError, NotFoundError, UserError
from counter_app.services import audit, chain, erased_files, erasing, journal, office, rights
from counter_app.services.attachment_copies import bring_files_back, copy_files
from counter_app.services.kept_copies import copies as copies  # noqa: PLC0414 - for callers
from counter_app.services.seals import Seals, take_restored
from counter_app.services.unlocks import note_failures
from counter_app.storage.backup import back_up, check_whole
from counter_app.storage.connections import Connections
from counter_app.storage.database import Store, open_store
from counter_app.storage.faults import errors, translated
from counter_app.storage.first_look import key_for
from counter_app.storage.keys import carry_key_file, key_folder, key_paths
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.anchor import Mark
    from counter_app.storage.keys import KeyRing

_GAP = 500  # more than a desk receives in a day
_STEPS = 3
_MOST = 20
_SURELY_DEAD = 6 * 3600  # seconds
_STAGED = "dang-khoi-phuc-"
_LAST_LINE = "SELECT last FROM audithead WHERE id = 1"
_LINK = "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?"


def make_backup(store: Store, *, folder: Path, now: datetime) -> Path:
    """Copy the data whole into a folder, prove the copy, and keep what the rotation keeps.

    Attached files go beside the copy, each once; within the data folder they stay where they are.

    Raises:
        DataFileError: the folder can't be written, or the copy doesn't open; or the copy is made
            and kept, and what it holds was damaged before. Nothing is removed then.
    """
    made, problems = make_copy(store, folder=folder, now=now)
    if problems:
        raise DataFileError(f"Đã sao lưu vào {made}. {problems[0]}")
    return made


def make_copy(
    store: Store, *, folder: Path, now: datetime, progress: Callable[[int, int], None] | None = None
) -> tuple[Path, tuple[str, ...]]:
    """Do as ``make_backup``; returns the copy and a sentence if what it holds is damaged.

    Damaged data are copied too, since what comes after the damage is worth as much as ever; but
    for them no older copy goes.

    Raises:
        DataFileError: the folder can't be written, or the copy doesn't open.
    """
    tell = progress or (lambda _done, _total: None)
    target = folder / copy_name(now, _order(store, folder))
    marks = store.anchor.marks() if store.anchor is not None else []
    try:
        tell(0, _STEPS)
        back_up(store.database, target)
        tell(1, _STEPS)
        wrong = prove(store, target, marks)
        tell(2, _STEPS)
        copy_files(store.path.parent, folder, key=store.key)
        if not wrong:
            rotate(folder, now)
            _sweep_aside(store.path)
            erased_files.remove_copies(store, folder)
    except OSError as error:
        raise DataFileError(
            f"Chưa sao lưu được vào {folder}. Dữ liệu đang dùng vẫn nguyên. "
            "Kiểm tra thư mục và chỗ trống trên ổ đĩa rồi thử lại."
        ) from error
    tell(_STEPS, _STEPS)
    # Also by itself at closing, when nobody is signed in any more.
    audit.note(store, "backup", file=target.name)
    if not wrong:
        return target, ()
    told = (
        f"Dữ liệu có chỗ không khớp ({wrong[0]}) nên các bản cũ đều được giữ. "
        "Chạy lệnh check và gọi người hỗ trợ."
    )
    return target, (told,)


def _order(store: Store, folder: Path) -> Order:
    """Return how far the data have come; each copy leaves a line, so the next one is further."""
    try:
        here, (line,) = journal.desk(store), store.row(_LAST_LINE) or (0,)
        return here.epoch, int(line)
    except UserError:  # damaged data are copied too, behind what there is
        known = copies(folder)
        return copy_order(known[0].path.name) if known else (0, 0)


def prove(store: Store, path: Path, marks: Sequence[Mark]) -> list[str]:
    """Open a copy and say what is wrong with it: the chain, and what was saved before it."""
    wrong: list[str] = []
    try:
        wrong += wrong_in(path, store.keys, marks, start=chain.sealed(store), seals=Seals(store))
        if not wrong:
            with look_into(path, store.keys) as copy, contextlib.suppress(UserError, OSError):
                chain.seal(store, chain.heads_of(copy))
    except errors(DataFileError):
        wrong.append("có chữ hoặc số không đọc được")
    return wrong


def wrong_in(
    path: Path,
    keys: KeyRing,
    marks: Sequence[Mark],
    *,
    start: chain.Heads | None = None,
    seals: Seals | None = None,
) -> list[str]:
    """Follow a copy's chain and log from ``start``, look the marks up; returns what is wrong.

    Raises:
        driver.Error: something in it can't be read.
    """
    wrong: list[str] = []
    with look_into(path, keys) as copy:
        # What the last copies have proved needn't be followed link by link again.
        found = islice(chain.follow(copy, start=start, seals=seals), _MOST)
        wrong += [f"{what}: {where}" for what, where in found]
        if not wrong:
            line = (start or {}).get((LOG, 0), (0, bytes(32)))
            found = islice(audit.broken(copy, start=line, seals=seals), _MOST)
            wrong += [f"{what}: nhật ký, {where}" for what, where in found]
        for mark in marks:
            row = copy.row(_LINK, (mark.origin, mark.epoch, mark.sequence))
            if row is None or row[0] != mark.head:
                wrong.append(f"thiếu sự kiện {mark.sequence} đã lưu")
    return wrong


@contextlib.contextmanager
def look_into(path: Path, keys: KeyRing) -> Iterator[Store]:
    """Open a copy for looking only; nothing is made beside it.

    Raises:
        LockedError: it is encrypted with a key that nobody has unlocked.
        DataFileError: it can't be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    database = Connections(uri, {"query_only": 1}, is_uri=True, key=key_for(path, keys))
    store = Store(database, path, read_only=True, keys=keys)
    try:
        with translated(path):
            yield store
    finally:
        store.close()


def rotate(folder: Path, now: datetime) -> None:
    """Remove the copies that the rotation doesn't keep; every other file stays.

    What a process that was killed had begun to write goes too, once it is old enough.
    """
    known = copies(folder)
    newest = max((copy.path.stat().st_mtime for copy in known), default=0.0)
    for begun in folder.glob(f".{'[0-9a-f]' * 16}.tmp"):
        if begun.stat().st_mtime < newest - _SURELY_DEAD:
            remove_in_pieces(begun)
    known.reverse()
    for copy, does_stay in zip(known, stays((c.made_at for c in known), now=now), strict=True):
        if not does_stay:
            remove_in_pieces(copy.path)


def _sweep_aside(store_path: Path) -> None:
    """Remove what a process that was killed had put aside, once it is old enough."""
    import shutil  # not needed at a start

    newest = store_path.stat().st_mtime
    for folder in (store_path.parent, paths.backups(store_path.parent)):
        for left in (*folder.glob(f"{paths.ASIDE}*"), *folder.glob(f"{_STAGED}*")):
            with contextlib.suppress(OSError):  # somebody's work has ended, or holds it open
                if left.stat().st_mtime >= newest - _SURELY_DEAD:
                    continue
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()


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
    problems = check_whole(source, store.keys) if source.stat().st_size else ["tệp rỗng"]
    if problems:
        raise InputError(f"Tệp sao lưu {source.name} bị hỏng ({problems[0]}). Chưa thay đổi gì.")
    rights.demand(store, "restore")
    who = store.user or audit.current_clerk(store)
    stamp = f"{now:%Y%m%d-%H%M%S}"
    # A copy goes through the gate, which refuses another program's file and a newer version and
    # brings an older one up to date; the backup itself stays as it was made.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = folder / f"{_STAGED}{stamp}.db"
    from counter_app.storage.convert import copy_under  # not needed at a start

    try:
        # Whatever key the copy has, the data keep theirs, and nothing of them lies plain meanwhile.
        copy_under(source, key_for(source, store.keys), staged, store.key)
        carry_key_file(store.key, store.path.parent, folder)
        _prepare(store, staged, folder=folder, now=now)
        before = _keep_present(store, folder, stamp)
        # One step: a power cut leaves the data either as they were or wholly restored, and whoever
        # was removed since the copy is gone from it already.
        store.take_from(staged, store.key)
        take_restored(store)
        erased_files.remove(store)
        audit.note(store, "restore", by=who, file=source.name)
        note_failures(store, key_folder(source))
        bring_files_back(
            source.parent,
            store.path.parent,
            keys=store.keys.known(),
            new_key=store.key,
            gone=erased_files.gone(store),
        )
        return before
    finally:
        for name in (staged.name, f"{staged.name}-wal", f"{staged.name}-shm"):
            (folder / name).unlink(missing_ok=True)


def _keep_present(store: Store, folder: Path, stamp: str) -> Path:
    """Keep the present data beside; a damaged file, which no copy can be made of, as it lies."""
    before = folder / f"truoc-khoi-phuc-{stamp}.db"
    try:
        back_up(store.database, before)
    except DataFileError:
        if not check_whole(store.path, store.keys):
            raise
        before = folder / f"hong-{stamp}.db"
        with contextlib.suppress(UserError):
            carry_key_file(store.key, store.path.parent, folder)
        _copy_as_it_lies(store.path, before)
    return before


def _copy_as_it_lies(source: Path, target: Path) -> None:
    import shutil  # not needed at a start

    for ending in ("", "-wal"):
        part = source.with_name(source.name + ending)
        if part.exists():
            shutil.copyfile(part, target.with_name(target.name + ending))


def _prepare(store: Store, staged: Path, *, folder: Path, now: datetime) -> None:
    """Make the staged file ready: the next epoch, series above what was given, nobody removed."""
    try:
        series = store.rows("SELECT kind, period, last FROM series")
        epoch, is_used = journal.desk(store).epoch, journal.is_used(store)
    except (DataFileError, NotFoundError):
        series, epoch, is_used = [], 0, False
    gap = 0
    if not is_used or check_whole(store.path, store.keys):
        # The present file is damaged, or a new one in the place of a damaged one: what was given
        # since the backup can't be known, so every series goes on after a gap.
        today = f"{now:%y%m%d}"
        series, gap = [*series, ("dossier", today, _GAP), ("visit", today, _GAP)], _GAP
    ready = open_store(staged, backup_folder=folder, stamp=f"{now:%Y%m%d-%H%M%S}", keys=store.keys)
    try:
        with ready.transaction():
            if journal.desk(ready).epoch < epoch:
                # What was saved since stands in chains of these names, maybe at other desks.
                office.begin_epoch(ready, machine_mark="", beyond=epoch)
            # The next start sees a foreign mark and takes the next epoch.
            ready.execute("UPDATE installation SET machine_mark = '' WHERE is_self = 1")
            ready.execute("UPDATE series SET last = last + ?", (gap,))
            for kind, period, last in series:
                ready.execute(
                    "INSERT INTO series (installation_id, kind, period, last) "
                    "SELECT id, ?, ?, ? FROM installation WHERE is_self = 1 "
                    "ON CONFLICT (installation_id, kind, period) "
                    "DO UPDATE SET last = max(last, excluded.last)",
                    (kind, period, last),
                )
        ready.clock = store.clock
        erasing.erase_again(ready, erasing.erased(store), now=now)
    finally:
        ready.close()


def put_aside(path: Path, *, folder: Path, now: datetime) -> Path:
    """Move a damaged data file, with what belongs to it, out of the way; nothing is deleted.

    Raises:
        DataFileError: it can't be moved.
    """
    aside = folder / f"hong-{now:%Y%m%d-%H%M%S}.db"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in key_paths(path.parent):
            write_atomically(folder / file.name, file.read_bytes())
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
