"""The rows of a 15-hour sheet that came back: k or kk, the reason, the day, then the letters.

The clerk types what the officer ticked, line by line; Enter goes on, F9 records. Answers are typed
words in a field, not keys of their own: UniKey and scanners may stay on.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.numbering import parse_office_paper
from counter_app.domain.text import clean_line
from counter_app.domain.unit_sheet import SheetAnswer, SheetRowFacts
from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import reason_field
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice
from counter_app.ui.day_fields import ComingDayField
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR, Note, TextField, set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.office_paper_calls import OfficePaperCalls
from counter_app.ui.theme import metrics
from counter_app.ui.turns import take_turn
from counter_app.ui.views import see_through

_AT_A_TURN = 2  # rows
# Least width at 100 % and share of the rest: number, dossier, due moment, answer, reason, day.
_COLUMNS = ((32, 0), (0, 1), (132, 0), (108, 0), (0, 1), (140, 0))
_WORDS = {"k": SheetAnswer.KEPT, "kk": SheetAnswer.LATE}


def read_answer(text: str) -> SheetAnswer | None:
    """Read what was typed for a tick; None if it is neither.

    >>> [read_answer(text) for text in ("k", " KK ", "kịp", "không kịp", "x")]
    [<SheetAnswer.KEPT: 'kept'>, <SheetAnswer.LATE: 'late'>, <SheetAnswer.KEPT: 'kept'>, \
<SheetAnswer.LATE: 'late'>, None]
    """
    word = clean_line(text).lower()
    if not word:
        return SheetAnswer.NONE
    return {**_WORDS, "kịp": SheetAnswer.KEPT, "không kịp": SheetAnswer.LATE}.get(word)


class _Line:
    """The fields of one dossier."""

    def __init__(self, dialog: UnitSheetDialog, facts: SheetRowFacts) -> None:
        calls = dialog.calls
        self.facts = facts
        self.answer = TextField(check=dialog.judge_answer, chars=10)
        self.reason = reason_field(calls.reasons)
        self.day = ComingDayField(
            calendar=calls.calendar,
            today=calls.now().date(),
            later_than=None if facts.due_at is None else facts.due_at.date(),
        )
        self.message = MessageLabel()
        self.day.setMinimumWidth(self.day.sizeHint().width())  # its hint is seen whole
        for field in self.fields():
            field.message_changed.connect(self.message.show_message)
        self.answer.textChanged.connect(self.refresh)
        self.fill()

    def fields(self) -> tuple[TextField, TextField, TextField]:
        """Return the fields in the order of the keys."""
        return self.answer, self.reason, self.day

    def fill(self) -> None:
        """Show what was recorded before; a recorded reschedule stays as it is."""
        told = {SheetAnswer.KEPT.value: "k", SheetAnswer.LATE.value: "kk"}
        self.answer.setText(told.get(self.facts.answer, ""))
        if self.facts.reason:
            self.reason.set_choice(Choice(self.facts.reason, self.facts.reason))
        if self.facts.proposed_at is not None:
            self.day.set_parsed(self.facts.proposed_at.date())
        is_done = self.facts.answer == SheetAnswer.LATE or not self.facts.is_open
        for field in self.fields():
            field.setEnabled(not is_done)
        if not is_done:
            self.refresh()

    def refresh(self, *_: object) -> None:
        """Reason and day are asked only where it will not be in time."""
        is_late = read_answer(self.answer.text()) is SheetAnswer.LATE
        self.reason.setEnabled(is_late)
        self.day.setEnabled(is_late)

    def is_new(self) -> bool:
        """Say whether something stands here that isn't recorded yet."""
        answer = read_answer(self.answer.text())
        return (
            self.answer.isEnabled()
            and answer not in (None, SheetAnswer.NONE)
            and (answer.value != self.facts.answer)
        )


