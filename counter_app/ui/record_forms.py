"""What puts right or adds to a dossier: correct, attach files, the satisfaction slip."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from counter_app.domain.days import DayError, parse_birth
from counter_app.domain.dossier import OPEN, Move
from counter_app.domain.limits import parse_limit
from counter_app.domain.words import format_moment
from counter_app.errors import InputErrors, UserError
from counter_app.ui.act_dialogs import ActDialog, reason_field
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField, SearchChoice
from counter_app.ui.day_fields import parse_past_moment
from counter_app.ui.fields import WARNING, Note, TextField
from counter_app.ui.forms import FormGrid
from counter_app.ui.life_forms import needs
from counter_app.ui.limit_field import LimitField
from counter_app.ui.theme import metrics
from counter_app.ui.words import big_day, birth_words

_NO_ANSWER = -1


class CorrectDialog(ActDialog):
    """Put right what was typed wrong, also after printing (sửa thông tin).

    One field is shown at a time, so that what is about to change is read before it is done; what
    was changed in one stays while another is looked at.
    """

    act = Move.CORRECT

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Sửa thông tin")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Sửa")

    def _names(self) -> dict[str, str]:
        names = {
            "applicant_name": self.tr("Họ tên chủ hồ sơ"),
            "citizen_id": self.tr("Số định danh"),
            "birth_date": self.tr("Ngày sinh"),
            "tax_code": self.tr("Mã số thuế"),
            "address": self.tr("Địa chỉ"),
            "phone": self.tr("Điện thoại"),
            "submitter_name": self.tr("Người nộp"),
            "subject_name": self.tr("Người được khai"),
            "content": self.tr("Nội dung"),
            "copies": self.tr("Số bộ hồ sơ"),
            "note": self.tr("Ghi chú"),
        }
        is_firm = self.facts.state["owner_kind"] == "organisation"
        for name in ("citizen_id", "birth_date") if is_firm else ("tax_code",):
            del names[name]
        if self.facts.status in OPEN:
            names["procedure_code"] = self.tr("Thủ tục")
            names["limit"] = self.tr("Thời hạn")
            names["received_at"] = self.tr("Giờ tiếp nhận")
        return names

    def build(self) -> None:
        """Ask which field, what is right, and why."""
        self.setMinimumHeight(metrics().px(420))
        self.names = self._names()
        self._before = {name: self._shown(name) for name in self.names}
        self._typed: dict[str, str] = {}
        self._is_number_noted = False
        self.item = ChoiceField(choices=[Choice(name, text) for name, text in self.names.items()])
        self.value_field = TextField(max_length=500)
        self.procedure = SearchChoice(find=self._find, free_text=False, minimum=1)
        self.limit = LimitField()
        self.reason = reason_field(
            lambda: [
                self.tr("Nhập nhầm"),
                self.tr("Người dân cung cấp lại"),
                self.tr("Chọn nhầm thủ tục"),
            ]
        )
        self.form.add_row(self.tr("Mục cần sửa"), self.item, name="item")
        self.form.add_row(self.tr("Sửa thành"), self.value_field, name="value")
        self.form.add_row(self.tr("Sửa thành"), self.procedure, name="procedure_code")
        self.form.add_row(self.tr("Sửa thành"), self.limit, name="limit")
        self.form.add_row(self.tr("Lý do sửa"), self.reason, name="reason")
        self.item.value_changed.connect(self._on_item_changed)
        self.value_field.textEdited.connect(self._on_value_edited)
        self.procedure.textChanged.connect(self._say_consequences)
        self.limit.changed.connect(self._say_consequences)
        self._on_item_changed(self.item.value())

    def _find(self, text: str) -> list[Choice]:
        return [Choice(p.code, p.name, p.code) for p in self.calls.life.match(text)][:6]

    def _shown(self, name: str) -> str:
        if name == "received_at":
            received = self.facts.moment("received_at")
            return "" if received is None else format_moment(received)
        if name == "procedure_code":
            return str(self.facts.state["procedure_name"])
        value = self.facts.state[name] or ""
        return birth_words(value) if name == "birth_date" else str(value)

    def _on_item_changed(self, name: str) -> None:
        own = {"procedure_code", "limit"}
        self.form.set_row_visible("value", visible=name not in own)
        for row in own:
            self.form.set_row_visible(row, visible=name == row)
        if name == "citizen_id" and self._before[name] and not self._is_number_noted:
            try:
                self.calls.note_number(self.facts.uuid)
            except UserError as error:
                self.error_label.show_message(error.message, "danger")
                self.item.set_value("applicant_name")
                return
            self._is_number_noted = True
        if name not in own:
            self.value_field.setText(self._typed.get(name, self._before[name]))
            self.value_field.set_note(None)
        self._say_consequences()

    def _on_value_edited(self, _text: str) -> None:
        self._typed[self.item.value()] = self.value_field.value()
        self._say_consequences()

    def changed(self) -> dict[str, Any]:
        """Return what differs from what is recorded.

        Raises:
            DayError: a date or moment can't be read.
        """
        found: dict[str, Any] = {
            name: text for name, text in self._typed.items() if text != self._before[name]
        }
        if found.get("birth_date"):
            parse_birth(found["birth_date"], today=self.calls.now().date())
        if "received_at" in found:
            found["received_at"] = parse_past_moment(found["received_at"], now=self.calls.now())
        choice = self.procedure.choice()
        if choice is not None and choice.value != self.facts.state["procedure_code"]:
            found["procedure_code"] = choice.value
        if self.limit.value() and self.limit.value() != self.facts.state["limit"]:
            found["limit"] = self.limit.value()
        return found

    def _told(self, found: dict[str, Any]) -> list[str]:
        """Say of each field what it was and what it becomes."""
        limit = self.facts.state["limit"]
        before = {**self._before, "limit": parse_limit(limit).in_words() if limit else ""}
        after = {name: str(value) for name, value in found.items()} | self._typed
        choice = self.procedure.choice()
        if "procedure_code" in found and choice is not None:
            after["procedure_code"] = choice.text
        if "limit" in found:
            after["limit"] = parse_limit(found["limit"]).in_words()
        text = self.tr("{field}: {old} → {new}")
        return [
            text.format(field=self.names[n], old=before[n] or "–", new=after[n] or "–")
            for n in found
        ]

    def _say_consequences(self, *_: object) -> None:
        """Say what changes, whether the date moves and that a printed receipt is replaced."""
        parts = []
        tone = "muted"
        try:
            found = self.changed()
            due = self._new_due(found)
        except (UserError, DayError, ValueError):
            found, due = {}, None
        if found:
            parts.append("; ".join(self._told(found)) + ".")
        if due is not None:
            tone = WARNING
            old = self.facts.moment("legal_due_at")
            text = self.tr("Hạn trả đổi từ {old} thành {new}.")
            parts.append(text.format(old="–" if old is None else big_day(old), new=big_day(due)))
        if found and self.facts.state["receipt_issued"]:
            parts.append(
                self.tr("Giấy tiếp nhận đã in được thay bằng giấy mới; thu lại giấy cũ nếu được.")
            )
        if not parts:
            parts.append(self.tr("Chọn mục ghi sai rồi sửa. Sửa được nhiều mục trong một lần."))
            if self.facts.status not in OPEN:
                parts.append(
                    self.tr("Hồ sơ đã kết thúc xử lý: thủ tục, thời hạn, giờ nhận giữ nguyên.")
                )
        self.say(" ".join(parts), tone)

    def _new_due(self, found: dict[str, Any]) -> datetime | None:
        moving = {
            name: value
            for name, value in found.items()
            if name in {"procedure_code", "limit", "received_at"}
        }
        if not moving:
            return None
        due = self.calls.life.forecast(self.act, self.facts.uuid, moving)
        return None if due == self.facts.moment("legal_due_at") else due

    def submit(self) -> None:
        """Ask for a change first, and read what is a date."""
        try:
            found = self.changed()
        except (DayError, ValueError) as error:
            needs(self.value_field, str(error))
            return
        if not found:
            self.error_label.show_message(self.tr("Chưa sửa mục nào."), "danger")
            return
        super().submit()

    def show_refusal(self, error: UserError) -> bool:
        """Show a refused value at its field, which is chosen first."""
        errors = error.errors if isinstance(error, InputErrors) else [error]
        first = errors[0]
        if first.field not in self.names:
            return super().show_refusal(error)
        self.item.set_value(first.field)
        if first.field not in {"procedure_code", "limit"}:
            self.value_field.set_note(Note(first.message))
            self.value_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().show_refusal(error)

    def values(self) -> dict[str, Any]:
        """Return the changed fields and the reason."""
        return {"values": self.changed(), "reason": self.reason.value()}


class AttachDialog(ActDialog):
    """Keep scans of the papers or of the result (đính kèm tệp)."""

    act = Move.ATTACH

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Đính kèm tệp")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Đính kèm")

    def build(self) -> None:
        """Ask of what, and which files; a paper may need none."""
        self.say(
            self.tr("Tệp PDF, JPEG hoặc PNG; được giữ trong thư mục dữ liệu, tính là đã số hóa.")
        )
        names = [d.name for d in self.facts.documents]
        self.of = ChoiceField(
            choices=[
                *(Choice(("input", name), name) for name in names),
                Choice(("input", ""), self.tr("Cả hồ sơ")),
                Choice(("output", ""), self.tr("Kết quả giải quyết")),
            ]
        )
        self.exempt = ChoiceField(
            choices=[
                Choice("", self.tr("phải số hóa")),
                *(Choice(key, label) for key, label in self.calls.life.exemptions()),
            ]
        )
        self.files: list[Path] = []
        self.choose_button = ActionButton(self.tr("Chọn tệp…"))
        self.choose_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose)
        self.clear_button = ActionButton(self.tr("Bỏ chọn"), kind="quiet")
        self.clear_button.setAutoDefault(False)
        self.clear_button.clicked.connect(self._on_clear_clicked)
        self.clear_button.hide()
        self.files_label = QLabel(self.tr("chưa chọn tệp"))
        self.files_label.setWordWrap(True)
        self.form.add_row(self.tr("Của"), self.of, name="document")
        self.form.add_row(self.tr("Số hóa"), self.exempt, name="exempt")
        buttons = QWidget()
        buttons.setFocusProxy(self.choose_button)
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.choose_button)
        line.addWidget(self.clear_button)
        line.addStretch(1)
        self.form.add_row(self.tr("Tệp"), buttons, name="files")
        self.form.add_row("", self.files_label, name="chosen")
        self.exempt.value_changed.connect(self._on_exempt_changed)

    def _on_exempt_changed(self, value: object) -> None:
        self.choose_button.setEnabled(not value)

    def choose(self) -> None:
        """Ask for one more file."""
        if self.interaction is None:
            return
        kinds = self.tr("Tệp quét (*.pdf *.jpg *.jpeg *.png)")
        found = self.interaction.choose_file_open(self.tr("Chọn tệp"), kinds=kinds)
        if found is not None and found not in self.files:
            self._show_files([*self.files, found])

    def _on_clear_clicked(self) -> None:
        self._show_files([])
        self.choose_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_files(self, files: list[Path]) -> None:
        self.files = files
        names = "\n".join(path.name for path in files)
        self.files_label.setText(names or self.tr("chưa chọn tệp"))
        self.clear_button.setVisible(bool(files))
        self.error_label.show_message("", "")
        self.form.show_note("files", None)

    def submit(self) -> None:
        """Ask for a file first."""
        if not self.files and not self.exempt.value():
            self.error_label.show_message(self.tr("Chọn ít nhất một tệp."), "danger")
            self.choose_button.setFocus()
            return
        super().submit()

    def values(self) -> dict[str, Any]:
        """Return files, of what they are and why none is needed."""
        kind, document = self.of.value()
        exempt = self.exempt.value() or ""
        return {
            "files": [] if exempt else list(self.files),
            "kind": kind,
            "document": document,
            "exempt": exempt,
        }


class SurveyDialog(ActDialog):
    """Record a satisfaction slip that came back (phiếu đánh giá)."""

    act = Move.SURVEY

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Phiếu đánh giá")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Ghi phiếu")

    def build(self) -> None:
        """Ask every question of the slip; what wasn't answered stays so."""
        self.setMinimumWidth(metrics().px(640))
        self.say(self.tr("Mỗi hồ sơ một phiếu. Câu người dân bỏ trống thì để “không trả lời”."))
        self.form = FormGrid(beside=True, label_width=250)
        answers = [
            Choice(_NO_ANSWER, self.tr("không trả lời")),
            *(Choice(score, f"{score}  {label}") for score, label in self.calls.life.scores()),
        ]
        self.answers: dict[str, ChoiceField] = {}
        for key, text in self.calls.life.questions():
            field = ChoiceField(choices=answers)
            self.answers[key] = field
            self.form.add_row(text, field, name=key)
        self.comment = TextField(max_length=500)
        self.comment.setMinimumWidth(metrics().px(330))  # people write sentences there
        self.form.add_row(self.tr("Ý kiến khác"), self.comment, name="comment")

    def values(self) -> dict[str, Any]:
        """Return what was answered."""
        scores = {
            key: field.value()
            for key, field in self.answers.items()
            if field.value() not in (None, _NO_ANSWER)
        }
        return {"scores": scores, "comment": self.comment.value()}


RECORD_DIALOGS: tuple[type[ActDialog], ...] = (CorrectDialog, AttachDialog, SurveyDialog)
