"""Makes the page of reports over a month of three dossiers, and opens its numbers."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt

from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.report_calls import report_calls
from counter_app.ui.report_page import ReportPage
from tests.ui.fakes import FakeInteraction

RECEIVED = datetime(2026, 11, 16, 9, 0)
NOW = datetime(2026, 12, 1, 8, 0)


def make_page(qtbot, store, runner, *answers: object) -> ReportPage:
    calls = report_calls(
        store, clock=lambda: NOW, clerk=lambda: "Lê Thị A", print_pdf=lambda _data: None
    )
    page = ReportPage(calls, runner=runner, interaction=FakeInteraction(*answers))
    qtbot.addWidget(page)
    runner.page = page  # its timers may run until the bot has closed it
    page.resize(1150, 640)
    page.period_row.preset_choice.set_value("last_month")
    page.activated(refresh=False)
    wait_for(qtbot, page, date(2026, 11, 1))
    return page


def wait_for(qtbot, page, first: date) -> None:
    def is_counted() -> bool:
        return (
            not page.acts.is_busy
            and page._view is not None
            and page._view.report.period.first == first
        )

    qtbot.waitUntil(is_counted)


def opened(qtbot, page, row: int, figure: str) -> DossierQuery:
    """Open a number of a row of groups, or with -1 of the whole."""
    table = page.table.total if row < 0 else page.table.groups
    table.setCurrentIndex(table.model().index(max(row, 0), page.table.figures.index(figure, 1)))
    with qtbot.waitSignal(page.page_requested) as asked:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked.args[0] == "dossiers"
    return asked.args[1]
