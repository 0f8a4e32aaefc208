"""What a report says in words: the paragraph to publish and how its days were counted."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from counter_app.ui.fields import set_tone
from counter_app.ui.theme import metrics, theme
from counter_app.ui.views import see_through


class ReportText(QScrollArea):
    """The paragraph can be marked and copied; what doesn't fit is scrolled to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self.paragraph_label = QLabel()
        self.paragraph_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.paragraph_label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.heading = QLabel(self.tr("Đoạn viết để công bố"))
        self.heading.setFont(theme().font(strong=True))
        self.note_label = QLabel()
        set_tone(self.note_label, "muted")
        inside = QWidget()
        words = QVBoxLayout(inside)
        words.setContentsMargins(0, 0, metrics().step(3), 0)
        for label in (self.heading, self.paragraph_label, self.note_label):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            words.addWidget(label)
        words.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        see_through(self)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)

    def show_words(self, paragraph: str, note: str) -> None:
        """Show the words of a report."""
        self.paragraph_label.setText(paragraph)
        self.note_label.setText(note)
