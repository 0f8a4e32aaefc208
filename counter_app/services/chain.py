"""The chain of events followed link by link: from its beginning, or from a sealed checkpoint.

A checkpoint says how far each chain was found whole, and is sealed with this installation's key.
Both lie beside the anchor, not beside the data: who edits the data can't seal them anew.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from counter_app.atomic import write_atomically
from counter_app.domain.history import Event
from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError
from counter_app.services import audit, journal
from counter_app.services.erasing import Erased
from counter_app.services.giving_way import giving_way
from counter_app.services.seals import Seals
from counter_app.storage.seal_key import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.database import Store

    Chain = tuple[str, int]
    Heads = dict[Chain, tuple[int, bytes]]

_SHOWN = 16
LOST_END = "mất các sự kiện cuối của chuỗi"
ADDED_END = "chuỗi bị thêm sự kiện từ bên ngoài"
STRANGE = "sự kiện của chuỗi mà không quầy nào ghi"
OTHER_THAN_SEALED = "chuỗi khác với lần niêm phong trước"
_PRINTED = re.compile(rf"(?:(\d{{1,9}})\.|n)(\d{{1,18}})-([0-9a-f]{{{_SHOWN}}})", re.ASCII)
_COLUMNS = (
    'SELECT uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, '
    "body, salt, body_hash, head_hash, dossier_uuid, seen, seal FROM event "
)


def follow(
    store: Store, *, start: Heads | None = None, seals: Seals | None = None
) -> Iterator[tuple[str, str]]:
    """Yield what doesn't hold and where, of the links after ``start``.

    Args:
        store: the data, or a copy of them.
        start: how far each chain was found whole before.
        seals: what the installation's key says; ``store``'s own by default.
    """
    seals = seals or Seals(store)
    known: Heads = {
        (origin, epoch): (0, base)
        for origin, epoch, base in store.rows("SELECT origin, epoch, base_hash FROM knownchain")
    }
    known.update({place: at for place, at in (start or {}).items() if place[0] != LOG})
    chains = store.rows("SELECT DISTINCT origin, epoch FROM event ORDER BY origin, epoch")
    heads: Heads = {}
    for origin, epoch in chains:
        place = (origin, epoch)
        heads[place] = known.pop(place, (0, bytes(32)))
        yield from _links(store, heads, place, seals)
    heads.update(known)  # chains that have begun and hold no event yet
    gone = [place[0] for place, (count, _) in known.items() if count]
    accepted = audit.accepted(store) if gone else set()
    for origin in gone:
        lost = ("mất cả chuỗi sự kiện đã niêm phong", origin)
        if lost not in accepted:
            yield lost
    yield from seals.strange()
    yield from _other_ends(store, heads)


def _other_ends(store: Store, heads: Heads) -> Iterator[tuple[str, str]]:
    """Yield the chains that don't end where a desk's row says, or of which no row says anything."""
    ends: Heads = {}
    for origin, epoch, last, head in store.rows(
        "SELECT origin, epoch, usable, head_hash FROM knownchain UNION ALL "
        "SELECT uuid, epoch, last_sequence, head_hash FROM installation"  # the later one holds
    ):
        ends[origin, epoch] = (last, head)
    own = {uuid for (uuid,) in store.rows("SELECT uuid FROM installation")}
    for place in sorted({*ends, *heads}):
        last, head = ends.get(place, (0, b""))
        found = heads.get(place, (0, bytes(32)))
        if place not in ends:
            yield STRANGE, f"{place[0]}/{place[1]}"
        elif found[0] > last:
            yield ADDED_END, f"{place[0]}/{place[1]}, từ sự kiện {last + 1}"
        elif found != (last, head):
            where = place[0] if place[0] in own else f"{place[0]}/{place[1]}, sự kiện {last}"
            lost = (LOST_END, where)
            # What this desk has lost is taken note of by its row; another one's stays as it said.
            if place[0] in own or lost not in audit.accepted(store):
                yield lost


def _links(store: Store, heads: Heads, place: Chain, seals: Seals) -> Iterator[tuple[str, str]]:
    sequence, head = heads[place]
    yield from differing(store, {place: (sequence, head)})
    rows = store.execute(
        _COLUMNS + "WHERE origin = ? AND epoch = ? AND (sequence > ? OR sequence < 1) "
        "ORDER BY sequence",
        (*place, sequence),
    )
    chain = f"{place[0]}/{place[1]}"
    erased: Erased | None = None
    for row in giving_way(rows):
        text, salt, hashed, link, dossier_uuid, seen, seal = row[10:]
        event = Event._make((*row[:10], {}))
        if event.sequence < 1:
            yield ADDED_END, _named(store, event, dossier_uuid)
            continue
        has_gap = event.sequence != sequence + 1
        if has_gap:
            gap = ("thiếu sự kiện trong chuỗi", f"{event.origin}/{event.epoch}/{event.sequence}")
            if gap not in audit.accepted(store):
                yield gap
        if journal.body_hash(salt, text) != hashed:
            erased = erased or Erased(store)
            if not erased.allows(event.uuid, text):
                yield "nội dung sự kiện bị sửa từ bên ngoài", _named(store, event, dossier_uuid)
        told = journal.head_text(event, dossier_uuid, seen)
        # What an event behind a gap was linked to isn't there any more.
        if not has_gap and journal.head_hash(head, told, hashed) != link:
            yield "mắt xích của chuỗi bị sửa từ bên ngoài", _named(store, event, dossier_uuid)
        # The hashes before can be made anew by anybody, the seal only with the key.
        if seals.are_wrong(chain, event.sequence, told.encode() + hashed, seal):
            yield "sự kiện không đúng với niêm phong", _named(store, event, dossier_uuid)
        sequence, head = event.sequence, link
    heads[place] = (sequence, head)


def differing(store: Store, heads: Heads) -> Iterator[tuple[str, str]]:
    """Yield the chains that don't go through where they were found whole before."""
    for (origin, epoch), (sequence, head) in heads.items():
        if origin == LOG:
            row = store.row("SELECT head_hash FROM auditentry WHERE id = ?", (sequence,))
        else:
            row = store.row(
                "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?",
                (origin, epoch, sequence),
            )
        if sequence and (row is None or row[0] != head):
            name = "nhật ký, dòng" if origin == LOG else f"{origin}/{epoch}, sự kiện"
            yield OTHER_THAN_SEALED, f"{name} {sequence}"


