"""The row that is typed in: real fields under the table's columns, one citizen at a time.

The fields are open all the time, so no first key is lost to a cell that still has to open, and a
Vietnamese keyboard meets nothing but plain lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHeaderView, QLabel, QWidget

from counter_app.domain.books import following
from counter_app.domain.catalogue import Fee, Procedure
from counter_app.domain.fees import MOST_COPIES, MOST_PAGES, counts_pages, fee_for
from counter_app.domain.words import format_amount
from counter_app.errors import InputErrors, UserError
from counter_app.services.quick import QuickLine, QuickRequest
from counter_app.ui.fields import Note, NumberField, TextField, set_tone, whole_number
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

NUMBER, NAME, PAGES, COPIES, FEE, PAID, RECEIPT, CITIZEN, CONTENT = range(9)


class CountField(TextField):
    """A small whole number; what stands in it is replaced by typing."""

    def __init__(self, most: int, say: Callable[[], str]) -> None:
        """``say`` is the sentence for what is no such number."""
        super().__init__(max_length=len(str(most)))
        self._most = most
        self._say = say
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def count(self) -> int:
        """Return the number, 0 where there is none."""
        return whole_number(self.value()) or 0

    def judge(self) -> Note | None:
        """A number from 1 on, unless the field isn't asked for."""
        if not self.isEnabled() or 1 <= self.count() <= self._most:
            return None
        return Note(self._say())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the whole number in hand, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()


