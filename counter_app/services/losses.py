"""A loss that is known: an administrator says so with his reason, and the desk goes on from there.

After a damaged file was salvaged, or an old copy was put back by hand, the anchor keeps asking for
what is gone. Taking note of it begins a new epoch, lets the anchor begin anew, and stands in the
log with everything that was missing; what was edited from outside stays named for ever.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from counter_app.domain.rights import Act
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import DataFileError, InputError, MoveRefusedError
from counter_app.services import audit, chain, decisions, journal, office, outside, rights, seals
from counter_app.storage.anchor import DECIDED, Mark
from counter_app.storage.anchor import LOG as LOG_MARKS

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.storage.database import Store

_LONGEST_REASON = 500
_OUTSIDE = (outside.LOST, outside.OTHER_HISTORY, outside.OTHER_LOG, outside.OTHER_HEAD)
_ENDS = (outside.LOST_END, outside.LOST_LINES)
_GAPS, _LOG = ("thiếu ", "mất "), "nhật ký"
_COUNT = re.compile(r"mất (\d+) ")
_SEALED = (chain.OTHER_THAN_SEALED, audit.OTHER_THAN_SEALED, seals.OTHER_KEY)


class LossKind(Enum):
    """What a line of what is missing is about."""

    LAST_EVENTS = "last events"
    EVENTS = "events"
    OTHER_EVENTS = "other events"
    LINES = "lines"
    OTHER_LINES = "other lines"
    OTHER_DESK = "other desk"
    SEAL = "seal"
    DECISIONS = "decisions"


_KINDS = {
    outside.OTHER_HISTORY: LossKind.OTHER_EVENTS,
    chain.OTHER_THAN_SEALED: LossKind.OTHER_EVENTS,
    outside.OTHER_LOG: LossKind.OTHER_LINES,
    audit.OTHER_THAN_SEALED: LossKind.OTHER_LINES,
    outside.OTHER_HEAD: LossKind.OTHER_DESK,
    seals.OTHER_KEY: LossKind.SEAL,
}


class Loss(NamedTuple):
    """One thing that is missing, in the words of the checks, and where."""

    what: str
    where: str

    @property
    def how_many(self) -> int:
        """Return how many it is, 0 where nobody can tell."""
        found = _COUNT.match(self.what)
        return int(found[1]) if found else 0

    @property
    def kind(self) -> LossKind:
        """Return what it is about."""
        if self.what.endswith(outside.LOST_END) or self.what == chain.LOST_END:
            return LossKind.LAST_EVENTS
        if self.what in decisions.KINDS:
            return LossKind.DECISIONS
        if self.what.startswith(_GAPS):
            return LossKind.LINES if _LOG in self.what else LossKind.EVENTS
        return _KINDS[self.what]


class Accepted(NamedTuple):
    """What was taken note of, and the epoch in which the desk goes on."""

    missing: tuple[Loss, ...]
    epoch: int


def missing(store: Store) -> list[Loss]:
    """Return what the anchor, the chains and the log say is gone, and where."""
    anchor = outside.read(store)
    with store.snapshot():
        found = [one for one in outside.differing(store, anchor) if _is_outside(one[0])]
        found += chain.differing(store, chain.sealed(store) or {})
        found += [one for one in chain.follow(store) if _is_gap(one[0])]
        found += [one for one in audit.broken(store) if _is_gap(one[0])]
        found += decisions.differing(store, anchor.decided_marks)
    return [Loss(*one) for one in dict.fromkeys(found)]


def _is_outside(what: str) -> bool:
    return what in _OUTSIDE or what.endswith(_ENDS)


def _is_gap(what: str) -> bool:
    return what.startswith(_GAPS) or what in _SEALED


def accept(store: Store, *, reason: str, by: str, now: datetime) -> Accepted:
    """Take note of what is missing, and go on under a new epoch with an anchor that begins anew.

    Raises:
        InputError: no reason was given.
        MoveRefusedError: nothing is missing.
        DataFileError: the anchor's folder can't be written; nothing changed.
        RightsError: who is signed in is no administrator.
    """
    rights.demand(store, Act.ACCEPT_LOSS)
    why = clean_line(reason)[:_LONGEST_REASON]
    if not why:
        raise InputError("Cần lý do (mất do đâu, ai biết). Chưa thay đổi gì.", field="reason")
    journal.check_clock(store, now)
    found = missing(store)
    if not found:
        raise MoveRefusedError("Không có gì bị mất để chấp nhận. Chưa thay đổi gì.")
    try:
        _take_other_seals(store)
    except OSError as error:
        raise DataFileError(
            "Không ghi được thư mục neo nên chưa chấp nhận được. Chưa thay đổi gì. "
            f"{outside.MEND_FOLDER}"
        ) from error
    with store.transaction():
        _mend_ends(store)
        machine = store.row("SELECT machine_mark FROM installation WHERE is_self = 1") or ("",)
        office.begin_epoch(store, machine_mark=machine[0])
        store.hold("desk", None)
        office.leave_gap(store, day=now)
        store.execute(
            "DELETE FROM heldhead WHERE chain GLOB ?", (f"*{journal.desk(store).uuid}/*",)
        )
        audit.note(store, Act.ACCEPT_LOSS, by=by, why=why, missing=found)
        decided = store.seal_decided()
        here = journal.desk(store)
    if store.anchor is not None:
        store.anchor.restart()
        # The log's new end is the first thing the new anchor asks for.
        last, head = audit.head(store)
        moment = max(here.last_moment, 0)
        store.anchor.advance(
            Mark(here.uuid, here.epoch, last, moment, bytes.fromhex(head)), LOG_MARKS
        )
        if decided is not None:
            store.anchor.advance(decided, DECIDED)
    return Accepted(tuple(found), here.epoch)


def _take_other_seals(store: Store) -> None:
    """Let lines stand that were sealed with a key that is gone."""
    if store.anchor is None or not any(what == seals.OTHER_KEY for what, _ in missing(store)):
        return
    own = journal.desk(store).uuid
    rows = store.rows(
        "SELECT origin || '/' || epoch, max(sequence) FROM event WHERE origin = ? GROUP BY 1 "
        "UNION ALL SELECT 'log', coalesce(max(id), 0) FROM auditentry",
        (own,),
    )
    key = store.anchor.key
    key.load()
    # As far as this key has sealed nothing itself.
    upto = {chain: min(last, key.begun.get(chain, last + 1) - 1) for chain, last in rows}
    key.accept({chain: last for chain, last in upto.items() if last > 0})


def _mend_ends(store: Store) -> None:
    """Let the heads that stand apart be those of what is there."""
    last = store.row("SELECT id, head_hash FROM auditentry ORDER BY id DESC LIMIT 1")
    if last is not None:
        store.execute("UPDATE audithead SET last = ?, head_hash = ? WHERE id = 1", last)
    row = store.row(
        "SELECT e.sequence, e.head_hash FROM event e JOIN installation i ON i.is_self = 1 "
        "AND e.origin = i.uuid AND e.epoch = i.epoch ORDER BY e.sequence DESC LIMIT 1"
    )
    if row is not None:
        store.execute(
            "UPDATE installation SET last_sequence = ?, head_hash = ? WHERE is_self = 1", row
        )
