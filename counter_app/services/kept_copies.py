"""Which copies of the data a folder holds: asked at each start, so it loads nothing else."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counter_app.domain.copies import Order, copy_moment, copy_order

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the data."""

    path: Path
    made_at: datetime
    size: int

    @property
    def order(self) -> tuple[Order, datetime]:
        """Return what tells an earlier copy from a later one, whatever the clock said."""
        return copy_order(self.path.name), self.made_at


def copies(folder: Path) -> list[Copy]:
    """Return the copies in a folder, the last one made first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.glob("*.db"):
            made = copy_moment(path.name)
            if made is not None:
                found.append(Copy(path, made, path.stat().st_size))
    return sorted(found, key=lambda copy: copy.order, reverse=True)
