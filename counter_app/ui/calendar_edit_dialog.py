"""A decision's days, or another edit of the calendar: what it touches is seen before it is done.

F9 first shows the promises that are touched; F9 again, on the same list, does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.calendar import DayKind, parse_hours
from counter_app.domain.calendar_changes import FATE_LABELS, Fate, decided_days, parse_days
from counter_app.domain.words import format_date, format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.calendar_calls import CalendarCalls
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import HINT, Note, TextField, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.stoppable import Progress, Stoppable
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window
from counter_app.ui.words import group_digits

if TYPE_CHECKING:
    from counter_app.services.calendar_edits import CalendarEdit, CalendarPreview, TouchedPromise

_MOST_DAYS_SAID = 4
_KINDS: dict[str, tuple[DayKind, bool | None]] = {
    "holiday": (DayKind.HOLIDAY, None),
    "makeup": (DayKind.MAKEUP, None),
    "special": (DayKind.SPECIAL, None),
    "open": (DayKind.SPECIAL, False),
}


class CalendarEditDialog(ScreenDialog):
    """Shows what an edit does to days and promises, asks for the decision, does it."""

    written = Signal(str, object)  # what it was, the edit that takes it back or None

    def __init__(
        self,
        calls: CalendarCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        title: str,
        year: int,
        make: Callable[..., CalendarEdit],
        edit: CalendarEdit | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``make`` builds an edit of days; a given ``edit`` needs no lines for them."""
        super().__init__(parent)
        self._calls, self._interaction = calls, interaction
        self._make, self._edit, self._year = make, edit, year
        self._shown: tuple[CalendarEdit, CalendarPreview] | None = None
        self._told: Sequence[TouchedPromise] = ()
        self.setWindowTitle(title)
        self.setMinimumSize(metrics().px(960), metrics().px(600))
        self.resize(metrics().px(980), metrics().px(680))
        self.form = FormGrid(label_width=132)
        self._make_fields()
        self.days_label = QLabel()
        self.days_label.setWordWrap(True)
        self.days_label.setTextFormat(Qt.TextFormat.PlainText)
        self.model = RowTableModel(self._columns(), self)
        self.table = TableView(empty_text=self.tr("Chưa thấy lời hẹn nào bị chạm."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Lời hẹn bị chạm"))
        self.message = MessageLabel()
        self.message.setMinimumHeight(metrics().step(10))
        self._lay_out(title)
        self._work = Stoppable(runner, self, self.close_button, self.message)
        for button in (self.do_button, self.later_button):
            self._work.turned.connect(button.setDisabled)
        if edit is not None:
            self._look()
        else:
            self._say_what_is_missing()

    # Fields

    def _make_fields(self) -> None:
        self.days = TextField(
            check=self._judge_days, placeholder=self.tr("ví dụ 11/02 - 17/02; 20/02")
        )
        self.kind = ChoiceField(
            choices=[
                Choice("holiday", self.tr("Nghỉ")),
                Choice("makeup", self.tr("Làm bù: giờ như ngày thường")),
                Choice("special", self.tr("Giờ riêng, tính là ngày làm việc")),
                Choice("open", self.tr("Giờ riêng, chỉ mở quầy, không tính hạn")),
            ]
        )
        self.name = TextField(placeholder=self.tr("ví dụ Nghỉ Tết Nguyên đán"))
        self.hours = TextField(
            check=self._judge_hours, placeholder=self.tr("chỉ cho giờ riêng, ví dụ 07:30-11:30")
        )
        self.decision = TextField(
            max_length=200, placeholder=self.tr("ví dụ 1234/QĐ-UBND ngày 01/12/2026")
        )
        self.source = TextField(placeholder=self.tr("ví dụ Công báo, trang của tỉnh"))
        if self._edit is None:
            self.form.add_row(self.tr("Ngày"), self.days, name="days")
            self.form.add_row(self.tr("Loại ngày"), self.kind, name="kind")
            self.form.add_row(self.tr("Tên ngày"), self.name, name="name")
            self.form.add_row(self.tr("Giờ làm việc"), self.hours, name="hours")
        self.form.add_row(self.tr("Số quyết định"), self.decision, name="decision")
        if self._edit is None:
            self.form.add_row(self.tr("Nguồn"), self.source, name="source")
            for field in (self.days, self.name, self.hours, self.source, self.decision):
                field.tidied.connect(self._on_field_left)
            self.kind.value_changed.connect(self._on_field_left)

    def _judge_days(self, text: str) -> Note | None:
        try:
            found = parse_days(text, self._year)
        except ValueError as error:
            return Note(str(error))
        return Note(self.tr("{count} ngày").format(count=len(found)), HINT)

    def _judge_hours(self, text: str) -> Note | None:
        try:
            parse_hours(text)
        except ValueError as error:
            return Note(str(error))
        return None

    def _columns(self) -> list[Column]:
        moment = "{:%H:%M %d/%m/%Y}".format
        return [
            Column(self.tr("Mã hồ sơ"), "code", width=204, figures=True),
            Column(self.tr("Chủ hồ sơ"), "applicant_name", width=160),
            Column(self.tr("Điện thoại"), "phone", show=group_digits, width=118, figures=True),
            Column(self.tr("Hẹn trả đã in"), "before", show=moment, width=150, figures=True),
            Column(self.tr("Hẹn trả mới"), "after", show=moment, width=150, figures=True),
            Column(self.tr("Vì sao"), lambda one: in_window(FATE_LABELS[one.fate])),
        ]

    def _lay_out(self, title: str) -> None:
        measures = metrics()
        heading = QLabel(title)
        heading.setFont(theme().font(measures.title_size, strong=True))
        lead = QLabel(
            self.tr(
                "Ngày đã in không bao giờ bị hẹn sớm lên. Hồ sơ bị chạm có thêm một lời hẹn mang "
                "số quyết định; lời hẹn cũ vẫn còn trong hồ sơ."
            )
        )
        lead.setWordWrap(True)
        set_tone(lead, "muted")
        self.close_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self.later_button = ActionButton(self.tr("Chỉ ghi lịch, xác nhận sau"), key="Ctrl+G")
        self.print_button = ActionButton(self.tr("In người cần báo"), key="Ctrl+P", icon="print")
        self.save_button = ActionButton(self.tr("Lưu danh sách"), key="Ctrl+S", icon="export")
        self.do_button = ActionButton(self.tr("Xem lời hẹn bị chạm"), key="F9", kind="main")
        buttons = QHBoxLayout()
        buttons.setSpacing(measures.step(2))
        acts: list[tuple[ActionButton, Callable[[], object], tuple[str, ...]]] = [
            (self.close_button, self.reject, ()),
            (self.print_button, self.print_people, ("Ctrl+P",)),
            (self.save_button, self.save_people, ("Ctrl+S",)),
            (self.later_button, self.write_only, ("Ctrl+G",)),
            (self.do_button, self.go_on, ()),
        ]
        for button, act, keys in acts:
            button.setAutoDefault(False)
            button.clicked.connect(act)
            buttons.addWidget(button)
            for key in keys:
                QShortcut(check_key(key), self).activated.connect(act)
        bind_main_act(self, self.go_on)
        buttons.insertStretch(1, 1)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(measures.step(2))
        column.addWidget(heading)
        column.addWidget(lead)
        column.addWidget(self.form)
        column.addWidget(self.days_label)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(buttons)
        self._show_buttons()

    # What the edit is

    def current(self) -> CalendarEdit | None:
        """Return the edit as it stands in the fields, None while it can't be read."""
        if self._edit is not None:
            return self._edit
        kind, counts = _KINDS[str(self.kind.value())]
        parts = [self.decision.value(), self.source.value()]
        try:
            days = decided_days(
                parse_days(self.days.value(), self._year),
                kind=kind,
                name=self.name.value(),
                hours=self.hours.value(),
                counts=counts,
                source=", ".join(part for part in parts if part),
            )
        except ValueError:
            return None
        return self._make(days=days)

    def _complete(self) -> bool:
        """Say at the field what is missing; False keeps everything as it is."""
        if self._edit is not None:
            return True
        for field, words in (
            (self.days, self.tr("Gõ ngày, ví dụ 11/02 - 17/02.")),
            (self.name, self.tr("Gõ tên ngày: nó hiện trong diễn giải ngày hẹn.")),
        ):
            if not field.value():
                field.set_note(Note(words))
                field.setFocus()
                return False
        if _KINDS[str(self.kind.value())][0] is DayKind.SPECIAL and not self.hours.value():
            self.hours.set_note(Note(self.tr("Gõ giờ làm việc; nghỉ cả ngày thì chọn Nghỉ.")))
            self.hours.setFocus()
            return False
        return self.form.validate()

    def _on_field_left(self, *_: object) -> None:
        if self._told or self._work.is_running:
            return
        if self.days.value() and self.current() is not None:
            self._look()

    # Seeing

    def _look(self) -> None:
        edit = self.current()
        if edit is not None:
            self._run(
                lambda progress: self._calls.preview(edit, progress=progress),
                lambda found: self._on_seen(edit, found),
            )

    def _on_seen(self, edit: CalendarEdit, found: CalendarPreview) -> None:
        self._shown = (edit, found)
        self.model.set_rows(list(found.touched))
        self.days_label.setText(self._said(found))
        moved = sum(1 for one in found.touched if one.fate is Fate.MOVED)
        if found.touched:
            words = self.tr("Chạm tới {count} lời hẹn, {moved} người cần được báo ngày mới.")
            self.message.show_message(
                words.format(count=format_number(len(found.touched)), moved=format_number(moved)),
                "warning",
            )
        else:
            self.message.show_message(self.tr("Không chạm tới lời hẹn nào."), "muted")
        self._show_buttons()

    def _said(self, found: CalendarPreview) -> str:
        told = [
            f"{format_date(one.date)}: {one.before} → {one.after}"
            for one in found.days[:_MOST_DAYS_SAID]
        ]
        if len(found.days) > _MOST_DAYS_SAID:
            told.append(
                self.tr("… và {count} ngày khác").format(count=len(found.days) - _MOST_DAYS_SAID)
            )
        told += [
            self.tr("Năm {year}: {before} → {after} ngày làm việc").format(
                year=year, before=before, after=after
            )
            for year, before, after in found.working_days
            if before != after
        ]
        if not found.days:
            told.append(self.tr("Không ngày nào đổi giờ làm việc."))
        return "\n".join(told)

    def _say_what_is_missing(self) -> None:
        self.days_label.setText(self.tr("Gõ ngày rồi rời ô để thấy lịch đổi thế nào."))

    # Doing

    def go_on(self) -> None:
        """See first, then do (F9)."""
        if self._work.is_running or self._told or not self._complete():
            return
        edit = self.current()
        if edit is None:
            return
        if self._shown is None or self._shown[0] != edit:
            self._look()
            return
        touched = self._shown[1].touched
        if (touched or edit.years) and not self.decision.value():
            self.decision.set_note(Note(self.tr("Gõ số quyết định: nó ghi vào từng lời hẹn.")))
            self.decision.setFocus()
            return
        back = None if touched or edit.years else self._calls.inverse(edit)
        decision = self.decision.value()
        self._run(
            lambda progress: self._calls.confirm(
                edit, decision=decision, shown=touched, progress=progress
            ),
            lambda found: self._on_done(found, back),
        )

    def write_only(self) -> None:
        """Write the days now; the promises wait on the list for a decision."""
        edit = self.current()
        if self._work.is_running or self._shown is None or self._shown[0] != edit or edit is None:
            return
        if self._told or not self._shown[1].touched:
            return
        back = self._calls.inverse(edit)
        self._run(
            lambda progress: self._calls.take_in(edit, progress=progress),
            lambda _found: self._on_written(back),
        )

    def _on_done(self, found: CalendarPreview, back: CalendarEdit | None) -> None:
        if not found.to_tell:
            self._on_written(back)
            return
        self._told = found.to_tell
        self.form.setEnabled(False)
        words = self.tr(
            "Đã ghi lịch và thêm {count} lời hẹn. In hoặc lưu danh sách {people} người cần báo."
        )
        self.message.show_message(
            words.format(
                count=format_number(len(found.touched)), people=format_number(len(found.to_tell))
            ),
            "accent",
        )
        self.written.emit(self.windowTitle(), None)
        self._show_buttons()
        self.print_button.setFocus()

    def _on_written(self, back: CalendarEdit | None) -> None:
        self.written.emit(self.windowTitle(), back)
        self.accept()

    # The people to tell

    def print_people(self) -> None:
        """Print the list of people to tell."""
        if self._told:
            self._calls.print_people(self._told, decision=self.decision.value())

    def save_people(self) -> None:
        """Save the list as CSV or Excel."""
        if not self._told or self._work.is_running:
            return
        suggested = Path.home() / f"nguoi-can-bao-{self._calls.now():%Y%m%d}.csv"
        path = self._interaction.choose_file_save(
            self.tr("Lưu danh sách người cần báo"),
            suggested=suggested,
            kinds="CSV (*.csv);;Excel (*.xlsx)",
        )
        if path is None:
            return
        told, decision = self._told, self.decision.value()

        def saved(_none: object) -> None:
            self.message.show_message(self.tr("Đã lưu {name}.").format(name=path.name), "accent")

        self._run(lambda _progress: self._calls.write_people(path, told, decision=decision), saved)

    # Running

    def _run(self, work: Callable[[Progress], Any], on_done: Callable[[Any], None]) -> None:
        self._work.start(work, on_done, self._on_failed)

    def reject(self) -> None:
        """Ask what is running to stop; else close."""
        if not self._work.stop():
            super().reject()

    def _on_failed(self, error: UserError) -> None:
        self._shown = None
        if not self.form.show_error(error):
            self.message.show_message(error.message, "danger")
        self._show_buttons()

    def _show_buttons(self) -> None:
        touched = self._shown[1].touched if self._shown else ()
        is_done = bool(self._told)
        verb = self.tr("Xem lời hẹn bị chạm")
        if self._shown is not None:
            verb = self.tr("Ghi vào lịch")
            if touched:
                verb = self.tr("Xác nhận, thêm {count} lời hẹn").format(
                    count=format_number(len(touched))
                )
        self.do_button.set_verb(verb)
        is_waiting = self._edit is not None and not (
            self._edit.days or self._edit.removed or self._edit.years
        )
        self.later_button.setVisible(bool(touched) and not is_done and not is_waiting)
        self.do_button.setVisible(not is_done)
        self.print_button.setVisible(is_done)
        self.save_button.setVisible(is_done)