class QuickRow(QWidget):
    """The fields of one line, and what it will cost."""

    note_changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with nothing to do: a procedure has to be set."""
        super().__init__(parent)
        self._fee = Fee()
        self._code = ""
        self.number_label = QLabel()
        self.number_label.setFont(theme().font(strong=True))
        self.fee_label = QLabel()
        self.fee_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.name = TextField(max_length=150, check=_name_note)
        self.pages = CountField(MOST_PAGES, lambda: self.tr("Ghi số trang của một bản, từ 1."))
        self.copies = CountField(MOST_COPIES, lambda: self.tr("Ghi số bản, từ 1."))
        self.receipt = TextField(max_length=60)
        self.citizen = NumberField()
        self.content = TextField(max_length=500)
        self.paid = QCheckBox(self.tr("đã thu"))
        self._parts: dict[int, QWidget] = {
            NUMBER: self.number_label,
            NAME: self.name,
            PAGES: self.pages,
            COPIES: self.copies,
            FEE: self.fee_label,
            PAID: self.paid,
            RECEIPT: self.receipt,
            CITIZEN: self.citizen,
            CONTENT: self.content,
        }
        self._name_parts()
        order = (self.name, self.pages, self.copies, self.receipt, self.citizen, self.content)
        for part in self._parts.values():
            part.setParent(self)
        for first, second in zip(order, (*order[1:], self.paid), strict=True):
            QWidget.setTabOrder(first, second)
        self.setFixedHeight(metrics().field_height + metrics().step(2))
        for field in order:
            field.message_changed.connect(self.note_changed)
        self.pages.textEdited.connect(self._on_count_edited)
        self.copies.textEdited.connect(self._on_count_edited)
        self.clear()

    def _name_parts(self) -> None:
        for field, name in (
            (self.name, self.tr("Người yêu cầu")),
            (self.pages, self.tr("Số trang")),
            (self.copies, self.tr("Số bản")),
            (self.receipt, self.tr("Số biên lai")),
            (self.citizen, self.tr("Số định danh")),
            (self.content, self.tr("Giấy tờ gì")),
        ):
            field.setAccessibleName(name)
        self.name.set_hints(self.tr("họ tên người yêu cầu"), self.tr("họ tên"))
        self.content.set_hints(self.tr("không bắt buộc"), "")
        self.citizen.set_hints(self.tr("không bắt buộc"), "")

    def place(self, header: QHeaderView, left: int) -> None:
        """Stand under the columns of a table whose viewport begins at ``left``."""
        gap, top = metrics().step(0.5), metrics().step(1)
        for column, part in self._parts.items():
            x = left + header.sectionViewportPosition(column)
            inset = metrics().step(2) if column in (NUMBER, FEE, PAID) else gap
            width = header.sectionSize(column) - 2 * inset
            part.setGeometry(x + inset, top, width, metrics().field_height)

    def set_procedure(self, procedure: Procedure | None) -> None:
        """Take the tariff of a procedure; what was typed stays."""
        self._fee = procedure.fee if procedure else Fee()
        self._code = procedure.code if procedure else ""
        by_page = counts_pages(self._fee)
        self.pages.setEnabled(by_page)
        self.pages.setPlaceholderText("" if by_page else "–")
        if not by_page:
            self.pages.setText("")
            self.pages.set_note(None)
        self._show_fee()

    def set_number(self, text: str) -> None:
        """Show the number the line will take."""
        self.number_label.setText(text)

    def clear(self, before: QuickLine | None = None) -> None:
        """Empty the row; the next number of the receipt book follows the line before."""
        for field in (self.name, self.pages, self.receipt, self.citizen, self.content):
            field.setText("")
            field.set_note(None)
        self.copies.setText("1")
        self.paid.setChecked(True)
        if before is not None and before.paid and before.receipt_number:
            self.receipt.setText(following(before.receipt_number))
        self._show_fee()

    def has_work(self) -> bool:
        """Say whether something is typed that isn't saved."""
        return any(
            field.text().strip() for field in (self.name, self.pages, self.citizen, self.content)
        )

    def fee(self) -> int | None:
        """Return what the line costs as it stands."""
        return fee_for(self._fee, pages=self.pages.count(), copies=self.copies.count())

    def _on_count_edited(self, _text: str) -> None:
        self._show_fee()

    def _show_fee(self) -> None:
        fee = self.fee()
        self.fee_label.setText("–" if fee is None else format_amount(fee))
        set_tone(self.fee_label, "muted" if fee is None else "")
        can_pay = bool(fee) or (fee is None and bool(self._fee.amount))
        self.paid.setEnabled(can_pay)
        self.receipt.setEnabled(can_pay)

    def validate(self) -> bool:
        """Judge every field; the first wrong one takes the focus."""
        if not self.name.value():
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.name.set_note(Note(self.tr("Chưa có họ tên người yêu cầu.")))
            return False
        for field in (self.name, self.pages, self.copies, self.receipt, self.citizen, self.content):
            if not field.validate():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()
                field.validate()  # said again: the field that lost the focus had the last word
                return False
        return True

    def show_error(self, error: UserError) -> bool:
        """Say at its field what stopped; False if no field is meant."""
        if isinstance(error, InputErrors) and error.errors:
            error = error.errors[0]
        fields: dict[str, TextField] = {
            "applicant_name": self.name,
            "pages": self.pages,
            "copies": self.copies,
            "receipt_number": self.receipt,
            "citizen_id": self.citizen,
            "content": self.content,
        }
        field = fields.get(getattr(error, "field", "") or "")
        if field is None:
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.set_note(Note(error.message))
        return True

    def request(self) -> QuickRequest:
        """Return the line as it is typed."""
        return QuickRequest(
            procedure_code=self._code,
            applicant_name=self.name.value(),
            citizen_id=self.citizen.value(),
            content=self.content.value(),
            pages=self.pages.count(),
            copies=self.copies.count(),
            is_paid=self.paid.isEnabled() and self.paid.isChecked(),
            receipt_number=self.receipt.value() if self.paid.isChecked() else "",
        )


def _name_note(value: str) -> Note | None:
    if any(letter.isalpha() for letter in value):
        return None
    text = QCoreApplication.translate("quick_row", "Họ tên cần có chữ, không chỉ có số.")
    return Note(text)
