"""What the office has decided, under a seal: settings, accounts, calendar, catalogue, wordings.

A dossier's row is what its events add up to, so that an edit from outside is found by adding up
anew. These rows have no events. The short hash of each stands in one place instead, sealed with
the installation's key together with how often it was written anew.

Triggers that only our own connections have note which rows a transaction touches, and only their
hashes are written anew: what somebody edited from outside stays found, whatever is decided later.
A later migration that changes one of these columns has to write all hashes anew (``seal_all``).
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
    "setting": _Table(
        ("key",), "value", "{0}.key NOT GLOB '_*' OR {0}.key IN ('_book_starts', '_sectors')"
    ),
    "account": _Table(("name",), "role, secret, is_active"),
    "officer": _Table(("name",), "position, unit, is_active"),
    "procedure": _Table(("code", "valid_from"), "name, sector, body, confirmation"),
    "calendaryear": _Table(("year",), "is_confirmed, source"),
    "calendarday": _Table(("date", "kind"), 'name, hours, "counts", is_confirmed, source'),
    "formversion": _Table(("version",), "valid_from, source, body, recorded_at, officer"),
    "listmapping": _Table(("name",), "body"),
}
_TOUCHED = "CREATE TEMP TABLE touched (kind, key)"
_TRIGGER = "CREATE TEMP TRIGGER touched_{kind}_{act} AFTER {event} ON main.{kind} BEGIN {acts} END"
_NOTE = "INSERT INTO touched SELECT '{kind}', CAST({key} AS TEXT) WHERE {which};"


class Decided(NamedTuple):
    """The hashes as they are kept: how often they were written, and each by table and row."""

    times: int
    rows: dict[str, dict[str, str]]
    seal: bytes

    @property
    def content(self) -> bytes:
        """Return what is sealed."""
        told = json.dumps([self.times, self.rows], ensure_ascii=False, sort_keys=True)
        return told.encode()

    @property
    def head(self) -> bytes:
        """Return one hash of it all, for the mark in the other folder."""
        return hashlib.sha256(self.content).digest()


def chain_of(origin: str) -> str:
    """Return the name under which an installation's decisions are sealed."""
    return f"{origin}/decided"


def watch(connection: Any) -> None:
    """Let a connection note from now on which decided rows it touches; outside a transaction."""
    made = [_TOUCHED]
    for kind, table in _TABLES.items():
        old, new = (
            _NOTE.format(kind=kind, key=table.key_of(row), which=table.which.format(row))
            for row in ("OLD", "NEW")
        )
        update = f"UPDATE OF {', '.join(table.key)}, {table.columns}"
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


def renew(connection: Any, key: SealKey | None) -> Mark | None:
    """Write the hashes of what the running transaction has touched anew, and seal them.

    Data that were never sealed here are sealed whole. Where the hashes were and are gone, nothing
    is written: a check has to find that.

    Returns:
        how far they have come, for the other folder; None where nothing was written.

    Raises:
        OSError: the key can't be read or written; what was touched is still known.
    """
    touched = connection.execute("SELECT DISTINCT kind, key FROM temp.touched").fetchall()
    chain = chain_of(_here(connection)[0])
    if not touched and key is not None and chain in key.begun:
        return None
    kept = read(connection)
    mark = None
    if kept is None:
        if key is None or not key.load() or chain not in key.begun:
            mark = _write(connection, key, Decided(0, _all(connection), b""))
    elif touched:
        for kind, name in touched:
            rows = kept.rows.setdefault(kind, {})
            rows.pop(name, None)
            rows.update(_hashes(connection, kind, name))
        mark = _write(connection, key, kept)
    connection.execute("DELETE FROM temp.touched")
    return mark


def seal_all(connection: Any, key: SealKey | None) -> Mark | None:
    """Take every row as it stands, because who may has said so; part of the transaction.

    Raises:
        OSError: the key can't be read or written.
    """
    connection.execute("DELETE FROM temp.touched")
    kept = read(connection)
    return _write(connection, key, Decided(kept.times if kept else 0, _all(connection), b""))


def read(connection: Any) -> Decided | None:
    """Return the hashes that are kept, None where none were written or they are none of ours."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (_NAME,)).fetchone()
    try:
        told = json.loads(row[0]) if row else {}
        rows = {kind: dict(told["rows"].get(kind, {})) for kind in _TABLES}
        return Decided(int(told["times"]), rows, bytes.fromhex(told["seal"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody has edited them: the check tells it


def differing(connection: Any, kept: Decided) -> Iterator[tuple[str, str, str]]:
    """Yield each row that isn't as it was sealed: ``edited``, ``added`` or ``gone``, table, row."""
    present = _all(connection)
    for kind in _TABLES:
        was, now = kept.rows.get(kind, {}), present[kind]
        for name in sorted({*was, *now}):
            if was.get(name) != now.get(name):
                how = (
                    "edited" if name in was and name in now else "added" if name in now else "gone"
                )
                yield how, kind, name


def _write(connection: Any, key: SealKey | None, decided: Decided) -> Mark | None:
    origin, epoch, moment = _here(connection)
    decided = decided._replace(times=decided.times + 1)
    seal = b""
    if key is not None:
        seal = key.seal(chain_of(origin), decided.times, decided.content)
    told = {"times": decided.times, "rows": decided.rows, "seal": seal.hex()}
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


def _all(connection: Any) -> dict[str, dict[str, str]]:
    return {kind: dict(_hashes(connection, kind)) for kind in _TABLES}


def _hashes(connection: Any, kind: str, name: str | None = None) -> Iterator[tuple[str, str]]:
    table = _TABLES[kind]
    key, which = f"CAST({table.key_of(kind)} AS TEXT)", table.which.format(kind)
    sql = f"SELECT {key}, json_array({table.columns}) FROM {kind} WHERE ({which})"
    if name is not None:
        sql += f" AND {key} = ?"
    for found, content in connection.execute(sql, () if name is None else (name,)):
        yield found, hashlib.blake2b(content.encode(), digest_size=_DIGEST).hexdigest()
