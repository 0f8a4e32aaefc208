"""Linked procedures (liên thông): steps of several units in one dossier, each with its own date.

The dossier is counted once, by its whole limit; the steps only show where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from counter_app.domain.history import is_past
from counter_app.domain.moments import from_epoch
from counter_app.domain.words import format_date


class StepStanding(NamedTuple):
    """Where one step stands; ``due_at`` and ``done_at`` are UTC seconds or None."""

    number: int
    name: str
    unit: str
    limit: str
    due_at: int | None
    done_at: int | None
    is_late: bool
    is_current: bool

    @property
    def words(self) -> str:
        """Say the step and its date in one line."""
        who = f" ({self.unit})" if self.unit else ""
        told = f"{self.number}. {self.name}{who}: "
        due = "" if self.due_at is None else f"hạn {_told(self.due_at)}"
        if self.done_at is not None:
            late = ", chậm" if self.is_late else ""
            return told + f"xong {_told(self.done_at)}{late}" + (f", {due}" if due else "")
        if self.is_late:
            return told + f"chậm, {due}"
        return told + (due or "trong hạn chung")


def standings(state: Mapping[str, Any], *, now: int, boundary: str) -> tuple[StepStanding, ...]:
    """Return a dossier's steps as they stand at a moment; none for one that isn't linked."""
    found = []
    is_open = True
    for number, step in enumerate(state["steps"] or (), start=1):
        due_at, done_at = step["due_at"], step["done_at"]
        ended_at = done_at if done_at is not None else state["completed_at"] or now
        is_late = due_at is not None and is_past(due_at, ended_at, boundary)
        is_current = is_open and done_at is None
        found.append(
            StepStanding(
                number, step["name"], step["unit"], step["limit"], due_at, done_at, is_late,
                is_current,
            )
        )  # fmt: skip
        is_open = is_open and done_at is not None
    return tuple(found)


def printed_steps(state: Mapping[str, Any]) -> str:
    """Say the steps' own dates as the receipt prints them beside the date of the whole."""
    steps = state["steps"] or ()
    told = [
        f"{step['name']}: {_told(step['due_at'])}" if step["due_at"] is not None else step["name"]
        for step in steps
    ]
    return f"Các bước liên thông: {'; '.join(told)}." if told else ""


def outrun(steps: Sequence[Mapping[str, Any]], whole: int | None) -> str:
    """Say that the steps together take longer than the whole may; empty where they don't."""
    dates = [step["due_at"] for step in steps if step["due_at"] is not None]
    if whole is None or not dates or max(dates) <= whole:
        return ""
    return "Các bước dài hơn hạn chung. Giấy hẹn ghi hạn chung; hãy xem lại danh mục."


def _told(seconds: int) -> str:
    moment = from_epoch(seconds)
    return f"{moment:%H:%M} {format_date(moment)}"
