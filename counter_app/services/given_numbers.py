"""Numbers that were given, held against what carries them: none again, none lost, none moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.services.journal import EPOCH_BITS, NUMBER_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.storage.database import Store

_MOST = 100
EARLIER_END = "quầy ghi lần lưu cuối sớm hơn sự kiện đã lưu"
NOBODY = "không quầy nào là quầy của máy này"
# A series is named as the table in which its numbers stand.
_GIVEN = (
    "SELECT d.code FROM {table} d JOIN installation i ON i.is_self = 1 "
    "LEFT JOIN series s ON s.installation_id = i.id AND s.kind = ? "
    "AND s.period = substr(d.code, {day}, 6) "
    "WHERE d.code GLOB printf('{prefix}-%02d-[0-9][0-9][0-9][0-9][0-9][0-9]-*', i.counter_number) "
    "AND CAST(substr(d.code, {day} + 7) AS INTEGER) > coalesce(s.last, 0) LIMIT ?"
)
_IN_BOOKS = (
    "WITH line AS (SELECT code, json_extract(details, '$.book') AS book FROM dossier "
    "WHERE instr(details, '\"book\":')) "
    "SELECT book ->> 'number', book ->> 'symbol', book ->> 'year', code "
    "FROM line JOIN installation i ON i.is_self = 1 AND i.counter_number = book ->> 'volume' "
    "LEFT JOIN series s ON s.installation_id = i.id "
    "AND s.kind = 'book:' || (book ->> 'symbol') AND s.period = (book ->> 'year') || '' "
    "WHERE book ->> 'number' > coalesce(s.last, 0) LIMIT ?"
)
_OWN_ENDS = (
    "SELECT counter_name, last_lamport < coalesce(max(e.lamport), 0), "
    "last_moment < coalesce(max(e.recorded_at), 0) "
    # Of an earlier epoch events may come back by another desk.
    "FROM installation i LEFT JOIN event e ON e.origin = i.uuid AND e.epoch = i.epoch "
    "WHERE is_self = 1 GROUP BY i.id"
)
_RESERVED = (
    "SELECT r.number FROM reservednumber r LEFT JOIN dossier d ON d.id = r.dossier_id "
    "WHERE (r.state = 'used') <> (d.id IS NOT NULL) "
    "OR (r.state = 'closed' AND r.reason = '') "
    "OR (r.state = 'used' AND json_extract(d.details, '$.paper_number') <> r.number) LIMIT ?"
)
_OTHER_IDS = (
    "SELECT coalesce(d.code, e.uuid) FROM event e LEFT JOIN dossier d ON d.uuid = e.dossier_uuid "
    "WHERE e.id & ? <> (e.epoch << ? | e.sequence) "
    "UNION ALL SELECT d.code FROM dossier d LEFT JOIN event e ON e.id = d.id "
    "WHERE e.dossier_uuid IS NOT d.uuid LIMIT ?"
)


def above_series(store: Store) -> Iterator[str]:
    """Yield what carries a number of this desk that its series doesn't know to be given."""
    for table, prefix in (("dossier", "TAM"), ("visit", "LUOT")):
        sql = _GIVEN.format(table=table, prefix=prefix, day=len(prefix) + 5)
        for (code,) in store.rows(sql, (table, _MOST)):
            yield str(code)
    for number, symbol, year, code in store.rows(_IN_BOOKS, (_MOST,)):
        yield f"số {number} sổ {symbol} năm {year}, hồ sơ {code}"


def wrong_ends(store: Store) -> Iterator[tuple[str, str]]:
    """Yield where this desk's row says that less was saved than there is."""
    here = store.row(_OWN_ENDS)
    if here is None:
        yield NOBODY, "tệp dữ liệu"
    elif any(here[1:]):
        yield EARLIER_END, str(here[0])


def wrongly_reserved(store: Store) -> list[str]:
    """Return the numbers reserved for an outage that aren't what their state says."""
    return [number for (number,) in store.rows(_RESERVED, (_MOST,))]


def broken_registers(store: Store) -> Iterator[str]:
    """Yield the registers whose numbers don't run from 1 on."""
    rows = store.rows(
        "SELECT book, year, min(number), max(number), count(*) FROM registerentry "
        "GROUP BY office_id, book, year"
    )
    for book, year, first, last, count in rows:
        if (first, last) != (1, count):
            yield f"sổ theo dõi năm {year}{f', {book}' if book else ''}"


def other_ids(store: Store) -> list[str]:
    """Return what doesn't stand under its id: an event's is its place, a dossier's its first's."""
    mask = (1 << NUMBER_BITS) - 1
    return [where for (where,) in store.rows(_OTHER_IDS, (mask, EPOCH_BITS, _MOST))]
