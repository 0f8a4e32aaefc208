"""Unlocking encrypted data (mở khóa dữ liệu) before anything of them can be read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget

from counter_app.domain.unlocking import has_marks, is_meant_as_code
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR
from counter_app.ui.sign_in import SecretField
from counter_app.ui.theme import metrics

_SECOND_MS = 1000


def _tr(text: str) -> str:
    return QCoreApplication.translate("unlock", text)


class UnlockDialog(DeskDialog):
    """Asks for the passphrase or the code of the sheet until it fits, or the program is left."""

    def __init__(
        self,
        unlock: Callable[[str], object],
        parent: QWidget | None = None,
        *,
        waiting: Callable[[], tuple[int, int]],
    ) -> None:
        """``unlock`` takes what was typed and raises what is wrong with it.

        ``waiting`` says how often that was so in a row, and for how many seconds one has to wait.
        """
        super().__init__(
            _tr("Mở khóa dữ liệu"),
            _tr(
                "Dữ liệu trên máy này được mã hóa. Nhập mật khẩu mở dữ liệu, hoặc tám nhóm số trên "
                "phiếu khôi phục."
            ),
            parent,
        )
        self._unlock = unlock
        self._waiting = waiting
        self._failures, self._left = waiting()
        self.key: object = None
        self.secret = SecretField(on_enter=self.enter)
        self.secret.setAccessibleName(_tr("Mật khẩu mở dữ liệu"))
        self.shown_box = QCheckBox(_tr("Hiện chữ đang gõ"))
        self.shown_box.toggled.connect(self._on_shown)
        self.column.addWidget(self.secret)
        self.column.addWidget(self.shown_box)
        self.enter_button = ActionButton(_tr("Mở khóa"), key="F9", kind="main")
        self.enter_button.clicked.connect(self.enter)
        self.add_buttons(self.enter_button)
        self.leave_button.setText(_tr("Đóng chương trình"))
        self.message.setMinimumHeight(metrics().step(11))  # three lines of a refusal
        self.secret.textEdited.connect(self._on_typed)
        self.setMinimumWidth(metrics().px(520))
        self._wait = QTimer(self)
        self._wait.setInterval(_SECOND_MS)
        self._wait.timeout.connect(self._on_second)
        if self._left:
            self._wait.start()
            self._tell_wait()
        self.secret.setFocus()

    def _on_shown(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        self.secret.setEchoMode(mode)
        self.secret.setFocus()

    def _on_typed(self, text: str) -> None:
        """Say what would make the right passphrase a wrong one, while it is typed."""
        letters = [c for c in text if c.isalpha()]
        if has_marks(text):
            self.say(
                _tr("Chữ đang gõ có dấu: bộ gõ UniKey đang bật. Tắt đi nếu mật khẩu không dấu."),
                "warning",
            )
        elif len(letters) > 1 and all(c.isupper() for c in letters):
            self.say(_tr("Chữ đang gõ là chữ hoa: xem phím Caps Lock."), "warning")
        elif not self._left:
            self.say("")

    def enter(self) -> None:
        """Try what was typed, or say why not; after some failures in a row one has to wait."""
        if self._left:
            return
        text = self.secret.text()
        if not text:
            self.say(_tr("Chưa nhập gì. Nhập mật khẩu mở dữ liệu."), ERROR)
            return
        try:
            self.key = self._unlock(text)
        except UserError as error:
            if not is_meant_as_code(text):
                self.secret.clear()
            self.say(error.message, ERROR)
            self.secret.setFocus()
            self._failures, self._left = self._waiting()
            if self._left:
                self._wait.start()
                self._tell_wait()
            return
        self.secret.clear()
        self.accept()

    def _on_second(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._tell_wait()
            return
        self._wait.stop()
        self.enter_button.set_reason(None)
        self.secret.setFocus()

    def _tell_wait(self) -> None:
        text = _tr("Đã sai {count} lần. Nhập lại được sau {seconds} giây.")
        self.enter_button.set_reason(text.format(count=self._failures, seconds=self._left))


def ask(unlock: Callable[[str], object], *, waiting: Callable[[], tuple[int, int]]) -> object:
    """Show the dialog at a start; returns what unlocking gave, None if the program is left."""
    dialog = UnlockDialog(unlock, waiting=waiting)
    try:
        accepted = dialog.exec() == UnlockDialog.DialogCode.Accepted
        return dialog.key if accepted else None
    finally:
        dialog.deleteLater()
        QApplication.processEvents()
