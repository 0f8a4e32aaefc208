"""Monthly sums of pieces of lives: signed, so that they answer for the end of any month.

Each piece adds where it begins to count and takes away where it ceases to. A sum stands under the
month it is ``about`` (when the dossier came in, or ended) and the ``month`` since which it is so:
what is counted at the end of a month is all that stands there up to it, and a verdict that
changes later doesn't change what was counted before.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING

from counter_app.domain.moments import epoch_day
from counter_app.domain.standings import ELSEWHERE, FOREVER, OPEN_KIND, RESOLVED
from counter_app.domain.timeliness import Boundary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counter_app.domain.standings import Side, Standing

    # dimension, about, key, office, month -> the measures in their order
    Place = tuple[str, int, str, int, int]
    Tallies = dict[Place, list[int]]
    # Measures that count one from a moment to another, about a month; without it, about those of
    # the moments.
    _Span = tuple[list[str], int | None, int, int]

DIMENSIONS = ("channel", "procedure", "officer")
SEPARATOR = "\x1f"  # between a sector and a procedure's code
_DAY, _SHIFT = 86_400, 7 * 3600
_MONTHS = 12


def month_number(day: date) -> int:
    """Return a month as one number that counts on from year to year."""
    return day.year * _MONTHS + day.month - 1


def first_day(month: int) -> date:
    """Return the first day of a month number."""
    return date(month // _MONTHS, month % _MONTHS + 1, 1)


def passed_at(due_at: int, boundary: str) -> int:
    """Return the first moment that lies after a due moment, by day or by minute."""
    if boundary == Boundary.MINUTE:
        return due_at + 60
    return ((due_at + _SHIFT) // _DAY + 1) * _DAY - _SHIFT


@lru_cache(maxsize=16)
def _places(measures: tuple[str, ...]) -> dict[str, int]:
    """Return where each measure stands; the same ones are counted at each save."""
    return {name: place for place, name in enumerate(measures)}


@lru_cache(maxsize=4096)
def _month_of(day: int) -> int:
    return month_number(epoch_day(day * _DAY - _SHIFT))


def _month_at(moment: int) -> int:
    return _month_of((moment + _SHIFT) // _DAY)


class Counter:
    """Adds pieces up; ``measures`` is the order of the columns."""

    def __init__(self, measures: tuple[str, ...], boundary: str) -> None:
        self._place = _places(measures)
        self._width = len(measures)
        self._boundary = boundary
        self.sums: Tallies = {}

    def add(self, office_id: int, pieces: Iterable[Standing], sign: int = 1) -> None:
        """Add, or with a negative sign take away, some pieces of a life."""
        for piece in pieces:
            if piece.kind != ELSEWHERE:
                self._add(office_id, piece, sign)

    def _add(self, office_id: int, piece: Standing, sign: int) -> None:
        keys = (piece.channel, f"{piece.sector}{SEPARATOR}{piece.procedure_code}", piece.officer)
        start, end = piece.from_at, piece.until_at
        if end < FOREVER and _month_at(start) == _month_at(end):
            return  # seen at no month's end
        spans: list[_Span] = [(_entered(piece), _month_at(piece.entered_at), start, end)]
        if piece.ended_at is not None:
            spans.append((_ended(piece), _month_at(piece.ended_at), start, end))
        elif piece.kind == OPEN_KIND:
            spans += self._open("", piece.by_due, start, end)
            spans += self._open("legal_", piece.by_legal, start, end)
        counted = self._count(spans, sign)
        for dimension, key in zip(DIMENSIONS, keys, strict=True):
            for (about, month), values in counted.items():
                self._put((dimension, about, key, office_id, month), values)

    def _open(self, prefix: str, side: Side, start: int, end: int) -> list[_Span]:
        passed = FOREVER if side.due_at is None else passed_at(side.due_at, self._boundary)
        late = start if side.marked or passed < start else passed
        spans: list[_Span] = []
        if late < end:
            spans.append(([f"{prefix}late_open"], None, late, end))
        if side.earlier and start < passed:
            spans.append(([f"{prefix}earlier_open"], None, start, min(passed, end)))
        return spans

    def _count(self, spans: Iterable[_Span], sign: int) -> dict[tuple[int, int], list[int]]:
        """Add spans up by month; every dimension counts the same."""
        counted: dict[tuple[int, int], list[int]] = {}
        for names, about, start, end in spans:
            for moment, amount in ((start, sign), (end, -sign)):
                if moment >= FOREVER:
                    continue
                month = _month_at(moment)
                place = (month if about is None else about, month)
                values = counted.get(place)
                if values is None:
                    values = counted[place] = [0] * self._width
                for name in names:
                    values[self._place[name]] += amount
        return counted

    def _put(self, place: Place, values: list[int]) -> None:
        known = self.sums.get(place)
        self.sums[place] = values if known is None else list(map(add, known, values))


def _entered(piece: Standing) -> list[str]:
    names = ["online" if piece.channel == "online" else "other"]
    if piece.digitised_input:
        names.append("digitised_input")
    return names


def _ended(piece: Standing) -> list[str]:
    names = []
    for prefix, side in (("", piece.by_due), ("legal_", piece.by_legal)):
        if piece.kind == RESOLVED and side.verdict:
            names.append(prefix + side.verdict)
        if side.earlier:
            names.append(prefix + "earlier")
        if side.closed_late:
            names.append(prefix + "closed_late")
    if piece.kind == RESOLVED:
        flags = ("digitised_output", "surveyed", "satisfied")
        names += [name for name in flags if getattr(piece, name)]
    else:
        names.append(piece.kind)
    return names
