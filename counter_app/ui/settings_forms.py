"""The groups of settings: which fields they have, and how a field is read and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counter_app.domain.calendar import parse_hours
from counter_app.domain.code_pattern import example_of, pieces_of
from counter_app.domain.numbering import OFFICIAL_CODE_PATTERN
from counter_app.errors import UserError
from counter_app.services.settings import act_of
from counter_app.ui.buttons import needs
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import HINT, LongTextField, Note, TextField
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.theme import metrics

_LABEL_WIDTH = 190


def _tr(text: str) -> str:
    return QCoreApplication.translate("settings_forms", text)


def _as_it_is(value: Any) -> Any:
    return value


def _nothing(_value: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: its name, its label, its field, and what it may hold in words."""

    key: str
    label: str
    field: QWidget
    expects: str = ""
    hint: str = ""
    show: Callable[[Any], Any] = _as_it_is  # a value as it stands in the field
    sense: Callable[[Any], str] = _nothing  # what a value means, in words

    def hint_for(self, value: Any) -> str:
        """Return what stands beside the field while it holds a value."""
        return f"{self.hint} {self.sense(value)}".strip()


def check_hours_text(text: str) -> Note | None:
    """Judge opening hours; a rule's error is a sentence already."""
    try:
        parse_hours(text)
    except ValueError as error:
        return Note(str(error))
    return None


def text_entry(
    key: str, label: str, *, expects: str = "", hint: str = "", placeholder: str = ""
) -> Entry:
    """Return a setting of one line."""
    return Entry(key, label, TextField(placeholder=placeholder), expects, hint)


def choice_entry(key: str, label: str, choices: list[Choice], *, hint: str = "") -> Entry:
    """Return a setting chosen from a short list."""
    return Entry(key, label, ChoiceField(choices=choices), "", hint)


def lines_entry(key: str, label: str, *, hint: str, lines: int = 4) -> Entry:
    """Return a setting of several lines, one thing on each."""
    return Entry(key, label, LongTextField(lines=lines), "", hint)


def hours_entries() -> list[Entry]:
    """Return the group of opening hours and of how limits are counted."""
    weekday = TextField(placeholder="07:30-11:30, 13:30-17:00", check=check_hours_text)
    saturday = TextField(placeholder=_tr("để trống nếu nghỉ"), check=check_hours_text)
    later = _tr("Lời hẹn đã in giữ nguyên; chỉ hồ sơ nhận từ nay tính theo cài đặt mới.")
    return [
        Entry("weekday_hours", _tr("Thứ Hai đến thứ Sáu"), weekday, hint=later),
        Entry("saturday_hours", _tr("Thứ Bảy"), saturday),
        choice_entry(
            "saturday_counts",
            _tr("Thứ Bảy tính hạn"),
            [
                Choice(False, _tr("Không: chỉ mở quầy nhận, trả hồ sơ")),
                Choice(True, _tr("Có: là ngày làm việc")),
            ],
        ),
        choice_entry(
            "counting",
            _tr("Cách tính hạn"),
            [Choice("day", _tr("Theo ngày làm việc")), Choice("hour", _tr("Theo giờ làm việc"))],
        ),
        choice_entry(
            "boundary",
            _tr("Quá hạn khi"),
            [
                Choice("day", _tr("Hết ngày hẹn trả")),
                Choice("minute", _tr("Quá giờ hẹn trả")),
            ],
        ),
        text_entry(
            "day_load",
            _tr("Báo khi một ngày đã hẹn (hồ sơ)"),
            expects=_tr("số hồ sơ từ 0 đến 999"),
            hint=_tr("Thẻ hẹn trả báo khi ngày ấy đã hẹn tới mức này; 0 là không báo."),
        ),
        text_entry(
            "statistics_day",
            _tr("Ngày đầu quý thống kê"),
            expects=_tr("ngày từ 1 đến 28"),
            hint=_tr("Quý thống kê bắt đầu vào ngày này của tháng cuối quý trước."),
        ),
    ]


def printer_choices(names: Sequence[str]) -> list[Choice]:
    """Return the printers to choose from; nothing chosen is the computer's own."""
    own = Choice("", _tr("Máy in mặc định của máy tính"))
    return [own, *(Choice(name, name) for name in names)]


