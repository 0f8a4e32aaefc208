"""A folder is copied, moved or brought back: a new epoch, no number twice, one whole chain."""

from __future__ import annotations

import shutil
import uuid
from datetime import datetime
from pathlib import Path

import pytest

from counter_app import bootstrap
from counter_app.bootstrap import machine_mark, open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import checks, journal, reception

NOW = datetime(2026, 11, 23, 9)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")


def _save(folder, count=2):
    app = open_app(data=str(folder), environment={})
    codes = [reception.receive_dossier(app.store, REQUEST, now=NOW).code for _ in range(count)]
    here = journal.desk(app.store)
    assert [check.check for check in checks.run_checks(app.store) if not check.ok] == []
    app.store.close()
    return codes, here


def _ids(folder):
    app = open_app(data=str(folder), environment={})
    found = {row[0] for row in app.store.rows("SELECT id FROM event")}
    app.store.close()
    return found


def test_the_same_folder_keeps_its_epoch(tmp_path):
    _, first = _save(tmp_path / "a")
    _, again = _save(tmp_path / "a")
    assert (first.uuid, first.epoch) == (again.uuid, again.epoch)
    assert again.epoch == 1


def test_a_copied_folder_takes_a_new_epoch_and_its_series_go_on(tmp_path):
    codes, first = _save(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    before = _ids(tmp_path / "a")
    more, copied = _save(tmp_path / "b")
    assert copied.uuid == first.uuid
    assert copied.epoch == first.epoch + 1
    assert more == ["TAM-01-261123-0003", "TAM-01-261123-0004"]
    assert not set(more) & set(codes)
    # What both write from now on never has the same id, though their numbers may meet.
    _save(tmp_path / "a")
    assert not (_ids(tmp_path / "a") - before) & (_ids(tmp_path / "b") - before)


def test_a_copy_of_a_copy_goes_on_counting_epochs(tmp_path):
    folder = tmp_path / "0"
    _save(folder, 1)
    for number in range(1, 4):
        shutil.copytree(folder, tmp_path / str(number))
        folder = tmp_path / str(number)
        codes, here = _save(folder, 1)
        assert here.epoch == number + 1
        assert codes == [f"TAM-01-261123-{number + 1:04d}"]
    assert len(_ids(folder)) == 4


def test_ids_stay_apart_for_every_desk_epoch_and_count():
    seen = set()
    for desk in (1, 2, 98, 99):
        for epoch in (1, 2, 255, 256, 4095):
            for sequence in (1, 2, 10**12):
                seen.add(journal.event_id(desk, epoch, sequence))
    assert len(seen) == 4 * 5 * 3
    assert max(seen) < 2**63


def test_the_mark_tells_machines_and_places_apart(tmp_path, monkeypatch):
    here = machine_mark(tmp_path / "a.db")
    assert machine_mark(tmp_path / "a.db") == here
    assert machine_mark(tmp_path / "b.db") != here
    monkeypatch.setattr(bootstrap, "_machine", lambda: "another")
    assert machine_mark(tmp_path / "a.db") != here


@pytest.mark.parametrize(("node", "kept"), [(0x001122334455, True), (0x011122334455, False)])
def test_a_drawn_number_is_no_mark_of_a_machine(monkeypatch, node, kept):
    """Without a network card Python draws a number anew at each start."""

    def gone(*_args, **_options):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", gone)
    monkeypatch.setattr(uuid, "getnode", lambda: node)
    assert (f"{node:x}" in bootstrap._machine()) is kept


def test_a_foreign_event_of_the_same_place_is_refused_by_the_database(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    reception.receive_dossier(app.store, REQUEST, now=NOW)
    with pytest.raises(Exception, match="UNIQUE"):
        app.store.execute(
            "INSERT INTO event SELECT id + 1, uuid || 'x', office_id, dossier_uuid, origin, epoch, "
            'sequence, lamport, seen, kind, at, recorded_at, "by", counter, body, salt, body_hash, '
            "head_hash, seal FROM event"
        )
    app.store.close()
