"""The power is cut at fifty moments: at FULL no acknowledged save is lost; at NORMAL some are."""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import checks, moves, reception
from tests.faults.power import Record, cut, recorded

# Windows's wheel of the driver doesn't let a layer be put under it.
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no way under SQLite there")

START = datetime(2026, 11, 23, 9)
SAVES, CUTS = 25, 50


def work(folder, synchronous):
    """Save dossiers on a recorded disk, over several checkpoints; returns the record."""
    record = Record()
    folder.mkdir(parents=True, exist_ok=True)
    with recorded(record, folder):
        app = open_app(data=str(folder), environment={})
        connection = app.store.database.connection()
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA wal_autocheckpoint=60")
        for number in range(SAVES):
            now = START + timedelta(minutes=number)
            request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
            received = reception.receive_dossier(app.store, request, now=now, issue_receipt=True)
            record.tell(received.code)
            moves.forward(app.store, received.uuid, to="Tư pháp", by="Hoa", now=now)
            record.tell(f"{received.code} processing")
        app.store.close()
    return record


def after_cut(record, at, folder, chance, *, wholly=True):
    """Cut the power, open what is left; returns what was lost and what the checks find."""
    folder.mkdir(parents=True)
    cut(record, at, folder, chance)
    app = open_app(data=str(folder), environment={})
    try:
        known = dict(app.store.rows("SELECT code, status FROM dossier"))
        found = [c.check for c in checks.run_checks(app.store) if not c.ok] if wholly else []
    finally:
        app.store.close()
    lost = []
    for told in record.told_before(at):
        code, _, status = told.partition(" ")
        if code not in known or (status and known[code] != status):
            lost.append(told)
    return lost, found


def moments(record, count, chance):
    """Return moments after the first start, from the first acknowledged save on."""
    first = next(n for n, step in enumerate(record.steps) if step.kind == "told")
    return [chance.randrange(first, len(record.steps) + 1) for _ in range(count)]


@pytest.mark.slow
def test_no_acknowledged_save_is_lost_in_fifty_power_cuts(tmp_path):
    record = work(tmp_path / "disk", "full")
    kinds = {step.kind for step in record.steps}
    assert kinds >= {"write", "sync", "told"}
    assert any(step.kind == "sync" and step.name == "counter.db" for step in record.steps[200:]), (
        "no checkpoint was recorded"
    )
    chance = random.Random(20261127)
    for number, at in enumerate(moments(record, CUTS, chance)):
        lost, found = after_cut(record, at, tmp_path / str(number), chance)
        assert (lost, found) == ([], []), f"cut after step {at} of {len(record.steps)}"


@pytest.mark.slow
def test_the_same_cuts_lose_saves_where_sqlite_flushes_less(tmp_path):
    """Or the test above would prove nothing."""
    record = work(tmp_path / "disk", "normal")
    chance = random.Random(20261127)
    losses = sum(
        bool(after_cut(record, at, tmp_path / str(number), chance, wholly=False)[0])
        for number, at in enumerate(moments(record, CUTS // 2, chance))
    )
    assert losses > CUTS // 8


def test_a_disk_that_is_not_cut_holds_what_was_recorded(tmp_path):
    record = work(tmp_path / "disk", "full")
    chance = random.Random(1)
    assert after_cut(record, len(record.steps), tmp_path / "again", chance) == ([], [])
    assert len(record.told_before(len(record.steps))) == 2 * SAVES
