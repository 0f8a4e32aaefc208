"""Events of several desks in, one state and its conflicts (mâu thuẫn) out: the same everywhere.

Desks work apart and exchange events later. What a dossier is then depends on the set of its events
alone, never on the order in which they arrived or on a clock:

- Order is ``(lamport, origin, epoch, sequence)``. Two events are *apart* when neither desk had seen
  the other's.
- Of two steps apart, the first in order is in force and the other *waits*, with all that followed
  from it, until a person decides. Equal steps apart (both desks took in the same list) are one.
- Of two values of one field set apart, the first stays in force until a person decides.
- Of two promises made apart, the earlier binds the office (a printed date is never moved later
  without a person's word).
- An undo takes its target back at once, except where another desk had already built on it.

Nothing is ever dropped: what waits stays in the history, and a decision is an event too.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain.dossier import TABLE, Move, PromiseKind
from counter_app.domain.doubts import DOUBT, LIST, open_doubts
from counter_app.domain.history import Event, State, in_order, live_events, new_state, rebuild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

RESOLVE = "resolve"
_STEPS = frozenset(rule.move.value for rule in TABLE if rule.moves)
# What a step itself moves along: two steps apart are one conflict, not one for each of these.
_STEP_KEYS = frozenset({"status", "came_from", "pauses", "extensions", "code", "counter_name"})
_ID_LENGTH = 12


class Sighted(NamedTuple):
    """An event with what its desk had seen of the others when it was made.

    ``seen`` maps ``"origin/epoch"`` to the last sequence that was known and usable there.
    """

    event: Event
    seen: Mapping[str, int]


class Conflict(NamedTuple):
    """A disagreement that a person must decide; ``first`` is in force until then.

    ``kind`` is ``step``, ``field``, ``promise`` or, where another system's list says otherwise,
    ``list``; ``field`` names what differs.
    """

    id: str
    kind: str
    field: str
    first: Event
    second: Event


class Merged(NamedTuple):
    """What a dossier is when the events of all desks are put together.

    ``events`` are those in force, each with only what is in force of it: they add up to ``state``,
    but for the count of events, which counts all.
    """

    events: tuple[Event, ...]
    state: State
    conflicts: tuple[Conflict, ...]
    waiting: frozenset[str]


def chain_of(event: Event) -> str:
    """Return the name of the chain an event stands in."""
    return f"{event.origin}/{event.epoch}"


def has_seen(later: Sighted, earlier: Event) -> bool:
    """Tell whether the desk of one event knew another event when it made its own."""
    event = later.event
    if (event.origin, event.epoch) == (earlier.origin, earlier.epoch):
        return event.sequence > earlier.sequence
    return later.seen.get(chain_of(earlier), 0) >= earlier.sequence


def are_apart(one: Sighted, other: Sighted) -> bool:
    """Tell whether two events were made without knowing each other."""
    return not (
        one.event.uuid == other.event.uuid
        or has_seen(one, other.event)
        or has_seen(other, one.event)
    )


def conflict_id(kind: str, field: str, one: Event, other: Event) -> str:
    """Return the conflict's name: the same at every desk that knows both events."""
    first, second = sorted((one.uuid, other.uuid))
    told = f"{kind}|{field}|{first}|{second}".encode()
    return hashlib.sha256(told).hexdigest()[:_ID_LENGTH]


def merge(told: Iterable[Sighted]) -> Merged:
    """Put the usable events of one dossier together.

    Args:
        told: every event of the dossier that may be used, in any order, from any desk.
    """
    sighted = {one.event.uuid: one for one in told}
    ordered = [sighted[event.uuid] for event in in_order(one.event for one in sighted.values())]
    if not ordered:
        return Merged((), new_state(), (), frozenset())
    if not _has_several_chains(ordered):
        events = tuple(one.event for one in ordered)
        state = rebuild(events)
        return Merged(events, state, tuple(_doubts(ordered, events, state)), frozenset())
    first = _Steps(ordered, dead=frozenset())
    # What an undo in force took back is out of every dispute, and so is what it had a part in.
    steps = _Steps(ordered, dead=first.taken_back())
    fields = _Fields(steps)
    in_force = tuple(fields.events())
    state = rebuild(in_force)
    state["events_count"] = len(ordered)
    doubts = _doubts(ordered, in_force, state)
    conflicts = [*steps.conflicts, *fields.conflicts, *doubts]
    return Merged(in_force, state, tuple(conflicts), frozenset(steps.waiting))


def _doubts(
    ordered: Sequence[Sighted], in_force: Sequence[Event], state: State
) -> Iterator[Conflict]:
    """Yield what a list said otherwise and nobody decided yet."""
    events = [one.event for one in ordered]
    if any(event.kind == DOUBT for event in events):
        decided = _Decisions(ordered)
        for doubt in open_doubts(events, in_force, state):
            if doubt.id not in decided:
                yield Conflict(doubt.id, LIST, doubt.field, doubt.first, doubt.second)


