"""What an act would lead to, told before it is done: reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.attached import is_input_digitised
from counter_app.domain.deadlines import Counting
from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.errors import NotFoundError
from counter_app.services import catalogue, corrections, lookup, opinions, promises
from counter_app.services.settings import get_setting
from counter_app.services.terms_moves import SUPPLEMENT_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from counter_app.domain.history import State
    from counter_app.storage.database import Store

__all__ = ["ask_until", "forecast", "is_input_digitised", "missing_documents"]


def forecast(
    store: Store, code: str, *, move: Move, values: Mapping[str, Any], now: datetime
) -> datetime | None:
    """Return the due moment an act would promise, or from when it can be done (close).

    None means that the act promises nothing.

    Raises:
        InputError: a value can't be used.
    """
    _, _, state = lookup.load(store, code)
    at = to_minute(values.get("at") or now)
    match move:
        case Move.RESUBMIT:
            return promises.answer(store, promises.terms_for(store, state), at).due_at
        case Move.PAID:
            pauses = [*state["pauses"][:-1], [state["pauses"][-1][0], to_epoch(at)]]
            return promises.run_due(store, state, pauses=pauses).due_at
        case Move.EXTEND:
            held = promises.terms_for(store, state)
            legal = from_epoch(state["legal_due_at"])
            return promises.extended(store, held, values["limit"], legal).due_at
        case Move.ASK_OPINION:
            return opinions.opinion_due(store, limit=values["limit"], at=at)
        case Move.CORRECT:
            return corrections.corrected_due(store, state, values, now=now)
        case Move.CLOSE:
            wait = get_setting(store, "supplement_close")
            return _count(store, wait, from_epoch(state["last_move_at"]))
        case Move.COMPETENT_RECEIVED:
            return promises.answer(store, promises.terms_for(store, state), at).due_at
        case _:
            return None


def _count(store: Store, limit: str, since: datetime) -> datetime | None:
    held = promises.terms(store, limit=limit, cutoff="none", counting=Counting.DAY.value)
    return promises.answer(store, held, since).due_at


def ask_until(store: Store, code: str) -> datetime | None:
    """Return the end of the days within which a supplement is to be asked (NĐ 61 Điều 19.4)."""
    _, _, state = lookup.load(store, code)
    since = from_epoch(state["run_started_at"] or state["received_at"])
    return _count(store, f"{SUPPLEMENT_DAYS}wd", since)


def missing_documents(store: Store, code: str) -> list[str]:
    """Return the catalogue's papers that weren't ticked when the dossier was received."""
    _, _, state = lookup.load(store, code)
    return _unticked(store, state)


def _unticked(store: Store, state: State) -> list[str]:
    day = from_epoch(state["received_at"]).date()
    try:
        known = catalogue.procedure(store, state["procedure_code"], on=day)
    except NotFoundError:  # it came in by a list, or its procedure has gone
        return []
    received = {one["name"] for one in state["documents"]}
    return [d.name for d in known.required_documents if d.required and d.name not in received]
