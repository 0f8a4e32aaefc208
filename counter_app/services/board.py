"""The board of the head of the office (bảng điều hành), from sums kept in each save's transaction.

What is open by due day, unit and officer stands in ``openload``, which triggers keep; the rest is
few and read by indexes of its own. Every figure opens its list: ``ids_behind``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from counter_app.domain.board import (
    LOAD_FIGURES,
    BoardFacts,
    Days,
    Load,
    SlowStep,
    Waiting,
    add_up,
    alert,
    total_of,
)
from counter_app.domain.history import day_number
from counter_app.domain.linked import standings
from counter_app.domain.moments import from_epoch, to_epoch, to_json
from counter_app.domain.rights import Act
from counter_app.services import apologies, audit, calendars, handover, office
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from counter_app.storage.database import Store

_OPEN = (
    "status IN ('received','processing','awaiting_supplement','awaiting_payment') AND is_void = 0"
)
_OURS = f"{_OPEN} AND competent_unit = ''"
_AHEAD_DAYS = 10
_SHOWN = 6
# The days that have passed are one: late is late, however long.
_LOAD = (
    "SELECT 0, marked, unit, officer, sum(number) FROM openload WHERE office_id = 1 "
    "AND due_day >= 0 AND due_day < ?1 GROUP BY marked, unit, officer UNION ALL "
    "SELECT due_day, marked, unit, officer, number FROM openload WHERE office_id = 1 "
    "AND (due_day = -1 OR due_day >= ?1)"
)
_RECOUNT = (
    "SELECT office_id, coalesce(due_day, -1), late_due_at IS NOT NULL, resolving_unit, "  # noqa: S608
    f"handling_officer, count(*) FROM dossier WHERE {_OURS} GROUP BY 1, 2, 3, 4, 5"
)
# As text, like the indexes: what was damaged from outside must not stop the board.
_FORWARDED = "CAST(substr(details, instr(details, '\"forwarded_at\":') + 15, 10) AS INTEGER)"
_UNACCEPTED = (
    "FROM dossier INDEXED BY dossier_unaccepted WHERE office_id = 1 AND status = 'processing' "
    "AND is_void = 0 AND instr(details, '\"accepted_at\":') = 0 "
    f"AND instr(details, '\"forwarded_at\":') > 0 AND {_FORWARDED} < ?"
)
_LINKED = f"WHERE office_id = 1 AND {_OPEN} AND instr(details, '\"steps\":') > 0 ORDER BY id"
_WAITING = (
    "FROM dossier INDEXED BY dossier_waiting WHERE office_id = 1 AND status = 'completed' "
    "AND is_void = 0"
)
_SENT = "FROM paper INDEXED BY paper_apologies WHERE kind = 'apology' AND issued_at >= ?"


def board(store: Store, *, now: datetime) -> BoardFacts:
    """Return the whole board at a moment."""
    days, tomorrow, week_end = _days(store, now)
    rows = store.rows(_LOAD, (days.today,))
    loads = _with_minutes(store, add_up(rows, days), now)
    total = total_of(loads)
    slow = _slow_steps(store, now)
    midnight = _midnight(now)
    return BoardFacts(
        at=now,
        tomorrow=tomorrow,
        week_end=week_end,
        loads=tuple(loads),
        total=total,
        ahead=_ahead(store, rows, now),
        slow_steps=tuple(slow),
        unaccepted=tuple(_unaccepted(store, midnight)),
        unaccepted_count=_number(store, f"SELECT count(*) {_UNACCEPTED}", midnight),
        waiting=tuple(_waiting(store)),
        waiting_count=_number(store, f"SELECT count(*) {_WAITING}"),
        apologies_owed=apologies.count_owed(store, as_of=now, late_ours=total.late),
        apologies_sent=_number(store, f"SELECT count(*) {_SENT}", _month(now)),
        should_have_left=handover.overdue_count(store, now=now),
        reserved_open=reserved_open(store),
    )


def reserved_open(store: Store) -> int:
    """Return how many numbers that were printed for an outage are neither used nor closed."""
    return _number(store, "SELECT count(*) FROM reservednumber WHERE state = 'open'")


def quiet_alert(store: Store, *, now: datetime) -> str:
    """Return the line that tells what presses before the session ends; empty out of hours."""
    minute = now.hour * 60 + now.minute
    sessions = calendars.calendar(store).working_sessions(now.date())
    session = next((s for s in sessions if s.start <= minute < s.end), None)
    if session is None:
        return ""
    until = datetime.combine(now.date(), time()) + timedelta(minutes=session.end)
    due = _number(
        store,
        f"SELECT count(*) FROM dossier INDEXED BY dossier_open_due WHERE office_id = 1 AND {_OURS} "  # noqa: S608
        "AND status IN ('received','processing') AND due_day = ? AND due_at <= ? AND due_at >= ?",
        day_number(to_epoch(now)),
        to_epoch(until),
        to_epoch(now),
    )
    return alert(
        due_count=due,
        until=f"{until:%H:%M}",
        late_count=handover.overdue_count(store, now=now),
        is_open=True,
    )


def ids_behind(
    store: Store,
    figure: str,
    *,
    unit: str | None = None,
    officer: str | None = None,
    day: date | None = None,
    now: datetime,
) -> list[int]:
    """Return the ids of the dossiers that one figure of the board counts.

    Args:
        store: the open data.
        figure: a column of the load, or ``slow_steps``, ``unaccepted``, ``waiting``,
            ``should_have_left``, ``apologies_sent``, ``day``.
        unit: a line's unit, which may be empty; None for all of them.
        officer: a line's officer likewise.
        day: the day of ``day``.
        now: the moment the board was made for.
    """
    midnight = _midnight(now)
    others = {
        "slow_steps": lambda: list(dict.fromkeys(s.dossier_id for s in _slow_steps(store, now))),
        "unaccepted": lambda: _ids(
            store, f"SELECT id {_UNACCEPTED} ORDER BY {_FORWARDED}, id", midnight
        ),
        "waiting": lambda: _ids(store, f"SELECT id {_WAITING} ORDER BY completed_at, id"),
        "should_have_left": lambda: [
            row.id for row in handover.waiting_to_leave(store, now=now, overdue_only=True)
        ],
        "apologies_sent": lambda: list(
            dict.fromkeys(
                _ids(store, f"SELECT dossier_id {_SENT} ORDER BY issued_at, id", _month(now))
            )
        ),
    }
    if figure in others:
        return others[figure]()
    where, params = _load_condition(store, figure, day, now)
    for column, value in (("resolving_unit", unit), ("handling_officer", officer)):
        if value is not None:
            where += f" AND {column} = ?"
            params = (*params, value)
    return _ids(
        store,
        "SELECT id FROM dossier INDEXED BY dossier_open_due WHERE office_id = 1 "  # noqa: S608
        f"AND {_OURS} AND {where} ORDER BY due_at IS NULL, due_at, id",
        *params,
    )


def differing_load(store: Store) -> Iterator[str]:
    """Yield the places where a stored sum of open dossiers isn't what a recount finds."""
    told = {tuple(row[:-1]): row[-1] for row in store.rows(_RECOUNT)}
    kept = {
        tuple(row[:-1]): row[-1]
        for row in store.rows(
            "SELECT office_id, due_day, marked, unit, officer, number FROM openload"
        )
    }
    for place in sorted(told.keys() | kept.keys()):
        if told.get(place, 0) != kept.get(place, 0):
            _, due_day, _, unit, officer = place
            yield " ".join(filter(None, (unit, officer, f"ngày {due_day}")))


