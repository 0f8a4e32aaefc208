"""The chain of events followed link by link: from its beginning, or from a sealed checkpoint.

A checkpoint says how far each chain was found whole, and is sealed with this installation's key.
Both lie beside the anchor, not beside the data: who edits the data can't seal them anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from typing import TYPE_CHECKING, Any

from counter_app.atomic import write_atomically
from counter_app.domain.history import Event
from counter_app.errors import InputError
from counter_app.services import journal
from counter_app.services.erasing import Erased

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_app.storage.database import Store

    Chain = tuple[str, int]
    Heads = dict[Chain, tuple[int, bytes]]

_KEY_LENGTH = 32
_SHOWN = 16
_PRINTED = re.compile(rf"(\d+)\.(\d+)-([0-9a-f]{{{_SHOWN}}})", re.ASCII)
_COLUMNS = (
    'SELECT uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, '
    "body, salt, body_hash, head_hash, dossier_uuid, seen FROM event "
)


def follow(store: Store, *, start: Heads | None = None) -> Iterator[tuple[str, str]]:
    """Yield what doesn't hold and where, of the links after ``start``."""
    known: Heads = {
        (origin, epoch): (0, base)
        for origin, epoch, base in store.rows("SELECT origin, epoch, base_hash FROM knownchain")
    }
    known.update(start or {})
    chains = store.rows("SELECT DISTINCT origin, epoch FROM event ORDER BY origin, epoch")
    heads: Heads = {}
    for origin, epoch in chains:
        place = (origin, epoch)
        heads[place] = known.pop(place, (0, bytes(32)))
        yield from _links(store, heads, place)
    heads.update(known)  # chains that have begun and hold no event yet
    for (origin, _), (count, _) in known.items():
        if count:
            yield "mất cả chuỗi sự kiện đã niêm phong", origin
    here = store.row("SELECT uuid, epoch, head_hash FROM installation WHERE is_self = 1")
    if here is not None and heads.get(here[:2], (0, bytes(32)))[1] != here[2]:
        yield "mất các sự kiện cuối của chuỗi", here[0]


def _links(store: Store, heads: Heads, place: Chain) -> Iterator[tuple[str, str]]:
    sequence, head = heads[place]
    if sequence:
        row = store.row(
            "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?",
            (*place, sequence),
        )
        if row is None or row[0] != head:
            yield "chuỗi khác với lần niêm phong trước", f"{place[0]}/{sequence}"
    rows = store.execute(
        _COLUMNS + "WHERE origin = ? AND epoch = ? AND sequence > ? ORDER BY sequence",
        (*place, sequence),
    )
    erased: Erased | None = None
    for row in rows:
        text, salt, hashed, link, dossier_uuid, seen = row[10:]
        event = Event._make((*row[:10], {}))
        if event.sequence != sequence + 1:
            yield "thiếu sự kiện trong chuỗi", f"{event.origin}/{event.sequence}"
        if journal.body_hash(salt, text) != hashed:
            erased = erased or Erased(store)
            if not erased.allows(event.uuid, text):
                yield "nội dung sự kiện bị sửa từ bên ngoài", event.uuid
        told = journal.head_text(event, dossier_uuid, seen)
        if journal.head_hash(head, told, hashed) != link:
            yield "mắt xích của chuỗi bị sửa từ bên ngoài", event.uuid
        sequence, head = event.sequence, link
    heads[place] = (sequence, head)


def heads_of(store: Store) -> Heads:
    """Return how far every chain goes and its last link."""
    rows = store.rows(
        "SELECT e.origin, e.epoch, e.sequence, e.head_hash FROM event e JOIN "
        "(SELECT origin, epoch, max(sequence) AS last FROM event GROUP BY origin, epoch) m "
        "ON e.origin = m.origin AND e.epoch = m.epoch AND e.sequence = m.last"
    )
    return {(origin, epoch): (sequence, head) for origin, epoch, sequence, head in rows}


def shown_head(store: Store) -> str:
    """Return this desk's place in its chain, short enough to stand at the foot of a list.

    A list on paper that says it can't be changed with the data: who rewrites the chain before it
    would have to collect the paper too.
    """
    here = journal.desk(store)
    return f"{here.epoch}.{here.last_sequence}-{here.head_hash.hex()[:_SHOWN]}"


def holds(store: Store, shown: str) -> bool:
    """Tell whether a place of the chain that stands on paper is still what the data say.

    Raises:
        InputError: the text isn't one that a list carries.
    """
    found = _PRINTED.fullmatch(shown.strip().lower())
    if found is None:
        raise InputError(
            f"“{shown}” không phải dấu chuỗi in ở chân tờ 15 giờ, ví dụ 1.57-0a1b2c3d4e5f6071.",
            field="printed",
        )
    epoch, sequence, head = int(found[1]), int(found[2]), found[3]
    if not sequence:
        return True
    row = store.row(
        "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?",
        (journal.desk(store).uuid, epoch, sequence),
    )
    return row is not None and bytes(row[0]).hex().startswith(head)


def seal(store: Store, heads: Heads) -> None:
    """Remember how far the chains were found whole, sealed with this installation's key.

    Raises:
        UserError: the folder of the anchor can't be written.
    """
    if store.anchor is None:
        return
    told = {f"{o}/{e}": [sequence, head.hex()] for (o, e), (sequence, head) in heads.items()}
    body = json.dumps(told, sort_keys=True)
    stem = store.anchor.stem
    stem.parent.mkdir(parents=True, exist_ok=True)
    mac = hmac.new(_key(stem), body.encode(), hashlib.sha256).hexdigest()
    content = json.dumps({"heads": body, "seal": mac})
    write_atomically(stem.with_suffix(".checkpoint"), content.encode())


def sealed(store: Store) -> Heads | None:
    """Return the last checkpoint, None where there is none whose seal is right."""
    if store.anchor is None:
        return None
    stem = store.anchor.stem
    try:
        told: dict[str, Any] = json.loads(stem.with_suffix(".checkpoint").read_bytes())
        mac = hmac.new(_key(stem), told["heads"].encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(mac, told["seal"]):
            return None
        heads = json.loads(told["heads"])
        return {
            (place.partition("/")[0], int(place.partition("/")[2])): (sequence, bytes.fromhex(head))
            for place, (sequence, head) in heads.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _key(stem: Path) -> bytes:
    """Return this installation's key; it is drawn at the first seal and never leaves the folder."""
    path = stem.with_suffix(".key")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    key = os.urandom(_KEY_LENGTH)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
