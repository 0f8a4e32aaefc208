"""Handing over (bàn giao): who holds what, what should have left the desk, given to other hands."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.dossier import Move, Status
from counter_app.domain.facts import DossierRow
from counter_app.domain.handover import overdue_before
from counter_app.domain.history import day_number
from counter_app.domain.moments import to_epoch
from counter_app.domain.routing import RoutingRow, routing_rows
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import calendars, lookup, moves, office
from counter_app.services.settings import get_setting
from counter_app.services.turns import check_line, check_words, take, write
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

_OPEN = (
    "status IN ('received','processing','awaiting_supplement','awaiting_payment') AND is_void = 0"
)
_VIA = "dossier_open_due"
_AT_DESK = "WHERE office_id = 1 AND status = 'received' AND is_void = 0 AND received_at <= ?"
_LONGEST_REASON = 500


class Workload(NamedTuple):
    """What one officer holds (đang thụ lý): all, due by today, past due, not taken over.

    Without an officer it is what a unit holds that was given to nobody in it.
    """

    officer: str
    unit: str
    open_count: int
    due_count: int
    late_count: int
    unaccepted_count: int


def _cutoff(store: Store) -> time:
    return time.fromisoformat(get_setting(store, "handover_cutoff"))


def overdue_count(store: Store, *, now: datetime) -> int:
    """Return how many dossiers should have left the desk by now."""
    row = store.row(
        f"SELECT count(*) FROM dossier INDEXED BY dossier_at_desk {_AT_DESK}",  # noqa: S608 - own words
        (_threshold(store, now),),
    )
    return int(row[0]) if row else 0


def waiting_to_leave(
    store: Store, *, now: datetime, overdue_only: bool = False
) -> list[DossierRow]:
    """Return what stands at the desk and wasn't passed on, the oldest first."""
    until = _threshold(store, now) if overdue_only else to_epoch(now)
    rows = store.rows(
        f"SELECT {dossiers.ROW_COLUMNS} FROM dossier INDEXED BY dossier_at_desk "  # noqa: S608
        f"{_AT_DESK} ORDER BY received_at, id",
        (until,),
    )
    return [DossierRow._make(row) for row in rows]


def _threshold(store: Store, now: datetime) -> int:
    return to_epoch(overdue_before(calendars.calendar(store), now, _cutoff(store)))


def held_by(store: Store, *, officer: str = "", unit: str = "") -> list[DossierRow]:
    """Return the open dossiers of an officer or a unit, by their due moment."""
    where, params = [], []
    for column, value in (("handling_officer", officer), ("resolving_unit", unit)):
        if value:
            where.append(f"{column} = ?")
            params.append(value)
    if not where:
        raise InputError("Cần tên công chức hoặc tên đơn vị.", field="officer")
    rows = store.rows(
        f"SELECT {dossiers.ROW_COLUMNS} FROM dossier INDEXED BY {_VIA} "  # noqa: S608 - own words
        f"WHERE office_id = 1 AND {_OPEN} AND {' AND '.join(where)} "
        "ORDER BY due_day IS NULL, due_at, id",
        params,
    )
    return [DossierRow._make(row) for row in rows]


def load_of(store: Store, load: Workload) -> list[DossierRow]:
    """Return the dossiers that one line of the workloads counts."""
    if load.officer:
        return [row for row in held_by(store, officer=load.officer) if row.status != "received"]
    held = held_by(store, unit=load.unit)
    return [row for row in held if not row.handling_officer and row.status != "received"]


def workloads(store: Store, *, now: datetime) -> list[Workload]:
    """Return what each officer holds, who has most that is late first."""
    today = day_number(to_epoch(now))
    rows = store.rows(
        "SELECT handling_officer, group_concat(DISTINCT resolving_unit), count(*), "  # noqa: S608 - own words
        "sum(coalesce(due_day <= ?, 0)), sum(coalesce(due_day < ?, 0) OR late_due_at IS NOT NULL), "
        "sum(json_extract(details, '$.forwarded_at') IS NOT NULL "
        "AND json_extract(details, '$.accepted_at') IS NULL) "
        f"FROM dossier INDEXED BY {_VIA} WHERE office_id = 1 AND {_OPEN} "
        "AND status <> 'received' "
        "GROUP BY handling_officer, CASE handling_officer WHEN '' THEN resolving_unit ELSE '' END",
        (today, today),
    )
    found = [Workload(*row) for row in rows]
    return sorted(found, key=lambda w: (-w.late_count, -w.due_count, w.officer, w.unit))


def accept(
    store: Store,
    code: str,
    *,
    officer: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Acknowledge that a dossier passed on was received (nhận bàn giao), by whom and when."""
    with store.transaction():
        turn = take(store, code, Move.ACCEPT, at=at, now=now)
        if turn.state["accepted_at"] is not None:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} đã được {turn.state['accepted_by'] or 'đơn vị'} nhận "
                "bàn giao. Hồ sơ giữ nguyên."
            )
        name = check_line(officer, field="officer", label="Tên công chức")
        name = name or turn.state["handling_officer"] or by
        changes = {
            "accepted_at": turn.at_seconds,
            "accepted_by": name,
            "handling_officer": name or turn.state["handling_officer"],
        }
        extra = {"officer": name}
        return write(store, turn, Move.ACCEPT, by=by, changes=changes, extra=extra)


def reassign(
    store: Store,
    *,
    codes: Sequence[str],
    officer: str,
    unit: str = "",
    reason: str,
    by: str,
    now: datetime,
) -> list[DossierFacts]:
    """Give dossiers to another officer when one is away; each is an event of its own, all or none.

    Raises:
        InputError: nobody is named, or no reason.
        MoveRefusedError: one of them can't be moved; nothing is.
    """
    words = check_words(reason, field="reason", label="Lý do", longest=_LONGEST_REASON)
    name = check_line(officer, field="officer", label="Tên công chức")
    if not words:
        raise InputError("Cần ghi lý do giao lại, ví dụ: nghỉ phép.", field="reason")
    if not name:
        raise InputError("Cần tên công chức nhận hồ sơ.", field="officer")
    found = []
    with store.transaction():
        for code in codes:
            _, uuid, state = lookup.load(store, code)
            if state["handling_officer"] == name and (not unit or state["resolving_unit"] == unit):
                continue
            found.append(
                moves.forward(
                    store,
                    uuid,
                    to=unit or state["resolving_unit"],
                    officer=name,
                    reason=words,
                    from_officer=state["handling_officer"],
                    by=by,
                    now=now,
                )
            )
    return found


def movable(rows: Sequence[DossierRow]) -> tuple[list[DossierRow], list[DossierRow]]:
    """Part an officer's dossiers: what can be given on now, and what waits for the citizen."""
    can = [r for r in rows if r.status in {Status.RECEIVED, Status.PROCESSING}]
    return can, [r for r in rows if r not in can]


def routing_of(store: Store, code: str) -> tuple[RoutingRow, ...]:
    """Return the rows of a dossier's routing slip (phiếu kiểm soát)."""
    _, uuid, state = lookup.load(store, code)
    return routing_rows(
        dossiers.events_of(store, uuid),
        office=office.office(store).name,
        timeliness=state["timeliness"],
    )
