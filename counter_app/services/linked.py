"""Linked procedures (liên thông): each step's own date, frozen at receipt, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import calendars, promises
from counter_app.services.turns import take, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counter_app.domain.catalogue import LinkedStep
    from counter_app.domain.facts import DossierFacts
    from counter_app.domain.history import State
    from counter_app.storage.database import Store


def plan_steps(
    store: Store, steps: Sequence[LinkedStep], *, received_at: datetime, cutoff: str
) -> list[dict[str, Any]]:
    """Return the steps with their own dates, as the dossier's state keeps them.

    A step runs from the due moment of the one before, or from receipt where it is parallel; after
    one whose limit isn't known the dates of those that wait for it aren't known either.
    """
    planned = []
    base: datetime | None = received_at
    rule = cutoff
    for step in steps:
        start, its_rule = (received_at, cutoff) if step.is_parallel else (base, rule)
        due = None
        if step.limit and start is not None:
            held = promises.terms(store, limit=step.limit, cutoff=its_rule)
            due = promises.answer(store, held, start).due_at
        planned.append(
            {
                "name": step.name,
                "unit": step.unit,
                "limit": step.limit,
                "is_parallel": step.is_parallel,
                "due_at": None if due is None else to_epoch(due),
                "done_at": None,
            }
        )
        if not step.is_parallel:
            base, rule = due, "none"
    return planned


def replan(store: Store, state: State, *, from_at: datetime) -> list[dict[str, Any]] | None:
    """Return the steps when the count starts anew: those that are done stay as they were."""
    if not state["steps"]:
        return None
    from counter_app.domain.catalogue import LinkedStep

    left = [step for step in state["steps"] if step["done_at"] is None]
    waiting = [LinkedStep(s["name"], s["unit"], s["limit"], s["is_parallel"]) for s in left]
    planned = iter(plan_steps(store, waiting, received_at=from_at, cutoff=state["cutoff"]))
    return [s if s["done_at"] is not None else next(planned) for s in state["steps"]]


def move_on(
    store: Store, state: State, *, since: datetime, whole: tuple[datetime, datetime]
) -> list[dict[str, Any]]:
    """Return the steps after a pause: those that aren't done move as the whole did.

    ``since`` is the pause's beginning, ``whole`` the due moment of the dossier before and after.
    """
    calendar = calendars.calendar(store)
    days = calendar.working_days_between(whole[0].date(), whole[1].date())
    moved = []
    for step in state["steps"]:
        due = None if step["due_at"] is None else from_epoch(step["due_at"])
        if due is not None and days and step["done_at"] is None and since <= due:
            due = datetime.combine(calendar.add_working_days(due.date(), days), due.time())
        moved.append({**step, "due_at": None if due is None else to_epoch(due)})
    return moved


def finish_step(
    store: Store,
    code: str,
    *,
    step: int,
    at: datetime | None = None,
    by: str,
    now: datetime,
) -> DossierFacts:
    """Record that a step of linked procedures is done; the dossier's own state doesn't move."""
    with store.transaction():
        turn = take(store, code, Move.STEP, at=at, now=now)
        steps = turn.state["steps"]
        if not steps:
            raise MoveRefusedError(
                f"Hồ sơ {turn.state['code']} không phải thủ tục liên thông. Hồ sơ giữ nguyên."
            )
        if not 1 <= step <= len(steps):
            raise InputError(f"Bước phải từ 1 đến {len(steps)}.", field="step")
        chosen = steps[step - 1]
        if chosen["done_at"] is not None:
            raise MoveRefusedError(f"Bước “{chosen['name']}” đã xong. Hồ sơ giữ nguyên.")
        done = [
            {**s, "done_at": turn.at_seconds} if number == step else s
            for number, s in enumerate(steps, start=1)
        ]
        extra = {"step": chosen["name"]}
        return write(store, turn, Move.STEP, by=by, changes={"steps": done}, extra=extra)
