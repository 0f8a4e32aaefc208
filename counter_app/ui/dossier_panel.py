"""One dossier whole: who, what, until when, what can be done next, papers, and its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.books import BookEntry
from counter_app.domain.contacts import last_call
from counter_app.domain.dossier import STATUS_LABELS, PromiseKind
from counter_app.domain.facts import DossierFacts, PaperFacts
from counter_app.domain.fees import FeeStanding
from counter_app.domain.words import format_date, format_moment
from counter_app.ui.act_tiles import ActTiles
from counter_app.ui.buttons import ActionButton
from counter_app.ui.dossier_records import FileList, opinions_html, survey_html
from counter_app.ui.due_mark import DueLabel
from counter_app.ui.fields import set_tone
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.words import (
    Due,
    big_day,
    birth_words,
    group_digits,
    id_text,
    number_text,
    short_moment,
    story_moment,
    with_year,
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("dossier_panel", text)


def _table(rows: Sequence[tuple[str, str]], width: int) -> str:
    """Return a two-column table: label muted, value; rows without a value are left out."""
    cells = "".join(
        f'<tr><td width="{width}" style="color:{colours().muted};padding:0 8px 3px 0">'
        f'{escape(label)}</td><td style="padding:0 0 3px 0">{value}</td></tr>'
        for label, value in rows
        if value
    )
    return f'<table width="100%" cellspacing="0" cellpadding="0">{cells}</table>'


def facts_html(facts: DossierFacts, *, is_masked: bool = False) -> str:
    """Return who brought what, how and when; a masked number has a link that shows it."""
    state = facts.state
    sex = {"male": _tr("Nam"), "female": _tr("Nữ")}.get(state["sex"] or "", "")
    born = " · ".join(part for part in (birth_words(state["birth_date"]), sex) if part)
    is_firm = state["owner_kind"] == "organisation"
    submitter = state["submitter_name"]
    other = submitter if submitter and submitter != state["applicant_name"] else ""
    if other and state["submitter_id"]:
        other = f"{other}, {number_text(state['submitter_id'], is_masked=is_masked)}"
    received = facts.moment("received_at")
    came = " · ".join(
        part
        for part in (
            "" if received is None else format_moment(received),
            facts.channel_label,
            state["counter_name"],
            state["reception_officer"],
        )
        if part
    )
    handled = " · ".join(p for p in (state["resolving_unit"], state["handling_officer"]) if p)
    procedure = f"{escape(state['procedure_name'])}"
    code = f'<span style="color:{colours().muted}"> {escape(state["procedure_code"])}</span>'
    ways = {"post": _tr("Qua bưu chính"), "online": _tr("Trực tuyến")}
    collected = " · ".join(
        part for part in (state["collected_by"], ways.get(state["returned_via"], "")) if part
    )
    number = _shown_number(state, is_masked=is_masked)
    rows = [
        (_tr("Thủ tục"), procedure + code),
        (_tr("Mã số thuế") if is_firm else _tr("Số định danh"), number),
        (_tr("Ngày sinh"), escape(born)),
        (_tr("Người nộp thay"), escape(other)),
        (_tr("Người được khai"), escape(state["subject_name"])),
        (_tr("Điện thoại"), escape(group_digits(state["phone"]))),
        (_tr("Địa chỉ"), escape(state["address"])),
        (_tr("Nội dung"), escape(state["content"])),
        (_tr("Tiếp nhận"), escape(came)),
        (_tr("Nơi giải quyết"), escape(handled)),
        (_tr("Thẩm quyền"), escape(state["competent_unit"])),
        (_tr("Nơi tiếp nhận"), escape(state["received_unit"])),
        (_tr("Nơi hỗ trợ nộp"), escape(state["helped_unit"])),
        (_tr("Bàn giao"), _handed_over(facts)),
        (_tr("Các bước"), _steps(facts)),
        (_tr("Số trong sổ"), escape(_book(state))),
        (_tr("Phí, lệ phí"), escape(FeeStanding.of(state).words)),
        (_tr("Người đã nhận"), escape(collected)),
        (_tr("Cuộc gọi gần nhất"), escape(last_call(state))),
        (_tr("Lý do trễ"), escape(state["late_reason"])),
        (_tr("Ghi chú"), escape(state["note"])),
        (_tr("Giữa các quầy"), _doubts(facts)),
    ]
    return _table(rows, metrics().px(112))


def _shown_number(state: dict[str, Any], *, is_masked: bool) -> str:
    text = escape(id_text(state, is_masked=is_masked))
    if not (is_masked and has_person_number(state)):
        return text
    link = f'<a href="number" style="color:{colours().accent}">{escape(_tr("Hiện số"))}</a>'
    return f'{text} &nbsp; {link} <span style="color:{colours().muted}">F10</span>'


def has_person_number(state: dict[str, Any]) -> bool:
    """Tell whether a dossier holds a number of a person, the owner's or the submitter's."""
    owners = state["citizen_id"] and not state["tax_code"]
    return bool(owners or state["submitter_id"])


def _book(state: dict[str, Any]) -> str:
    return str(BookEntry.of(state["book"])) if state["book"] else ""


def _handed_over(facts: DossierFacts) -> str:
    """Say by when it must leave the desk, or that it left and who has it in hand."""
    given, taken = facts.moment("forwarded_at"), facts.moment("accepted_at")
    if facts.leave_by is not None:
        at = format_moment(facts.leave_by)
        if facts.should_have_left:
            late = escape(_tr("quá giờ chuyển, phải chuyển trước {at}").format(at=at))
            return f'<span style="color:{colours().danger}">{late}</span>'
        return escape(_tr("chuyển trước {at}").format(at=at))
    if given is None:
        return ""
    told = _tr("chuyển lúc {at}").format(at=format_moment(given))
    if taken is None:
        return escape(told + ", " + _tr("chưa nhận"))
    took = _tr("{who} nhận lúc {at}")
    return escape(
        told + ", " + took.format(who=facts.state["accepted_by"], at=format_moment(taken))
    )


def _steps(facts: DossierFacts) -> str:
    """Return the steps of linked procedures, a slow one in the colour of what is late."""
    lines = [
        f'<span style="color:{colours().danger}">{escape(words)}</span>'
        if is_late
        else escape(words)
        for words, is_late in facts.steps
    ]
    return "<br>".join(lines)


def _doubts(facts: DossierFacts) -> str:
    """Return what other desks say and doesn't count here yet."""
    return "<br>".join(
        f'<span style="color:{colours().warning_text}">{escape(words)}</span>'
        for words in facts.doubts
    )


