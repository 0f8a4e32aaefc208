"""What came of a call to a citizen whose result waits: a note in the history that moves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from counter_app.domain.moments import from_epoch


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


def last_call(state: Mapping[str, Any]) -> str:
    """Say when a citizen was last called about a dossier and what came of it; empty for never."""
    if state["contacted_at"] is None or not state["contact_outcome"]:
        return ""
    told = f"{from_epoch(state['contacted_at']):%d/%m}: "
    told += OUTCOME_LABELS[Outcome(state["contact_outcome"])]
    if state["contact_until"]:
        told += f" {date.fromisoformat(state['contact_until']):%d/%m}"
    return told + (f" ({state['contact_note']})" if state["contact_note"] else "")
