"""What was done on dossiers at this desk, told like the lines of the log: for one search and file.

A dossier's history tells it dossier by dossier. An inspector asks the other way round: what
somebody did, on a day. The values of before and after stand in the history of the dossier named.
"""

from __future__ import annotations

import heapq
from itertools import chain, islice
from typing import TYPE_CHECKING

from counter_app.domain.moments import from_epoch, to_epoch
from counter_app.domain.story import sentence
from counter_app.services import audit, journal, rights
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from counter_app.services.audit import Progress
    from counter_app.storage.database import Store

_EVENTS = (
    "SELECT coalesce(d.official_code, d.code, v.code, ''), e.head_hash, e.uuid, e.origin, e.epoch, "
    'e.sequence, e.lamport, e.kind, e.at, e.recorded_at, e."by", e.counter, e.body FROM event e '
    "LEFT JOIN dossier d ON d.uuid = e.dossier_uuid LEFT JOIN visit v ON v.uuid = e.dossier_uuid "
    "WHERE e.id >= ? AND e.id < ? AND e.recorded_at >= ? AND e.recorded_at <= ? ORDER BY e.id DESC"
)
_EVER = 2**62


def search(
    store: Store,
    *,
    text: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
    among: int | None = None,
    progress: Progress = audit.quietly,
) -> list[audit.Entry]:
    """Return the newest lines and acts that hold a text, together in the order of their time.

    Args:
        store: the open data.
        text: what a line or act must hold.
        since: none before.
        until: none after.
        limit: so many at most.
        among: look only at so many of the newest acts, where somebody waits for the answer.
        progress: told how many lines were looked at, of nobody knows how many (0).

    Raises:
        RightsError: who is signed in may not read the log.
    """
    lines = audit.entries(
        store, text=text, since=since, until=until, limit=limit, progress=progress
    )
    wanted = text.strip().casefold()
    acts = (
        act
        for act, _ in islice(_acts(store, since=since, until=until), among)
        if wanted in "\n".join((*act[2:6], act.label, act.words)).casefold()
    )
    both = heapq.merge(lines, acts, key=lambda entry: entry.at, reverse=True)
    return list(islice(both, limit))


def export_csv(store: Store, *, progress: Progress = audit.quietly) -> Iterator[bytes]:
    """Return the log for an inspector and behind it every act on a dossier, piece by piece.

    Raises:
        RightsError: who is signed in may not read the log.
    """
    log = audit.export_csv(store, progress=progress)
    return chain(log, _pieces(store, progress))


def _pieces(store: Store, progress: Progress) -> Iterator[bytes]:
    done = 0
    lines = (audit.cells_of(act, head) for act, head in _acts(store, since=None, until=None))
    while some := list(islice(lines, audit.PIECE)):
        yield audit.as_csv(some).encode()
        done += len(some)
        progress(done, 0)


def _acts(
    store: Store, *, since: datetime | None, until: datetime | None
) -> Iterator[tuple[audit.Entry, bytes]]:
    rights.demand(store, "audit")
    own = journal.desk(store).counter_number
    first, behind = journal.event_id(own, 0, 0), journal.event_id(own + 1, 0, 0)
    span = (0 if since is None else to_epoch(since), _EVER if until is None else to_epoch(until))
    for code, head, *row in store.execute(_EVENTS, (first, behind, *span)):
        event = dossiers.event_of(row)
        told = {"what": sentence(event)}
        at = from_epoch(event.recorded_at)
        yield (
            audit.Entry(event.sequence, at, event.kind, event.by, event.counter, code, told),
            bytes(head),
        )
