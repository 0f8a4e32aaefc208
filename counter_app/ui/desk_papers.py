"""The papers of the desk: how every page prints, saves and shows them, and those of the office."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from counter_app.errors import UserError

if TYPE_CHECKING:
    from counter_app.ui.desk_means import Means
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.office_papers import OfficePapers
    from counter_app.ui.print_desk import PrintDesk


class DeskPapers(QObject):
    """Hands papers to the printing, and opens what the office has on paper."""

    def __init__(
        self, means: Means, prints: PrintDesk, window: MainWindow, parent: QObject
    ) -> None:
        """Dialogs stand over ``window``; nothing is loaded before a paper is wanted."""
        super().__init__(parent)
        self._means, self._prints, self._window = means, prints, window
        self._office_papers: OfficePapers | None = None

    # Of dossiers

    def print_paper(self, paper_uuid: str) -> None:
        """Print one issued paper."""
        self.print_papers([paper_uuid])

    def print_papers(self, paper_uuids: list[str]) -> None:
        """Print issued papers; what no printer takes waits in the queue."""
        self._prints.print_papers(paper_uuids)

    def print_made(self, make: Callable[[], bytes]) -> None:
        """Make a PDF in the background, then print it."""
        self._prints.print_made(make)

    def print_data(self, data: bytes) -> None:
        """Print a PDF that is made already."""
        self._prints.print_data(data)

    def save(self, data: bytes) -> None:
        """Save a PDF where the clerk says."""
        self._prints.save(data, Path.home() / f"giay-{self._means.clock():%Y%m%d-%H%M%S}.pdf")

    def view_paper(self, uuid: str, code: str, print_again: Callable[[], object]) -> None:
        """Show an issued paper as it was printed; looking at it is no reprint."""
        from counter_app.services import papers
        from counter_app.ui.paper_dialog import PaperDialog

        def save(data: bytes) -> None:
            if self._may_show(uuid, "lưu giấy đã cấp ra tệp"):
                self._prints.save(data, Path.home() / f"{code}.pdf")

        if not self._may_show(uuid, "xem giấy đã cấp"):
            return
        PaperDialog(
            self.tr("Giấy của hồ sơ {code}").format(code=code),
            make=lambda _job: papers.paper_pdf(self._means.store, [uuid]),
            runner=self._means.runner,
            print_again=print_again,
            save=save,
            parent=self._window,
        ).open()

    def _may_show(self, uuid: str, what: str) -> bool:
        """Note that a paper is seen with the number on it; one that can't be noted isn't shown."""
        from counter_app.services import privacy

        try:
            privacy.note_paper_shown(self._means.store, uuid, what=what)
        except UserError as error:
            self._means.interaction.inform(error.message)
            return False
        return True

    # Of the office

    def of_office(self) -> OfficePapers:
        """Return what opens the outage kit and the sheets to units; made when first wanted."""
        if self._office_papers is None:
            from counter_app.ui.office_paper_calls import office_paper_calls
            from counter_app.ui.office_papers import OfficePapers

            calls = office_paper_calls(
                self._means.store,
                clock=self._means.clock,
                clerk=self._means.clerk,
                print_codes=self.print_of_office,
                print_papers=self.print_papers,
            )
            self._office_papers = OfficePapers(
                calls, self._means.runner, self._means.interaction, self._window
            )
            self._office_papers.page_requested.connect(self._window.show_page)
            self._office_papers.said.connect(self._window.say)
            self._office_papers.closed.connect(self._window.tell_page_of_data)
        return self._office_papers

    def print_of_office(self, codes: Sequence[str]) -> None:
        """Make the PDF of papers of the office in the background, then print it."""
        from counter_app.services import office_papers

        wanted = list(codes)
        self._prints.print_made(lambda: office_papers.pdf(self._means.store, wanted))

    @Slot()
    def print_sheets(self) -> None:
        """Print what goes to the units."""
        self.of_office().print_sheets()

    @Slot()
    def choose_sheet(self) -> None:
        """Open one of the sheets that went out."""
        self.of_office().choose_sheet()

    @Slot()
    def open_kit(self) -> None:
        """Open the kit for an outage."""
        self.of_office().open_kit()
