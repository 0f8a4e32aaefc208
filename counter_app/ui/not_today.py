"""Not today (chưa nhận): what is missing or why not, a slip for the citizen, and no dossier."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.visits import VisitFacts, VisitKind
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import reason_field
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import WARNING, LongTextField, Note, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.keys import bind_main_act
from counter_app.ui.option_group import Option, OptionGroup
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme

# Records the visit; raises UserError children when nothing was saved.
Record = Callable[[VisitKind, str, Sequence[str]], object]


class NotTodayDialog(ScreenDialog):
    """Which slip, what it says; F9 records the visit and prints it."""

    def __init__(
        self,
        record: Record,
        parent: QWidget | None = None,
        *,
        who: str,
        missing: Sequence[str],
        earlier: Sequence[VisitFacts],
    ) -> None:
        """``missing`` are the papers that aren't ticked, ``earlier`` the slips of this matter."""
        super().__init__(parent)
        self._record = record
        self.setWindowTitle(self.tr("Chưa nhận hồ sơ"))
        self.setMinimumSize(metrics().px(620), metrics().px(460))
        self.kind = OptionGroup(
            [
                Option(
                    VisitKind.GUIDANCE,
                    self.tr("Phiếu yêu cầu bổ sung"),
                    self.tr("còn thiếu giấy tờ: hướng dẫn một lần, đầy đủ"),
                ),
                Option(
                    VisitKind.NOT_ACCEPTED,
                    self.tr("Phiếu từ chối tiếp nhận"),
                    self.tr("không thuộc thẩm quyền hoặc không đủ điều kiện"),
                ),
            ]
        )
        self.items = LongTextField(lines=5)
        self.items.setPlaceholderText(
            self.tr("mỗi dòng một giấy tờ hoặc nội dung cần sửa; Shift+Enter xuống dòng")
        )
        self.items.set_value("\n".join(missing))
        self.reason = reason_field(
            lambda: [
                self.tr("Hồ sơ thiếu giấy tờ theo quy định"),
                self.tr("Không thuộc thẩm quyền tiếp nhận"),
                self.tr("Không đủ điều kiện theo quy định"),
            ]
        )
        self.form = FormGrid(beside=False, label_width=112)
        self.form.add_row(self.tr("In"), self.kind, name="kind")
        self.form.add_row(self.tr("Cần bổ sung"), self.items, name="requirements")
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.error_label = MessageLabel()
        self.do_button = ActionButton(self.tr("Ghi lượt, in phiếu"), key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Quay lại"), key="Esc", kind="quiet")
        for button in (self.do_button, self.leave_button):
            button.setAutoDefault(False)
        self.do_button.clicked.connect(self.submit)
        self.leave_button.clicked.connect(self.reject)
        self._lay_out(who, earlier)
        bind_main_act(self, self.submit)
        self.items.setFocus()

    def _lay_out(self, who: str, earlier: Sequence[VisitFacts]) -> None:
        measures = metrics()
        heading = QLabel(self.tr("Chưa nhận hồ sơ"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        about = QLabel(who)
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        set_tone(about, "muted")
        self.hint_label = MessageLabel()
        if earlier:
            self.hint_label.show_message(" ".join(map(self._earlier_words, earlier)), WARNING)
        else:
            words = self.tr("Ghi một lượt hướng dẫn, không phải hồ sơ: không có ngày hẹn trả.")
            self.hint_label.show_message(words, "muted")
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.do_button)
        edge = measures.step(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(5), edge, measures.step(5))
        column.setSpacing(measures.step(2))
        for widget in (heading, about, self.hint_label, self.form):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.error_label)
        column.addLayout(buttons)

    def _earlier_words(self, visit: VisitFacts) -> str:
        text = self.tr("Đã có phiếu {code} ngày {day} cho cùng việc này: {asked}.")
        asked = "; ".join(visit.requirements) or visit.reason
        return text.format(code=visit.code, day=f"{visit.at:%d/%m/%Y}", asked=asked)

    def lines(self) -> list[str]:
        """Return what is missing, line by line."""
        return [line for line in self.items.value().split("\n") if line]

    def submit(self) -> None:
        """Record the visit (F9); a slip without a word is not printed."""
        if not self.form.validate():
            return
        kind = self.kind.value()
        is_refusal = kind is VisitKind.NOT_ACCEPTED
        if is_refusal and not self.reason.value():
            self.reason.set_note(Note(self.tr("Ghi lý do không tiếp nhận.")))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        lines = [] if is_refusal else self.lines()
        if not lines and not self.reason.value():
            self.items.set_note(Note(self.tr("Ghi ít nhất một mục cần bổ sung.")))
            self.items.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            self._record(kind, self.reason.value(), lines)
        except UserError as error:
            if not self.form.show_error(error):
                self.error_label.show_message(error.message, "danger")
            return
        self.accept()
