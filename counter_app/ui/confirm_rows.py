"""Rows of a procedure's first use: how its fee is counted, and the limits of its linked steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QLabel, QSizePolicy

from counter_app.domain.catalogue import Fee, LinkedStep
from counter_app.domain.limits import parse_limit
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import HINT, Note, TextField, set_tone, whole_number
from counter_app.ui.limit_field import LimitField
from counter_app.ui.reception_rows import FormRows

_MOST_DIGITS = 9


def amount_of(text: str) -> int | None:
    """Read an amount in đồng below one billion, None for what is none."""
    digits = text.replace(".", "").replace(" ", "").removesuffix("đ").strip()
    return whole_number(digits) if len(digits) <= _MOST_DIGITS else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("confirm_rows", text)


def _judge_money(text: str) -> Note | None:
    if not text or amount_of(text) is not None:
        return None
    return Note(_tr("Ghi số tiền đồng bằng chữ số, ví dụ 1000."))


def _judge_count(text: str) -> Note | None:
    if not text or (whole_number(text) or 0) > 1:
        return None
    return Note(_tr("Ghi một số từ 2, ví dụ 3: từ trang thứ ba."))


class TariffRows(QObject):
    """By what a fee is counted, what further ones cost, and the most that is taken."""

    def __init__(self, fee: Fee) -> None:
        """Show what the catalogue says already."""
        super().__init__()
        self._fee = fee
        self._rows: FormRows | None = None
        known = ("", "trang", "bản", "trường hợp")
        units = known if fee.per in known else (*known, fee.per)
        names = {"": _tr("cả hồ sơ")}
        self.per = ChoiceField(choices=[Choice(unit, names.get(unit, unit)) for unit in units])
        self.per.set_value(fee.per)
        self.further_from = TextField(check=_judge_count, chars=5, max_length=4)
        self.further_amount = TextField(
            check=_judge_money, chars=20, placeholder=_tr("đồng mỗi trang, mỗi bản")
        )
        words = _tr("đồng; không có thì để trống")
        self.cap = TextField(check=_judge_money, chars=24, placeholder=words)
        for field, value in (
            (self.further_from, fee.further_from),
            (self.further_amount, fee.further_amount),
            (self.cap, fee.cap),
        ):
            field.setText("" if value is None else str(value))
        fixed = QSizePolicy.Policy.Fixed
        self.further_from.setSizePolicy(fixed, fixed)
        self.per.value_changed.connect(self._show_rows)

    def add_to(self, rows: FormRows, amount: TextField) -> None:
        """Add the amount and the rows that only a fee by pages, copies or cases needs."""
        self._rows = rows
        caption = QLabel(_tr("tính theo"))
        set_tone(caption, HINT)
        rows.add_row(_tr("Lệ phí"), ("fee", amount), caption, ("per", self.per), wide=True)
        rows.add_row(
            _tr("Từ trang, bản thứ"),
            ("further_from", self.further_from),
            ("further_amount", self.further_amount),
        )
        self.further_amount.setAccessibleName(_tr("Mức thu từ đó trở đi"))
        rows.add_row(_tr("Tối đa"), ("cap", self.cap))
        self._show_rows()

    def _show_rows(self, *_: object) -> None:
        if self._rows is not None:
            for name in ("further_from", "cap"):
                self._rows.set_row_visible(name, visible=bool(self.per.value()))

    def fee(self, amount: int) -> Fee:
        """Return the tariff with this amount."""
        per = str(self.per.value())
        further = self.further_from.value() if per else ""
        further_amount = amount_of(self.further_amount.value())
        is_stepped = bool(further) and further_amount is not None
        return replace(
            self._fee,
            amount=amount,
            per=per,
            further_from=int(further) if is_stepped else None,
            further_amount=further_amount if is_stepped else None,
            cap=amount_of(self.cap.value()) if per else None,
        )


class StepRows:
    """One limit for each step of linked procedures; one that isn't known stays empty."""

    def __init__(self, steps: Sequence[LinkedStep]) -> None:
        """Begin with the limits that are known."""
        self._steps = steps
        self.fields = [_limit_field(step.limit) for step in steps]

    def add_to(self, rows: FormRows) -> None:
        """Add a row for each step, called by what is done in it."""
        for number, (step, field) in enumerate(zip(self._steps, self.fields, strict=True), start=1):
            rows.add_row(
                step.name, (f"step{number}", field.amount), (f"step{number}_unit", field.unit)
            )
            field.amount.setPlaceholderText("–")
            field.unit.setAccessibleName(_tr("Đơn vị thời gian"))

    def limits(self) -> tuple[str, ...]:
        """Return what was typed for each step, empty where nothing was."""
        return tuple(field.value() for field in self.fields)


def _limit_field(limit: str) -> LimitField:
    field = LimitField()
    known = parse_limit(limit) if limit else None
    if known is not None and not known.is_same_day:
        field.amount.setText(str(known.amount))
        field.unit.set_value(known.unit.value)
    return field
