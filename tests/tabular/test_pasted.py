"""Tables from the clipboard: what a browser and a worksheet hand over."""

from __future__ import annotations

import pytest

from counter_app.errors import ListFileError
from counter_app.tabular.pasted import pasted_rows, to_csv

PAGE = """<html><head><style>td{color:red}</style></head><body><!--StartFragment-->
<table class=outer><tr><td>menu</td></tr></table>
<table><thead><tr><th>Mã hồ sơ</th><th>Chủ <b>hồ sơ</b></th></tr></thead>
<tbody><tr><td>H50.1-1</td><td>Lê&nbsp;Thị<br>Ánh</td></tr>
<tr><td>H50.1-2<td>Trần &amp; con</tr></tbody></table><!--EndFragment--></body></html>"""


def test_a_web_pages_table_is_read_cell_by_cell():
    assert pasted_rows("whatever", PAGE) == [
        ["Mã hồ sơ", "Chủ hồ sơ"],
        ["H50.1-1", "Lê Thị Ánh"],
        ["H50.1-2", "Trần & con"],
    ]


def test_a_worksheets_text_keeps_quoted_line_breaks_in_their_cell():
    text = 'Mã\tGhi chú\r\n0451\t"hai\ndòng"\r\n\r\n'
    assert pasted_rows(text, "") == [["Mã", "Ghi chú"], ["0451", "hai dòng"]]


def test_html_without_a_table_leaves_the_text():
    assert pasted_rows("a\tb\nc\td", "<p>a b</p><title>x</title>") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ('colspan="2"', [["x", "", "y"], ["1", "2", "3"]]),
        ('colspan="huge"', [["x", "y"], ["1", "2", "3"]]),
    ],
)
def test_a_wide_cell_keeps_the_columns_in_their_places(attribute, expected):
    html = f"<table><tr><td {attribute}>x<td>y</tr><tr><td>1<td>2<td>3</tr></table>"
    assert pasted_rows("", html) == expected


def test_a_tall_cell_keeps_the_columns_in_their_places():
    html = (
        "<table><tr><td rowspan=2>a<td>b<td>c</tr><tr><td>d<td>e</tr>"
        "<tr><td>f<td>g<td>h</tr></table>"
    )
    assert pasted_rows("", html) == [["a", "b", "c"], ["", "d", "e"], ["f", "g", "h"]]


@pytest.mark.parametrize("text", ["", "một câu", "một\nhai", "\t\t\n\t"])
def test_what_is_no_table_is_said_in_words(text):
    with pytest.raises(ListFileError, match="không có bảng"):
        pasted_rows(text, "")


def test_the_csv_guards_commas_and_quotes():
    assert to_csv([["a,b", 'c"d'], ["ô", ""]]).decode("utf-8-sig") == '"a,b","c""d"\r\nô,\r\n'
