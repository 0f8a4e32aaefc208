"""Desks of one office for tests of the exchange outside the services' own folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import office, reception
from counter_app.services.sync_export import export_bundle
from counter_app.services.sync_import import import_bundle
from counter_app.services.sync_office import invite, join
from counter_app.storage.database import Store

NOW = datetime(2026, 11, 23, 9, 0)
CLERK = "Lê Thị A"


def first_desk(folder: Path) -> Store:
    """Return a named office's first desk."""
    store = open_app(data=str(folder), environment={}).store
    office.set_up(
        store,
        office_name="Trung tâm Phục vụ hành chính công",
        parent="Ủy ban nhân dân xã Cam Lộ",
        agency_code="H50.19.57",
    )
    return store


def further_desk(first: Store, folder: Path, number: int = 2) -> Store:
    """Return another desk of the same office."""
    invitation = folder.parent / f"moi-{number}.json"
    invite(first, invitation, counter_number=number, by=CLERK, now=NOW)
    store = open_app(data=str(folder), environment={}).store
    join(store, invitation, counter=f"Quầy {number}")
    return store


@contextmanager
def two_desks(folder: Path) -> Iterator[tuple[Store, Store]]:
    """Open two desks of one office that have exchanged nothing yet."""
    one = first_desk(folder / "1")
    two = further_desk(one, folder / "2")
    try:
        yield one, two
    finally:
        one.close()
        two.close()


def receive(store: Store, name: str = "Nguyễn Thị Ánh", *, now: datetime = NOW, **values) -> str:
    """Receive a dossier and return its uuid."""
    request = ReceiveRequest(procedure_code="1.004873", applicant_name=name, by=CLERK, **values)
    return reception.receive_dossier(store, request, now=now, issue_receipt=True).uuid


def send(store: Store, target: Path, *, now: datetime = NOW) -> Path:
    """Export a bundle."""
    export_bundle(store, target, by=CLERK, now=now)
    return target


def take(store: Store, source: Path, *, now: datetime = NOW):
    """Take a bundle in."""
    return import_bundle(store, source, by=CLERK, now=now)
