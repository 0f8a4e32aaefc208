"""Outgoing documents (văn bản xin lỗi, thông báo): A4 by NĐ 30/2020/NĐ-CP, Phụ lục I.

Nearly every letter is one page; a very long reason runs on to a second one, numbered in its top
margin as the decree has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from counter_app.documents.fields import apology_fields, apology_variant
from counter_app.documents.form_words import LetterWording
from counter_app.documents.head import Head, put_head, put_number
from counter_app.documents.templates import Fields, Run, Template
from counter_app.documents.typeset import MM, Face, Rule, SetLine, Sheet, Stamp, Style, Type
from counter_app.documents.wording import FormWording
from counter_app.domain.papers import ApologyFacts

WIDTH, HEIGHT = 210 * MM, 297 * MM
# NĐ 30/2020, Phụ lục I: top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20.
_TOP, _BOTTOM, _LEFT, _RIGHT = 20 * MM, 20 * MM, 30 * MM, 17 * MM
_COLUMN = WIDTH - _LEFT - _RIGHT
Edges = tuple[float, float]
_EDGES: Edges = (_LEFT, WIDTH - _RIGHT)
_SHARE = 0.40  # the agency's part of the head
_HEAD, _NUMBER, _TITLE, _ADDRESS = 12, 13, 14, 14
# The body's size, 13 to 14, and its lines, single (1.15 of the size) to one and a half.
_STEPS = ((14, 1.3), (13.5, 1.25), (13, 1.25), (13, 1.15))
_PARAGRAPH = 6  # points between paragraphs, at least
_INDENT = 10 * MM
_SIGN_ROOM = 30 * MM  # for a signature and a round stamp
_LABEL, _SMALL = 12, 11  # "Nơi nhận:" and its list
_MARK = 9


class LetterContent(NamedTuple):
    """What a letter holds beside its words; ``variant`` names its middle paragraphs."""

    fields: Fields
    variant: str
    signer_titles: tuple[str, ...] = ()
    signer_name: str = ""
    recipients: tuple[str, ...] = ()
    title: str = ""  # instead of the wording's own
    is_rehearsal: bool = False


def apology_sheets(facts: ApologyFacts, form: FormWording, type_: Type) -> list[Sheet]:
    """Set an apology letter, one sheet a page."""
    content = LetterContent(
        apology_fields(facts, form),
        apology_variant(facts),
        facts.signer_titles,
        facts.signer_name,
        facts.recipients,
        facts.title,
        facts.is_rehearsal,
    )
    return letter_sheets(content, form.apology, type_)


def letter_sheets(content: LetterContent, words: LetterWording, type_: Type) -> list[Sheet]:
    """Set a letter, one sheet a page."""
    setter = _Setter(content, words, type_)
    for size, leading in _STEPS:
        pages = setter.pages(size, leading)
        if len(pages) == 1:
            break
    return pages


class _Setter:
    """Sets one letter; heights grow downwards."""

    def __init__(self, content: LetterContent, words: LetterWording, type_: Type) -> None:
        self.content = content
        self.words = words
        self.fields = content.fields
        self.type = type_
        self.head, self.top = self._head()

    def _centred(
        self, sheet: Sheet, text: str, face: Face, *, top: float, between: Edges = _EDGES
    ) -> None:
        sheet.centre(self.type, text, face, top=top, between=between)

    # ------------------------------------------------------------------------------- head

    def _head(self) -> tuple[Sheet, float]:
        """Set everything above the body, which doesn't depend on its size."""
        sheet = Sheet()
        words = self.words
        label, face = words.form_label, Face(Style.REGULAR, _MARK)
        sheet.put(_EDGES[1] - self.type.width(label, *face), _TOP - _MARK * 1.7, label, face)
        head = Head(*_EDGES, _SHARE, _HEAD)
        agencies = (self.fields["agency_parent"], self.fields["agency_name"])
        y = put_head(sheet, self.type, agencies, head, top=_TOP)
        put_number(sheet, self.type, words.number, self.fields, head, top=y, size=_NUMBER)
        date = words.place_date.plain(self.fields)
        face = Face(Style.ITALIC, _NUMBER)
        self._centred(sheet, date, face, top=y, between=head.columns[1])
        y += _NUMBER * 1.3 + 16
        for line in self._title():
            self._centred(sheet, line, Face(Style.BOLD, _TITLE), top=y)
            y += _TITLE * 1.25
        y = self._marks(sheet, self._subject(sheet, y))
        return sheet, self._addressee(sheet, y + 12) + _PARAGRAPH

    def _title(self) -> Sequence[str]:
        """Return the title's lines; one typed without breaks is broken evenly."""
        own = self.content.title.strip()
        if not own:
            return self.words.title
        bold = Face(Style.BOLD, _TITLE)
        return [
            line
            for part in own.upper().splitlines()
            for line in self.type.balanced(" ".join(part.split()), *bold, _COLUMN * 0.8)
        ]

    def _subject(self, sheet: Sheet, y: float) -> float:
        """Set what a notice is about (trích yếu) with its rule of a third of the text."""
        text = self.words.subject.plain(self.fields)
        if not text:
            return y
        rows = self.type.balanced(text, Style.BOLD, _TITLE, _COLUMN * 0.85)
        for row in rows:
            self._centred(sheet, row, Face(Style.BOLD, _TITLE), top=y)
            y += _TITLE * 1.25
        half = max(self.type.width(row, Style.BOLD, _TITLE) for row in rows) / 5
        middle = _LEFT + _COLUMN / 2
        sheet.rules.append(Rule(middle - half, y + 1.5, middle + half, y + 1.5))
        return y + 6

    def _marks(self, sheet: Sheet, y: float) -> float:
        for mark in self.words.marks:
            text = mark.plain(self.fields)
            if text:
                self._centred(sheet, text, Face(Style.ITALIC, _LABEL), top=y)
                y += _LABEL * 1.3
        if self.content.is_rehearsal:
            self._centred(sheet, self.words.rehearsal, Face(Style.BOLD, _LABEL), top=y)
            y += _LABEL * 1.3
            stamp = self.words.rehearsal.partition(",")[0]
            sheet.stamps.append(Stamp(WIDTH / 2, HEIGHT * 0.55, stamp, 52, 50))
        return y

    def _addressee(self, sheet: Sheet, y: float) -> float:
        """Set "Kính gửi:" with name and address hanging beside it."""
        label = self.words.address_label
        left = _LEFT + 2 * _INDENT
        text_left = left + self.type.width(label + " ", Style.REGULAR, _ADDRESS)
        room = _LEFT + _COLUMN - text_left
        sheet.put(left, y, label, Face(Style.REGULAR, _ADDRESS))
        for template in (self.words.addressee, *self.words.addressee_lines):
            for line in self.type.break_lines(template.fill(self.fields), _ADDRESS, room):
                sheet.put_line(text_left, y, line, _ADDRESS)
                y += _ADDRESS * 1.25
        return y

    # ------------------------------------------------------------------------------- body

    def _paragraphs(self) -> list[tuple[tuple[Run, ...], bool]]:
        """Return the filled paragraphs and whether each is set in italics."""
        parts = self.words.paragraphs
        order: tuple[Template, ...] = (
            *parts["opening"],
            *parts[self.content.variant],
            *parts["closing"],
        )
        # What a document rests on is set in italics, as NĐ 30/2020 has it.
        found = [(self.words.basis.fill(self.fields), True)]
        found += [(template.fill(self.fields), False) for template in order]
        return [(runs, is_basis) for runs, is_basis in found if runs]

    def pages(self, size: float, leading: float) -> list[Sheet]:
        """Set the letter with a body of this size."""
        sheets = [Sheet().joined(self.head)]
        y, lead = self.top, size * leading
        bottom = HEIGHT - _BOTTOM
        paragraphs = self._paragraphs()
        end = self._end_height()
        for number, (runs, italic) in enumerate(paragraphs):
            lines = self.type.break_lines(runs, size, _COLUMN, italic=italic, first_indent=_INDENT)
            is_last = number == len(paragraphs) - 1
            # The last paragraph stays with the signature: none stands alone on a page.
            if is_last and y + len(lines) * lead + end > bottom:
                y = self._next_page(sheets)
            for line in lines:
                if y + size > bottom:
                    y = self._next_page(sheets)
                sheets[-1].put_line(_LEFT, y, line, size, gap=self._gap(line))
                y += lead
            y += _PARAGRAPH
        self._end(sheets[-1], y + _PARAGRAPH)
        return sheets

    def _next_page(self, sheets: list[Sheet]) -> float:
        sheets.append(Sheet())
        self._centred(sheets[-1], str(len(sheets)), Face(Style.REGULAR, _NUMBER), top=_TOP / 2)
        return _TOP

    def _gap(self, line: SetLine) -> float:
        """Return what each space of a justified line takes on."""
        if line.is_last or not line.spaces:
            return 0
        return (_COLUMN - line.width) / line.spaces

    # -------------------------------------------------------------------------------- end

    def _titles(self) -> tuple[str, ...]:
        return self.content.signer_titles or self.words.default_signer_titles

    def _recipients(self) -> list[str]:
        own = [template.plain(self.fields) for template in self.words.recipients]
        return [name.rstrip(" ;.") for name in (self.content.recipients or own) if name]

    def _end_height(self) -> float:
        signature = (len(self._titles()) + 1) * _NUMBER * 1.25 + _SIGN_ROOM + _NUMBER * 1.3
        rows = sum(len(lines) for lines in self._recipient_lines())
        recipients = _LABEL * 1.3 + rows * _SMALL * 1.2
        return 2 * _PARAGRAPH + max(signature, recipients)

    def _recipient_lines(self) -> list[tuple[SetLine, ...]]:
        names = self._recipients()
        return [
            self.type.break_lines(
                [Run(f"- {name}{'.' if number == len(names) else ';'}")],
                _SMALL,
                _COLUMN * 0.5,
            )
            for number, name in enumerate(names, 1)
        ]

    def _end(self, sheet: Sheet, top: float) -> None:
        """Set "Nơi nhận" on the left and the signature on the right."""
        sheet.put(_LEFT, top, self.words.recipients_label, Face(Style.BOLD_ITALIC, _LABEL))
        y = top + _LABEL * 1.3
        for lines in self._recipient_lines():
            for line in lines:
                sheet.put_line(_LEFT, y, line, _SMALL)
                y += _SMALL * 1.2
        right = (_LEFT + _COLUMN * 0.5, _LEFT + _COLUMN)
        y = top
        for title in self._titles():
            self._centred(sheet, title.upper(), Face(Style.BOLD, _NUMBER), top=y, between=right)
            y += _NUMBER * 1.25
        note = self.words.signer_note
        self._centred(sheet, note, Face(Style.ITALIC, _LABEL), top=y, between=right)
        y += _NUMBER * 1.25 + _SIGN_ROOM
        name = self.content.signer_name
        self._centred(sheet, name, Face(Style.BOLD, _NUMBER + 0.5), top=y, between=right)
