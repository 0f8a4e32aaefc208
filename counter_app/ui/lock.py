"""The lock (khóa màn hình): covers every window, keeps what was typed, lets the next one in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeGuard

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from counter_app.domain.rights import PAGE_ACTS
from counter_app.ui.frame import MainWindow
from counter_app.ui.interaction import Interaction
from counter_app.ui.sign_in_calls import SignInCalls

if TYPE_CHECKING:
    from counter_app.ui.put_aside import DialogsAside
    from counter_app.ui.sign_in import Cover, SignInDialog

_LOOK_MS = 5_000
_SIGNS_OF_LIFE = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove}
)


class Lock(QObject):
    """Who is at the desk: asks at the start, after a pause, by key, and at a hand-over.

    Where the office works without sign-in it does nothing at all.
    """

    entered = Signal(str, str)  # who was at the desk before, who signed in

    def __init__(
        self,
        calls: SignInCalls,
        window: MainWindow,
        interaction: Interaction,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """``ticks`` are seconds that no clock's setting moves."""
        super().__init__(window)
        self._calls = calls
        self._window = window
        self._interaction = interaction
        self._ticks = ticks
        self._last = ticks()
        self._is_watching = False
        self._covers: list[Cover] = []
        self._is_locked = False
        self._is_leaving = False
        self._focus: QWidget | None = None
        self._was = ""  # who was at the desk when the question was put
        self._aside: DialogsAside | None = None
        self.dialog: SignInDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look_at_pause)

    @property
    def is_on(self) -> bool:
        """Say whether people sign in here."""
        return bool(self._calls.names())

    def follow(self) -> None:
        """Begin or stop to watch for pauses, as accounts and settings say now."""
        wanted = self.is_on and self._calls.lock_minutes() > 0
        application = QApplication.instance()
        if application is None or wanted == self._is_watching:
            return
        self._is_watching = wanted
        self._last = self._ticks()
        self._listen()
        if wanted:
            self._timer.start()
        else:
            self._timer.stop()

    def close(self) -> None:
        """Watch no longer."""
        self._is_watching = False
        self._timer.stop()
        self._uncover()
        if self.dialog is not None:
            self.dialog.hide()
            self.dialog.deleteLater()
            self.dialog = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there, and cover what opens while the desk is locked."""
        if event.type() in _SIGNS_OF_LIFE:
            self._last = self._ticks()
        elif event.type() == QEvent.Type.Show and self._is_locked and self._is_strange(watched):
            self._cover(watched)
            # Behind the question for the secret, which it would hold up if it is modal too.
            QTimer.singleShot(0, self, self._come_forward)
        return super().eventFilter(watched, event)

    def look_at_pause(self) -> None:
        """Lock once nobody has touched anything for as long as the office has set."""
        minutes = self._calls.lock_minutes()
        if minutes and self._ticks() - self._last >= minutes * 60:
            self.lock()

    def begin(self) -> None:
        """Ask who is there when the window opens."""
        self.follow()
        if self.is_on and not self._calls.current():
            self._cover_and_ask()

    def lock(self) -> None:
        """Cover everything until somebody signs in (Ctrl+F11)."""
        if not self.is_on or self.dialog is not None:
            if not self.is_on:
                self._window.say(
                    self.tr("Chưa có tài khoản nào nên không khóa được: Cài đặt, Cán bộ.")
                )
            return
        self._calls.note_lock()
        self._cover_and_ask()

    def hand_over(self, name: str) -> bool:
        """Ask the next clerk for his secret; False where nobody signs in or he is no account's."""
        if not self.is_on:
            return False
        if name == self._calls.current():
            return True
        if name not in self._calls.names():
            self._interaction.inform(
                self.tr(
                    "{name} chưa có tài khoản nên không nhận quầy được. Quản trị tạo tài khoản "
                    "ở Cài đặt, Cán bộ."
                ).format(name=name)
            )
            return True
        from counter_app.ui.sign_in import SignInDialog

        self._open(SignInDialog(self._calls, self._window, name=name, may_go_back=True))
        return True

    def why_no_page(self, key: str) -> str:
        """Say why who is signed in may not open a page; empty if he may."""
        if not self._calls.current():
            return ""
        return self._calls.why_not(PAGE_ACTS[key])

    # The screen

    def _cover_and_ask(self) -> None:
        from counter_app.ui.sign_in import SignInDialog

        self._focus = QApplication.focusWidget()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.hide()  # a cover lies on windows, not on a list that hangs open
        self._is_locked = True
        self._listen()
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and self._is_strange(widget):
                self._cover(widget)
        name = self._calls.current() or self._calls.last()
        self._open(SignInDialog(self._calls, self._window, name=name))

    def _listen(self) -> None:
        application = QApplication.instance()
        if application is None:
            return
        application.removeEventFilter(self)
        if self._is_watching or self._is_locked:
            application.installEventFilter(self)

    def _is_strange(self, widget: QObject) -> TypeGuard[QWidget]:
        """Say whether a window shows what only somebody who is signed in may read."""
        return (
            isinstance(widget, QWidget)
            and widget.windowType() in {Qt.WindowType.Window, Qt.WindowType.Dialog}
            and widget is not self.dialog
            and not self._is_leaving  # what is asked then is asked of who stands there
        )

    def _cover(self, window: QWidget) -> None:
        from counter_app.ui.sign_in import Cover

        self._covers.append(Cover(window, self.tr("Màn hình đang khóa")))

    def _come_forward(self) -> None:
        if self.dialog is not None:
            self.dialog.hide()
            self._show(self.dialog)

    def _open(self, dialog: SignInDialog) -> None:
        self.dialog, self._was = dialog, self._calls.current()
        dialog.entered.connect(self._on_entered)
        dialog.leaving_asked.connect(self._on_leaving_asked)
        dialog.finished.connect(self._on_finished)
        self._show(dialog)

    def _show(self, dialog: SignInDialog) -> None:
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        dialog.secret.setFocus()

    def _on_entered(self, name: str) -> None:
        self._last = self._ticks()
        self._uncover()
        if self._was not in {"", name}:
            self._change_dialogs(name)
        self.entered.emit(self._was, name)

    def _change_dialogs(self, name: str) -> None:
        """Put aside the dialogs of who has left, and show those of who has come back."""
        from counter_app.ui.put_aside import DialogsAside

        self._aside = self._aside or DialogsAside(self)
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and self._is_strange(w)]
        self._aside.take([one for one in shown if one is not self._window], self._was)
        # Not before his page stands under them.
        QTimer.singleShot(0, self, partial(self._aside.give_back, name))

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _on_leaving_asked(self) -> None:
        self._is_leaving = True
        try:
            is_closed = self._window.close()
        finally:
            self._is_leaving = False
        if is_closed and self.dialog is not None:
            self.dialog.hide()
            QApplication.quit()

    def _uncover(self) -> None:
        import shiboken6

        for cover in self._covers:
            if shiboken6.isValid(cover):  # its window may have gone meanwhile
                cover.hide()
                cover.deleteLater()
        self._covers = []
        self._is_locked = False
        self._listen()
        focus, self._focus = self._focus, None
        if focus is not None and shiboken6.isValid(focus):
            focus.setFocus()
