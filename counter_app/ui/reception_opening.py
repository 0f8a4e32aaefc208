"""What another page or a scan asks the reception page to begin with; it never overwrites."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from counter_app.domain.identity import looks_like_card
from counter_app.ui.fields import WARNING
from counter_app.ui.reception_form import ReceptionForm
from counter_app.ui.reception_paper import PaperReceipt
from counter_app.ui.reception_people import PersonHelp
from counter_app.ui.reception_visits import ReceptionVisits

_CITIZEN = "citizen:"
_VISIT = "visit:"
_PAPER = "paper:"


class ReceptionOpening(QObject):
    """Begins the dossier that was asked for, unless somebody's stands half typed."""

    said = Signal(str, str)

    def __init__(
        self,
        form: ReceptionForm,
        people: PersonHelp,
        paper: PaperReceipt,
        visits: ReceptionVisits,
        parent: QObject,
    ) -> None:
        """Nothing is begun."""
        super().__init__(parent)
        self._form, self._people = form, people
        self._paper, self._visits = paper, visits

    def take(self, argument: str) -> None:
        """Begin with a card's text, a citizen, a visit's slip or a receipt written by hand."""
        if looks_like_card(argument):
            self._people.take_card(argument)
        elif argument.startswith(_VISIT):
            self._reopen(argument.removeprefix(_VISIT))
        elif argument.startswith(_CITIZEN):
            self._begin_with(argument.removeprefix(_CITIZEN))
        elif argument.startswith(_PAPER):
            self._begin_paper(argument.removeprefix(_PAPER))

    def _begin_paper(self, number: str) -> None:
        """Begin the dossier of a receipt that was written by hand; a scan never overwrites."""
        held = self._form.value("paper_number")
        if held != number and not self._form.is_untouched():
            words = self.tr("Đang gõ dở hồ sơ: lưu hoặc xóa trắng rồi quét lại tờ giấy {number}.")
            self.said.emit(words.format(number=number), WARNING)
            return
        self._paper.begin(number)

    def _is_taken(self) -> bool:
        """Say that somebody's dossier is half typed, if one is."""
        if self._form.is_person_empty():
            return False
        words = self.tr("Đang gõ dở hồ sơ của {name}: lưu hoặc xóa trắng rồi nhận người khác.")
        name = self._form.value("applicant_name") or self._form.value("citizen_id")
        self.said.emit(words.format(name=name), WARNING)
        return True

    def _reopen(self, code: str) -> None:
        if not self._is_taken():
            self._visits.open_code(code)

    def _begin_with(self, number: str) -> None:
        if self._is_taken():
            return
        self._form.fill({"citizen_id": number})
        self._people.look_up(number)
        self._form.go_to("applicant_name")
