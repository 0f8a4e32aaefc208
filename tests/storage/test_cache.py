"""What is cached from the file, and when another process makes it worthless."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlcipher3 import dbapi2 as driver

from counter_app.errors import DataFileError
from counter_app.services import journal, office
from counter_app.services.settings import get_setting, set_setting
from counter_app.storage.database import open_store

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture
def two(tmp_path):
    """Two processes' stores on one file."""
    stores = [
        open_store(tmp_path / "counter.db", backup_folder=tmp_path, stamp="test") for _ in "12"
    ]
    office.begin(stores[0], machine_mark="here", now=NOW)
    yield stores
    for store in stores:
        store.close()


def save(store, count=1):
    for _ in range(count):
        with store.transaction():
            journal.begin_dossier(store, kind="receive", at=1, now=2, by="Lan", body=dossier(store))


def begin_with_promise(store):
    body = {**dossier(store), "promise": {"kind": "first", "due_at": 3}}
    journal.begin_dossier(store, kind="receive", at=1, now=2, by="Lan", body=body)


def refuse_promises(action, table, *_):
    return driver.SQLITE_DENY if table == "promise" else driver.SQLITE_OK


def dossier(store):
    number = journal.take_number(store, kind="dossier", period="261123")
    values = {
        "code": f"TAM-01-261123-{number:04d}",
        "status": "received",
        "received_at": 1,
        "recorded_at": 2,
    }
    return {"set": values}


def test_a_setting_of_another_process_holds_from_the_next_transaction_on(two):
    first, second = two
    assert get_setting(first, "paper") == "a4-2up"
    set_setting(second, key="paper", value="a5")
    with first.transaction():
        assert get_setting(first, "paper") == "a5"


def test_a_setting_that_was_never_read_before_is_seen_too(two):
    first, second = two
    save(first)
    set_setting(second, key="paper", value="a5")
    save(first)
    assert get_setting(first, "paper") == "a5"


def test_a_dossier_of_another_process_leaves_the_cache_warm(two):
    first, second = two
    save(first)
    settings = get_setting(first, "signers")
    save(second)
    save(first)
    assert get_setting(first, "signers") is settings


def test_two_processes_on_one_file_never_give_a_place_in_the_chain_twice(two):
    first, second = two
    for _ in range(5):
        save(first, 2)
        save(second)
    rows = first.rows("SELECT sequence, lamport FROM event ORDER BY sequence")
    assert rows == [(n, n) for n in range(1, 16)]


def test_what_is_held_for_one_transaction_is_gone_after_it(two):
    first, second = two
    save(first)
    before = journal.desk(first)
    save(second)
    assert journal.desk(first).last_sequence == before.last_sequence + 1


def test_the_desk_is_read_once_in_a_transaction_and_moves_on_with_its_events(two):
    first, _ = two
    with first.transaction():
        begun = journal.desk(first)
        journal.begin_dossier(first, kind="receive", at=1, now=2, by="Lan", body=dossier(first))
        held = journal.desk(first)
        row = first.row("SELECT last_sequence, last_lamport, head_hash FROM installation")
    assert (held.last_sequence, held.last_lamport, held.head_hash) == row
    assert held.last_sequence == begun.last_sequence + 1


def test_a_failed_transaction_takes_what_it_held_with_it(two):
    first, _ = two
    save(first)
    before = journal.desk(first)
    first.database.connection().set_authorizer(refuse_promises)
    with pytest.raises(DataFileError), first.transaction():
        begin_with_promise(first)
    first.database.connection().set_authorizer(None)
    assert journal.desk(first) == before
    save(first)
    assert journal.desk(first).last_sequence == before.last_sequence + 1


def test_a_desk_renamed_within_a_transaction_signs_with_its_new_name(two):
    first, _ = two
    with first.transaction():
        journal.desk(first)
        office.set_up(first, office_name="Xã", parent="Huyện", agency_code="", counter="Quầy Đông")
        assert journal.desk(first).counter_name == "Quầy Đông"


def test_a_locked_file_is_told_in_a_sentence(two):
    first, second = two
    second.execute("PRAGMA busy_timeout=0")
    with first.transaction(), pytest.raises(DataFileError, match="đang được"):
        save(second)
