"""What no event of a dossier tells, under a seal: settings, accounts, catalogue, lists, runs.

A dossier's row is what its events add up to, so that an edit from outside is found by adding up
anew. These rows have no events. The short hash of each stands in one place instead, sealed with
the installation's key together with how often it was written anew. Where rows come every day, their
hashes stand in a table of their own and only the sum of them is sealed: it must not take longer to
issue a list because there were thousands before.

Triggers that only our own connections have note which rows a transaction touches, and only their
hashes are written anew: what somebody edited from outside stays found, whatever is decided later.
A later migration that changes one of these columns has to write all hashes anew (``seal_all``).
A further table of many rows needs nothing: it is taken as it stands at the next seal.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.storage.anchor import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.seal_key import SealKey

_NAME = "_decided"
_DIGEST = 8


class _Table(NamedTuple):
    """What names a row of a table, what is decided in it, and which rows are decisions."""

    key: tuple[str, ...]
    columns: str
    which: str = "1"  # in SQL; ``{0}`` stands for the row

    def key_of(self, row: str) -> str:
        """Return what names a row, in SQL."""
        return " || ' ' || ".join(f"{row}.{column}" for column in self.key)


_TABLES = {
    "office": _Table(("id",), "name, parent, agency_code, province_code, is_rehearsal"),
    "installation": _Table(("uuid",), "counter_number, counter_name"),
    # All but what is counted, and what says how far a work has come.
    "setting": _Table(
        ("key",),
        "value",
        "{0}.key NOT IN ('_decided', '_changes', '_figures', '_search', '_encryption_unfinished')",
    ),
    "account": _Table(("name",), "role, secret, is_active"),
    "officer": _Table(("name",), "position, unit, is_active"),
    "procedure": _Table(("code", "valid_from"), "name, sector, body, confirmation"),
    "calendaryear": _Table(("year",), "is_confirmed, source"),
    "calendarday": _Table(("date", "kind"), 'name, hours, "counts", is_confirmed, source'),
    "formversion": _Table(("version",), "valid_from, source, body, recorded_at, officer"),
    "listmapping": _Table(("name",), "body"),
}
# The values of a key have no spaces but the last one, so that they are parted again to look it up.
_MANY = {
    "officepaper": _Table(("code",), "id, uuid, kind, unit, day, made_at, officer, facts, copies"),
    "reservednumber": _Table(
        ("number",), "paper_id, state, dossier_id, reason, changed_at, officer"
    ),
    "sheetrow": _Table(
        ("paper_id", "part", "position"),
        "dossier_id, answer, reason, proposed_at, answered_at, officer",
    ),
    # The others are written at a reception, and compared with what carries their numbers.
    "series": _Table(
        ("installation_id", "kind", "period"),
        "last",
        "{0}.kind NOT IN ('dossier', 'visit') AND {0}.kind NOT GLOB 'book:*'",
    ),
    "registerentry": _Table(("office_id", "year", "number", "book"), "dossier_id"),
    "frozenreport": _Table(
        ("uuid",),
        'name, from_day, to_day, against, boundary, figures, dossiers, frozen_at, "by"',
    ),
    "importrun": _Table(("id",), 'name, sha256, at, "by", "counts"'),
    "syncrun": _Table(
        ("id",), 'kind, name, sha256, at, "by", origin, counter_name, "counts", undone_at'
    ),
    "syncrunevent": _Table(("run_id", "event_uuid"), "1"),
    "invitation": _Table(("counter_number",), 'made_at, "by"'),
    "knownchain": _Table(
        ("origin", "epoch"),
        "counter_number, counter_name, usable, hex(base_hash), hex(head_hash)",
    ),
    "heldevent": _Table(("event_uuid",), 'origin, epoch, sequence, dossier_uuid, "row"'),
    "heldhead": _Table(("holder", "chain"), "sequence, hex(head_hash), heard_at"),
    "acknowledged": _Table(("peer", "chain"), "sequence, heard_at"),
    "waitingevent": _Table(("event_uuid",), "dossier_uuid"),
    "openconflict": _Table(("id",), "dossier_uuid, kind, field, first_uuid, second_uuid, found_at"),
}
_ALL_TABLES = {**_TABLES, **_MANY}
_TRIGGER = "CREATE TEMP TRIGGER touched_{kind}_{act} AFTER {event} ON main.{kind} BEGIN {acts} END"
_NOTE = "SELECT note_touched('{kind}', CAST({key} AS TEXT)) WHERE {which};"
_PUT_HASH = (
    "INSERT INTO rowhash (kind, name, hash) VALUES (?, ?, ?) "
    "ON CONFLICT (kind, name) DO UPDATE SET hash = excluded.hash"
)
_SUM_BYTES = 32

Touched = set[tuple[str, str]]  # table and what names the row
Rows = dict[str, str]  # what names a row, and its hash


class Decided(NamedTuple):
    """The hashes as they are kept: how often they were written, each by table and row, sums.

    Before there were sums, of a table of many rows too, it was taken by nothing.
    """

    times: int
    rows: dict[str, dict[str, str]]
    seal: bytes
    sums: dict[str, str]

    @property
    def content(self) -> bytes:
        """Return what is sealed."""
        told = [self.times, self.rows, *([self.sums] if self.sums else [])]
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()

    @property
    def head(self) -> bytes:
        """Return one hash of it all, for the mark in the other folder."""
        return hashlib.sha256(self.content).digest()


def chain_of(origin: str) -> str:
    """Return the name under which an installation's decisions are sealed."""
    return f"{origin}/decided"


