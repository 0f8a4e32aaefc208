"""Receiving a dossier against the same statements through the bare driver."""

from __future__ import annotations

import gc
import random
import shutil
import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlcipher3 import dbapi2 as driver

from counter_app.domain.facts import DocumentFacts, ReceiveRequest
from counter_app.services import catalogue, journal, reception
from counter_app.storage import decided
from counter_app.storage.database import PRAGMAS, Store
from tests.bench import data
from tests.bench.people import People
from tests.bench.report import Bench, Line, at_most, below, ms, percentile, told


class Asked(NamedTuple):
    """A statement with its values; with ``is_many`` these are rows of values."""

    sql: str
    params: Sequence[Any]
    is_many: bool = False


Statements = list[Asked]
_CLERK = "Lê Thị Hồng Nhung"
_GOAL, _SLOWEST = 1.5, 0.025


class Recorder:
    """Stands before a connection and notes what it is asked to run."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.statements: Statements = []

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Note a statement and run it."""
        self.statements.append(Asked(sql, params))
        return self.connection.execute(sql, params)

    def executemany(self, sql: str, rows: Sequence[Any]) -> Any:
        """Note a statement that runs for several rows, and run it."""
        rows = list(rows)
        self.statements.append(Asked(sql, rows, is_many=True))
        return self.connection.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def requests(store: Store, count: int, seed: int) -> list[ReceiveRequest]:
    """Make what clerks type: other people, other procedures, their papers."""
    draw = random.Random(seed)
    known = [p for p in catalogue.procedures(store, on=data.NOW.date()) if p.limit]
    made = []
    for citizen in People(seed).draw(count):
        chosen = draw.choice(known)
        made.append(
            ReceiveRequest(
                procedure_code=chosen.code,
                applicant_name=citizen.name,
                citizen_id=citizen.number,
                birth_date=citizen.birth_date,
                sex=citizen.sex,
                address=citizen.address,
                phone=citizen.phone,
                documents=tuple(
                    DocumentFacts(d.name, d.originals, d.copies) for d in chosen.required_documents
                ),
                by=_CLERK,
            )
        )
    return made


def measure(bench: Bench) -> list[Line]:
    """Measure on a full file and on an empty one."""
    whole = data.file_of(bench.folder, bench.small, with_events=True, say=bench.say)
    empty = data.file_of(bench.folder, 0, with_events=True, say=bench.say)
    lines = []
    for source, name in ((whole, f"{bench.small:,} dossiers"), (empty, "an empty file")):
        lines += _compare(bench, source, name)
    return lines


def _compare(bench: Bench, source: Path, name: str) -> list[Line]:
    count = bench.times(1500, 60)
    asked = _record(bench, source, count)
    ours_at = data.copy_of(source, bench.folder, "receive-ours")
    raw_at = data.copy_of(source, bench.folder, "receive-raw")
    store = data.open_file(ours_at)
    raw = bare(raw_at)
    wanted = requests(store, count, seed=7)
    ours, whole, writes = [], [], []
    # What the bench itself holds is no heap of the program's: its collector need not walk it.
    gc.collect()
    gc.freeze()
    for number, request in enumerate(wanted):
        now = moment_of(number)
        begun = time.perf_counter()
        reception.receive_dossier(store, request, now=now)
        ours.append(time.perf_counter() - begun)
        # Every second dossier is written without the reads: the strict floor.
        statements = asked[number]
        kept = number % 2 == 0
        if kept:
            statements = [one for one in statements if not one.sql.startswith(("SELECT", "PRAGMA"))]
        begun = time.perf_counter()
        run(raw, statements)
        (writes if kept else whole).append(time.perf_counter() - begun)
    _same_rows(store, raw, count)
    gc.unfreeze()
    store.close()
    raw.close()
    for path in (ours_at, raw_at):
        shutil.rmtree(path.parent)
    warm = slice(len(ours) // 10, None)
    median = statistics.median(ours[warm])
    floor = statistics.median(writes[len(writes) // 10 :])
    return [
        at_most(
            f"receive, {name}: median",
            median,
            statistics.median(whole),
            _GOAL,
            floor_name="same statements, raw",
        ),
        told(
            "- against its writes alone",
            ms(median),
            f"{ms(floor)} same writes, raw",
        )._replace(ratio=f"{median / floor:.2f}×"),
        below(
            f"receive, {name}: p99",
            percentile(ours[warm], 0.99),
            _SLOWEST,
            f"{ms(percentile(writes + whole, 0.99))} raw",
        ),
    ]


def moment_of(number: int) -> datetime:
    return data.NOW + timedelta(seconds=20 * number)


def recorder_of(store: Store) -> Recorder:
    """Let a store's statements be noted from now on, on a connection that was asked nothing yet."""
    store.close()
    recorder = Recorder(store.database.connection())
    store.database.connection = lambda: recorder
    return recorder


def _record(bench: Bench, source: Path, count: int) -> list[Statements]:
    """Receive on a copy and note the statements with their values."""
    path = data.copy_of(source, bench.folder, "receive-noted")
    store = data.open_file(path)
    recorder = recorder_of(store)
    noted = []
    for number, request in enumerate(requests(store, count, seed=7)):
        recorder.statements = []
        reception.receive_dossier(store, request, now=moment_of(number))
        noted.append(recorder.statements)
    recorder.close()
    shutil.rmtree(path.parent)
    return noted


def bare(path: Path) -> Any:
    """Open a file by the driver alone, as the program opens it."""
    connection = driver.connect(str(path), isolation_level=None)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
    decided.watch(connection)
    return connection


def run(connection: Any, statements: Statements) -> None:
    """Run noted statements with their values."""
    execute, executemany = connection.execute, connection.executemany
    for sql, params, is_many in statements:
        if is_many:
            executemany(sql, params)
            continue
        cursor = execute(sql, params)
        if cursor.description:
            cursor.fetchall()


def _same_rows(store: Store, raw: Any, count: int) -> None:
    """A bench of wrong answers is a defect: both files hold the same, and the chain holds."""
    for table in ("dossier", "event", "promise", "person", "dossier_search", "standing", "tally"):
        sql = f"SELECT count(*) FROM {table}"
        if store.row(sql) != raw.execute(sql).fetchone():
            raise AssertionError(f"{table}: the files differ")
    last = store.row("SELECT last_sequence FROM installation WHERE is_self = 1")
    if (
        last is None
        or last
        != raw.execute("SELECT last_sequence FROM installation WHERE is_self = 1").fetchone()
    ):
        raise AssertionError("the chains have different lengths")
    if journal.desk(store).last_sequence < count:
        raise AssertionError("events are missing")
