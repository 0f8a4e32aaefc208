"""Attached files as they lie on the disk: plain, or sealed with a key of the data's family.

A plain one is named by the hash of what it holds. Of a sealed one neither name nor length tell
what it is, or whoever has a paper could find out whether it was handed in here: the name is a keyed
hash, and the length is rounded up. A file tells by its first bytes which it is, so both kinds can
be read while the encryption is switched on or off, and a change that was cut short is gone on with.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from counter_app.atomic import sync_folder, write_atomically
from counter_app.domain.attached import FILE_TYPES, stored_name
from counter_app.errors import BundleError, DataFileError, UserError
from counter_app.paths import attachments
from counter_app.storage.keys import DataKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Progress = Callable[[int, int], None]

_PURPOSE, _NAMES = "attachments", "attachment names"
_MARK = 16  # the seal's own words and what tells its key
_INSIDE = struct.Struct(">32sQ")  # before what a sealed file holds: its hash and its length
_NAME = re.compile("[0-9a-f]{64}")
_KINDS = {one.endings[0]: name for name, one in FILE_TYPES.items()}
_SHOWN = "dang-xem"


class Kept(NamedTuple):
    """What a kept file holds, and the hash under which it was kept."""

    sha256: str
    data: bytes


def place(folder: Path, sha256: str, kind: str, key: DataKey | None) -> Path:
    """Return where a file of a folder of data lies, once it is plain or sealed as the key says."""
    if key is not None:
        sha256 = hmac.digest(key.derive(_NAMES), bytes.fromhex(sha256), "sha256").hex()
    return attachments(folder) / stored_name(sha256, kind)


def find(folder: Path, sha256: str, kind: str, keys: Iterable[DataKey | None]) -> Path | None:
    """Return where a file lies, sealed with one of the keys or plain; None if it isn't there."""
    places = (place(folder, sha256, kind, key) for key in dict.fromkeys((*keys, None)))
    return next((path for path in places if path.is_file()), None)


def keep(folder: Path, kept: Kept, kind: str, key: DataKey | None) -> Path:
    """Write a file whole or not at all, sealed where there is a key; returns where it lies.

    Raises:
        OSError: its folder can't be made.
        UserError: it can't be written.
    """
    path = place(folder, kept.sha256, kind, key)
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent.parent)  # what lay elsewhere is removed after this
    write_atomically(path, kept.data if key is None else _sealed(kept, key))
    return path


def read(path: Path, keys: Iterable[DataKey | None]) -> Kept:
    """Return what a file holds.

    Raises:
        OSError: it can't be read.
        DataFileError: it is sealed with another key than these, or not whole.
    """
    data = path.read_bytes()
    if not _is_sealed(data):
        return Kept(path.stem, data)
    from counter_app.sync.sealing import unseal  # only encrypted data need it

    sealing = (key.derive(_PURPOSE) for key in keys if key is not None)
    out = io.BytesIO()
    try:
        opens = next((one for one in sealing if data[:_MARK] == _mark_of(one)), None)
        unseal(io.BytesIO(data), out, opens)
        digest, length = _INSIDE.unpack_from(out.getbuffer())
    except (BundleError, struct.error) as error:
        raise DataFileError(
            f"Tệp đính kèm {path.name} bị hỏng hoặc được mã hóa bằng khóa khác. "
            "Chép lại từ bản sao lưu."
        ) from error
    return Kept(digest.hex(), out.getvalue()[_INSIDE.size : _INSIDE.size + length])


def holds(path: Path, sha256: str, keys: Iterable[DataKey | None]) -> bool:
    """Tell whether a file can be read and is, byte by byte, the one of this hash."""
    try:
        return hashlib.sha256(read(path, keys).data).hexdigest() == sha256
    except (OSError, DataFileError):
        return False


def not_as_wanted(folder: Path, key: DataKey | None) -> list[Path]:
    """Return the files of a folder of data that aren't plain, or sealed with the key, as they are.

    Raises:
        OSError: one can't be read.
    """
    wanted = b"" if key is None else _mark_of(key.derive(_PURPOSE))
    found = []
    for path in kept_in(attachments(folder)):
        head = _head(path)
        if (head if _is_sealed(head) else b"") != wanted:
            found.append(path)
    return found


