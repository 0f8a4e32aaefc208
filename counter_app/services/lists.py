"""Plain lists of other systems taken in as events: read first, then one short transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import CHANNEL_LABELS, Channel
from counter_app.domain.lists import COLUMNS_BY_NAME
from counter_app.domain.moments import to_epoch
from counter_app.errors import ListFileError, NotFoundError
from counter_app.services import audit, journal
from counter_app.services.list_again import digest_of, mark_of, taken_before
from counter_app.services.list_rows import Outcome, RowTaker
from counter_app.services.rows_aside import RowsAside
from counter_app.tabular.columns import Mapping, propose_mapping
from counter_app.tabular.list_reading import ListReading, ReadReport, preview, read_list
from counter_app.tabular.pasted import pasted_rows, to_csv
from counter_app.tabular.writing import write_rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from counter_app.domain.lists import RowError, RowNote
    from counter_app.services.rows_aside import AsideRow
    from counter_app.storage.database import Store
    from counter_app.tabular.rows import ParsedRow

__all__ = [
    "ImportReport",
    "Mapping",
    "import_list",
    "keep_mapping",
    "load_mapping",
    "look_at",
    "mapping_names",
    "pasted_list",
    "rejected_csv",
    "report_json",
]
_SHOWN_ERRORS = 1000
# A list of a million broken rows is no list: their file would be the whole one again.
_KEPT_ROWS = 100_000
_EXAMPLE_ROWS = 20
_TOLD_EVERY = 200
_WRITTEN_AT_ONCE = 500


@dataclass(slots=True)
class ImportReport:
    """What an import did, or in a dry run would do."""

    import_id: int | None = None
    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    conflicts: int = 0
    gaps: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    row_notes: list[RowNote] = field(default_factory=list)
    headings: tuple[str, ...] = ()
    rejected_rows: list[tuple[Sequence[str], Sequence[RowError]]] = field(default_factory=list)
    reading: ReadReport | None = None
    mapping: Mapping | None = None
    examples: dict[str, str] = field(default_factory=dict)
    """A cell of each heading, for a person who says what the heading means."""


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return the answer of the ``import`` verb."""
    names = ("import_id", "rows", "new", "updated", "unchanged", "rejected", "conflicts", "gaps")
    data: dict[str, Any] = {name: getattr(report, name) for name in names}
    data["errors"] = [
        {"line": e.line, "column": e.column, "message": e.message} for e in report.errors
    ]
    return data


def rejected_csv(report: ImportReport) -> bytes:
    """Return the rejected rows with their reasons, ready to be mended and imported again."""
    return write_rejected(report.headings, report.rejected_rows)


def look_at(
    store: Store, source: Path, *, mapping_name: str = "", encoding: str | None = None
) -> tuple[ReadReport, list[ParsedRow]]:
    """Read the start of a list: how it was understood, for the preview before an import."""
    mapping = load_mapping(store, mapping_name) if mapping_name else None
    return preview(source, mapping, encoding=encoding)


def pasted_list(
    text: str, html: str, *, now: datetime, mapping: Mapping | None = None
) -> tuple[str, bytes, str]:
    """Return a table from the clipboard as a list: its name, its content, what was added to it.

    It holds names and numbers of citizens, and stands in no file. What somebody brings to the desk
    on a sheet of their own tells no moment of receipt: it is handed in here and now.

    Raises:
        ListFileError: what was copied is no table.
    """
    rows = pasted_rows(text, html)
    known = propose_mapping(rows[0], mapping).columns
    told = ""
    if "applicant_name" in known and "received_at" not in known:
        added = {"received_at": f"{now:%d/%m/%Y %H:%M}"}
        if "channel" not in known:
            added["channel"] = CHANNEL_LABELS[Channel.COUNTER]
        width = max(map(len, rows))
        headings = [COLUMNS_BY_NAME[name].heading for name in added]
        for number, row in enumerate(rows):
            row.extend([""] * (width - len(row)))
            row.extend(added.values() if number else headings)
        told = (
            f"Bảng không ghi giờ nhận: các hồ sơ mới được ghi là nhận trực tiếp lúc "
            f"{now:%H:%M %d/%m/%Y}."
        )
    return f"bang-dan-{now:%Y%m%d-%H%M%S}.csv", to_csv(rows), told


