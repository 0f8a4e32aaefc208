"""Tiếp nhận: a citizen, a procedure, a due date, a receipt, and on to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counter_app.domain.identity import looks_like_card
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import ConfirmationNeededError, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.checklist import CheckRow
from counter_app.ui.due_card import DueCard
from counter_app.ui.fields import ERROR, HINT, WARNING, Note, set_tone
from counter_app.ui.interaction import Interaction, QtInteraction
from counter_app.ui.recent_receipts import RecentStrip, short_code
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_draft import DraftKeeper
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_group import SAME_PERSON, SAME_PROCEDURE, ReceptionGroup
from counter_app.ui.reception_group_acts import LIMIT_WARNING, GroupReception
from counter_app.ui.reception_layout import FOLDS
from counter_app.ui.reception_paper import PaperReceipt
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_person import OWNER_FIELDS, judge_paper, values_of_person
from counter_app.ui.reception_promise import AskAboutProcedure, Promise, ask_in_a_dialog
from counter_app.ui.reception_request import at_form_fields, build_request
from counter_app.ui.reception_visits import ReceptionVisits
from counter_app.ui.theme import metrics

if TYPE_CHECKING:
    from counter_app.domain.facts import DossierRow, Received, ReceiveRequest
    from counter_app.domain.visits import VisitFacts

_PERSON_FIELDS = (*OWNER_FIELDS, *FOLDS["organisation"], *FOLDS["submitter"])
_NARROW = 870  # at 100 %: below it the card gives way to the form
_CITIZEN_ARGUMENT = "citizen:"
_VISIT_ARGUMENT = "visit:"
_PAPER_ARGUMENT = "paper:"
_DUPLICATE_WARNING = "Người này đang có hồ sơ"


class ReceptionPage(GroupReception):
    """The page for receiving dossiers (tiếp nhận hồ sơ)."""

    code_awaited = Signal(str)  # uuid of a dossier whose receipt waits for its official code

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
        self._last_person: dict[str, Any] = {}
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
            person_fields=_PERSON_FIELDS,
            start_anew=self._start_anew,
        )
        self.visits = ReceptionVisits(self.form, desk, self)
        self.draft = DraftKeeper(desk, self, body=self._draft_body)
        self._lay_out()
        self._connect()
        self._bind_keys()

    # What it is made of

    def _lay_out(self) -> None:
        # The page's words stand in the heading: a line of their own would push the form down.
        self.notice = self.form.heading.words
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
        self.card.set_narrow(narrow=self.width() < metrics().px(_NARROW))

    def _make_scroll(self) -> QScrollArea:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, metrics().step(3), 0)
        inside.addWidget(self.form)
        inside.addStretch(1)
        self._scroll.setWidget(holder)
        self._scroll.viewport().setAutoFillBackground(False)
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
        self.visits.said.connect(self._say)
        self.visits.recorded.connect(self._on_visit_recorded)
        self.visits.reopened.connect(self._on_visit_reopened)
        self.recent.reprint_asked.connect(self.reprint)
        self.recent.group_asked.connect(self.reprint_group)
        self.recent.slip_asked.connect(self.visits.print_again)
        self.recent.copy_asked.connect(self.copy_person)
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
        if not self._is_started:
            self._is_started = True
            self._restore_draft()
        self._refresh_recent()

    def day_changed(self) -> None:
        """Show the receipt's moment and the promise as they read on the new day."""
        self.promise.renew()
        self._refresh_recent()

    def clock_moved(self, leap: timedelta) -> None:
        """Move the stamp of the form in hand along with the clock."""
        self.promise.move_beginning(leap)
        self.group.move_beginnings(leap)

    def opened_with(self, argument: object) -> None:
        """Take a card's text, or ``citizen:`` and a number, from another page."""
        if not isinstance(argument, str):
            return
        if looks_like_card(argument):
            self.take_card(argument)
        elif argument.startswith(_VISIT_ARGUMENT):
            self._reopen(argument.removeprefix(_VISIT_ARGUMENT))
        elif argument.startswith(_CITIZEN_ARGUMENT):
            self._begin_with(argument.removeprefix(_CITIZEN_ARGUMENT))
        elif argument.startswith(_PAPER_ARGUMENT):
            self._begin_paper(argument.removeprefix(_PAPER_ARGUMENT))

    def _begin_paper(self, number: str) -> None:
        """Begin the dossier of a receipt that was written by hand; a scan never overwrites."""
        held = self.form.value("paper_number")
        if held != number and not self.form.is_untouched():
            words = self.tr("Đang gõ dở hồ sơ: lưu hoặc xóa trắng rồi quét lại tờ giấy {number}.")
            self._say(words.format(number=number), WARNING)
            return
        self.paper.begin(number)

    def _is_taken(self) -> bool:
        """Say that somebody's dossier is half typed, if one is."""
        if self.form.is_person_empty():
            return False
        words = self.tr("Đang gõ dở hồ sơ của {name}: lưu hoặc xóa trắng rồi nhận người khác.")
        name = self.form.value("applicant_name") or self.form.value("citizen_id")
        self._say(words.format(name=name), WARNING)
        return True

    def _reopen(self, code: str) -> None:
        if not self._is_taken():
            self.visits.open_code(code)

    def _begin_with(self, number: str) -> None:
        if self._is_taken():
            return
        self.form.fill({"citizen_id": number})
        self.people.look_up(number)
        self.form.go_to("applicant_name")

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

    # Saving

    def main_action(self) -> None:
        """Save the dossier, or the whole group, print and be ready for the next."""
        if self.group.is_begun() and self.group.is_form_done():
            self.save_group()
            return
        terms = self._checked_terms()
        if terms is None:
            return
        if self.group.is_begun():
            self.group.add(terms)
            self.save_group()
            return
        request = build_request(self.form.values(), by=self._desk.clerk(), **terms)
        received = self._receive(request)
        if received is not None:
            self._after_saving(received)

    def _checked_terms(self, key: str = "F9") -> dict[str, Any] | None:
        """Judge what stands in the form; return what it is promised by, None if it can't be saved.

        What stops it is said with the key that was pressed, and the focus stands where it can be
        mended.
        """
        self.card.show_error("")
        was_told = bool(self.form.documents.list.note().text)
        missing = self.form.first_wrong()
        if missing:
            self.form.go_to(missing)
            words = self.tr("Chưa lưu. Sửa chỗ được đánh dấu rồi nhấn {key}.")
            self.card.show_error(words.format(key=key))
            return None
        unwritten = self.paper.first_missing()
        if unwritten:
            self.form.go_to(unwritten)
            words = self.tr("Chưa lưu. Sửa chỗ được đánh dấu rồi nhấn {key}.")
            self.card.show_error(words.format(key=key))
            return None
        found, quote = self.form.procedure_value(), self.promise.quote
        if found is None or quote is None:
            words = self.tr("Chưa lưu: chưa có ngày hẹn. Nhấn F5 để ghi thời hạn rồi nhấn {key}.")
            self.card.show_error(words.format(key=key))
            return None
        papers = self.form.documents.list.note().text
        if papers and not was_told:
            # Said once, then it is the clerk's own: a dossier may come without its papers.
            self.form.go_to("documents")
            self.form.documents.list.go_to_missing()
            words = self.tr("Chưa lưu. {papers} Vẫn nhận như vậy thì nhấn {key} lần nữa.")
            self.card.show_error(words.format(papers=papers, key=key))
            return None
        return {
            "procedure_code": found.code,
            "received_at": self.promise.received_at(),
            "received_reason": self.promise.moment_reason,
            "limit": self.promise.limit(),
            "limit_reason": self.promise.limit_reason(),
            "expected_due_at": self.promise.expected_due(),
            "promised_due": self.paper.promised_due(),
        }

    def not_today(self) -> None:
        """Print a slip in the place of a receipt and keep the visit (Ctrl+U)."""
        self.card.show_error("")
        missing = self.form.first_wrong()
        if missing:
            self.form.go_to(missing)
            self.card.show_error(self.tr("Chưa in phiếu. Sửa chỗ được đánh dấu rồi nhấn Ctrl+U."))
            return
        found = self.form.procedure_value()
        request = build_request(
            self.form.values(),
            procedure_code=found.code if found else "",
            received_at=None,
            received_reason="",
            limit="",
            limit_reason="",
            by=self._desk.clerk(),
            expected_due_at=None,
        )
        self.visits.ask(request)

    def _on_visit_recorded(self, visit: VisitFacts) -> None:
        self.draft.forget()
        self._start_anew()
        self.recent.show_slip(f"{visit.code}  {visit.person['applicant_name']}")
        words = self.tr("Đã ghi lượt {code} của {name}, chưa nhận hồ sơ.")
        self.state_text_changed.emit(
            words.format(code=visit.code, name=visit.person["applicant_name"])
        )

    def _on_visit_reopened(self) -> None:
        self.promise.begin()
        self.promise.requote()
        self.people.look_for_duplicates()
        self.form.go_to("documents")

    def _receive(self, request: ReceiveRequest) -> Received | None:
        try:
            return self._confirming_clock(
                lambda confirmed: self.visits.receive(request, clock_confirmed=confirmed)
            )
        except UserError as error:
            self._show_refusal(error)
            return None

    def _show_refusal(self, error: UserError) -> None:
        if isinstance(error, ConfirmationNeededError):
            self.promise.requote()
            self.card.show_change(error.message)
            return
        named = at_form_fields(error, is_organisation=self.form.is_organisation())
        homeless = self.form.show_error(named)
        words = self.tr("Chưa lưu. Sửa chỗ được đánh dấu rồi nhấn {key}.").format(key="F9")
        self.card.show_error(" ".join(one.message for one in homeless) or words)

    def _after_saving(self, received: Received) -> None:
        name = self.form.value("org_name") or self.form.value("applicant_name")
        number = (received.official_code or received.code).rpartition("-")[2]
        self._last_person = {field: self.form.value(field) for field in _PERSON_FIELDS}
        self._last_person["uuid"] = received.uuid
        unsaid = self._unsaid(received.warnings)
        self.draft.forget()
        self._start_anew()
        self._refresh_recent()
        if unsaid:
            words = self.tr("Hồ sơ {number} đã lưu: {warnings}")
            self._say(words.format(number=number, warnings=" ".join(unsaid)), WARNING)
        said = self.tr("Đã lưu hồ sơ {number} của {name} lúc {time}.").format(
            number=number, name=name, time=f"{self._desk.clock():%H:%M}"
        )
        self.state_text_changed.emit(said)
        if received.paper_uuid is not None:
            self._print(received.paper_uuid, number)
        else:
            self.code_awaited.emit(received.uuid)

    def _unsaid(self, warnings: Sequence[str]) -> list[str]:
        """Return the warnings of a saved dossier that no place of the form has shown."""
        shown = {note.text for note in self.form.notes()}
        seen = " ".join(shown)
        # The card and the procedure's line say these two in words of their own.
        own = [LIMIT_WARNING] if self.card.warning_label.text() else []
        if self.form.procedure.standing() is not None:
            own.append(_DUPLICATE_WARNING)
        return [w for w in warnings if w not in seen and not w.startswith(tuple(own))]

    def _print(self, paper_uuid: str, number: str) -> None:
        try:
            self._desk.print_paper(paper_uuid)
        except UserError as error:
            words = self.tr("{why} Hồ sơ {number} đã lưu. Nhấn Ctrl+R để in lại.")
            self.card.show_error(words.format(why=error.message, number=number))

    def reprint(self, row: DossierRow) -> None:
        """Print a receipt again."""
        try:
            paper_uuid = self._desk.issue_again(row.uuid)
        except UserError as error:
            self.card.show_error(error.message)
            return
        self._print(paper_uuid, short_code(row))

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

    def copy_person(self, row: DossierRow) -> None:
        """Begin the next dossier with the person of a receipt."""
        question = self.tr("Thay người đang gõ bằng {name}?").format(name=row.applicant_name)
        if not self.form.is_person_empty() and not self._interaction.confirm(
            question, yes=self.tr("Thay")
        ):
            return
        values = self._last_person
        if values.get("uuid") != row.uuid:
            try:
                values = values_of_person(self._desk.person_of(row.uuid))
            except UserError as error:
                self.card.show_error(error.message)
                return
        known = {name: value for name, value in values.items() if name in _PERSON_FIELDS}
        self.form.fill(dict.fromkeys(_PERSON_FIELDS, "") | known)
        self.people.look_for_duplicates()
        self.form.go_to("procedure_code")

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

    # The draft

    def _draft_body(self) -> dict[str, Any] | None:
        if self.form.is_untouched() and not self.group.is_begun():
            return None
        body = {"values": self.form.values(), **self.promise.to_draft()}
        return body | {"group": self.group.to_draft()} if self.group.is_begun() else body

    def _restore_draft(self) -> None:
        found = self.draft.load()
        if found is None:
            return
        body, saved_at = found
        self.promise.from_draft(body)
        self.group.from_draft(body.get("group", {}))
        self._fill(body.get("values", {}))
        same_day = saved_at.date() == self._desk.clock().date()
        time = f"{saved_at:%H:%M}" if same_day else f"{saved_at:%H:%M %d/%m/%Y}"
        words = self.tr("Khôi phục bản nháp lúc {time}. Không dùng thì nhấn Ctrl+N.")
        self._say(words.format(time=time), WARNING)

    def _fill(self, values: dict[str, Any]) -> None:
        """Write what was typed before: a draft's, or a dossier's of the group."""
        self.form.fill(values)
        for fold, names in FOLDS.items():
            if any(values.get(name) for name in names):
                self.form.set_fold(fold, is_open=True)
        self._restore_procedure(values)
        self.people.look_for_duplicates()

    def _restore_procedure(self, values: dict[str, Any]) -> None:
        code = values.get("procedure_code")
        if not code:
            return
        try:
            found = self._desk.procedure(code)
        except UserError as error:
            self.form.procedure.set_note(Note(error.message, ERROR))
            return
        self.form.set_procedure(found, rows=[CheckRow(**row) for row in values["documents"]])
        self.promise.requote()

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


def _bound(method: Callable[..., object], *arguments: Any) -> Callable[..., object]:
    """Bind arguments and drop what a signal adds (a button's ``checked``)."""
    return lambda *_: method(*arguments)


def _bound_last(method: Callable[..., object], last: Any) -> Callable[[str], object]:
    """Add a last argument to what a signal brings."""
    return lambda text: method(text, last)
