"""The window of the outage kit: print one, see every reserved number, close what wasn't used."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from counter_app.domain.outage import MOST_NUMBERS, STATE_LABELS, ReservedFacts
from counter_app.domain.words import format_moment
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.desk_dialog import DeskDialog
from counter_app.ui.fields import ERROR, Note, TextField, whole_number
from counter_app.ui.interaction import Interaction
from counter_app.ui.office_paper_calls import OfficePaperCalls
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window

_TONES = {"open": "warning", "used": None, "closed": "muted"}


class OutageDialog(DeskDialog):
    """Numbers reserved for an outage (bộ giấy mất điện): open, used, closed."""

    number_chosen = Signal(str)  # an open number whose dossier is to be typed in
    dossier_chosen = Signal(str)  # uuid of the dossier a number was used for

    def __init__(
        self, calls: OfficePaperCalls, interaction: Interaction, parent: QWidget | None = None
    ) -> None:
        """The numbers are read at once; nothing is reserved before the main act."""
        super().__init__(
            self.tr("Bộ giấy mất điện"),
            self.tr(
                "In sẵn trước khi về: giấy tiếp nhận để trống có số giữ trước, và bảng tra ngày "
                "hẹn của hai ngày làm việc tới. Có điện trở lại: quét mã trên từng tờ để nhập; "
                "số không dùng thì đóng, kèm lý do."
            ),
            parent,
        )
        self._calls = calls
        self._interaction = interaction
        self.count_field = TextField(check=self._judge_count, chars=5)
        self.count_field.set_value(str(calls.usual_count()))
        self.chips = ChipRow(
            [
                Chip("", self.tr("Tất cả")),
                Chip("open", self.tr("Chưa dùng")),
                Chip("used", self.tr("Đã dùng")),
                Chip("closed", self.tr("Đã đóng")),
            ]
        )
        self.rows_model = RowTableModel(
            [
                Column(self.tr("Số giấy"), "number", width=190, figures=True),
                Column(
                    self.tr("Trạng thái"),
                    lambda row: in_window(STATE_LABELS[row.state]),
                    width=110,
                    tone=lambda row: _TONES[row.state],
                ),
                Column(self.tr("Hồ sơ"), "dossier_code", width=190, figures=True),
                Column(self.tr("Giữ lúc"), "reserved_at", format_moment, width=140, figures=True),
                Column(self.tr("Lý do"), "reason", width=240),
            ]
        )
        self.table = TableView(empty_text=self.tr("Chưa giữ số nào."))
        self.table.setAccessibleName(self.tr("Các số giấy đã giữ"))
        self.table.set_model(self.rows_model)
        self.print_button = ActionButton(self.tr("In bộ mới"), key="F9", kind="main", icon="print")
        self.again_button = ActionButton(self.tr("In lại bộ"), key="Ctrl+R")
        self.close_button = ActionButton(self.tr("Đóng số"), key="Ctrl+D")
        self.rest_button = ActionButton(self.tr("Đóng số còn lại"), key="Ctrl+G")
        self.reopen_button = ActionButton(self.tr("Mở lại"), key="Ctrl+O")
        self._lay_out()
        self._connect()
        self.refresh()
        self.fit(1020, 620)
        self.table.setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        caption = QLabel(self.tr("Số tờ giấy tiếp nhận"))
        self.count_field.setAccessibleName(caption.text())
        line.addWidget(caption)
        line.addWidget(self.count_field)
        line.addSpacing(metrics().step(6))
        line.addWidget(self.chips, 1)
        self.column.addLayout(line)
        self.column.addWidget(self.table, 1)
        acts = QHBoxLayout()  # what is done with the chosen number stands at the list
        acts.setSpacing(metrics().step(2))
        for button in (self.close_button, self.rest_button, self.reopen_button):
            button.setAutoDefault(False)
            acts.addWidget(button)
        acts.addStretch(1)
        self.column.addLayout(acts)
        self.add_buttons(self.print_button, (self.again_button,))

    def _connect(self) -> None:
        self.chips.chosen.connect(self._on_chip_chosen)
        self.table.row_selected.connect(self._refresh_buttons)
        self.table.row_opened.connect(self._on_row_opened)
        self.print_button.clicked.connect(self.print_kit)
        for button, key, slot in (
            (self.again_button, "Ctrl+R", self.print_again),
            (self.close_button, "Ctrl+D", self.close_number),
            (self.rest_button, "Ctrl+G", self.close_rest),
            (self.reopen_button, "Ctrl+O", self.reopen),
        ):
            button.clicked.connect(slot)
            self.add_key(key, slot)

    def _judge_count(self, text: str) -> Note | None:
        if 1 <= (whole_number(text) or 0) <= MOST_NUMBERS:
            return None
        words = self.tr("Ghi một số từ 1 đến {most}.")
        return Note(words.format(most=MOST_NUMBERS), ERROR)

    # Showing

    def refresh(self) -> None:
        """Read the numbers anew."""
        try:
            self.rows_model.set_rows(self._calls.reserved(self.chips.current()))
        except UserError as error:
            self.say(error.message, "danger")
        if self.rows_model.rowCount():
            self.table.select_row(0)
        for state in ("open", "used", "closed"):
            self.chips.set_count(state, len(self._calls.reserved(state)))
        self._refresh_buttons()

    def current(self) -> ReservedFacts | None:
        """Return the chosen number."""
        row: ReservedFacts | None = self.table.current_row()
        return row

    def _refresh_buttons(self, *_: object) -> None:
        row = self.current()
        none = self.tr("Chọn một số trong danh sách.")
        used = self.tr("Chỉ đóng được số chưa dùng.")
        open_reason = none if row is None else (None if row.state == "open" else used)
        self.close_button.set_reason(open_reason)
        rest = [] if row is None else self._rest_of(row.kit)
        self.rest_button.set_reason(None if rest else self.tr("Bộ này không còn số chưa dùng."))
        closed = row is not None and row.state == "closed"
        self.reopen_button.set_reason(None if closed else self.tr("Chỉ mở lại được số đã đóng."))
        self.again_button.set_reason(none if row is None else None)

    def _rest_of(self, kit: str) -> list[str]:
        return [row.number for row in self._calls.reserved("open") if row.kit == kit]

    def _on_chip_chosen(self, _key: str) -> None:
        self.refresh()

    def _on_row_opened(self, row: ReservedFacts) -> None:
        """Enter on an open number begins its dossier, on a used one shows it."""
        if row.state == "open":
            self.accept()
            self.number_chosen.emit(row.number)
        elif row.dossier_uuid:
            self.accept()
            self.dossier_chosen.emit(row.dossier_uuid)

    def take_code(self, text: str) -> bool:
        """A paper scanned here begins its dossier, or shows what became of its number."""
        found = self._calls.reserved_one(text)
        if found is None:
            return False
        if found.state == "closed":
            words = self.tr("Số {number} đã đóng: {reason}. Cần dùng thì mở lại.")
            self.say(words.format(number=found.number, reason=found.reason), "danger")
            self.chips.choose("")
            numbers = [row.number for row in self.rows_model.rows()]
            if found.number in numbers:
                self.table.select_row(numbers.index(found.number))
            return True
        self._on_row_opened(found)
        return True

    # Acts

    def print_kit(self) -> None:
        """Reserve the numbers and print the kit."""
        if not self.count_field.validate():
            self.say(self.count_field.note().text, "danger")
            self.count_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            code = self._calls.make_kit(int(self.count_field.value()))
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.refresh()
        words = self.tr("Đã giữ {count} số, bộ {code}. Giấy đang được in.")
        self.say(words.format(count=self.count_field.value(), code=code), "accent")
        self._calls.print_codes([code])

    def print_again(self) -> None:
        """Print the kit of the chosen number again."""
        row = self.current()
        if row is None:
            return
        try:
            self._calls.print_again(row.kit)
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.say(self.tr("In lại bộ {code}.").format(code=row.kit))
        self._calls.print_codes([row.kit])

    def close_number(self) -> None:
        """Close the chosen number with a reason."""
        row = self.current()
        if row is not None and row.state == "open":
            self._close([row.number])

    def close_rest(self) -> None:
        """Close what is left of the chosen number's kit with one reason."""
        row = self.current()
        rest = [] if row is None else self._rest_of(row.kit)
        if rest:
            self._close(rest)

    def _close(self, numbers: list[str]) -> None:
        question = self.tr("Đóng {count} số giấy chưa dùng?").format(count=len(numbers))
        reason = self._ask_reason(
            question, self.tr("Ví dụ: có điện trở lại, giấy chưa dùng đã hủy."), self.tr("Đóng số")
        )
        if reason is None:
            return
        try:
            self._calls.close_numbers(numbers, reason)
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.refresh()
        self.say(self.tr("Đã đóng {count} số.").format(count=len(numbers)), "accent")

    def reopen(self) -> None:
        """Open a closed number again: its paper was found."""
        row = self.current()
        if row is None or row.state != "closed":
            return
        question = self.tr("Mở lại số {number}?").format(number=row.number)
        reason = self._ask_reason(question, "", self.tr("Mở lại số"))
        if reason is None:
            return
        try:
            self._calls.reopen_number(row.number, reason)
        except UserError as error:
            self.say(error.message, "danger")
            return
        self.refresh()

    def _ask_reason(self, question: str, detail: str, yes: str) -> str | None:
        def judge(text: str) -> Note | None:
            return None if text.strip() else Note(self.tr("Cần ghi lý do."), ERROR)

        typed = self._interaction.ask_text(question, yes=yes, detail=detail, check=judge)
        return (typed or "").strip() or None
