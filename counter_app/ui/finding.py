"""From what was typed in the search box, scanned or read from a card to the page that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from counter_app.domain.numbering import is_own_prefix, parse_office_paper, parse_provisional
from counter_app.ui.choices import Choice

if TYPE_CHECKING:
    from counter_app.ui.desk_means import Means
    from counter_app.ui.desk_papers import DeskPapers
    from counter_app.ui.frame import MainWindow
    from counter_app.ui.web_strips import WebStrips

_SEARCH_LINES = 8


class Finding(QObject):
    """Answers the window's search box and leads scans where they belong."""

    def __init__(
        self,
        means: Means,
        window: MainWindow,
        papers: DeskPapers,
        strips: WebStrips,
        parent: QObject,
    ) -> None:
        """Listen to the window."""
        super().__init__(parent)
        self._means, self._window = means, window
        self._papers, self._strips = papers, strips
        window.set_search_provider(self.matches)
        window.scans.set_code_taker(self.take_own_code)
        window.search_requested.connect(self.search)
        window.match_chosen.connect(self.open_match)
        window.scans.card_scanned.connect(self.open_card)
        window.scans.code_scanned.connect(self.open_code)

    def matches(self, text: str) -> list[Choice]:
        """Return what fits the beginning of a search."""
        from counter_app.services import browse

        store = self._means.store
        if is_own_prefix(text):
            from counter_app.ui.own_codes import own_code_choices

            return own_code_choices(store, text, limit=_SEARCH_LINES)
        rows = browse.search(store, text, limit=_SEARCH_LINES)
        return [
            Choice(row.uuid, f"{row.shown_code}  {row.applicant_name}", row.procedure_name)
            for row in rows
        ]

    def take_own_code(self, text: str) -> bool:
        """Take the code of a paper of the office before the page sees it."""
        if self._strips.take_code(text):
            return True
        return parse_office_paper(text) is not None and self._papers.of_office().take_code(text)

    @Slot(str)
    def search(self, text: str) -> None:
        """Show what was asked for with Enter: a paper, a dossier's own code, or a list."""
        if self.take_own_code(text):
            return
        if is_own_prefix(text):
            self.open_code(text)
            return
        self._window.show_page("dossiers", text)

    @Slot(object)
    def open_match(self, uuid: object) -> None:
        """Open the match that was chosen."""
        if is_own_prefix(str(uuid)):
            self.search(str(uuid))
            return
        self._window.show_page("dossiers", f"code:{uuid}")

    @Slot(str)
    def open_code(self, code: str) -> None:
        """Open the dossier or the visit of a scanned code."""
        own = parse_provisional(code)
        if own is not None and own.kind == "LUOT":
            self._window.show_page("reception", f"visit:{code}")
            return
        # The page opens the dossier with the one act its state wants, as if it had stood there.
        self._window.show_page("dossiers")
        page = self._window.current_page()
        if page is not None:
            page.take_code(code)

    @Slot(str)
    def open_card(self, text: str) -> None:
        """Show the dossiers of the citizen whose card was scanned."""
        from counter_app.domain.identity import parse_card
        from counter_app.ui.dossier_calls import DossierQuery

        try:
            card = parse_card(text)
        except ValueError as error:
            self._means.interaction.inform(str(error))
            return
        self._window.show_page("dossiers", DossierQuery(citizen=card.citizen_id, card=text))
