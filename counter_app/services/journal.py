"""The journal: every change is an event, chained, numbered and added up in one transaction."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from counter_app.domain import history
from counter_app.domain.doubts import DOUBT
from counter_app.domain.history import Event, State
from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.errors import ClockError, NotFoundError
from counter_app.services import rights, standings
from counter_app.services.merged import expected_state
from counter_app.storage import dossiers
from counter_app.storage.anchor import Mark

if TYPE_CHECKING:
    from datetime import datetime

    # Named again for those who only pass it on: the window and the verbs.
    from counter_app.storage.database import Store as Store  # noqa: PLC0414

_SELF = (
    "SELECT id, uuid, office_id, counter_number, counter_name, epoch, last_sequence, last_lamport, "
    "last_moment, head_hash FROM installation WHERE is_self = 1"
)
_ADVANCE = (
    "UPDATE installation SET last_sequence = ?, last_lamport = ?, "
    "last_moment = max(last_moment, ?), head_hash = ? WHERE id = ?"
)
NOTHING_SEEN = "{}"
_DISPUTED = "SELECT 1 FROM openconflict WHERE dossier_uuid = ?"
_DOUBTED = "SELECT 1 FROM event WHERE dossier_uuid = ? AND kind = ?"
# Room in an id for the desk, 4,095 epochs and 10^12 events of each; 99 desks fit in 63 bits.
NUMBER_BITS, EPOCH_BITS = 52, 40


# RFC 9562: the first digit of the fourth group is 8 to b.
_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


class Desk(NamedTuple):
    """This installation (máy cài đặt) as it stands in the running transaction."""

    id: int
    uuid: str
    office_id: int
    counter_number: int
    counter_name: str
    epoch: int
    last_sequence: int
    last_lamport: int
    last_moment: int
    head_hash: bytes


def desk(store: Store) -> Desk:
    """Return this installation's row.

    Raises:
        NotFoundError: the data folder was never set up.
    """
    known: Desk | None = store.held("desk")
    if known is not None:
        return known
    row = store.row(_SELF)
    if row is None:
        raise NotFoundError("Dữ liệu chưa được khởi tạo. Mở lại chương trình để khởi tạo.")
    here = Desk._make(row)
    store.hold("desk", here)
    return here


def is_used(store: Store) -> bool:
    """Tell whether anything was ever recorded here."""
    return desk(store).last_moment > 0


def check_clock(store: Store, now: datetime) -> None:
    """Refuse a clock that stands before the last stored moment.

    Raises:
        ClockError: numbers and days would be wrong; nothing is saved.
    """
    last = desk(store).last_moment
    if to_epoch(now) < last and not store.clock_confirmed:
        from_then = from_epoch(last)
        raise ClockError(
            f"Đồng hồ máy ({now:%H:%M %d/%m/%Y}) đang lùi so với lần lưu cuối "
            f"({from_then:%H:%M %d/%m/%Y}). Chưa lưu gì. Chỉnh lại đồng hồ của máy; nếu đồng hồ "
            "đúng, hãy xác nhận để tiếp tục."
        )


def take_number(store: Store, *, kind: str, period: str) -> int:
    """Take the next number of this desk's series (dãy số); part of the running transaction."""
    row = store.row(dossiers.TAKE_NUMBER, (desk(store).id, kind, period))
    return int(row[0]) if row else 0


def body_hash(salt: bytes, body: str) -> bytes:
    """Hash a body with its salt, so that a body with few possible values can't be guessed."""
    return hashlib.sha256(salt + body.encode()).digest()


def head_hash(before: bytes, head: str, body: bytes) -> bytes:
    """Hash one link of the chain: the link before, this event's head, its body's hash."""
    return hashlib.sha256(before + head.encode() + body).digest()


def sealed(store: Store, chain: str, place: int, content: bytes) -> bytes:
    """Seal with the installation's key what stands at a place of a chain.

    Where the key can't be read or written there is no seal: a save is never refused for it, and
    the checks tell.
    """
    if store.anchor is None:
        return b""
    try:
        return store.anchor.key.seal(chain, place, content)
    except OSError as error:
        store.anchor.problem = str(error.strerror or error)
        return b""


