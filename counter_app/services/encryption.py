"""Encryption at rest (mã hóa dữ liệu): switched on and off, its passphrase and its sheet.

What is encrypted: the database with its log, every copy of it that is made from then on, and the
attached files. What isn't: papers, reports and lists that somebody has saved elsewhere.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from counter_app import paths
from counter_app.domain.moments import to_json
from counter_app.domain.rights import Act
from counter_app.domain.unlocking import why_passphrase_unusable
from counter_app.errors import DataFileError, InputError, UserError
from counter_app.services import audit, backup_places, kept_files, left_plain, rights
from counter_app.services.office import office
from counter_app.services.seals import Seals
from counter_app.storage.convert import convert
from counter_app.storage.faults import errors
from counter_app.storage.key_files import (
    PASSPHRASE,
    RECOVERY,
    KeyFile,
    mark_of,
    read_key_file,
    wrap_by_new_code,
    wrap_by_passphrase,
)
from counter_app.storage.keys import (
    DataKey,
    KeyRing,
    carry_key_file,
    is_plain,
    key_path,
    key_paths,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from counter_app.services.unlocks import Locked
    from counter_app.storage.database import Store

    Progress = Callable[[int, int], None]

__all__ = [
    "DataKey",
    "KeyRing",
    "Prepared",
    "State",
    "prepare",
    "status",
    "switch_off",
    "switch_on",
]
_ON_ALREADY = "Dữ liệu đã được mã hóa rồi. Chưa thay đổi gì."
_UNFINISHED = "_encryption_unfinished"
_OFF_ALREADY = "Dữ liệu không được mã hóa. Chưa thay đổi gì."


class State(NamedTuple):
    """How the data lie on the disk."""

    is_on: bool
    passphrase_at: str
    sheet_at: str
    plain_copies: tuple[Path, ...]  # copies that anybody can read
    other_files: int  # attached files that don't lie as the data do


class Prepared(NamedTuple):
    """A key that was drawn and isn't used yet, and the code of its sheet."""

    key: DataKey
    file: KeyFile
    code: str

    @property
    def mark(self) -> str:
        """Return what tells this key from another on paper."""
        return mark_of(self.key.salt)


class Outcome(NamedTuple):
    """What became of the data: the first encrypted copy, plain ones that are left, what failed."""

    made: Path | None
    plain_copies: tuple[Path, ...]
    problems: tuple[str, ...]


def status(store: Store) -> State:
    """Say how the data lie on the disk.

    Raises:
        DataFileError: they are encrypted and their key file can't be read.
    """
    folder = store.path.parent
    at = {PASSPHRASE: "", RECOVERY: ""}
    if store.key is not None:
        at |= {slot.kind: slot.made_at for slot in _own_file(store).slots}
    other = kept_files.not_as_wanted(folder, store.key)
    copies = tuple(left_plain.copies(store)) if store.key is not None else ()
    return State(store.key is not None, at[PASSPHRASE], at[RECOVERY], copies, len(other))


def _own_file(store: Store) -> KeyFile:
    if store.key is None:
        raise InputError(_OFF_ALREADY)
    return read_key_file(key_path(store.path.parent, store.key.salt))


def check_passphrase(passphrase: str) -> None:
    """Refuse a new passphrase that is too weak.

    Raises:
        InputError: the sentence says why.
    """
    why = why_passphrase_unusable(passphrase)
    if why:
        raise InputError(f"{why} Chưa thay đổi gì.", field="secret")


def prepare(store: Store, passphrase: str, *, now: datetime) -> Prepared:
    """Draw a key and a code for its sheet; nothing is written yet.

    Raises:
        RightsError: who is signed in may not.
        InputError: the data are encrypted already, or the passphrase is too weak.
    """
    rights.demand(store, Act.ENCRYPTION)
    if store.key is not None:
        raise InputError(_ON_ALREADY)
    check_passphrase(passphrase)
    key, at = DataKey.draw(), to_json(now) or ""
    slot, code = wrap_by_new_code(key, made_at=at)
    return Prepared(
        key, KeyFile(key.salt, (wrap_by_passphrase(key, passphrase, made_at=at), slot)), code
    )


