"""Composition root: folders, clock, store; made once and handed to the window or the verbs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from counter_app import paths
from counter_app.domain.moments import from_epoch, parse_moment, utc_now
from counter_app.errors import ClockError, DataFileError, UserError
from counter_app.services import journal, office
from counter_app.storage import places
from counter_app.storage.anchor import Anchor
from counter_app.storage.backup import check_whole
from counter_app.storage.database import Store, open_store
from counter_app.storage.first_look import key_for
from counter_app.storage.keys import BESIDE, KeyRing, carry_key_file, key_folder, key_paths
from counter_app.storage.lock import WindowLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from counter_app.services.backup_facts import RescueCalls
    from counter_app.services.salvage import SalvageReport

_LONG_GAP = timedelta(days=5)
_OFFICE_OFFSET = timedelta(hours=7)
# The communes' centres that the program serves began on this day; a clock without its battery
# begins years before.
_EARLIEST = datetime(2025, 7, 1)
_NOTHING_THERE = "Chưa có tệp dữ liệu."
_NOT_PRACTISING = (
    f"Biến {paths.NOW_VARIABLE} chỉ dùng được trong thư mục thực hành. Dữ liệu không thay đổi. "
    "Bỏ biến đó đi hoặc dùng thư mục tạo bằng setup --rehearsal."
)


class App(NamedTuple):
    """What the window and the verbs work with."""

    store: Store
    folder: Path
    clock: Callable[[], datetime]


def open_app(
    *,
    data: str | None = None,
    database: str | None = None,
    environment: Mapping[str, str],
    read_only: bool = False,
    practising: bool = False,
    keys: KeyRing | None = None,
) -> App:
    """Open the data folder through the gate, make it if it is new.

    Args:
        data: the folder, if it was named.
        database: the database's address, if it was named.
        environment: the process environment.
        read_only: open for looking only, for a second window.
        practising: the folder is about to be made one to practise in, so the clock may be set.
        keys: what opens data that are encrypted.

    Raises:
        LockedError: the data are encrypted and nobody has unlocked them.
        DataFileError: the folder or the file can't be used; the sentence says why.
        ClockError: the clock was set for a folder that isn't there to practise in.
    """
    if data is not None and not data.strip():
        raise DataFileError("Tên thư mục dữ liệu trống. Chưa làm gì. Ghi tên thư mục sau --data.")
    folder = paths.data_folder(data, environment)
    path = _database_path(folder, database or environment.get(paths.DATABASE_VARIABLE))
    is_new = not os.path.exists(path)  # noqa: PTH110 - an over-long name is no error here
    if is_new and environment.get(paths.NOW_VARIABLE) and not practising:
        raise ClockError(_NOT_PRACTISING)
    places.prepare(path.parent)
    places.prepare(folder)
    _finish_left_over(path)
    now = utc_now()
    store = open_store(
        path,
        backup_folder=paths.backups(folder),
        stamp=f"{now:%Y%m%d-%H%M%S}",
        read_only=read_only,
        anchor=Anchor(path, lambda: paths.anchors(environment)),
        keys=KeyRing() if keys is None else keys,
    )
    try:
        _wake(store, machine_mark(path), now, is_new=is_new)
        _finish_erasing(store)
        clock = choose_clock(store, environment, practising=practising)
    except BaseException:
        store.close()
        raise
    store.clock = clock
    if store.key is not None and not read_only:
        from counter_app.services.unlocks import note_failures  # plain data have no lock

        # On a full disk the count stays where it is until it can be told; nobody is kept out.
        with contextlib.suppress(UserError):
            note_failures(store, path.parent)
    return App(store, folder, clock)


def _finish_erasing(store: Store) -> None:
    """Remove the files of a person whose removal was cut short; hardly ever needed."""
    waiting = "SELECT 1 FROM setting WHERE key = '_files_to_erase'"
    if not store.read_only and store.row(waiting) is not None:
        from counter_app.services import erased_files

        erased_files.remove(store)


def _finish_left_over(path: Path) -> None:
    """Clear away what a change of the encryption that was killed has left; hardly ever needed."""
    if any(os.path.exists(f"{path}{ending}") for ending in BESIDE):  # noqa: PTH110
        from counter_app.storage.convert import finish_left_over

        finish_left_over(path)


def open_to_restore(
    *,
    data: str | None,
    database: str | None,
    environment: Mapping[str, str],
    practising: bool = False,
    keys: KeyRing | None = None,
    source: Path | None = None,
) -> App:
    """Open the data so that a backup can take their place, also where they are damaged.

    A damaged file is put aside whole, and an empty one stands in its place until the backup does.
    Where there was none, it is encrypted as ``source`` is, the backup that is coming.

    Raises:
        DataFileError: as ``open_app``, where the file is neither damaged nor lost.
        ClockError: the clock is set, and nobody can tell whether these are data to practise in.
    """
    keys = KeyRing() if keys is None else keys

    def opened() -> App:
        return open_app(
            data=data,
            database=database,
            environment=environment,
            practising=practising,
            keys=keys,
        )

    folder = paths.data_folder(data, environment)
    path = _database_path(folder, database or environment.get(paths.DATABASE_VARIABLE))
    try:
        if not path.exists() and source is not None and key_for(source, keys) is not None:
            places.prepare(path.parent)
            raise DataFileError(_NOTHING_THERE)
        return opened()
    except DataFileError:
        if path.exists() and not check_whole(path, keys):
            raise
        if environment.get(paths.NOW_VARIABLE) and not practising:
            # Before anything is put aside: the empty data would be refused for it, and stay.
            raise ClockError(_NOT_PRACTISING) from None
        with alone(path.parent):
            if not path.exists() and source is not None and not key_paths(path.parent):
                carry_key_file(key_for(source, keys), key_folder(source), path.parent)
            key = key_for(path, keys)
            if path.exists():
                from counter_app.services import backups  # not needed at a usual start

                backups.put_aside(path, folder=paths.backups(folder), now=utc_now())
            # To begin anew beside backups is what the gate refuses; here it is what is wanted.
            nowhere = path.parent / "backups-none"
            open_store(path, backup_folder=nowhere, stamp="", new_key=key).close()
        return opened()


def rescue_calls(
    *,
    data: str | None,
    database: str | None,
    environment: Mapping[str, str],
    keys: KeyRing | None = None,
) -> RescueCalls | None:
    """Return what can be done where the data are damaged or lost, None where they aren't.

    Nothing is offered while a window is open on them.

    Raises:
        LockedError: the data are encrypted, and nobody has unlocked them.
    """
    folder = paths.data_folder(data, environment)
    try:
        path = _database_path(folder, database or environment.get(paths.DATABASE_VARIABLE))
    except DataFileError:
        return None
    from counter_app.services import backups  # not needed at a usual start

    ring = KeyRing() if keys is None else keys
    key_for(path, ring)
    kept = paths.backups(folder)
    is_lost = not path.exists() or not path.stat().st_size
    if is_lost and not backups.copies(kept):
        return None
    if not is_lost and not check_whole(path, ring):
        return None

    def restore(source: Path) -> Path:
        key_for(source, ring)  # before anything is put aside
        app = open_to_restore(data=data, database=database, environment=environment, keys=ring)
        try:
            with alone(path.parent):
                return backups.restore(app.store, source, folder=kept, now=utc_now())
        finally:
            app.store.close()

    def save_rows() -> SalvageReport:
        from counter_app.services.salvage import salvage

        now = utc_now()
        report = salvage(path, kept / f"cuu-{now:%Y%m%d-%H%M%S}.db", now=now, keys=ring)
        restore(report.path)
        return report

    from counter_app.services import unlocks
    from counter_app.services.backup_facts import RescueCalls as Calls

    return Calls(
        lambda: backups.copies(kept),
        restore,
        save_rows,
        lambda error: unlocks.locked(Path(str(error.key_file)), ring, clock=utc_now),
    )


def _wake(store: Store, mark: str, now: datetime, *, is_new: bool) -> None:
    """Give a new or copied database its identity; programs that start at once do it once."""
    row = store.row("SELECT machine_mark FROM installation WHERE is_self = 1")
    if store.read_only or (row is not None and row[0] == mark):
        return
    if store.anchor is not None:
        if row is None and is_new:
            store.anchor.restart()  # another identity has another past
        else:
            # There was a file and it has lost its own name, or its mark was taken away: what was
            # saved here is still asked for. A copy in another place finds no marks there.
            store.anchor.keep_aside()
    with store.transaction():
        office.begin(store, machine_mark=mark, now=now)
    if row is not None:
        from counter_app.services import seals  # only copied or restored data need them

        seals.take_over(store)


def open_for_window(
    *,
    data: str | None,
    database: str | None,
    environment: Mapping[str, str],
    keys: KeyRing | None = None,
) -> tuple[App, WindowLock | None]:
    """Open the data for the window; without the lock another window has it, and we only look.

    Raises:
        DataFileError: as ``open_app``.
    """
    folder = paths.data_folder(data, environment)
    path = _database_path(folder, database or environment.get(paths.DATABASE_VARIABLE))
    places.prepare(path.parent)
    lock = WindowLock.acquire(path.parent)
    try:
        opened = open_app(
            data=data,
            database=database,
            environment=environment,
            read_only=lock is None,
            keys=keys,
        )
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    if lock is not None and opened.store.key is not None:
        clear_shown(path.parent, lock)  # a power cut left it
    return opened, lock


def clear_shown(folder: Path, lock: WindowLock | None) -> None:
    """Remove what was shown of encrypted files, unless another window may still be showing it.

    Args:
        folder: where the database lies.
        lock: the window's lock, None where we only looked.
    """
    held = lock or WindowLock.acquire(folder)
    if held is None:
        return
    try:
        from counter_app.services import kept_files  # plain data never need it

        kept_files.clear_shown(folder)
    finally:
        if lock is None:
            held.release()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the window's lock for a verb that replaces the data.

    Args:
        folder: where the database lies.

    Raises:
        DataFileError: a window is open on this folder.
    """
    lock = WindowLock.acquire(folder)
    if lock is None:
        raise DataFileError(
            "Cửa sổ chương trình đang mở trên dữ liệu này. Chưa thay đổi gì. "
            "Đóng cửa sổ rồi làm lại."
        )
    try:
        yield
    finally:
        lock.release()


