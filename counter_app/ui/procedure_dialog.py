"""One procedure of the catalogue, saved as a dated version; what changes is said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.catalogue import Procedure, to_dict
from counter_app.domain.catalogue_changes import CatalogueChange, ChangeKind
from counter_app.domain.catalogue_lines import read_documents, write_documents
from counter_app.domain.deadlines import parse_limit
from counter_app.errors import UserError
from counter_app.ui.act_dialogs import offer
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.confirm_rows import amount_of
from counter_app.ui.day_fields import parse_coming_day
from counter_app.ui.fields import DateField, LongTextField, Note, TextField, set_tone, whole_number
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.keys import bind_main_act
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.services.catalogue_edits import Versions

_MOST_SAID = 4
_MOST_AMOUNT = 9_999
_SAID_ELSEWHERE = frozenset({"valid_from", "unconfirmed"})
_LONGEST_LIST = 8000


@dataclass(frozen=True, slots=True)
class ProcedureCalls:
    """The use cases of the catalogue's editor."""

    today: Callable[[], date]
    find: Callable[[str], Sequence[Procedure]]
    coming: Callable[[], Mapping[str, date]]
    sectors: Callable[[], Sequence[str]]
    units: Callable[[], Sequence[str]]
    preview: Callable[[dict[str, Any]], CatalogueChange]
    save: Callable[..., Versions]
    retire: Callable[..., Versions]
    pinned: Callable[[], Sequence[str]]
    pin: Callable[..., None]
    put_back: Callable[[Versions], None]


class DocumentsField(LongTextField):
    """Papers, a line each; what can't be read is said with its line."""

    def validate(self) -> bool:
        """Read every line."""
        if not super().validate():
            return False
        try:
            read_documents(self.value())
        except ValueError as error:
            self.set_note(Note(str(error)))
            return False
        return True