def paper_entries() -> list[Entry]:
    """Return the group of papers and printing."""
    return [
        choice_entry(
            "paper",
            _tr("Khổ giấy tiếp nhận"),
            [
                Choice("a4-2up", _tr("A4 ngang, hai liên A5")),
                Choice("a5", _tr("A5")),
                Choice("a4", _tr("A4")),
            ],
        ),
        choice_entry("printer", _tr("Máy in"), printer_choices([])),
        text_entry(
            "jam_minutes",
            _tr("In lại do kẹt giấy (phút)"),
            expects=_tr("số phút từ 0 đến 120"),
            hint=_tr("Trong thời gian này bản in lại không ghi “bản in lại”."),
        ),
        choice_entry(
            "form_set",
            _tr("Bộ mẫu giấy tờ"),
            [
                Choice("auto", _tr("Tự chọn theo ngày")),
                Choice("tt03-2025", _tr("Thông tư 03/2025/TT-VPCP")),
                Choice("tt01-2018", _tr("Thông tư 01/2018/TT-VPCP")),
            ],
        ),
        text_entry(
            "outage_receipts",
            _tr("Số tờ trong bộ giấy mất điện"),
            expects=_tr("số tờ từ 1 đến 200"),
        ),
        choice_entry(
            "outage_at_close",
            _tr("Khi đóng chương trình"),
            [
                Choice(False, _tr("Không hỏi bộ giấy mất điện")),
                Choice(True, _tr("Hỏi in bộ giấy mất điện khi chưa có cho ngày mai")),
            ],
        ),
        text_entry("result_place", _tr("Nơi trả kết quả")),
        text_entry(
            "uncollected_days",
            _tr("Nhắc nhận kết quả sau (ngày)"),
            expects=_tr("số ngày từ 0 đến 365"),
            hint=_tr("Kết quả chờ lâu hơn thì vào danh sách nhắc ở trang Hồ sơ (Ctrl+J)."),
        ),
        text_entry("hotline", _tr("Đường dây nóng")),
    ]


