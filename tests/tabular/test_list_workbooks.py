import csv
import errno
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from test_list_writing import ROW, list_rows, read_back

from counter_app.errors import ListFileError, UserError
from counter_app.tabular.list_reading import read_list
from counter_app.tabular.reading import read_csv
from counter_app.tabular.workbook_writing import write_workbook
from counter_app.tabular.workbooks import is_workbook, read_workbook, sheet_names

LISTS = Path(__file__).parents[1] / "data" / "lists"
HEADINGS = ["Mã hồ sơ", "Chủ hồ sơ", "Ngày giờ tiếp nhận", "Số định danh", "Phí, lệ phí"]
FORMATS = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm", time: "hh:mm"}


def workbook(*sheets):
    """Make a workbook; a sheet is its rows, and hidden if they come in a tuple."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        for number, rows in enumerate(sheets, start=1):
            sheet = book.add_worksheet(f"Trang {number}")
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    form = formats.get(type(cell))
                    sheet.write(line, column, cell, *([form] if form else []))
            if isinstance(rows, tuple):
                sheet.hide()
    return memory.getvalue()


def test_a_workbook_of_a_provincial_export_says_what_its_text_says():
    cells = [row for _, row in read_csv((LISTS / "provincial-utf8-bom.csv").read_bytes())]
    reading = read_list(workbook(cells))
    rows = [parsed.row for parsed in reading]
    assert rows == [parsed.row for parsed in read_list(LISTS / "provincial-utf8-bom.csv")]
    assert reading.report.sheet == "Trang 1"


def test_cells_of_a_workbook_become_text_without_loss():
    cells = [
        datetime(2026, 11, 23, 8, 15, 59), date(2026, 11, 23), 45090001234, 45090001234.5,
        True, 15000.0, time(8, 15), "_x0041_", 1e20,
    ]  # fmt: skip
    assert list(read_workbook(workbook([["a"], [], cells]))) == [
        (1, ["a", "", "", "", "", "", "", "", ""]),
        (3, [
            "23/11/2026 08:15", "23/11/2026", "45090001234", "45090001234.5",
            "Có", "15000", "08:15:00", "_x0041_", "1e+20",
        ]),
    ]  # fmt: skip


def test_numbers_and_days_of_a_workbook_are_understood():
    reading = read_list(
        workbook(
            [
                HEADINGS,
                ["H50-1", "Lê", 46349.34375, 45090001234, 15000],
                ["H50-2", "Hồ", 46349, "4.5E+10", 0],
            ]
        )
    )
    first, second = reading
    assert first.row.received_at == datetime(2026, 11, 23, 8, 15)
    assert (first.row.citizen_id, first.row.fee) == ("045090001234", 15000)
    assert second.row is None
    assert [(e.line, e.column) for e in reading.report.errors] == [(3, "Số định danh")]


def test_day_numbers_mean_nothing_in_a_text():
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADINGS, ["1", "Lê", "46349", "", ""]])
    assert [parsed.row for parsed in read_list(text.getvalue().encode())] == [None]


def test_the_first_sheet_with_headings_is_taken_and_another_can_be_chosen():
    def sheet(name):
        return [["DANH SÁCH HỒ SƠ"], HEADINGS, ["H50-1", name, "23/11/2026", "", ""]]

    data = workbook([["Hướng dẫn"]], tuple(sheet("ẩn")), sheet("một"), sheet("hai"))
    assert sheet_names(data) == ["Trang 1", "Trang 3", "Trang 4"]
    assert [p.row.applicant_name for p in read_list(data)] == ["một"]
    assert [p.row.applicant_name for p in read_list(data, sheet="Trang 4")] == ["hai"]
    with pytest.raises(ListFileError, match="Trang 3"):
        read_list(data, sheet="Trang 9")


def test_a_workbook_in_an_old_font_is_decoded_and_doubted():
    old = (LISTS / "provincial-tcvn3.csv").read_bytes().decode("latin-1")
    cells = list(csv.reader(io.StringIO(old, newline="")))
    reading = read_list(workbook(cells))
    assert (reading.report.encoding, reading.report.doubtful) == ("tcvn3", True)
    assert next(iter(reading)).row.applicant_name == "Nguyễn Văn Đức"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"x" * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        workbook([["a"]])[:3000],
    ],
)
def test_a_damaged_workbook_is_refused_with_a_sentence(data):
    assert is_workbook(data)
    with pytest.raises(ListFileError, match="hỏng"):
        read_list(data)


def test_another_archive_is_no_workbook():
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("readme.txt", "x")
    with pytest.raises(ListFileError):
        read_list(memory.getvalue())


@pytest.mark.parametrize(
    "page", [b"<html><table>", b"\xef\xbb\xbf\r\n<!DOCTYPE html>", b"<?xml version"]
)
def test_a_web_page_that_is_called_a_workbook_is_told(page):
    with pytest.raises(ListFileError, match="trang web"):
        read_list(page + b" " * 100)


def test_cells_far_apart_are_refused_before_they_fill_the_memory():
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "z")
    with pytest.raises(ListFileError, match="rất xa"):
        read_list(memory.getvalue())


def xlsx(rows, *, part="xl/worksheets/sheet1.xml", **others):
    """Make a workbook of a ready-made sheet, as a liar would write it."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, HEADINGS)
    made = io.BytesIO()
    with zipfile.ZipFile(memory) as honest, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as lie:
        for name in honest.namelist():
            text = honest.read(name).decode()
            is_sheet = name == "xl/worksheets/sheet1.xml"
            if is_sheet:
                text = text.replace("</sheetData>", f"{rows}</sheetData>")
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace("worksheets/sheet1.xml", part.removeprefix("xl/"))
            for old, new in others.items():
                text = text.replace(f' {old}="5"', f' {old}="{new}"')
            lie.writestr(part if is_sheet else name, text)
    return made.getvalue()


