"""One row of another system's list, matched to a dossier and turned into events."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import Channel, Move, PromiseKind, Status
from counter_app.domain.history import day_number
from counter_app.domain.lists import DoubtError, ListRow, RowError
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.numbering import provisional_code
from counter_app.domain.text import fold
from counter_app.errors import InputError, UserError
from counter_app.services import catalogue, journal, promises
from counter_app.services.journal_batch import Batch, Held
from counter_app.services.list_doubts import Doubts
from counter_app.services.list_matching import Matcher
from counter_app.services.list_moves import MoveTaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from counter_app.domain.catalogue import Procedure
    from counter_app.services.rows_aside import AsideRow
    from counter_app.storage.database import Store

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


class RowTaker:
    """Takes rows in, one after the other, within the import's transaction.

    What they become is written some hundred rows at a time, by ``flush``.
    """

    def __init__(self, store: Store, *, source: str, by: str, now: datetime) -> None:
        """Keep what is the same for all rows of one import."""
        self._store = store
        self._now = now
        self._now_seconds = to_epoch(now)
        self._procedures: dict[tuple[str, date], Procedure | None] = {}
        self._told_channel = False
        self._here = journal.desk(store)
        self._batch = Batch(store, by=by, now=self._now_seconds)
        self._doubts = Doubts(store, self._batch, source=source, now=self._now_seconds)
        self._moves = MoveTaker(store, self._batch, self._doubts, now=now)
        self._matcher = Matcher(store, self._doubts, procedure_code=self._procedure_code)

    def prepare(self, rows: Sequence[AsideRow]) -> None:
        """Look for the dossiers of some rows at once, before they are taken."""
        self._matcher.prepare((row.line, row.row) for row in rows)

    def flush(self) -> None:
        """Write what the rows taken so far became."""
        self._batch.flush()
        self._matcher.forget()

    def take(self, line: int, row: ListRow) -> Taken:
        """Add what a prepared row tells; what can't be decided is kept for a person."""
        held = None
        try:
            held, official = self._matcher.find(line, row)
            if held is None:
                return self._begin(row, official)
            return self._go_on(held, row, official)
        except DoubtError as doubt:
            return Taken(Outcome.CONFLICT, (RowError(line, doubt.column, doubt.message),))
        except UserError as error:
            return Taken(Outcome.REJECTED, (RowError(line, error.field or "", error.message),))
        finally:
            if held is not None:
                self._matcher.note(held)

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
        day = row.received_at.date()
        number = self._batch.take_number(kind="dossier", period=f"{day:%y%m%d}")
        values["code"] = provisional_code(self._here.counter_number, day, number)
        values["counter_name"] = self._here.counter_name
        body: dict[str, Any] = {
            "set": {k: v for k, v in values.items() if v not in (None, "", 0)},
            "source": "list",
        }
        if promise is not None:
            body["promise"] = promise
        held = self._batch.begin(kind=Move.RECEIVE.value, at=to_epoch(row.received_at), body=body)
        self._matcher.note(held)
        self._moves.catch_up(held, row)
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
            values.update(held.state)
        return values, notes

    def _promise(
        self, row: ListRow, found: Procedure | None, values: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Return the promise the list tells, with our own answer beside it."""
        own = None
        if found is not None and found.limit and row.received_at is not None:
            held = promises.terms(self._store, limit=found.limit, cutoff=found.cutoff)
            own = promises.answer(self._store, held, row.received_at).due_at
        due_at = self._moves.closing(row, "due_at") or own
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

    # ------------------------------------------------------------------ a known dossier

    def _go_on(self, held: Held, row: ListRow, official: str) -> Taken:
        state = held.state
        self._ask_other_facts(held, row, official)
        changes = {
            name: getattr(row, name) for name in _FILLABLE if getattr(row, name) and not state[name]
        }
        if "citizen_id" in changes:
            changes["id_kind"] = "citizen"
        before = state["events_count"]
        add, now = self._moves.add, self._now_seconds
        if official and not state["official_code"]:
            add(held, Move.SET_OFFICIAL_CODE, now, {"official_code": official})
        if changes:
            add(held, Move.CORRECT, now, changes, reason="bổ sung theo danh sách")
        self._moves.catch_up(held, row)
        changed = state["events_count"] != before
        return Taken(Outcome.UPDATED if changed else Outcome.UNCHANGED)

    def _ask_other_facts(self, held: Held, row: ListRow, official: str) -> None:
        """Another promise date or another code is for a person to decide; ours stays."""
        state = held.state
        if official and state["official_code"] and state["official_code"] != official:
            self._doubts.ask(
                held,
                "official_code",
                official,
                column="Mã hồ sơ",
                message=f"Hồ sơ {state['code']} đã có mã {state['official_code']}, danh sách ghi "
                f"{official}. Giữ mã cũ.",
            )
        due_at = self._moves.closing(row, "due_at")
        ours = [state[k] for k in ("original_due_at", "legal_due_at", "due_at") if state[k]]
        if due_at is None or not ours:
            return
        day = day_number(to_epoch(due_at))
        if all(day_number(one) != day for one in ours):
            self._doubts.ask(
                held,
                "due_at",
                to_epoch(due_at),
                column="Ngày giờ hẹn trả",
                message=f"Hồ sơ {state['official_code'] or state['code']} đã hẹn "
                f"{from_epoch(ours[0]):%d/%m/%Y}, danh sách ghi {due_at:%d/%m/%Y}. "
                "Ngày đã hẹn được giữ.",
            )
