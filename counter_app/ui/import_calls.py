"""What the page of lists may ask of the house; bound to the services once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.services.lists import ImportReport, Mapping
from counter_app.ui.task_runner import Job

if TYPE_CHECKING:
    from counter_app.services.store import Store

__all__ = ["ImportCalls", "ImportReport", "Mapping", "import_calls"]


@dataclass(frozen=True, slots=True)
class ImportCalls:
    """What the page asks of the house."""

    try_out: Callable[[Path, str, Job], ImportReport]  # a dry run; the mapping's name may be ""
    take_in: Callable[[Path, str, Job], ImportReport]
    mapping_names: Callable[[], list[str]]
    keep_mapping: Callable[[str, Mapping], None]
    save_rejected: Callable[[ImportReport, Path], None]


def import_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> ImportCalls:
    """Bind the services to one store."""
    from counter_app.atomic import write_atomically
    from counter_app.services import lists

    def run(path: Path, mapping: str, job: Job, *, dry_run: bool) -> ImportReport:
        def progress(done: int, total: int) -> None:
            job.check()
            job.progress(done, total)

        return lists.import_list(
            store,
            path,
            name=path.name,
            mapping_name=mapping,
            dry_run=dry_run,
            by=clerk(),
            now=clock(),
            progress=progress,
        )

    return ImportCalls(
        try_out=lambda path, mapping, job: run(path, mapping, job, dry_run=True),
        take_in=lambda path, mapping, job: run(path, mapping, job, dry_run=False),
        mapping_names=lambda: lists.mapping_names(store),
        keep_mapping=lambda name, mapping: lists.keep_mapping(store, name=name, mapping=mapping),
        save_rejected=lambda report, path: write_atomically(path, lists.rejected_csv(report)),
    )
