"""Start to painted window, and memory, against a bare PySide6 window; whole processes."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.bench import data
from tests.bench.report import Bench, Line, Unmeasured, at_most

_TIME_GOAL, _MEMORY_GOAL = 1.5, 1.6
_ROOT = Path(__file__).resolve().parents[2]


class Start(NamedTuple):
    """One start: seconds to the painted window and bytes held then."""

    seconds: float
    memory: int


def measure(bench: Bench) -> list[Line]:
    """Start both in turn; the first start of each warms the disk's cache and is left out."""
    source = data.file_of(bench.folder, bench.small, with_events=True, say=bench.say)
    path = data.copy_of(source, bench.folder, "start")
    store = data.open_file(path)
    store.close()
    bare, ours = [], []
    for number in range(bench.times(11, 4)):
        one = _start(["tests.bench.bare_window"])
        other = _start(["tests.bench.app_window", str(path.parent)])
        if number:
            bare.append(one)
            ours.append(other)
    shutil.rmtree(path.parent)
    floor = statistics.median(one.seconds for one in bare)
    seconds = statistics.median(one.seconds for one in ours)
    what = f"start to painted window, {bench.small:,} dossiers"
    lines = [at_most(what, seconds, floor, _TIME_GOAL, floor_name="bare PySide6 window")]
    if bare[0].memory:
        held = statistics.median(one.memory for one in ours)
        least = statistics.median(one.memory for one in bare)
        ratio = held / least
        lines.append(
            Line(
                "- memory then (RSS)",
                f"{held / 1e6:.0f} MB",
                f"{least / 1e6:.0f} MB bare PySide6 window",
                f"{ratio:.2f}×",
                f"≤ {_MEMORY_GOAL:g}×",
                ratio <= _MEMORY_GOAL,
            )
        )
    return lines


def _start(module: list[str]) -> Start:
    environment = {
        **os.environ,
        "COUNTER_APP_NOW": f"{data.NOW:%Y-%m-%dT%H:%M}",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if sys.platform == "linux" and not environment.get("COUNTER_APP_XVFB"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,  # the first end of all makes a copy of a large file
        check=False,
    )
    told = done.stdout.split()
    if done.returncode or len(told) != 2:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise Unmeasured(module[0].rpartition(".")[2], last)
    return Start(float(told[0]) - begun, int(told[1]))
