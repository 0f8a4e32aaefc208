"""The window's tests draw with the real theme, on a window that has the focus."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from counter_app.ui.theme import apply_theme


@pytest.fixture(scope="session")
def qapp(qapp_args, qapp_cls):
    """One themed application for all of the window's tests."""
    app = QApplication.instance() or qapp_cls(qapp_args)
    apply_theme(app)
    return app


@pytest.fixture
def desk(qtbot):
    """Return a function that shows widgets one under another in an active window."""
    kept = []

    def show(*widgets: QWidget) -> QWidget:
        window = QWidget()
        kept.append(window)
        layout = QVBoxLayout(window)
        for widget in widgets:
            layout.addWidget(widget)
        qtbot.addWidget(window)
        window.resize(700, 500)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if widgets:
            widgets[0].setFocus()
        return window

    return show


@pytest.fixture(autouse=True)
def quick_hands(monkeypatch):
    """Let keys act at once: the tests of scanners put the wait back that scanners need."""
    monkeypatch.setattr("counter_app.ui.scanner.HOLD_MS", 0)
