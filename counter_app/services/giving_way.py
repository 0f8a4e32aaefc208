"""Long Python work in a thread that leaves the interpreter to whoever saves meanwhile.

One thread of Python runs at a time. Who wants his turn waits up to 5 ms for one that goes on
without a pause, and a save wants it at each of its dozens of statements.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
_WORK, _PAUSE = 0.001, 0.0002  # seconds


def giving_way(rows: Iterable[T]) -> Iterator[T]:
    """Hand out rows and pause between them now and then; in the first thread nobody waits."""
    if threading.get_ident() == threading.main_thread().ident:
        yield from rows
        return
    until = time.perf_counter() + _WORK
    for row in rows:
        yield row
        if time.perf_counter() >= until:
            time.sleep(_PAUSE)
            until = time.perf_counter() + _WORK
