"""Taking a list's word against ours, once a person decided so: its state, its new date.

What stood here is never overwritten: a step of ours is taken back in the open, and what the list
tells follows as steps of its own, marked with their source. No lateness that stood here is lost by
it, nobody is promised less, and what a citizen signed for stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.catching_up import way
from counter_app.domain.dossier import ACTIVE, STATUS_LABELS, Move, PromiseKind, Status
from counter_app.domain.history import FINISHING, day_number, is_past, live_events
from counter_app.domain.lists import ListRow
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.errors import InputError
from counter_app.services import journal, lookup, promises
from counter_app.services.journal_batch import Batch, Held
from counter_app.services.list_doubts import Doubts
from counter_app.services.list_moves import BY_LIST, MoveTaker
from counter_app.services.merged import merged_of
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.history import Event, State
    from counter_app.storage.database import Store

_NOTHING = "Chưa thay đổi gì."


def take_state(
    store: Store, dossier_uuid: str, told: Event, *, by: str, now: datetime
) -> list[str]:
    """Lead a dossier to the state that a list told; part of the running transaction.

    Returns:
        the events that did it, which go with the decision where another desk decided otherwise.

    Raises:
        InputError: the table has no such way, or the citizen has what was decided here.
    """
    said = told.body["doubt"]
    wanted = Status(said["told"])
    dossier_id, _, state = lookup.load(store, dossier_uuid)
    here = journal.desk(store)
    # No moment before the step of ours that is taken back: what was late then stays late.
    floor = 0
    while (moves := way(Status(state["status"]), wanted)) is None:
        ended = _end_of(store, dossier_uuid, state, wanted)
        floor = max(floor, ended.at)
        _, state = journal.add_event(
            store,
            dossier_id=dossier_id,
            dossier_uuid=dossier_uuid,
            before=state,
            kind=Move.UNDO.value,
            at=to_epoch(to_minute(now)),
            now=to_epoch(now),
            by=by,
            body={
                "set": {},
                "voids": [ended.uuid],
                "reason": f"{BY_LIST} {said['list']}",
                "undoes": ended.kind,
            },
        )
    dated = {k: from_epoch(v) for k, v in said.get("moments", {}).items() if v >= floor}
    batch = Batch(store, by=by, now=to_epoch(now))
    doubts = Doubts(store, batch, source=said["list"], now=to_epoch(now))
    held = Held(dossier_id, dossier_uuid, state)
    taker = MoveTaker(store, batch, doubts, now=now if dated else from_epoch(floor or told.at))
    row = ListRow(completed_at=dated.get("completed_at"), returned_at=dated.get("returned_at"))
    taker.follow(held, moves, row)
    batch.flush()
    rows = store.rows(
        "SELECT uuid FROM event WHERE dossier_uuid = ? AND origin = ? AND epoch = ? "
        "AND sequence > ? ORDER BY sequence",
        (dossier_uuid, here.uuid, here.epoch, here.last_sequence),
    )
    return [uuid for (uuid,) in rows]


def _end_of(store: Store, dossier_uuid: str, state: State, wanted: Status) -> Event:
    """Return the step of ours that ended the work and may be taken back.

    Raises:
        InputError: it may not.
    """
    if state["returned_at"] is not None:
        raise InputError(
            f"Hồ sơ đã trao cho {state['collected_by'] or 'người nhận'} lúc "
            f"{from_epoch(state['returned_at']):%H:%M %d/%m/%Y} nên không ghi theo danh sách được: "
            f"giữ bên trái. {_NOTHING} Nếu trao nhầm, hoàn tác bước trả ở trang Hồ sơ rồi quyết "
            "định lại.",
            field="keep",
        )
    in_force: list[Event] = live_events(merged_of(store, dossier_uuid).events)
    ended: Event | None = next((e for e in reversed(in_force) if e.kind in FINISHING), None)
    if ended is None:
        raise InputError(
            f"Không có bước nào đưa hồ sơ từ “{STATUS_LABELS[Status(state['status'])]}” tới "
            f"“{STATUS_LABELS[wanted]}”: giữ bên trái. {_NOTHING} Nếu danh sách đúng, làm bước ấy "
            "ở trang Hồ sơ.",
            field="keep",
        )
    return ended


def take_reschedule(
    store: Store, body: dict[str, Any], dossier_uuid: str, due: int, *, now: datetime
) -> None:
    """Fill in the list's new date in the place of ours; part of the running transaction.

    Once ours has passed it is only what is expected: it moves no due date.

    Raises:
        InputError: the work has ended or waits, or the citizen was told a later date.
    """
    _, _, state = lookup.load(store, dossier_uuid)
    status, ours = Status(state["status"]), state["rescheduled_due_at"] or state["legal_due_at"]
    if status not in ACTIVE or ours is None:
        raise InputError(
            f"Hồ sơ đang ở bước “{STATUS_LABELS[status]}” nên không hẹn lại được: giữ bên trái. "
            f"{_NOTHING} Hồ sơ xử lý tiếp thì quyết định lại được.",
            field="keep",
        )
    if day_number(due) < day_number(ours):
        raise InputError(
            f"Đã hẹn lại người dân ngày {from_epoch(ours):%d/%m/%Y}; ngày đã hẹn không đổi về sớm "
            f"hơn: giữ bên trái. {_NOTHING} Có kết quả sớm thì ghi “Có kết quả” và báo người dân.",
            field="keep",
        )
    is_late = state["late_due_at"] is not None or is_past(
        ours, to_epoch(now), get_setting(store, "boundary")
    )
    body["set"] = {"reschedule_reason": BY_LIST}
    if is_late:
        body["set"] = {"late_reason": state["late_reason"] or BY_LIST, "late_expected_at": due}
    body["promise"] = promises.promise_body(
        store,
        PromiseKind.RESCHEDULE.value,
        from_epoch(due),
        reason=BY_LIST,
        counts=not is_late,
        source="danh sách",
    )
