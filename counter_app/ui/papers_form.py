"""The group of papers and printing: its settings, and which way each kind of paper goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.print_profiles import (
    GROUP_LABELS,
    MOST_COPIES,
    PaperGroup,
    PrintProfile,
    read_profiles,
    write_profile,
)
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import set_tone
from counter_app.ui.forms import MessageLabel
from counter_app.ui.settings_forms import Entry, SettingsForm
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window

_KEY = "print_profiles"


class ProfilesGrid(QWidget):
    """A row for each group of papers: printer, tray, sides, copies; a choice saves at once."""

    changed = Signal(object)  # PaperGroup
    trays_wanted = Signal(str)  # of a printer; ``set_trays`` tells them, once it has answered

    def __init__(self, parent: QWidget | None = None) -> None:
        """Know no printer yet."""
        super().__init__(parent)
        self._printers: list[str] = []
        self._trays: dict[str, Sequence[str]] = {}  # of the printers that were asked
        self.rows: dict[PaperGroup, tuple[ChoiceField, ...]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(metrics().step(2))
        grid.setVerticalSpacing(metrics().step(2))
        heads = ("", self.tr("Máy in"), self.tr("Khay"), self.tr("Mặt giấy"), self.tr("Số bản"))
        for column, text in enumerate(heads):
            head = QLabel(text)
            head.setFont(theme().font(metrics().small_size))
            set_tone(head, "muted")
            grid.addWidget(head, 0, column)
        for row, group in enumerate(PaperGroup, 1):
            label = QLabel(in_window(GROUP_LABELS[group]))
            set_tone(label, "muted")
            label.setMinimumWidth(metrics().px(190))
            grid.addWidget(label, row, 0)
            fields = self._make_row()
            for column, field in enumerate(fields, 1):
                field.setAccessibleName(f"{in_window(GROUP_LABELS[group])}: {heads[column]}")
                field.setObjectName(group.value)
                field.value_changed.connect(self._on_changed)
                grid.addWidget(field, row, column)
            self.rows[group] = fields
        for column, share in ((1, 4), (2, 3), (3, 2), (4, 1)):
            grid.setColumnStretch(column, share)

    def _make_row(self) -> tuple[ChoiceField, ...]:
        own = Choice("", self.tr("Như máy in ở trên"))
        sides = [Choice(False, self.tr("Một mặt")), Choice(True, self.tr("Hai mặt"))]
        return (
            ChoiceField(choices=[own]),
            ChoiceField(choices=[Choice("", self.tr("Máy in tự chọn"))]),
            ChoiceField(choices=sides),
            ChoiceField(choices=[Choice(n, str(n)) for n in range(1, MOST_COPIES + 1)]),
        )

    def set_printers(self, names: Sequence[str]) -> None:
        """Offer the printers of this computer."""
        self._printers = list(names)
        for fields in self.rows.values():
            self._offer_printers(fields[0], str(fields[0].value() or ""))

    def _offer_printers(self, field: ChoiceField, chosen: str) -> None:
        names = list(dict.fromkeys([*self._printers, *([chosen] if chosen else [])]))
        own = Choice("", self.tr("Như máy in ở trên"))
        field.set_choices([own, *(Choice(name, name) for name in names)])

    def show_profile(self, group: PaperGroup, profile: PrintProfile) -> None:
        """Show a group's profile without announcing it."""
        printer, tray, sides, copies = self.rows[group]
        for field in self.rows[group]:
            field.blockSignals(True)
        self._offer_printers(printer, profile.printer)
        printer.set_value(profile.printer)
        self._offer_trays(tray, profile)
        sides.set_value(profile.is_two_sided)
        copies.set_value(profile.copies)
        for field in self.rows[group]:
            field.blockSignals(False)
        if profile.printer and profile.printer not in self._trays:
            self._trays[profile.printer] = ()
            self.trays_wanted.emit(profile.printer)

    def _offer_trays(self, field: ChoiceField, profile: PrintProfile) -> None:
        names = list(self._trays.get(profile.printer, ()))
        if profile.tray and profile.tray not in names:
            names.append(profile.tray)
        own = Choice("", self.tr("Máy in tự chọn"))
        field.set_choices([own, *(Choice(name, name) for name in names)])
        field.set_value(profile.tray)

    def set_trays(self, printer: str, names: Sequence[str]) -> None:
        """Offer a printer's trays where it is chosen."""
        self._trays[printer] = names
        for group in self.rows:
            profile = self.profile(group)
            if profile.printer == printer:
                self.show_profile(group, profile)

    def profile(self, group: PaperGroup) -> PrintProfile:
        """Return what a row says."""
        printer, tray, sides, copies = (field.value() for field in self.rows[group])
        # A tray belongs to its printer.
        return PrintProfile(printer or "", tray or "", bool(sides), int(copies or 1))

    def _on_changed(self, _value: object) -> None:
        self.changed.emit(PaperGroup(self.sender().objectName()))


