"""The moves of a dossier's life: each function is one act, one event, one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import (
    ACTIVE,
    CLOSED_OTHERWISE,
    Move,
    PromiseKind,
    Status,
    find_rule,
    target_of,
)
from counter_app.domain.history import State, day_number, is_past
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.numbering import check_official_code
from counter_app.domain.vietnamese import clean_line, clean_text
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import calendars, journal, lookup, promises
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.deadlines import Answer
    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

_LONGEST_REASON = 500
_SUPPLEMENT_DAYS = 3  # NĐ 61/2018 Điều 19.4: asked within 3 working days, unless sector law differs


class _Turn(NamedTuple):
    """A dossier in the hand of whoever moves it: what it is now and when the act is."""

    dossier_id: int
    uuid: str
    state: State
    at: datetime
    at_seconds: int
    now: datetime
    boundary: str

    @property
    def status(self) -> Status:
        return Status(self.state["status"])


def _take(
    store: Store, code: str, move: Move, *, at: datetime | None, now: datetime, reason: str = ""
) -> _Turn:
    """Look a dossier up and check the table, the moment and the reason of a move.

    Raises:
        NotFoundError: no dossier, or several, answer to ``code``.
        MoveRefusedError: the table doesn't allow it.
        InputError: the moment or the reason can't be used.
    """
    dossier_id, uuid, state = lookup.load(store, code)
    moment = to_minute(at or now)
    status = Status(state["status"])
    if state["is_void"]:
        raise MoveRefusedError(
            f"Hồ sơ {state['code']} đã được hoàn tác tiếp nhận nên không xử lý tiếp được."
        )
    rule = find_rule(status, move)
    if rule is None:
        target_of(status, move, None)
    if rule is not None and rule.needs_reason and not clean_text(reason):
        raise InputError("Cần ghi lý do. Nhập lý do rồi làm lại.", field="reason")
    if len(reason) > _LONGEST_REASON:
        raise InputError(f"Lý do dài quá {_LONGEST_REASON} ký tự. Viết gọn lại.", field="reason")
    if at is not None and moment > now:
        raise InputError(
            f"Thời điểm {moment:%H:%M %d/%m/%Y} ở sau giờ hiện tại. Sửa lại rồi làm tiếp.",
            field="at",
        )
    last = state["last_move_at"]
    if rule is not None and rule.moves and last is not None and to_epoch(moment) < last:
        raise InputError(
            f"Thời điểm {moment:%H:%M %d/%m/%Y} ở trước bước gần nhất của hồ sơ "
            f"({from_epoch(last):%H:%M %d/%m/%Y}). Sửa lại rồi làm tiếp.",
            field="at",
        )
    journal.check_clock(store, now)
    boundary = get_setting(store, "boundary")
    return _Turn(dossier_id, uuid, state, moment, to_epoch(moment), now, boundary)


def _needs_backdating_reason(turn: _Turn, reason: str) -> None:
    """An event back-dated over a due moment says why, and is listed in reports."""
    due_at = turn.state["due_at"]
    if due_at is None or clean_text(reason):
        return
    if is_past(due_at, to_epoch(turn.now), turn.boundary) and not is_past(
        due_at, turn.at_seconds, turn.boundary
    ):
        raise InputError(
            "Thời điểm ghi lùi về trước hạn trả trong khi hạn đã qua: cần ghi lý do, "
            "và việc này được liệt kê trong báo cáo.",
            field="reason",
        )


def _write(
    store: Store,
    turn: _Turn,
    move: Move,
    *,
    by: str,
    changes: dict[str, Any],
    promise: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> DossierFacts:
    body: dict[str, Any] = {"set": changes}
    if promise is not None:
        body["promise"] = promise
    if turn.boundary != "day":
        body["boundary"] = turn.boundary
    body.update({k: v for k, v in (extra or {}).items() if v})
    journal.add_event(
        store,
        dossier_id=turn.dossier_id,
        dossier_uuid=turn.uuid,
        before=turn.state,
        kind=move.value,
        at=turn.at_seconds,
        now=to_epoch(turn.now),
        by=clean_line(by),
        body=body,
    )
    return lookup.show(store, turn.uuid, now=turn.now)


def forward(
    store: Store,
    code: str,
    *,
    to: str,
    officer: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Hand a dossier to the unit that resolves it (chuyển xử lý); again means reassigned."""
    with store.transaction():
        turn = _take(store, code, Move.FORWARD, at=at, now=now)
        unit = clean_line(to)
        if not unit:
            raise InputError("Chưa chọn đơn vị nhận hồ sơ.", field="to")
        changes = {
            "status": Status.PROCESSING.value,
            "resolving_unit": unit,
            "handling_officer": clean_line(officer),
        }
        return _write(store, turn, Move.FORWARD, by=by, changes=changes)


