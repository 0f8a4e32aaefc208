"""Pieces of lives and monthly sums, kept in the transaction that changes a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain import standings as rules
from counter_app.domain.dossier import Move
from counter_app.domain.history import BROKEN
from counter_app.domain.tallies import Counter
from counter_app.services.merged import merged_of
from counter_app.services.settings import get_setting
from counter_app.storage import standings as table
from counter_app.storage.standings import Life

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from counter_app.domain.history import Event, State
    from counter_app.domain.standings import Standing
    from counter_app.storage.database import Store

_FORMAT = 1  # of the pieces and sums: another one counts everything anew
_MARK = "_figures"
_CHUNK = 2_000


def follow(
    store: Store,
    *,
    dossier_id: int,
    dossier_uuid: str,
    office_id: int,
    event: Event,
    state: State,
) -> None:
    """Keep how a dossier stands after an event; part of the running transaction."""
    is_first = event.kind == Move.RECEIVE
    if event.kind == Move.PRINT:
        return  # a paper changes no standing
    before = [] if is_first else table.pieces_of(store, dossier_id)
    pieces = grown(before, event, state, is_first=is_first)
    if pieces is None:
        pieces = told_anew(store, dossier_uuid)
    _replace(store, dossier_id, office_id, before, pieces)


def retell(store: Store, *, dossier_id: int, office_id: int, events: Sequence[Event]) -> None:
    """Tell a dossier's life anew, when events of other desks came between its own.

    Args:
        store: the open data, in a transaction.
        dossier_id: the dossier.
        office_id: its office.
        events: those in force, as they were put together.
    """
    before = table.pieces_of(store, dossier_id)
    _replace(store, dossier_id, office_id, before, rules.standings(events))


def _replace(
    store: Store,
    dossier_id: int,
    office_id: int,
    before: Sequence[Standing],
    pieces: Sequence[Standing],
) -> None:
    if pieces != before:
        replace_many(store, office_id, [Life(dossier_id, before, pieces)])


def replace_many(store: Store, office_id: int, lives: Sequence[Life]) -> None:
    """Write how dossiers stand and the sums of it; part of the running transaction."""
    table.replace_pieces(store, office_id, lives)
    counter = Counter(table.MEASURES, get_setting(store, "boundary"))
    for _, before, pieces in lives:
        if not before:
            counter.add(office_id, pieces)
            continue
        same = {piece.from_at: piece for piece in before}
        counter.add(office_id, [p for p in before if p not in pieces], -1)
        counter.add(office_id, [p for p in pieces if same.get(p.from_at) != p])
    table.add_tallies(store, counter.sums)


def grown(
    before: list[Standing], event: Event, state: State, *, is_first: bool
) -> list[Standing] | None:
    """Return the pieces after an event, None if the state alone can't tell and all are read."""
    if event.kind == Move.PRINT:
        return before  # a paper changes no standing
    known = before or is_first
    if known and event.kind != Move.UNDO and not state["is_void"]:
        piece = rules.after(before[-1] if before else None, state, at=event.at)
        if piece is not None:
            pieces = list(before)
            rules.append(pieces, piece)
            return pieces
    return None


def told_anew(store: Store, dossier_uuid: str) -> list[Standing]:
    """Return the pieces of a life by all its events as they stand in the data."""
    return rules.standings(merged_of(store, dossier_uuid).events)


def _mark(store: Store) -> str:
    return f"{_FORMAT}/{get_setting(store, 'boundary')}"


def is_counted(store: Store) -> bool:
    """Tell whether the pieces and sums are those of today's rules and the office's boundary."""
    row = store.row("SELECT value FROM setting WHERE key = ?", (_MARK,))
    return row is not None and row[0] == _mark(store)


def ensure(store: Store, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Count everything anew if what is kept was counted by other rules.

    An older file has nothing counted yet; another boundary makes other dossiers late.
    """
    if not is_counted(store):
        recount(store, progress=progress)


def recount(store: Store, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Count all lives anew from their events, in one transaction."""
    with store.transaction():
        table.forget_all(store)
        (total,) = store.row("SELECT count(*) FROM dossier") or (0,)
        counter = Counter(table.MEASURES, get_setting(store, "boundary"))
        rows = []
        for number, (dossier_id, office_id, pieces) in enumerate(_lives(store), start=1):
            rows += [table.values_of(dossier_id, office_id, piece) for piece in pieces]
            counter.add(office_id, pieces)
            if number % _CHUNK == 0:
                store.database.connection().executemany(table.INSERT, rows)
                rows.clear()
                if progress is not None:
                    progress(number, total)
        store.database.connection().executemany(table.INSERT, rows)
        table.add_tallies(store, counter.sums)
        store.execute(
            "INSERT INTO setting (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_MARK, _mark(store)),
        )


def _lives(store: Store) -> Iterator[tuple[int, int, list[Standing]]]:
    """Yield each dossier's id, office and pieces."""
    for dossier_id, office_id, uuid in store.rows("SELECT id, office_id, uuid FROM dossier"):
        try:
            pieces = rules.standings(merged_of(store, uuid).events)
        except BROKEN:
            continue  # a history that can't be read is told by its own check
        yield dossier_id, office_id, pieces


def differing_lives(store: Store) -> Iterator[str]:
    """Yield the codes of the dossiers whose pieces aren't what their events say."""
    if not is_counted(store):
        return
    rows = store.rows("SELECT id, uuid, code FROM dossier ORDER BY id")
    for dossier_id, uuid, code in rows:
        try:
            told = rules.standings(merged_of(store, uuid).events)
        except BROKEN:
            continue  # a history that can't be read is told by its own check
        if told != table.pieces_of(store, dossier_id):
            yield code


def differing_of(
    store: Store,
    ids: Sequence[int],
    *,
    most: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[int]:
    """Return those of some dossiers whose pieces aren't what their events say, so many at most."""
    found = []
    for number, one in enumerate(ids, start=1):
        row = store.row("SELECT uuid FROM dossier WHERE id = ?", (one,))
        try:
            told = rules.standings(merged_of(store, row[0]).events) if row else []
        except BROKEN:
            found.append(one)
        else:
            if told != table.pieces_of(store, one):
                found.append(one)
        if len(found) >= most:
            break
        if progress is not None and number % _CHUNK == 0:
            progress(number, len(ids))
    return found


def differing_sums(store: Store) -> Iterator[str]:
    """Yield the places where a stored sum isn't what the pieces add up to."""
    if not is_counted(store):
        return
    counter = Counter(table.MEASURES, get_setting(store, "boundary"))
    for _, office_id, pieces in table.all_pieces(store):
        counter.add(office_id, pieces)
    told = {place: tuple(values) for place, values in counter.sums.items() if any(values)}
    kept = table.all_tallies(store)
    for place in sorted(told.keys() | kept.keys()):
        if told.get(place) != kept.get(place):
            dimension, about, key, _, _ = place
            yield f"{dimension} {key} {about % 12 + 1:02d}/{about // 12}"
