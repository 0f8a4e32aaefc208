"""An office with ten dossiers, a scan, a stick and a plain copy, to be encrypted by tests."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import (
    attachments,
    backup_places,
    checks,
    encryption,
    reception,
    settings,
    unlocks,
)
from counter_app.storage.keys import KeyRing

NOW = datetime(2026, 11, 23, 9)
NAME, NUMBER = "Nguyễn Thị Hạnh Phúc", "001193000123"
WANTED = (NAME.encode(), NUMBER.encode(), b"hanh phuc", "Phúc".encode())
WORDS, OTHER = "con trau di truoc", "cai cay theo sau"
SCAN = b"%PDF-1.7\n" + f"Giấy khai sinh của {NAME}, số {NUMBER}".encode() * 900
SCAN_HASH = hashlib.sha256(SCAN).hexdigest()


def quiet(*_args):
    """Hear what is told and say nothing."""


def asking(*secrets):
    """Return a ring that answers what it is asked with the given secrets."""
    left = list(secrets)
    return KeyRing(lambda path: unlocks.unlock(path, left.pop(0), now=NOW))


def receive(store, number=0):
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name=NAME, id_kind="citizen", citizen_id=NUMBER
    )
    now = NOW + timedelta(minutes=number)
    return reception.receive_dossier(store, request, now=now, issue_receipt=True)


def make_house(tmp_path):
    """Return an office with ten dossiers, one with a scan, a stick, and a plain copy."""
    (tmp_path / "stick").mkdir()
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.clock = lambda: NOW + timedelta(hours=1)
    settings.set_setting(app.store, key="backup_folder", value=str(tmp_path / "stick"))
    for number in range(10):
        facts = receive(app.store, number)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)
    attachments.attach(
        app.store, facts.code, files=[scan], by="Hoa", now=NOW + timedelta(minutes=20)
    )
    scan.unlink()
    at = NOW + timedelta(minutes=30)
    backup_places.back_up_everywhere(app.store, folder=tmp_path / "data" / "backups", now=at)
    yield app
    app.store.close()


def switched_on(app):
    """Switch the encryption on; returns the code of the sheet."""
    at = NOW + timedelta(hours=2)
    prepared = encryption.prepare(app.store, WORDS, now=at)
    outcome = encryption.switch_on(app.store, prepared, now=at, progress=quiet)
    assert outcome.problems == ()
    return prepared.code


def readable(folder, *, left_out=()):
    """Return the files of a folder in which the citizen stands."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path not in left_out and any(w in path.read_bytes() for w in WANTED)
    ]


def failing(store):
    return [(c.check, c.problems) for c in checks.run_checks(store) if not c.ok]
