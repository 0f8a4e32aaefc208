"""Reports against one raw statement with the same meaning, the sums of ten years, the demo."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date, datetime

from counter_app.bootstrap import open_app
from counter_app.domain.figures import Figures, Period
from counter_app.services import demo, reports
from counter_app.storage.database import Store
from tests.bench import data
from tests.bench.report import Bench, Line, at_most, below, best_of, fsync_time, ms, told

_AS_RAW, _TEN_YEARS, _DEMO = 1.3, 0.020, 60.0
_NINE = Period(date(2026, 2, 20), date(2026, 11, 20))
_TEN = Period(date(2016, 11, 1), date(2026, 10, 31))
# Everything a report says of a period, in one statement without names, types or checks.
_RAW = """
WITH piece AS (
  SELECT kind, verdict, entered_at, channel, NULL AS late, earlier, closed_late, digitised_input,
         digitised_output, surveyed, satisfied
  FROM standing INDEXED BY standing_ended
  WHERE ended_at >= ?1 AND ended_at <= ?2 AND from_at <= ?2 AND until_at > ?2
  UNION ALL
  SELECT kind, verdict, entered_at, channel, marked OR coalesce(due_at < ?3, 0),
         earlier AND coalesce(due_at >= ?3, 1), 0, digitised_input, 0, 0, 0
  FROM standing INDEXED BY standing_open
  WHERE kind = 'open' AND from_at <= ?2 AND until_at > ?2
)
SELECT total(entered_at >= ?1 AND channel = 'online'),
  total(entered_at >= ?1 AND channel <> 'online'),
  total(entered_at < ?1), total(kind = 'resolved'), total(kind = 'resolved' AND verdict = 'early'),
  total(kind = 'resolved' AND verdict = 'on_time'), total(kind = 'resolved' AND verdict = 'late'),
  total(kind = 'open'), total(kind = 'open' AND NOT late), total(kind = 'open' AND late),
  total(kind = 'refused'), total(kind = 'withdrawn'), total(kind = 'stopped'), total(earlier),
  total(closed_late), total(entered_at >= ?1 AND digitised_input),
  total(kind = 'resolved' AND digitised_output), total(kind = 'resolved' AND surveyed),
  total(kind = 'resolved' AND satisfied)
FROM piece
"""
_NAMES = (
    "online counter_and_post carried_over resolved early on_time late pending pending_in_time "
    "pending_late refused withdrawn stopped late_before_supplement late_closed_otherwise "
    "digitised_input digitised_output surveys_returned surveys_satisfied"
).split()


def measure(bench: Bench) -> list[Line]:
    """Measure a nine-month report, one of ten years, and the telling of a published period."""
    path = data.file_of(bench.folder, bench.large, with_events=False, say=bench.say)
    store = data.open_file(path)
    lines = [_nine(bench, store), *_ten(bench, store)]
    store.close()
    return [*lines, *_told(bench)]


def _nine(bench: Bench, store: Store) -> Line:
    rounds = bench.times(15, 3)
    moments = reports.moments_of(store, _NINE, now=data.NOW)
    connection = store.database.connection()
    floor = best_of(lambda: connection.execute(_RAW, moments).fetchone(), rounds)
    ours = best_of(lambda: reports.make(store, _NINE, now=data.NOW), rounds)
    raw = dict(zip(_NAMES, map(int, connection.execute(_RAW, moments).fetchone()), strict=True))
    figures = reports.make(store, _NINE, now=data.NOW).figures
    if {name: getattr(figures, name) for name in _NAMES} != raw or not figures.resolved:
        raise AssertionError("the report differs from its statement")
    what = f"nine-month report with its checks, {bench.large:,}"
    return at_most(what, ours, floor, _AS_RAW, floor_name="one raw statement")


def _ten(bench: Bench, store: Store) -> list[Line]:
    rounds = bench.times(15, 3)
    taken = best_of(lambda: reports.make(store, _TEN, now=data.NOW), rounds)
    begun = time.perf_counter()
    moments = reports.moments_of(store, _TEN, now=data.NOW)
    counted = Figures.of(reports.table.count(store, moments, against="due", key=None)[""])
    recount = time.perf_counter() - begun
    found = reports.make(store, _TEN, now=data.NOW).figures
    for name in _NAMES:
        if getattr(found, name) != getattr(counted, name):
            raise AssertionError(f"the sums differ from a recount in {name}")
    note = f"{ms(recount)} counted from the pieces, the same figures"
    what = f"ten-year report from monthly sums, {bench.large:,}"
    by_sector = best_of(
        lambda: reports.make(store, _TEN, by=reports.By.SECTOR, now=data.NOW), rounds
    )
    return [below(what, taken, _TEN_YEARS, note), told("- split by sector", ms(by_sector))]


def _told(bench: Bench) -> list[Line]:
    """Tell the published period through the services; a quick run leaves it out."""
    if bench.rounds < 1 and "COUNTER_APP_BENCH_DEMO" not in os.environ:
        return []
    folder = bench.folder / "period"
    shutil.rmtree(folder, ignore_errors=True)
    app = open_app(data=str(folder), environment={})
    begun = time.perf_counter()
    count = demo.fill(app.store, demo.PERIODS[0], now=datetime(2026, 11, 23, 9))
    taken = time.perf_counter() - begun
    app.store.close()
    sync = fsync_time(bench.folder)
    note = f"in one outer transaction; a flush takes {ms(sync[0])}"
    return [below(f"demo of {count:,} dossiers through the services", taken, _DEMO, note)]
