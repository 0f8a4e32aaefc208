"""Nơi chép gói: sticks found when plugged in, or the office's folder, and the bundles there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from counter_app.domain.rights import Act
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import set_tone
from counter_app.ui.interaction import Interaction
from counter_app.ui.sync_calls import BundleFile, FileMark, SyncCalls
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics

_LOOK_MS = 4000


class Look(NamedTuple):
    """What one look found: the places, the bundles of the one that is chosen."""

    places: list[Path]
    files: list[BundleFile]
    where: Path | None


class StickRow(QWidget):
    """Chooses the place; looks again every few seconds while it is shown, never in the way."""

    looked = Signal(object)  # the bundles of the chosen place
    refused = Signal(str)

    def __init__(
        self,
        calls: SyncCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is looked at before it is shown."""
        super().__init__(parent)
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self._marks: dict[Path, FileMark] = {}
        self._last: Look | None = None
        self.place = ChoiceField()
        self.place.setAccessibleName(self.tr("Nơi chép gói"))
        self.place.value_changed.connect(self._on_place_changed)
        self.folder_button = ActionButton(
            self.tr("Chọn thư mục…"), key="Ctrl+O", kind="quiet", act=Act.DESK
        )
        self.folder_button.clicked.connect(self.choose_folder)
        caption = QLabel(self.tr("Nơi chép gói"))
        set_tone(caption, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(2))
        row.addWidget(caption)
        row.addWidget(self.place, 1)
        row.addWidget(self.folder_button)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look_on)
        self._is_looking = False

    def showEvent(self, event: Any) -> None:
        """Look as long as somebody sees it."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: Any) -> None:
        """Stop looking."""
        self._timer.stop()
        super().hideEvent(event)

    def folder(self) -> Path | None:
        """Return the place that is chosen."""
        value = self.place.value()
        return Path(value) if value else None

    def look(self) -> None:
        """Look in a task: a sleeping stick or a slow share takes seconds."""
        if not self.isEnabled():
            return
        chosen, fixed, before = self.folder(), self._calls.folder(), dict(self._marks)
        calls = self._calls

        def work(_job: Job) -> Look:
            places = list(calls.places())
            if fixed and Path(fixed) not in places:
                places.insert(0, Path(fixed))
            where = chosen if chosen in places else next(iter(places), None)
            return Look(places, calls.files(where, before) if where else [], where)

        self._is_looking = True
        self._runner.run(
            work,
            on_done=self._on_looked,
            on_error=self._on_failed,
            owner=self,
            group="sync-look",
        )

    def _look_on(self) -> None:
        """Look again, but let a look at a slow stick come to its end: a new one would cancel it."""
        if not self._is_looking:
            self.look()

    def _on_failed(self, error: UserError) -> None:
        self._is_looking = False
        self.refused.emit(error.message)

    def look_anew(self) -> None:
        """Look and tell, even if nothing has changed."""
        self._last = None
        self.look()

    def _on_looked(self, found: Look) -> None:
        self._is_looking = False
        was_copying = {one.path: one.mark for one in found.files} != self._marks
        self._marks = {one.path: one.mark for one in found.files}
        if was_copying:
            QTimer.singleShot(_LOOK_MS // 4, self, self._look_on)  # two looks tell what is whole
        if self._last == found:
            return
        self._last = found
        fixed = self._calls.folder()
        choices = [
            Choice(
                str(place),
                str(place),
                self.tr("thư mục đã đặt") if str(place) == fixed else self.tr("USB"),
            )
            for place in found.places
        ]
        none = Choice("", self.tr("Chưa có USB nào: cắm USB hoặc chọn thư mục"))
        blocked = self.place.blockSignals(True)
        self.place.set_choices(choices or [none])
        if found.where is not None:
            self.place.set_value(str(found.where))
        self.place.blockSignals(blocked)
        self.looked.emit(found.files)

    def _on_place_changed(self, _value: object) -> None:
        self._marks = {}
        self.look_anew()

    def choose_folder(self) -> None:
        """Choose the folder where bundles lie; it is kept for the next time."""
        if not self.isEnabled():
            return
        chosen = self._interaction.choose_folder(
            self.tr("Thư mục chép gói đồng bộ"), folder=self.folder()
        )
        if chosen is None:
            return
        try:
            self._calls.set_folder(str(chosen))
        except UserError as error:
            self.refused.emit(error.message)
            return
        blocked = self.place.blockSignals(True)
        self.place.set_choices([Choice(str(chosen), str(chosen))])
        self.place.blockSignals(blocked)
        self._on_place_changed(None)
