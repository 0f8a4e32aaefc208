"""Due moments (thời gian hẹn trả) with their proof.

Day counting follows Bộ luật Dân sự 2015 Điều 147-148: the day of receipt isn't counted, the limit
ends at the closing time of its last day. Hour counting is what the official systems do: a working
day is 8 working hours from the minute of receipt. Every rule works on the calendar it is given;
nothing here knows a holiday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from counter_app.domain.calendar import NO_HOURS, Calendar
from counter_app.domain.counting import (
    Held,
    clocked_off,
    counted_from,
    free_closing,
    from_minutes,
    is_too_long_closed,
    lapsed,
    last_day,
    merge_pauses,
    minutes_of,
    passes_cutoff,
    to_minutes,
    worked_off,
)
from counter_app.domain.limits import (
    NO_CUTOFF,
    Counting,
    CutOff,
    CutOffKind,
    Limit,
    LimitUnit,
    Pause,
    Question,
    check_pauses,
    parse_counting,
    parse_cutoff,
    parse_limit,
    parse_pauses,
)
from counter_app.domain.proof import Step, StepKind, prove
from counter_app.domain.timeliness import Boundary, Timeliness, classify, classify_open, is_past
from counter_app.domain.worktable import DAY_MINUTES

__all__ = [
    "NO_CUTOFF",
    "Answer",
    "Boundary",
    "Counting",
    "CutOff",
    "CutOffKind",
    "DeadlineError",
    "Limit",
    "LimitUnit",
    "Pause",
    "Question",
    "Step",
    "StepKind",
    "Timeliness",
    "check_pauses",
    "classify",
    "classify_open",
    "due",
    "due_moment",
    "is_past",
    "parse_counting",
    "parse_cutoff",
    "parse_limit",
    "parse_pauses",
    "promise",
]

_WORKING_DAYS = LimitUnit.WORKING_DAYS
_BY_MINUTES = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_MINUTES, LimitUnit.CLOCK_HOURS})


class DeadlineError(ValueError):
    """There is no due moment that isn't a guess; the message is a Vietnamese sentence."""


