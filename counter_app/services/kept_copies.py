"""Which copies of the data a folder holds: asked at each start, so it loads nothing else."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_app.domain.copies import copy_moment

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the data."""

    path: Path
    made_at: datetime
    size: int


def copies(folder: Path) -> list[Copy]:
    """Return the copies in a folder, newest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.glob("*.db"):
            made = copy_moment(path.name)
            if made is not None:
                found.append(Copy(path, made, path.stat().st_size))
    return sorted(found, key=lambda copy: copy.made_at, reverse=True)
