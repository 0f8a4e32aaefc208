"""Long work in a thread pauses for those who save; the first thread has nobody to wait for."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import audit, chain, reception
from counter_app.services.giving_way import giving_way


@pytest.fixture
def pauses(monkeypatch):
    """Return the threads that paused, in a world where every look at the clock is 0.4 ms later."""
    ticks = iter(range(1_000_000))
    found = []
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks) * 0.0004)
    monkeypatch.setattr(time, "sleep", lambda _seconds: found.append(threading.get_ident()))
    return found


def test_work_in_a_thread_pauses_after_each_millisecond(pauses):
    handed = []
    thread = threading.Thread(target=lambda: handed.extend(giving_way(range(9))))
    thread.start()
    thread.join()
    assert handed == list(range(9))
    assert pauses == [thread.ident] * 3


def test_work_in_the_first_thread_never_pauses(pauses):
    assert list(giving_way(range(9))) == list(range(9))
    assert pauses == []


@pytest.mark.parametrize("follow", [chain.follow, audit.broken])
def test_what_proves_a_copy_gives_way(tmp_path, pauses, follow):
    app = open_app(data=str(tmp_path), environment={})
    for number in range(9):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Người {number}")
        made = reception.receive_dossier(app.store, request, now=datetime(2026, 11, 23, 9))
        audit.note(app.store, "number", file=made.code)
    found = []

    def prove():
        found.extend(follow(app.store))
        app.store.close()

    thread = threading.Thread(target=prove)
    thread.start()
    thread.join()
    app.store.close()
    assert found == []
    assert len(pauses) >= 3
