"""What the page of exchanges may ask of the house; bound to the services once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.services.scan_travel import ScanSum
from counter_app.services.sync_conflicts import ConflictFacts
from counter_app.services.sync_export import ExportReport
from counter_app.services.sync_import import BundleReport
from counter_app.services.sync_overview import (
    BundleFile,
    FileMark,
    Overview,
    RunFacts,
    removable_places,
)

if TYPE_CHECKING:
    from counter_app.services.store import Store

__all__ = [
    "BundleFile",
    "BundleReport",
    "ConflictFacts",
    "ExportReport",
    "FileMark",
    "Overview",
    "Progress",
    "RunFacts",
    "ScanSum",
    "SyncCalls",
    "sync_calls",
]


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SyncCalls:
    """The use cases of the exchange between desks."""

    overview: Callable[[], Overview]
    runs: Callable[[], Sequence[RunFacts]]
    places: Callable[[], Sequence[Path]]
    files: Callable[[Path, Mapping[Path, FileMark]], list[BundleFile]]
    export: Callable[[Path, bool, Progress], tuple[Path, ExportReport]]  # with attached files?
    files_to_send: Callable[[], ScanSum]
    try_out: Callable[[Path, Progress], BundleReport]
    take_in: Callable[[Path, Progress], BundleReport]
    undo: Callable[[int, Progress], int]
    print_report: Callable[[int], None]
    folder: Callable[[], str]
    set_folder: Callable[[str], None]
    conflicts: Callable[[], list[ConflictFacts]]
    resolve: Callable[[str, str, str | None], None]  # the conflict, the event kept, a third value
    view_paper: Callable[[str, str], None]  # the paper, the dossier's code
    now: Callable[[], datetime]


def sync_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_pdf: Callable[[Callable[[], bytes]], None],
    view_paper: Callable[[str, str, Callable[[], object]], None],
    print_papers: Callable[[list[str]], None],
) -> SyncCalls:
    """Bind the services to one store."""
    from counter_app.services import (
        sync_conflicts,
        sync_export,
        sync_import,
        sync_overview,
        sync_undo,
    )
    from counter_app.services.settings import get_setting, set_setting

    def export(folder: Path, with_files: bool, progress: Progress) -> tuple[Path, ExportReport]:
        target = folder / sync_overview.export_name(store, now=clock())
        report = sync_export.export_bundle(
            store,
            target,
            by=clerk(),
            now=clock(),
            with_files=with_files,
            progress=progress,
        )
        return target, report

    def take(path: Path, progress: Progress, *, dry_run: bool) -> BundleReport:
        return sync_import.import_bundle(
            store, path, by=clerk(), now=clock(), dry_run=dry_run, progress=progress
        )

    def undo(run: int, progress: Progress) -> int:
        return sync_undo.undo_import(store, run, by=clerk(), now=clock(), progress=progress)

    def resolve(conflict: str, keep: str, value: str | None) -> None:
        sync_conflicts.resolve(store, conflict, keep=keep, value=value, by=clerk(), now=clock())

    def print_again(paper: str) -> None:
        from counter_app.services import papers

        papers.reprint_paper(store, paper, by=clerk(), now=clock())
        print_papers([paper])

    def set_folder(folder: str) -> None:
        set_setting(store, key="sync_folder", value=folder)

    return SyncCalls(
        overview=lambda: sync_overview.overview(store, now=clock()),
        runs=lambda: sync_overview.runs(store),
        places=removable_places,
        files=lambda folder, before: sync_overview.files_in(store, folder, before),
        export=export,
        files_to_send=lambda: sync_export.files_to_send(store, now=clock()),
        try_out=lambda path, progress: take(path, progress, dry_run=True),
        take_in=lambda path, progress: take(path, progress, dry_run=False),
        undo=undo,
        print_report=lambda run: print_pdf(lambda: sync_overview.run_pdf(store, run)),
        folder=lambda: str(get_setting(store, "sync_folder")),
        set_folder=set_folder,
        conflicts=lambda: sync_conflicts.show_conflicts(store),
        resolve=resolve,
        view_paper=lambda paper, code: view_paper(paper, code, lambda: print_again(paper)),
        now=clock,
    )
