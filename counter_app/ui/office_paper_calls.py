"""What the window may ask about papers of the office: the outage kit and the sheets to units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from counter_app.domain.calendar import Calendar
from counter_app.domain.outage import ReservedFacts
from counter_app.domain.unit_sheet import SheetRowFacts

if TYPE_CHECKING:
    from counter_app.services.store import Store


@dataclass(frozen=True, slots=True)
class OfficePaperCalls:
    """The use cases of these windows; tests hand in fakes."""

    now: Callable[[], datetime]
    usual_count: Callable[[], int]
    make_kit: Callable[[int], str]
    has_kit: Callable[[], bool]  # for the next working day
    reserved: Callable[[str], Sequence[ReservedFacts]]
    reserved_one: Callable[[str], ReservedFacts | None]
    close_numbers: Callable[[Sequence[str], str], Sequence[str]]
    reopen_number: Callable[[str, str], None]
    make_sheets: Callable[..., Sequence[str]]  # the progress, if it is wanted
    sheets: Callable[[], Sequence[Any]]  # OfficePaperRow, newest first
    sheet: Callable[[str], tuple[Any, Sequence[SheetRowFacts]]]
    answer: Callable[..., Any]  # code, position, answer, reason, proposed
    letters_ready: Callable[[str], Sequence[str]]
    issue_letters: Callable[[str, Callable[[int, int], object]], list[str]]
    print_again: Callable[[str], Any]
    reasons: Callable[[], Sequence[str]]
    calendar: Callable[[], Calendar]
    print_codes: Callable[[Sequence[str]], None]  # hands papers of the office to the printer
    print_papers: Callable[[list[str]], None]  # letters, by their uuids


def office_paper_calls(
    store: Store,
    *,
    clock: Callable[[], datetime],
    clerk: Callable[[], str],
    print_codes: Callable[[Sequence[str]], None],
    print_papers: Callable[[list[str]], None],
) -> OfficePaperCalls:
    """Bind the services to one store."""
    from counter_app.services import calendars, office_papers, outage, unit_sheets
    from counter_app.services.settings import get_setting

    def answer(code: str, position: int, **values: Any) -> Any:
        return unit_sheets.answer_row(store, code, position, by=clerk(), now=clock(), **values)

    def issue_letters(code: str, progress: Callable[[int, int], object]) -> list[str]:
        known = get_setting(store, "signers")
        signer = known[0] if known else ""
        return unit_sheets.issue_letters(
            store, code, signer=signer, by=clerk(), now=clock(), progress=progress
        )

    return OfficePaperCalls(
        now=clock,
        usual_count=lambda: int(get_setting(store, "outage_receipts")),
        has_kit=lambda: outage.has_kit_for_next_day(store, clock()),
        make_kit=lambda count: outage.make_kit(store, count=count, by=clerk(), now=clock()),
        reserved=lambda state: outage.reserved(store, state=state),
        reserved_one=lambda number: outage.reserved_one(store, number),
        close_numbers=lambda numbers, reason: outage.close_numbers(
            store, numbers, reason=reason, by=clerk(), now=clock()
        ),
        reopen_number=lambda number, reason: outage.reopen_number(
            store, number, reason=reason, by=clerk(), now=clock()
        ),
        make_sheets=lambda progress=None: unit_sheets.make_sheets(
            store, by=clerk(), now=clock(), progress=progress
        ),
        sheets=lambda: office_papers.listed(store, office_papers.SHEET),
        sheet=lambda code: unit_sheets.rows_of(store, code),
        answer=answer,
        letters_ready=lambda code: unit_sheets.letters_ready(store, code, now=clock()),
        issue_letters=issue_letters,
        print_again=lambda code: office_papers.print_again(store, code, now=clock()),
        reasons=lambda: list(get_setting(store, "usual_reasons")),
        calendar=lambda: calendars.calendar(store),
        print_codes=print_codes,
        print_papers=print_papers,
    )
