"""The day-by-day proof (diễn giải từng ngày) of a due moment, in words a citizen can follow.

The proof walks the calendar day by day by itself; that it ends where the arithmetic ends is what
the tests keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from counter_app.domain.calendar import (
    Calendar,
    CalendarDay,
    DayKind,
    Hours,
    Session,
    clock,
    format_hours,
)
from counter_app.domain.counting import (
    OPEN,
    Held,
    counted_from,
    from_minutes,
    last_day,
    merge_pauses,
    passes_cutoff,
    to_minutes,
)
from counter_app.domain.limits import Counting, CutOffKind, LimitUnit, Question
from counter_app.domain.worktable import DAY_MINUTES

_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_FRIDAY = 4
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_WHOLE_DAY = (Session(0, DAY_MINUTES),)
_PAUSED = "tạm dừng tính hạn"
_NOT_COUNTED = "nhận, không tính"


class StepKind(StrEnum):
    """What a day of the proof is."""

    RECEIPT = "receipt"
    COUNTED = "counted"
    NOT_COUNTED = "not_counted"
    DUE = "due"


class Step(NamedTuple):
    """One day of the proof (một dòng diễn giải); ``text`` is the whole line.

    ``reason`` says why the day isn't counted, or what is special about it; ``minutes`` are the
    minutes used up on it where the limit runs by minutes.
    """

    date: date
    kind: StepKind
    reason: str
    minutes: int | None
    text: str


def day_label(day: date, beside: date) -> str:
    """Write a day as ``T3 24/11``, with its year where that isn't the other day's.

    >>> day_label(date(2026, 11, 24), date(2026, 11, 20))
    'T3 24/11'
    """
    label = f"{_WEEKDAYS[day.weekday()]} {day.day:02d}/{day.month:02d}"
    return label if day.year == beside.year else f"{label}/{day.year}"


def minutes_in_words(minutes: int) -> str:
    """Write minutes as ``1 giờ 30 phút``.

    >>> minutes_in_words(480)
    '8 giờ'
    """
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} phút"
    return f"{hours} giờ {rest} phút" if rest else f"{hours} giờ"


def reason_not_working(calendar: Calendar, day: date) -> str:
    """Say why a day is no working day: ``nghỉ Ngày Văn hóa Việt Nam``, ``nghỉ cuối tuần``."""
    row = calendar.day(day)
    if row is not None and row.kind is not DayKind.MAKEUP:
        reason = _reason_of_row(row)
    elif calendar.is_desk_open(day):
        reason = "mở quầy, không tính là ngày làm việc"
    else:
        reason = "nghỉ cuối tuần" if day.weekday() > _FRIDAY else "không làm việc"
    uncertain = row is not None and not row.confirmed
    if uncertain or not calendar.is_confirmed(day.year):
        return f"{reason} (lịch chưa xác nhận)" if row is not None else reason
    return reason


def _reason_of_row(row: CalendarDay) -> str:
    name = row.name.strip()
    if row.kind is DayKind.SPECIAL and row.hours:
        return f"mở quầy ({name}), không tính" if name else "mở quầy, không tính là ngày làm việc"
    if row.kind is DayKind.SPECIAL:
        return f"đóng cửa: {name}" if name else "đóng cửa"
    if not name:
        return "nghỉ lễ"
    # A substitute day is called "Nghỉ bù …" already.
    return name[0].lower() + name[1:] if name.lower().startswith("nghỉ") else f"nghỉ {name}"


def prove(
    question: Question, due_at: datetime | None, *, rival_due_at: datetime | None = None
) -> tuple[Step, ...]:
    """Return the proof of a due moment, from the day of receipt to the due day.

    While an open pause holds the limit the proof ends on the day that pause began.
    """
    return tuple(_Proof(question, due_at, rival_due_at).steps())


class _Proof:
    """The walk from receipt to the due day."""

    def __init__(
        self, question: Question, due_at: datetime | None, rival_due_at: datetime | None
    ) -> None:
        self.question = question
        self.calendar = question.calendar
        self.held: Held = merge_pauses(question.pauses)
        self.start = counted_from(
            question.calendar, to_minutes(question.received), question.limit, question.cutoff
        )
        self.received_on = question.received.date()
        self.start_on = from_minutes(self.start).date()
        self.due_at = due_at
        self.rival_due_at = rival_due_at
        self.end = self._opened_at() if due_at is None else to_minutes(due_at)
        unit = question.limit.unit
        self.by_clock = unit is LimitUnit.CLOCK_HOURS
        self.by_minutes = (
            self.by_clock
            or unit in {LimitUnit.WORKING_HOURS, LimitUnit.WORKING_MINUTES}
            or (
                unit is LimitUnit.WORKING_DAYS
                and not question.limit.is_same_day
                and question.counting is Counting.HOUR
            )
        )
        self.number = 0

    def _opened_at(self) -> int:
        """Return where the open pause holds the limit: its beginning, not before receipt."""
        return max((start for start, end in self.held if end == OPEN), default=self.start)

    def steps(self) -> Iterator[Step]:
        """Walk the days."""
        last = max(from_minutes(self.end).date(), self.received_on)
        yield self._receipt(last)
        day = self.received_on
        if day == last and self.due_at is not None:
            yield self._due(day, self._counted_text(day))
        while day < last:
            day += _ONE_DAY
            step = self._step(day, is_last=day == last)
            if day < last or self.due_at is not None or step.reason != _PAUSED:
                yield step
        if self.due_at is None:
            yield self._held_step(last)

    # -- lines ------------------------------------------------------------------------------

    def _line(
        self, day: date, kind: StepKind, words: str, *, reason: str = "", minutes: int | None = None
    ) -> Step:
        text = f"{day_label(day, self.received_on)}: {words}"
        return Step(day, kind, reason, minutes, text)

    def _receipt(self, last: date) -> Step:
        day = self.received_on
        if self.start_on != day:
            reason = self._reason_moved(day)
            opening = f"{clock(self.start % DAY_MINUTES)} {day_label(self.start_on, day)}"
            words = f"nhận {self._received_clock()}, {reason}, tính như nhận lúc {opening}"
            minutes = 0 if self.by_minutes else None
            return self._line(day, StepKind.RECEIPT, words, reason=reason, minutes=minutes)
        if self.question.limit.is_same_day:
            reason = self._reason_same_day(day)
            words = f"nhận {self._received_clock()}" + (f", {reason}" if reason else "")
            return self._line(day, StepKind.RECEIPT, words, reason=reason)
        if not self.by_minutes:
            return self._line(day, StepKind.RECEIPT, _NOT_COUNTED, reason="ngày nhận không tính")
        words = f"nhận {self._received_clock()}"
        minutes = 0
        if day != last:
            minutes = self._minutes(day)
            words += f", {self._minutes_words(day)}" if minutes else ", không tính"
        return self._line(day, StepKind.RECEIPT, words, minutes=minutes)

    def _received_clock(self) -> str:
        return f"{self.question.received:%H:%M}"

    def _reason_moved(self, day: date) -> str:
        if self.calendar.is_working_day(day):
            return f"sau {clock(self.question.cutoff.at)}"
        return reason_not_working(self.calendar, day)

    def _reason_same_day(self, day: date) -> str:
        """Say why a same-day result isn't due on the day of receipt."""
        if self.due_at is not None and self.due_at.date() == day:
            return ""
        if not self.calendar.is_working_day(day):
            return reason_not_working(self.calendar, day)
        cutoff = self.question.cutoff
        if cutoff.kind is CutOffKind.NEXT_DAY_RESULT and passes_cutoff(
            self.calendar, self.start, cutoff
        ):
            return f"sau {clock(cutoff.at)} nên trả vào ngày làm việc sau"
        if self._closing(day) <= self.start:
            return "sau giờ làm việc"
        return _PAUSED

    def _step(self, day: date, *, is_last: bool) -> Step:
        """Write one day after the day of receipt."""
        is_due = is_last and self.due_at is not None
        if day < self.start_on:
            reason = reason_not_working(self.calendar, day)
            return self._not_counted(day, reason)
        if self.by_minutes:
            return self._minutes_step(day, is_due=is_due)
        if day == self.start_on and not self.question.limit.is_same_day:
            return self._not_counted(day, "coi như ngày nhận, không tính")
        if self.question.limit.unit is LimitUnit.WORKING_DAYS:
            return self._working_day_step(day, is_due=is_due)
        return self._calendar_day_step(day, is_due=is_due)

    def _not_counted(self, day: date, reason: str) -> Step:
        minutes = 0 if self.by_minutes else None
        return self._line(day, StepKind.NOT_COUNTED, reason, reason=reason, minutes=minutes)

    def _due(self, day: date, counted: str) -> Step:
        if self.due_at is None:
            msg = "only an answer with a due moment has a due day"
            raise AssertionError(msg)
        reason = self._reason_bound()
        words = [counted, f"hẹn trả {self.due_at:%H:%M}", reason]
        minutes = self._minutes(day) if self.by_minutes else None
        text = ", ".join(word for word in words if word)
        return self._line(day, StepKind.DUE, text, reason=reason, minutes=minutes)

    def _reason_bound(self) -> str:
        """Say which of the two schools bound a promise."""
        rival = self.rival_due_at
        if rival is None or self.due_at is None:
            return ""
        if rival == self.due_at:
            return "tính theo giờ và theo ngày như nhau"
        names = ("giờ", "ngày") if self.question.counting is Counting.HOUR else ("ngày", "giờ")
        other = f"{rival:%H:%M} {day_label(rival.date(), self.received_on)}"
        return f"tính theo {names[0]}, sớm hơn tính theo {names[1]} ({other})"

    def _held_step(self, day: date) -> Step:
        began = from_minutes(max(start for start, end in self.held if end == OPEN))
        words = f"tạm dừng từ {began:%H:%M} {day_label(began.date(), self.received_on)}"
        words += ", chưa có hạn trả"
        minutes = 0 if self.by_minutes else None
        return self._line(day, StepKind.NOT_COUNTED, words, reason=_PAUSED, minutes=minutes)

    # -- by days ----------------------------------------------------------------------------

    def _closing(self, day: date) -> int:
        return day.toordinal() * DAY_MINUTES + self.calendar.working_sessions(day)[-1].end

    def _is_held(self, moment: int) -> bool:
        return any(start <= moment < end for start, end in self.held)

    def _reason_no_end(self, day: date) -> str:
        """Say why a limit can't end on this day; empty if it can."""
        if not self.calendar.is_working_day(day):
            return reason_not_working(self.calendar, day)
        return _PAUSED if self._is_held(self._closing(day)) else ""

    def _working_day_step(self, day: date, *, is_due: bool) -> Step:
        if self.question.limit.is_same_day:
            if is_due:
                return self._due(day, "")
            return self._not_counted(day, self._reason_no_end(day) or _PAUSED)
        reason = self._reason_no_end(day)
        if reason:
            return self._not_counted(day, reason)
        self.number += 1
        counted = f"ngày {self.number}{self._note(day)}"
        if is_due:
            return self._due(day, counted)
        return self._line(day, StepKind.COUNTED, counted)

    def _note(self, day: date) -> str:
        """Add what is special about a working day."""
        row = self.calendar.day(day)
        if row is None or row.kind is DayKind.HOLIDAY:
            return ""
        if row.kind is DayKind.MAKEUP:
            return " (làm bù)"
        name = f": {row.name}" if row.name else ""
        return f" (giờ riêng {format_hours(row.hours or ())}{name})"

    def _calendar_day_step(self, day: date, *, is_due: bool) -> Step:
        """Number a calendar day, or say how the end moves on behind the last one."""
        wanted = last_day(self.start, self.question.limit) - self.start_on.toordinal()
        if self.number == wanted:
            if is_due:
                return self._due(day, "")
            return self._not_counted(day, self._reason_no_end(day) or _PAUSED)
        if self._is_held(day.toordinal() * DAY_MINUTES):
            return self._not_counted(day, _PAUSED)
        self.number += 1
        counted = f"ngày {self.number}"
        if self.number == wanted and self.question.limit.unit is LimitUnit.MONTHS:
            counted += f", đủ {self.question.limit.in_words()}"
        if is_due:
            return self._due(day, counted)
        reason = self._reason_no_end(day) if self.number == wanted else ""
        moved = f", {reason} nên lùi sang ngày làm việc sau" if reason else ""
        return self._line(day, StepKind.COUNTED, counted + moved, reason=reason)

    # -- by minutes -------------------------------------------------------------------------

    def _sessions(self, day: date) -> Hours:
        return _WHOLE_DAY if self.by_clock else self.calendar.working_sessions(day)

    def _open_minutes(self, day: date) -> int:
        """Return the minutes of a day between receipt and the end, paused ones too."""
        midnight = day.toordinal() * DAY_MINUTES
        first, last = max(self.start, midnight), self.end
        spans = ((midnight + s.start, midnight + s.end) for s in self._sessions(day))
        return sum(max(min(stop, last) - max(start, first), 0) for start, stop in spans)

    def _paused_minutes(self, day: date) -> int:
        midnight = day.toordinal() * DAY_MINUTES
        total = 0
        for session in self._sessions(day):
            first = max(midnight + session.start, self.start)
            last = min(midnight + session.end, self.end)
            total += sum(max(min(end, last) - max(start, first), 0) for start, end in self.held)
        return total

    def _minutes(self, day: date) -> int:
        return self._open_minutes(day) - self._paused_minutes(day)

    def _minutes_words(self, day: date) -> str:
        words = f"tính {minutes_in_words(self._minutes(day))}"
        paused = self._paused_minutes(day)
        return f"{words} (tạm dừng {minutes_in_words(paused)})" if paused else words

    def _counted_text(self, day: date) -> str:
        return self._minutes_words(day) if self.by_minutes else ""

    def _minutes_step(self, day: date, *, is_due: bool) -> Step:
        minutes = self._minutes(day)
        if is_due:
            return self._due(day, self._minutes_words(day) + self._minutes_note(day))
        if not minutes:
            if not self._sessions(day):
                return self._not_counted(day, reason_not_working(self.calendar, day))
            return self._not_counted(day, _PAUSED)
        words = self._minutes_words(day) + self._minutes_note(day)
        return self._line(day, StepKind.COUNTED, words, minutes=minutes)

    def _minutes_note(self, day: date) -> str:
        return "" if self.by_clock else self._note(day)
