"""The left column of the reception page: one person, one procedure, one dossier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from counter_app.domain.identity import DayError, parse_birth
from counter_app.domain.text import fold as folded
from counter_app.ui.checklist import CheckRow
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.fields import ERROR, HINT, DateField, Note, TextField, set_tone, whole_number
from counter_app.ui.reception_fields import FoldButton, StandingNumber
from counter_app.ui.reception_layout import FOLDS, ReceptionFields
from counter_app.ui.reception_person import OWNER_FIELDS, judge_citizen, show_value
from counter_app.ui.translation import in_window

if TYPE_CHECKING:
    from counter_app.domain.catalogue import Procedure, RequiredDocument

_DEFAULTS = {"copies": "1", "result_to": "counter", "channel": "counter"}
_MOST_SETS = 999
_MOST_PAGES = 9999
_MOST_UNITS = 6


class ReceptionForm(ReceptionFields):
    """Everything that is typed at reception; knows no service, only how to look things up."""

    changed = Signal()
    emptied = Signal()  # the last letter went: nobody has begun yet
    number_left = Signal(str)
    tax_code_left = Signal(str)
    phone_left = Signal(str)
    procedure_chosen = Signal(object)
    procedure_unchosen = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        match: Callable[[str], Sequence[Procedure]],
        today: Callable[[], date],
        units: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """``match`` finds procedures, ``today`` is the clock's day, ``units`` other offices."""
        super().__init__(parent)
        self._match = match
        self._today = today
        self._units = units
        self._filling = False
        self._asks_subject = False
        self._left: tuple[str, list[CheckRow]] = ("", [])  # the papers of what was unchosen
        self._connect()
        self.clear()

    def _connect(self) -> None:
        for name in self.names():
            field = self.field(name)
            if isinstance(field, TextField):
                field.textEdited.connect(self._on_edited)
                field.textChanged.connect(self._on_text_changed)
            elif isinstance(field, ChoiceField):
                field.value_changed.connect(self._on_edited)
        self.documents.changed.connect(self._on_edited)
        self.number.tidied.connect(self._on_number_left)
        self.tax_code.tidied.connect(self.tax_code_left)
        self.phone.tidied.connect(self.phone_left)
        self.birth.tidied.connect(self._on_birth_or_sex_changed)
        self.sex.value_changed.connect(self._on_birth_or_sex_changed)
        self.procedure.chosen.connect(self._on_procedure_chosen)
        self.procedure.unchosen.connect(self._on_procedure_unchosen)

    # What it holds

    def values(self) -> dict[str, Any]:
        """Return everything typed as plain data, fit for a draft."""
        held = {name: self.value(name) for name in self.names()}
        chosen = self.procedure_value()
        held["procedure_code"] = chosen.code if chosen else ""
        held["documents"] = [asdict(row) for row in self.documents.list.rows()]
        held.update(self.fee_count())
        return held

    def value(self, name: str) -> Any:
        """Return one field's value; the papers are in ``values``."""
        field = self.field(name)
        if isinstance(field, DateField) and name == "birth_date":
            birth = field.parsed()
            return field.value() if birth is None else str(birth)
        return field.value() if isinstance(field, TextField | ChoiceField) else None

    def procedure_value(self) -> Procedure | None:
        """Return the chosen procedure."""
        choice = self.procedure.choice()
        return choice.value if choice else None

    def fee_count(self) -> dict[str, str]:
        """Return pages and copies as typed; empty where the fee doesn't go by them."""
        is_asked = self.is_row_visible("fee_copies")
        return {
            name: field.value() if is_asked and field.isEnabled() else ""
            for name, field in (("fee_pages", self.fee_pages), ("fee_copies", self.fee_copies))
        }

    def fee_words(self) -> str:
        """Say what the fee comes to by the pages and copies that were typed, empty for nothing."""
        from counter_app.domain.fees import fee_for, sum_words

        found = self.procedure_value()
        typed = self.fee_count()
        if found is None or not any(typed.values()) or not all(map(_is_count, typed.values())):
            return ""
        pages, copies = (int(text or 0) for text in typed.values())
        amount = fee_for(found.fee, pages=pages, copies=copies or 1)
        return "" if amount is None else sum_words(amount, pages, copies or 1, in_window)

    def papers(self) -> list[CheckRow]:
        """Return the papers that were ticked."""
        return self.documents.list.checked()

    def is_organisation(self) -> bool:
        """Say whether the dossier's owner is an organisation."""
        return bool(self.value("org_name") or self.value("tax_code"))

    def is_untouched(self) -> bool:
        """Say whether nothing was typed or chosen."""
        typed = {name: value for name, value in self.values().items() if name != "documents"}
        if self.procedure.value():
            return False
        return all(value == _DEFAULTS.get(name, "") for name, value in typed.items())

    def is_person_empty(self) -> bool:
        """Say whether no owner stands here yet."""
        return not any(self.value(name) for name in (*OWNER_FIELDS, "org_name", "tax_code"))

    def fill(self, values: dict[str, Any], *, only_empty: bool = False) -> list[str]:
        """Write values into fields and return the names of those that were filled."""
        filled = []
        self._filling = True
        for name, value in values.items():
            if name not in self.names() or name in ("documents", "procedure_code"):
                continue
            if only_empty and (self.value(name) or not value):
                continue
            self._write(name, value)
            filled.append(name)
        self._filling = False
        self._place_subject()
        self.show_folds()
        if filled:
            self.changed.emit()
        return filled

    def _write(self, name: str, value: Any) -> None:
        field = self.field(name)
        if isinstance(field, ChoiceField):
            field.set_value(value)
        elif isinstance(field, TextField):
            field.set_value(show_value(name, str(value)))

    def set_procedure(self, found: Procedure | None, *, rows: list[CheckRow] | None = None) -> None:
        """Show a procedure as chosen; its papers are the catalogue's unless ``rows`` differ."""
        choice = None if found is None else _procedure_choice(found)
        self.procedure.stand(None)
        self.procedure.set_choice(choice)
        self._show_procedure(found, rows)

    def _show_procedure(self, found: Procedure | None, rows: list[CheckRow] | None) -> None:
        self.code_label.setText(found.code if found else "")
        self.code_label.setVisible(found is not None)
        self.full_name.set_full_text(_further_words(found))
        self._show_fee_count(found)
        self._show_subject(found)
        if found is None:
            self.documents.set_rows(
                [], empty=self.tr("Chọn thủ tục thì thành phần hồ sơ hiện ở đây.")
            )
            return
        papers = [_paper_row(one) for one in found.required_documents] if rows is None else rows
        words = self.tr("Danh mục chưa ghi thành phần hồ sơ. Ctrl+I để ghi giấy tờ được nộp.")
        self.documents.set_rows(papers, empty=words)

    def _show_subject(self, found: Procedure | None) -> None:
        """Ask whom it is about where that is never who applies."""
        self._asks_subject = found is not None and bool(found.subject)
        usual = self.tr("trẻ được khai sinh, người đã mất …")
        self.subject.setPlaceholderText(found.subject if found and found.subject else usual)
        self._place_subject()

    def _place_subject(self) -> None:
        is_wanted = self._asks_subject or self.is_fold_open("more")
        self.set_row_visible("subject_name", visible=is_wanted or bool(self.subject.value()))

    def _show_fee_count(self, found: Procedure | None) -> None:
        """Ask for pages and copies where the fee goes by them, and only there."""
        is_asked = by_page = False
        if found is not None:
            from counter_app.domain.fees import counts_copies, counts_pages

            is_asked, by_page = counts_copies(found.fee), counts_pages(found.fee)
        self.set_row_visible("fee_copies", visible=is_asked)
        for widget in (self.pages_caption, self.fee_pages):
            widget.setVisible(by_page)
        self.fee_pages.setEnabled(by_page)

    def renew_procedure(self, found: Procedure) -> None:
        """Take the office's own version of the chosen procedure; the papers stay as ticked."""
        standing = self.procedure.standing()
        self.set_procedure(found, rows=self.documents.list.rows())
        self.procedure.stand(standing)

    def add_paper(self, name: str) -> None:
        """Add a paper that was handed in and isn't in the catalogue."""
        self.documents.list.add_row(CheckRow(name, is_checked=True, originals=1))
        self.go_to("documents")
        self.documents.list.set_current(len(self.documents.list.rows()) - 1)

    def clear(self) -> None:
        """Make the form as new."""
        self._filling = True
        for name in self.names():
            field = self.field(name)
            if isinstance(field, ChoiceField | TextField) and name != "procedure_code":
                if isinstance(field, StandingNumber):
                    field.stand(None)
                self._write(name, _DEFAULTS.get(name, ""))
                field.set_note(None)
        self.set_procedure(None)
        self._left = ("", [])
        self._filling = False
        for fold in FOLDS:
            self.set_fold(fold, is_open=False)

    # Folds

    def is_fold_open(self, fold: str) -> bool:
        """Say whether a folded part is open."""
        return self.is_row_visible(FOLDS[fold][0])

    def set_fold(self, fold: str, *, is_open: bool, enter: bool = False) -> None:
        """Open or close a folded part; ``enter`` puts the focus into it."""
        for name in FOLDS[fold]:
            self.set_row_visible(name, visible=is_open)
        self._place_subject()
        self.show_folds()
        if is_open and enter:
            self.go_to(FOLDS[fold][0])

    def show_folds(self) -> None:
        """Let each fold's button say whether it is open and what it holds."""
        for fold, button in self._folds.items():
            # The person it is about stands in a row of his own, in sight as soon as he is named.
            names = [name for name in FOLDS[fold] if name != "subject_name"]
            held = "; ".join(str(self.value(name)) for name in names if self.value(name))
            button.show_state(is_open=self.is_fold_open(fold), holds=held)
            if fold == "paper":
                button.setVisible(self.is_fold_open(fold) or bool(held))

    def fold_button(self, fold: str) -> FoldButton:
        """Return the button of a folded part."""
        return self._folds[fold]

    def fold_of_focus(self) -> str | None:
        """Return the folded part the focus is in."""
        here = QApplication.focusWidget()
        return next(
            (fold for fold, names in FOLDS.items() if any(self.field(n) is here for n in names)),
            None,
        )

    def show_moment(self, begun: datetime | None, *, today: date) -> None:
        """Show the moment of receipt; another day than today is said loudly."""
        if begun is None:
            self.moment_label.setText(self.tr("Giờ nhận: tính từ lúc bắt đầu gõ"))
            set_tone(self.moment_label, HINT)
            return
        is_today = begun.date() == today
        text = f"{begun:%H:%M}" if is_today else f"{begun:%H:%M %d/%m/%Y}"
        self.moment_label.setText(self.tr("Giờ nhận {moment}").format(moment=text))
        set_tone(self.moment_label, "" if is_today else "warning")

    # Judging

    def _judge_number(self, number: str) -> Note | None:
        return judge_citizen(number, self.birth.parsed(), self.sex.value() or "")

    def _judge_copies(self, text: str) -> Note | None:
        if 1 <= (whole_number(text) or 0) <= _MOST_SETS:
            return None
        return Note(self.tr("Số bộ hồ sơ là một số từ 1 đến 999."))

    def _judge_fee_pages(self, text: str) -> Note | None:
        if _is_count(text, most=_MOST_PAGES):
            return None
        return Note(self.tr("Số trang là một số từ 1 đến 9.999."))

    def _judge_fee_copies(self, text: str) -> Note | None:
        if _is_count(text, most=_MOST_SETS):
            return None
        return Note(self.tr("Số bản là một số từ 1 đến 999."))

    def _parse_birth(self, text: str) -> Any:
        try:
            return parse_birth(text, today=self._today())
        except DayError as error:
            # A day is read the same way everywhere; the example here is one of a birth.
            words = str(error).replace("26/11/2026", "30/12/1992").replace("26112026", "30121992")
            raise DayError(words) from None

    def _parse_paper_moment(self, text: str) -> Any:
        from counter_app.ui.reception_paper import read_moment

        return read_moment(text, today=self._today())

    def _find_procedures(self, text: str) -> list[Choice]:
        return [_procedure_choice(found) for found in self._match(text)]

    def _find_units(self, text: str) -> list[Choice]:
        wanted = folded(text)
        found = [unit for unit in self._units() if wanted in folded(unit)]
        return [Choice(unit, unit) for unit in found[:_MOST_UNITS]]

    def first_wrong(self) -> str:
        """Judge everything, say what is missing too, and return the first field to mend."""
        wrong = self.wrong_fields()
        for name, words in (
            ("org_name" if self.is_organisation() else "applicant_name", self._no_name()),
            ("procedure_code", self.tr("Chưa chọn thủ tục. Gõ vài chữ của tên rồi chọn.")),
        ):
            value = self.procedure_value() if name == "procedure_code" else self.value(name)
            if not value and name not in wrong:
                self.show_note(name, Note(words, ERROR))
                wrong.append(name)
        return min(wrong, key=self.names().index, default="")

    def _no_name(self) -> str:
        if self.is_organisation():
            return self.tr("Chưa có tên tổ chức. Nhập tên rồi lưu.")
        return self.tr("Chưa có họ tên người nộp. Nhập họ tên rồi lưu.")

    # Slots

    def _on_edited(self, *_: object) -> None:
        if not self._filling:
            self.changed.emit()

    def _on_text_changed(self, text: str) -> None:
        # A scan gives the line its text back without a key, so this isn't told by _on_edited.
        if not (text or self._filling) and self.is_untouched():
            self.emptied.emit()

    def _on_number_left(self, number: str) -> None:
        if not self._filling:
            self.number_left.emit(number)

    def _on_birth_or_sex_changed(self, *_: object) -> None:
        if self.number.value():
            self.number.validate()

    def _on_procedure_chosen(self, found: Procedure) -> None:
        code, rows = self._left
        self._show_procedure(found, rows if code == found.code else None)
        self.changed.emit()
        self.procedure_chosen.emit(found)

    def _on_procedure_unchosen(self) -> None:
        # Chosen again (a scan gives the line its text back), it has its ticks again.
        self._left = (self.code_label.text(), self.documents.list.rows())
        self._show_procedure(None, None)
        self.procedure_unchosen.emit()


def _is_count(text: str, most: int = _MOST_PAGES) -> bool:
    """Say whether a text is a number from 1 on; nothing typed is no error."""
    return not text or 1 <= (whole_number(text) or 0) <= most


def _further_words(found: Procedure | None) -> str:
    """Say what the short name leaves out: the whole name, else who resolves it."""
    if found is None:
        return ""
    if found.name != found.label:
        return found.name
    return " · ".join(part for part in (found.sector, found.unit) if part)


def _procedure_choice(found: Procedure) -> Choice:
    return Choice(found, found.label, found.code)


def _paper_row(paper: RequiredDocument) -> CheckRow:
    originals, copies = paper.originals, paper.copies
    return CheckRow(
        paper.name,
        is_required=paper.required,
        default_originals=originals if originals or copies else 1,
        default_copies=copies,
    )
