"""Attached files of a person who was removed: off the disk once that is kept, and for good.

What is to go is noted in the transaction of the removal and done after it, so that a program that
is killed between the two finishes at its next start. A file that another dossier holds too stays.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from counter_app.domain.attached import FILE_TYPES
from counter_app.domain.dossier import Move
from counter_app.domain.erasing import is_gone
from counter_app.services import kept_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from counter_app.storage.database import Store

File = tuple[str, str]  # its hash and its kind

_WAITING, _GONE = "_files_to_erase", "_erased_files"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def named_in(body: Mapping[str, Any]) -> set[File]:
    """Return the files that an event attached and that haven't gone."""
    return {
        (one["sha256"], one["type"])
        for one in body.get("files", ())
        if not is_gone(one)
        and one.get("type") in FILE_TYPES
        # It may come from another desk, and be a path to anywhere.
        and _HASH.fullmatch(str(one.get("sha256")))
    }


def note(store: Store, files: set[File]) -> None:
    """Note files that are to go; part of the transaction that removes their names."""
    if files:
        _keep(store, _WAITING, files | waiting(store))
        _keep(store, _GONE, files | _kept(store, _GONE))


def waiting(store: Store) -> set[File]:
    """Return the files that are to go and may still be there."""
    return _kept(store, _WAITING)


def remove(store: Store) -> set[File]:
    """Take off the disk what is to go; returns what couldn't be, which the next start tries again.

    A program that shows a file may hold it where a file that is open can't be removed.
    """
    if not waiting(store):
        return set()
    with store.transaction():  # nobody attaches the same file meanwhile
        files = waiting(store)
        left = _wipe(store, store.path.parent, files - held(store, files))
        _keep(store, _WAITING, left)
    return left


def gone(store: Store) -> set[File]:
    """Return every file that went with a person and that no dossier holds."""
    files = _kept(store, _GONE)
    return files - held(store, files)


def remove_copies(store: Store, folder: Path) -> None:
    """Take the copies of what went out of a backup's folder, where no rotation would reach them."""
    files = {file for file in _kept(store, _GONE) if any(_places(store, folder, file))}
    _wipe(store, folder, files - held(store, files))


def held(store: Store, files: set[File]) -> set[File]:
    """Return which of these files some dossier still holds, by what was ever attached."""
    if not files:
        return set()
    rows = store.rows("SELECT body FROM event WHERE kind = ?", (Move.ATTACH.value,))
    return files & {file for (text,) in rows for file in named_in(json.loads(text))}


def _kept(store: Store, key: str) -> set[File]:
    row = store.row("SELECT value FROM setting WHERE key = ?", (key,))
    return set() if row is None else {(sha256, kind) for sha256, kind in json.loads(row[0])}


def _keep(store: Store, key: str, files: set[File]) -> None:
    if not files:
        store.execute("DELETE FROM setting WHERE key = ?", (key,))
        return
    store.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(sorted(files))),
    )


def _places(store: Store, folder: Path, file: File) -> list[Path]:
    """Return where a file lies beside data or a copy: plain, or sealed with a key that is known."""
    keys = dict.fromkeys((None, store.key, *store.keys.known()))
    places = (kept_files.place(folder, *file, key) for key in keys)
    return [path for path in places if path.exists()]


def _wipe(store: Store, folder: Path, files: set[File]) -> set[File]:
    """Remove files; returns those that couldn't be."""
    left = set()
    for file in sorted(files):
        try:
            for path in _places(store, folder, file):
                kept_files.remove(path)
        except OSError:
            left.add(file)
    return left
