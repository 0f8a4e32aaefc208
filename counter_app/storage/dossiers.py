"""Fixed SQL for dossiers, events, promises and the search index.

The statements are fixed text, because building them anew for each save costs more than running
them; the tables are those of ``models``.
"""

from __future__ import annotations

import functools
import json
from itertools import compress
from operator import itemgetter, ne
from typing import TYPE_CHECKING, Any

from counter_app.domain.history import DERIVED, EMPTY, Event, State, new_state
from counter_app.domain.merge import Sighted
from counter_app.domain.opening_facts import DossierRow
from counter_app.domain.search_text import tail_words
from counter_app.domain.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counter_app.storage.database import Store

COLUMNS = (
    "code",
    "official_code",
    "procedure_code",
    "procedure_name",
    "sector",
    "channel",
    "status",
    "owner_kind",
    "applicant_name",
    "citizen_id",
    "tax_code",
    "birth_date",
    "phone",
    "address",
    "submitter_name",
    "resolving_unit",
    "handling_officer",
    "reception_officer",
    "counter_name",
    "competent_unit",
    "received_at",
    "recorded_at",
    "original_due_at",
    "legal_due_at",
    "rescheduled_due_at",
    "due_at",
    "due_day",
    "expected_due_at",
    "provisional",
    "late_due_at",
    "timeliness",
    "closed_late",
    "backdated",
    "completed_at",
    "closed_at",
    "returned_at",
    "reschedules",
    "reschedule_letter",
    "late_letter",
    "last_move",
    "last_move_at",
    "events_count",
    "source",
    "is_void",
)
DETAILS = tuple(key for key in (*EMPTY, *DERIVED) if key not in COLUMNS)
# Only what differs from an empty dossier is written out, which keeps the rows short.
_DETAIL_DEFAULTS = tuple({**EMPTY, **DERIVED}[key] for key in DETAILS)
_of_columns, _of_details = itemgetter(*COLUMNS), itemgetter(*DETAILS)
_NAMES = ("applicant_name", "submitter_name", "subject_name")
_CODES = ("code", "official_code")
_NUMBERS = ("citizen_id", "tax_code", "phone")
_OWN = (*_CODES, *_NUMBERS, "content")
# What several dossiers say, or one of them several times.
_SHARED = (*_NAMES, "address", "procedure_code", "procedure_name")

