"""Satisfaction slips (phiếu đánh giá): what the citizen answered, one slip a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.dossier import Move
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services.dated_rules import Questions, questions
from counter_app.services.turns import check_words, take, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from counter_app.domain.facts import DossierFacts
    from counter_app.storage.database import Store

_LONGEST_COMMENT = 500


def survey(
    store: Store,
    code: str,
    *,
    scores: Mapping[str, int],
    comment: str = "",
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record a slip that came back; a wrong one is taken back by undo and recorded anew.

    Whether it says "satisfied" is decided here, by the rule in force on the day, and frozen.
    """
    with store.transaction():
        turn = take(store, code, Move.SURVEY, at=at, now=now)
        if turn.state["survey"] is not None:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} đã có phiếu đánh giá; mỗi hồ sơ một phiếu. "
                "Nếu ghi nhầm, hoàn tác phiếu cũ rồi ghi lại."
            )
        form = questions(turn.at.date())
        given = read_scores(form, scores)
        body = {
            "version": form.version,
            "scores": given,
            "satisfied": all(score >= form.satisfied_least for score in given.values()),
            "comment": check_words(
                comment, field="comment", label="Ý kiến khác", longest=_LONGEST_COMMENT
            ),
        }
        return write(store, turn, Move.SURVEY, by=by, changes={}, extra={"survey": body})


def read_scores(form: Questions, scores: Mapping[str, int]) -> dict[str, int]:
    """Return the answers by the questions' keys, in the slip's order.

    Raises:
        InputError: nothing was answered, or a question or score isn't on the slip.
    """
    allowed = [score for score, _ in form.scores]
    found: dict[str, int] = {}
    for name, score in scores.items():
        key = form.key_of(name)
        if key is None:
            names = ", ".join(key for key, _ in form.questions)
            raise InputError(
                f"Phiếu không có câu “{name}”. Các câu: {names}, hoặc số thứ tự từ 1 đến "
                f"{len(form.questions)}. Chưa lưu gì.",
                field="score",
            )
        if key in found:
            raise InputError(f"Câu “{name}” được chấm hai lần. Chưa lưu gì.", field="score")
        if score not in allowed:
            names = ", ".join(map(str, sorted(allowed)))
            raise InputError(
                f"Điểm {score} của câu “{name}” không dùng được: cần một trong {names}. "
                "Chưa lưu gì.",
                field="score",
            )
        found[key] = score
    if not found:
        raise InputError("Phiếu chưa chấm câu nào. Chấm ít nhất một câu rồi lưu.", field="score")
    return {key: found[key] for key, _ in form.questions if key in found}
