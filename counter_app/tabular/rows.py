"""Rows of a list: cells to a ``ListRow``, with errors and notes that name line and heading."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from counter_app.domain.lists import (
    COLUMNS_BY_NAME,
    NOT_YET_RECEIVED_WORDS,
    CellKind,
    ListColumn,
    ListRow,
    RowError,
    RowNote,
)
from counter_app.domain.vietnamese import clean_line, clean_text
from counter_app.tabular.cells import (
    GUARD,
    CellError,
    is_tax_code,
    read_amount,
    read_citizen,
    read_moment,
    read_paid,
    read_phone,
    read_tax_code,
    read_usual_moment,
)
from counter_app.tabular.columns import (
    Mapping,
    channel_words,
    heading_key,
    propose_mapping,
    status_words,
)

_SLOT = {name: slot for slot, name in enumerate(ListRow._fields)}
_DATE_ONLY, _FEE, _CITIZEN, _TAX = (
    _SLOT[name] for name in ("date_only", "fee", "citizen_id", "tax_code")
)
_CODE, _NAME, _RECEIVED, _PROCEDURE_CODE, _PROCEDURE_NAME = (
    _SLOT[name]
    for name in ("code", "applicant_name", "received_at", "procedure_code", "procedure_name")
)
_EMPTY = list(ListRow())

# What looks like another character; real text has them so rarely that a scan is cheaper.
_LOOKALIKES = "\u00d0\u0189\u2010\u2011\ufffd"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PROCEDURE = re.compile(
    r"\(?([0-9]\.[0-9]{6}(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?)\)?\s*[-–:.]?\s+(.+)"
)
_COLUMN_NUMBER = re.compile(r"\(?(?:[0-9]{1,2}|[A-Z])\)?(?:=.*)?")
_FEW_CELLS = 3
_BLANKS = frozenset({"-", "–", "—", "."})
_MEMO_SIZE = 20_000

# Cells that don't decide a dossier's life: unreadable, they are reported and left empty.
_SIDE_KINDS = frozenset({CellKind.PHONE, CellKind.AMOUNT, CellKind.PAID})
# Few different words in many rows: what one means is kept.
_REPEATED = frozenset({CellKind.STATUS, CellKind.CHANNEL, CellKind.AMOUNT})
_TEXT_KINDS = frozenset({CellKind.CODE, CellKind.TEXT, CellKind.PROSE})


class ParsedRow(NamedTuple):
    """One row of a list as it was understood (dòng đã đọc); a rejected one has no ``row``."""

    line: int
    row: ListRow | None
    errors: Sequence[RowError]
    notes: Sequence[RowNote]
    cells: Sequence[str]
    """As they stood in the file, for the list of rejected rows."""


class _Target(NamedTuple):
    """Where a cell goes."""

    slot: int
    at: int
    column: ListColumn
    heading: str


class RowParser:
    """Reads rows under one heading row with one mapping; made once for a list."""

    def __init__(
        self,
        headings: Sequence[str],
        mapping: Mapping | None = None,
        *,
        from_workbook: bool = False,
    ) -> None:
        """Work out where each cell goes; ``from_workbook`` lets day numbers pass as dates."""
        proposal = propose_mapping(headings, mapping)
        self.proposal = proposal
        self.width = len(headings)
        self.unknown_words: dict[str, Counter[str]] = {"status": Counter(), "channel": Counter()}
        self._order = proposal.mapping.date_order
        self._serials = from_workbook
        self._statuses: dict[str, Any] = dict(status_words(proposal.mapping))
        self._channels: dict[str, Any] = dict(channel_words(proposal.mapping))
        self._procedures = {
            heading_key(text): code for text, code in proposal.mapping.procedures.items()
        }
        self._readers: dict[CellKind, Callable[[str, _Target, _Work], Any]] = {
            CellKind.CITIZEN: self._citizen,
            CellKind.IDENTITY: self._identity,
            CellKind.TAX: lambda text, *_: read_tax_code(text),
            CellKind.PHONE: self._phone,
            CellKind.STATUS: self._status,
            CellKind.CHANNEL: self._channel,
            CellKind.AMOUNT: lambda text, *_: read_amount(text),
        }
        self._plan(headings)

    def _plan(self, headings: Sequence[str]) -> None:
        targets = [
            _Target(_SLOT.get(name, _CITIZEN), index, COLUMNS_BY_NAME[name], headings[index])
            for index, name in enumerate(self.proposal.columns)
            if name
        ]
        self._texts = [t for t in targets if t.column.kind in _TEXT_KINDS]
        self._moments = [t for t in targets if t.column.kind is CellKind.MOMENT]
        self._paid = [t for t in targets if t.column.kind is CellKind.PAID]
        self._others: list[tuple[_Target, bool, dict[str, Any]]] = [
            (t, t.column.kind in _REPEATED, {}) for t in targets if t.column.kind in self._readers
        ]
        self._headings = {t.column.name: t.heading for t in targets}

    # ------------------------------------------------------------------ one row

    def parse(self, line: int, cells: Sequence[str]) -> ParsedRow | None:
        """Read a row; None for an empty one."""
        joined = " ".join(cells)
        if not joined or joined.isspace():
            return None
        work = _Work(line)
        fitted = cells if len(cells) == self.width else self._fit(cells)
        if fitted is None:
            message = f"Số ô không khớp: dòng có {len(cells)} ô, tiêu đề có {self.width}."
            return ParsedRow(line, None, (RowError(line, "", message),), (), cells)
        is_plain = joined.isprintable() and _is_plain(joined)
        tidy = fitted if is_plain else self._tidy(fitted, work)
        values = list(_EMPTY)
        self._read_texts(tidy, values, work)
        self._read_moments(tidy, values, work)
        self._read_others(tidy, values, work)
        if not values[_CODE] or not values[_NAME] or values[_RECEIVED] is None:
            if _is_no_dossier(values, cells):
                note = RowNote(line, "", "Bỏ qua: dòng này không phải hồ sơ.")
                return ParsedRow(line, None, (), (note,), cells)
            self._check_required(values, work)
        row = None if work.fatal else ListRow._make(values)
        return ParsedRow(line, row, work.errors, work.notes, cells)

    def _fit(self, cells: Sequence[str]) -> Sequence[str] | None:
        """Take empty cells off the end of a long row; None for a row of another width."""
        width = self.width
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
        if len(cells) <= min(_FEW_CELLS, width - 1):
            padded = [*cells, *[""] * (width - len(cells))]
            if not any(self._holds_dossier(padded)):
                return padded  # a total or a signature: seen as no dossier later
        return None

    def _holds_dossier(self, cells: Sequence[str]) -> Iterator[bool]:
        """Say of each cell that makes a dossier whether something like it is there."""
        for slot, index, _column, _heading in self._texts + self._moments:
            if slot in {_NAME, _RECEIVED}:
                yield bool(cells[index].strip())
            elif slot == _CODE:
                yield bool(cells[index].strip()) and " " not in cells[index].strip()

    def _tidy(self, cells: Sequence[str], work: _Work) -> list[str]:
        """Clean cells that hold invisible, broken or look-alike characters."""
        return [
            self._tidy_cell(index, cell, work)
            if not (cell.isascii() and cell.isprintable())
            else cell
            for index, cell in enumerate(cells)
        ]

    def _tidy_cell(self, index: int, cell: str, work: _Work) -> str:
        columns = self.proposal.columns
        name = columns[index] if index < len(columns) else ""
        if not name:
            return ""
        heading = self._headings[name]
        if _CONTROLS.search(cell):
            work.fail(heading, "Ô có ký tự điều khiển hoặc ký tự hỏng; hãy xóa rồi gõ lại.")
            return ""
        if "\ufffd" in cell:
            work.notes.append(RowNote(work.line, heading, "Ô có chữ hỏng “\ufffd”, giữ nguyên."))
        prose = COLUMNS_BY_NAME[name].kind is CellKind.PROSE
        return clean_text(cell) if prose else clean_line(cell)

    # ------------------------------------------------------------------ cells

    def _read_texts(self, cells: Sequence[str], values: list[Any], work: _Work) -> None:
        for slot, index, column, heading in self._texts:
            text = cells[index]
            if not text:
                continue
            if text[0] == GUARD or text[0] == " " or text[-1] == " " or "  " in text:
                text = _bare(text)
                if "  " in text:
                    text = _single_spaces(text)
            if len(text) > column.limit:
                work.fail(heading, f"Ô dài {len(text)} ký tự, nhiều nhất {column.limit}.")
            values[slot] = text
        if self._procedures or not values[_PROCEDURE_CODE]:
            self._name_procedure(values)

    def _name_procedure(self, values: list[Any]) -> None:
        """Take the code off the front of a name, and put our code for a system's words."""
        code, name = values[_PROCEDURE_CODE], values[_PROCEDURE_NAME]
        if not code and name[:1] in "0123456789(" and (found := _PROCEDURE.fullmatch(name)):
            code, name = found.groups()
        if self._procedures:
            own = self._procedures.get(heading_key(code)) if code else None
            code = own or self._procedures.get(heading_key(name), code)
        values[_PROCEDURE_CODE], values[_PROCEDURE_NAME] = code, name

    def _read_moments(self, cells: Sequence[str], values: list[Any], work: _Work) -> None:
        day_first = self._order == "dmy"
        for slot, index, column, heading in self._moments:
            text = cells[index]
            if not text:
                continue
            if day_first and (at := read_usual_moment(text)):
                values[slot] = at
                continue
            if not text[0].isdigit() or text[-1] == " ":
                text = _bare(text)
                if not text or text in _BLANKS:
                    continue
            try:
                values[slot], date_only = read_moment(text, self._order, serials=self._serials)
            except CellError as error:
                work.fail(heading, str(error))
                continue
            if date_only:
                values[_DATE_ONLY] |= {column.name}

    def _read_others(self, cells: Sequence[str], values: list[Any], work: _Work) -> None:
        for target, repeats, known in self._others:
            if cell := cells[target.at]:
                if cell in known:
                    values[target.slot] = known[cell]
                elif (text := _bare(cell)) and text not in _BLANKS:
                    self._read(text, target, values, work)
                    if repeats and not work.errors and len(known) < _MEMO_SIZE:
                        known[cell] = values[target.slot]
        for target in self._paid:
            if (text := _bare(cells[target.at])) and text not in _BLANKS:
                self._read_paid(text, target, values, work)

    def _read(self, text: str, target: _Target, values: list[Any], work: _Work) -> None:
        kind = target.column.kind
        try:
            if len(text) > target.column.limit:
                raise CellError(f"Ô dài {len(text)} ký tự, nhiều nhất {target.column.limit}.")
            value = self._readers[kind](text, target, work)
        except CellError as error:
            self._refuse(target, str(error), work)
            return
        if kind is CellKind.IDENTITY and is_tax_code(value):
            values[_TAX] = values[_TAX] or value
        elif kind is not CellKind.IDENTITY or not values[_CITIZEN]:
            values[target.slot] = value

    def _read_paid(self, text: str, target: _Target, values: list[Any], work: _Work) -> None:
        fee = values[_FEE]
        if text.isdigit() and text == str(fee):
            values[target.slot] = fee
            return
        try:
            values[target.slot] = read_paid(text, fee)
        except CellError as error:
            self._refuse(target, str(error), work)

    @staticmethod
    def _refuse(target: _Target, message: str, work: _Work) -> None:
        if target.column.kind in _SIDE_KINDS:
            work.errors.append(RowError(work.line, target.heading, message))
        else:
            work.fail(target.heading, message)

    @staticmethod
    def _citizen(text: str, target: _Target, work: _Work) -> str:
        value, note = read_citizen(text)
        if note:
            work.notes.append(RowNote(work.line, target.heading, note))
        return value

    def _identity(self, text: str, target: _Target, work: _Work) -> str:
        return text if is_tax_code(text) else self._citizen(text, target, work)

    @staticmethod
    def _phone(text: str, target: _Target, work: _Work) -> str:
        value, note = read_phone(text)
        if note:
            work.notes.append(RowNote(work.line, target.heading, note))
        return value

    def _status(self, text: str, _target: _Target, _work: _Work) -> Any:  # noqa: ANN401
        return self._word(text, "status", "trạng thái", self._statuses)

    def _channel(self, text: str, _target: _Target, _work: _Work) -> Any:  # noqa: ANN401
        return self._word(text, "channel", "hình thức tiếp nhận", self._channels)

    def _word(self, text: str, name: str, what: str, table: dict[str, Any]) -> Any:  # noqa: ANN401
        value = table.get(heading_key(text))
        if value is None:
            if name == "status" and heading_key(text) in _NOT_YET_RECEIVED:
                raise CellError("Hồ sơ nộp trực tuyến chưa được tiếp nhận, chưa có hẹn trả.")
            self.unknown_words[name][text] += 1
            raise CellError(f"Không biết {what} “{text}”; chọn nghĩa của nó ở “Sửa cách đọc…”.")
        return value

    # ------------------------------------------------------------------ the whole row

    def _check_required(self, values: list[Any], work: _Work) -> None:
        failed = {error.column for error in work.errors}
        if not values[_NAME]:
            work.miss(self._headings.get("applicant_name", ""), failed, "tên chủ hồ sơ")
        if values[_RECEIVED] is None:
            work.miss(self._headings.get("received_at", ""), failed, "ngày tiếp nhận")
        if not (values[_CODE] or values[_PROCEDURE_CODE] or values[_PROCEDURE_NAME]):
            work.miss(self._headings.get("code", ""), failed, "mã hồ sơ hoặc thủ tục")


