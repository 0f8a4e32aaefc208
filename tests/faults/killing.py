"""Work of a real process that is killed in its midst, and what must be there afterwards.

The process tells when its work begins and when it ends (``worker.py``); a kill before or after
proves nothing about the work, so it is told apart and whoever counts goes on.
"""

from __future__ import annotations

import itertools
import lzma
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2 as driver

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import backups, checks, reception

ROOT = Path(__file__).parent.parent.parent
OLD = ROOT / "tests" / "data" / "old" / "v1.db.xz"
NOW = datetime(2026, 11, 23, 10)
HELD, LATER, ROWS, OLD_HELD = 20, 15, 250, 48
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"
_TOLD = (b"begun\n", b"ended\n")


class Work(NamedTuple):
    """One kind of work: the function that does it, how it is begun, and what it may leave."""

    name: str
    function: str
    start: Path  # the folder that each process works on a copy of
    words: tuple[str, ...]
    look: Callable[[Path], tuple[str, list[str]]]  # what was left ("old", "new"), what is wrong


class Left(NamedTuple):
    """What a kill has left: whether it fell into the work, the state found, what is wrong."""

    is_inside: bool
    is_told: bool  # the work was acknowledged before the kill
    state: str
    wrong: list[str]


def begin(function: str, module: str, words: list[str]) -> subprocess.Popen[bytes]:
    """Start a process that tells when its work begins and ends."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.worker", function, module, *words],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "COUNTER_APP_NOW"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill(process: subprocess.Popen[bytes]) -> list[bytes]:
    """Kill a process that can't react; returns every whole line that was still to be read."""
    process.kill()
    # Not communicate(): it would pass over what readline() has already buffered.
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        rest, err = process.stdout.readlines(), process.stderr.read()
    assert b"Traceback" not in err, err.decode()
    return [line for line in rest if line.endswith(b"\n")]


def begins(process: subprocess.Popen[bytes]) -> list[bytes]:
    """Read on until the work begins; returns what was told before, ``begun`` last."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while lines[-1] != _TOLD[0]:
        assert lines[-1], "it ended before its work began"
        lines.append(process.stdout.readline())
    return lines


def is_inside(lines: list[bytes]) -> bool:
    """Say whether the last that was told of the work is that it began."""
    return [line for line in lines if line in _TOLD][-1:] == [_TOLD[0]]


def kills(work: Work, place: Path, chance: random.Random) -> Iterator[Left]:
    """Begin the work again and again and kill it at any moment of it; yields what each left."""
    whole = place / "whole"
    shutil.copytree(work.start, whole)
    process = begin(work.function, "counter_app", _words(whole, work))
    begins(process)
    begun = time.perf_counter()
    assert process.stdout is not None
    while process.stdout.readline() != _TOLD[1]:
        pass
    longest = time.perf_counter() - begun
    _, err = process.communicate()
    assert process.returncode == 0, err.decode()
    assert work.look(whole) == ("new", [])
    for number in itertools.count():
        folder = place / f"killed-{number}"  # another each time: an anchor outlives its folder
        shutil.copytree(work.start, folder)
        process = begin(work.function, "counter_app", _words(folder, work))
        lines = begins(process)
        time.sleep(longest * chance.uniform(0, 1))
        lines += kill(process)
        state, wrong = work.look(folder)
        is_told = _TOLD[1] in lines
        if is_told and state != "new":
            wrong.append(f"what was told to be done is {state}")
        yield Left(is_inside(lines), is_told, state, wrong)
        shutil.rmtree(folder)


def _words(folder: Path, work: Work) -> list[str]:
    return ["--data", str(folder), "--clock-confirmed", *work.words]


# The four kinds that are done once; saving, which goes on and on, is in test_kill.py and the bench


def works(place: Path) -> dict[str, Work]:
    """Make what the four kinds begin from, below ``place``."""
    start = place / "start"
    _fill(start, HELD)
    app = open_app(data=str(start), environment={})
    copy = backups.make_backup(app.store, folder=place, now=NOW)
    app.store.close()
    grown = place / "grown"
    shutil.copytree(start, grown)
    _fill(grown, LATER, NOW + timedelta(hours=1))
    old = place / "old"
    old.mkdir()
    (old / "counter.db").write_bytes(lzma.decompress(OLD.read_bytes()))
    listed = place / "list.csv"
    lines = [
        f"H50.1-261120-{n:04d},1.004873,Nguyễn Thị {n},,20/11/2026 08:00,26/11/2026 17:00,"
        for n in range(1, ROWS + 1)
    ]
    listed.write_text("\n".join([HEAD, *lines]), "utf-8")

    def restored(folder: Path) -> tuple[str, list[str]]:
        state, wrong = _counted(folder, old=HELD + LATER, new=HELD)
        return state, wrong + ([] if copy.is_file() else ["the copy is gone"])

    def imported(folder: Path) -> tuple[str, list[str]]:
        return _counted(folder, old=HELD, new=HELD + ROWS)

    services, migrating = "counter_app.services", "counter_app.storage.database:migrate"
    found = (
        Work("import", f"{services}.lists:import_list", start, ("import", str(listed)), imported),
        Work("migrate", migrating, old, ("list",), _migrated),
        Work(
            "backup", f"{services}.backup_places:back_up_everywhere", start, ("backup",), _backed_up
        ),
        Work("restore", f"{services}.backups:restore", grown, ("restore", str(copy)), restored),
    )
    return {work.name: work for work in found}


def _fill(folder: Path, count: int, begun: datetime = NOW) -> None:
    app = open_app(data=str(folder), environment={})
    for number in range(count):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        at = begun + timedelta(minutes=number)
        reception.receive_dossier(app.store, request, now=at, issue_receipt=True)
    app.store.close()


def look(folder: Path) -> tuple[int, list[str]]:
    """Open the data as after a crash; returns how many dossiers there are and what is wrong."""
    app = open_app(data=str(folder), environment={})
    try:
        row = app.store.row("SELECT count(*) FROM dossier")
        assert row is not None
        return row[0], [check.check for check in checks.run_checks(app.store) if not check.ok]
    finally:
        app.store.close()


def _counted(folder: Path, *, old: int, new: int) -> tuple[str, list[str]]:
    count, wrong = look(folder)
    state = {old: "old", new: "new"}.get(count, "half")
    return state, wrong + ([f"{count} dossiers"] if state == "half" else [])


def _backed_up(folder: Path) -> tuple[str, list[str]]:
    held = backups.copies(folder / "backups")
    app = open_app(data=str(folder), environment={})
    wrong = [what for copy in held for what in backups.prove(app.store, copy.path, [])]
    app.store.close()
    wrong += _counted(folder, old=HELD, new=HELD)[1]
    # What the dead process left behind holds up nothing.
    app = open_app(data=str(folder), environment={})
    backups.make_backup(app.store, folder=folder / "backups", now=NOW + timedelta(days=9))
    app.store.close()
    return "new" if held else "old", wrong


def _migrated(folder: Path) -> tuple[str, list[str]]:
    """Look what version a copy of what was left has, then let the next start go on with it."""
    seen = folder.with_name(f"{folder.name}-seen")
    shutil.copytree(folder, seen)
    connection = driver.connect(str(seen / "counter.db"))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    shutil.rmtree(seen)
    count, wrong = look(folder)
    connection = driver.connect(str(folder / "counter.db"))
    (today,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    if count != OLD_HELD:
        wrong.append(f"{count} dossiers")
    # Between them each step is whole: the next start does the others.
    state = "old" if version == 1 else "new" if version == today else f"step {version}"
    return state, wrong