def _database_path(folder: Path, url: str | None) -> Path:
    if not url:
        return folder / paths.DATABASE_NAME
    scheme, is_url, rest = url.partition("://")
    if is_url and scheme != "sqlite":
        raise DataFileError(
            f"Chưa hỗ trợ cơ sở dữ liệu “{scheme}”. Dùng sqlite:///đường-dẫn hoặc bỏ tùy chọn này."
        )
    # Three slashes and a relative path, or four and an absolute one, as elsewhere.
    name = rest.removeprefix("/") if is_url else url
    if not name or name == ":memory:":
        raise DataFileError(
            f"Địa chỉ “{url}” thiếu tên tệp dữ liệu. Dùng sqlite:///đường-dẫn hoặc bỏ tùy chọn này."
        )
    return Path(name).absolute()


def machine_mark(path: Path) -> str:
    """Return a mark of this machine and place: another one means a copied or restored folder."""
    return hashlib.sha256(f"{_machine()}|{path.resolve()}".encode()).hexdigest()[:32]


def _machine() -> str:
    """Return what tells this machine from another and stays the same at every start."""
    if sys.platform == "win32":
        import winreg

        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key,
        ):
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    with contextlib.suppress(OSError):
        known = Path("/etc/machine-id").read_text("ascii").strip()
        if known:
            return known
    import platform
    import uuid

    node = uuid.getnode()
    # Without a network card the number is drawn anew at each start, which its lowest bit of the
    # first byte tells (RFC 9562, 6.10).
    is_drawn = node >> 40 & 1
    return platform.node() if is_drawn else f"{node:x}-{platform.node()}"


