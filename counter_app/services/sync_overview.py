"""What leaves this desk, what came, what needs a person: read for the page and for reminders."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import STATUS_LABELS, Status
from counter_app.domain.moments import from_epoch
from counter_app.domain.rights import Act
from counter_app.errors import NotFoundError
from counter_app.services import audit, journal, office, sync_marks
from counter_app.services.settings import get_setting
from counter_app.storage import exchange
from counter_app.sync.places import FileMark, bundles_in, removable_places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from counter_app.storage.database import Store

__all__ = [
    "BundleFile",
    "DeskStanding",
    "FileMark",
    "Overview",
    "RunFacts",
    "export_name",
    "files_in",
    "next_look",
    "overview",
    "reminder",
    "removable_places",
    "run_lines",
    "run_pdf",
    "runs",
]
_RUNS = 200
_TOLD_DAYS = 30


class DeskStanding(NamedTuple):
    """Another desk: when its last bundle came, and how many events it hasn't told to hold."""

    origin: str
    counter_number: int
    counter_name: str
    received_at: datetime | None
    lacks: int
    held: int


class Overview(NamedTuple):
    """How the exchange stands now; ``idle_days`` is None where nothing has to be exchanged.

    ``differing`` names the desks whose catalogue, calendar, wordings or people aren't ours.
    """

    desks: list[DeskStanding]
    outgoing: int
    conflicts: int
    held: int
    missing: list[str]
    exported_at: datetime | None
    imported_at: datetime | None
    idle_days: int | None
    is_overdue: bool
    number_gaps: tuple[office.NumberGap, ...] = ()
    differing: tuple[str, ...] = ()


class RunFacts(NamedTuple):
    """One export or import as it was kept."""

    id: int
    kind: str
    name: str
    at: datetime
    by: str
    counter_name: str
    counts: dict[str, Any]
    undone_at: datetime | None


class BundleFile(NamedTuple):
    """A bundle in the chosen place: ``standing`` is copying, new, taken or own.

    The page calls ``refused`` what it couldn't take in and what hasn't changed since.
    """

    path: Path
    mark: FileMark
    standing: str
    changed_at: datetime
    told: str


def overview(store: Store, *, now: datetime) -> Overview:
    """Tell how the exchange between desks stands."""
    with store.snapshot():
        chains = exchange.chains(store)
        reached = exchange.acknowledged_by_all(store)
        outgoing = sum(last - reached[chain] for chain, last in chains.items())
        desks = _desks(store, chains)
        missing = _missing(store, chains)
        exported, imported = _last(store, "export"), _last(store, "import")
        idle = _idle_days(store, now)
        conflicts = store.row("SELECT count(*) FROM openconflict") or (0,)
        most = get_setting(store, "sync_days")
        return Overview(
            desks=desks,
            outgoing=outgoing,
            conflicts=int(conflicts[0]),
            held=exchange.held_count(store),
            missing=missing,
            exported_at=exported,
            imported_at=imported,
            idle_days=idle,
            is_overdue=bool(most) and idle is not None and idle >= most,
            number_gaps=_recent_gaps(store, now),
            differing=_differing(store, desks),
        )


def _recent_gaps(store: Store, now: datetime) -> tuple[office.NumberGap, ...]:
    """Return the gaps that somebody may still wonder about."""
    since = now.date() - timedelta(days=_TOLD_DAYS)
    return tuple(gap for gap in office.number_gaps(store) if gap.day >= since)


def _differing(store: Store, desks: list[DeskStanding]) -> tuple[str, ...]:
    """Say of each desk what of the office's own it works by otherwise than this one."""
    found = sync_marks.differing(store)
    return tuple(
        f"{desk.counter_name}: {', '.join(found[desk.origin])}"
        for desk in desks
        if desk.origin in found
    )


