"""The anchor: what the data were, kept in another folder, so that a loss SQLite can't see is found.

A write-ahead log that was cut off opens without an error, one or a hundred saves shorter; a byte
turned over inside a text is a valid text. Three things stand outside the data against that:

- the **mark**, written after each save: how far this desk's chain reached and its last link. It
  costs two small writes and no flush: what a power cut can take from it is only ever behind the
  data, and the chain is then longer than the mark says.
- the same of the **audit log**, and of what the office has decided, in files of their own;
- the **seal**, written when the last window closes: a hash of every page. It is broken, durably,
  before the next save; while it holds, any page that differs was changed by nobody of ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import threading
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.storage.seal_key import SealKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MAGIC = b"CAPA"
_MARK = struct.Struct("<4s32sIQQ32s")  # magic, origin, epoch, sequence, moment, last link
_CHECK = struct.Struct("<I")
_ROOM = 512  # one sector each: two marks that are written in turn never tear each other
_SEAL_MAGIC = b"CAPSEALED"
_SEAL_HEAD = struct.Struct("<9sQQ")  # magic, events of this desk, changes of settings
# As the file's head tells them; one stands for 65,536.
_PAGE_SIZES = {1: 1 << 16} | {1 << power: 1 << power for power in range(9, 16)}
_USUAL_PAGE = 4096
_DIGEST = 8
_CHUNK_PAGES = 256
_LOCK_BYTE = 1 << 30  # SQLite never uses this page, and Windows lets nobody read it


class Stand(NamedTuple):
    """How far the data themselves say they are: events of this desk, changes of settings.

    Another user's program keeps an anchor of its own. Where the data have gone on by more than the
    seal knows, it was such a program, and the seal says nothing.
    """

    events: int
    changes: int


class Mark(NamedTuple):
    """How far a chain had come: the desk, its epoch, the count, when, and the last link."""

    origin: str
    epoch: int
    sequence: int
    moment: int
    head: bytes


EVENTS, LOG, DECIDED = ".marks", ".log", ".decided"  # the endings of the files of marks
_KINDS = (EVENTS, LOG, DECIDED)


class Anchor:
    """The marks and the seal of one database file, in a folder that is another one."""

    def __init__(self, database: Path, folder: Callable[[], Path]) -> None:
        """Nothing is read or made before the first save; ``folder`` is asked then."""
        self._database = database
        self._folder = folder
        self._lock = threading.Lock()
        self._handles: dict[str, int] = {}
        self._stem: Path | None = None
        self._seal_path = ""
        self.key = SealKey(lambda: self.stem.with_suffix(".key"))
        # Why nothing could be written, for the checks to tell; a save is never refused for it.
        self.problem = ""

    @property
    def stem(self) -> Path:
        """The place of the anchor's files, without their endings."""
        if self._stem is None:
            where = hashlib.sha256(str(self._database.resolve()).encode()).hexdigest()[:32]
            self._stem = self._folder() / where
            self._seal_path = str(self._stem) + ".seal"
        return self._stem

    def close(self) -> None:
        """Close the files of marks; the next save opens them again."""
        with self._lock:
            while self._handles:
                os.close(self._handles.popitem()[1])

    def __del__(self) -> None:
        """Close what whoever forgot the store has left open."""
        self.close()

    # Marks

    def advance(self, mark: Mark, kind: str = EVENTS) -> None:
        """Write how far a chain has come; what goes wrong is kept for the checks to tell."""
        content = _MARK.pack(
            _MAGIC, mark.origin.encode(), mark.epoch, mark.sequence, mark.moment, mark.head
        )
        try:
            with self._lock:
                handle = self._opened(mark, kind)
                os.lseek(handle, mark.sequence % 2 * _ROOM, os.SEEK_SET)
                os.write(handle, content + _CHECK.pack(zlib.crc32(content)))
        except OSError as error:
            self.problem = str(error.strerror or error)

    def _opened(self, mark: Mark, kind: str) -> int:
        handle = self._handles.get(kind)
        if handle is None:
            path = self.stem.with_suffix(kind)
            path.parent.mkdir(parents=True, exist_ok=True)
            _put_aside_if_ahead(path, mark)
            binary = getattr(os, "O_BINARY", 0)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | binary, 0o666)
            self._handles[kind] = handle
        return handle

    def marks(self, kind: str = EVENTS) -> list[Mark]:
        """Return the last mark, and those that a shorter chain would have overwritten."""
        try:
            files = [self.stem.with_suffix(kind), *self._lost(kind)]
            found = (max(_read(file), key=_place, default=None) for file in files)
            return [mark for mark in found if mark is not None]
        except OSError as error:
            self.problem = str(error.strerror or error)
            return []

    def _lost(self, kind: str) -> list[Path]:
        return sorted(self.stem.parent.glob(f"{self.stem.name}{_aside(kind)}*"))

    def keep_aside(self) -> None:
        """Keep the marks as those of something lost: what they tell of isn't in the data."""
        self.close()
        for kind in _KINDS:
            marks = self.stem.with_suffix(kind)
            with contextlib.suppress(OSError):
                if marks.exists():
                    marks.replace(_next_lost(marks))

    def restart(self) -> None:
        """Forget everything but the key, because the data were replaced on purpose."""
        self.close()
        with contextlib.suppress(OSError):
            self.break_seal()
            gone = [self.stem.with_suffix(ending) for ending in (*_KINDS, ".checkpoint")]
            for path in gone + [lost for kind in _KINDS for lost in self._lost(kind)]:
                path.unlink(missing_ok=True)

    # The seal

    @property
    def is_sealed(self) -> bool:
        """Tell whether nobody of ours has written since the seal was made."""
        _ = self.stem
        return os.path.exists(self._seal_path)  # noqa: PTH110 - asked before each save

    def break_seal(self) -> None:
        """Make the seal void, on the disk before the save that follows.

        Raises:
            OSError: it stands and can't be broken.
        """
        if not self.is_sealed:
            return
        # Its content first: a name that is gone may come back after a power cut, bytes don't.
        with open(self._seal_path, "r+b") as file:  # noqa: PTH123 - the same text as above
            file.write(bytes(len(_SEAL_MAGIC)))
            file.flush()
            os.fsync(file.fileno())
        os.unlink(self._seal_path)  # noqa: PTH108

    def seal(self, stand: Stand) -> None:
        """Hash every page; the caller holds the write lock, and the log is empty.

        Raises:
            UserError: the seal can't be written; there is none then.
        """
        content = _SEAL_HEAD.pack(_SEAL_MAGIC, *stand) + b"".join(_page_digests(self._database))
        path = self.stem.with_suffix(".seal")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content + hashlib.sha256(content).digest())

    def differing_pages(self, stand: Stand | None) -> list[int]:
        """Return the pages that differ from the seal, none where no seal holds.

        A page that is missing or came after the seal's last one differs too.

        Args:
            stand: how far the data are, None where they can't be read.
        """
        content = self._sealed()
        if content is None:
            return []
        _, *before = _SEAL_HEAD.unpack_from(content)
        if stand is not None and (stand.events > before[0] or stand.changes > before[1]):
            return []
        digests = content[_SEAL_HEAD.size :]
        sealed = [digests[at : at + _DIGEST] for at in range(0, len(digests), _DIGEST)]
        try:
            found = _page_digests(self._database)
        except FileNotFoundError:
            found = []
        if self._sealed() is None:
            return []  # somebody has begun to save meanwhile
        most = max(len(sealed), len(found))
        return [
            number + 1
            for number in range(most)
            if sealed[number : number + 1] != found[number : number + 1]
        ]

    def _sealed(self) -> bytes | None:
        """Return the seal's content, None where there is none that is whole."""
        try:
            content = self.stem.with_suffix(".seal").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self.problem = str(error.strerror or error)
            return None
        body, check = content[:-32], content[-32:]
        if not body.startswith(_SEAL_MAGIC) or hashlib.sha256(body).digest() != check:
            return None
        return body


