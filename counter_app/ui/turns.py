"""What takes long in front of the clerk, in parts between which the window turns."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget


def take_turn(widget: QWidget) -> None:
    """Let the window of a widget paint itself and take what threads bring, before the next part.

    Keys and clicks wait in Qt's own queue, in their order, for what will have the focus then.
    Before the window's first picture nothing waits for a turn. A dialog in the making stands over
    a window that does.
    """
    window = widget.window()
    over = window.parentWidget()
    if window.isVisible() or (over is not None and over.window().isVisible()):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
