"""What a store knows from the database without asking again."""

from __future__ import annotations

import threading
from typing import Any


class _Missed(threading.local):
    """What a thread is about to read, with the generation of the cache in which it began."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}


class Cache(dict[str, Any]):
    """What is known from the database; emptying it on purpose means that the source changed.

    A thread that began to read before another one changed the source keeps what it read to itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_changed = False
        self.generation = 0
        self._missed = _Missed()
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        """Return what is known, and note when it is going to be read."""
        value = dict.get(self, key, default)
        if value is None:
            self._missed.at[key] = self.generation
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        with self._lock:
            if self._missed.at.pop(key, self.generation) == self.generation:
                super().__setitem__(key, value)

    def clear(self) -> None:
        """Forget everything, because what it rests on was just written."""
        self.forget()
        self.is_changed = True

    def forget(self) -> None:
        """Forget everything without having changed anything."""
        with self._lock:
            super().clear()
            self.generation += 1
            self.is_changed = False
