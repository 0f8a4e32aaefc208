"""What a deadline is asked with: the limit, the counting, the cut-off hour and the pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from counter_app.domain.calendar import Calendar, clock
from counter_app.domain.moments import parse_moment

_LIMIT = re.compile(r"([0-9]{1,4})(wd|cd|mo|h|m|ch)")
_CUTOFF = re.compile(r"(none|next-day-result|next-day-start)(?:@([01][0-9]|2[0-3]):([0-5][0-9]))?")
_LARGEST = 9999
_HOUR = 60
_THREE_PM = 15 * _HOUR


class LimitUnit(StrEnum):
    """The unit of a limit (đơn vị thời hạn) as it is written."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "cd"
    MONTHS = "mo"
    WORKING_HOURS = "h"
    WORKING_MINUTES = "m"
    CLOCK_HOURS = "ch"


_WORDS = {
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.MONTHS: "tháng",
    LimitUnit.WORKING_HOURS: "giờ làm việc",
    LimitUnit.WORKING_MINUTES: "phút làm việc",
    LimitUnit.CLOCK_HOURS: "giờ",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a procedure may take (thời hạn giải quyết): 1 to 9999 of a unit, or the same day."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        """Refuse amounts that no limit has.

        Raises:
            ValueError: zero of anything but working days, negative or too large.
        """
        lowest = 0 if self.unit is LimitUnit.WORKING_DAYS else 1
        if not lowest <= self.amount <= _LARGEST:
            msg = f"Thời hạn phải từ 1 đến 9.999 {_WORDS[self.unit]} (chỉ 0wd là trong ngày)."
            raise ValueError(msg)

    def __str__(self) -> str:
        """Write the limit as ``3wd``."""
        return f"{self.amount}{self.unit.value}"

    @property
    def is_same_day(self) -> bool:
        """Whether the result is due on the day of receipt (trong ngày)."""
        return self.amount == 0

    def in_words(self) -> str:
        """Write the limit as the clerk and the citizen read it.

        >>> Limit(3, LimitUnit.WORKING_DAYS).in_words()
        '3 ngày làm việc'
        """
        if self.is_same_day:
            return "trong ngày"
        return f"{self.amount:,} {_WORDS[self.unit]}".replace(",", ".")


def parse_limit(text: str) -> Limit:
    """Read a limit as ``3wd``, ``15cd``, ``2mo``, ``4h``, ``90m``, ``12ch`` or ``0wd``.

    Raises:
        ValueError: the text is none of these.

    >>> parse_limit("15cd").in_words()
    '15 ngày'
    """
    match = _LIMIT.fullmatch(text.strip())
    if match is None:
        msg = (
            f"Không đọc được thời hạn “{text.strip()}”; hãy ghi như 3wd (ngày làm việc), 15cd"
            " (ngày), 2mo (tháng), 4h (giờ làm việc), 90m (phút làm việc) hoặc 12ch (giờ)."
        )
        raise ValueError(msg)
    return Limit(int(match[1]), LimitUnit(match[2]))


class Counting(StrEnum):
    """The school by which working days are counted (cách tính hạn): by days or by hours."""

    DAY = "day"
    HOUR = "hour"


def parse_counting(text: str) -> Counting:
    """Read ``day`` or ``hour``; empty means ``day``.

    Raises:
        ValueError: it is another word.
    """
    try:
        return Counting(text.strip() or "day")
    except ValueError:
        msg = f"Không đọc được cách tính hạn “{text.strip()}”; hãy ghi day hoặc hour."
        raise ValueError(msg) from None


class CutOffKind(StrEnum):
    """What being late in the day changes (quy định về giờ nhận cuối ngày)."""

    NONE = "none"
    NEXT_DAY_RESULT = "next-day-result"
    NEXT_DAY_START = "next-day-start"


class CutOff(NamedTuple):
    """The cut-off rule of a procedure (mốc giờ nhận hồ sơ); ``at`` is a minute of the day.

    15:00 comes from Luật Hộ tịch 2014 Điều 5.3 (the result on the next working day) and from the
    decrees on linked procedures (counted from the next working day); it is no general rule.
    """

    kind: CutOffKind
    at: int = _THREE_PM

    def __str__(self) -> str:
        """Write the rule as ``next-day-start@16:00``, the usual hour left out."""
        return self.kind.value if self.at == _THREE_PM else f"{self.kind.value}@{clock(self.at)}"

    def in_words(self) -> str:
        """Write the rule as the clerk reads it."""
        if self.kind is CutOffKind.NEXT_DAY_RESULT:
            return f"nhận sau {clock(self.at)} thì trả kết quả vào ngày làm việc tiếp theo"
        if self.kind is CutOffKind.NEXT_DAY_START:
            return f"nhận sau {clock(self.at)} thì tính từ ngày làm việc tiếp theo"
        return "không có mốc giờ"


NO_CUTOFF = CutOff(CutOffKind.NONE)


def parse_cutoff(text: str) -> CutOff:
    """Read ``none``, ``next-day-result`` or ``next-day-start``, with ``@HH:MM`` if not 15:00.

    Raises:
        ValueError: it is another text; an empty one means ``none``.
    """
    written = text.strip()
    if not written:
        return NO_CUTOFF
    match = _CUTOFF.fullmatch(written)
    if match is None:
        msg = (
            f"Không đọc được mốc giờ nhận “{written}”; hãy ghi none, next-day-result hoặc"
            " next-day-start, có thể thêm giờ như @16:00."
        )
        raise ValueError(msg)
    kind = CutOffKind(match[1])
    if kind is CutOffKind.NONE:
        return NO_CUTOFF
    return CutOff(kind, _THREE_PM if match[2] is None else int(match[2]) * _HOUR + int(match[3]))


class Pause(NamedTuple):
    """A stretch in which the limit stands still (tạm dừng tính hạn); open without an end.

    It holds its start and not its end.
    """

    start: datetime
    end: datetime | None = None


def parse_pauses(text: str) -> tuple[Pause, ...]:
    """Read pauses written ``START/END;START/``.

    Raises:
        ValueError: one is unreadable or ends before it starts.
    """
    return check_pauses(_parse_pause(part.strip()) for part in text.split(";") if part.strip())


def _parse_pause(text: str) -> Pause:
    start, slash, end = text.partition("/")
    if slash:
        try:
            return Pause(parse_moment(start), parse_moment(end) if end.strip() else None)
        except (ValueError, OverflowError):
            pass
    msg = f"Không đọc được khoảng tạm dừng “{text}”; hãy ghi như 2026-11-24T09:00/2026-11-26T08:00."
    raise ValueError(msg)


def check_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Return the pauses as a tuple.

    Raises:
        ValueError: one ends before it starts.
    """
    checked = tuple(pauses)
    for pause in checked:
        if pause.end is not None and pause.end < pause.start:
            msg = (
                f"Khoảng tạm dừng từ {pause.start:%H:%M %d/%m/%Y} lại kết thúc trước đó, lúc"
                f" {pause.end:%H:%M %d/%m/%Y}."
            )
            raise ValueError(msg)
    return checked


class Question(NamedTuple):
    """Everything a due moment depends on (câu hỏi về hạn)."""

    calendar: Calendar
    received: datetime
    limit: Limit
    counting: Counting = Counting.DAY
    cutoff: CutOff = NO_CUTOFF
    pauses: tuple[Pause, ...] = ()
