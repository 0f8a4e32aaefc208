"""Who is owed, or may be owed, a written apology (văn bản xin lỗi)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.deadlines import LimitUnit, parse_limit
from counter_app.domain.dossier import ACTIVE, OPEN, Status
from counter_app.domain.facts import ApologyRow
from counter_app.domain.history import State, day_number, is_past
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.services import calendars
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store

_HOURS_OF_A_DAY = 8
_SHORT = {
    LimitUnit.WORKING_DAYS: 1,
    LimitUnit.WORKING_HOURS: _HOURS_OF_A_DAY,
    LimitUnit.WORKING_MINUTES: _HOURS_OF_A_DAY * 60,
    LimitUnit.CLOCK_HOURS: 24,
    LimitUnit.CALENDAR_DAYS: 1,
}
_NO_LETTER = frozenset({Status.WITHDRAWN, Status.STOPPED})
_CANDIDATES = (
    "WHERE office_id = 1 AND is_void = 0 AND id IN ("
    "SELECT id FROM dossier WHERE office_id = ?1 AND is_void = 0 AND due_day <= ?2 AND status IN "
    "('received','processing','awaiting_supplement','awaiting_payment') "
    "UNION SELECT id FROM dossier WHERE office_id = ?1 AND is_void = 0 AND late_due_at IS NOT NULL "
    "AND status IN ('received','processing','awaiting_supplement','awaiting_payment') "
    "UNION SELECT id FROM dossier WHERE office_id = ?1 AND is_void = 0 AND timeliness = 'late' "
    "AND late_letter = 0 "
    "UNION SELECT id FROM dossier WHERE office_id = ?1 AND is_void = 0 AND reschedules > 0 "
    "AND reschedule_letter = 0) ORDER BY due_at IS NULL, due_at, id"
)


def list_apologies(store: Store, *, as_of: datetime) -> list[ApologyRow]:
    """Return the dossiers at risk, confirmed by their unit, and late, most urgent first."""
    calendar = calendars.calendar(store)
    lead = parse_limit(get_setting(store, "apology_lead"))
    # The lead time is counted in working days whatever its unit: a letter is written on one.
    days = lead.amount if lead.unit is LimitUnit.WORKING_DAYS else 1
    horizon = calendar.add_working_days(as_of.date(), days)
    last = day_number(to_epoch(as_of)) + (horizon - as_of.date()).days
    rows = store.rows(dossiers.SELECT_STATE + _CANDIDATES, (1, last))
    found = []
    for row in rows:
        dossier_id, uuid, state = dossiers.state_of(row)
        kind = owed_kind(store, state, as_of=as_of) or _risk(state, last_day=last)
        if kind is not None:
            found.append(_row(dossier_id, uuid, state, kind, as_of=as_of))
    return found


def is_ready(row: ApologyRow) -> bool:
    """Tell whether the letter can be issued: confirmed, or late with a reason and a date."""
    if row.kind == "confirmed":
        return True
    return row.kind == "late" and bool(row.reason) and row.new_due_at is not None


def owed_kind(store: Store, state: State, *, as_of: datetime) -> str | None:
    """Return which letter is owed now: ``late``, ``confirmed`` (a counted reschedule), or None."""
    if state["is_void"] or state["status"] in _NO_LETTER:
        return None
    if _is_late(state, to_epoch(as_of), get_setting(store, "boundary")):
        return None if state["late_letter"] else "late"
    if state["reschedules"] and not state["reschedule_letter"]:
        return "confirmed"
    return None


def _is_late(state: State, now: int, boundary: str) -> bool:
    if state["status"] not in OPEN:
        return bool(state["timeliness"] == "late")
    if state["late_due_at"] is not None:
        return True
    return state["due_at"] is not None and is_past(state["due_at"], now, boundary)


def _risk(state: State, *, last_day: int) -> str | None:
    """A short limit can't be apologised for in time, so it appears only once it is late."""
    if state["status"] not in ACTIVE or state["reschedules"] or state["due_day"] is None:
        return None
    if state["due_day"] > last_day or _is_short(state["limit"]):
        return None
    return "at_risk" if state["late_due_at"] is None else None


def _is_short(limit: str) -> bool:
    if not limit:
        return False
    parsed = parse_limit(limit)
    return parsed.amount <= _SHORT.get(parsed.unit, 0)


def _row(dossier_id: int, uuid: str, state: State, kind: str, *, as_of: datetime) -> ApologyRow:
    legal = state["legal_due_at"]
    missed = state["late_due_at"] or state["due_at"] or legal
    if kind == "confirmed":
        due, new, reason = legal, state["rescheduled_due_at"], state["reschedule_reason"]
    elif kind == "late":
        due, reason = missed, state["late_reason"]
        new = state["completed_at"] or state["late_expected_at"]
    else:
        due, new, reason = state["due_at"], None, ""
    return ApologyRow(
        id=dossier_id,
        uuid=uuid,
        code=state["official_code"] or state["code"],
        applicant_name=state["applicant_name"],
        procedure_name=state["procedure_name"],
        kind=kind,
        due_at=from_epoch(due),
        new_due_at=None if new is None else from_epoch(new),
        reason=reason,
        issued_number=None,
        too_late=legal is None or day_number(to_epoch(as_of)) >= day_number(legal),
        resolving_unit=state["resolving_unit"],
        phone=state["phone"],
    )
