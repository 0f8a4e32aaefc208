"""Signing in (đăng nhập): who, and his password or PIN; nothing behind it can be read meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ENTER_KEYS, ERROR, TextField, set_tone
from counter_app.ui.forms import FormGrid
from counter_app.ui.sign_in_calls import SignInCalls
from counter_app.ui.theme import metrics


def _tr(text: str) -> str:
    return QCoreApplication.translate("sign_in", text)


def _as_typed(text: str) -> str:
    return text


class SecretField(TextField):
    """A password or PIN: never shown, never tidied."""

    def __init__(
        self, parent: QWidget | None = None, *, on_enter: Callable[[], None] | None = None
    ) -> None:
        """``on_enter`` is done by Enter instead of going to the next field."""
        super().__init__(parent, tidy=_as_typed)
        self._on_enter = on_enter
        self.setEchoMode(self.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, which at the sign-in is all there is to do."""
        if self._on_enter is not None and event.key() in ENTER_KEYS:
            event.accept()
            self._on_enter()
            return
        super().keyPressEvent(event)


class Cover(QWidget):
    """Lies over a whole window, so that nothing of it can be read; what is typed there stays."""

    def __init__(self, window: QWidget, text: str) -> None:
        """Follow the window's size until it is taken away."""
        super().__init__(window)
        self._window = window
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        label = QLabel(text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_tone(label, "muted")
        QVBoxLayout(self).addWidget(label)
        window.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering when the window grows or gets a new child."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        elif event.type() == QEvent.Type.ChildAdded:
            self.raise_()
        return super().eventFilter(watched, event)


class SignInDialog(DeskDialog):
    """Choose the name, type the secret; F9, or Enter in the field, signs in."""

    entered = Signal(str)
    leaving_asked = Signal()

    def __init__(
        self,
        calls: SignInCalls,
        parent: QWidget | None = None,
        *,
        name: str = "",
        may_go_back: bool = False,
    ) -> None:
        """``name`` is offered first; ``may_go_back`` where somebody is signed in already."""
        super().__init__(
            _tr("Giao quầy") if may_go_back else _tr("Đăng nhập"),
            _tr(
                "Chọn tên rồi nhập mật khẩu hoặc mã PIN. Việc đang gõ dở được giữ cho người đã gõ."
            ),
            parent,
        )
        self._calls = calls
        self._may_go_back = may_go_back
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.who = ChoiceField(choices=[Choice(one, one) for one in calls.names()])
        self.who.set_value(name if name in calls.names() else next(iter(calls.names()), ""))
        self.secret = SecretField(on_enter=self.enter)
        self.form = FormGrid(beside=False, label_width=110)
        self.form.add_row(self.tr("Họ tên"), self.who, name="name")
        self.form.add_row(self.tr("Mật khẩu"), self.secret, name="secret")
        self.column.addWidget(self.form)
        self.enter_button = ActionButton(self.tr("Đăng nhập"), key="F9", kind="main")
        self.enter_button.clicked.connect(self.enter)
        self.quit_button = ActionButton(self.tr("Đóng chương trình"), kind="quiet")
        self.quit_button.clicked.connect(self.leaving_asked)
        self.add_buttons(self.enter_button, [] if may_go_back else [self.quit_button])
        self.leave_button.setVisible(may_go_back)
        self.message.setMinimumHeight(metrics().step(11))  # three lines of a refusal
        self.who.value_changed.connect(self._on_who_changed)
        self.setMinimumWidth(metrics().px(460))
        self.secret.setFocus()

    def _on_who_changed(self, _value: object) -> None:
        self.secret.clear()
        self.say("")

    def enter(self) -> None:
        """Sign in, or say why not."""
        name = str(self.who.value() or "")
        try:
            self._calls.sign_in(name, self.secret.text())
        except UserError as error:
            self.secret.clear()
            self.say(error.message, ERROR)
            self.secret.setFocus()
            return
        self.secret.clear()
        self.entered.emit(name)
        self.accept()

    def reject(self) -> None:
        """Esc goes back only where somebody is signed in."""
        if self._may_go_back:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own cross is no way around the password."""
        if self._may_go_back or not self.isVisible():
            super().closeEvent(event)
        else:
            event.ignore()
            self.leaving_asked.emit()
