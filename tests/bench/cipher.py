"""What encryption at rest costs: the same work on the same file, plain and encrypted, in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from counter_app.services import board, browse, reception
from counter_app.storage.convert import copy_under
from counter_app.storage.database import Store, open_store
from counter_app.storage.key_files import KeyFile, wrap_by_passphrase
from counter_app.storage.keys import DataKey, KeyRing
from tests.bench import data
from tests.bench.receiving import moment_of, requests
from tests.bench.report import Bench, Line, below, ms, told

_UNLOCK = 1.0
_WORDS = "con trau di truoc"


def measure(bench: Bench) -> list[Line]:
    """Measure receiving, finding and the board on both files, then unlocking."""
    source = data.file_of(bench.folder, bench.small, with_events=True, say=bench.say)
    plain_at = data.copy_of(source, bench.folder, "cipher-plain")
    closed_at = data.copy_of(source, bench.folder, "cipher-closed")
    key, ring = DataKey.draw(), KeyRing()
    ring.add(key)
    data.open_file(plain_at).close()
    closed_at.unlink()
    begun = time.process_time()
    copy_under(plain_at, None, closed_at, key)
    converting = time.process_time() - begun
    plain = data.open_file(plain_at)
    closed = open_store(closed_at, backup_folder=bench.folder / "none", stamp="bench", keys=ring)
    wanted = requests(plain, bench.times(600, 60), seed=11)
    acts: dict[str, Callable[[Store, int], Any]] = {
        "receiving": lambda store, number: reception.receive_dossier(
            store, wanted[number], now=moment_of(number)
        ),
        "finding by a name": lambda store, number: browse.search(
            store, wanted[number].applicant_name, limit=20
        ),
        "the head's board": lambda store, _number: board.board(store, now=data.NOW),
    }
    lines: list[Line] = []
    for what, act in acts.items():
        ours, theirs = [], []
        for number in range(len(wanted)):
            for store, taken in ((plain, theirs), (closed, ours)):
                begun = time.process_time()
                act(store, number)
                taken.append(time.process_time() - begun)
        mine, floor = statistics.median(ours), statistics.median(theirs)
        against, ratio = f"{ms(floor)} plain, both in processor time", f"{mine / floor:.2f}×"
        lines.append(Line(f"encrypted: {what}, {bench.small:,}", ms(mine), against, ratio))
    file = KeyFile(key.salt, (wrap_by_passphrase(key, _WORDS, made_at="2026-11-27"),))
    begun = time.perf_counter()
    file.unlock(_WORDS)
    lines.append(below("unlocking by the passphrase", time.perf_counter() - begun, _UNLOCK))
    lines.append(told(f"- turning {bench.small:,} dossiers encrypted", ms(converting)))
    plain.close()
    closed.close()
    return lines
