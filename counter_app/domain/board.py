"""What the head of an office sees in one look (bảng điều hành): load, risk and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.words import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

# The columns of the load, each a figure with its list.
LOAD_FIGURES = ("late", "today", "tomorrow", "week", "paused")


class Load(NamedTuple):
    """What one officer of one unit has before them; all open dossiers of the office's own."""

    unit: str
    officer: str
    late: int = 0
    today: int = 0
    tomorrow: int = 0
    week: int = 0
    paused: int = 0
    total: int = 0

    def of(self, figure: str) -> int:
        """Return one column by its name."""
        return int(getattr(self, figure))


class Days(NamedTuple):
    """The days that the columns speak of, as the database numbers them."""

    today: int
    tomorrow: int
    week_end: int


class SlowStep(NamedTuple):
    """A step that has taken longer than it may, or a hand-over that nobody has taken over."""

    dossier_id: int
    code: str
    applicant_name: str
    what: str
    who: str
    since: int


class Waiting(NamedTuple):
    """A result that waits for collection, and since when."""

    dossier_id: int
    code: str
    applicant_name: str
    procedure_name: str
    phone: str
    since: int


class BoardFacts(NamedTuple):
    """The board at one moment."""

    at: datetime
    tomorrow: date
    week_end: date
    loads: tuple[Load, ...]
    total: Load
    ahead: tuple[tuple[date, int], ...]
    slow_steps: tuple[SlowStep, ...]
    unaccepted: tuple[SlowStep, ...]
    unaccepted_count: int
    waiting: tuple[Waiting, ...]
    waiting_count: int
    apologies_owed: int
    apologies_sent: int
    should_have_left: int
    reserved_open: int


def add_up(rows: Iterable[tuple[int, int, str, str, int]], days: Days) -> list[Load]:
    """Add ``(due_day, marked, unit, officer, number)`` up by unit and officer, most pressing first.

    A dossier without a due day is paused. One that is marked late and has a new due day ahead
    counts in both columns: it is late for good, and it is due.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for due_day, marked, unit, officer, number in rows:
        counts = found.setdefault((unit, officer), [0] * 6)
        is_dated = due_day >= 0
        for place, holds in enumerate(
            (
                marked or (is_dated and due_day < days.today),
                due_day == days.today,
                due_day == days.tomorrow,
                days.today <= due_day <= days.week_end,
                not is_dated,
                True,
            )
        ):
            counts[place] += number if holds else 0
    loads = [Load(unit, officer, *counts) for (unit, officer), counts in found.items()]
    return sorted(
        loads, key=lambda load: (-load.late, -load.today, -load.week, load.unit, load.officer)
    )


def total_of(loads: Iterable[Load]) -> Load:
    """Return the line under the others."""
    sums = [0] * 6
    for load in loads:
        sums = [have + more for have, more in zip(sums, load[2:], strict=True)]
    return Load("", "", *sums)


def alert(*, due_count: int, until: str, late_count: int, is_open: bool) -> str:
    """Return the quiet line of the day, empty outside opening hours and when nothing presses.

    >>> alert(due_count=3, until="11:30", late_count=0, is_open=True)
    '3 hồ sơ đến hạn trước 11:30'
    """
    if not is_open:
        return ""
    told = []
    if due_count:
        told.append(f"{format_number(due_count)} hồ sơ đến hạn trước {until}")
    if late_count:
        told.append(f"{format_number(late_count)} hồ sơ quá giờ phải chuyển")
    return ", ".join(told)