def _desks(store: Store, chains: dict[str, int]) -> list[DeskStanding]:
    own = journal.desk(store).uuid
    told: dict[str, tuple[int, str]] = {
        origin: (number, name)
        for origin, _, number, name, _ in exchange.chain_rows(store)
        if origin != own
    }
    words = {
        (peer, chain): sequence
        for peer, chain, sequence in store.rows("SELECT peer, chain, sequence FROM acknowledged")
    }
    came = dict(
        store.rows("SELECT origin, max(at) FROM syncrun WHERE kind = 'import' GROUP BY origin")
    )
    held = dict(store.rows("SELECT origin, count(*) FROM heldevent GROUP BY origin"))
    found = []
    for origin, (number, name) in told.items():
        lacks = sum(
            max(0, last - words.get((origin, chain), 0))
            for chain, last in chains.items()
            if not chain.startswith(f"{origin}/")
        )
        at = came.get(origin)
        when = None if at is None else from_epoch(at)
        found.append(DeskStanding(origin, number, name, when, lacks, held.get(origin, 0)))
    return sorted(found, key=lambda desk: (desk.counter_number, desk.origin))


def _missing(store: Store, chains: dict[str, int]) -> list[str]:
    """Say for each gap whose events are missing, so that the right desk is asked."""
    names = {f"{origin}/{epoch}": name for origin, epoch, _, name, _ in exchange.chain_rows(store)}
    rows = store.rows(
        "SELECT origin || '/' || epoch, min(sequence), count(*) FROM heldevent "
        "GROUP BY origin, epoch ORDER BY 1"
    )
    told = []
    for chain, first, count in rows:
        gap = first - chains.get(chain, 0) - 1
        if gap > 0:
            told.append(f"{names.get(chain, '?')}: thiếu {gap} sự kiện, {count} sự kiện đang chờ")
    return told


def _last(store: Store, kind: str) -> datetime | None:
    row = store.row("SELECT max(at) FROM syncrun WHERE kind = ?", (kind,))
    return None if row is None or row[0] is None else from_epoch(row[0])


def _idle_days(store: Store, now: datetime) -> int | None:
    """Return the days since the last exchange, None for an office of one desk without events."""
    row = store.row(
        "SELECT coalesce((SELECT max(at) FROM syncrun), (SELECT min(recorded_at) FROM event)) "
        "WHERE EXISTS (SELECT 1 FROM invitation) OR EXISTS (SELECT 1 FROM knownchain k WHERE NOT "
        "EXISTS (SELECT 1 FROM installation i WHERE i.is_self = 1 AND i.uuid = k.origin)) "
        "OR EXISTS (SELECT 1 FROM setting WHERE key = '_joined')"
    )
    if row is None or row[0] is None:
        return None
    return max(0, (now.date() - from_epoch(row[0]).date()).days)


def runs(store: Store, *, limit: int = _RUNS) -> list[RunFacts]:
    """Return the exports and imports of bundles, newest first."""
    rows = store.rows(f"{_SELECT_RUN} ORDER BY id DESC LIMIT ?", (limit,))
    return [_run(row) for row in rows]


_SELECT_RUN = 'SELECT id, kind, name, at, "by", counter_name, counts, undone_at FROM syncrun'


def _run(row: tuple[Any, ...]) -> RunFacts:
    number, kind, name, at, by, counter, counts, undone = row
    return RunFacts(
        number,
        kind,
        name,
        from_epoch(at),
        by,
        counter,
        json.loads(counts),
        None if undone is None else from_epoch(undone),
    )


