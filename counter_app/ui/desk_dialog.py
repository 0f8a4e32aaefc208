"""The frame of a larger dialog of the desk: heading, words, content, messages, buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.keys import bind_main_act, check_key
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme


class DeskDialog(ScreenDialog):
    """A dialog with a main act (F9) and a way back (Esc); nothing saves by Enter."""

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        """Subclasses put their content into ``column`` and end with ``add_buttons``."""
        super().__init__(parent)
        self.setWindowTitle(title)
        measures = metrics()
        edge = measures.step(5)
        heading = QLabel(title)
        heading.setFont(theme().font(measures.title_size, strong=True))
        self.lead_label = QLabel(lead)
        self.lead_label.setWordWrap(True)
        self.lead_label.setTextFormat(Qt.TextFormat.PlainText)
        set_tone(self.lead_label, "muted")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        self.column.setSpacing(measures.step(3))
        self.column.addWidget(heading)
        self.column.addWidget(self.lead_label)
        self.message = MessageLabel()
        self.message.setMinimumHeight(measures.step(6))
        self.leave_button = ActionButton(self.tr("Đóng"), key="Esc", kind="quiet")
        self.leave_button.setAutoDefault(False)
        self.leave_button.clicked.connect(self.reject)

    def add_buttons(self, main: ActionButton, others: Sequence[ActionButton] = ()) -> None:
        """Put the line of messages and the buttons at the foot; F9 presses the main one."""
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        row.addWidget(self.leave_button)
        row.addStretch(1)
        for button in (*others, main):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.column.addWidget(self.message)
        self.column.addLayout(row)
        bind_main_act(self, main.click)

    def add_key(self, key: str, slot: Callable[[], object]) -> None:
        """Bind a key of this dialog."""
        QShortcut(check_key(key), self).activated.connect(slot)

    def fit(self, width: int, height: int) -> None:
        """Take this size (at 100 %), or what the screen has room for."""
        area = self.screen().availableGeometry()
        edge = metrics().step(4)
        self.resize(
            min(metrics().px(width), area.width() - edge),
            min(metrics().px(height), area.height() - 2 * edge),
        )

    def say(self, text: str, tone: str = "muted") -> None:
        """Say what happened, or what is wrong, above the buttons."""
        self.message.show_message(text, tone)
