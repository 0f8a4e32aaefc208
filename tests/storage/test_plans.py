"""Every list, count and look-up is answered by an index, however many dossiers there are."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.domain.list_filter import ListFilter
from counter_app.domain.opening_facts import DossierRow
from counter_app.services import (
    apologies,
    board,
    browse,
    day_lists,
    filters,
    handing,
    office,
    reception,
)
from counter_app.services.list_matching import _BY_PERSON
from counter_app.storage.database import open_store

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture
def asked(tmp_path):
    """A new store and the statements it is asked to run."""
    store = open_store(tmp_path / "counter.db", backup_folder=tmp_path, stamp="test")
    office.begin(store, machine_mark="here", now=NOW)
    browse.counts(store, now=NOW)  # fills the cache: settings and calendar are read whole
    statements = []
    rows, row = store.rows, store.row

    def noted(run):
        def noting(sql, params=()):
            statements.append((sql, params))
            return run(sql, params)

        return noting

    store.rows, store.row = noted(rows), noted(row)
    yield store, statements
    store.close()


def plan(store, statements):
    connection = store.database.connection()
    return [
        step
        for sql, params in statements
        for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", params)
    ]


READS = {
    "counts": lambda store: browse.counts(store, now=NOW),
    "figures of the day": lambda store: browse.day_figures(store, now=NOW),
    "letters": lambda store: apologies.list_apologies(store, as_of=NOW),
    "letters owed": lambda store: browse.page(store, name="owes_apology", now=NOW),
    "due on a day": lambda store: day_lists.due_on(store, day=NOW),
    "duplicates": lambda store: reception.find_open_duplicates(
        store, citizen_id="045081000001", tax_code="0100109106", procedure_code="1.004873"
    ),
    "a known person": lambda store: reception.known_person(store, number="045081000001"),
    "people by phone": lambda store: reception.people_by_phone(store, phone="0905123456"),
    "dossiers of a person": lambda store: browse.dossiers_of(store, number="045081000001"),
    "what nobody fetched": lambda store: handing.uncollected(store, now=NOW),
    "a search": lambda store: browse.search(store, "nguyễn văn"),
    "a search with a slip": lambda store: browse.search(store, "nguyeenx vawn trugn"),
    "the board": lambda store: board.board(store, now=NOW),
    "the quiet line": lambda store: board.quiet_alert(store, now=NOW),
    "what is late at a unit": lambda store: board.ids_behind(
        store, "late", unit="Tư pháp", now=NOW
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_never_walks_all_dossiers(asked, name):
    store, statements = asked
    READS[name](store)
    assert statements
    steps = plan(store, statements)
    walks = [step for step in steps if step.startswith(("SCAN dossier", "SCAN person"))]
    assert [walk for walk in walks if "dossier_search" not in walk] == []
    assert all("dossier_received (office_id=?)" not in step for step in steps if name != "counts")


@pytest.mark.parametrize("name", browse.FILTERS)
def test_a_page_runs_along_the_index_of_its_filter(asked, name):
    store, statements = asked
    browse.page(store, name=name, now=NOW)
    steps = plan(store, statements[-1:])
    assert steps[0].startswith("SEARCH dossier USING INDEX")
    sorts = [step for step in steps if "TEMP B-TREE" in step]
    # The dossiers due within days are few; they are sorted by their moment.
    assert sorts == [] or name == "due_soon"


def test_letters_owed_are_read_in_their_order_and_no_further(asked):
    store, statements = asked
    first = browse.page(store, name="owes_apology", now=NOW)
    browse.page(store, name="owes_apology", after=_row(), now=NOW)
    assert first == []
    limited = [one for one in statements if "LIMIT" in one[0]]
    assert len(limited) == 6
    assert [step for step in plan(store, limited) if "TEMP B-TREE" in step] == []
    steps = plan(store, statements)
    assert {index for index in _OWED if any(index in step for step in steps)} == set(_OWED)


_OWED = ("dossier_owed", "dossier_open_due", "dossier_open_late", "dossier_confirmed")


def _row():
    return DossierRow._make([1, *[0] * (len(DossierRow._fields) - 1)])


@pytest.mark.parametrize("number", ["citizen_id", "tax_code"])
def test_a_lists_person_is_found_by_his_number_and_not_among_all_of_the_day(asked, number):
    index = {"citizen_id": "dossier_citizen", "tax_code": "dossier_tax"}[number]
    store, _ = asked
    assert any(index in step for step in plan(store, [(_BY_PERSON.format(number), ("[]",))]))


def test_a_filter_by_sector_and_channel_reads_the_lists_index_alone(asked, monkeypatch):
    store, statements = asked
    execute = store.execute

    def noting(sql, params=()):
        statements.append((sql, params))
        return execute(sql, params)

    monkeypatch.setattr(store, "execute", noting)
    filters.ids_of(store, ListFilter(sector="Hộ tịch", channel="online"), now=NOW)
    (step,) = plan(store, statements[-1:])
    assert step.startswith("SEARCH dossier USING COVERING INDEX dossier_received")
