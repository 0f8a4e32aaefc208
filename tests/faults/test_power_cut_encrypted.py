"""The power is cut while an encrypted file is written: no acknowledged save is lost."""

from __future__ import annotations

import random
import shutil
import sys
from datetime import datetime, timedelta

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import checks, encryption, reception
from counter_app.storage import key_files
from counter_app.storage.database import open_store
from counter_app.storage.keys import KeyRing, key_paths
from tests.faults.power import Record, cut, recorded

# Windows's wheel of the driver doesn't let a layer be put under it.
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no way under SQLite there")

START = datetime(2026, 11, 23, 9)
SAVES, CUTS = 12, 12


def quiet(*_args):
    """Hear what is told and say nothing."""


@pytest.mark.slow
def test_no_acknowledged_save_of_an_encrypted_file_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(key_files, "_COST", {"time": 1, "memory": 64, "lanes": 1})
    first, disk = tmp_path / "first", tmp_path / "disk"
    app = open_app(data=str(first), environment={})
    app.store.clock = lambda: START
    prepared = encryption.prepare(app.store, "con trau di truoc", now=START)
    encryption.switch_on(app.store, prepared, now=START, progress=quiet)
    app.store.close()
    disk.mkdir()
    (file,) = key_paths(first)
    ring = KeyRing()
    ring.add(prepared.key)
    record = Record()
    with recorded(record, disk):
        shutil.copyfile(file, disk / file.name)
        open_store(
            disk / "counter.db", backup_folder=disk / "none", stamp="", new_key=prepared.key
        ).close()
        store = open_app(data=str(disk), environment={}, keys=ring).store
        for number in range(SAVES):
            now = START + timedelta(minutes=number)
            request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
            record.tell(reception.receive_dossier(store, request, now=now).code)
        store.close()
    chance = random.Random(20261127)
    begun = next(n for n, step in enumerate(record.steps) if step.kind == "told")
    for number in range(CUTS):
        at = chance.randrange(begun, len(record.steps) + 1)
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copyfile(file, folder / file.name)
        cut(record, at, folder, chance)
        app = open_app(data=str(folder), environment={}, keys=ring)
        try:
            known = {code for (code,) in app.store.rows("SELECT code FROM dossier")}
            assert set(record.told_before(at)) <= known, f"cut after step {at}"
            assert [c.check for c in checks.run_checks(app.store) if not c.ok] == []
        finally:
            app.store.close()
