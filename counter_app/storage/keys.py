"""The key of encrypted data, and the ring of those that were unlocked in this process.

An encrypted file begins with its key's salt where a plain one says that it is SQLite's, so the
first sixteen bytes tell which key it needs before the driver is asked at all.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from counter_app.atomic import write_atomically
from counter_app.errors import DataFileError, LockedError
from counter_app.paths import backups

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAIN_HEADER = b"SQLite format 3\x00"
SALT_BYTES, KEY_BYTES = 16, 32
_PREFIX, _ENDING = "khoa-", ".key"
# What stands beside a database file while it is turned from plain to encrypted or back.
BESIDE = (".moi", ".cu")
_NO_KEY_FILE = (
    "Không đọc được tệp khóa {name} trong {folder}: thiếu nó thì dữ liệu mã hóa không mở lại được. "
    "Dữ liệu đang mở còn nguyên. Chép lại tệp đó từ thư mục sao lưu, rồi làm lại."
)


class DataKey:
    """A random key of 256 bits and the salt that names it; never shown."""

    __slots__ = ("salt", "secret")

    def __init__(self, salt: bytes, secret: bytes) -> None:
        """Keep what was drawn or unlocked."""
        self.salt = salt
        self.secret = secret

    @classmethod
    def draw(cls) -> DataKey:
        """Draw a new key."""
        return cls(os.urandom(SALT_BYTES), os.urandom(KEY_BYTES))

    @property
    def raw(self) -> str:
        """Return the key as SQLCipher takes one that needs no stretching."""
        return f"x'{self.secret.hex()}{self.salt.hex()}'"

    def derive(self, purpose: str) -> bytes:
        """Return the key of the same family for another purpose (HKDF)."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = b"counter-app " + purpose.encode()
        return HKDF(SHA256(), KEY_BYTES, self.salt, info).derive(self.secret)

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same key."""
        return isinstance(other, DataKey) and (self.salt, self.secret) == (other.salt, other.secret)

    def __hash__(self) -> int:
        """Return what goes with being the same."""
        return hash(self.salt)

    def __repr__(self) -> str:
        """Say nothing of the key: it may stand in a log."""
        return "DataKey(…)"


def unlock_connection(connection: object, key: DataKey | None) -> None:
    """Give a new connection its key, before anything else is asked of it."""
    if key is None:
        return
    execute = connection.execute  # type: ignore[attr-defined]
    # What goes wrong is told by the errors; the library would say it on standard error too.
    execute("PRAGMA cipher_log_level=NONE")
    execute(f'PRAGMA key="{key.raw}"')


def header_of(path: Path) -> bytes:
    """Return a file's first bytes, none for a file that is empty or not there.

    Raises:
        OSError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(PLAIN_HEADER))
    except FileNotFoundError:
        return b""


def is_plain(path: Path) -> bool:
    """Tell whether a file is a database that anybody can read."""
    return header_of(path) == PLAIN_HEADER


def key_name(salt: bytes) -> str:
    """Return the name of the key file of a key."""
    return f"{_PREFIX}{salt.hex()}{_ENDING}"


def salt_of(key_file: Path) -> bytes:
    """Return the salt of the key that a key file is named by."""
    return bytes.fromhex(key_file.name[len(_PREFIX) : -len(_ENDING)])


def key_path(folder: Path, salt: bytes) -> Path:
    """Return where the key file of a key lies in a folder."""
    return folder / key_name(salt)


def key_paths(folder: Path) -> list[Path]:
    """Return the key files of a folder."""
    digits = "[0-9a-f]" * 2 * SALT_BYTES
    return sorted(folder.glob(f"{_PREFIX}{digits}{_ENDING}"))


def find_key_file(path: Path, header: bytes) -> Path | None:
    """Return the key file of a database file: the one its first bytes name.

    Where those are damaged, or there is no database any more, it is the only one that lies there.
    """
    if header == PLAIN_HEADER:
        return None
    if header:
        for folder in (path.parent, backups(path.parent)):
            named = key_path(folder, header)
            if named.is_file():
                return named
    there = key_paths(path.parent)
    return there[0] if len(there) == 1 else None


def carry_key_file(key: DataKey | None, source: Path, target: Path) -> None:
    """Copy the key file of encrypted data beside a copy of them, where it lacks or is older.

    Raises:
        UserError: it isn't there, or can't be read or written.
    """
    if key is None:
        return
    try:
        content = key_path(source, key.salt).read_bytes()
    except OSError as error:
        raise DataFileError(_NO_KEY_FILE.format(name=key_name(key.salt), folder=source)) from error
    there = key_path(target, key.salt)
    if not there.is_file() or there.read_bytes() != content:
        write_atomically(there, content)


def key_folder(path: Path) -> Path:
    """Return the folder in which the key file of an encrypted file lies, else the file's own.

    Raises:
        OSError: it can't be read.
    """
    file = find_key_file(path, header_of(path))
    return path.parent if file is None else file.parent


class KeyRing:
    """The keys that were unlocked, and what asks for a further one."""

    def __init__(self, ask: Callable[[Path], DataKey] | None = None) -> None:
        """``ask`` gets a key file and returns its key, or raises what the person is told."""
        self._known: dict[bytes, DataKey] = {}
        self._ask = ask
        self.is_by_sheet = False  # the data were opened by the code of the recovery sheet

    def add(self, key: DataKey) -> None:
        """Remember a key until the process ends."""
        self._known[key.salt] = key

    def known(self) -> tuple[DataKey, ...]:
        """Return the keys that were unlocked."""
        return tuple(self._known.values())

    def key_of(self, path: Path) -> DataKey | None:
        """Return the key a database file needs, None for a plain one or one that isn't ours.

        Raises:
            LockedError: it is encrypted, and nobody has unlocked its key.
            OSError: it can't be read.
        """
        header = header_of(path)
        if header == PLAIN_HEADER:
            return None
        known = self._known.get(header)
        if known is not None:
            return known
        file = find_key_file(path, header)
        if file is None:
            return None
        salt = salt_of(file)
        known = self._known.get(salt)
        if known is None:
            if self._ask is None:
                raise LockedError(file)
            known = self._ask(file)
            self.add(known)
        return known
