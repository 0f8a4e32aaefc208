"""The page Sổ nhanh: same-day work as in a spreadsheet, one line a citizen, done at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.catalogue import Procedure
from counter_app.domain.identity import parse_card
from counter_app.domain.idnumbers import mask_citizen_id
from counter_app.domain.rights import Act
from counter_app.domain.words import format_amount, format_number
from counter_app.errors import UserError
from counter_app.services.quick import QuickLine
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import Note, set_tone, whole_number
from counter_app.ui.flow import FlowLayout
from counter_app.ui.forms import MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.lines import ElidedLabel
from counter_app.ui.page import Page
from counter_app.ui.quick_calls import QuickCalls
from counter_app.ui.quick_row import QuickRow
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.tips import plain_tip

_LEAST_CONTENT = 120  # at 100 %
_LEAST_WIDTHS = (44, 120, 76, 68, 84, 92, 76, 136)  # of the columns before it


class QuickPage(Page):
    """Certifications and extracts of the day: type a line, F9, the next citizen."""

    def __init__(
        self, calls: QuickCalls, *, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """Nothing is read before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Sổ nhanh")
        self.help_text = self.tr(
            "Ghi việc làm ngay trong ngày như chứng thực, trích lục: mỗi người một dòng, Enter "
            "sang ô sau, F9 ghi dòng. Mỗi dòng là một hồ sơ đã nhận, đã trả và được tính vào số "
            "liệu; không in giấy tiếp nhận, trừ khi người dân cần (Ctrl+R). Ghi nhầm thì lấy lại "
            "dòng cuối: số đã cấp giữ nguyên và ghi là hủy, không dùng lại."
        )
        self._calls = calls
        self._interaction = interaction
        self._procedures: dict[str, Procedure] = {}
        self._lines: list[QuickLine] = []
        self._build()
        self._lay_out()
        self.kind.value_changed.connect(self._on_kind_changed)
        self.row.note_changed.connect(self.message.show_message)
        self.enter_button.clicked.connect(self.main_action)
        self.back_button.clicked.connect(self.take_back)
        self.receipt_button.clicked.connect(self.print_receipt)
        self.start_button.clicked.connect(self.start_book)
        self.till_button.clicked.connect(self.open_till)
        self.table.horizontalHeader().sectionResized.connect(self._on_section_resized)
        for key, act in (
            ("Ctrl+O", self.take_back),
            ("Ctrl+R", self.print_receipt),
            ("Ctrl+T", self.open_till),
        ):
            self.add_key(key, act)

    def _build(self) -> None:
        self.kind = ChoiceField()
        self.kind.setFixedWidth(metrics().px(360))
        self.kind.setAccessibleName(self.tr("Loại việc"))
        self.book_label = QLabel()
        self.tariff_label = ElidedLabel()
        for label in (self.book_label, self.tariff_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_tone(label, "muted")
        self.start_button = ActionButton(
            self.tr("Đặt số tiếp theo"), kind="quiet", act=Act.QUICK_BOOK
        )
        self.till_button = ActionButton(
            self.tr("Bảng kê thu trong ngày"), key="Ctrl+T", icon="list"
        )
        self.table = TableView(empty_text=self.tr("Hôm nay chưa ghi dòng nào."))
        self.table.setAccessibleName(self.tr("Các dòng đã ghi hôm nay"))
        self.model = RowTableModel(_columns(self))
        self.table.set_model(self.model)
        self.row = QuickRow()
        self.message = MessageLabel()
        self.message.setMinimumHeight(metrics().step(5))
        self.total_label = QLabel()
        self.enter_button = ActionButton(self.tr("Ghi dòng"), key="F9", kind="main", icon="save")
        self.back_button = ActionButton(self.tr("Lấy lại dòng cuối"), key="Ctrl+O", icon="undo")
        self.receipt_button = ActionButton(self.tr("In giấy tiếp nhận"), key="Ctrl+R", icon="print")

    def _lay_out(self) -> None:
        measures = metrics()
        top = QHBoxLayout()
        top.setSpacing(measures.step(4))
        caption = QLabel(self.tr("Loại việc"))
        top.addWidget(caption)
        top.addWidget(self.kind)
        top.addWidget(self.tariff_label, 1)
        top.addWidget(self.book_label)
        top.addWidget(self.start_button)
        acts = FlowLayout()
        for button in (self.back_button, self.receipt_button, self.till_button):
            acts.addWidget(button)
        bottom = QHBoxLayout()
        bottom.addLayout(acts, 1)
        bottom.addWidget(self.total_label)
        bottom.addSpacing(measures.step(4))
        bottom.addWidget(self.enter_button)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.setSpacing(0)
        column.addLayout(top)
        column.addSpacing(measures.step(3))
        column.addWidget(self.table, 1)
        column.addWidget(self.row)
        column.addWidget(self.message)
        column.addSpacing(measures.step(1))
        column.addLayout(bottom)

    # What the frame calls

    def main_action(self) -> None:
        """Enter the line (F9) and stand ready for the next citizen."""
        if not self._procedures:
            self.message.show_message(
                self.tr("Danh mục chưa có thủ tục nào làm ngay trong ngày."), "danger"
            )
            return
        if not self.row.validate():
            return
        try:
            line = self._calls.enter(self.row.request())
        except UserError as error:
            if not self.row.show_error(error):
                self.message.show_message(error.message, "danger")
            return
        self._lines.append(line)
        self._show_lines()
        self.row.clear(line)
        self._show_number()
        self.row.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.message.show_message(self._told(line), "muted")
        self.state_text_changed.emit(self._told(line))

    def _told(self, line: QuickLine) -> str:
        fee = "" if line.fee is None else f", {format_amount(line.fee)}"
        return self.tr("Đã ghi số {number}: {name}{fee}.").format(
            number=line.number, name=line.applicant_name, fee=fee
        )

    def activated(self, *, refresh: bool) -> None:
        """Show the lines of today; what is being typed stays."""
        del refresh
        found = self._calls.procedures()
        self._procedures = {procedure.code: procedure for procedure in found}
        self.kind.set_choices([Choice(p.code, p.label) for p in found])
        self._lines = list(reversed(self._calls.lines()))
        self._show_lines()
        self._on_kind_changed(self.kind.value())

    def first_field(self) -> QWidget | None:
        """Start with the citizen's name."""
        return self.row.name

    def has_unsaved_work(self) -> bool:
        """Say whether a line is being typed."""
        return self.row.has_work()

    def step_back(self) -> bool:
        """Esc: from the table back to the line; what is typed stays."""
        if self.table.hasFocus():
            self.row.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def take_card(self, text: str) -> bool:
        """Fill name and number from a scanned card; a name that was typed stays."""
        try:
            card = parse_card(text)
        except ValueError:
            return False
        if self.row.name.value() and self.row.name.value() != card.full_name:
            self.message.show_message(
                self.tr("Dòng này đang ghi cho người khác: ghi xong (F9) rồi quét thẻ."), "warning"
            )
            return True
        self.row.name.set_value(card.full_name)
        self.row.citizen.set_value(card.citizen_id)
        target = self.row.pages if self.row.pages.isEnabled() else self.row.copies
        target.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    # The book

    def _on_kind_changed(self, code: object) -> None:
        procedure = self._procedures.get(str(code))
        self.row.set_procedure(procedure)
        tariff = procedure.fee.describe() if procedure else ""
        if procedure is not None and "fee" in procedure.unconfirmed and tariff:
            # First: the end of a long tariff gives way on a small screen.
            tariff = self.tr("Chưa xác nhận: {fee}").format(fee=tariff)
        self.tariff_label.set_text(tariff or self.tr("chưa có mức phí trong danh mục"))
        self._show_number()

    def _show_number(self) -> None:
        book = self._calls.book_of(str(self.kind.value()))
        self.start_button.set_reason(None if book is not None else self.tr("không vào sổ"))
        if book is None:
            self.book_label.setText(self.tr("không vào sổ"))
            self.row.set_number("")
            return
        number = self._calls.next_number(book.symbol)
        self.book_label.setText(self.tr("Sổ {symbol}").format(symbol=book.symbol))
        self.book_label.setToolTip(plain_tip(book.name))
        self.row.set_number(str(number))

    def start_book(self) -> None:
        """Ask from which number the book goes on; an office begins in the middle of a year."""
        book = self._calls.book_of(str(self.kind.value()))
        if book is None:
            return
        answer = self._interaction.ask_text(
            self.tr("Số tiếp theo của sổ {symbol}").format(symbol=book.symbol),
            yes=self.tr("Đặt số"),
            initial=str(self._calls.next_number(book.symbol)),
            detail=self.tr(
                "Ghi số đứng ngay sau số cuối trong sổ giấy. Chỉ tăng được: số đã cấp không dùng "
                "lại."
            ),
            check=self._number_note,
        )
        if answer is None:
            return
        try:
            self._calls.start_book(book.symbol, int(answer))
        except UserError as error:
            self._interaction.inform(error.message)
        self._show_number()

    def _number_note(self, text: str) -> Note | None:
        if whole_number(text) is not None:
            return None
        return Note(self.tr("Chỉ gồm chữ số, ví dụ 1235."))

    # Lines

    def _show_lines(self) -> None:
        self.model.set_rows(self._lines)
        self.table.scrollToBottom()
        standing = [line for line in self._lines if not line.cancelled]
        paid = sum(line.paid for line in standing)
        self.total_label.setText(
            self.tr("{count} dòng, đã thu {sum}").format(
                count=format_number(len(standing)), sum=format_amount(paid)
            )
        )
        why = None if standing else self.tr("Hôm nay chưa ghi dòng nào.")
        self.back_button.set_reason(why)
        self.receipt_button.set_reason(why)
        self._place()

    def _last(self) -> QuickLine | None:
        return next((line for line in reversed(self._lines) if not line.cancelled), None)

    def take_back(self) -> None:
        """Take the last line back in the open (Ctrl+O); its number stays, cancelled."""
        line = self._last()
        if line is None:
            return
        reason = self._interaction.ask_text(
            self.tr("Lấy lại dòng số {number}: {name}").format(
                number=line.number, name=line.applicant_name
            ),
            yes=self.tr("Lấy lại dòng này"),
            initial=self.tr("Ghi nhầm"),
            detail=self.tr("Số này ghi là hủy kèm lý do và không dùng lại."),
            check=self._reason_note,
        )
        if reason is None:
            return
        try:
            cancelled = self._calls.take_back(line.uuid, reason)
        except UserError as error:
            self.message.show_message(error.message, "danger")
            return
        place = self._lines.index(line)
        self._lines[place] = cancelled
        self._show_lines()
        self._show_number()
        self.message.show_message(
            self.tr("Đã hủy số {number}: {reason}.").format(number=line.number, reason=reason),
            "muted",
        )
        self.row.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _reason_note(self, text: str) -> Note | None:
        return None if text else Note(self.tr("Cần ghi lý do."))

    def print_receipt(self) -> None:
        """Print the receipt of the chosen line, else of the last, for who asks for it (Ctrl+R)."""
        line = self.table.current_row() or self._last()
        if line is None or line.cancelled:
            return
        try:
            self._calls.print_receipt(line)
        except UserError as error:
            self.message.show_message(error.message, "danger")

    def open_till(self) -> None:
        """Show what was taken in today (Ctrl+T)."""
        from counter_app.ui.till_dialog import TillDialog

        window = TillDialog(self._calls, self._interaction, self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.open()

    # Places

    def _on_section_resized(self, _section: int, _old: int, _new: int) -> None:
        self._place()

    def _place(self) -> None:
        left = self.table.viewport().mapTo(self, self.table.viewport().rect().topLeft()).x()
        self.row.place(self.table.horizontalHeader(), left - self.row.x())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fields under their columns, which give way on a narrow screen."""
        super().resizeEvent(event)
        wanted = [metrics().px(column.width) for column in self.model.columns[:-1]]
        least = [metrics().px(width) for width in _LEAST_WIDTHS]
        missing = sum(wanted) - self.table.viewport().width() + metrics().px(_LEAST_CONTENT)
        share = min(1.0, max(0.0, missing / (sum(wanted) - sum(least))))
        for number, (width, floor) in enumerate(zip(wanted, least, strict=True)):
            self.table.setColumnWidth(number, width - round((width - floor) * share))
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        """Place the fields once the columns have their widths."""
        super().showEvent(event)
        self._place()


def _columns(page: QuickPage) -> Sequence[Column]:
    def tone(line: QuickLine) -> str | None:
        return "muted" if line.cancelled else None

    def content(line: QuickLine) -> str:
        if line.cancelled:
            return page.tr("đã hủy: {reason}").format(reason=line.cancelled)
        return line.content or line.label

    def paid(line: QuickLine) -> str:
        if line.cancelled or not line.fee:
            return ""
        return page.tr("đã thu") if line.paid else page.tr("chưa thu")

    def fee(line: QuickLine) -> str:
        return "" if line.cancelled or line.fee is None else format_amount(line.fee)

    def number(line: QuickLine) -> str:
        return mask_citizen_id(line.citizen_id or "")

    def pages(line: QuickLine) -> int | None:
        return line.pages or None

    return [
        Column(page.tr("Số"), "number", width=72, figures=True, tone=tone),
        Column(page.tr("Người yêu cầu"), "applicant_name", width=240, tone=tone),
        Column(page.tr("Số trang"), pages, width=76, align_right=True, tone=tone),
        Column(page.tr("Số bản"), "copies", width=68, align_right=True, tone=tone),
        Column(page.tr("Phí"), fee, width=104, align_right=True, figures=True),
        Column(page.tr("Thu"), paid, width=96),
        Column(page.tr("Số biên lai"), "receipt_number", width=112, figures=True, tone=tone),
        Column(page.tr("Số định danh"), number, width=148, figures=True, tone=tone),
        Column(page.tr("Giấy tờ"), content, tone=tone),
    ]
