"""Quét liên tục: code after code into one pile, then all at once and one list to sign.

What was scanned outlives a closed window and a power cut: the pile is kept as it grows, with the
number of the list under which handing over began.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.identity import parse_card
from counter_app.domain.words import format_amount
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ENTER_KEYS, Note, NumberField, TextField, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import check_key
from counter_app.ui.pile_calls import PileCalls
from counter_app.ui.return_form import TickBox
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from counter_app.services.handing import Candidate, Outcomes

WAITING, DONE, REFUSED = "waiting", "done", "refused"
_WHO = ("collected_by", "proxy_id", "authorisation")


@dataclass(frozen=True, slots=True)
class PileRow:
    """One code of the pile and how it stands."""

    candidate: Candidate
    standing: str
    words: str

    @property
    def code(self) -> str:
        """The code as the clerk knows it."""
        return self.candidate.shown_code or self.candidate.code


def _tr(text: str) -> str:
    return QCoreApplication.translate("pile_dialog", text)


def _columns() -> list[Column]:
    tones = {REFUSED: "danger", DONE: "accent"}
    return [
        Column(_tr("Mã hồ sơ"), "code", width=200, figures=True),
        Column(_tr("Chủ hồ sơ"), lambda row: row.candidate.applicant_name, width=170),
        Column(_tr("Thủ tục"), lambda row: row.candidate.procedure_name, width=170),
        Column(
            _tr("Tình trạng"),
            "words",
            width=120,
            tone=lambda row: tones.get(row.standing, "warning" if row.candidate.owes else None),
            tooltip=lambda row: row.words,
        ),
    ]


class CodeField(TextField):
    """Takes one code after another: Enter puts it into the pile and stays."""

    entered = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter hands the code on; an empty line goes to the next field."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTER_KEYS and plain and self.value():
            text = self.value()
            self.clear()
            self.entered.emit(text)
            event.accept()
            return
        super().keyPressEvent(event)


class PileDialog(QDialog):
    """One pile: results that came, or results for one runner."""

    pile_done = Signal()  # dossiers have moved: lists and counts are old

    def __init__(
        self,
        calls: PileCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Open with what was left of the last pile."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Quét liên tục"))
        self.setMinimumSize(metrics().px(960), metrics().px(620))
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self._number = ""  # of a list that was begun
        self._is_busy = False
        self._build()
        self._lay_out()
        self._connect()
        self._restore()
        self._show_mode()
        self.code.setFocus()

    def _build(self) -> None:
        self.mode = ChoiceField(
            choices=[
                Choice(Move.RETURN.value, self.tr("Trả kết quả cho một người")),
                Choice(Move.COMPLETE.value, self.tr("Ghi có kết quả")),
            ]
        )
        self.code = CodeField(placeholder=self.tr("quét mã trên giấy hẹn, hoặc gõ mã rồi Enter"))
        self.collected_by = TextField(
            max_length=150, placeholder=self.tr("quét CCCD người nhận hoặc gõ họ tên")
        )
        self.proxy_id = NumberField()
        self.authorisation = TextField(
            max_length=200, placeholder=self.tr("số, ngày của giấy ủy quyền hoặc giới thiệu")
        )
        self.fee_paid = TickBox("")
        self.fee_receipt = TextField(max_length=60)
        self.form = FormGrid(beside=True, label_width=132)
        for label, field, name in (
            (self.tr("Việc cần làm"), self.mode, "mode"),
            (self.tr("Mã hồ sơ"), self.code, "code"),
            (self.tr("Người nhận"), self.collected_by, "collected_by"),
            (self.tr("Số định danh"), self.proxy_id, "proxy_id"),
            (self.tr("Giấy ủy quyền"), self.authorisation, "authorisation"),
        ):
            self.form.add_row(label, field, name=name)
        self.form.add_wide(self.fee_paid)
        self.form.add_row(self.tr("Số biên lai"), self.fee_receipt, name="receipt_number")
        self.model = RowTableModel(_columns(), self)
        self.table = TableView(
            empty_text=self.tr("Chưa có mã nào. Quét từng giấy hẹn; mã vào đây theo thứ tự quét.")
        )
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Các mã đã quét"))
        for place, column in enumerate(self.model.columns):
            self.table.setColumnWidth(place, metrics().px(column.width))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.message = MessageLabel()
        self.do_button = ActionButton("", key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Đóng, giữ lại"), key="Esc", kind="quiet")
        self.remove_button = ActionButton(self.tr("Bỏ mã"), key="Ctrl+I", kind="quiet")
        self.empty_button = ActionButton(self.tr("Bỏ cả lượt"), key="Ctrl+N", kind="quiet")
        self.lists_button = ActionButton(self.tr("In lại"), key="Ctrl+R", kind="quiet")

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(6)
        heading = QLabel(self.tr("Quét liên tục"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        self.count_label = QLabel()
        set_tone(self.count_label, "muted")
        self.message.setMinimumHeight(measures.step(6))
        buttons = QHBoxLayout()
        buttons.setSpacing(measures.step(2))
        for button in self._quiet_buttons():
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.do_button.setAutoDefault(False)
        buttons.addWidget(self.do_button)
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self.count_label)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(measures.step(2))
        column.addLayout(top)
        column.addWidget(self.form)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(buttons)

    def _quiet_buttons(self) -> tuple[ActionButton, ...]:
        return (self.leave_button, self.remove_button, self.empty_button, self.lists_button)

    def _connect(self) -> None:
        self.code.entered.connect(self.add_code)
        self.mode.value_changed.connect(self._on_mode_changed)
        for field in (self.collected_by, self.proxy_id, self.authorisation):
            field.tidied.connect(self._on_field_tidied)
        self.fee_paid.toggled.connect(self._show_fee)
        for button, slot, keys in (
            (self.do_button, self.submit, ("F9", "Ctrl+Return", "Ctrl+Enter")),
            (self.leave_button, self.reject, ()),
            (self.remove_button, self.remove_current, ("Ctrl+I",)),
            (self.empty_button, self.empty, ("Ctrl+N",)),
            (self.lists_button, self.reprint_list, ("Ctrl+R",)),
        ):
            button.clicked.connect(slot)
            for key in keys:
                QShortcut(check_key(key), self).activated.connect(slot)

    # The pile

    @property
    def act(self) -> Move:
        """What is done with the pile."""
        return Move(self.mode.value())

    def rows(self) -> list[PileRow]:
        """Return the pile, the last code first."""
        return self.model.rows()

    def take_code(self, text: str) -> bool:
        """Put a scanned code into the pile."""
        self.add_code(text)
        return True

    def take_card(self, text: str) -> bool:
        """Take the collector from a scanned card; the paper that authorises is typed next."""
        try:
            card = parse_card(text)
        except ValueError as error:
            self._say(str(error), "danger")
            return True
        if self.act is Move.RETURN:
            self.collected_by.set_value(card.full_name)
            self.proxy_id.set_value(card.citizen_id)
            self.authorisation.setFocus(Qt.FocusReason.OtherFocusReason)
            self._keep()
        return True

    def add_code(self, text: str) -> None:
        """Look a code up and put it on top of the pile; one that is in it already is only said."""
        if self._is_busy:
            self._say(self.tr("Đang ghi lượt này. Chờ xong rồi quét tiếp."), "warning")
            return
        try:
            found = self._calls.candidate(text, self.act)
        except UserError as error:
            self._say(error.message, "danger")
            return
        known = {row.candidate.uuid or row.candidate.code for row in self.rows()}
        if (found.uuid or found.code) in known:
            self._say(self.tr("Mã {code} đã có trong lượt này.").format(code=found.code), "warning")
            return
        before = self.rows()
        if not self.waiting():  # what the last pile did was read; this code begins another
            before = [row for row in before if row.standing != DONE]
        self.model.set_rows([self._row(found), *before])
        row = self.rows()[0]
        if row.standing == REFUSED:
            words = self.tr("{code}: {why}. Các mã khác không bị ảnh hưởng.")
            self._say(words.format(code=row.code, why=row.words.rstrip(".")), "danger")
        else:
            self._say("", "")
        self._show_counts()
        self._keep()

    def _row(self, found: Candidate) -> PileRow:
        if found.why_not:
            return PileRow(found, REFUSED, found.why_not)
        words = self.tr("sẽ trả") if self.act is Move.RETURN else self.tr("sẽ ghi có kết quả")
        if found.owes and self.act is Move.RETURN:
            words = self.tr("còn thu {amount}").format(amount=format_amount(found.owes))
        return PileRow(found, WAITING, words)

    def waiting(self) -> list[PileRow]:
        """Return what F9 will do, in the order it was scanned."""
        return [row for row in reversed(self.rows()) if row.standing == WAITING]

    def owed(self) -> int:
        """Return what is still to be paid for the whole pile."""
        if self.act is not Move.RETURN:
            return 0
        return sum(row.candidate.owes for row in self.waiting())

    def remove_current(self) -> None:
        """Take the chosen code out of the pile."""
        chosen = self.table.currentIndex()
        if self._is_busy or not chosen.isValid():
            return
        rows = self.rows()
        del rows[chosen.row()]
        self.model.set_rows(rows)
        self._show_counts()
        self._keep()

    def empty(self) -> None:
        """Throw the pile away, after a question; nothing that was recorded is touched."""
        if self._is_busy:
            return
        if self.waiting() and not self._interaction.confirm(
            self.tr("Bỏ {count} mã đang chờ?").format(count=len(self.waiting())),
            yes=self.tr("Bỏ cả lượt"),
            no=self.tr("Giữ lại"),
            detail=self.tr("Hồ sơ giữ nguyên, chỉ bỏ danh sách vừa quét."),
        ):
            return
        self._number = ""
        self.model.set_rows([])
        self._forget_who()
        self._say("", "")
        self._show_counts()
        self._keep()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget_who(self) -> None:
        for field in (self.collected_by, self.proxy_id, self.authorisation, self.fee_receipt):
            field.set_value("")
            field.set_note(None)
        self.fee_paid.setChecked(False)

    # What shows

    def _on_mode_changed(self, _mode: object) -> None:
        again = [self._calls.candidate(r.candidate.code, self.act) for r in self.rows()]
        self.model.set_rows([self._row(found) for found in again])
        self._show_mode()
        self._keep()

    def _show_mode(self) -> None:
        for name in _WHO:
            self.form.set_row_visible(name, visible=self.act is Move.RETURN)
        self._show_counts()

    def _show_counts(self) -> None:
        waiting = len(self.waiting())
        refused = sum(row.standing == REFUSED for row in self.rows())
        words = self.tr("{waiting} mã chờ").format(waiting=waiting)
        if refused:
            words += self.tr(" · {refused} không làm được").format(refused=refused)
        self.count_label.setText(words)
        verb = (
            self.tr("Trả {count} kết quả, in danh sách")
            if self.act is Move.RETURN
            else self.tr("Ghi có kết quả {count} hồ sơ")
        )
        self.do_button.set_verb(verb.format(count=waiting))
        self.do_button.setEnabled(waiting > 0 and not self._is_busy)
        self._show_fee()

    def _show_fee(self, _is_paid: bool = False) -> None:
        owed = self.owed()
        words = self.tr("Đã thu {amount} phí, lệ phí của cả lượt")
        self.fee_paid.setText(words.format(amount=format_amount(owed)))
        self.fee_paid.setVisible(owed > 0)
        is_shown = owed > 0 and self.fee_paid.isChecked()
        self.form.set_row_visible("receipt_number", visible=is_shown)

    def _say(self, text: str, tone: str) -> None:
        self.message.show_message(text, tone)

    # Doing it

    def submit(self) -> None:
        """Do the whole pile (F9); what can't be done stays in it with its reason."""
        if self._is_busy or not self.waiting() or not self._knows_who() or not self._fee_settled():
            return
        codes = [row.candidate.uuid for row in self.waiting()]
        calls, act, who = self._calls, self.act, self._who()
        if act is Move.RETURN and not self._number:
            try:
                self._number = calls.take_number()
            except UserError as error:
                self._say(error.message, "danger")
                return
            self._keep()
        number = self._number
        self._set_busy(True)

        def work(job: Any) -> Outcomes:
            if act is Move.RETURN:
                return calls.hand_over(codes, who, number, job.progress)
            return calls.complete(codes, job.progress)

        self._runner.run(
            work,
            on_done=self._on_done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
        )

    def _knows_who(self) -> bool:
        if self.act is not Move.RETURN:
            return True
        missing: list[tuple[TextField, str]] = [
            (self.collected_by, self.tr("Ghi họ tên người nhận, hoặc quét thẻ.")),
            (self.proxy_id, self.tr("Ghi số giấy tờ đã xem của người nhận.")),
            (self.authorisation, self.tr("Ghi giấy ủy quyền hoặc giới thiệu đã xem.")),
        ]
        owners = {row.candidate.applicant_name for row in self.waiting()}
        if owners == {self.collected_by.value()}:  # the owner of all of them
            missing = missing[:1]
        empty = [(field, words) for field, words in missing if not field.value()]
        for field, words in empty:
            field.set_note(Note(words))
        if empty:
            empty[0][0].setFocus(Qt.FocusReason.OtherFocusReason)
        return not empty

    def _fee_settled(self) -> bool:
        if not self.owed() or self.fee_paid.isChecked():
            return True
        return self._interaction.confirm(
            self.tr("Lượt này còn phải thu {amount}. Vẫn trả kết quả khi chưa thu?").format(
                amount=format_amount(self.owed())
            ),
            yes=self.tr("Vẫn trả"),
            no=self.tr("Quay lại"),
        )

    def _who(self) -> dict[str, Any]:
        is_paid = bool(self.owed()) and self.fee_paid.isChecked()
        return {
            "collected_by": self.collected_by.value(),
            "proxy_id": self.proxy_id.value(),
            "authorisation": self.authorisation.value(),
            "fee_paid": is_paid,
            "fee_receipt": self.fee_receipt.value() if is_paid else "",
        }

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.form.setEnabled(not is_busy)
        self.do_button.setEnabled(not is_busy)

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        words = self.tr("Đang ghi {done}/{total} …")
        self._say(words.format(done=done, total=total), "muted")

    def _on_done(self, found: Outcomes) -> None:
        self._set_busy(False)
        is_return = self.act is Move.RETURN
        done = {facts.uuid for facts in found.done}
        refused = dict(found.refused)
        word = self.tr("đã trả") if is_return else self.tr("đã ghi có kết quả")
        rows = []
        for row in self.rows():
            if row.candidate.uuid in done:
                rows.append(PileRow(row.candidate, DONE, word))
            elif row.candidate.uuid in refused:
                rows.append(PileRow(row.candidate, REFUSED, refused[row.candidate.uuid]))
            else:
                rows.append(row)
        self.model.set_rows(rows)
        self._number = ""
        self._tell(found, is_return=is_return)
        if not found.refused:
            self._forget_who()  # the next pile is another person's, with another paper
        self._show_counts()
        self._keep()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pile_done.emit()
        if found.paper_uuid:
            self._calls.print_papers([found.paper_uuid])

    def _tell(self, found: Outcomes, *, is_return: bool) -> None:
        words = (
            self.tr("Đã trả {done} hồ sơ cho {name}.")
            if is_return
            else self.tr("Đã ghi có kết quả {done} hồ sơ.")
        ).format(done=len(found.done), name=self.collected_by.value())
        if found.number:
            words += self.tr(" Danh sách {number} đã lập, in lại bằng Ctrl+R.").format(
                number=found.number
            )
        if found.refused:
            count = len(found.refused)
            words += self.tr(" {count} hồ sơ không làm được, lý do ở bảng.").format(count=count)
        self._say(words, "danger" if found.refused else "muted")

    def _on_failed(self, error: UserError) -> None:
        self._set_busy(False)
        self._show_counts()
        self._say(error.message, "danger")
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    # Lists

    def reprint_list(self) -> None:
        """Print one of the last lists again."""
        try:
            lists = self._calls.last_lists()
            if not lists:
                self._say(self.tr("Chưa có danh sách bàn giao nào."), "muted")
                return
            chosen = self._interaction.ask_choice(
                self.tr("In lại danh sách nào?"),
                [words for _, words in lists],
                yes=self.tr("In lại"),
            )
            if chosen is not None:
                self._calls.print_papers([self._calls.reprint(lists[chosen][0])])
        except UserError as error:
            self._say(error.message, "danger")

    # The draft

    def _on_field_tidied(self, _text: str) -> None:
        self._keep()

    def _keep(self) -> None:
        """Keep the pile as it stands: closed midway or cut off, nothing scanned is lost."""
        waiting = [row.candidate.code for row in self.waiting()]
        try:
            if not waiting and not self._number:
                self._calls.drop_draft()
                return
            body = {"mode": self.act.value, "codes": waiting, "number": self._number}
            body |= {name: getattr(self, name).value() for name in _WHO}
            self._calls.save_draft(body)
        except UserError as error:
            self._say(error.message, "danger")

    def _restore(self) -> None:
        try:
            found = self._calls.load_draft()
            if found is None:
                return
            body, saved_at = found
            self.mode.set_value(body["mode"])
            for name in _WHO:
                getattr(self, name).set_value(body.get(name, ""))
            again = [self._calls.candidate(code, self.act) for code in body["codes"]]
        except UserError as error:
            self._say(error.message, "danger")
            return
        self._number = body.get("number", "")
        rows = [self._row(one) for one in again]
        if self._number:
            # Cut short while handing over: what went through goes on the same list.
            rows = [
                PileRow(row.candidate, WAITING, self.tr("đã bắt đầu trả lượt trước"))
                if row.candidate.uuid
                else row
                for row in rows
            ]
        self.model.set_rows(list(reversed(rows)))
        words = self.tr("Còn {count} mã của lượt quét dở lúc {time}. Không dùng thì Ctrl+N.")
        self._say(words.format(count=len(rows), time=f"{saved_at:%H:%M %d/%m}"), "warning")

    def reject(self) -> None:
        """Close; the pile stays for the next time. Not while it is being recorded."""
        if not self._is_busy:
            self._keep()
            super().reject()
