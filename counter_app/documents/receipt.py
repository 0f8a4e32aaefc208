"""The receipt (giấy tiếp nhận hồ sơ và hẹn trả kết quả) on one page, whatever it has to hold.

Fields and their order are those of Mẫu số 01, Thông tư 01/2018/TT-VPCP and 03/2025/TT-VPCP; the
papers stand in a table, as provincial systems print them. The page is one-sided: a long receipt is
set smaller, step by step, then its table becomes a running list. Nothing is ever left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from counter_app.documents.codes import barcode, qr
from counter_app.documents.fields import receipt_fields
from counter_app.documents.form_words import SheetWording
from counter_app.documents.head import Head, put_head, put_number
from counter_app.documents.receipt_pages import ReceiptPage, Step
from counter_app.documents.templates import NO_BREAK, Fields, Item, Line, Run
from counter_app.documents.typeset import MM, Face, Rule, SetLine, Sheet, Stamp, Style, Type
from counter_app.domain.papers import PaperDocument, ReceiptFacts
from counter_app.errors import PaperError


class SheetContent(NamedTuple):
    """What a form of one page holds beside its words."""

    fields: Fields
    code: str  # as bars and dots, too
    documents: tuple[PaperDocument, ...] = ()  # the rows of its table
    requirements: tuple[str, ...] = ()  # the rows of its numbered list
    is_rehearsal: bool = False


def receipt_sheet(
    facts: ReceiptFacts, words: SheetWording, type_: Type, page: ReceiptPage
) -> tuple[Sheet, ReceiptPage]:
    """Set a receipt, without the mark that tells its copies apart; return the page it is set on.

    Raises:
        PaperError: it doesn't fit at the smallest size that can be read.
    """
    fields = receipt_fields(facts, words)
    content = SheetContent(
        fields, facts.scanned_code, facts.documents, is_rehearsal=facts.is_rehearsal
    )
    return one_page(content, words, type_, page)


def one_page(
    content: SheetContent, words: SheetWording, type_: Type, page: ReceiptPage
) -> tuple[Sheet, ReceiptPage]:
    """Set a form of one page, as ``receipt_sheet``."""
    layout: ReceiptPage | None = page
    while layout is not None:
        setter = SheetSetter(content, words, type_, layout)
        top, bottom = setter.head(), setter.notes()
        body = _first_fitting(setter, layout.steps, top, bottom)
        if body is not None:
            return setter.sheet.joined(body), layout
        layout = layout.tight
    name = " ".join(words.title).capitalize()
    raise PaperError(
        f"{name} quá dài, không vừa một mặt giấy dù đã thu nhỏ chữ; dữ liệu vẫn nguyên. Hãy"
        " rút gọn nội dung hoặc tên giấy tờ, hoặc chọn khổ giấy A4 rồi in lại."
    )


def _first_fitting(
    setter: SheetSetter, steps: Sequence[Step], top: float, bottom: float
) -> Sheet | None:
    """Set the body at the first step at which it fits.

    Each step is tighter than the one before, so that the steps after the first are halved rather
    than tried in turn; where running lists follow tables they aren't, and all are tried.
    """
    is_ordered = steps[0].is_run_in == steps[-1].is_run_in
    found: Sheet | None = None
    low, high = -1, len(steps)
    tried = 0
    while high - low > 1:
        body = Sheet()
        if setter.body(body, steps[tried], top, bottom):
            found, high = body, tried
        else:
            low = tried
        tried = (low + high) // 2 if is_ordered and low >= 0 else low + 1
    return found


def put_copy_mark(sheet: Sheet, mark: str, type_: Type, page: ReceiptPage) -> None:
    """Put "Liên 1 …" at the top of a copy."""
    face = Face(Style.ITALIC, page.small)
    x = page.width - page.side - type_.width(mark, *face)
    sheet.put(x, page.top + page.small * 1.25, mark, face)


_PEN_ROWS = 3
_ENDLESS = 100_000.0  # a width at which nothing is broken
_BAR_SHARE = 0.505  # of the width: modules of 0.2 mm for the longest official codes
_SPACE = (Run(" "),)
_Filled = list[tuple[Item, tuple[Run, ...]]]  # items to print with their text (none: a leader)


class SheetSetter:
    """Sets one form; heights grow downwards."""

    def __init__(
        self, content: SheetContent, words: SheetWording, type_: Type, page: ReceiptPage
    ) -> None:
        self.content = content
        self.words = words
        self.fields = content.fields
        self.type = type_
        self.page = page
        self.left = page.side
        self.width = page.width - 2 * page.side
        self.right = self.left + self.width
        self.edges = (self.left, self.right)
        self.sheet = Sheet()

    # ------------------------------------------------------------------------------- head

    def head(self) -> float:
        """Set everything above the body and return where that starts."""
        page, sheet = self.page, self.sheet
        head = Head(self.left, self.right, page.column, page.nation)
        code, room = self.content.code, self.width * _BAR_SHARE
        if (
            code.isascii() and code.isprintable()
        ):  # another system's code may be neither: QR holds it
            sheet.bars += barcode(code, self.left, page.top, width=room, height=page.bar_height)
        label, face = self.words.form_label, Face(Style.BOLD, page.small)
        sheet.put(self.right - self.type.width(label, *face), page.top, label, face)
        agencies = (self.fields["office_parent"], self.fields["office_name"])
        top = page.top + page.bar_height + page.small * 0.9
        y = put_head(sheet, self.type, agencies, head, top=top)
        size = page.nation + 0.5
        put_number(sheet, self.type, self.words.number, self.fields, head, top=y, size=size)
        date = self.words.place_date.plain(self.fields)
        face = Face(Style.ITALIC, size)
        sheet.centre(self.type, date, face, top=y, between=head.columns[1])
        return self._title(y + size * 1.3 + page.small * 0.9)

    def _title(self, top: float) -> float:
        page = self.page
        self.sheet.bars += qr(self.content.code, self.left, top, page.qr_side)
        y = top
        for text in self.words.title:
            self._beside([Run(text, bold=True)], page.title, y)
            y += page.title * 1.22
        y += page.title * 0.2
        for template in self.words.code_lines:
            if runs := template.fill(self.fields):
                self._beside(runs, page.code, y)
                y += page.code * 1.3
        size = page.small + 1
        marks = [text for mark in self.words.marks if (text := mark.plain(self.fields))]
        if marks:
            self._beside([Run(" – ".join(marks))], size, y, italic=True)
            y += size * 1.3
        if self.content.is_rehearsal:
            self._beside([Run(self.words.rehearsal, bold=True)], size, y)
            y += size * 1.3
            words = self.words.rehearsal.partition(",")[0]
            middle = (page.width / 2, page.height * 0.6)
            self.sheet.stamps.append(Stamp(*middle, words, page.title * 3, 50))
        return max(y, top + page.qr_side) + page.small * 0.8

    def _beside(
        self, runs: Sequence[Run], size: float, top: float, *, italic: bool = False
    ) -> None:
        """Centre a line on the page, or right of the QR code if it would touch it."""
        free = self.left + self.page.qr_side + 4 * MM
        line = self.type.break_lines(runs, size, _ENDLESS, italic=italic)[0]
        if line.width > self.right - free:
            size *= (self.right - free) / line.width
            line = self.type.break_lines(runs, size, _ENDLESS, italic=italic)[0]
        is_clear = (self.page.width - line.width) / 2 >= free
        left = self.left if is_clear else free
        self.sheet.put_line((left + self.right - line.width) / 2, top, line, size)

    # ------------------------------------------------------------------------------ notes

    def notes(self) -> float:
        """Set the notes at the foot of the page and return the height of the rule over them."""
        page = self.page
        lines: list[tuple[str, SetLine]] = []
        for note in self.words.notes:
            filled = [runs for template in note if (runs := template.fill(self.fields))]
            words = [run for found in filled for run in (*found, *_SPACE)]
            broken = self.type.break_lines(words, page.small, self.width - page.small, italic=True)
            lines += [("" if number else "–", line) for number, line in enumerate(broken)]
        lead = page.small * 1.16
        top = page.height - page.bottom - lead * len(lines)
        for number, (dash, line) in enumerate(lines):
            y = top + number * lead
            self.sheet.put(self.left, y, dash, Face(Style.ITALIC, page.small))
            self.sheet.put_line(self.left + page.small, y, line, page.small)
        rule = top - page.small * 0.4
        self.sheet.rules.append(Rule(self.left, rule, self.right, rule))
        return rule

    # ------------------------------------------------------------------------------- body

    def body(self, sheet: Sheet, step: Step, top: float, bottom: float) -> bool:
        """Set body and signatures between two heights; say whether they fit."""
        y = top
        held: _Filled = []
        for line in self.words.lines:
            items = self.items(line)
            if line.kind == "line" and step.is_run_in and len(held) == len(items) == 1:
                pair = [*held, *items]
                if self._columns(pair, step):
                    items, held = pair, []
            y = self.line(sheet, held, step, y)
            held = []
            if line.kind == "documents":
                y = self._documents(sheet, line, step, y)
            elif line.kind == "list":
                y = self._list(sheet, line, step, y)
            elif line.kind == "remark":
                y = self._remark(sheet, items, step, y)
            elif step.is_run_in and len(items) == 1:
                held = items
            else:
                y = self.line(sheet, items, step, y)
        y = self.line(sheet, held, step, y) + step.size * 0.6
        return self._signatures(sheet, step, y) + step.size * 0.4 <= bottom

    def items(self, line: Line) -> _Filled:
        """Return the items to print, with their filled text (none: a leader)."""
        found = []
        for item in line.items:
            runs = item.text.fill(self.fields)
            is_shadowed = item.unless and self.fields[item.unless]
            if (runs or item.leader) and not is_shadowed:
                found.append((item, runs))
        return found

    def line(self, sheet: Sheet, items: _Filled, step: Step, top: float) -> float:
        """Set one line's items and return the height below."""
        places = self._columns(items, step) if len(items) > 1 else None
        if places is None:
            for item, runs in items:
                top = self._item(sheet, item, runs, step, between=self.edges, top=top)
            return top
        for (item, runs), between in zip(items, places, strict=True):
            below = self._item(sheet, item, runs, step, between=between, top=top)
        return below

    def _columns(self, items: _Filled, step: Step) -> list[tuple[float, float]] | None:
        """Return left and right edges of two items on one line, or nothing if they need two."""
        apart = step.size
        widths = []
        for item, runs in items:
            filled = self.type.break_lines([Run(item.label + " "), *runs], step.size, _ENDLESS)[0]
            widths.append(filled.width + (0 if runs else 22 * MM) + 0.01)
        first, second = widths
        if first + apart + second > self.width:
            return None
        split = min(max(self.width / 2, first + apart), self.width - second)
        return [(self.left, self.left + split - apart), (self.left + split, self.right)]

    def _item(
        self,
        sheet: Sheet,
        item: Item,
        runs: Sequence[Run],
        step: Step,
        *,
        between: tuple[float, float],
        top: float,
    ) -> float:
        left, right = between
        label = [Run(item.label + " ")] if item.label else []
        lines = self.type.break_lines([*label, *runs], step.size, right - left)
        if item.is_kept and runs and len(lines) > 1:
            sheet.put(left, top, item.label, Face(Style.REGULAR, step.size))
            top += step.size * step.leading
            left += step.size * 2
            lines = self.type.break_lines(runs, step.size, right - left)
        for number, line in enumerate(lines):
            sheet.put_line(left, top + number * step.size * step.leading, line, step.size)
        if not runs:
            start = left + (lines[-1].width + step.size * 0.3 if lines else 0)
            sheet.leader(start, right, top, step.size)
        return top + max(len(lines), 1) * step.size * step.leading + step.gap

    def _remark(self, sheet: Sheet, items: _Filled, step: Step, top: float) -> float:
        size = step.size - 0.5 if step.size > self.page.small else step.size
        for _, runs in items:
            for broken in self.type.break_lines(runs, size, self.width, italic=True):
                sheet.put_line(self.left, top, broken, size)
                top += size * step.leading
            top += step.gap
        return top

    # -------------------------------------------------------------------------- documents

    def _list(self, sheet: Sheet, line: Line, step: Step, top: float) -> float:
        """Set a numbered list, its numbers hanging; without rows there is room for a pen."""
        lead = step.size * step.leading
        if line.items[0].label:
            for broken in self.type.break_lines([Run(line.items[0].label)], step.size, self.width):
                sheet.put_line(self.left, top, broken, step.size)
                top += lead
        if not self.content.requirements:
            for row in range(_PEN_ROWS):
                sheet.leader(self.left, self.right, top + row * lead, step.size)
            return top + _PEN_ROWS * lead + step.gap
        hang = self.left + self.type.width("99. ", Style.REGULAR, step.size)
        for number, text in enumerate(self.content.requirements, 1):
            sheet.put(self.left, top, f"{number}.", Face(Style.REGULAR, step.size))
            for broken in self.type.break_lines([Run(text)], step.size, self.right - hang):
                sheet.put_line(hang, top, broken, step.size)
                top += lead
            top += step.gap / 2
        return top + step.gap / 2

    def _kinds(self, document: PaperDocument) -> list[tuple[str, str]]:
        """Return what was handed in of a paper: kind and number."""
        if document.kind:
            number = document.originals + document.copies
            return [(document.kind, f"{number:02d}" if number else "")]
        counted = ((self.words.original, document.originals), (self.words.copy, document.copies))
        return [(kind, f"{number:02d}") for kind, number in counted if number] or [("", "")]

    def _documents(self, sheet: Sheet, line: Line, step: Step, top: float) -> float:
        label = Run(line.items[0].label)
        if not self.content.documents:
            return self._item(sheet, line.items[0], (), step, between=self.edges, top=top)
        if step.is_run_in:
            texts = [
                f"({number}){NO_BREAK}{document.name} ({self._run_in(document)})".replace(" ()", "")
                for number, document in enumerate(self.content.documents, 1)
            ]
            runs = [label, Run(" " + "; ".join(texts) + ".")]
            lines = self.type.break_lines(runs, step.size, self.width)
            for number, broken in enumerate(lines):
                sheet.put_line(
                    self.left, top + number * step.size * step.leading, broken, step.size
                )
            return top + len(lines) * step.size * step.leading + step.gap
        for broken in self.type.break_lines([label], step.size, self.width):
            sheet.put_line(self.left, top, broken, step.size)
            top += step.size * step.leading
        return self._table(sheet, step, top + step.size * 0.15) + step.size * 0.3 + step.gap

    def _run_in(self, document: PaperDocument) -> str:
        return ", ".join(f"{count} {kind.lower()}".strip() for kind, count in self._kinds(document))

    def _table(self, sheet: Sheet, step: Step, top: float) -> float:
        size = max(step.size - 0.5, self.page.small)
        lead, pad = size * 1.16, size * 0.2
        shares = (0.07, 0.0, 0.18, 0.13)
        name_width = self.width * (1 - sum(shares))
        edges = [self.left, self.left + self.width * shares[0]]
        edges += [edges[1] + name_width, edges[1] + name_width + self.width * shares[2], self.right]
        drop = size * 0.12  # capitals then stand in the middle of their row
        first = top
        rules = [top]

        def centred(text: str, column: int, y: float, style: Style = Style.REGULAR) -> None:
            between = (edges[column] + 1, edges[column + 1] - 1)
            sheet.centre(self.type, text, Face(style, size), top=y + drop, between=between)

        for column, heading in enumerate(self.words.columns):
            centred(heading, column, top + pad, Style.BOLD)
        top += lead + 2 * pad
        rules.append(top)
        for number, document in enumerate(self.content.documents, 1):
            names = self.type.break_lines([Run(document.name)], size, name_width - size * 0.8)
            kinds = self._kinds(document)
            centred(str(number), 0, top + pad)
            for row, name in enumerate(names):
                sheet.put_line(edges[1] + size * 0.4, top + pad + drop + row * lead, name, size)
            for row, (kind, count) in enumerate(kinds):
                centred(kind, 2, top + pad + row * lead)
                centred(count, 3, top + pad + row * lead)
            top += max(len(names), len(kinds), 1) * lead + 2 * pad
            rules.append(top)
        sheet.rules += [Rule(self.left, y, self.right, y) for y in rules]
        sheet.rules += [Rule(x, first, x, top) for x in edges]
        return top

    # ------------------------------------------------------------------------- signatures

    def _signatures(self, sheet: Sheet, step: Step, top: float) -> float:
        half = self.width / 2
        lead = step.size * step.leading
        y = below = top + 2 * lead + step.sign_room
        for number, signature in enumerate(self.words.signatures):
            left = self.left + number * half + step.size / 2
            between = (left, left + half - step.size)

            def centred(
                text: str, style: Style, top: float, between: tuple[float, float] = between
            ) -> None:
                sheet.centre(self.type, text, Face(style, step.size), top=top, between=between)

            centred(signature.title, Style.BOLD, top)
            centred(signature.note, Style.ITALIC, top + lead)
            name = " ".join(signature.name.plain(self.fields).split())
            rows = self.type.balanced(name, Style.BOLD, step.size, half - step.size) if name else ()
            for row, text in enumerate(rows):
                centred(text, Style.BOLD, y + row * step.size * 1.15)
            below = max(below, y + max(len(rows), 1) * step.size * 1.15)
        return below
