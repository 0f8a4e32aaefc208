"""Taking the events of a bundle in, within its transaction: compared, held, let go, added up."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.erasing import ERASE
from counter_app.domain.event_form import is_sound
from counter_app.domain.gaps import Link, usable
from counter_app.domain.history import BROKEN, Event
from counter_app.domain.moments import to_epoch
from counter_app.domain.office_marks import differences
from counter_app.domain.visits import VISIT
from counter_app.errors import BundleError
from counter_app.services import erasing, journal, office, projection, sync_heads, sync_marks
from counter_app.services.erasing import Erased
from counter_app.services.sync_undo import revive
from counter_app.storage import exchange
from counter_app.storage.faults import refused_values
from counter_app.sync.bundle import Bundle, EventRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from counter_app.services.sync_import import BundleReport
    from counter_app.storage.database import Store
    from counter_app.storage.staging import Staging

# What adding up events that make no sense stumbles over, and the tables refuse.
_STUMBLES: tuple[type[Exception], ...] = (*BROKEN, *refused_values())
WHOLE = "Cả gói không được nhận, dữ liệu không thay đổi."


def _chain(row: EventRow) -> str:
    return f"{row.origin}/{row.epoch}"


def _event(row: EventRow, body: dict[str, Any]) -> Event:
    return Event._make((row.event_uuid, *row[2:6], *row[7:12], body))


def _told(row: EventRow) -> str:
    """Return the head of an event as the chain hashes it."""
    return journal.head_text(_event(row, {}), row.dossier_uuid, row.seen)


def _rows(staging: Staging) -> Iterator[EventRow]:
    return map(EventRow._make, staging.in_chains())


class Taking:
    """One import, within its transaction; its report is filled in on the way."""

    def __init__(
        self,
        store: Store,
        bundle: Bundle,
        report: BundleReport,
        *,
        by: str,
        now: datetime,
        progress: Callable[[int, int], object] | None,
    ) -> None:
        """Hold what the import needs; nothing is done yet."""
        self._store, self._bundle, self._report = store, bundle, report
        self._by, self._now = by, now
        self._progress = progress
        self.brought: list[str] = []
        self.has_erased = False

    def run(self, staging: Staging) -> None:
        """Take in what was sorted aside.

        Raises:
            BundleError: it tells a history that contradicts the one known here, or makes no sense.
        """
        try:
            self._run(staging)
        except _STUMBLES as error:
            # Ours may be the fault: the log tells where it was, whatever the clerk is told.
            logging.getLogger(__name__).exception("a bundle's events make no sense")
            raise _no_sense(self._bundle.manifest.counter) from error

    def _run(self, staging: Staging) -> None:
        store, report = self._store, self._report
        known = exchange.chains(store)
        self._own_epoch(staging, known)
        self._know_desks()
        before = exchange.chains(store)
        self._compare_known(staging, before)
        conflicts = self._conflict_names()
        arrived = self._hold(staging, before)
        released = self._release(before)
        touched = dict.fromkeys(row.dossier_uuid for row in released if row.dossier_uuid)
        first = {row.dossier_uuid for row in released if row.kind == Move.RECEIVE}
        report.new_dossiers = len(first)
        for row in released:
            if row.kind == ERASE:
                erasing.apply(store, json.loads(row.body))
                self.has_erased = True
        projection.project_many(
            store, list(touched), now=to_epoch(self._now), progress=self._progress
        )
        revived = revive(store, (r.event_uuid for r in _rows(staging)), by=self._by, now=self._now)
        manifest = self._bundle.manifest
        if any(sync_heads.contradicted(store, manifest.heads)):
            raise _other_content(manifest.counter)
        sync_heads.keep(store, manifest.origin, manifest.heads, now=to_epoch(self._now))
        if manifest.origin != journal.desk(store).uuid:
            here = sync_marks.marks(store)
            report.differs = differences(here, manifest.marks, desk=manifest.counter)
            sync_marks.keep(store, manifest.origin, manifest.marks, created_at=manifest.created_at)
        exchange.acknowledge(
            store,
            manifest.origin,
            manifest.acknowledged,
            now=to_epoch(self._now),
            # It may have come back from an old copy, and hold less than it said before.
            is_anew=f"{manifest.origin}/{manifest.epoch}" not in known,
        )
        report.new = arrived + revived
        report.unchanged = report.rows - report.new
        report.conflicts = len(self._conflict_names() - conflicts)
        report.gaps = exchange.held_count(store)
        report.dossiers = list(touched)

    def _own_epoch(self, staging: Staging, before: dict[str, int]) -> None:
        """Go on in a new epoch where others know more of us than we do: an old copy came back."""
        here = journal.desk(self._store)
        own = f"{here.uuid}/{here.epoch}"
        told = {
            chain: sequence
            for chain, sequence in self._bundle.manifest.acknowledged.items()
            if chain.startswith(f"{here.uuid}/")
        }
        for row in _rows(staging):
            if row.origin == here.uuid:
                told[_chain(row)] = max(row.sequence, told.get(_chain(row), 0))
        behind = {chain for chain, most in told.items() if most > before.get(chain, 0)}
        if own in behind:
            mark = self._store.row("SELECT machine_mark FROM installation WHERE is_self = 1")
            office.begin_epoch(self._store, machine_mark=str((mark or ("",))[0]))
            self._store.hold("desk", None)
        if behind:
            # What was lost gave numbers that aren't known yet: today's go on after a gap.
            office.leave_gap(self._store, day=self._now)

    def _know_desks(self) -> None:
        here = journal.desk(self._store)
        for row in self._bundle.desks():
            if (row.origin, row.epoch) != (here.uuid, here.epoch):
                exchange.know_chain(
                    self._store,
                    row.origin,
                    row.epoch,
                    number=row.counter_number,
                    name=row.counter_name,
                    base=row.base_hash,
                )

    def _compare_known(self, staging: Staging, before: dict[str, int]) -> None:
        """Refuse a bundle whose history differs from the one that is known, in any link."""
        erased: Erased | None = None
        for row in _rows(staging):
            chain = _chain(row)
            if chain not in before:
                raise BundleError(f"Gói có sự kiện của một quầy không được kê. {WHOLE}")
            if journal.body_hash(row.salt, row.body) != row.body_hash:
                erased = erased or self._erased(staging)
                if not erased.allows(row.event_uuid, row.body):
                    raise _other_content(row.counter)
            if row.sequence <= before[chain]:
                known = exchange.head_at(self._store, row.origin, row.epoch, row.sequence)
                if known != row.head_hash:
                    raise _other_content(row.counter)

    def _erased(self, staging: Staging) -> Erased:
        """Return what erasing events, known or in the bundle, put in the place of bodies."""
        found = Erased(self._store)
        for row in _rows(staging):
            if row.kind == ERASE:
                found.add(row.body)
        return found

    def _hold(self, staging: Staging, before: dict[str, int]) -> int:
        """Keep what is new; it is let go as far as nothing is missing before it."""
        arrived = 0
        for row in _rows(staging):
            chain = _chain(row)
            if row.sequence > before[chain]:
                if not is_sound(_event(row, json.loads(row.body))):
                    raise _no_sense(row.counter)
                if exchange.hold(self._store, row):
                    arrived += 1
                    self.brought.append(row.event_uuid)
                elif self._held_otherwise(row):
                    raise _other_content(row.counter)
        return arrived

    def _held_otherwise(self, row: EventRow) -> bool:
        known = self._store.row(
            "SELECT event_uuid FROM heldevent WHERE origin = ? AND epoch = ? AND sequence = ?",
            (row.origin, row.epoch, row.sequence),
        )
        return known is None or known[0] != row.event_uuid

    def _release(self, before: dict[str, int]) -> list[EventRow]:
        """Let go what no gap stands before any more: into the history, link by link."""
        store = self._store
        rows = [EventRow._make(row) for row in exchange.held(store)]
        links = [Link(_chain(row), row.sequence, json.loads(row.seen)) for row in rows]
        reach = usable(links, before)
        numbers = {
            f"{origin}/{epoch}": number
            for origin, epoch, number, _, _ in exchange.chain_rows(store)
        }
        released = []
        lamport, own = 0, journal.desk(store).uuid
        heads: dict[str, bytes] = {}
        for row in rows:
            chain = _chain(row)
            if row.sequence > reach[chain]:
                continue
            self._check_link(row, heads, before[chain])
            number = journal.event_id(numbers[chain], row.epoch, row.sequence)
            told = _told(row).encode() + row.body_hash
            seal = journal.sealed(store, chain, row.sequence, told) if row.origin == own else b""
            exchange.insert_event(store, number, 1, row, seal)
            exchange.let_go(store, row)
            exchange.extend_chain(
                store, row.origin, row.epoch, usable=row.sequence, head=row.head_hash
            )
            lamport = max(lamport, row.lamport)
            released.append(row)
            if row.origin == own and row.kind in {Move.RECEIVE, VISIT}:
                self._raise_given(row)
        store.execute(
            "UPDATE installation SET last_lamport = max(last_lamport, ?) WHERE is_self = 1",
            (lamport,),
        )
        store.hold("desk", None)
        store.cache.clear()
        return released

    def _raise_given(self, row: EventRow) -> None:
        """Never give again the number that an event of ours, which comes back, gave."""
        body = json.loads(row.body)
        kind, code = "dossier", body.get("set", {}).get("code")
        if row.kind == VISIT:  # a visit's later acts give none
            kind, code = VISIT, body.get("visit", {}).get("code")
        if code:
            _, _, period, number = code.split("-")
            office.raise_series(self._store, kind, period, int(number))

    def _check_link(self, row: EventRow, heads: dict[str, bytes], known: int) -> None:
        chain = _chain(row)
        before = heads.get(chain)
        if before is None:
            found = self._store.row(
                "SELECT CASE WHEN ? = 0 THEN base_hash ELSE head_hash END FROM knownchain "
                "WHERE origin = ? AND epoch = ?",
                (known, row.origin, row.epoch),
            )
            before = bytes((found or (b"",))[0])
        if journal.head_hash(before, _told(row), row.body_hash) != row.head_hash:
            raise _other_content(row.counter)
        heads[chain] = row.head_hash

    def _conflict_names(self) -> set[str]:
        return {name for (name,) in self._store.rows("SELECT id FROM openconflict")}


def _no_sense(counter: str) -> BundleError:
    return BundleError(
        f"Gói có sự kiện của “{counter}” không đúng dạng (gói đã bị sửa, hoặc chương trình ở quầy "
        f"đó bị lỗi). {WHOLE} Gọi người hỗ trợ."
    )


def _other_content(counter: str) -> BundleError:
    return BundleError(
        f"Gói kể lịch sử của “{counter}” khác với lịch sử đã biết ở đây (có thể hai máy cùng chạy "
        f"một bản dữ liệu, hoặc gói đã bị sửa). {WHOLE} Gọi người hỗ trợ."
    )