def _load_condition(
    store: Store, figure: str, day: date | None, now: datetime
) -> tuple[str, tuple[int | str, ...]]:
    days, _, _ = _days(store, now)
    passed, moment = apologies.passed_condition(get_setting(store, "boundary"), now)
    conditions: dict[str, tuple[str, tuple[int, ...]]] = {
        "late": (f"({passed} OR late_due_at IS NOT NULL)", moment),
        "today": ("due_day = ?", (days.today,)),
        "tomorrow": ("due_day = ?", (days.tomorrow,)),
        "week": ("due_day BETWEEN ? AND ?", (days.today, days.week_end)),
        "paused": ("due_day IS NULL", ()),
        "total": ("1", ()),
    }
    if day is not None:
        return "due_day = ?", (days.today + (day - now.date()).days,)
    return conditions[figure]


def _days(store: Store, now: datetime) -> tuple[Days, date, date]:
    today = now.date()
    tomorrow = calendars.calendar(store).next_working_day(today)
    week_end = today + timedelta(days=6 - today.weekday())
    first = day_number(to_epoch(now))
    days = Days(first, first + (tomorrow - today).days, first + (week_end - today).days)
    return days, tomorrow, week_end


def _with_minutes(store: Store, loads: list[Load], now: datetime) -> list[Load]:
    """Count as late what was due earlier today, where the office counts by the minute."""
    if get_setting(store, "boundary") != "minute":
        return loads
    rows = store.rows(
        "SELECT resolving_unit, handling_officer, count(*) FROM dossier "  # noqa: S608
        f"INDEXED BY dossier_open_due WHERE office_id = 1 AND {_OURS} AND due_day = ? "
        "AND due_at < ? AND late_due_at IS NULL GROUP BY 1, 2",
        (day_number(to_epoch(now)), to_epoch(now.replace(second=0, microsecond=0))),
    )
    more = {(unit, officer): number for unit, officer, number in rows}
    return [
        load._replace(late=load.late + more.get((load.unit, load.officer), 0)) for load in loads
    ]