def watch(connection: Any) -> Touched:
    """Let a connection note from now on which of these rows it touches; outside a transaction.

    Returns:
        what was touched; whoever begins a transaction empties it.
    """
    touched: Touched = set()
    connection.create_function("note_touched", 2, lambda kind, name: touched.add((kind, name)))
    made = []
    for kind, table in _ALL_TABLES.items():
        old, new = (
            _NOTE.format(kind=kind, key=table.key_of(row), which=table.which.format(row))
            for row in ("OLD", "NEW")
        )
        # A desk's own row is written at each save, for what isn't sealed.
        update = "UPDATE"
        if kind in _TABLES:
            update += f" OF {', '.join(table.key)}, {table.columns}"
        for act, event, acts in (
            ("came", "INSERT", new),
            ("went", "DELETE", old),
            ("changed", update, old + new),
        ):
            made.append(_TRIGGER.format(kind=kind, act=act, event=event, acts=acts))
    try:
        connection.executescript(f"BEGIN; {'; '.join(made)}; COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return touched


def renew(connection: Any, key: SealKey | None, touched: Touched) -> Mark | None:
    """Write the hashes of what the running transaction has touched anew, and seal them.

    Data that were never sealed here are sealed whole. Where the hashes were and are gone, nothing
    is written: a check has to find that.

    Returns:
        how far they have come, for the other folder; None where nothing was written.

    Raises:
        OSError: the key can't be read or written.
    """
    chain = chain_of(_here(connection)[0])
    if not touched and key is not None and chain in key.begun:
        return None
    kept = read(connection)
    if kept is None:
        if key is None or not key.load() or chain not in key.begun:
            return _write(connection, key, _whole(connection, 0))
        return None
    if not touched:
        return None
    _take_new_tables(connection, kept)
    many = []
    for kind, name in touched:
        now = dict(_hashes(connection, kind, name))
        if kind in _MANY:
            was = _kept_hashes(connection, kind, name)
            kept.sums[kind] = _sum(kind, now, to=kept.sums[kind], less=was)
            many.append((kind, name, now.get(name)))
        else:
            kept.rows[kind].pop(name, None)
            kept.rows[kind].update(now)
    # First the seal: where it can't be made, all this is asked for once more, without one.
    mark = _write(connection, key, kept)
    for kind, name, told in many:
        if told is None:
            connection.execute("DELETE FROM rowhash WHERE kind = ? AND name = ?", (kind, name))
        else:
            connection.execute(_PUT_HASH, (kind, name, told))
    return mark


def seal_all(connection: Any, key: SealKey | None) -> Mark | None:
    """Take every row as it stands, because who may has said so; part of the transaction.

    Raises:
        OSError: the key can't be read or written.
    """
    kept = read(connection)
    return _write(connection, key, _whole(connection, kept.times if kept else 0))


def read(connection: Any) -> Decided | None:
    """Return the hashes that are kept, None where none were written or they are none of ours."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (_NAME,)).fetchone()
    try:
        told = json.loads(row[0]) if row else {}
        rows = {kind: dict(told["rows"].get(kind, {})) for kind in _TABLES}
        sums = dict(told.get("sums", {}))
        return Decided(int(told["times"]), rows, bytes.fromhex(told["seal"]), sums)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody has edited them: the check tells it


def differing(connection: Any, kept: Decided) -> Iterator[tuple[str, str, str]]:
    """Yield each row that isn't as it was sealed: ``edited``, ``added`` or ``gone``, table, row.

    ``unsealed`` is a table whose hashes aren't those that were summed up.
    """
    for kind in _TABLES:
        now = dict(_hashes(connection, kind))
        if kind == "setting" and not kept.sums:
            # Of the program's own there were two, before there were sums.
            now = {k: v for k, v in now.items() if k[:1] != "_" or k in kept.rows[kind]}
        yield from _differing(kind, kept.rows[kind], now)
    for kind in kept.sums:
        was = _kept_hashes(connection, kind)
        if _sum(kind, was) != kept.sums[kind]:
            yield "unsealed", kind, ""
        yield from _differing(kind, was, dict(_hashes(connection, kind)))


def _differing(kind: str, was: Rows, now: Rows) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            how = "edited" if name in was and name in now else "added" if name in now else "gone"
            yield how, kind, name


def _write(connection: Any, key: SealKey | None, decided: Decided) -> Mark | None:
    origin, epoch, moment = _here(connection)
    decided = decided._replace(times=decided.times + 1)
    seal = b""
    if key is not None:
        seal = key.seal(chain_of(origin), decided.times, decided.content)
    told = {"times": decided.times, "rows": decided.rows, "seal": seal.hex(), "sums": decided.sums}
    connection.execute(
        "INSERT INTO setting (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_NAME, json.dumps(told, ensure_ascii=False)),
    )
    return Mark(origin, epoch, decided.times, max(moment, 0), decided.head)


def _here(connection: Any) -> tuple[str, int, int]:
    row = connection.execute(
        "SELECT uuid, epoch, last_moment FROM installation WHERE is_self = 1"
    ).fetchone()
    return (str(row[0]), int(row[1]), int(row[2])) if row else ("", 0, 0)


def _whole(connection: Any, times: int) -> Decided:
    rows = {kind: dict(_hashes(connection, kind)) for kind in _TABLES}
    return Decided(times, rows, b"", {kind: _take(connection, kind) for kind in _MANY})


def _take_new_tables(connection: Any, kept: Decided) -> None:
    """Take as they stand what an older program has left without a seal."""
    if not kept.sums:
        kept.rows["setting"] = dict(_hashes(connection, "setting")) | kept.rows["setting"]
    for kind in _MANY.keys() - kept.sums.keys():
        kept.sums[kind] = _take(connection, kind)


def _take(connection: Any, kind: str) -> str:
    """Keep the hashes of all rows of a table of many; returns their sum."""
    rows = dict(_hashes(connection, kind))
    connection.execute("DELETE FROM rowhash WHERE kind = ?", (kind,))
    connection.executemany(_PUT_HASH, ((kind, name, told) for name, told in rows.items()))
    return _sum(kind, rows)


def _kept_hashes(connection: Any, kind: str, name: str | None = None) -> Rows:
    sql, values = "SELECT name, hash FROM rowhash WHERE kind = ?", (kind,)
    if name is None:
        return dict(connection.execute(sql, values))
    return dict(connection.execute(f"{sql} AND name = ?", (*values, name)))


def _sum(kind: str, rows: Rows, *, to: str = "", less: Rows | None = None) -> str:
    """Add the hashes of rows up, in whatever order: so one can be taken out again."""
    total = int(to or "0", 16) + _terms(kind, rows) - _terms(kind, less or {})
    return f"{total % (1 << 8 * _SUM_BYTES):x}"


def _terms(kind: str, rows: Rows) -> int:
    return sum(
        int.from_bytes(
            hashlib.blake2b(f"{kind} {name} {told}".encode(), digest_size=_SUM_BYTES).digest()
        )
        for name, told in rows.items()
    )


def _hashes(connection: Any, kind: str, name: str | None = None) -> Iterator[tuple[str, str]]:
    table = _ALL_TABLES[kind]
    key, which = f"CAST({table.key_of(kind)} AS TEXT)", table.which.format(kind)
    sql = f"SELECT {key}, json_array({table.columns}) FROM {kind} WHERE ({which})"
    values: tuple[str, ...] = ()
    if name is not None:
        # Each by its own column, so that an index finds it.
        sql += "".join(f" AND {column} = ?" for column in table.key)
        values = tuple(name.split(" ", len(table.key) - 1))
    for found, content in connection.execute(sql, values):
        yield found, hashlib.blake2b(content.encode(), digest_size=_DIGEST).hexdigest()
