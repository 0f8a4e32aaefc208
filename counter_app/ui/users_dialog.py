"""Accounts in the window (tài khoản): who signs in, in which role, a new password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from counter_app.domain.rights import ROLE_LABELS, Role
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import Note, TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.sign_in import SecretField
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from datetime import datetime

    from counter_app.services.store import Store


def _tr(text: str) -> str:
    return QCoreApplication.translate("users_dialog", text)


@dataclass(frozen=True, slots=True)
class UsersCalls:
    """The use cases of the window of accounts."""

    accounts: Callable[[], Sequence[Any]]
    save: Callable[[str, Role, str], None]  # an empty secret keeps the one there is
    disable: Callable[[str], None]


def users_calls(store: Store, *, clock: Callable[[], datetime]) -> UsersCalls:
    """Bind the services to one store."""
    from counter_app.services import rights, users

    def save(name: str, role: Role, secret: str) -> None:
        is_first = not rights.is_on(store)
        known = {one.name: one for one in users.accounts(store)}
        with store.transaction():
            if name not in known:
                users.add_user(store, name=name, role=role, secret=secret, now=clock())
            else:
                if known[name].role is not role:
                    users.set_role(store, name=name, role=role)
                if secret:
                    users.set_secret(store, name=name, secret=secret, now=clock())
        if is_first:
            users.sign_in(store, name=name, secret=secret, now=clock())

    return UsersCalls(
        accounts=lambda: users.accounts(store),
        save=save,
        disable=lambda name: users.disable_user(store, name=name),
    )


class UsersDialog(DeskDialog):
    """The accounts above, one line below to add somebody or change what he has."""

    def __init__(self, calls: UsersCalls, parent: QWidget | None = None) -> None:
        """Show who has an account."""
        super().__init__(
            _tr("Tài khoản đăng nhập"),
            _tr(
                "Chưa có tài khoản thì làm việc không cần đăng nhập. Tài khoản đầu tiên là của "
                "quản trị; từ đó mỗi người đăng nhập bằng mật khẩu (từ 8 ký tự) hoặc mã PIN "
                "(từ 6 chữ số)."
            ),
            parent,
        )
        self._calls = calls
        self.model = RowTableModel(
            [
                Column(self.tr("Họ tên"), "name", width=240),
                Column(self.tr("Vai trò"), lambda one: in_window(one.role_label), width=200),
                Column(self.tr("Tình trạng"), self._state, width=140),
                Column(self.tr("Đổi lần cuối"), self._changed, width=150, figures=True),
            ],
            self,
        )
        self.table = TableView(empty_text=self.tr("Chưa có tài khoản nào: nhập bên dưới."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Tài khoản"))
        self.name = TextField()
        self.role = ChoiceField(
            choices=[Choice(role, in_window(ROLE_LABELS[role])) for role in Role]
        )
        self.secret = SecretField()
        self.again = SecretField()
        self.form = FormGrid(label_width=150)
        self.form.add_row(self.tr("Họ tên"), self.name, name="name")
        self.form.add_row(self.tr("Vai trò"), self.role, name="role")
        self.form.add_row(self.tr("Mật khẩu mới"), self.secret, name="secret")
        self.form.add_row(self.tr("Nhập lại"), self.again, name="again")
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.form)
        self.save_button = ActionButton(self.tr("Lưu tài khoản"), key="F9", kind="main")
        self.disable_button = ActionButton(self.tr("Đóng tài khoản đang chọn"), kind="danger")
        self.add_buttons(self.save_button, [self.disable_button])
        self.table.row_selected.connect(self._on_row_selected)
        self.save_button.clicked.connect(self.save)
        self.disable_button.clicked.connect(self.disable)
        self.show_accounts()
        self.fit(860, 600)
        self.name.setFocus()

    def _state(self, row: Any) -> str:
        return self.tr("Đang dùng") if row.is_active else self.tr("Đã đóng")

    def _changed(self, row: Any) -> str:
        return f"{row.changed_at:%d/%m/%Y %H:%M}"

    def show_accounts(self) -> None:
        """Read the accounts again."""
        known = list(self._calls.accounts())
        self.model.set_rows(known)
        if not known:
            self.role.set_value(Role.ADMIN)
        self._on_row_selected(self.table.current_row())

    def _on_row_selected(self, row: Any) -> None:
        active = row is not None and row.is_active
        self.disable_button.set_reason(
            None if active else self.tr("Chọn một tài khoản đang dùng trong danh sách.")
        )
        if row is not None:
            self.name.setText(row.name)
            self.role.set_value(row.role)

    def save(self) -> bool:
        """Add the account, or give it the role and the password that were entered (F9)."""
        self.form.clear_notes()
        if not self.name.value():
            self.name.set_note(Note(self.tr("Nhập họ tên rồi nhấn F9.")))
            self.name.setFocus()
            return False
        if self.secret.text() != self.again.text():
            self.again.clear()
            self.again.set_note(Note(self.tr("Hai lần nhập khác nhau. Nhập lại.")))
            self.again.setFocus()
            return False
        try:
            self._calls.save(self.name.value(), Role(self.role.value()), self.secret.text())
        except UserError as error:
            if not self.form.show_error(error):
                self.say(error.message, "danger")
            return False
        text = self.tr("Đã lưu tài khoản {name}.").format(name=self.name.value())
        for field in (self.name, self.secret, self.again):
            field.clear()
        self.role.set_value(Role.CLERK)  # the next one is no administrator unawares
        self.name.setFocus()
        self.show_accounts()
        self.say(text)
        return True

    def disable(self) -> bool:
        """Close the chosen account; what was done under it stays."""
        row = self.table.current_row()
        if row is None:
            return False
        try:
            self._calls.disable(row.name)
        except UserError as error:
            self.say(error.message, "danger")
            return False
        self.show_accounts()
        self.say(self.tr("Đã đóng tài khoản {name}.").format(name=row.name))
        return True
