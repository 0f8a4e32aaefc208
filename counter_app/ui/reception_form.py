"""The left column of the reception page: one person, one procedure, one dossier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from counter_app.domain.catalogue import Procedure, RequiredDocument
from counter_app.domain.dossier import CHANNEL_LABELS
from counter_app.domain.identity import parse_birth
from counter_app.ui.buttons import ActionButton
from counter_app.ui.checklist import CheckRow
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import HINT, DateField, Note, NumberField, TextField, set_tone
from counter_app.ui.reception_fields import (
    ClampedLabel,
    DocumentList,
    FoldButton,
    Hairline,
    Heading,
    ProcedureField,
    StandingNumber,
)
from counter_app.ui.reception_person import (
    OWNER_FIELDS,
    judge_citizen,
    judge_phone,
    judge_submitter_number,
    judge_tax_code,
    judge_text,
    show_value,
)
from counter_app.ui.reception_rows import FormRows
from counter_app.ui.theme import metrics

FOLDS = {
    "organisation": ("org_name", "tax_code"),
    "submitter": ("submitter_name", "submitter_id"),
    "more": ("subject_name", "email", "note"),
}
SUBMITTER_FIELDS = FOLDS["submitter"]
_DEFAULTS = {"copies": "1", "result_to": "counter", "channel": "counter"}
_MOST_SETS = 999


class ReceptionForm(FormRows):
    """Everything that is typed at reception; knows no service, only how to look things up."""

    changed = Signal()
    number_left = Signal(str)
    tax_code_left = Signal(str)
    phone_left = Signal(str)
    procedure_chosen = Signal(object)
    procedure_unchosen = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        match: Callable[[str], Sequence[Procedure]],
        today: Callable[[], date],
    ) -> None:
        """``match`` finds procedures, ``today`` is the clock's day."""
        super().__init__(parent)
        self._match = match
        self._today = today
        self._filling = False
        self._folds: dict[str, FoldButton] = {}
        self._build_person()
        self._build_folds()
        self.add_wide(Hairline())
        self._build_procedure()
        self._build_rest()
        self._connect()
        for fold in FOLDS:
            self.set_fold(fold, is_open=False)

    # What it is made of

    def _build_person(self) -> None:
        heading = Heading(self.tr("Người nộp"))
        self.moment_label = QLabel()
        self.moment_button = _quiet(self.tr("Sửa giờ"), "Ctrl+G")
        heading.add(self.moment_label)
        heading.add(self.moment_button)
        self.add_wide(heading)
        self.number = StandingNumber(
            check=self._judge_number, placeholder=self.tr("quét CCCD hoặc gõ số"), chars=22
        )
        self.name = TextField(check=judge_text, max_length=150)
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
        self.address = TextField(check=judge_text)
        self.phone = StandingNumber(groups=(4, 3, 3), check=judge_phone)
        self.add_row(self.tr("Số định danh"), ("citizen_id", self.number))
        self.add_row(self.tr("Họ tên"), ("applicant_name", self.name))
        self.add_row(
            self.tr("Ngày sinh"),
            ("birth_date", self.birth),
            _caption(self.tr("Giới tính")),
            ("sex", self.sex),
        )
        self.add_row(self.tr("Địa chỉ"), ("address", self.address))
        self.add_row(self.tr("Điện thoại"), ("phone", self.phone))

    def _build_folds(self) -> None:
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics().step(1))
        for fold, text, key in (
            ("organisation", self.tr("Tổ chức"), "Ctrl+O"),
            ("submitter", self.tr("Người nộp thay"), "Ctrl+T"),
            ("more", self.tr("Người được khai, ghi chú"), "Ctrl+B"),
        ):
            button = FoldButton(text, key=key)
            line.addWidget(button)
            self._folds[fold] = button
        line.addStretch(1)
        self.add_wide(bar)
        self.add_row(
            self.tr("Tên tổ chức"), ("org_name", TextField(check=judge_text, max_length=150))
        )
        self.tax_code = StandingNumber(groups=(10,), check=judge_tax_code)
        self.add_row(self.tr("Mã số thuế"), ("tax_code", self.tax_code))
        self.add_row(
            self.tr("Người nộp thay"),
            (
                "submitter_name",
                TextField(
                    check=judge_text,
                    max_length=150,
                    placeholder=self.tr("người được ủy quyền, người nhà"),
                ),
            ),
        )
        self.add_row(
            self.tr("Số định danh"),
            ("submitter_id", NumberField(check=judge_submitter_number)),
        )
        self.add_row(
            self.tr("Người được khai"),
            (
                "subject_name",
                TextField(
                    check=judge_text,
                    max_length=150,
                    placeholder=self.tr("trẻ được khai sinh, người đã mất …"),
                ),
            ),
        )
        self.add_row(self.tr("Email"), ("email", TextField(max_length=100)))
        self.add_row(self.tr("Ghi chú"), ("note", TextField(check=judge_text, max_length=500)))

    def _build_procedure(self) -> None:
        self.procedure = ProcedureField(
            find=self._find_procedures,
            placeholder=self.tr("gõ vài chữ: độc thân, sao y, khai sinh …"),
        )
        self.code_label = QLabel()
        set_tone(self.code_label, HINT)
        self.code_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add_row(self.tr("Thủ tục"), ("procedure_code", self.procedure), self.code_label)
        self.full_name = ClampedLabel(2)
        self.add_wide(self.full_name, indented=True)
        self.documents = DocumentList()
        self.add_row(
            self.tr("Thành phần hồ sơ"),
            ("documents", self.documents.list, self.documents),
            wide=True,
        )

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
            choices=[Choice(channel.value, label) for channel, label in CHANNEL_LABELS.items()]
        )
        self.official_code = TextField(
            max_length=64, placeholder=self.tr("gõ, dán hoặc quét; chưa có thì để trống")
        )
        _fix(self.copies)
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
            _caption(self.tr("Hình thức nộp")),
            ("channel", self.channel),
        )
        self.add_row(self.tr("Mã chính thức"), ("official_code", self.official_code))

    def _connect(self) -> None:
        for name in self.names():
            field = self.field(name)
            if isinstance(field, TextField):
                field.textEdited.connect(self._on_edited)
            elif isinstance(field, ChoiceField):
                field.value_changed.connect(self._on_edited)
        self.documents.changed.connect(self._on_edited)
        self.number.tidied.connect(self._on_number_left)
        self.tax_code.tidied.connect(self.tax_code_left)
        self.phone.tidied.connect(self.phone_left)
        self.birth.tidied.connect(self._on_birth_or_sex_changed)
        self.sex.value_changed.connect(self._on_birth_or_sex_changed)
        self.procedure.chosen.connect(self._on_procedure_chosen)
        self.procedure.unchosen.connect(self._on_procedure_unchosen)

    # What it holds

    def values(self) -> dict[str, Any]:
        """Return everything typed as plain data, fit for a draft."""
        held = {name: self.value(name) for name in self.names()}
        chosen = self.procedure_value()
        held["procedure_code"] = chosen.code if chosen else ""
        held["documents"] = [asdict(row) for row in self.documents.list.rows()]
        return held

    def value(self, name: str) -> Any:
        """Return one field's value; the papers are in ``values``."""
        field = self.field(name)
        if isinstance(field, DateField):
            birth = field.parsed()
            return field.value() if birth is None else str(birth)
        return field.value() if isinstance(field, TextField | ChoiceField) else None

    def procedure_value(self) -> Procedure | None:
        """Return the chosen procedure."""
        choice = self.procedure.choice()
        return choice.value if choice else None

    def papers(self) -> list[CheckRow]:
        """Return the papers that were ticked."""
        return self.documents.list.checked()

    def is_organisation(self) -> bool:
        """Say whether the dossier's owner is an organisation."""
        return bool(self.value("org_name") or self.value("tax_code"))

    def is_untouched(self) -> bool:
        """Say whether nothing was typed or chosen."""
        typed = {name: value for name, value in self.values().items() if name != "documents"}
        return all(value == _DEFAULTS.get(name, "") for name, value in typed.items())

    def is_person_empty(self) -> bool:
        """Say whether no owner stands here yet."""
        return not any(self.value(name) for name in (*OWNER_FIELDS, "org_name", "tax_code"))

    def fill(self, values: dict[str, Any], *, only_empty: bool = False) -> list[str]:
        """Write values into fields and return the names of those that were filled."""
        filled = []
        self._filling = True
        for name, value in values.items():
            if name not in self.names() or name in ("documents", "procedure_code"):
                continue
            if only_empty and (self.value(name) or not value):
                continue
            self._write(name, value)
            filled.append(name)
        self._filling = False
        self.show_folds()
        if filled:
            self.changed.emit()
        return filled

    def _write(self, name: str, value: Any) -> None:
        field = self.field(name)
        if isinstance(field, ChoiceField):
            field.set_value(value)
        elif isinstance(field, TextField):
            field.set_value(show_value(name, str(value)))

    def set_procedure(self, found: Procedure | None, *, rows: list[CheckRow] | None = None) -> None:
        """Show a procedure as chosen; its papers are the catalogue's unless ``rows`` says others."""
        choice = None if found is None else _procedure_choice(found)
        self.procedure.stand(None)
        self.procedure.set_choice(choice)
        self._show_procedure(found, rows)

    def _show_procedure(self, found: Procedure | None, rows: list[CheckRow] | None) -> None:
        self.code_label.setText(found.code if found else "")
        self.full_name.set_full_text(found.name if found else "")
        if found is None:
            self.documents.set_rows(
                [], empty=self.tr("Chọn thủ tục thì thành phần hồ sơ hiện ở đây.")
            )
            return
        papers = [_paper_row(one) for one in found.required_documents] if rows is None else rows
        self.documents.set_rows(
            papers, empty=self.tr("Danh mục chưa ghi thành phần hồ sơ. Nhấn Ctrl+I để ghi giấy tờ.")
        )

    def add_paper(self, name: str) -> None:
        """Add a paper that was handed in and isn't in the catalogue."""
        self.documents.list.add_row(CheckRow(name, is_checked=True, originals=1))
        self.go_to("documents")
        self.documents.list.set_current(len(self.documents.list.rows()) - 1)

    def clear(self) -> None:
        """Make the form as new."""
        self._filling = True
        for name in self.names():
            field = self.field(name)
            if isinstance(field, ChoiceField | TextField) and name != "procedure_code":
                if isinstance(field, StandingNumber):
                    field.stand(None)
                self._write(name, _DEFAULTS.get(name, ""))
                field.set_note(None)
        self.set_procedure(None)
        self._filling = False
        for fold in FOLDS:
            self.set_fold(fold, is_open=False)

    # Folds

    def is_fold_open(self, fold: str) -> bool:
        """Say whether a folded part is open."""
        return self.is_row_visible(FOLDS[fold][0])

    def set_fold(self, fold: str, *, is_open: bool, enter: bool = False) -> None:
        """Open or close a folded part; ``enter`` puts the focus into it."""
        for name in FOLDS[fold]:
            self.set_row_visible(name, visible=is_open)
        self.show_folds()
        if is_open and enter:
            self.go_to(FOLDS[fold][0])

    def show_folds(self) -> None:
        """Let each fold's button say whether it is open and what it holds."""
        for fold, button in self._folds.items():
            held = "; ".join(str(self.value(name)) for name in FOLDS[fold] if self.value(name))
            button.show_state(is_open=self.is_fold_open(fold), holds=held)

    def fold_button(self, fold: str) -> FoldButton:
        """Return the button of a folded part."""
        return self._folds[fold]

    def open_fold_of(self, name: str) -> str | None:
        """Return the open fold a field belongs to."""
        return next(
            (f for f, names in FOLDS.items() if name in names and self.is_fold_open(f)), None
        )

    def show_moment(self, begun: datetime | None, *, today: date) -> None:
        """Show the moment of receipt; another day than today is said loudly."""
        if begun is None:
            self.moment_label.setText(self.tr("Giờ nhận: tính từ lúc bắt đầu gõ"))
            set_tone(self.moment_label, HINT)
            return
        is_today = begun.date() == today
        text = f"{begun:%H:%M}" if is_today else f"{begun:%H:%M %d/%m/%Y}"
        self.moment_label.setText(self.tr("Giờ nhận {moment}").format(moment=text))
        set_tone(self.moment_label, "" if is_today else "warning")

    # Judging

    def _judge_number(self, number: str) -> Note | None:
        return judge_citizen(number, self.birth.parsed(), self.sex.value() or "")

    def _judge_copies(self, text: str) -> Note | None:
        if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_SETS:
            return None
        return Note(self.tr("Số bộ hồ sơ là một số từ 1 đến 999."))

    def _parse_birth(self, text: str) -> Any:
        return parse_birth(text, today=self._today())

    def _find_procedures(self, text: str) -> list[Choice]:
        return [_procedure_choice(found) for found in self._match(text)]

    # Slots

    def _on_edited(self, *_: object) -> None:
        if not self._filling:
            self.changed.emit()

    def _on_number_left(self, number: str) -> None:
        if not self._filling:
            self.number_left.emit(number)

    def _on_birth_or_sex_changed(self, *_: object) -> None:
        if self.number.value():
            self.number.validate()

    def _on_procedure_chosen(self, found: Procedure) -> None:
        self._show_procedure(found, None)
        self.procedure_chosen.emit(found)
        self.changed.emit()

    def _on_procedure_unchosen(self) -> None:
        self._show_procedure(None, None)
        self.procedure_unchosen.emit()


def _procedure_choice(found: Procedure) -> Choice:
    return Choice(found, found.label, found.code)


def _paper_row(paper: RequiredDocument) -> CheckRow:
    originals, copies = paper.originals, paper.copies
    return CheckRow(
        paper.name,
        is_required=paper.required,
        default_originals=originals if originals or copies else 1,
        default_copies=copies,
    )


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    set_tone(label, HINT)
    return label


def _quiet(text: str, key: str) -> ActionButton:
    button = ActionButton(text, key=key, kind="quiet")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _fix(field: TextField) -> None:
    """Keep a short field at its own width."""
    field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
