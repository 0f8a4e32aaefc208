"""The installation's key (khóa niêm phong): what each of its events and log lines is sealed with.

It lies beside the anchor, readable by its owner only, in no backup and in no bundle: whoever edits
the data file, or brings another one, can hash the chain anew but can't seal it. Whoever also works
under the same user of this machine can read the key; against him stand the printed heads and the
heads that the other desks hold.

Beside the key stand the places from which on each chain is sealed, so that a line without a seal
isn't taken for an old one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = "log"  # the name of the audit log among the chains
_KEY_LENGTH = 32
_MARK_LENGTH, _MAC_LENGTH = 4, 16


class SealKey:
    """The key of one database file, drawn at the first seal."""

    def __init__(self, path: Callable[[], Path]) -> None:
        """Nothing is read or made before the first seal; ``path`` is asked then."""
        self._path = path
        self._lock = threading.Lock()
        self._key = b""
        self._mark = b""
        self._begun: dict[str, int] = {}
        self._accepted: dict[str, int] = {}

    @property
    def begun(self) -> dict[str, int]:
        """From which place on each chain is sealed with this key."""
        return self._begun

    @property
    def mark(self) -> bytes:
        """What each seal of this key begins with, empty before there is a key."""
        return self._mark

    @property
    def accepted(self) -> dict[str, int]:
        """Up to which place a chain may carry the seals of another key."""
        return self._accepted

    def seal(self, chain: str, place: int, content: bytes) -> bytes:
        """Seal what stands at a place of a chain; the caller holds the data's write lock.

        Raises:
            OSError: the key can't be read or written.
        """
        if chain not in self._begun:
            self._begin(chain, place)
        mac = hmac.digest(self._key, b"%s/%d\n%s" % (chain.encode(), place, content), "sha256")
        return self._mark + mac[:_MAC_LENGTH]

    def _begin(self, chain: str, place: int) -> None:
        with self._lock:
            self._read()
            if chain in self._begun:
                return
            self._key = self._key or os.urandom(_KEY_LENGTH)
            self._begun[chain] = place
            try:
                self._write()
            except OSError:
                # What isn't on the disk seals nothing: no later start could tell it from another's.
                self._forget()
                raise

    def load(self) -> bool:
        """Read what the file says now; False where there is none.

        Raises:
            OSError: it is there and can't be read.
        """
        with self._lock:
            self._read()
        return bool(self._key)

    def holds(self, chain: str, place: int, content: bytes, seal: bytes) -> bool:
        """Tell whether a seal is the one that this key puts on this content."""
        mac = hmac.digest(self._key, b"%s/%d\n%s" % (chain.encode(), place, content), "sha256")
        return hmac.compare_digest(self._mark + mac[:_MAC_LENGTH], seal)

    def is_ours(self, seal: bytes) -> bool:
        """Tell whether a seal says that it was made with this key."""
        return bool(self._mark) and seal[:_MARK_LENGTH] == self._mark

    def accept(self, chains: dict[str, int]) -> None:
        """Let chains stand up to these places although this key can't tell whether they are whole.

        Raises:
            OSError: the file can't be written.
        """
        with self._lock:
            self._read()
            self._key = self._key or os.urandom(_KEY_LENGTH)
            for chain, place in chains.items():
                self._accepted[chain] = max(place, self._accepted.get(chain, 0))
            self._write()

    def mac(self, content: bytes) -> str:
        """Return the seal of a checkpoint, none as long as nothing was sealed here.

        Raises:
            OSError: the key can't be read.
        """
        return hmac.new(self._key, content, hashlib.sha256).hexdigest() if self.load() else ""

    def _read(self) -> None:
        try:
            content = self._path().read_bytes()
        except FileNotFoundError:
            self._forget()
            return
        try:
            # As the first release kept it, or as it is kept now.
            is_old = len(content) == _KEY_LENGTH
            told: dict[str, Any] = {"key": content.hex()} if is_old else json.loads(content)
            key = bytes.fromhex(told["key"])
            begun, accepted = dict(told.get("begun", {})), dict(told.get("accepted", {}))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise OSError(str(self._path())) from error
        self._key, self._mark = key, _mark_of(key)
        self._begun, self._accepted = begun, accepted

    def _forget(self) -> None:
        self._key, self._mark, self._begun, self._accepted = b"", b"", {}, {}

    def _write(self) -> None:
        """Write the file whole, for its owner only."""
        self._mark = _mark_of(self._key)
        path = self._path()
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {"key": self._key.hex(), "begun": self._begun, "accepted": self._accepted}
        aside = path.with_name(f".{os.urandom(8).hex()}.tmp")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(told).encode())
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _mark_of(key: bytes) -> bytes:
    """Return what tells a key from another without telling anything of it."""
    return hashlib.sha256(b"counter-app seal mark" + key).digest()[:_MARK_LENGTH]