def _ahead(
    store: Store, rows: list[tuple[int, int, str, str, int]], now: datetime
) -> tuple[tuple[date, int], ...]:
    calendar = calendars.calendar(store)
    day = now.date()
    coming = [day] if calendar.is_working_day(day) else []
    while len(coming) < _AHEAD_DAYS:
        day = calendar.next_working_day(day)
        coming.append(day)
    counts: dict[int, int] = {}
    for due_day, _, _, _, number in rows:
        counts[due_day] = counts.get(due_day, 0) + number
    first = day_number(to_epoch(now))
    return tuple((d, counts.get(first + (d - now.date()).days, 0)) for d in coming)


def _slow_steps(store: Store, now: datetime) -> list[SlowStep]:
    """Return the steps of linked procedures that are past their own date, longest first."""
    boundary = get_setting(store, "boundary")
    found = []
    for row in store.rows(f"{dossiers.SELECT_STATE}INDEXED BY dossier_linked {_LINKED}"):
        dossier_id, _, state = dossiers.state_of(row)
        for step in standings(state, now=to_epoch(now), boundary=boundary):
            if step.is_late and step.done_at is None and step.due_at is not None:
                code = state["official_code"] or state["code"]
                found.append(
                    SlowStep(
                        dossier_id, code, state["applicant_name"], step.name, step.unit, step.due_at
                    )
                )
    return sorted(found, key=lambda step: (step.since, step.dossier_id))


def _unaccepted(store: Store, midnight: int) -> list[SlowStep]:
    rows = store.rows(
        "SELECT id, coalesce(official_code, code), applicant_name, procedure_name, "
        f"resolving_unit, {_FORWARDED} {_UNACCEPTED} ORDER BY {_FORWARDED}, id LIMIT {_SHOWN}",
        (midnight,),
    )
    return [SlowStep._make(row) for row in rows]


def _waiting(store: Store) -> list[Waiting]:
    rows = store.rows(
        "SELECT id, coalesce(official_code, code), applicant_name, procedure_name, phone, "
        f"completed_at {_WAITING} ORDER BY completed_at, id LIMIT {_SHOWN}"
    )
    return [Waiting._make(row) for row in rows]


def _number(store: Store, sql: str, *params: int) -> int:
    row = store.row(sql, params)
    return int(row[0]) if row else 0


def _ids(store: Store, sql: str, *params: int | str) -> list[int]:
    return [number for (number,) in store.rows(sql, params)]


def _midnight(now: datetime) -> int:
    return to_epoch(now.replace(hour=0, minute=0, second=0, microsecond=0))


def _month(now: datetime) -> int:
    return _midnight(now.replace(day=1))


def board_pdf(store: Store, facts: BoardFacts) -> bytes:
    """Return the board as one A4 page for the morning meeting."""
    from counter_app.documents.board import render_board

    here = office.office(store)
    audit.note(store, Act.LISTS, what="bảng điều hành")
    return render_board(facts, here.name, is_rehearsal=here.is_rehearsal)


def board_json(facts: BoardFacts) -> dict[str, Any]:
    """Return the board as the command line prints it."""
    return {
        "at": to_json(facts.at),
        "tomorrow": facts.tomorrow.isoformat(),
        "week_end": facts.week_end.isoformat(),
        "loads": [load._asdict() for load in facts.loads],
        "total": {name: facts.total.of(name) for name in (*LOAD_FIGURES, "total")},
        "ahead": [{"date": day.isoformat(), "promises": number} for day, number in facts.ahead],
        "slow_steps": [_step_json(step) for step in facts.slow_steps],
        "unaccepted": {
            "count": facts.unaccepted_count,
            "longest": [_step_json(step) for step in facts.unaccepted],
        },
        "waiting": {
            "count": facts.waiting_count,
            "longest": [
                {
                    "code": one.code,
                    "applicant_name": one.applicant_name,
                    "procedure_name": one.procedure_name,
                    "phone": one.phone,
                    "since": to_json(from_epoch(one.since)),
                }
                for one in facts.waiting
            ],
        },
        "apologies": {"owed": facts.apologies_owed, "sent_this_month": facts.apologies_sent},
        "should_have_left": facts.should_have_left,
        "reserved_open": facts.reserved_open,
    }


def _step_json(step: SlowStep) -> dict[str, Any]:
    return {
        "code": step.code,
        "applicant_name": step.applicant_name,
        "what": step.what,
        "who": step.who,
        "since": to_json(from_epoch(step.since)),
    }