# Each made the reader ask for more memory than there is, which ends the process at once.
@pytest.mark.parametrize(
    "data",
    [
        xlsx('<row><c r="ZZZZZZ9"><v>1</v></c></row>'),
        xlsx('<row><c r="A99999999"><v>1</v></c></row>'),
        xlsx("<row><c r = ' XFD1048576'><v>1</v></c></row>"),
        xlsx('<row><x:c xmlns:x="y" r="xfd1048576"><v>1</v></c></row>'),
        xlsx('<row><c r="XFD1048576"><v>1</v></c></row>', part="xl/worksheets/sheet1.foo"),
        xlsx(f'<row>{" " * 1_048_000}<c r{" " * 3000}="XFD1048576"><v>1</v></c></row>'),
        xlsx(f'<row r="1048576">{"<c><v>1</v></c>" * 9000}</row>'),
        xlsx("", uniqueCount=4_000_000_000),
        xlsx("", count=18_446_744_073_709_551_615),
    ],
    ids=range(9),
)
def test_a_workbook_that_lies_about_its_size_is_refused(data):
    with pytest.raises(ListFileError, match="rất xa"):
        read_list(data)


def test_a_long_narrow_sheet_is_not_taken_for_a_trap():
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(300_000, 0, ["H50-1", "Lê", "23/11/2026"])
    assert [parsed.line for parsed in read_list(memory.getvalue())] == [300_001]


def ods(*rows):
    """Make an OpenDocument sheet of ready-made rows, the way LibreOffice packs one."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return memory.getvalue()


def ods_row(*cells, attributes=""):
    inner = "".join(
        f'<table:table-cell office:value-type="string"{a}><text:p>{text}</text:p>'
        "</table:table-cell>"
        for text, a in cells
    )
    return f"<table:table-row{attributes}>{inner}</table:table-row>"


def test_an_open_document_is_read():
    plain = [(heading, "") for heading in HEADINGS]
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    row = [(text, "") for text in ("H50-1", "Lê", "23/11/2026 08:15", "'045090001234", "15.000")]
    (parsed,) = read_list(ods(ods_row(*plain), ods_row(*row), empty))
    assert (parsed.row.applicant_name, parsed.row.fee) == ("Lê", 15000)


@pytest.mark.parametrize(
    "row",
    [
        ods_row(("x", ' table:number-columns-repeated="16384"')),
        ods_row(("x", ""), attributes=' table:number-rows-repeated="1048576"'),
        ods_row(("x", " table:number-columns-repeated = '+99999999'")),
        ods_row(("x", ""), attributes=" table:number-rows-repeated='99999999'"),
        ods_row(*[("x", ' table:number-columns-repeated="999"')] * 20_000),
        ods_row(("x", ' table:number-columns-repeated="999"')).replace(
            "<table:table-row", '<table:table-row table:number-rows-repeated="99999"'
        ),
    ],
)
def test_repeated_cells_of_an_open_document_are_refused(row):
    with pytest.raises(ListFileError, match="quá lớn"):
        list(read_workbook(ods(row)))


# ----------------------------------------------------------------------- writing


def test_a_written_workbook_holds_numbers_moments_and_text():
    data = write_workbook([ROW])
    (_, head), (_, cells) = read_workbook(data)
    told = dict(zip(head, cells, strict=True))
    assert told["Số định danh"] == "045090001234"
    assert told["Ghi chú"] == ROW.note
    assert told["Ngày giờ tiếp nhận"] == "23/11/2026 08:15"
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>15000</v>" in sheet


@settings(max_examples=25)
@given(rows=st.lists(list_rows(), max_size=3))
def test_any_rows_come_back_from_a_workbook(rows):
    assert read_back(write_workbook(rows)) == rows


def test_rows_come_back_the_same_whether_they_lay_aside_or_not(tmp_path):
    rows = [ROW, ROW._replace(note="=1+1")]
    assert (
        read_back(write_workbook(rows, aside=tmp_path)) == read_back(write_workbook(rows)) == rows
    )
    assert list(tmp_path.iterdir()) == []


def test_the_same_list_gives_the_same_bytes():
    assert write_workbook([ROW]) == write_workbook([ROW])


def test_an_empty_list_is_a_workbook_with_headings():
    assert read_back(write_workbook([])) == []


def test_a_cell_that_does_not_fit_is_a_defect_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="fit"):
        write_workbook([ROW._replace(note="x" * 40_000)], aside=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_temporary_disk_is_told_and_leaves_nothing(tmp_path):
    def rows():
        yield ROW
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(UserError, match="Không đủ chỗ"):
        write_workbook(rows(), aside=tmp_path)
    assert list(tmp_path.iterdir()) == []