def head_text(event: Event, dossier_uuid: str, seen: str = NOTHING_SEEN) -> str:
    """Return the head of an event as the chain hashes it."""
    # A desk that never met another one has nothing to tell, as in the first release.
    told = [] if seen == NOTHING_SEEN else [seen]
    return dossiers.dump([*event[:-1], dossier_uuid, *told])


def event_id(counter_number: int, epoch: int, sequence: int) -> int:
    """Return an id that no other desk, and no copy of this one, ever gives."""
    return counter_number << NUMBER_BITS | epoch << EPOCH_BITS | sequence


def new_uuid() -> str:
    """Return a random UUID (version 4) as 32 hexadecimal digits, without the class around it."""
    drawn = os.urandom(16).hex()
    return f"{drawn[:12]}4{drawn[13:16]}{_VARIANTS[drawn[16]]}{drawn[17:]}"


def append(
    store: Store,
    here: Desk,
    *,
    dossier_uuid: str,
    kind: str,
    at: int,
    now: int,
    by: str,
    body: dict[str, Any],
) -> tuple[int, Event]:
    """Write one event and move this desk's chain on; returns its id and the event.

    Raises:
        RightsError: people sign in here, and who is signed in may not do this.
    """
    rights.demand(store, kind)
    if store.user not in {"", by, rights.PROGRAM}:
        body = {**body, "entered_by": store.user}
    sequence, lamport = here.last_sequence + 1, here.last_lamport + 1
    event = Event(
        new_uuid(),
        here.uuid,
        here.epoch,
        sequence,
        lamport,
        kind,
        at,
        now,
        by,
        here.counter_name,
        body,
    )
    known = seen(store)
    head, row = link(store, here, here.head_hash, event, dossier_uuid=dossier_uuid, known=known)
    store.execute(dossiers.INSERT_OWN_EVENT, row)
    advance(store, here, sequence=sequence, lamport=lamport, now=now, head=head)
    return row[0], event


def advance(
    store: Store, here: Desk, *, sequence: int, lamport: int, now: int, head: bytes
) -> None:
    """Write how far this desk's chain has come; part of the running transaction."""
    store.execute(_ADVANCE, (sequence, lamport, now, head, here.id))
    store.note_mark(Mark(here.uuid, here.epoch, sequence, now, head))
    # The last four fields: where the chain stands now.
    store.hold("desk", Desk(*here[:-4], sequence, lamport, max(here.last_moment, now), head))


def seen(store: Store) -> str:
    """Return what this desk knows of other chains, as JSON ``{origin/epoch: sequence}``.

    An earlier epoch of this desk is another chain: where a copy of it lives on, it goes on too.
    """
    known = store.cache.get("seen")
    if known is None:
        here = desk(store)
        rows = store.rows(
            "SELECT origin, epoch, usable FROM knownchain "
            "WHERE usable > 0 AND NOT (origin = ? AND epoch = ?) ORDER BY origin, epoch",
            (here.uuid, here.epoch),
        )
        known = dossiers.dump({f"{o}/{e}": u for o, e, u in rows})
        store.cache["seen"] = known
    return str(known)


def link(
    store: Store, here: Desk, before: bytes, event: Event, *, dossier_uuid: str, known: str
) -> tuple[bytes, tuple[Any, ...]]:
    """Return the chain's new head and the row of an event that is written behind the last one.

    Args:
        store: the open data, whose key seals the event's place.
        here: this desk.
        before: the head of its chain before the event.
        event: what is written.
        dossier_uuid: what it is about.
        known: what this desk has seen of others, as ``seen`` tells it.
    """
    salt = os.urandom(16)
    text = dossiers.dump(event.body)
    hashed = body_hash(salt, text)
    told = head_text(event, dossier_uuid, known)
    head = head_hash(before, told, hashed)
    return head, (
        event_id(here.counter_number, here.epoch, event.sequence),
        event.uuid,
        here.office_id,
        dossier_uuid,
        event.origin,
        event.epoch,
        event.sequence,
        event.lamport,
        known,
        event.kind,
        event.at,
        event.recorded_at,
        event.by,
        event.counter,
        text,
        salt,
        hashed,
        head,
        sealed(store, f"{here.uuid}/{here.epoch}", event.sequence, told.encode() + hashed),
    )


