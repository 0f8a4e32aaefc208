"""What the page of the quick register may ask of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from counter_app.domain.books import Book
from counter_app.domain.catalogue import Procedure
from counter_app.services.quick import QuickLine, QuickRequest
from counter_app.services.till import TillDay

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class QuickCalls:
    """The use cases of same-day work, bound to one store."""

    now: Callable[[], datetime]
    procedures: Callable[[], Sequence[Procedure]]
    book_of: Callable[[str], Book | None]
    next_number: Callable[[str], int]
    start_book: Callable[[str, int], int]
    lines: Callable[[], Sequence[QuickLine]]
    enter: Callable[[QuickRequest], QuickLine]
    take_back: Callable[[str, str], QuickLine]
    print_receipt: Callable[[QuickLine], None]
    till: Callable[[date], TillDay]
    till_file: Callable[[TillDay, str], bytes]


def quick_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_papers: Callable[[list[str]], None],
) -> QuickCalls:
    """Bind the services; ``clerk`` names who acts, each time anew."""
    from counter_app.domain.books import book_for
    from counter_app.services import papers, quick, till

    def receipt(line: QuickLine) -> None:
        print_papers([papers.print_receipt(store, line.uuid, by=clerk(), now=clock())])

    return QuickCalls(
        now=clock,
        procedures=lambda: quick.quick_procedures(store, on=clock().date()),
        book_of=lambda code: book_for(quick.books(store), code),
        next_number=lambda symbol: quick.next_number(store, symbol, year=clock().year),
        start_book=lambda symbol, number: quick.start_book(
            store, symbol, number=number, year=clock().year, by=clerk(), now=clock()
        ),
        lines=lambda: quick.lines_of(store, clock().date()),
        enter=lambda request: quick.enter_line(store, request, by=clerk(), now=clock()),
        take_back=lambda uuid, reason: quick.take_back_line(
            store, uuid, reason=reason, by=clerk(), now=clock()
        ),
        print_receipt=receipt,
        till=lambda day: till.till_day(store, day),
        till_file=partial(till.till_file, store),
    )
