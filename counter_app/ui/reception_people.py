"""What the reception page does about persons: known ones, cards, duplicates, swapping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from counter_app.domain.identity import WARNING_TEXTS, CardError, parse_card
from counter_app.domain.opening_facts import DossierRow
from counter_app.errors import UserError
from counter_app.ui.fields import ERROR, HINT, WARNING, Note
from counter_app.ui.interaction import Interaction
from counter_app.ui.reception_desk import ReceptionDesk
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_layout import PERSON_FIELDS
from counter_app.ui.reception_person import (
    OWNER_FIELDS,
    differences,
    person_line,
    sex_of,
    values_of_card,
    values_of_person,
)

_IDENTITY = ("applicant_name", "org_name", "birth_date", "sex")
_CARD_ONLY = ("birth_date", "sex", "address")  # what the form keeps of an owner, not a submitter


class PersonHelp(QObject):
    """Fills persons in from what the house and the cards know; never over what was typed."""

    said = Signal(str, str)  # words and tone for the page's line
    failed = Signal(str)

    def __init__(
        self, form: ReceptionForm, desk: ReceptionDesk, interaction: Interaction, parent: QObject
    ) -> None:
        """Listen to the form's numbers."""
        super().__init__(parent)
        self._form = form
        self._desk = desk
        self._interaction = interaction
        self._looked_up = ""
        self._submitter_extra: dict[str, Any] = {}
        self._saved_uuid = ""  # the dossier that was saved last, and whose it is
        self._saved: dict[str, Any] = {}
        self.duplicate: DossierRow | None = None
        form.number_left.connect(self.look_up)
        form.tax_code_left.connect(self.look_up)
        form.phone_left.connect(self._on_phone_left)

    def forget(self) -> None:
        """Be ready for the next citizen."""
        self._looked_up = ""
        self._submitter_extra = {}
        self.duplicate = None

    def _asking(self, ask: Callable[[], Any]) -> Any:
        """Ask the house for a convenience; its failure is said and never stops the work."""
        try:
            return ask()
        except UserError as error:
            self.failed.emit(error.message)
            return None

    # Known people

    def look_up(self, number: str) -> None:
        """Fill in who came before with this number: empty fields only."""
        self.look_for_duplicates()
        form = self._form
        if not number or number == self._looked_up:
            return
        if form.number.has_error() or form.tax_code.has_error():
            return
        self._looked_up = number
        if not form.value("sex") and sex_of(form.value("citizen_id")):
            form.fill({"sex": sex_of(form.value("citizen_id"))})
        person = self._asking(lambda: self._desk.known_person(number))
        if person is None:
            return
        known = values_of_person(person)
        typed = form.values()
        unlike = differences(known, typed)
        filled = form.fill(known, only_empty=True)
        field = form.tax_code if person.owner_kind == "organisation" else form.number
        if unlike:
            words = self.tr("Lần trước ghi khác: {facts}.").format(facts="; ".join(unlike))
            # An address is written in many ways and a phone changes; a name or a birth doesn't.
            is_grave = bool(differences({n: known[n] for n in _IDENTITY if n in known}, typed))
            field.stand(Note(words, WARNING if is_grave else HINT))
        elif filled:
            field.stand(Note(self.tr("Đã đến trước đây: điền sẵn, xem lại cho đúng."), HINT))

    def _on_phone_left(self, phone: str) -> None:
        form = self._form
        if not phone or form.phone.has_error() or form.value("applicant_name"):
            return
        people = self._asking(lambda: self._desk.people_by_phone(phone)) or ()
        if people:
            words = self.tr("{count} người từng dùng số này. Ctrl+P để chọn.")
            form.phone.stand(Note(words.format(count=len(people)), HINT))

    def choose_by_phone(self) -> None:
        """Offer the people who came before with the phone in the form."""
        phone = self._form.value("phone")
        people = (self._asking(lambda: self._desk.people_by_phone(phone)) or ()) if phone else ()
        if not people:
            return
        chosen = self._interaction.ask_choice(
            self.tr("Ai đang nộp hồ sơ?"), [person_line(p) for p in people], yes=self.tr("Chọn")
        )
        if chosen is None:
            return
        try:
            self._desk.note_person()
        except UserError as error:
            self.failed.emit(error.message)
            return
        self._form.phone.stand(None)
        self._form.fill(values_of_person(people[chosen]), only_empty=True)
        self.look_for_duplicates()

    # The same citizen, the same procedure

    def on_procedure_chosen(self, _found: object) -> None:
        """Look whether this citizen already has a dossier for it."""
        self.look_for_duplicates()

    def look_for_duplicates(self) -> None:
        """Warn at the procedure if this citizen has an open dossier for it."""
        form = self._form
        found = form.procedure_value()
        self.duplicate = None
        if found is None:
            return
        number = "" if form.number.has_error() else form.value("citizen_id")
        tax_code = "" if form.tax_code.has_error() else form.value("tax_code")
        rows = ()
        if number or tax_code:
            rows = self._asking(lambda: self._desk.duplicates(number, tax_code, found.code)) or ()
        if not rows:
            form.procedure.stand(None)
            return
        self.duplicate = rows[0]
        words = self.tr("Đang có hồ sơ {code} cùng thủ tục, nhận {day}, chưa xong. Ctrl+H để mở.")
        day = f"{rows[0].received:%d/%m/%Y}"
        form.procedure.stand(Note(words.format(code=rows[0].shown_code, day=day), WARNING))

    # Cards

    def take_card(self, text: str) -> None:
        """Fill the owner from a card; with a person there, it is the one who stands here."""
        try:
            card = parse_card(text)
        except CardError as error:
            self.said.emit(str(error), ERROR)
            return
        values = values_of_card(card)
        doubts = " ".join(WARNING_TEXTS[code] for code in card.warnings)
        owner = self._form.value("citizen_id")
        if self._form.is_person_empty() or owner == card.citizen_id:
            self._take_owner(values, doubts, card.warnings)
        else:
            self._take_submitter(values, doubts)

    def _take_owner(self, values: dict[str, str], doubts: str, doubtful: Sequence[str]) -> None:
        form = self._form
        unlike = differences(values, form.values())
        form.fill(values, only_empty=True)
        self._looked_up = ""
        self.look_up(values["citizen_id"])
        # The page's line is short: what has to be looked at stands beside the number.
        told = [doubts] if doubts else []
        if unlike:
            words = self.tr("Trên thẻ ghi khác: {facts}.")
            told.append(words.format(facts="; ".join(unlike)))
        if told:
            form.number.stand(Note(" ".join(told), WARNING))
        read = self.tr("Đã đọc thẻ của {name}.").format(name=values["applicant_name"])
        self.said.emit(f"{read} {doubts}".strip(), WARNING if doubts else HINT)
        if "letters" in doubtful:
            form.go_to("applicant_name")
        else:
            form.go_to("procedure_code" if form.value("phone") else "phone")

    def _take_submitter(self, values: dict[str, str], doubts: str) -> None:
        form = self._form
        standing = form.value("submitter_name") or form.value("submitter_id")
        if standing and form.value("submitter_id") != values["citizen_id"]:
            question = self.tr("Thay người nộp thay {old} bằng {new}?").format(
                old=standing, new=values["applicant_name"]
            )
            if not self._interaction.confirm(question, yes=self.tr("Thay")):
                return
        form.set_fold("submitter", is_open=True)
        form.fill(
            {"submitter_name": values["applicant_name"], "submitter_id": values["citizen_id"]}
        )
        form.submitter_number.stand(Note(doubts, WARNING) if doubts else None)
        self._submitter_extra = {name: values[name] for name in _CARD_ONLY}
        if form.submitter_number.hasFocus():
            form.go_to("procedure_code")  # who scanned there wants to go on
        words = self.tr("{name} được ghi là người nộp thay. Ctrl+M nếu là chủ hồ sơ.")
        said = words.format(name=values["applicant_name"])
        self.said.emit(f"{said} {doubts}".strip(), WARNING if doubts else HINT)

    def swap(self) -> None:
        """Let owner and submitter change places."""
        form = self._form
        if not (form.value("submitter_name") or form.value("submitter_id")):
            self.said.emit(self.tr("Chưa có người nộp thay để đổi chỗ."), HINT)
            return
        before = {name: form.value(name) for name in OWNER_FIELDS}
        incoming = dict.fromkeys(_CARD_ONLY, "") | self._submitter_extra
        incoming["citizen_id"] = form.value("submitter_id")
        incoming["applicant_name"] = form.value("submitter_name")
        form.fill(
            incoming
            | {"submitter_name": before["applicant_name"], "submitter_id": before["citizen_id"]}
        )
        self._submitter_extra = {name: before[name] for name in _CARD_ONLY}
        form.submitter_number.stand(None)  # what was doubtful there is the owner's now
        form.set_fold("submitter", is_open=True)
        self._looked_up = ""
        self.look_up(form.value("citizen_id"))
        words = self.tr("Đã đổi chỗ: chủ hồ sơ là {name}.")
        self.said.emit(words.format(name=form.value("applicant_name")), HINT)

    # One person, several dossiers

    def keep(self, uuid: str) -> None:
        """Remember whose dossier was saved, as it was typed."""
        self._saved_uuid = uuid
        self._saved = {name: self._form.value(name) for name in PERSON_FIELDS}

    def copy(self, row: DossierRow) -> None:
        """Begin the next dossier with the person of a receipt."""
        question = self.tr("Thay người đang gõ bằng {name}?").format(name=row.applicant_name)
        if not self._form.is_person_empty() and not self._interaction.confirm(
            question, yes=self.tr("Thay")
        ):
            return
        known = self._saved
        if row.uuid != self._saved_uuid:
            try:
                known = values_of_person(self._desk.person_of(row.uuid))
            except UserError as error:
                self.failed.emit(error.message)
                return
        known = {name: value for name, value in known.items() if name in PERSON_FIELDS}
        self._form.fill(dict.fromkeys(PERSON_FIELDS, "") | known)
        self.look_for_duplicates()
        self._form.go_to("procedure_code")
