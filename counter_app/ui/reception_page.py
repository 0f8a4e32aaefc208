"""Tiếp nhận: a citizen, a procedure, a due date, a receipt, and on to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counter_app.domain.catalogue import Procedure
from counter_app.domain.facts import DossierRow, Quote, Received
from counter_app.domain.identity import looks_like_card
from counter_app.domain.moments import to_minute
from counter_app.domain.vietnamese import clean_line
from counter_app.errors import ClockError, ConfirmationNeededError, InputErrors, UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.checklist import CheckRow
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer, ask_about_procedure
from counter_app.ui.due_card import DueCard
from counter_app.ui.fields import ERROR, HINT, WARNING, Note, set_tone
from counter_app.ui.interaction import Interaction, QtInteraction
from counter_app.ui.page import Page
from counter_app.ui.recent_receipts import RecentStrip, short_code
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_form import FOLDS, ReceptionForm
from counter_app.ui.reception_moment import ReceiptMomentError, parse_receipt_moment
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_person import OWNER_FIELDS, judge_paper, values_of_person
from counter_app.ui.reception_request import at_form_fields, build_request
from counter_app.ui.theme import metrics

_DRAFT_DELAY_MS = 1000
_PERSON_FIELDS = (*OWNER_FIELDS, *FOLDS["organisation"], *FOLDS["submitter"])


class ReceptionPage(Page):
    """The page for receiving dossiers (tiếp nhận hồ sơ)."""

    def __init__(
        self,
        desk: ReceptionDesk,
        parent: QWidget | None = None,
        *,
        interaction: Interaction | None = None,
        ask: Callable[[QWidget, Procedure], ProcedureAnswer] = ask_about_procedure,
    ) -> None:
        """``ask`` puts the question of a procedure's first use."""
        super().__init__(parent)
        self.title = self.tr("Tiếp nhận")
        self.help_text = self.tr(
            "Quét thẻ hoặc gõ số định danh, gõ vài chữ của tên thủ tục, đánh dấu giấy tờ, nhấn F9. "
            "Enter sang ô sau và không bao giờ lưu; Esc lùi một bước và không bỏ gì. "
            "Thẻ phải là thẻ của chủ hồ sơ; quét thêm thẻ thứ hai là người nộp thay, Ctrl+M đổi chỗ."
        )
        self._desk = desk
        self._interaction = interaction or QtInteraction(self)
        self._ask = ask
        self._begun: datetime | None = None
        self._moment_reason = ""
        self._limit_once = ""
        self._asked: set[str] = set()
        self._quote: Quote | None = None
        self._last_person: dict[str, Any] = {}
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(_DRAFT_DELAY_MS)
        self._draft_timer.timeout.connect(self.save_draft)
        self._is_started = False
        self._build()
        self._bind()
        self._show_moment()

    # What it is made of

    def _build(self) -> None:
        self.form = ReceptionForm(match=self._desk.match, today=lambda: self._desk.clock().date())
        self.people = PersonHelp(self.form, self._desk, self._interaction, self)
        self.card = DueCard()
        self.recent = RecentStrip(self)
        self.notice = QLabel()
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.clear_button = ActionButton(self.tr("Xóa trắng"), key="Ctrl+N", kind="quiet")
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clear_button.clicked.connect(self.ask_to_clear)
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
        top = QHBoxLayout()
        top.setSpacing(metrics().step(3))
        top.addWidget(self._scroll, 1)
        top.addWidget(self.card)
        words = QHBoxLayout()
        words.setSpacing(metrics().step(2))
        words.addWidget(self.notice, 1)
        words.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        edge = metrics().step(4)
        column.setContentsMargins(edge, metrics().step(2), edge, metrics().step(1))
        column.setSpacing(metrics().step(1))
        column.addLayout(words)
        column.addLayout(top, 1)
        column.addWidget(self.recent)

    def _bind(self) -> None:
        form = self.form
        form.changed.connect(self._on_form_changed)
        form.field_entered.connect(self._on_field_entered)
        self.people.said.connect(self._say)
        self.people.failed.connect(self.card.show_error)
        form.procedure_chosen.connect(self._on_procedure_chosen)
        form.procedure_unchosen.connect(self._on_procedure_unchosen)
        form.moment_button.clicked.connect(self.change_moment)
        self.card.save_button.clicked.connect(self.main_action)
        self.recent.reprint_asked.connect(self.reprint)
        self.recent.copy_asked.connect(self.copy_person)
        self.recent.list_closed.connect(self._on_list_closed)
        for fold in ("organisation", "submitter", "more"):
            form.fold_button(fold).clicked.connect(_bound(self.toggle_fold, fold))
        for key, slot in (
            ("Ctrl+O", _bound(self.toggle_fold, "organisation")),
            ("Ctrl+T", _bound(self.toggle_fold, "submitter")),
            ("Ctrl+B", _bound(self.toggle_fold, "more")),
            ("Ctrl+M", self.people.swap),
            ("Ctrl+G", self.change_moment),
            ("Ctrl+I", self.add_paper),
            ("Ctrl+H", self.open_duplicate),
            ("Ctrl+N", self.ask_to_clear),
            ("Ctrl+R", self.recent.reprint),
            ("Ctrl+D", self.recent.copy_person),
            ("Ctrl+J", self.recent.toggle_list),
            ("F5", self.ask_about_procedure),
            ("Ctrl+P", self.people.choose_by_phone),
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

    def opened_with(self, argument: object) -> None:
        """Take the text of a card, or the uuid of a dossier whose person comes again."""
        if isinstance(argument, str) and looks_like_card(argument):
            self.take_card(argument)

    def has_unsaved_work(self) -> bool:
        """Say whether something stands in the form."""
        return not self.form.is_untouched()

    def step_back(self) -> bool:
        """Close what is open: the list, the matches, the fold the focus is in."""
        if self.recent.is_list_open():
            self.recent.close_list()
            return True
        if self.form.procedure.matches_shown():
            self.form.procedure.close_matches()
            return True
        here = self.focusWidget()
        inside = next((n for n in self.form.names() if self.form.field(n) is here), "")
        fold = self.form.open_fold_of(inside)
        if fold:
            self.toggle_fold(fold)
            return True
        return False

    def main_action(self) -> None:
        """Save the dossier, issue its receipt, print it and be ready for the next."""
        self.card.show_error("")
        if not self._is_complete():
            return
        found = self.form.procedure_value()
        if found is None or self._quote is None:
            self._refuse_without_promise()
            return
        request = build_request(
            self.form.values(),
            procedure_code=found.code,
            received_at=self._begun or to_minute(self._desk.clock()),
            received_reason=self._moment_reason,
            limit=self._limit_once,
            limit_reason=self._limit_reason(),
            by=self._desk.clerk(),
            expected_due_at=self._quote.due_at,
        )
        received = self._receive(request)
        if received is not None:
            self._after_saving(received)

    # Saving

    def _is_complete(self) -> bool:
        form = self.form
        # The field under the cursor wasn't left yet.
        wrong = form.wrong_fields()
        if form.procedure_value() is None and "procedure_code" not in wrong:
            words = self.tr("Chưa chọn thủ tục. Gõ vài chữ của tên thủ tục rồi chọn.")
            form.procedure.set_note(Note(words, ERROR))
            wrong.append("procedure_code")
        name = "org_name" if form.is_organisation() else "applicant_name"
        if not form.value(name) and name not in wrong:
            words = self.tr("Chưa có tên. Nhập tên rồi lưu.")
            form.show_note(name, Note(words, ERROR))
            wrong.append(name)
        if wrong:
            form.go_to(min(wrong, key=form.names().index))
        return not wrong

    def _refuse_without_promise(self) -> None:
        self.card.show_error(
            self.tr("Chưa lưu: thủ tục này chưa có thời hạn. Nhấn F5 để ghi thời hạn rồi nhấn F9.")
        )

    def _limit_reason(self) -> str:
        return (
            self.tr("Thời hạn chưa được đơn vị xác nhận, công chức nhập cho hồ sơ này.")
            if (self._limit_once)
            else ""
        )

    def _receive(self, request: Any) -> Received | None:
        try:
            return self._desk.receive(request, clock_confirmed=False)
        except ClockError as error:
            detail = self.tr("Chưa lưu hồ sơ nào. Nếu giờ trên máy là đúng thì có thể lưu tiếp.")
            if not self._interaction.confirm(
                error.message, yes=self.tr("Giờ máy đúng, lưu"), detail=detail
            ):
                self.card.show_error(error.message)
                return None
            return self._receive_once_more(request)
        except UserError as error:
            self._show_refusal(error)
            return None

    def _receive_once_more(self, request: Any) -> Received | None:
        try:
            return self._desk.receive(request, clock_confirmed=True)
        except UserError as error:
            self._show_refusal(error)
            return None

    def _show_refusal(self, error: UserError) -> None:
        if isinstance(error, ConfirmationNeededError):
            self._requote()
            self.card.show_change(error.message)
            return
        homeless = self.form.show_error(
            at_form_fields(error, is_organisation=self.form.is_organisation())
        )
        if homeless:
            self.card.show_error(" ".join(one.message for one in homeless))
        elif isinstance(error, InputErrors) or error.field:
            self.card.show_error(self.tr("Chưa lưu. Sửa chỗ được đánh dấu rồi nhấn F9."))

    def _after_saving(self, received: Received) -> None:
        self._last_person = self._person_values() | {"uuid": received.uuid}
        name = self.form.value("org_name") or self.form.value("applicant_name")
        self._forget_draft()
        self._clear()
        self._refresh_recent()
        self.form.go_to("citizen_id")
        number = (received.official_code or received.code).rpartition("-")[2]
        said = self.tr("Đã lưu hồ sơ {number} của {name} lúc {time}.").format(
            number=number, name=name, time=f"{self._desk.clock():%H:%M}"
        )
        self.state_text_changed.emit(said)
        self._say(" ".join(received.warnings), WARNING)
        if received.paper_uuid is not None:
            self._print(received.paper_uuid, number)

    def _print(self, paper_uuid: str, number: str) -> None:
        try:
            self._desk.print_paper(paper_uuid)
        except UserError as error:
            words = self.tr("Chưa in được: {why} Hồ sơ {number} đã lưu. Nhấn Ctrl+R để in lại.")
            self.card.show_error(words.format(why=error.message, number=number))

    def reprint(self, row: DossierRow) -> None:
        """Print a receipt again."""
        try:
            paper_uuid = self._desk.issue_again(row.uuid)
        except UserError as error:
            self.card.show_error(error.message)
            return
        self._print(paper_uuid, short_code(row))

    # The promise

    def _requote(self) -> None:
        found = self.form.procedure_value()
        self._quote = None
        if found is None:
            self.card.show_nothing()
            return
        at = self._begun or to_minute(self._desk.clock())
        try:
            self._quote = self._desk.quote(found.code, at, self._limit_once)
        except UserError as error:
            self.card.show_nothing(error.message + " " + self.tr("Nhấn F5 để ghi thời hạn."))
            return
        self.card.show_quote(self._quote, fee=self._quote.fee_text)
        self.card.show_warnings(self._doubts(self._quote, found))

    def _doubts(self, quote: Quote, found: Procedure) -> list[str]:
        doubts = []
        if quote.needs_confirmation:
            doubts.append(self.tr("Thời hạn chưa được đơn vị xác nhận theo quyết định (F5)."))
        elif self._limit_once:
            doubts.append(self.tr("Thời hạn chỉ nhập cho hồ sơ này, chưa có số quyết định (F5)."))
        if quote.provisional:
            doubts.append(self.tr("Lịch nghỉ chưa công bố chính thức: ngày hẹn là tạm tính."))
        if not quote.fee_text and "fee" in found.to_ask and not doubts:
            doubts.append(self.tr("Lệ phí chưa được đơn vị xác nhận (F5)."))
        return doubts

    def _on_procedure_chosen(self, found: Procedure) -> None:
        self._limit_once = ""
        self.begin()
        if found.to_ask and found.code not in self._asked:
            self.ask_about_procedure()
        self._requote()
        self.people.look_for_duplicates()

    def _on_procedure_unchosen(self) -> None:
        self._limit_once = ""
        self.people.duplicate = None
        self._requote()

    def ask_about_procedure(self) -> None:
        """Ask for the limit, fee and decision of a procedure that isn't confirmed."""
        found = self.form.procedure_value()
        if found is None or not found.to_ask:
            return
        self._asked.add(found.code)
        answer = self._ask(self, found)
        if answer.confirmation is None:
            self._limit_once = answer.limit_once or ""
            self._requote()
            return
        try:
            confirmed = self._desk.confirm_procedure(found.code, answer.confirmation)
        except UserError as error:
            self.card.show_error(error.message)
            return
        self._limit_once = ""
        self.form.set_procedure(confirmed, rows=self.form.documents.list.rows())
        self._requote()
        self.people.look_for_duplicates()

    # The moment of receipt

    def begin(self) -> None:
        """Stamp the moment of receipt when the form is begun; it stays until the next citizen."""
        if self._begun is None:
            self._begun = to_minute(self._desk.clock())
            self._show_moment()

    def begun(self) -> datetime | None:
        """Return the moment of receipt of what stands in the form."""
        return self._begun

    def change_moment(self) -> None:
        """Set the moment of receipt back, with a reason."""
        now = to_minute(self._desk.clock())

        def judge(text: str) -> Note | None:
            try:
                parse_receipt_moment(text, now=now)
            except ReceiptMomentError as error:
                return Note(str(error), ERROR)
            return None

        typed = self._interaction.ask_text(
            self.tr("Hồ sơ được nhận lúc nào?"),
            yes=self.tr("Tiếp"),
            initial=f"{self._begun or now:%H:%M}",
            detail=self.tr("Gõ giờ như 08:30, hoặc giờ và ngày như 16:45 20/11/2026."),
            check=judge,
        )
        if typed is None or judge(typed) is not None:
            return
        moment = parse_receipt_moment(typed, now=now)
        reason = "" if moment == now else self._ask_reason()
        if reason is None:
            return
        self._begun, self._moment_reason = moment, reason
        self._show_moment()
        self._requote()
        self._on_form_changed()

    def _ask_reason(self) -> str | None:
        def judge(text: str) -> Note | None:
            return None if text.strip() else Note(self.tr("Cần ghi lý do."), ERROR)

        reason = self._interaction.ask_text(
            self.tr("Vì sao giờ nhận khác giờ đang gõ?"),
            yes=self.tr("Sửa giờ nhận"),
            detail=self.tr("Ví dụ: mất điện, nhận trên giấy lúc 08:30."),
            check=judge,
        )
        return reason.strip() or None if reason else None

    def _show_moment(self) -> None:
        self.form.show_moment(self._begun, today=self._desk.clock().date())
        self.form.moment_label.setToolTip(self._moment_reason)

    # Persons

    def take_card(self, text: str) -> bool:
        """Use the text of a scanned card; what can't be read is said."""
        self.people.take_card(text)
        return True

    def take_code(self, text: str) -> bool:
        """A scanned code goes into the official code if that has the focus."""
        if not self.form.official_code.hasFocus():
            return False
        self.form.official_code.set_value(text)
        self._on_form_changed()
        return True

    def open_duplicate(self) -> None:
        """Open the dossier that the same citizen already has; the form stays as it is."""
        if self.people.duplicate is not None:
            self.save_draft()
            self.page_requested.emit("dossiers", self.people.duplicate.code)

    def copy_person(self, row: DossierRow) -> None:
        """Begin the next dossier with the person of a receipt."""
        if not self.form.is_person_empty() and not self._interaction.confirm(
            self.tr("Thay người đang gõ bằng {name}?").format(name=row.applicant_name),
            yes=self.tr("Thay"),
        ):
            return
        values = self._last_person if self._last_person.get("uuid") == row.uuid else None
        if values is None:
            try:
                values = values_of_person(self._desk.person_of(row.uuid))
            except UserError as error:
                self.card.show_error(error.message)
                return
        empty = dict.fromkeys(_PERSON_FIELDS, "")
        self.form.fill(empty | {k: v for k, v in values.items() if k in _PERSON_FIELDS})
        self.begin()
        self.people.look_for_duplicates()
        self.form.go_to("procedure_code")

    # Papers and folds

    def add_paper(self) -> None:
        """Ask for a paper that isn't in the catalogue."""
        name = self._interaction.ask_text(
            self.tr("Giấy tờ nào được nộp thêm?"), yes=self.tr("Thêm"), check=judge_paper
        )
        if name and name.strip():
            self.form.add_paper(clean_line(name))

    def toggle_fold(self, fold: str) -> None:
        """Open a folded part and go into it, or close it and go back to the person."""
        is_open = not self.form.is_fold_open(fold)
        self.form.set_fold(fold, is_open=is_open, enter=is_open)
        if not is_open:
            self.form.go_to("phone")

    # The draft

    def save_draft(self) -> None:
        """Keep what stands in the form, so that it outlives a crash."""
        self._draft_timer.stop()
        if self.form.is_untouched():
            return
        body = {
            "values": self.form.values(),
            "begun": None if self._begun is None else self._begun.isoformat(),
            "reason": self._moment_reason,
            "limit": self._limit_once,
        }
        try:
            self._desk.save_draft(body)
        except UserError as error:
            self._say(error.message, ERROR)

    def _restore_draft(self) -> None:
        try:
            found = self._desk.load_draft()
        except UserError as error:
            self._say(error.message, ERROR)
            return
        if found is None:
            return
        body, saved_at = found
        values = body.get("values", {})
        self.form.fill(values)
        for fold, names in FOLDS.items():
            if any(values.get(name) for name in names):
                self.form.set_fold(fold, is_open=True)
        self._begun = datetime.fromisoformat(body["begun"]) if body.get("begun") else None
        self._moment_reason = str(body.get("reason", ""))
        self._limit_once = str(body.get("limit", ""))
        self._restore_procedure(values)
        self._show_moment()
        self.people.look_for_duplicates()
        same_day = saved_at.date() == self._desk.clock().date()
        time = f"{saved_at:%H:%M}" if same_day else f"{saved_at:%H:%M %d/%m/%Y}"
        self._say(
            self.tr("Khôi phục bản nháp lúc {time}. Không cần nữa thì Xóa trắng.").format(
                time=time
            ),
            WARNING,
        )

    def _restore_procedure(self, values: dict[str, Any]) -> None:
        code = values.get("procedure_code")
        if not code:
            return
        try:
            found = self._desk.procedure(code)
        except UserError as error:
            self.form.procedure.set_note(Note(error.message, ERROR))
            return
        self._asked.add(found.code)
        rows = [CheckRow(**row) for row in values.get("documents", [])]
        self.form.set_procedure(found, rows=rows)
        self._requote()

    def _forget_draft(self) -> None:
        self._draft_timer.stop()
        try:
            self._desk.drop_draft()
        except UserError as error:
            self._say(error.message, ERROR)

    # Clearing

    def ask_to_clear(self) -> None:
        """Empty the form; what was typed is thrown away only after a question."""
        if not self.form.is_untouched() and not self._interaction.confirm(
            self.tr("Xóa những gì đang gõ?"),
            yes=self.tr("Xóa trắng"),
            no=self.tr("Giữ lại"),
            detail=self.tr("Hồ sơ đã lưu không bị ảnh hưởng."),
        ):
            return
        self._forget_draft()
        self._clear()
        self._say("", HINT)
        self.form.go_to("citizen_id")

    def _clear(self) -> None:
        self.people.forget()
        self._begun, self._moment_reason, self._limit_once = None, "", ""
        self._asked.clear()
        self._quote = None
        self.form.clear()
        self.card.show_error("")
        self.card.show_nothing()
        self._show_moment()
        self._scroll.verticalScrollBar().setValue(0)
        self._draft_timer.stop()

    def _person_values(self) -> dict[str, Any]:
        return {name: self.form.value(name) for name in _PERSON_FIELDS}

    # Slots

    def _on_form_changed(self) -> None:
        self.begin()
        self.card.show_error("")
        if self.form.is_untouched():
            self._draft_timer.stop()
            return
        self._draft_timer.start()

    def _on_field_entered(self, field: QWidget) -> None:
        self._scroll.ensureWidgetVisible(field, 0, metrics().step(12))
        if self._draft_timer.isActive():
            self.save_draft()

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
        self.notice.setToolTip(text)


def _bound(method: Callable[..., object], *arguments: Any) -> Callable[..., object]:
    """Bind arguments and drop what a signal adds (a button's ``checked``)."""
    return lambda *_: method(*arguments)
