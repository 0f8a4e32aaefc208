"""The life of a dossier (hồ sơ): its states, the table of moves, and what they are called."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from counter_app.errors import MoveRefusedError


class Status(StrEnum):
    """State of a dossier (trạng thái)."""

    RECEIVED = "received"
    PROCESSING = "processing"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_PAYMENT = "awaiting_payment"
    COMPLETED = "completed"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"


class Channel(StrEnum):
    """How a dossier came in (hình thức tiếp nhận)."""

    COUNTER = "counter"
    ONLINE = "online"
    POST = "post"
    TRANSFER = "transfer"


class PromiseKind(StrEnum):
    """Why a promise (lời hẹn) was added."""

    FIRST = "first"
    RESTART = "restart"
    PAUSE = "pause"
    EXTENSION = "extension"
    CORRECTION = "correction"
    CALENDAR = "calendar"
    IMPORTED = "imported"
    RESCHEDULE = "reschedule"


class Move(StrEnum):
    """What can be done with a dossier; the value is the verb of the command line."""

    RECEIVE = "receive"
    FORWARD = "forward"
    SUPPLEMENT = "supplement"
    RESUBMIT = "resubmit"
    CLOSE = "close"
    AWAIT_PAYMENT = "await-payment"
    PAID = "paid"
    EXTEND = "extend"
    RESCHEDULE = "reschedule"
    COMPLETE = "complete"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    STOP = "stop"
    RETURN = "return"
    UNDO = "undo"
    CORRECT = "correct"
    EXPLAIN = "explain"
    ATTACH = "attach"
    SURVEY = "survey"
    ASK_OPINION = "ask-opinion"
    OPINION_RECEIVED = "opinion-received"
    PRINT = "print"
    SET_OFFICIAL_CODE = "set-official-code"
    COMPETENT_RECEIVED = "competent-received"
    FEE = "fee"
    CONTACT = "contact"
    ACCEPT = "accept"
    STEP = "step"
    CALENDAR = "calendar"


STATUS_LABELS: dict[Status, str] = {
    Status.RECEIVED: "Đã tiếp nhận",
    Status.PROCESSING: "Đang xử lý",
    Status.AWAITING_SUPPLEMENT: "Yêu cầu bổ sung",
    Status.AWAITING_PAYMENT: "Chờ thực hiện nghĩa vụ tài chính",
    Status.COMPLETED: "Chờ trả kết quả",
    Status.RETURNED: "Đã trả kết quả",
    Status.REFUSED: "Từ chối",
    Status.WITHDRAWN: "Rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
}

VOID_LABEL = "Đã hoàn tác tiếp nhận"  # no state of its own: its reception never was

CHANNEL_LABELS: dict[Channel, str] = {
    Channel.COUNTER: "Trực tiếp",
    Channel.ONLINE: "Trực tuyến",
    Channel.POST: "Bưu chính",
    Channel.TRANSFER: "Nơi khác chuyển đến",
}

MOVE_LABELS: dict[Move, str] = {
    Move.RECEIVE: "Tiếp nhận",
    Move.FORWARD: "Chuyển xử lý",
    Move.SUPPLEMENT: "Yêu cầu bổ sung",
    Move.RESUBMIT: "Nhận bổ sung",
    Move.CLOSE: "Đóng hồ sơ không bổ sung",
    Move.AWAIT_PAYMENT: "Chờ nghĩa vụ tài chính",
    Move.PAID: "Đã nộp nghĩa vụ tài chính",
    Move.EXTEND: "Gia hạn xác minh",
    Move.RESCHEDULE: "Hẹn lại",
    Move.COMPLETE: "Có kết quả",
    Move.REFUSE: "Từ chối",
    Move.WITHDRAW: "Rút hồ sơ",
    Move.STOP: "Dừng giải quyết",
    Move.RETURN: "Trả kết quả",
    Move.UNDO: "Hoàn tác",
    Move.CORRECT: "Sửa thông tin",
    Move.EXPLAIN: "Ghi lý do trễ hạn",
    Move.ATTACH: "Đính kèm tệp",
    Move.SURVEY: "Phiếu đánh giá",
    Move.ASK_OPINION: "Hỏi ý kiến đơn vị khác",
    Move.OPINION_RECEIVED: "Nhận ý kiến trả lời",
    Move.PRINT: "In giấy tờ",
    Move.SET_OFFICIAL_CODE: "Gắn mã chính thức",
    Move.COMPETENT_RECEIVED: "Cơ quan có thẩm quyền đã nhận",
    Move.FEE: "Phí, lệ phí",
    Move.CONTACT: "Ghi cuộc gọi cho người dân",
    Move.ACCEPT: "Nhận bàn giao",
    Move.STEP: "Xong một bước liên thông",
    Move.CALENDAR: "Lịch làm việc thay đổi",
}

AWAITING = frozenset({Status.AWAITING_SUPPLEMENT, Status.AWAITING_PAYMENT})
ACTIVE = frozenset({Status.RECEIVED, Status.PROCESSING})
OPEN = ACTIVE | AWAITING
CLOSED_OTHERWISE = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED})


class Rule(NamedTuple):
    """One row of the table: from which states a move is allowed and where it leads.

    ``target`` None keeps the state; ``back`` returns to the state before the waiting began, or,
    for undo, before the last move. ``moves`` is False for acts that are no step of the dossier.
    ``note`` says in the README what else a row asks for.
    """

    move: Move
    sources: frozenset[Status]
    target: Status | None
    needs_reason: bool = False
    back: bool = False
    moves: bool = True
    note: str = ""


_ANY = frozenset(Status)

TABLE: tuple[Rule, ...] = (
    Rule(Move.RECEIVE, frozenset(), Status.RECEIVED),
    Rule(Move.FORWARD, ACTIVE, Status.PROCESSING, note="again means reassigned"),
    Rule(
        Move.SUPPLEMENT,
        ACTIVE,
        Status.AWAITING_SUPPLEMENT,
        needs_reason=True,
        note="once, a second time says why; later than 3 working days it is marked",
    ),
    Rule(
        Move.RESUBMIT,
        frozenset({Status.AWAITING_SUPPLEMENT}),
        None,
        back=True,
        note="the limit starts again from zero",
    ),
    Rule(
        Move.CLOSE,
        frozenset({Status.AWAITING_SUPPLEMENT}),
        Status.STOPPED,
        needs_reason=True,
        note="after the days set for an answer",
    ),
    Rule(Move.AWAIT_PAYMENT, ACTIVE, Status.AWAITING_PAYMENT, note="the count pauses"),
    Rule(
        Move.PAID,
        frozenset({Status.AWAITING_PAYMENT}),
        None,
        back=True,
        note="the due moment moves by the pause",
    ),
    Rule(Move.EXTEND, ACTIVE, None, needs_reason=True, note="counts from the legal due moment"),
    Rule(
        Move.RESCHEDULE,
        ACTIVE,
        None,
        needs_reason=True,
        note="counts once, and only on a day before the legal due day",
    ),
    Rule(Move.COMPLETE, ACTIVE, Status.COMPLETED, note="the verdict is given here"),
    Rule(Move.REFUSE, OPEN, Status.REFUSED, needs_reason=True),
    Rule(Move.WITHDRAW, OPEN, Status.WITHDRAWN),
    Rule(Move.STOP, OPEN, Status.STOPPED, needs_reason=True),
    Rule(Move.RETURN, frozenset({Status.COMPLETED}), Status.RETURNED),
    Rule(Move.RETURN, CLOSED_OTHERWISE, None, note="the papers handed back, once"),
    Rule(
        Move.UNDO,
        _ANY,
        None,
        needs_reason=True,
        back=True,
        note="the last act; both stay in the history",
    ),
    Rule(
        Move.CORRECT,
        _ANY,
        None,
        needs_reason=True,
        moves=False,
        note="once it has ended only what moves no due date",
    ),
    Rule(Move.EXPLAIN, _ANY, None, needs_reason=True, moves=False, note="moves no promise"),
    Rule(Move.ATTACH, _ANY, None, moves=False),
    Rule(Move.SURVEY, _ANY, None, moves=False, note="one slip per dossier"),
    Rule(
        Move.ASK_OPINION,
        OPEN,
        None,
        moves=False,
        note="another unit's limit; moves no promise",
    ),
    Rule(Move.OPINION_RECEIVED, _ANY, None, moves=False, note="of a unit that was asked"),
    Rule(Move.PRINT, _ANY, None, moves=False),
    Rule(Move.SET_OFFICIAL_CODE, _ANY, None, moves=False, note="once"),
    Rule(
        Move.COMPETENT_RECEIVED,
        _ANY,
        None,
        moves=False,
        note="another body's dossier: its limit begins",
    ),
    Rule(Move.FEE, _ANY, None, moves=False),
    Rule(Move.CONTACT, _ANY, None, moves=False),
    Rule(Move.ACCEPT, frozenset({Status.PROCESSING}), None, moves=False),
    Rule(Move.STEP, OPEN, None, moves=False),
    Rule(
        Move.CALENDAR,
        OPEN - {Status.AWAITING_SUPPLEMENT},
        None,
        needs_reason=True,
        moves=False,
        note="a calendar's decision is confirmed; never to an earlier date",
    ),
)

# The one act each state waits for at the counter: what F9, and a scanned receipt, offer first.
WANTED: dict[Status, Move | None] = {
    Status.RECEIVED: Move.FORWARD,
    Status.PROCESSING: Move.COMPLETE,
    Status.AWAITING_SUPPLEMENT: Move.RESUBMIT,
    Status.AWAITING_PAYMENT: Move.PAID,
    Status.COMPLETED: Move.RETURN,
    Status.RETURNED: None,
    Status.REFUSED: Move.RETURN,  # its papers go back to the citizen
    Status.WITHDRAWN: Move.RETURN,
    Status.STOPPED: Move.RETURN,
}


def wanted_move(
    status: Status, *, is_handed_back: bool = False, awaits_competent: bool = False
) -> Move | None:
    """Return the one act a dossier's state wants now, None if it waits for nothing here.

    Args:
        status: the state now.
        is_handed_back: the result, or the papers of what ended otherwise, were collected.
        awaits_competent: it was forwarded to another competent body whose receipt isn't known
            yet, so that no limit runs (phi địa giới).

    >>> wanted_move(Status.COMPLETED)
    <Move.RETURN: 'return'>
    >>> wanted_move(Status.PROCESSING, awaits_competent=True)
    <Move.COMPETENT_RECEIVED: 'competent-received'>
    """
    if awaits_competent and status is Status.PROCESSING:
        return Move.COMPETENT_RECEIVED
    wanted = WANTED[status]
    return None if wanted is Move.RETURN and is_handed_back else wanted


def find_rule(status: Status, move: Move) -> Rule | None:
    """Return the row that allows ``move`` from ``status``, or None."""
    for rule in TABLE:
        if rule.move is move and status in rule.sources:
            return rule
    return None


def allowed_moves(status: Status) -> tuple[Move, ...]:
    """Return the moves the table allows from ``status``, in the table's order."""
    return tuple(rule.move for rule in TABLE if status in rule.sources)


def target_of(status: Status, move: Move, came_from: Status | None) -> Status:
    """Return the state after ``move``.

    Args:
        status: the state now.
        move: what is to be done (never ``UNDO``, whose target is the history's).
        came_from: the state before the waiting began, for moves that lead back to it.

    Raises:
        MoveRefusedError: the table has no such row.
    """
    rule = find_rule(status, move)
    if rule is None:
        raise MoveRefusedError(_refusal(status, move))
    if rule.back:
        return came_from or Status.RECEIVED
    return rule.target or status


def _refusal(status: Status, move: Move) -> str:
    can = [MOVE_LABELS[m].lower() for m in allowed_moves(status) if _is_step(m)]
    hint = f" Lúc này có thể: {', '.join(can)}." if can else ""
    return (
        f"Không thể “{MOVE_LABELS[move].lower()}” khi hồ sơ đang ở trạng thái "
        f"“{STATUS_LABELS[status]}”. Hồ sơ giữ nguyên.{hint}"
    )


def _is_step(move: Move) -> bool:
    return any(rule.move is move and rule.moves for rule in TABLE)
