"""Who is owed, or may be owed, a written apology (văn bản xin lỗi)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.deadlines import Boundary, LimitUnit, due, parse_limit
from counter_app.domain.dossier import ACTIVE, OPEN, Status
from counter_app.domain.facts import ApologyRow
from counter_app.domain.history import State, day_number, is_past
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.services import calendars
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Collection
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
OPEN_WORDS = "status IN ('received','processing','awaiting_supplement','awaiting_payment')"
# What another unit resolves is that unit's to apologise for (phi địa giới).
OURS = "competent_unit = ''"
LATE_ENDED = (
    f"timeliness = 'late' AND late_letter = 0 AND is_void = 0 AND {OURS} "
    "AND status NOT IN ('received','processing','awaiting_supplement','awaiting_payment')"
)
CONFIRMED = f"reschedules > 0 AND reschedule_letter = 0 AND is_void = 0 AND {OURS} AND {OPEN_WORDS}"
# Each part is answered by an index of its own; the database has no figures to choose it by.
_PARTS = (
    ("dossier_open_due", f"is_void = 0 AND due_day <= ?2 AND {OURS} AND {OPEN_WORDS}"),
    ("dossier_open_late", f"is_void = 0 AND late_due_at IS NOT NULL AND {OURS} AND {OPEN_WORDS}"),
    ("dossier_owed", LATE_ENDED),
    ("dossier_confirmed", CONFIRMED),
)
_IDS = " UNION ".join(
    f"SELECT id FROM dossier INDEXED BY {index} WHERE office_id = ?1 AND {part}"  # noqa: S608
    for index, part in _PARTS
)
# Limits of the dossiers whose unit gave its word in time; a short one is no reason for a letter.
_CONFIRMED_LIMITS = (
    "SELECT coalesce(json_extract(details, '$.limit'), ''), "  # noqa: S608
    "json_extract(details, '$.extensions'), count(*) FROM dossier INDEXED BY dossier_confirmed "
    f"WHERE office_id = 1 AND {CONFIRMED} AND late_due_at IS NULL "
    "AND rescheduled_due_at IS NOT NULL AND NOT coalesce({passed}, 0) GROUP BY 1, 2"
)
_CANDIDATES = f"WHERE id IN ({_IDS}) {{only}} ORDER BY due_at IS NULL, due_at, id"


def list_apologies(
    store: Store,
    *,
    as_of: datetime,
    owed_only: bool = False,
    among: Collection[str] | None = None,
) -> list[ApologyRow]:
    """Return the dossiers at risk, confirmed by their unit, and late, most urgent first.

    With ``owed_only`` those at risk stay out, and all that are due in time need not be read; with
    ``among`` only those of these uuids are.
    """
    last = day_number(to_epoch(as_of)) if owed_only else last_day_at_risk(store, as_of)
    uuids = tuple(among or ())
    only = "" if among is None else f"AND uuid IN ({','.join('?' * len(uuids))})"
    candidates = _CANDIDATES.format(only=only)
    rows = store.rows(dossiers.SELECT_STATE + candidates, (1, last, *uuids))
    found = []
    for row in rows:
        dossier_id, uuid, state = dossiers.state_of(row)
        kind = listed_kind(store, state, as_of=as_of, last_day=last)
        if kind is not None and not (owed_only and kind == "at_risk"):
            found.append(_row(dossier_id, uuid, state, kind, as_of=as_of))
    return found


def last_day_at_risk(store: Store, as_of: datetime) -> int:
    """Return the last due day that lies within the lead time, as a day number."""
    lead = parse_limit(get_setting(store, "apology_lead"))
    today = day_number(to_epoch(as_of))
    if lead.is_same_day:
        return today
    until = due(calendars.calendar(store), received=as_of, limit=lead).due_at
    return today if until is None else day_number(to_epoch(until))


def listed_kind(store: Store, state: State, *, as_of: datetime, last_day: int) -> str | None:
    """Return under which kind a dossier is listed.

    A limit of one working day or less can't be apologised for on a day before its due day, so
    such a dossier appears only once it is late.
    """
    kind = owed_kind(store, state, as_of=as_of)
    if kind == "late":
        return kind
    if is_short(state) or _is_late(state, to_epoch(as_of), get_setting(store, "boundary")):
        return None
    return kind or _risk(state, last_day=last_day)


def count_owed(store: Store, *, as_of: datetime, late_ours: int | None = None) -> int:
    """Return how many letters are owed: what ``list_apologies`` lists, without those at risk.

    What is late and open without its letter is all that are late, less the few that have it.
    ``late_ours`` are those late ones, if the caller has added them up; else the kept sums tell.
    """
    passed, moment = passed_condition(get_setting(store, "boundary"), as_of)
    row = store.row(
        "SELECT (SELECT count(*) FROM dossier INDEXED BY dossier_owed WHERE office_id = 1 "  # noqa: S608
        f"AND {LATE_ENDED} AND status NOT IN ('withdrawn','stopped')) "
        "- (SELECT count(*) FROM dossier INDEXED BY dossier_lettered WHERE office_id = 1 "
        f"AND is_void = 0 AND {OURS} AND {OPEN_WORDS} AND late_letter = 1 "
        f"AND (late_due_at IS NOT NULL OR {passed}))",
        moment,
    )
    late = int(row[0]) if row else 0
    late += count_late_open(store, as_of=as_of) if late_ours is None else late_ours
    rows = store.rows(_CONFIRMED_LIMITS.replace("{passed}", passed), moment)
    return late + sum(
        int(number)
        for limit, extensions, number in rows
        if not is_short({"limit": limit, "extensions": extensions})
    )


def count_late_open(store: Store, *, as_of: datetime) -> int:
    """Return how many of the office's own open dossiers are late, from the sums by day."""
    passed, moment = passed_condition(get_setting(store, "boundary"), as_of)
    today = day_number(to_epoch(as_of))
    row = store.row(
        "SELECT (SELECT total(number) FROM openload WHERE office_id = 1 "  # noqa: S608
        "AND (marked OR (due_day >= 0 AND due_day < ?))) "
        "+ (SELECT count(*) FROM dossier INDEXED BY dossier_open_due WHERE office_id = 1 "
        f"AND is_void = 0 AND {OURS} AND {OPEN_WORDS} AND due_day = ? AND {passed} "
        "AND late_due_at IS NULL)",
        (today, today, *moment),
    )
    return int(row[0]) if row else 0


