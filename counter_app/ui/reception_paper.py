"""A dossier that was received on paper: its number, the hour and the promise written there."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import cast

from PySide6.QtCore import QObject, Signal

from counter_app.ui.fields import ERROR, DateField, Note
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_promise import Promise

FIELDS = ("paper_number", "paper_time", "promised_due")


def read_moment(text: str, *, today: date) -> datetime:
    """Read ``09:30``, ``09:30 23/11`` or ``09:30 23/11/2026`` as written on a paper receipt."""
    from counter_app.ui.day_fields import parse_past_moment  # only after an outage

    return parse_past_moment(text, now=datetime.combine(today, time(23, 59)))


class PaperReceipt(QObject):
    """Keeps the promise in step with what stands on the paper."""

    changed = Signal()

    def __init__(self, form: ReceptionForm, promise: Promise, parent: QObject) -> None:
        """Nothing was written on paper yet."""
        super().__init__(parent)
        self._form = form
        self._promise = promise
        promise.paper_due = self.promised_due
        self._field("paper_time").tidied.connect(self._on_time_left)
        self._field("promised_due").tidied.connect(self._on_due_left)

    def _field(self, name: str) -> DateField:
        return cast("DateField", self._form.field(name))

    def begin(self, number: str) -> None:
        """Open the fields with a scanned number and ask for the hour."""
        self._form.fill({"paper_number": number})
        self._form.set_fold("paper", is_open=True)
        self._form.go_to("paper_time")

    def promised_due(self) -> datetime | None:
        """Return the moment that was promised on paper."""
        due: datetime | None = self._field("promised_due").parsed()
        return due

    def first_missing(self) -> str:
        """Return the field that a paper number still asks for, its note set."""
        if not self._form.value("paper_number"):
            return ""
        for name, words in (
            ("paper_time", self.tr("Ghi giờ nhận đã viết trên giấy.")),
            ("promised_due", self.tr("Ghi ngày giờ hẹn đã viết trên giấy.")),
        ):
            if not self._form.value(name):
                self._form.show_note(name, Note(words, ERROR))
                return name
        return ""

    def _on_time_left(self, _text: str) -> None:
        at: datetime | None = self._field("paper_time").parsed()
        if at is None:
            return
        number = self._form.value("paper_number")
        reason = self.tr("Nhận trên giấy số {number}").format(number=number or "…")
        self._promise.set_moment(at, reason)
        self.changed.emit()

    def _on_due_left(self, _text: str) -> None:
        self._promise.requote()
        self.changed.emit()
