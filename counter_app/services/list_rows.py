"""One row of another system's list, matched to a dossier and turned into events."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.catching_up import is_behind, way
from counter_app.domain.dossier import (
    ACTIVE,
    STATUS_LABELS,
    Channel,
    Move,
    PromiseKind,
    Status,
    target_of,
)
from counter_app.domain.history import State, day_number, is_past
from counter_app.domain.lists import ListRow, RowError
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.numbering import (
    CodeError,
    check_official_code,
    parse_provisional,
    provisional_code,
)
from counter_app.domain.text import fold
from counter_app.errors import InputError, UserError
from counter_app.services import catalogue, journal, promises
from counter_app.services.settings import get_setting
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from datetime import date, datetime

    from counter_app.domain.catalogue import Procedure
    from counter_app.storage.database import Store

BY_LIST = "theo danh sách"
_FILLABLE = (
    "address",
    "phone",
    "content",
    "citizen_id",
    "tax_code",
    "handling_officer",
    "resolving_unit",
    "note",
)
_DONE_AT = {
    Move.COMPLETE: "completed_at",
    Move.RETURN: "returned_at",
    Move.REFUSE: "completed_at",
    Move.WITHDRAW: "completed_at",
    Move.STOP: "completed_at",
}
_ENDS = frozenset({Move.REFUSE, Move.WITHDRAW, Move.STOP})


class Outcome(StrEnum):
    """What became of a row; the value is the report's counter."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    CONFLICT = "conflicts"


class Taken(NamedTuple):
    """The outcome of one row, with what a person should read about it."""

    outcome: Outcome
    errors: tuple[RowError, ...] = ()
    notes: tuple[str, ...] = ()


class _Known(NamedTuple):
    dossier_id: int
    uuid: str
    state: State


