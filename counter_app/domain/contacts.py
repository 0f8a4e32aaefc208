"""What came of a call to a citizen whose result waits: a note in the history that moves nothing."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a call led to (kết quả cuộc gọi)."""

    CALLED = "called"
    PROMISED = "promised"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"


OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.CALLED: "Đã báo người dân",
    Outcome.PROMISED: "Hẹn đến nhận",
    Outcome.NO_ANSWER: "Không nghe máy",
    Outcome.WRONG_NUMBER: "Số không đúng",
}
