"""Composition root: folders, clock, store; made once and handed to the window or the verbs."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import logging.handlers
import os
import platform
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from counter_app import paths
from counter_app.domain.moments import from_epoch, parse_moment, utc_now
from counter_app.errors import ClockError, DataFileError, UserError
from counter_app.services import journal, office
from counter_app.storage import places
from counter_app.storage.database import Store, open_store
from counter_app.storage.lock import WindowLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_LONG_GAP = timedelta(days=5)
_LOG_BYTES, _LOG_FILES = 1_000_000, 5


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
) -> App:
    """Open the data folder through the gate, make it if it is new.

    Raises:
        DataFileError: the folder or the file can't be used; the sentence says why.
    """
    folder = paths.data_folder(data, environment)
    path = _database_path(folder, database or environment.get(paths.DATABASE_VARIABLE))
    places.prepare(path.parent)
    places.prepare(folder)
    now = utc_now()
    store = open_store(
        path,
        backup_folder=paths.backups(folder),
        stamp=f"{now:%Y%m%d-%H%M%S}",
        read_only=read_only,
    )
    try:
        office.begin(store, machine_mark=machine_mark(path), now=now)
        clock = choose_clock(store, environment)
    except BaseException:
        store.close()
        raise
    return App(store, folder, clock)


def open_for_window(
    *, data: str | None, database: str | None, environment: Mapping[str, str]
) -> tuple[App, WindowLock | None]:
    """Open the data for the window; without the lock another window has it, and we only look.

    Raises:
        DataFileError: as ``open_app``.
    """
    folder = paths.data_folder(data, environment)
    places.prepare(folder)
    lock = WindowLock.acquire(folder)
    try:
        opened = open_app(
            data=data, database=database, environment=environment, read_only=lock is None
        )
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return opened, lock


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the window's lock for a verb that replaces the data.

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
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).absolute()
    if "://" in url:
        raise DataFileError(
            f"Chưa hỗ trợ cơ sở dữ liệu “{url.split('://')[0]}”. Dùng sqlite:///đường-dẫn hoặc "
            "bỏ tùy chọn này."
        )
    return Path(url).absolute()


def machine_mark(path: Path) -> str:
    """Return a mark of this machine and place: another one means a copied or restored folder."""
    try:
        machine = Path("/etc/machine-id").read_text("utf-8").strip()
    except OSError:
        machine = ""
    machine = machine or f"{uuid.getnode():x}-{platform.node()}"
    return hashlib.sha256(f"{machine}|{path.resolve()}".encode()).hexdigest()[:32]


def choose_clock(store: Store, environment: Mapping[str, str]) -> Callable[[], datetime]:
    """Return the machine's clock, or the one that was set for a folder made to practise in.

    Raises:
        UserError: the variable is set on real data, or holds no moment.
    """
    text = environment.get(paths.NOW_VARIABLE)
    if not text:
        return utc_now
    if not office.office(store).is_rehearsal:
        raise ClockError(
            f"Biến {paths.NOW_VARIABLE} chỉ dùng được trong thư mục thực hành. "
            "Dữ liệu không thay đổi. Bỏ biến đó đi hoặc dùng thư mục tạo bằng setup --rehearsal."
        )
    try:
        moment = parse_moment(text)
    except ValueError as error:
        raise UserError(
            f"Giá trị “{text}” của {paths.NOW_VARIABLE} không phải thời điểm dạng 2026-11-24T09:00."
        ) from error
    return lambda: moment


class ClockDoubt(NamedTuple):
    """Something about the clock that a person should look at before the first save of a day."""

    is_behind: bool
    sentence: str


def doubt_clock(app: App, *, offset: timedelta | None) -> ClockDoubt | None:
    """Return what is odd about the clock: behind the last save, foreign zone, long gap.

    Args:
        app: the open program.
        offset: the PC's offset from UTC, None when the clock is set by the rehearsal variable.
    """
    now = app.clock()
    last = journal.desk(app.store).last_moment
    if last > 0 and now < from_epoch(last):
        return ClockDoubt(
            is_behind=True,
            sentence=f"Đồng hồ máy đang là {now:%H:%M %d/%m/%Y}, trước lần lưu cuối "
            f"({from_epoch(last):%H:%M %d/%m/%Y}). Kiểm tra ngày giờ của máy.",
        )
    if offset is not None and offset != timedelta(hours=7):
        return ClockDoubt(
            is_behind=False,
            sentence=(
                "Múi giờ của máy không phải giờ Việt Nam (+07:00). Giờ trên giấy tờ vẫn theo giờ "
                "Việt Nam; kiểm tra lại giờ hiển thị."
            ),
        )
    if last > 0 and now - from_epoch(last) > _LONG_GAP:
        days = (now - from_epoch(last)).days
        return ClockDoubt(
            is_behind=False,
            sentence=(f"Đã {days} ngày chưa ghi hồ sơ nào. Kiểm tra ngày của máy có đúng không."),
        )
    return None


def zone_offset() -> timedelta:
    """Return the PC's own offset from UTC."""
    return datetime.now().astimezone().utcoffset() or timedelta(0)


def start_log(folder: Path) -> None:
    """Write warnings and defects to a rotating file; names and numbers of citizens never go in."""
    target = paths.logs(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            target / "counter-app.log",
            maxBytes=_LOG_BYTES,
            backupCount=_LOG_FILES,
            encoding="utf-8",
            delay=True,
        )
    except OSError:
        # Without a log the program still works; the folder's own fault is told when it is opened.
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)


def environment() -> dict[str, str]:
    """Return the process environment as a plain mapping."""
    return dict(os.environ)
