"""The page Xin lỗi: who is at risk, who was confirmed, who is late, and the letter as it prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QSplitter, QVBoxLayout, QWidget

from counter_app.domain.facts import ApologyRow, DossierFacts
from counter_app.errors import UserError
from counter_app.ui.apology_calls import TYPED, ApologyCalls, apology_calls
from counter_app.ui.apology_letter import LetterPane
from counter_app.ui.apology_word import WordForm, is_ready
from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics
from counter_app.ui.words import short_day

__all__ = ["ApologyCalls", "ApologyPage", "apology_calls"]

_PREVIEW_DELAY_MS = 60
_KINDS = ("at_risk", "confirmed", "late")
_FIELDS = {"new_due": "day", "expected": "day"}  # the services' names for the one day field


class ApologyPage(Page):
    """Apologies: found in time, worded by the unit, seen before they are printed."""

    def __init__(
        self,
        calls: ApologyCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is loaded before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Xin lỗi")
        self.help_text = self.tr(
            "Bên trái: hồ sơ sắp trễ, hồ sơ đơn vị giải quyết đã hẹn lại, và hồ sơ đã trễ. Chọn "
            "một hồ sơ, ghi lý do và ngày, văn bản hiện ở bên phải đúng như khi in. F9 ghi ý kiến, "
            "hoặc phát hành mọi văn bản đã đủ lý do; Ctrl+P chỉ phát hành văn bản đang xem."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._groups: dict[str, list[ApologyRow]] = {kind: [] for kind in _KINDS}
        self._is_busy = False
        self._wanted = ""  # the dossier to choose after a refresh
        self._was_loaded = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PREVIEW_DELAY_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._build()
        self._lay_out()
        self._connect()

    def _build(self) -> None:
        self.chips = ChipRow(
            [
                Chip("at_risk", self.tr("Sắp trễ"), "warning"),
                Chip("confirmed", self.tr("Đã xác nhận")),
                Chip("late", self.tr("Đã trễ"), "danger"),
            ]
        )
        self.model = RowTableModel(self._columns(), self)
        self.table = TableView()
        self.table.set_model(self.model)
        self.table.setAccessibleName(self.tr("Hồ sơ cần xin lỗi"))
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(3, metrics().px(self.model.columns[3].width))
        self.word = WordForm(self._calls)
        self.letter = LetterPane(self._runner)

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("Người nộp"), "applicant_name", width=176),
            Column(self.tr("Mã hồ sơ"), "code", width=208, figures=True),
            Column(
                self.tr("Hạn"),
                "due_at",
                show=lambda moment: short_day(moment.date(), self._calls.now().date()),
                width=64,
                figures=True,
            ),
            Column(self.tr("Tình trạng"), self.state_words, width=156, tone=_state_tone),
        ]

    def _lay_out(self) -> None:
        measures = metrics()
        left = QWidget()
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, measures.step(5), 0)
        left_column.setSpacing(measures.step(3))
        left_column.addWidget(self.chips)
        left_column.addWidget(self.table, 1)
        left_column.addWidget(self.word)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.letter)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        column.addWidget(self.splitter)

    def _connect(self) -> None:
        self.chips.chosen.connect(self._on_group_chosen)
        self.table.row_selected.connect(self._on_row_selected)
        self.table.row_opened.connect(self._on_row_opened)
        self.word.record_requested.connect(self.record)
        self.word.changed.connect(self._place_keys)
        self.letter.signer_changed.connect(self._timer.start)
        self.letter.issue_one_button.clicked.connect(self.issue_one)
        self.letter.issue_all_button.clicked.connect(self.issue_all)
        self.add_key("Ctrl+P", self.issue_one)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room; the code gives way to the name where there is little."""
        super().resizeEvent(event)
        room = self.splitter.width()
        letter = min(metrics().px(760), room * 47 // 100)
        self.splitter.setSizes([room - letter, letter])
        self.table.setColumnHidden(1, room - letter < metrics().px(560))

    # What the frame calls

    def main_action(self) -> None:
        """Record the word that is missing or was typed, else issue every letter that is ready."""
        if self.word.wants_recording():
            self.record()
        elif self._calls.letter_number() == TYPED:
            self.issue_one()
        else:
            self.issue_all()

    def activated(self, *, refresh: bool) -> None:
        """Show who is owed an apology now."""
        self.letter.set_signers(self._calls.signers())
        self.letter.number.setVisible(self._calls.letter_number() == TYPED)
        self.refresh()

    def opened_with(self, argument: object) -> None:
        """Choose a group (``at_risk``, ``confirmed``, ``late``) or a dossier by its uuid."""
        text = str(argument or "")
        if text in _KINDS:
            self.chips.choose(text)
        elif text:
            self._wanted = text

    def first_field(self) -> QWidget | None:
        """Start on the list."""
        return self.table

    def step_back(self) -> bool:
        """Esc: from the form to the list; what was typed stays."""
        focused = self.window().focusWidget()
        if focused is not None and focused is not self.table and self.isAncestorOf(focused):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def has_unsaved_work(self) -> bool:
        """Say whether a word was typed and not recorded."""
        return self.word.has_drafts()

    # Lists

    def state_words(self, row: ApologyRow) -> str:
        """Say what a dossier still needs."""
        if row.kind == "at_risk":
            return self.tr("không kịp hẹn lại") if row.too_late else self.tr("chờ ý kiến")
        if row.kind == "confirmed":
            day = "" if row.new_due_at is None else self._day(row.new_due_at)
            return self.tr("hẹn lại {day}").format(day=day)
        if not row.reason:
            return self.tr("thiếu lý do")
        if row.new_due_at is None:
            return self.tr("thiếu ngày dự kiến")
        return self.tr("đủ, chờ phát hành")

    def _day(self, moment: Any) -> str:
        return short_day(moment.date(), self._calls.now().date())

    def refresh(self) -> None:
        """Fetch the three groups anew, keeping the chosen dossier."""
        calls = self._calls
        self._runner.run(
            lambda _job: calls.apologies(),
            on_done=self._on_listed,
            on_error=self._on_failed,
            owner=self,
            group="apologies",
        )

    def _on_listed(self, rows: Sequence[ApologyRow]) -> None:
        current = self._wanted or getattr(self.table.current_row(), "uuid", "")
        self._wanted = ""
        for kind in _KINDS:
            self._groups[kind] = [row for row in rows if row.kind == kind]
            self.chips.set_count(kind, len(self._groups[kind]))
        kind = next((row.kind for row in rows if row.uuid == current), "")
        if not kind:
            kind = self.chips.current()
            if not self._was_loaded or not self._groups[kind]:
                order = ("confirmed", "at_risk", "late")
                kind = next((k for k in order if self._groups[k]), kind)
        self._was_loaded = True
        self._show_group(kind, current)

    def _show_group(self, kind: str, uuid: str = "") -> None:
        self.chips.set_current(kind)
        rows = self._groups[kind]
        self.table.set_empty_text(self._empty_words(kind))
        self.model.set_rows(rows)
        number = next((i for i, row in enumerate(rows) if row.uuid == uuid), 0)
        if rows:
            self.table.select_row(number)
        else:
            self._on_row_selected(None)
        self._place_keys()

    def _empty_words(self, kind: str) -> str:
        return {
            "at_risk": self.tr("Không có hồ sơ nào sắp trễ trong thời gian báo trước."),
            "confirmed": self.tr("Không có hồ sơ hẹn lại nào chờ văn bản."),
            "late": self.tr("Không có hồ sơ trễ nào chờ văn bản xin lỗi."),
        }[kind]

    def _on_group_chosen(self, kind: str) -> None:
        self._show_group(kind)

    def ready(self) -> list[ApologyRow]:
        """Return every dossier whose letter can be issued now."""
        rows = [*self._groups["confirmed"], *self._groups["late"]]
        return [row for row in rows if is_ready(row)]

    # The chosen dossier and its letter

    def _current(self) -> ApologyRow | None:
        return self.table.current_row()

    def _on_row_selected(self, row: ApologyRow | None) -> None:
        self.word.set_row(row)
        self._timer.start()

    def _on_row_opened(self, row: ApologyRow) -> None:
        if row.kind != "confirmed":
            self.word.reason.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_timer_timeout(self) -> None:
        row = self._current()
        if row is None:
            self.letter.show_message("")
        elif not is_ready(row):
            self.letter.show_message(self._missing_words(row))
        else:
            preview, signer = self._calls.preview, self.letter.signer_value()
            self._runner.run(
                lambda _job: preview(row.uuid, signer),
                on_done=self.letter.show_letter,
                on_error=self._on_letter_failed,
                owner=self,
                group="letter",
            )

    def _missing_words(self, row: ApologyRow) -> str:
        if row.kind == "late":
            return self.tr("Ghi lý do và ngày dự kiến ở bên trái, văn bản xin lỗi sẽ hiện ở đây.")
        return self.tr(
            "Chưa có ý kiến của đơn vị giải quyết.\nGhi lý do và ngày hẹn lại ở bên trái, văn bản "
            "xin lỗi sẽ hiện ở đây."
        )

    def _on_letter_failed(self, error: UserError) -> None:
        self.letter.show_message(error.message)

    def _place_keys(self) -> None:
        """Write F9 on the button it presses now, and the number of letters on the other."""
        row, count = self._current(), len(self.ready())
        is_typed = self._calls.letter_number() == TYPED
        records = self.word.wants_recording()
        self.word.record_button.set_key("F9" if records else "")
        why_not_all = ""
        if self._is_busy:
            why_not_all = self.tr("Đang phát hành.")
        elif not count:
            why_not_all = self.tr("Chưa có văn bản nào đủ lý do và ngày hẹn.")
        elif is_typed:
            why_not_all = self.tr("Số văn bản nhập tay: phát hành từng văn bản.")
        can_one = row is not None and is_ready(row) and not self._is_busy
        self.letter.place_keys(
            count=count,
            f9_is="" if records else "one" if is_typed else "all",
            why_not_all=why_not_all,
            why_not_one="" if can_one else self.tr("Hồ sơ này chưa đủ lý do và ngày hẹn."),
        )

    # Acts

    def record(self) -> None:
        """Record the unit's word (F9)."""
        row = self._current()
        if row is None or row.kind == "confirmed" or self._is_busy or not self.word.validate():
            return
        use_case = self._calls.explain if row.kind == "late" else self._calls.reschedule
        values = self.word.values()
        self._set_busy(True)
        self._runner.run(
            lambda _job: use_case(row.uuid, **values),
            on_done=self._on_recorded,
            on_error=self._on_refused,
            owner=self,
        )

    def _on_recorded(self, facts: DossierFacts) -> None:
        self._set_busy(False)
        self.word.forget_draft()
        self._wanted = facts.uuid
        told = self.tr("Đã ghi ý kiến cho hồ sơ {code}. Ctrl+P phát hành văn bản này.")
        if facts.timeliness == "pending_in_time" and not facts.state["reschedules"]:
            # Due today: the word came too late to move the date, and nothing is late yet.
            told = self.tr(
                "Đã ghi thông báo trễ cho hồ sơ {code}. Nếu hết hôm nay chưa xong, hồ sơ chuyển "
                "sang Đã trễ và phát hành được văn bản xin lỗi."
            )
        self.state_text_changed.emit(told.format(code=facts.shown_code))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def _on_refused(self, error: UserError) -> None:
        self._set_busy(False)
        field = _FIELDS.get(error.field or "", error.field)
        if not self.word.form.show_error(UserError(error.message, field=field)):
            self._interaction.inform(error.message)

    def issue_one(self) -> None:
        """Issue the letter that is shown (Ctrl+P)."""
        row = self._current()
        if row is not None and is_ready(row):
            self._issue([row])

    def issue_all(self) -> None:
        """Issue every letter that is ready, asking once when there are several."""
        rows = self.ready()
        if not rows or self._is_busy:
            return
        question = self.tr("Phát hành và in {count} văn bản xin lỗi?")
        if len(rows) > 1 and not self._interaction.confirm(
            question.format(count=len(rows)), yes=self.tr("Phát hành"), no=self.tr("Quay lại")
        ):
            return
        self._issue(rows)

    def _issue(self, rows: Sequence[ApologyRow]) -> None:
        if self._is_busy:
            return
        issue, signer = self._calls.issue, self.letter.signer_value()
        number = self.letter.number_value()

        def work(job: Job) -> tuple[list[str], UserError | None]:
            issued: list[str] = []
            try:
                for row in rows:
                    issued.append(issue(row.uuid, signer, number))
                    job.progress(len(issued), len(rows))
            except UserError as error:
                # Those before it are issued and must be printed.
                return issued, error
            return issued, None

        self._set_busy(True)
        self._runner.run(work, on_done=self._on_issued, on_progress=self._on_issuing, owner=self)

    def _on_issuing(self, done: int, total: int, _text: str) -> None:
        text = self.tr("Đang phát hành văn bản {done} trên {total}")
        self.state_text_changed.emit(text.format(done=done, total=total))

    def _on_issued(self, outcome: tuple[list[str], UserError | None]) -> None:
        issued, error = outcome
        self._set_busy(False)
        self.letter.number.clear()
        if issued:
            self._calls.print_papers(issued)
            text = self.tr("Đã phát hành {count} văn bản xin lỗi.")
            self.state_text_changed.emit(text.format(count=len(issued)))
        if error is not None:
            self._interaction.inform(error.message)
        self.refresh()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.word.form.setEnabled(not is_busy)
        self._place_keys()

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)


def _state_tone(row: ApologyRow) -> str | None:
    if row.kind == "at_risk":
        return "danger" if row.too_late else "warning"
    return "accent" if is_ready(row) else "warning"
