"""What a filter of the page of dossiers and the file of its list may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from counter_app.domain.list_filter import ListFilter
from counter_app.ui.task_runner import Job

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class FilterCalls:
    """Names to choose from, filters by name, what they find, the list as a file."""

    now: Callable[[], datetime]
    people: Callable[[], tuple[Sequence[str], Sequence[str]]]  # units and officers
    sectors: Callable[[], Sequence[str]]
    procedures: Callable[[], Mapping[str, str]]
    saved: Callable[[], Mapping[str, ListFilter]]
    save: Callable[[str, ListFilter], None]
    forget: Callable[[str], None]
    find: Callable[[ListFilter, Job], list[int]]
    count: Callable[[str], int]  # how many a search finds, beyond the newest that are shown
    write: Callable[[Sequence[int], Path, str, Job], int]


def filter_calls(store: Store, *, clock: Callable[[], datetime]) -> FilterCalls:
    """Bind the services to one store."""
    from counter_app.services import catalogue, filters, list_files, searching

    def heard(job: Job) -> Callable[[int, int], None]:
        def told(done: int, total: int) -> None:
            job.check()
            job.progress(done, total)

        return told

    def procedures() -> Mapping[str, str]:
        known = catalogue.procedures(store, on=clock().date())
        return {one.code: one.name for one in sorted(known, key=lambda one: one.name)}

    return FilterCalls(
        now=clock,
        people=lambda: filters.units_and_officers(store),
        sectors=lambda: sorted(catalogue.sectors(store)),
        procedures=procedures,
        saved=lambda: filters.saved_filters(store),
        save=lambda name, chosen: filters.save_filter(store, name, chosen, now=clock()),
        forget=lambda name: filters.forget_filter(store, name),
        find=lambda chosen, job: filters.ids_of(store, chosen, now=clock(), progress=heard(job)),
        count=lambda text: searching.count_found(store, text),
        write=lambda ids, path, words, job: list_files.write_list(
            store, ids, path, words=words, now=clock(), progress=heard(job)
        ),
    )