def complete(
    store: Store,
    code: str,
    *,
    at: datetime | None = None,
    reason: str = "",
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record that the result is there (có kết quả); the verdict is given here, once."""
    with store.transaction():
        turn = _take(store, code, Move.COMPLETE, at=at, now=now, reason=reason)
        _needs_backdating_reason(turn, reason)
        changes = {"status": Status.COMPLETED.value, "completed_at": turn.at_seconds}
        extra = {"reason": clean_text(reason)}
        return _write(store, turn, Move.COMPLETE, by=by, changes=changes, extra=extra)


def return_result(
    store: Store,
    code: str,
    *,
    collected_by: str,
    proxy_id: str = "",
    authorisation: str = "",
    receipt_lost: bool = False,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Hand the result, or the papers of a dossier that ended otherwise, to who collects it."""
    with store.transaction():
        turn = _take(store, code, Move.RETURN, at=at, now=now)
        name = clean_line(collected_by)
        if not name:
            raise InputError("Chưa ghi họ tên người nhận kết quả.", field="collected_by")
        if turn.state["returned_at"] is not None:
            raise MoveRefusedError(f"Hồ sơ {turn.state['code']} đã trả giấy tờ trước đó.")
        changes: dict[str, Any] = {"returned_at": turn.at_seconds, "collected_by": name}
        if turn.status not in CLOSED_OTHERWISE:
            changes["status"] = Status.RETURNED.value
        extra = {
            "proxy_id": clean_line(proxy_id),
            "authorisation": clean_line(authorisation),
            "receipt_lost": receipt_lost,
        }
        return _write(store, turn, Move.RETURN, by=by, changes=changes, extra=extra)


def reschedule(
    store: Store,
    code: str,
    *,
    reason: str,
    new_due: datetime,
    unit: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record the resolving unit's written word for a new date (hẹn lại).

    It counts once, and only if recorded on a day before the legal due day (NĐ 61/2018 Điều 19.9:
    at the latest one day before; at most once). Later it is a late notice that moves no due date.
    """
    with store.transaction():
        turn = _take(store, code, Move.RESCHEDULE, at=at, now=now, reason=reason)
        legal = turn.state["legal_due_at"]
        if legal is None:
            raise MoveRefusedError("Hồ sơ chưa có hạn trả nên chưa thể hẹn lại.")
        if turn.state["reschedules"]:
            raise MoveRefusedError(
                "Hồ sơ này đã hẹn lại một lần; quy định chỉ cho hẹn lại một lần. "
                "Nếu vẫn trễ, ghi lý do trễ hạn để gửi văn bản xin lỗi."
            )
        due = to_minute(new_due)
        if due <= from_epoch(legal) or due <= now:
            raise InputError(
                f"Ngày hẹn lại phải sau hạn hiện nay ({from_epoch(legal):%H:%M %d/%m/%Y}) "
                "và sau giờ này.",
                field="new_due",
            )
        if not calendars.calendar(store).is_working_day(due.date()):
            raise InputError(
                f"Ngày {due:%d/%m/%Y} là ngày nghỉ. Chọn một ngày làm việc.", field="new_due"
            )
        counts = day_number(to_epoch(now)) < day_number(legal)
        words = clean_text(reason)
        changes: dict[str, Any] = {"reschedule_reason": words}
        if not counts:
            changes = {"late_reason": words, "late_expected_at": to_epoch(due)}
        promise = promises.promise_body(
            store,
            PromiseKind.RESCHEDULE.value,
            due,
            reason=words,
            counts=counts,
            source=clean_line(unit) or turn.state["resolving_unit"],
        )
        extra = {"reason": words, "unit": clean_line(unit)}
        return _write(
            store, turn, Move.RESCHEDULE, by=by, changes=changes, promise=promise, extra=extra
        )


def explain(
    store: Store,
    code: str,
    *,
    reason: str,
    expected: datetime | None = None,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record why a dossier is late and when its result is expected; moves no promise."""
    with store.transaction():
        turn = _take(store, code, Move.EXPLAIN, at=at, now=now, reason=reason)
        words = clean_text(reason)
        changes: dict[str, Any] = {"late_reason": words}
        if expected is not None:
            if to_minute(expected) <= now and turn.status in ACTIVE:
                raise InputError("Ngày dự kiến trả phải sau giờ này.", field="expected")
            changes["late_expected_at"] = to_epoch(to_minute(expected))
        return _write(store, turn, Move.EXPLAIN, by=by, changes=changes, extra={"reason": words})


def supplement(
    store: Store,
    code: str,
    *,
    reason: str,
    again: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Ask the citizen once, with everything listed, for what is missing (yêu cầu bổ sung)."""
    with store.transaction():
        turn = _take(store, code, Move.SUPPLEMENT, at=at, now=now, reason=reason)
        if _was_asked(store, turn) and not clean_text(again):
            raise MoveRefusedError(
                "Hồ sơ này đã yêu cầu bổ sung một lần; chỉ được yêu cầu một lần. "
                "Nếu buộc phải yêu cầu lại, ghi rõ lý do yêu cầu lại.",
                field="again",
            )
        since = from_epoch(turn.state["run_started_at"] or turn.state["received_at"])
        days = calendars.calendar(store).working_days_between(since.date(), turn.at.date())
        changes = {
            "status": Status.AWAITING_SUPPLEMENT.value,
            "came_from": turn.state["status"],
            "asked_late": int(days > _SUPPLEMENT_DAYS),
        }
        extra = {"reason": clean_text(reason), "again": clean_text(again)}
        return _write(store, turn, Move.SUPPLEMENT, by=by, changes=changes, extra=extra)


def _was_asked(store: Store, turn: _Turn) -> bool:
    return any(
        e.kind == Move.SUPPLEMENT and not e.is_undone for e in lookup.story(store, turn.uuid)
    )


def resubmit(
    store: Store, code: str, *, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Take in what was missing; the limit starts again from zero (NĐ 61/2018 Điều 19.4)."""
    with store.transaction():
        turn = _take(store, code, Move.RESUBMIT, at=at, now=now)
        given = promises.answer(store, promises.terms_of(turn.state), turn.at)
        changes: dict[str, Any] = {"came_from": None, "pauses": [], "extensions": []}
        changes["status"] = target_of(turn.status, Move.RESUBMIT, turn.state["came_from"])
        promise = _promised(store, PromiseKind.RESTART, given, base_at=turn.at)
        return _write(store, turn, Move.RESUBMIT, by=by, changes=changes, promise=promise)


def _promised(
    store: Store,
    kind: PromiseKind,
    given: Answer,
    *,
    base_at: datetime | None = None,
    reason: str = "",
    limit: str = "",
) -> dict[str, Any]:
    if given.due_at is None:
        raise InputError("Chưa tính được ngày hẹn trả mới.", field="limit")
    return promises.promise_body(
        store,
        kind.value,
        given.due_at,
        base_at=base_at,
        provisional=given.provisional,
        reason=reason,
        limit=limit,
    )


def await_payment(
    store: Store, code: str, *, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Stop the count while the citizen meets a financial duty (chờ nghĩa vụ tài chính)."""
    with store.transaction():
        turn = _take(store, code, Move.AWAIT_PAYMENT, at=at, now=now)
        changes = {
            "status": Status.AWAITING_PAYMENT.value,
            "came_from": turn.state["status"],
            "pauses": [*turn.state["pauses"], [turn.at_seconds, None]],
        }
        return _write(store, turn, Move.AWAIT_PAYMENT, by=by, changes=changes)


def paid(
    store: Store, code: str, *, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Let the count go on: the due moment moves by the pause."""
    with store.transaction():
        turn = _take(store, code, Move.PAID, at=at, now=now)
        pauses = [*turn.state["pauses"][:-1], [turn.state["pauses"][-1][0], turn.at_seconds]]
        given = promises.run_due(store, turn.state, pauses=pauses)
        changes = {
            "status": target_of(turn.status, Move.PAID, turn.state["came_from"]).value,
            "came_from": None,
            "pauses": pauses,
        }
        promise = _promised(store, PromiseKind.PAUSE, given)
        return _write(store, turn, Move.PAID, by=by, changes=changes, promise=promise)


def extend(
    store: Store,
    code: str,
    *,
    limit: str,
    reason: str,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Add the time that the law gives for verification or a written agreement (gia hạn)."""
    with store.transaction():
        turn = _take(store, code, Move.EXTEND, at=at, now=now, reason=reason)
        if turn.state["legal_due_at"] is None:
            raise MoveRefusedError("Hồ sơ chưa có hạn trả nên chưa thể gia hạn.")
        legal = from_epoch(turn.state["legal_due_at"])
        given = promises.extended(store, promises.terms_of(turn.state), limit, legal)
        words = clean_text(reason)
        promise = _promised(store, PromiseKind.EXTENSION, given, reason=words, limit=limit)
        changes = {"extensions": [*turn.state["extensions"], limit]}
        extra = {"reason": words}
        return _write(
            store, turn, Move.EXTEND, by=by, changes=changes, promise=promise, extra=extra
        )


def _end(
    store: Store,
    code: str,
    move: Move,
    status: Status,
    *,
    reason: str,
    at: datetime | None,
    by: str,
    now: datetime,
) -> DossierFacts:
    with store.transaction():
        turn = _take(store, code, move, at=at, now=now, reason=reason)
        _needs_backdating_reason(turn, reason)
        changes = {"status": status.value, "closed_at": turn.at_seconds}
        return _write(
            store, turn, move, by=by, changes=changes, extra={"reason": clean_text(reason)}
        )


def refuse(
    store: Store, code: str, *, reason: str, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Refuse to resolve a dossier within its limit (từ chối)."""
    return _end(store, code, Move.REFUSE, Status.REFUSED, reason=reason, at=at, by=by, now=now)


def withdraw(
    store: Store, code: str, *, reason: str = "", at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Give a dossier back at the citizen's wish (rút hồ sơ)."""
    return _end(store, code, Move.WITHDRAW, Status.WITHDRAWN, reason=reason, at=at, by=by, now=now)


def stop(
    store: Store, code: str, *, reason: str, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Stop resolving at the citizen's request (dừng giải quyết; TT 03/2025 Điều 7)."""
    return _end(store, code, Move.STOP, Status.STOPPED, reason=reason, at=at, by=by, now=now)


def close(
    store: Store, code: str, *, reason: str, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Close a dossier whose supplement never came (đóng hồ sơ)."""
    return _end(store, code, Move.CLOSE, Status.STOPPED, reason=reason, at=at, by=by, now=now)


def set_official_code(
    store: Store, code: str, *, official: str, by: str, now: datetime
) -> DossierFacts:
    """Attach the code that the official system gave (mã hồ sơ chính thức)."""
    with store.transaction():
        turn = _take(store, code, Move.SET_OFFICIAL_CODE, at=None, now=now)
        try:
            value = check_official_code(official, get_setting(store, "official_code_pattern"))
        except ValueError as error:
            raise InputError(str(error), field="official_code") from error
        if turn.state["official_code"] == value:
            return lookup.show(store, turn.uuid, now=now)
        if turn.state["official_code"]:
            raise MoveRefusedError(
                f"Hồ sơ này đã có mã chính thức {turn.state['official_code']}. "
                "Mỗi hồ sơ chỉ có một mã; nếu mã cũ sai, hoàn tác bước gắn mã trước."
            )
        taken = store.row(
            "SELECT code FROM dossier WHERE official_code = ? AND is_void = 0", (value,)
        )
        if taken is not None:
            raise InputError(
                f"Mã {value} đã gắn cho hồ sơ {taken[0]}. Kiểm tra lại mã.", field="official_code"
            )
        changes = {"official_code": value}
        return _write(store, turn, Move.SET_OFFICIAL_CODE, by=by, changes=changes)


def undo(store: Store, code: str, *, reason: str, by: str, now: datetime) -> DossierFacts:
    """Take the last act back in the open (hoàn tác): both stay in the history."""
    with store.transaction():
        turn = _take(store, code, Move.UNDO, at=None, now=now, reason=reason)
        last = lookup.last_live_event(store, turn.uuid)
        if last is None:
            raise MoveRefusedError("Không có bước nào để hoàn tác.")
        before = dict(turn.state.items())
        body_extra = {"voids": [last.uuid], "reason": clean_text(reason), "undoes": last.kind}
        turn = turn._replace(state=before)
        return _write(store, turn, Move.UNDO, by=by, changes={}, extra=body_extra)
