"""Sticks that are plugged in, and the bundles in a folder, those still being copied told apart."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from counter_app.sync.sealing import is_sealed

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOUNTS = Path("/proc/self/mounts")
_STICK_KINDS = frozenset({"vfat", "exfat", "ntfs", "ntfs3", "fuseblk", "msdos"})
_STICK_FOLDERS = ("/media/", "/run/media/", "/mnt/")
_NO_STICKS = ("/boot", "/efi")
_REMOVABLE = 2  # Windows' word for a drive that can be pulled
_MOST_FILES = 500


class FileMark(NamedTuple):
    """By what a file is known to be unchanged since it was last looked at."""

    size: int
    changed: int


class FoundBundle(NamedTuple):
    """A file that looks like a bundle; ``is_settled`` once nothing is being written to it."""

    path: Path
    mark: FileMark
    is_settled: bool


def removable_places(mounts: str | None = None) -> list[Path]:
    """Return where sticks are mounted now; ``mounts`` is the system's list of them."""
    if mounts is None and sys.platform == "win32":
        return _windows_drives()
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text("utf-8", "replace")
        except OSError:
            return sorted(Path("/Volumes").glob("*"))  # macOS has no list of mounts
    found = []
    for line in mounts.splitlines():
        words = line.split(" ")
        if len(words) < 3:  # noqa: PLR2004 - device, place, kind
            continue
        place = words[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        # What hangs there without a device behind it, a file system of the memory say, is no stick.
        hangs_there = place.startswith(_STICK_FOLDERS) and words[0].startswith("/dev/")
        if (words[2] in _STICK_KINDS or hangs_there) and not place.startswith(_NO_STICKS):
            found.append(Path(place))
    return sorted(set(found))


def _windows_drives() -> list[Path]:
    if sys.platform == "win32":
        import ctypes

        held = ctypes.windll.kernel32.GetLogicalDrives()
        kind = ctypes.windll.kernel32.GetDriveTypeW
        drives = [f"{chr(65 + place)}:\\" for place in range(26) if held >> place & 1]
        return [Path(drive) for drive in drives if kind(drive) == _REMOVABLE]
    return []


def bundles_in(folder: Path, before: Mapping[Path, FileMark]) -> list[FoundBundle]:
    """Return the bundles of a folder, newest first.

    A file is settled once two looks found the same size and time of change and, if it is an open
    zip, its end is there: what is half copied has no end yet. Temporary names are passed over.

    Args:
        folder: a stick or a shared folder; one that is gone holds nothing.
        before: what the look before found.
    """
    found = []
    for path in _zips(folder):
        try:
            told = path.stat()
            mark = FileMark(told.st_size, told.st_mtime_ns)
            with path.open("rb") as stream:
                is_whole = is_sealed(stream) or zipfile.is_zipfile(stream)
        except OSError:  # pulled or removed between the two glances
            continue
        found.append(FoundBundle(path, mark, is_whole and before.get(path) == mark))
    return sorted(found, key=lambda one: (-one.mark.changed, one.path.name))


def _zips(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.name.lower().endswith(".zip")
                and not entry.name.startswith((".", "~"))
                and entry.is_file()
            )
    except OSError:
        return []
    return [folder / name for name in names[:_MOST_FILES]]
