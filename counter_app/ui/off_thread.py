"""Use cases that run in a task: the thread's own connection is closed before the task ends.

A pool's thread gives its Python state back after each task, and a SQLite connection that is still
open then is torn down without the interpreter's lock: the process dies. So whoever opens one in a
task closes it in the same task.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from counter_app.services.store import Store

P = ParamSpec("P")
R = TypeVar("R")


def closing(store: Store, use_case: Callable[P, R]) -> Callable[P, R]:
    """Return a use case that leaves no connection behind in a thread other than the window's."""

    def run(*args: P.args, **values: P.kwargs) -> R:
        try:
            return use_case(*args, **values)
        finally:
            if threading.current_thread() is not threading.main_thread():
                store.close()

    return run
