"""Slow work through one door: done in a thread, answered on the window's thread.

The runner lives as long as the window. A result travels as one queued signal to a slot of the
runner, never through an object that belongs to the task: such an object can be collected before
its signal is delivered.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from counter_app.errors import UserError

log = logging.getLogger(__name__)

_SHUTDOWN_MS = 5000
_COLLECT_MS = 1000
_YOUNG = 1  # the generations that are looked through while a task runs


class TaskCancelledError(Exception):
    """Raised inside a task by ``Job.check`` once nobody wants its result any more."""


class Job:
    """A task's handle: the work reports and asks through it, the page cancels by it."""

    def __init__(self, report: Callable[[Job, int, int, str], None]) -> None:
        """``report`` carries progress to the window's thread."""
        self._report = report
        self._is_cancelled = False

    @property
    def is_cancelled(self) -> bool:
        """Say whether the result is still wanted."""
        return self._is_cancelled

    def cancel(self) -> None:
        """Give up the result: no callback will run any more."""
        self._is_cancelled = True

    def check(self) -> None:
        """Leave the work if it was cancelled; call it between steps."""
        if self._is_cancelled:
            raise TaskCancelledError

    def progress(self, done: int, total: int = 0, text: str = "") -> None:
        """Report progress; services take this method as their ``progress``."""
        self.check()
        self._report(self, done, total, text)


class Brake:
    """Stops work at its next step, so that what is told afterwards is what happened."""

    def __init__(self) -> None:
        """Nobody has pulled it yet."""
        self._words = ""

    def pull(self, words: str) -> None:
        """Stop; ``words`` is what is then said."""
        self._words = words

    def on(self, job: Job) -> Callable[[int, int], None]:
        """Return the progress that work reports through."""

        def progress(done: int, total: int) -> None:
            if self._words:
                raise UserError(self._words)
            job.progress(done, total)

        return progress


class _Collector:
    """Keeps Python's collector to the window's thread while tasks run.

    It runs in whichever thread makes the object that is one too many. A closed dialog that waits
    to be collected would be torn down by a task's thread, and Qt takes the process along.
    """

    def __init__(self) -> None:
        self._holders = 0
        self._was_on = False

    def hold(self) -> None:
        """Collect only when asked to, from now on."""
        if not self._holders:
            self._was_on = gc.isenabled()
            gc.disable()
        self._holders += 1

    def release(self) -> None:
        """Go on as before once nobody holds it."""
        self._holders -= 1
        if not self._holders and self._was_on:
            gc.enable()

    def switch_on(self) -> None:
        """Collect from now on, or once nobody holds it."""
        self._was_on = True
        if not self._holders:
            gc.enable()


_collector = _Collector()


def collect_from_now_on() -> None:
    """Switch Python's collector on, which a start does without; not while a task runs."""
    _collector.switch_on()


def _nothing() -> None:
    """Prepare a task that needs nothing before it."""


class _Callbacks:
    __slots__ = ("on_done", "on_error", "on_progress", "owner")

    def __init__(self, on_done: Any, on_error: Any, on_progress: Any, owner: Any) -> None:
        self.on_done, self.on_error, self.on_progress = on_done, on_error, on_progress
        self.owner: QObject | None = owner

    def is_alive(self) -> bool:
        return self.owner is None or shiboken6.isValid(self.owner)


class _Work(QRunnable):
    def __init__(self, runner: TaskRunner, job: Job, work: Callable[[Job], Any]) -> None:
        super().__init__()
        self._runner, self._job, self._work = runner, job, work
        self._begin = runner.before_task()

    def run(self) -> None:
        self._begin()
        try:
            if self._job.is_cancelled:
                raise TaskCancelledError
            outcome: tuple[Job, Any, BaseException | None]
            outcome = (self._job, self._work(self._job), None)
        # The door's purpose: nothing a task raises may die in its thread.
        except BaseException as error:  # noqa: BLE001
            outcome = (self._job, None, error)
        finally:
            self._runner.after_task()
        if shiboken6.isValid(self._runner):
            self._runner.finished.emit(outcome)


