"""Fields for a day to come and for a moment that was: read freely, answered in words at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from counter_app.domain.calendar import Calendar
from counter_app.domain.days import DayError, parse_day
from counter_app.domain.text import clean_line
from counter_app.domain.words import format_date, format_moment
from counter_app.ui.fields import HINT, DateField, Note
from counter_app.ui.translation import weekday

_DAY_MONTH = re.compile(r"(\d{1,2})\s?[/.\- ]\s?(\d{1,2})|(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})", re.ASCII)


def _tr(text: str) -> str:
    return QCoreApplication.translate("day_fields", text)


def parse_coming_day(text: str, *, today: date) -> date:
    """Read a day, also without its year: the next such day from today on.

    Raises:
        DayError: it is no day.
    """
    line = clean_line(text)
    found = _DAY_MONTH.fullmatch(line)
    if found is None:
        return parse_day(line)
    day, month = int(found[1] or found[3]), int(found[2] or found[4])
    this_year = parse_day(f"{day:02d}/{month:02d}/{today.year}")
    if this_year >= today:
        return this_year
    return parse_day(f"{day:02d}/{month:02d}/{today.year + 1}")


def parse_past_moment(text: str, *, now: datetime) -> datetime:
    """Read ``09:30`` (today), ``23/11 09:30`` or ``09:30 23/11/2026``.

    Raises:
        DayError: it is no such moment.
    """
    line = clean_line(text)
    found = _CLOCK.search(line)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DayError(_tr("Gõ cả giờ và phút, ví dụ 09:30 hoặc 09:30 23/11."))
    clock = time(int(found[1]), int(found[2]))
    rest = clean_line(line.replace(found[0], " "))
    if not rest:
        return datetime.combine(now.date(), clock)
    parted = _DAY_MONTH.fullmatch(rest)
    if parted is not None:
        rest = f"{int(parted[1] or parted[3]):02d}/{int(parted[2] or parted[4]):02d}/{now.year}"
    return datetime.combine(parse_day(rest), clock)


def closing_of(calendar: Calendar, day: date) -> datetime | None:
    """Return the end of a working day, None when it is none."""
    sessions = calendar.working_sessions(day)
    if not sessions or not calendar.is_working_day(day):
        return None
    return datetime.combine(day, time()) + timedelta(minutes=sessions[-1].end)


def day_words(calendar: Calendar, day: date, *, today: date) -> Note:
    """Say which weekday it is, whether the desk works then and how far away it is."""
    name = f"{weekday(day)} {format_date(day)}"
    if not calendar.is_working_day(day):
        known = calendar.day(day)
        if known is not None and known.name:
            name = f"{name} ({known.name})"
        text = _tr("{day} là ngày nghỉ. Ngày làm việc gần nhất: {next}.")
        nearest = calendar.next_working_day(day)
        return Note(text.format(day=name, next=f"{weekday(nearest)} {format_date(nearest)}"))
    count = calendar.working_days_between(today, day)
    text = _tr("{day}, còn {count} ngày làm việc")
    return Note(text.format(day=name, count=count), HINT)


class ComingDayField(DateField):
    """A day to promise (ngày hẹn): its weekday and whether it is worked are said while typing."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        calendar: Callable[[], Calendar],
        today: date,
        later_than: date | None = None,
    ) -> None:
        """``later_than`` is the due day that the new one must follow."""
        self._calendar = calendar
        self._today = today
        self._later_than = later_than
        super().__init__(
            parent,
            parse=lambda text: parse_coming_day(text, today=self._today),
            check=self._say,
            placeholder=self.tr("ví dụ 01/12"),
            chars=14,
        )
        self.textEdited.connect(self._on_day_edited)

    def set_today(self, today: date) -> None:
        """Count from another day: a window may stay open over midnight."""
        self._today = today

    def moment(self) -> datetime | None:
        """Return the closing of the day that was typed, None if there is no such working day."""
        day = self.parsed()
        return None if day is None else closing_of(self._calendar(), day)

    def _say(self, day: date) -> Note:
        if day < self._today:
            return Note(self.tr("Ngày này đã qua. Chọn một ngày sau hôm nay."))
        if self._later_than is not None and day <= self._later_than:
            text = self.tr("Ngày hẹn lại phải sau hạn hiện nay ({day}).")
            return Note(text.format(day=format_date(self._later_than)))
        return day_words(self._calendar(), day, today=self._today)

    def _on_day_edited(self, _text: str) -> None:
        if self.parsed() is not None:
            self.set_note(self.judge())


class PastMomentField(DateField):
    """When something was done; empty means now."""

    def __init__(self, parent: QWidget | None = None, *, now: datetime) -> None:
        """``now`` is the latest moment that can be typed."""
        super().__init__(
            parent,
            parse=lambda text: parse_past_moment(text, now=now),
            show=format_moment,
            check=self._say,
            placeholder=self.tr("bây giờ"),
            chars=18,
        )
        self._now = now

    def _say(self, moment: datetime) -> Note | None:
        if moment > self._now:
            return Note(self.tr("Thời điểm này chưa tới. Để trống nếu là bây giờ."))
        return None
