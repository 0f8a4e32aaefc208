"""The steps of the first-run wizard: the office, its hours and people, its paper."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QLabel,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.calendar import parse_hours
from counter_app.domain.numbering import check_agency_code
from counter_app.domain.provinces import PROVINCES_NOW
from counter_app.domain.vietnamese import clean_line, fold
from counter_app.ui.choices import Choice, SearchChoice
from counter_app.ui.fields import ERROR, HINT, Note, TextField, set_tone, whole_number
from counter_app.ui.option_group import Option, OptionGroup, draw_page
from counter_app.ui.reception_person import judge_text
from counter_app.ui.reception_rows import FormRows
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.wizard_people import PeopleField

_A4_ROOT = 2**0.5
_LETTERS = " aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LONGEST = 200


class Step(QWidget):
    """One step: a title, a sentence and rows; ``required`` names what may not stay empty."""

    title = ""
    words = ""
    required: tuple[tuple[str, str], ...] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with empty rows."""
        super().__init__(parent)
        self.rows = FormRows()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(metrics().step(2))
        self.column.addWidget(self.rows)
        self.column.addStretch(1)

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields."""
        return {name: _value(self.rows.field(name)) for name in self.rows.names()}

    def fill(self, values: dict[str, Any]) -> None:
        """Show values again."""
        for name in self.rows.names():
            if name in values:
                _set(self.rows.field(name), values[name])

    def first_wrong(self) -> str:
        """Judge the step, say what is missing and return the first field to mend."""
        wrong = self.rows.wrong_fields()
        for name, words in self.required:
            if not _value(self.rows.field(name)) and name not in wrong:
                self.rows.show_note(name, Note(words, ERROR))
                wrong.append(name)
        return min(wrong, key=self.rows.names().index, default="")

    def enter(self) -> None:
        """Put the focus into the first field."""
        self.rows.go_to(self.rows.names()[0])


def _value(field: QWidget) -> Any:
    if isinstance(field, SearchChoice):
        choice = field.choice() or province_of(field.value())
        return choice.value if choice else ""
    return field.value()  # type: ignore[attr-defined]


def _set(field: QWidget, value: Any) -> None:
    if isinstance(field, SearchChoice):
        field.set_choice(province_of(value))
        return
    field.set_value(value)  # type: ignore[attr-defined]


def province_choices() -> list[Choice]:
    """Return the provinces by name; the office keeps the two digits of its code."""
    return [
        Choice(code, name, code)
        for code, name in sorted(PROVINCES_NOW.items(), key=lambda item: _alphabet(item[1]))
    ]


def _alphabet(name: str) -> tuple[list[int], str]:
    """Order a name by the Vietnamese alphabet: a ă â … d đ e ê; tones decide last."""
    letters = [_toneless(letter) for letter in name.lower()]
    return [_LETTERS.find(letter) for letter in letters], name


def _toneless(letter: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", letter) if c not in _TONES)
    return unicodedata.normalize("NFC", "".join(kept))


def province_of(text: str) -> Choice | None:
    """Return the province of a name or of two digits; digits that aren't known stand alone."""
    text = clean_line(text)
    if not text:
        return None
    known = (c for c in province_choices() if c.value == text or fold(c.text) == fold(text))
    own = Choice(text, text) if re.fullmatch("[0-9]{2}", text) else None
    return next(known, own)


def _judge_province(text: str) -> Note | None:
    if province_of(text) is not None:
        return None
    words = QCoreApplication.translate(
        "OfficeStep", "Chọn tỉnh trong danh sách (↓ rồi Enter), hoặc gõ hai chữ số của mã tỉnh."
    )
    return Note(words, ERROR)


def _find_provinces(text: str) -> list[Choice]:
    wanted = fold(text)
    found = [choice for choice in province_choices() if wanted in fold(choice.text)]
    return sorted(found, key=lambda choice: not fold(choice.text).startswith(wanted))


