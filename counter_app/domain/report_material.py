"""Everything a report that is handed in shows, frozen: for paper, workbook and screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from counter_app.domain.figures import Figures, Group, Report
from counter_app.domain.form_heading import HeadingCell
from counter_app.domain.report_words import FormLine

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


class ReportForm(NamedTuple):
    """The official table (biểu mẫu báo cáo) of a time, and where what ended otherwise is put."""

    version: str
    number: str
    basis: str
    title: str
    unit: str
    source: str
    heading: tuple[HeadingCell, ...]  # in levels, the columns' numbers last
    closed_otherwise: Mapping[str, str]
    is_confirmed: bool


class ChartFacts(NamedTuple):
    """What the charts of a period show."""

    months: tuple[Group, ...]
    weekdays: tuple[int, ...]  # what came in, Monday first
    sectors: tuple[tuple[str, str, int], ...]  # key, name, what there was to be done


def received_by_group(report: Report) -> tuple[tuple[str, str, int], ...]:
    """Return each group's key, its name, and what there was to be done."""
    return tuple((group.key, group.name, group.figures.received) for group in report.groups)


class LateLine(NamedTuple):
    """One late dossier: what was promised, what became of it, why, and its apology."""

    code: str
    applicant: str
    procedure: str
    due_at: datetime | None
    finished_at: datetime | None
    delay_days: int
    officer: str
    reason: str
    letter: str


class DossierLine(NamedTuple):
    """One dossier of the period, for the sheet that lists them all."""

    code: str
    procedure: str
    sector: str
    applicant: str
    channel: str
    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    status: str
    timeliness: str
    officer: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a report says, put together once."""

    report: Report  # by sector
    office: str
    parent: str
    place: str
    is_rehearsal: bool
    form: ReportForm
    lines: tuple[tuple[str, FormLine], ...]
    total: FormLine
    notes: tuple[str, ...]
    paragraph: str
    before: Figures
    months: tuple[Group, ...]
    weekdays: tuple[int, ...]  # what came in, Monday first
    causes: tuple[tuple[str, int], ...]
    late: tuple[LateLine, ...]
    indicators: tuple[tuple[str, str, float | None], ...]  # of an own count, in percent
    made_at: datetime
    intake: tuple[DossierLine, ...] = ()  # what came in, of a report of one day

    def chart_facts(self) -> ChartFacts:
        """Return what the charts show."""
        return ChartFacts(self.months, self.weekdays, received_by_group(self.report))
