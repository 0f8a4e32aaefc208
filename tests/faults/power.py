"""A disk that forgets: every write and flush of SQLite is recorded, then the power is cut anywhere.

The driver's library lets a file system layer be put under it (a VFS). Ours hands everything to the
real one and writes down what was written where and what was flushed. A cut leaves what was flushed
and any part of the rest, sector by sector, in any order: that is what a disk's cache may do.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlcipher3 import _sqlite3, dbapi2

SECTOR = 512
_OK, _FULL = 0, 13
_Handle = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(
    ctypes.c_int, _Handle, _Handle, _Handle, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, _Handle, _Handle, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _Handle, _Handle, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _Handle, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _Handle, ctypes.c_int)
# In sqlite3_io_methods, after its version: close, read, write, truncate, sync, …
_WRITE_AT, _TRUNCATE_AT, _SYNC_AT, _METHODS = 2, 3, 4, 18


class _Methods(ctypes.Structure):
    _fields_ = (("version", ctypes.c_int), ("calls", _Handle * _METHODS))


class _Layer(ctypes.Structure):
    """``sqlite3_vfs`` of version 3."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("following", _Handle),
        ("name", ctypes.c_char_p),
        ("data", _Handle),
        ("open", _Handle),
        ("delete", _Handle),
        ("rest", _Handle * 14),
    )


class Step(NamedTuple):
    """One thing that happened: to which file, what, where."""

    kind: str  # write, truncate, sync, delete, told
    name: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Record:
    """Everything that SQLite did to the files of one folder, and what was acknowledged between."""

    steps: list[Step] = field(default_factory=list)
    writes: int = 0
    room: int | None = None  # how many more writes find room on the disk

    def tell(self, word: str) -> None:
        """Note that something was acknowledged here."""
        self.steps.append(Step("told", word))

    def told_before(self, cut: int) -> list[str]:
        """Return what was acknowledged before the power went."""
        return [step.name for step in self.steps[:cut] if step.kind == "told"]


# A connection that outlives its block still calls through its layer when it is closed at last.
_KEPT: list[object] = []


@contextlib.contextmanager
def recorded(record: Record, folder: Path) -> Iterator[Record]:
    """Record what every connection that is opened from now on does to the files of a folder."""
    dbapi2.connect(":memory:").close()  # the library is set up at the first connection
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Layer)
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    library.sqlite3_vfs_register.argtypes = [ctypes.POINTER(_Layer), ctypes.c_int]
    library.sqlite3_vfs_unregister.argtypes = [ctypes.POINTER(_Layer)]
    real = library.sqlite3_vfs_find(None)
    layer = _Layer.from_buffer_copy(real.contents)
    layer.name, layer.following = b"recorded", None
    recorder = _Recorder(record, real, str(folder.resolve()))
    _KEPT.append((layer, recorder))
    layer.open = ctypes.cast(recorder.on_open, _Handle)
    layer.delete = ctypes.cast(recorder.on_delete, _Handle)
    library.sqlite3_vfs_register(ctypes.byref(layer), 1)
    try:
        yield record
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(layer))
        library.sqlite3_vfs_register(real, 1)


@contextlib.contextmanager
def full_after(record: Record, writes: int) -> Iterator[None]:
    """Let the disk be full after so many more writes, until the block ends."""
    record.room = writes
    try:
        yield
    finally:
        record.room = None


