"""A question with its field and two verbs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from counter_app.ui.theme import metrics


class QuestionDialog(QDialog):
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
        self._buttons = QDialogButtonBox()
        agree = self._buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        agree.setProperty("kind", "main")
        self._buttons.addButton(self.tr("Quay lại"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._layout.addWidget(self._buttons)

    def add(self, widget: QWidget) -> None:
        """Put a widget above the buttons."""
        self._layout.insertWidget(self._layout.count() - 1, widget)

    def accept(self) -> None:
        """Close only with an answer that can be used."""
        if self.may_accept():
            super().accept()
