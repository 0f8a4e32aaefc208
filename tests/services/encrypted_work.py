"""A day's work on encrypted data, with an eye on every file that is written or goes again.

Run as ``python -m tests.services.encrypted_work FOLDER``, a process of its own: what watches can't
be taken off again. Prints which files the citizen could be read in, as JSON: those that went and
those that are left.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from counter_app import paths
from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import (
    attachments,
    backups,
    encryption,
    papers,
    privacy,
    reception,
    restores,
)
from counter_app.services.list_export import export_list
from counter_app.services.salvage import salvage
from counter_app.services.sync_export import export_bundle
from counter_app.storage import key_files
from counter_app.ui.import_calls import import_calls
from tests.services.encrypted_house import NAME, NOW, NUMBER, WANTED

TABLE = "Chủ hồ sơ\tSố định danh\tMã TTHC\nTrần Thị Phúc\t001193000777\t1.004873"


class Watch:
    """Looks into every file before its name goes."""

    def __init__(self):
        self.found, self.is_looking = set(), False

    def __call__(self, event, args):
        if event in {"os.remove", "os.rename"} and not self.is_looking:
            self.is_looking = True  # looking opens files too
            # A folder that goes whole is emptied by names within it.
            within = args[1] if event == "os.remove" else args[2]
            place = Path() if within == -1 else Path(f"/proc/self/fd/{within}").resolve()
            with contextlib.suppress(OSError):
                self.look(place / os.fsdecode(args[0]))
            self.is_looking = False

    def look(self, path):
        if path.is_file() and any(wanted in path.read_bytes() for wanted in WANTED):
            self.found.add(str(path.parent if path.suffix == ".tmp" else path))


def receive(store, minutes):
    request = ReceiveRequest(
        procedure_code="1.004873", applicant_name=NAME, id_kind="citizen", citizen_id=NUMBER
    )
    now = NOW + timedelta(minutes=minutes)
    return reception.receive_dossier(store, request, now=now, issue_receipt=True)


def quiet(*_args):
    """Hear what is told and say nothing."""


def work(folder, outside):
    """Do everything that once wrote beside the data; what is asked for goes to ``outside``."""
    kept = paths.backups(folder)
    anchors = {paths.ANCHOR_VARIABLE: str(folder.parent / "anchors")}
    app = open_app(data=str(folder), environment=anchors)
    store = app.store
    store.clock = lambda: NOW + timedelta(hours=2)
    receive(store, 0)
    plain = backups.make_backup(store, folder=outside, now=NOW + timedelta(minutes=5))
    prepared = encryption.prepare(store, "con trau di truoc", now=NOW)
    encryption.switch_on(store, prepared, now=NOW + timedelta(minutes=10), progress=quiet)

    watch = Watch()
    sys.addaudithook(watch)
    facts = receive(store, 15)
    paper = papers.print_receipt(store, facts.uuid, by="Hoa", now=NOW + timedelta(minutes=16))
    assert papers.paper_pdf(store, [paper]).startswith(b"%PDF")
    scan = outside / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + NAME.encode() * 900)
    at = NOW + timedelta(minutes=17)
    attachments.attach(store, facts.uuid, files=[scan], by="Hoa", now=at)
    calls = import_calls(store, clock=lambda: NOW + timedelta(minutes=20), clerk=lambda: "Hoa")
    name, _ = calls.pasted(TABLE, "", "")
    assert not name.exists()
    tried = calls.try_out(name, "", quiet)
    assert tried.new == 1, tried.errors
    assert calls.take_in(name, "", quiet).new == 1
    assert export_list(store, outside / "list.xlsx") == 3
    export_bundle(store, outside / "goi.zip", by="Hoa", now=NOW + timedelta(minutes=30))
    assert privacy.person_data(store, NUMBER, now=NOW + timedelta(minutes=31))
    made = backups.make_backup(store, folder=kept, now=NOW + timedelta(minutes=40))
    for copy in (made, plain):
        assert restores.drill(store, copy).problems == (), copy
    for minutes, copy in ((50, plain), (60, made)):
        backups.restore(store, copy, folder=kept, now=NOW + timedelta(minutes=minutes))
    report = salvage(store.path, kept / "cuu.db", now=NOW + timedelta(hours=2), keys=store.keys)
    assert report.dossiers == 3
    store.close()
    watch.is_looking = True
    left = [p for p in folder.rglob("*") if p.is_file()]
    return {
        "went": sorted(path for path in watch.found if path != str(outside)),
        "left": [str(p) for p in left if any(w in p.read_bytes() for w in WANTED)],
        "files": len(left),
    }


if __name__ == "__main__":
    key_files._COST = {"time": 1, "memory": 64, "lanes": 1}
    place = SimpleNamespace(data=Path(sys.argv[1]) / "data", outside=Path(sys.argv[1]) / "outside")
    place.outside.mkdir()
    sys.stdout.write(json.dumps(work(place.data, place.outside)) + "\n")
