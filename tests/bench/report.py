"""What was measured, and the table of it."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from counter_app.atomic import flush_times


class Bench(NamedTuple):
    """What every measurement is told: where files lie, how much of everything."""

    folder: Path
    small: int
    large: int
    rounds: float
    say: Callable[[str], None]

    def times(self, full: int, least: int = 3) -> int:
        """Scale a number of repetitions for a quick run."""
        return max(least, int(full * self.rounds))


class Line(NamedTuple):
    """One line of the table; ``ok`` is None for what has no goal or could not be measured."""

    what: str
    ours: str
    against: str = ""
    ratio: str = ""
    goal: str = ""
    ok: bool | None = None


HEADINGS = ("measured", "ours", "floor or peer", "ratio", "goal", "")
_MARKS = {True: "pass", False: "**MISS**", None: ""}


def ms(seconds: float) -> str:
    """Write a time in milliseconds, with as many digits as mean something."""
    value = seconds * 1e3
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f} ms"


def at_most(what: str, ours: float, floor: float, limit: float, *, floor_name: str) -> Line:
    """Compare two times: ours may take ``limit`` times as long."""
    ratio = ours / floor
    against = f"{ms(floor)} {floor_name}"
    return Line(what, ms(ours), against, f"{ratio:.2f}×", f"≤ {limit:g}×", ratio <= limit)


def at_least(what: str, ours: float, peer: float, limit: float, *, peer_name: str) -> Line:
    """Compare two times: ours is to be ``limit`` times as quick as the peer's."""
    ratio = peer / ours
    against = f"{ms(peer)} {peer_name}"
    goal = f"≥ {limit:g}× quicker"
    return Line(what, ms(ours), against, f"{ratio:.0f}×", goal, ratio >= limit)


def below(what: str, ours: float, limit: float, note: str = "") -> Line:
    """Compare a time in seconds with a limit in seconds."""
    return Line(what, ms(ours), note, "", f"≤ {limit * 1e3:g} ms", ours <= limit)


def told(what: str, ours: str, note: str = "") -> Line:
    """Say something that has no goal."""
    return Line(what, ours, note)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def best_of(function: Callable[[], object], rounds: int) -> float:
    """Return the median time of several calls."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        function()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def fsync_time(folder: Path, rounds: int = 200) -> tuple[float, float]:
    """Return median and 99th percentile of overwriting 4 KB in place and flushing them."""
    times = flush_times(folder, rounds)
    return statistics.median(times), percentile(times, 0.99)


def machine() -> str:
    """Say on what the bench ran, without naming the machine."""
    from sqlcipher3 import dbapi2

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {dbapi2.sqlite_version}"
    )


def as_text(lines: Sequence[Line]) -> str:
    """Lay the table out for a terminal."""
    rows = [HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def as_markdown(lines: Sequence[Line]) -> str:
    """Lay the table out for a document."""
    rule = "|".join(["---"] * len(HEADINGS))
    body = "\n".join("| " + " | ".join(_cells(line)) + " |" for line in lines)
    return f"| {' | '.join(HEADINGS)} |\n|{rule}|\n{body}\n"


def _cells(line: Line) -> tuple[str, ...]:
    return (line.what, line.ours, line.against, line.ratio, line.goal, _MARKS[line.ok])


class Unmeasured(Exception):
    """Something that can't be measured here, and why."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(why)
        self.line = Line(what, "not measured", why)
