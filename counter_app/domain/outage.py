"""The kit for an outage (bộ giấy mất điện): reserved numbers, and which day to promise by hand.

Everything the kit says is frozen when it is made, so that it can be printed again word for word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.moments import parse_moment, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counter_app.domain.calendar import Hours

MOST_NUMBERS = 200
_STEP = 60  # minutes between the moments that are tried, beside openings and cut-offs


class Stretch(NamedTuple):
    """A part of a day whose receipts are promised the same moment; minutes of the day."""

    first: int
    last: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One limit of the table: its words and, for each day, its stretches.

    Without stretches it runs by the clock from the very minute of receipt.
    """

    words: str
    is_doubtful: bool
    days: tuple[tuple[Stretch, ...], ...]


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """Which line of the table a procedure goes by; ``line`` counts from 1."""

    line: int
    code: str
    name: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageFacts:
    """What a kit says."""

    form_set: str
    wording_version: str
    place: str
    office_parent: str
    office_name: str
    office_title: str
    counter_name: str
    hotline: str
    is_rehearsal: bool
    code: str
    made_at: datetime
    numbers: tuple[str, ...]
    days: tuple[date, ...]
    lines: tuple[LimitLine, ...]
    procedures: tuple[ProcedureLine, ...]
    reprint_count: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        plain = {
            name: getattr(self, name)
            for name in (
                "form_set wording_version place office_parent office_name office_title "
                "counter_name hotline is_rehearsal code reprint_count"
            ).split()
        }
        lines = [
            {
                "words": line.words,
                "is_doubtful": line.is_doubtful,
                "days": [
                    [[part.first, part.last, to_json(part.due_at)] for part in day]
                    for day in line.days
                ],
            }
            for line in self.lines
        ]
        return plain | {
            "made_at": to_json(self.made_at),
            "numbers": list(self.numbers),
            "days": [day.isoformat() for day in self.days],
            "lines": lines,
            "procedures": [[p.line, p.code, p.name, p.is_doubtful] for p in self.procedures],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> OutageFacts:
        """Read what ``to_json`` wrote."""
        lines = tuple(
            LimitLine(
                line["words"],
                line["is_doubtful"],
                tuple(
                    tuple(Stretch(a, b, parse_moment(due)) for a, b, due in day)
                    for day in line["days"]
                ),
            )
            for line in data["lines"]
        )
        return cls(
            **data
            | {
                "made_at": parse_moment(data["made_at"]),
                "numbers": tuple(data["numbers"]),
                "days": tuple(date.fromisoformat(day) for day in data["days"]),
                "lines": lines,
                "procedures": tuple(ProcedureLine(*p) for p in data["procedures"]),
            }
        )


class ReservedFacts(NamedTuple):
    """One reserved number as the window lists it."""

    number: str
    state: str
    kit: str
    reserved_at: datetime
    dossier_uuid: str
    dossier_code: str
    reason: str
    changed_at: datetime
    officer: str


STATE_LABELS = {"open": "chưa dùng", "used": "đã dùng", "closed": "đã đóng"}


def stretches(
    day: date, hours: Hours, cutoff: int | None, due: Callable[[datetime], datetime]
) -> tuple[Stretch, ...]:
    """Part a day's opening hours by what a receipt then is promised.

    Args:
        day: the day of receipt.
        hours: when the desk takes dossiers.
        cutoff: the minute after which a receipt counts otherwise, if there is one.
        due: what the calendar answers for a moment of receipt.

    A limit in days is the same all day long; one in hours is asked every hour, and a receipt
    between two of them has the earlier promise, which is never later than the law's.
    """
    last = hours[-1].end - 1 if hours else 0  # the closing minute itself takes nothing in
    marks = {minute for s in hours for minute in range(s.start, s.end, _STEP)}
    if cutoff is not None and hours and hours[0].start <= cutoff < last:
        marks.add(cutoff + 1)  # strictly after
    found: list[Stretch] = []
    for minute in sorted(marks):
        moment = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        answer = due(moment)
        if found and found[-1].due_at == answer:
            continue
        if found:
            found[-1] = found[-1]._replace(last=minute - 1)
        found.append(Stretch(minute, last, answer))
    return tuple(found)


def stretch_words(part: Stretch, parts: Sequence[Stretch]) -> str:
    """Say which part of the day it is; nothing for a whole day.

    >>> due = datetime(2026, 11, 30, 17)
    >>> parts = (Stretch(450, 900, due), Stretch(901, 1020, due))
    >>> [stretch_words(part, parts) for part in parts]
    ['nhận đến 15:00', 'nhận sau 15:00']
    """
    if len(parts) == 1:
        return ""
    if part is parts[0]:
        return f"nhận đến {_clock(part.last)}"
    if part is parts[-1]:
        return f"nhận sau {_clock(part.first - 1)}"
    return f"nhận {_clock(part.first)} đến {_clock(part.last)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
