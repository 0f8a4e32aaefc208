"""The question a procedure asks at its first use: what holds here, and by which decision."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.catalogue import Procedure
from counter_app.domain.deadlines import parse_limit
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.confirm_rows import StepRows, TariffRows, amount_of
from counter_app.ui.fields import HINT, Note, TextField, set_tone, whole_number
from counter_app.ui.keys import bind_main_act
from counter_app.ui.reception_desk import Confirmation
from counter_app.ui.reception_rows import ClampedLabel, FormRows
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme

_SAME_DAY = "0wd"
_MOST = 9999


class ProcedureAnswer(NamedTuple):
    """What the dialog brought: a confirmation, or a limit for this one dossier.

    Both None means "later", with the catalogue's own limit.
    """

    confirmation: Confirmation | None = None
    limit_once: str | None = None


class ConfirmProcedureDialog(ScreenDialog):
    """Asks what the catalogue couldn't know: the limit, the fee and the decision's number.

    Enter goes on through the fields; F9 or Ctrl+Enter confirms; Esc is "Để sau".
    """

    def __init__(self, procedure: Procedure, parent: QWidget | None = None) -> None:
        """Ask only for what ``procedure.to_ask`` names."""
        super().__init__(parent)
        self._procedure = procedure
        self._asked = procedure.to_ask
        self.answer = ProcedureAnswer()
        self.setWindowTitle(self.tr("Xác nhận thủ tục"))
        self.setMinimumWidth(metrics().px(640))
        edge = metrics().step(6)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, metrics().step(5))
        column.setSpacing(metrics().step(2))
        title = QLabel(self.tr("Lần đầu dùng thủ tục này tại đơn vị"))
        title.setFont(theme().font(metrics().title_size, strong=True))
        column.addWidget(title)
        name = ClampedLabel(2)
        name.set_full_text(f"{procedure.code}  {procedure.name}")
        column.addWidget(name)
        why = QLabel(self._why())
        why.setTextFormat(Qt.TextFormat.PlainText)
        why.setWordWrap(True)
        set_tone(why, HINT)
        column.addWidget(why)
        self.rows = FormRows()
        self._build_rows()
        column.addWidget(self.rows)
        column.addSpacing(metrics().step(2))
        column.addLayout(self._build_buttons())
        for asked in self.rows.names():
            getattr(self.rows.field(asked), "message_changed").connect(self._grow)  # noqa: B009
        self.tariff.per.value_changed.connect(self._grow)
        bind_main_act(self, self.confirm)
        self.rows.go_to(self.rows.names()[0])

    def _grow(self, *_: object) -> None:
        """Make room for new words: rows that share too little height lose their edges."""
        layout = self._column
        layout.activate()
        needed = max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height())
        if needed > self.height():
            self.resize(self.width(), needed)

    def _why(self) -> str:
        source = self._procedure.source
        known = self.tr("Số liệu trong danh mục lấy từ: {source}.").format(source=source)
        asked = self.tr(
            "Ghi theo quyết định công bố đang áp dụng tại đơn vị. Chỉ hỏi một lần cho thủ tục này."
        )
        if "steps" in self._asked:
            asked = f"{asked} {self.tr('Bước nào chưa rõ thời hạn thì để trống.')}"
        return f"{known} {asked}" if source else asked

    def _build_rows(self) -> None:
        amount, unit = _split_limit(self._procedure.limit)
        self.amount = TextField(check=self._judge_amount, chars=6, max_length=4)
        self.amount.setText(amount)
        self.unit = ChoiceField(
            choices=[
                Choice("wd", self.tr("ngày làm việc")),
                Choice("cd", self.tr("ngày")),
                Choice("mo", self.tr("tháng")),
                Choice("h", self.tr("giờ làm việc")),
                Choice("m", self.tr("phút làm việc")),
                Choice("ch", self.tr("giờ")),
                Choice(_SAME_DAY, self.tr("trong ngày")),
            ]
        )
        self.unit.set_value(unit)
        self.fee = TextField(
            check=self._judge_fee,
            placeholder=self.tr("0: không thu; chưa rõ: để trống"),
            chars=40,
        )
        amount_known = self._procedure.fee.amount
        self.fee.setText("" if amount_known is None else str(amount_known))
        self.tariff = TariffRows(self._procedure.fee)
        self.steps = StepRows(self._procedure.steps)
        self.cutoff = ChoiceField(
            choices=[
                Choice("none", self.tr("Không có mốc giờ")),
                Choice("next-day-result", self.tr("Sau 15:00 thì trả ngày làm việc sau")),
                Choice("next-day-start", self.tr("Sau 15:00 thì tính từ ngày làm việc sau")),
            ]
        )
        self.cutoff.set_value(self._procedure.cutoff)
        self.decision = TextField(
            max_length=200, placeholder=self.tr("ví dụ 1234/QĐ-UBND ngày 01/7/2025")
        )
        if "limit" in self._asked:
            self.rows.add_row(self.tr("Thời hạn"), ("limit", self.amount), ("unit", self.unit))
        if "cutoff" in self._asked:
            self.rows.add_row(self.tr("Nộp buổi chiều"), ("cutoff", self.cutoff))
        if "fee" in self._asked:
            self.tariff.add_to(self.rows, self.fee)
        if "steps" in self._asked:
            self.steps.add_to(self.rows)
        self.rows.add_row(self.tr("Số quyết định"), ("source", self.decision))

    def _build_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        hint = QLabel(
            self.tr("Để sau: hồ sơ này vẫn nhận được, giấy hẹn theo thời hạn chưa xác nhận.")
        )
        set_tone(hint, HINT)
        hint.setFont(theme().font(metrics().small_size))
        hint.setWordWrap(True)
        line.addWidget(hint, 1)
        self.later_button = ActionButton(self.tr("Để sau"), key="Esc")
        self.confirm_button = ActionButton(self.tr("Xác nhận"), key="F9", kind="main", icon="check")
        for button in (self.later_button, self.confirm_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAutoDefault(False)
            line.addWidget(button)
        self.later_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self.confirm)
        return line

    # Judging

    def _judge_amount(self, text: str) -> Note | None:
        if self.unit.value() == _SAME_DAY:
            return None
        if 1 <= (whole_number(text) or 0) <= _MOST:
            return None
        return Note(self.tr("Thời hạn là một số từ 1 đến 9.999."))

    def _judge_fee(self, text: str) -> Note | None:
        if text and amount_of(text) is None:
            return Note(
                self.tr("Lệ phí là số tiền đồng, dưới một tỷ, ví dụ 15000; 0 nếu không thu.")
            )
        return None

    def limit(self) -> str:
        """Return the limit as it is counted, empty if none was typed."""
        unit = self.unit.value()
        if unit == _SAME_DAY:
            return _SAME_DAY
        amount = whole_number(self.amount.value())
        return "" if amount is None else f"{amount}{unit}"

    # Answers

    def confirm(self) -> None:
        """Take the answer, if everything asked for is there."""
        wrong = self.rows.wrong_fields()
        for name, field, words in (
            ("limit", self.limit(), self.tr("Nhập thời hạn giải quyết.")),
            ("source", self.decision.value(), self.tr("Nhập số quyết định công bố thủ tục.")),
        ):
            if name in self.rows.names() and not field and name not in wrong:
                self.rows.show_note(name, Note(words))
                wrong.append(name)
        if wrong:
            self.rows.go_to(min(wrong, key=self.rows.names().index))
            return
        # A fee that isn't known yet stays unconfirmed and keeps nobody from being served.
        fee = amount_of(self.fee.value()) if "fee" in self._asked else None
        self.answer = ProcedureAnswer(
            Confirmation(
                decision=self.decision.value(),
                limit=self.limit() if "limit" in self._asked else None,
                cutoff=self.cutoff.value() if "cutoff" in self._asked else None,
                fee=None if fee is None else self.tariff.fee(fee),
                steps=self.steps.limits() if "steps" in self._asked else (),
            )
        )
        super().accept()

    def show_error(self, error: UserError) -> None:
        """Show why the house refused the answer."""
        for one in self.rows.show_error(error):
            self.rows.show_note("source", Note(one.message))

    def reject(self) -> None:
        """Go on without confirming; a limit that was typed holds for this dossier only."""
        typed = self.limit() if "limit" in self._asked and not self.amount.has_error() else ""
        differs = bool(typed) and typed != self._procedure.limit
        self.answer = ProcedureAnswer(limit_once=typed if differs else None)
        super().reject()


def _split_limit(limit: str) -> tuple[str, str]:
    if not limit:
        return "", "wd"
    found = parse_limit(limit)
    if found.is_same_day:
        return "", _SAME_DAY
    return str(found.amount), found.unit.value


def ask_about_procedure(parent: QWidget, procedure: Procedure) -> ProcedureAnswer:
    """Ask in a dialog and wait."""
    dialog = ConfirmProcedureDialog(procedure, parent)
    dialog.exec()
    return dialog.answer
