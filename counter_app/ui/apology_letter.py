"""The letter as it will print, who signs it, and the buttons that issue it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.ui.apology_calls import read_signer
from counter_app.ui.apology_word import KeyedButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import TextField, set_tone
from counter_app.ui.preview import PdfPreview
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics


class LetterPane(QWidget):
    """Signer above, the letter or the reason why there is none, the issuing buttons below."""

    signer_changed = Signal()

    def __init__(self, runner: TaskRunner, parent: QWidget | None = None) -> None:
        """Start without a letter."""
        super().__init__(parent)
        self.signer = ChoiceField()
        self.signer.setAccessibleName(self.tr("Người ký"))
        self.number = TextField(placeholder=self.tr("số văn bản"), max_length=40, chars=12)
        self.number.setAccessibleName(self.tr("Số văn bản"))
        self.preview = PdfPreview(runner)
        self.preview.hide()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(self.message, "muted")
        self.issue_one_button = KeyedButton(self.tr("Phát hành văn bản này"), key="Ctrl+P")
        self.issue_all_button = KeyedButton(self.tr("Phát hành tất cả"), key="F9", kind="main")
        self._lay_out()
        self.signer.value_changed.connect(self._on_signer_value_changed)

    def _lay_out(self) -> None:
        measures = metrics()
        caption = QLabel(self.tr("Người ký"))
        set_tone(caption, "muted")
        top = QHBoxLayout()
        top.setSpacing(measures.step(3))
        top.addWidget(caption)
        top.addWidget(self.signer, 1)
        top.addWidget(self.number)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(measures.step(2))
        self._foot.addWidget(self.issue_one_button)
        self._foot.addStretch(1)
        self._foot.addWidget(self.issue_all_button)
        self.setMinimumWidth(measures.px(300))
        column = QVBoxLayout(self)
        column.setContentsMargins(measures.step(5), 0, 0, 0)
        column.setSpacing(measures.step(3))
        column.addLayout(top)
        column.addWidget(self.preview, 1)
        column.addWidget(self.message, 1)
        column.addLayout(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under each other where there is no room beside each other."""
        super().resizeEvent(event)
        self._place_buttons()

    def _place_buttons(self) -> None:
        needed = sum(
            button.sizeHint().width() + metrics().step(1)
            for button in (self.issue_one_button, self.issue_all_button)
        )
        direction = QBoxLayout.Direction
        fits = self.width() - metrics().step(5) >= needed
        self._foot.setDirection(direction.LeftToRight if fits else direction.TopToBottom)

    def set_signers(self, signers: Sequence[str]) -> None:
        """Offer who may sign, and a place left blank."""
        choices = []
        for text in signers:
            signer = read_signer(text)
            choices.append(Choice(signer.value, signer.name, signer.titles))
        choices.append(Choice("", self.tr("Để trống chỗ ký")))
        self.signer.set_choices(choices)

    def signer_value(self) -> str:
        """Return the signer as the setting writes him."""
        return str(self.signer.value() or "")

    def number_value(self) -> str:
        """Return the number that was typed, empty where none is asked for."""
        return "" if self.number.isHidden() else self.number.value()

    def show_letter(self, data: bytes) -> None:
        """Show a letter."""
        self.message.hide()
        self.preview.show()
        self.preview.set_document(data)

    def show_message(self, text: str) -> None:
        """Say why there is no letter."""
        self.preview.set_document(None)
        self.preview.hide()
        self.message.setText(text)
        self.message.show()

    def place_keys(self, *, count: int, f9_is: str, why_not_all: str, why_not_one: str) -> None:
        """Write the number of letters and the key; ``f9_is`` is "all", "one" or nothing."""
        self.issue_all_button.set_key("F9" if f9_is == "all" else "")
        self.issue_one_button.set_key("F9" if f9_is == "one" else "Ctrl+P")
        text = self.tr("Phát hành tất cả ({count} văn bản)")
        self.issue_all_button.set_verb(text.format(count=count))
        self.issue_all_button.set_reason(why_not_all or None)
        self.issue_one_button.set_reason(why_not_one or None)
        self._place_buttons()

    def _on_signer_value_changed(self, _value: object) -> None:
        self.signer_changed.emit()
