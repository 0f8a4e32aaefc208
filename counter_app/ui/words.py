"""How the window words a dossier's due moment, its days and its people.

A due state is a word and a mark before it is a colour: ``Due`` carries all three, and the table,
the panel and the list of the day speak with the same mouth.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from counter_app.domain.dossier import AWAITING, CLOSED_OTHERWISE, Move, Status
from counter_app.domain.facts import DossierFacts, DossierRow, NextAct
from counter_app.domain.history import is_past
from counter_app.domain.idnumbers import mask_citizen_id
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.timeliness import Timeliness
from counter_app.domain.words import format_date, format_moment
from counter_app.ui.translation import reason_in_window, weekday

SOON_DAYS = 2
_YEAR = re.compile(r"\d{4}", re.ASCII)

DaysBetween = Callable[[date, date], int]


class Due(NamedTuple):
    """A due state (hạn): its words, its mark and the tone that only repeats them."""

    text: str
    mark: str  # late, today, soon, ahead, done, paused, closed
    tone: str  # danger, warning, accent, muted or nothing


def _tr(text: str) -> str:
    """Translate a text of this module's context."""
    return QCoreApplication.translate("words", text)


def due_of_row(
    row: DossierRow, *, now: datetime, days_between: DaysBetween, boundary: str = "day"
) -> Due:
    """Return the due state of a table's row."""
    return _due(
        row.status,
        row.due_at,
        row.late_due_at,
        row.timeliness,
        now=now,
        days_between=days_between,
        boundary=boundary,
    )


def due_of_facts(
    facts: DossierFacts, *, now: datetime, days_between: DaysBetween, boundary: str = "day"
) -> Due:
    """Return the due state of a whole dossier."""
    state = facts.state
    return _due(
        state["status"],
        state["due_at"],
        state["late_due_at"],
        state["timeliness"],
        now=now,
        days_between=days_between,
        boundary=boundary,
    )


def _due(
    status: str,
    due_at: int | None,
    late_due_at: int | None,
    timeliness: str | None,
    *,
    now: datetime,
    days_between: DaysBetween,
    boundary: str,
) -> Due:
    state = Status(status)
    if state in (Status.COMPLETED, Status.RETURNED) or state in CLOSED_OTHERWISE:
        return _ended(state, was_late=timeliness == Timeliness.LATE)
    if state in AWAITING:
        return _paused(state, was_late=late_due_at is not None)
    if due_at is None:
        return Due(_tr("chưa tính hạn"), "paused", "muted")
    if is_past(due_at, to_epoch(now), boundary):
        return _overdue(days_between(from_epoch(due_at).date(), now.date()))
    if late_due_at is not None:
        return Due(_tr("đã trễ hạn trước"), "late", "danger")
    left = days_between(now.date(), from_epoch(due_at).date())
    if from_epoch(due_at).date() == now.date():
        return Due(_tr("hôm nay"), "today", "warning")
    is_soon = left <= SOON_DAYS
    text = _tr("còn {count} ngày").format(count=max(left, 1))
    return Due(text, "soon" if is_soon else "ahead", "warning" if is_soon else "")


def _overdue(days: int) -> Due:
    text = _tr("quá hạn {count} ngày").format(count=days) if days else _tr("quá hạn hôm nay")
    return Due(text, "late", "danger")


def _ended(state: Status, *, was_late: bool) -> Due:
    if state is Status.COMPLETED:
        text = _tr("có kết quả, trễ") if was_late else _tr("có kết quả")
        return Due(text, "done", "danger" if was_late else "accent")
    if state is Status.RETURNED:
        return Due(_tr("đã trả, trễ") if was_late else _tr("đã trả"), "closed", "muted")
    return Due(_tr("đã đóng"), "closed", "muted")


