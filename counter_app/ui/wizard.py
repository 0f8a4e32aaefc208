"""The first-run wizard: three short steps, left and continued at will, then the desk is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from counter_app.errors import InputErrors, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act
from counter_app.ui.option_group import OptionGroup
from counter_app.ui.reception_rows import EndButton
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.wizard_steps import (
    HoursStep,
    OfficeStep,
    PaperStep,
    ReadyStep,
    Step,
    hint_label,
    province_of,
    title_label,
)

_DRAFT_KEY = "wizard"
_FIELDS = {"name": "people"}  # what the house calls a field, and what it is called here
_UNDATED = datetime(2000, 1, 1)  # nobody asks how old the wizard's draft is


@dataclass(frozen=True, slots=True)
class WizardCalls:
    """What the wizard asks of the house."""

    known: Callable[[], dict[str, Any]]  # what was set before, by field
    finish: Callable[[dict[str, Any]], None]  # apply everything; raises UserError
    save_draft: Callable[[dict[str, Any]], None]
    load_draft: Callable[[], dict[str, Any] | None]
    drop_draft: Callable[[], None]
    join: Callable[[Path, str], int] | None = None  # the invitation, the desk's name; its number
    invited_number: Callable[[Path], int] | None = None


def wizard_calls(store: Any) -> WizardCalls:
    """Return the calls that work on a store (a window holds no store of its own)."""
    from counter_app.services import at_hand, office, sync_office
    from counter_app.services.settings import get_settings

    def known() -> dict[str, Any]:
        facts, settings = office.office(store), get_settings(store)
        people = [officer.name for officer in office.officers(store)]
        found: dict[str, Any] = {
            "counter": facts.counter_name,
            "counter_number": str(facts.counter_number),
            "agency_code": facts.agency_code,
            "province_code": facts.province_code,
            "parent": facts.parent,
            "office": facts.name if facts.is_named else "",
            "saturday": _saturday_word(settings),
            "people": {"names": people, "current": settings["current_clerk"]} if people else {},
        }
        for key in ("place", "weekday_hours", "counting", "paper", "letter_number"):
            found[key] = settings[key]
        if settings["saturday_hours"]:
            found["saturday_hours"] = settings["saturday_hours"]
        return {name: value for name, value in found.items() if value}

    def finish(values: dict[str, Any]) -> None:
        with store.transaction():
            _apply(store, values)

    def save_draft(body: dict[str, Any]) -> None:
        at_hand.save_draft(store, key=_DRAFT_KEY, body=body, now=_UNDATED)

    def load_draft() -> dict[str, Any] | None:
        found = at_hand.load_draft(store, key=_DRAFT_KEY)
        return None if found is None else found[0]

    return WizardCalls(
        known=known,
        finish=finish,
        save_draft=save_draft,
        load_draft=load_draft,
        drop_draft=lambda: at_hand.drop_draft(store, key=_DRAFT_KEY),
        join=lambda path, counter: sync_office.join(store, path, counter=counter),
        invited_number=sync_office.invited_number,
    )


def _saturday_word(settings: dict[str, Any]) -> str:
    if not settings["saturday_hours"]:
        return "closed"
    return "counts" if settings["saturday_counts"] else "open"


def _apply(store: Any, values: dict[str, Any]) -> None:
    """Set everything that was answered, all or nothing."""
    from counter_app.services import office
    from counter_app.services.settings import set_setting

    office.set_up(
        store,
        office_name=values["office"],
        parent=values["parent"],
        agency_code=values["agency_code"],
        counter=values["counter"],
        counter_number=int(values["counter_number"]),
        province_code=values["province_code"] or "",
    )
    opens = values["saturday"] != "closed"
    for key, value in (
        ("place", values["place"]),
        ("weekday_hours", values["weekday_hours"]),
        ("saturday_hours", values["saturday_hours"] if opens else ""),
        ("saturday_counts", "yes" if values["saturday"] == "counts" else "no"),
        ("counting", values["counting"]),
        ("paper", values["paper"]),
        ("form_set", "auto"),
        ("letter_number", values["letter_number"]),
    ):
        set_setting(store, key=key, value=value)
    for name in values["people"]["names"]:
        office.save_officer(store, name=name)
    office.choose_clerk(store, name=values["people"]["current"])


class SetupWizard(ScreenDialog):
    """Asks for the office, its hours and its paper; nothing holds before the last key.

    F9 or Ctrl+Enter goes on, Alt+Left back, Esc leaves with everything typed kept.
    """

    def __init__(
        self,
        calls: WizardCalls,
        parent: QWidget | None = None,
        *,
        interaction: Interaction | None = None,
        test_print: Callable[[QWidget], object] | None = None,
    ) -> None:
        """Begin where it was left; ``interaction`` asks for the invitation of another desk.

        ``test_print`` opens the test of the printer over the wizard.
        """
        super().__init__(parent)
        self._calls = calls
        self._interaction = interaction
        self._test_print = test_print
        self.setWindowTitle(self.tr("Thiết lập lần đầu"))
        self.setMinimumWidth(metrics().px(800))
        self.steps: list[Step] = [OfficeStep(), HoursStep(), PaperStep(), ReadyStep()]
        self._lay_out()
        self.next_button.clicked.connect(self.go_on)
        self.back_button.clicked.connect(self.go_back)
        self.later_button.clicked.connect(self.reject)
        self.join_button.clicked.connect(self.join)
        self.test_button.clicked.connect(self.open_test_print)
        bind_main_act(self, self.go_on)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.join)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.open_test_print)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self.go_back)
        self._fill()

    def _lay_out(self) -> None:
        edge = metrics().step(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, metrics().step(5), edge, metrics().step(5))
        column.setSpacing(metrics().step(2))
        self._place_label = hint_label("")
        self._title = title_label("")
        self._words = hint_label("")
        for widget in (self._place_label, self._title, self._words):
            column.addWidget(widget)
        column.addSpacing(metrics().step(2))
        self._stack = QStackedWidget()
        for step in self.steps:
            self._stack.addWidget(step)
        column.addWidget(self._stack, 1)
        self.join_button = ActionButton(
            self.tr("Quầy mới của đơn vị đã dùng chương trình: chọn tệp mời…"), key="Ctrl+O"
        )
        self.join_button.setAutoDefault(False)
        self.join_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.test_button = ActionButton(self.tr("In thử một tờ…"), key="Ctrl+P", kind="quiet")
        self.test_button.setAutoDefault(False)
        self.test_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        self.refusal.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.setProperty("tone", "danger")
        self.refusal.hide()
        column.addWidget(self.refusal)
        column.addWidget(self.join_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._make_buttons())

    def _make_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        self.later_button = ActionButton(self.tr("Để sau"), key="Esc", kind="quiet")
        self.back_button = ActionButton(self.tr("Quay lại   Alt+←"))
        self.next_button = EndButton(self.tr("Tiếp"), key="F9", kind="main")
        hint = QLabel(self.tr("Enter sang ô sau"))
        hint.setFont(theme().font(metrics().small_size))
        hint.setProperty("tone", "muted")
        line.addWidget(self.later_button)
        line.addWidget(hint)
        line.addStretch(1)
        for button in (self.later_button, self.back_button, self.next_button):
            button.setAutoDefault(False)
        for button in (self.later_button, self.back_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.addWidget(self.back_button)
        line.addWidget(self.next_button)
        return line

    def _fill(self) -> None:
        try:
            draft = self._calls.load_draft() or {}
            values = self._calls.known() | draft.get("values", {})
        except UserError:
            # The gate has told already why the data can't be read; the wizard starts empty.
            draft, values = {}, {}
        for step in self.steps:
            step.fill(values)
        self.show_step(min(int(draft.get("step", 0)), len(self.steps) - 1))

    # Going

    def step_number(self) -> int:
        """Return the number of the step shown, from 0."""
        return self._stack.currentIndex()

    def show_step(self, number: int) -> None:
        """Show a step and put the focus into it."""
        step = self.steps[number]
        is_last = number == len(self.steps) - 1
        count = len(self.steps) - 1
        place = self.tr("Bước {number} trong {count}").format(number=number + 1, count=count)
        self._place_label.setText(self.tr("Xong") if is_last else place)
        self._title.setText(step.title)
        self._words.setText(step.words)
        self.back_button.setVisible(number > 0)
        can_join = self._interaction is not None and self._calls.join is not None
        self.join_button.setVisible(number == 0 and can_join)
        self.test_button.setVisible(self._can_test_print(number))
        self.refusal.hide()
        self.next_button.set_verb(self.tr("Bắt đầu dùng") if is_last else self.tr("Tiếp"))
        if isinstance(step, ReadyStep):
            step.show_summary(self._summary())
            step.error.setText("")
        self._stack.setCurrentIndex(number)
        self.next_button.end(step.rows)
        if is_last:
            self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            step.enter()

    def go_on(self) -> None:
        """Go to the next step if this one is right; on the last one everything is set."""
        step = self.steps[self.step_number()]
        wrong = step.first_wrong()
        if wrong:
            step.rows.go_to(wrong)
            return
        if self.step_number() < len(self.steps) - 1:
            self.show_step(self.step_number() + 1)
            self._keep()
            return
        self._finish()

    def join(self) -> None:
        """Make this a further desk of an office by its invitation; nothing else is asked."""
        join, ask, number_of = self._calls.join, self._interaction, self._calls.invited_number
        if join is None or ask is None or number_of is None or self.step_number() > 0:
            return
        path = ask.choose_file_open(
            self.tr("Chọn tệp mời của đơn vị"), kinds=self.tr("Tệp mời (*.json)")
        )
        if path is None:
            return
        try:
            number = number_of(path)
        except UserError as error:
            self._refuse(error)
            return
        name = ask.ask_text(
            self.tr("Tên quầy này"),
            yes=self.tr("Vào đơn vị"),
            initial=self.tr("Quầy {number}").format(number=number),
            detail=self.tr("Số quầy, cài đặt và danh mục theo tệp mời."),
        )
        if not name:
            return
        try:
            join(path, name)
            self._calls.drop_draft()
        except UserError as error:
            self._refuse(error)
            return
        self.accept()

    def _can_test_print(self, number: int) -> bool:
        return self._test_print is not None and isinstance(self.steps[number], PaperStep)

    def open_test_print(self) -> None:
        """Print a test page at the step of papers (Ctrl+P)."""
        if self._test_print is not None and self._can_test_print(self.step_number()):
            self._test_print(self)

    def _refuse(self, error: UserError) -> None:
        self.refusal.setText(error.message)
        self.refusal.show()

    def go_back(self) -> None:
        """Go to the step before; nothing typed is lost."""
        if self.step_number() > 0:
            self.show_step(self.step_number() - 1)

    def values(self) -> dict[str, Any]:
        """Return everything that stands in the steps."""
        found: dict[str, Any] = {}
        for step in self.steps:
            found |= step.values()
        return found

    def _finish(self) -> None:
        for number, step in enumerate(self.steps):
            wrong = step.first_wrong()
            if wrong:  # a draft may hold what was never judged
                self.show_step(number)
                step.rows.go_to(wrong)
                return
        try:
            self._calls.finish(self.values())
            self._calls.drop_draft()
        except UserError as error:
            self._show_refusal(error)
            return
        self.accept()

    def _show_refusal(self, error: UserError) -> None:
        """Go back to the step whose field the sentence belongs to."""
        errors = error.errors if isinstance(error, InputErrors) else [error]
        for one in errors:
            one.field = _FIELDS.get(one.field or "", one.field)
        for number, step in enumerate(self.steps):
            if errors[0].field in step.rows.names():
                self.show_step(number)
                step.rows.show_error(error)
                return
        ready = self.steps[-1]
        if isinstance(ready, ReadyStep):
            ready.error.setText(error.message)

    def _summary(self) -> list[tuple[str, str]]:
        values = self.values()
        people = values["people"] or {"names": [], "current": ""}
        counter = self.tr("{counter}, số {number}").format(
            counter=values["counter"], number=values["counter_number"]
        )
        titles = {name: group.title() for name, group in self._groups().items()}
        saturday = titles["saturday"]
        if values["saturday"] != "closed":
            saturday = f"{saturday}, {values['saturday_hours']}"
        province = province_of(values["province_code"])
        return [
            (self.tr("Cơ quan chủ quản"), values["parent"]),
            (self.tr("Đơn vị"), values["office"]),
            (self.tr("Địa danh"), values["place"]),
            (self.tr("Tỉnh, thành phố"), province.text if province else self.tr("để trống")),
            (self.tr("Mã định danh"), values["agency_code"] or self.tr("để trống")),
            (self.tr("Quầy"), counter),
            (self.tr("Giờ làm việc"), values["weekday_hours"]),
            (self.tr("Thứ Bảy"), saturday),
            (self.tr("Cách tính hạn"), titles["counting"]),
            (self.tr("Người trực quầy"), ", ".join(people["names"])),
            (self.tr("Đang trực"), people["current"]),
            (self.tr("Khổ giấy hẹn"), titles["paper"]),
            (self.tr("Số văn bản"), titles["letter_number"]),
        ]

    def _groups(self) -> dict[str, OptionGroup]:
        fields = {name: step.rows.field(name) for step in self.steps for name in step.rows.names()}
        return {name: field for name, field in fields.items() if isinstance(field, OptionGroup)}

    # Leaving

    def _keep(self) -> None:
        try:
            self._calls.save_draft({"values": self.values(), "step": self.step_number()})
        except UserError as error:
            ready = self.steps[-1]
            if isinstance(ready, ReadyStep):
                ready.error.setText(error.message)

    def reject(self) -> None:
        """Leave for later: what was typed is kept."""
        self._keep()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is leaving for later."""
        if self.result() != QDialog.DialogCode.Accepted:
            self._keep()
        super().closeEvent(event)
