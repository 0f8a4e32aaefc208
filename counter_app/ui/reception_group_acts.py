"""What the reception page does about groups and earlier dossiers; the rest is the page itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Signal

from counter_app.errors import ClockError, GroupError, UserError
from counter_app.ui.due_card import DueCard
from counter_app.ui.fields import WARNING
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.recent_receipts import RecentStrip
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_draft import DraftKeeper, TypedWork
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_group import SAME_PERSON, ReceptionGroup, form_values
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_promise import Promise

if TYPE_CHECKING:
    from counter_app.domain.facts import Received

_Saved = TypeVar("_Saved")
LIMIT_WARNING = "Thời hạn của thủ tục này chưa"


class GroupReception(Page):
    """Puts dossiers aside for a group, saves all at once, copies from an earlier one."""

    codes_awaited = Signal(list)  # uuids of a group whose receipts wait for their official codes

    form: ReceptionForm
    card: DueCard
    promise: Promise
    people: PersonHelp
    recent: RecentStrip
    group: ReceptionGroup
    draft: DraftKeeper
    typed: TypedWork
    _desk: ReceptionDesk
    _interaction: Interaction

    # What the page has

    def _checked_terms(self, key: str = "F9") -> dict[str, Any] | None:
        raise NotImplementedError

    def _start_anew(self) -> None:
        raise NotImplementedError

    def _refresh_recent(self) -> None:
        raise NotImplementedError

    def _show_refusal(self, error: UserError) -> None:
        raise NotImplementedError

    def _say(self, text: str, tone: str) -> None:
        raise NotImplementedError

    # Groups

    def add_to_group(self, keep: str) -> None:
        """Put the dossier aside for the group; its person or its procedure stays in the form."""
        terms = self._checked_terms("Ctrl+S" if keep == SAME_PERSON else "Ctrl+W")
        if terms is not None:
            self.group.add(terms)
            self.group.go_on(keep)
            self.draft.save()

    def edit_last(self) -> None:
        """Take the last dossier of the group back into the form."""
        if not self.group.is_begun():
            return
        if not self.group.is_form_done():
            words = self.tr("Đang gõ dở: thêm vào nhóm (Ctrl+S) hoặc xóa ô đang gõ trước đã.")
            self.card.show_error(words)
            return
        self._bring_back(len(self.group.members))

    def _bring_back(self, place: int) -> None:
        member = self.group.take(place)
        self._start_anew()
        self.promise.begun = member.terms["received_at"]
        self.promise.moment_reason = member.terms["received_reason"]
        self.promise.show_moment()
        self.typed.fill(member.values)
        self.draft.save()

    def save_group(self) -> None:
        """Save all dossiers of the group, all or none, and print their receipts as one job."""
        requests = self.group.requests(self._desk.clerk())
        try:
            received = self._confirming_clock(
                lambda confirmed: self._desk.receive_group(requests, clock_confirmed=confirmed)
            )
        except GroupError as error:
            # The one that stopped it comes back into the form, the others wait.
            self._bring_back(error.place)
            self._show_refusal(error.error)
            self.card.show_error(error.message)
            return
        except UserError as error:
            self.card.show_error(error.message)
            return
        if received is not None:
            self._after_saving_group(received)

    def _after_saving_group(self, received: Sequence[Received]) -> None:
        numbers = [(one.official_code or one.code).rpartition("-")[2] for one in received]
        told = [w for one in received for w in one.warnings if not w.startswith(LIMIT_WARNING)]
        self.group.forget()
        self.draft.forget()
        self._start_anew()
        self._refresh_recent()
        self.recent.show_group([one.uuid for one in received])
        if told:
            self._say(" ".join(dict.fromkeys(told)), WARNING)
        words = self.tr("Đã lưu nhóm {count} hồ sơ: {numbers}.")
        said = words.format(count=len(received), numbers=", ".join(numbers))
        self.state_text_changed.emit(said)
        papers = [one.paper_uuid for one in received if one.paper_uuid is not None]
        if not papers:
            self.codes_awaited.emit([one.uuid for one in received])
            return
        try:
            self._desk.print_papers(papers)
        except UserError as error:
            self.card.show_error(f"{error.message} {said}")

    def reprint_group(self, uuids: Sequence[str]) -> None:
        """Print the receipts of a group again, as one job."""
        try:
            self._desk.print_papers([self._desk.issue_again(uuid) for uuid in uuids])
        except UserError as error:
            self.card.show_error(error.message)

    def copy_earlier(self) -> None:
        """Fill the form from an earlier dossier of this citizen; papers are ticked anew."""
        number = self.form.value("citizen_id") or self.form.value("tax_code")
        name = self.form.value("org_name") or self.form.value("applicant_name")
        if not (number or name):
            self._say(self.tr("Gõ số định danh hoặc họ tên trước, rồi Ctrl+Q."), WARNING)
            return
        try:
            rows = self._desk.earlier(number, name)
            if not rows:
                self._say(self.tr("Người này chưa có hồ sơ cũ nào để chép."), WARNING)
                return
            chosen = self._interaction.ask_choice(
                self.tr("Chép từ hồ sơ nào?"),
                [
                    f"{row.received:%d/%m/%Y}  {row.applicant_name}  {row.procedure_name}"
                    for row in rows
                ],
                yes=self.tr("Chép"),
                detail=self.tr("Giấy tờ không chép: đánh dấu lại những gì được nộp hôm nay."),
            )
            if chosen is None:
                return
            known = self._desk.like(rows[chosen].uuid)
            found = self._desk.procedure(known["procedure_code"])
        except UserError as error:
            self.card.show_error(error.message)
            return
        self.form.fill(form_values(known))
        self.form.set_procedure(found)
        self.promise.begin()
        self.promise.requote()
        self.people.look_for_duplicates()
        self.form.go_to("documents")

    def _confirming_clock(self, save: Callable[[bool], _Saved]) -> _Saved | None:
        """Save; a clock that fell back is asked about once. None: it isn't right, nothing saved."""
        try:
            return save(False)
        except ClockError as error:
            detail = self.tr("Chưa lưu gì. Nếu giờ trên máy là đúng thì có thể lưu tiếp.")
            yes = self.tr("Giờ máy đúng, lưu")
            if not self._interaction.confirm(error.message, yes=yes, detail=detail):
                self.card.show_error(error.message)
                return None
        return save(True)
