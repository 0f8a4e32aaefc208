"""The catalogue in the settings: search, edit as a dated version, add, retire; files beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counter_app.domain.catalogue import Procedure
from counter_app.domain.deadlines import parse_limit
from counter_app.domain.rights import Act
from counter_app.domain.words import format_date
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.catalogue_form import CatalogueForm
from counter_app.ui.day_fields import parse_coming_day
from counter_app.ui.fields import Note, TextField
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.procedure_dialog import ProcedureCalls, ProcedureDialog
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.translation import limit_in_window

if TYPE_CHECKING:
    from counter_app.services.catalogue_edits import Versions
    from counter_app.services.store import Store


def procedure_calls(store: Store, *, clock: Callable[[], datetime]) -> ProcedureCalls:
    """Bind the services to one store."""
    from counter_app.services import catalogue, catalogue_edits
    from counter_app.services.settings import get_setting

    def today() -> date:
        return clock().date()

    return ProcedureCalls(
        today=today,
        find=lambda text: catalogue_edits.find(store, text, on=today()),
        coming=lambda: catalogue_edits.coming(store, on=today()),
        sectors=lambda: list(catalogue.sectors(store)),
        units=lambda: catalogue.usual_units(store),
        preview=lambda entry: catalogue_edits.preview(store, entry, on=today()),
        save=lambda entry, *, is_new: catalogue_edits.save(store, entry, on=today(), is_new=is_new),
        retire=lambda code, *, last_day: catalogue_edits.retire(
            store, code, last_day=last_day, on=today()
        ),
        pinned=lambda: get_setting(store, "favourites"),
        pin=lambda code, *, is_pinned: catalogue.pin(store, code, is_pinned=is_pinned),
        put_back=lambda before: catalogue_edits.put_back(store, before),
    )


class CatalogueGroup(QWidget):
    """The list of procedures with their acts; a button turns to the files and back."""

    saved = Signal(str, object, object)
    told = Signal(str)

    def __init__(
        self,
        calls: ProcedureCalls,
        files: CatalogueForm,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """The list is read when the group is seen."""
        super().__init__(parent)
        self._calls, self._interaction = calls, interaction
        self.files = files
        self.dialog: ProcedureDialog | None = None
        self._pinned: frozenset[str] = frozenset()
        self._coming: Mapping[str, date] = {}  # what is saved and doesn't hold yet
        self.search = TextField(placeholder=self.tr("Tìm thủ tục: mã, tên, tên gọi khác"))
        self.search.setAccessibleName(self.tr("Tìm thủ tục"))
        self.edit_button = ActionButton(
            self.tr("Sửa thành phiên bản mới"), key="F9", kind="main", act=Act.CATALOGUE
        )
        self.add_button = ActionButton(self.tr("Thêm thủ tục"), icon="plus", act=Act.CATALOGUE)
        self.pin_button = ActionButton(self.tr("Ghim ở quầy này"), act=Act.DESK)
        self.retire_button = ActionButton(self.tr("Ngừng áp dụng"), act=Act.CATALOGUE)
        self.files_button = ActionButton(self.tr("Nhập, xuất tệp"), icon="list")
        self.back_button = ActionButton(self.tr("Về danh sách thủ tục"), icon="undo")
        self.model = RowTableModel(self._columns(), self)
        self.table = TableView(empty_text=self.tr("Không có thủ tục nào khớp."))
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Danh mục thủ tục"))
        self.message = MessageLabel()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("Mã"), "code", width=104, figures=True),
            Column(self.tr("Ghim"), self._pin_word, width=56),
            Column(self.tr("Thủ tục"), "name", width=370, tooltip=lambda one: str(one.name)),
            Column(self.tr("Thời hạn"), self._limit, width=140),
            Column(self.tr("Lệ phí"), lambda one: one.fee.describe() or None, width=120),
            Column(self.tr("Áp dụng từ"), "valid_from", show=format_date, width=104, figures=True),
            Column(self.tr("Tình trạng"), self._state, tooltip=lambda one: str(one.source)),
        ]

    def _pin_word(self, one: Procedure) -> str:
        return self.tr("ghim") if one.code in self._pinned else ""

    def _limit(self, one: Procedure) -> str:
        return limit_in_window(parse_limit(one.limit)) if one.limit else self.tr("chưa rõ")

    def _state(self, one: Procedure) -> str:
        if one.code in self._coming:
            return self.tr("đổi từ {day}").format(day=format_date(self._coming[one.code]))
        if one.valid_to is not None:
            return self.tr("đến {day}").format(day=format_date(one.valid_to))
        return self.tr("đã xác nhận") if one.confirmed else self.tr("chưa xác nhận")

    def _lay_out(self) -> None:
        measures = metrics()
        foot = QHBoxLayout()
        foot.setSpacing(measures.step(2))
        for button in (
            self.edit_button,
            self.add_button,
            self.pin_button,
            self.retire_button,
            self.files_button,
        ):
            foot.addWidget(button)
        foot.addStretch(1)
        self.table.setMinimumHeight(measures.px(220))
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(2))
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(foot)
        files = QWidget()
        column = QVBoxLayout(files)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.files, 1)
        self._sides = (listed, files)
        for side in self._sides:
            self._stack.addWidget(side)
        self._turn_to(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _connect(self) -> None:
        self.search.textEdited.connect(self._show)
        self.table.row_selected.connect(self._on_row_selected)
        self.table.row_opened.connect(self.edit)
        self.edit_button.clicked.connect(self.edit)
        self.add_button.clicked.connect(self.add)
        self.pin_button.clicked.connect(self.pin)
        self.retire_button.clicked.connect(self.retire)
        self.files_button.clicked.connect(self.show_files)
        self.back_button.clicked.connect(self.show_list)
        self.files.told.connect(self.told)
        self.files.told.connect(self._show)
        self._on_row_selected(None)

    # What is shown

    def show_values(self) -> None:
        """Read the list again, once it can be seen."""
        self.files.show_values()
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list when the group is chosen."""
        super().showEvent(event)
        self._show()

    def _show(self, *_: object) -> None:
        self._pinned = frozenset(self._calls.pinned())
        self._coming = self._calls.coming()
        self.model.set_rows(list(self._calls.find(self.search.text())))
        self._on_row_selected(self.table.current_row())

    def _on_row_selected(self, row: Procedure | None) -> None:
        reason = None if row is not None else self.tr("Chọn một thủ tục trong danh sách.")
        self.edit_button.set_reason(reason)
        self.retire_button.set_reason(reason)
        self.pin_button.set_reason(reason)
        is_pinned = row is not None and row.code in self._pinned
        self.pin_button.set_verb(self.tr("Bỏ ghim") if is_pinned else self.tr("Ghim ở quầy này"))

    def _turn_to(self, place: int) -> None:
        # What isn't shown needs no room: the files would push the list's buttons out of sight.
        for number, side in enumerate(self._sides):
            policy = QSizePolicy.Policy.Preferred if number == place else QSizePolicy.Policy.Ignored
            side.setSizePolicy(policy, policy)
        self._stack.setCurrentIndex(place)

    def show_files(self) -> None:
        """Turn to the files."""
        self._turn_to(1)
        self.files.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self) -> None:
        """Turn back to the list."""
        self._turn_to(0)
        self._show()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    # What changes it

    def take_in(self) -> None:
        """Do what F9 stands for: edit the chosen procedure, or take a file in."""
        if self._stack.currentIndex():
            self.files.take_in()
        else:
            self.edit()

    def edit(self, *_: object) -> None:
        """Open the chosen procedure."""
        row = self.table.current_row()
        if row is not None:
            self._open(row)

    def add(self) -> None:
        """Open an empty one."""
        self._open(None)

    def _open(self, known: Procedure | None) -> None:
        self.dialog = ProcedureDialog(self._calls, known, self)
        self.dialog.saved.connect(self._on_saved)
        self.dialog.open()

    def _on_saved(self, label: str, before: Versions) -> None:
        self._show()
        self.saved.emit(label, before, self._put_back)

    def _put_back(self, before: Versions) -> None:
        self._calls.put_back(before)
        self._show()

    def pin(self) -> None:
        """Pin the chosen procedure to this desk's favourites, or let it go."""
        row = self.table.current_row()
        if row is None:
            return
        was = row.code in self._pinned
        self._set_pin((row.code, not was))
        label = self.tr("ghim {code}") if not was else self.tr("bỏ ghim {code}")
        self.saved.emit(label.format(code=row.code), (row.code, was), self._set_pin)

    def _set_pin(self, value: tuple[str, bool]) -> None:
        code, is_pinned = value
        self._calls.pin(code, is_pinned=is_pinned)
        at = self.table.currentIndex().row()
        self._show()
        self.table.setCurrentIndex(self.model.index(max(at, 0), 0))

    def retire(self) -> None:
        """Ask for the last day of the chosen procedure."""
        row = self.table.current_row()
        if row is None:
            return
        answer = self._interaction.ask_text(
            self.tr("Ngày cuối cùng áp dụng {code}?").format(code=row.code),
            yes=self.tr("Ngừng áp dụng"),
            initial=format_date(self._calls.today()),
            detail=self.tr("Hồ sơ đã nhận vẫn giải quyết như đã hẹn."),
            check=self._judge_day,
        )
        if answer is None:
            return
        try:
            last = parse_coming_day(answer, today=self._calls.today())
            before = self._calls.retire(row.code, last_day=last)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        self._on_saved(self.tr("ngừng áp dụng {code}").format(code=row.code), before)

    def _judge_day(self, text: str) -> Note | None:
        try:
            parse_coming_day(text, today=self._calls.today())
        except ValueError as error:
            return Note(str(error))
        return None
