"""Timeliness (trước hạn, đúng hạn, quá hạn) of one moment against one due moment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from counter_app.domain.moments import to_minute


class Timeliness(StrEnum):
    """How a dossier stands to its due moment (trước hạn, đúng hạn, quá hạn; chưa xong)."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    PENDING_IN_TIME = "pending_in_time"
    PENDING_LATE = "pending_late"

    @property
    def is_late(self) -> bool:
        """Whether the due moment has passed."""
        return self in {Timeliness.LATE, Timeliness.PENDING_LATE}


class Boundary(StrEnum):
    """What ends the due day: the day itself, or the due minute. No act fixes it (a setting)."""

    DAY = "day"
    MINUTE = "minute"


def is_past(*, due_at: datetime, moment: datetime, boundary: Boundary) -> bool:
    """Whether a moment lies after the due day, or after the due minute."""
    if boundary is Boundary.DAY:
        return moment.date() > due_at.date()
    return to_minute(moment) > due_at


def classify(*, due_at: datetime, finished_at: datetime, boundary: Boundary) -> Timeliness:
    """Say how something finished stands: early on a day before the due day, else on time or late.

    >>> due = datetime(2026, 11, 26, 17)
    >>> classify(due_at=due, finished_at=datetime(2026, 11, 26, 18), boundary=Boundary.DAY).value
    'on_time'
    """
    if finished_at.date() < due_at.date():
        return Timeliness.EARLY
    late = is_past(due_at=due_at, moment=finished_at, boundary=boundary)
    return Timeliness.LATE if late else Timeliness.ON_TIME


def classify_open(*, due_at: datetime, now: datetime, boundary: Boundary) -> Timeliness:
    """Say how something unfinished stands now."""
    late = is_past(due_at=due_at, moment=now, boundary=boundary)
    return Timeliness.PENDING_LATE if late else Timeliness.PENDING_IN_TIME
