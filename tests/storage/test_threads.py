"""Two threads of one program on one store: numbers, the desk's place, settings."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import checks, reception, settings

NOW = datetime(2026, 11, 23, 9)
REQUEST = ReceiveRequest(procedure_code="1.004873", applicant_name="Nguyễn Văn Đức")


@pytest.fixture
def store(tmp_path):
    app = open_app(data=str(tmp_path), environment={})
    yield app.store
    app.store.close()


def _together(store, *works):
    failures = []

    def run(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            failures.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_threads_that_save_at_once_never_share_a_number(store):
    codes = []

    def save():
        for _ in range(40):
            codes.append(reception.receive_dossier(store, REQUEST, now=NOW).code)  # noqa: PERF401

    _together(store, save, save, save)
    assert len(set(codes)) == 120
    assert all(check.ok for check in checks.run_checks(store))


def test_a_setting_of_one_thread_is_what_the_other_reads_next(store):
    done = threading.Event()
    wrong = []

    def change():
        for number in range(40):
            value = ("hour", "day")[number % 2]
            settings.set_setting(store, key="counting", value=value)
            if settings.get_setting(store, "counting") != value:
                wrong.append(value)
        done.set()

    def read():
        while not done.is_set():
            settings.get_setting(store, "counting")

    _together(store, change, read)
    assert wrong == []
    assert settings.get_setting(store, "counting") == "day"


def test_what_was_read_before_a_change_is_not_kept_after_it(store):
    assert store.cache.get("key") is None
    store.cache.clear()  # another thread changes the source meanwhile
    store.cache["key"] = "old"
    assert store.cache.get("key") is None
    store.cache["key"] = "new"
    assert store.cache.get("key") == "new"
