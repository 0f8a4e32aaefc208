"""Moments: naive datetimes in office time (+07:00) inside, UTC seconds in storage, ISO outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

OFFICE_ZONE = timezone(timedelta(hours=7))
_EPOCH = datetime(1970, 1, 1, 7)  # the epoch as an office clock shows it
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def to_epoch(moment: datetime) -> int:
    """Return the UTC seconds of a naive office moment."""
    delta = moment - _EPOCH
    return delta.days * 86400 + delta.seconds


def from_epoch(seconds: int) -> datetime:
    """Return the naive office moment of UTC seconds."""
    return _EPOCH + timedelta(seconds=seconds)


def epoch_day(seconds: int) -> date:
    """Return the office day on which these UTC seconds lie."""
    return date.fromordinal(_EPOCH_DAY + (seconds + 7 * 3600) // 86400)


def to_minute(moment: datetime) -> datetime:
    """Cut seconds off."""
    return moment.replace(second=0, microsecond=0)


def to_office(moment: datetime) -> datetime:
    """Return a moment as naive office time, which a moment without an offset is already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(OFFICE_ZONE).replace(tzinfo=None)


def to_json(moment: datetime | None) -> str | None:
    """Write a moment as ``2026-11-24T17:00:00+07:00``."""
    return None if moment is None else moment.replace(microsecond=0).isoformat() + "+07:00"


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment, office time without an offset, cut to the minute.

    Raises:
        ValueError: the text is no ISO moment with a time of day.

    >>> parse_moment("2026-11-23T20:00Z")
    datetime.datetime(2026, 11, 24, 3, 0)
    """
    cleaned = text.strip()
    if len(cleaned) <= 10:  # noqa: PLR2004 - a date alone is no moment
        msg = f"no time of day in {text!r}"
        raise ValueError(msg)
    return to_minute(to_office(datetime.fromisoformat(cleaned)))


def utc_now() -> datetime:
    """Return the machine's clock as a naive office moment: only the bootstrap may call this."""
    return to_office(datetime.now(UTC))
