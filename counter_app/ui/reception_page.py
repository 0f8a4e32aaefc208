"""Tiếp nhận: a citizen, a procedure, a due date, a receipt, and on to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counter_app.domain.vietnamese import clean_line
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.due_card import DueCard
from counter_app.ui.fields import ERROR, HINT, set_tone
from counter_app.ui.interaction import Interaction, QtInteraction
from counter_app.ui.recent_receipts import RecentStrip
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_draft import DraftKeeper, TypedWork
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_group import SAME_PERSON, SAME_PROCEDURE, ReceptionGroup
from counter_app.ui.reception_layout import FOLDS, PERSON_FIELDS
from counter_app.ui.reception_opening import ReceptionOpening
from counter_app.ui.reception_paper import PaperReceipt
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_person import judge_paper
from counter_app.ui.reception_promise import AskAboutProcedure, Promise, ask_in_a_dialog
from counter_app.ui.reception_saving import SavingReception
from counter_app.ui.reception_visits import ReceptionVisits
from counter_app.ui.theme import metrics
from counter_app.ui.views import see_through

if TYPE_CHECKING:
    from counter_app.domain.facts import DossierRow

_NARROW = 870  # at 100 %: below it the card gives way to the form


class ReceptionPage(SavingReception):
    """The page for receiving dossiers (tiếp nhận hồ sơ)."""

    def __init__(
        self,
        desk: ReceptionDesk,
        parent: QWidget | None = None,
        *,
        interaction: Interaction | None = None,
        ask: AskAboutProcedure = ask_in_a_dialog,
    ) -> None:
        """``ask`` puts the question of a procedure's first use."""
        super().__init__(parent)
        self.title = self.tr("Tiếp nhận")
        self.help_text = self.tr(
            "Quét thẻ hoặc gõ số định danh, gõ vài chữ của tên thủ tục, đánh dấu giấy tờ, rồi F9. "
            "Enter sang ô sau và không bao giờ lưu; Esc lùi một bước và không bỏ gì. "
            "Thẻ quét sau thẻ đầu là của người nộp thay, Ctrl+M đổi chỗ hai người. "
            "Trong danh sách giấy tờ: ↑ ↓ chọn dòng, Space đánh dấu, chữ số ghi số bản, ← → chọn "
            "bản chính hay bản sao; dấu * là giấy tờ bắt buộc.\n"
            "Ctrl+O tổ chức · Ctrl+T nộp thay · Ctrl+F thông tin thêm · Ctrl+E nhận trên giấy · "
            "Ctrl+M đổi chỗ hai người · "
            "Ctrl+P chọn người theo điện thoại · Ctrl+G sửa giờ nhận · Ctrl+I thêm giấy tờ · "
            "F5 xác nhận thời hạn · Ctrl+H mở hồ sơ trùng · Ctrl+D thêm hồ sơ cùng người · "
            "Ctrl+U chưa nhận, in phiếu · F10 mở lại phiếu trước · "
            "Ctrl+R in lại · F11 thu phí · Ctrl+J các hồ sơ gần đây · Ctrl+N xóa trắng · "
            "Ctrl+S vào nhóm, thêm thủ tục cho người này · Ctrl+W vào nhóm, thêm người cho thủ "
            "tục này · Ctrl+Q chép từ hồ sơ cũ · "
            "Ctrl+PgDn cuộn phần diễn giải ngày hẹn."
        )
        self._desk = desk
        self._interaction = interaction or QtInteraction(self)
        self._is_started = False
        self.form = ReceptionForm(
            match=desk.match, today=lambda: desk.clock().date(), units=desk.other_units
        )
        self.card = DueCard()
        self.card.save_button.end(self.form)
        self.recent = RecentStrip(self)
        self.people = PersonHelp(self.form, desk, self._interaction, self)
        self.promise = Promise(
            self.form, self.card, desk, interaction=self._interaction, ask=ask, parent=self
        )
        self.paper = PaperReceipt(self.form, self.promise, self)
        self.group = ReceptionGroup(
            self.form,
            self.promise,
            self,
            person_fields=PERSON_FIELDS,
            start_anew=self._start_anew,
        )
        self.visits = ReceptionVisits(self.form, desk, self)
        self.opening = ReceptionOpening(self.form, self.people, self.paper, self.visits, self)
        self.typed = TypedWork(
            self.form, self.promise, self.people, self.group, desk=desk, parent=self
        )
        self.draft = DraftKeeper(desk, self, body=self.typed.body)
        self._lay_out()
        self._connect()
        self._bind_keys()

    # What it is made of

    def _lay_out(self) -> None:
        # The page's words stand in the heading: a line of their own would push the form down.
        self.notice = self.form.heading.words
        self._said_below = False
        self.clear_button = ActionButton(self.tr("Xóa trắng"), key="Ctrl+N", kind="quiet")
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.form.heading.add(self.clear_button)
        row = QHBoxLayout()
        row.setSpacing(metrics().step(3))
        row.addWidget(self._make_scroll(), 1)
        row.addWidget(self.card)
        column = QVBoxLayout(self)
        edge = metrics().step(4)
        column.setContentsMargins(edge, metrics().step(2), edge, metrics().step(1))
        column.setSpacing(metrics().step(1))
        column.addLayout(row, 1)
        column.addWidget(self.group.strip)
        column.addWidget(self.recent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the card give way to the form on a narrow screen."""
        super().resizeEvent(event)
        is_narrow = self.width() < metrics().px(_NARROW)
        self.card.set_narrow(narrow=is_narrow)
        self._inside.setContentsMargins(0, 0, 0 if is_narrow else metrics().step(3), 0)

    def _make_scroll(self) -> QScrollArea:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        self._inside = QVBoxLayout(holder)
        self._inside.addWidget(self.form)
        self._inside.addStretch(1)
        see_through(self._scroll)
        self._scroll.setWidget(holder)
        holder.setAutoFillBackground(False)
        return self._scroll

    def _connect(self) -> None:
        self.form.changed.connect(self._on_form_changed)
        self.form.emptied.connect(self.promise.take_back_beginning)
        self.form.field_entered.connect(self._on_field_entered)
        self.form.procedure_chosen.connect(self.people.on_procedure_chosen)
        for fold in FOLDS:
            self.form.fold_button(fold).clicked.connect(_bound(self.toggle_fold, fold))
        self.people.said.connect(self._say)
        self.people.failed.connect(self.card.show_error)
        self.promise.changed.connect(self._on_form_changed)
        self.paper.changed.connect(self._on_form_changed)
        self.group.changed.connect(self._on_form_changed)
        self.group.members_changed.connect(self._on_members_changed)
        self.group.strip.edit_button.clicked.connect(self.edit_last)
        self.draft.failed.connect(_bound_last(self._say, ERROR))
        self.card.save_button.clicked.connect(self.main_action)
        self.clear_button.clicked.connect(self.ask_to_clear)
        self.card.not_today_button.clicked.connect(self.not_today)
        for part in (self.visits, self.opening, self.typed):
            part.said.connect(self._say)
        self.visits.recorded.connect(self._on_visit_recorded)
        self.visits.reopened.connect(self._on_visit_reopened)
        self.recent.reprint_asked.connect(self.reprint)
        self.recent.group_asked.connect(self.reprint_group)
        self.recent.slip_asked.connect(self.visits.print_again)
        self.recent.copy_asked.connect(self.people.copy)
        self.recent.fee_asked.connect(self._on_fee_asked)
        self.recent.list_closed.connect(self._on_list_closed)

    def _bind_keys(self) -> None:
        for key, slot in (
            ("Ctrl+O", _bound(self.toggle_fold, "organisation")),
            ("Ctrl+T", _bound(self.toggle_fold, "submitter")),
            ("Ctrl+F", _bound(self.toggle_fold, "more")),
            ("Ctrl+E", _bound(self.toggle_fold, "paper")),
            ("Ctrl+U", self.not_today),
            ("F10", self.visits.reopen_known),
            ("Ctrl+M", self.people.swap),
            ("Ctrl+P", self.people.choose_by_phone),
            ("Ctrl+H", self.open_duplicate),
            ("Ctrl+G", self.promise.change_moment),
            ("F5", self.promise.ask_about_procedure),
            ("Ctrl+I", self.add_paper),
            ("Ctrl+N", self.ask_to_clear),
            ("Ctrl+R", self.recent.reprint),
            ("Ctrl+D", self.recent.copy_person),
            ("Ctrl+J", self.recent.toggle_list),
            ("F11", self.recent.take_fee),
            ("Ctrl+S", _bound(self.add_to_group, SAME_PERSON)),
            ("Ctrl+W", _bound(self.add_to_group, SAME_PROCEDURE)),
            ("Ctrl+Y", self.edit_last),
            ("Ctrl+Q", self.copy_earlier),
            ("Ctrl+PgDown", _bound(self.card.scroll_proof, 1)),
            ("Ctrl+PgUp", _bound(self.card.scroll_proof, -1)),
        ):
            self.add_key(key, slot)

    # The window's hooks

    def first_field(self) -> QWidget | None:
        """Begin at the citizen's number."""
        return self.form.number

    def activated(self, *, refresh: bool) -> None:
        """Show the last receipts, and at the first time the draft of a crash."""
        if not self._is_started and self._desk.is_attended():
            self._is_started = True
            found = self.draft.load()
            if found is not None:
                self.typed.restore(*found)
        self._refresh_recent()

    def day_changed(self) -> None:
        """Show the receipt's moment and the promise as they read on the new day."""
        self.promise.renew()
        self._refresh_recent()

    def person_changed(self) -> None:
        """Show the draft of who signed in, if the page stood there before him."""
        self.activated(refresh=True)

    def clock_moved(self, leap: timedelta) -> None:
        """Move the stamp of the form in hand along with the clock."""
        self.promise.move_beginning(leap)
        self.group.move_beginnings(leap)

    def opened_with(self, argument: object) -> None:
        """Begin with what another page or a scan asks for."""
        if isinstance(argument, str):
            self.opening.take(argument)

    def has_unsaved_work(self) -> bool:
        """Say whether something stands in the form."""
        return self.group.is_begun() or not self.form.is_untouched()

    def step_back(self) -> bool:
        """Close what is open: the list, the matches, the fold the focus is in."""
        if self.recent.is_list_open():
            self.recent.close_list()
            return True
        if self.form.procedure.matches_shown():
            self.form.procedure.close_matches()
            return True
        fold = self.form.fold_of_focus()
        if fold:
            self.toggle_fold(fold)
        return bool(fold)

    # Persons, papers, folds

    def take_card(self, text: str) -> bool:
        """Use the text of a scanned card; what can't be read is said."""
        self.people.take_card(text)
        return True

    def take_code(self, text: str) -> bool:
        """Take a scanned code as the official one if the focus waits for it there."""
        if not self.form.official_code.hasFocus():
            return False
        self.form.fill({"official_code": text})
        return True

    def open_duplicate(self) -> None:
        """Open the dossier that the same citizen already has; the form stays as it is."""
        if self.people.duplicate is not None:
            self.draft.save()
            self.page_requested.emit("dossiers", f"code:{self.people.duplicate.code}")

    def add_paper(self) -> None:
        """Ask for a paper that isn't in the catalogue."""
        name = self._interaction.ask_text(
            self.tr("Giấy tờ nào được nộp thêm?"), yes=self.tr("Thêm"), check=judge_paper
        )
        if name and clean_line(name):
            self.form.add_paper(clean_line(name))

    def toggle_fold(self, fold: str) -> None:
        """Open a folded part and go into it, or close it and go back to the person."""
        is_open = not self.form.is_fold_open(fold)
        self.form.set_fold(fold, is_open=is_open, enter=is_open)
        if not is_open:
            self.form.go_to("phone")

    # Clearing

    def ask_to_clear(self) -> None:
        """Empty the form; what was typed is thrown away only after a question."""
        asked = self.tr("Xóa những gì đang gõ?")
        if self.group.is_begun():
            words = self.tr("Bỏ cả nhóm {count} hồ sơ chưa lưu và những gì đang gõ?")
            asked = words.format(count=len(self.group.members))
        if self.has_unsaved_work() and not self._interaction.confirm(
            asked,
            yes=self.tr("Xóa trắng"),
            no=self.tr("Giữ lại"),
            detail=self.tr("Hồ sơ đã lưu không bị ảnh hưởng."),
        ):
            return
        self.group.forget()
        self.draft.forget()
        self._start_anew()

    def _start_anew(self) -> None:
        self.people.forget()
        self.visits.forget()
        self.form.clear()
        self.promise.forget()
        self._say("", HINT)
        self._scroll.verticalScrollBar().setValue(0)
        self.form.go_to("citizen_id")

    # Slots

    def _on_form_changed(self) -> None:
        self.card.show_error("")
        if not self.form.is_untouched():
            self.promise.begin()
        self.draft.note_change()

    def _on_members_changed(self, count: int) -> None:
        verb = self.tr("Lưu cả nhóm, in") if count else self.tr("Lưu, in, tiếp")
        self.card.save_button.set_verb(verb)

    def _on_field_entered(self, field: QWidget) -> None:
        self._scroll.ensureWidgetVisible(field, 0, metrics().step(12))
        self.draft.save_if_due()

    def _on_fee_asked(self, row: DossierRow) -> None:
        from counter_app.domain.dossier import Move
        from counter_app.ui.dossier_calls import DossierQuery  # another page's, not for the start

        self.page_requested.emit("dossiers", DossierQuery(code=row.uuid, act=Move.FEE))

    def _on_list_closed(self) -> None:
        self.form.go_to("citizen_id" if self.form.is_person_empty() else "procedure_code")

    def _refresh_recent(self) -> None:
        try:
            self.recent.set_rows(self._desk.recent())
        except UserError as error:
            self.card.show_error(error.message)

    def _say(self, text: str, tone: str) -> None:
        set_tone(self.notice, tone if text else HINT)
        self.notice.setText(text)
        # Large letters leave the heading no room: what can't be read there stands in the foot.
        is_cut = bool(text) and self.notice.is_cut()
        if is_cut or self._said_below:
            self.state_text_changed.emit(text if is_cut else "")
        self._said_below = is_cut


def _bound(method: Callable[..., object], *arguments: Any) -> Callable[..., object]:
    """Bind arguments and drop what a signal adds (a button's ``checked``)."""
    return lambda *_: method(*arguments)


def _bound_last(method: Callable[..., object], last: Any) -> Callable[[str], object]:
    """Add a last argument to what a signal brings."""
    return lambda text: method(text, last)
