"""Whatever bytes a list is made of, it goes in row by row or is refused; the data stay whole."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from counter_app.errors import ListFileError
from counter_app.services import checks
from counter_app.services.lists import import_list
from tests.sync_house import CLERK, NOW

HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Hình thức tiếp nhận,Ngày giờ tiếp nhận,Ngày giờ hẹn trả"
ROW = "H50.1-261120-0001,1.004873,Lê An,Trực tiếp,20/11/2026 08:00,26/11/2026 17:00"
WHOLE = "\r\n".join([HEAD, ROW, ROW.replace("0001", "0002"), ""]).encode("utf-8-sig")
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258", "latin-1", "utf-32"]


def workbook(cells: str) -> bytes:
    """Return a workbook of one sheet, by hand: what a writer would never make."""
    out = BytesIO()
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
            "</Types>",
        )
        rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{rel}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{rel}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
        )
    return out.getvalue()


def cell(place: str, text: str, formula: str = "") -> str:
    told = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{place}" t="str">{told}<v>{text}</v></c>'


def take(store, path):
    """Take a list in; every row is counted once, or nothing changed."""
    before = store.row("SELECT count(*) FROM event")
    try:
        report = import_list(store, path, name=path.name, by=CLERK, now=NOW)
    except ListFileError as refusal:
        told = refusal.message
    else:
        told = ""
    if told:
        assert store.row("SELECT count(*) FROM event") == before
        assert len(told) > 20
        return None
    counted = report.new + report.updated + report.unchanged + report.rejected + report.conflicts
    assert counted == report.rows
    return report


@settings(max_examples=60)
@given(data=st.binary(max_size=400), ending=st.sampled_from([".csv", ".xlsx", ".xls", ".ods"]))
@example(data=b"", ending=".csv")
@example(data=b"\x00" * 64, ending=".csv")
@example(data=b"PK\x03\x04" + b"\x00" * 60, ending=".xlsx")
def test_random_bytes_are_refused_in_a_sentence(copies, tmp_path_factory, data, ending):
    desk = copies()
    path = tmp_path_factory.mktemp("f") / f"a{ending}"
    path.write_bytes(data)
    take(desk.store, path)


@settings(max_examples=60)
@given(cut=st.integers(0, len(WHOLE)), at=st.integers(0, len(WHOLE)), put=st.binary(max_size=8))
def test_a_cut_or_overwritten_list_counts_every_row(copies, tmp_path_factory, cut, at, put):
    desk = copies()
    path = tmp_path_factory.mktemp("f") / "a.csv"
    data = WHOLE[:at] + put + WHOLE[at + len(put) :]
    path.write_bytes(data[:cut])
    take(desk.store, path)
    assert [c.check for c in checks.run_checks(desk.store) if not c.ok] == []


@pytest.mark.parametrize("codec", CODECS)
def test_every_encoding_goes_in_right_or_not_at_all(store, tmp_path, codec):
    path = tmp_path / "a.csv"
    path.write_bytes(WHOLE.decode("utf-8-sig").encode(codec, "replace"))
    report = take(store, path)
    names = {name for (name,) in store.rows("SELECT applicant_name FROM dossier")}
    if report is None or not report.new:
        assert names == set()
    elif codec not in {"latin-1", "cp1258"}:  # these have lost letters before they were read
        assert names == {"Lê An"}
    if codec in {"utf-8", "utf-8-sig", "utf-16"}:
        assert report.new == 2


def test_a_formula_is_taken_by_what_it_shows_and_never_as_a_formula(store, tmp_path):
    heads = HEAD.split(",")
    values = ROW.split(",")
    first = "".join(cell(f"{chr(65 + n)}1", text) for n, text in enumerate(heads))
    second = "".join(
        cell(f"{chr(65 + n)}2", text, "HYPERLINK(&quot;http://x&quot;)" if n == 2 else "")
        for n, text in enumerate(values)
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(f'<row r="1">{first}</row><row r="2">{second}</row>'))
    report = take(store, path)
    assert report is not None
    assert report.new == 1
    assert store.row("SELECT applicant_name FROM dossier") == ("Lê An",)


def test_a_line_of_a_gigabyte_is_refused_before_it_is_read(store, tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:  # a hole in the file: it takes no room
        stream.write(f"{HEAD}\n".encode())
        stream.truncate(1 << 30)
    assert take(store, path) is None


def test_a_heading_twice_is_named_and_nothing_goes_in(store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD},Chủ hồ sơ\n{ROW},Lê Bình\n", "utf-8")
    report = take(store, path)
    if report is not None:
        assert report.new == 0
    assert store.row("SELECT count(*) FROM dossier") == (0,)
