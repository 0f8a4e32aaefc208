"""What every part of the open window works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.interaction import Interaction
    from counter_app.ui.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class Means:
    """The data, the clock, who is at the desk, and how a person is asked."""

    store: Store
    clock: Callable[[], datetime]
    clerk: Callable[[], str]
    runner: TaskRunner
    interaction: Interaction
