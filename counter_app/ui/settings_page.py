"""The page Cài đặt: each field saves itself when it is left, and every change can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton, whose_fields
from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.choices import Choice
from counter_app.ui.fields import set_tone, whole_number
from counter_app.ui.forms_group import FormsGroup
from counter_app.ui.interaction import Interaction
from counter_app.ui.officers_form import OfficersForm
from counter_app.ui.page import Page
from counter_app.ui.papers_form import PapersForm
from counter_app.ui.scanner_settings import ScannerSettings
from counter_app.ui.settings_calls import SettingsCalls, settings_calls
from counter_app.ui.settings_forms import (
    Entry,
    SettingsForm,
    apology_entries,
    choice_entry,
    display_entries,
    hours_entries,
    lines_entry,
    paper_entries,
    printer_choices,
    show_value,
    text_entry,
    web_entries,
)
from counter_app.ui.settings_groups import SettingsGroups
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.ui.calendar_group import CalendarGroup
    from counter_app.ui.catalogue_form import CatalogueForm
    from counter_app.ui.catalogue_group import CatalogueGroup
    from counter_app.ui.data_group import DataGroup
    from counter_app.ui.invite_form import InviteForm

__all__ = ["SettingsCalls", "SettingsPage", "settings_calls"]

# The office's own facts are set together, by the names set_up takes.
_OFFICE = {
    "office": "name",
    "parent": "parent",
    "agency_code": "agency_code",
    "province_code": "province_code",
    "counter": "counter_name",
    "counter_number": "counter_number",
}


# What F9 does in a group that has more to do than to save its fields.
_MAIN_ACTS = {
    "people": "save",
    "desks": "invite",
    "catalogue": "take_in",
    "calendar": "add_days",
    "data": "back_up",
}


class Change(NamedTuple):
    """A change that can be taken back: what it was about, the value before, how to write it.

    ``restore`` writes it, or returns what does if that may take long.
    """

    label: str
    before: Any
    restore: Callable[[Any], Callable[[], object] | None]


class SettingsPage(Page):
    """Office, people, hours, papers, apology letters, display."""

    settings_changed = Signal()
    scanner_test_requested = Signal()
    trial_print_requested = Signal()
    forms_edit_requested = Signal()
    books_requested = Signal()
    users_requested = Signal()
    audit_requested = Signal()
    person_requested = Signal()

    def __init__(
        self,
        calls: SettingsCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
        *,
        catalogue: Callable[[], CatalogueForm | CatalogueGroup] | None = None,
        invite: Callable[[], InviteForm] | None = None,
        calendar: Callable[[], CalendarGroup] | None = None,
        data: Callable[[], DataGroup] | None = None,
    ) -> None:
        """A group is built when it is first shown, and shows its values then."""
        super().__init__(parent)
        self.title = self.tr("Cài đặt")
        self.help_text = self.tr(
            "Mỗi ô tự lưu khi rời ô. Nút “Lấy lại giá trị cũ” trả lại thay đổi gần nhất, bấm tiếp "
            "để lùi thêm. Giấy tờ đã in và lời hẹn đã ghi không thay đổi theo cài đặt mới."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._changes: list[Change] = []
        self._knows_printers = False
        self._stale: set[str] = set()  # groups that were filled before the page was left
        self.chips = ChipRow(
            [
                Chip("office", self.tr("Cơ quan")),
                Chip("people", self.tr("Cán bộ")),
                Chip("hours", self.tr("Giờ làm việc")),
                Chip("papers", self.tr("Giấy tờ và in")),
                Chip("scanner", self.tr("Máy quét")),
                Chip("forms", self.tr("Biểu mẫu")),
                Chip("apology", self.tr("Văn bản xin lỗi")),
                Chip("web", self.tr("Gõ một lần")),
                Chip("display", self.tr("Hiển thị")),
                *([Chip("desks", self.tr("Các quầy"))] if invite else []),
                *([Chip("catalogue", self.tr("Danh mục"))] if catalogue else []),
                *([Chip("calendar", self.tr("Lịch năm"))] if calendar else []),
                *([Chip("data", self.tr("Dữ liệu"))] if data else []),
            ],
            is_close=True,
        )
        self.groups = SettingsGroups(
            {
                "office": self._make_office,
                "people": lambda: OfficersForm(calls),
                "hours": lambda: self._make_group(hours_entries()),
                "papers": self._make_papers,
                "scanner": self._make_scanner,
                "forms": lambda: FormsGroup(calls.form_versions),
                "apology": lambda: self._make_group(apology_entries()),
                "web": lambda: self._make_group(web_entries()),
                "display": lambda: self._make_group(display_entries()),
                **({"desks": invite} if invite else {}),
                **({"catalogue": catalogue} if catalogue else {}),
                **({"calendar": calendar} if calendar else {}),
                **({"data": data} if data else {}),
            },
            self._on_group_made,
        )
        self.told_label = QLabel()
        set_tone(self.told_label, "muted")
        self.whose_label = QLabel()
        self.whose_label.setWordWrap(True)
        set_tone(self.whose_label, "warning")
        self.whose_label.hide()
        self.undo_button = ActionButton(self.tr("Lấy lại giá trị cũ"), key="Ctrl+O", icon="undo")
        self._lay_out()
        self._connect()

    def _make_group(self, entries: list[Entry]) -> SettingsForm:
        return SettingsForm(
            entries,
            read=lambda key: self._calls.settings()[key],
            write=self._calls.set_setting,
        )

    def _make_papers(self) -> PapersForm:
        return PapersForm(
            paper_entries(),
            read=lambda key: self._calls.settings()[key],
            write=self._calls.set_setting,
        )

    def _make_scanner(self) -> ScannerSettings:
        return ScannerSettings(
            read=lambda key: self._calls.settings()[key],
            write=self._calls.set_setting,
            ports=self._calls.scanner_ports,
        )

    def _make_office(self) -> SettingsForm:
        from counter_app.ui.wizard_steps import province_choices

        entries = [
            text_entry(
                "office",
                self.tr("Tên bộ phận một cửa"),
                placeholder=self.tr("ví dụ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ …"),
            ),
            text_entry(
                "parent",
                self.tr("Cơ quan chủ quản"),
                placeholder=self.tr("ví dụ ỦY BAN NHÂN DÂN XÃ …"),
            ),
            text_entry(
                "agency_code",
                self.tr("Mã định danh cơ quan"),
                placeholder=self.tr("ví dụ H50.1.12"),
            ),
            text_entry(
                "place", self.tr("Địa danh trên giấy tờ"), placeholder=self.tr("ví dụ Cam Lộ")
            ),
            choice_entry(
                "province_code",
                self.tr("Tỉnh, thành phố"),
                [Choice("", self.tr("chưa ghi")), *province_choices()],
            ),
            text_entry("counter", self.tr("Tên quầy")),
            text_entry(
                "counter_number",
                self.tr("Số quầy"),
                hint=self.tr("Số này đứng trong mã hồ sơ; đã cấp mã thì không đổi được."),
            ),
            lines_entry(
                "units",
                self.tr("Đơn vị giải quyết"),
                hint=self.tr("Mỗi dòng một đơn vị. Các đơn vị theo lĩnh vực luôn có sẵn."),
            ),
        ]
        return SettingsForm(entries, read=self._read_office, write=self._write_office)

    def _read_office(self, key: str) -> Any:
        if key not in _OFFICE:
            return self._calls.settings()[key]
        facts = self._calls.office()
        if key == "office" and not facts.is_named:
            return ""
        value = getattr(facts, _OFFICE[key])
        return str(value) if key == "counter_number" else value

    def _write_office(self, key: str, value: Any) -> None:
        if key not in _OFFICE:
            self._calls.set_setting(key, value)
            return
        office = self.groups["office"]
        values = {name: office.field(name).value() for name in _OFFICE} | {key: value}
        number = str(values["counter_number"])
        self._calls.set_up(
            office_name=values["office"],
            parent=values["parent"],
            agency_code=values["agency_code"],
            counter=values["counter"],
            counter_number=whole_number(number) or 0,
            province_code=values["province_code"],
        )

    def _lay_out(self) -> None:
        measures = metrics()
        foot = QHBoxLayout()
        foot.setSpacing(measures.step(4))
        foot.addWidget(self.undo_button)
        foot.addWidget(self.told_label, 1)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(measures.step(5))
        column.addWidget(self.chips)
        column.addWidget(self.whose_label)
        column.addWidget(self.groups, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._on_group_chosen)
        self.undo_button.clicked.connect(self.take_back)
        self.add_key("Ctrl+O", self.take_back)
        self.add_key("F5", self._look_for_ports)
        self.add_key("Ctrl+PgUp", lambda: self._turn_year("year_before"))
        self.add_key("Ctrl+PgDown", lambda: self._turn_year("year_after"))
        self._tell("")

    def _on_group_made(self, key: str, group: Any) -> None:
        group.saved.connect(self._on_saved)
        match key:
            case "forms":
                group.edit_asked.connect(self.forms_edit_requested)
                group.books_asked.connect(self.books_requested)
            case "people":
                group.users_asked.connect(self.users_requested)
                group.audit_asked.connect(self.audit_requested)
                group.person_asked.connect(self.person_requested)
            case "scanner":
                group.test_requested.connect(self.scanner_test_requested)
            case "papers":
                group.test_requested.connect(self.trial_print_requested)
                group.profiles.trays_wanted.connect(self._ask_for_trays)
            case "catalogue":
                group.told.connect(self.state_text_changed)
            case "desks" | "calendar" | "data":
                group.told.connect(self._tell)
        group.show_values()
        self.grey()

    def _turn_year(self, way: str) -> None:
        if self.chips.current() == "calendar":
            getattr(self.groups["calendar"], way)()

    # What the frame calls

    def main_action(self) -> None:
        """Save the person, or test the scanner or printer (F9); all else saves itself."""
        key = self.chips.current()
        if key == "forms":
            self.forms_edit_requested.emit()
        elif key == "scanner":
            self.scanner_test_requested.emit()
        elif key == "papers":
            self.trial_print_requested.emit()
        elif key in _MAIN_ACTS:
            getattr(self.groups[key], _MAIN_ACTS[key])()

    def activated(self, *, refresh: bool) -> None:
        """Show what holds now."""
        self._stale = set(self.groups.made())
        self._show_group(self.chips.current())

    def opened_with(self, argument: object) -> None:
        """Open a group by its name (``people``, ``hours``, …)."""
        if str(argument) in self.groups:
            self.chips.choose(str(argument))

    def first_field(self) -> QWidget | None:
        """Start on the groups."""
        return self.chips.button(self.chips.current())

    def grey(self) -> None:
        """Grey what is beyond the role; over the fields stands whose they are."""
        super().grey()
        self._say_whose()

    def _say_whose(self) -> None:
        place = self.groups.currentWidget()
        why = "" if place is None else whose_fields(place)
        self.whose_label.setText(self.tr("Chỉ xem được: {why}.").format(why=why) if why else "")
        self.whose_label.setVisible(bool(why))

    def _on_group_chosen(self, key: str) -> None:
        group = self._show_group(key)
        self._say_whose()
        if key == "papers" and not self._knows_printers:
            self._knows_printers = True
            printers = self._calls.printers
            self._runner.run(lambda _job: printers(), on_done=self._on_printers_known, owner=self)
        if key == "scanner":
            group.look_for_ports()

    def _show_group(self, key: str) -> Any:
        """Show a group with what holds now."""
        group = self.groups.show_group(key)
        if key in self._stale:
            self._stale.discard(key)
            group.show_values()
        return group

    def _on_printers_known(self, names: Sequence[str]) -> None:
        group = self.groups["papers"]
        field = group.field("printer")
        field.set_choices(printer_choices(names))
        show_value(field, self._calls.settings()["printer"])
        group.set_printers(names)
        group.show_profiles()

    def _ask_for_trays(self, printer: str) -> None:
        trays, show = self._calls.trays, self.groups["papers"].profiles.set_trays
        self._runner.run(lambda _job: trays(printer), on_done=partial(show, printer), owner=self)

    def _look_for_ports(self) -> None:
        if self.chips.current() == "scanner":
            self.groups["scanner"].look_for_ports()

    # Changes

    def _on_saved(self, label: str, before: object, restore: Any) -> None:
        self._changes.append(Change(label, before, restore))
        self._tell(self.tr("Đã lưu: {label}.").format(label=label))
        self.settings_changed.emit()

    def take_back(self) -> None:
        """Write the value that stood before the last change (Ctrl+O)."""
        if not self._changes:
            return
        change = self._changes.pop()
        try:
            slow = change.restore(change.before)
        except UserError as error:
            self._on_not_taken_back(error)
            return
        if slow is None:
            self._on_taken_back(change)
            return
        self._tell(self.tr("Đang lấy lại giá trị cũ: {label}…").format(label=change.label))

        def done(_none: object) -> None:
            self._on_taken_back(change)
            self.activated(refresh=True)

        self._runner.run(
            lambda _job: slow(), on_done=done, on_error=self._on_not_taken_back, owner=self
        )

    def _on_taken_back(self, change: Change) -> None:
        self._tell(self.tr("Đã lấy lại giá trị cũ: {label}.").format(label=change.label))
        self.settings_changed.emit()

    def _on_not_taken_back(self, error: UserError) -> None:
        self._tell("")
        self._interaction.inform(error.message)

    def _tell(self, text: str) -> None:
        self.told_label.setText(text)
        self.undo_button.set_reason(
            None if self._changes else self.tr("Chưa thay đổi gì từ lúc mở chương trình.")
        )
        if text:
            self.state_text_changed.emit(text)
