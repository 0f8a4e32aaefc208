"""Fixed SQL for the pieces of lives and the monthly sums that reports read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.standings import Side, Standing
from counter_app.storage.steps_reports import TALLY_MEASURES_V1

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from counter_app.domain.tallies import Tallies
    from counter_app.storage.database import Store

_COLUMNS = (
    "from_at, until_at, kind, entered_at, ended_at, verdict, due_at, marked, earlier, closed_late, "
    "legal_verdict, legal_due_at, legal_marked, legal_earlier, legal_closed_late, backdated, "
    "rescheduled_at, channel, sector, procedure_code, officer, digitised_input, digitised_output, "
    "surveyed, satisfied"
)
_COUNT = len(_COLUMNS.split(", "))
SELECT = f"SELECT {_COLUMNS} FROM standing WHERE dossier_id = ? ORDER BY from_at"
# What begins where a piece began before is that piece, changed.
INSERT = (
    f"INSERT OR REPLACE INTO standing (dossier_id, office_id, {_COLUMNS}) "
    f"VALUES (?, ?, {', '.join('?' * _COUNT)})"
)
DELETE = "DELETE FROM standing WHERE dossier_id = ? AND from_at = ?"
MEASURES = TALLY_MEASURES_V1
_SIDE = len(Side._fields)
_FIRST, _SECOND, _REST = 5, 5 + _SIDE, 5 + 2 * _SIDE

_measures = ", ".join(MEASURES)
ADD_TALLY = (
    f"INSERT INTO tally (dimension, about, key, office_id, month, {_measures}) "
    f"VALUES (?, ?, ?, ?, ?, {', '.join('?' * len(MEASURES))}) "
    "ON CONFLICT (dimension, about, key, office_id, month) DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in MEASURES)
)
SELECT_TALLIES = f"SELECT dimension, about, key, office_id, month, {_measures} FROM tally"


class Life(NamedTuple):
    """The pieces of a dossier's life, before and after."""

    dossier_id: int
    before: Sequence[Standing]
    pieces: Sequence[Standing]


def pieces_of(store: Store, dossier_id: int) -> list[Standing]:
    """Return the pieces of a dossier's life in order."""
    return [_piece(row) for row in store.rows(SELECT, (dossier_id,))]


def _piece(row: Sequence[Any]) -> Standing:
    first, second = Side._make(row[_FIRST:_SECOND]), Side._make(row[_SECOND:_REST])
    return Standing._make((*row[:_FIRST], first, second, *row[_REST:]))


def values_of(dossier_id: int, office_id: int, piece: Standing) -> tuple[Any, ...]:
    """Return what ``INSERT`` binds for a piece."""
    return (
        dossier_id,
        office_id,
        *piece[:_FIRST],
        *piece.by_due,
        *piece.by_legal,
        *piece[_FIRST + 2 :],
    )


def replace_pieces(store: Store, office_id: int, lives: Iterable[Life]) -> None:
    """Write what changed of lives; part of the running transaction."""
    gone: list[tuple[int, int]] = []
    come: list[tuple[Any, ...]] = []
    for dossier_id, before, pieces in lives:
        if before:
            kept = {piece.from_at for piece in pieces}
            gone += [(dossier_id, piece.from_at) for piece in before if piece.from_at not in kept]
        known = {piece.from_at: piece for piece in before}
        come += [
            values_of(dossier_id, office_id, piece)
            for piece in pieces
            if known.get(piece.from_at) != piece
        ]
    run = store.database.connection().executemany
    if gone:
        run(DELETE, gone)
    if come:
        run(INSERT, come)


def add_tallies(store: Store, sums: Tallies) -> None:
    """Add signed sums to the stored ones; part of the running transaction."""
    rows = [(*place, *values) for place, values in sums.items() if any(values)]
    if rows:
        store.database.connection().executemany(ADD_TALLY, rows)


def all_tallies(store: Store) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
    """Return every stored sum that isn't nothing, by its place."""
    rows = store.rows(SELECT_TALLIES)
    return {tuple(row[:5]): tuple(row[5:]) for row in rows if any(row[5:])}


def all_pieces(store: Store) -> Iterator[tuple[int, int, list[Standing]]]:
    """Yield ``(dossier_id, office_id, pieces)`` of every dossier that has some."""
    rows = store.execute(
        f"SELECT dossier_id, office_id, {_COLUMNS} FROM standing ORDER BY dossier_id, from_at"
    )
    yield from _grouped(rows)


def _grouped(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, int, list[Standing]]]:
    current: tuple[int, int] | None = None
    pieces: list[Standing] = []
    for row in rows:
        place = (row[0], row[1])
        if place != current:
            if current is not None:
                yield (*current, pieces)
            current, pieces = place, []
        pieces.append(_piece(row[2:]))
    if current is not None:
        yield (*current, pieces)


def forget_all(store: Store) -> None:
    """Take everything out, to be counted anew; part of the running transaction."""
    store.execute("DELETE FROM standing")
    store.execute("DELETE FROM tally")
