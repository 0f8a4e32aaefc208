from __future__ import annotations

import gc
import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread

from counter_app.errors import UserError
from counter_app.ui.task_runner import Job, TaskRunner, collect_from_now_on
from tests.ui.patience import PATIENCE


@pytest.fixture
def runner(qapp):
    runner = TaskRunner()
    yield runner
    runner.close()


class Results:
    def __init__(self):
        self.done, self.errors, self.threads = [], [], []

    def take(self, value):
        self.done.append(value)
        self.threads.append(QThread.currentThread())

    def fail(self, error):
        self.errors.append(error)


def test_results_arrive_in_order_on_the_windows_thread(runner, qtbot):
    results = Results()
    for number in range(200):
        runner.run(lambda job, n=number: n, on_done=results.take)
    qtbot.waitUntil(lambda: len(results.done) == 200)
    assert results.done == list(range(200))
    assert set(results.threads) == {QCoreApplication.instance().thread()}


def test_the_work_itself_runs_elsewhere(runner, qtbot):
    results = Results()
    runner.run(lambda job: threading.current_thread(), on_done=results.take)
    qtbot.waitUntil(lambda: bool(results.done))
    assert results.done[0] is not threading.main_thread()


def test_progress_is_told_before_the_result(runner, qtbot):
    seen = []

    def work(job):
        for step in range(3):
            job.progress(step, 3, f"bước {step}")
        return "xong"

    runner.run(work, on_done=seen.append, on_progress=lambda done, total, text: seen.append(done))
    qtbot.waitUntil(lambda: "xong" in seen)
    assert seen == [0, 1, 2, "xong"]


def test_a_known_error_reaches_its_callback(runner, qtbot):
    results = Results()

    def work(job):
        raise UserError("Đĩa đầy.")

    runner.run(work, on_done=results.take, on_error=results.fail)
    qtbot.waitUntil(lambda: bool(results.errors))
    assert results.errors[0].message == "Đĩa đầy."
    assert results.done == []


def test_a_defect_reaches_the_excepthook(runner, qtbot, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(error))
    results = Results()
    runner.run(lambda job: 1 // 0, on_done=results.take, on_error=results.fail)
    qtbot.waitUntil(lambda: bool(caught))
    assert isinstance(caught[0], ZeroDivisionError)
    assert results.errors == []


def test_a_cancelled_task_answers_nobody_and_leaves_early(runner, qtbot):
    results, started, go_on, steps = Results(), threading.Event(), threading.Event(), []

    def work(job):
        started.set()
        go_on.wait(PATIENCE)
        job.check()
        steps.append("after")

    job = runner.run(work, on_done=results.take, on_error=results.fail)
    assert started.wait(PATIENCE)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert (results.done, results.errors, steps) == ([], [], [])


def test_a_newer_task_of_a_group_silences_the_older(runner, qtbot):
    results, gate = Results(), threading.Event()
    runner.run(lambda job: gate.wait(PATIENCE), group="other")
    for text in ("n", "ng", "ngu"):
        runner.run(lambda job, t=text: t, on_done=results.take, group="search")
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert results.done == ["ngu"]


def test_nothing_is_called_for_an_owner_that_is_gone(runner, qtbot):
    import shiboken6

    owner, results, gate = QObject(), Results(), threading.Event()
    runner.run(lambda job: gate.wait(PATIENCE), on_done=results.take, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert results.done == []


def test_the_runner_says_when_it_is_busy(runner, qtbot):
    changes = []
    runner.busy_changed.connect(changes.append)
    runner.run(lambda job: None)
    qtbot.waitUntil(lambda: changes == [True, False])


def test_closing_waits_for_what_runs_and_drops_what_waits(runner, qtbot):
    ran, started, gate = [], threading.Event(), threading.Event()

    def first(job):
        started.set()
        gate.wait(PATIENCE)
        ran.append("first")

    def cancel_and_let_go():
        Job.cancel(waiting)
        gate.set()

    runner.run(first)
    waiting = runner.run(lambda job: ran.append("second"))
    # The first task may end only once closing has begun, or the second would rightly run.
    waiting.cancel = cancel_and_let_go
    assert started.wait(PATIENCE)
    runner.close()
    assert ran == ["first"]


def test_what_is_collected_while_a_task_runs_is_collected_on_the_windows_thread(runner, qtbot):
    torn_down = []

    class Knot:
        def __init__(self):
            self.itself = self

        def __del__(self):
            torn_down.append(threading.current_thread())

    gc.collect()
    began, goes_on = threading.Event(), threading.Event()

    def work(job):
        began.set()
        goes_on.wait(PATIENCE)
        return [[number] for number in range(20_000)]  # many times what makes Python collect

    results = Results()
    runner.run(work, on_done=results.take)
    assert began.wait(PATIENCE)
    Knot()  # as a dialog that was closed: only the collector can free it
    goes_on.set()
    qtbot.waitUntil(lambda: bool(results.done))
    gc.collect()
    assert torn_down == [threading.main_thread()]
    assert gc.isenabled()


def test_the_collector_goes_on_after_a_runner_was_closed_over_its_tasks(qapp):
    runner = TaskRunner()
    runner.run(lambda job: None)
    assert not gc.isenabled()
    runner.close()
    assert gc.isenabled()


def test_a_collector_that_is_switched_on_while_a_task_runs_waits_for_its_end(runner, qtbot):
    gate = threading.Event()
    gc.disable()  # as at the program's start
    try:
        runner.run(lambda job: gate.wait(PATIENCE))
        collect_from_now_on()
        assert not gc.isenabled()
        gate.set()
        qtbot.waitUntil(gc.isenabled)
        gc.disable()
        collect_from_now_on()
        assert gc.isenabled()
    finally:
        gc.enable()
