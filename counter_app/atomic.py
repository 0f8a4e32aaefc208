"""A file appears whole or not at all: temporary name in the same folder, fsync, rename."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from counter_app.errors import UserError

_SAFE = "Không có tệp dở dang nào được để lại."
FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
# Names of devices in every folder of Windows, whatever ending they have.
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10))}
_UNFIT = '<>:"|?*'
_FIRST_VISIBLE = 0x20
_PIECE = 2 << 20  # bytes of a large file that a save may have to wait for
_PAUSE = 0.005  # seconds
GONE = {errno.ENOENT, errno.ENOTDIR}


class FileNotWrittenError(UserError):
    """The file could not be written; nothing was changed at its place."""


@contextlib.contextmanager
def atomically(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Hand out a temporary path in the same folder; it becomes ``path`` when the block ends well.

    Raises:
        FileNotWrittenError: a full disk, a folder that is gone or may not be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, its target is replaced
    temporary = target.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        _check_place(target)
        _create(temporary)
        yield temporary
        sync_file(temporary)
        temporary.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise FileNotWrittenError(_sentence(error, target), field="output") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _check_place(target: Path) -> None:
    """Refuse what no file of ours can take the name of, before anything is done for it.

    Raises:
        FileNotWrittenError: a folder, a device or the like stands there, or the name can't travel
            to Windows.
    """
    name = target.name
    reason = ""
    if target.is_dir():
        reason = "đó là tên một thư mục"
    elif target.exists() and not target.is_file():
        reason = "đó là tên một thiết bị, không phải một tệp"
    elif name.partition(".")[0].strip().upper() in _DEVICES or name.endswith((".", " ")):
        reason = "Windows không giữ được tên đó"
    elif any(c in _UNFIT or ord(c) < _FIRST_VISIBLE for c in name):
        reason = f"tên có ký tự mà Windows không giữ được ({' '.join(_UNFIT)} hoặc xuống dòng)"
    if reason:
        raise FileNotWrittenError(
            f"Không ghi được tệp {name}: {reason}. Hãy chọn tên khác.", field="output"
        )


def write_atomically(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; ``data`` may come piece by piece.

    Raises:
        FileNotWrittenError: a full disk, a folder that is gone or may not be written.
    """
    pieces = (data,) if isinstance(data, bytes) else data
    # Not made anew: where a stick was pulled, its folder may stand empty on the disk.
    with atomically(path) as temporary, temporary.open("rb+") as stream:
        waiting = 0
        for piece in pieces:
            stream.write(piece)
            waiting += len(piece)
            if waiting >= _PIECE:
                stream.flush()
                os.fsync(stream.fileno())
                waiting = 0


def flush_in_pieces(path: Path) -> None:
    """Bring a file to the disk two megabytes at a time, with room between them for others.

    Flushed at once, hundreds of megabytes hold up whoever flushes a save meanwhile for as long as
    they take: a journal is written in order.

    Raises:
        OSError: the disk can't take it.
    """
    import mmap  # only copies need it

    with path.open("rb+") as stream:
        size = os.fstat(stream.fileno()).st_size
        for at in range(0, size, _PIECE):
            try:
                view = mmap.mmap(stream.fileno(), min(_PIECE, size - at), offset=at)
            except OSError:  # a share may know no such thing; it flushes no save of ours
                break
            with view:
                view.flush()
            time.sleep(_PAUSE)
        os.fsync(stream.fileno())


def remove_in_pieces(path: Path) -> None:
    """Remove a file that may be large; one that is gone already is no error.

    A disk of Linux that tells its drive of each freed block holds up whoever flushes a save
    meanwhile, for a third of a second with 217 MB. The file loses its name first: what is left of
    it must never be taken for the whole, and whoever reads it, as by hand, reads it to its end.
    """
    with contextlib.suppress(FileNotFoundError):
        size = path.stat().st_size
        if sys.platform == "linux" and size > _PIECE:
            path = path.replace(path.with_name(f".{os.urandom(8).hex()}.tmp"))
            with path.open("rb+") as stream:
                left = size if _is_nobody_else_s(stream) else 0
                while left > _PIECE:
                    left -= _PIECE
                    stream.truncate(left)
                    os.fsync(stream.fileno())
        path.unlink()


def _is_nobody_else_s(stream: IO[bytes]) -> bool:
    """Tell whether nobody else has a file open: only then Linux lends it for writing alone."""
    import fcntl  # Linux only
    import signal

    try:
        # Whoever opens it in this moment would have a signal sent here: one that is passed over.
        fcntl.fcntl(stream, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:  # also where the disk knows no such thing
        return False
    return True


def _create(path: Path) -> None:
    """Make the file with the permissions any new file would get; fail if it is there."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def sync_file(path: Path) -> None:
    """Make what was written to a file durable."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the rename durable; Windows and some network folders know no such thing."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def flush_times(folder: Path, rounds: int = 50) -> list[float]:
    """Return how many seconds a disk needs to overwrite 4 KB and flush them, the quickest first.

    Raises:
        FileNotWrittenError: a full disk, a folder that is gone or may not be written.
    """
    block, flush = os.urandom(4096), getattr(os, "fdatasync", os.fsync)
    path, times = folder / f".{os.urandom(8).hex()}.tmp", []
    try:
        with path.open("xb+", buffering=0) as file:
            file.write(block * 64)
            os.fsync(file.fileno())
            for number in range(rounds):
                file.seek(4096 * (number % 64))
                begun = time.perf_counter()
                file.write(block)
                flush(file.fileno())
                times.append(time.perf_counter() - begun)
    except OSError as error:
        raise FileNotWrittenError(_sentence(error, path), field="output") from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    return sorted(times)


def _sentence(error: OSError, target: Path) -> str:
    name = target.name
    if error.errno in FULL:
        reason = f"Không ghi được tệp {name}: đĩa đã đầy. {_SAFE} Hãy dọn chỗ trống rồi làm lại."
    elif error.errno == errno.ENAMETOOLONG:
        reason = f"Không ghi được tệp: tên {name[:40]}… quá dài. Hãy đặt tên ngắn hơn."
    elif error.errno in _REFUSED:
        reason = (
            f"Không ghi được tệp {name}: thư mục {target.parent} không cho ghi, hoặc tệp đang mở "
            f"ở chương trình khác. {_SAFE} Hãy đóng tệp hoặc chọn thư mục khác."
        )
    elif error.errno in GONE:
        reason = (
            f"Không ghi được tệp {name}: không còn thư mục {target.parent} (có thể USB hay ổ mạng "
            f"đã rút). {_SAFE} Hãy chọn thư mục khác."
        )
    else:
        reason = f"Không ghi được tệp {name} vào {target.parent}: ổ đĩa báo lỗi. {_SAFE}"
    return reason