class TaskRunner(QObject):
    """Runs callables in threads; never touch a widget in one of them."""

    finished = Signal(object)
    progressed = Signal(object)
    busy_changed = Signal(bool)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        max_threads: int = 1,
        before_task: Callable[[], Callable[[], object]] | None = None,
        after_task: Callable[[], object] | None = None,
    ) -> None:
        """One thread by default, so that tasks end in the order in which they were started.

        ``before_task`` is asked on the window's thread for what is done in the task's thread first.
        ``after_task`` runs in the thread when a task has ended. The store's connection of that
        thread is closed there: a pool's thread gives its Python state back after each task, and a
        connection that is torn down with it takes the process along.
        """
        super().__init__(parent)
        self.before_task: Callable[[], Callable[[], object]] = before_task or (lambda: _nothing)
        self.after_task: Callable[[], object] = after_task or (lambda: None)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(max_threads)
        self._jobs: dict[Job, _Callbacks] = {}
        self._groups: dict[str, Job] = {}
        self._holds = False
        self._collecting = QTimer(self)
        self._collecting.setInterval(_COLLECT_MS)
        self._collecting.timeout.connect(self._collect)
        self.finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self.progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)
        app = QApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def run(
        self,
        work: Callable[[Job], Any],
        *,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[UserError], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        owner: QObject | None = None,
        group: str = "",
    ) -> Job:
        """Start ``work(job)``; callbacks run on the window's thread.

        Args:
            work: what to do; it may call ``job.progress`` and ``job.check``.
            on_done: gets the result.
            on_error: gets a ``UserError``; without it, and for anything else, the excepthook does.
            on_progress: gets done, total and a text.
            owner: no callback runs once this object is gone.
            group: a newer task of the same group cancels the older one (search as one types).
        """
        job = Job(self._report)
        if group:
            previous = self._groups.get(group)
            if previous is not None:
                previous.cancel()
            self._groups[group] = job
        was_idle = not self._jobs
        self._jobs[job] = _Callbacks(on_done, on_error, on_progress, owner)
        if was_idle:
            self._hold()
            self.busy_changed.emit(True)
        self._pool.start(_Work(self, job, work))
        return job

    @property
    def is_busy(self) -> bool:
        """Say whether a task is under way or waits."""
        return bool(self._jobs)

    @Slot()
    def close(self) -> None:
        """Cancel what waits and wait for what runs; called when the application ends."""
        for job in self._jobs:
            job.cancel()
        self._pool.clear()
        if not self._pool.waitForDone(_SHUTDOWN_MS):
            log.warning("a task was still running when the window closed")
        self._release()

    def _hold(self) -> None:
        if not self._holds:
            self._holds = True
            _collector.hold()
            self._collecting.start()

    def _release(self) -> None:
        if self._holds:
            self._holds = False
            self._collecting.stop()
            _collector.release()

    @Slot()
    def _collect(self) -> None:
        """Collect what a long task leaves behind, here where it does no harm."""
        gc.collect(_YOUNG)

    def _report(self, job: Job, done: int, total: int, text: str) -> None:
        self.progressed.emit((job, done, total, text))

    @Slot(object)
    def _on_progressed(self, message: tuple[Job, int, int, str]) -> None:
        job, done, total, text = message
        callbacks = self._jobs.get(job)
        if callbacks is None or job.is_cancelled or not callbacks.is_alive():
            return
        if callbacks.on_progress is not None:
            callbacks.on_progress(done, total, text)

    @Slot(object)
    def _on_finished(self, outcome: tuple[Job, Any, BaseException | None]) -> None:
        try:
            self._answer(*outcome)
        finally:
            # Only now: between asking whether the owner lives and telling it nothing is collected.
            if not self._jobs:
                self._release()

    def _answer(self, job: Job, result: Any, error: BaseException | None) -> None:
        callbacks = self._jobs.pop(job, None)
        for name in [name for name, one in self._groups.items() if one is job]:
            del self._groups[name]
        if not self._jobs:
            self.busy_changed.emit(False)
        unwanted = callbacks is None or job.is_cancelled or not callbacks.is_alive()
        if error is not None and not isinstance(error, (UserError, TaskCancelledError)):
            sys.excepthook(type(error), error, error.__traceback__)
        elif unwanted or callbacks is None or isinstance(error, TaskCancelledError):
            return
        elif isinstance(error, UserError):
            if callbacks.on_error is not None:
                callbacks.on_error(error)
            else:
                sys.excepthook(type(error), error, error.__traceback__)
        elif callbacks.on_done is not None:
            callbacks.on_done(result)