def passed_condition(boundary: str, now: datetime) -> tuple[str, tuple[int, ...]]:
    """Return the SQL condition for a due moment that has passed, by the office's boundary.

    Both forms ask for the day first, which the index of due days answers.
    """
    today = day_number(to_epoch(now))
    if boundary == Boundary.MINUTE:
        return "(due_day <= ? AND due_at < ?)", (today, to_epoch(to_minute(now)))
    return "due_day < ?", (today,)


def is_ready(row: ApologyRow) -> bool:
    """Tell whether the letter can be issued: confirmed, or late with a reason."""
    return row.kind == "confirmed" or (row.kind == "late" and bool(row.reason))


def owed_kind(store: Store, state: State, *, as_of: datetime) -> str | None:
    """Return which letter is owed now: ``late``, ``confirmed`` (a counted reschedule), or None."""
    if state["is_void"] or state["status"] in _NO_LETTER or state["competent_unit"]:
        return None
    if _is_late(state, to_epoch(as_of), get_setting(store, "boundary")):
        return None if state["late_letter"] else "late"
    if state["status"] not in OPEN or state["rescheduled_due_at"] is None:
        # A result that came in time needs no letter, and a restart ended the reschedule.
        return None
    return None if state["reschedule_letter"] else "confirmed"


def late_reason(state: State) -> str:
    """Return why a dossier is late: what was told last, else what the unit said when it asked."""
    return str(state["late_reason"] or state["reschedule_reason"])


def _is_late(state: State, now: int, boundary: str) -> bool:
    if state["status"] not in OPEN:
        return bool(state["timeliness"] == "late")
    if state["late_due_at"] is not None:
        return True
    return state["due_at"] is not None and is_past(state["due_at"], now, boundary)


def _risk(state: State, *, last_day: int) -> str | None:
    is_risk = (
        state["status"] in ACTIVE
        and state["rescheduled_due_at"] is None
        and state["due_day"] is not None
        and state["due_day"] <= last_day
        and not state["competent_unit"]
    )
    return "at_risk" if is_risk else None


def is_short(state: State) -> bool:
    """Tell whether the whole limit, extensions included, is one working day or less."""
    if not state["limit"] or state["extensions"]:
        return False
    parsed = parse_limit(state["limit"])
    return parsed.amount <= _SHORT.get(parsed.unit, 0)


def _is_too_late(state: State, as_of: datetime) -> bool:
    """Tell whether a reschedule recorded now would no longer count."""
    legal = state["legal_due_at"]
    is_used_up = state["reschedules"] and state["rescheduled_due_at"] is None
    return (
        state["status"] not in OPEN
        or legal is None
        or bool(is_used_up)
        or day_number(to_epoch(as_of)) >= day_number(legal)
    )


def _row(dossier_id: int, uuid: str, state: State, kind: str, *, as_of: datetime) -> ApologyRow:
    legal = state["legal_due_at"]
    missed = state["late_due_at"] or state["due_at"] or legal
    if kind == "confirmed":
        due_at, new, reason = legal, state["rescheduled_due_at"], state["reschedule_reason"]
    elif kind == "late":
        due_at, reason = missed, late_reason(state)
        new = state["completed_at"] or state["closed_at"] or state["late_expected_at"]
    else:
        due_at, new, reason = state["due_at"], None, ""
    return ApologyRow(
        id=dossier_id,
        uuid=uuid,
        code=state["official_code"] or state["code"],
        applicant_name=state["applicant_name"],
        procedure_name=state["procedure_name"],
        kind=kind,
        due_at=from_epoch(due_at),
        new_due_at=None if new is None else from_epoch(new),
        reason=reason,
        issued_number=None,
        too_late=_is_too_late(state, as_of),
        resolving_unit=state["resolving_unit"],
        phone=state["phone"],
    )
