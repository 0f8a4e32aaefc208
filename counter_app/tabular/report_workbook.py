"""A report as a workbook: real numbers and moments, charts of its own, a sheet of the dossiers."""

from __future__ import annotations

import io
import textwrap
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from counter_app.domain.figures import COUNTED
from counter_app.domain.report_material import WEEKDAYS, DossierLine, LateLine
from counter_app.domain.report_words import FIGURE_LABELS, INDICATORS_NOTE
from counter_app.domain.vietnamese import nfc
from counter_app.tabular.cells import GUARD
from counter_app.tabular.report_table import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counter_app.domain.figures import Group, Report
    from counter_app.domain.form_heading import HeadingCell
    from counter_app.domain.register import RegisterRow
    from counter_app.domain.report_material import Material

_A4, _LINE, _LETTERS = 9, 15, 90  # paper, a line's points, letters in the paragraph's line
_WIDE, _USUAL = 40, 21
_TEAL, _PALE, _BRICK = "#0F6E6E", "#7FB8B8", "#B3261E"
_COLOURS = {
    "online": _PALE,
    "counter_and_post": "#4C8F8F",
    "resolved": _TEAL,
    "early": _TEAL,
    "on_time": _PALE,
    "late": _BRICK,
}
_HEADING_AT = 6  # where the official table begins
_NOTE_LETTERS = 150  # in a line of a note under it
_MADE_AT = datetime(2026, 1, 1)  # the same report gives the same bytes
_LATE_HEADINGS = (
    "Mã hồ sơ",
    "Chủ hồ sơ",
    "Thủ tục",
    "Hạn trả",
    "Có kết quả",
    "Trễ (ngày)",
    "Công chức",
    "Nguyên nhân",
    "Văn bản xin lỗi",
)
_DOSSIER_HEADINGS = (
    "Mã hồ sơ",
    "Thủ tục",
    "Lĩnh vực",
    "Chủ hồ sơ",
    "Hình thức",
    "Ngày giờ tiếp nhận",
    "Ngày giờ hẹn trả",
    "Ngày giờ có kết quả",
    "Trạng thái",
    "Kết quả so với hạn",
    "Công chức",
)
_Untyped: TypeAlias = Any  # xlsxwriter ships no types


class _Forms(NamedTuple):
    heading: _Untyped
    number: _Untyped
    moment: _Untyped
    day: _Untyped
    strong: _Untyped
    wrapped: _Untyped
    percent: _Untyped
    middle: _Untyped
    total: _Untyped


def report_workbook(
    material: Material,
    dossiers: Iterable[DossierLine],
    *,
    groups: Report | None = None,
    register: tuple[Sequence[str], Iterable[RegisterRow]] | None = None,
) -> bytes:
    """Return a report as the bytes of a workbook; ``register`` is its annex, headings and lines."""
    import xlsxwriter

    packed = io.BytesIO()
    workbook: _Untyped = xlsxwriter.Workbook(packed, {"in_memory": True})
    workbook.set_properties({"created": _MADE_AT})
    forms = _Forms(
        workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1}),
        workbook.add_format({"num_format": "#,##0", "border": 1}),
        workbook.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left", "valign": "top"}),
        workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"}),
        workbook.add_format({"bold": True, "font_size": 13}),
        workbook.add_format({"text_wrap": True, "valign": "top"}),
        workbook.add_format({"num_format": '0.##" %"', "border": 1, "align": "right"}),
        workbook.add_format(
            {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        ),
        workbook.add_format({"bold": True, "num_format": "#,##0", "border": 1}),
    )
    _form_sheet(workbook, forms, material)
    _figures_sheet(workbook, forms, material)
    if groups is not None:
        _groups_sheet(workbook, forms, "Chia nhóm", groups.groups)
    _months_sheet(workbook, forms, material)
    _table(workbook, forms, "Quá hạn", _LATE_HEADINGS, material.late)
    _table(workbook, forms, "Hồ sơ", _DOSSIER_HEADINGS, dossiers)
    if register is not None:
        headings, rows = register
        _table(workbook, forms, "Sổ theo dõi", headings, rows)
    workbook.close()
    return packed.getvalue()


