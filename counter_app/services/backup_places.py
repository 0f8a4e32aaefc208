"""Second places for copies: another folder, a stick that comes and goes.

The live data are read once, in one step; what stands elsewhere is carried from that proved copy
and compared with it byte by byte. Several desks may use one stick: each has its folder there.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.atomic import FULL, GONE, FileNotWrittenError, write_atomically
from counter_app.errors import DataFileError, UserError
from counter_app.services import erased_files, journal
from counter_app.services.attachment_copies import copy_files
from counter_app.services.backup_facts import BackupOutcome, BackupPlace, Copy
from counter_app.services.backups import copies, look_into, make_copy, rotate
from counter_app.services.settings import get_setting
from counter_app.storage.keys import carry_key_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from counter_app.storage.database import Store

_FOLDER, _STICK = "backup_folder", "backup_stick"
_CHUNK = 1 << 20
# The last event, the last line but those of the copies themselves, and drafts, which leave neither.
# Not the file's time: closing folds its log into it and changes nothing.
_NEWEST = """
    SELECT (SELECT max(id) FROM event),
           (SELECT id FROM auditentry WHERE act <> 'backup' ORDER BY id DESC LIMIT 1),
           (SELECT value FROM setting WHERE key = '_changes'),
           (SELECT max(saved_at) FROM draft)
"""


def places(store: Store) -> list[BackupPlace]:
    """Return the second places that were set, whether they can be reached, what they hold."""
    found = []
    for key in (_FOLDER, _STICK):
        text = str(get_setting(store, key))
        if not text:
            continue
        chosen = Path(text)
        is_there = _is_there(chosen) and not (key == _STICK and _is_same_disk(chosen, store))
        held = copies(_own_folder(store, chosen)) if is_there else []
        found.append(BackupPlace(chosen, is_there, held[0].made_at if held else None))
    return found


def folders(store: Store, folder: Path) -> list[Path]:
    """Return every folder that holds copies of this desk and can be reached."""
    there = [_own_folder(store, place.path) for place in places(store) if place.is_there]
    return [folder, *there]


def all_copies(store: Store, folder: Path) -> list[Copy]:
    """Return the copies of this desk in every place that can be reached, newest first."""
    found = copies(folder)
    for place in places(store):
        if place.is_there:
            found += copies(_own_folder(store, place.path))
    return sorted(found, key=lambda copy: copy.order, reverse=True)


def back_up_everywhere(
    store: Store, *, folder: Path, now: datetime, progress: Callable[[int, int], None] | None = None
) -> BackupOutcome:
    """Make one copy and carry it to the second places; those that are missing are told.

    Raises:
        DataFileError: no copy could be made here.
    """
    made, damage = make_copy(store, folder=folder, now=now, progress=progress)
    return carry(store, made, now=now, damage=damage)


def carry(
    store: Store, made: Path, *, now: datetime, damage: tuple[str, ...] = ()
) -> BackupOutcome:
    """Carry a copy to the second places that lack it; ``damage`` is what it is known to hold."""
    missing, problems = [], [*damage]
    for place in places(store):
        if not place.is_there:
            missing.append(place.path)
            continue
        try:
            folder = _own_folder(store, place.path)
            _carry_to(store, made, folder)
            if not damage:
                rotate(folder, now)
                erased_files.remove_copies(store, folder)
        except (OSError, FileNotWrittenError) as error:
            problems.append(_not_carried(place.path, error))
        except UserError as error:
            problems.append(error.message)
    return BackupOutcome(made, tuple(missing), tuple(problems), damage)


def _not_carried(place: Path, error: OSError | FileNotWrittenError) -> str:
    """Say which place it was and that the copy here stands; the bottom line shows the beginning."""
    number = getattr(error if isinstance(error, OSError) else error.__cause__, "errno", None)
    if number in FULL:
        what, mend = "nơi đó đã đầy", "Xóa bớt tệp khác ở đó hoặc thay USB, ổ đĩa lớn hơn"
    elif number in GONE or not _is_there(place):
        what, mend = "nơi đó đã rút ra hoặc mất kết nối", "Cắm lại"
    else:
        what, mend = "nơi đó không cho ghi hoặc báo lỗi", "Kiểm tra quyền ghi hoặc thay USB, ổ đĩa"
    return (
        f"Chưa chép xong sang {place}: {what}. Bản sao lưu trên máy còn nguyên. "
        f"{mend}; chương trình tự chép lại."
    )


def lacks(store: Store, newest: Copy) -> bool:
    """Tell whether a place that can be reached has no copy as new as this one."""
    held = (copies(_own_folder(store, p.path)) for p in places(store) if p.is_there)
    return any(not found or found[0].order < newest.order for found in held)


def has_changed_since(store: Store, copy: Copy) -> bool:
    """Tell whether anything was written to the data that a copy doesn't hold."""
    try:
        with look_into(copy.path, store.keys) as held:
            return held.row(_NEWEST) != store.row(_NEWEST)
    except UserError:
        return True  # a copy that can't be read stands for nothing


def _own_folder(store: Store, chosen: Path) -> Path:
    here = journal.desk(store)
    return chosen / f"quay-{here.counter_number:02d}-{here.uuid[:8]}"


def _is_there(chosen: Path) -> bool:
    """Never made by us: where a stick is out, its place would be made on the system's disk."""
    try:
        return chosen.is_dir()
    except OSError:
        return False


def _is_same_disk(chosen: Path, store: Store) -> bool:
    """Tell whether a stick is in truth the disk of the data, as an empty mount point is."""
    return chosen.stat().st_dev == store.path.parent.stat().st_dev


def _carry_to(store: Store, made: Path, folder: Path) -> None:
    target = folder / made.name
    if not target.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(target, _pieces(made))
        if _sum(target) != _sum(made):
            target.unlink()
            raise DataFileError(
                f"Bản sao lưu chép sang {folder} đọc lại khác bản gốc nên đã bỏ. Bản trên máy "
                "còn nguyên. Thay thẻ nhớ hoặc ổ đĩa đó."
            )
    carry_key_file(store.key, store.path.parent, folder)
    copy_files(store.path.parent, folder, key=store.key)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def _sum(path: Path) -> bytes:
    found = hashlib.sha256()
    for piece in _pieces(path):
        found.update(piece)
    return found.digest()