def _has_several_chains(ordered: Sequence[Sighted]) -> bool:
    return len({chain_of(one.event) for one in ordered}) > 1


class _Decisions:
    """What people decided (events of kind ``resolve``), and where two decisions disagree.

    A decision names the ``conflict`` and, for steps, the event to ``keep`` and those to ``drop``.
    One that had seen another replaces it; of two apart the first holds.
    """

    def __init__(self, ordered: Sequence[Sighted]) -> None:
        live = {event.uuid for event in live_events([one.event for one in ordered])}
        made = [o for o in ordered if o.event.kind == RESOLVE and o.event.uuid in live]
        out: set[str] = set()
        # A decision can be decided against, as deep as people disagree; each round settles a level.
        for _ in range(len(made) + 1):
            self.rivals: list[tuple[Event, Event]] = []
            self._held: dict[str, Sighted] = {}
            for one in made:
                if one.event.uuid not in out:
                    self._take(one)
            dropped = self.dropped().keys() & {one.event.uuid for one in made}
            if dropped == out:
                break
            out = dropped

    def _take(self, one: Sighted) -> None:
        body = one.event.body
        before = self._held.setdefault(body["conflict"], one)
        if before is one:
            return
        if has_seen(one, before.event):
            self._held[body["conflict"]] = one
        elif body.get("keep") != before.event.body.get("keep"):
            self.rivals.append((before.event, one.event))

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def dropped(self) -> dict[str, Event]:
        """Return the events that are out of force, each with the decision that put it out."""
        return {
            uuid: one.event
            for one in self._held.values()
            for uuid in one.event.body.get("drop", ())
        }


class _Steps:
    """Which events are in force, which wait, and where two steps disagree."""

    def __init__(self, ordered: Sequence[Sighted], *, dead: frozenset[str]) -> None:
        self.in_force: list[Sighted] = []
        self.conflicts: list[Conflict] = []
        self.waiting: set[str] = set()
        self.overruled: dict[str, list[Event]] = {}
        self.decisions = _Decisions(ordered)
        self._dead = dead
        self._known = {one.event.uuid: one.event for one in ordered}
        self._dropped = self.decisions.dropped()
        # What was set aside, each with the event whose knowledge makes a later step no follower.
        self._aside: list[tuple[Event, Event]] = []
        # Steps that say the same as one in force: who knew one of them knew what it says.
        self._twins: dict[str, list[Event]] = {}
        for one in ordered:
            self._place(one)
        for first, second in self.decisions.rivals:
            self._tell(RESOLVE, first, second)

    def taken_back(self) -> frozenset[str]:
        """Return the events that undos in force take back."""
        events = [one.event for one in self.in_force]
        live = {event.uuid for event in live_events(events)}
        return frozenset(e.uuid for e in events if e.kind != Move.UNDO and e.uuid not in live)

    def _place(self, one: Sighted) -> None:
        event = one.event
        if event.uuid in self._dropped:
            self._set_aside(event, self._dropped[event.uuid])
        elif event.kind not in _STEPS or event.uuid in self._dead:
            self.in_force.append(one)
        elif (known_by := self._followed(one)) is not None:
            self._set_aside(event, known_by)
        else:
            self._dispute(one)

    def _set_aside(self, event: Event, unless_seen: Event) -> None:
        self.waiting.add(event.uuid)
        self._aside.append((event, unless_seen))

    def _followed(self, one: Sighted) -> Event | None:
        """Return why a step waits: it was built on one that waits, and its desk knew no better."""
        for aside, unless_seen in self._aside:
            # Who only knew a twin that was then taken back knew no better.
            knew = has_seen if aside.kind == Move.UNDO else self._knew
            if has_seen(one, aside) and not knew(one, unless_seen):
                return unless_seen
        return None

    def _dispute(self, one: Sighted) -> None:
        for other in self.in_force:
            if other.event.kind not in _STEPS or other.event.uuid in self._dead:
                continue
            if not self._undoes_twin(one, other.event) and (
                self._knew(one, other.event)
                or has_seen(other, one.event)
                or not self._touch(one, other)
            ):
                continue
            if _are_equal(one.event, other.event):
                self.waiting.add(one.event.uuid)
                self._twins.setdefault(other.event.uuid, []).append(one.event)
                return
            self.overruled.setdefault(other.event.uuid, []).append(one.event)
            self._set_aside(one.event, other.event)
            same_kind = one.event.kind == other.event.kind
            self._tell(one.event.kind if same_kind else "status", other.event, one.event)
            return
        self.in_force.append(one)

    def _knew(self, one: Sighted, event: Event) -> bool:
        """Tell whether a step's desk knew an event, or one that says the same."""
        twins = self._twins.get(event.uuid, ())
        return has_seen(one, event) or any(has_seen(one, twin) for twin in twins)

    def _touch(self, one: Sighted, other: Sighted) -> bool:
        """Tell whether two steps apart stand in each other's way.

        An undo stands in the way only of what was built on what it takes back, or says the same.
        """
        for undo, built in ((one, other), (other, one)):
            if undo.event.kind == Move.UNDO:
                voided = [self._known[v] for v in undo.event.body["voids"] if v in self._known]
                return any(has_seen(built, target) for target in voided)
        return True

    def _undoes_twin(self, one: Sighted, other: Event) -> bool:
        """Tell whether a step takes back one that says the same as another desk's."""
        twins = {twin.uuid for twin in self._twins.get(other.uuid, ())}
        is_undo = one.event.kind == Move.UNDO and not has_seen(one, other)
        return is_undo and not twins.isdisjoint(one.event.body["voids"])

    def _tell(self, field: str, first: Event, second: Event) -> None:
        name = conflict_id("step", field, first, second)
        if name not in self.decisions:
            self.conflicts.append(Conflict(name, "step", field, first, second))


