"""What another desk's event must look like to be added up, told and shown here.

A chain whose hashes are right proves who wrote an event, not that it makes sense. One that doesn't
would be taken in and stop a list or a check for good, because history is never taken out again.
What a later program adds, kinds and keys that aren't known here, passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.history import BROKEN, EMPTY
from counter_app.domain.story import sentence

if TYPE_CHECKING:
    from counter_app.domain.history import Event

# Moments that a calendar of years 1 to 9999 has in every zone.
_FIRST, _LAST = -62_135_510_400, 253_402_214_400
_LARGEST = 1 << 53


def is_sound(event: Event) -> bool:
    """Tell whether an event can be added up and told."""
    try:
        return event.kind not in set(Move) or _has_form(event)
    except BROKEN:  # whatever its body lacks
        return False


def _has_form(event: Event) -> bool:
    body = event.body
    values, promise, paper = body.get("set", {}), body.get("promise"), body.get("paper")
    return (
        all(_fits(key, value) for key, value in values.items())
        and (promise is None or _is_moment(promise["due_at"]))
        and (paper is None or isinstance(paper["uuid"], str))
        and bool(sentence(event))
    )


def _is_moment(value: object) -> bool:
    return isinstance(value, int) and _FIRST <= value <= _LAST


def _fits(key: str, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a value is one that a state may have under a key."""
    if value is None or key not in EMPTY:
        return True
    if key.endswith("_at") or key == "promised_due":
        return _is_moment(value)
    usual = EMPTY[key]
    if isinstance(value, int):
        return abs(value) <= _LARGEST and (isinstance(usual, int) or key == "fee")
    return usual is None or isinstance(value, type(usual))
