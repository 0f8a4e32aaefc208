"""A whole list, text or workbook: its headings found, its rows read, and a report of it all."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from counter_app.domain.lists import COLUMNS_BY_NAME, RowError, RowNote
from counter_app.domain.vietnamese import guess_legacy
from counter_app.errors import ListFileError
from counter_app.tabular import encodings
from counter_app.tabular.columns import Mapping, Proposal, count_known, heading_key
from counter_app.tabular.encodings import Sniffed
from counter_app.tabular.reading import Source, read_csv, sniff_source
from counter_app.tabular.rows import ParsedRow, RowParser
from counter_app.tabular.workbooks import OLD_FONTS, is_workbook, read_workbook, sheet_names

_SEARCHED_ROWS = 60  # titles, the office's name and the period stand above the headings
_FEWEST_HEADINGS = 3
_KEPT = 10_000

_NumberedRow = tuple[int, list[str]]


@dataclass(slots=True, kw_only=True)
class ReadReport:
    """What was found in a list (kết quả đọc danh sách): for the preview and the dry run."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    doubtful: bool = False
    """The encoding or delimiter is a guess: show the preview before anything is taken."""
    sniff_note: str = ""
    heading_line: int = 0
    headings: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    guessed: dict[str, str] = field(default_factory=dict)
    total: int = 0
    ok: int = 0
    rejected: int = 0
    skipped: int = 0
    """Lines that are no dossier: totals, signatures, numbers of columns."""
    errors: list[RowError] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    unknown_words: dict[str, Counter[str]] = field(default_factory=dict)
    """Words for states and channels that the mapping doesn't know, and how often they stand."""


class _Opened(NamedTuple):
    """The rows of a file from its first line on."""

    rows: Iterator[_NumberedRow]
    is_workbook: bool


class _Sheet(NamedTuple):
    """A sheet that was begun: its first rows, decoded, and the others to come."""

    name: str
    encoding: str
    start: list[_NumberedRow]
    rest: Iterator[_NumberedRow]


def _look_at_sheet(source: Source, name: str, chosen: str) -> _Sheet:
    """Read the start of a sheet and see whether it is written in an old font."""
    rows = read_workbook(source, name, is_checked=True)
    start = list(itertools.islice(rows, _SEARCHED_ROWS))
    old = chosen or guess_legacy("\n".join(" ".join(cells) for _, cells in start)) or ""
    mend = OLD_FONTS.get(old)
    if mend is None:
        return _Sheet(name, "", start, rows)
    return _Sheet(name, old, list(_mended(start, mend)), _mended(rows, mend))


def _mended(rows: Iterable[_NumberedRow], mend: Callable[[str], str]) -> Iterator[_NumberedRow]:
    for line, cells in rows:
        yield line, [mend(cell) for cell in cells]


