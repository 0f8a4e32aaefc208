"""Attached files that go along in a bundle, by an explicit choice, and are kept where they arrive.

Without that choice only their facts travel. A file goes with the events that name it, and for a
week after it was attached: bundles without files may have gone before. One that isn't here, or was
changed from outside, is left out and counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.errors import BundleError, DataFileError, InputError, UserError
from counter_app.services import erased_files, kept_files
from counter_app.sync.bundle import LARGEST_SCANS, Scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from counter_app.services.erased_files import File
    from counter_app.storage.database import Store
    from counter_app.sync.bundle import Bundle

_ATTACHED = (
    "SELECT body FROM event WHERE origin = ? AND epoch = ? AND sequence BETWEEN ? AND ? "
    "AND kind = ? ORDER BY sequence"
)
_RECENT = "SELECT body FROM event WHERE kind = ? AND recorded_at > ? ORDER BY id"
_RECENT_SECONDS = 7 * 86_400
_MEGABYTE = 1_000_000


class ScanSum(NamedTuple):
    """How many attached files could go along and how large they are; ``away`` lie elsewhere."""

    files: int
    size: int
    away: int

    @property
    def megabytes(self) -> str:
        """Their size in words, with a decimal comma."""
        return f"{self.size / _MEGABYTE:.1f}".replace(".", ",")


def named_in(store: Store, ranges: Mapping[str, list[int]], now: int) -> list[File]:
    """Return the files that these links of chains name, and those attached within a week."""
    found: dict[File, None] = {}
    for chain, (first, last) in sorted(ranges.items()):
        origin, _, epoch = chain.rpartition("/")
        for (text,) in store.rows(_ATTACHED, (origin, int(epoch), first, last, Move.ATTACH.value)):
            found.update(dict.fromkeys(sorted(erased_files.named_in(json.loads(text)))))
    for (text,) in store.rows(_RECENT, (Move.ATTACH.value, now - _RECENT_SECONDS)):
        found.update(dict.fromkeys(sorted(erased_files.named_in(json.loads(text)))))
    return list(found)


def summed(store: Store, ranges: Mapping[str, list[int]], now: int) -> ScanSum:
    """Say what would go along with these links of chains, before anything is written."""
    count = size = away = 0
    for path in (_place(store, file) for file in named_in(store, ranges, now)):
        if path is None:
            away += 1
        else:
            count, size = count + 1, size + path.stat().st_size
    return ScanSum(count, size, away)


def check_size(told: ScanSum) -> None:
    """Refuse more than a bundle takes.

    Raises:
        InputError: nothing was written.
    """
    if told.size > LARGEST_SCANS:
        raise InputError(
            f"{told.files} tệp đính kèm nặng {told.megabytes} MB, một gói chỉ kèm được "
            f"{LARGEST_SCANS // _MEGABYTE} MB. Chưa xuất gì. Xuất gói không kèm tệp; cần xem bản "
            "quét thì mở ở quầy đã đính kèm.",
            field="files",
        )


def packed(store: Store, ranges: Mapping[str, list[int]], now: int) -> Iterator[Scan]:
    """Yield the files as they travel, each read whole and compared with its hash."""
    for sha256, kind in named_in(store, ranges, now):
        path = _place(store, (sha256, kind))
        if path is None:
            continue
        try:
            data = kept_files.read(path, (store.key, *store.keys.known())).data
        except (OSError, DataFileError):
            continue  # the checks name it; its facts travel all the same
        if hashlib.sha256(data).hexdigest() == sha256:
            yield Scan(sha256, kind, data)


def missing(store: Store, bundle: Bundle) -> int:
    """Return how many of the files that came along a dossier here names and aren't here yet."""
    wanted = erased_files.held(store, set(bundle.scan_names()))
    return sum(_place(store, file) is None for file in wanted)


def take(store: Store, bundle: Bundle, new: list[Path]) -> int:
    """Keep the files that came along and that a dossier here names; returns how many are new.

    Args:
        store: the open data, in the transaction that takes the bundle's events in.
        bundle: it was checked whole: each file is what its name says.
        new: gets where the files lie, to be taken away if the transaction fails.

    Raises:
        BundleError: the disk is full or can't be written.
    """
    wanted = erased_files.held(store, set(bundle.scan_names()))
    for scan in bundle.scans():
        if (scan.sha256, scan.kind) not in wanted or _place(store, scan[:2]) is not None:
            continue
        kept = kept_files.Kept(scan.sha256, scan.data)
        try:
            new.append(kept_files.keep(store.path.parent, kept, scan.kind, store.key))
        except (OSError, UserError) as error:
            raise BundleError(
                "Không ghi được tệp đính kèm của gói (ổ đĩa đầy hoặc không ghi được). Cả gói không "
                "được nhận, dữ liệu không thay đổi. Dọn chỗ trống rồi nhận lại."
            ) from error
    return len(new)


def drop(new: list[Path]) -> None:
    """Take away again what was kept for a bundle that wasn't taken in."""
    for path in new:
        with contextlib.suppress(OSError):
            kept_files.remove(path)


def _place(store: Store, file: File) -> Path | None:
    return kept_files.find(store.path.parent, *file, (store.key, *store.keys.known()))