def documents_html(facts: DossierFacts) -> str:
    """Return the submitted documents with their numbers."""
    lines = []
    for paper in facts.documents:
        counted = []
        if paper.originals:
            counted.append(_tr("{count} bản chính").format(count=paper.originals))
        if paper.copies:
            counted.append(_tr("{count} bản sao").format(count=paper.copies))
        tail = f'<span style="color:{colours().muted}"> – {", ".join(counted)}</span>'
        lines.append(escape(paper.name) + (tail if counted else ""))
    return _lines(lines)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f'<p style="margin:0 0 3px 0">{line}</p>' for line in lines)


def promises_html(facts: DossierFacts) -> str:
    """Return every promise in the order it was made, the ones that don't count muted."""
    names = {
        PromiseKind.FIRST: _tr("Hẹn lần đầu"),
        PromiseKind.RESTART: _tr("Tính lại sau bổ sung"),
        PromiseKind.PAUSE: _tr("Tính tiếp sau tạm dừng"),
        PromiseKind.EXTENSION: _tr("Gia hạn xác minh"),
        PromiseKind.CORRECTION: _tr("Sửa thông tin"),
        PromiseKind.CALENDAR: _tr("Đổi lịch làm việc"),
        PromiseKind.IMPORTED: _tr("Theo danh sách nhập"),
        PromiseKind.RESCHEDULE: _tr("Hẹn lại"),
    }
    rows = []
    for promise in facts.promises:
        value = escape(big_day(promise.due_at))
        extra = [escape(text) for text in (promise.reason, promise.source) if text]
        if not promise.counts:
            extra.append(_tr("không được tính"))
        if promise.provisional:
            extra.append(_tr("lịch năm đó chưa chính thức"))
        if extra:
            value += f'<span style="color:{colours().muted}"> – {", ".join(extra)}</span>'
        rows.append((names[PromiseKind(promise.kind)], value))
    return _table(rows, metrics().px(148))