def begin_dossier(
    store: Store, *, kind: str, at: int, now: int, by: str, body: dict[str, Any]
) -> tuple[int, str, Event, State]:
    """Write a dossier's first event and its row; part of the running transaction."""
    here = desk(store)
    dossier_uuid = new_uuid()
    dossier_id, event = append(
        store, here, dossier_uuid=dossier_uuid, kind=kind, at=at, now=now, by=by, body=body
    )
    state = history.new_state()
    history.apply(state, event)
    dossiers.insert_dossier(store, dossier_id, dossier_uuid, here.office_id, state)
    standings.follow(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        office_id=here.office_id,
        event=event,
        state=state,
    )
    store_promise(store, here.office_id, dossier_id, event)
    return dossier_id, dossier_uuid, event, state


def add_event(
    store: Store,
    *,
    dossier_id: int,
    dossier_uuid: str,
    before: State,
    kind: str,
    at: int,
    now: int,
    by: str,
    body: dict[str, Any],
) -> tuple[Event, State]:
    """Write a further event and the row it leads to; part of the running transaction.

    ``body["set"]`` holds the new values; the old ones are put into ``body["was"]`` here.
    """
    here = desk(store)
    note_before(before, body)
    _, event = append(
        store, here, dossier_uuid=dossier_uuid, kind=kind, at=at, now=now, by=by, body=body
    )
    if is_disputed(store, dossier_uuid, kind, body):
        from counter_app.services import projection  # it writes through this module

        projection.project(store, [dossier_uuid], now=now)
        row = store.row(f"{dossiers.SELECT_STATE}WHERE id = ?", (dossier_id,))
        return event, dossiers.state_of(row or ())[2]
    if kind == "undo":
        after = expected_state(store, dossier_uuid)
    else:
        after = copy_of(before)
        history.apply(after, event)
    dossiers.update_dossier(store, dossier_id, before, after)
    standings.follow(
        store,
        dossier_id=dossier_id,
        dossier_uuid=dossier_uuid,
        office_id=here.office_id,
        event=event,
        state=after,
    )
    store_promise(store, here.office_id, dossier_id, event)
    return event, after


def is_disputed(store: Store, dossier_uuid: str, kind: str, body: dict[str, Any]) -> bool:
    """Tell whether an act of ours may end a disagreement with other desks or a list.

    Then its dossier, and who claims a code with it, are put together anew as at every other desk.
    """
    if kind == "undo":  # of a decision too: what it decided is open again
        was_doubted = store.row(_DOUBTED, (dossier_uuid, DOUBT)) is not None
        return was_doubted or seen(store) != NOTHING_SEEN
    if kind == DOUBT:
        return True
    return bool(body.get("set")) and store.row(_DISPUTED, (dossier_uuid,)) is not None


def note_before(before: State, body: dict[str, Any]) -> None:
    """Leave in a body only what changes, with the values from before."""
    changes = body.get("set", {})
    body["was"] = {key: before[key] for key in changes if before[key] != changes[key]}
    body["set"] = {key: changes[key] for key in body["was"]}


def copy_of(state: State) -> State:
    """Return a state that can be added to without changing this one."""
    return {k: list(v) if isinstance(v, list) else v for k, v in state.items()}


def store_promise(store: Store, office_id: int, dossier_id: int, event: Event) -> None:
    """Write the promise that an event makes, if it makes one."""
    if event.body.get("promise") is None:
        return
    store.execute(dossiers.INSERT_PROMISE, promise_row(office_id, dossier_id, event))


def promise_row(office_id: int, dossier_id: int, event: Event) -> tuple[Any, ...]:
    """Return the row of the promise that an event makes."""
    promise = event.body["promise"]
    return (
        office_id,
        dossier_id,
        event.uuid,
        promise["kind"],
        promise["due_at"],
        promise.get("own_due_at"),
        event.recorded_at,
        promise.get("counts", True),
        promise.get("reason", ""),
        promise.get("source", ""),
        promise.get("limit", ""),
        promise.get("calendar_version", 0),
        promise.get("provisional", False),
        event.by,
    )
