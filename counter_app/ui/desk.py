"""The open window put together from its parts: who is at it, what day it is, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QShortcut

from counter_app.errors import UserError
from counter_app.services import office as office_service
from counter_app.services import rights
from counter_app.services.settings import get_setting, set_setting
from counter_app.ui.alerts import Alerts
from counter_app.ui.backup_keeper import BackupKeeper
from counter_app.ui.closing import Closing
from counter_app.ui.day_keeper import DayKeeper, Doubt
from counter_app.ui.desk_means import Means
from counter_app.ui.desk_pages import DeskPages, page_specs
from counter_app.ui.desk_papers import DeskPapers
from counter_app.ui.desk_settings import DeskSettings
from counter_app.ui.exchange import Exchange
from counter_app.ui.finding import Finding
from counter_app.ui.frame import Clerk, HeaderFacts, MainWindow, Notice
from counter_app.ui.interaction import Interaction, QtInteraction
from counter_app.ui.keys import check_key
from counter_app.ui.lock import Lock
from counter_app.ui.look import Look
from counter_app.ui.print_desk import PrintDesk
from counter_app.ui.scanner import WedgeDetector
from counter_app.ui.scanning import Scanning
from counter_app.ui.search_keeper import SearchKeeper
from counter_app.ui.sign_in_calls import sign_in_calls
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.web_strips import WebStrips

if TYPE_CHECKING:
    from counter_app.services.store import Store
    from counter_app.ui.page import Page


class Desk(QObject):
    """The open window and what it works with; pages reach the services only through it."""

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
        self._runner = TaskRunner(
            before_task=lambda: partial(store.act_as, store.user), after_task=store.close
        )
        self.means = Means(store, self._clock, self._clerk, self._runner, self._interaction)
        self.keeper = BackupKeeper(store, folder=folder / "backups", clock=self._clock, parent=self)
        self.prints = PrintDesk(
            store,
            clock=self._clock,
            clerk=self._clerk,
            runner=self._runner,
            interaction=self._interaction,
            parent=self,
        )
        self.window = MainWindow(
            page_specs(self._make_page), self._header(), interaction=self._interaction
        )
        if isinstance(self._interaction, QtInteraction):
            self._interaction.set_parent(self.window)
        self._scanner = WedgeDetector(parent=self.window)
        self._scanner.key_pressed.connect(self.window.pages.wait)
        self.window.scans.attach(self._scanner)
        self.scanning = Scanning(store, self.window, self)
        self.look = Look(lambda: str(get_setting(store, "palette")), self)
        self.lock = Lock(sign_in_calls(store, clock=self._clock), self.window, self._interaction)
        self._make_parts()
        self._connect()
        self._tell_state()

    def _make_parts(self) -> None:
        means, window = self.means, self.window
        self.papers = DeskPapers(means, self.prints, window, self)
        self.strips = WebStrips(means, self.papers, window, self)
        self.exchange = Exchange(
            means.store,
            window,
            runner=means.runner,
            interaction=means.interaction,
            clock=means.clock,
            clerk=means.clerk,
            papers=self.papers,
        )
        self.settings = DeskSettings(
            means,
            window,
            papers=self.papers,
            prints=self.prints,
            keeper=self.keeper,
            parent=self,
        )
        self._pages = DeskPages(
            means,
            window,
            papers=self.papers,
            strips=self.strips,
            exchange=self.exchange,
            settings=self.settings,
            parent=self,
        )
        self.finding = Finding(means, window, self.papers, self.strips, self)
        self.alerts = Alerts(means, window, self)
        self.closing = Closing(
            means,
            self.keeper,
            self.papers,
            window=window,
            is_second=self._is_second,
            parent=self,
        )
        self._search_keeper = SearchKeeper(means, window, self)

    def _make_page(self, key: str) -> Page:
        return self._pages.make(key)

    def _connect(self) -> None:
        window = self.window
        for part in (self.keeper, self.scanning):
            part.state_changed.connect(self._tell_state)
        self.prints.waiting_changed.connect(self._tell_state)
        self.prints.said.connect(window.say)
        waiting = QShortcut(check_key("Ctrl+F12"), window)
        waiting.activated.connect(self._on_waiting_papers_asked)
        self.look.changed.connect(window.tell_pages_of_colours)
        self.exchange.changed.connect(self._on_exchange_changed)
        self.settings.changed.connect(self._on_settings_changed)
        self.settings.scanner_test_requested.connect(self.scanning.open_test)
        self.settings.data_replaced.connect(self.closing.leave_replaced)
        self.settings.conversion_asked.connect(self.closing.leave_for)
        self.day.day_changed.connect(self._on_day_changed)
        self.day.clock_moved.connect(self._on_clock_moved)
        window.set_clerks(self._clerks())
        window.clerk_chosen.connect(self._on_clerk_chosen)
        window.secret_asked.connect(self._on_secret_asked)
        window.rail_folded.connect(self._on_rail_folded)
        self.lock.entered.connect(self._on_entered)
        window.set_gate(self.day.may_save)
        window.set_closing_gate(self.closing.may_close)
        window.set_page_gate(self.lock.why_no_page)
        window.set_role_gate(partial(rights.beyond_role, self._store))
        window.add_key("Ctrl+F11", self.lock.lock)

    # What the window shows around the pages

    def _header(self) -> HeaderFacts:
        facts = office_service.office(self._store)
        return HeaderFacts(
            office=facts.name,
            counter=facts.counter_name,
            clerk=self._clerk(),
            today=self._clock().date(),
            may_change_secret=bool(self._store.user) and not self._is_second,
        )

    def _clerk(self) -> str:
        return self._store.user or str(get_setting(self._store, "current_clerk"))

    def _clerks(self) -> list[Clerk]:
        officers = office_service.officers(self._store)
        # Where people sign in, who has no account can't take the desk.
        names = list(rights.roles(self._store)) or [officer.name for officer in officers]
        return [Clerk(name, name) for name in names]

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
        if self._store.keys.is_by_sheet:
            words = self.tr(
                "Dữ liệu mở bằng phiếu khôi phục: đặt mật khẩu mới rồi làm phiếu mới ở Cài đặt, "
                "mục Dữ liệu, Mã hóa dữ liệu."
            )
            found.append(Notice(words))
        if not facts.is_named:
            found.append(Notice(self.tr("Đơn vị chưa được đặt tên. Mở Cài đặt để đặt tên.")))
        if not self._is_second and office_service.lacks_clerk(self._store):
            words = self.tr("Chưa chọn người trực quầy: nhấn Ctrl+L rồi một chữ số.")
            found.append(Notice(words))
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
        self.window.set_notices(self.notices())
        if self.window.unsaved():
            words = self.tr("Việc đang gõ dở sẽ lưu dưới tên {name}.")
            self.window.say(words.format(name=self._clerk()))

    @Slot()
    def _on_secret_asked(self) -> None:
        from counter_app.ui.own_secret_dialog import OwnSecretDialog
        from counter_app.ui.sign_in_calls import own_secret_call

        change = own_secret_call(self._store, clock=self._clock)
        dialog = OwnSecretDialog(self._clerk(), change, self.window)
        dialog.accepted.connect(lambda: self.window.say(self.tr("Đã đổi mật khẩu.")))
        dialog.open()

    @Slot(bool)
    def _on_rail_folded(self, folded: bool) -> None:
        try:
            set_setting(self._store, key="rail", value="folded" if folded else "open")
        except UserError as error:
            self.window.say(error.message)

    @Slot(str, str)
    def _on_entered(self, was: str, name: str) -> None:
        self.window.set_header(self._header())
        self.window.set_notices(self.notices())
        wanted, argument, told = self.window.current_key, None, ""
        if was not in {"", name}:
            if self.window.unsaved():
                told = self.tr("Việc {name} gõ dở được cất riêng cho người đó.").format(name=was)
            self.strips.close()
            wanted, argument = self.window.change_person(was, name)
            if self.window.unsaved():
                told = self.tr("Việc gõ dở của {name} còn nguyên ở đây.").format(name=name)
        if self.lock.why_no_page(wanted):
            wanted, argument = "dossiers", None
        if wanted != self.window.current_key:
            self.window.show_page(wanted, argument)
        else:
            self.window.tell_pages_of_person()
        if told:
            self.window.say(told)

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

    # From its first picture to its end

    def start(self, *, dress: Callable[[], object] = lambda: None) -> None:
        """Show the window with its first page, dressed when it is whole."""
        self.window.set_notices(self.notices())
        self.window.show_page("reception")
        rail = str(get_setting(self._store, "rail"))
        if rail != "auto":
            self.window.set_rail_folded(folded=rail == "folded")
        dress()
        self.window.showMaximized()
        self.lock.begin()
        soon = self.window.after_paint
        soon.watch()
        soon.add(self.scanning.follow_settings)
        soon.add(self.prints.open)
        if not self._is_second:
            soon.add(self.keeper.start)
            soon.add(self._search_keeper.go_on)
        soon.add(self.alerts.start)
        soon.add(self.exchange.tell)
        if not self._is_second:
            soon.add(self.settings.set_up_first)
        soon.add(self._read_catalogue)
        soon.add(self.window.pages.begin_ahead)

    @Slot()
    def _read_catalogue(self) -> None:
        """Know it before the first letters of a procedure's name are typed, a part at a turn."""
        from counter_app.services import catalogue

        today = self._clock().date()
        for part in (catalogue.procedures, partial(catalogue.match, text="a")):
            self.window.after_paint.add(partial(part, self._store, on=today))

    def close(self) -> None:
        """Stop what runs beside the window."""
        self.window.after_paint.forget()
        self.window.pages.forget()
        self.alerts.close()
        self._search_keeper.close()
        self.lock.close()
        self.day.close()
        self.strips.close()
        self.scanning.close()
        self.exchange.close()
        self.prints.close()
        self.keeper.close()
        self._runner.close()
