"""What the page of the head's board may ask of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from counter_app.domain.board import BoardFacts

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class BoardCalls:
    """The board, the dossiers behind its figures, and its page for the meeting."""

    now: Callable[[], datetime]
    board: Callable[[], BoardFacts]
    # figure, unit and officer of its line (None: all), day
    ids: Callable[[str, str | None, str | None, date | None], list[int]]
    pdf: Callable[[BoardFacts], bytes]
    print_pdf: Callable[[bytes], object]
    save_pdf: Callable[[bytes], object]


def board_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    print_pdf: Callable[[bytes], object],
    save_pdf: Callable[[bytes], object],
) -> BoardCalls:
    """Bind the services to one store."""
    from counter_app.services import board

    def ids(figure: str, unit: str | None, officer: str | None, day: date | None) -> list[int]:
        return board.ids_behind(store, figure, unit=unit, officer=officer, day=day, now=clock())

    return BoardCalls(
        now=clock,
        board=lambda: board.board(store, now=clock()),
        ids=ids,
        pdf=lambda facts: board.board_pdf(store, facts),
        print_pdf=print_pdf,
        save_pdf=save_pdf,
    )
