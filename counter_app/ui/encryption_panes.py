"""The three faces of the window of encryption: how it stands, a new passphrase, the sheet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from counter_app.domain.words import format_date, format_number
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import ERROR, Note, TextField, set_tone
from counter_app.ui.forms import FormGrid
from counter_app.ui.sign_in import SecretField
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from counter_app.services.encryption import State

_LABEL_WIDTH = 190


def _row(*buttons: ActionButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(metrics().step(2))
    for button in buttons:
        button.setAutoDefault(False)
        row.addWidget(button)
    row.addStretch(1)
    return row


def _column(pane: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(metrics().step(3))
    return column


class StatePane(QWidget):
    """How the data lie on the disk, and what can be done about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without knowing."""
        super().__init__(parent)
        column = _column(self)
        self.state_label, self.keys_label, self.left_label = (QLabel() for _ in range(3))
        for label in (self.state_label, self.keys_label, self.left_label):
            label.setWordWrap(True)
            column.addWidget(label)
        self.sheet_button = ActionButton(self.tr("Làm phiếu khôi phục mới…"))
        self.wipe_button = ActionButton(self.tr("Xóa bản sao lưu để thường…"))
        self.rest_button = ActionButton(self.tr("Mã hóa nốt tệp đính kèm"))
        self.off_button = ActionButton(self.tr("Bỏ mã hóa…"), kind="danger")
        column.addLayout(_row(self.sheet_button, self.off_button))
        column.addLayout(_row(self.wipe_button, self.rest_button))

    def show_state(self, found: State, why_not: str) -> None:
        """Say how it stands; ``why_not`` tells why who is signed in can't change it."""
        self._tell_keys(found)
        left = []
        if found.plain_copies:
            places = ", ".join(sorted({str(path.parent) for path in found.plain_copies}))
            words = self.tr("Còn {count} bản sao lưu để thường, ai cũng đọc được: {places}.")
            count = format_number(len(found.plain_copies))
            left.append(words.format(count=count, places=places))
        if found.is_on and found.other_files:
            words = self.tr("Còn {count} tệp đính kèm chưa mã hóa.")
            left.append(words.format(count=format_number(found.other_files)))
        self.left_label.setText("\n".join(left))
        self.left_label.setVisible(bool(left))
        set_tone(self.left_label, "warning")
        for button, is_wanted in (
            (self.sheet_button, found.is_on),
            (self.off_button, found.is_on),
            (self.wipe_button, bool(found.plain_copies)),
            (self.rest_button, found.is_on and bool(found.other_files)),
        ):
            button.setVisible(is_wanted)
            button.set_reason(why_not or None)

    def _tell_keys(self, found: State) -> None:
        text = self.tr("Dữ liệu đang để thường: ai lấy được máy hay ổ đĩa là đọc được.")
        if found.is_on:
            text = self.tr("Dữ liệu đang được mã hóa.")
        self.state_label.setText(text)
        set_tone(self.state_label, "" if found.is_on else "warning")
        self.keys_label.setVisible(found.is_on)
        words = self.tr("Mật khẩu mở dữ liệu đặt ngày {set}; phiếu khôi phục làm ngày {made}.")
        days = {"set": _day(found.passphrase_at), "made": _day(found.sheet_at)}
        self.keys_label.setText(words.format(**days))


def _day(moment: str) -> str:
    """Return the day of a stored moment as it is read."""
    return format_date(date.fromisoformat(moment[:10])) if moment else "?"


class SecretPane(FormGrid):
    """A new passphrase, typed twice; it can be looked at, because nobody types blind."""

    def __init__(self, check: Callable[[str], str], parent: QWidget | None = None) -> None:
        """``check`` says why a passphrase can't be used, nothing if it can."""
        super().__init__(parent, beside=False, label_width=_LABEL_WIDTH)
        self._check = check
        self.secret, self.again = SecretField(), SecretField()
        self.add_row(self.tr("Mật khẩu mở dữ liệu"), self.secret, name="secret")
        self.add_row(self.tr("Nhập lại"), self.again, name="again")
        self.shown_box = QCheckBox(self.tr("Hiện chữ đang gõ"))
        self.shown_box.toggled.connect(self._on_shown)
        self.add_wide(self.shown_box)

    def begin(self) -> None:
        """Start anew."""
        self.forget()
        self.clear_notes()
        self.secret.setFocus()

    def forget(self) -> None:
        """Keep nothing of what was typed."""
        self.secret.clear()
        self.again.clear()

    def _on_shown(self, is_shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password
        for field in (self.secret, self.again):
            field.setEchoMode(mode)

    def taken(self) -> str:
        """Return the passphrase; empty if it can't be used, which is said at its field."""
        given = self.secret.text()
        why = self._check(given)
        if why:
            self._refuse("secret", why)
            return ""
        if self.again.text() != given:
            self._refuse("again", self.tr("Hai lần nhập không giống nhau."))
            return ""
        return given

    def _refuse(self, name: str, words: str) -> None:
        self.clear_notes()
        self.show_note(name, Note(words, ERROR))
        self.field(name).setFocus()


class SheetPane(QWidget):
    """The recovery sheet, printed or saved, and two groups of it read back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without a sheet."""
        super().__init__(parent)
        column = _column(self)
        words = QLabel(
            self.tr(
                "In phiếu rồi cất vào két của đơn vị, không để cạnh máy. Lưu thành tệp thì in từ "
                "tệp đó rồi xóa tệp."
            )
        )
        words.setWordWrap(True)
        column.addWidget(words)
        self.print_button = ActionButton(self.tr("In phiếu"), key="Ctrl+P", icon="print")
        self.save_button = ActionButton(self.tr("Lưu thành tệp PDF…"), key="Ctrl+S", icon="save")
        column.addLayout(_row(self.print_button, self.save_button))
        self.form = FormGrid(beside=False, label_width=_LABEL_WIDTH)
        self.read_back = TextField()
        self.form.add_row(self.tr("Gõ lại từ phiếu"), self.read_back, name="groups")
        column.addWidget(self.form)

    def begin(self, groups: tuple[int, int]) -> None:
        """Start anew with another sheet, of which these groups are wanted."""
        words = self.tr("nhóm {first} rồi nhóm {second}, theo tờ giấy vừa in")
        self.read_back.setPlaceholderText(words.format(first=groups[0], second=groups[1]))
        self.read_back.clear()
        self.form.clear_notes()
        self.print_button.setFocus()

    def refuse(self, groups: tuple[int, int]) -> None:
        """Say that it isn't what stands on the sheet."""
        words = self.tr(
            "Chưa giống trên phiếu. Gõ đủ nhóm {first} rồi nhóm {second}, mỗi nhóm 6 chữ số."
        )
        text = words.format(first=groups[0], second=groups[1])
        self.form.show_note("groups", Note(text, ERROR))
        self.read_back.setFocus()
