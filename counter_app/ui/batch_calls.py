"""What the window for printing a whole list may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_app.services.store import Store

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BatchCalls:
    """The use cases of printing many papers at once.

    ``issue`` records all papers or none and returns their uuids, ``make`` draws them; both hear
    their progress back and stop when it raises. ``print_pdf`` and ``save_pdf`` take the file.
    """

    kinds: Callable[[], Mapping[str, str]]
    issue: Callable[[Sequence[str], str, Progress], list[str]]
    make: Callable[[Sequence[str], Progress], bytes]
    print_pdf: Callable[[bytes], object]
    save_pdf: Callable[[bytes], object]


def batch_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_pdf: Callable[[bytes], object],
    save_pdf: Callable[[bytes], object],
) -> BatchCalls:
    """Bind the services to one store."""

    def kinds() -> Mapping[str, str]:
        from counter_app.services import batches

        return batches.batch_kinds(store, now=clock())

    def issue(codes: Sequence[str], kind: str, progress: Progress) -> list[str]:
        from counter_app.services import batches

        return batches.print_many(
            store, codes, kind=kind, by=clerk(), now=clock(), progress=progress
        )

    def make(uuids: Sequence[str], progress: Progress) -> bytes:
        from counter_app.services import papers

        return papers.paper_pdf(store, uuids, progress=progress)

    return BatchCalls(kinds, issue, make, print_pdf, save_pdf)
