"""A counter of a named office, opened from one prepared file; the clock is the test's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from counter_desk import Desk
from encrypted_house import make_house
from sync_counters import make_counters

from counter_app.bootstrap import open_app
from counter_app.services import office, settings
from counter_app.storage.database import Store, open_store
from tests.sync_house import two_desks


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file in which an office was set up and nothing was received."""
    folder = tmp_path_factory.mktemp("prepared")
    app = open_app(data=str(folder), environment={})
    office.set_up(
        app.store,
        office_name="Trung tâm Phục vụ hành chính công",
        parent="Ủy ban nhân dân xã Cam Lộ",
        agency_code="H50.19.57",
    )
    settings.set_setting(app.store, key="place", value="Cam Lộ")
    path = app.store.path
    app.store.close()
    return path


def open_copy(prepared: Path, folder: Path) -> Store:
    """Open a copy of the prepared file; a test needs no flush to the disk."""
    path = folder / "counter.db"
    shutil.copyfile(prepared, path)
    store = open_store(path, backup_folder=folder, stamp="test")
    store.execute("PRAGMA synchronous=off")
    return store


@pytest.fixture
def store(prepared: Path, tmp_path: Path):
    opened = open_copy(prepared, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture(scope="module")
def copies(prepared: Path, tmp_path_factory: pytest.TempPathFactory):
    """Return a maker of fresh desks, for tests that draw many examples."""
    opened: list[Store] = []
    folder = tmp_path_factory.mktemp("copies")

    def close() -> None:
        while opened:
            opened.pop().close()
        for left in folder.iterdir():
            left.unlink()

    def make() -> Desk:
        close()
        opened.append(open_copy(prepared, folder))
        return Desk(opened[-1])

    yield make
    close()


@pytest.fixture
def desks(tmp_path):
    """Two desks of one office that have exchanged nothing yet."""
    with two_desks(tmp_path) as both:
        yield both


@pytest.fixture
def counters(prepared, tmp_path):
    """Three desks of one office that send files and take them in."""
    made = make_counters(prepared, tmp_path, 3)
    yield made
    for desk in made:
        desk.store.close()


@pytest.fixture
def house(tmp_path):
    """Return an office with ten dossiers, one with a scan, a stick, and a plain copy."""
    yield from make_house(tmp_path)
