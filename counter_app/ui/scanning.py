"""The window's scanner on a serial port: made when a port is set, kept until the window goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from counter_app.services.settings import get_setting

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.scanner_test_dialog import ScannerTestDialog
    from counter_app.ui.serial_scanner import SerialScanner


class Scanning(QObject):
    """Keeps the serial scanner in step with the settings; without a port nothing is loaded."""

    state_changed = Signal()

    def __init__(self, store: Store, window: MainWindow, parent: QObject | None = None) -> None:
        """Nothing is read before ``follow_settings``."""
        super().__init__(parent)
        self._store = store
        self._window = window
        self._missing = ""
        self._is_closed = False
        self.serial: SerialScanner | None = None
        self.dialog: ScannerTestDialog | None = None

    @Slot()
    def follow_settings(self) -> None:
        """Read the port that is set now, or none."""
        if self._is_closed:
            return
        port = str(get_setting(self._store, "scanner_port"))
        if self.serial is None:
            if not port:
                return
            from counter_app.ui.serial_scanner import SerialScanner

            self.serial = SerialScanner(self)
            self._window.scans.attach(self.serial)
            self.serial.state_changed.connect(self._on_state_changed)
        if port != self.serial.port:
            self._missing = ""
            self.state_changed.emit()
        self.serial.set_port(port, int(get_setting(self._store, "scanner_speed")))

    def missing_words(self) -> str:
        """Return the sentence about a port that can't be read now, or nothing."""
        return self._missing

    @Slot()
    def open_test(self) -> None:
        """Open the test of the scanner; what is scanned meanwhile goes nowhere else."""
        from counter_app.ui.scanner_test_dialog import ScannerTestDialog

        if self.dialog is not None and shiboken6.isValid(self.dialog):
            self.dialog.close()
        self.dialog = ScannerTestDialog(self.serial, self._window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()

    def close(self) -> None:
        """End the reading thread."""
        self._is_closed = True
        if self.serial is not None:
            self.serial.close()

    @Slot(str, bool)
    def _on_state_changed(self, text: str, is_open: bool) -> None:
        was_missing = bool(self._missing)
        self._missing = "" if is_open else text
        if is_open and was_missing:
            self._window.say(text)
        self.state_changed.emit()
