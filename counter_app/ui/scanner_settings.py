"""The settings of the card scanner: how it is connected, at which speed, and its test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice
from counter_app.ui.settings_forms import Entry, SettingsForm, choice_entry, show_value
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.ui.serial_scanner import PortFacts

_SPEEDS = ("9600", "19200", "38400", "57600", "115200")


def _tr(text: str) -> str:
    return QCoreApplication.translate("scanner_settings", text)


def scanner_entries() -> list[Entry]:
    """Return the group of the scanner."""
    return [
        choice_entry(
            "scanner_port",
            _tr("Máy quét nối qua"),
            port_choices([], chosen=""),
            hint=_tr("Cổng nối tiếp đọc được chữ có dấu, không phụ thuộc UniKey."),
        ),
        choice_entry(
            "scanner_speed",
            _tr("Tốc độ cổng"),
            [Choice(speed, _tr("{speed} bit/giây").format(speed=speed)) for speed in _SPEEDS],
            hint=_tr("Theo sách của máy quét; thường là 9600 hoặc 115200."),
        ),
    ]


def port_choices(ports: Sequence[PortFacts], *, chosen: str) -> list[Choice]:
    """Return how a scanner may be connected; a chosen port that is away stays in the list."""
    own = Choice("", _tr("Bàn phím: máy quét gõ như người"))
    found = [Choice(port.name, port.name, port.description) for port in ports]
    if chosen and all(port.name != chosen for port in ports):
        found.append(Choice(chosen, chosen, _tr("chưa cắm")))
    return [own, *found]


class ScannerSettings(SettingsForm):
    """The scanner's group: each field saves itself, a button looks for ports, another tests."""

    test_requested = Signal()

    def __init__(
        self,
        *,
        read: Callable[[str], Any],
        write: Callable[[str, Any], Any],
        ports: Callable[[], Sequence[PortFacts]],
        parent: QWidget | None = None,
    ) -> None:
        """``ports`` looks at what is plugged in now."""
        super().__init__(scanner_entries(), read=read, write=write, parent=parent)
        self._ports = ports
        self.test_button = ActionButton(_tr("Thử máy quét"), key="F9", kind="main")
        self.look_button = ActionButton(_tr("Tìm lại các cổng"), key="F5")
        self.test_button.clicked.connect(self.test_requested)
        self.look_button.clicked.connect(self.look_for_ports)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, metrics().step(3), 0, 0)
        row.setSpacing(metrics().step(3))
        row.addWidget(self.test_button)
        row.addWidget(self.look_button)
        row.addStretch(1)
        self.form.add_wide(line)

    def look_for_ports(self) -> None:
        """Show the ports that are there now; the chosen one stays chosen."""
        chosen = str(self._read("scanner_port"))
        field = self.field("scanner_port")
        field.set_choices(port_choices(self._ports(), chosen=chosen))
        show_value(field, chosen)
