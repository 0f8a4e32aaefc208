"""What is missing of the data (phần dữ liệu đã mất): shown in plain words, and taken note of.

Nothing comes back by it. The administrator sees what every line means and what may bring it back
before he says, with his reason, that the desk goes on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from counter_app.domain.rights import Act
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.services.losses import Loss, LossKind
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR, TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.interaction import Interaction
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.losses import Accepted
    from counter_app.services.store import Store


def _tr(text: str) -> str:
    return QCoreApplication.translate("loss_dialog", text)


@dataclass(frozen=True, slots=True)
class LossCalls:
    """The use cases of the dialog."""

    why_not: Callable[[], str]
    accept: Callable[[str], Accepted]  # with the reason


def loss_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> LossCalls:
    """Bind the services to one store."""
    from counter_app.services import losses, rights

    return LossCalls(
        why_not=lambda: rights.why_not(store, Act.ACCEPT_LOSS),
        accept=lambda reason: losses.accept(store, reason=reason, by=clerk(), now=clock()),
    )


def _words_of(kind: LossKind) -> tuple[str, str]:
    """Return a kind of loss in a few words, and what it means for the desk."""
    ask_paper = _tr("Đối chiếu giấy đã in và sổ tay rồi ghi lại; quầy khác đã nhận thì đồng bộ về.")
    words = {
        LossKind.LAST_EVENTS: (
            _tr("Những việc lưu sau cùng không còn"),
            _tr("Hồ sơ và kết quả ghi vào lúc ấy đã mất.") + " " + ask_paper,
        ),
        LossKind.EVENTS: (
            _tr("Có việc đã lưu không còn"),
            _tr("Hồ sơ liên quan có thể thiếu một bước.") + " " + ask_paper,
        ),
        LossKind.OTHER_EVENTS: (
            _tr("Việc đã lưu khác với lúc lưu"),
            _tr("Tệp này là một bản khác của dữ liệu: bản cũ bị chép đè vào, hoặc đã bị sửa."),
        ),
        LossKind.LINES: (
            _tr("Có dòng nhật ký không còn"),
            _tr("Không còn biết ai đã làm gì vào lúc ấy. Hồ sơ không bị động đến."),
        ),
        LossKind.OTHER_LINES: (
            _tr("Nhật ký khác với lúc ghi"),
            _tr("Tệp này là một bản khác của dữ liệu: bản cũ bị chép đè vào, hoặc đã bị sửa."),
        ),
        LossKind.OTHER_DESK: (
            _tr("Quầy khác giữ lịch sử khác của quầy này"),
            _tr("Quầy ấy đã nhận những việc mà ở đây không còn như thế. Đồng bộ về trước đã."),
        ),
        LossKind.SEAL: (
            _tr("Khóa niêm phong cũ không còn ở máy này"),
            _tr(
                "Thường do cài lại Windows. Dữ liệu còn; chỉ không chứng minh được là chưa ai sửa."
            ),
        ),
        LossKind.DECISIONS: (
            _tr("Cài đặt, tài khoản, lịch hoặc danh mục bị sửa từ bên ngoài"),
            _tr(
                "Có người sửa tệp dữ liệu không qua chương trình. Đặt lại giá trị đúng trước; chỉ "
                "ghi nhận ở đây khi không đặt lại được."
            ),
        ),
    }
    return words[kind]


def _what(one: Loss) -> str:
    short = _words_of(one.kind)[0]
    return f"{short} ({format_number(one.how_many)})" if one.how_many else short


class LossDialog(DeskDialog):
    """The list of what is missing, what the chosen line means, a reason."""

    accepted_loss = Signal()

    def __init__(
        self,
        calls: LossCalls,
        found: Sequence[Loss],
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Show what was found; nothing is done yet."""
        super().__init__(
            _tr("Ghi nhận phần dữ liệu đã mất"),
            _tr(
                "Máy này nhớ riêng, ở thư mục khác, rằng đã lưu đến đâu; tệp dữ liệu đang dùng có "
                "ít hơn. Thường do chép một tệp cũ vào thay, hoặc cứu từ tệp hỏng. Còn bản sao lưu "
                "mới hơn thì khôi phục bản ấy, đừng ghi nhận.\n"
                "Ghi nhận không lấy lại được gì: cảnh báo thôi hiện, quầy làm tiếp, số hồ sơ hôm "
                "nay bỏ qua một khoảng để không cấp trùng số. Người ghi nhận, lý do và mọi dòng "
                "dưới đây nằm lại trong nhật ký."
            ),
            parent,
        )
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self.model = RowTableModel(
            [
                Column(self.tr("Thiếu gì"), _what, width=330),
                Column(self.tr("Ở đâu, lúc nào"), "where", tooltip=lambda one: one.where),
            ],
            self,
        )
        self.model.set_rows(found)
        self.table = TableView(empty_text=self.tr("Không có gì bị mất."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Phần dữ liệu đã mất"))
        self.meaning = QLabel()
        self.meaning.setWordWrap(True)
        self.meaning.setTextFormat(Qt.TextFormat.PlainText)
        self.meaning.setMinimumHeight(metrics().step(11))
        self.meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.reason = TextField(placeholder=self.tr("mất do đâu, ai biết"))
        self.form = FormGrid(beside=False, label_width=60)
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.meaning)
        self.column.addWidget(self.form)
        self.accept_button = ActionButton(self.tr("Ghi nhận đã mất"), key="F9", kind="main")
        self.add_buttons(self.accept_button)
        self.accept_button.clicked.connect(self.take_note)
        self.table.row_selected.connect(self._on_row)
        self.table.selectRow(0)
        self.accept_button.set_reason(calls.why_not() or None)
        self.fit(820, 560)
        self.reason.setFocus()

    def _on_row(self, one: Loss | None) -> None:
        self.meaning.setText("" if one is None else _words_of(one.kind)[1])

    def take_note(self) -> None:
        """Ask once more, then go on without what is missing (F9)."""
        if not self.reason.value():
            self.say(self.tr("Ghi lý do trước: mất do đâu, ai biết. Chưa thay đổi gì."), ERROR)
            self.reason.setFocus()
            return
        question = self.tr(
            "Coi phần này là đã mất và làm tiếp? Không lấy lại được bằng cách nào khác ngoài khôi "
            "phục một bản sao lưu còn đủ."
        )
        if not self._interaction.confirm(question, yes=self.tr("Ghi nhận đã mất")):
            return
        reason = self.reason.value()
        self.accept_button.set_reason(self.tr("Đang ghi nhận…"))
        self._runner.run(
            lambda _job: self._calls.accept(reason),
            on_done=self._on_accepted,
            on_error=self._on_failed,
            owner=self,
        )

    def _on_accepted(self, told: Accepted) -> None:
        self.model.set_rows([])
        self.meaning.setText("")
        self.reason.clear()
        self.accept_button.set_reason(self.tr("Không còn gì để ghi nhận."))
        text = self.tr("Đã ghi nhận {count} chỗ mất vào nhật ký. Quầy làm tiếp được.")
        self.say(text.format(count=format_number(len(told.missing))))
        self.leave_button.setFocus()
        self.accepted_loss.emit()

    def _on_failed(self, error: UserError) -> None:
        self.accept_button.set_reason(self._calls.why_not() or None)
        self.say(error.message, ERROR)