def files_in(store: Store, folder: Path, before: Mapping[Path, FileMark]) -> list[BundleFile]:
    """Return the bundles of a place and what this desk knows of each.

    Args:
        store: the open data.
        folder: the stick or folder.
        before: the marks that the look before found; what changed since is still being copied.
    """
    known = {
        digest: (kind, at)
        for digest, kind, at in store.rows(
            "SELECT sha256, kind, at FROM syncrun WHERE undone_at IS NULL ORDER BY id"
        )
    }
    digests: dict[tuple[Path, FileMark], str] = store.cache.setdefault("bundle_digests", {})
    found = []
    for path, mark, is_settled in bundles_in(folder, before):
        standing, told = "copying", ""
        if is_settled:
            key = (path, mark)
            try:
                if key not in digests:
                    with path.open("rb") as stream:
                        digests[key] = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError:  # the stick was pulled
                continue
            kind, at = known.get(digests[key], ("", 0))
            standing = {"import": "taken", "export": "own"}.get(kind, "new")
            told = f"{from_epoch(at):%H:%M %d/%m}" if kind else ""
        changed = from_epoch(mark.changed // 10**9)
        found.append(BundleFile(path, mark, standing, changed, told))
    return found


def export_name(store: Store, *, now: datetime) -> str:
    """Return a name for a bundle that tells its desk and its moment."""
    number = office.office(store).counter_number
    return f"goi-dong-bo-quay-{number:02d}-{now:%y%m%d-%H%M%S}.zip"


_HEADINGS = ("Mã hồ sơ", "Chủ hồ sơ", "Thủ tục", "Trạng thái", "Cần quyết định")


def run_pdf(store: Store, run_id: int) -> bytes:
    """Return the report of an import as a PDF: what came, which dossiers it touched.

    Raises:
        NotFoundError: there was no such import.
    """
    from counter_app.documents.sync_report import render_sync_report

    row = store.row(f"{_SELECT_RUN} WHERE id = ? AND kind = 'import'", (run_id,))
    if row is None:
        raise NotFoundError(f"Không có lần nhận gói số {run_id}.", field="id")
    facts = _run(row)
    rows = store.rows(
        "SELECT d.code, d.official_code, d.applicant_name, d.procedure_name, d.status, "
        "(SELECT count(*) FROM openconflict c WHERE c.dossier_uuid = d.uuid) FROM dossier d "
        "WHERE d.uuid IN (SELECT e.dossier_uuid FROM syncrunevent s "
        "JOIN event e ON e.uuid = s.event_uuid WHERE s.run_id = ?) ORDER BY d.received_at, d.id",
        (run_id,),
    )
    listed = [
        (official or code, name, procedure, STATUS_LABELS[Status(status)], str(open_ or ""))
        for code, official, name, procedure, status, open_ in rows
    ]
    here = office.office(store)
    audit.note(store, Act.LISTS, what="biên bản nhận gói", target=str(run_id), count=len(listed))
    return render_sync_report(
        f"Biên bản nhận gói đồng bộ số {facts.id}",
        here.name,
        run_lines(facts),
        _HEADINGS,
        listed,
        is_rehearsal=here.is_rehearsal,
    )


def run_lines(facts: RunFacts) -> list[str]:
    """Return what an import did, in sentences."""
    counts = facts.counts
    lines = [
        (
            f"Gói {facts.name} của {facts.counter_name}, nhận lúc {facts.at:%H:%M %d/%m/%Y}, "
            f"người nhận: {facts.by or 'không ghi'}."
        ),
        (
            f"Gói có {counts.get('rows', 0)} sự kiện: {counts.get('new', 0)} mới, "
            f"{counts.get('unchanged', 0)} đã có từ trước, {counts.get('conflicts', 0)} chỗ "
            "khác nhau cần người quyết định."
        ),
    ]
    if counts.get("gaps"):
        lines.append(f"{counts['gaps']} sự kiện chờ gói còn thiếu; chưa tính vào hồ sơ nào.")
    lines.extend(counts.get("differs", ()))
    if facts.undone_at is not None:
        lines.append(f"Lần nhận này đã hoàn tác lúc {facts.undone_at:%H:%M %d/%m/%Y}.")
    files = counts.get("files", 0)
    lines.append(
        f"{files} tệp đính kèm đi cùng đã được chép vào máy này."
        if files
        else "Không có tệp đính kèm nào đi cùng: chỉ tên, cỡ và dấu vân của tệp đi theo."
    )
    return lines


def reminder(found: Overview) -> str:
    """Return the sentence that reminds of an exchange, or nothing.

    >>> from counter_app.services.sync_overview import Overview
    >>> reminder(Overview([], 0, 0, 0, [], None, None, 4, True))
    'Đã 4 ngày chưa trao đổi gói đồng bộ với quầy khác. Nhấn F8.'
    """
    if not found.is_overdue or found.idle_days is None:
        return ""
    return f"Đã {found.idle_days} ngày chưa trao đổi gói đồng bộ với quầy khác. Nhấn F8."


def next_look(files: list[BundleFile]) -> dict[Path, FileMark]:
    """Return the marks to give to the next look."""
    return {one.path: one.mark for one in files}
