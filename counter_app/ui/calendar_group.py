"""The calendar in the settings: a year in one view, its dated days, and the ways to change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.calendar import DayKind
from counter_app.domain.calendar_changes import KIND_LABELS, KIND_MARKS
from counter_app.domain.days import FIRST_YEAR, LAST_YEAR
from counter_app.domain.rights import Act
from counter_app.domain.words import format_date, format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.calendar_calls import CalendarCalls
from counter_app.ui.calendar_edit_dialog import CalendarEditDialog
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window, short_weekday
from counter_app.ui.year_view import YearView

if TYPE_CHECKING:
    from counter_app.services.calendar_edits import CalendarEdit

_KINDS = "Lịch (*.csv *.xlsx *.xls *.ods *.json)"


class CalendarGroup(QWidget):
    """Twelve months, the list of days that differ, what waits for a decision."""

    saved = Signal(str, object, object)  # label, value before, callable that writes it
    told = Signal(str)

    def __init__(
        self,
        calls: CalendarCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """The year of today is shown first; it is read when the group is."""
        super().__init__(parent)
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self.dialog: CalendarEditDialog | None = None
        self.view = YearView(calendar=calls.calendar, today=calls.today)
        self.year_label = QLabel()
        self.year_label.setFont(theme().font(metrics().title_size, strong=True))
        self.state_label = MessageLabel()
        self.day_label = MessageLabel()
        self.day_label.setMinimumHeight(metrics().step(6))
        self.before_button = ActionButton(self.tr("Năm trước"), key="Ctrl+PgUp")
        self.after_button = ActionButton(self.tr("Năm sau"), key="Ctrl+PgDown")
        self.add_button = ActionButton(
            self.tr("Ghi ngày theo quyết định"), key="F9", kind="main", act=Act.CALENDAR
        )
        self.import_button = ActionButton(self.tr("Nhập tệp lịch…"), icon="list", act=Act.CALENDAR)
        self.announce_button = ActionButton(
            self.tr("Lịch năm này đã công bố"), icon="check", act=Act.CALENDAR
        )
        self.remove_button = ActionButton(self.tr("Bỏ ngày đang chọn"), act=Act.CALENDAR)
        self.waiting_button = ActionButton(self.tr("Lời hẹn chờ quyết định"), act=Act.CALENDAR)
        self.model = RowTableModel(self._columns(), self)
        self.table = TableView(empty_text=self.tr("Năm này chưa có ngày nghỉ, ngày làm bù nào."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Các ngày khác ngày thường"))
        self._lay_out()
        self._connect()

    def _columns(self) -> list[Column]:
        def day(row: dict[str, Any]) -> str:
            read = date.fromisoformat(row["date"])
            return f"{short_weekday(read)} {read:%d/%m}"

        def kind(row: dict[str, Any]) -> str:
            of = DayKind(row["kind"])
            if row["confirmed"]:
                return f"{KIND_MARKS[of]}  {in_window(KIND_LABELS[of])}"
            word = self.tr("{kind}, dự kiến").format(kind=in_window(KIND_LABELS[of]))
            return f"{KIND_MARKS[of].lower()}  {word}"

        def told(row: dict[str, Any]) -> str:
            return " · ".join(filter(None, (row["name"], row["hours"])))

        return [
            Column(self.tr("Ngày"), day, width=82, figures=True),
            Column(self.tr("Loại"), kind, width=112, tooltip=kind),
            Column(
                self.tr("Tên, giờ"),
                told,
                tooltip=lambda row: f"{told(row)}\n{row['source']}",
            ),
        ]

    def _lay_out(self) -> None:
        measures = metrics()
        head = QHBoxLayout()
        head.setSpacing(measures.step(2))
        head.addWidget(self.year_label)
        head.addWidget(self.state_label, 1)
        head.addWidget(self.before_button)
        head.addWidget(self.after_button)
        side = QVBoxLayout()
        side.setSpacing(measures.step(2))
        side.addWidget(self.table, 1)
        self.table.setMinimumWidth(measures.px(300))
        self.table.setMinimumHeight(measures.px(120))
        middle = QHBoxLayout()
        middle.setSpacing(measures.step(4))
        middle.addWidget(self.view, 5)
        middle.addLayout(side, 3)
        foot = QHBoxLayout()
        foot.setSpacing(measures.step(2))
        for button in (
            self.add_button,
            self.import_button,
            self.announce_button,
            self.remove_button,
            self.waiting_button,
        ):
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(2))
        column.addLayout(head)
        column.addLayout(middle, 1)
        legend = QLabel(
            self.tr(
                "N nghỉ · B làm bù · R giờ riêng; chữ thường: dự kiến, chưa công bố. "
                "Mũi tên đi từng ngày, PageUp và PageDown đi từng tháng."
            )
        )
        legend.setFont(theme().font(metrics().small_size))
        set_tone(legend, "muted")
        column.addWidget(self.day_label)
        column.addWidget(legend)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.before_button.clicked.connect(self.year_before)
        self.after_button.clicked.connect(self.year_after)
        self.add_button.clicked.connect(self.add_days)
        self.import_button.clicked.connect(self.import_file)
        self.announce_button.clicked.connect(self.announce)
        self.remove_button.clicked.connect(self.remove_day)
        self.waiting_button.clicked.connect(self.confirm_waiting)
        self.view.day_chosen.connect(self._on_day_chosen)
        self.table.row_selected.connect(self._on_row_selected)

    # What is shown

    def show_values(self) -> None:
        """Read the year again, once it can be seen."""
        if self.isVisible():
            self._show_year()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the year when the group is chosen."""
        super().showEvent(event)
        self._show_year()

    def _show_year(self) -> None:
        year = self._calls.year(self.view.day.year)
        self.year_label.setText(self.tr("Năm {year}").format(year=year["year"]))
        working = self.tr("{count} ngày làm việc.").format(count=year["working_days"])
        if year["confirmed"]:
            source = self.tr("Đã công bố. {source}").format(source=year["source"])
            self.state_label.show_message(f"{working} {source}".strip(), "muted")
            self.announce_button.set_reason(self.tr("Lịch năm này đã công bố."))
        else:
            words = self.tr("Chưa công bố: ngày hẹn rơi vào năm này là tạm tính.")
            self.state_label.show_message(f"{working} {words}", "warning")
            self.announce_button.set_reason(None)
        self.model.set_rows(year["days"])
        self.view.update()
        self._on_day_chosen(self.view.day)
        waiting = self._calls.waiting
        self._runner.run(
            lambda _job: len(waiting()),
            on_done=self._on_waiting_counted,
            owner=self,
            group="calendar-waiting",
        )

    def _on_waiting_counted(self, count: int) -> None:
        self.waiting_button.setVisible(bool(count))
        self.waiting_button.set_verb(
            self.tr("{count} lời hẹn chờ quyết định").format(count=format_number(count))
        )

    def _on_day_chosen(self, day: date) -> None:
        self.day_label.show_message(self.view.words(day), "muted")
        known = self._calls.calendar().day(day)
        self.remove_button.set_reason(
            None if known is not None else self.tr("Ngày đang chọn là ngày thường.")
        )

    def _on_row_selected(self, row: dict[str, Any] | None) -> None:
        if row is not None:
            self.view.set_day(date.fromisoformat(row["date"]))

    def year_before(self) -> None:
        """Show the year before (Ctrl+PgUp)."""
        self._go_to(self.view.day.year - 1)

    def year_after(self) -> None:
        """Show the year after (Ctrl+PgDown)."""
        self._go_to(self.view.day.year + 1)

    def _go_to(self, year: int) -> None:
        if self.isVisible() and FIRST_YEAR <= year <= LAST_YEAR:
            is_now = year == self._calls.today.year
            self.view.set_day(self._calls.today if is_now else date(year, 1, 1))
            self._show_year()

    # What changes it

    def add_days(self) -> None:
        """Enter a decision's days in six lines (F9)."""
        self._open(self.tr("Ghi ngày theo quyết định"), None)

    def import_file(self) -> None:
        """Choose a file, see what it touches."""
        path = self._interaction.choose_file_open(self.tr("Chọn tệp lịch"), kinds=_KINDS)
        if path is None:
            return
        title, read = self.tr("Nhập lịch từ {name}").format(name=path.name), self._calls.read_file
        self._runner.run(
            lambda _job: read(path),
            on_done=lambda edit: self._open(title, edit),
            on_error=self._on_failed,
            owner=self,
        )

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)

    def announce(self) -> None:
        """Take the year that is shown as announced, with the days it has."""
        year = self.view.day.year
        self._open(self.tr("Công bố lịch năm {year}").format(year=year), self._edit(years=(year,)))

    def remove_day(self) -> None:
        """Take the chosen dated day out of the calendar."""
        known = self._calls.calendar().day(self.view.day)
        if known is not None:
            self._open(
                self.tr("Bỏ ngày {day} khỏi lịch").format(day=format_date(known.date)),
                self._edit(removed=((known.date, known.kind),)),
            )

    def confirm_waiting(self) -> None:
        """Confirm what earlier edits touched by a decision's number."""
        self._open(self.tr("Xác nhận lời hẹn theo quyết định"), self._edit())

    @staticmethod
    def _edit(**parts: Any) -> CalendarEdit:
        from counter_app.services.calendar_edits import CalendarEdit

        return CalendarEdit(**parts)

    def _open(self, title: str, edit: CalendarEdit | None) -> None:
        self.dialog = CalendarEditDialog(
            self._calls,
            runner=self._runner,
            interaction=self._interaction,
            title=title,
            year=self.view.day.year,
            make=self._edit,
            edit=edit,
            parent=self,
        )
        self.dialog.written.connect(self._on_written)
        self.dialog.open()

    def _on_written(self, label: str, back: CalendarEdit | None) -> None:
        self._show_year()
        if back is not None:
            self.saved.emit(label, back, self._take_back)
        else:
            self.told.emit(self.tr("Đã ghi lịch: {label}.").format(label=label))

    def _take_back(self, edit: CalendarEdit) -> Callable[[], object]:
        """Return what puts an edit back: promises are counted anew for it, so in a task."""
        return partial(self._calls.take_back, edit)
