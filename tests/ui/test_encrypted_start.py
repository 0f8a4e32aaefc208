"""The program's own start on encrypted data: it asks first, and then it is the usual window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from counter_app import bootstrap
from counter_app.__main__ import main
from counter_app.bootstrap import alone, open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.moments import utc_now
from counter_app.services import encryption, reception, unlocks
from counter_app.storage import key_files
from counter_app.storage.keys import KeyRing, is_plain

ROOT = Path(__file__).parents[2]
WORDS = "con trau di truoc"


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """Return the folder of an encrypted office that nobody has open."""
    monkeypatch.setattr(key_files, "_COST", {"time": 1, "memory": 64, "lanes": 1})
    monkeypatch.setattr(bootstrap, "zone_offset", lambda: timedelta(hours=7))
    names = (
        "--office",
        "Trung tâm",
        "--parent",
        "UBND xã",
        "--counter",
        "Quầy 1",
        "--counter-number",
        "1",
    )
    assert main(["--data", str(tmp_path / "data"), "setup", *names]) == 0
    app = open_app(data=str(tmp_path / "data"), environment={})
    an_hour_ago = utc_now() - timedelta(hours=1)
    prepared = encryption.prepare(app.store, WORDS, now=an_hour_ago)
    encryption.switch_on(app.store, prepared, now=an_hour_ago, progress=lambda *_: None)
    app.store.close()
    (tmp_path / "sheet").write_text(prepared.code)
    return app.folder


def receive(folder):
    keys = KeyRing(lambda path: unlocks.unlock(path, WORDS, now=utc_now()))
    app = open_app(data=str(folder), environment={}, keys=keys)
    request = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Thị Hạnh")
    reception.receive_dossier(app.store, request, now=utc_now(), issue_receipt=True)
    app.store.close()


def visit(folder, *secrets):
    """Start the program as its user does; it sets its application up once and for all."""
    line = [sys.executable, "-m", "tests.ui.encrypted_visit", str(folder), *secrets]
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    done = subprocess.run(
        line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.stdout, done.stderr
    assert "Traceback" not in done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["status"] == 0
    return seen


def test_the_window_opens_after_the_right_one_and_its_last_copy_is_closed_too(closed):
    backups = closed / "backups"
    before = set(backups.glob("*.db"))
    receive(closed)
    seen = visit(closed, "con trau", WORDS)
    assert seen["left"] == []
    assert seen["told"][0] == ""
    assert "không đúng" in seen["told"][1]
    made = set(backups.glob("*.db")) - before
    assert len(made) == 1
    assert not is_plain(closed / "counter.db")
    assert not any(is_plain(copy) for copy in made)
    with alone(closed):
        """The lock was given back."""


def test_who_opened_the_data_by_the_sheet_is_told_to_set_a_new_passphrase(closed, tmp_path):
    seen = visit(closed, (tmp_path / "sheet").read_text())
    assert any("mở bằng phiếu khôi phục" in text for text in seen["banners"])
    assert not any("phiếu khôi phục" in text for text in visit(closed, WORDS)["banners"])


def test_whoever_leaves_the_question_leaves_the_data_locked(closed):
    before = (closed / "counter.db").read_bytes()
    seen = visit(closed)
    assert seen["told"] == [""]
    assert seen["banners"] == []
    assert (closed / "counter.db").read_bytes() == before


def test_a_second_window_is_asked_too_and_only_looks(closed):
    with alone(closed):
        seen = visit(closed, WORDS)
    assert any("cửa sổ này chỉ để xem" in text for text in seen["banners"])
