"""What a copy costs, and what it costs those who save meanwhile.

Saves beside a copy and as many without one take turns, so that what else the machine does falls on
both. A busy machine lets any save wait for a processor; Linux tells how long, and that is left out.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2 as driver

from counter_app.domain.facts import ReceiveRequest
from counter_app.services import backups, reception, search_index
from counter_app.storage.backup import back_up
from counter_app.storage.convert import copy_under
from counter_app.storage.database import open_store
from counter_app.storage.key_files import KeyFile, wrap_by_passphrase
from counter_app.storage.keys import DataKey, KeyRing
from tests.bench import data
from tests.bench.report import Bench, Line, at_most, below, ms, percentile, told

if TYPE_CHECKING:
    from counter_app.storage.database import Store

_NOW = datetime(2026, 11, 27, 9)
_STALL, _COPY = 0.050, 1.5
_WARM = 50
_PAUSE = 0.050
_WORDS = "con trau di truoc"


def measure(bench: Bench) -> list[Line]:
    """Copy alone, then save beside the whole of a backup and without one, in turn."""
    source = data.file_of(bench.folder, bench.small, with_events=True, say=bench.say)
    store = data.open_file(data.copy_of(source, bench.folder, "copies"))
    size = store.path.stat().st_size
    with tempfile.TemporaryDirectory(dir=bench.folder) as place:
        folder = Path(place)
        bare, plain, ours = _alone(store, folder, bench.times(3))
        lines = _stalls(bench, store, folder / "plain", "saves")
        store.close()
        closed = _encrypted(bench, source)
        lines += _stalls(bench, closed, folder / "closed", "encrypted saves")
        closed.close()
    return [
        at_most(
            f"a copy of {size / 1e6:.0f} MB, flushed and read through",
            ours,
            plain,
            _COPY,
            floor_name="copying, flushing and checking the file through the driver alone",
        ),
        told("of which copying and flushing the file", ms(bare)),
        *lines,
    ]


def _encrypted(bench: Bench, source: Path) -> Store:
    """Open the same file encrypted, with its key file beside it, as a copy of it is made."""
    plain = data.copy_of(source, bench.folder, "copies-closed")
    data.open_file(plain).close()
    key, ring = DataKey.draw(), KeyRing()
    ring.add(key)
    closed = plain.with_name("closed.db")
    copy_under(plain, None, closed, key)
    closed.replace(plain)
    KeyFile(key.salt, (wrap_by_passphrase(key, _WORDS, made_at="2026-11-27"),)).write(plain.parent)
    return open_store(plain, backup_folder=bench.folder / "none", stamp="bench", keys=ring)


def _stalls(bench: Bench, store: Store, folder: Path, what: str) -> list[Line]:
    """Save beside the whole of a backup and without one, in turn."""
    folder.mkdir()
    _saves(store, _WARM)
    beside: list[float] = []
    quiet: list[float] = []
    begun = time.perf_counter()
    for number in range(bench.times(3)):
        found = _beside_a_backup(store, folder, _NOW + timedelta(hours=number))
        beside += found
        quiet += _saves(store, len(found))
    spent = time.perf_counter() - begun
    bench.say(f"copies: {len(beside)} {what} beside copies, as many without, in {spent:.0f} s")
    floor = "without a copy"
    return [
        below(
            f"the longest of {len(beside)} {what} beside backups, over the longest without",
            max(0.0, max(beside) - max(quiet)),
            _STALL,
            f"{ms(max(beside))}, {ms(max(quiet))} {floor}",
        ),
        below(
            f"99.9% of these {what}, over 99.9% without",
            max(0.0, percentile(beside, 0.999) - percentile(quiet, 0.999)),
            _STALL,
            f"{ms(percentile(beside, 0.999))}, {ms(percentile(quiet, 0.999))} {floor}",
        ),
        told(f"how long those {what} took", _spread(beside), f"{floor}: {_spread(quiet)}"),
    ]


def _alone(store: Store, folder: Path, rounds: int) -> tuple[float, float, float]:
    """Return medians: a file copied, the same and checked by the driver alone, and our copy."""
    bare, plain, ours = [], [], []
    target = folder / "alone.db"
    for _ in range(rounds):
        begun = time.perf_counter()
        shutil.copyfile(store.path, target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())
        bare.append(time.perf_counter() - begun)
        checked = driver.connect(str(target))
        assert checked.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
        checked.close()
        plain.append(time.perf_counter() - begun)
        target.unlink()
        begun = time.perf_counter()
        back_up(store.database, target)
        ours.append(time.perf_counter() - begun)
        target.unlink()
    return percentile(bare, 0.5), percentile(plain, 0.5), percentile(ours, 0.5)


def _beside_a_backup(store: Store, folder: Path, now: datetime) -> list[float]:
    """Save until a backup in another thread is made, proved and noted, as the window makes it."""

    def copy() -> None:
        try:
            backups.make_backup(store, folder=folder, now=now)
        finally:
            store.close()  # this thread's connection

    thread = threading.Thread(target=copy)
    thread.start()
    times = []
    while thread.is_alive():
        times += _saves(store, 1)
    thread.join()
    return times


def _saves(store: Store, count: int) -> list[float]:
    """Save and pause in turn; returns how long each save took, but for waiting for a processor."""
    times = []
    for number in range(count):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        waited, begun = _waited(), time.perf_counter()
        reception.receive_dossier(store, request, now=_NOW, issue_receipt=True)
        times.append(time.perf_counter() - begun - (_waited() - waited))
        search_index.tidy_some(store)
        time.sleep(_PAUSE)
    return times


def _waited() -> float:
    """Return how many seconds this thread has been ready and no processor was free for it."""
    if sys.platform != "linux":
        return 0.0
    told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text("ascii")
    return int(told.split()[1]) / 1e9


def _spread(times: list[float]) -> str:
    late = sum(one > _STALL for one in times)
    half, most = percentile(times, 0.5), percentile(times, 0.99)
    return f"median {ms(half)}, p99 {ms(most)}; {late} of {len(times)} over {ms(_STALL)}"
