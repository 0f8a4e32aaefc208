"""The power goes in the middle of an import: the data are as before or as after, never half."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.services import attachments, checks
from counter_app.services.sync_export import export_bundle, fingerprint
from tests.sync_house import CLERK, NOW, first_desk, further_desk, receive, take

ROOT = Path(__file__).parent.parent.parent
IMPORTER = Path(__file__).with_name("importer.py")
KILLS = 50
DOSSIERS, SCANS = 40, 5
STAGING = "dang-nhan-*"


def _import_and_die(folder, bundle, lines):
    """Let a process take a bundle in, kill it after so many told steps; return its last word."""
    with subprocess.Popen(
        [sys.executable, str(IMPORTER), str(folder), str(bundle)],
        cwd=ROOT,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "",
            "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        told = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        told += process.stdout.readlines()
        err = process.stderr.read()
    assert err == b"", err.decode()
    return [line for line in told if line.endswith(b"\n")][-1:]


def _look(folder):
    """Open what is left and say what it holds."""
    store = open_app(data=str(folder), environment={}).store
    assert [check.check for check in checks.run_checks(store) if not check.ok] == []
    total = fingerprint(store)["total"]
    runs = store.row("SELECT count(*) FROM syncrun WHERE kind = 'import'")[0]
    store.close()
    return total, runs


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifty_kills_in_mid_import_never_leave_half_of_it(tmp_path, monkeypatch):
    anchors = tmp_path / "anchors"
    monkeypatch.setenv("XDG_STATE_HOME", str(anchors))
    one = first_desk(tmp_path / "1")
    two = further_desk(one, tmp_path / "2")
    for number in range(DOSSIERS):
        uuid = receive(one, f"Người {number}")
        if number < SCANS:
            scan = tmp_path / f"{number}.pdf"
            scan.write_bytes(b"%PDF-1.7 " + str(number).encode() * 50_000)
            attachments.attach(one, uuid, files=[scan], by=CLERK, now=NOW)
    bundle = tmp_path / "a.zip"
    export_bundle(one, bundle, by=CLERK, now=NOW, with_files=True)
    two.close()
    before = _look(tmp_path / "2")
    shutil.copytree(tmp_path / "2", tmp_path / "kept")
    shutil.copytree(anchors, tmp_path / "kept-anchors")
    shutil.copytree(tmp_path / "2", tmp_path / "whole")
    whole = open_app(data=str(tmp_path / "whole"), environment={}).store
    take(whole, bundle, now=NOW)
    whole.close()
    after = _look(tmp_path / "whole")
    assert before != after
    chance = random.Random(20261127)
    seen, stages, left = set(), set(), 0
    for number in range(KILLS):
        # Twice as many events as dossiers are sorted aside, then each dossier is applied.
        stages |= set(_import_and_die(tmp_path / "2", bundle, chance.randint(1, 3 * DOSSIERS)))
        left += len(list((tmp_path / "2").glob(STAGING)))
        holds = _look(tmp_path / "2")
        assert holds in {before, after}, f"half an import after kill {number}"
        scans = len(list((tmp_path / "2" / "attachments").glob("??/*.pdf")))
        assert scans == SCANS or holds == before, f"a scan is missing after kill {number}"
        seen.add(holds)
        if holds == after:
            for kept, place in (("kept", tmp_path / "2"), ("kept-anchors", anchors)):
                shutil.rmtree(place)
                shutil.copytree(tmp_path / kept, place)
    assert stages >= {b"staged\n", b"applied\n"}
    assert before in seen
    assert left, "no kill left a staging file: they were not killed in the middle"
    # The next import finds its way and sweeps what the others left.
    two = open_app(data=str(tmp_path / "2"), environment={}).store
    take(two, bundle)
    assert fingerprint(two)["total"] == fingerprint(one)["total"]
    assert len(list((tmp_path / "2" / "attachments").glob("??/*.pdf"))) == SCANS
    assert list((tmp_path / "2").glob(STAGING)) == []
    one.close()
    two.close()
