"""A table copied from a web page or a worksheet: its rows, and the CSV that the import reads."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from counter_app.errors import ListFileError

_MOST_CELLS = 500_000
_BREAKS = frozenset({"br", "p", "div", "li"})
_SPACE = re.compile(r"\s+")


def pasted_rows(text: str, html: str) -> list[list[str]]:
    r"""Return the rows of a copied table; a web page's own cells win over its plain text.

    Raises:
        ListFileError: what was copied is no table.

    >>> pasted_rows("a\tb\r\nc\td\r\n", "")
    [['a', 'b'], ['c', 'd']]
    """
    rows = _html_rows(html) if "<t" in html.lower() else []
    if not _is_table(rows):
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
        rows = [[_tidy(cell) for cell in row] for row in rows if any(map(str.strip, row))]
    if not _is_table(rows):
        raise ListFileError(
            "Trong bộ nhớ không có bảng. Chưa ghi gì. Chọn cả bảng có dòng tiêu đề trên trang web "
            "hoặc trong Excel, nhấn Ctrl+C, rồi dán lại."
        )
    if sum(map(len, rows)) > _MOST_CELLS:
        raise ListFileError("Bảng dán quá lớn. Chưa ghi gì. Xuất ra tệp rồi nhập tệp ấy.")
    return rows


def to_csv(rows: list[list[str]]) -> bytes:
    """Write the rows as the CSV that every reader of lists understands."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _is_table(rows: list[list[str]]) -> bool:
    return len(rows) > 1 and max(map(len, rows)) > 1


def _tidy(cell: str) -> str:
    return _SPACE.sub(" ", cell).strip()


def _html_rows(html: str) -> list[list[str]]:
    reader = _TableReader()
    reader.feed(html)
    reader.close()
    # A page is laid out with tables too: the one with the most cells is what was meant.
    return max(reader.tables, key=lambda rows: sum(map(len, rows)), default=[])


class _TableReader(HTMLParser):
    """Collects the cells of every table; merged cells keep the columns in their places."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self._hidden = 0
        # Rows still covered by a cell from above: column to rows left, by table.
        self._below: list[dict[int, int]] = []
        self._rows = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "script"}:
            self._hidden += 1
        elif tag == "table":
            self._close_cell()
            self._open.append([])
            self._below.append({})
        elif tag == "tr" and self._open:
            self._end_row()
            self._open[-1].append([])
        elif tag in {"td", "th"} and self._open:
            self._close_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            self._cell = []
            given = dict(attrs)
            self._span = _number(given.get("colspan"))
            self._rows = _number(given.get("rowspan"))
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._hidden = max(0, self._hidden - 1)
        elif tag in {"td", "th", "tr"}:
            self._close_cell()
        elif tag == "table" and self._open:
            self._close_cell()
            self.tables.append([row for row in self._open.pop() if any(row)])
            self._below.pop()
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._close_cell()
        while self._open:  # a copied piece often lacks its end
            self.tables.append([row for row in self._open.pop() if any(row)])

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        text, self._cell = _tidy("".join(self._cell)), None
        row, below = self._open[-1][-1], self._below[-1]
        self._leave_covered()
        for number in range(self._span):
            below[len(row)] = self._rows
            row.append("" if number else text)

    def _leave_covered(self) -> None:
        """Leave the places free that a cell of a row above reaches into."""
        row, below = self._open[-1][-1], self._below[-1]
        while below.get(len(row), 0) > 0:
            row.append("")

    def _end_row(self) -> None:
        """Count the rows down that the cells above still reach."""
        self._close_cell()
        if self._open and self._open[-1]:
            below = self._below[-1]
            self._below[-1] = {place: left - 1 for place, left in below.items() if left > 1}


def _number(text: str | None) -> int:
    return min(max(int(text), 1), 50) if text and text.isascii() and text.isdigit() else 1
