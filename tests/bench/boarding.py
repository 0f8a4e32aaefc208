"""The head's board against the same figures by SQL that knows no index."""

from __future__ import annotations

import statistics
import time
from typing import Any

from counter_app.domain.board import BoardFacts, Load
from counter_app.domain.history import day_number
from counter_app.domain.list_filter import ListFilter
from counter_app.domain.moments import to_epoch
from counter_app.services import board, filters, handover
from counter_app.storage.database import Store
from tests.bench import data
from tests.bench.report import Bench, Line, at_least, below, best_of, ms, told

_SLOWEST, _QUICKER = 0.002, 100
_OPEN = (
    "status IN ('received','processing','awaiting_supplement','awaiting_payment') "
    "AND is_void = 0 AND competent_unit = ''"
)


def measure(bench: Bench) -> list[Line]:
    """Measure the board, then its figures by scans; both must say the same."""
    path = data.file_of(bench.folder, bench.large, with_events=False, say=bench.say)
    store = data.open_file(path)
    taken = best_of(lambda: board.board(store, now=data.NOW), bench.times(60, 9))
    scans = []
    for _ in range(bench.times(3, 1)):
        begun = time.perf_counter()
        scanned = _by_scan(store)
        scans.append(time.perf_counter() - begun)
    _agree(board.board(store, now=data.NOW), scanned)
    if list(board.differing_load(store)):
        raise AssertionError("a stored sum differs from a recount")
    lines = [
        below(f"the head's board, {bench.large:,}", taken, _SLOWEST),
        at_least(
            "- against the same figures without an index",
            taken,
            statistics.median(scans),
            _QUICKER,
            peer_name="unindexed SQL",
        ),
        told("- the quiet line", ms(best_of(lambda: board.quiet_alert(store, now=data.NOW), 9))),
    ]
    for what, chosen in (
        ("due this week at a unit", ListFilter(due="week", unit=_some_unit(store))),
        ("a sector online, all years", ListFilter(sector="Hộ tịch", channel="online")),
    ):
        taken = best_of(lambda chosen=chosen: filters.ids_of(store, chosen, now=data.NOW), 3)
        lines.append(told(f"- filter: {what}, all of it, beside the window", ms(taken)))
    store.close()
    return lines


def _some_unit(store: Store) -> str:
    row = store.row("SELECT unit FROM openload WHERE unit <> '' LIMIT 1")
    return str(row[0]) if row else ""


def _by_scan(store: Store) -> dict[str, Any]:
    """Count as somebody would who keeps nothing: one scan for each kind of figure."""
    days, _, _ = board._days(store, data.NOW)
    until = handover._threshold(store, data.NOW)
    loads = store.rows(
        "SELECT resolving_unit, handling_officer, "
        "total(coalesce(due_day < ?1, 0) OR late_due_at IS NOT NULL), "
        "total(coalesce(due_day = ?1, 0)), total(coalesce(due_day = ?2, 0)), "
        "total(coalesce(due_day BETWEEN ?1 AND ?3, 0)), total(due_day IS NULL), count(*) "
        f"FROM dossier NOT INDEXED WHERE office_id = 1 AND {_OPEN} GROUP BY 1, 2",
        days,
    )
    ahead = store.rows(
        "SELECT due_day, count(*) FROM dossier NOT INDEXED WHERE office_id = 1 "
        f"AND {_OPEN} AND due_day >= ? GROUP BY 1",
        (days.today,),
    )
    waiting = store.rows(
        "SELECT id FROM dossier NOT INDEXED WHERE office_id = 1 AND status = 'completed' "
        "AND is_void = 0 ORDER BY completed_at, id LIMIT 6"
    )
    counts = store.row(
        "SELECT total(status = 'completed'), total(status = 'received' AND received_at <= ?), "
        "total(status = 'processing' AND json_extract(details, '$.forwarded_at') < ? "
        "AND json_extract(details, '$.accepted_at') IS NULL) "
        "FROM dossier NOT INDEXED WHERE office_id = 1 AND is_void = 0",
        (until, to_epoch(data.NOW.replace(hour=0, minute=0))),
    )
    return {"loads": loads, "ahead": dict(ahead), "waiting": waiting, "counts": counts}


def _agree(facts: BoardFacts, scanned: dict[str, Any]) -> None:
    loads = {Load(row[0], row[1], *map(int, row[2:])) for row in scanned["loads"]}
    today = day_number(to_epoch(data.NOW))
    ahead = [
        scanned["ahead"].get(today + (day - data.NOW.date()).days, 0) for day, _ in facts.ahead
    ]
    counted = (facts.waiting_count, facts.should_have_left, facts.unaccepted_count)
    if (
        loads != set(facts.loads)
        or ahead != [number for _, number in facts.ahead]
        or [one.dossier_id for one in facts.waiting] != [row[0] for row in scanned["waiting"]]
        or counted != tuple(map(int, scanned["counts"]))
    ):
        raise AssertionError("the board differs from a scan")
