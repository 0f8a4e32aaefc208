"""The journal of an import: the same events, chain and rows, written some hundred acts at a time.

What an act becomes is ruled by ``journal``, ``history`` and ``standings`` as for one that is typed;
here it is only kept until many can be handed to SQLite by one statement of each kind.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from counter_app.domain import history
from counter_app.domain.dossier import Move
from counter_app.domain.doubts import DOUBT
from counter_app.domain.history import Event, State
from counter_app.services import journal, projection, rights, standings
from counter_app.storage import dossiers
from counter_app.storage import standings as pieces_table

if TYPE_CHECKING:
    from counter_app.domain.standings import Standing
    from counter_app.storage.database import Store


class Held:
    """A dossier as the acts of a batch leave it; what isn't changed is never written."""

    __slots__ = ("before", "dossier_id", "is_new", "is_retold", "pieces", "state", "stood", "uuid")

    def __init__(self, dossier_id: int, uuid: str, state: State, *, is_new: bool = False) -> None:
        """Hold a dossier that was read, or one that begins."""
        self.dossier_id = dossier_id
        self.uuid = uuid
        self.state = state
        self.is_new = is_new
        self.before: State | None = None
        """As the data have it, once an act has changed it."""
        self.stood: list[Standing] = []
        self.pieces: list[Standing] = []
        self.is_retold = False
        """Its pieces can only be told from all of its events."""


class Batch:
    """Acts of one clerk at one moment, kept until ``flush``; all in one transaction."""

    def __init__(self, store: Store, *, by: str, now: int) -> None:
        """Begin behind the last event; nobody else may write before the last ``flush``."""
        self._store = store
        self._by = by
        self._now = now
        self._here = here = journal.desk(store)
        self._known = journal.seen(store)
        self._sequence, self._lamport = here.last_sequence, here.last_lamport
        self._head = here.head_hash
        self._entered_by = store.user if store.user not in {"", by, rights.PROGRAM} else ""
        self._numbers: dict[tuple[str, str], int] = {}
        self._forget()

    def _forget(self) -> None:
        self._events: list[tuple[Any, ...]] = []
        self._promises: list[tuple[Any, ...]] = []
        self._begun: list[Held] = []
        self._changed: list[Held] = []
        self._counted: set[tuple[str, str]] = set()
        self._doubted: set[str] = set()

    def take_number(self, *, kind: str, period: str) -> int:
        """Take the next number of this desk's series (dãy số)."""
        key = (kind, period)
        last = self._numbers.get(key)
        if last is None:
            row = self._store.row(dossiers.LAST_NUMBER, (self._here.id, kind, period))
            last = int(row[0]) if row else 0
        self._numbers[key] = last + 1
        self._counted.add(key)
        return last + 1

    def begin(self, *, kind: str, at: int, body: dict[str, Any]) -> Held:
        """Keep a dossier's first event.

        Raises:
            RightsError: people sign in here, and who is signed in may not do this.
        """
        uuid = journal.new_uuid()
        number, event = self._append(uuid, kind, at, body)
        held = Held(number, uuid, history.new_state(), is_new=True)
        history.apply(held.state, event)
        self._begun.append(held)
        self._follow(held, event, is_first=event.kind == Move.RECEIVE)
        return held

    def add(self, held: Held, *, kind: str, at: int, body: dict[str, Any]) -> None:
        """Keep a further event; the state that is held becomes the one after it.

        Raises:
            RightsError: people sign in here, and who is signed in may not do this.
        """
        journal.note_before(held.state, body)
        _, event = self._append(held.uuid, kind, at, body)
        if held.before is None and not held.is_new:
            held.before = journal.copy_of(held.state)
            held.stood = pieces_table.pieces_of(self._store, held.dossier_id)
            held.pieces = held.stood
            self._changed.append(held)
        history.apply(held.state, event)
        self._follow(held, event, is_first=False)
        if kind == DOUBT:
            self._doubted.add(held.uuid)

    def _append(
        self, dossier_uuid: str, kind: str, at: int, body: dict[str, Any]
    ) -> tuple[int, Event]:
        rights.demand(self._store, kind)
        if self._entered_by:
            body = {**body, "entered_by": self._entered_by}
        here = self._here
        self._sequence += 1
        self._lamport += 1
        event = Event(
            journal.new_uuid(), here.uuid, here.epoch, self._sequence, self._lamport, kind, at,
            self._now, self._by, here.counter_name, body,
        )  # fmt: skip
        self._head, row = journal.link(
            self._store, here, self._head, event, dossier_uuid=dossier_uuid, known=self._known
        )
        self._events.append(row)
        return row[0], event

    def _follow(self, held: Held, event: Event, *, is_first: bool) -> None:
        if event.body.get("promise") is not None:
            self._promises.append(journal.promise_row(self._here.office_id, held.dossier_id, event))
        if held.is_retold:
            return
        pieces = standings.grown(held.pieces, event, held.state, is_first=is_first)
        if pieces is None:
            held.is_retold = True
        else:
            held.pieces = pieces

    def flush(self) -> None:
        """Write what was kept; what is held stays true but isn't written again."""
        if not self._events:
            return
        store, office_id = self._store, self._here.office_id
        run = store.database.connection().executemany
        self._changed.sort(key=attrgetter("dossier_id"))
        dossiers.write_many(
            store,
            office_id,
            [(one.dossier_id, one.uuid, one.state) for one in self._begun],
            [(one.dossier_id, one.before or {}, one.state) for one in self._changed],
        )
        run(dossiers.INSERT_OWN_EVENT, self._events)
        run(dossiers.INSERT_PROMISE, self._promises)
        lives = [
            pieces_table.Life(
                one.dossier_id,
                one.stood,
                standings.told_anew(store, one.uuid) if one.is_retold else one.pieces,
            )
            for one in (*self._changed, *self._begun)
        ]
        standings.replace_many(store, office_id, [life for life in lives if life[1] != life[2]])
        numbers = [(self._here.id, *key, self._numbers[key]) for key in sorted(self._counted)]
        run(dossiers.KEEP_NUMBER, numbers)
        journal.advance(
            store,
            self._here,
            sequence=self._sequence,
            lamport=self._lamport,
            now=self._now,
            head=self._head,
        )
        self._end_disputes()
        self._forget()

    def _end_disputes(self) -> None:
        """Put together anew what desks or lists told differently: an act here may end it."""
        disputed = {u for (u,) in self._store.rows("SELECT dossier_uuid FROM openconflict")}
        disputed |= self._doubted
        again = [one.uuid for one in self._changed if one.uuid in disputed]
        if again:
            projection.project(self._store, again, now=self._now)
