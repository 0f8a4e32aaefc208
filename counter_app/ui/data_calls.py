"""What the group Dữ liệu asks of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counter_app.domain.facts import CheckResult
    from counter_app.errors import LockedError
    from counter_app.services.backup_facts import BackupOutcome, Copy, Drill, RestorePlan
    from counter_app.services.losses import Loss
    from counter_app.services.store import Store
    from counter_app.services.unlocks import Locked

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DataCalls:
    """The use cases of the group."""

    read: Callable[[str], Any]
    write: Callable[[str, Any], Any]
    copies: Callable[[], Sequence[Copy]]
    back_up: Callable[[Progress], BackupOutcome]
    plan: Callable[[Path], RestorePlan]
    restore: Callable[[Path], Path]
    drill: Callable[[Path, Progress], Drill]
    check: Callable[[], Sequence[CheckResult]]
    missing: Callable[[], Sequence[Loss]]
    locked: Callable[[LockedError], Locked]


def data_calls(store: Store, *, folder: Path, clock: Callable[[], datetime]) -> DataCalls:
    """Bind the services to one store; ``folder`` holds the copies on this machine."""
    from counter_app.services import backup_places, backups, checks, losses, restores, unlocks
    from counter_app.services.settings import get_setting, set_setting

    return DataCalls(
        read=lambda key: get_setting(store, key),
        write=lambda key, value: set_setting(store, key=key, value=value),
        copies=lambda: backup_places.all_copies(store, folder),
        back_up=lambda progress: backup_places.back_up_everywhere(
            store, folder=folder, now=clock(), progress=progress
        ),
        plan=lambda path: restores.plan(store, path),
        restore=lambda path: backups.restore(store, path, folder=folder, now=clock()),
        drill=lambda path, progress: restores.drill(store, path, progress=progress),
        check=lambda: checks.run_checks(store),
        missing=lambda: losses.missing(store),
        locked=lambda error: unlocks.locked(
            Path(str(error.key_file)), store.keys, clock=clock, store=store
        ),
    )