def _are_equal(one: Event, other: Event) -> bool:
    """Tell whether two steps say the same: then a person has nothing to decide."""
    if one.kind != other.kind:
        return False
    return _told(one) == _told(other)


def _told(event: Event) -> tuple[Any, ...]:
    promise = event.body.get("promise") or {}
    return (event.body.get("set", {}), promise.get("due_at"), event.body.get("voids"))


class _Fields:
    """The values and promises in force, where two desks gave different ones apart."""

    def __init__(self, steps: _Steps) -> None:
        self.conflicts: list[Conflict] = []
        self._steps = steps
        self._holders: dict[str, Sighted] = {}
        self._losers: list[tuple[str, Sighted, Sighted]] = []
        self._setters: dict[str, list[Sighted]] = {}
        self._promised: list[Sighted] = []
        gone = steps.taken_back()
        self._adjusted = [
            one.event if one.event.uuid in gone else self._adjust(one) for one in steps.in_force
        ]
        self._tell_losers()

    def events(self) -> list[Event]:
        """Return the events to add up: only what is in force of each."""
        return self._adjusted

    def _adjust(self, one: Sighted) -> Event:
        body = one.event.body
        values = body.get("set", {})
        kept = {key: value for key, value in values.items() if self._holds(key, value, one)}
        promise = self._bind(one)
        if len(kept) == len(values) and promise is body.get("promise"):
            return one.event
        return one.event._replace(body={**body, "set": kept, "promise": promise})

    def _holds(self, key: str, value: object, one: Sighted) -> bool:
        if key in _STEP_KEYS:
            return True
        holder = self._holders.get(key)
        self._setters.setdefault(key, []).append(one)
        if holder is None or has_seen(one, holder.event):
            self._holders[key] = one
            return True
        if holder.event.body["set"][key] != value:
            self._losers.append((key, holder, one))
        return False

    def _tell_losers(self) -> None:
        for key, holder, loser in self._losers:
            is_settled = any(
                has_seen(later, holder.event) and has_seen(later, loser.event)
                for later in self._setters[key]
            )
            if not is_settled:
                self._tell("field", key, holder.event, loser.event)

    def _tell(self, kind: str, field: str, first: Event, second: Event) -> None:
        name = conflict_id(kind, field, first, second)
        if name not in self._steps.decisions:
            self.conflicts.append(Conflict(name, kind, field, first, second))

    def _bind(self, one: Sighted) -> dict[str, Any] | None:
        """Return the promise an event makes, no later than one that was made apart from it."""
        promise: dict[str, Any] | None = one.event.body.get("promise")
        if promise is None:
            return None
        rivals = [e for e in self._steps.overruled.get(one.event.uuid, ()) if _rival(e, promise)]
        for other in self._promised:
            if _rival(other.event, promise) and are_apart(one, other):
                rivals.append(other.event)
                if other.event.body["promise"]["due_at"] != promise["due_at"]:
                    self._tell("promise", "due_at", other.event, one.event)
        self._promised.append(one)
        earliest = min(e.body["promise"]["due_at"] for e in [one.event, *rivals])
        return promise if earliest == promise["due_at"] else {**promise, "due_at": earliest}


def _rival(event: Event, promise: dict[str, Any]) -> bool:
    """Tell whether an event's promise moves the same due moment as another promise."""
    theirs = event.body.get("promise")
    return theirs is not None and (theirs["kind"] == PromiseKind.RESCHEDULE) == (
        promise["kind"] == PromiseKind.RESCHEDULE
    )
