"""The key file: the key of the data, wrapped once by the passphrase and once by the printed code.

Changing a passphrase or a sheet wraps the same key anew and leaves the data as they are.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import write_atomically
from counter_app.domain.unlocking import (
    CODE_BYTES,
    as_one_writes,
    is_meant_as_code,
    read_code,
    write_code,
)
from counter_app.errors import DataFileError, WrongKeyError
from counter_app.storage.keys import KEY_BYTES, SALT_BYTES, DataKey, key_name, key_path

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE, RECOVERY = "passphrase", "recovery"
_FORMAT, _VERSION = "counter-app-key", 1
_NONCE_BYTES = 12
_LARGEST = 100_000
# RFC 9106, section 4, the second recommended option, as for the passwords of people. It stands in
# the file, so that another one can be chosen later.
_COST = {"time": 3, "memory": 65_536, "lanes": 4}
_MOST = {"time": 50, "memory": 2_097_152, "lanes": 64}
_BROKEN = (
    "Tệp khóa {name} bị hỏng nên chưa mở được dữ liệu. Dữ liệu còn nguyên. Chép lại tệp khóa cùng "
    "tên từ thư mục sao lưu, hoặc gọi người hỗ trợ."
)
_WRONG = (
    "Mật khẩu mở dữ liệu không đúng nên chưa mở. Dữ liệu còn nguyên. Xem phím Caps Lock và bộ gõ "
    "UniKey, rồi nhập lại; quên thì nhập mã trên phiếu khôi phục."
)
_WRONG_CODE = (
    "Mã khôi phục không phải của dữ liệu này, hoặc phiếu đã được thay bằng phiếu mới. Dữ liệu còn "
    "nguyên. Dùng phiếu mới nhất của đơn vị."
)
_NO_MEMORY = (
    "Máy không đủ bộ nhớ để mở khóa dữ liệu. Dữ liệu còn nguyên. Đóng bớt chương trình khác rồi "
    "thử lại."
)


def mark_of(salt: bytes) -> str:
    """Return what tells a key from another on paper."""
    return salt.hex()[:8].upper()


class Slot(NamedTuple):
    """The data's key, wrapped by one secret."""

    kind: str
    made_at: str
    salt: bytes
    nonce: bytes
    wrapped: bytes
    cost: dict[str, int]


