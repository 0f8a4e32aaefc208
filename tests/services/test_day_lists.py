"""The lists behind the figures: a day's promises page by page, and what lacks its code."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import browse, day_lists, moves, reception

NOW = datetime(2026, 11, 23, 8)


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.execute("PRAGMA synchronous=off")
    yield app.store
    app.store.close()


def receive(store, count, *, now=NOW):
    codes = []
    for number in range(count):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        codes.append(reception.receive_dossier(store, request, now=now).code)
    return codes


def test_a_days_promises_come_page_by_page_each_once(store):
    codes = receive(store, 7)
    day = browse.page(store, now=NOW)[0].due
    first = day_lists.due_on(store, day=day, count=3)
    second = day_lists.due_on(store, day=day, after=first[-1], count=3)
    third = day_lists.due_on(store, day=day, after=second[-1], count=3)
    assert [row.code for row in (*first, *second, *third)] == codes


def test_only_what_is_open_and_promised_for_that_day_is_listed(store):
    done, open_one = receive(store, 2)
    moves.complete(store, done, by="x", now=NOW)
    day = browse.page(store, name="open", now=NOW)[0].due
    assert [row.code for row in day_lists.due_on(store, day=day)] == [open_one]
    assert day_lists.due_on(store, day=datetime(2026, 12, 31)) == []


def test_what_lacks_its_code_is_counted_as_its_list_is_long(store):
    first, _ = receive(store, 2)
    moves.set_official_code(store, first, official="H50.1-261123-0001", by="x", now=NOW)
    listed = browse.page(store, name="without_official_code", now=NOW)
    assert day_lists.count_without_official_code(store) == len(listed) == 1
