"""Plain lists as XLSX: real text, numbers and moments, written row by row."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from counter_app.domain.dossier import CHANNEL_LABELS, STATUS_LABELS
from counter_app.domain.lists import COLUMNS_BY_NAME, CellKind, ListRow
from counter_app.domain.vietnamese import nfc
from counter_app.errors import UserError
from counter_app.paths import ASIDE
from counter_app.tabular.cells import GUARD
from counter_app.tabular.writing import DEFAULT_COLUMNS, write_day, write_moment

_SHEET = "Hồ sơ"
_ABOUT = "Điều kiện"
_A4 = 9
_ACROSS = 3  # pages for twenty columns that can still be read; the code stands on each
_HEADING_HIGH = 30  # points, two lines
_HEADER = 200  # letters of a page's header, which holds 255 with its marks
_MADE_AT = datetime(2026, 1, 1)  # the same list gives the same bytes
_FIRST_SERIAL = datetime(1950, 1, 1)  # earlier day numbers would be read as plain numbers
_WIDTHS = {
    CellKind.CODE: 26, CellKind.TEXT: 28, CellKind.PROSE: 36, CellKind.CITIZEN: 15,
    CellKind.MOMENT: 17, CellKind.STATUS: 20,
}  # fmt: skip
_DEFAULT_WIDTH = 14
_MOMENT, _DAY = "dd/mm/yyyy hh:mm", "dd/mm/yyyy"
_Untyped: TypeAlias = Any  # xlsxwriter ships no types


def write_workbook(
    rows: Iterable[ListRow],
    columns: Sequence[str] = DEFAULT_COLUMNS,
    *,
    about: Sequence[tuple[str, str]] = (),
    aside: Path | None = None,
) -> bytes:
    """Return a list as the bytes of a workbook; rows are taken one by one.

    ``about``, labels with their words, stands on a second sheet: ``import`` reads the first.

    Text cells need no guard against formulas. One ``'`` goes before a cell that begins with one,
    because ``import`` takes exactly one off.

    Meanwhile the rows lie plain in a folder of their own in ``aside``; without it they stay in
    memory, which costs about 2.4 KB a row.

    Raises:
        UserError: there is no room for the rows.
    """
    import xlsxwriter

    packed = io.BytesIO()
    with contextlib.ExitStack() as stack:
        try:
            workbook = xlsxwriter.Workbook(packed, _options(aside, stack))
            stack.callback(_let_go, workbook)
            workbook.set_properties({"created": _MADE_AT})
            _fill(workbook, rows, columns)
            if about:
                _tell(workbook, about)
            workbook.close()
        except OSError as error:
            raise UserError(
                "Không đủ chỗ trên ổ đĩa để tạo bảng tính. Chưa có tệp nào được ghi. Hãy dọn "
                "chỗ trống rồi làm lại."
            ) from error
    return packed.getvalue()


def _options(aside: Path | None, stack: contextlib.ExitStack) -> dict[str, Any]:
    if aside is None:
        return {"in_memory": True}
    folder = tempfile.TemporaryDirectory(prefix=ASIDE, dir=aside, ignore_cleanup_errors=True)
    return {"constant_memory": True, "tmpdir": stack.enter_context(folder)}


def _let_go(workbook: _Untyped) -> None:
    """Close what a broken-off workbook left open, so that its folder can go."""
    workbook.fileclosed = True
    for sheet in workbook.worksheets():
        if sheet.row_data_fh is not None:
            with contextlib.suppress(OSError):
                sheet.row_data_fh.close()


def _fill(workbook: _Untyped, rows: Iterable[ListRow], columns: Sequence[str]) -> None:
    sheet = workbook.add_worksheet(_SHEET)
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    forms = {form: workbook.add_format({"num_format": form}) for form in (_MOMENT, _DAY)}
    amount = workbook.add_format({"num_format": "#,##0"})
    plan = []
    slots = {name: slot for slot, name in enumerate(ListRow._fields)}
    sheet.set_row(0, _HEADING_HIGH)  # not every program makes a row as high as its wrapped text
    for index, name in enumerate(columns):
        column = COLUMNS_BY_NAME[name]
        sheet.set_column(index, index, _WIDTHS.get(column.kind, _DEFAULT_WIDTH))
        sheet.write_string(0, index, column.heading, heading)
        plan.append((index, slots[name], name, column.kind))
    sheet.freeze_panes(1, 0)
    _on_paper(sheet, across=_ACROSS)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for index, slot, name, kind in plan:
            value: Any = row[slot]
            if value is None or value == "":
                continue
            if kind is CellKind.MOMENT:
                form, text = _moment_form(value, name in row.date_only)
                if text:
                    _must(sheet.write_string(last, index, text))
                else:
                    _must(sheet.write_datetime(last, index, value, forms[form]))
            elif isinstance(value, int):
                _must(sheet.write_number(last, index, value, amount))
            else:
                _must(sheet.write_string(last, index, _TEXTS.get(kind, _text)(value)))
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _on_paper(sheet: _Untyped, *, across: int = 1) -> None:
    """Let a print hold all columns on so many pages beside each other."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(across, 0)


def _tell(workbook: _Untyped, about: Sequence[tuple[str, str]]) -> None:
    # A print of the rows says it too: on every page, as much as a header holds.
    said = "; ".join(f"{label}: {nfc(words)}" for label, words in about)
    short = said if len(said) <= _HEADER else f"{said[:_HEADER].rstrip()}…"
    workbook.worksheets()[0].set_header("&L" + short.replace("&", "&&"))
    sheet = workbook.add_worksheet(_ABOUT)
    strong = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    _on_paper(sheet)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90)
    for row, (label, words) in enumerate(about):
        _must(sheet.write_string(row, 0, nfc(label), strong))
        _must(sheet.write_string(row, 1, nfc(words), wrapped))


def _moment_form(value: datetime, only_day: bool) -> tuple[str, str]:  # noqa: FBT001
    """Return the number format of a moment, or its text where a number can't tell it.

    A workbook knows no midnight that isn't a bare day, and old days look like plain numbers.
    """
    is_midnight = not only_day and value.hour == value.minute == 0
    if is_midnight or value < _FIRST_SERIAL:
        return "", write_day(value) if only_day else write_moment(value)
    return (_DAY if only_day else _MOMENT), ""


def _must(answer: int) -> None:
    """Make sure that the cell was taken: the library drops what is too long without a word."""
    if answer != 0:
        raise ValueError(f"a cell did not fit the sheet (code {answer})")


def _text(value: str) -> str:
    return GUARD + nfc(value) if value.startswith(GUARD) else nfc(value)


_TEXTS: dict[CellKind, Callable[[Any], str]] = {
    CellKind.STATUS: STATUS_LABELS.__getitem__,
    CellKind.CHANNEL: CHANNEL_LABELS.__getitem__,
}