class ProcedureDialog(ScreenDialog):
    """Fields left and right, what changes below; Enter goes on, F9 saves, Esc leaves."""

    saved = Signal(str, object)  # label, the versions as they stood

    def __init__(
        self, calls: ProcedureCalls, known: Procedure | None = None, parent: QWidget | None = None
    ) -> None:
        """Fill the fields from a known procedure, or start empty for a new one."""
        super().__init__(parent)
        self._calls = calls
        self._known = known
        title = self.tr("Thêm thủ tục") if known is None else self.tr("Sửa thủ tục")
        self.setWindowTitle(title)
        self.resize(metrics().px(1080), metrics().px(680))
        self.left = FormGrid(beside=False, label_width=120)
        self.right = FormGrid(beside=False, label_width=120)
        self._make_left()
        self._make_right()
        self.changes = QLabel()
        self.changes.setTextFormat(Qt.TextFormat.PlainText)
        self.changes.setWordWrap(True)
        self.message = MessageLabel()
        self._lay_out(title)
        self._fill(known or Procedure("", "", valid_from=calls.today()))
        for field in self._text_fields():
            field.tidied.connect(self._tell_changes)
        for choice in (self.unit_of_limit, self.cutoff, self.state):
            choice.value_changed.connect(self._tell_changes)
        self._tell_changes()

    # Fields

    def _make_left(self) -> None:
        self.code = TextField(placeholder=self.tr("ví dụ 1.004873"), max_length=40)
        self.code.setReadOnly(self._known is not None)
        self.name = TextField(max_length=600)
        self.short_name = TextField(placeholder=self.tr("để trống: dùng tên đầy đủ"))
        self.aliases = LongTextField(lines=2)
        self.sector = SearchChoice(
            find=offer(self._calls.sectors), free_text=True, minimum=0, max_length=150
        )
        self.unit = SearchChoice(
            find=offer(self._calls.units), free_text=True, minimum=0, max_length=150
        )
        self.decision = TextField(
            max_length=300, placeholder=self.tr("số quyết định công bố và nguồn")
        )
        self.valid_from = DateField(
            parse=lambda text: parse_coming_day(text, today=self._calls.today())
        )
        for label, field, name in (
            (self.tr("Mã thủ tục"), self.code, "code"),
            (self.tr("Tên thủ tục"), self.name, "name"),
            (self.tr("Tên ngắn"), self.short_name, "short_name"),
            (self.tr("Tên gọi khác"), self.aliases, "aliases"),
            (self.tr("Lĩnh vực"), self.sector, "sector"),
            (self.tr("Cơ quan giải quyết"), self.unit, "unit"),
            (self.tr("Áp dụng từ"), self.valid_from, "valid_from"),
        ):
            self.left.add_row(label, field, name=name)

    def _make_right(self) -> None:
        self.amount = TextField(max_length=4, check=self._judge_amount)
        self.amount.setAccessibleName(self.tr("Số ngày hoặc giờ"))
        self.unit_of_limit = ChoiceField(
            choices=[
                Choice("wd", self.tr("ngày làm việc")),
                Choice("cd", self.tr("ngày")),
                Choice("mo", self.tr("tháng")),
                Choice("h", self.tr("giờ làm việc")),
                Choice("m", self.tr("phút làm việc")),
                Choice("ch", self.tr("giờ")),
                Choice("0wd", self.tr("trong ngày")),
            ]
        )
        self.unit_of_limit.setAccessibleName(self.tr("Đơn vị thời gian"))
        self.cutoff = ChoiceField(
            choices=[
                Choice("none", self.tr("Không có mốc giờ")),
                Choice("next-day-result", self.tr("Sau 15:00 thì trả ngày làm việc sau")),
                Choice("next-day-start", self.tr("Sau 15:00 thì tính từ ngày làm việc sau")),
            ]
        )
        self.fee = TextField(
            check=self._judge_fee, placeholder=self.tr("đồng; 0: không thu; chưa rõ: để trống")
        )
        self.per = TextField(placeholder=self.tr("ví dụ bản, trang, trường hợp"), max_length=60)
        self.documents = DocumentsField(lines=8, max_length=_LONGEST_LIST)
        self.state = ChoiceField(
            choices=[
                Choice(True, self.tr("Đã xác nhận theo quyết định")),
                Choice(False, self.tr("Chưa: lần dùng đầu sẽ hỏi")),
            ]
        )
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(2))
        row.addWidget(self.amount, 1)
        row.addWidget(self.unit_of_limit, 2)
        line.setFocusProxy(self.amount)
        self.right.add_row(self.tr("Thời hạn"), line, name="limit")
        for label, field, name in (
            (self.tr("Nộp buổi chiều"), self.cutoff, "cutoff"),
            (self.tr("Lệ phí"), self.fee, "fee"),
            (self.tr("Thu theo"), self.per, "per"),
            (self.tr("Thành phần hồ sơ"), self.documents, "required_documents"),
            (self.tr("Xác nhận"), self.state, "confirmed"),
            (self.tr("Số quyết định"), self.decision, "source"),
        ):
            self.right.add_row(label, field, name=name)

    def _text_fields(self) -> tuple[TextField | LongTextField, ...]:
        return (
            self.code,
            self.name,
            self.short_name,
            self.aliases,
            self.sector,
            self.unit,
            self.decision,
            self.valid_from,
            self.amount,
            self.fee,
            self.per,
            self.documents,
        )

    def _judge_amount(self, text: str) -> Note | None:
        if self.unit_of_limit.value() == "0wd" or 1 <= (whole_number(text) or 0) <= _MOST_AMOUNT:
            return None
        return Note(self.tr("Thời hạn là một số từ 1 đến 9.999."))

    def _judge_fee(self, text: str) -> Note | None:
        if amount_of(text) is not None:
            return None
        return Note(self.tr("Lệ phí là số tiền đồng, dưới một tỷ, ví dụ 15000; 0 nếu không thu."))

    def _lay_out(self, title: str) -> None:
        measures = metrics()
        heading = QLabel(title)
        heading.setFont(theme().font(measures.title_size, strong=True))
        lead = QLabel(
            self.tr(
                "Lưu là thêm một phiên bản có ngày áp dụng; bản cũ còn nguyên, hồ sơ đã nhận giữ "
                "thời hạn và lệ phí khi nhận. Giấy tờ mỗi dòng: Tên | 1/0 | mẫu, nộp hoặc xuất "
                "trình | nếu có."
            )
        )
        lead.setWordWrap(True)
        set_tone(lead, "muted")
        fields = QHBoxLayout()
        fields.setSpacing(measures.step(6))
        fields.addWidget(self.left, 1, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self.right, 1, Qt.AlignmentFlag.AlignTop)
        self.leave_button = ActionButton(self.tr("Quay lại"), key="Esc", kind="quiet")
        self.save_button = ActionButton(self.tr("Lưu phiên bản"), key="F9", kind="main")
        for button in (self.leave_button, self.save_button):
            button.setAutoDefault(False)
        self.leave_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        bind_main_act(self, self.save)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.save_button)
        self.message.setMinimumHeight(measures.step(5))
        self.changes.setMinimumHeight(measures.step(10))
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(measures.step(2))
        column.addWidget(heading)
        column.addWidget(lead)
        column.addLayout(fields)
        column.addStretch(1)
        column.addWidget(self.changes)
        column.addWidget(self.message)
        column.addLayout(buttons)

    # Values

    def _fill(self, one: Procedure) -> None:
        for field, text in (
            (self.code, one.code),
            (self.name, one.name),
            (self.short_name, one.short_name),
            (self.sector, one.sector),
            (self.unit, one.unit),
            (self.decision, one.source if one.confirmed else ""),
            (self.fee, "" if one.fee.amount is None else str(one.fee.amount)),
            (self.per, one.fee.per),
        ):
            field.setText(text)
            field.setCursorPosition(0)
        self.aliases.setPlainText("\n".join(one.aliases))
        self.documents.setPlainText(write_documents(one.required_documents))
        self.valid_from.set_parsed(self._calls.today())
        limit = parse_limit(one.limit) if one.limit else None
        if limit is not None:
            self.unit_of_limit.set_value("0wd" if limit.is_same_day else limit.unit.value)
            self.amount.setText("" if limit.is_same_day else str(limit.amount))
        if all(self.cutoff.itemData(i) != one.cutoff for i in range(self.cutoff.count())):
            self.cutoff.addItem(one.cutoff, one.cutoff)  # with an hour of its own
        self.cutoff.set_value(one.cutoff)
        self.state.set_value(one.confirmed)

    def entry(self) -> dict[str, Any]:
        """Return the version as an import would read it; what has no field here stays."""
        kept = to_dict(self._known) if self._known is not None else {}
        unit = str(self.unit_of_limit.value())
        amount = whole_number(self.amount.value())
        limit = "0wd" if unit == "0wd" else "" if amount is None else f"{amount}{unit}"
        first = self.valid_from.parsed()
        is_confirmed = bool(self.state.value())
        return kept | {
            "code": self.code.value(),
            "name": self.name.value(),
            "short_name": self.short_name.value(),
            "aliases": [line for line in self.aliases.value().split("\n") if line],
            "sector": self.sector.value(),
            "unit": self.unit.value(),
            "limit": limit,
            "cutoff": self.cutoff.value(),
            "fee": kept.get("fee", {})
            | {"amount": amount_of(self.fee.value()), "per": self.per.value()},
            "required_documents": [one._asdict() for one in read_documents(self.documents.value())],
            "confirmed": is_confirmed,
            "unconfirmed": self._open_fields(kept, fee=self.fee.value(), is_confirmed=is_confirmed),
            "source": self.decision.value() or kept.get("source", ""),
            "valid_from": first.isoformat() if first else None,
            "valid_to": None,
        }

    @staticmethod
    def _open_fields(kept: dict[str, Any], *, fee: str, is_confirmed: bool) -> list[str]:
        if is_confirmed:
            return [] if fee else ["fee"]
        return list(kept.get("unconfirmed") or ["limit"])

    def _tell_changes(self, *_: object) -> None:
        try:
            change = self._calls.preview(self.entry())
        except (UserError, ValueError):
            self.changes.setText("")  # a field isn't ready; it says so itself
            return
        self.changes.setText(self._said(change))

    def _said(self, change: CatalogueChange) -> str:
        if change.kind is ChangeKind.SAME:
            return self.tr("Không khác phiên bản đang có.")
        fields = [f for f in change.fields if f.name not in _SAID_ELSEWHERE]
        told = [
            f"{in_window(f.label)}: {f.before or '–'} → {f.after or '–'}"
            for f in fields[:_MOST_SAID]
        ]
        if len(fields) > _MOST_SAID:
            told.append(self.tr("… và {count} mục khác").format(count=len(fields) - _MOST_SAID))
        if change.kind is ChangeKind.EDIT:
            told.append(self.tr("Ghi đè phiên bản cùng ngày áp dụng; đổi ngày để giữ cả bản cũ."))
        if change.open_count:
            told.append(
                self.tr("{count} hồ sơ đang giải quyết giữ nguyên thời hạn đã hẹn.").format(
                    count=change.open_count
                )
            )
        return "\n".join(told)

    # Saving

    def _is_complete(self) -> bool:
        for field, words in (
            (self.code, self.tr("Gõ mã thủ tục.")),
            (self.name, self.tr("Gõ tên thủ tục.")),
        ):
            if not field.value():
                return self._ask(field, words)
        if self.unit_of_limit.value() != "0wd" and not self.amount.value() and self.state.value():
            return self._ask(self.amount, self.tr("Gõ thời hạn, ví dụ 3."))
        if self.state.value() and not self.decision.value():
            return self._ask(self.decision, self.tr("Gõ số quyết định công bố thủ tục."))
        return self.left.validate() and self.right.validate() and self.amount.validate()

    def _ask(self, field: TextField, words: str) -> bool:
        field.set_note(Note(words))
        if field is self.amount:  # two fields share its row, so that no message stands below
            self.message.show_message(words, "danger")
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def save(self) -> None:
        """Save the version (F9)."""
        self.message.show_message("", "")
        if not self._is_complete():
            return
        try:
            before = self._calls.save(self.entry(), is_new=self._known is None)
        except UserError as error:
            if not (self.left.show_error(error) or self.right.show_error(error)):
                first = getattr(error, "errors", [error])[0]
                self.message.show_message(first.message, "danger")
            return
        self.saved.emit(f"{self.code.value()} {self.name.value()}", before)
        self.accept()
