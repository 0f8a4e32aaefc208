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
from counter_app.ui.stoppable import Progress, Stoppable
from counter_app.ui.task_runner import TaskRunner

if TYPE_CHECKING:
    from counter_app.services.erasing import Removed
    from counter_app.services.store import Store


def _tr(text: str) -> str:
    return QCoreApplication.translate("person_dialog", text)


@dataclass(frozen=True, slots=True)
class PersonCalls:
    """The use cases of the window of one person's data."""

    now: Callable[[], datetime]
    data: Callable[[str, Progress], dict[str, Any]]
    remove: Callable[[str, str, Progress], Removed]  # number, reason


def person_calls(
    store: Store, *, clock: Callable[[], datetime], clerk: Callable[[], str]
) -> PersonCalls:
    """Bind the services to one store."""
    from counter_app.services import erasing, privacy

    return PersonCalls(
        now=clock,
        data=lambda number, progress: privacy.person_data(
            store, number, now=clock(), progress=progress
        ),
        remove=lambda number, reason, progress: erasing.remove_person(
            store, number, reason=reason, by=clerk(), now=clock(), progress=progress
        ),
    )


class PersonDialog(DeskDialog):
    """A number, and what is to be done with all that is kept of whom it names."""

    def __init__(
        self,
        calls: PersonCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
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
        self._work = Stoppable(runner, self, self.leave_button, self.message)
        self._work.turned.connect(self._on_turned)
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

    # What it does

    def export(self) -> None:
        """Find what is kept of the person, then write it where one says (F9)."""
        number = self.number.value()
        self._start(
            lambda progress: self._calls.data(number, progress),
            self.tr("Đang tìm…"),
            self._ask_where,
        )

    def _ask_where(self, data: dict[str, Any]) -> None:
        """Ask for the file's place; its name says nothing of the person."""
        suggested = Path.home() / f"du-lieu-ca-nhan-{self._calls.now():%Y%m%d-%H%M%S}.json"
        target = self._interaction.choose_file_save(
            self.tr("Xuất dữ liệu"), suggested=suggested, kinds=self.tr("Tệp JSON (*.json)")
        )
        if target is None:
            return
        text = self.tr("Đã xuất {count} hồ sơ ra {name}. Chỉ giao tệp này cho người đó.")
        told = text.format(count=len(data["dossiers"]), name=target.name)
        self._start(
            lambda _progress: write_atomically(
                target, json.dumps(data, ensure_ascii=False, indent=1).encode()
            ),
            self.tr("Đang ghi {name}…").format(name=target.name),
            lambda _none: self.say(told),
        )

    def remove(self) -> None:
        """Remove the person, after a question that says what can't be taken back."""
        for field, wanted in (
            (self.number, self.tr("Nhập số định danh của người cần xóa.")),
            (self.reason, self.tr("Ghi lý do: số văn bản cho phép xóa.")),
        ):
            if not field.value():
                field.setFocus()
                self.say(wanted, "danger")
                return
        question = self.tr(
            "Xóa họ tên, số định danh, địa chỉ, điện thoại và tệp đính kèm của người mang số "
            "{number} ở mọi hồ sơ? Không lấy lại được."
        ).format(number=self.number.value())
        if not self._interaction.confirm(question, yes=self.tr("Xóa dữ liệu cá nhân")):
            return
        number, reason = self.number.value(), self.reason.value()
        self._start(
            lambda progress: self._calls.remove(number, reason, progress),
            self.tr("Đang tìm…"),
            self._on_removed,
        )

    def _on_removed(self, removed: Removed) -> None:
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

    # Running

    def _start(
        self, work: Callable[[Progress], Any], words: str, on_done: Callable[[Any], None]
    ) -> None:
        if self._work.is_running:
            return

        def done(result: Any) -> None:
            self.say("")
            on_done(result)

        self.say(words)
        self._work.start(work, done, self._on_failed)

    def _on_failed(self, error: UserError) -> None:
        self.say(error.message, "danger")

    def _on_turned(self, is_running: bool) -> None:
        why = self.tr("đang làm việc khác") if is_running else None
        for button in (self.export_button, self.remove_button):
            button.set_reason(why)

    def reject(self) -> None:
        """Ask what is running to stop; else close."""
        if not self._work.stop():
            super().reject()
