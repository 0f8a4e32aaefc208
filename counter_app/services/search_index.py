"""The search index: made anew when its form is older than the program's, and when it is broken."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING

from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_FORMAT = "1"  # of the text that is indexed: another one indexes everything anew
_MARK = "_search"
_MERGED = 16  # pages at once: a save that comes meanwhile waits some milliseconds
_CHUNK = 500  # what is written at once, so that a clerk who saves meanwhile doesn't wait
_BUCKETS = 4096
_AS_THE_INDEX = "folded, content='', detail='none', tokenize='unicode61 remove_diacritics 0'"
_VOCABULARY = "temp.search_instance"


def is_current(store: Store) -> bool:
    """Tell whether everything is indexed in today's form."""
    row = store.row("SELECT value FROM setting WHERE key = ?", (_MARK,))
    return row is not None and row[0] == _FORMAT


def ensure(store: Store, *, progress: Callable[[int, int], object] | None = None) -> None:
    """Index anew what an older program indexed; what is found until then is still found.

    A run that was cut short leaves no mark, so that the next one does it again.
    """
    if not is_current(store):
        _index(store, progress)


def rebuild(store: Store, *, progress: Callable[[int, int], object] | None = None) -> int:
    """Throw the index away and make it anew from the dossiers; returns how many it holds."""
    with store.transaction():
        store.execute("DELETE FROM setting WHERE key = ?", (_MARK,))
        store.execute("INSERT INTO dossier_search (dossier_search) VALUES ('delete-all')")
        store.execute("DELETE FROM nameword")
    return _index(store, progress)


def _index(store: Store, progress: Callable[[int, int], object] | None) -> int:
    total = int((store.row("SELECT count(*) FROM dossier") or (0,))[0])
    done = 0
    last: int | None = 0
    while last is not None:
        last, some = index_some(store, last)
        done += some
        if progress is not None and some:
            progress(done, total)
    while tidy_some(store):
        pass
    return done


def index_some(store: Store, after: int) -> tuple[int | None, int]:
    """Index the dossiers that follow one, so few that nobody waits for it.

    Returns the last id, None when there was nothing left, and how many were indexed.
    """
    with store.transaction():
        rows = store.rows(
            f"{dossiers.SELECT_STATE}WHERE id > ? ORDER BY id LIMIT ?", (after, _CHUNK)
        )
        last: int | None = None
        for row in rows:
            last, _, state = dossiers.state_of(row)
            store.execute(dossiers.DELETE_SEARCH, (last,))
            dossiers.write_search(store, last, state)
        if not rows:
            store.execute(
                "INSERT INTO setting (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_MARK, _FORMAT),
            )
    return last, len(rows)


def tidy_some(store: Store) -> bool:
    """Merge a little of what single saves left, so that searches stay quick.

    No save does it (``storage.steps_index``). Where nobody ever does, SQLite merges sixteen pieces
    at once when they are that many.

    Returns whether there may be more.
    """
    with store.transaction():
        connection = store.database.connection()
        before = connection.total_changes
        store.execute(
            "INSERT INTO dossier_search (dossier_search, rank) VALUES ('merge', ?)", (_MERGED,)
        )
        # One change is the command itself.
        return bool(connection.total_changes - before > 1)


def differing(store: Store) -> Iterator[str]:
    """Yield the codes of the dossiers that the index holds under other words than their own.

    Words and dossiers are added up in both directions, in so few sums that a million dossiers need
    no memory of their own; only where two sums differ are the dossiers looked at one by one.
    """
    if not is_current(store):
        return
    told = [0] * _BUCKETS
    for dossier_id, state in _readable(store):
        told[dossier_id % _BUCKETS] ^= _sum_of(dossier_id, dossiers.search_text(state).split())
    kept = [0] * _BUCKETS
    for word, dossier_id in _instances(store):
        kept[dossier_id % _BUCKETS] ^= _mix(dossier_id, word)
    wrong = {number for number in range(_BUCKETS) if told[number] != kept[number]}
    if wrong:
        yield from _differing_in(store, wrong)


def _differing_in(store: Store, buckets: set[int]) -> Iterator[str]:
    """Look at single dossiers; their texts are taken apart as the index itself does it."""
    kept: dict[int, int] = {}
    for word, dossier_id in _instances(store):
        if dossier_id % _BUCKETS in buckets:
            kept[dossier_id] = kept.get(dossier_id, 0) ^ _mix(dossier_id, word)
    for dossier_id, state in _readable(store):
        text = dossiers.search_text(state)
        if dossier_id % _BUCKETS not in buckets or kept.get(dossier_id) == _sum_of(
            dossier_id, text.split()
        ):
            continue
        if kept.get(dossier_id) != _sum_of(dossier_id, _taken_apart(store, text)):
            yield str(state["code"])


def _taken_apart(store: Store, text: str) -> list[str]:
    store.execute(f"CREATE VIRTUAL TABLE temp.search_again USING fts5({_AS_THE_INDEX})")
    try:
        store.execute("INSERT INTO temp.search_again (rowid, folded) VALUES (1, ?)", (text,))
        store.execute(
            "CREATE VIRTUAL TABLE temp.again_instance "
            "USING fts5vocab(temp, 'search_again', 'instance')"
        )
        return [word for (word,) in store.rows("SELECT term FROM temp.again_instance")]
    finally:
        store.execute("DROP TABLE IF EXISTS temp.again_instance")
        store.execute("DROP TABLE temp.search_again")


def missing_name_words(store: Store) -> Iterator[str]:
    """Yield the codes of the dossiers whose names hold a word that no slip would lead to."""
    if not is_current(store):
        return
    known = {word for (word,) in store.rows("SELECT word FROM nameword")}
    for _, state in _readable(store):
        if any(word not in known for (word,) in dossiers.name_words(state)):
            yield str(state["code"])


def _readable(store: Store) -> Iterator[tuple[int, State]]:
    """Yield each dossier that can be read; the others are told by their own check."""
    for row in store.execute(dossiers.SELECT_STATE + "ORDER BY id"):
        with contextlib.suppress(ValueError):
            dossier_id, _, state = dossiers.state_of(row)
            yield dossier_id, state


def _instances(store: Store) -> Iterator[tuple[str, int]]:
    """Yield each word with each dossier that the index holds under it."""
    store.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {_VOCABULARY} "
        "USING fts5vocab(main, 'dossier_search', 'instance')"
    )
    try:
        yield from store.execute(f"SELECT term, doc FROM {_VOCABULARY}")  # noqa: S608 - own name
    finally:
        store.execute(f"DROP TABLE {_VOCABULARY}")


def _sum_of(dossier_id: int, words: list[str]) -> int:
    total = 0
    for word in set(words):
        total ^= _mix(dossier_id, word)
    return total


def _mix(dossier_id: int, word: str) -> int:
    return zlib.crc32(word.encode(), dossier_id & 0xFFFFFFFF)
