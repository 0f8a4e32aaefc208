"""Encryption at rest in the window: how the data lie, switching on and off, passphrase and sheet.

Nothing is written before the sheet was read back from paper: a code that nobody has is a lost
office. The turning itself waits until the window is gone (``ui.converting``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from counter_app.domain.unlocking import has_marks, is_typed_back
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.encryption_calls import EncryptionCalls
from counter_app.ui.encryption_panes import SecretPane, SheetPane, StatePane
from counter_app.ui.fields import ERROR
from counter_app.ui.interaction import Interaction
from counter_app.ui.printing import save_and_tell
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.encryption import Prepared, State
    from counter_app.ui.unlock_dialog import UnlockDialog


def _tr(text: str) -> str:
    return QCoreApplication.translate("encryption", text)


class EncryptionDialog(DeskDialog):
    """One window, three faces: how it stands, a new passphrase, the sheet that is read back."""

    def __init__(
        self,
        calls: EncryptionCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Show how the data lie on the disk."""
        super().__init__(
            _tr("Mã hóa dữ liệu"),
            _tr(
                "Mã hóa để máy hay ổ đĩa bị lấy mất cũng không ai đọc được hồ sơ của dân. Mở "
                "chương trình thì phải nhập mật khẩu mở dữ liệu. Quên mật khẩu còn phiếu khôi "
                "phục; mất cả hai thì không ai mở lại được dữ liệu, kể cả người làm chương trình."
            ),
            parent,
        )
        self._calls, self._runner, self._interaction = calls, runner, interaction
        self._state: State | None = None
        self._prepared: Prepared | None = None
        self._groups = (1, 2)
        self._is_busy = False
        self.unlocking: UnlockDialog | None = None
        self.state_pane = StatePane()
        self.secret_pane = SecretPane(calls.check)
        self.sheet_pane = SheetPane()
        self._panes = (self.state_pane, self.secret_pane, self.sheet_pane)
        for pane in self._panes:
            self.column.addWidget(pane)
        self.column.addStretch(1)
        self.main_button = ActionButton("", key="F9", kind="main")
        self.add_buttons(self.main_button)
        self.message.setMinimumHeight(metrics().step(11))
        self._connect()
        self.fit(760, 420)
        self.show_state()

    def _connect(self) -> None:
        self.main_button.clicked.connect(self.go_on)
        self.state_pane.sheet_button.clicked.connect(self.begin_sheet)
        self.state_pane.wipe_button.clicked.connect(self.wipe)
        self.state_pane.rest_button.clicked.connect(self.turn_rest)
        self.state_pane.off_button.clicked.connect(self.switch_off)
        self.secret_pane.secret.textEdited.connect(self._on_secret_typed)
        self.sheet_pane.print_button.clicked.connect(self.print_sheet)
        self.sheet_pane.save_button.clicked.connect(self.save_sheet)
        self.add_key("Ctrl+P", self.print_sheet)
        self.add_key("Ctrl+S", self.save_sheet)

    @property
    def _is_on(self) -> bool:
        return self._state is not None and self._state.is_on

    # Faces

    def _face(self, pane: QWidget, verb: str) -> None:
        self._set_busy(is_busy=False)
        for one in self._panes:
            one.setVisible(one is pane)
        is_state = pane is self.state_pane
        self.leave_button.set_verb(self.tr("Đóng") if is_state else self.tr("Quay lại"))
        self.main_button.set_verb(verb)
        self.say("")

    def show_state(self, told: str = "") -> None:
        """Say how the data lie, and offer what can be done about it; ``told`` is the news."""
        self._prepared = None
        self.secret_pane.forget()
        try:
            found = self._calls.status()
        except UserError as error:
            self._face(self.state_pane, self.tr("Bật mã hóa…"))
            self.main_button.set_reason(error.message)
            self.say(error.message, ERROR)
            return
        self._state = found
        why = self._calls.why_not()
        verb = self.tr("Đổi mật khẩu mở dữ liệu…") if found.is_on else self.tr("Bật mã hóa…")
        self._face(self.state_pane, verb)
        self.state_pane.show_state(found, why)
        self.main_button.set_reason(why or None)
        self.main_button.setFocus()
        self.say(told or why, "muted" if told else "warning")

    def _show_secret(self) -> None:
        verb = self.tr("Đổi mật khẩu") if self._is_on else self.tr("Làm phiếu khôi phục")
        self._face(self.secret_pane, verb)
        self.say(self.tr("Từ 12 ký tự: bốn từ dễ nhớ viết liền là đủ. Nên gõ không dấu."))
        self.secret_pane.begin()

    def _show_sheet(self, prepared: Prepared) -> None:
        verb = self.tr("Dùng phiếu mới") if self._is_on else self.tr("Mã hóa dữ liệu")
        self._face(self.sheet_pane, verb)
        self._prepared, self._groups = prepared, self._calls.groups()
        words = self.tr("Chưa thay đổi gì. Gõ lại nhóm {first} và nhóm {second} trên phiếu.")
        self.say(words.format(first=self._groups[0], second=self._groups[1]))
        self.sheet_pane.begin(self._groups)

    def reject(self) -> None:
        """Go back to how it stands, and only from there leave (Esc)."""
        if self._is_busy:
            return
        if self.state_pane.isHidden():
            self.show_state(self.tr("Chưa thay đổi gì."))
        else:
            super().reject()

    # Acts

    def go_on(self) -> None:
        """Do what the main button says (F9)."""
        if self._is_busy or not self.main_button.isEnabled():
            return
        if not self.secret_pane.isHidden():
            self._take_secret()
        elif not self.sheet_pane.isHidden():
            self._take_sheet()
        elif not self._calls.why_not():
            self._show_secret()

    def _take_secret(self) -> None:
        given = self.secret_pane.taken()
        if not given:
            return
        if self._is_on:
            self._work(lambda: self._calls.change_passphrase(given), self._on_changed)
        else:
            self._work(lambda: self._calls.prepare(given), self._show_sheet)

    def _on_changed(self, _nothing: object) -> None:
        self.show_state(
            self.tr(
                "Đã đổi mật khẩu mở dữ liệu. Bản chép trên USB đang rút ra vẫn mở bằng mật khẩu cũ."
            )
        )

    def begin_sheet(self) -> None:
        """Draw another code; the old sheet holds until the new one was read back."""
        self._work(self._calls.prepare_sheet, self._show_sheet)

    def _sheet(self) -> bytes | None:
        if self._prepared is None or self._is_busy:
            return None
        try:
            return self._calls.sheet(self._prepared)
        except UserError as error:
            self.say(error.message, ERROR)
            return None

    def print_sheet(self) -> None:
        """Print the sheet; it never waits in the queue on the disk."""
        data = self._sheet()
        if data is not None:
            self._calls.print_sheet(data)
            self.sheet_pane.read_back.setFocus()

    def save_sheet(self) -> None:
        """Save the sheet where a person says."""
        data = self._sheet()
        if data is None:
            return
        suggested = Path.home() / "phieu-khoi-phuc.pdf"
        told = save_and_tell(data, interaction=self._interaction, suggested=suggested)
        if told:
            self.say(told)
            self.sheet_pane.read_back.setFocus()

    def _take_sheet(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        if not is_typed_back(prepared.code, self._groups, self.sheet_pane.read_back.value()):
            self.sheet_pane.refuse(self._groups)
            return
        if self._is_on:
            self._work(lambda: self._calls.keep_sheet(prepared), self._on_sheet_kept)
            return
        question = self.tr(
            "Cửa sổ sẽ đóng để mã hóa toàn bộ dữ liệu, tệp đính kèm và làm một bản sao lưu mới. "
            "Đừng tắt máy trong lúc đó. Mã hóa bây giờ?"
        )
        if self._interaction.confirm(question, yes=self.tr("Mã hóa bây giờ"), no=self.tr("Chưa")):
            self.accept()
            self._calls.leave_for(self._calls.on(prepared))

    def _on_sheet_kept(self, _nothing: object) -> None:
        self.show_state(self.tr("Phiếu khôi phục mới có hiệu lực. Hủy phiếu cũ."))

    def wipe(self) -> None:
        """Remove the copies that anybody can read, once a person has said so."""
        copies = () if self._state is None else self._state.plain_copies
        question = self.tr(
            "Ghi đè rồi xóa hẳn {count} bản sao lưu để thường? Các bản đã mã hóa được giữ."
        )
        if self._interaction.confirm(
            question.format(count=format_number(len(copies))),
            yes=self.tr("Xóa hẳn"),
            no=self.tr("Giữ lại"),
            detail="\n".join(str(path) for path in copies),
        ):
            self._work(lambda: self._calls.remove_plain(copies), self._on_wiped)

    def _on_wiped(self, count: int) -> None:
        words = self.tr("Đã xóa {count} bản sao lưu để thường.")
        self.show_state(words.format(count=format_number(count)))

    def turn_rest(self) -> None:
        """Encrypt the attached files that a change which was cut short has left."""
        self._work(lambda: self._calls.go_on(lambda *_: None), self._on_rest_turned)

    def _on_rest_turned(self, count: int) -> None:
        words = self.tr("Đã mã hóa nốt {count} tệp đính kèm.")
        self.show_state(words.format(count=format_number(count)))

    def switch_off(self) -> None:
        """Turn everything back to plain, once a person has said so."""
        question = self.tr(
            "Bỏ mã hóa thì ai lấy được máy hay ổ đĩa là đọc được hồ sơ của dân. Cửa sổ sẽ đóng để "
            "chuyển dữ liệu. Bỏ mã hóa bây giờ?"
        )
        if not self._interaction.confirm(
            question, yes=self.tr("Bỏ mã hóa"), no=self.tr("Giữ mã hóa")
        ):
            return
        from counter_app.ui.unlock_dialog import UnlockDialog  # hardly ever needed

        try:
            locked = self._calls.locked()
        except UserError as error:
            self.say(error.message, ERROR)
            return
        # Whoever finds the desk open mustn't leave the data open for whoever takes the disk.
        dialog = UnlockDialog(locked, self, is_to_end=True, runner=self._runner)
        dialog.accepted.connect(self._leave_to_end)
        dialog.open()
        self.unlocking = dialog

    def _leave_to_end(self) -> None:
        self.accept()
        self._calls.leave_for(self._calls.off())

    # Beside the window's thread

    def _work(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._set_busy(is_busy=True)
        self.say(self.tr("Đang làm, chờ một lát…"))
        self._runner.run(lambda _job: work(), on_done=done, on_error=self._on_failed, owner=self)

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        for widget in (*self._panes, self.main_button):
            widget.setEnabled(not is_busy)

    def _on_failed(self, error: UserError) -> None:
        self._set_busy(is_busy=False)
        self.say(error.message, ERROR)

    def _on_secret_typed(self, text: str) -> None:
        if has_marks(text):
            self.say(
                self.tr(
                    "Chữ đang gõ có dấu: lần nào mở dữ liệu cũng phải bật bộ gõ như bây giờ. Nên "
                    "dùng chữ không dấu."
                ),
                "warning",
            )
            return
        self.say(self._calls.check(text) or self.tr("Mật khẩu này dùng được."))
