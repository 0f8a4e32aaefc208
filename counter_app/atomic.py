"""A file appears whole or not at all: temporary name in the same folder, fsync, rename."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from counter_app.errors import UserError

_SAFE = "Không có tệp dở dang nào được để lại."
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE = {errno.ENOENT, errno.ENOTDIR}


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


def write_atomically(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; ``data`` may come piece by piece.

    Raises:
        FileNotWrittenError: a full disk, a folder that is gone or may not be written.
    """
    pieces = (data,) if isinstance(data, bytes) else data
    # Not made anew: where a stick was pulled, its folder may stand empty on the disk.
    with atomically(path) as temporary, temporary.open("rb+") as stream:
        stream.writelines(pieces)


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


def _sentence(error: OSError, target: Path) -> str:
    name = target.name
    if error.errno in _FULL:
        reason = f"Không ghi được tệp {name}: đĩa đã đầy. {_SAFE} Hãy dọn chỗ trống rồi làm lại."
    elif error.errno == errno.ENAMETOOLONG:
        reason = f"Không ghi được tệp: tên {name[:40]}… quá dài. Hãy đặt tên ngắn hơn."
    elif error.errno == errno.EISDIR or target.is_dir():
        reason = f"Không ghi được tệp {name}: đó là tên một thư mục. Hãy chọn tên khác."
    elif error.errno in _REFUSED:
        reason = (
            f"Không ghi được tệp {name}: thư mục {target.parent} không cho ghi, hoặc tệp đang mở "
            f"ở chương trình khác. {_SAFE} Hãy đóng tệp hoặc chọn thư mục khác."
        )
    elif error.errno in _GONE:
        reason = (
            f"Không ghi được tệp {name}: không còn thư mục {target.parent} (có thể USB hay ổ mạng "
            f"đã rút). {_SAFE} Hãy chọn thư mục khác."
        )
    else:
        reason = f"Không ghi được tệp {name} vào {target.parent}: ổ đĩa báo lỗi. {_SAFE}"
    return reason