def load_mapping(store: Store, name: str) -> Mapping:
    """Return a saved way of reading a system's lists.

    Raises:
        NotFoundError: none has this name.
    """
    row = store.row("SELECT body FROM listmapping WHERE name = ?", (name,))
    if row is None:
        known = ", ".join(mapping_names(store)) or "chưa có"
        raise NotFoundError(f"Không có cách đọc tên “{name}” (đã lưu: {known}).", field="mapping")
    return Mapping.from_json(row[0])


def mapping_names(store: Store) -> list[str]:
    """Return the names of the saved ways of reading."""
    return [name for (name,) in store.rows("SELECT name FROM listmapping ORDER BY name")]


def keep_mapping(store: Store, *, name: str, mapping: Mapping) -> None:
    """Save a way of reading by name, so that tomorrow's list needs no questions."""
    mapping.check()
    with store.transaction():
        row = store.row("SELECT body FROM listmapping WHERE name = ?", (name,))
        told = {
            "was": "" if row is None else json.loads(row[0]),
            "now": json.loads(mapping.to_json()),
        }
        audit.record(store, "list-import", target=name, what="lưu cách đọc tệp", **told)
        store.execute(
            "INSERT INTO listmapping (name, body) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (name, mapping.to_json()),
        )


def import_list(
    store: Store,
    source: Path | bytes,
    *,
    name: str,
    by: str,
    now: datetime,
    mapping: Mapping | None = None,
    mapping_name: str = "",
    save_mapping: str = "",
    encoding: str | None = None,
    dry_run: bool = False,
    strict: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take a list in: new dossiers, their dates as events, official codes, empty fields.

    The whole file is read and checked first; what is applied is applied in one transaction, so
    that a power cut leaves the data as they were. The same file again changes nothing.

    Args:
        store: the open data.
        source: CSV, XLSX, XLS or ODS: the file, or what it holds.
        name: the file's name, kept with the import.
        by: the clerk.
        now: the moment of the import.
        mapping: how the headings are read; wins over ``mapping_name``.
        mapping_name: a saved mapping.
        save_mapping: keep the mapping that was used under this name.
        encoding: chosen by a person when the file doesn't say.
        dry_run: answer what would happen and keep nothing.
        strict: refuse the whole file if a row is rejected.
        progress: called with rows done and rows in all (0 while the list is read); may raise to
            cancel, which keeps nothing.

    Raises:
        ListFileError: the file can't be read as a whole, or was changed meanwhile, or a row is
            rejected under ``strict``.
    """
    chosen = mapping or (load_mapping(store, mapping_name) if mapping_name else None)
    digest = digest_of(source)
    reading = read_list(source, chosen, encoding=encoding)
    report = ImportReport(
        headings=reading.report.headings, reading=reading.report, mapping=reading.proposal.mapping
    )
    with RowsAside(store.path.parent, stays_in_memory=store.key is not None) as aside:
        how = f"{report.mapping.to_json() if report.mapping else ''} {encoding}"
        known = taken_before(store, digest, how)
        if known is None:
            _read(reading, report, aside, progress)
            if digest_of(source) != digest:
                raise ListFileError(
                    f"Tệp {name} vừa bị thay đổi trong lúc đọc (có thể đang được chép hoặc lưu). "
                    "Chưa ghi gì. Chờ chép xong rồi nhập lại."
                )
        else:
            report.rows = report.unchanged = known
        return _take(
            store,
            aside,
            report,
            run=(name, digest, how),
            by=by,
            now=now,
            save_mapping=save_mapping,
            dry_run=dry_run,
            strict=strict,
            progress=progress,
        )


def _read(
    reading: ListReading,
    report: ImportReport,
    aside: RowsAside,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Read the whole list: what can be taken is put aside on the disk, what can't is kept."""
    for number, row in enumerate(reading, start=1):
        if progress is not None and number % _TOLD_EVERY == 0:
            progress(number, 0)
        if row.row is not None:
            aside.add(row)
        elif len(report.rejected_rows) < _KEPT_ROWS:
            report.rejected_rows.append((row.cells, row.errors))
        if aside.count <= _EXAMPLE_ROWS:
            for heading, cell in zip(report.headings, row.cells, strict=False):
                if cell.strip():
                    report.examples.setdefault(heading, cell)
    told = reading.report
    report.rows, report.rejected = told.total, told.rejected
    report.errors = list(told.errors)
    report.notes = _reading_notes(told)
    report.row_notes = list(told.notes[:_SHOWN_ERRORS])


def _take(
    store: Store,
    aside: RowsAside,
    report: ImportReport,
    *,
    run: tuple[str, str, str],
    by: str,
    now: datetime,
    save_mapping: str,
    dry_run: bool,
    strict: bool,
    progress: Callable[[int, int], None] | None,
) -> ImportReport:
    if strict and report.rejected:
        first = report.errors[0]
        raise ListFileError(
            f"Tệp {run[0]} có {report.rejected} dòng bị loại (dòng {first.line}: {first.message}) "
            "nên cả tệp bị từ chối theo yêu cầu. Chưa ghi gì."
        )
    try:
        with store.transaction():
            journal.check_clock(store, now)
            _apply(store, aside, report, name=run[0], by=by, now=now, progress=progress)
            if dry_run:
                raise _DryRunError
            if save_mapping and report.mapping is not None:
                keep_mapping(store, name=save_mapping, mapping=report.mapping)
            _keep_run(store, report, run, by=by, now=now)
            audit.record(store, "list-import", target=str(report.import_id), count=report.rows)
    except _DryRunError:
        # The transaction was rolled back on purpose: the counts are true, the data untouched.
        store.cache.clear()
    return report


class _DryRunError(Exception):
    """Ends a dry run by rolling its transaction back."""


def _reading_notes(report: ReadReport) -> list[str]:
    notes = []
    if report.doubtful and report.sniff_note:
        notes.append(report.sniff_note)
    if report.unmatched:
        notes.append(f"Bỏ qua các cột không nhận ra: {', '.join(report.unmatched)}.")
    return notes


def _apply(
    store: Store,
    aside: RowsAside,
    report: ImportReport,
    *,
    name: str,
    by: str,
    now: datetime,
    progress: Callable[[int, int], None] | None,
) -> None:
    taker = RowTaker(store, source=name, by=by, now=now)
    rows = iter(aside)
    done = 0
    while some := list(islice(rows, _WRITTEN_AT_ONCE)):
        taker.prepare(some)
        for number, row in enumerate(some, start=done + 1):
            _take_row(taker, row, report)
            if progress is not None and number % _TOLD_EVERY == 0:
                progress(number, aside.count)
        taker.flush()
        done += len(some)


def _take_row(taker: RowTaker, row: AsideRow, report: ImportReport) -> None:
    taken = taker.take(row.line, row.row)
    setattr(report, taken.outcome.value, getattr(report, taken.outcome.value) + 1)
    if len(report.errors) < _KEPT_ROWS:
        report.errors.extend(taken.errors)
    if taken.outcome is Outcome.REJECTED and len(report.rejected_rows) < _KEPT_ROWS:
        report.rejected_rows.append((row.cells, taken.errors))
    report.notes.extend(taken.notes)


def _keep_run(
    store: Store, report: ImportReport, run: tuple[str, str, str], *, by: str, now: datetime
) -> None:
    name, digest, how = run
    counts: dict[str, Any] = {k: v for k, v in report_json(report).items() if isinstance(v, int)}
    counts["remarks"] = len(report.notes) + len(report.row_notes)
    counts["mark"] = mark_of(store, how)
    cursor = store.execute(
        'INSERT INTO importrun (name, sha256, at, "by", counts) VALUES (?, ?, ?, ?, ?)',
        (name, digest, to_epoch(now), by, json.dumps(counts)),
    )
    report.import_id = int(cursor.lastrowid)


def dossier_count(store: Store) -> int:
    """Return how many dossiers there are, void ones too."""
    row = store.row("SELECT count(*) FROM dossier")
    return int(row[0]) if row else 0
