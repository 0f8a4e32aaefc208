"""Bundles sealed with the office's key: whoever finds the stick reads nothing and changes nothing.

The data is cut into pieces, each encrypted and authenticated with its place and whether it is the
last (the STREAM construction over ChaCha20-Poly1305), so that a file of any size takes little
memory and one that was cut off, put together anew or damaged is found.
"""

from __future__ import annotations

import hashlib
import os
from typing import IO, TYPE_CHECKING

from counter_app.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"CAPSEAL1"
KEY_LENGTH = 32
_MARK_LENGTH, _PREFIX_LENGTH, _TAG_LENGTH = 8, 7, 16
_PIECE = 64 * 1024
_HEADER_LENGTH = len(MAGIC) + _MARK_LENGTH + _PREFIX_LENGTH
_DAMAGED = (
    "Gói đồng bộ bị hỏng hoặc đã bị sửa. Dữ liệu không thay đổi. "
    "Xuất lại gói ở quầy gửi rồi chép sang lần nữa."
)
_OTHER_KEY = (
    "Gói đồng bộ được khóa bằng khóa của đơn vị khác, quầy này không mở được. "
    "Dữ liệu không thay đổi. Kiểm tra xem có đúng gói của đơn vị mình không."
)
NO_KEY = (
    "Quầy này chưa có khóa đồng bộ của đơn vị. Dữ liệu không thay đổi. "
    "Nhận quầy vào đơn vị bằng tệp mời (setup --join) rồi làm lại."
)


def new_key() -> bytes:
    """Return a key for a new office: 32 random bytes."""
    return os.urandom(KEY_LENGTH)


def key_mark(key: bytes) -> bytes:
    """Return what tells a key from another without telling anything of it: 8 bytes."""
    return hashlib.sha256(b"counter-app key mark" + key).digest()[:_MARK_LENGTH]


def is_sealed(stream: IO[bytes]) -> bool:
    """Tell whether a file is sealed; the stream stands at its beginning afterwards."""
    found = stream.read(len(MAGIC)) == MAGIC
    stream.seek(0)
    return found


def seal(source: IO[bytes], target: IO[bytes], key: bytes) -> None:
    """Write ``source`` to ``target``, sealed with ``key``."""
    # Loaded where it seals: the window only asks whether a file is sealed, before its first paint.
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    cipher = ChaCha20Poly1305(key)
    prefix = os.urandom(_PREFIX_LENGTH)
    header = MAGIC + key_mark(key) + prefix
    target.write(header)
    for number, (piece, is_last) in enumerate(_pieces(source, _PIECE)):
        target.write(cipher.encrypt(_nonce(prefix, number, is_last=is_last), piece, header))


def unseal(source: IO[bytes], target: IO[bytes], key: bytes | None) -> None:
    """Write what was sealed to ``target``.

    Raises:
        BundleError: there is no key, it is another one, or the file is not whole.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if key is None:
        raise BundleError(NO_KEY)
    header = source.read(_HEADER_LENGTH)
    if len(header) < _HEADER_LENGTH or not header.startswith(MAGIC):
        raise BundleError(_DAMAGED)
    if header[len(MAGIC) : -_PREFIX_LENGTH] != key_mark(key):
        raise BundleError(_OTHER_KEY)
    cipher, prefix = ChaCha20Poly1305(key), header[-_PREFIX_LENGTH:]
    for number, (piece, is_last) in enumerate(_pieces(source, _PIECE + _TAG_LENGTH)):
        try:
            target.write(cipher.decrypt(_nonce(prefix, number, is_last=is_last), piece, header))
        except (InvalidTag, ValueError) as error:
            raise BundleError(_DAMAGED) from error


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _pieces(source: IO[bytes], length: int) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces and whether each is the last; an empty file is one empty piece."""
    piece = source.read(length)
    while True:
        following = source.read(length)
        yield piece, not following
        if not following:
            return
        piece = following