def apology_entries() -> list[Entry]:
    """Return the group of apology letters."""
    return [
        lines_entry(
            "signers",
            _tr("Người ký"),
            hint=_tr(
                "Mỗi dòng một người: chức danh | họ tên. Ký thay: KT. CHỦ TỊCH | PHÓ CHỦ TỊCH | "
                "họ tên."
            ),
        ),
        choice_entry(
            "apology_title",
            _tr("Tên văn bản"),
            [
                Choice("", _tr("Theo bộ mẫu giấy tờ đang dùng")),
                Choice(
                    "VĂN BẢN XIN LỖI\nVÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
                    _tr("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
                ),
                Choice(
                    "PHIẾU XIN LỖI VÀ HẸN LẠI\nNGÀY TRẢ KẾT QUẢ",
                    _tr("Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
                ),
            ],
        ),
        choice_entry(
            "letter_number",
            _tr("Số văn bản"),
            [
                Choice("registry", _tr("Để trống, văn thư cho số")),
                Choice("typed", _tr("Nhập khi phát hành")),
                Choice("series", _tr("Lấy theo dãy số riêng")),
            ],
        ),
        text_entry("letter_symbol", _tr("Ký hiệu"), placeholder=_tr("ví dụ TB-UBND")),
        text_entry("letter_agency", _tr("Cơ quan ban hành")),
        text_entry("letter_parent", _tr("Cơ quan chủ quản")),
        choice_entry(
            "apology_lead",
            _tr("Báo sắp trễ trước"),
            [
                Choice(f"{days}wd", _tr("{count} ngày làm việc").format(count=days))
                for days in (1, 2, 3, 5)
            ],
        ),
        lines_entry(
            "usual_reasons", _tr("Lý do thường dùng"), hint=_tr("Mỗi dòng một lý do."), lines=5
        ),
    ]


def web_entries() -> list[Entry]:
    """Return the group of typing only once: the strip and the order of the web form's fields."""
    return [
        choice_entry(
            "web_entry",
            _tr("Sau F9"),
            [
                Choice(False, _tr("In ngay giấy tiếp nhận với số tạm")),
                Choice(True, _tr("Mở thanh gõ một lần, in giấy khi có mã chính thức")),
            ],
        ),
        lines_entry(
            "web_profile",
            _tr("Các ô của trang web"),
            hint=_tr(
                "Mỗi dòng: trường | tên ô trên trang | cách viết. Ví dụ: Họ tên | Họ và tên | "
                "chữ hoa; Ngày sinh | Ngày sinh | dd/mm/yyyy. Xếp theo thứ tự của trang."
            ),
            lines=10,
        ),
        choice_entry(
            "web_profile_verified",
            _tr("Đã đối chiếu"),
            [
                Choice(False, _tr("Chưa: thứ tự có sẵn chỉ là gợi ý")),
                Choice(True, _tr("Rồi: đúng với trang của tỉnh")),
            ],
        ),
        Entry(
            "official_code_pattern",
            _tr("Mẫu mã chính thức"),
            TextField(placeholder=example_of(OFFICIAL_CODE_PATTERN) or ""),
            _tr("một mã tỉnh đã cấp, kết thúc bằng số thứ tự"),
            hint=_tr("Gõ một mã tỉnh đã cấp; mã cùng dạng thì nhận."),
            show=lambda pattern: example_of(pattern) or pattern,
            sense=_sense_of_codes,
        ),
    ]


def _sense_of_codes(pattern: str) -> str:
    """Say in words which codes a pattern takes."""
    pieces = pieces_of(pattern)
    if pieces is None:
        return _tr("Đang dùng một biểu thức riêng.")
    words = []
    for piece in pieces:
        if piece.kind == "agency":
            words.append(_tr("mã cơ quan"))
        elif piece.kind == "text":
            words.append(piece.text)
        elif piece.least == piece.most:
            words.append(_tr("{count} chữ số").format(count=piece.least))
        else:
            words.append(
                _tr("{least} đến {most} chữ số").format(least=piece.least, most=piece.most)
            )
    return _tr("Đang nhận: {shape}.").format(shape=" ".join(words))


def display_entries() -> list[Entry]:
    """Return the group of how the window looks."""
    return [
        choice_entry(
            "scale",
            _tr("Cỡ chữ"),
            [
                Choice(100, _tr("Vừa (100 %)")),
                Choice(125, _tr("Lớn (125 %)")),
                Choice(150, _tr("Rất lớn (150 %)")),
            ],
            hint=_tr("Áp dụng khi mở lại chương trình."),
        ),
        choice_entry(
            "palette",
            _tr("Màu cửa sổ"),
            [
                Choice("light", _tr("Sáng")),
                Choice("dark", _tr("Tối")),
                Choice("system", _tr("Theo máy tính")),
            ],
            hint=_tr("Đổi ngay. Giấy in và bản xem trước luôn nền trắng."),
        ),
        choice_entry(
            "mask_numbers",
            _tr("Số định danh"),
            [
                Choice(True, _tr("Che giữa số, hiện khi cần (F10)")),
                Choice(False, _tr("Luôn hiện đủ số")),
            ],
            hint=_tr("Mỗi lần hiện đủ số đều ghi vào nhật ký. Giấy tờ in ra vẫn theo mẫu."),
        ),
        text_entry(
            "lock_minutes",
            _tr("Tự khóa sau (phút)"),
            expects=_tr("số phút từ 0 đến 240"),
            hint=_tr("0 là không tự khóa. Chỉ có tác dụng khi có tài khoản; Ctrl+F11 khóa ngay."),
        ),
    ]


def field_value(field: QWidget) -> Any:
    """Return a field's value as a setting holds it."""
    if isinstance(field, LongTextField):
        return [line for line in field.value().split("\n") if line]
    if isinstance(field, ChoiceField):
        return field.value()
    return field.value() if isinstance(field, TextField) else None


def show_value(field: QWidget, value: Any) -> None:
    """Write a setting into its field without announcing it."""
    blocked = field.blockSignals(True)
    if isinstance(field, LongTextField):
        field.set_value("\n".join(value))
    elif isinstance(field, ChoiceField):
        _choose(field, value)
    elif isinstance(field, TextField):
        field.setText("" if value is None else str(value))
        field.setCursorPosition(0)
    field.blockSignals(blocked)


def _choose(field: ChoiceField, value: Any) -> None:
    if all(field.itemData(index) != value for index in range(field.count())):
        field.addItem(str(value), value)  # set from a terminal to something the list lacks
    field.set_value(value)


def same(first: Any, second: Any) -> bool:
    """Compare a typed value with a stored one: 10 and "10" are the same."""
    if isinstance(first, str) and isinstance(second, int) and not isinstance(second, bool):
        return first == str(second)
    return bool(first == second)


class SettingsForm(QWidget):
    """One group: each field saves itself when it is left, and says so beside it."""

    saved = Signal(str, object, object)  # label, value before, callable that writes a value

    def __init__(
        self,
        entries: list[Entry],
        *,
        read: Callable[[str], Any],
        write: Callable[[str, Any], Any],
        parent: QWidget | None = None,
    ) -> None:
        """``read`` and ``write`` reach one setting by its key."""
        super().__init__(parent)
        self._read = read
        self._write = write
        self.entries = {entry.key: entry for entry in entries}
        self.form = FormGrid(label_width=_LABEL_WIDTH)
        for entry in entries:
            needs(entry.field, act_of(entry.key))
            self.form.add_row(entry.label, entry.field, name=entry.key)
            if entry.hint and isinstance(entry.field, LongTextField):
                line = self.tr("Shift+Enter xuống dòng.")  # Enter alone goes on
                self.form.add_wide(self._hint_line(f"{entry.hint} {line}"))
            self._listen(entry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addStretch(1)

    @staticmethod
    def _hint_line(text: str) -> QWidget:
        label = MessageLabel()
        label.show_message(text, HINT)
        label.setContentsMargins(metrics().px(_LABEL_WIDTH) + metrics().step(3), 0, 0, 0)
        return label

    def _listen(self, entry: Entry) -> None:
        field = entry.field
        field.setObjectName(entry.key)
        if isinstance(field, ChoiceField):
            field.value_changed.connect(self._on_field_left)
        elif isinstance(field, (TextField, LongTextField)):
            field.tidied.connect(self._on_field_left)

    def show_values(self) -> None:
        """Fill every field with what holds now."""
        self.form.clear_notes()
        for entry in self.entries.values():
            value = self._read(entry.key)
            show_value(entry.field, entry.show(value))
            hint = entry.hint_for(value)
            if hint and not isinstance(entry.field, LongTextField):
                self.form.show_note(entry.key, Note(hint, HINT))

    def field(self, key: str) -> Any:
        """Return one setting's field."""
        return self.entries[key].field

    def _on_field_left(self, _value: object) -> None:
        self.save(self.sender().objectName())

    def save(self, key: str) -> bool:
        """Save one field if it holds something new that can be used."""
        entry = self.entries[key]
        before, value = self._read(key), field_value(entry.field)
        if same(value, entry.show(before)) or getattr(entry.field, "has_error", bool)():
            return False
        try:
            self._write(key, value)
        except UserError as error:
            self._show_error(entry, error)
            return False
        sense = entry.sense(self._read(key))
        self.form.show_note(key, Note(f"{self.tr('Đã lưu.')} {sense}".strip(), HINT))
        self.saved.emit(entry.label, before, self._make_restore(key))
        return True

    def _make_restore(self, key: str) -> Callable[[Any], None]:
        def restore(value: Any) -> None:
            self._write(key, value)
            entry = self.entries[key]
            show_value(entry.field, entry.show(self._read(key)))
            self.form.show_note(key, Note(self.tr("Đã lấy lại giá trị cũ."), HINT))

        return restore

    def _show_error(self, entry: Entry, error: UserError) -> None:
        text = error.message
        if entry.expects:
            text = self.tr("Chưa lưu: cần {expects}.").format(expects=entry.expects)
        for one in getattr(error, "errors", [error]):
            other = one.field if one.field in self.entries else entry.key
            self.form.show_note(other, Note(text if other == entry.key else one.message))
