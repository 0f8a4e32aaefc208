"""Run the bench: ``python -m tests.bench --help``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if sys.platform == "linux" and os.environ.get("COUNTER_APP_XVFB") != "1":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tests.bench import (
    blocking,
    boarding,
    cipher,
    copies,
    deadlines,
    faults,
    kills,
    lists,
    paging,
    papers,
    receiving,
    report,
    reporting,
    searching,
    start,
)
from tests.bench.report import Bench, Line, Unmeasured

# The bench's folders are made again under the same names: an anchor of the one before would call
# the next one damaged, and its window would wait for somebody to read that.
_anchors = tempfile.TemporaryDirectory(prefix="counter-app-bench-")
os.environ["XDG_STATE_HOME"] = _anchors.name

MEASUREMENTS: dict[str, Callable[[Bench], list[Line]]] = {
    "start": start.measure,
    "receiving": receiving.measure,
    "paging": paging.measure,
    "searching": searching.measure,
    "boarding": boarding.measure,
    "cipher": cipher.measure,
    "papers": papers.measure,
    "deadlines": deadlines.measure,
    "reporting": reporting.measure,
    "faults": faults.measure,
    "kills": kills.measure,
    "copies": copies.measure,
    "lists": lists.measure,
    "blocking": blocking.measure,
}
_RESULTS = Path(__file__).with_name("RESULTS.md")
_FULL = (200_000, 1_000_000, 1.0)
_QUICK = (20_000, 50_000, 0.15)


def main() -> int:
    """Measure what was asked for, print the table and write it down; 1 when a goal is missed."""
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    small, large, rounds = _QUICK if options.quick else _FULL
    bench = Bench(folder, small, large, rounds, _say)
    lines: list[Line] = []
    for name in options.only or MEASUREMENTS:
        begun = time.perf_counter()
        try:
            found = MEASUREMENTS[name](bench)
        except Unmeasured as reason:
            found = [reason.line]
        lines += found
        _say(f"{name}: {time.perf_counter() - begun:.0f} s")
    sync = report.fsync_time(folder)
    head = (
        f"{report.machine()}. Writing 4 KB and flushing it to this disk (fdatasync): median "
        f"{report.ms(sync[0])}, p99 {report.ms(sync[1])}; a durable save can't be quicker."
    )
    print(f"\n{head}\n\n{report.as_text(lines)}")
    missed = [line.what for line in lines if line.ok is False]
    print(f"\n{len(missed)} missed" + "".join(f"\n- {what}" for what in missed))
    if not options.quick and not options.only:
        _write(head, lines)
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--folder",
        default=str(Path(tempfile.gettempdir()) / "counter-app-bench"),
        help="where the made files are kept; about 3 GB on the disk that is to be measured",
    )
    parser.add_argument("--quick", action="store_true", help="small files: to see that it runs")
    parser.add_argument(
        "--only", nargs="+", choices=MEASUREMENTS, help="some of it; writes nothing"
    )
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _write(head: str, lines: list[Line]) -> None:
    _RESULTS.write_text(
        f"# What the bench found\n\nWritten by `python -m tests.bench`. {head}\n\n"
        f"{report.as_markdown(lines)}",
        "utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
