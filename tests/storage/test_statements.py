"""Statements stay prepared, however many others a long day has run before them."""

from __future__ import annotations

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.bootstrap import open_app


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    yield app.store
    app.store.close()


def test_after_two_hundred_others_statements_in_turn_are_prepared_once(store):
    connection = store.database.connection()
    for number in range(200):
        store.row(f"SELECT {number}, count(*) FROM dossier")
    prepared = []

    def noted(action, *_):
        if action == driver.SQLITE_SELECT:
            prepared.append(action)
        return driver.SQLITE_OK

    connection.set_authorizer(noted)
    for number in range(10):
        store.row("SELECT code FROM dossier WHERE id = ?", (number,))
        store.row("SELECT uuid FROM dossier WHERE id = ?", (number,))
    connection.set_authorizer(None)
    assert len(prepared) == 2
