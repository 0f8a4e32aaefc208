"""The application: made once, dressed, and given its window; or told why there is none."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from counter_app.errors import UserError
from counter_app.services.settings import get_setting
from counter_app.ui.crash import install_excepthook
from counter_app.ui.day_keeper import Doubt
from counter_app.ui.desk import Desk
from counter_app.ui.interaction import QtInteraction
from counter_app.ui.look import wanted_palette
from counter_app.ui.theme import apply_theme, dress
from counter_app.ui.translation import install_translators

if TYPE_CHECKING:
    from counter_app.services.backup_facts import RescueCalls
    from counter_app.services.store import Store
    from counter_app.services.unlocks import Locked

_PAUSE_MS = 1
# Not before the window stands; each of them takes a few milliseconds.
_NEEDED_SOON = (
    "counter_app.domain.facts",
    "counter_app.domain.catalogue",
    "counter_app.services.catalogue",
    "counter_app.domain.deadlines",
    "counter_app.services.calendars",
    "counter_app.services.reception",
    "counter_app.ui.matches",
    "counter_app.domain.papers",
    "counter_app.services.papers",
    "counter_app.services.browse",
)


def make_application(arguments: list[str], *, language: str = "vi") -> QApplication:
    """Return the one QApplication with our words; the theme follows when the scale is known."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments)
    app.setApplicationName("Counter App")
    install_translators(app, language=language)
    return app


def load_the_rest(names: Sequence[str] = _NEEDED_SOON) -> None:
    """Load what the first citizen will need, a module at a time between the keystrokes."""
    if names and QApplication.instance() is not None:
        importlib.import_module(names[0])
        QTimer.singleShot(_PAUSE_MS, lambda: load_the_rest(names[1:]))


def tell_and_leave(app: QApplication, error: UserError) -> int:
    """Show why the data can't be opened and end with the status of a refused action."""
    apply_theme(app)
    QtInteraction(None).inform(error.message)
    print(error.message, file=sys.stderr)  # noqa: T201 - whoever started us from a terminal
    return 2


def unlock(app: QApplication, locked: Locked) -> bool:
    """Ask for what opens encrypted data; False if the program is left."""
    from counter_app.ui import unlock_dialog  # plain data never need it

    apply_theme(app)
    return unlock_dialog.ask(locked)


def offer_rescue(app: QApplication, error: UserError, calls: RescueCalls) -> bool:
    """Offer what can be done with a damaged file; True once the data can be opened again."""
    from counter_app.ui import rescue  # hardly ever needed

    apply_theme(app)
    return rescue.choose(QtInteraction(None), error, calls)


def start_desk(
    app: QApplication,
    store: Store,
    *,
    folder: Path,
    clock: Callable[[], datetime],
    is_second: bool,
    doubts: Callable[[datetime], Sequence[Doubt]] | None = None,
) -> Desk:
    """Dress the application and show the window."""
    palette = wanted_palette(app, str(get_setting(store, "palette")))
    scale = int(get_setting(store, "scale")) / 100
    apply_theme(app, scale=scale, palette=palette, is_dressed=False)
    try:
        desk = Desk(store, folder=folder, clock=clock, is_second=is_second, doubts=doubts)
        install_excepthook(desk.means.interaction)
        desk.start(dress=lambda: dress(app))
    except BaseException:
        dress(app)  # what is told of it is a window too
        raise
    return desk
