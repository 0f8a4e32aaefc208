"""Counters of one office that were never on a network: they send files and take them in."""

from __future__ import annotations

import shutil
from pathlib import Path

from counter_desk import CLERK, NOW, Desk

from counter_app.bootstrap import open_app
from counter_app.services import checks, office
from counter_app.services.sync_export import export_bundle, fingerprint
from counter_app.services.sync_import import import_bundle
from counter_app.services.sync_office import invite, join


class Counter(Desk):
    """A desk that sends files and takes them in."""

    def __init__(self, store, folder: Path) -> None:
        super().__init__(store)
        self.folder = folder
        self.sent = 0

    def send(self, **options) -> Path:
        self.sent += 1
        number = office.office(self.store).counter_number
        target = self.folder / f"goi-{number}-{self.sent}.zip"
        export_bundle(self.store, target, by=CLERK, now=self.now, **options)
        return target

    def take(self, *bundles: Path):
        for path in bundles:
            report = import_bundle(self.store, path, by=CLERK, now=self.now)
        return report

    def events(self) -> int:
        return self.store.row("SELECT count(*) FROM event")[0]

    def healthy(self) -> bool:
        return [check.check for check in checks.run_checks(self.store) if not check.ok] == []


def open_counter(folder: Path, name: str, prepared: Path | None = None) -> Counter:
    place = folder / name
    place.mkdir()
    if prepared is not None:
        shutil.copyfile(prepared, place / "counter.db")
    app = open_app(data=str(place), environment={})
    app.store.execute("PRAGMA synchronous=off")
    return Counter(app.store, folder)


def make_counters(prepared, folder, count):
    first = open_counter(folder, "1", prepared)
    made = [first]
    for number in range(2, count + 1):
        target = folder / f"moi-{number}.json"
        invite(first.store, target, counter_number=number, by=CLERK, now=NOW)
        desk = open_counter(folder, str(number))
        join(desk.store, target, counter=f"Quầy {number}")
        made.append(desk)
    return made


def same(*desks) -> bool:
    return len({fingerprint(desk.store)["total"] for desk in desks}) == 1


def exchange_all(*desks) -> None:
    for _ in range(2):
        bundles = [desk.send() for desk in desks]
        for desk in desks:
            desk.take(*bundles)
