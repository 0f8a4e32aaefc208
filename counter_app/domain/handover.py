"""When a dossier must have left the desk: the rule of transfer (chuyển hồ sơ).

NĐ 118/2025 Điều 18.2 (as amended by NĐ 309/2026 Điều 9): on the day it was taken in, or at the
start of the next working day if that was after 15:00. The hour is a setting, not written here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_app.domain.calendar import Calendar


def handover_due(calendar: Calendar, received_at: datetime, cutoff: time) -> datetime:
    """Return the moment by which a dossier must have been passed on.

    Taken in on a working day up to the hour: that day's closing. Later, or on a day off: the end
    of the first session of the next working day.
    """
    day = received_at.date()
    if calendar.is_working_day(day) and received_at.time() <= cutoff:
        closing = _at(day, calendar.working_sessions(day)[-1].end)
        if received_at <= closing:
            return closing
    following = calendar.next_working_day(day)
    return _at(following, calendar.working_sessions(following)[0].end)


def overdue_before(calendar: Calendar, now: datetime, cutoff: time) -> datetime:
    """Return the moment: what was taken in up to it and is still here should have left.

    It is the last moment whose ``handover_due`` has passed.
    """
    day = now.date()
    if calendar.is_working_day(day):
        sessions = calendar.working_sessions(day)
        if now > _at(day, sessions[-1].end):
            return datetime.combine(day, min(cutoff, _at(day, sessions[-1].end).time()))
        if now > _at(day, sessions[0].end):
            return datetime.combine(day, time()) - timedelta(minutes=1)
    before = day - timedelta(days=1)
    while not calendar.is_working_day(before):
        before -= timedelta(days=1)
    closing = _at(before, calendar.working_sessions(before)[-1].end).time()
    return datetime.combine(before, min(cutoff, closing))


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minute)