class ListReading:
    """One reading of a list: the headings are known at once, the rows come while iterating.

    ``report`` grows with the rows and is whole when the iteration has ended.
    """

    def __init__(
        self,
        source: Source,
        mapping: Mapping | None = None,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
    ) -> None:
        """Open a list and find its headings; what is chosen here wins over the mapping.

        Raises:
            ListFileError: the file can't be read, or no row of headings was found in it.
        """
        self.report = ReadReport()
        self._broken: list[RowError] = []
        saved = mapping or Mapping()
        encoding, delimiter = encoding or saved.encoding, delimiter or saved.delimiter
        if is_workbook(source):
            opened = self._open_workbook(source, mapping, sheet or saved.sheet, encoding)
        else:
            opened = self._open_text(source, mapping, encoding, delimiter)
        headings, self._rows = self._find_headings(opened.rows, mapping)
        self._parser = RowParser(headings, mapping, from_workbook=opened.is_workbook)
        self.proposal: Proposal = self._parser.proposal
        self.report.headings = tuple(headings)
        self.report.columns = self.proposal.columns
        self.report.unmatched = self.proposal.unmatched
        self.report.guessed = self.proposal.guessed
        self.report.unknown_words = self._parser.unknown_words

    # ------------------------------------------------------------------ opening

    def _open_text(
        self, source: Source, mapping: Mapping | None, encoding: str | None, delimiter: str | None
    ) -> _Opened:
        found: Sniffed = sniff_source(
            source, encoding=encoding, delimiter=delimiter, mapping=mapping
        )
        report = self.report
        report.encoding, report.delimiter, report.doubtful, report.sniff_note = found
        rows = read_csv(source, found.encoding, found.delimiter, errors=self._broken)
        return _Opened(rows, is_workbook=False)

    def _open_workbook(
        self, source: Source, mapping: Mapping | None, sheet: str | None, encoding: str | None
    ) -> _Opened:
        """Open the sheet that was chosen, else the first one with headings, else the first."""
        report = self.report
        report.sheets = tuple(sheet_names(source))
        chosen = encodings.normalise_encoding(encoding) if encoding else ""
        found: _Sheet | None = None
        for name in (sheet,) if sheet else report.sheets:
            looked_at = _look_at_sheet(source, name, chosen)
            known = (count_known(cells, mapping) for _, cells in looked_at.start)
            has_headings = max(known, default=0) >= _FEWEST_HEADINGS
            if has_headings or found is None:
                found = looked_at
            if has_headings:
                break
        if found is None:
            raise ListFileError("Bảng tính không có trang nào.")
        report.sheet, report.encoding = found.name, found.encoding
        if found.encoding and not chosen:
            report.doubtful = True
            label = encodings.ENCODING_LABELS[found.encoding]
            report.sniff_note = f"Chữ trong bảng tính có vẻ dùng phông {label}; hãy xem trước."
        return _Opened(itertools.chain(found.start, found.rest), is_workbook=True)

    def _find_headings(
        self, rows: Iterator[_NumberedRow], mapping: Mapping | None
    ) -> tuple[list[str], Iterator[_NumberedRow]]:
        start = list(itertools.islice(rows, _SEARCHED_ROWS))
        if not start:
            raise ListFileError("Tệp không có dòng nào đọc được.")
        known = [count_known(cells, mapping) for _, cells in start]
        best = known.index(max(known))
        if known[best] < _FEWEST_HEADINGS:
            raise ListFileError(
                "Không thấy dòng tiêu đề: cần ít nhất ba tiêu đề như Mã hồ sơ, Chủ hồ sơ, Ngày giờ "
                "tiếp nhận. Hãy kiểm tra bảng mã, dấu phân cách, hoặc chọn cách đọc khác."
            )
        line, headings = start[best]
        while headings and not headings[-1].strip():
            headings = headings[:-1]
        self.report.heading_line = line
        # What broke above the headings was a title, not a dossier.
        self._broken[:] = [error for error in self._broken if error.line > line]
        return headings, itertools.chain(start[best + 1 :], rows)

    # ------------------------------------------------------------------ rows

    def check_columns(self) -> None:
        """Refuse a list that can't hold one good row, or whose headings leave a doubt.

        Raises:
            ListFileError: names the missing or doubled headings.
        """
        if self.proposal.doubled:
            names = ", ".join(f"“{heading}”" for heading in self.proposal.doubled)
            raise ListFileError(
                f"Tiêu đề {names} có ở hai cột trở lên. Hãy đổi tên hoặc bỏ bớt một cột."
            )
        columns = set(self.proposal.columns)
        missing = [name for name in ("applicant_name", "received_at") if name not in columns]
        if not columns & {"code", "procedure_code", "procedure_name"}:
            missing.append("code")
        if missing:
            names = ", ".join(f"“{COLUMNS_BY_NAME[name].heading}”" for name in missing)
            raise ListFileError(f"Danh sách thiếu cột {names}. Thêm cột, hoặc sửa cách đọc.")

    def __iter__(self) -> Iterator[ParsedRow]:
        """Yield each row, taken or rejected, in the order of the file; only once.

        Raises:
            ListFileError: ``check_columns``, or the file breaks off.
        """
        self.check_columns()
        parse, report, repeated = self._parser.parse, self.report, self._heading_keys()
        for line, cells in self._rows:
            if self._broken:
                yield from self._take_broken(line)
            parsed = parse(line, cells)
            if parsed is None:
                continue
            if parsed.row is None and tuple(map(heading_key, cells)) == repeated:
                report.skipped += 1  # the headings again, on top of a printed page
            elif self._count(parsed):
                yield parsed
        yield from self._take_broken()

    def _heading_keys(self) -> tuple[str, ...]:
        return tuple(map(heading_key, self.report.headings))

    def _take_broken(self, line: int | None = None) -> Iterator[ParsedRow]:
        """Hand out what could not be read before a line: some rows were read ahead."""
        while self._broken and (line is None or self._broken[0].line < line):
            error = self._broken.pop(0)
            parsed = ParsedRow(error.line, None, (error,), (), ())
            self._count(parsed)
            yield parsed

    def _count(self, parsed: ParsedRow) -> bool:
        """Enter a row in the report; False for a line that is no dossier."""
        report = self.report
        if parsed.notes and len(report.notes) < _KEPT:
            report.notes.extend(parsed.notes)
        if parsed.errors:
            if len(report.errors) < _KEPT:
                report.errors.extend(parsed.errors)
        elif parsed.row is None:
            report.skipped += 1
            return False
        report.total += 1
        if parsed.row is None:
            report.rejected += 1
        else:
            report.ok += 1
        return True


def read_list(
    source: Source,
    mapping: Mapping | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> ListReading:
    """Open a plain list of any kind; iterate over the answer for its rows."""
    return ListReading(source, mapping, encoding=encoding, delimiter=delimiter, sheet=sheet)


def preview(
    source: Source,
    mapping: Mapping | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    rows: int = 50,
) -> tuple[ReadReport, list[ParsedRow]]:
    """Read the start of a list: how it was understood, and its first rows."""
    reading = read_list(source, mapping, encoding=encoding, delimiter=delimiter, sheet=sheet)
    return reading.report, list(itertools.islice(reading, rows))
