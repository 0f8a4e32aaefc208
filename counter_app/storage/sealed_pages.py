"""The seals of an encrypted file's pages, made anew where a page is damaged, to read its rest.

SQLCipher refuses a page whose seal doesn't fit, so that one turned bit costs all of it. Under a
new seal the page is deciphered but for the two blocks around the damage, and what can be read of
a plain page that was damaged in the same way can be read of this one.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from counter_app.storage.keys import DataKey

# As SQLCipher 4 lays a page out: what is ciphered, its vector and, last, the seal of both.
_PAGE, _SEAL, _SALT = 4096, 64, 16
_MASK, _ROUNDS, _KEY = 0x3A, 2, 32


def seal_anew(path: Path, key: DataKey) -> int:
    """Give every page of a copy the seal that fits it; returns how many had another one.

    Raises:
        OSError: the copy can't be read or written.
    """
    masked = bytes(byte ^ _MASK for byte in key.salt)
    sealing = hashlib.pbkdf2_hmac("sha512", key.secret, masked, _ROUNDS, _KEY)
    mended = 0
    with path.open("r+b") as file:
        number = 0
        while len(page := file.read(_PAGE)) == _PAGE:
            number += 1
            covered = page[_SALT if number == 1 else 0 : -_SEAL] + number.to_bytes(4, "little")
            seal = hmac.digest(sealing, covered, "sha512")
            if seal != page[-_SEAL:]:
                file.seek(-_SEAL, 1)
                file.write(seal)
                mended += 1
    return mended