def choose_clock(
    store: Store, environment: Mapping[str, str], *, practising: bool = False
) -> Callable[[], datetime]:
    """Return the machine's clock, or the one that was set for a folder made to practise in.

    Raises:
        UserError: the variable is set on real data, or holds no moment.
    """
    text = environment.get(paths.NOW_VARIABLE)
    if not text:
        return utc_now
    if not (practising or office.office(store).is_rehearsal):
        raise ClockError(_NOT_PRACTISING)
    try:
        moment = parse_moment(text)
    except (ValueError, OverflowError) as error:
        raise UserError(
            f"Giá trị “{text}” của {paths.NOW_VARIABLE} không phải thời điểm dạng "
            "2026-11-24T09:00. Dữ liệu không thay đổi. Sửa giá trị đó rồi chạy lại."
        ) from error
    return lambda: moment


class ClockDoubt(NamedTuple):
    """Something about the clock that a person should look at before the first save of a day."""

    kind: str  # behind, early, zone or gap
    sentence: str
    shift: timedelta = timedelta(0)  # how far the time the PC shows is from office time

    @property
    def is_behind(self) -> bool:
        """Say whether nothing may be saved before it is confirmed."""
        return self.kind == "behind"


def doubt_clock(app: App, *, offset: timedelta | None) -> ClockDoubt | None:
    """Return the gravest thing that is odd about the clock.

    Args:
        app: the open program.
        offset: the PC's offset from UTC, None when the clock is set by the rehearsal variable.
    """
    found = clock_doubts(app.store, now=app.clock(), offset=offset)
    return min(found, key=lambda doubt: not doubt.is_behind, default=None)


