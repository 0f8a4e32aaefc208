"""The fields of the reception form and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from counter_app.domain.dossier import CHANNEL_LABELS
from counter_app.domain.words import format_moment
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.fields import HINT, DateField, Note, TextField, set_tone
from counter_app.ui.flow import FlowLayout
from counter_app.ui.reception_fields import (
    DocumentList,
    ElidedLabel,
    FoldButton,
    Hairline,
    Heading,
    ProcedureField,
    StandingNumber,
)
from counter_app.ui.reception_person import (
    OWNER_FIELDS,
    judge_name,
    judge_phone,
    judge_submitter_number,
    judge_tax_code,
    judge_text,
)
from counter_app.ui.reception_rows import ClampedLabel, FormRows
from counter_app.ui.theme import metrics
from counter_app.ui.translation import in_window

FOLDS = {
    "organisation": ("org_name", "tax_code"),
    "submitter": ("submitter_id", "submitter_name"),
    "more": ("email", "note", "competent_unit", "received_unit", "helped_unit", "subject_name"),
    "paper": ("paper_number", "paper_time", "promised_due"),
}
PERSON_FIELDS = (*OWNER_FIELDS, *FOLDS["organisation"], *FOLDS["submitter"])


class ReceptionFields(FormRows):
    """What the form is made of; ``ReceptionForm`` gives it its behaviour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Put the fields in their rows."""
        super().__init__(parent)
        self._folds: dict[str, FoldButton] = {}
        self._build_person()
        self._build_folds()
        self.add_wide(Hairline())
        self._build_procedure()
        self._build_rest()

    # What the form decides

    def _judge_number(self, number: str) -> Note | None:
        raise NotImplementedError

    def _judge_copies(self, text: str) -> Note | None:
        raise NotImplementedError

    def _judge_fee_pages(self, text: str) -> Note | None:
        raise NotImplementedError

    def _judge_fee_copies(self, text: str) -> Note | None:
        raise NotImplementedError

    def _parse_birth(self, text: str) -> Any:
        raise NotImplementedError

    def _parse_paper_moment(self, text: str) -> Any:
        raise NotImplementedError

    def _find_procedures(self, text: str) -> Sequence[Choice]:
        raise NotImplementedError

    def _find_units(self, text: str) -> Sequence[Choice]:
        raise NotImplementedError

    # Where the fields stand

    def _build_person(self) -> None:
        self.heading = heading = Heading(self.tr("Người nộp"))
        self.moment_label = ElidedLabel()
        self.moment_label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.moment_label.setMinimumWidth(metrics().px(108))  # the hour is always seen whole
        self.moment_button = _quiet(self.tr("Sửa giờ"), "Ctrl+G")
        heading.add(self.moment_label)
        heading.add(self.moment_button)
        self.add_wide(heading)
        self.number = StandingNumber(
            check=self._judge_number, placeholder=self.tr("quét CCCD hoặc gõ số"), chars=22
        )
        self.name = TextField(check=judge_name, max_length=150)
        self.birth = DateField(
            parse=self._parse_birth, show=str, placeholder=self.tr("30/12/1992"), chars=12
        )
        self.sex = ChoiceField(
            choices=[
                Choice("", "–"),
                Choice("male", self.tr("Nam")),
                Choice("female", self.tr("Nữ")),
            ]
        )
        self.birth.setMinimumWidth(metrics().px(112))
        self.address = TextField(check=judge_text)
        self.phone = StandingNumber(groups=(4, 3, 3), check=judge_phone)
        self.add_row(self.tr("Số định danh"), ("citizen_id", self.number))
        self.add_row(self.tr("Họ tên"), ("applicant_name", self.name), wide=True)
        self.add_row(
            self.tr("Ngày sinh"),
            ("birth_date", self.birth),
            _caption(self.tr("Giới tính")),
            ("sex", self.sex),
        )
        self.add_row(self.tr("Địa chỉ"), ("address", self.address), wide=True)
        self.add_row(self.tr("Điện thoại"), ("phone", self.phone))

    def _build_folds(self) -> None:
        bar = QWidget()
        line = FlowLayout(bar, gap=metrics().step(1))
        for fold, text, key in (
            ("organisation", self.tr("Tổ chức"), "Ctrl+O"),
            ("submitter", self.tr("Nộp thay"), "Ctrl+T"),
            ("more", self.tr("Thông tin thêm"), "Ctrl+F"),
        ):
            button = FoldButton(text, key=key)
            line.addWidget(button)
            self._folds[fold] = button
        self.add_wide(bar)
        org_name = TextField(check=judge_name, max_length=150)
        self.add_row(self.tr("Tên tổ chức"), ("org_name", org_name), wide=True)
        self.tax_code = StandingNumber(groups=(10,), check=judge_tax_code)
        self.add_row(self.tr("Mã số thuế"), ("tax_code", self.tax_code))
        self.submitter_number = submitter_id = StandingNumber(
            check=judge_submitter_number, placeholder=self.tr("quét CCCD hoặc gõ số"), chars=22
        )
        self.add_row(self.tr("Số định danh"), ("submitter_id", submitter_id))
        submitter = TextField(
            check=judge_name,
            max_length=150,
            placeholder=self.tr("người được ủy quyền, người nhà đến nộp"),
        )
        self.add_row(self.tr("Người nộp thay"), ("submitter_name", submitter), wide=True)
        self.add_row(self.tr("Email"), ("email", TextField(max_length=100)))
        note = TextField(check=judge_text, max_length=500)
        self.add_row(self.tr("Ghi chú"), ("note", note), wide=True)
        self._build_units()
        self._build_paper()

    def _build_paper(self) -> None:
        """Make the fields of a receipt that was written by hand during an outage.

        Their button has no room beside the others on a narrow screen: it stands while they do.
        """
        self.paper_bar = FoldButton(self.tr("Nhận trên giấy"), key="Ctrl+E")
        self._folds["paper"] = self.paper_bar
        self.add_wide(self.paper_bar)
        number = TextField(max_length=40, placeholder=self.tr("quét mã trên tờ giấy"), chars=22)
        self.add_row(self.tr("Số trên giấy"), ("paper_number", number))
        for name, label, example in (
            ("paper_time", self.tr("Giờ nhận trên giấy"), self.tr("ví dụ 08:30 hoặc 08:30 23/11")),
            ("promised_due", self.tr("Hẹn trả trên giấy"), self.tr("ví dụ 17:00 27/11")),
        ):
            field = DateField(
                parse=self._parse_paper_moment, show=format_moment, placeholder=example, chars=24
            )
            self.add_row(label, (name, field))

    def _build_units(self) -> None:
        """The three bodies: competent, received at, helped at; an empty one is this office."""
        here = self.tr("để trống: đơn vị này")
        for label, name, placeholder in (
            (self.tr("Thẩm quyền"), "competent_unit", here),
            (self.tr("Nơi tiếp nhận"), "received_unit", here),
            (self.tr("Nơi hỗ trợ nộp"), "helped_unit", here),
        ):
            field = SearchChoice(find=self._find_units, free_text=True, minimum=0, max_length=150)
            field.setPlaceholderText(placeholder)
            self.add_row(label, (name, field), wide=True)
            if name == "competent_unit":
                self.competent_unit = field

    def _build_procedure(self) -> None:
        self.procedure = ProcedureField(
            find=self._find_procedures,
            minimum=0,
            placeholder=self.tr("gõ vài chữ: độc thân, sao y, khai sinh …"),
        )
        self.code_label = QLabel()
        set_tone(self.code_label, HINT)
        self.code_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.full_name = ClampedLabel(2)
        set_tone(self.full_name, HINT)
        self.add_row(
            self.tr("Thủ tục"),
            ("procedure_code", self.procedure),
            self.code_label,
            wide=True,
            below=self.full_name,
        )
        self.subject = TextField(
            check=judge_name,
            max_length=150,
        )
        self.add_row(self.tr("Người được khai"), ("subject_name", self.subject), wide=True)
        self.documents = DocumentList()
        self.add_row(
            self.tr("Thành phần hồ sơ"),
            ("documents", self.documents.list, self.documents),
            wide=True,
        )

        self._build_fee_count()

    def _build_fee_count(self) -> None:
        """Make the fields of a fee that goes by pages or copies; they stand only for such a one."""
        self.pages_caption = _caption(self.tr("Số trang một bản"))
        self.fee_pages = TextField(check=self._judge_fee_pages, chars=5, max_length=6)
        self.fee_copies = TextField(
            check=self._judge_fee_copies, chars=4, max_length=6, placeholder="1"
        )
        for field in (self.fee_pages, self.fee_copies):
            _fix(field)
        self.add_row(
            self.tr("Tính lệ phí"),
            self.pages_caption,
            ("fee_pages", self.fee_pages),
            _caption(self.tr("Số bản")),
            ("fee_copies", self.fee_copies),
        )
        self.set_row_visible("fee_copies", visible=False)

    def _build_rest(self) -> None:
        self.content = TextField(
            check=judge_text,
            max_length=500,
            placeholder=self.tr("để trống: theo tên thủ tục"),
        )
        self.copies = TextField(check=self._judge_copies, chars=4, max_length=6)
        self.result_to = ChoiceField(
            choices=[
                Choice("counter", self.tr("Tại quầy")),
                Choice("post", self.tr("Qua bưu chính")),
                Choice("online", self.tr("Trực tuyến")),
            ]
        )
        self.channel = ChoiceField(
            choices=[
                Choice(channel.value, in_window(label)) for channel, label in CHANNEL_LABELS.items()
            ]
        )
        self.official_code = TextField(
            max_length=64, placeholder=self.tr("gõ, dán hoặc quét; chưa có thì để trống")
        )
        self.official_code.set_hints(
            self.official_code.placeholderText(), self.tr("gõ, dán hoặc quét")
        )
        _fix(self.copies)
        for combo in (self.result_to, self.channel):
            _let_shrink(combo)
        self.add_row(
            self.tr("Nội dung"),
            ("content", self.content),
            _caption(self.tr("Số bộ")),
            ("copies", self.copies),
            wide=True,
        )
        self.add_row(
            self.tr("Nhận kết quả"),
            ("result_to", self.result_to),
            _caption(self.tr("Hình thức")),
            ("channel", self.channel),
            wide=True,
        )
        self.add_row(self.tr("Mã chính thức"), ("official_code", self.official_code))


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    set_tone(label, HINT)
    return label


def _quiet(text: str, key: str) -> ActionButton:
    button = ActionButton(text, key=key, kind="quiet")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _let_shrink(combo: ChoiceField) -> None:
    """Let a short list give way on a narrow screen; its open list is as wide as it needs."""
    combo.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def _fix(field: TextField) -> None:
    """Keep a short field at its own width."""
    field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
