"""An import of a bundle taken back in the open, and brought back when its events come again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from counter_app.domain.dossier import Move
from counter_app.domain.moments import from_epoch, to_epoch, to_minute
from counter_app.errors import MoveRefusedError, NotFoundError
from counter_app.services import audit, journal, projection
from counter_app.storage import dossiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from counter_app.storage.database import Store

_BROUGHT = (
    "SELECT e.dossier_uuid, e.uuid FROM syncrunevent s JOIN event e ON e.uuid = s.event_uuid "
    "WHERE s.run_id = ? ORDER BY e.dossier_uuid, e.lamport"
)


def undo_import(
    store: Store,
    import_id: int,
    *,
    by: str,
    now: datetime,
    progress: Callable[[int, int], object] | None = None,
) -> int:
    """Take an import back: its events stay in the history and count for nothing.

    Args:
        store: the open data.
        import_id: which import of a bundle.
        by: who takes it back.
        now: the moment.
        progress: called with dossiers done and dossiers in all; may raise to cancel, which keeps
            nothing.

    Returns:
        how many events were taken back.

    Raises:
        NotFoundError: there was no such import of a bundle.
        MoveRefusedError: it was taken back before, or somebody worked on with what it brought.
    """
    with store.transaction():
        journal.check_clock(store, now)
        audit.record(store, "resolve", what="lấy lại lần nhận gói", target=str(import_id))
        row = store.row(
            "SELECT at, counts, undone_at FROM syncrun WHERE id = ? AND kind = 'import'",
            (import_id,),
        )
        if row is None:
            raise NotFoundError(f"Không có lần nhận gói số {import_id}.", field="id")
        if row[2] is not None:
            raise MoveRefusedError(
                f"Lần nhận gói số {import_id} đã được hoàn tác lúc "
                f"{from_epoch(row[2]):%H:%M %d/%m/%Y}."
            )
        brought = _by_dossier(store, import_id)
        own = json.loads(row[1])["own"]
        for number, (dossier_uuid, events) in enumerate(brought.items()):
            if progress is not None and not number % projection.TOLD_EVERY:
                progress(0, len(brought))  # all of them are taken out before the first is done
            _check_untouched(store, import_id, dossier_uuid, own)
            _void(store, dossier_uuid, events, import_id=import_id, by=by, now=now)
        projection.project_many(store, list(brought), now=to_epoch(now), progress=progress)
        store.execute(
            "DELETE FROM heldevent WHERE event_uuid IN "
            "(SELECT event_uuid FROM syncrunevent WHERE run_id = ?)",
            (import_id,),
        )
        store.execute("UPDATE syncrun SET undone_at = ? WHERE id = ?", (to_epoch(now), import_id))
    return sum(len(events) for events in brought.values())


def _by_dossier(store: Store, import_id: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for dossier_uuid, event_uuid in store.rows(_BROUGHT, (import_id,)):
        found.setdefault(dossier_uuid, []).append(event_uuid)
    return found


def _check_untouched(store: Store, import_id: int, dossier_uuid: str, own: list[int]) -> None:
    """Refuse when a later event, of ours or of a later import, rests on what would go."""
    later = store.row(
        "SELECT d.code FROM event e LEFT JOIN dossier d ON d.uuid = e.dossier_uuid "
        "WHERE e.dossier_uuid = ?1 AND ((e.origin = ?2 AND (e.epoch > ?3 OR "
        "(e.epoch = ?3 AND e.sequence > ?4))) OR e.uuid IN "
        "(SELECT event_uuid FROM syncrunevent WHERE run_id > ?5)) LIMIT 1",
        (dossier_uuid, journal.desk(store).uuid, *own, import_id),
    )
    if later is not None:
        raise MoveRefusedError(
            f"Không hoàn tác được: hồ sơ {later[0]} đã có bước xử lý sau lần nhận gói này. "
            "Dữ liệu không thay đổi. Sửa từng hồ sơ nếu cần."
        )


def _void(
    store: Store, dossier_uuid: str, events: list[str], *, import_id: int, by: str, now: datetime
) -> None:
    body: dict[str, Any] = {
        "set": {},
        "voids": events,
        "import": import_id,
        "reason": f"hoàn tác lần nhận gói đồng bộ số {import_id}",
    }
    _append(store, dossier_uuid, body, by=by, now=now)


def _append(
    store: Store, dossier_uuid: str, body: dict[str, Any], *, by: str, now: datetime
) -> None:
    journal.append(
        store,
        journal.desk(store),
        dossier_uuid=dossier_uuid,
        kind=Move.UNDO.value,
        at=to_epoch(to_minute(now)),
        now=to_epoch(now),
        by=by,
        body=body,
    )


def revive(store: Store, arrived: Iterable[str], *, by: str, now: datetime) -> int:
    """Bring back what undone imports took out, where a bundle brings it again.

    Part of the running transaction.

    Returns:
        how many events count again.
    """
    undone = store.rows("SELECT id FROM syncrun WHERE undone_at IS NOT NULL")
    if not undone:
        return 0
    again = set(arrived)
    count = 0
    for (import_id,) in undone:
        count += _revive_run(store, import_id, again, by=by, now=now)
    return count


def _revive_run(store: Store, import_id: int, again: set[str], *, by: str, now: datetime) -> int:
    count, touched = 0, []
    for dossier_uuid, events in _by_dossier(store, import_id).items():
        if again.isdisjoint(events):
            continue
        for void in _voids_of(store, dossier_uuid, import_id):
            body = {
                "set": {},
                "voids": [void],
                "revives": import_id,
                "reason": "gói đồng bộ được nhận lại",
            }
            _append(store, dossier_uuid, body, by=by, now=now)
        count += len(events)
        touched.append(dossier_uuid)
    projection.project(store, touched, now=to_epoch(now))
    if touched:
        store.execute("UPDATE syncrun SET undone_at = NULL WHERE id = ?", (import_id,))
    return count


def _voids_of(store: Store, dossier_uuid: str, import_id: int) -> Iterator[str]:
    """Yield the undo events of an import that still take something out."""
    events = dossiers.events_of(store, dossier_uuid)
    gone = {uuid for e in events if "revives" in e.body for uuid in e.body["voids"]}
    for event in events:
        if event.body.get("import") == import_id and event.uuid not in gone:
            yield event.uuid
