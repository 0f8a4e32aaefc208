"""Read a list as an import does and tell what that added to the memory of this process.

Run as ``python -m tests.bench.list_memory FILE``; prints the rows and the megabytes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

from counter_app.services import lists


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
