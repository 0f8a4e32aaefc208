"""The period of a report and how its figures are counted: one line of fields over the table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from counter_app.domain.days import parse_day
from counter_app.domain.figures import Against, By, Period, read_period
from counter_app.domain.periods import Preset
from counter_app.errors import UserError
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ERROR, DateField, set_tone
from counter_app.ui.flow import FlowLayout, pair
from counter_app.ui.translation import in_window

_OWN = "own"


class PeriodRow(QWidget):
    """Chooses a period by its name or its days, the split and the kind of due date."""

    changed = Signal()  # what is to be counted is another
    refused = Signal(str)  # the days can't be a period, and why

    def __init__(self, presets: Callable[[], list[Preset]], parent: QWidget | None = None) -> None:
        """Start with the first of the periods; ``begin`` takes its days."""
        super().__init__(parent)
        self._presets = presets
        self._told: Period | None = None
        row = FlowLayout(self)
        known = [Choice(preset.key, in_window(preset.label)) for preset in presets()]
        self.preset_choice = ChoiceField(choices=[*known, Choice(_OWN, self.tr("Tự chọn ngày"))])
        self.preset_choice.setAccessibleName(self.tr("Kỳ báo cáo"))
        self.from_field = DateField(parse=parse_day, chars=11)
        self.to_field = DateField(parse=parse_day, chars=11)
        self.from_field.setAccessibleName(self.tr("Từ ngày"))
        self.to_field.setAccessibleName(self.tr("Đến ngày"))
        self.by_choice = ChoiceField(choices=self._by_choices())
        self.by_choice.setAccessibleName(self.tr("Chia theo"))
        self.by_choice.set_value(By.SECTOR)
        self.against_choice = ChoiceField(
            choices=[
                Choice(Against.DUE, self.tr("Hạn đang có hiệu lực")),
                Choice(Against.LEGAL, self.tr("Hạn theo quy định")),
            ]
        )
        self.against_choice.setAccessibleName(self.tr("So với"))
        for text, field in (
            (self.tr("Kỳ"), self.preset_choice),
            (self.tr("từ"), self.from_field),
            (self.tr("đến"), self.to_field),
            (self.tr("Chia theo"), self.by_choice),
            (self.tr("So với"), self.against_choice),
        ):
            label = QLabel(text)
            set_tone(label, "muted")
            row.addWidget(pair(label, field))
        self.preset_choice.value_changed.connect(self._on_preset_changed)
        for field in (self.from_field, self.to_field):
            field.editingFinished.connect(self._on_days_edited)
            field.message_changed.connect(self._refuse)
        self.by_choice.value_changed.connect(self._on_choice_changed)
        self.against_choice.value_changed.connect(self._on_choice_changed)

    def _by_choices(self) -> list[Choice]:
        return [
            Choice(By.SECTOR, self.tr("Lĩnh vực")),
            Choice(By.PROCEDURE, self.tr("Thủ tục")),
            Choice(By.OFFICER, self.tr("Công chức")),
            Choice(By.CHANNEL, self.tr("Hình thức nộp")),
            Choice(By.MONTH, self.tr("Tháng")),
            Choice(By.OFFICE, self.tr("Đơn vị")),
            Choice("", self.tr("Không chia")),
        ]

    def begin(self) -> None:
        """Take the days of the chosen period, the first time."""
        if self.from_field.parsed() is None:
            self._take_preset(str(self.preset_choice.value()))

    def period(self) -> Period | None:
        """Return the period of the two days; None while they can't be read."""
        first, last = self.from_field.parsed(), self.to_field.parsed()
        if first is None or last is None:
            return None
        try:
            period = read_period(first, last)
        except UserError as error:
            self._refuse(error.message, ERROR)
            return None
        self._told = period
        return period

    def against(self) -> Against:
        """Return which due date the verdicts are given by."""
        return Against(self.against_choice.value())

    def by(self) -> By | None:
        """Return what the figures are split by."""
        chosen = self.by_choice.value()
        return By(chosen) if chosen else None

    def _take_preset(self, key: str) -> None:
        for preset in self._presets():
            if preset.key == key:
                self.from_field.set_parsed(preset.period.first)
                self.to_field.set_parsed(preset.period.last)

    def _on_preset_changed(self, key: object) -> None:
        if key == _OWN:
            self.from_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._take_preset(str(key))
        self.changed.emit()

    def _on_days_edited(self) -> None:
        before, period = self._told, self.period()
        if not (self.from_field.text() and self.to_field.text()):
            self._refuse(self.tr("Gõ ngày đầu và ngày cuối của kỳ báo cáo."), ERROR)
        if period is None or period == before:
            return
        known = {preset.period: preset.key for preset in self._presets()}
        if known.get(period) != str(self.preset_choice.value()):
            self.preset_choice.blockSignals(True)
            self.preset_choice.set_value(known.get(period, _OWN))
            self.preset_choice.blockSignals(False)
        self.changed.emit()

    def _refuse(self, sentence: str, tone: str) -> None:
        """Say what is wrong with the days; there is no room for it beside a field."""
        if sentence and tone == ERROR:
            self._told = None  # the days that were there before are counted again too
            self.refused.emit(sentence)

    def _on_choice_changed(self, _value: object) -> None:
        self.changed.emit()
