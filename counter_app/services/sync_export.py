"""What leaves this desk: the events that another desk may not have, in one sealed file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.atomic import atomically, write_atomically
from counter_app.domain.moments import to_epoch, to_json
from counter_app.services import audit, journal, office, scan_travel, sync_heads, sync_marks
from counter_app.services.merged import merged_of
from counter_app.services.sync_office import shared
from counter_app.storage import dossiers, exchange
from counter_app.sync.bundle import PLAIN_FILES, DeskRow, EventRow, write_bundle
from counter_app.sync.manifest import Manifest
from counter_app.sync.sealing import seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store

_IN_MEMORY = 8 * 1024**2
_PLAIN = "goi-dong-bo.zip"


class ExportReport(NamedTuple):
    """What an export put into its file."""

    export_id: int
    events: int
    ranges: dict[str, list[int]]
    is_sealed: bool
    files: int = 0


def export_bundle(
    store: Store,
    target: Path,
    *,
    by: str,
    now: datetime,
    since: int | None = None,
    is_open: bool = False,
    with_files: bool = False,
    name: str = "",
    progress: Callable[[int, int], object] | None = None,
) -> ExportReport:
    """Write every event that some desk known here hasn't acknowledged.

    Args:
        store: the open data.
        target: the file, which appears whole or not at all.
        by: who exports; kept in the log of exchanges.
        now: the moment.
        since: send all of our own chain behind this sequence, and all of the others'.
        is_open: write plain CSV in a zip; an explicit choice, kept in the log.
        with_files: take the attached files along that the events name, and those of a week.
        name: what the logs call it, where it isn't the file's own.
        progress: called with events done and events in all; may raise to cancel.

    Raises:
        FileNotWrittenError: the disk is full, the stick was pulled, the folder can't be written.
        InputError: the attached files are more than a bundle takes.
    """
    with store.snapshot():
        here = journal.desk(store)
        facts = office.office(store)
        reach = exchange.chains(store)
        heads = sync_heads.told(store)
        marks = sync_marks.marks(store)
        ranges = _ranges(store, here, since)
        if with_files:
            scan_travel.check_size(scan_travel.summed(store, ranges, to_epoch(now)))
        total = sum(last - first + 1 for first, last in ranges.values())
    mark = shared(store)
    manifest = Manifest(
        office=mark.office,
        office_name=facts.name,
        origin=here.uuid,
        epoch=here.epoch,
        counter=facts.counter_name,
        counter_number=facts.counter_number,
        created_at=to_json(now) or "",
        ranges=ranges,
        acknowledged=reach,
        heads=heads,
        marks=marks,
    )

    def told(done: int) -> None:
        if progress is not None:
            progress(done, total)

    with (
        tempfile.SpooledTemporaryFile(max_size=0 if store.key else _IN_MEMORY) as plain,
        atomically(target) as part,
    ):
        with store.snapshot():
            desks = [DeskRow(*row) for row in exchange.chain_rows(store)]
            whole = write_bundle(
                plain,
                manifest,
                events=_events(store, ranges),
                desks=desks,
                scans=scan_travel.packed(store, ranges, to_epoch(now)) if with_files else (),
                progress=told,
            )
        files = len(whole.files) - PLAIN_FILES
        plain.seek(0)
        # Not made anew: where a stick was pulled, its folder may stand empty on the disk.
        with part.open("rb+") as stream:
            if is_open:
                while piece := plain.read(1 << 20):
                    stream.write(piece)
            else:
                seal(plain, stream, mark.key)
        with part.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256")
    with store.transaction():
        counts = {"events": total, "open": int(is_open), "ranges": ranges, "files": files}
        name = name or target.name
        audit.record(store, "sync", what="gửi gói", file=name, count=total)
        cursor = store.execute(
            'INSERT INTO syncrun (kind, name, sha256, at, "by", origin, counter_name, counts) '
            "VALUES ('export', ?, ?, ?, ?, ?, ?, ?)",
            (
                name,
                digest.hexdigest(),
                to_epoch(now),
                by,
                here.uuid,
                here.counter_name,
                json.dumps(counts),
            ),
        )
    return ExportReport(int(cursor.lastrowid), total, ranges, not is_open, files)


def files_to_send(store: Store, *, now: datetime) -> scan_travel.ScanSum:
    """Say which attached files could go along in the next bundle, and how large they are."""
    with store.snapshot():
        ranges = _ranges(store, journal.desk(store), None)
        return scan_travel.summed(store, ranges, to_epoch(now))


def export_plain(
    store: Store, folder: Path, *, by: str, now: datetime, since: int | None = None
) -> ExportReport:
    """Write a bundle's CSV files and its manifest into a folder, readable by anybody.

    Raises:
        FileNotWrittenError: the folder isn't there, is full or can't be written.
    """
    # A name that nobody has: a bundle that lies there is somebody's, and isn't to go with ours.
    packed = folder / f".{os.urandom(8).hex()}.zip"
    try:
        report = export_bundle(
            store, packed, by=by, now=now, since=since, is_open=True, name=_PLAIN
        )
        with zipfile.ZipFile(packed) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    write_atomically(folder / name, iter(lambda: stream.read(1 << 20), b""))
    finally:
        with contextlib.suppress(OSError):
            packed.unlink(missing_ok=True)
    return report


def _ranges(store: Store, here: journal.Desk, since: int | None) -> dict[str, list[int]]:
    """Return from where to where each chain goes into a bundle."""
    behind = _behind(store, here, since)
    reach = exchange.chains(store)
    return {c: [behind[c] + 1, last] for c, last in reach.items() if last > behind[c]}


def _behind(store: Store, here: journal.Desk, since: int | None) -> dict[str, int]:
    reached = exchange.acknowledged_by_all(store)
    if since is None:
        return reached
    own = f"{here.uuid}/{here.epoch}"
    return {chain: since if chain == own else 0 for chain in reached}


def _events(store: Store, ranges: dict[str, list[int]]) -> Iterator[EventRow]:
    for chain, (first, last) in sorted(ranges.items()):
        for row in exchange.events_after(store, chain, first - 1):
            if row[4] > last:  # written since the ranges were told
                break
            yield EventRow(*row[:-3], *(bytes(blob) for blob in row[-3:]))


def fingerprint(store: Store) -> dict[str, Any]:
    """Return a hash of each dossier, and of all: equal where the same events are known.

    What is held back behind a gap takes no part.
    """
    each = {}
    for uuid, code in store.rows("SELECT uuid, code FROM dossier ORDER BY uuid"):
        merged = merged_of(store, uuid)
        told = [
            code,
            {key: merged.state[key] for key in sorted(merged.state)},
            sorted(merged.waiting),
            sorted(event.uuid for event in dossiers.events_of(store, uuid)),
            sorted(
                row[0]
                for row in store.rows("SELECT id FROM openconflict WHERE dossier_uuid = ?", (uuid,))
            ),
        ]
        each[uuid] = hashlib.sha256(dossiers.dump(told).encode()).hexdigest()
    total = hashlib.sha256("".join(f"{u}{h}" for u, h in each.items()).encode()).hexdigest()
    return {"total": total, "dossiers": each}
