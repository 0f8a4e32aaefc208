"""The resolving unit's word, recorded beside the list: why, until when, who says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counter_app.domain.facts import ApologyRow
from counter_app.domain.words import format_date
from counter_app.ui.act_dialogs import offer, reason_field
from counter_app.ui.apology_calls import ApologyCalls
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import SearchChoice
from counter_app.ui.day_fields import ComingDayField
from counter_app.ui.fields import HINT, WARNING, Note, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.theme import metrics, theme
from counter_app.ui.words import big_day


class Draft(NamedTuple):
    """What was typed for one dossier and not recorded yet."""

    reason: str
    day: str
    unit: str


class KeyedButton(ActionButton):
    """A button whose key can go to another button of the page and come back."""

    def set_key(self, key: str) -> None:
        """Write another key on it, or none; the main look goes with F9."""
        self._key = key
        kind = "main" if key == "F9" else ""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self.set_verb(self.verb())


def is_ready(row: ApologyRow) -> bool:
    """Say whether a letter can be issued as things stand."""
    if row.kind == "confirmed":
        return True
    return row.kind == "late" and bool(row.reason) and row.new_due_at is not None


class WordForm(QWidget):
    """The form under the list; what is typed for a dossier is kept while others are looked at."""

    record_requested = Signal()
    changed = Signal()

    def __init__(self, calls: ApologyCalls, parent: QWidget | None = None) -> None:
        """Start with nothing to record."""
        super().__init__(parent)
        self._calls = calls
        self._row: ApologyRow | None = None
        self._drafts: dict[str, Draft] = {}
        self.heading = QLabel()
        self.heading.setFont(theme().font(strong=True))
        self.hint = MessageLabel()
        self.reason = reason_field(calls.reasons)
        self.unit = SearchChoice(find=offer(calls.units), free_text=True, minimum=0)
        self.day = ComingDayField(calendar=calls.calendar, today=calls.now().date())
        self.form = FormGrid(beside=False, label_width=112)
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.form.add_row(self.tr("Ngày trả mới"), self.day, name="day")
        self.form.add_row(self.tr("Đơn vị đề nghị"), self.unit, name="unit")
        self.record_button = KeyedButton("", key="F9", kind="main")
        self.record_button.clicked.connect(self.record_requested)
        self.told = QLabel()
        self.told.setWordWrap(True)
        set_tone(self.told, HINT)
        self._lay_out()
        for field in (self.reason, self.day, self.unit):
            field.textChanged.connect(self._on_text_changed)

    def _lay_out(self) -> None:
        measures = metrics()
        asked = QWidget()
        column = QVBoxLayout(asked)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(1.5))
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.record_button)
        line.addSpacing(measures.step(3))
        column.addWidget(self.hint)
        column.addWidget(self.form)
        column.addLayout(line)
        told = QWidget()
        told_column = QVBoxLayout(told)
        told_column.setContentsMargins(0, 0, 0, 0)
        told_column.addWidget(self.told)
        told_column.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(told)
        self._stack.addWidget(asked)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(measures.step(1.5))
        outer.addWidget(self.heading)
        outer.addWidget(self._stack)

    # What is shown

    def set_row(self, row: ApologyRow | None) -> None:
        """Show what this dossier still needs, or what was recorded."""
        self._keep_draft()
        self._row = row
        self.day.set_today(self._calls.now().date())
        self.form.setEnabled(True)
        self.form.clear_notes()
        if row is None:
            self.heading.setText("")
            self.told.setText("")
            self._turn_to(0)
        elif row.kind == "confirmed":
            self._tell(row)
        else:
            self._ask(row)
        self._keep_room()
        self.changed.emit()

    def _turn_to(self, number: int) -> None:
        """Show one side and give the room of the other back to the list."""
        policy = QSizePolicy.Policy
        for index in range(self._stack.count()):
            vertical = policy.Preferred if index == number else policy.Ignored
            side = self._stack.widget(index)
            if side is not None:
                side.setSizePolicy(policy.Preferred, vertical)
        self._stack.setCurrentIndex(number)

    def _keep_room(self) -> None:
        """Keep the height that the shown side's words need; a stack asks for it without a width."""
        side = self._stack.currentWidget()
        layout = side.layout() if side is not None else None
        if layout is not None and layout.hasHeightForWidth():
            self._stack.setMinimumHeight(layout.totalMinimumHeightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow words are high."""
        super().resizeEvent(event)
        self._keep_room()

    def _tell(self, row: ApologyRow) -> None:
        self._turn_to(0)
        self.heading.setText(self.tr("Ý kiến đã ghi"))
        day = "" if row.new_due_at is None else big_day(row.new_due_at)
        self.told.setText(
            self.tr("Hẹn lại {day}, thay cho hạn {due}.\nLý do: {reason}").format(
                day=day, due=format_date(row.due_at), reason=row.reason
            )
        )

    def _ask(self, row: ApologyRow) -> None:
        is_late = row.kind == "late"
        self._turn_to(1)
        self.heading.setText(
            self.tr("Lý do trễ hạn") if is_late else self.tr("Ý kiến của đơn vị giải quyết")
        )
        draft = self._drafts.get(row.uuid) or self._recorded(row)
        for field, text in (
            (self.reason, draft.reason),
            (self.day, draft.day),
            (self.unit, draft.unit),
        ):
            blocked = field.blockSignals(True)
            field.setText(text)
            field.setCursorPosition(0)
            field.blockSignals(blocked)
        self.form.set_row_visible("unit", visible=not is_late)
        self.form.set_row_visible("day", visible=not self._is_finished(row))
        self.hint.show_message(*self._hint(row))
        self.record_button.set_verb(self._verb(row))

    @staticmethod
    def _is_finished(row: ApologyRow) -> bool:
        """A late dossier with a date and no reason was completed: its date is a fact."""
        return row.kind == "late" and row.new_due_at is not None and not row.reason

    @staticmethod
    def _recorded(row: ApologyRow) -> Draft:
        day = "" if row.new_due_at is None else format_date(row.new_due_at)
        return Draft(row.reason, day, row.resolving_unit)

    def _verb(self, row: ApologyRow) -> str:
        if row.kind == "late":
            return self.tr("Ghi lý do")
        return self.tr("Ghi thông báo trễ") if row.too_late else self.tr("Ghi ý kiến hẹn lại")

    def _hint(self, row: ApologyRow) -> tuple[str, str]:
        due = format_date(row.due_at)
        if row.kind == "late":
            text = self.tr("Quá hạn từ {due}. Lý do và ngày dự kiến đứng trên văn bản xin lỗi.")
            if self._is_finished(row):
                text = self.tr("Hạn {due}, đã có kết quả trễ. Lý do đứng trên văn bản xin lỗi.")
            return text.format(due=due), HINT
        if row.too_late:
            text = self.tr(
                "Hạn trả là {due}: hẹn lại không còn được tính, hồ sơ vẫn tính quá hạn. Nên dồn "
                "sức trả đúng hẹn; nếu không kịp, ghi lý do và ngày dự kiến."
            )
            return text.format(due=due), WARNING
        text = self.tr("Hạn trả {due}: ghi hôm nay vẫn kịp. Mỗi hồ sơ chỉ hẹn lại một lần.")
        return text.format(due=due), HINT

    # What is typed

    def _typed(self) -> Draft:
        return Draft(self.reason.value(), self.day.value(), self.unit.value())

    def is_dirty(self) -> bool:
        """Say whether something was typed that isn't recorded."""
        row = self._row
        return row is not None and row.kind != "confirmed" and self._typed() != self._recorded(row)

    def has_drafts(self) -> bool:
        """Say whether something typed for any dossier isn't recorded."""
        return bool(self._drafts) or self.is_dirty()

    def wants_recording(self) -> bool:
        """Say whether F9 records a word now: one is missing, or another was typed."""
        row = self._row
        if row is None or row.kind == "confirmed":
            return False
        return not is_ready(row) or self.is_dirty()

    def _keep_draft(self) -> None:
        if self._row is None:
            return
        if self.is_dirty():
            self._drafts[self._row.uuid] = self._typed()
        else:
            self._drafts.pop(self._row.uuid, None)

    def forget_draft(self) -> None:
        """The word was recorded: nothing is left to keep."""
        if self._row is not None:
            self._drafts.pop(self._row.uuid, None)
            self._row = None

    def _on_text_changed(self, _text: str) -> None:
        self.changed.emit()

    def moment(self) -> datetime | None:
        """Return the closing of the day that was typed."""
        return self.day.moment() if not self.day.isHidden() else None

    def validate(self) -> bool:
        """Judge the fields; reason and day must be there."""
        if not self.reason.value():
            self.reason.set_note(Note(self.tr("Cần ghi lý do: gõ, hoặc ↓ để chọn.")))
            self.reason.setFocus()
            return False
        if not self.day.isHidden() and not self.day.value():
            self.day.set_note(Note(self.tr("Cần ngày hẹn, ví dụ 01/12.")))
            self.day.setFocus()
            return False
        return self.form.validate()

    def values(self) -> dict[str, Any]:
        """Return what ``reschedule`` or ``explain`` takes."""
        row = self._row
        if row is not None and row.kind == "late":
            return {"reason": self.reason.value(), "expected": self.moment()}
        return {
            "reason": self.reason.value(),
            "new_due": self.moment(),
            "unit": self.unit.value(),
        }
