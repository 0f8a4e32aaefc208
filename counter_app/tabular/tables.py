"""Any small table as CSV or XLSX: text cells that a spreadsheet shows and runs nothing of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from counter_app.domain.vietnamese import nfc
from counter_app.errors import UserError
from counter_app.tabular.cells import GUARD
from counter_app.tabular.writing import guard

_BOM = "\ufeff"
_MADE_AT = datetime(2026, 1, 1)  # the same table gives the same bytes
_WIDEST = 60
_LONGEST_CELL = 32_767
_Untyped: TypeAlias = Any  # xlsxwriter ships no types


def table_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV: UTF-8 with BOM, CRLF, guarded cells."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([guard(nfc(cell)) for cell in row] for row in rows)
    return (_BOM + buffer.getvalue()).encode()


def table_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as a workbook of one sheet; every cell is text, numbers with a zero too.

    Raises:
        UserError: a cell is longer than a sheet can hold.
    """
    import xlsxwriter

    packed = io.BytesIO()
    workbook: _Untyped = xlsxwriter.Workbook(packed, {"in_memory": True})
    workbook.set_properties({"created": _MADE_AT})
    sheet = workbook.add_worksheet(title)
    heading = workbook.add_format({"bold": True, "valign": "top", "border": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    known = [list(map(nfc, row)) for row in rows]
    for column, text in enumerate(headings):
        longest = max([len(text), *(len(row[column]) for row in known)], default=0)
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
        sheet.write_string(0, column, text, heading)
    for number, row in enumerate(known, start=1):
        for column, cell in enumerate(row):
            if len(cell) > _LONGEST_CELL:
                raise UserError(
                    f"Dòng {number}, cột “{headings[column]}” dài {len(cell)} ký tự, bảng tính "
                    f"không chứa được. Chưa ghi gì. Hãy xuất ra tệp CSV."
                )
            if cell:
                text = GUARD + cell if cell.startswith(GUARD) else cell
                sheet.write_string(number, column, text, wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(known), 1), len(headings) - 1)
    workbook.close()
    return packed.getvalue()
