"""The moves of a dossier's life: each function is one act, one event, one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import ACTIVE, Move, Status
from counter_app.domain.moments import to_epoch, to_minute
from counter_app.domain.numbering import check_official_code
from counter_app.domain.vietnamese import clean_text
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import lookup
from counter_app.services.returns import contact, return_result
from counter_app.services.settings import get_setting
from counter_app.services.terms_moves import (
    await_payment,
    check_closing_time,
    competent_received,
    extend,
    paid,
    reschedule,
    resubmit,
    supplement,
)
from counter_app.services.turns import check_line, take, write

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

__all__ = [
    "await_payment",
    "close",
    "competent_received",
    "complete",
    "contact",
    "explain",
    "extend",
    "forward",
    "paid",
    "refuse",
    "reschedule",
    "resubmit",
    "return_result",
    "set_official_code",
    "stop",
    "supplement",
    "undo",
    "withdraw",
]


def forward(
    store: Store,
    code: str,
    *,
    to: str,
    officer: str = "",
    reason: str = "",
    from_officer: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Hand a dossier to the unit that resolves it (chuyển xử lý); again means reassigned."""
    with store.transaction():
        turn = take(store, code, Move.FORWARD, at=at, now=now, reason=reason)
        unit = check_line(to, field="to", label="Tên đơn vị")
        if not unit:
            raise InputError("Chưa chọn đơn vị nhận hồ sơ.", field="to")
        changes = {
            "status": Status.PROCESSING.value,
            "resolving_unit": unit,
            "handling_officer": check_line(officer, field="officer", label="Tên công chức"),
            "forwarded_at": turn.at_seconds,
            "accepted_at": None,
            "accepted_by": "",
        }
        # Unit and officer are named even where they were set already: the story and the routing
        # slip tell whom it went to.
        extra = {"reason": clean_text(reason), "to": unit, "officer": changes["handling_officer"]}
        extra["from_officer"] = from_officer
        return write(store, turn, Move.FORWARD, by=by, changes=changes, extra=extra)


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
        turn = take(store, code, Move.COMPLETE, at=at, now=now, reason=reason)
        changes = {"status": Status.COMPLETED.value, "completed_at": turn.at_seconds}
        extra = {"reason": clean_text(reason)}
        return write(store, turn, Move.COMPLETE, by=by, changes=changes, extra=extra)


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
        turn = take(store, code, Move.EXPLAIN, at=at, now=now, reason=reason)
        words = clean_text(reason)
        changes: dict[str, Any] = {"late_reason": words}
        if expected is not None:
            if to_minute(expected) <= now and turn.status in ACTIVE:
                raise InputError("Ngày dự kiến trả phải sau giờ này.", field="expected")
            changes["late_expected_at"] = to_epoch(to_minute(expected))
        return write(store, turn, Move.EXPLAIN, by=by, changes=changes, extra={"reason": words})


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
        turn = take(store, code, move, at=at, now=now, reason=reason)
        if move is Move.CLOSE:
            check_closing_time(store, turn)
        changes = {"status": status.value, "closed_at": turn.at_seconds}
        return write(
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
    store: Store, code: str, *, official: str, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Attach the code that the official system gave (mã hồ sơ chính thức)."""
    with store.transaction():
        turn = take(store, code, Move.SET_OFFICIAL_CODE, at=at, now=now)
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
        return write(store, turn, Move.SET_OFFICIAL_CODE, by=by, changes=changes)


def undo(
    store: Store, code: str, *, reason: str, at: datetime | None = None, by: str, now: datetime
) -> DossierFacts:
    """Take the last act back in the open (hoàn tác): both stay in the history."""
    with store.transaction():
        turn = take(store, code, Move.UNDO, at=at, now=now, reason=reason)
        last = lookup.last_live_event(store, turn.uuid)
        if last is None:
            raise MoveRefusedError("Không có bước nào để hoàn tác.")
        extra = {"voids": [last.uuid], "reason": clean_text(reason), "undoes": last.kind}
        return write(store, turn, Move.UNDO, by=by, changes={}, extra=extra)