class PapersForm(SettingsForm):
    """The settings of papers with the grid of profiles below them."""

    test_requested = Signal()

    def __init__(
        self,
        entries: list[Entry],
        *,
        read: Callable[[str], Any],
        write: Callable[[str, Any], Any],
        parent: QWidget | None = None,
    ) -> None:
        """Make the settings; the grid under them is a piece of its own."""
        super().__init__(entries, read=read, write=write, parent=parent)

    def pieces(self) -> Sequence[Callable[[], object]]:
        """Return what is made at another turn: twenty lists to choose from."""
        return (self._make_grid,)

    def _make_grid(self) -> None:
        self.profiles = ProfilesGrid(self)
        self.message = MessageLabel()
        heading = QLabel(self.tr("Từng loại giấy ra máy nào"))
        heading.setFont(theme().font(strong=True))
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101 - made by the class above
        self.test_button = ActionButton(self.tr("In thử"), key="F9", kind="main", icon="print")
        self.test_button.clicked.connect(self.test_requested)
        top = QWidget()
        line = QHBoxLayout(top)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(heading)
        line.addStretch(1)
        line.addWidget(self.test_button)
        for place, widget in enumerate((top, self.profiles, self.message), 1):
            column.insertWidget(place, widget)
        column.setSpacing(metrics().step(2))
        self.profiles.changed.connect(self.save_profile)

    def set_printers(self, names: Sequence[str]) -> None:
        """Offer the printers of this computer in the grid."""
        self.profiles.set_printers(names)

    def _profiles(self) -> dict[PaperGroup, PrintProfile]:
        return read_profiles(self._read(_KEY))

    def show_values(self) -> None:
        """Fill every field with what holds now."""
        super().show_values()
        if self.isVisible():
            self.show_profiles()

    def show_profiles(self) -> None:
        """Fill the grid; a printer is asked for its trays only when they can be seen."""
        for group, profile in self._profiles().items():
            self.profiles.show_profile(group, profile)

    def save_profile(self, group: PaperGroup) -> None:
        """Save a row that was changed."""
        before = list(self._read(_KEY))
        known = self._profiles()
        wanted = self.profiles.profile(group)
        if wanted.printer != known[group].printer:
            wanted = wanted._replace(tray="")
        if wanted == known[group]:
            return
        lines = [
            write_profile(one, profile)
            for one, profile in (known | {group: wanted}).items()
            if profile != PrintProfile()
        ]
        try:
            self._write(_KEY, lines)
        except UserError as error:
            self.message.show_message(error.message, "danger")
            return
        self.profiles.show_profile(group, wanted)
        self.message.show_message(self.tr("Đã lưu."), "muted")
        self.saved.emit(in_window(GROUP_LABELS[group]), before, self._put_back)

    def _put_back(self, lines: Any) -> None:
        self._write(_KEY, lines)
        self.show_profiles()
