"""Copies of the data: their names, where they lie, what going back to one would lose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"sao-luu-(\d{8}-\d{6})\.db", re.ASCII)
_FORM = "%Y%m%d-%H%M%S"


def copy_name(moment: datetime) -> str:
    """Return the name of a copy made at this moment.

    >>> copy_name(datetime(2026, 11, 27, 16, 30))
    'sao-luu-20261127-163000.db'
    """
    return f"sao-luu-{moment:{_FORM}}.db"


def copy_moment(name: str) -> datetime | None:
    """Return when a copy was made by its name, None for any other file.

    >>> copy_moment("sao-luu-20261127-163000.db")
    datetime.datetime(2026, 11, 27, 16, 30)
    >>> copy_moment("truoc-khoi-phuc-20261127-163000.db")
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _FORM)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the data."""

    path: Path
    made_at: datetime
    size: int


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
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LostDossier:
    """A dossier that going back would take from, and how many of its events."""

    code: str
    applicant_name: str
    last_at: datetime
    events: int
    is_whole: bool  # the copy doesn't know the dossier at all


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
