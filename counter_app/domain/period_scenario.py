"""A published period (một kỳ đã công bố) as data: totals of offices, from which lives are drawn.

The file says how many came in where and what became of them; which dossier it happened to, when
and to whom is drawn by its seed, the same each time. The format is described in
resources/demo/README.md; filling a folder from it is a service's work.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from counter_app.domain.cells import (
    Entry,
    read_date,
    read_number,
    read_object,
    read_objects,
    read_text,
)
from counter_app.domain.cells import read_list as read_words
from counter_app.errors import InputError

FORMAT = "counter-app-period/1"
EARLY, ON_TIME, LATE, PENDING = "early", "on_time", "late", "pending"


class PeriodOffice(NamedTuple):
    """One office (bộ phận một cửa) of the period, with its desk and its people."""

    name: str
    parent: str
    agency_code: str
    counter: str
    counter_number: int
    level: str
    clerk: str
    officer: str
    unit: str
    online: int
    offline: int


class PeriodProcedure(NamedTuple):
    """A procedure of a level, how often it is asked for, and its limit then."""

    code: str
    limit: str
    weight: int
    level: str


class Draw(Protocol):
    """What lives are drawn with: a seeded generator."""

    def random(self) -> float:
        """Return a number from 0 to 1."""

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Put a list into a drawn order."""

    def choice(self, seq: Sequence[str]) -> str:
        """Return one of some words."""

    def choices(
        self, population: Sequence[PeriodProcedure], weights: Sequence[float]
    ) -> list[PeriodProcedure]:
        """Return one of some procedures, the weightier the likelier."""


class Life(NamedTuple):
    """What is to become of one dossier."""

    office: PeriodOffice
    procedure: PeriodProcedure
    is_online: bool
    outcome: str
    applicant: str
    place: float  # where in the period it comes in, 0 to 1
    haste: float  # where between receipt and due day it is done, 0 to 1
    is_digitised: bool
    has_result_file: bool
    has_slip: bool


@dataclass(frozen=True, slots=True)
class PeriodScenario:
    """A period as it was published, and what was invented around it."""

    name: str
    about: str
    source: str
    invented: tuple[str, ...]
    first: date
    last: date
    seed: int
    decision: str
    late_reason: str
    signer: str
    outcomes: Mapping[str, int]
    procedures: tuple[PeriodProcedure, ...]
    people: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    offices: tuple[PeriodOffice, ...]

    def lives(self, draw: Draw) -> list[Life]:
        """Draw the dossiers of all offices; ``draw`` begins with the file's seed."""
        total = sum(one.online + one.offline for one in self.offices)
        outcomes = [EARLY] * total
        ends = [name for name in (ON_TIME, LATE, PENDING) for _ in range(self.outcomes[name])]
        outcomes[: len(ends)] = ends
        draw.shuffle(outcomes)
        resolved = total - self.outcomes[PENDING]
        offline = sum(one.offline for one in self.offices)
        scanned = _drawn(draw, offline, self.outcomes["digitised_input"] - (total - offline))
        results = _drawn(draw, resolved, self.outcomes["digitised_output"])
        slips = _drawn(draw, resolved, self.outcomes["surveys"])
        found = []
        for office in self.offices:
            known = [p for p in self.procedures if p.level == office.level]
            weights = [p.weight for p in known]
            for number in range(office.online + office.offline):
                is_online = number < office.online
                outcome = outcomes.pop()
                is_resolved = outcome != PENDING
                found.append(
                    Life(
                        office=office,
                        procedure=draw.choices(known, weights)[0],
                        is_online=is_online,
                        outcome=outcome,
                        applicant=" ".join(draw.choice(part) for part in self.people),
                        place=draw.random(),
                        haste=draw.random(),
                        is_digitised=is_online or scanned.pop(),
                        has_result_file=is_resolved and results.pop(),
                        has_slip=is_resolved and slips.pop(),
                    )
                )
        return found


def _drawn(draw: Draw, total: int, marked: int) -> list[bool]:
    """Return marks of which so many are set, in a drawn order."""
    marks = [True] * marked + [False] * (total - marked)
    draw.shuffle(marks)
    return marks


_OUTCOMES = (ON_TIME, LATE, PENDING, "digitised_input", "digitised_output", "surveys")


def parse_period(data: Mapping[str, Any]) -> PeriodScenario:
    """Read a published period and check that its numbers can be told.

    Raises:
        InputError: something is missing or doesn't fit together.
    """
    root = Entry("Kịch bản", data)
    if read_text(root, "format") != FORMAT:
        raise root.error("format", f"phải là {FORMAT}")
    outcomes = read_object(root, "outcomes", short=ON_TIME)
    late = read_object(root, "late", short="reason")
    people = read_object(root, "people", short="family")
    first, last = read_date(root, "from"), read_date(root, "to")
    if outcomes is None or late is None or people is None or first is None or last is None:
        raise root.error("outcomes", "thiếu kỳ, kết quả hoặc tên người")
    found = PeriodScenario(
        name=read_text(root, "name", required=True),
        about=read_text(root, "about"),
        source=read_text(root, "source", required=True),
        invented=read_words(root, "invented"),
        first=first,
        last=last,
        seed=read_number(root, "seed") or 0,
        decision=read_text(root, "decision", required=True),
        late_reason=read_text(late, "reason", required=True),
        signer=read_text(late, "signer", required=True),
        outcomes={name: read_number(outcomes, name) or 0 for name in _OUTCOMES},
        procedures=tuple(_procedure(part) for part in read_objects(root, "procedures")),
        people=(
            read_words(people, "family"),
            read_words(people, "middle"),
            read_words(people, "given"),
        ),
        offices=tuple(_office(part) for part in read_objects(root, "offices")),
    )
    _check(found)
    return found


def _office(part: Entry) -> PeriodOffice:
    def text(name: str) -> str:
        return read_text(part, name, required=True)

    return PeriodOffice(
        name=text("name"),
        parent=text("parent"),
        agency_code=text("agency_code"),
        counter=text("counter"),
        counter_number=read_number(part, "counter_number") or 1,
        level=text("level"),
        clerk=text("clerk"),
        officer=text("officer"),
        unit=text("unit"),
        online=read_number(part, "online") or 0,
        offline=read_number(part, "offline") or 0,
    )


def _procedure(part: Entry) -> PeriodProcedure:
    return PeriodProcedure(
        read_text(part, "code", required=True),
        read_text(part, "limit", required=True),
        read_number(part, "weight") or 1,
        read_text(part, "level", required=True),
    )


def _check(found: PeriodScenario) -> None:
    total = sum(one.online + one.offline for one in found.offices)
    online = sum(one.online for one in found.offices)
    numbers = found.outcomes
    resolved = total - numbers[PENDING]
    fits = (
        numbers[ON_TIME] + numbers[LATE] <= resolved
        and online <= numbers["digitised_input"] <= total
        and numbers["digitised_output"] <= resolved
        and numbers["surveys"] <= resolved
        and all(any(p.level == o.level for p in found.procedures) for o in found.offices)
    )
    if not fits:
        raise InputError("Kịch bản: các con số không khớp nhau.", field="outcomes")