def turn_all(
    folder: Path, key: DataKey | None, new_key: DataKey | None, *, progress: Progress
) -> tuple[int, list[str]]:
    """Seal every attached file with a new key, or unseal it; what fails is named and stays.

    Each is written under its new name before the old one goes: killed in between, both are there,
    either is found, and the next time the rest is done.

    Returns how many were turned, and a sentence for each that couldn't be.
    """
    turned, problems = 0, []
    waiting = not_as_wanted(folder, new_key)
    for path in waiting:
        progress(turned, len(waiting))
        try:
            kept = read(path, (key, new_key))
            target = place(folder, kept.sha256, kind_of(path), new_key)
            # Killed while the old one was overwritten: what is whole stays as it is.
            if not holds(target, kept.sha256, (new_key,)):
                keep(folder, kept, kind_of(path), new_key)
            remove(path)
        except (OSError, UserError) as error:
            problems.append(error.message if isinstance(error, UserError) else str(path.name))
            continue
        turned += 1
    for begun in attachments(folder).glob("??/.*.tmp"):
        with contextlib.suppress(OSError):
            remove(begun)
    return turned, problems


def remove(path: Path) -> None:
    """Remove a file that lies elsewhere now; one that anybody can read is overwritten before.

    The folder goes with the last of its files: it is named by the first two digits.

    Raises:
        OSError: it can't be removed.
    """
    from counter_app.storage.convert import wipe  # only encrypted data need it

    if _is_sealed(_head(path)):
        path.unlink()
    else:
        wipe(path)
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def show(folder: Path, path: Path, data: bytes) -> Path:
    """Write what a sealed file holds where another program can open it, for as long as it is seen.

    Raises:
        UserError: it can't be written.
    """
    target = folder / _SHOWN / path.name
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DataFileError(
            f"Không tạo được thư mục {target.parent} để xem tệp. Dữ liệu còn nguyên. "
            "Kiểm tra quyền ghi rồi làm lại."
        ) from error
    write_atomically(target, data)
    return target


def hide(path: Path) -> None:
    """Remove a file that was shown; one that a program still holds open stays until next.

    What is shown of plain data is the kept file itself, and is left alone.
    """
    if path.parent.name == _SHOWN:
        with contextlib.suppress(OSError):
            remove(path)


def clear_shown(folder: Path) -> None:
    """Remove all files that were shown."""
    for path in (folder / _SHOWN).glob("*"):
        hide(path)


def kept_in(folder: Path) -> Iterator[Path]:
    """Yield the attached files of a folder, in order; what isn't named as ours are is left out."""
    for path in sorted(folder.glob("??/*")):
        if _NAME.fullmatch(path.stem) and path.suffix in _KINDS:
            yield path


def kind_of(path: Path) -> str:
    """Return the kind of a kept file."""
    return _KINDS[path.suffix]


def _sealed(kept: Kept, key: DataKey) -> bytes:
    from counter_app.sync.sealing import seal

    inside, out = io.BytesIO(), io.BytesIO()
    inside.write(_INSIDE.pack(bytes.fromhex(kept.sha256), len(kept.data)))
    inside.write(kept.data)
    inside.write(bytes(rounded_up(inside.tell()) - inside.tell()))
    inside.seek(0)
    seal(inside, out, key.derive(_PURPOSE))
    return out.getvalue()


def rounded_up(length: int) -> int:
    """Return the length that many files share, at most an eighth longer.

    As many leading binary digits stay as the number of its digits has digits (Padmé).

    >>> rounded_up(9), rounded_up(1_000_000), rounded_up(1_000_001)
    (9, 1015808, 1015808)
    """
    digits = max(length, 1).bit_length() - 1
    step = 1 << max(0, digits - max(digits, 1).bit_length())
    return -(-length // step) * step


def _mark_of(sealing: bytes) -> bytes:
    from counter_app.sync.sealing import MAGIC, key_mark

    return MAGIC + key_mark(sealing)


def _is_sealed(data: bytes) -> bool:
    return data.startswith(b"CAPSEAL1")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MARK)
