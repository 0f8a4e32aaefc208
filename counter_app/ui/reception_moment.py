"""The moment of receipt as a clerk types it: 08:30, or 16:45 20/11/2026."""

from __future__ import annotations

import re
from datetime import datetime, time

from PySide6.QtCore import QCoreApplication

from counter_app.domain.identity import DayError, parse_day
from counter_app.domain.text import clean_line

_TIME = re.compile(r"(\d{1,2})[:hg.](\d{2})?", re.ASCII)


class ReceiptMomentError(ValueError):
    """A text is no moment of receipt; the message is a Vietnamese sentence."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReceptionPage", text)


def parse_receipt_moment(text: str, *, now: datetime) -> datetime:
    """Read a time of today, or a time and a day that have passed.

    Raises:
        ReceiptMomentError: it is neither, or it lies ahead.
    """
    clock, _, day = clean_line(text).partition(" ")
    found = _TIME.fullmatch(clock)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ReceiptMomentError(_tr("Gõ giờ như 08:30, hoặc giờ và ngày như 16:45 20/11/2026."))
    try:
        on = parse_day(day) if day else now.date()
    except DayError as error:
        raise ReceiptMomentError(str(error)) from None
    moment = datetime.combine(on, time(int(found[1]), int(found[2] or 0)))
    if moment > now:
        ahead = _tr("Giờ nhận ở sau giờ hiện tại ({now}). Gõ giờ đã qua.")
        raise ReceiptMomentError(ahead.format(now=f"{now:%H:%M %d/%m/%Y}"))
    return moment
