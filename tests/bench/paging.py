"""Pages of 50 at any depth against the same statement through the bare driver."""

from __future__ import annotations

import random
import statistics
import time

from counter_app.domain.facts import DossierRow
from counter_app.services import browse
from counter_app.storage.database import Store
from tests.bench import data
from tests.bench.receiving import Recorder
from tests.bench.report import Bench, Line, at_most, below, best_of, ms, told

_GOAL = 2.0
_FIRST_PAGE = 0.005


def measure(bench: Bench) -> list[Line]:
    """Measure pages deep in the list of all, then the first page of each filter and the counts."""
    path = data.file_of(bench.folder, bench.large, with_events=False, say=bench.say)
    store = data.open_file(path)
    lines = [_deep(bench, store)]
    rounds = bench.times(15, 3)
    for name in (*browse.FILTERS, "owes_apology"):
        taken = best_of(lambda name=name: browse.page(store, name=name, now=data.NOW), rounds)
        lines.append(below(f"first page of “{name}”, {bench.large:,}", taken, _FIRST_PAGE))
    for what, function in (
        ("counts above the table", browse.counts),
        ("figures of the day", browse.day_figures),
    ):
        taken = best_of(lambda run=function: run(store, now=data.NOW), rounds)
        lines.append(told(f"{what}, {bench.large:,}", ms(taken)))
    store.close()
    return lines


def _deep(bench: Bench, store: Store) -> Line:
    """Compare pages after random rows with the same statement, its values ready."""
    draw = random.Random(1)
    places = [draw.random() for _ in range(bench.times(400, 40))]
    rows = [_row_at(store, place) for place in places]
    recorder = Recorder(store.database.connection())
    bare = store.database.connection
    ours, raw = [], []
    for place, row in zip(places, rows, strict=True):
        store.database.connection = lambda: recorder
        recorder.statements = []
        browse.page(store, after=row, now=data.NOW)
        store.database.connection = bare
        sql, params, _ = recorder.statements[-1]
        begun = time.perf_counter()
        page = browse.page(store, after=row, now=data.NOW)
        ours.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        plain = recorder.connection.execute(sql, params).fetchall()
        raw.append(time.perf_counter() - begun)
        if [tuple(one) for one in page] != plain or (len(page) < 50 and place > 0.001):
            raise AssertionError("a page differs from its statement")
    _walk_agrees(store, rows[0])
    what = f"page of 50 at any depth, {bench.large:,}"
    floor = statistics.median(raw)
    return at_most(what, statistics.median(ours), floor, _GOAL, floor_name="same statement, raw")


def _row_at(store: Store, place: float) -> DossierRow:
    first = store.row("SELECT min(received_at), max(received_at) FROM dossier WHERE is_void = 0")
    if first is None:
        raise AssertionError("the file is empty")
    at = int(first[0] + (first[1] - first[0]) * place)
    rows = store.rows(
        f"SELECT {browse.dossiers.ROW_COLUMNS} FROM dossier WHERE office_id = 1 AND is_void = 0 "
        "AND received_at >= ? ORDER BY received_at, id LIMIT 1",
        (at,),
    )
    return DossierRow._make(rows[0])


def _walk_agrees(store: Store, start: DossierRow) -> None:
    """Three pages by key are the 150 rows that a plain ordering gives."""
    walked: list[int] = []
    after = start
    for _ in range(3):
        page = browse.page(store, after=after, now=data.NOW)
        walked += [row.id for row in page]
        if page:
            after = page[-1]
    plain = store.rows(
        "SELECT id FROM dossier WHERE is_void = 0 AND (received_at < ?1 OR "
        "(received_at = ?1 AND id < ?2)) ORDER BY received_at DESC, id DESC LIMIT 150",
        (start.received_at, start.id),
    )
    if walked != [one for (one,) in plain]:
        raise AssertionError("pages by key leave rows out")