def _form_sheet(workbook: _Untyped, forms: _Forms, material: Material) -> None:
    form = material.form
    below = _HEADING_AT + max(cell.row + cell.rows for cell in form.heading)
    sheet = _sheet(workbook, "Biểu báo cáo", heading=(_HEADING_AT, below - 1))
    first, last = material.report.period
    for row, text in enumerate((f"{form.number} – {form.basis}", form.title, material.office)):
        sheet.write_string(row, 0, text, forms.strong)
    sheet.write_string(3, 0, f"Kỳ báo cáo: từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}")
    sheet.write_string(4, 0, form.unit)
    _heading(sheet, forms, form.heading)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 12, 11)
    row = below
    for number, (name, line) in enumerate(material.lines, start=1):
        sheet.write_number(row, 0, number, forms.number)
        sheet.write_string(row, 1, _text(name), forms.number)
        for column, value in enumerate(line, start=2):
            sheet.write_number(row, column, value, forms.number)
        row += 1
    sheet.write_blank(row, 0, None, forms.total)
    sheet.write_string(row, 1, TOTAL, forms.total)
    for column, value in enumerate(material.total, start=2):
        sheet.write_number(row, column, value, forms.total)
    for place, note in enumerate(material.notes, start=row + 2):
        sheet.merge_range(place, 1, place, 12, note, forms.wrapped)
        sheet.set_row(place, _LINE * (len(note) // _NOTE_LETTERS + 1))
    if material.lines:
        title, end = sheet.get_name(), row - 1
        chart = workbook.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "Tiếp nhận",
                "categories": [title, below, 1, end, 1],
                "values": [title, below, 2, end, 2],
                "fill": {"color": _TEAL},
            }
        )
        chart.set_title({"name": "Hồ sơ tiếp nhận theo lĩnh vực"})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        sheet.insert_chart(row + 4 + len(material.notes), 1, chart)


def _heading(sheet: _Untyped, forms: _Forms, cells: Sequence[HeadingCell]) -> None:
    """Write headings in levels: merged as the form has them."""
    for text, row, column, rows, columns in cells:
        top = _HEADING_AT + row
        if rows == columns == 1:
            sheet.write_string(top, column, text, forms.middle)
        else:
            bottom, right = top + rows - 1, column + columns - 1
            sheet.merge_range(top, column, bottom, right, text, forms.middle)
    last = max(cell.row + cell.rows for cell in cells) - 1
    for row in range(last + 1):
        sheet.set_row(_HEADING_AT + row, (3 if row == last - 1 else 2) * _LINE)


def _sheet(workbook: _Untyped, title: str, *, heading: tuple[int, int] = (0, 0)) -> _Untyped:
    """Return a new sheet that prints on A4 landscape, its headings on every page."""
    sheet = workbook.add_worksheet(title)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*heading)
    sheet.set_footer("&RTrang &P/&N")
    return sheet


