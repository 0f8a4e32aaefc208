"""The data of one person: a file for him, or removal once their time is over."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from counter_app.atomic import write_atomically
from counter_app.domain.rights import Act
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.interaction import Interaction

if TYPE_CHECKING:
    from counter_app.services.erasing import Removed
    from counter_app.services.store import Store


def _tr(text: str) -> str:
    return QCoreApplication.translate("person_dialog", text)


@dataclass(frozen=True, slots=True)
class PersonCalls:
    """The use cases of the window of one person's data."""

    now: Callable[[], datetime]
    data: Callable[[str], dict[str, Any]]
    remove: Callable[[str, str], Removed]  # number, reason


def person_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> PersonCalls:
    """Bind the services to one store."""
    from counter_app.services import erasing, privacy

    return PersonCalls(
        now=clock,
        data=lambda number: privacy.person_data(store, number, now=clock()),
        remove=lambda number, reason: erasing.remove_person(
            store, number, reason=reason, by=clerk(), now=clock()
        ),
    )


class PersonDialog(DeskDialog):
    """A number, and what is to be done with all that is kept of whom it names."""

    def __init__(
        self, calls: PersonCalls, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Start empty: nobody's data are shown here."""
        super().__init__(
            _tr("Dữ liệu của một người"),
            _tr(
                "Người dân yêu cầu thì xuất mọi điều đang lưu về họ. Hết thời hạn lưu của đơn vị "
                "thì xóa được: hồ sơ còn lại không tên, hạn và kết quả giữ nguyên. Cả hai việc "
                "đều ghi vào nhật ký."
            ),
            parent,
        )
        self._calls = calls
        self._interaction = interaction
        self.number = TextField()
        self.reason = TextField(placeholder=self.tr("số văn bản, chỉ khi xóa"))
        self.form = FormGrid(beside=False, label_width=120)
        self.form.add_row(self.tr("Số định danh"), self.number, name="number")
        self.form.add_row(self.tr("Lý do"), self.reason, name="reason")
        self.column.addWidget(self.form)
        self.export_button = ActionButton(
            self.tr("Xuất dữ liệu"), key="F9", kind="main", icon="save"
        )
        self.remove_button = ActionButton(
            self.tr("Xóa dữ liệu cá nhân"), kind="danger", act=Act.PERSON_REMOVE
        )
        self.add_buttons(self.export_button, [self.remove_button])
        self.export_button.clicked.connect(self.export)
        self.remove_button.clicked.connect(self.remove)
        self.fit(620, 340)
        self.number.setFocus()

    def export(self) -> None:
        """Write the file for the person (F9); its name says nothing of him."""
        try:
            data = self._calls.data(self.number.value())
        except UserError as error:
            self.say(error.message, "danger")
            return
        suggested = Path.home() / f"du-lieu-ca-nhan-{self._calls.now():%Y%m%d-%H%M%S}.json"
        target = self._interaction.choose_file_save(
            self.tr("Xuất dữ liệu"), suggested=suggested, kinds=self.tr("Tệp JSON (*.json)")
        )
        if target is None:
            return
        try:
            write_atomically(target, json.dumps(data, ensure_ascii=False, indent=1).encode())
        except UserError as error:
            self.say(error.message, "danger")
            return
        text = self.tr("Đã xuất {count} hồ sơ ra {name}. Chỉ giao tệp này cho người đó.")
        self.say(text.format(count=len(data["dossiers"]), name=target.name))

    def remove(self) -> None:
        """Remove the person, after a question that says what can't be taken back."""
        question = self.tr(
            "Xóa họ tên, số định danh, địa chỉ, điện thoại và tệp đính kèm của người này ở mọi "
            "hồ sơ? Không lấy lại được."
        )
        if not self._interaction.confirm(question, yes=self.tr("Xóa dữ liệu cá nhân")):
            return
        try:
            removed = self._calls.remove(self.number.value(), self.reason.value())
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.number.clear()
        self.reason.clear()
        text = self.tr("Đã xóa ở {dossiers} hồ sơ, {visits} lượt tiếp, {files} tệp đính kèm.")
        told = [
            text.format(dossiers=len(removed.codes), visits=removed.visits, files=removed.files)
        ]
        if removed.kept:
            text = self.tr("Tệp của hồ sơ {codes} được giữ: đó là tệp của chủ hồ sơ.")
            told.append(text.format(codes=", ".join(removed.kept)))
        if removed.left:
            text = self.tr(
                "{count} tệp đang mở ở chương trình khác nên chưa xóa được: đóng chương trình đó "
                "rồi mở lại chương trình này."
            )
            told.append(text.format(count=removed.left))
        self.say(" ".join(told), "warning" if removed.left else "muted")
