"""What the calendar's editor may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counter_app.domain.calendar import Calendar
    from counter_app.services.calendar_edits import CalendarEdit, CalendarPreview, TouchedPromise
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class CalendarCalls:
    """The use cases of the calendar's editor."""

    now: Callable[[], datetime]
    calendar: Callable[[], Calendar]
    year: Callable[[int], dict[str, Any]]
    preview: Callable[..., CalendarPreview]  # this and the next two take ``progress``
    take_in: Callable[..., CalendarPreview]
    confirm: Callable[..., CalendarPreview]
    waiting: Callable[[], Sequence[TouchedPromise]]
    inverse: Callable[[CalendarEdit], CalendarEdit]
    take_back: Callable[[CalendarEdit], None]
    read_file: Callable[[Path], CalendarEdit]
    write_people: Callable[..., None]
    print_people: Callable[..., None]

    @property
    def today(self) -> date:
        """The day it is."""
        return self.now().date()


def calendar_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_made: Callable[[Callable[[], bytes]], None],
) -> CalendarCalls:
    """Bind the services to one store."""
    from counter_app.services import calendar_edits, calendars, data_files

    def confirm(
        edit: CalendarEdit,
        *,
        decision: str,
        shown: Sequence[TouchedPromise],
        progress: Callable[[int, int], None],
    ) -> CalendarPreview:
        return calendar_edits.confirm(
            store,
            edit,
            decision=decision,
            by=clerk(),
            now=clock(),
            shown=shown,
            progress=progress,
        )

    def read_file(path: Path) -> CalendarEdit:
        return calendar_edits.read_entries(data_files.read_entries(path))

    def print_people(found: Sequence[TouchedPromise], *, decision: str) -> None:
        print_made(lambda: calendar_edits.people_pdf(store, found, decision=decision))

    return CalendarCalls(
        now=clock,
        calendar=partial(calendars.calendar, store),
        year=partial(calendars.year, store),
        preview=partial(calendar_edits.preview, store),
        take_in=partial(calendar_edits.take_in, store),
        confirm=confirm,
        waiting=partial(calendar_edits.waiting, store),
        inverse=partial(calendar_edits.inverse, store),
        take_back=partial(calendar_edits.take_back, store),
        read_file=read_file,
        write_people=partial(calendar_edits.write_people, store),
        print_people=print_people,
    )
