"""What is survived: power cuts, and what damage is named."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import checks, moves, reception
from counter_app.storage.backup import check_whole
from tests.bench.report import Bench, Line
from tests.faults.power import Record, cut, recorded

_START = datetime(2026, 11, 23, 9)
_ROOT = Path(__file__).parents[2]
_SAVER = _ROOT / "tests" / "faults" / "saver.py"


def measure(bench: Bench) -> list[Line]:
    """Cut the power and damage."""
    with tempfile.TemporaryDirectory(dir=bench.folder) as place:
        folder = Path(place)
        return [
            *_cuts(bench, folder / "cuts"),
            *_damages(bench, folder / "damages"),
        ]


def _request(number: int) -> ReceiveRequest:
    return ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")


# Power cuts


def _recorded_work(folder: Path, synchronous: str) -> Record:
    record = Record()
    folder.mkdir(parents=True)
    with recorded(record, folder):
        app = open_app(data=str(folder), environment={})
        connection = app.store.database.connection()
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA wal_autocheckpoint=80")
        for number in range(60):
            now = _START + timedelta(minutes=number)
            made = reception.receive_dossier(
                app.store, _request(number), now=now, issue_receipt=True
            )
            record.tell(made.code)
            moves.forward(app.store, made.uuid, to="Tư pháp", by="Hoa", now=now)
            record.tell(f"{made.code} processing")
        app.store.close()
    return record


def _cuts(bench: Bench, folder: Path) -> list[Line]:
    lines = []
    for synchronous, count in (("full", bench.times(1000, 50)), ("normal", bench.times(200, 25))):
        record = _recorded_work(folder / synchronous, synchronous)
        first = next(n for n, step in enumerate(record.steps) if step.kind == "told")
        chance = random.Random(20261127)
        losing = broken = 0
        for number in range(count):
            place = folder / f"{synchronous}-{number}"
            place.mkdir()
            at = chance.randrange(first, len(record.steps) + 1)
            cut(record, at, place, chance)
            is_lost, is_broken = _left(place, record.told_before(at))
            losing += is_lost
            broken += is_broken
            shutil.rmtree(place)
        words = f"{losing} cuts of {count} lose an acknowledged save, {broken} break the file"
        if synchronous == "full":
            is_good = losing == broken == 0
            lines.append(Line("power cuts at FULL", words, "", "", "none", is_good))
        else:
            what = "the same harness at NORMAL, where losses are expected"
            lines.append(Line(what, words, "", "", "some lose", losing > 0))
    return lines


def _left(folder: Path, acknowledged: list[str]) -> tuple[bool, bool]:
    app = open_app(data=str(folder), environment={})
    try:
        known = dict(app.store.rows("SELECT code, status FROM dossier"))
        wrong = not all(check.ok for check in checks.run_checks(app.store))
    finally:
        app.store.close()
    told_of = (word.partition(" ") for word in acknowledged)
    lost = any(code not in known or (s and known[code] != s) for code, _, s in told_of)
    return lost, wrong


# Damage


def _damages(bench: Bench, folder: Path) -> list[Line]:
    count = bench.times(200, 30)
    chance = random.Random(20261127)
    sealed, dying = folder / "sealed", folder / "dying"
    app = open_app(data=str(sealed), environment={})
    for number in range(60):
        made = reception.receive_dossier(app.store, _request(number), now=_START)
        moves.forward(app.store, made.uuid, to="Tư pháp", by="Hoa", now=_START)
    app.store.seal()
    app.store.close()
    process = subprocess.Popen(
        [sys.executable, str(_SAVER), str(dying), "x"],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.kill()
    found = silent = 0
    for number in range(count):
        source = dying if number % 4 == 0 else sealed
        kept = {path: path.read_bytes() for path in source.iterdir() if path.is_file()}
        _damage(source, number, chance)
        silent += check_whole(source / "counter.db") == []
        found += _is_named(source)
        for path in source.iterdir():
            if path.is_file() and path not in kept:
                path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
    words = f"{found} of {count} named; SQLite itself calls {silent} of them fine"
    return [Line("injected damage", words, "", "", "all", found == count)]


def _damage(folder: Path, number: int, chance: random.Random) -> None:
    """Damage the log of a process that was killed, or a closed file at any byte or page."""
    path, wal = folder / "counter.db", folder / "counter.db-wal"
    if number % 4 == 0:
        size = wal.stat().st_size
        if number % 8:
            os.truncate(wal, int(size * chance.uniform(0, 0.9)))
        else:
            content = bytearray(wal.read_bytes())
            content[int(size * chance.uniform(0.1, 0.6))] ^= 1
            wal.write_bytes(content)
        return
    content = bytearray(path.read_bytes())
    place = chance.randrange(100, len(content) - 64)
    if number % 4 == 1:
        content[place] ^= 1 << chance.randrange(8)
    elif number % 4 == 2:
        content[place : place + 64] = chance.randbytes(64)
    else:
        del content[len(content) // 4096 // 2 * 4096 :]
    path.write_bytes(content)


def _is_named(folder: Path) -> bool:
    try:
        app = open_app(data=str(folder), environment={})
    except DataFileError:
        return True
    try:
        return not all(check.ok for check in checks.run_checks(app.store))
    except DataFileError:
        return True
    finally:
        app.store.close()