class _Work:
    """What was found wrong or mended in the row at hand."""

    __slots__ = ("errors", "fatal", "line", "notes")

    def __init__(self, line: int) -> None:
        self.line = line
        self.errors: list[RowError] = []
        self.notes: list[RowNote] = []
        self.fatal = False

    def fail(self, heading: str, message: str) -> None:
        self.errors.append(RowError(self.line, heading, message))
        self.fatal = True

    def miss(self, heading: str, failed: set[str], what: str) -> None:
        """Say what is missing, unless the cell was there and has been complained about."""
        if not heading or heading not in failed:
            self.fail(heading, f"Thiếu {what}.")


_NOT_YET_RECEIVED = frozenset(map(heading_key, NOT_YET_RECEIVED_WORDS))


def _is_no_dossier(values: list[Any], cells: Sequence[str]) -> bool:
    """Tell totals, signatures and numbers of columns, as printed lists have, from dossiers."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if all(_COLUMN_NUMBER.fullmatch(cell) for cell in filled):
        return True
    code = values[_CODE]
    if values[_NAME] or values[_RECEIVED] is not None or (code and " " not in code):
        return False
    return len(filled) <= _FEW_CELLS


def _is_plain(text: str) -> bool:
    """Say whether printable text is NFC and free of characters that look like others."""
    if text.isascii():
        return True
    if not unicodedata.is_normalized("NFC", text):
        return False
    return not any(map(text.__contains__, _LOOKALIKES))


def _bare(text: str) -> str:
    """Take off the spaces around a cell and exactly one guard."""
    text = text.strip()
    return text[1:].strip() if text[:1] == GUARD else text


def _single_spaces(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))
