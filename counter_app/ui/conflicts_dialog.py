"""Mâu thuẫn: what desks or lists said otherwise, side by side; one is kept, or a third written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.days import DayError
from counter_app.domain.rights import Act
from counter_app.domain.words import format_moment, format_number
from counter_app.errors import UserError
from counter_app.services.sync_conflicts import ConflictFacts, Side
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.day_fields import parse_past_moment
from counter_app.ui.fields import Note, TextField, set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.keys import bind_main_act
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.sync_calls import SyncCalls
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme

_FIRST, _SECOND, _OTHER = range(3)


class SideView(QWidget):
    """One side: what it says, who said it when and where, and its paper."""

    def __init__(self, open_paper: Callable[[Side], object]) -> None:
        """Start empty."""
        super().__init__()
        self._open_paper = open_paper
        self._side: Side | None = None
        self.caption, self.value, self.who = QLabel(), QLabel(), QLabel()
        self.value.setFont(theme().font(metrics().title_size, strong=True))
        set_tone(self.caption, "muted")
        set_tone(self.who, "muted")
        for label in (self.caption, self.value, self.who):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.paper_button = ActionButton(self.tr("Xem giấy đã in…"), kind="quiet")
        self.paper_button.setAutoDefault(False)
        self.paper_button.clicked.connect(self._on_paper_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(1))
        for widget in (self.caption, self.value, self.who):
            column.addWidget(widget)
        column.addWidget(self.paper_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_side(self, side: Side | None, caption: str) -> None:
        """Show a side, or nothing."""
        self._side = side
        self.caption.setText(caption if side else "")
        self.value.setText((side.value or self.tr("(để trống)")) if side else "")
        who = ""
        if side:
            who = self.tr("{by}, {counter}\n{at}").format(
                by=side.by or self.tr("không ghi tên"),
                counter=side.counter,
                at=format_moment(side.at),
            )
        self.who.setText(who)
        self.paper_button.setVisible(bool(side and side.paper_uuid))
        is_earlier = side is not None and side.is_earlier_paper
        self.paper_button.setText(
            self.tr("Xem giấy in trước đó…") if is_earlier else self.tr("Xem giấy đã in…")
        )

    def _on_paper_clicked(self) -> None:
        if self._side is not None:
            self._open_paper(self._side)


class ConflictsDialog(ScreenDialog):
    """All open disagreements at the left, the chosen one side by side."""

    decided = Signal()

    def __init__(self, calls: SyncCalls, runner: TaskRunner, parent: QWidget | None = None) -> None:
        """Open on the oldest one."""
        super().__init__(parent)
        self._calls, self._runner = calls, runner
        self._shown: ConflictFacts | None = None
        self._is_reading = False
        self.setWindowTitle(self.tr("Chỗ ghi khác nhau"))
        self.setMinimumSize(metrics().px(1140), metrics().px(560))
        self._build()
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.group.idToggled.connect(self._refresh)
        self.decide_button.clicked.connect(self.decide)
        self.leave_button.clicked.connect(self.reject)
        bind_main_act(self, self.decide)
        self._show(None)
        self.reload()
        self.table.setFocus()

    def _build(self) -> None:
        self.heading = QLabel()
        self.heading.setFont(theme().font(metrics().title_size, strong=True))
        self.table = TableView()
        self.table.setAccessibleName(self.tr("Các chỗ khác nhau"))
        self.table.set_model(
            RowTableModel(
                [
                    Column(self.tr("Mã hồ sơ"), "shown_code", width=190, figures=True),
                    Column(self.tr("Chủ hồ sơ"), "applicant_name", width=140),
                    Column(self.tr("Khác nhau ở"), "label"),
                ],
                self,
            )
        )
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(theme().font(strong=True))
        self.sides = (SideView(self._open_paper), SideView(self._open_paper))
        self.group = QButtonGroup(self)
        self.radios = (
            QRadioButton(self.tr("Giữ bên trái")),
            QRadioButton(self.tr("Giữ bên phải")),
            QRadioButton(self.tr("Ghi giá trị khác")),
        )
        for number, radio in enumerate(self.radios):
            self.group.addButton(radio, number)
        self.other = TextField(max_length=500)
        self.other.setAccessibleName(self.tr("Giá trị khác"))
        self.choice = ChoiceField()
        self.choice.setAccessibleName(self.tr("Giá trị khác"))
        self.choice.setPlaceholderText(self.tr("chọn giá trị đúng"))
        self.message = MessageLabel()
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_tone(self.note, "muted")
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self.decide_button = ActionButton(
            self.tr("Quyết định"), key="F9", kind="main", icon="check", act=Act.RESOLVE
        )
        for button in (self.leave_button, self.decide_button):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(6)
        right = QVBoxLayout()
        right.setSpacing(measures.step(3))
        right.addWidget(self.title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(measures.step(6))
        for place, (view, radio) in enumerate(zip(self.sides, self.radios, strict=False)):
            grid.addWidget(view, 0, place)
            grid.addWidget(radio, 1, place)
            grid.setColumnStretch(place, 1)
        right.addLayout(grid)
        third = QHBoxLayout()
        third.addWidget(self.radios[_OTHER])
        third.addWidget(self.other, 1)
        third.addWidget(self.choice, 1)
        right.addLayout(third)
        right.addWidget(self.message)
        right.addWidget(self.note)
        right.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(measures.step(6))
        middle.addWidget(self.table, 6)
        middle.addLayout(right, 7)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.decide_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(measures.step(3))
        column.addWidget(self.heading)
        column.addLayout(middle, 1)
        column.addLayout(buttons)

    # Showing

    def reload(self) -> None:
        """Read what is open now, in a task: a list can leave hundreds of doubts."""
        read = self._calls.conflicts
        self._is_reading = True
        self.table.set_empty_text(self.tr("Đang đọc…"))
        self._refresh()
        self._runner.run(
            lambda _job: read(), on_done=self._on_read, on_error=self._on_not_read, owner=self
        )

    def _on_read(self, found: list[ConflictFacts]) -> None:
        """Show what is open; the cursor stays near where it was."""
        at = max(0, self.table.currentIndex().row())
        self._is_reading = False
        self.table.set_empty_text(self.tr("Không còn chỗ nào ghi khác nhau."))
        self.heading.setText(
            self.tr("{count} chỗ ghi khác nhau").format(count=format_number(len(found)))
            if found
            else self.tr("Không còn chỗ nào khác nhau")
        )
        self._show_rows(found, at)

    def _on_not_read(self, error: UserError) -> None:
        self._is_reading = False
        self.table.set_empty_text("")
        self.heading.setText("")
        self._show_rows([], 0)
        self.message.show_message(error.message, "danger")

    def _show_rows(self, found: list[ConflictFacts], at: int) -> None:
        model = self.table.model()
        if isinstance(model, RowTableModel):
            model.set_rows(found)
        if found:
            self.table.select_row(min(at, len(found) - 1))
        self._show(self.table.current_row() if found else None)

    def _on_row_changed(self, *_: object) -> None:
        self._show(self.table.current_row())

    def _show(self, conflict: ConflictFacts | None) -> None:
        self._shown = conflict
        self.message.show_message("", "")
        self.group.setExclusive(False)
        for radio in self.radios:
            radio.setChecked(False)
        self.group.setExclusive(True)
        self.other.setText("")
        is_any = conflict is not None
        for widget in (*self.radios[:_OTHER], self.title, self.note):
            widget.setVisible(is_any)
        can_write = conflict is not None and conflict.takes_value
        self.radios[_OTHER].setVisible(can_write)
        choices = conflict.choices if conflict is not None else ()
        self.choice.set_choices([Choice(value, words) for value, words in choices])
        self.choice.setCurrentIndex(-1)
        self.choice.setVisible(bool(choices))
        self.other.setVisible(can_write and not choices)
        is_list = conflict is not None and conflict.kind == "list"
        captions = (
            self.tr("Đang tính theo bên này"),
            self.tr("Danh sách ghi") if is_list else self.tr("Đang chờ"),
        )
        both = (conflict.first, conflict.second) if conflict else (None, None)
        for view, side, caption in zip(self.sides, both, captions, strict=True):
            view.show_side(side, caption)
        if conflict is not None:
            self.title.setText(
                f"{conflict.shown_code}  {conflict.applicant_name}: {conflict.label}"
            )
            self.other.setPlaceholderText(
                self.tr("ví dụ 17:00 27/11/2026")
                if conflict.is_date
                else self.tr("gõ giá trị đúng")
            )
            self.note.setText(self._note(conflict))
        self._refresh()

    def _note(self, conflict: ConflictFacts) -> str:
        if conflict.kind == "promise":
            return self.tr(
                "Hai giấy hẹn đã in khác ngày: cho tới khi quyết định, ngày sớm hơn ràng buộc "
                "đơn vị. Quyết định ngày muộn hơn thì báo cho người dân."
            )
        if conflict.kind == "step":
            return self.tr(
                "Hai bước làm ở hai quầy khi chưa biết nhau. Bước không giữ vẫn nằm trong lịch sử "
                "nhưng không được tính, cùng những gì làm tiếp theo nó."
            )
        if conflict.kind == "claim":
            return self.tr(
                "Hai hồ sơ mang một mã. Hồ sơ không được giữ mã thôi mang mã này; giấy đã in của "
                "nó cần in lại."
            )
        if conflict.is_choice:
            return self.tr(
                "Một dòng của danh sách có thể nói hồ sơ này hoặc hồ sơ khác. Đúng thì giữ bên "
                "phải rồi nhập lại danh sách: dòng ấy được ghi vào hồ sơ này."
            )
        if conflict.kind == "list" and conflict.field == "status":
            return self.tr(
                "Giữ bên phải thì bước của quầy mình được hoàn tác trong lịch sử và các bước theo "
                "danh sách được ghi tiếp, giờ ước tính khi danh sách không ghi; đã trễ vẫn là trễ."
            )
        if conflict.kind == "list":
            return self.tr(
                "Danh sách của hệ thống khác ghi khác quầy mình; giấy đã in vẫn đúng cho tới khi "
                "quyết định. Đã quyết định thì lần nhập sau không hỏi lại."
            )
        return self.tr("Quyết định được ghi vào lịch sử hồ sơ và đi theo gói tới các quầy khác.")

    def _refresh(self, *_: object) -> None:
        chosen = self.group.checkedId()
        if chosen == _OTHER:
            self._third_field().setFocus()
        reason = None
        if self._is_reading:
            reason = self.tr("đang đọc")
        elif self._shown is None:
            reason = self.tr("không có gì để quyết định")
        elif chosen < 0:
            reason = self.tr("chọn giữ một bên hoặc ghi giá trị khác")
        self.decide_button.set_reason(reason)

    def _third_field(self) -> TextField | ChoiceField:
        """Return where a third value is given: chosen where there are choices, else written."""
        return self.choice if self._shown is not None and self._shown.choices else self.other

    def _open_paper(self, side: Side) -> None:
        if self._shown is not None:
            self._calls.view_paper(side.paper_uuid, self._shown.shown_code)

    # Deciding

    def decide(self) -> None:
        """Write the decision as an event (F9); the next one is shown."""
        conflict, chosen = self._shown, self.group.checkedId()
        if conflict is None or chosen < 0 or self._is_reading:
            return
        keep, value = "", None
        if chosen == _OTHER:
            value = self._third(conflict)
            if value is None:
                return
        else:
            keep = (conflict.first if chosen == _FIRST else conflict.second).event_uuid
        try:
            self._calls.resolve(conflict.id, keep, value)
        except UserError as error:
            self.message.show_message(error.message, "danger")
            return
        self.decided.emit()
        self.reload()

    def _third(self, conflict: ConflictFacts) -> str | None:
        field = self._third_field()
        text = field.value() or ""
        words = ""
        if not text and conflict.choices:
            words = self.tr("Chọn giá trị khác rồi nhấn F9.")
        elif not text:
            words = self.tr("Gõ giá trị khác rồi nhấn F9.")
        elif conflict.is_date:
            try:
                text = parse_past_moment(text, now=self._calls.now()).isoformat()
            except DayError as error:
                words = str(error)
        if words:
            field.set_note(Note(words))
            self.message.show_message(words, "danger")
            field.setFocus()
            return None
        return text

    def take_code(self, _text: str) -> bool:
        """Leave scans alone: nothing here is scanned."""
        return False

    def keyPressEvent(self, event: Any) -> None:
        """Enter never decides."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)
