"""The window, put together: pages, header, printing, scanner; made once by the bootstrap."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication

from counter_app.domain.numbering import is_own_prefix, parse_office_paper
from counter_app.errors import UserError
from counter_app.services import office as office_service
from counter_app.services.settings import get_setting
from counter_app.ui.backup_keeper import BackupKeeper
from counter_app.ui.choices import Choice
from counter_app.ui.crash import install_excepthook
from counter_app.ui.day_keeper import DayKeeper, Doubt
from counter_app.ui.exchange import Exchange
from counter_app.ui.frame import Clerk, HeaderFacts, MainWindow, Notice
from counter_app.ui.interaction import Interaction, QtInteraction
from counter_app.ui.keys import check_key
from counter_app.ui.lock import Lock
from counter_app.ui.look import Look, wanted_palette
from counter_app.ui.page import Page, PageSpec
from counter_app.ui.print_desk import PrintDesk
from counter_app.ui.scanner import WedgeDetector
from counter_app.ui.scanning import Scanning
from counter_app.ui.sign_in_calls import sign_in_calls
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import apply_theme
from counter_app.ui.translation import install_translators

if TYPE_CHECKING:
    from counter_app.services.backup_facts import RescueCalls
    from counter_app.services.store import Store
    from counter_app.ui.calendar_calls import CalendarCalls
    from counter_app.ui.data_group import DataGroup
    from counter_app.ui.office_papers import OfficePapers
    from counter_app.ui.web_strip import WebStrip

_DIGITS = 9
_SEARCH_LINES = 8
_PAUSE_MS = 1
_ALERT_MS = 15 * 60_000
# Not before the window stands; each of them takes a few milliseconds.
_NEEDED_SOON = (
    "counter_app.domain.facts",
    "counter_app.domain.catalogue",
    "counter_app.services.catalogue",
    "counter_app.domain.deadlines",
    "counter_app.services.calendars",
    "counter_app.services.reception",
    "counter_app.ui.matches",
    "counter_app.domain.papers",
    "counter_app.services.papers",
    "counter_app.services.browse",
)


def make_application(arguments: list[str], *, language: str = "vi") -> QApplication:
    """Return the one QApplication with our words; the theme follows when the scale is known."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments)
    app.setApplicationName("Counter App")
    install_translators(app, language=language)
    return app


def load_the_rest(names: Sequence[str] = _NEEDED_SOON) -> None:
    """Load what the first citizen will need, a module at a time between the keystrokes."""
    if names and QApplication.instance() is not None:
        importlib.import_module(names[0])
        QTimer.singleShot(_PAUSE_MS, lambda: load_the_rest(names[1:]))


def tell_and_leave(app: QApplication, error: UserError) -> int:
    """Show why the data can't be opened and end with the status of a refused action."""
    apply_theme(app)
    QtInteraction(None).inform(error.message)
    print(error.message, file=sys.stderr)  # noqa: T201 - whoever started us from a terminal
    return 2


def unlock(app: QApplication, unlock_by: Callable[[str], object]) -> object:
    """Ask for what opens encrypted data; None if the program is left."""
    from counter_app.ui import unlock_dialog  # plain data never need it

    apply_theme(app)
    return unlock_dialog.ask(unlock_by)


def offer_rescue(app: QApplication, error: UserError, calls: RescueCalls) -> bool:
    """Offer what can be done with a damaged file; True once the data can be opened again."""
    from counter_app.ui import rescue  # hardly ever needed

    apply_theme(app)
    return rescue.choose(QtInteraction(None), error, calls)


