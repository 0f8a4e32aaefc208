"""Are the seals right: is each event and each line of the log the one that this desk wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.database import Store

OTHER_KEY = "niêm phong bằng khóa mà máy này không giữ"


class Seals:
    """What the installation's key says of one line after another; read once for a check."""

    def __init__(self, store: Store) -> None:
        """Without an anchor, as in a copy that is looked into, every line is taken."""
        self._key = None if store.anchor is None else store.anchor.key
        here = store.row("SELECT uuid FROM installation WHERE is_self = 1")
        self._own = "" if here is None else str(here[0])
        self._strange: dict[str, int] = {}
        if self._key is not None and store.anchor is not None:
            try:
                self._key.load()
            except OSError as error:
                store.anchor.problem = str(error.strerror or error)
                self._key = None

    def has_begun(self, chain: str) -> bool:
        """Tell whether the key has sealed anything of a chain."""
        return self._key is not None and chain in self._key.begun

    def are_wrong(self, chain: str, place: int, content: bytes, seal: bytes) -> bool:
        """Tell whether a line isn't what was sealed, or has no seal where it must have one.

        A seal of a key that isn't here, from before this one, is counted and told at the end.
        """
        key = self._key
        if key is None or not (chain == LOG or chain.startswith(f"{self._own}/")):
            return False
        if place < key.begun.get(chain, 1 << 62) and not key.is_ours(seal):
            if seal and place > key.accepted.get(chain, 0):
                self._strange[chain] = self._strange.get(chain, 0) + 1
            return False
        if not key.is_ours(seal) and place <= key.accepted.get(chain, 0):
            return False
        return not key.holds(chain, place, content, seal)

    def strange(self) -> Iterator[tuple[str, str]]:
        """Yield the chains in which seals of another key stand, and how many there are."""
        for chain, count in self._strange.items():
            name = "nhật ký" if chain == LOG else f"chuỗi {chain}"
            yield OTHER_KEY, f"{name}: {count} dòng"


def take_over(store: Store) -> None:
    """Take what another machine has sealed as it stands: this copy of it wakes in a new place.

    What this place itself has sealed before is still held against its key.
    """
    _take(store, is_restored=False)


def take_restored(store: Store) -> None:
    """Take over what a restored copy holds that this place's key hasn't sealed.

    The copy may come from another PC, or from before there were seals; it was put here in the open
    by who may, so a chain that goes on here is taken over too, up to its last foreign line.
    """
    _take(store, is_restored=True)


def _take(store: Store, *, is_restored: bool) -> None:
    if store.anchor is None:
        return
    key = store.anchor.key
    try:
        key.load()
        # Awake in a new place: what has a seal at all. Restored: what doesn't begin as ours do;
        # without a key yet that is every line, for no seal begins with four zeros. SQLite finds
        # NULL in what is empty, which is unlike nothing.
        known = (key.mark or bytes(4)) if is_restored else b""
        rows = store.rows(
            "SELECT origin || '/' || epoch, max(sequence) FROM event "
            "WHERE ifnull(substr(seal, 1, 4), x'') <> ?1 "
            "AND origin = (SELECT uuid FROM installation WHERE is_self = 1) GROUP BY 1 "
            "UNION ALL SELECT ?2, max(id) FROM auditentry "
            "WHERE ifnull(substr(seal, 1, 4), x'') <> ?1 HAVING count(*)",
            (known, LOG),
        )
        strange = {chain: last for chain, last in rows if is_restored or chain not in key.begun}
        if strange:
            key.accept(strange)
    except OSError as error:
        store.anchor.problem = str(error.strerror or error)
    with store.transaction():
        store.seal_decided()
