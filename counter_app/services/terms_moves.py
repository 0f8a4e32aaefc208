"""Moves that add a promise: reschedule, supplement, pause, extension, phi địa giới."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import Counting, parse_limit
from counter_app.domain.dossier import Move, PromiseKind, Status, target_of
from counter_app.domain.history import day_number
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.vietnamese import clean_text
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import calendars, linked, lookup, promises
from counter_app.services.settings import get_setting
from counter_app.services.turns import Turn, check_line, take, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from counter_app.domain.deadlines import Answer
    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

_LONGEST_LISTED = 480  # what is listed in full on the slip stands in short as the reason
SUPPLEMENT_DAYS = 3  # NĐ 61/2018 Điều 19.4: asked within 3 working days, unless sector law differs


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
        turn = take(store, code, Move.RESCHEDULE, at=at, now=now, reason=reason)
        legal = turn.state["legal_due_at"]
        if legal is None:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} chưa có hạn trả nên chưa thể hẹn lại. "
                "Hồ sơ giữ nguyên."
            )
        counts = day_number(to_epoch(now)) < day_number(legal)
        if counts and turn.state["reschedules"]:
            raise MoveRefusedError(
                "Hồ sơ này đã hẹn lại một lần; quy định chỉ cho hẹn lại một lần. "
                "Nếu vẫn trễ, ghi lý do trễ hạn để gửi văn bản xin lỗi."
            )
        due = _new_due(store, turn, new_due)
        words = clean_text(reason)
        unit = check_line(unit, field="unit", label="Tên đơn vị")
        changes: dict[str, Any] = {"reschedule_reason": words}
        if not counts:
            changes = {"late_reason": words, "late_expected_at": to_epoch(due)}
        promise = promises.promise_body(
            store,
            PromiseKind.RESCHEDULE.value,
            due,
            reason=words,
            counts=counts,
            source=unit or turn.state["resolving_unit"],
        )
        extra = {"reason": words, "unit": unit}
        return write(
            store, turn, Move.RESCHEDULE, by=by, changes=changes, promise=promise, extra=extra
        )


def _new_due(store: Store, turn: Turn, new_due: datetime) -> datetime:
    due = to_minute(new_due)
    known = from_epoch(turn.state["due_at"] or turn.state["legal_due_at"])
    if due <= known or due <= turn.now:
        raise InputError(
            f"Ngày hẹn lại phải sau hạn hiện nay ({known:%H:%M %d/%m/%Y}) và sau giờ này.",
            field="new_due",
        )
    if not calendars.calendar(store).is_working_day(due.date()):
        raise InputError(
            f"Ngày {due:%d/%m/%Y} là ngày nghỉ. Chọn một ngày làm việc.", field="new_due"
        )
    return due


def supplement(
    store: Store,
    code: str,
    *,
    reason: str = "",
    requirements: Sequence[str] = (),
    again: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Ask the citizen once, with everything listed, for what is missing (yêu cầu bổ sung).

    ``requirements`` are the lines of the slip; without a reason they are the reason.
    """
    asked = [
        line
        for one in requirements
        if (line := check_line(one, field="requirements", label="Mục cần bổ sung", longest=300))
    ]
    reason = reason if clean_text(reason) else "; ".join(asked)[:_LONGEST_LISTED]
    with store.transaction():
        turn = take(store, code, Move.SUPPLEMENT, at=at, now=now, reason=reason)
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
            "asked_late": int(days > SUPPLEMENT_DAYS or turn.state["asked_late"]),
        }
        extra = {
            "reason": clean_text(reason),
            "again": clean_text(again),
            "requirements": asked,
        }
        return write(store, turn, Move.SUPPLEMENT, by=by, changes=changes, extra=extra)


def _was_asked(store: Store, turn: Turn) -> bool:
    return any(
        e.kind == Move.SUPPLEMENT and not e.is_undone for e in lookup.story(store, turn.uuid)
    )


