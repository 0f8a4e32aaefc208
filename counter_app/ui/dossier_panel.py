"""One dossier whole: who, what, until when, what can be done next, papers, and its story."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.dossier import STATUS_LABELS
from counter_app.domain.facts import DossierFacts
from counter_app.domain.words import format_date
from counter_app.ui.act_tiles import ActTiles
from counter_app.ui.dossier_html import (
    documents_html,
    facts_html,
    has_person_number,
    promises_html,
    story_html,
)
from counter_app.ui.dossier_parts import PaperList, Section
from counter_app.ui.dossier_records import FileList, opinions_html, survey_html
from counter_app.ui.due_mark import DueLabel
from counter_app.ui.fields import set_tone
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import in_window
from counter_app.ui.views import see_through
from counter_app.ui.words import (
    Due,
    big_day,
    with_year,
)

_USUAL_STATUS = 128  # of the state's words; longer ones break


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_panel", text)


class _Reading(QScrollArea):
    """What is read of a dossier; it asks for little, or the whole panel would scroll around it."""

    def sizeHint(self) -> QSize:
        """Ask for a few lines; the panel's stretch gives the rest."""
        return QSize(super().sizeHint().width(), metrics().px(120))


class DossierPanel(QWidget):
    """The dossier beside the table: what it is above, its acts, and everything else scrolls."""

    act_requested = Signal(object)  # Move
    reprint_requested = Signal(object)  # PaperFacts
    view_requested = Signal(object)  # PaperFacts
    more_requested = Signal()
    file_requested = Signal(object)  # one entry of the dossier's attachments
    number_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start with the sentence that asks for a choice."""
        super().__init__(parent)
        self.facts: DossierFacts | None = None
        self.masks_numbers = False
        self._revealed = ""  # the dossier whose number was asked for
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self._empty = QLabel(self.tr("Chọn một hồ sơ để xem."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_tone(self._empty, "muted")
        self._stack.addWidget(self._empty)
        # From without to within: what is moved as a whole is dressed anew, widget by widget.
        outer = QScrollArea()
        self._stack.addWidget(outer)
        outer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = self._scrolled_by(outer)
        self._fill(self._content)

    def least_width(self) -> int:
        """Return the width that leaves no word of a dossier cut."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return self._content.minimumSizeHint().width() + bar

    @staticmethod
    def _scrolled_by(area: QScrollArea) -> QWidget:
        """Return what an area moves up and down where a low screen has no room for all of it."""
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        see_through(area)
        inside = QWidget()
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        return inside

    def _fill(self, content: QWidget) -> None:
        measures = metrics()
        self.code_label = QLabel()
        self.name_label = QLabel()
        self.status_label = QLabel()
        self.due_label = QLabel()
        self.due_mark = DueLabel()
        self.name_label.setFont(theme().font(measures.title_size, strong=True))
        self.name_label.setWordWrap(True)
        self.due_label.setFont(theme().font(measures.title_size, strong=True))
        self.status_label.setWordWrap(True)  # a long one breaks, or the table would lose a column
        self.status_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        set_tone(self.status_label, "muted")
        for label in (self.code_label, self.name_label, self.status_label, self.due_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.setSpacing(metrics().step(3))
        top.addWidget(self.code_label, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.status_label, 1)
        self._due_caption = QLabel()
        set_tone(self._due_caption, "muted")
        due_line = QHBoxLayout()
        due_line.setSpacing(measures.step(4))
        due_line.addWidget(self.due_label)
        due_line.addWidget(self.due_mark, 1)
        self.tiles = ActTiles(content)
        self.tiles.act_requested.connect(self.act_requested)
        self.tiles.more_requested.connect(self.more_requested)
        column = QVBoxLayout(content)
        edge = measures.step(5)
        column.setContentsMargins(edge, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.name_label)
        column.addSpacing(measures.step(2))
        column.addWidget(self._due_caption)
        column.addLayout(due_line)
        column.addSpacing(measures.step(4))
        column.addWidget(self.tiles)
        column.addSpacing(measures.step(4))
        self._scroll = _Reading()
        self._scroll.setAccessibleName(self.tr("Nội dung hồ sơ"))  # Tab and arrows read on
        column.addWidget(self._scroll, 1)
        self._fill_reading(self._scrolled_by(self._scroll))

    def _fill_reading(self, inside: QWidget) -> None:
        measures = metrics()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, measures.step(4), measures.step(4))
        column.setSpacing(measures.step(5))
        self.facts_section = Section(self.tr("Thông tin"), inside)
        self.facts_section.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.facts_section.label.linkActivated.connect(self._on_link_activated)
        self.story_section = Section(self.tr("Diễn biến"), inside)
        self.opinions_section = Section(self.tr("Ý kiến đơn vị khác"), inside)
        self.documents_section = Section(self.tr("Thành phần hồ sơ"), inside)
        self.files = FileList(inside)
        self.files.file_requested.connect(self.file_requested)
        self.promises_section = Section(self.tr("Các lần hẹn"), inside)
        self.papers = PaperList(inside)
        self.papers.reprint_requested.connect(self.reprint_requested)
        self.papers.view_requested.connect(self.view_requested)
        self.survey_section = Section(self.tr("Phiếu đánh giá"), inside)
        for part in (
            self.facts_section,
            self.story_section,
            self.opinions_section,
            self.documents_section,
            self.files,
            self.promises_section,
            self.papers,
            self.survey_section,
        ):
            column.addWidget(part)
        column.addStretch(1)

    def set_empty_text(self, text: str) -> None:
        """Say what stands here while no dossier is chosen."""
        self._empty.setText(text)

    def set_facts(self, facts: DossierFacts | None, *, due: Due | None, today: date) -> None:
        """Show a dossier, or the sentence that asks for a choice."""
        is_same = facts is not None and self.facts is not None and facts.uuid == self.facts.uuid
        self.facts = facts
        self._stack.setCurrentIndex(0 if facts is None else 1)
        if facts is None:
            return
        self._set_head(facts, due)
        self.tiles.set_facts(facts)
        if not is_same:
            self._revealed = ""
        self._tell_facts(facts)
        self.documents_section.set_html(documents_html(facts))
        self.promises_section.set_html(promises_html(facts) if len(facts.promises) > 1 else "")
        self.papers.set_papers(facts.papers, today=today)
        self.files.set_files(facts.state["attachments"], facts.files_at)
        self.opinions_section.set_html(opinions_html(facts, today=today))
        self.survey_section.set_html(survey_html(facts))
        self.story_section.set_html(story_html(facts, today=today))
        if not is_same:
            self._scroll.verticalScrollBar().setValue(0)

    def _tell_facts(self, facts: DossierFacts) -> None:
        is_masked = self.masks_numbers and self._revealed != facts.uuid
        self.facts_section.set_html(facts_html(facts, is_masked=is_masked))

    def hides_number(self) -> bool:
        """Say whether a number stands here with its middle hidden."""
        facts = self.facts
        hidden = self.masks_numbers and facts is not None and self._revealed != facts.uuid
        return hidden and facts is not None and has_person_number(facts.state)

    def reveal_number(self) -> None:
        """Show the whole number of this dossier until another one is chosen."""
        if self.facts is not None:
            self._revealed = self.facts.uuid
            self._tell_facts(self.facts)

    def _on_link_activated(self, _link: str) -> None:
        self.number_requested.emit()

    def _set_head(self, facts: DossierFacts, due: Due | None) -> None:
        state = facts.state
        code = facts.shown_code
        if facts.official_code and facts.code != facts.official_code:
            code = f"{facts.official_code}  ({facts.code})"
        elif not facts.official_code:
            code = self.tr("{code} (số tạm)").format(code=facts.code)
        self.code_label.setText(code)
        self.name_label.setText(with_year(state["applicant_name"], state["birth_date"]))
        is_void = bool(state["is_void"])
        status = in_window(STATUS_LABELS[facts.status])
        self.status_label.setText(self.tr("Đã hoàn tác tiếp nhận") if is_void else status)
        whole = self.status_label.fontMetrics().horizontalAdvance(self.status_label.text())
        self.status_label.setMinimumWidth(min(whole, metrics().px(_USUAL_STATUS)))
        caption, moment = self._due_words(facts)
        self._due_caption.setText(caption)
        self.due_label.setText(moment)
        self.due_label.setVisible(bool(moment))
        self.due_mark.set_due(due)

    def _due_words(self, facts: DossierFacts) -> tuple[str, str]:
        due = facts.moment("due_at")
        expected = facts.moment("expected_due_at")
        if due is None and expected is not None:
            return self.tr("Dự kiến, khi cơ quan có thẩm quyền đã nhận"), big_day(expected)
        if due is None:
            return self.tr("Tạm dừng tính hạn"), ""
        if facts.state["rescheduled_due_at"] is not None:
            legal = facts.moment("legal_due_at")
            text = self.tr("Hẹn lại (hạn theo luật {day})")
            return text.format(day="" if legal is None else format_date(legal)), big_day(due)
        return self.tr("Hẹn trả"), big_day(due)

    def focus_acts(self) -> None:
        """Put the focus on the wanted act."""
        self.tiles.focus_first()

    def has_focus_inside(self) -> bool:
        """Say whether the focus is somewhere in the panel."""
        widget = self.window().focusWidget()
        return widget is not None and self.isAncestorOf(widget)
