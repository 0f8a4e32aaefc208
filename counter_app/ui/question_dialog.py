"""A question with its field or its lines and two verbs: F9 answers, Esc goes back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.keys import bind_main_act
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics


class QuestionDialog(ScreenDialog):
    """A question, its field and two verbs."""

    def __init__(self, question: str, *, yes: str, detail: str, parent: QWidget | None) -> None:
        """Build the frame; ``add`` puts the field in."""
        super().__init__(parent)
        self.may_accept: Callable[[], bool] = lambda: True
        self.setWindowTitle(self.tr("Một cửa"))
        self.setMinimumWidth(metrics().px(420))
        edge = metrics().step(5)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(edge, edge, edge, edge)
        self._layout.setSpacing(metrics().step(2))
        for text, tone in ((question, ""), (detail, "muted")):
            if text:
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                label.setProperty("tone", tone)
                self._layout.addWidget(label)
        self.yes_button = ActionButton(yes, key="F9", kind="main")
        self.back_button = ActionButton(self.tr("Quay lại"), key="Esc", kind="quiet")
        row = QHBoxLayout()
        row.addStretch()
        for button, slot in ((self.back_button, self.reject), (self.yes_button, self.accept)):
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        self._layout.addLayout(row)
        bind_main_act(self, self.accept)

    def add(self, widget: QWidget) -> None:
        """Put a widget above the buttons."""
        self._layout.insertWidget(self._layout.count() - 1, widget)

    def say_whether_it_may(self, reason: str) -> None:
        """Grey the verb with ``reason`` while there is no answer, free it when there is one."""
        self.yes_button.set_reason(None if self.may_accept() else reason)

    def accept(self) -> None:
        """Close only with an answer that can be used."""
        if self.may_accept():
            super().accept()


class Lines(QListWidget):
    """The lines among which a question lets choose."""

    def __init__(self, *, takes_typing: bool) -> None:
        """``takes_typing``: letters choose the line that begins with them, a space the current."""
        super().__init__()
        self._takes_typing = takes_typing
        self.setProperty("kind", "lines")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass over what somebody types who hasn't seen the question yet."""
        if self._takes_typing or not event.text().isprintable() or not event.text():
            super().keyPressEvent(event)