class _Row(QWidget):
    """A row whose columns stand under those of the others."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(metrics().step(2))
        self.grid.setVerticalSpacing(metrics().step(1))
        for column, (least, stretch) in enumerate(_COLUMNS):
            self.grid.setColumnMinimumWidth(column, metrics().px(least))
            self.grid.setColumnStretch(column, stretch)


class UnitSheetDialog(DeskDialog):
    """One sheet and its rows, to be answered as the unit's officer ticked them."""

    sheet_wanted = Signal(str)  # another sheet was scanned: a pile is keyed one after the other

    def __init__(
        self,
        code: str,
        calls: OfficePaperCalls,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Raise ``UserError`` if there is no such sheet."""
        self.calls = calls
        self.paper, rows = calls.sheet(code)
        super().__init__(
            f"{self.paper.unit} – {self.paper.code}",
            "",
            parent,
        )
        self.lead_label.setText(
            self.tr(
                "In lúc {at}. Ở mỗi dòng gõ k (kịp) hoặc kk (không kịp); không kịp thì ghi lý do "
                "và ngày đơn vị đề nghị. Enter sang ô sau, F9 ghi."
            ).format(at=format_moment(self.paper.made_at))
        )
        self._interaction = interaction
        self._too_late = 0
        self.lines: list[_Line] = []
        self._handed = [row for row in rows if row.part == "handed"]
        self.save_button = ActionButton(self.tr("Ghi trả lời"), key="F9", kind="main", icon="save")
        self.again_button = ActionButton(self.tr("In lại tờ này"), key="Ctrl+R", icon="print")
        self.save_button.clicked.connect(self.main_action)
        self.again_button.clicked.connect(self.print_again)
        self.add_key("Ctrl+R", self.print_again)
        self._to_make = deque(row for row in rows if row.part == "due")
        self._rows = self._make_rows()
        self._make_some()
        self.add_buttons(self.save_button, (self.again_button,))
        self.fit(1180, 620)
        self._show_stage()
        first = next((line for line in self.lines if line.answer.isEnabled()), None)
        (first.answer if first else self.save_button).setFocus()

    def judge_answer(self, text: str) -> Note | None:
        """Say what may be typed for a tick."""
        if read_answer(text) is None:
            return Note(self.tr("Gõ k nếu kịp, kk nếu không kịp."), ERROR)
        return None

    def _make_rows(self) -> QVBoxLayout:
        """Make the frame of the rows; each is laid out by itself, so that one more moves none."""
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        see_through(scroll)
        self.column.addWidget(scroll, 1)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, metrics().step(2), 0)
        rows.setSpacing(metrics().step(1))
        heading = _Row()
        for column, text in enumerate(
            (self.tr("TT"), self.tr("Hồ sơ"), self.tr("Hẹn trả"), *self._answer_words())
        ):
            label = QLabel(text)
            set_tone(label, "muted")
            heading.grid.addWidget(label, 0, column)
        rows.addWidget(heading)
        due = QVBoxLayout()
        due.setSpacing(metrics().step(1))
        rows.addLayout(due)
        if self._handed:
            rows.addWidget(self._handed_row())
        if not self._to_make:
            words = self.tr("Tờ này không hỏi hạn hồ sơ nào.")
            rows.addWidget(QLabel(words))
        rows.addStretch(1)
        scroll.setWidget(inside)
        inside.setAutoFillBackground(False)
        return due

    def _answer_words(self) -> tuple[str, str, str]:
        return self.tr("Kịp?"), self.tr("Lý do"), self.tr("Ngày đề nghị")

    def _make_some(self) -> None:
        for _ in range(min(_AT_A_TURN, len(self._to_make))):
            self.lines.append(_Line(self, self._to_make.popleft()))
            self._rows.addWidget(self._row_of(self.lines[-1]))

    @Slot()
    def _make_rest(self) -> None:
        """Make the other rows of a long sheet, between the keys of who types meanwhile."""
        if self._to_make and self.isVisible():
            self._make_some()
            QTimer.singleShot(0, self, self._make_rest)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the first rows at once."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._make_rest)

    def _row_of(self, line: _Line) -> QWidget:
        facts, row = line.facts, _Row()
        grid = row.grid
        top = Qt.AlignmentFlag.AlignTop
        who = QLabel(f"{facts.code}  ·  {facts.name}")
        which = QLabel(self._state_words(facts) or facts.procedure)
        for words in (who, which):
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tone(which, "muted")
        due = QLabel("" if facts.due_at is None else format_moment(facts.due_at))
        grid.addWidget(QLabel(str(facts.position)), 0, 0)
        grid.addWidget(who, 0, 1)
        grid.addWidget(which, 1, 1, top)
        grid.addWidget(due, 0, 2)
        for column, (field, label) in enumerate(
            zip(line.fields(), self._answer_words(), strict=True), 3
        ):
            field.setAccessibleName(f"{label} {facts.position}")
            grid.addWidget(field, 0, column)
        grid.addWidget(line.message, 1, 3, 1, 3, top)
        return row

    def _handed_row(self) -> QLabel:
        codes = ", ".join(facts.code for facts in self._handed)
        words = self.tr("Bàn giao trên tờ này: {codes}.").format(codes=codes)
        label = QLabel(words)
        label.setWordWrap(True)
        set_tone(label, "muted")
        return label

    def _state_words(self, facts: SheetRowFacts) -> str:
        if not facts.is_open:
            return self.tr("Hồ sơ này không còn xử lý, không cần trả lời.")
        if facts.answer == SheetAnswer.LATE:
            return self.tr("Đã ghi không kịp.")
        if facts.is_rescheduled:
            return self.tr("Đã hẹn lại một lần.")
        return ""

    def take_code(self, text: str) -> bool:
        """The next sheet's code goes on with it, once this one's answers are recorded."""
        parsed = parse_office_paper(text)
        if parsed is None or parsed[0] != "TOGIAO":
            return False
        if any(line.is_new() for line in self.lines):
            self.say(self.tr("Còn trả lời chưa ghi: nhấn F9 rồi quét tờ sau."), "danger")
        elif parsed[1] != self.paper.code:
            self.accept()
            self.sheet_wanted.emit(parsed[1])
        return True

    # Acts

    def main_action(self) -> None:
        """Record the answers, then issue the letters they led to (F9 again)."""
        if any(line.is_new() for line in self.lines):
            self._record()
        elif self._ready():
            self._issue()
        else:
            self.say(self.tr("Chưa có trả lời mới để ghi."))

    def _record(self) -> None:
        self._too_late = 0
        done = 0
        wrong: TextField | None = None
        for line in tuple(self.lines):
            field = self._wrong_field(line)
            if field is None and line.is_new():
                field = self._record_line(line)
                done += field is None
                take_turn(self)
            wrong = wrong or field
        self._reload()
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            words = self.tr("Đã ghi {count} dòng. Sửa dòng được đánh dấu rồi nhấn F9.")
            self.say(words.format(count=done), "danger")
        else:
            told = self.tr("Đã ghi {count} dòng.").format(count=done)
            if self._too_late:
                late = self.tr("{count} dòng đã quá muộn để hẹn lại, ghi làm lý do trễ hạn.")
                told = f"{told} {late.format(count=self._too_late)}"
            self.say(told, "warning" if self._too_late else "accent")

    def _wrong_field(self, line: _Line) -> TextField | None:
        if not line.answer.isEnabled():
            return None
        if not line.answer.validate():
            return line.answer
        if read_answer(line.answer.text()) is SheetAnswer.LATE and line.is_new():
            for field, words in (
                (line.reason, self.tr("Không kịp thì ghi lý do.")),
                (line.day, self.tr("Không kịp thì ghi ngày đơn vị đề nghị.")),
            ):
                if not field.value():
                    field.set_note(Note(words, ERROR))
                    return field
                if not field.validate():
                    return field
        return None

    def _record_line(self, line: _Line) -> TextField | None:
        answer = read_answer(line.answer.text())
        values: dict[str, Any] = {"answer": "" if answer is None else answer.value}
        if answer is SheetAnswer.LATE:
            values |= {"reason": line.reason.value(), "proposed": self._moment(line)}
        try:
            recorded = self.calls.answer(self.paper.code, line.facts.position, **values)
        except UserError as error:
            fields = {"reason": line.reason, "proposed": line.day, "new_due": line.day}
            field = fields.get(error.field or "", line.answer)
            field.set_note(Note(error.message, ERROR))
            return field
        self._too_late += recorded.outcome == "explained"
        return None

    @staticmethod
    def _moment(line: _Line) -> datetime | None:
        return line.day.moment()

    def _reload(self) -> None:
        """Show what is recorded now; what could not be recorded stays as it was typed."""
        _, rows = self.calls.sheet(self.paper.code)
        known = {row.id: row for row in rows}
        for line in self.lines:
            before = line.facts
            line.facts = known[before.id]
            if line.facts.answer != before.answer:
                line.fill()
        self._show_stage()

    def _ready(self) -> int:
        return len(self.calls.letters_ready(self.paper.code))

    def _show_stage(self) -> None:
        count = self._ready()
        words = self.tr("Phát hành {count} văn bản").format(count=count)
        self.save_button.set_verb(words if count else self.tr("Ghi trả lời"))

    def _issue(self) -> None:
        try:
            papers = self.calls.issue_letters(self.paper.code, self._on_issued)
        except UserError as error:
            self.say(error.message, "danger")
            return
        self._show_stage()
        words = self.tr("Đã phát hành {count} văn bản xin lỗi, hẹn lại.")
        self.say(words.format(count=len(papers)), "accent")
        self.calls.print_papers(papers)

    def _on_issued(self, done: int, total: int) -> None:
        words = self.tr("Đang làm: {done}/{total}…")
        self.say(words.format(done=done, total=total))
        take_turn(self)

    def print_again(self) -> None:
        """Print the sheet again as it was."""
        try:
            self.calls.print_again(self.paper.code)
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.say(self.tr("In lại tờ {code}.").format(code=self.paper.code))
        self.calls.print_codes([self.paper.code])

    def reject(self) -> None:
        """Leave; what was typed and not recorded is asked about, never thrown away silently."""
        if any(line.is_new() for line in self.lines) and not self._interaction.confirm(
            self.tr("Còn trả lời chưa ghi. Đóng và bỏ các trả lời ấy?"),
            yes=self.tr("Đóng, không ghi"),
            no=self.tr("Ở lại"),
        ):
            return
        super().reject()
