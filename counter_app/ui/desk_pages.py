"""The pages of the window: what each is called, and how it is made with what it asks of the house.

A page is made when it is first shown or a little before; what it needs is loaded with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Slot

from counter_app.ui.page import Page, PageSpec

if TYPE_CHECKING:
    from counter_app.ui.desk_means import Means
    from counter_app.ui.desk_papers import DeskPapers
    from counter_app.ui.desk_settings import DeskSettings
    from counter_app.ui.dossier_calls import DossierCalls
    from counter_app.ui.exchange import Exchange
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.web_strips import WebStrips

# What a page loads with it, in such an order that no one of them brings many others along.
_NEEDS = {
    "dossiers": (
        "counter_app.ui.tables",
        "counter_app.domain.list_filter",
        "counter_app.ui.life_calls",
        "counter_app.ui.pile_calls",
        "counter_app.ui.dossier_calls",
        "counter_app.ui.act_tiles",
        "counter_app.ui.dossier_acts",
        "counter_app.ui.list_tools",
        "counter_app.ui.dossier_list_pane",
        "counter_app.ui.dossier_panel",
        "counter_app.ui.pile_dialog",
        "counter_app.ui.scan_windows",
        "counter_app.ui.dossiers_page",
        "counter_app.services.dated_rules",
        "counter_app.services.attachments",
        "counter_app.services.corrections",
        "counter_app.services.handing",
        "counter_app.services.opinions",
        "counter_app.services.privacy",
        "counter_app.services.surveys",
        "counter_app.services.list_export",
        "counter_app.services.list_files",
        "counter_app.services.filters",
        "counter_app.services.forecasts",
        "counter_app.services.visits",
        "counter_app.services.day_lists",
    ),
    "today": (
        "counter_app.ui.printing",
        "counter_app.ui.chart_view",
        "counter_app.ui.today_page",
    ),
    "apologies": (
        "counter_app.ui.printing",
        "counter_app.ui.apology_letter",
        "counter_app.ui.apology_calls",
        "counter_app.ui.apology_page",
    ),
    "reports": (
        "counter_app.services.reports",
        "counter_app.services.report_files",
        "counter_app.ui.report_calls",
        "counter_app.ui.report_acts",
        "counter_app.ui.report_page",
    ),
    "board": ("counter_app.ui.board_calls", "counter_app.ui.board_page"),
    "quick": (
        "counter_app.services.quick",
        "counter_app.ui.quick_calls",
        "counter_app.ui.quick_page",
    ),
    "sync": (
        "counter_app.services.list_matching",
        "counter_app.services.list_rows",
        "counter_app.tabular.reading",
        "counter_app.tabular.list_reading",
        "counter_app.services.lists",
        "counter_app.services.sync_export",
        "counter_app.services.sync_import",
        "counter_app.ui.sync_calls",
        "counter_app.ui.import_calls",
        "counter_app.ui.import_page",
        "counter_app.ui.sync_desks",
        "counter_app.ui.sync_page",
    ),
    "settings": (
        "counter_app.ui.settings_forms",
        "counter_app.ui.papers_form",
        "counter_app.ui.settings_page",
        "counter_app.ui.wizard_steps",
    ),
}


def page_specs(make: Callable[[str], Page]) -> list[PageSpec]:
    """Return the pages in the order of the rail; ``make`` makes one by its key."""

    def spec(key: str, title: str, icon: str, keys: str | None, digit: int) -> PageSpec:
        return PageSpec(
            key,
            title,
            icon,
            partial(make, key),
            keys,
            digit,
            is_at_bottom=key == "settings",
            needs=_NEEDS.get(key, ()),
        )

    return [
        spec("reception", _tr("Tiếp nhận"), "reception", "F2", 1),
        spec("dossiers", _tr("Hồ sơ"), "dossiers", "F3", 2),
        spec("today", _tr("Hôm nay"), "today", "F4", 3),
        spec("apologies", _tr("Xin lỗi"), "apology", "F6", 4),
        spec("reports", _tr("Báo cáo"), "report", "F7", 5),
        spec("board", _tr("Điều hành"), "people", None, 8),
        spec("quick", _tr("Sổ nhanh"), "list", "F12", 7),
        spec("sync", _tr("Đồng bộ"), "sync", "F8", 6),
        spec("settings", _tr("Cài đặt"), "settings", None, 9),
    ]


class DeskPages(QObject):
    """Makes the pages and ties what they announce to the parts of the window."""

    def __init__(
        self,
        means: Means,
        window: MainWindow,
        *,
        papers: DeskPapers,
        strips: WebStrips,
        exchange: Exchange,
        settings: DeskSettings,
        parent: QObject,
    ) -> None:
        """Nothing is made yet."""
        super().__init__(parent)
        self._means, self._window = means, window
        self._papers, self._strips = papers, strips
        self._makers: dict[str, Callable[[], Page]] = {
            "reception": self._reception,
            "dossiers": self._dossiers,
            "today": self._today,
            "apologies": self._apologies,
            "reports": self._reports,
            "board": self._board,
            "quick": self._quick,
            "sync": exchange.page,
            "settings": settings.page,
        }

    def make(self, key: str) -> Page:
        """Make a page."""
        return self._makers[key]()

    def _reception(self) -> Page:
        from counter_app.ui.reception_desk import desk_for
        from counter_app.ui.reception_page import ReceptionPage

        desk = desk_for(
            self._means.store,
            clock=self._means.clock,
            print_paper=self._papers.print_paper,
            print_papers=self._papers.print_papers,
            print_pdf=self._papers.print_made,
        )
        page = ReceptionPage(desk, interaction=self._means.interaction)
        page.code_awaited.connect(self._strips.open)
        page.codes_awaited.connect(self._strips.open_all)
        return page

    def _quick(self) -> Page:
        from counter_app.ui.quick_calls import quick_calls
        from counter_app.ui.quick_page import QuickPage

        calls = quick_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_papers=self._papers.print_papers,
        )
        return QuickPage(calls, interaction=self._means.interaction)

    def _dossiers(self) -> Page:
        from counter_app.ui.dossiers_page import DossiersPage

        page = DossiersPage(
            self._dossier_calls(),
            runner=self._means.runner,
            interaction=self._means.interaction,
            in_pieces=True,
        )
        page.web_entry_asked.connect(self._strips.open)
        page.list_shown.connect(self._window.follow_list)
        return page

    def _dossier_calls(self) -> DossierCalls:
        from counter_app.ui.batch_calls import batch_calls
        from counter_app.ui.dossier_calls import dossier_calls

        calls = dossier_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_papers=self._papers.print_papers,
            view_paper=self._papers.view_paper,
        )
        batch = batch_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_pdf=self._papers.print_data,
            save_pdf=self._papers.save,
        )
        return replace(calls, batch=batch)

    def _today(self) -> Page:
        from counter_app.ui.today_page import TodayPage, today_calls

        page = TodayPage(
            today_calls(self._means.store, clock=self._means.clock), runner=self._means.runner
        )
        page.sheets_asked.connect(self._papers.print_sheets)
        page.printed_sheets_asked.connect(self._papers.choose_sheet)
        page.kit_asked.connect(self._papers.open_kit)
        page.board_asked.connect(self._on_board_asked)
        return page

    @Slot()
    def _on_board_asked(self) -> None:
        self._window.show_page("board")

    def _board(self) -> Page:
        from counter_app.ui.board_calls import board_calls
        from counter_app.ui.board_page import BoardPage

        calls = board_calls(
            self._means.store,
            clock=self._means.clock,
            print_pdf=self._papers.print_data,
            save_pdf=self._papers.save,
        )
        return BoardPage(calls, runner=self._means.runner, interaction=self._means.interaction)

    def _apologies(self) -> Page:
        from counter_app.ui.apology_page import ApologyPage, apology_calls

        calls = apology_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_papers=self._papers.print_papers,
        )
        return ApologyPage(calls, runner=self._means.runner, interaction=self._means.interaction)

    def _reports(self) -> Page:
        from counter_app.ui.report_calls import report_calls
        from counter_app.ui.report_page import ReportPage

        calls = report_calls(
            self._means.store,
            clock=self._means.clock,
            clerk=self._means.clerk,
            print_pdf=self._papers.print_data,
        )
        return ReportPage(
            calls,
            runner=self._means.runner,
            interaction=self._means.interaction,
            in_pieces=True,
        )


def _tr(text: str) -> str:
    return QCoreApplication.translate("DeskPages", text)