def _place(mark: Mark) -> tuple[int, int]:
    return mark.epoch, mark.sequence


def _read(path: Path) -> list[Mark]:
    """Return the marks of a file that are whole."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    found = []
    for at in (0, _ROOM):
        packed = content[at : at + _MARK.size]
        check = content[at + _MARK.size : at + _MARK.size + _CHECK.size]
        if len(check) < _CHECK.size or not packed.startswith(_MAGIC):
            continue
        if _CHECK.unpack(check)[0] == zlib.crc32(packed):
            _, origin, *rest = _MARK.unpack(packed)
            found.append(Mark(origin.decode(), *rest))
    return found


def _put_aside_if_ahead(path: Path, mark: Mark) -> None:
    """Keep marks that say more than a chain that is about to be written over them.

    Whether something was lost is for the check to say, which looks the links up: two programs that
    save at once may well come here in the other order.
    """
    known = max(_read(path), key=_place, default=None)
    if known is None or known.origin != mark.origin or _place(known) < _place(mark):
        return
    path.replace(_next_lost(path))


def _next_lost(path: Path) -> Path:
    begin = f"{path.stem}{_aside(path.suffix)}"
    number = sum(1 for _ in path.parent.glob(f"{begin}*"))
    return path.with_name(f"{begin}{number:04d}")


def _aside(kind: str) -> str:
    return ".lost-" if kind == EVENTS else f"{kind}-lost-"


def _page_digests(path: Path) -> list[bytes]:
    """Return a short hash of each page of a file."""
    with path.open("rb") as file:
        told = int.from_bytes(file.read(18)[16:18], "big")
        size = _PAGE_SIZES.get(told, _USUAL_PAGE)  # a damaged head is a page that differs
        file.seek(0)
        return list(_digests(file, size))


def _digests(file: IO[bytes], size: int) -> Iterator[bytes]:
    blake2b = hashlib.blake2b
    at = 0
    while True:
        if at <= _LOCK_BYTE < at + size:
            file.seek(size, os.SEEK_CUR)
            at += size
            yield bytes(_DIGEST)
            continue
        most = _CHUNK_PAGES * size
        chunk = file.read(min(most, _LOCK_BYTE - at) if at < _LOCK_BYTE else most)
        if not chunk:
            return
        for start in range(0, len(chunk), size):
            yield blake2b(chunk[start : start + size], digest_size=_DIGEST).digest()
        at += len(chunk)
