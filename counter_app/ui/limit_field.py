"""A limit (thời hạn): an amount and its unit side by side, read as services read it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import Note, TextField, whole_number
from counter_app.ui.theme import metrics


def _tr(text: str) -> str:
    return QCoreApplication.translate("limit_field", text)


def _judge(text: str) -> Note | None:
    if not text or whole_number(text):
        return None
    return Note(_tr("Cần một số lớn hơn 0, ví dụ 5."))


class LimitField(QWidget):
    """Enter goes from the amount to the unit and on; what can't be read is said at once."""

    changed = Signal()
    message_changed = Signal(str, str)

    def __init__(self, amount: str = "", parent: QWidget | None = None) -> None:
        """``amount`` stands there at first, in working days."""
        super().__init__(parent)
        self.amount = TextField(check=_judge, chars=6, max_length=4)
        self.amount.setAccessibleName(self.tr("Lượng thời gian"))
        self.amount.setText(amount)
        self.unit = ChoiceField(
            choices=[
                Choice("wd", self.tr("ngày làm việc")),
                Choice("cd", self.tr("ngày")),
                Choice("mo", self.tr("tháng")),
                Choice("h", self.tr("giờ làm việc")),
            ]
        )
        self.unit.setAccessibleName(self.tr("Đơn vị thời gian"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(2))
        row.addWidget(self.amount)
        row.addWidget(self.unit)
        row.addStretch(1)
        self.amount.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.amount)
        self.amount.textChanged.connect(self._on_changed)
        self.unit.value_changed.connect(self._on_changed)
        self.amount.message_changed.connect(self.message_changed)

    def _on_changed(self, *_: object) -> None:
        self.changed.emit()

    def value(self) -> str:
        """Return the limit, empty while it can't be read."""
        text = self.amount.value()
        return "" if not text or _judge(text) else f"{text}{self.unit.value()}"

    def ask(self) -> None:
        """Say that an amount is needed and go there."""
        self.set_note(Note(_tr("Cần một số lớn hơn 0, ví dụ 5.")))
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_note(self, note: Note | None) -> None:
        """Show a message at the amount, or take it away."""
        self.amount.set_note(note)

    def has_error(self) -> bool:
        """Say whether the amount can't be used."""
        return self.amount.has_error()

    def validate(self) -> bool:
        """Judge the amount."""
        return self.amount.validate()
