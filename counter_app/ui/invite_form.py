"""Các quầy: reminders, the folder for bundles, invitations for further desks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.rights import Act
from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import Note, TextField, set_tone, whole_number
from counter_app.ui.forms import FormGrid
from counter_app.ui.interaction import Interaction
from counter_app.ui.settings_forms import SettingsForm, text_entry
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.services.store import Store

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class InviteCalls:
    """What the group asks of the house."""

    read: Callable[[str], Any]
    write: Callable[[str, Any], Any]
    next_number: Callable[[], int]
    invite: Callable[[Path, int], None]
    invitations: Callable[[], list[tuple[int, datetime, str]]]


def invite_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> InviteCalls:
    """Bind the services to one store."""
    from counter_app.services import sync_office
    from counter_app.services.settings import get_setting, set_setting

    def invite(path: Path, number: int) -> None:
        sync_office.invite(store, path, counter_number=number, by=clerk(), now=clock())

    return InviteCalls(
        read=lambda key: get_setting(store, key),
        write=lambda key, value: set_setting(store, key=key, value=value),
        next_number=lambda: sync_office.next_number(store),
        invite=invite,
        invitations=lambda: sync_office.invitations(store),
    )


class InviteForm(QWidget):
    """How desks exchange, and the invitation of another one."""

    saved = Signal(str, object, object)  # as SettingsForm tells it
    told = Signal(str)

    def __init__(
        self, calls: InviteCalls, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Values are read by ``show_values``."""
        super().__init__(parent)
        self._calls, self._interaction = calls, interaction
        self.settings = SettingsForm(
            [
                text_entry(
                    "sync_days",
                    self.tr("Nhắc đồng bộ sau (ngày)"),
                    expects=self.tr("số ngày từ 0 đến 60, 0 là không nhắc"),
                ),
                text_entry(
                    "sync_folder",
                    self.tr("Thư mục chép gói"),
                    placeholder=self.tr("để trống nếu dùng USB"),
                    hint=self.tr("Gói mới trong thư mục này hiện ở trang Đồng bộ."),
                ),
            ],
            read=calls.read,
            write=calls.write,
        )
        self.settings.saved.connect(self.saved)
        title = QLabel(
            self.tr(
                "Mời quầy mới: ghi một tệp mời có số quầy, cài đặt, danh mục và khóa của đơn vị. "
                "Ở máy mới, chọn tệp này trong lần mở đầu tiên. Giao tận tay, dùng xong thì xóa."
            )
        )
        title.setWordWrap(True)
        set_tone(title, "muted")
        self.number = TextField(chars=4, max_length=2)
        self.form = FormGrid(label_width=190)
        self.form.add_row(self.tr("Số của quầy mới"), self.number, name="counter_number")
        self.button = ActionButton(self.tr("Ghi tệp mời…"), key="F9", icon="save", act=Act.INVITE)
        self.button.clicked.connect(self.invite)
        self.given = QLabel()
        self.given.setWordWrap(True)
        set_tone(self.given, "muted")
        line = QHBoxLayout()
        line.addWidget(self.button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(metrics().step(3))
        for widget in (self.settings, title, self.form):
            column.addWidget(widget)
        column.addLayout(line)
        column.addWidget(self.given)
        column.addStretch(1)

    def show_values(self) -> None:
        """Show what holds now, and the next free number."""
        self.settings.show_values()
        self.form.clear_notes()
        number = self._calls.next_number()
        self.number.setText(f"{number:02d}" if number else "")
        lines = [
            self.tr("Quầy {number:02d}: mời lúc {at}, {by}").format(
                number=number, at=format_moment(at), by=by or self.tr("không ghi tên")
            )
            for number, at, by in self._calls.invitations()[:_SHOWN]
        ]
        self.given.setText("\n".join([self.tr("Đã mời:"), *lines]) if lines else "")

    def invite(self) -> None:
        """Write an invitation (F9)."""
        number = whole_number(self.number.value())
        if number is None:
            self.form.show_note("counter_number", Note(self.tr("Nhập số quầy từ 1 đến 99.")))
            self.number.setFocus()
            return
        path = self._interaction.choose_file_save(
            self.tr("Ghi tệp mời"),
            suggested=Path.home() / f"moi-quay-{number:02d}.json",
            kinds=self.tr("Tệp mời (*.json)"),
        )
        if path is None:
            return
        try:
            self._calls.invite(path, number)
        except UserError as error:
            if not self.form.show_error(error):
                self._interaction.inform(error.message)
            return
        self.show_values()
        self.told.emit(
            self.tr("Đã ghi tệp mời {name} cho quầy {number:02d}.").format(
                name=path.name, number=number
            )
        )