def sheet_pdf(store: Store, code: str, *, mark: str, now: datetime) -> bytes:
    """Return the recovery sheet as a PDF.

    Raises:
        PaperError: a font is missing.
    """
    from counter_app.documents.recovery_sheet import render_recovery_sheet

    facts = office(store)
    return render_recovery_sheet(
        facts.name,
        facts.counter_name,
        code,
        now,
        mark=mark,
        is_rehearsal=facts.is_rehearsal,
    )


def switch_on(store: Store, prepared: Prepared, *, now: datetime, progress: Progress) -> Outcome:
    """Encrypt the data, the attached files and a first copy; the plain copies are named.

    No other connection of this process may be open on the data.

    Raises:
        RightsError: who is signed in may not.
        DataFileError: somebody else works on the data, or they can't be converted; they are as
            they were.
    """
    rights.demand(store, Act.ENCRYPTION)
    if store.key is not None:
        raise InputError(_ON_ALREADY)
    file = prepared.file.write(store.path.parent)
    _set_unfinished(store, is_so=True)
    try:
        _convert(store, prepared.key, progress)
    except BaseException:
        if is_plain(store.path):
            file.unlink(missing_ok=True)
            _set_unfinished(store, is_so=False)
        raise
    with store.transaction():
        audit.note(store, Act.ENCRYPTION, what="bật")
    for other in key_paths(store.path.parent):
        if other.name != file.name:
            other.unlink(missing_ok=True)  # of a switching on that was killed
    _, problems = _seal_the_rest(store, progress)
    made = None
    try:
        folder = paths.backups(store.path.parent)
        outcome = backup_places.back_up_everywhere(store, folder=folder, now=now)
        made = outcome.made
        problems += outcome.problems
    except UserError as error:
        problems.append(error.message)
    return Outcome(made, tuple(left_plain.copies(store)), tuple(problems))


def go_on(store: Store, *, progress: Progress) -> int:
    """Seal the attached files that a change which was cut short has left; returns how many.

    Raises:
        RightsError: who is signed in may not.
        DataFileError: one can't be sealed.
    """
    rights.demand(store, Act.ENCRYPTION)
    _key(store)
    turned, problems = _seal_the_rest(store, progress)
    if problems:
        raise DataFileError(problems[0])
    return turned


def finish(store: Store) -> int:
    """Seal what a power cut in a change has left plain, at the next start; returns how many.

    A change back that was cut short is undone: the data themselves are encrypted still.
    """
    if (
        store.key is None
        or store.row("SELECT 1 FROM setting WHERE key = ?", (_UNFINISHED,)) is None
    ):
        return 0
    turned, _ = _seal_the_rest(store, lambda _done, _total: None)
    if turned:
        audit.note(store, Act.ENCRYPTION, by="", what="mã hóa nốt sau khi bị ngắt", count=turned)
    return turned


def _seal_the_rest(store: Store, progress: Progress) -> tuple[int, list[str]]:
    """Seal the attached files that are plain, wipe what else is; returns how many, and problems."""
    turned, problems = kept_files.turn_all(
        store.path.parent, store.key, store.key, progress=progress
    )
    problems += left_plain.wipe_unfinished(store)
    if not problems:
        _set_unfinished(store, is_so=False)
    return turned, problems


def _set_unfinished(store: Store, *, is_so: bool) -> None:
    """Keep in the data, before and after they are turned, that not everything has been."""
    store.execute("DELETE FROM setting WHERE key = ?", (_UNFINISHED,))
    if is_so:
        store.execute("INSERT INTO setting (key, value) VALUES (?, '1')", (_UNFINISHED,))


def locked(store: Store, *, clock: Callable[[], datetime]) -> Locked:
    """Return what a person is asked before the data are turned back to plain ones.

    Raises:
        InputError: they aren't encrypted.
        DataFileError: their key file is damaged.
    """
    from counter_app.services import unlocks  # plain data have nothing to be asked for

    file = key_path(store.path.parent, _key(store).salt)
    return unlocks.locked(file, store.keys, clock=clock, store=store)


