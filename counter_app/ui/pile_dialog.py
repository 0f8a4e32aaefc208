"""Quét liên tục: code after code into one pile, then all at once and one list to sign.

What was scanned outlives a closed window and a power cut: the pile is kept as it grows, with the
number of the list under which handing over began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.identity import parse_card
from counter_app.domain.words import format_amount
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.pile_calls import PileCalls
from counter_app.ui.pile_form import PileForm
from counter_app.ui.pile_rows import (
    DONE,
    REFUSED,
    WAITING,
    PileRow,
    begun,
    pile_columns,
    rows_after,
    words_after,
)
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.tables import RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from counter_app.services.handing import Candidate, Outcomes


class PileDialog(ScreenDialog):
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
        self.form = PileForm()
        self.mode, self.code = self.form.mode, self.form.code
        self.collected_by, self.proxy_id = self.form.collected_by, self.form.proxy_id
        self.authorisation = self.form.authorisation
        self.fee_paid, self.fee_receipt = self.form.fee_paid, self.form.fee_receipt
        self.model = RowTableModel(pile_columns(), self)
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
            (self.do_button, self.submit, ()),
            (self.leave_button, self.reject, ()),
            (self.remove_button, self.remove_current, ("Ctrl+I",)),
            (self.empty_button, self.empty, ("Ctrl+N",)),
            (self.lists_button, self.reprint_list, ("Ctrl+R",)),
        ):
            button.clicked.connect(slot)
            for key in keys:
                QShortcut(check_key(key), self).activated.connect(slot)
        bind_main_act(self, self.submit)

    # The pile

    @property
    def act(self) -> Move:
        """What is done with the pile."""
        return self.form.act

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
            self.form.take_person(card.full_name, card.citizen_id)
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
        self.form.forget_who()
        self._say("", "")
        self._show_counts()
        self._keep()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    # What shows

    def _on_mode_changed(self, _mode: object) -> None:
        again = [self._calls.candidate(r.candidate.code, self.act) for r in self.rows()]
        self.model.set_rows([self._row(found) for found in again])
        self._show_mode()
        self._keep()

    def _show_mode(self) -> None:
        self.form.show_act()
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
        self.form.show_fee(self.owed())

    def _say(self, text: str, tone: str) -> None:
        self.message.show_message(text, tone)

    # Doing it

    def submit(self) -> None:
        """Do the whole pile (F9); what can't be done stays in it with its reason."""
        if self._is_busy or not self.waiting() or not self._knows_who() or not self._fee_settled():
            return
        codes = [row.candidate.uuid for row in self.waiting()]
        calls, act, who = self._calls, self.act, self.form.who(owes=bool(self.owed()))
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
        return self.form.knows_who({row.candidate.applicant_name for row in self.waiting()})

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
        self.model.set_rows(rows_after(self.rows(), found, is_return=is_return))
        self._number = ""
        words = words_after(found, self.collected_by.value(), is_return=is_return)
        self._say(words, "danger" if found.refused else "muted")
        if not found.refused:
            self.form.forget_who()  # the next pile is another person's, with another paper
        self._show_counts()
        self._keep()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        self.pile_done.emit()
        if found.paper_uuid:
            self._calls.print_papers([found.paper_uuid])

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
            body |= self.form.draft()
            self._calls.save_draft(body)
        except UserError as error:
            self._say(error.message, "danger")

    def _restore(self) -> None:
        try:
            found = self._calls.load_draft()
            if found is None:
                return
            body, saved_at = found
            self.form.take_draft(body)
            again = [self._calls.candidate(code, self.act) for code in body["codes"]]
        except UserError as error:
            self._say(error.message, "danger")
            return
        self._number = body.get("number", "")
        rows = [self._row(one) for one in again]
        if self._number:
            # Cut short while handing over: what went through goes on the same list.
            rows = [begun(row) if row.candidate.uuid else row for row in rows]
        self.model.set_rows(list(reversed(rows)))
        words = self.tr("Còn {count} mã của lượt quét dở lúc {time}. Không dùng thì Ctrl+N.")
        self._say(words.format(count=len(rows), time=f"{saved_at:%H:%M %d/%m}"), "warning")

    def reject(self) -> None:
        """Close; the pile stays for the next time. Not while it is being recorded."""
        if not self._is_busy:
            self._keep()
            super().reject()