_names = ", ".join(COLUMNS)
INSERT_DOSSIER = (
    f"INSERT INTO dossier (id, uuid, office_id, {_names}, details) "
    f"VALUES ({', '.join('?' * (len(COLUMNS) + 4))})"
)
SELECT_STATE = f"SELECT id, uuid, {_names}, details FROM dossier "
INSERT_EVENT = (
    "INSERT INTO event (id, uuid, office_id, dossier_uuid, origin, epoch, sequence, lamport, seen, "
    'kind, at, recorded_at, "by", counter, body, salt, body_hash, head_hash) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# An event of this desk is sealed with its key; another desk's stands in a chain that others hold.
INSERT_OWN_EVENT = INSERT_EVENT.replace(") VALUES (", ", seal) VALUES (?, ")
_PROMISE = (
    "dossier_id, event_uuid, kind, due_at, own_due_at, issued_at, "
    '"counts", reason, source, "limit", calendar_version, provisional, officer'
)
INSERT_PROMISE = (
    f"INSERT INTO promise (office_id, {_PROMISE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SELECT_PROMISES = f"SELECT {_PROMISE} FROM promise WHERE dossier_id = ?"
INSERT_SEARCH = "INSERT INTO dossier_search (rowid, folded) VALUES (?, ?)"
INSERT_WORD = "INSERT OR IGNORE INTO nameword (word) VALUES (?)"
DELETE_SEARCH = "DELETE FROM dossier_search WHERE rowid = ?"
UPSERT_PERSON = (
    "INSERT INTO person (number, phone, name, facts, seen_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (number) DO UPDATE SET phone = excluded.phone, name = excluded.name, "
    "facts = excluded.facts, seen_at = excluded.seen_at"
)
TAKE_NUMBER = (
    "INSERT INTO series (installation_id, kind, period, last) VALUES (?, ?, ?, 1) "
    "ON CONFLICT (installation_id, kind, period) DO UPDATE SET last = last + 1 RETURNING last"
)
LAST_NUMBER = "SELECT last FROM series WHERE installation_id = ? AND kind = ? AND period = ?"
KEEP_NUMBER = (
    "INSERT INTO series (installation_id, kind, period, last) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (installation_id, kind, period) DO UPDATE SET last = excluded.last"
)
_EVENT_COLUMNS = (
    'uuid, origin, epoch, sequence, lamport, kind, at, recorded_at, "by", counter, body'
)
SELECT_EVENTS = (
    f"SELECT {_EVENT_COLUMNS} FROM event WHERE dossier_uuid = ? "
    "ORDER BY lamport, origin, epoch, sequence"
)

ROW_COLUMNS = ", ".join(DossierRow._fields)
# What is written here is made here and holds no cycles: the encoder need not look for them.
_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
# ``JSONEncoder.encode`` makes this anew at each call, which costs a quarter of it.
_make = getattr(json.encoder, "c_make_encoder", None)
_ways = {"sort_keys": False, "skipkeys": False, "allow_nan": True}
_chunks = _make and _make(
    None, _encoder.default, json.encoder.encode_basestring, None, ":", ",", *_ways.values()
)
# A commune's villages and its catalogue are few: folded once, not at each save.
_fold_again = functools.lru_cache(maxsize=1024)(fold)


def dump(value: Any) -> str:
    """Write compact JSON."""
    return _encoder.encode(value) if _chunks is None else "".join(_chunks(value, 0))


def search_text(state: State) -> str:
    """Return the folded text under which a dossier is found, its numbers backwards too."""
    own = fold(" ".join([str(state[key]) for key in _OWN if state[key]]))
    shared = [_fold_again(state[key]) for key in _SHARED if state[key]]
    tails = tail_words([state[key] for key in _NUMBERS], [state[key] for key in _CODES])
    return " ".join([own, *shared, *tails])


def name_words(state: State) -> list[tuple[str]]:
    """Return the folded words of a dossier's names, each a row for ``INSERT_WORD``."""
    names = [_fold_again(state[key]) for key in _NAMES if state[key]]
    return [(word,) for word in dict.fromkeys(" ".join(names).split()) if word.isalpha()]


def write_search(store: Store, dossier_id: int, state: State) -> None:
    """Write what a new dossier is found by; part of the running transaction."""
    store.execute(INSERT_SEARCH, (dossier_id, search_text(state)))
    store.database.connection().executemany(INSERT_WORD, name_words(state))


def _details(state: State) -> str:
    values = _of_details(state)
    told = map(ne, values, _DETAIL_DEFAULTS)
    return dump(dict(compress(zip(DETAILS, values, strict=True), told)))


def values_of(dossier_id: int, uuid: str, office_id: int, state: State) -> tuple[Any, ...]:
    """Return what ``INSERT_DOSSIER`` binds for a dossier."""
    return (dossier_id, uuid, office_id, *_of_columns(state), _details(state))


def insert_dossier(store: Store, dossier_id: int, uuid: str, office_id: int, state: State) -> None:
    """Write a new dossier's row and its search text."""
    store.execute(INSERT_DOSSIER, values_of(dossier_id, uuid, office_id, state))
    write_search(store, dossier_id, state)


def update_dossier(store: Store, dossier_id: int, before: State, after: State) -> None:
    """Write what changed of a dossier's row, and its search text if that changed."""
    store.execute(*_update(dossier_id, before, after))
    if is_found_otherwise(before, after):
        store.execute(DELETE_SEARCH, (dossier_id,))
        write_search(store, dossier_id, after)


def _update(dossier_id: int, before: State, after: State) -> tuple[str, tuple[Any, ...]]:
    changed = [c for c in COLUMNS if before[c] != after[c]]
    assignments = "".join(f"{c} = ?, " for c in changed) + "details = ?"
    return (
        f"UPDATE dossier SET {assignments} WHERE id = ?",
        (*[after[c] for c in changed], _details(after), dossier_id),
    )


def is_found_otherwise(before: State, after: State) -> bool:
    """Tell whether a dossier is found by other words than before."""
    return any(before[key] != after[key] for key in (*_OWN, *_SHARED))


def write_many(
    store: Store,
    office_id: int,
    begun: Sequence[tuple[int, str, State]],
    changed: Sequence[tuple[int, State, State]],
) -> None:
    """Write the rows of many dossiers and what they are found by, each kind by one statement.

    Args:
        store: the open data, in a transaction.
        office_id: the office of the new ones.
        begun: id, uuid and state of new dossiers, in the order of their ids.
        changed: id, state before and state now of known ones, in the order of their ids.
    """
    run = store.database.connection().executemany
    updates: dict[str, list[tuple[Any, ...]]] = {}
    for dossier_id, before, after in changed:
        sql, params = _update(dossier_id, before, after)
        updates.setdefault(sql, []).append(params)
    for sql, some in updates.items():
        run(sql, some)
    run(INSERT_DOSSIER, [values_of(one, uuid, office_id, state) for one, uuid, state in begun])
    # In the order of their ids, because the index is written out whenever an id goes back.
    moved = [(one, after) for one, before, after in changed if is_found_otherwise(before, after)]
    for dossier_id, state in moved:
        store.execute(DELETE_SEARCH, (dossier_id,))
        store.execute(INSERT_SEARCH, (dossier_id, search_text(state)))
    run(INSERT_SEARCH, [(one, search_text(state)) for one, _, state in begun])
    found = [state for _, state in moved] + [state for _, _, state in begun]
    run(INSERT_WORD, {word for state in found for word in name_words(state)})


def state_of(row: Sequence[Any]) -> tuple[int, str, State]:
    """Return ``(id, uuid, state)`` of a row read with ``SELECT_STATE``."""
    state = new_state()
    state.update(zip(COLUMNS, row[2:-1], strict=True))
    state.update(json.loads(row[-1]))
    return row[0], row[1], state


def events_of(store: Store, dossier_uuid: str) -> list[Event]:
    """Return a dossier's events in order."""
    return [event_of(row) for row in store.rows(SELECT_EVENTS, (dossier_uuid,))]


def sighted_of(store: Store, dossier_uuid: str) -> list[Sighted]:
    """Return a dossier's events in order, each with what its desk had seen of the others."""
    rows = store.rows(
        f"SELECT {_EVENT_COLUMNS}, seen FROM event WHERE dossier_uuid = ? "
        "ORDER BY lamport, origin, epoch, sequence",
        (dossier_uuid,),
    )
    return [Sighted(event_of(row[:-1]), json.loads(row[-1])) for row in rows]


def event_of(row: Sequence[Any]) -> Event:
    """Return the event of a row read with the event columns."""
    return Event._make((*row[:-1], json.loads(row[-1])))


def all_states(store: Store) -> Iterator[tuple[int, str, State]]:
    """Yield every dossier's ``(id, uuid, state)``, one by one."""
    cursor = store.execute(SELECT_STATE + "ORDER BY id")
    for row in cursor:
        yield state_of(row)


def to_row(values: Sequence[Any]) -> DossierRow:
    """Return the line of a table from values in the order of ``ROW_COLUMNS``."""
    return DossierRow._make(values)
