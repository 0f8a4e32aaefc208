"""The acts that are done seldom, in a window of their own: tiles, arrows, Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.facts import DossierFacts
from counter_app.ui.act_tiles import ActTiles
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window
from counter_app.ui.words import with_year

MORE_ACTS: dict[Move, str] = dict.fromkeys(
    (
        Move.FEE,
        Move.ACCEPT,
        Move.STEP,
        Move.SUPPLEMENT,
        Move.CLOSE,
        Move.AWAIT_PAYMENT,
        Move.EXTEND,
        Move.ASK_OPINION,
        Move.OPINION_RECEIVED,
        Move.CORRECT,
        Move.ATTACH,
        Move.SURVEY,
        Move.WITHDRAW,
        Move.REFUSE,
        Move.STOP,
    ),
    "",
)


class MoreActsDialog(ScreenDialog):
    """Every further act on one dossier."""

    act_chosen = Signal(object)  # Move

    def __init__(self, facts: DossierFacts, parent: QWidget | None = None) -> None:
        """Show the tiles as the dossier stands."""
        super().__init__(parent)
        measures = metrics()
        self.setWindowTitle(self.tr("Việc khác"))
        self.setMinimumWidth(measures.px(560))
        heading = QLabel(self.tr("Việc khác"))
        heading.setFont(theme().font(measures.title_size, strong=True))
        state = facts.state
        who = with_year(state["applicant_name"], state["birth_date"])
        about = QLabel(f"{facts.shown_code}  ·  {who}  ·  {in_window(facts.status_label)}")
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        set_tone(about, "muted")
        self.tiles = ActTiles(keys=MORE_ACTS)
        self.tiles.set_facts(facts)
        self.tiles.act_requested.connect(self._on_act_requested)
        leave = ActionButton(self.tr("Quay lại"), key="Esc", kind="quiet")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(leave)
        buttons.addStretch(1)
        edge = measures.step(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(5), edge, measures.step(5))
        column.setSpacing(measures.step(1))
        column.addWidget(heading)
        column.addWidget(about)
        column.addSpacing(measures.step(3))
        column.addWidget(self.tiles)
        column.addSpacing(measures.step(3))
        column.addLayout(buttons)
        self.tiles.focus_first()

    def _on_act_requested(self, move: Move) -> None:
        self.accept()
        self.act_chosen.emit(move)
