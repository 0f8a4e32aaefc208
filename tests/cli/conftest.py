"""Verbs run within the test's process, on a folder of their own, with a clock that stands still."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from counter_app import bootstrap, paths
from counter_app.__main__ import main
from counter_app.storage.anchor import Anchor

NOW = "2026-11-23T09:00"
MARK = "the machine of the tests"
OFFICE = ("--office", "Trung tâm Phục vụ hành chính công xã Cam Lộ", "--parent", "UBND xã Cam Lộ")


def anchor_of(database):
    """The anchor that the program keeps of a data file."""
    return Anchor(database, lambda: paths.anchors(os.environ))


class Said(NamedTuple):
    """What a verb answered."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Terminal:
    """Runs verbs on one data folder."""

    def __init__(self, folder, monkeypatch, capsys):
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words, data=True):
        self._capsys.readouterr()
        place = ("--data", str(self.folder)) if data else ()
        status = main([*place, *map(str, words)])
        out, err = self._capsys.readouterr()
        return Said(status, out, err)

    def at(self, moment):
        self._monkeypatch.setenv("COUNTER_APP_NOW", moment)

    def done(self, *words):
        """Run a verb that must succeed and return its JSON."""
        said = self(*words, "--json")
        assert said.status == 0, said.err
        return said.json

    def refused(self, *words):
        """Run a verb that must be refused and return its one line."""
        said = self(*words)
        assert said.status == 2, said
        assert said.out == ""
        lines = said.err.splitlines()
        assert len(lines) == 1, lines
        assert "Traceback" not in said.err
        return lines[0]

    def receive(self, name="Nguyễn Văn Đức", *words, procedure="1.004873"):
        return self.done("receive", "--procedure", procedure, "--applicant", name, *words)

    @property
    def checks_hold(self):
        return all(check["ok"] for check in self.done("check"))


@pytest.fixture
def terminal(tmp_path, monkeypatch, capsys):
    """A terminal on an empty folder; the PC's zone is Vietnam's."""
    for name in ("COUNTER_APP_NOW", "COUNTER_APP_DATA", "COUNTER_APP_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap, "zone_offset", lambda: timedelta(hours=7))
    return Terminal(tmp_path / "data", monkeypatch, capsys)


@pytest.fixture(scope="session")
def practice_file(tmp_path_factory):
    """A folder to practise in, set up once and copied for each test."""
    folder = tmp_path_factory.mktemp("practice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "machine_mark", lambda _path: MARK)
        patch.setenv("COUNTER_APP_NOW", NOW)
        assert main(["--data", str(folder), "setup", *OFFICE, "--rehearsal"]) == 0
    return folder / "counter.db"


@pytest.fixture
def desk(terminal, practice_file, monkeypatch):
    """A terminal on a folder to practise in, Monday 23/11/2026 at nine."""
    monkeypatch.setattr(bootstrap, "machine_mark", lambda _path: MARK)
    terminal.at(NOW)
    terminal.folder.mkdir()
    here = terminal.folder / practice_file.name
    shutil.copy(practice_file, here)
    # The machine is the same, so its key is the same too.
    old, new = (anchor_of(path).stem.with_suffix(".key") for path in (practice_file, here))
    shutil.copy(old, new)
    return terminal


@pytest.fixture
def cases_file():
    """The conformance cases of deadlines."""
    return Path(__file__).parent.parent / "data" / "due.csv"
