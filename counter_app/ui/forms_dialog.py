"""The editor of forms (biểu mẫu): a form's texts beside the page they make, checked as one types.

Nothing is changed until it is saved as a version with its day and its source; papers that were
issued keep theirs.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.day_fields import parse_coming_day
from counter_app.ui.fields import ENTER_KEYS, DateField, LongTextField, Note, TextField, set_tone
from counter_app.ui.forms import FormGrid
from counter_app.ui.forms_calls import FormsCalls
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act
from counter_app.ui.preview import PdfPreview
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.tips import plain_tip
from counter_app.ui.turns import take_turn

_SETTLE_MS = 350
_AT_A_TURN = 8  # fields
_LONG = 46  # letters from which a text has several lines
_LONGEST = 2000


class FormsDialog(ScreenDialog):
    """Forms on the left, the chosen one's texts in the middle, its page on the right."""

    def __init__(
        self,
        calls: FormsCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Read the forms and show the first."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Lời văn biểu mẫu"))
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._forms = list(calls.forms())
        self._edits: dict[str, str] = {}
        self._job: Job | None = None
        self._field_in_hand: TextField | LongTextField | None = None
        self.texts = FormGrid(beside=False)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._preview)
        self._lay_out()
        take_turn(self)
        self.list.setCurrentRow(0)
        self.resize(metrics().px(1280), metrics().px(690))

    # Layout

    def _lay_out(self) -> None:
        step = metrics().step
        column = QVBoxLayout(self)
        column.setContentsMargins(step(4), step(4), step(4), step(4))
        column.setSpacing(step(3))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Các biểu mẫu"))
        self.list.setWordWrap(True)
        self.list.setSpacing(metrics().px(3))
        self.list.addItems([form.name for form in self._forms])
        self.list.currentRowChanged.connect(self._on_form_chosen)
        self.preview = PdfPreview(self._runner, empty_text=self.tr("Đang dựng giấy…"))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Lời trên giấy tờ"))
        middle = QWidget()
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(step(2), 0, step(2), 0)
        inner.setSpacing(step(2))
        inner.addLayout(self._make_tools())
        inner.addWidget(self._area, 1)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        for widget, width in ((self.list, 210), (middle, 560), (self.preview, 470)):
            split.addWidget(widget)
            widget.setMinimumWidth(metrics().px(min(width, 320)))
        split.setSizes([metrics().px(width) for width in (210, 560, 470)])
        split.setStretchFactor(1, 1)
        split.setStretchFactor(2, 1)
        column.addWidget(split, 1)
        column.addWidget(self._make_version())
        column.addLayout(self._make_buttons())

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self.heading = QLabel()
        self.heading.setFont(theme().font(strong=True))
        self.heading.setWordWrap(True)
        self.insert = ChoiceField()
        self.insert.setAccessibleName(self.tr("Chèn trường vào chỗ con trỏ"))
        self.insert.activated.connect(self._on_insert_activated)
        row.addWidget(self.heading, 1)
        row.addWidget(self.insert)
        return row

    def _make_version(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(3))
        today = self._calls.today()
        self.valid_from = DateField(parse=lambda text: parse_coming_day(text, today=today))
        self.valid_from.set_parsed(today)
        self.source = TextField(placeholder=self.tr("số văn bản hoặc người quyết định"))
        self.version = FormGrid(beside=False)
        self.version.add_row(self.tr("Căn cứ sửa"), self.source, name="source")
        self.day = FormGrid(beside=False)
        self.day.add_row(self.tr("Áp dụng từ ngày"), self.valid_from, name="valid_from")
        row.addWidget(self.day, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.version, 2, Qt.AlignmentFlag.AlignTop)
        return line

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self.told = QLabel()
        self.told.setWordWrap(True)
        set_tone(self.told, "muted")
        self.reset_button = ActionButton(self.tr("Về lời văn gốc"), icon="undo")
        self.reset_button.clicked.connect(self.reset)
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.clicked.connect(self.reject)
        self.save_button = ActionButton(self.tr("Lưu lời văn"), key="F9", kind="main", icon="save")
        self.save_button.clicked.connect(self.save)
        row.addWidget(self.told, 1)
        bind_main_act(self, self.save)
        for button in (self.reset_button, close, self.save_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    # One form

    def _form(self) -> Any:
        return self._forms[self.list.currentRow()]

    def _on_form_chosen(self, row: int) -> None:
        if row < 0:
            return
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()  # what it tells of the form before has no line any more
        form = self._forms[row]
        self.heading.setText(form.name)
        self._field_in_hand = None
        lead = Choice("", self.tr("Chèn trường…"))
        self.insert.set_choices([lead, *(Choice(name, f"{{{name}}}") for name in form.fields)])
        self.insert.set_value("")
        self.texts = FormGrid(beside=False, label_width=150)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, metrics().step(2), 0)
        column.addWidget(self.texts)
        column.addStretch(1)
        self._area.setWidget(inside)
        inside.show()
        for number, text in enumerate(form.texts, 1):
            self.texts.add_row(text.label, self._make_field(text), name=text.place)
            if number % _AT_A_TURN == 0:
                take_turn(self)
        self._tell()
        self.preview.set_document(None)
        self._preview()

    def _make_field(self, text: Any) -> TextField | LongTextField:
        shown = self._edits.get(text.place, text.text)
        field: TextField | LongTextField
        if len(text.text) > _LONG or "\n" in text.text:
            field = LongTextField(lines=2 if len(text.text) < 2 * _LONG else 4, max_length=_LONGEST)
            field.set_value(shown)
            field.textChanged.connect(self._on_text_changed)
        else:
            field = TextField(max_length=_LONGEST)
            field.setText(shown)
            field.setCursorPosition(0)
            field.textEdited.connect(self._on_text_changed)
        field.setObjectName(text.place)
        words = self.tr("Lời văn gốc: {text}").format(text=self._shipped(text.place))
        field.setToolTip(plain_tip(words))
        return field

    def _shipped(self, place: str) -> str:
        return str(self._form().shipped.get(place, ""))

    def _on_text_changed(self, *_text: object) -> None:
        field = self.sender()
        if isinstance(field, TextField | LongTextField):
            self._note_edit(field)

    def _note_edit(self, field: TextField | LongTextField) -> None:
        self._field_in_hand = field
        place = field.objectName()
        before = next(text.text for text in self._form().texts if text.place == place)
        if field.value() == before:
            self._edits.pop(place, None)
        else:
            self._edits[place] = field.value()
        self._tell()
        self._timer.start()

    def _on_insert_activated(self, _row: int) -> None:
        """Write a field's name where the cursor stood last."""
        name = str(self.insert.value() or "")
        field = self._focused_field() or self._field_in_hand
        self.insert.set_value("")
        if not name or field is None:
            return
        if isinstance(field, LongTextField):
            field.insertPlainText(f"{{{name}}}")
        else:
            field.insert(f"{{{name}}}")
            self._note_edit(field)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focused_field(self) -> TextField | LongTextField | None:
        for field in self.texts.findChildren(TextField) + self.texts.findChildren(LongTextField):
            if field.hasFocus():
                return field
        return None

    def _tell(self) -> None:
        count = len(self._edits)
        if count:
            text = self.tr("Đã sửa {count} chỗ, chưa lưu. Giấy đã phát hành giữ lời văn cũ.")
            self.told.setText(text.format(count=count))
        else:
            newest = self._calls.versions()[0]
            self.told.setText(
                self.tr("Đang xem lời văn {version}. Sửa một dòng để xem ngay trên giấy.").format(
                    version=newest.version
                )
            )
        self.save_button.set_reason(None if count else self.tr("Chưa sửa chỗ nào."))
        shipped = self._form().shipped
        is_own = any(
            self._edits.get(text.place, text.text) != shipped.get(text.place)
            for text in self._form().texts
        )
        self.reset_button.set_reason(None if is_own else self.tr("Mẫu này đang dùng lời văn gốc."))

    # The page it makes

    def _preview(self) -> None:
        place, texts = self._form().place, dict(self._edits)

        def work(_job: Job) -> bytes:
            return self._calls.preview(place, texts)

        self._job = self._runner.run(
            work,
            on_done=self._on_previewed,
            on_error=self._on_refused,
            owner=self,
            group=f"forms {id(self)}",
        )

    def _on_previewed(self, data: bytes) -> None:
        for place in list(self._edits):
            self._clear(place)
        self.preview.set_document(data)

    def _clear(self, place: str) -> None:
        if any(text.place == place for text in self._form().texts):
            self.texts.show_note(place, None)

    def _on_refused(self, error: UserError) -> None:
        place = error.field or ""
        if any(text.place == place for text in self._form().texts):
            # The field says where; its note says what.
            self.texts.show_note(place, Note(error.message.partition("”: ")[2] or error.message))
            self._area.ensureWidgetVisible(self.texts.field(place), 0, metrics().px(80))
        self.preview.set_message(error.message)

    # Acts

    def reset(self) -> None:
        """Write every text of the form as it was shipped; saved like any other change."""
        form = self._form()
        for text in form.texts:
            shipped = form.shipped.get(text.place)
            if shipped is None:
                continue
            if shipped == text.text:
                self._edits.pop(text.place, None)
            else:
                self._edits[text.place] = shipped
        self._on_form_chosen(self.list.currentRow())

    def save(self) -> None:
        """Save the changes as a version, valid from the day that is given (F9)."""
        if not self.save_button.isEnabled():
            return
        day = self.valid_from.parsed()
        if day is None:
            self.valid_from.set_note(Note(self.tr("Gõ ngày bắt đầu áp dụng, ví dụ 01/03/2027.")))
            self.valid_from.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            version = self._calls.save(dict(self._edits), day, self.source.value())
        except UserError as error:
            self._show_error(error)
            return
        self._edits.clear()
        self._forms = list(self._calls.forms())
        self._on_form_chosen(self.list.currentRow())
        self.told.setText(
            self.tr("Đã lưu lời văn {version}, áp dụng từ {day}.").format(
                version=version, day=f"{day:%d/%m/%Y}"
            )
        )

    def _show_error(self, error: UserError) -> None:
        if error.field in {"source", "valid_from"}:
            grid = self.version if error.field == "source" else self.day
            grid.show_error(error)
            return
        place = error.field or ""
        for row, form in enumerate(self._forms):
            if any(text.place == place for text in form.texts):
                self.list.setCurrentRow(row)
                self.texts.show_error(error)
                return
        self._interaction.inform(error.message)

    def reject(self) -> None:
        """Close; what isn't saved is asked about first."""
        if self._edits and not self._interaction.confirm(
            self.tr("Lời văn đã sửa {count} chỗ mà chưa lưu.").format(count=len(self._edits)),
            yes=self.tr("Bỏ các sửa đổi"),
            no=self.tr("Tiếp tục sửa"),
        ):
            return
        self._timer.stop()
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a bare Enter go on and nothing more."""
        if event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)
