"""How long a test waits for what has to come: long enough for a machine that is busy or slow.

Who waits in vain still fails, only later; all others go on as soon as it is there.
"""

from __future__ import annotations

from pytestqt.qtbot import QtBot

PATIENCE = 60  # seconds
_PATIENCE_MS = PATIENCE * 1000


class PatientBot(QtBot):
    """The bot of pytest-qt, which gives up after five seconds and forgets the widgets.

    Those that only the test's own names hold are garbage as soon as it returns, while they still
    stand there and get events: collected in the midst of one, they take the process along.
    """

    def __init__(self, request):
        """Nothing is held yet."""
        super().__init__(request)
        self._held = []

    def addWidget(self, widget, **more):
        """Close a widget at the end of the test, and hold it until then."""
        self._held.append(widget)
        super().addWidget(widget, **more)

    def waitUntil(self, callback, *, timeout=_PATIENCE_MS):
        """Wait until something holds."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=_PATIENCE_MS, **more):
        """Wait until something was announced."""
        return super().waitSignal(signal, timeout=timeout, **more)
