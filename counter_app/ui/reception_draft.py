"""The draft of the reception form: kept a second after the last change, read back after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from counter_app.errors import UserError
from counter_app.ui.checklist import CheckRow
from counter_app.ui.fields import ERROR, WARNING, Note
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_group import ReceptionGroup
from counter_app.ui.reception_layout import FOLDS
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_promise import Promise

_DELAY_MS = 1000


class DraftKeeper(QObject):
    """Saves what ``body`` returns once the hands rest; a draft that can't be kept is said once."""

    failed = Signal(str)

    def __init__(
        self, desk: ReceptionDesk, parent: QObject, *, body: Callable[[], dict[str, Any] | None]
    ) -> None:
        """``body`` returns None when there is nothing to keep."""
        super().__init__(parent)
        self._desk = desk
        self._body = body
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def note_change(self) -> None:
        """Save a second after the last change."""
        self._timer.start()

    def save_if_due(self) -> None:
        """Save now what a change is waiting for."""
        if self._timer.isActive():
            self.save()

    def save(self) -> None:
        """Save now, or forget a draft that became empty."""
        self._timer.stop()
        body = self._body()
        try:
            if body is None:
                self._desk.drop_draft()
            else:
                self._desk.save_draft(body)
        except UserError as error:
            self.failed.emit(error.message)

    def load(self) -> tuple[dict[str, Any], datetime] | None:
        """Return what was kept, and when."""
        try:
            return self._desk.load_draft()
        except UserError as error:
            self.failed.emit(error.message)
            return None

    def forget(self) -> None:
        """Drop the draft: its dossier is saved, or it was thrown away on purpose."""
        self._timer.stop()
        try:
            self._desk.drop_draft()
        except UserError as error:
            self.failed.emit(error.message)


class TypedWork(QObject):
    """What was typed and is not saved: given out for the draft, written back into the form."""

    said = Signal(str, str)

    def __init__(
        self,
        form: ReceptionForm,
        promise: Promise,
        people: PersonHelp,
        group: ReceptionGroup,
        *,
        desk: ReceptionDesk,
        parent: QObject,
    ) -> None:
        """Nothing is read before it is asked for."""
        super().__init__(parent)
        self._form, self._promise, self._people = form, promise, people
        self._group, self._desk = group, desk

    def body(self) -> dict[str, Any] | None:
        """Return what a draft keeps; None while nothing stands in the form."""
        if self._form.is_untouched() and not self._group.is_begun():
            return None
        body = {"values": self._form.values(), **self._promise.to_draft()}
        return body | {"group": self._group.to_draft()} if self._group.is_begun() else body

    def restore(self, body: dict[str, Any], saved_at: datetime) -> None:
        """Write a draft back into the form and say from when it is."""
        self._promise.from_draft(body)
        self._group.from_draft(body.get("group", {}))
        self.fill(body.get("values", {}))
        same_day = saved_at.date() == self._desk.clock().date()
        time = f"{saved_at:%H:%M}" if same_day else f"{saved_at:%H:%M %d/%m/%Y}"
        words = self.tr("Khôi phục bản nháp lúc {time}. Không dùng thì nhấn Ctrl+N.")
        self.said.emit(words.format(time=time), WARNING)

    def fill(self, values: dict[str, Any]) -> None:
        """Write what was typed before: a draft's, or a dossier's of the group."""
        self._form.fill(values)
        for fold, names in FOLDS.items():
            if any(values.get(name) for name in names):
                self._form.set_fold(fold, is_open=True)
        self._restore_procedure(values)
        self._people.look_for_duplicates()

    def _restore_procedure(self, values: dict[str, Any]) -> None:
        code = values.get("procedure_code")
        if not code:
            return
        try:
            found = self._desk.procedure(code)
        except UserError as error:
            self._form.procedure.set_note(Note(error.message, ERROR))
            return
        self._form.set_procedure(found, rows=[CheckRow(**row) for row in values["documents"]])
        self._promise.requote()
