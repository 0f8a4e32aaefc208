"""Unlocking encrypted data (mở khóa dữ liệu) before anything of them can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget

from counter_app.domain.unlocking import has_marks, is_meant_as_code
from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR
from counter_app.ui.sign_in import SecretField
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.unlocks import Locked
    from counter_app.ui.task_runner import TaskRunner

_SECOND_MS = 1000


def _tr(text: str) -> str:
    return QCoreApplication.translate("unlock", text)


class UnlockDialog(DeskDialog):
    """Asks for the passphrase or the code of the sheet until it fits, or the program is left."""

    def __init__(
        self,
        locked: Locked,
        parent: QWidget | None = None,
        *,
        is_copy: bool = False,
        is_to_end: bool = False,
        runner: TaskRunner | None = None,
    ) -> None:
        """Ask for the data at a start, for a copy under another key, or to end the encryption.

        With a runner the window goes on meanwhile: a try takes as long as it is meant to.
        """
        title, lead = _tr("Mở khóa dữ liệu"), _lead_of_data()
        if is_copy:
            title, lead = _tr("Mở khóa bản sao lưu"), _lead_of_copy(locked)
        elif is_to_end:
            title, lead = _tr("Bỏ mã hóa dữ liệu"), _lead_of_end()
        super().__init__(title, lead, parent)
        self._locked = locked
        self._runner = runner
        self._failures, self._left = locked.waiting()
        self._refusal = ""
        self.secret = SecretField(on_enter=self.enter)
        self.secret.setAccessibleName(_tr("Mật khẩu mở dữ liệu"))
        self.shown_box = QCheckBox(_tr("Hiện chữ đang gõ"))
        self.shown_box.toggled.connect(self._on_shown)
        self.column.addWidget(self.secret)
        self.column.addWidget(self.shown_box)
        self.enter_button = ActionButton(_tr("Mở khóa"), key="F9", kind="main")
        self.enter_button.clicked.connect(self.enter)
        self.add_buttons(self.enter_button)
        if is_to_end:
            self.enter_button.set_verb(_tr("Bỏ mã hóa"))
        is_in_window = is_copy or is_to_end
        self.leave_button.set_verb(_tr("Quay lại") if is_in_window else _tr("Đóng chương trình"))
        self.message.setMinimumHeight(
            metrics().step(15)
        )  # three lines of a refusal, one of the wait
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
        if self._runner is not None:
            self.secret.setEnabled(False)
            self.enter_button.set_reason(_tr("Đang thử mở khóa…"))
            self._runner.run(
                lambda _job: self._locked.unlock(text),
                on_done=self._on_opened,
                on_error=self._on_refused,
                owner=self,
            )
            return
        try:
            self._locked.unlock(text)
        except UserError as error:
            self._on_refused(error)
        else:
            self._on_opened()

    def _on_opened(self, _nothing: object = None) -> None:
        self.secret.clear()
        self.accept()

    def _on_refused(self, error: UserError) -> None:
        self.secret.setEnabled(True)
        self.enter_button.set_reason(None)
        if not is_meant_as_code(self.secret.text()):
            self.secret.clear()
        self._refusal = error.message
        self.say(error.message, ERROR)
        self.secret.setFocus()
        self._failures, self._left = self._locked.waiting()
        if self._left:
            self._wait.start()
            self._tell_wait()

    def _on_second(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._tell_wait()
            return
        self._wait.stop()
        self.enter_button.set_reason(None)
        self.secret.setFocus()
        self.say("")

    def _tell_wait(self) -> None:
        text = _tr("Đã sai {count} lần. Nhập lại được sau {seconds} giây.")
        told = text.format(count=self._failures, seconds=self._left)
        self.enter_button.set_reason(told)
        self.say(f"{self._refusal}\n{told}".strip(), ERROR)


def _lead_of_data() -> str:
    return _tr(
        "Dữ liệu trên máy này được mã hóa. Nhập mật khẩu mở dữ liệu, hoặc tám nhóm số trên "
        "phiếu khôi phục."
    )


def _lead_of_end() -> str:
    return _tr(
        "Chỉ người giữ mật khẩu mở dữ liệu, hoặc phiếu khôi phục, mới bỏ mã hóa được. Nhập mật "
        "khẩu mở dữ liệu, hoặc tám nhóm số trên phiếu khôi phục."
    )


def _lead_of_copy(locked: Locked) -> str:
    lead = _tr(
        "Bản sao lưu này được mã hóa bằng khóa khác: của lần mã hóa trước, hoặc của quầy khác. "
        "Nhập mật khẩu mở dữ liệu của chính bản ấy, hoặc tám nhóm số trên phiếu khôi phục ghi "
        "“Khóa số {mark}”."
    ).format(mark=locked.mark)
    if locked.passphrase_at is None:
        return lead
    at = _tr("Mật khẩu ấy đặt lúc {at}.").format(at=format_moment(locked.passphrase_at))
    return f"{lead} {at}"


def ask(locked: Locked, *, is_copy: bool = False) -> bool:
    """Show the dialog where there is no window; False if it was left."""
    dialog = UnlockDialog(locked, is_copy=is_copy)
    try:
        return dialog.exec() == UnlockDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()
        QApplication.processEvents()