class Desk(QObject):
    """The open window and what it works with; pages reach the services only through it."""

    _strips_left: tuple[str, ...] = ()  # of a group, after the one whose strip is open

    def __init__(
        self,
        store: Store,
        *,
        folder: Path,
        clock: Callable[[], datetime],
        is_second: bool,
        interaction: Interaction | None = None,
        doubts: Callable[[datetime], Sequence[Doubt]] | None = None,
    ) -> None:
        """Make the window; ``start`` shows it. ``doubts`` say what is odd about the clock."""
        super().__init__()
        self._store = store
        self._folder = folder
        self._is_second = is_second
        self._interaction = interaction or QtInteraction(None)
        self.day = DayKeeper(
            store,
            clock=clock,
            doubts=None if is_second else doubts,
            interaction=self._interaction,
            parent=self,
        )
        self._clock = self.day.now
        self.keeper = self._make_keeper()
        self._runner = TaskRunner(after_task=store.close)
        self._office_papers: OfficePapers | None = None
        self._web_strip: WebStrip | None = None
        self._last_strip: WebStrip | None = None
        self.prints = PrintDesk(
            store,
            clock=self._clock,
            clerk=self._clerk,
            runner=self._runner,
            interaction=self._interaction,
            parent=self,
        )
        self.window = MainWindow(self._specs(), self._header(), interaction=self._interaction)
        self.prints.said.connect(self.window.say)
        self.prints.waiting_changed.connect(self._tell_state)
        waiting = QShortcut(check_key("Ctrl+F12"), self.window)
        waiting.activated.connect(self._on_waiting_papers_asked)
        if isinstance(self._interaction, QtInteraction):
            self._interaction.set_parent(self.window)
        self._scanner = WedgeDetector(parent=self.window)
        self.window.attach_scanner(self._scanner)
        self.scanning = Scanning(store, self.window, self)
        self.scanning.state_changed.connect(self._tell_state)
        self.look = Look(lambda: str(get_setting(store, "palette")), self)
        self.look.changed.connect(self.window.tell_pages_of_colours)
        self.exchange = Exchange(
            store,
            self.window,
            runner=self._runner,
            interaction=self._interaction,
            clock=self._clock,
            clerk=self._clerk,
            papers=self,
        )
        self.exchange.changed.connect(self._on_exchange_changed)
        self.window.set_search_provider(self._find)
        self.window.set_clerks(self._clerks())
        self.window.clerk_chosen.connect(self._on_clerk_chosen)
        self.window.search_requested.connect(self._on_search_requested)
        self.window.match_chosen.connect(self._on_match_chosen)
        self.window.card_scanned.connect(self._on_card_scanned)
        self.window.code_scanned.connect(self._on_code_scanned)
        self.window.set_code_taker(self._take_own_code)
        self._tell_state()
        self.window.set_gate(self.day.may_save)
        self.window.set_closing_gate(self._may_close)
        self._last_alert = ""
        self._alerts = QTimer(self)
        self._alerts.setInterval(_ALERT_MS)
        self._alerts.timeout.connect(self._look_for_alerts)
        self.day.day_changed.connect(self._on_day_changed)
        self.day.clock_moved.connect(self._on_clock_moved)
        self.lock = Lock(sign_in_calls(store, clock=self._clock), self.window, self._interaction)
        self.lock.entered.connect(self._on_entered)
        self.window.set_page_gate(self.lock.why_no_page)
        self.window.add_key("Ctrl+F11", self.lock.lock)

    def _make_keeper(self) -> BackupKeeper:
        self._is_replaced = False
        keeper = BackupKeeper(
            self._store, folder=self._folder / "backups", clock=self._clock, parent=self
        )
        keeper.state_changed.connect(self._tell_state)
        return keeper

    # What the window shows around the pages

    def _header(self) -> HeaderFacts:
        facts = office_service.office(self._store)
        return HeaderFacts(
            office=facts.name,
            counter=facts.counter_name,
            clerk=self._clerk(),
            today=self._clock().date(),
        )

    def _clerk(self) -> str:
        return self._store.user or str(get_setting(self._store, "current_clerk"))

    def _clerks(self) -> list[Clerk]:
        known = office_service.officers(self._store)[:_DIGITS]
        return [Clerk(officer.name, officer.name) for officer in known]

    def notices(self) -> list[Notice]:
        """Return the sentences that hold as long as the window is open."""
        facts = office_service.office(self._store)
        found = []
        if self._is_second:
            found.append(
                Notice(
                    self.tr(
                        "Chương trình đang mở ở cửa sổ khác trên máy này: cửa sổ này chỉ để xem."
                    )
                )
            )
        if facts.is_rehearsal:
            found.append(
                Notice(self.tr("Thư mục thực hành: giấy tờ in ra đều ghi là bản tập dượt."))
            )
        if self.exchange.reminder:
            found.append(Notice(self.exchange.reminder))
        if not facts.is_named:
            found.append(Notice(self.tr("Đơn vị chưa được đặt tên. Mở Cài đặt để đặt tên.")))
        return found

    @Slot()
    def _tell_state(self) -> None:
        if self._is_second:
            self.window.set_state_text(self.tr("Chỉ xem"))
            return
        told = self.keeper.told()
        missing = " ".join(filter(None, (self.prints.words(), self.scanning.missing_words())))
        tone = "warning" if missing else told.tone
        self.window.set_state_text(f"{missing} {told.text}".strip(), tone)

    @Slot()
    def _on_waiting_papers_asked(self) -> None:
        self.prints.open_list(self.window)

    # Pages

    def _specs(self) -> list[PageSpec]:
        return [
            PageSpec("reception", self.tr("Tiếp nhận"), "reception", self._reception, "F2", 1),
            PageSpec("dossiers", self.tr("Hồ sơ"), "dossiers", self._dossiers, "F3", 2),
            PageSpec("today", self.tr("Hôm nay"), "today", self._today, "F4", 3),
            PageSpec("apologies", self.tr("Xin lỗi"), "apology", self._apologies, "F6", 4),
            PageSpec("reports", self.tr("Báo cáo"), "report", self._reports, "F7", 5),
            PageSpec("board", self.tr("Điều hành"), "people", self._board, None, 8),
            PageSpec("quick", self.tr("Sổ nhanh"), "list", self._quick, "F12", 7),
            PageSpec("sync", self.tr("Đồng bộ"), "sync", self._sync, "F8", 6),
            PageSpec("settings", self.tr("Cài đặt"), "settings", self._settings, is_at_bottom=True),
        ]

    def _reception(self) -> Page:
        from counter_app.ui.reception_desk import desk_for
        from counter_app.ui.reception_page import ReceptionPage

        desk = desk_for(
            self._store,
            clock=self._clock,
            print_paper=self.print_paper,
            print_papers=self.print_papers,
            print_pdf=self.print_made,
        )
        page = ReceptionPage(desk, interaction=self._interaction)
        page.code_awaited.connect(self.open_web_strip)
        page.codes_awaited.connect(self.open_web_strips)
        return page

    def _quick(self) -> Page:
        from counter_app.ui.quick_calls import quick_calls
        from counter_app.ui.quick_page import QuickPage

        calls = quick_calls(
            self._store, clock=self._clock, clerk=self._clerk, print_papers=self.print_papers
        )
        return QuickPage(calls, interaction=self._interaction)

    def _dossier_calls(self) -> Any:
        from dataclasses import replace

        from counter_app.ui.batch_calls import batch_calls
        from counter_app.ui.dossier_calls import dossier_calls

        calls = dossier_calls(
            self._store,
            clock=self._clock,
            clerk=self._clerk,
            print_papers=self.print_papers,
            view_paper=self.view_paper,
        )
        batch = batch_calls(
            self._store,
            clock=self._clock,
            clerk=self._clerk,
            print_pdf=self._on_pdf_made,
            save_pdf=lambda data: self._save_pdf(data, self._suggested_file()),
        )
        return replace(calls, batch=batch)

    def _suggested_file(self) -> Path:
        return Path.home() / f"giay-{self._clock():%Y%m%d-%H%M%S}.pdf"

    def _dossiers(self) -> Page:
        from counter_app.ui.dossiers_page import DossiersPage

        page = DossiersPage(
            self._dossier_calls(), runner=self._runner, interaction=self._interaction
        )
        page.web_entry_asked.connect(self.open_web_strip)
        return page

    def _today(self) -> Page:
        from counter_app.ui.today_page import TodayPage, today_calls

        page = TodayPage(today_calls(self._store, clock=self._clock), runner=self._runner)
        page.sheets_asked.connect(self._on_sheets_asked)
        page.printed_sheets_asked.connect(self._on_printed_sheets_asked)
        page.kit_asked.connect(self._on_kit_asked)
        page.board_asked.connect(self._on_board_asked)
        return page

    def _board(self) -> Page:
        from counter_app.ui.board_calls import board_calls
        from counter_app.ui.board_page import BoardPage

        calls = board_calls(
            self._store,
            clock=self._clock,
            print_pdf=self._on_pdf_made,
            save_pdf=lambda data: self._save_pdf(data, self._suggested_file()),
        )
        return BoardPage(calls, runner=self._runner, interaction=self._interaction)

    @Slot()
    def _on_board_asked(self) -> None:
        self.window.show_page("board")

    def _apologies(self) -> Page:
        from counter_app.ui.apology_page import ApologyPage, apology_calls

        calls = apology_calls(
            self._store, clock=self._clock, clerk=self._clerk, print_papers=self.print_papers
        )
        return ApologyPage(calls, runner=self._runner, interaction=self._interaction)

    def _reports(self) -> Page:
        from counter_app.ui.report_calls import report_calls
        from counter_app.ui.report_page import ReportPage

        calls = report_calls(
            self._store, clock=self._clock, clerk=self._clerk, print_pdf=self._on_pdf_made
        )
        return ReportPage(calls, runner=self._runner, interaction=self._interaction)

    def _sync(self) -> Page:
        return self.exchange.page()

    def _settings(self) -> Page:
        from counter_app.ui.calendar_group import CalendarGroup
        from counter_app.ui.catalogue_form import CatalogueForm, catalogue_calls
        from counter_app.ui.catalogue_group import CatalogueGroup, procedure_calls
        from counter_app.ui.invite_form import InviteForm, invite_calls
        from counter_app.ui.settings_page import SettingsPage, settings_calls

        calls = catalogue_calls(self._store, clock=self._clock)
        page = SettingsPage(
            settings_calls(self._store),
            interaction=self._interaction,
            catalogue=CatalogueGroup(
                procedure_calls(self._store, clock=self._clock),
                CatalogueForm(calls, self._runner, self._interaction),
                self._interaction,
            ),
            invite=InviteForm(
                invite_calls(self._store, clock=self._clock, clerk=self._clerk), self._interaction
            ),
            calendar=CalendarGroup(self._calendar_calls(), self._runner, self._interaction),
            data=self._data_group(),
        )
        page.settings_changed.connect(self._on_settings_changed)
        page.scanner_test_requested.connect(self.scanning.open_test)
        page.trial_print_requested.connect(lambda: self._open_trial_print(page))
        page.forms_edit_requested.connect(lambda: self._edit_forms(page))
        page.books_requested.connect(self._open_books)
        page.users_requested.connect(self._open_users)
        page.audit_requested.connect(self._open_audit)
        page.person_requested.connect(self._open_person)
        return page

    def _data_group(self) -> DataGroup:
        from counter_app.ui.data_calls import data_calls
        from counter_app.ui.data_group import DataGroup

        calls = data_calls(self._store, folder=self.keeper.folder, clock=self._clock)
        group = DataGroup(calls, self.keeper.runner, self._interaction)
        group.backed_up.connect(self.keeper.take)
        group.restored.connect(self._on_restored)
        return group

    @Slot()
    def _on_restored(self) -> None:
        """Leave: what stands in the window is of the file that was replaced."""
        self._is_replaced = True
        QApplication.exit(0)

    def _open_books(self) -> None:
        from counter_app.ui.books_dialog import BooksDialog, books_calls

        calls = books_calls(
            self._store,
            clock=self._clock,
            print_pdf=self._on_pdf_made,
            save_pdf=lambda data: self._save_pdf(data, self._suggested_file()),
        )
        BooksDialog(calls, self._runner, self.window).exec()

    def _calendar_calls(self) -> CalendarCalls:
        from counter_app.ui.calendar_calls import calendar_calls

        return calendar_calls(
            self._store, clock=self._clock, clerk=self._clerk, print_made=self.print_made
        )

    def _edit_forms(self, page: Page) -> None:
        from counter_app.ui.forms_calls import forms_calls
        from counter_app.ui.forms_dialog import FormsDialog

        calls = forms_calls(self._store, clock=self._clock, clerk=self._clerk)
        FormsDialog(
            calls, runner=self._runner, interaction=self._interaction, parent=self.window
        ).exec()
        page.activated(refresh=True)

    # Papers

    def office_papers(self) -> OfficePapers:
        """Return what opens the outage kit and the sheets to units; made when first wanted."""
        if self._office_papers is None:
            from counter_app.ui.office_paper_calls import office_paper_calls
            from counter_app.ui.office_papers import OfficePapers

            calls = office_paper_calls(
                self._store,
                clock=self._clock,
                clerk=self._clerk,
                print_codes=self.print_office_papers,
                print_papers=self.print_papers,
            )
            self._office_papers = OfficePapers(calls, self._interaction, self.window)
            self._office_papers.page_requested.connect(self.window.show_page)
            self._office_papers.said.connect(self.window.say)
        return self._office_papers

    @Slot()
    def _on_sheets_asked(self) -> None:
        self.office_papers().print_sheets()

    @Slot()
    def _on_printed_sheets_asked(self) -> None:
        self.office_papers().choose_sheet()

    @Slot()
    def _on_kit_asked(self) -> None:
        self.office_papers().open_kit()

    @Slot(str)
    def open_web_strip(self, uuid: str) -> None:
        """Open the strip that carries a dossier to the official system; one at a time."""
        from counter_app.services import web_entry
        from counter_app.ui.web_strip import WebStrip, web_calls

        if self._web_strip is not None:
            self._web_strip.close()
        self._last_strip = None
        try:
            entry = web_entry.entry(self._store, uuid)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        calls = web_calls(
            self._store, clock=self._clock, clerk=self._clerk, print_paper=self.print_paper
        )
        self._web_strip = WebStrip(entry, calls)
        self._web_strip.attached.connect(self._on_code_attached)
        self._web_strip.left.connect(self._on_strip_left)
        self._web_strip.show_in_place()

    @Slot(list)
    def open_web_strips(self, uuids: list[str]) -> None:
        """Open the strip for each dossier of a group, one after another."""
        self._strips_left = tuple(uuids)
        self._open_next_strip()

    def _open_next_strip(self) -> None:
        if self._strips_left:
            uuid, *left = self._strips_left
            self._strips_left = ()
            self.open_web_strip(uuid)
            self._strips_left = tuple(left)

    @Slot(str, str)
    def _on_code_attached(self, _uuid: str, code: str) -> None:
        self._let_strip_go()
        # Not before the strip that is closing has ended its own event.
        QTimer.singleShot(0, self, self._open_next_strip)
        self.window.say(self.tr("Đã gắn mã {code}, giấy tiếp nhận đang in.").format(code=code))
        page = self.window.current_page()
        if page is not None:
            page.activated(refresh=True)

    def _let_strip_go(self) -> None:
        """Forget a strip that is closing; it lives until its own event has ended."""
        self._last_strip, self._web_strip = self._web_strip, None

    @Slot(str)
    def _on_strip_left(self, _uuid: str) -> None:
        self._let_strip_go()
        self._strips_left = ()  # leaving one leaves the rest of its group to the list as well
        self.window.say(
            self.tr(
                "Chưa có mã chính thức: hồ sơ ở danh sách “Chưa có mã” (F3), F5 mở lại thanh, "
                "Ctrl+R in giấy với số tạm."
            )
        )

    def _take_own_code(self, text: str) -> bool:
        """Take the code of a paper of the office before the page sees it."""
        if self._web_strip is not None and self._web_strip.take_code(text):
            return True
        return parse_office_paper(text) is not None and self.office_papers().take_code(text)

    def print_office_papers(self, codes: Sequence[str]) -> None:
        """Make the PDF of papers of the office in the background, then print it."""
        from counter_app.services import office_papers

        wanted = list(codes)
        self.prints.print_made(lambda: office_papers.pdf(self._store, wanted))

    def print_paper(self, paper_uuid: str) -> None:
        """Print one issued paper."""
        self.print_papers([paper_uuid])

    def print_papers(self, paper_uuids: list[str]) -> None:
        """Print issued papers; what no printer takes waits in the queue."""
        self.prints.print_papers(paper_uuids)

    def print_made(self, make: Callable[[], bytes]) -> None:
        """Make a PDF in the background, then print it."""
        self.prints.print_made(make)

    def _on_pdf_made(self, data: bytes) -> None:
        self.prints.print_data(data)

    def _save_pdf(self, data: bytes, suggested: Path) -> None:
        self.prints.save(data, suggested)

    def view_paper(self, uuid: str, code: str, print_again: Callable[[], object]) -> None:
        """Show an issued paper as it was printed; looking at it is no reprint."""
        from counter_app.services import papers
        from counter_app.ui.paper_dialog import PaperDialog

        PaperDialog(
            self.tr("Giấy của hồ sơ {code}").format(code=code),
            make=lambda _job: papers.paper_pdf(self._store, [uuid]),
            runner=self._runner,
            print_again=print_again,
            save=lambda data: self._save_pdf(data, Path.home() / f"{code}.pdf"),
            parent=self.window,
        ).open()

    # Finding

    def _find(self, text: str) -> list[Choice]:
        from counter_app.services import browse

        if is_own_prefix(text):
            from counter_app.ui.own_codes import own_code_choices

            return own_code_choices(self._store, text, limit=_SEARCH_LINES)
        rows = browse.search(self._store, text, limit=_SEARCH_LINES)
        return [
            Choice(row.uuid, f"{row.applicant_name}  {row.shown_code}", row.procedure_name)
            for row in rows
        ]

    @Slot(str)
    def _on_search_requested(self, text: str) -> None:
        if self._take_own_code(text):
            return
        if is_own_prefix(text):
            self._on_code_scanned(text)
            return
        self.window.show_page("dossiers", text)

    @Slot(object)
    def _on_match_chosen(self, uuid: object) -> None:
        if is_own_prefix(str(uuid)):
            self._on_search_requested(str(uuid))
            return
        self.window.show_page("dossiers", f"code:{uuid}")

    @Slot(str)
    def _on_code_scanned(self, code: str) -> None:
        from counter_app.domain.numbering import parse_provisional

        own = parse_provisional(code)
        if own is not None and own.kind == "LUOT":
            self.window.show_page("reception", f"visit:{code}")
            return
        # The page opens the dossier with the one act its state wants, as if it had stood there.
        self.window.show_page("dossiers")
        page = self.window.current_page()
        if page is not None:
            page.take_code(code)

    @Slot(str)
    def _on_card_scanned(self, text: str) -> None:
        from counter_app.domain.identity import parse_card
        from counter_app.ui.dossier_calls import DossierQuery

        try:
            card = parse_card(text)
        except ValueError as error:
            self._interaction.inform(str(error))
            return
        self.window.show_page("dossiers", DossierQuery(citizen=card.citizen_id, card=text))

    # What changes while the window is open

    @Slot(object)
    def _on_clerk_chosen(self, name: object) -> None:
        if self.lock.hand_over(str(name)):
            return
        try:
            office_service.choose_clerk(self._store, name=str(name))
        except UserError as error:
            self._interaction.inform(error.message)
        self.window.set_header(self._header())

    @Slot(str)
    def _on_entered(self, _name: str) -> None:
        self.window.set_header(self._header())
        if self.lock.why_no_page(self.window.current_key):
            self.window.show_page("dossiers")

    def _open_users(self) -> None:
        from counter_app.ui.users_dialog import UsersDialog, users_calls

        try:
            dialog = UsersDialog(users_calls(self._store, clock=self._clock), self.window)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        dialog.finished.connect(self._on_settings_changed)
        dialog.open()

    def _open_person(self) -> None:
        from counter_app.ui.person_dialog import PersonDialog, person_calls

        calls = person_calls(self._store, clock=self._clock, clerk=self._clerk)
        PersonDialog(calls, self._interaction, self.window).open()

    def _open_audit(self) -> None:
        from counter_app.ui.audit_dialog import AuditDialog, audit_calls

        calls = audit_calls(self._store, clock=self._clock)
        try:
            AuditDialog(calls, self._interaction, self.window).open()
        except UserError as error:
            self._interaction.inform(error.message)

    @Slot()
    def _on_settings_changed(self) -> None:
        self.lock.follow()
        self.window.set_header(self._header())
        self.window.set_clerks(self._clerks())
        self.window.set_notices(self.notices())
        self.scanning.follow_settings()
        self.look.follow()

    @Slot()
    def _on_exchange_changed(self) -> None:
        self.window.set_notices(self.notices())

    @Slot()
    def _on_day_changed(self) -> None:
        self.window.set_header(self._header())
        self.exchange.tell()
        self.window.tell_pages_of_day()

    @Slot(object)
    def _on_clock_moved(self, leap: timedelta) -> None:
        self.window.set_header(self._header())
        self.window.tell_pages_of_clock(leap)

    def close(self) -> None:
        """Stop what runs beside the window."""
        self.window.after_paint.forget()
        self._alerts.stop()
        self.lock.close()
        self.day.close()
        if self._web_strip is not None:
            self._web_strip.close()
        self.scanning.close()
        self.exchange.close()
        self.prints.close()
        self.keeper.close()
        self._runner.close()

    def _may_close(self) -> bool:
        """Offer the outage kit before the desk goes home; False: it is being printed."""
        if self._is_second or not get_setting(self._store, "outage_at_close"):
            return True
        return not self.office_papers().offer_kit()

    def back_up_at_close(self) -> None:
        """Keep what was saved since the last copy, and seal the file for the night.

        A failure is told, never swallowed; a stick that is out was told below all along.
        """
        if self._is_second or self._is_replaced:
            return
        try:
            problems = self.keeper.back_up_at_close()
            self._store.seal()
        except UserError as error:
            problems = (error.message,)
        for problem in problems:
            self._interaction.inform(problem)

    def _keep_search_current(self, after: int | None = 0) -> None:
        """Index anew what an older program indexed, some at a time between the clerk's tasks."""
        if self._is_second or after is None:
            return
        store = self._store

        def work(_job: Job) -> int | None:
            from counter_app.services import search_index

            if search_index.is_current(store):
                return None
            return search_index.index_some(store, after)[0]

        self._runner.run(
            work,
            on_done=self._keep_search_current,
            on_error=self._on_search_not_current,
            owner=self.window,
            group="search-index",
        )

    @Slot()
    def _look_for_alerts(self) -> None:
        """See what presses before the session ends; a line at the bottom, each thing once."""
        store, clock = self._store, self._clock

        def work(_job: Job) -> str:
            from counter_app.services import board

            return board.quiet_alert(store, now=clock())

        self._runner.run(work, on_done=self._say_alert, owner=self.window, group="alert")

    @Slot(str)
    def _say_alert(self, text: str) -> None:
        if text and text != self._last_alert:
            self.window.say(f"{text}.")
        self._last_alert = text

    @Slot(object)
    def _on_search_not_current(self, error: UserError) -> None:
        self._interaction.inform(error.message)

    def _open_trial_print(self, page: Page) -> None:
        from counter_app.ui.trial_calls import open_trial

        dialog = open_trial(self._store, self.prints, self.window)
        dialog.finished.connect(lambda _result: page.activated(refresh=True))

    def set_up_first(self) -> None:
        """Ask for the office in the wizard when it has no name yet; it may be left for later."""
        if office_service.office(self._store).is_named or self._is_second:
            return
        from counter_app.ui.trial_calls import open_trial
        from counter_app.ui.wizard import SetupWizard, wizard_calls

        SetupWizard(
            wizard_calls(self._store),
            parent=self.window,
            interaction=self._interaction,
            test_print=lambda over: open_trial(self._store, self.prints, over),
        ).exec()
        self._on_settings_changed()

    def start(self) -> None:
        """Show the window with its first page."""
        self.window.set_notices(self.notices())
        self.window.show_page("reception")
        self.window.showMaximized()
        self.lock.begin()
        soon = self.window.after_paint
        soon.watch()
        soon.add(self.scanning.follow_settings)
        soon.add(self.prints.open)
        if not self._is_second:
            soon.add(self.keeper.start)
        soon.add(self._keep_search_current)
        soon.add(self._alerts.start)
        soon.add(self.exchange.tell)
        soon.add(self.set_up_first)


def start_desk(
    app: QApplication,
    store: Store,
    *,
    folder: Path,
    clock: Callable[[], datetime],
    is_second: bool,
    doubts: Callable[[datetime], Sequence[Doubt]] | None = None,
) -> Desk:
    """Dress the application and show the window."""
    palette = wanted_palette(app, str(get_setting(store, "palette")))
    apply_theme(app, scale=int(get_setting(store, "scale")) / 100, palette=palette)
    desk = Desk(store, folder=folder, clock=clock, is_second=is_second, doubts=doubts)
    install_excepthook(desk._interaction)  # noqa: SLF001 - the same module's object
    desk.start()
    return desk
