"""Opinions asked of other units (lấy ý kiến): each with its own limit; no promise moves by them.

NĐ 61/2018 Điều 19.5: a request says what is asked and until when; lateness is told to the head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.deadlines import Counting
from counter_app.domain.dossier import Move
from counter_app.domain.history import is_past
from counter_app.domain.moments import to_epoch
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import promises
from counter_app.services.turns import Turn, check_line, check_words, take, write

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store

_LONGEST = 500


def opinion_due(store: Store, *, limit: str, at: datetime) -> datetime:
    """Return until when an opinion asked at a moment is to be answered; saves nothing.

    Raises:
        InputError: the limit can't be read or counted.
    """
    held = promises.terms(store, limit=limit, cutoff="none", counting=Counting.DAY.value)
    due_at = promises.answer(store, held, at).due_at
    if due_at is None:
        raise InputError("Chưa tính được hạn trả lời. Sửa lại thời hạn.", field="limit")
    return due_at


def ask_opinion(
    store: Store,
    code: str,
    *,
    unit: str,
    what: str,
    limit: str,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record that another unit was asked for its opinion, on what, and until when."""
    with store.transaction():
        turn = take(store, code, Move.ASK_OPINION, at=at, now=now)
        name = check_line(unit, field="unit", label="Tên đơn vị")
        if not name:
            raise InputError("Chưa ghi đơn vị được hỏi ý kiến.", field="unit")
        text = check_words(what, field="what", label="Nội dung hỏi", longest=_LONGEST)
        if not text:
            raise InputError("Chưa ghi nội dung cần ý kiến.", field="what")
        asked = {
            "unit": name,
            "what": text,
            "limit": limit.strip(),
            "due_at": to_epoch(opinion_due(store, limit=limit, at=turn.at)),
        }
        return write(store, turn, Move.ASK_OPINION, by=by, changes={}, extra={"opinion": asked})


def opinion_received(
    store: Store,
    code: str,
    *,
    unit: str = "",
    text: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record a unit's answer; the unit need not be named while only one is waited for."""
    with store.transaction():
        turn = take(store, code, Move.OPINION_RECEIVED, at=at, now=now)
        asked = _waiting(turn, check_line(unit, field="unit", label="Tên đơn vị"))
        if turn.at_seconds < asked["asked_at"]:
            raise InputError("Ý kiến trả lời không thể có trước khi hỏi.", field="at")
        answer = {
            "id": asked["id"],
            "unit": asked["unit"],
            "text": check_words(text, field="text", label="Ý kiến", longest=_LONGEST),
        }
        extra = {"answer": answer}
        return write(store, turn, Move.OPINION_RECEIVED, by=by, changes={}, extra=extra)


def _waiting(turn: Turn, unit: str) -> dict[str, Any]:
    open_ones = waiting(turn.state)
    if not open_ones:
        raise MoveRefusedError(
            f"Hồ sơ {turn.state['code']} không chờ ý kiến của đơn vị nào. Hồ sơ giữ nguyên."
        )
    wanted = [one for one in open_ones if not unit or one["unit"].casefold() == unit.casefold()]
    names = ", ".join(dict.fromkeys(one["unit"] for one in open_ones))
    if not wanted:
        raise InputError(f"Không chờ ý kiến của “{unit}”. Đang chờ: {names}.", field="unit")
    if len({one["unit"] for one in wanted}) > 1:
        raise InputError(
            f"Đang chờ ý kiến của nhiều đơn vị: {names}. Ghi rõ đơn vị nào đã trả lời.",
            field="unit",
        )
    return wanted[0]


def waiting(state: State) -> list[dict[str, Any]]:
    """Return the opinions that weren't answered yet, the first asked first."""
    return [one for one in state["opinions"] if one["answered_at"] is None]


def is_late(opinion: dict[str, Any], *, now: datetime, boundary: str) -> bool:
    """Tell whether an answer came late, or is late now."""
    answered = opinion["answered_at"]
    return is_past(opinion["due_at"], to_epoch(now) if answered is None else answered, boundary)
