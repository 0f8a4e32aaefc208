"""Which palette holds: the one chosen in the settings, or the machine's own light or dark."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from counter_app.ui.icons import recolour
from counter_app.ui.theme import DARK, LIGHT, Colours, switch_palette

_SCHEMES = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


def wanted_palette(app: QApplication, choice: str) -> Colours:
    """Return the palette of a choice, and let the machine's own frames and dialogs follow it."""
    hints = app.styleHints()
    hints.setColorScheme(_SCHEMES[choice])
    if choice == "system":
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


class Look(QObject):
    """Keeps the open windows in the palette that is wanted, without a restart."""

    changed = Signal()

    def __init__(self, choice: Callable[[], str], parent: QObject | None = None) -> None:
        """``choice`` reads the setting: light, dark or system."""
        super().__init__(parent)
        self._choice = choice
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @Slot()
    def follow(self) -> None:
        """Change the colours of everything that is open if the setting wants others."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and switch_palette(
            app, wanted_palette(app, self._choice())
        ):
            recolour(app)
            self.changed.emit()

    @Slot()
    def _on_scheme_changed(self) -> None:
        if self._choice() == "system":
            self.follow()