def _figures_sheet(workbook: _Untyped, forms: _Forms, material: Material) -> None:
    sheet = _sheet(workbook, "Số liệu")
    sheet.set_column(0, 0, 62)
    sheet.set_column(1, 2, 16)
    for column, text in enumerate(("Chỉ số", "Kỳ này", "Kỳ trước")):
        sheet.write_string(0, column, text, forms.heading)
    now, before = material.report.figures, material.before
    row = 1
    for name in COUNTED:
        sheet.write_string(row, 0, FIGURE_LABELS[name])
        sheet.write_number(row, 1, getattr(now, name), forms.number)
        sheet.write_number(row, 2, getattr(before, name), forms.number)
        row += 1
    for _, what, value in material.indicators:
        sheet.write_string(row, 0, what)
        if value is None:
            sheet.write_string(row, 1, "–", forms.percent)
        else:
            sheet.write_number(row, 1, value, forms.percent)
        row += 1
    sheet.write_string(row, 0, INDICATORS_NOTE, forms.wrapped)
    sheet.set_row(row, 3 * _LINE)
    sheet.merge_range(row + 2, 0, row + 2, 2, material.paragraph, forms.wrapped)
    sheet.set_row(row + 2, _LINE * (len(material.paragraph) // _LETTERS + 2))
    row += 4
    for column, text in enumerate(("Nguyên nhân quá hạn", "Số hồ sơ")):
        sheet.write_string(row, column, text, forms.heading)
    for place, (cause, count) in enumerate(material.causes, start=row + 1):
        sheet.write_string(place, 0, _text(cause))
        sheet.write_number(place, 1, count, forms.number)


def _groups_sheet(
    workbook: _Untyped, forms: _Forms, title: str, groups: Sequence[Group]
) -> _Untyped:
    sheet = _sheet(workbook, title)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(COUNTED) + 1, 12)
    sheet.set_row(0, 4 * _LINE)
    for column, text in enumerate(
        ("Nhóm", "Tiếp nhận", *(FIGURE_LABELS[name] for name in COUNTED))
    ):
        sheet.write_string(0, column, text, forms.heading)
    for row, group in enumerate(groups, start=1):
        sheet.write_string(row, 0, _text(group.name))
        values = (group.figures.received, *(getattr(group.figures, name) for name in COUNTED))
        for column, value in enumerate(values, start=1):
            sheet.write_number(row, column, value, forms.number)
    sheet.freeze_panes(1, 1)
    return sheet


def _months_sheet(workbook: _Untyped, forms: _Forms, material: Material) -> None:
    title = "Theo tháng"
    sheet = _groups_sheet(workbook, forms, title, material.months)
    last = max(len(material.months), 1)
    places = {name: column for column, name in enumerate(COUNTED, start=2)}
    chart = workbook.add_chart({"type": "column"})
    for name in ("online", "counter_and_post", "resolved"):
        column = places[name]
        chart.add_series(
            {
                "name": [title, 0, column],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, column, last, column],
                "fill": {"color": _COLOURS[name]},
            }
        )
    chart.set_title({"name": "Tiếp nhận và giải quyết theo tháng"})
    chart.set_size({"width": 760, "height": 320})
    sheet.insert_chart(last + 3, 0, chart)
    kept = workbook.add_chart({"type": "column", "subtype": "stacked"})
    for name in ("early", "on_time", "late"):
        column = places[name]
        kept.add_series(
            {
                "name": [title, 0, column],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, column, last, column],
                "fill": {"color": _COLOURS[name]},
            }
        )
    kept.set_title({"name": "Kết quả so với hạn"})
    kept.set_size({"width": 760, "height": 320})
    sheet.insert_chart(last + 20, 0, kept)
    _load_sheet(workbook, forms, material)


def _load_sheet(workbook: _Untyped, forms: _Forms, material: Material) -> None:
    title = "Theo thứ trong tuần"
    sheet = _sheet(workbook, title)
    sheet.set_column(0, 1, 24)
    for column, text in enumerate(("Thứ", "Hồ sơ tiếp nhận")):
        sheet.write_string(0, column, text, forms.heading)
    for row, (day, count) in enumerate(zip(WEEKDAYS, material.weekdays, strict=True), start=1):
        sheet.write_string(row, 0, day)
        sheet.write_number(row, 1, count, forms.number)
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [title, 0, 1],
            "categories": [title, 1, 0, 7, 0],
            "values": [title, 1, 1, 7, 1],
            "fill": {"color": _TEAL},
        }
    )
    chart.set_title({"name": "Hồ sơ tiếp nhận theo thứ"})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, 3, chart)


def _table(
    workbook: _Untyped,
    forms: _Forms,
    title: str,
    headings: Sequence[str],
    rows: Iterable[DossierLine | LateLine | RegisterRow],
) -> None:
    sheet = _sheet(workbook, title)
    widths = [_WIDE if "thủ tục" in text.lower() else _USUAL for text in headings]
    for column, (text, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.write_string(0, column, text, forms.heading)
        sheet.set_column(column, column, width)
    sheet.set_row(0, 3 * _LINE)
    last = 0
    for last, row in enumerate(rows, start=1):
        lines = max(map(_lines, row, widths))
        if lines > 1:  # not every program makes a row as high as its wrapped text
            sheet.set_row(last, lines * _LINE)
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(last, column, value, forms.moment)
            elif isinstance(value, date):
                sheet.write_datetime(last, column, value, forms.day)
            elif isinstance(value, int):
                sheet.write_number(last, column, value)
            else:
                sheet.write_string(last, column, _text(str(value)), forms.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(headings) - 1)


def _lines(value: object, width: int) -> int:
    """Return how many lines a cell takes in a column of so many letters."""
    if not isinstance(value, str) or len(value) <= width:
        return 1
    return len(textwrap.wrap(value, width))


def _text(value: str) -> str:
    return GUARD + nfc(value) if value.startswith(GUARD) else nfc(value)
