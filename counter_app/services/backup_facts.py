"""What is told of copies: where they lie, what going back to one would lose, what a drill found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from counter_app.services.kept_copies import Copy as Copy  # noqa: PLC0414 - named with the others

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from counter_app.errors import LockedError
    from counter_app.services.salvage import SalvageReport
    from counter_app.services.unlocks import Locked


@dataclass(frozen=True, slots=True)
class BackupPlace:
    """A second place for copies: a folder or a stick, there or not, and what it holds."""

    path: Path
    is_there: bool
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """What came of one round of copies: the copy here, and what could not be reached."""

    made: Path
    missing: tuple[Path, ...]
    problems: tuple[str, ...]  # the damage first
    damage: tuple[str, ...] = ()  # of the data in the copy; for it no older copy goes


@dataclass(frozen=True, slots=True)
class LostDossier:
    """A dossier that going back would take from, and how many of its events."""

    code: str
    applicant_name: str
    last_at: datetime
    events: int
    is_whole: bool  # the copy doesn't know the dossier at all


class Lies(Enum):
    """How a copy lies beside the data that are in use, which keep their key whatever comes."""

    ALIKE = "alike"
    OTHER_KEY = "other key"
    PLAIN = "plain"  # and the data are encrypted
    SEALED = "sealed"  # and the data are plain


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What going back to a copy would do, told before anything is done."""

    made_at: datetime | None
    present_dossiers: int
    copy_dossiers: int
    lost_events: int
    lost: tuple[LostDossier, ...]
    lost_count: int  # dossiers in all; the list may be shorter
    found_events: int  # events that the copy holds and the present data don't
    office: str
    is_ours: bool  # the copy is of this desk
    lies: Lies

    @property
    def loses_nothing(self) -> bool:
        """Say whether the copy holds everything that was saved."""
        return not self.lost_events


@dataclass(frozen=True, slots=True)
class Drill:
    """What a rehearsal of going back found; nothing was touched."""

    path: Path
    dossiers: int
    events: int
    last_at: datetime | None
    seconds: float
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Say whether the copy could take the place of the data."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class RescueCalls:
    """What can be done with a damaged file before there is a window."""

    copies: Callable[[], Sequence[Copy]]
    restore: Callable[[Path], Path]
    salvage: Callable[[], SalvageReport]
    locked: Callable[[LockedError], Locked]
