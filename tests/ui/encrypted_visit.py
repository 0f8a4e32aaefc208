"""The whole program on encrypted data, with a person who types one secret after another.

Run as ``python -m tests.ui.encrypted_visit FOLDER [SECRET ...]``, a process of its own: the program
sets up its application once and for all. Prints what the person was told, as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from counter_app import bootstrap
from counter_app.__main__ import main
from counter_app.ui.frame import MainWindow
from counter_app.ui.unlock_dialog import UnlockDialog


class Person:
    """Types the secrets, leaves when there is none, closes the window at last."""

    def __init__(self, application, secrets):
        self.left, self.told, self.banners = secrets, [], []
        self.timer = QTimer(application, interval=20)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self):
        asked = QApplication.activeModalWidget()
        if isinstance(asked, UnlockDialog):
            self.told.append(asked.message.text())
            if not self.left:
                self.timer.stop()
                asked.reject()
                return
            QTest.keyClicks(asked.secret, self.left.pop(0))
            QTest.keyClick(asked.secret, Qt.Key.Key_Return)
            return
        if asked is not None:
            self.told.append(f"{asked} is open")
            asked.reject()
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                self.timer.stop()
                self.banners += [label.text() for label in window.findChildren(QLabel)]
                window.close()


def visit(folder, secrets):
    """Be the person at the program's start; return how it ended and what was seen."""
    bootstrap.zone_offset = lambda: timedelta(hours=7)
    person = Person(QApplication(sys.argv[:1]), secrets)
    status = main(["--data", folder])
    return {
        "status": status,
        "left": person.left,
        "told": person.told,
        "banners": person.banners,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(visit(sys.argv[1], sys.argv[2:])) + "\n")
