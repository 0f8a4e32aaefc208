"""What the page of lists may ask of the house; bound to the services once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.services.lists import ImportReport, Mapping
from counter_app.ui.sync_calls import Progress

if TYPE_CHECKING:
    from counter_app.services.store import Store

__all__ = ["ImportCalls", "ImportReport", "Mapping", "import_calls"]


@dataclass(frozen=True, slots=True)
class ImportCalls:
    """What the page asks of the house."""

    try_out: Callable[
        [Path, str, Progress], ImportReport
    ]  # a dry run; the mapping's name may be ""
    take_in: Callable[[Path, str, Progress], ImportReport]
    mapping_names: Callable[[], list[str]]
    keep_mapping: Callable[[str, Mapping], None]
    save_rejected: Callable[[ImportReport, Path], None]
    # Text and HTML of the clipboard, the mapping's name -> a list to look at, what was added to it.
    pasted: Callable[[str, str, str], tuple[Path, str]]


def import_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> ImportCalls:
    """Bind the services to one store."""
    from counter_app.atomic import write_atomically
    from counter_app.services import lists

    kept: dict[Path, bytes] = {}  # the table that was pasted last, under a name that no file has

    def pasted(text: str, html: str, mapping: str) -> tuple[Path, str]:
        chosen = lists.load_mapping(store, mapping) if mapping else None
        name, data, told = lists.pasted_list(text, html, now=clock(), mapping=chosen)
        kept.clear()
        kept[Path(name)] = data
        return Path(name), told

    def run(path: Path, mapping: str, progress: Progress, *, dry_run: bool) -> ImportReport:
        return lists.import_list(
            store,
            kept.get(path, path),
            name=path.name,
            mapping_name=mapping,
            dry_run=dry_run,
            by=clerk(),
            now=clock(),
            progress=progress,
        )

    return ImportCalls(
        try_out=lambda path, mapping, progress: run(path, mapping, progress, dry_run=True),
        take_in=lambda path, mapping, progress: run(path, mapping, progress, dry_run=False),
        mapping_names=lambda: lists.mapping_names(store),
        keep_mapping=lambda name, mapping: lists.keep_mapping(store, name=name, mapping=mapping),
        pasted=pasted,
        save_rejected=lambda report, path: write_atomically(path, lists.rejected_csv(report)),
    )
