"""Small dialogs, one per act on a dossier: Enter goes on, F9 does it, Esc leaves.

A dialog never saves by itself: it runs the use case it was given in the task runner, shows an error
at its field, and announces the dossier as it is afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.facts import DossierFacts
from counter_app.domain.text import fold
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, SearchChoice
from counter_app.ui.day_fields import PastMomentField
from counter_app.ui.dossier_calls import DossierCalls
from counter_app.ui.fields import WARNING, set_tone
from counter_app.ui.forms import FormGrid, MessageLabel
from counter_app.ui.interaction import Interaction
from counter_app.ui.keys import bind_main_act
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.words import with_year

_MAX_MATCHES = 6
LONGEST_REASON = 500


def offer(choices: Callable[[], Sequence[str]]) -> Callable[[str], list[Choice]]:
    """Return a search in a short list: marks don't matter, nothing typed shows all."""

    def find(text: str) -> list[Choice]:
        wanted = fold(text)
        return [Choice(c, c) for c in choices() if wanted in fold(c)][:_MAX_MATCHES]

    return find


def reason_field(reasons: Callable[[], Sequence[str]]) -> SearchChoice:
    """Return a field for a reason: chosen from the usual ones (↓) or typed."""
    field = SearchChoice(find=offer(reasons), free_text=True, minimum=0, max_length=LONGEST_REASON)
    field.set_hints(
        field.tr("gõ, hoặc ↓ để chọn lý do thường dùng"), field.tr("gõ, hoặc ↓ để chọn")
    )
    return field


class ActDialog(ScreenDialog):
    """The frame of one act: what, on which dossier, its fields, the verb and the way back."""

    act_done = Signal(object)  # DossierFacts

    act: Move

    def __init__(
        self,
        facts: DossierFacts,
        calls: DossierCalls,
        runner: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        """Build the frame; ``build`` adds the act's own fields."""
        super().__init__(parent)
        self.facts = facts
        self.calls = calls
        self._runner = runner
        self._is_busy = False
        self.interaction: Interaction | None = None  # for acts that ask for a file
        self.setWindowTitle(self.title())
        self.setMinimumSize(metrics().px(540), metrics().px(340))
        self.form = FormGrid(beside=False, label_width=132)
        self.hint_label = MessageLabel()
        self.hint_label.hide()
        self.error_label = MessageLabel()
        self.do_button = ActionButton(self.verb(), key="F9", kind="main")
        self.leave_button = ActionButton(self.tr("Quay lại"), key="Esc", kind="quiet")
        for button in (self.do_button, self.leave_button):
            button.setAutoDefault(False)
        self.do_button.clicked.connect(self.submit)
        self.leave_button.clicked.connect(self.reject)
        self.build()
        self._lay_out()
        bind_main_act(self, self.submit)

    # What each act says

    def title(self) -> str:
        """Return the act's name."""
        raise NotImplementedError

    def verb(self) -> str:
        """Return the verb on the button."""
        return self.title()

    def build(self) -> None:
        """Add the act's fields."""

    def slip(self) -> str:
        """Return the kind of slip that is printed after the act, empty for none."""
        return ""

    def values(self) -> dict[str, Any]:
        """Return what the use case takes."""
        return {}

    def take_card(self, text: str) -> bool:
        """Use a card that was scanned over this dialog; False: it has no use for one."""
        del text
        return False

    def take_code(self, text: str) -> bool:
        """Use a code that was scanned over this dialog; False: it has no use for one."""
        del text
        return False

    # Frame

    def add_moment(self) -> None:
        """Ask when it was, for an act that is recorded later; empty is now."""
        self.at = PastMomentField(now=self.calls.now())
        self.form.add_row(self.tr("Thời điểm"), self.at, name="at")

    def say(self, text: str, tone: str = "muted") -> None:
        """Say a sentence above the fields."""
        self.hint_label.show_message(text, tone)
        self.hint_label.setVisible(bool(text))

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(6)
        heading = QLabel(self.title())
        heading.setFont(theme().font(measures.title_size, strong=True))
        state = self.facts.state
        who = with_year(state["applicant_name"], state["birth_date"])
        about = QLabel(f"{self.facts.shown_code}  ·  {who}")
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        set_tone(about, "muted")
        self.error_label.setMinimumHeight(measures.step(5))
        buttons = QHBoxLayout()
        buttons.setSpacing(measures.step(2))
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        buttons.addWidget(self.do_button)
        buttons.addSpacing(measures.step(1))  # the form keeps that much for its messages
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(5), edge, measures.step(5))
        column.setSpacing(0)
        column.addWidget(heading)
        column.addSpacing(measures.step(1))
        column.addWidget(about)
        column.addSpacing(measures.step(4))
        column.addWidget(self.hint_label)
        column.addSpacing(measures.step(3))
        column.addWidget(self.form)
        column.addStretch(1)
        column.addWidget(self.error_label)
        column.addSpacing(measures.step(2))
        column.addLayout(buttons)

    def submit(self) -> None:
        """Do the act (F9): every field is judged, then the use case runs in the task runner."""
        if self._is_busy or not self.form.validate():
            return
        self.error_label.show_message("", "")
        use_case, code, values = self.calls.acts[self.act], self.facts.uuid, self.values()
        self._set_busy(True)
        self._runner.run(
            lambda _job: use_case(code, **values),
            on_done=self._on_act_done,
            on_error=self._on_act_failed,
            owner=self,
        )

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.do_button.setEnabled(not is_busy)
        self.form.setEnabled(not is_busy)

    def _on_act_done(self, facts: DossierFacts) -> None:
        self.accept()
        self.act_done.emit(facts)

    def show_refusal(self, error: UserError) -> bool:
        """Show a refusal at its field; False if no field answers to it."""
        return self.form.show_error(error)

    def _on_act_failed(self, error: UserError) -> None:
        self._set_busy(False)
        if not self.show_refusal(error):
            self.error_label.show_message(error.message, "danger")
            self.do_button.setFocus(Qt.FocusReason.OtherFocusReason)


class UndoDialog(ActDialog):
    """Take the last act back in the open, with a reason (hoàn tác)."""

    act = Move.UNDO

    def title(self) -> str:
        """Return the act's name."""
        return self.tr("Hoàn tác bước gần nhất")

    def verb(self) -> str:
        """Return the verb."""
        return self.tr("Hoàn tác")

    def build(self) -> None:
        """Say which act it is; ask why."""
        self.do_button.setProperty("kind", "danger")
        last = last_step(self.facts)
        text = self.tr("Sẽ hoàn tác: {step}. Cả hai bước đều còn trong lịch sử hồ sơ.")
        self.say(text.format(step=last) if last else "", WARNING)
        self.reason = reason_field(
            lambda: [
                self.tr("Ghi nhầm hồ sơ"),
                self.tr("Ghi nhầm bước xử lý"),
                self.tr("Nhập sai thông tin"),
            ]
        )
        self.form.add_row(self.tr("Lý do hoàn tác"), self.reason, name="reason")

    def values(self) -> dict[str, Any]:
        """Return the reason."""
        return {"reason": self.reason.value()}


def last_step(facts: DossierFacts) -> str:
    """Return the sentence of the last act that can be taken back, empty if there is none."""
    for event in reversed(facts.events):
        if not event.is_undone and event.kind not in (Move.UNDO, Move.PRINT):
            return event.text
    return ""
