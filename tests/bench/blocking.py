"""How long the real window can't answer a key while a clerk works with it, act by act."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench import data
from tests.bench.report import Bench, Line, Unmeasured, below, ms

_LONGEST = 0.050
_ROOT = Path(__file__).resolve().parents[2]
_SCREEN = _ROOT / "tests" / "ui" / "small_screen.json"
Found = dict[str, tuple[float, float]]
# The acts that make one line, by how their names begin.
_OF_A_DAY = {
    "the program's start, after its first paint": "after the start",
    "a page's first opening": "first opening",
    "a page's second opening": "second opening",
    "a key in reception, and saving": "reception",
    "a filter, a search, an opened dossier": "list",
    "today's figures and the board counted anew": "counting anew",
    "another report": "another report",
    "a group of the settings": "settings",
    "a window over the page": "window",
}


def measure(bench: Bench) -> list[Line]:
    """Walk through the window on a file with histories, then through a list of the large one."""
    small = data.file_of(bench.folder, bench.small, with_events=True, say=bench.say)
    large = data.file_of(bench.folder, bench.large, with_events=False, say=bench.say)
    rounds = bench.times(3, 1)
    day = _walk(bench, small, "day", rounds)
    lines = [_line(f"{what}, {bench.small:,}", day, start) for what, start in _OF_A_DAY.items()]
    hurried = _walk(bench, small, "hurried", rounds)
    lines.append(_line("a page opened at once after the start", hurried, "opening at once"))
    rows = _walk(bench, large, "rows", rounds)
    lines.append(_line(f"a turn of the wheel over {bench.large:,} rows", rows, "list: a turn"))
    lines.append(_line(f"a filter, a search, {bench.large:,}", rows, "list"))
    return lines


def _line(what: str, found: Found, start: str) -> Line:
    """Tell the longest of some acts; all of them have the goal."""
    acts = {name: times for name, times in found.items() if name.startswith(start)}
    if not acts:
        raise AssertionError(f"nothing was done that begins with “{start}”")
    name, (elapsed, used) = max(acts.items(), key=lambda act: act[1][1])
    which = name.removeprefix(start).strip(": ")
    words = f"longest of {len(acts)}: {which}; " if which else ""
    return below(what, used, _LONGEST, f"{words}{ms(elapsed)} by the clock")


def _walk(bench: Bench, source: Path, walk: str, rounds: int) -> Found:
    """Walk some times; of each act the least is kept, since other programs only add to it."""
    found: Found = {}
    for _ in range(rounds):
        path = data.copy_of(source, bench.folder, "blocking")
        for name, (elapsed, used) in _run(path.parent, walk).items():
            known = found.get(name, (elapsed, used))
            found[name] = (min(known[0], elapsed), min(known[1], used))
        shutil.rmtree(path.parent)
    return found


def _run(folder: Path, walk: str) -> Found:
    notes = folder / "notes.json"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    if environment.get("QT_QPA_PLATFORM") == "offscreen":
        environment["QT_QPA_PLATFORM"] = f"offscreen:configfile={_SCREEN}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.walked_window", str(folder), str(notes), walk],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode or not notes.exists():
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Unmeasured(f"hold-ups of the window, {walk}", last)
    told = json.loads(notes.read_text("utf-8"))
    return {name: (float(elapsed), float(used)) for name, (elapsed, used) in told.items()}
