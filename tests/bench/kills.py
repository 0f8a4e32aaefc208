"""Kill −9 two hundred times, forty in the midst of each of five kinds of work."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from counter_app.bootstrap import open_app
from tests.bench.report import Bench, Line
from tests.faults.killing import Left, begin, begins, is_inside, kill, kills, look, works

_EACH = 40
_SAVE = "counter_app.services.reception:receive_dossier"
_LONGEST_SAVE = 0.008  # seconds; what lands after it is counted as outside
_MOST_SAVES = 6


def measure(bench: Bench) -> list[Line]:
    """Kill while saving, importing, migrating, backing up and restoring."""
    each = bench.times(_EACH, 2)
    chance = random.Random(20261127)
    with tempfile.TemporaryDirectory(dir=bench.folder) as place:
        lines = [_saves(Path(place) / "saves", each, chance)]
        for name, work in works(Path(place)).items():
            lines.append(_verb(kills(work, Path(place) / name, chance), name, each))
            bench.say(f"kills: {lines[-1].what}: {lines[-1].ours}")
    return lines


def _line(name: str, each: int, outside: int, told: str, wrong: Counter[str]) -> Line:
    words = f"{told}; {sum(wrong.values())} with something wrong"
    if wrong:
        words += " (" + "; ".join(f"{what}: {count}" for what, count in wrong.items()) + ")"
    words += f"; {outside} more landed before or after"
    return Line(f"kill −9, {each} in the midst of {name}", words, "", "", "none", not wrong)


def _verb(found: Iterator[Left], name: str, each: int) -> Line:
    states: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    outside = told = 0
    for left in found:
        wrong.update(left.wrong)
        told += left.is_told
        if left.is_inside:
            states[left.state if left.state in {"old", "new"} else "half of its steps"] += 1
        else:
            outside += 1
        if states.total() == each:
            break
    left_behind = ", ".join(f"{count} left the {state}" for state, count in sorted(states.items()))
    return _line(name, each, outside, f"{left_behind}; {told} were told to be done", wrong)


def _saves(folder: Path, each: int, chance: random.Random) -> Line:
    """Kill a process that saves without end; what it told must be there, each number once."""
    codes: list[str] = []
    forwarded: set[str] = set()
    wrong: Counter[str] = Counter()
    inside = outside = 0
    while inside < each:
        words = [str(folder), str(inside + outside)]
        process = begin(_SAVE, "tests.faults.saver", words)
        lines = []
        for _ in range(chance.randint(1, _MOST_SAVES)):
            lines += begins(process)
        time.sleep(chance.uniform(0, _LONGEST_SAVE))
        lines += kill(process)
        inside, outside = inside + is_inside(lines), outside + (not is_inside(lines))
        told = [line.decode().split() for line in lines]
        codes += [
            words[0] for words in told if words[0] not in {"begun", "ended"} and not words[1:]
        ]
        forwarded |= {words[0] for words in told if words[1:]}
        wrong.update(look(folder)[1])
    app = open_app(data=str(folder), environment={})
    known = dict(app.store.rows("SELECT code, status FROM dossier"))
    app.store.close()
    wrong.update(f"{code} lost" for code in codes if code not in known)
    wrong.update(f"{code} not forwarded" for code in forwarded if known[code] != "processing")
    wrong.update({"a number was given twice": len(codes) - len(set(codes))})
    return _line("saving", each, outside, f"{len(codes)} saves were told to be done", +wrong)