class OfficeStep(Step):
    """Who we are: names as they stand at the head of every paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Lay the fields out."""
        super().__init__(parent)
        self.title = self.tr("Đơn vị")
        self.words = self.tr("Hai dòng đầu in ở góc trái mọi giấy tờ, đúng như con dấu.")
        self.required = (
            ("parent", self.tr("Nhập tên cơ quan chủ quản.")),
            ("office", self.tr("Nhập tên đơn vị.")),
            ("place", self.tr("Nhập địa danh, ví dụ Cam Lộ.")),
            ("counter", self.tr("Nhập tên quầy, ví dụ Quầy 1.")),
            ("counter_number", self.tr("Nhập số quầy từ 1 đến 99.")),
        )
        text = self._text
        self.rows.add_row(
            self.tr("Cơ quan chủ quản"),
            ("parent", text(self.tr("ví dụ ỦY BAN NHÂN DÂN XÃ CAM LỘ"))),
            wide=True,
        )
        self.rows.add_row(
            self.tr("Tên đơn vị"),
            ("office", text(self.tr("ví dụ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"))),
            wide=True,
        )
        self.rows.add_row(
            self.tr("Địa danh"), ("place", text(self.tr("ví dụ Cam Lộ, để ghi ngày tháng")))
        )
        self.province = _ProvinceField(
            find=_find_provinces,
            free_text=True,
            placeholder=self.tr("gõ vài chữ; không rõ thì để trống"),
        )
        self.rows.add_row(self.tr("Tỉnh, thành phố"), ("province_code", self.province))
        agency = TextField(check=_judge_agency, placeholder=self.tr("chưa biết thì để trống"))
        self.rows.add_row(self.tr("Mã định danh"), ("agency_code", agency))
        number = TextField(check=self._judge_counter, chars=4, max_length=4)
        number.setText("1")
        counter = text("")
        counter.setText(self.tr("Quầy 1"))
        self.rows.add_row(self.tr("Tên quầy"), ("counter", counter))
        self.rows.add_row(self.tr("Số quầy"), ("counter_number", number))

    def _text(self, placeholder: str) -> TextField:
        return TextField(check=judge_text, max_length=_LONGEST, placeholder=placeholder)

    def _judge_counter(self, text: str) -> Note | None:
        if 1 <= (whole_number(text) or 0) <= 99:
            return None
        return Note(self.tr("Số quầy từ 1 đến 99; mỗi máy một số khác nhau."), ERROR)


class _ProvinceField(SearchChoice):
    """A province of the list, or the two digits of one that the list doesn't know."""

    def judge(self) -> Note | None:
        """Accept a name, two digits or nothing."""
        text = self.value()
        return super().judge() if self.choice() or not text else _judge_province(text)


def _judge_agency(text: str) -> Note | None:
    try:
        check_agency_code(text)
    except ValueError as error:
        return Note(str(error), ERROR)
    return None


class HoursStep(Step):
    """When the desk is open, how days are counted, who stands at it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Lay the fields out."""
        super().__init__(parent)
        self.title = self.tr("Giờ làm việc và người trực")
        self.words = self.tr("Ngày hẹn trả được tính theo giờ này; sửa lại lúc nào cũng được.")
        self.required = (
            ("weekday_hours", self.tr("Nhập giờ làm việc, ví dụ 07:30-11:30,13:30-17:00.")),
            ("people", self.tr("Thêm ít nhất một người trực quầy.")),
        )
        self.weekday = TextField(check=_judge_hours, max_length=80)
        self.weekday.setText("07:30-11:30,13:30-17:00")
        self.saturday = OptionGroup(
            [
                Option("closed", self.tr("Nghỉ")),
                Option("open", self.tr("Có mở cửa, không tính là ngày làm việc")),
                Option("counts", self.tr("Có mở cửa và tính là ngày làm việc")),
            ]
        )
        self.saturday_hours = TextField(check=_judge_hours, max_length=80)
        self.saturday_hours.setText("07:30-11:30")
        self.counting = OptionGroup(
            [
                Option(
                    "day",
                    self.tr("Theo ngày"),
                    self.tr("Nhận thứ Hai 10:00, 3 ngày làm việc: trả cuối giờ thứ Năm."),
                ),
                Option(
                    "hour",
                    self.tr("Theo giờ, 1 ngày là 8 giờ"),
                    self.tr("Nhận thứ Hai 10:00, 3 ngày làm việc: trả 10:00 thứ Năm."),
                ),
            ]
        )
        self.people = PeopleField()
        self.rows.add_row(self.tr("Thứ Hai – Sáu"), ("weekday_hours", self.weekday))
        self.rows.add_row(self.tr("Thứ Bảy"), ("saturday", self.saturday), wide=True)
        self.rows.add_row(self.tr("Giờ thứ Bảy"), ("saturday_hours", self.saturday_hours))
        self.rows.add_row(self.tr("Cách tính hạn"), ("counting", self.counting), wide=True)
        self.rows.add_row(self.tr("Người trực quầy"), ("people", self.people))
        self.saturday.value_changed.connect(self._on_saturday_changed)
        self._on_saturday_changed(self.saturday.value())

    def _on_saturday_changed(self, value: object) -> None:
        self.rows.set_row_visible("saturday_hours", visible=value != "closed")