class KeyFile(NamedTuple):
    """Everything a key file says; it opens nothing without a secret."""

    salt: bytes
    slots: tuple[Slot, ...]

    def slot(self, kind: str) -> Slot | None:
        """Return the slot of a kind."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    def with_slot(self, slot: Slot) -> KeyFile:
        """Return the same file with one slot in the place of its kind."""
        others = tuple(one for one in self.slots if one.kind != slot.kind)
        return KeyFile(self.salt, (*others, slot))

    def unlock(self, secret: str) -> tuple[DataKey, str]:
        """Return the key and by which kind of secret it was opened.

        Raises:
            WrongKeyError: the passphrase or the code isn't the right one.
            InputError: the code was typed wrongly; the sentence says in which group.
        """
        if is_meant_as_code(secret):
            kind, sentence, given = RECOVERY, _WRONG_CODE, read_code(secret)
        else:
            kind, sentence, given = PASSPHRASE, _WRONG, as_one_writes(secret).encode()
        slot = self.slot(kind)
        if slot is None:
            raise WrongKeyError(sentence, field="secret")
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        cipher = ChaCha20Poly1305(_wrapping_key(kind, given, slot.salt, slot.cost))
        try:
            key = cipher.decrypt(slot.nonce, slot.wrapped, _about(self.salt, kind))
        except InvalidTag as error:
            raise WrongKeyError(sentence, field="secret") from error
        return DataKey(self.salt, key), kind

    def write(self, folder: Path) -> Path:
        """Write the file into a folder, whole or not at all; its name is the key's.

        Raises:
            UserError: it can't be written.
        """
        content = {
            "format": _FORMAT,
            "version": _VERSION,
            "key": self.salt.hex(),
            "slots": [
                {
                    "kind": slot.kind,
                    "made_at": slot.made_at,
                    "salt": slot.salt.hex(),
                    "nonce": slot.nonce.hex(),
                    "wrapped": slot.wrapped.hex(),
                    **slot.cost,
                }
                for slot in sorted(self.slots)
            ],
        }
        target = key_path(folder, self.salt)
        write_atomically(target, json.dumps(content, indent=1).encode())
        return target


def wrap_by_passphrase(key: DataKey, passphrase: str, *, made_at: str) -> Slot:
    """Wrap a key by a passphrase, stretched with argon2id."""
    return _wrap(key, PASSPHRASE, as_one_writes(passphrase).encode(), made_at, dict(_COST))


def wrap_by_new_code(key: DataKey, *, made_at: str) -> tuple[Slot, str]:
    """Draw a code for a sheet and wrap a key by it; returns the code as it is printed."""
    secret = os.urandom(CODE_BYTES)
    return _wrap(key, RECOVERY, secret, made_at, {}), write_code(secret)


def _wrap(key: DataKey, kind: str, given: bytes, made_at: str, cost: dict[str, int]) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = os.urandom(SALT_BYTES), os.urandom(_NONCE_BYTES)
    cipher = ChaCha20Poly1305(_wrapping_key(kind, given, salt, cost))
    wrapped = cipher.encrypt(nonce, key.secret, _about(key.salt, kind))
    return Slot(kind, made_at, salt, nonce, wrapped, cost)


def _wrapping_key(kind: str, given: bytes, salt: bytes, cost: dict[str, int]) -> bytes:
    if kind == RECOVERY:
        # 128 random bits can't be guessed, however quickly one tries.
        return DataKey(salt, given).derive("recovery")
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(
            given,
            salt,
            time_cost=cost["time"],
            memory_cost=cost["memory"],
            parallelism=cost["lanes"],
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as error:
        raise DataFileError(_NO_MEMORY) from error


def _about(salt: bytes, kind: str) -> bytes:
    return f"{_FORMAT} {_VERSION} {kind} ".encode() + salt


def read_key_file(path: Path) -> KeyFile:
    """Read a key file.

    Raises:
        DataFileError: it can't be read, or isn't one of ours.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DataFileError(_BROKEN.format(name=path.name))
        return _read(json.loads(path.read_text("utf-8")), path.name)
    except OSError as error:
        raise DataFileError(
            f"Không đọc được tệp khóa {path}. Dữ liệu còn nguyên. Kiểm tra quyền đọc tệp đó."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataFileError(_BROKEN.format(name=path.name)) from error


def _read(content: dict[str, Any], name: str) -> KeyFile:
    if content["format"] != _FORMAT or content["version"] != _VERSION:
        raise DataFileError(
            f"Tệp khóa {name} do bản chương trình khác tạo ra. Dữ liệu còn nguyên. "
            "Cài bản mới rồi mở lại."
        )
    slots = tuple(_read_slot(one) for one in content["slots"])
    salt = bytes.fromhex(content["key"])
    if len(salt) != SALT_BYTES or not slots or name != key_name(salt):
        raise ValueError
    return KeyFile(salt, slots)


def _read_slot(content: dict[str, Any]) -> Slot:
    kind = str(content["kind"])
    cost = {} if kind == RECOVERY else {name: int(content[name]) for name in _COST}
    # What a file says may not make this PC work for hours.
    if any(not 1 <= value <= _MOST[name] for name, value in cost.items()):
        raise ValueError
    salt, nonce = bytes.fromhex(content["salt"]), bytes.fromhex(content["nonce"])
    if len(nonce) != _NONCE_BYTES or len(salt) != SALT_BYTES:
        raise ValueError
    wrapped = bytes.fromhex(content["wrapped"])
    return Slot(kind, str(content["made_at"]), salt, nonce, wrapped, cost)
