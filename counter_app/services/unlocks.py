"""Unlocking what is encrypted, by one way for the window, the verbs and a copy that goes back.

After three failures in a row one has to wait, longer each time, also for the right secret; how many
there were stands in the log once the data are open. That stops who tries by hand at the PC. The
count lies in a file beside the key: whoever deletes it, or sets the clock back, may try three times
more without a pause, and whoever carries the key file away tries elsewhere as quickly as he can.
What protects then is the passphrase and what each try costs (argon2id, 64 MiB and a quarter of a
second), nothing else.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.moments import from_epoch, parse_moment, to_epoch
from counter_app.domain.rights import UNLOCK_FAILED, seconds_left
from counter_app.domain.unlocking import is_meant_as_code
from counter_app.errors import UserError, WrongKeyError
from counter_app.services import audit
from counter_app.storage import failed_unlocks
from counter_app.storage.key_files import PASSPHRASE, mark_of, read_key_file
from counter_app.storage.keys import salt_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store
    from counter_app.storage.keys import DataKey, KeyRing


class Locked(NamedTuple):
    """Something that is locked: what its sheet says, and how a person opens it."""

    mark: str  # as it stands on the sheet
    passphrase_at: datetime | None
    unlock: Callable[[str], object]
    waiting: Callable[[], Waiting]


class Waiting(NamedTuple):
    """How often a key was tried in vain, and for how many seconds nobody may try again."""

    failures: int = 0
    seconds: int = 0


def mark(key_file: Path) -> str:
    """Return what the sheet of a key says which one it is."""
    return mark_of(salt_of(key_file))


def waiting(key_file: Path, *, now: datetime) -> Waiting:
    """Return how often a key was tried in vain in a row, and how long to wait still."""
    failed = failed_unlocks.read(key_file.parent)
    return Waiting(failed.number, seconds_left(failed.number, failed.last_at, to_epoch(now)))


def unlock(key_file: Path, secret: str, *, now: datetime) -> DataKey:
    """Return the key of a key file, opened by the passphrase or by the code of the sheet.

    Raises:
        WrongKeyError: neither opens it, or it is too soon after failures.
        InputError: the code was typed wrongly.
        DataFileError: the key file is damaged.
    """
    failures, seconds = waiting(key_file, now=now)
    if seconds:
        raise WrongKeyError(
            f"Đã nhập sai {failures} lần. Chờ {seconds} giây rồi thử lại. Dữ liệu còn nguyên.",
            field="secret",
        )
    try:
        return read_key_file(key_file).unlock(secret)[0]
    except WrongKeyError:
        failed_unlocks.add(key_file.parent, at=to_epoch(now))
        raise


def locked(
    key_file: Path, keys: KeyRing, *, clock: Callable[[], datetime], store: Store | None = None
) -> Locked:
    """Return what a person is asked for a key; once it is opened the ring has it.

    What was tried in vain at the key of a copy is told in the log of ``store``.

    Raises:
        DataFileError: the key file is damaged.
    """
    slot, made_at = read_key_file(key_file).slot(PASSPHRASE), None
    if slot is not None:
        with contextlib.suppress(ValueError):
            made_at = parse_moment(slot.made_at)

    def add(secret: str) -> None:
        keys.add(unlock(key_file, secret, now=clock()))
        if store is None:
            keys.is_by_sheet = is_meant_as_code(secret)
        else:
            with contextlib.suppress(UserError):  # it stays where it is until it can be told
                note_failures(store, key_file.parent)

    return Locked(
        mark(key_file),
        made_at,
        add,
        lambda: waiting(key_file, now=clock()),
    )


def note_failures(store: Store, key_folder: Path) -> None:
    """Tell in the log what was tried in vain at the keys of a folder, before one was opened."""
    failed = failed_unlocks.read(key_folder)
    if not failed.number:
        return
    last = f"{from_epoch(failed.last_at):%H:%M %d/%m/%Y}"
    where = "" if key_folder == store.path.parent else str(key_folder)
    audit.note(store, UNLOCK_FAILED, target=where, by="", count=failed.number, last=last)
    failed_unlocks.forget(key_folder)