@dataclass(frozen=True)
class Answer:
    """A due moment (thời gian hẹn trả) and why it is this one.

    ``due_at`` is None while a pause is open that began by the due moment. ``counting`` is the
    school that was asked for as far as the limit knows two; under a promise ``bound`` is the one
    whose moment was the earlier and ``rival_due_at`` the other's moment. ``provisional`` says that
    the answer rests on a year or a day that isn't confirmed.
    """

    question: Question
    due_at: datetime | None
    counting: Counting
    bound: Counting
    provisional: bool
    rival_due_at: datetime | None = None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The day-by-day proof (diễn giải từng ngày), made when it is first read."""
        question = self.question._replace(counting=self.bound)
        return prove(question, self.due_at, rival_due_at=self.rival_due_at)


def due(
    calendar: Calendar,
    *,
    received: datetime,
    limit: Limit,
    counting: Counting = Counting.DAY,
    cutoff: CutOff = NO_CUTOFF,
    pauses: Iterable[Pause] = (),
) -> Answer:
    """Return the due moment by one school of counting.

    Raises:
        DeadlineError: the calendar has no opening hours, is closed for 4,000 days in a row before
            the limit is used up, or the limit ends after the year 9999.
    """
    question = Question(calendar, received, limit, counting, cutoff, tuple(pauses))
    return _answer(question)


def promise(
    calendar: Calendar,
    *,
    received: datetime,
    limit: Limit,
    counting: Counting = Counting.DAY,
    cutoff: CutOff = NO_CUTOFF,
    pauses: Iterable[Pause] = (),
) -> Answer:
    """Return what a citizen is promised: under the hour school the earlier of both moments.

    Raises:
        DeadlineError: as ``due``.
    """
    question = Question(calendar, received, limit, counting, cutoff, tuple(pauses))
    answer = _answer(question)
    if limit.unit is not _WORKING_DAYS or answer.counting is Counting.DAY:
        return answer
    by_day = _answer(question._replace(counting=Counting.DAY))
    first, other = answer, by_day
    if by_day.due_at is not None and (answer.due_at is None or by_day.due_at < answer.due_at):
        first, other = by_day, answer
    return Answer(
        question=question,
        due_at=first.due_at,
        counting=Counting.HOUR,
        bound=first.counting,
        provisional=first.provisional,
        rival_due_at=other.due_at,
    )


def due_moment(calendar: Calendar, received: datetime, limit: Limit) -> datetime:
    """Return the due moment of a limit by day counting, without cut-off, pauses or proof.

    For working days this is one look-up in the calendar's table once that reaches so far.

    Raises:
        DeadlineError: as ``due``.
    """
    found = _look_up(calendar, received, limit) or _find(Question(calendar, received, limit), ())
    if found is None:
        msg = "a limit without pauses ends"
        raise AssertionError(msg)
    return found


def _look_up(calendar: Calendar, received: datetime, limit: Limit) -> datetime | None:
    """Return the due moment of working days by the calendar's table, None where that has none.

    The day of receipt isn't counted, so that its hour plays no part.
    """
    table = calendar.table
    if table is not None and limit.unit is _WORKING_DAYS and limit.amount:
        place = received.toordinal() - table.first
        if place >= 0:
            try:
                return table.closing_at[table.after[place] + limit.amount - 1]
            except IndexError:  # the table doesn't reach so far yet
                pass
    return None


def _answer(question: Question) -> Answer:
    held = merge_pauses(check_pauses(question.pauses)) if question.pauses else ()
    due_at = _find(question, held)
    used = _counting_used(question)
    return Answer(
        question=question,
        due_at=due_at,
        counting=used,
        bound=used,
        provisional=not _is_certain(question, due_at, held),
    )


def _counting_used(question: Question) -> Counting:
    """Return the school a limit is counted by: most limits know only one."""
    limit = question.limit
    if limit.unit in _BY_MINUTES:
        return Counting.HOUR
    return question.counting if limit.unit is _WORKING_DAYS and limit.amount else Counting.DAY


def _is_certain(question: Question, due_at: datetime | None, held: Held) -> bool:
    if question.limit.unit is LimitUnit.CLOCK_HOURS:  # rests on no calendar
        return True
    first = question.received.date()
    last = first
    if due_at is not None:
        last = due_at.date()
    elif held[-1][0] // DAY_MINUTES > first.toordinal():
        last = date.fromordinal(held[-1][0] // DAY_MINUTES)
    return question.calendar.is_certain(first, last)


def _find(question: Question, held: Held) -> datetime | None:
    """Return the due moment, None while an open pause holds it."""
    calendar = question.calendar
    is_plain = not held and question.cutoff.kind is not CutOffKind.NEXT_DAY_START
    if is_plain and question.counting is Counting.DAY:
        known = _look_up(calendar, question.received, question.limit)
        if known is not None:
            return known
    if not calendar.ever_opens:
        raise DeadlineError(NO_HOURS)
    try:
        received = to_minutes(question.received)
        found = _count(question, received, held)
        # A clock can run past the last day too.
        moment = None if found is None else from_minutes(found)
    except OverflowError:
        msg = f"Hạn {question.limit.in_words()} kết thúc sau năm 9999; hãy xem lại thời hạn."
        raise DeadlineError(msg) from None
    if calendar.closed_runs and question.limit.unit is not LimitUnit.CLOCK_HOURS:
        _refuse_long_closures(question, received, found, held)
    return moment


def _count(question: Question, received: int, held: Held) -> int | None:
    """Apply the rule of the limit's unit."""
    calendar, limit, cutoff = question.calendar, question.limit, question.cutoff
    unit = limit.unit
    if unit is LimitUnit.CLOCK_HOURS:
        return clocked_off(received, minutes_of(limit), held)
    start = counted_from(calendar, received, limit, cutoff)
    next_day = (start // DAY_MINUTES + 1) * DAY_MINUTES
    if limit.is_same_day:
        late = cutoff.kind is CutOffKind.NEXT_DAY_RESULT and passes_cutoff(calendar, start, cutoff)
        return free_closing(calendar, next_day if late else start + 1, 1, held)
    if unit is LimitUnit.CALENDAR_DAYS or unit is LimitUnit.MONTHS:
        return lapsed(calendar, start, last_day(start, limit), held)
    if unit is _WORKING_DAYS and question.counting is Counting.DAY:
        return free_closing(calendar, next_day, limit.amount, held)
    return worked_off(calendar, start, minutes_of(limit), held)


def _refuse_long_closures(question: Question, received: int, found: int | None, held: Held) -> None:
    """Refuse an answer that lies behind a closure too long to count through."""
    last = held[-1][0] if found is None else found
    first = received // DAY_MINUTES
    if _counting_used(question) is Counting.DAY:
        first += 1
    if is_too_long_closed(question.calendar, first, last // DAY_MINUTES):
        msg = (
            "Lịch không có ngày mở cửa nào trong 4.000 ngày liền trước khi hết thời hạn; hãy xem"
            " lại lịch làm việc."
        )
        raise DeadlineError(msg)
