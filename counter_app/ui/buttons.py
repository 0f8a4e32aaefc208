"""Buttons: a verb, its key beside it, and the reason when it is greyed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.icons import set_icon
from counter_app.ui.theme import metrics
from counter_app.ui.tips import plain_tip


class ActionButton(QPushButton):
    """A button whose text is a verb and whose key stands beside it.

    The key is only written here; ``Page.add_key`` or the frame (F9) binds it. Enter presses a
    focused button.
    """

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        key: str = "",
        kind: str = "",
        icon: str = "",
    ) -> None:
        """``kind`` is "main" (one on a page), "danger", "quiet" or nothing."""
        super().__init__(parent)
        self._verb = text
        self._key = key
        self.setProperty("kind", kind)
        if icon:
            set_icon(self, icon, "on_accent" if kind == "main" else "text")
            self.setIconSize(QSize(metrics().icon, metrics().icon))
        self.set_verb(text)

    def set_verb(self, text: str) -> None:
        """Change the verb, keeping the key ("Phát hành 12 văn bản")."""
        self._verb = text
        plain = text.replace("&", "&&")  # no mnemonics: Alt belongs to the keyboard
        if not self.icon().isNull():
            plain = f" {plain}"
        key = QKeySequence(self._key).toString(QKeySequence.SequenceFormat.NativeText)
        self.setText(f"{plain}   {key}" if key else plain)

    def verb(self) -> str:
        """Return the verb without the key."""
        return self._verb

    def set_reason(self, reason: str | None) -> None:
        """Grey the button and say why, or make it usable with None."""
        self.setEnabled(reason is None)
        self.setToolTip(plain_tip(reason or ""))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus."""
        if event.key() in ENTER_KEYS and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)
