"""What every move has in common: the dossier is taken in hand, checked, and written back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import OPEN, Move, Status, find_rule, target_of
from counter_app.domain.history import State, is_past
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.domain.vietnamese import clean_line, clean_text, unsupported_characters
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import journal, lookup
from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

_LONGEST_REASON = 500
_LONGEST_LINE = 200


class Turn(NamedTuple):
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
        """The state it is in."""
        return Status(self.state["status"])


def take(
    store: Store, code: str, move: Move, *, at: datetime | None, now: datetime, reason: str = ""
) -> Turn:
    """Look a dossier up and check the table, the moment and the reason of a move.

    Raises:
        NotFoundError: no dossier, or several, answer to ``code``.
        MoveRefusedError: the table doesn't allow it.
        InputError: the moment or the reason can't be used.
        ClockError: the clock stands before the last saved moment.
    """
    dossier_id, uuid, state = lookup.load(store, code)
    if state["is_void"]:
        raise MoveRefusedError(
            f"Hồ sơ {state['code']} đã được hoàn tác tiếp nhận nên không xử lý tiếp được."
        )
    status = Status(state["status"])
    rule = find_rule(status, move)
    if rule is None:
        target_of(status, move, None)  # raises with what is possible instead
    journal.check_clock(store, now)
    moment = to_minute(at or now)
    if move is not Move.UNDO:  # even a step that a wrong clock dated ahead can be taken back
        _check_moment(state, moment, now=now, is_given=at is not None)
    words = check_words(reason, field="reason", label="Lý do", longest=_LONGEST_REASON)
    if rule is not None and rule.needs_reason and not words:
        raise InputError("Cần ghi lý do. Nhập lý do rồi làm lại.", field="reason")
    turn = Turn(
        dossier_id, uuid, state, moment, to_epoch(moment), now, get_setting(store, "boundary")
    )
    if status in OPEN and not words:
        _needs_backdating_reason(turn)
    return turn


def _check_moment(state: State, moment: datetime, *, now: datetime, is_given: bool) -> None:
    if is_given and moment > now:
        raise InputError(
            f"Thời điểm {moment:%H:%M %d/%m/%Y} ở sau giờ hiện tại. Sửa lại rồi làm tiếp.",
            field="at",
        )
    last = state["last_move_at"]
    if last is not None and to_epoch(moment) < last:
        raise InputError(
            f"Thời điểm {moment:%H:%M %d/%m/%Y} ở trước bước gần nhất của hồ sơ "
            f"({from_epoch(last):%H:%M %d/%m/%Y}). Sửa lại rồi làm tiếp.",
            field="at",
        )


def _needs_backdating_reason(turn: Turn) -> None:
    """An event back-dated over a due moment says why, and is listed in reports."""
    state, now = turn.state, to_epoch(turn.now)
    passed = [state["due_at"]]
    if state["late_run"] == state["run"]:
        passed.append(state["late_due_at"])
    for due_at in passed:
        if due_at is None or not is_past(due_at, now, turn.boundary):
            continue
        if not is_past(due_at, turn.at_seconds, turn.boundary):
            raise InputError(
                "Thời điểm ghi lùi về trước hạn trả trong khi hạn đã qua: cần ghi lý do, "
                "và việc này được liệt kê trong báo cáo.",
                field="reason",
            )


def check_words(text: str, *, field: str, label: str, longest: int) -> str:
    """Return a tidied text of several lines.

    Raises:
        InputError: it is over-long or holds what can't be printed.
    """
    return _checked(clean_text(text), field=field, label=label, longest=longest)


def check_line(text: str, *, field: str, label: str, longest: int = _LONGEST_LINE) -> str:
    """Return a tidied line.

    Raises:
        InputError: it is over-long or holds what can't be printed.
    """
    return _checked(clean_line(text), field=field, label=label, longest=longest)


def _checked(value: str, *, field: str, label: str, longest: int) -> str:
    if len(value) > longest:
        raise InputError(
            f"{label} dài {len(value)} ký tự, tối đa {longest}. Viết gọn lại rồi làm tiếp.",
            field=field,
        )
    strange = unsupported_characters(value)
    if strange:
        raise InputError(
            f"{label} có ký tự không in được: {' '.join(strange[:3])}. Xóa ký tự đó rồi làm tiếp.",
            field=field,
        )
    return value


def write(
    store: Store,
    turn: Turn,
    move: Move,
    *,
    by: str,
    changes: dict[str, Any],
    promise: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> DossierFacts:
    """Write a move's event with what it changed, and return the dossier as it is then."""
    body: dict[str, Any] = {"set": changes}
    if promise is not None:
        body["promise"] = promise
    if turn.boundary != "day":
        body["boundary"] = turn.boundary
    body.update({k: v for k, v in (extra or {}).items() if v})
    _, after = journal.add_event(
        store,
        dossier_id=turn.dossier_id,
        dossier_uuid=turn.uuid,
        before=turn.state,
        kind=move.value,
        at=turn.at_seconds,
        now=to_epoch(turn.now),
        by=check_line(by, field="by", label="Tên người thực hiện"),
        body=body,
    )
    if store.answers_briefly:
        return lookup.facts_from(store, turn.dossier_id, turn.uuid, after, now=turn.now)
    return lookup.show(store, turn.uuid, now=turn.now)