def _named(store: Store, event: Event, dossier_uuid: str) -> str:
    """Say which event it is, and of which dossier."""
    row = store.row(_CODE, (dossier_uuid,))
    whose = "" if row is None else f"{row[0]}, "
    what = audit.label_of(event.kind).lower()
    return f"{whose}việc “{what}” lúc {from_epoch(event.at):%H:%M %d/%m/%Y}, {event.uuid}"


_CODE = (
    "SELECT coalesce(official_code, code) FROM dossier WHERE uuid = ?1 "
    "UNION ALL SELECT code FROM visit WHERE uuid = ?1"
)


def heads_of(store: Store) -> Heads:
    """Return how far every chain goes and its last link."""
    rows = store.rows(
        "SELECT e.origin, e.epoch, e.sequence, e.head_hash FROM event e JOIN "
        "(SELECT origin, epoch, max(sequence) AS last FROM event GROUP BY origin, epoch) m "
        "ON e.origin = m.origin AND e.epoch = m.epoch AND e.sequence = m.last"
    )
    found = {(origin, epoch): (sequence, head) for origin, epoch, sequence, head in rows}
    last = store.row("SELECT last, head_hash FROM audithead WHERE id = 1")
    return found if last is None else {**found, (LOG, 0): tuple(last)}


def shown_head(store: Store) -> str:
    """Return where this desk's chain and its log stand, short enough for the foot of a list.

    A list on paper that says it can't be changed with the data: who rewrites the chain before it
    would have to collect the paper too.
    """
    here = journal.desk(store)
    shown = f"{here.epoch}.{here.last_sequence}-{here.head_hash.hex()[:_SHOWN]}"
    last = store.row("SELECT last, head_hash FROM audithead WHERE id = 1")
    return f"{shown} N{last[0]}-{last[1].hex()[:_SHOWN]}" if last else shown


def holds(store: Store, shown: str) -> bool:
    """Tell whether places of the chain and the log that stand on paper are still what they were.

    Raises:
        InputError: the text isn't one that a list carries.
    """
    parts = shown.strip().lower().split()
    found = [_PRINTED.fullmatch(part) for part in parts]
    if not parts or None in found:
        raise InputError(
            f"“{shown}” không phải dấu chuỗi in ở chân tờ 15 giờ hay bảng kê thu, ví dụ "
            "1.57-0a1b2c3d4e5f6071 N12-0a1b2c3d4e5f6071.",
            field="printed",
        )
    return all(_stands(store, *one.groups()) for one in found if one is not None)


def _stands(store: Store, epoch: str | None, sequence: str, head: str) -> bool:
    if not int(sequence):
        return True
    if epoch is None:
        row = store.row("SELECT head_hash FROM auditentry WHERE id = ?", (int(sequence),))
    else:
        row = store.row(
            "SELECT head_hash FROM event WHERE origin = ? AND epoch = ? AND sequence = ?",
            (journal.desk(store).uuid, int(epoch), int(sequence)),
        )
    return row is not None and bytes(row[0]).hex().startswith(head)


def seal(store: Store, heads: Heads) -> None:
    """Remember how far the chains were found whole, sealed with this installation's key.

    Raises:
        UserError, OSError: the folder of the anchor can't be written.
    """
    if store.anchor is None:
        return
    told = {f"{o}/{e}": [sequence, head.hex()] for (o, e), (sequence, head) in heads.items()}
    body = json.dumps(told, sort_keys=True)
    mac = store.anchor.key.mac(body.encode())
    if not mac:
        return  # nothing was ever written here
    content = json.dumps({"heads": body, "seal": mac})
    write_atomically(store.anchor.stem.with_suffix(".checkpoint"), content.encode())


def sealed(store: Store) -> Heads | None:
    """Return the last checkpoint, None where there is none whose seal is right."""
    if store.anchor is None:
        return None
    try:
        content = store.anchor.stem.with_suffix(".checkpoint").read_bytes()
        told: dict[str, Any] = json.loads(content)
        mac = store.anchor.key.mac(told["heads"].encode())
        if not mac or not hmac.compare_digest(mac, told["seal"]):
            return None
        heads = json.loads(told["heads"])
        return {
            (place.partition("/")[0], int(place.partition("/")[2])): (sequence, bytes.fromhex(head))
            for place, (sequence, head) in heads.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