def _paused(state: Status, *, was_late: bool) -> Due:
    text = _tr("chờ bổ sung") if state is Status.AWAITING_SUPPLEMENT else _tr("chờ nộp tiền")
    if was_late:
        return Due(_tr("{text}, đã trễ").format(text=text), "paused", "danger")
    return Due(text, "paused", "muted")


def short_day(moment: date, today: date) -> str:
    """Write ``26/11``, with the year only when it isn't this one."""
    return f"{moment:%d/%m}" if moment.year == today.year else format_date(moment)


def short_moment(moment: datetime, today: date) -> str:
    """Write ``26/11 17:00``, with the year only when it isn't this one."""
    return f"{short_day(moment.date(), today)} {moment:%H:%M}"


def big_day(moment: datetime) -> str:
    """Write ``Thứ Năm 26/11/2026, 17:00``: the due moment as it stands large."""
    return f"{weekday(moment.date())} {format_date(moment.date())}, {moment:%H:%M}"


def story_moment(moment: datetime, today: date) -> str:
    """Write ``Thứ Hai 23/11 09:12``: the beginning of a sentence of the story."""
    return f"{weekday(moment.date())} {short_moment(moment, today)}"


def due_tip(row: DossierRow) -> str:
    """Say the due moment whole."""
    if row.due is None:
        return ""
    return _tr("Hẹn trả {moment}. Ngày tính theo ngày làm việc.").format(
        moment=format_moment(row.due)
    )


def with_year(name: str, birth: str | None) -> str:
    """Write a person with the year of birth: ``Nguyễn Thị Ngọc Ánh (1992)``."""
    found = _YEAR.search(birth or "")
    return f"{name} ({found[0]})" if found else name


def birth_words(birth: str | None) -> str:
    """Write a date of birth as people do: ``30/12/1992``, or the year alone."""
    parts = (birth or "").split("-")
    return "/".join(reversed(parts))


def group_digits(number: str) -> str:
    """Write a citizen's number or a phone in groups, as people read it aloud."""
    if not number.isdigit():
        return number
    sizes = {12: (3, 3, 6), 10: (4, 3, 3)}.get(len(number), (len(number),))
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return " ".join(parts)


def short_reason(facts: DossierFacts, act: NextAct) -> str:
    """Say in three or four words why an act is greyed; the whole sentence is its tip."""
    move, why_not, status = act.move, reason_in_window(act.why_not), facts.status
    if act.is_beyond_role:
        return _tr("ngoài vai trò")
    own = (Move.SET_OFFICIAL_CODE, Move.UNDO, Move.SURVEY, Move.OPINION_RECEIVED, Move.STEP)
    if facts.state["is_void"] or move in own:
        return why_not
    if move is Move.RESCHEDULE and facts.state["reschedules"]:
        return _tr("đã hẹn lại một lần")
    if facts.state["returned_at"] is not None:
        return _tr("đã trả")
    if status in CLOSED_OTHERWISE:
        return _tr("hồ sơ đã đóng")
    if move is Move.ACCEPT:
        return _tr("đã nhận") if facts.state["accepted_at"] is not None else _tr("chưa chuyển")
    if move is Move.RETURN:
        return _tr("chưa có kết quả")
    words = {
        Status.COMPLETED: _tr("đã có kết quả"),
        Status.AWAITING_SUPPLEMENT: _tr("đang chờ bổ sung"),
        Status.AWAITING_PAYMENT: _tr("đang chờ nộp tiền"),
    }
    return words.get(status, why_not)


def id_text(state: dict[str, Any], *, is_masked: bool = False) -> str:
    """Return the number that identifies the owner, in groups; empty when there is none.

    ``is_masked`` hides the middle of a person's number; a tax code is public.
    """
    if state["tax_code"]:
        return group_digits(str(state["tax_code"]))
    return number_text(str(state["citizen_id"] or ""), is_masked=is_masked)


def number_text(number: str, *, is_masked: bool) -> str:
    """Return a person's number in groups, or with its middle hidden."""
    return mask_citizen_id(number) if is_masked else group_digits(number)
