"""What a list tells of a dossier's way that isn't known here yet: its moves and its new date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.catching_up import is_behind, way
from counter_app.domain.dossier import (
    ACTIVE,
    STATUS_LABELS,
    Move,
    PromiseKind,
    Status,
    target_of,
)
from counter_app.domain.history import State, day_number, is_past
from counter_app.domain.lists import ListRow
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.services import promises
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.services.journal_batch import Batch, Held
    from counter_app.services.list_doubts import Doubts
    from counter_app.storage.database import Store

BY_LIST = "theo danh sách"
_DONE_AT = {
    Move.COMPLETE: "completed_at",
    Move.RETURN: "returned_at",
    Move.REFUSE: "completed_at",
    Move.WITHDRAW: "completed_at",
    Move.STOP: "completed_at",
}
_ENDS = frozenset({Move.REFUSE, Move.WITHDRAW, Move.STOP})


class MoveTaker:
    """Adds to dossiers what a list tells of them, into a batch."""

    def __init__(self, store: Store, batch: Batch, doubts: Doubts, *, now: datetime) -> None:
        """Keep what is the same for all rows of one import."""
        self._store = store
        self._batch = batch
        self._doubts = doubts
        self._now = now
        self._now_seconds = to_epoch(now)
        self._boundary = get_setting(store, "boundary")

    def closing(self, row: ListRow, name: str) -> datetime | None:
        """Return a moment of a row; a day without a time ends when that day's work ends."""
        moment: datetime | None = getattr(row, name)
        if moment is None or name not in row.date_only:
            return moment
        return promises.closing_of(self._store, moment.date())

    def catch_up(self, held: Held, row: ListRow) -> None:
        """Add the moves and the reschedule that the list tells and we don't have yet.

        Raises:
            DoubtError: the list tells a state or a date that doesn't follow from ours.
        """
        self._reschedule(held, row)
        told = row.status or self._told_by_dates(row)
        now = Status(held.state["status"])
        if told is None or told is now or is_behind(now, told):
            self._returned(held, row)
            return
        moves = way(now, told)
        if moves is None:
            self._doubts.ask(
                held,
                "status",
                told.value,
                column="Trạng thái",
                message=f"Hồ sơ {held.state['official_code'] or held.state['code']} đang là "
                f"“{STATUS_LABELS[now]}”, danh sách ghi “{STATUS_LABELS[told]}”. Giữ như cũ.",
                moments=_moments(row),
            )
            return
        self.follow(held, moves, row)
        self._returned(held, row)

    def follow(self, held: Held, moves: Sequence[Move], row: ListRow) -> None:
        """Add the moves that lead to the state a list tells."""
        for move in moves:
            self._step(held, move, row, last=move is moves[-1])

    @staticmethod
    def _told_by_dates(row: ListRow) -> Status | None:
        if row.returned_at is not None:
            return Status.RETURNED
        return Status.COMPLETED if row.completed_at is not None else None

    def _returned(self, held: Held, row: ListRow) -> None:
        """Add the day the citizen collected, when a list brings it after the result's."""
        if row.returned_at is not None and held.state["status"] == Status.COMPLETED:
            self._step(held, Move.RETURN, row, last=True)

    def _moment(self, held: Held, move: Move, row: ListRow) -> tuple[int, bool]:
        """Return when a move was, and whether that is an estimate."""
        name = _DONE_AT.get(move)
        told = getattr(row, name) if name else None
        if told is None and move is Move.COMPLETE:
            told = row.returned_at
        if told is None and move is Move.RETURN:
            told = row.completed_at
        is_estimate = told is None
        if told is None:
            told = row.completed_at or self._now
        seconds = min(to_epoch(told), self._now_seconds)
        return max(seconds, held.state["last_move_at"]), is_estimate

    def _step(self, held: Held, move: Move, row: ListRow, *, last: bool) -> None:
        at, estimated = self._moment(held, move, row)
        status = Status(held.state["status"])
        came_from = held.state["came_from"]
        changes: dict[str, Any] = {
            "status": target_of(status, move, came_from and Status(came_from)).value
        }
        promise = None
        if move is Move.FORWARD:
            changes["resolving_unit"] = held.state["resolving_unit"] or BY_LIST
        elif move is Move.COMPLETE:
            changes["completed_at"] = at
        elif move is Move.RETURN:
            changes.update(returned_at=at, collected_by=BY_LIST)
        elif move in _ENDS:
            changes["closed_at"] = at
        elif move in {Move.SUPPLEMENT, Move.AWAIT_PAYMENT}:
            changes["came_from"] = held.state["status"]
            if move is Move.AWAIT_PAYMENT:
                changes["pauses"] = [*held.state["pauses"], [at, None]]
        elif move in {Move.RESUBMIT, Move.PAID}:
            changes["came_from"] = None
            promise = self._renewed(held.state, move, at, changes)
        if estimated and last:
            changes["at_estimated"] = 1
        self.add(held, move, at, changes, promise=promise, reason=BY_LIST)

    def _renewed(
        self, state: State, move: Move, at: int, changes: dict[str, Any]
    ) -> dict[str, Any] | None:
        if move is Move.PAID:
            changes["pauses"] = [*state["pauses"][:-1], [state["pauses"][-1][0], at]]
        if not state["limit"]:
            return None
        if move is Move.RESUBMIT:
            changes.update(pauses=[], extensions=[])
            held = promises.terms_of(state)
            due_at = promises.answer(self._store, held, from_epoch(at)).due_at
            kind = PromiseKind.RESTART
        else:
            due_at = promises.run_due(self._store, state, pauses=changes["pauses"]).due_at
            kind = PromiseKind.PAUSE
        if due_at is None:
            return None
        return promises.promise_body(
            self._store, kind.value, due_at, base_at=from_epoch(at), source="danh sách"
        )

    def _reschedule(self, held: Held, row: ListRow) -> None:
        """A new date in a list counts as made in time, unless the dossier was late here already."""
        told = self.closing(row, "rescheduled_due_at")
        state = held.state
        legal = state["legal_due_at"]
        if told is None or legal is None or Status(state["status"]) not in ACTIVE:
            return
        due = to_epoch(told)
        if state["reschedules"]:
            if day_number(due) != day_number(state["rescheduled_due_at"] or due):
                self._doubts.ask(
                    held,
                    "rescheduled_due_at",
                    due,
                    column="Ngày giờ hẹn lại",
                    message=f"Hồ sơ {state['official_code'] or state['code']} đã hẹn lại "
                    f"{from_epoch(state['rescheduled_due_at']):%d/%m/%Y}, danh sách ghi "
                    f"{told:%d/%m/%Y}. Giữ như cũ.",
                )
            return
        if due <= legal or due == state["late_expected_at"]:
            return
        was_late = state["source"] != "list" and is_past(legal, self._now_seconds, self._boundary)
        promise = promises.promise_body(
            self._store,
            PromiseKind.RESCHEDULE.value,
            told,
            reason=BY_LIST,
            counts=not was_late,
            source="danh sách",
        )
        changes: dict[str, Any] = {"reschedule_reason": BY_LIST}
        if was_late:
            changes = {"late_reason": state["late_reason"] or BY_LIST, "late_expected_at": due}
        at = min(self._now_seconds, max(legal, state["last_move_at"]))
        self.add(held, Move.RESCHEDULE, at, changes, promise=promise, reason=BY_LIST)

    def add(
        self,
        held: Held,
        move: Move,
        at: int,
        changes: dict[str, Any],
        *,
        promise: dict[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Add one act that the list tells."""
        body: dict[str, Any] = {"set": changes, "source": "list"}
        if promise is not None:
            body["promise"] = promise
        if reason:
            body["reason"] = reason
        if self._boundary != "day":
            body["boundary"] = self._boundary
        self._batch.add(held, kind=move.value, at=at, body=body)


def _moments(row: ListRow) -> dict[str, int]:
    """Return what a row dates an end by, in UTC seconds."""
    told = {"completed_at": row.completed_at, "returned_at": row.returned_at}
    return {name: to_epoch(moment) for name, moment in told.items() if moment is not None}
