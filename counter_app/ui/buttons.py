"""Buttons: a verb, its key beside it, and the reason when it is greyed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.icons import set_icon
from counter_app.ui.theme import metrics
from counter_app.ui.tips import plain_tip
from counter_app.ui.translation import reason_in_window

_ACT, _IS_GREYED = "act", "beyond_role"


def needs(widget: QWidget, act: str) -> None:
    """Say which act of the table of rights a button or a field is for."""
    widget.setProperty(_ACT, str(act))


def grey_by_role(within: QWidget, beyond_role: Callable[[str], str]) -> None:
    """Grey what is beyond the role of who is signed in, and say whose it is."""
    for widget in within.findChildren(QWidget):
        act = widget.property(_ACT)
        if not act:
            continue
        why = reason_in_window(beyond_role(act))
        if isinstance(widget, ActionButton):
            widget.set_beyond(why)
        elif why or widget.property(_IS_GREYED):
            widget.setEnabled(not why)
            widget.setToolTip(plain_tip(why))
            widget.setProperty(_IS_GREYED, why)


def whose_fields(within: QWidget) -> str:
    """Say why the fields in there are greyed for who is here, empty where they aren't."""
    reasons = (widget.property(_IS_GREYED) for widget in within.findChildren(QWidget))
    return next((str(why) for why in reasons if why), "")


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
        act: str = "",
    ) -> None:
        """``kind`` is "main" (one on a page), "danger", "quiet" or nothing.

        ``act`` is of the table of rights: what pressing it needs beyond what its page needs.
        """
        super().__init__(parent)
        self._reason: str | None = None
        self._beyond = ""
        if act:
            needs(self, act)
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
        self._reason = reason
        self._show_reason()

    def set_beyond(self, why: str) -> None:
        """Grey the button because it is beyond somebody's role, whatever else there is."""
        if why != self._beyond:
            self._beyond = why
            self._show_reason()

    def _show_reason(self) -> None:
        self.setEnabled(self._reason is None and not self._beyond)
        self.setToolTip(plain_tip(self._beyond or self._reason or ""))

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