def clock_doubts(store: Store, *, now: datetime, offset: timedelta | None) -> list[ClockDoubt]:
    """Return what is odd about the clock: foreign zone, behind the last save, long gap.

    The zone comes first: where it is wrong and the shown time right, the others may be its doing.
    """
    found = []
    if offset is not None and offset != _OFFICE_OFFSET:
        found.append(
            ClockDoubt(
                "zone",
                "Múi giờ của máy không phải giờ Việt Nam (+07:00). Giờ trên giấy tờ vẫn theo giờ "
                "Việt Nam; kiểm tra lại giờ hiển thị.",
                offset - _OFFICE_OFFSET,
            )
        )
    last = journal.desk(store).last_moment
    if last > 0 and now < from_epoch(last):
        found.append(
            ClockDoubt(
                "behind",
                f"Đồng hồ máy đang là {now:%H:%M %d/%m/%Y}, trước lần lưu cuối "
                f"({from_epoch(last):%H:%M %d/%m/%Y}). Kiểm tra ngày giờ của máy.",
            )
        )
    elif offset is not None and now < _EARLIEST:
        found.append(
            ClockDoubt(
                "early",
                f"Đồng hồ máy đang là {now:%H:%M %d/%m/%Y}: khi đó chưa có chương trình này. "
                "Kiểm tra ngày giờ của máy.",
            )
        )
    if last > 0 and now - from_epoch(last) > _LONG_GAP:
        days = (now - from_epoch(last)).days
        found.append(
            ClockDoubt(
                "gap",
                f"Đã {days} ngày chưa ghi hồ sơ nào. Kiểm tra ngày của máy có đúng không.",
            )
        )
    return found


def zone_offset() -> timedelta:
    """Return the PC's own offset from UTC."""
    # Not by datetime's own zones, which end at a day; a zone's text may say any number of hours.
    return timedelta(seconds=time.localtime().tm_gmtoff)
