"""The power goes, or the process is killed, at any moment: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.services import checks

ROOT = Path(__file__).parent.parent.parent
SAVER = Path(__file__).with_name("saver.py")
ROUNDS = 52
LONGEST_OPENING = 2.0  # seconds of work; a window that takes longer after a crash looks broken


def _start(folder, *words):
    return subprocess.Popen(
        [sys.executable, str(SAVER), str(folder), *words],
        cwd=ROOT,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "",
            "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _kill(process):
    """Kill a process that can't react, and return every whole line it had told."""
    process.kill()
    # Not communicate(): it would pass over what readline() has already buffered.
    with process:
        rest, err = process.stdout.readlines(), process.stderr.read()
    assert err == b"", err.decode()
    return [line for line in rest if line.endswith(b"\n")]


def _save_and_die(folder, name, lines):
    """Let a process save, and kill it at some moment after so many acknowledged lines."""
    process = _start(folder, name)
    told = [process.stdout.readline() for _ in range(lines)]
    told += _kill(process)
    return [line.decode().split() for line in told]


@pytest.mark.slow
def test_no_acknowledged_dossier_is_lost_in_fifty_kills(tmp_path):
    chance = random.Random(20261123)
    codes, forwarded, slowest = [], set(), 0.0
    for number in range(ROUNDS):
        for code, *more in _save_and_die(tmp_path, str(number), chance.randint(1, 12)):
            if more:
                forwarded.add(code)
            else:
                codes.append(code)
        begun = time.process_time()
        app = open_app(data=str(tmp_path), environment={})
        slowest = max(slowest, time.process_time() - begun)
        known = dict(app.store.rows("SELECT code, status FROM dossier"))
        missing = [code for code in codes if code not in known]
        app.store.close()
        assert missing == [], f"lost in round {number}"
    assert len(codes) > ROUNDS
    assert len(set(codes)) == len(codes), "a number was given twice"
    app = open_app(data=str(tmp_path), environment={})
    known = dict(app.store.rows("SELECT code, status FROM dossier"))
    assert {known[code] for code in forwarded} == {"processing"}
    assert [check.check for check in checks.run_checks(app.store) if not check.ok] == []
    # Every dossier came with its receipt, or not at all.
    assert app.store.row("SELECT count(*) FROM paper") == (len(known),)
    app.store.close()
    assert slowest < LONGEST_OPENING


def test_two_processes_that_save_at_once_share_the_numbers(tmp_path):
    open_app(data=str(tmp_path), environment={}).store.close()
    savers = [_start(tmp_path, name, "30") for name in "ab"]
    answers = [saver.communicate() for saver in savers]
    assert [saver.returncode for saver in savers] == [0, 0], answers
    lines = [line.decode() for out, _ in answers for line in out.splitlines()]
    codes = [line for line in lines if " " not in line]
    assert len(set(codes)) == len(codes) == 60
    app = open_app(data=str(tmp_path), environment={})
    known = {code for (code,) in app.store.rows("SELECT code FROM dossier")}
    assert set(codes) == known
    assert all(check.ok for check in checks.run_checks(app.store))
    app.store.close()
