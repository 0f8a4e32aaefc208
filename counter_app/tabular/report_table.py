"""A report's figures as CSV: one line a group, the whole last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counter_app.domain.figures import COUNTED
from counter_app.domain.report_words import FIGURE_LABELS
from counter_app.tabular.tables import table_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counter_app.domain.figures import Figures, Report

TOTAL = "Tổng cộng"


def report_csv(report: Report) -> bytes:
    """Return a report as CSV: UTF-8 with BOM, CRLF."""
    headings = ["Nhóm", "Tiếp nhận", *(FIGURE_LABELS[name] for name in COUNTED)]
    rows = [_cells(group.name, group.figures) for group in report.groups]
    return table_csv(headings, [*rows, _cells(TOTAL, report.figures)])


def _cells(name: str, figures: Figures) -> list[str]:
    return [name, str(figures.received), *_numbers(figures)]


def _numbers(figures: Figures) -> Iterator[str]:
    for name in COUNTED:
        yield str(getattr(figures, name))
