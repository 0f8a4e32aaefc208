"""How often encrypted data were tried in vain, kept beside them until somebody opens them.

Nothing of the data can be written while they are locked, and whoever tries can start the program
anew: the count lies in a small file that the next opening reads into the log.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import NamedTuple

from counter_app.atomic import write_atomically
from counter_app.errors import UserError

NAME = "mo-khoa-sai.json"
# What this process has counted itself: a folder that can't be written, or whose file is deleted
# meanwhile, gives nobody a further try here.
_counted: dict[Path, FailedUnlocks] = {}


class FailedUnlocks(NamedTuple):
    """How many in a row, and when the last one was (Unix seconds)."""

    number: int = 0
    last_at: int = 0


def read(folder: Path) -> FailedUnlocks:
    """Return what was tried in vain since the data were last opened; none if nobody can tell."""
    return max(_read(folder), _counted.get(folder, FailedUnlocks()))


def _read(folder: Path) -> FailedUnlocks:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads((folder / NAME).read_text("ascii"))
        return FailedUnlocks(int(told["number"]), int(told["last_at"]))
    return FailedUnlocks()


def add(folder: Path, *, at: int) -> FailedUnlocks:
    """Count one more; a folder that can't be written keeps nobody from the next try."""
    found = _counted[folder] = FailedUnlocks(read(folder).number + 1, at)
    with contextlib.suppress(UserError, OSError):
        write_atomically(folder / NAME, json.dumps(found._asdict()).encode())
    return found


def forget(folder: Path) -> None:
    """Begin to count anew, now that the log tells of it."""
    _counted.pop(folder, None)
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)
