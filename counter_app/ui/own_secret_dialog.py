"""One's own password or PIN (đổi mật khẩu của mình): by the one that is in use, never shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from counter_app.errors import InputError, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR
from counter_app.ui.forms import FormGrid
from counter_app.ui.sign_in import SecretField
from counter_app.ui.theme import metrics


def _tr(text: str) -> str:
    return QCoreApplication.translate("own_secret", text)


class OwnSecretDialog(DeskDialog):
    """The one in use, the new one twice; F9 changes it."""

    def __init__(
        self, name: str, change: Callable[[str, str], None], parent: QWidget | None = None
    ) -> None:
        """``change`` takes the one in use and the new one."""
        super().__init__(
            _tr("Đổi mật khẩu của mình"),
            _tr("{name}: mật khẩu từ 8 ký tự, hoặc mã PIN từ 6 chữ số.").format(name=name),
            parent,
        )
        self._change = change
        self.was, self.secret, self.again = SecretField(), SecretField(), SecretField()
        self.form = FormGrid(beside=False, label_width=140)
        self.form.add_row(self.tr("Đang dùng"), self.was, name="was")
        self.form.add_row(self.tr("Mật khẩu mới"), self.secret, name="secret")
        self.form.add_row(self.tr("Nhập lại"), self.again, name="again")
        self.column.addWidget(self.form)
        self.save_button = ActionButton(self.tr("Đổi mật khẩu"), key="F9", kind="main")
        self.save_button.clicked.connect(self.save)
        self.add_buttons(self.save_button)
        self.message.setMinimumHeight(metrics().step(11))  # three lines of a refusal
        self.setMinimumWidth(metrics().px(520))
        self.was.setFocus()

    def save(self) -> None:
        """Change it, or say why not; what is refused has to be typed anew."""
        if self.secret.text() != self.again.text():
            self._refuse(self.tr("Hai lần nhập khác nhau. Nhập lại."), self.again)
            return
        try:
            self._change(self.was.text(), self.secret.text())
        except InputError as error:
            self.again.clear()
            self._refuse(error.message, self.secret)
            return
        except UserError as error:
            self._refuse(error.message, self.was)
            return
        self.accept()

    def _refuse(self, sentence: str, field: SecretField) -> None:
        field.clear()
        field.setFocus()
        self.say(sentence, ERROR)
