"""Plain lists written so that any spreadsheet shows them and reads no formula into them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS
from counter_app.domain.lists import (
    COLUMNS_BY_NAME,
    LIST_COLUMNS,
    CellKind,
    ListColumn,
    ListRow,
    RowError,
)
from counter_app.domain.vietnamese import nfc
from counter_app.tabular.cells import GUARD
from counter_app.tabular.encodings import check_delimiter

REASON_HEADING = "Lý do"
DEFAULT_COLUMNS: tuple[str, ...] = tuple(column.name for column in LIST_COLUMNS)
_BOM = "\ufeff"
_ROWS_A_PIECE = 2000
_ROWS_AT_ONCE = 200
# A spreadsheet takes these for formulas, or drops a first zero and the last digits of long numbers.
_SUSPECT = frozenset("=+-@'\t\r(0123456789")
_LONG_NUMBER = 9
_GUARDED = re.compile(r"[=+\-@'\t\r]|\(?[0-9](?:[ .()-]*[0-9]){8,}\Z")


def guard(text: str) -> str:
    """Put one ``'`` before a cell that a spreadsheet would change or run; ``import`` takes it off.

    >>> guard("045090001234"), guard("=1+1"), guard("Lê Thị Hoa")
    ("'045090001234", "'=1+1", 'Lê Thị Hoa')
    """
    # Most cells begin with a letter or are digits only: they are decided without the pattern.
    if text[:1] not in _SUSPECT:
        return text
    if text.isascii() and text.isdigit():
        return GUARD + text if len(text) >= _LONG_NUMBER else text
    return GUARD + text if _GUARDED.match(text) else text


# ----------------------------------------------------------------------- lists as text


def list_pieces(
    rows: Iterable[ListRow], columns: Sequence[str] = DEFAULT_COLUMNS, delimiter: str = ","
) -> Iterator[bytes]:
    """Yield a list as pieces of a CSV file: UTF-8 with BOM, CRLF, guarded cells."""
    chosen = [COLUMNS_BY_NAME[name] for name in columns]
    return _pieces([c.heading for c in chosen], _texts(rows, chosen), delimiter)


def write_list(
    rows: Iterable[ListRow], columns: Sequence[str] = DEFAULT_COLUMNS, delimiter: str = ","
) -> bytes:
    """Return a whole list as a CSV file."""
    return b"".join(list_pieces(rows, columns, delimiter))


def write_rejected(
    headings: Sequence[str],
    rejected: Iterable[tuple[Sequence[str], Sequence[RowError]]],
    delimiter: str = ",",
) -> bytes:
    """Return the rejected rows as they came, each with its reasons in a last column.

    Mended, the file can be imported again as it is.
    """
    width = len(headings)
    rows = (
        [
            *(_guard_once(cell) for cell in islice([*cells, *[""] * width], width)),
            guard(_reason(errors)),
        ]
        for cells, errors in rejected
    )
    return b"".join(_pieces([*headings, REASON_HEADING], rows, delimiter))


def _guard_once(text: str) -> str:
    """Guard a cell that comes from a file, where it may have its guard already."""
    return text if text.startswith(GUARD) else guard(text)


def _reason(errors: Sequence[RowError]) -> str:
    return " ".join(
        f"Dòng {e.line}, {e.column}: {e.message}" if e.column else f"Dòng {e.line}: {e.message}"
        for e in errors
    )


def _pieces(
    headings: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str
) -> Iterator[bytes]:
    check_delimiter(delimiter)
    yield (_BOM + _format([list(headings)], delimiter)).encode()
    source = iter(rows)
    while part := list(islice(source, _ROWS_A_PIECE)):
        text = _format(part, delimiter)
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            # Cell by cell: in the finished text a Greek question mark would become a delimiter.
            text = _format([[nfc(cell) for cell in cells] for cells in part], delimiter)
        yield text.encode()


def _format(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _texts(rows: Iterable[ListRow], columns: Sequence[ListColumn]) -> Iterator[Sequence[str]]:
    """Turn rows to guarded text, a column of some hundred rows at a time."""
    slots = {name: slot for slot, name in enumerate(ListRow._fields)}
    plan = [(slots[column.name], column.name, _WRITERS[column.kind]) for column in columns]
    source = iter(rows)
    while part := list(islice(source, _ROWS_AT_ONCE)):
        stood = list(zip(*part, strict=True))
        texts = [_column(stood[slot], write) for slot, _, write in plan]
        for place, days in enumerate(stood[slots["date_only"]]):
            for (slot, name, _), cells in zip(plan, texts, strict=True) if days else ():
                if name in days and stood[slot][place] is not None:
                    cells[place] = write_day(stood[slot][place])
        yield from zip(*texts, strict=True)


def _column(values: Sequence[Any], write: Callable[[Any], str]) -> list[str]:
    if write is guard:
        # Most cells begin with a letter, or are empty: they stay without a call.
        return [guard(text) if text[:1] in _SUSPECT else text for text in values]
    return ["" if value is None else write(value) for value in values]


def write_moment(moment: datetime) -> str:
    """Write a moment as people do: ``24/11/2026 08:15``."""
    iso = moment.isoformat()  # cut up, it is twice as quick as a format of its own
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]} {iso[11:16]}"


def write_day(moment: datetime) -> str:
    """Write the day of a moment: ``24/11/2026``."""
    return f"{moment.day:02}/{moment.month:02}/{moment.year:04}"


def _write_amount(amount: int) -> str:
    return guard(str(amount))


_WRITERS: dict[CellKind, Callable[[Any], str]] = dict.fromkeys(CellKind, guard) | {
    CellKind.MOMENT: write_moment,
    CellKind.STATUS: STATUS_LABELS.__getitem__,
    CellKind.CHANNEL: CHANNEL_LABELS.__getitem__,
    CellKind.AMOUNT: _write_amount,
    CellKind.PAID: _write_amount,
}