class _DoubtError(Exception):
    """A row that only a person can decide about."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class RowTaker:
    """Takes rows in, one after the other, within the import's transaction."""

    def __init__(self, store: Store, *, by: str, now: datetime) -> None:
        """Keep what is the same for all rows of one import."""
        self._store = store
        self._by = by
        self._now = now
        self._now_seconds = to_epoch(now)
        self._pattern = get_setting(store, "official_code_pattern")
        self._boundary = get_setting(store, "boundary")
        self._procedures: dict[tuple[str, date], Procedure | None] = {}
        self._told_channel = False

    def take(self, line: int, row: ListRow) -> Taken:
        """Match a row and add what it tells; what can't be decided is kept for a person."""
        try:
            own, official = self._codes(row)
            known = self._match(row, own, official)
            if known is None:
                return self._begin(row, official)
            return self._go_on(known, row, official)
        except _DoubtError as doubt:
            return Taken(Outcome.CONFLICT, (RowError(line, doubt.column, doubt.message),))
        except UserError as error:
            return Taken(Outcome.REJECTED, (RowError(line, error.field or "", error.message),))

    # ------------------------------------------------------------------ matching

    def _codes(self, row: ListRow) -> tuple[str, str]:
        """Return our code and the official one that a row holds, in whichever column."""
        own = official = ""
        for text in (row.code, row.official_code):
            if not text:
                continue
            if parse_provisional(text) is not None:
                own = text.upper()
            else:
                official = self._official_of(text)
        return own, official

    def _official_of(self, text: str) -> str:
        try:
            return check_official_code(text, self._pattern)
        except CodeError as error:
            # An error of its row: the others go in.
            raise InputError(str(error), field="Mã hồ sơ") from error

    def _match(self, row: ListRow, own: str, official: str) -> _Known | None:
        by_official = self._find("official_code = ? AND is_void = 0", (official,), official)
        by_own = self._find("code = ?", (own,), own)
        if by_official and by_own and by_official[0].uuid != by_own[0].uuid:
            raise _DoubtError(
                "Mã hồ sơ",
                f"Mã {official} đang gắn cho hồ sơ {by_official[0].state['code']}, không phải "
                f"{own}. Chưa ghi dòng này.",
            )
        if by_official or by_own:
            return (by_official or by_own)[0]
        if own:
            raise InputError(f"Không có hồ sơ mã {own} trong dữ liệu.", field="Mã hồ sơ")
        return self._match_by_person(row, official)

    def _match_by_person(self, row: ListRow, official: str) -> _Known | None:
        """Match by procedure, citizen and day of receipt; a doubtful match is for a person."""
        number = row.citizen_id or row.tax_code
        if not number or row.received_at is None or not row.procedure_code:
            return None
        start = to_epoch(row.received_at.replace(hour=0, minute=0, second=0))
        column = "citizen_id" if row.citizen_id else "tax_code"
        same = self._find(
            f"{column} = ? AND procedure_code = ? AND received_at >= ? "
            "AND received_at < ? AND is_void = 0",
            (number, self._procedure_code(row), start, start + 86_400),
            number,
        )
        free = [one for one in same if not one.state["official_code"] or not official]
        if not free:
            return None
        if len(free) > 1:
            codes = ", ".join(one.state["code"] for one in free)
            raise _DoubtError(
                "Mã hồ sơ",
                f"Có {len(free)} hồ sơ cùng người, cùng thủ tục, cùng ngày nhận ({codes}). "
                "Cần người chọn; chưa ghi dòng này.",
            )
        return free[0]

    def _find(self, where: str, params: tuple[Any, ...], needed: str) -> list[_Known]:
        if not needed:
            return []
        rows = self._store.rows(
            f"{dossiers.SELECT_STATE}WHERE office_id = 1 AND {where} LIMIT 3", params
        )
        return [_Known(*dossiers.state_of(row)) for row in rows]

    # ------------------------------------------------------------------ a new dossier

    def _procedure_of(self, row: ListRow) -> Procedure | None:
        if row.received_at is None:
            return None
        key = (row.procedure_code or row.procedure_name, row.received_at.date())
        if key not in self._procedures:
            self._procedures[key] = self._look_up(row, key[1])
        return self._procedures[key]

    def _look_up(self, row: ListRow, day: date) -> Procedure | None:
        known = catalogue.procedures(self._store, on=day)
        if row.procedure_code:
            base = row.procedure_code.strip()
            return next((p for p in known if base == p.code or base.startswith(p.code + ".")), None)
        wanted = fold(row.procedure_name)
        same = [p for p in known if fold(p.name) == wanted]
        return same[0] if len(same) == 1 else None

    def _procedure_code(self, row: ListRow) -> str:
        found = self._procedure_of(row)
        return found.code if found is not None else row.procedure_code

    def _begin(self, row: ListRow, official: str) -> Taken:
        if row.received_at is None or not row.applicant_name:
            raise InputError("Dòng thiếu tên chủ hồ sơ hoặc ngày giờ tiếp nhận.")
        if row.received_at > self._now:
            raise InputError(
                f"Ngày tiếp nhận {row.received_at:%H:%M %d/%m/%Y} ở sau giờ hiện tại.",
                field="Ngày giờ tiếp nhận",
            )
        found = self._procedure_of(row)
        values, notes = self._values(row, official, found)
        promise = self._promise(row, found, values)
        here = journal.desk(self._store)
        day = row.received_at.date()
        number = journal.take_number(self._store, kind="dossier", period=f"{day:%y%m%d}")
        values["code"] = provisional_code(here.counter_number, day, number)
        values["counter_name"] = here.counter_name
        body: dict[str, Any] = {
            "set": {k: v for k, v in values.items() if v not in (None, "", 0)},
            "source": "list",
        }
        if promise is not None:
            body["promise"] = promise
        dossier_id, uuid, _, state = journal.begin_dossier(
            self._store,
            kind=Move.RECEIVE.value,
            at=to_epoch(row.received_at),
            now=self._now_seconds,
            by=self._by,
            body=body,
        )
        self._catch_up(_Known(dossier_id, uuid, state), row)
        return Taken(Outcome.NEW, notes=tuple(notes))

    def _values(
        self, row: ListRow, official: str, found: Procedure | None
    ) -> tuple[dict[str, Any], list[str]]:
        notes = []
        channel = row.channel
        if channel is None:
            channel = Channel.ONLINE
            if not self._told_channel:
                self._told_channel = True
                notes.append("Danh sách không ghi hình thức tiếp nhận: được ghi là trực tuyến.")
        unit = row.resolving_unit or (found.unit if found else "")
        values: dict[str, Any] = {
            "official_code": official or None,
            "procedure_code": self._procedure_code(row),
            "procedure_name": found.name if found is not None else row.procedure_name,
            "sector": row.sector or (found.sector if found is not None else ""),
            "channel": channel.value,
            "status": Status.RECEIVED.value,
            "owner_kind": "organisation" if row.tax_code and not row.citizen_id else "person",
            "applicant_name": row.applicant_name,
            "submitter_name": row.applicant_name,
            "id_kind": "citizen" if row.citizen_id else "none",
            "citizen_id": row.citizen_id or None,
            "tax_code": row.tax_code or None,
            "address": row.address,
            "phone": row.phone,
            "content": row.content,
            "resolving_unit": unit,
            "handling_officer": row.handling_officer,
            "reception_officer": row.reception_officer,
            "fee": row.fee,
            "fee_paid": row.fee_paid or 0,
            "note": row.note,
            "received_at": to_epoch(row.received_at) if row.received_at else None,
            "recorded_at": self._now_seconds,
            "source": "list",
        }
        if found is not None and found.limit:
            held = promises.terms(self._store, limit=found.limit, cutoff=found.cutoff)
            values.update(held.to_state())
        return values, notes

    def _promise(
        self, row: ListRow, found: Procedure | None, values: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return the promise the list tells, with our own answer beside it."""
        own = None
        if found is not None and found.limit and row.received_at is not None:
            held = promises.terms(self._store, limit=found.limit, cutoff=found.cutoff)
            own = promises.answer(self._store, held, row.received_at).due_at
        due_at = self._due_of(row) or own
        if due_at is None:
            return None
        return promises.promise_body(
            self._store,
            PromiseKind.IMPORTED.value,
            due_at,
            base_at=row.received_at,
            own_due_at=own,
            source="danh sách" if row.due_at is not None else "tự tính vì danh sách không ghi hạn",
            limit=str(values.get("limit", "")),
        )

    def _due_of(self, row: ListRow) -> datetime | None:
        """A day without a time ends when that day's work ends."""
        return self._closing(row.due_at, is_day="due_at" in row.date_only)

    def _closing(self, moment: datetime | None, *, is_day: bool) -> datetime | None:
        if moment is None or not is_day:
            return moment
        return promises.closing_of(self._store, moment.date())

    # ------------------------------------------------------------------ a known dossier

    def _go_on(self, known: _Known, row: ListRow, official: str) -> Taken:
        self._refuse_other_facts(known, row, official)
        changes = {
            name: getattr(row, name)
            for name in _FILLABLE
            if getattr(row, name) and not known.state[name]
        }
        if "citizen_id" in changes:
            changes["id_kind"] = "citizen"
        before = known.state["events_count"]
        if official and not known.state["official_code"]:
            known = self._add(
                known, Move.SET_OFFICIAL_CODE, self._now_seconds, {"official_code": official}
            )
        if changes:
            known = self._add(
                known, Move.CORRECT, self._now_seconds, changes, reason="bổ sung theo danh sách"
            )
        known = self._catch_up(known, row)
        changed = known.state["events_count"] != before
        return Taken(Outcome.UPDATED if changed else Outcome.UNCHANGED)

    def _refuse_other_facts(self, known: _Known, row: ListRow, official: str) -> None:
        """Another promise date or another code is for a person to decide; ours stays."""
        state = known.state
        if official and state["official_code"] and state["official_code"] != official:
            raise _DoubtError(
                "Mã hồ sơ",
                f"Hồ sơ {state['code']} đã có mã {state['official_code']}, danh sách ghi "
                f"{official}. Giữ mã cũ.",
            )
        due_at = self._due_of(row)
        ours = [state[k] for k in ("original_due_at", "legal_due_at", "due_at") if state[k]]
        if due_at is None or not ours:
            return
        day = day_number(to_epoch(due_at))
        if all(day_number(one) != day for one in ours):
            raise _DoubtError(
                "Ngày giờ hẹn trả",
                f"Hồ sơ {state['official_code'] or state['code']} đã hẹn "
                f"{from_epoch(ours[0]):%d/%m/%Y}, danh sách ghi {due_at:%d/%m/%Y}. "
                "Ngày đã hẹn được giữ.",
            )

    # ------------------------------------------------------------------ catching up

    def _catch_up(self, known: _Known, row: ListRow) -> _Known:
        """Add the moves and the reschedule that the list tells and we don't have yet."""
        known = self._reschedule(known, row)
        told = row.status or self._told_by_dates(row)
        now = Status(known.state["status"])
        if told is None or told is now or is_behind(now, told):
            return self._returned(known, row)
        moves = way(now, told)
        if moves is None:
            raise _DoubtError(
                "Trạng thái",
                f"Hồ sơ {known.state['official_code'] or known.state['code']} đang là "
                f"“{STATUS_LABELS[now]}”, danh sách ghi “{STATUS_LABELS[told]}”. Giữ như cũ.",
            )
        for move in moves:
            known = self._step(known, move, row, last=move is moves[-1])
        return self._returned(known, row)

    @staticmethod
    def _told_by_dates(row: ListRow) -> Status | None:
        if row.returned_at is not None:
            return Status.RETURNED
        return Status.COMPLETED if row.completed_at is not None else None

    def _returned(self, known: _Known, row: ListRow) -> _Known:
        """Add the day the citizen collected, when a list brings it after the result's."""
        if row.returned_at is None or known.state["status"] != Status.COMPLETED:
            return known
        return self._step(known, Move.RETURN, row, last=True)

    def _moment(self, known: _Known, move: Move, row: ListRow) -> tuple[int, bool]:
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
        return max(seconds, known.state["last_move_at"]), is_estimate

    def _step(self, known: _Known, move: Move, row: ListRow, *, last: bool) -> _Known:
        at, estimated = self._moment(known, move, row)
        status = Status(known.state["status"])
        came_from = known.state["came_from"]
        changes: dict[str, Any] = {
            "status": target_of(status, move, came_from and Status(came_from)).value
        }
        promise = None
        if move is Move.FORWARD:
            changes["resolving_unit"] = known.state["resolving_unit"] or BY_LIST
        elif move is Move.COMPLETE:
            changes["completed_at"] = at
        elif move is Move.RETURN:
            changes.update(returned_at=at, collected_by=BY_LIST)
        elif move in _ENDS:
            changes["closed_at"] = at
        elif move in {Move.SUPPLEMENT, Move.AWAIT_PAYMENT}:
            changes["came_from"] = known.state["status"]
            if move is Move.AWAIT_PAYMENT:
                changes["pauses"] = [*known.state["pauses"], [at, None]]
        elif move in {Move.RESUBMIT, Move.PAID}:
            changes["came_from"] = None
            promise = self._renewed(known.state, move, at, changes)
        if estimated and last:
            changes["at_estimated"] = 1
        return self._add(known, move, at, changes, promise=promise, reason=BY_LIST)

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

    def _reschedule(self, known: _Known, row: ListRow) -> _Known:
        """A new date in a list counts as made in time, unless the dossier was late here already."""
        told = self._closing(row.rescheduled_due_at, is_day="rescheduled_due_at" in row.date_only)
        state = known.state
        legal = state["legal_due_at"]
        if told is None or legal is None or Status(state["status"]) not in ACTIVE:
            return known
        due = to_epoch(told)
        if state["reschedules"]:
            if day_number(due) != day_number(state["rescheduled_due_at"] or due):
                raise _DoubtError(
                    "Ngày giờ hẹn lại",
                    f"Hồ sơ {state['official_code'] or state['code']} đã hẹn lại "
                    f"{from_epoch(state['rescheduled_due_at']):%d/%m/%Y}, danh sách ghi "
                    f"{told:%d/%m/%Y}. Giữ như cũ.",
                )
            return known
        if due <= legal or due == state["late_expected_at"]:
            return known
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
        return self._add(known, Move.RESCHEDULE, at, changes, promise=promise, reason=BY_LIST)

    def _add(
        self,
        known: _Known,
        move: Move,
        at: int,
        changes: dict[str, Any],
        *,
        promise: dict[str, Any] | None = None,
        reason: str = "",
    ) -> _Known:
        body: dict[str, Any] = {"set": changes, "source": "list"}
        if promise is not None:
            body["promise"] = promise
        if reason:
            body["reason"] = reason
        if self._boundary != "day":
            body["boundary"] = self._boundary
        _, after = journal.add_event(
            self._store,
            dossier_id=known.dossier_id,
            dossier_uuid=known.uuid,
            before=known.state,
            kind=move.value,
            at=at,
            now=self._now_seconds,
            by=self._by,
            body=body,
        )
        return known._replace(state=after)
