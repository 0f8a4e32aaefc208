"""What the window does for the search index between the clerk's tasks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import DataFileError
from counter_app.services import reception, search_index
from counter_app.ui import search_keeper
from counter_app.ui.search_keeper import SearchKeeper
from counter_app.ui.task_runner import TaskRunner
from tests.ui.fakes import FakeInteraction
from tests.ui.reception_house import MORNING


@pytest.fixture
def store(tmp_path):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    yield opened.store
    opened.store.close()


@pytest.fixture
def keeper(qapp, store):
    runner = TaskRunner(qapp, after_task=store.close)
    means = SimpleNamespace(store=store, runner=runner, interaction=FakeInteraction())
    made = SearchKeeper(means, runner, runner)
    yield made
    made.close()
    runner.close()


@pytest.fixture
def merged(monkeypatch):
    steps = []
    tidy_some = search_index.tidy_some
    monkeypatch.setattr(
        search_index, "tidy_some", lambda store: steps.append(tidy_some(store)) or steps[-1]
    )
    return steps


def receive(store, count):
    for number in range(count):
        request = ReceiveRequest(procedure_code="1.004873", applicant_name=f"Lê {'An' * number} Tư")
        reception.receive_dossier(store, request, now=MORNING)


def rest(qtbot, keeper):
    keeper.tidy()
    qtbot.waitUntil(lambda: not keeper._means.runner.is_busy)


def test_it_begins_to_watch_when_the_index_is_of_today(qtbot, keeper):
    keeper.go_on()
    qtbot.waitUntil(keeper._timer.isActive)
    assert keeper._timer.interval() == 60_000


def test_what_was_saved_is_merged_step_by_step_and_then_left(
    qtbot, keeper, store, merged, monkeypatch
):
    monkeypatch.setattr(search_keeper, "_STEP_MS", 3_600_000)  # until one has looked
    receive(store, 6)
    rest(qtbot, keeper)
    assert merged == [True]
    assert keeper._timer.interval() == 3_600_000, "there is more to do"
    monkeypatch.setattr(search_keeper, "_STEP_MS", 1)
    keeper._timer.start(0)
    qtbot.waitUntil(lambda: keeper._timer.interval() == 60_000)
    assert merged[-1] is False
    number = len(merged)
    rest(qtbot, keeper)
    assert len(merged) == number, "nothing was saved since"
    receive(store, 1)
    rest(qtbot, keeper)
    assert len(merged) == number + 1


def test_a_disk_that_is_full_brings_up_no_window_and_is_tried_again(
    qtbot, keeper, store, monkeypatch
):
    def full(_store):
        raise DataFileError("Ổ đĩa đầy.")

    receive(store, 1)
    monkeypatch.setattr(search_index, "tidy_some", full)
    rest(qtbot, keeper)
    assert keeper._means.interaction.informed == []
    assert keeper._timer.isActive()