def resubmit(
    store: Store,
    code: str,
    *,
    reason: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Take in what was missing; the limit starts again from zero (NĐ 61/2018 Điều 19.4)."""
    with store.transaction():
        turn = take(store, code, Move.RESUBMIT, at=at, now=now, reason=reason)
        given = promises.answer(store, promises.terms_for(store, turn.state), turn.at)
        changes: dict[str, Any] = {"came_from": None, "pauses": [], "extensions": []}
        changes["status"] = _state_before(turn, Move.RESUBMIT)
        promise = None
        if _awaits_competent(turn):
            changes["expected_due_at"] = given.due_at and to_epoch(given.due_at)
        else:
            promise = _promised(store, PromiseKind.RESTART, given, base_at=turn.at)
        if turn.state["steps"]:
            changes["steps"] = linked.replan(store, turn.state, from_at=turn.at)
        extra = {"reason": clean_text(reason)}
        return write(
            store, turn, Move.RESUBMIT, by=by, changes=changes, promise=promise, extra=extra
        )


def _state_before(turn: Turn, move: Move) -> str:
    came_from = turn.state["came_from"]
    return target_of(turn.status, move, came_from and Status(came_from)).value


def _awaits_competent(turn: Turn) -> bool:
    """Tell whether the body that resolves it hasn't received it: then nothing is promised yet."""
    return turn.state["legal_due_at"] is None and bool(turn.state["competent_unit"])


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
    store: Store,
    code: str,
    *,
    reason: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Stop the count while the citizen meets a financial duty (chờ nghĩa vụ tài chính)."""
    with store.transaction():
        turn = take(store, code, Move.AWAIT_PAYMENT, at=at, now=now, reason=reason)
        changes = {
            "status": Status.AWAITING_PAYMENT.value,
            "came_from": turn.state["status"],
            "pauses": [*turn.state["pauses"], [turn.at_seconds, None]],
        }
        extra = {"reason": clean_text(reason)}
        return write(store, turn, Move.AWAIT_PAYMENT, by=by, changes=changes, extra=extra)


def paid(
    store: Store,
    code: str,
    *,
    reason: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Let the count go on: the due moment moves by the pause."""
    with store.transaction():
        turn = take(store, code, Move.PAID, at=at, now=now, reason=reason)
        pauses = [*turn.state["pauses"][:-1], [turn.state["pauses"][-1][0], turn.at_seconds]]
        changes: dict[str, Any] = {
            "status": _state_before(turn, Move.PAID),
            "came_from": None,
            "pauses": pauses,
        }
        promise = None
        if turn.state["legal_due_at"] is not None:
            given = promises.run_due(store, turn.state, pauses=pauses)
            promise = _promised(store, PromiseKind.PAUSE, given)
            if turn.state["steps"] and given.due_at is not None:
                changes["steps"] = linked.move_on(
                    store,
                    turn.state,
                    since=from_epoch(pauses[-1][0]),
                    whole=(from_epoch(turn.state["legal_due_at"]), given.due_at),
                )
        extra = {"reason": clean_text(reason)}
        return write(store, turn, Move.PAID, by=by, changes=changes, promise=promise, extra=extra)


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
        turn = take(store, code, Move.EXTEND, at=at, now=now, reason=reason)
        if turn.state["legal_due_at"] is None:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} chưa có hạn trả nên chưa thể gia hạn. "
                "Hồ sơ giữ nguyên."
            )
        legal = from_epoch(turn.state["legal_due_at"])
        held = promises.terms_for(store, turn.state)
        longer = promises.terms(store, limit=limit, cutoff="none").limit
        if longer.is_same_day:
            raise InputError(
                "Thời gian gia hạn phải lớn hơn 0. Sửa lại rồi làm tiếp.", field="limit"
            )
        given = promises.extended(store, held, str(longer), legal)
        words = clean_text(reason)
        promise = _promised(store, PromiseKind.EXTENSION, given, reason=words, limit=str(longer))
        changes = {"extensions": [*turn.state["extensions"], str(longer)]}
        extra = {"reason": words}
        return write(store, turn, Move.EXTEND, by=by, changes=changes, promise=promise, extra=extra)


def check_closing_time(store: Store, turn: Turn) -> None:
    """Refuse to close a dossier while its citizen still has time to bring what is missing.

    Raises:
        MoveRefusedError: the days that the office set for an answer aren't over.
    """
    asked_at = from_epoch(turn.state["last_move_at"])
    wait = parse_limit(get_setting(store, "supplement_close"))
    held = promises.terms(store, limit=str(wait), cutoff="none", counting=Counting.DAY.value)
    until = promises.answer(store, held, asked_at).due_at
    if until is not None and turn.at <= until:
        raise MoveRefusedError(
            f"Đã yêu cầu bổ sung lúc {asked_at:%H:%M %d/%m/%Y}; chỉ đóng hồ sơ khi quá "
            f"{wait.in_words()} mà không bổ sung, tức là sau {until:%H:%M %d/%m/%Y}. "
            "Hồ sơ giữ nguyên."
        )


def competent_received(
    store: Store,
    code: str,
    *,
    at: datetime | None = None,
    reason: str = "",
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record when the competent body received a dossier: its limit runs from then (phi địa giới).

    NĐ 118/2025 Điều 17.3 as amended by NĐ 309/2026 Điều 8.3.
    """
    with store.transaction():
        turn = take(store, code, Move.COMPETENT_RECEIVED, at=at, now=now, reason=reason)
        state = turn.state
        if not state["competent_unit"]:
            raise MoveRefusedError(
                f"Hồ sơ {state['code']} thuộc thẩm quyền của đơn vị này nên không có bước này. "
                "Hồ sơ giữ nguyên."
            )
        if state["legal_due_at"] is not None:
            due = from_epoch(state["legal_due_at"])
            raise MoveRefusedError(
                f"Hồ sơ {state['code']} đã có hạn trả {due:%H:%M %d/%m/%Y}. Hồ sơ giữ nguyên."
            )
        given = promises.answer(store, promises.terms_for(store, state), turn.at)
        promise = _promised(store, PromiseKind.FIRST, given, base_at=turn.at, limit=state["limit"])
        changes = {"competent_at": turn.at_seconds, "expected_due_at": None}
        extra = {"reason": clean_text(reason)}
        return write(
            store,
            turn,
            Move.COMPETENT_RECEIVED,
            by=by,
            changes=changes,
            promise=promise,
            extra=extra,
        )
