"""Read a list as an import does and tell what that added to the memory of this process.

Run as ``python -m tests.bench.list_memory FILE``; prints the rows and the megabytes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from counter_app.services import lists


def _most() -> float:
    """Return the most megabytes that this program had at once.

    Not ``getrusage``: what the process had before it became this program counts there, and a
    parent larger than the list's reading would hide all of it.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    msg = "the system doesn't tell the most memory of a process"
    raise OSError(msg)


def main(path: Path) -> None:
    """Read the file to its end, the rows put aside."""
    before, rows = _most(), 0
    with tempfile.TemporaryDirectory() as folder, lists.RowsAside(Path(folder)) as aside:
        for parsed in lists.read_list(path):
            aside.add(parsed)
        rows = sum(1 for _ in aside)
    sys.stdout.write(f"{rows} {_most() - before:.1f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
