"""What comes from other desks: read and checked whole, sorted aside, applied in one transaction."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.moments import to_epoch
from counter_app.errors import BundleError
from counter_app.given import open_given
from counter_app.services import (
    audit,
    erased_files,
    erasing,
    journal,
    office,
    scan_travel,
)
from counter_app.services.sync_office import shared
from counter_app.services.sync_taking import WHOLE, Taking
from counter_app.storage import dossiers
from counter_app.storage.staging import Staging, remove_left_over
from counter_app.sync.bundle import Bundle, EventRow, open_bundle
from counter_app.sync.manifest import MANIFEST
from counter_app.sync.sealing import is_sealed, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from counter_app.storage.database import Store

_IN_MEMORY = 8 * 1024**2


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
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False  # the last one: a zip that says it is of a version nobody made yet


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
                    taking = Taking(store, bundle, report, by=by, now=now, progress=progress)
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
            f"{WHOLE} Nếu là quầy của đơn vị mình, quầy đó phải được thiết lập bằng tệp mời."
        )
    here = office.office(store)
    own = journal.desk(store).uuid
    for row in bundle.desks():
        if row.origin != own and row.counter_number == here.counter_number:
            raise BundleError(
                f"Quầy “{row.counter_name}” trong gói cũng dùng số quầy "
                f"{row.counter_number:02d} như quầy này nên mã hồ sơ sẽ trùng. {WHOLE} "
                "Thiết lập lại một trong hai quầy bằng tệp mời với số khác."
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