class _Recorder:
    """The calls that go through Python; kept alive by whoever holds the recorder."""

    def __init__(self, record: Record, real: Any, folder: str) -> None:
        self._record, self._real, self._folder = record, real, folder
        self._names: dict[int, str] = {}
        self._tables: dict[int, tuple[_Methods, list[Any]]] = {}
        self.on_open, self.on_delete = _OPEN(self._open), _DELETE(self._delete)

    def _own_name(self, name: int | None) -> str:
        path = Path(os.fsdecode(ctypes.string_at(name)) if name else "")
        inside = str(path.parent) == self._folder and not path.name.endswith("-shm")
        return path.name if inside else ""

    def _open(self, _layer: int, name: int, file: int, flags: int, out: Any) -> int:
        status = _OPEN(self._real.contents.open)(
            ctypes.cast(self._real, _Handle), name, file, flags, out
        )
        own = self._own_name(name)
        if status == _OK and own:
            self._names[file] = own
            slot = ctypes.cast(file, ctypes.POINTER(_Handle))
            if slot[0]:
                slot[0] = ctypes.addressof(self._table(slot[0])[0])
        return status

    def _delete(self, _layer: int, name: int, sync: int) -> int:
        own = self._own_name(name)
        if own:
            self._record.steps.append(Step("delete", own))
        delete = _DELETE(self._real.contents.delete)
        return delete(ctypes.cast(self._real, _Handle), name, sync)

    def _table(self, address: int) -> tuple[_Methods, list[Any]]:
        """Return a table of calls with ours in it, for one of the real ones."""
        if address in self._tables:
            return self._tables[address]
        table = _Methods.from_buffer_copy(_Methods.from_address(address))
        write, truncate, sync = (
            kind(table.calls[place])
            for kind, place in ((_WRITE, _WRITE_AT), (_TRUNCATE, _TRUNCATE_AT), (_SYNC, _SYNC_AT))
        )

        def on_write(file: int, data: int, count: int, offset: int) -> int:
            self._record.writes += 1
            if self._record.room is not None:
                if not self._record.room:
                    return _FULL
                self._record.room -= 1
            content = ctypes.string_at(data, count)
            self._record.steps.append(Step("write", self._names[file], offset, content))
            return write(file, data, count, offset)

        def on_truncate(file: int, size: int) -> int:
            self._record.steps.append(Step("truncate", self._names[file], size))
            return truncate(file, size)

        def on_sync(file: int, flags: int) -> int:
            status = sync(file, flags)
            self._record.steps.append(Step("sync", self._names[file]))
            return status

        ours = [_WRITE(on_write), _TRUNCATE(on_truncate), _SYNC(on_sync)]
        for place, call in zip((_WRITE_AT, _TRUNCATE_AT, _SYNC_AT), ours, strict=True):
            table.calls[place] = ctypes.cast(call, _Handle).value
        self._tables[address] = (table, ours)
        return self._tables[address]


def cut(record: Record, at: int, folder: Path, chance: random.Random) -> None:
    """Write into ``folder`` what a disk may hold when the power goes after so many steps."""
    safe: dict[str, bytearray] = {}
    open_steps: dict[str, list[Step]] = {}
    for step in record.steps[:at]:
        if step.kind == "told":
            continue
        if step.kind == "delete":
            # A journalling file system keeps the order of names; it may lose the last of them,
            # which leaves a log that has been folded in already.
            safe.pop(step.name, None)
            open_steps.pop(step.name, None)
        elif step.kind == "sync":
            content = safe.setdefault(step.name, bytearray())
            for done in open_steps.pop(step.name, []):
                _apply(content, done)
        else:
            open_steps.setdefault(step.name, []).append(step)
    for name, steps in open_steps.items():
        content = safe.setdefault(name, bytearray())
        for step in steps:
            _apply_some(content, step, chance)
    for name, content in safe.items():
        (folder / name).write_bytes(content)


def _apply(content: bytearray, step: Step) -> None:
    if step.kind == "truncate":
        del content[step.offset :]
        return
    _reach(content, step.offset)
    content[step.offset : step.offset + len(step.data)] = step.data


def _apply_some(content: bytearray, step: Step, chance: random.Random) -> None:
    """Apply any sectors of a write that was not flushed, or a truncation or not."""
    if step.kind == "truncate":
        if chance.random() < 0.5:
            _apply(content, step)
        return
    luck = chance.choice((0.0, 0.5, 1.0))
    at = 0
    while at < len(step.data):
        place = step.offset + at
        size = min(SECTOR - place % SECTOR, len(step.data) - at)
        if chance.random() < luck:
            _reach(content, place)
            content[place : place + size] = step.data[at : at + size]
        at += size


def _reach(content: bytearray, size: int) -> None:
    if len(content) < size:
        content.extend(bytes(size - len(content)))
