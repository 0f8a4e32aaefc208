"""Copies while the window is open: every few hours, to a stick when it is back, told below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from counter_app.errors import UserError
from counter_app.services.settings import get_setting
from counter_app.ui.task_runner import Job, TaskRunner

if TYPE_CHECKING:
    from counter_app.services.backup_facts import BackupOutcome
    from counter_app.services.store import Store

_MINUTE_MS = 60_000


class Told(NamedTuple):
    """What the bottom line says of the data, and its tone."""

    text: str
    tone: str


class BackupKeeper(QObject):
    """Makes copies in a thread of its own with a connection of its own; no save waits for it."""

    state_changed = Signal()
    carried = Signal(object)  # what a round of its own came to

    def __init__(
        self,
        store: Store,
        *,
        folder: Path,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        """``folder`` holds the copies on this machine; ``start`` begins to watch."""
        super().__init__(parent)
        self._store, self.folder, self._clock = store, folder, clock
        # Not the window's: a page must not wait until a large file is copied.
        self.runner = TaskRunner(self, after_task=store.close)
        self._missing: tuple[Path, ...] = ()
        self._problems: tuple[str, ...] = ()
        self._damage: tuple[str, ...] = ()
        self._found = ""
        self._is_busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(_MINUTE_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look the data over once, in the background, then watch for the next copy."""
        self.look_over()
        self._timer.start()

    def close(self) -> None:
        """Make no further copies and wait for the one that is being made."""
        self._timer.stop()
        self.runner.close()

    # Looking the data over

    @Slot()
    def look_over(self) -> None:
        """Look the data over in the background."""
        self.runner.run(self._look_over, on_done=self._on_looked_over, owner=self)

    def _look_over(self, _job: Job) -> str:
        from counter_app.services import checks

        if self._store.key is not None:
            from counter_app.services import encryption  # plain data have nothing to finish

            encryption.finish(self._store)
        for result in checks.run_checks(self._store, is_quick=True):
            for problem in result.problems:
                return f"{problem['what']} ({problem['where']})"
        return ""

    def _on_looked_over(self, found: str) -> None:
        self._found = found
        self.state_changed.emit()

    # Copies

    @Slot()
    def look(self) -> None:
        """Make or carry a copy if it is time."""
        if self._is_busy:
            return
        self._is_busy = True
        self.runner.run(
            lambda _job: self._round(), on_done=self._on_round, on_error=self._on_failed, owner=self
        )

    def _round(self) -> BackupOutcome | None:
        """Do what is due, in the runner's thread: a stick that sleeps must not hold the window."""
        from counter_app.services import backup_places, backups

        now = self._clock()
        held = backups.copies(self.folder)
        if self._is_due(now) and (
            not held or backup_places.has_changed_since(self._store, held[0])
        ):
            return backup_places.back_up_everywhere(self._store, folder=self.folder, now=now)
        is_behind = self._missing or self._problems != self._damage
        if held and (is_behind or backup_places.lacks(self._store, held[0])):
            return backup_places.carry(self._store, held[0].path, now=now, damage=self._damage)
        return None

    def _is_due(self, now: datetime) -> bool:
        from counter_app.services import backups

        held = backups.copies(self.folder)
        if not held:
            return True
        age = now - held[0].made_at
        # A copy of tomorrow was made by a clock that ran ahead.
        return age < timedelta(0) or age >= timedelta(
            hours=int(get_setting(self._store, "backup_hours"))
        )

    def _on_round(self, outcome: BackupOutcome | None) -> None:
        self._is_busy = False
        if outcome is not None:
            self.take(outcome)
            self.carried.emit(outcome)
        else:
            self.state_changed.emit()  # a verb may have made a copy meanwhile

    def take(self, outcome: BackupOutcome) -> None:
        """Tell from now on what this round of copies could not do."""
        self._missing, self._problems = outcome.missing, outcome.problems
        self._damage = outcome.damage
        self.state_changed.emit()

    def _on_failed(self, error: UserError) -> None:
        self._is_busy = False
        self._problems = (error.message,)
        self.state_changed.emit()

    def back_up_at_close(self) -> tuple[str, ...]:
        """Keep what was saved since the last copy; returns what a person must be told."""
        from counter_app.services import backup_places, backups

        held = backups.copies(self.folder)
        if held and not backup_places.has_changed_since(self._store, held[0]):
            return ()
        return backup_places.back_up_everywhere(
            self._store, folder=self.folder, now=self._clock()
        ).problems

    # What the bottom line says

    def told(self) -> Told:
        """Return the state of the data in plain words."""
        from counter_app.services import kept_copies

        if self._found:
            words = self.tr(
                "Dữ liệu có chỗ không khớp. Mở Cài đặt, mục Dữ liệu, nhấn Kiểm tra toàn bộ. "
                "({what})"
            )
            return Told(words.format(what=self._found), "warning")
        if self._problems:
            return Told(self._problems[0], "warning")
        held = kept_copies.copies(self.folder)
        if not held:
            return Told(self.tr("Dữ liệu lưu trên máy này. Chưa có bản sao lưu."), "muted")
        words = self.tr("Dữ liệu lưu trên máy này. Sao lưu lúc {at}.")
        text = words.format(at=f"{held[0].made_at:%H:%M %d/%m/%Y}")
        if not self._missing:
            return Told(text, "muted")
        missing = self.tr("Không thấy {place}: cắm vào, bản sao lưu sẽ tự chép.")
        return Told(f"{text} {missing.format(place=self._missing[0])}", "warning")