def switch_off(store: Store, *, now: datetime, progress: Progress) -> Outcome:
    """Turn the data and the attached files back to plain ones; encrypted copies stay as they are.

    Raises:
        RightsError: who is signed in may not.
        DataFileError: a file can't be turned, or somebody else works on the data.
    """
    rights.demand(store, Act.ENCRYPTION)
    key = store.key
    if key is None:
        raise InputError(_OFF_ALREADY)
    folder = store.path.parent
    # Its copies need it still, and after this it lies nowhere else.
    kept = paths.backups(folder)
    kept.mkdir(parents=True, exist_ok=True)
    carry_key_file(key, folder, kept)
    _set_unfinished(store, is_so=True)
    # First the files: as long as the key is at hand, either kind can be read.
    _, problems = kept_files.turn_all(folder, key, None, progress=progress)
    if problems:
        raise DataFileError(f"{problems[0]} Dữ liệu còn nguyên và vẫn được mã hóa.")
    _convert(store, None, progress)
    with store.transaction():
        _set_unfinished(store, is_so=False)
        audit.note(store, Act.ENCRYPTION, what="tắt")
    key_path(folder, key.salt).unlink(missing_ok=True)
    made = None
    try:
        made = backup_places.back_up_everywhere(store, folder=kept, now=now).made
    except UserError as error:
        problems.append(error.message)
    return Outcome(made, (), tuple(problems))


def _convert(store: Store, new_key: DataKey | None, progress: Progress) -> None:
    """Turn the store's file; the store goes on with the new one, or with the old one as it was."""
    marks = store.anchor.marks() if store.anchor is not None else []
    if store.anchor is not None:
        store.break_seal(store.anchor)
    key, seals = store.key, Seals(store)
    if new_key is not None:
        store.keys.add(new_key)

    def prove(new: Path) -> None:
        from counter_app.services.backups import wrong_in

        try:
            wrong = wrong_in(new, store.keys, marks, seals=seals)
        except errors(DataFileError):
            wrong = ["có chữ hoặc số không đọc được"]
        if wrong:
            raise DataFileError(
                f"Dữ liệu có chỗ không khớp ({wrong[0]}) nên chưa chuyển. Dữ liệu cũ còn nguyên. "
                "Chạy lệnh check và gọi người hỗ trợ trước."
            )

    store.close()
    convert(store.path, key, new_key, prove=prove, progress=progress)
    store.database.key = new_key
    store.cache.forget()


def change_passphrase(store: Store, passphrase: str, *, now: datetime) -> None:
    """Wrap the key by another passphrase; the data and the copies are not touched.

    Raises:
        RightsError: who is signed in may not.
        InputError: the data aren't encrypted, or the passphrase is too weak.
    """
    rights.demand(store, Act.ENCRYPTION)
    file = _own_file(store)
    check_passphrase(passphrase)
    key = _key(store)
    _keep(store, file.with_slot(wrap_by_passphrase(key, passphrase, made_at=to_json(now) or "")))
    store.keys.is_by_sheet = False
    audit.note(store, Act.ENCRYPTION, what="đổi mật khẩu mở dữ liệu")


def prepare_sheet(store: Store, *, now: datetime) -> Prepared:
    """Draw another code; the old sheet holds until the new one is kept.

    Raises:
        RightsError: who is signed in may not.
        InputError: the data aren't encrypted.
    """
    rights.demand(store, Act.ENCRYPTION)
    file, key = _own_file(store), _key(store)
    slot, code = wrap_by_new_code(key, made_at=to_json(now) or "")
    return Prepared(key, file.with_slot(slot), code)


def keep_sheet(store: Store, prepared: Prepared) -> None:
    """Let the new sheet hold instead of the old one.

    Raises:
        RightsError: who is signed in may not.
        UserError: the key file can't be written; the old sheet holds.
    """
    rights.demand(store, Act.ENCRYPTION)
    _keep(store, prepared.file)
    audit.note(store, Act.ENCRYPTION, what="phiếu khôi phục mới")


def _key(store: Store) -> DataKey:
    if store.key is None:
        raise InputError(_OFF_ALREADY)
    return store.key


def _keep(store: Store, file: KeyFile) -> None:
    """Write the key file beside the data and beside the copies that can be reached."""
    folder = store.path.parent
    file.write(folder)
    for other in backup_places.folders(store, paths.backups(folder)):
        # The copy there still opens by what it says; the next round of copies renews it.
        with contextlib.suppress(OSError, UserError):
            if other.is_dir():
                carry_key_file(store.key, folder, other)