def _judge_hours(text: str) -> Note | None:
    try:
        parse_hours(clean_line(text))
    except ValueError as error:
        return Note(str(error), ERROR)
    return None


class PaperStep(Step):
    """On what paper, and where a letter's number comes from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Lay the fields out."""
        super().__init__(parent)
        self.title = self.tr("Giấy và in")
        self.words = self.tr("Mẫu giấy tờ tự theo quy định đang có hiệu lực vào ngày in.")
        self.paper = OptionGroup(
            [
                Option(
                    "a4-2up",
                    self.tr("A4 ngang, hai liên"),
                    self.tr("hai bản A5, cắt đôi"),
                    lambda p, r: draw_page(p, r, ratio=_A4_ROOT, copies=2),
                ),
                Option(
                    "a5",
                    self.tr("A5"),
                    self.tr("in hai bản"),
                    lambda p, r: draw_page(p, _smaller(r), ratio=1 / _A4_ROOT, copies=1),
                ),
                Option(
                    "a4",
                    self.tr("A4 đứng"),
                    self.tr("mỗi bản một tờ"),
                    lambda p, r: draw_page(p, r, ratio=1 / _A4_ROOT, copies=1),
                ),
            ],
            are_tiles=True,
        )
        self.letter_number = OptionGroup(
            [
                Option(
                    "registry",
                    self.tr("Văn thư cấp số"),
                    self.tr("Chỗ ghi số để trống, văn thư ghi khi đóng dấu."),
                ),
                Option(
                    "typed",
                    self.tr("Gõ số khi phát hành"),
                    self.tr("Chương trình hỏi số mỗi lần phát hành văn bản xin lỗi."),
                ),
                Option(
                    "series",
                    self.tr("Chương trình đánh số"),
                    self.tr("Dãy số riêng của đơn vị, từ 01 mỗi năm."),
                ),
            ]
        )
        self.rows.add_row(self.tr("Khổ giấy hẹn"), ("paper", self.paper), wide=True)
        self.rows.add_row(self.tr("Số văn bản"), ("letter_number", self.letter_number), wide=True)


def _smaller(area: Any) -> Any:
    """Return the middle of an area: an A5 sheet is smaller than an A4 one."""
    inset = area.height() * 0.14
    return area.adjusted(inset, inset, -inset, -inset)


class ReadyStep(Step):
    """What was said, once more, before it holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without a summary."""
        super().__init__(parent)
        self.title = self.tr("Sẵn sàng")
        self.words = self.tr("Mọi điều vừa ghi đều sửa được ở trang Cài đặt.")
        self.summary = QLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setWordWrap(True)
        self.error = QLabel()
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        set_tone(self.error, "danger")
        self.column.insertWidget(0, self.summary)
        self.column.insertWidget(1, self.error)

    def show_summary(self, lines: list[tuple[str, str]]) -> None:
        """Show each answer beside its name."""
        gap, air = metrics().step(6), metrics().step(1)
        rows = "".join(
            f'<tr><td style="color:{colours().muted}; padding:{air}px {gap}px {air}px 0">'
            f'{escape(name)}</td><td style="padding:{air}px 0">{escape(value)}</td></tr>'
            for name, value in lines
        )
        self.summary.setText(f"<table>{rows}</table>")


def title_label(text: str) -> QLabel:
    """Return the title of a step."""
    label = QLabel(text)
    label.setFont(theme().font(metrics().title_size, strong=True))
    return label


def hint_label(text: str) -> QLabel:
    """Return a quiet sentence."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_tone(label, HINT)
    return label