def story_html(facts: DossierFacts, *, today: date) -> str:
    """Return the events as a story, oldest first; undone ones are struck through."""
    muted = colours().muted
    lines = []
    for event in facts.events:
        when = escape(story_moment(event.at, today))
        text = escape(event.text)
        if event.is_undone:
            text = f'<s style="color:{muted}">{text}</s> ({_tr("đã hoàn tác")})'
        lines.append(f'<span style="color:{muted}">{when} —</span> {text}')
    return "".join(f'<p style="margin:0 0 6px 0">{line}</p>' for line in lines)


class Section(QWidget):
    """A small heading and a text that can be selected; hidden while it is empty."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        heading = QLabel(title)
        heading.setFont(theme().font(strong=True))
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(metrics().step(1.5))
        self.column.addWidget(heading)
        self.column.addWidget(self.label)

    def set_html(self, html: str) -> None:
        """Show a text, or hide the section."""
        self.label.setText(html)
        self.setVisible(bool(html))


class PaperList(QWidget):
    """Issued papers, one line each; Enter prints one again."""

    reprint_requested = Signal(object)  # PaperFacts
    view_requested = Signal(object)  # PaperFacts

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._heading = QLabel(self.tr("Giấy tờ đã in"))
        self._heading.setFont(theme().font(strong=True))
        self._papers: list[PaperFacts] = []
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(metrics().step(1))
        self._column.addWidget(self._heading)

    def set_papers(self, papers: Sequence[PaperFacts], *, today: date) -> None:
        """Show these papers, or hide."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._papers = list(papers)
        self._rows = [self._make_row(paper, today) for paper in papers]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(papers))

    def buttons(self) -> list[ActionButton]:
        """Return the buttons that print a paper again, in order."""
        return self._buttons("print")

    def view_buttons(self) -> list[ActionButton]:
        """Return the buttons that show a paper, in order."""
        return self._buttons("view")

    def _buttons(self, name: str) -> list[ActionButton]:
        return [button for row in self._rows for button in row.findChildren(ActionButton, name)]

    def _make_row(self, paper: PaperFacts, today: date) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        names = {
            "receipt": self.tr("Giấy tiếp nhận"),
            "apology": self.tr("Văn bản xin lỗi"),
            "supplement": self.tr("Phiếu yêu cầu bổ sung"),
            "refusal": self.tr("Phiếu từ chối"),
            "stop": self.tr("Thông báo dừng giải quyết"),
            "routing-slip": self.tr("Phiếu kiểm soát"),
            "handover": self.tr("Danh sách bàn giao"),
        }
        parts = [names.get(paper.kind, paper.kind), short_moment(paper.issued_at, today)]
        if paper.number:
            parts.insert(1, self.tr("số {number}").format(number=paper.number))
        if paper.copies:
            parts.append(self.tr("đã in lại {count} lần").format(count=paper.copies))
        if paper.is_replaced:
            parts.append(self.tr("đã thay thế"))
        text = QLabel("  ·  ".join(parts))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        view = ActionButton(self.tr("Xem"), kind="quiet")
        view.setObjectName("view")
        view.setAccessibleDescription(text.text())
        view.clicked.connect(self._on_view_clicked)
        button = ActionButton(self.tr("In lại"), kind="quiet", icon="print")
        button.setObjectName("print")
        button.setAccessibleDescription(text.text())
        button.setProperty("paper", len(self._rows))
        button.clicked.connect(self._on_button_clicked)
        button.set_reason(
            self.tr("Giấy này đã thay thế bằng giấy mới.") if paper.is_replaced else None
        )
        line.addWidget(text, 1)
        line.addWidget(view)
        line.addWidget(button)
        return row

    def _on_view_clicked(self) -> None:
        buttons: list[QObject] = list(self.view_buttons())
        self.view_requested.emit(self._papers[buttons.index(self.sender())])

    def _on_button_clicked(self) -> None:
        buttons: list[QObject] = list(self.buttons())
        self.reprint_requested.emit(self._papers[buttons.index(self.sender())])


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
        self._stack = QStackedWidget()
        self._empty = QLabel(self.tr("Chọn một hồ sơ để xem."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_tone(self._empty, "muted")
        self._stack.addWidget(self._empty)
        self._content = self._make_content()
        self._stack.addWidget(self._scrolled(self._content))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def least_width(self) -> int:
        """Return the width that leaves no word of a dossier cut."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return self._content.minimumSizeHint().width() + bar

    @staticmethod
    def _scrolled(content: QWidget) -> QScrollArea:
        """Let the whole move where a low screen has no room for all the acts."""
        outer = QScrollArea()
        outer.setWidgetResizable(True)
        outer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.setFrameShape(QFrame.Shape.NoFrame)
        outer.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.setWidget(content)
        content.setAutoFillBackground(False)
        outer.viewport().setAutoFillBackground(False)
        return outer

    def _make_content(self) -> QWidget:
        measures = metrics()
        self.code_label = QLabel()
        self.name_label = QLabel()
        self.status_label = QLabel()
        self.due_label = QLabel()
        self.due_mark = DueLabel()
        self.name_label.setFont(theme().font(measures.title_size, strong=True))
        self.name_label.setWordWrap(True)
        self.due_label.setFont(theme().font(measures.title_size, strong=True))
        set_tone(self.status_label, "muted")
        for label in (self.code_label, self.name_label, self.status_label, self.due_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.addWidget(self.code_label)
        top.addStretch(1)
        top.addWidget(self.status_label)
        self._due_caption = QLabel()
        set_tone(self._due_caption, "muted")
        due_line = QHBoxLayout()
        due_line.setSpacing(measures.step(4))
        due_line.addWidget(self.due_label)
        due_line.addWidget(self.due_mark, 1)
        self.tiles = ActTiles()
        self.tiles.act_requested.connect(self.act_requested)
        self.tiles.more_requested.connect(self.more_requested)
        content = QWidget()
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
        column.addWidget(self._make_scroll(), 1)
        return content

    def _make_scroll(self) -> QScrollArea:
        measures = metrics()
        self.facts_section = Section(self.tr("Thông tin"))
        self.facts_section.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.facts_section.label.linkActivated.connect(self._on_link_activated)
        self.documents_section = Section(self.tr("Thành phần hồ sơ"))
        self.promises_section = Section(self.tr("Các lần hẹn"))
        self.papers = PaperList()
        self.papers.reprint_requested.connect(self.reprint_requested)
        self.papers.view_requested.connect(self.view_requested)
        self.files = FileList()
        self.files.file_requested.connect(self.file_requested)
        self.opinions_section = Section(self.tr("Ý kiến đơn vị khác"))
        self.survey_section = Section(self.tr("Phiếu đánh giá"))
        self.story_section = Section(self.tr("Diễn biến"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, measures.step(4), measures.step(4))
        column.setSpacing(measures.step(5))
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
        scroll = _Reading()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(self.tr("Nội dung hồ sơ"))  # Tab and arrows read on
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._scroll = scroll
        return scroll

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
        self.files.set_files(facts.state["attachments"])
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
        self.status_label.setText(
            self.tr("Đã hoàn tác tiếp nhận") if is_void else STATUS_LABELS[facts.status]
        )
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
