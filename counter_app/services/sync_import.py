"""What comes from other desks: read and checked whole, sorted aside, applied in one transaction."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import Move
from counter_app.domain.erasing import ERASE
from counter_app.domain.history import Event
from counter_app.domain.merge import Link, usable
from counter_app.domain.moments import to_epoch
from counter_app.domain.office_marks import differences
from counter_app.domain.visits import VISIT
from counter_app.errors import BundleError
from counter_app.given import open_given
from counter_app.services import (
    audit,
    erased_files,
    erasing,
    journal,
    office,
    projection,
    scan_travel,
    sync_heads,
    sync_marks,
)
from counter_app.services.erasing import Erased
from counter_app.services.sync_office import shared
from counter_app.services.sync_undo import revive
from counter_app.storage import dossiers, exchange
from counter_app.storage.staging import Staging, remove_left_over
from counter_app.sync.bundle import Bundle, EventRow, open_bundle
from counter_app.sync.manifest import MANIFEST
from counter_app.sync.sealing import is_sealed, unseal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store

_IN_MEMORY = 8 * 1024**2
_TOLD_EVERY = 200
_WHOLE = "Cả gói không được nhận, dữ liệu không thay đổi."


@dataclass(slots=True)
class BundleReport:
    """What an import of a bundle did, or in a dry run would do."""

    import_id: int | None = None
    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    conflicts: int = 0
    gaps: int = 0
    origin: str = ""
    counter: str = ""
    created_at: str = ""
    dossiers: list[str] = field(default_factory=list)
    new_dossiers: int = 0
    files: int = 0  # attached files that came along and weren't here
    # What the desk works by otherwise than this one, in sentences.
    differs: list[str] = field(default_factory=list)


def bundle_json(report: BundleReport) -> dict[str, Any]:
    """Return the answer of the ``import`` verb."""
    names = ("import_id", "rows", "new", "updated", "unchanged", "rejected", "conflicts", "gaps")
    return {name: getattr(report, name) for name in names} | {"errors": []}


def is_bundle(source: Path) -> bool:
    """Tell a bundle from a list: it is sealed, or a zip that has a manifest."""
    try:
        with open_given(source) as stream:
            if is_sealed(stream):
                return True
        with zipfile.ZipFile(source) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError):
        return False


class _DryRunError(Exception):
    """Ends a dry run by rolling its transaction back."""


def import_bundle(
    store: Store,
    source: Path,
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> BundleReport:
    """Take a bundle in; the same one again changes nothing.

    Args:
        store: the open data.
        source: the file, sealed or open.
        by: who imports.
        now: the moment.
        dry_run: answer what would happen and keep nothing.
        progress: called with dossiers done and dossiers in all; may raise to cancel, which keeps
            nothing.

    Raises:
        BundleError: the bundle is damaged, of another office, sealed with another key, or tells a
            history that contradicts the one known here; nothing changed.
    """
    with tempfile.SpooledTemporaryFile(max_size=0 if store.key else _IN_MEMORY) as plain:
        digest = _read_file(store, source, plain)
        bundle = open_bundle(plain)
        _check_office(store, bundle)
        remove_left_over(store.path.parent)
        with Staging(
            store.path.parent, EventRow._fields, is_sealed=store.key is not None
        ) as staging:
            staging.add(bundle.events())
            report = BundleReport(
                rows=sum(f.rows for f in bundle.manifest.files if f.name == "events.csv"),
                origin=bundle.manifest.origin,
                counter=bundle.manifest.counter,
                created_at=bundle.manifest.created_at,
            )
            kept: list[Path] = []
            try:
                with store.transaction():
                    journal.check_clock(store, now)
                    audit.record(store, "sync", what="nhận gói", target=report.origin)
                    here = journal.desk(store)
                    taking = _Taking(store, bundle, report, by=by, now=now, progress=progress)
                    taking.run(staging)
                    if dry_run:
                        report.files = scan_travel.missing(store, bundle)
                        raise _DryRunError
                    report.files = scan_travel.take(store, bundle, kept)
                    run = Run(source.name, digest, (here.epoch, here.last_sequence))
                    _keep_run(store, report, run, taking.brought, by=by, now=now)
                kept.clear()  # it stands: they stay
                if taking.has_erased:
                    erasing.keep_beside(store)
                    erased_files.remove(store)
            except _DryRunError:
                store.cache.clear()  # rolled back on purpose: the counts are true
            except BaseException:
                scan_travel.drop(kept)
                raise
    return report


def _read_file(store: Store, source: Path, plain: IO[bytes]) -> str:
    try:
        with source.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            if is_sealed(stream):
                unseal(stream, plain, shared(store).key)
            else:
                while piece := stream.read(1 << 20):
                    plain.write(piece)
    except OSError as error:
        raise BundleError(
            f"Không đọc được gói {source.name} (có thể USB đã rút). Dữ liệu không thay đổi. "
            "Cắm lại rồi nhận lại."
        ) from error
    plain.seek(0)
    return digest


def _check_office(store: Store, bundle: Bundle) -> None:
    manifest = bundle.manifest
    if manifest.office != shared(store).office:
        raise BundleError(
            f"Gói này của đơn vị khác ({manifest.office_name}), không phải của đơn vị này. "
            f"{_WHOLE} Nếu là quầy của đơn vị mình, quầy đó phải được thiết lập bằng tệp mời."
        )
    here = office.office(store)
    own = journal.desk(store).uuid
    for row in bundle.desks():
        if row.origin != own and row.counter_number == here.counter_number:
            raise BundleError(
                f"Quầy “{row.counter_name}” trong gói cũng dùng số quầy "
                f"{row.counter_number:02d} như quầy này nên mã hồ sơ sẽ trùng. {_WHOLE} "
                "Thiết lập lại một trong hai quầy bằng tệp mời với số khác."
            )


def _chain(row: EventRow) -> str:
    return f"{row.origin}/{row.epoch}"


def _told(row: EventRow) -> str:
    """Return the head of an event as the chain hashes it."""
    event = Event._make((row.event_uuid, *row[2:6], *row[7:12], {}))
    return journal.head_text(event, row.dossier_uuid, row.seen)


def _rows(staging: Staging) -> Iterator[EventRow]:
    return map(EventRow._make, staging.in_chains())


class _Taking:
    """One import, within its transaction."""

    def __init__(
        self,
        store: Store,
        bundle: Bundle,
        report: BundleReport,
        *,
        by: str,
        now: datetime,
        progress: Callable[[int, int], object] | None,
    ) -> None:
        self._store, self._bundle, self._report = store, bundle, report
        self._by, self._now = by, now
        self._progress = progress
        self.brought: list[str] = []
        self.has_erased = False

    def run(self, staging: Staging) -> None:
        store, report = self._store, self._report
        known = exchange.chains(store)
        self._own_epoch(staging, known)
        self._know_desks()
        before = exchange.chains(store)
        self._compare_known(staging, before)
        conflicts = self._conflict_names()
        arrived = self._hold(staging, before)
        released = self._release(before)
        touched = dict.fromkeys(row.dossier_uuid for row in released if row.dossier_uuid)
        first = {row.dossier_uuid for row in released if row.kind == Move.RECEIVE}
        report.new_dossiers = len(first)
        for row in released:
            if row.kind == ERASE:
                erasing.apply(store, json.loads(row.body))
                self.has_erased = True
        self._project(list(touched))
        revived = revive(store, (r.event_uuid for r in _rows(staging)), by=self._by, now=self._now)
        manifest = self._bundle.manifest
        if any(sync_heads.contradicted(store, manifest.heads)):
            raise _other_content(manifest.counter)
        sync_heads.keep(store, manifest.origin, manifest.heads, now=to_epoch(self._now))
        if manifest.origin != journal.desk(store).uuid:
            here = sync_marks.marks(store)
            report.differs = differences(here, manifest.marks, desk=manifest.counter)
            sync_marks.keep(store, manifest.origin, manifest.marks, created_at=manifest.created_at)
        exchange.acknowledge(
            store,
            manifest.origin,
            manifest.acknowledged,
            now=to_epoch(self._now),
            # It may have come back from an old copy, and hold less than it said before.
            is_anew=f"{manifest.origin}/{manifest.epoch}" not in known,
        )
        report.new = arrived + revived
        report.unchanged = report.rows - report.new
        report.conflicts = len(self._conflict_names() - conflicts)
        report.gaps = exchange.held_count(store)
        report.dossiers = list(touched)

    def _own_epoch(self, staging: Staging, before: dict[str, int]) -> None:
        """Go on in a new epoch where others know more of us than we do: an old copy came back."""
        here = journal.desk(self._store)
        own = f"{here.uuid}/{here.epoch}"
        told = {
            chain: sequence
            for chain, sequence in self._bundle.manifest.acknowledged.items()
            if chain.startswith(f"{here.uuid}/")
        }
        for row in _rows(staging):
            if row.origin == here.uuid:
                told[_chain(row)] = max(row.sequence, told.get(_chain(row), 0))
        behind = {chain for chain, most in told.items() if most > before.get(chain, 0)}
        if own in behind:
            mark = self._store.row("SELECT machine_mark FROM installation WHERE is_self = 1")
            office.begin_epoch(self._store, machine_mark=str((mark or ("",))[0]))
            self._store.hold("desk", None)
        if behind:
            # What was lost gave numbers that aren't known yet: today's go on after a gap.
            office.leave_gap(self._store, day=self._now)

    def _know_desks(self) -> None:
        here = journal.desk(self._store)
        for row in self._bundle.desks():
            if (row.origin, row.epoch) != (here.uuid, here.epoch):
                exchange.know_chain(
                    self._store,
                    row.origin,
                    row.epoch,
                    number=row.counter_number,
                    name=row.counter_name,
                    base=row.base_hash,
                )

    def _compare_known(self, staging: Staging, before: dict[str, int]) -> None:
        """Refuse a bundle whose history differs from the one that is known, in any link."""
        erased: Erased | None = None
        for row in _rows(staging):
            chain = _chain(row)
            if chain not in before:
                raise BundleError(f"Gói có sự kiện của một quầy không được kê. {_WHOLE}")
            if journal.body_hash(row.salt, row.body) != row.body_hash:
                erased = erased or self._erased(staging)
                if not erased.allows(row.event_uuid, row.body):
                    raise _other_content(row.counter)
            if row.sequence <= before[chain]:
                known = exchange.head_at(self._store, row.origin, row.epoch, row.sequence)
                if known != row.head_hash:
                    raise _other_content(row.counter)

    def _erased(self, staging: Staging) -> Erased:
        """Return what erasing events, known or in the bundle, put in the place of bodies."""
        found = Erased(self._store)
        for row in _rows(staging):
            if row.kind == ERASE:
                found.add(row.body)
        return found

    def _hold(self, staging: Staging, before: dict[str, int]) -> int:
        """Keep what is new; it is let go as far as nothing is missing before it."""
        arrived = 0
        for row in _rows(staging):
            chain = _chain(row)
            if row.sequence > before[chain]:
                if exchange.hold(self._store, row):
                    arrived += 1
                    self.brought.append(row.event_uuid)
                elif self._held_otherwise(row):
                    raise _other_content(row.counter)
        return arrived

    def _held_otherwise(self, row: EventRow) -> bool:
        known = self._store.row(
            "SELECT event_uuid FROM heldevent WHERE origin = ? AND epoch = ? AND sequence = ?",
            (row.origin, row.epoch, row.sequence),
        )
        return known is None or known[0] != row.event_uuid

    def _release(self, before: dict[str, int]) -> list[EventRow]:
        """Let go what no gap stands before any more: into the history, link by link."""
        store = self._store
        rows = [EventRow._make(row) for row in exchange.held(store)]
        links = [Link(_chain(row), row.sequence, json.loads(row.seen)) for row in rows]
        reach = usable(links, before)
        numbers = {
            f"{origin}/{epoch}": number
            for origin, epoch, number, _, _ in exchange.chain_rows(store)
        }
        released = []
        lamport, own = 0, journal.desk(store).uuid
        heads: dict[str, bytes] = {}
        for row in rows:
            chain = _chain(row)
            if row.sequence > reach[chain]:
                continue
            self._check_link(row, heads, before[chain])
            number = journal.event_id(numbers[chain], row.epoch, row.sequence)
            told = _told(row).encode() + row.body_hash
            seal = journal.sealed(store, chain, row.sequence, told) if row.origin == own else b""
            exchange.insert_event(store, number, 1, row, seal)
            exchange.let_go(store, row)
            exchange.extend_chain(
                store, row.origin, row.epoch, usable=row.sequence, head=row.head_hash
            )
            lamport = max(lamport, row.lamport)
            released.append(row)
            if row.origin == own and row.kind in {Move.RECEIVE, VISIT}:
                self._raise_given(row)
        store.execute(
            "UPDATE installation SET last_lamport = max(last_lamport, ?) WHERE is_self = 1",
            (lamport,),
        )
        store.hold("desk", None)
        store.cache.clear()
        return released

    def _raise_given(self, row: EventRow) -> None:
        """Never give again the number that an event of ours, which comes back, gave."""
        body = json.loads(row.body)
        kind, code = "dossier", body.get("set", {}).get("code")
        if row.kind == VISIT:  # a visit's later acts give none
            kind, code = VISIT, body.get("visit", {}).get("code")
        if code:
            _, _, period, number = code.split("-")
            office.raise_series(self._store, kind, period, int(number))

    def _check_link(self, row: EventRow, heads: dict[str, bytes], known: int) -> None:
        chain = _chain(row)
        before = heads.get(chain)
        if before is None:
            found = self._store.row(
                "SELECT CASE WHEN ? = 0 THEN base_hash ELSE head_hash END FROM knownchain "
                "WHERE origin = ? AND epoch = ?",
                (known, row.origin, row.epoch),
            )
            before = bytes((found or (b"",))[0])
        if journal.head_hash(before, _told(row), row.body_hash) != row.head_hash:
            raise _other_content(row.counter)
        heads[chain] = row.head_hash

    def _project(self, touched: list[str]) -> None:
        total = len(touched)
        for start in range(0, total, _TOLD_EVERY):
            some = touched[start : start + _TOLD_EVERY]
            projection.project(self._store, some, now=to_epoch(self._now))
            if self._progress is not None:
                self._progress(min(start + _TOLD_EVERY, total), total)

    def _conflict_names(self) -> set[str]:
        return {name for (name,) in self._store.rows("SELECT id FROM openconflict")}


def _other_content(counter: str) -> BundleError:
    return BundleError(
        f"Gói kể lịch sử của “{counter}” khác với lịch sử đã biết ở đây (có thể hai máy cùng chạy "
        f"một bản dữ liệu, hoặc gói đã bị sửa). {_WHOLE} Gọi người hỗ trợ."
    )


class Run(NamedTuple):
    """A file that was taken in, and where our own chain stood then."""

    name: str
    digest: str
    own: tuple[int, int]


def _keep_run(
    store: Store, report: BundleReport, run: Run, brought: list[str], *, by: str, now: datetime
) -> None:
    counts = {k: v for k, v in bundle_json(report).items() if isinstance(v, int)}
    told = dossiers.dump(
        {**counts, "own": run.own, "differs": report.differs, "files": report.files}
    )
    cursor = store.execute(
        'INSERT INTO syncrun (kind, name, sha256, at, "by", origin, counter_name, counts) '
        "VALUES ('import', ?, ?, ?, ?, ?, ?, ?)",
        (
            run.name,
            run.digest,
            to_epoch(now),
            by,
            report.origin,
            report.counter,
            told,
        ),
    )
    report.import_id = int(cursor.lastrowid)
    store.database.connection().executemany(
        "INSERT INTO syncrunevent (run_id, event_uuid) VALUES (?, ?)",
        ((report.import_id, uuid) for uuid in brought),
    )
