"""The page Hồ sơ: a quiet table, filters with their counts, a search, and the dossier beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.facts import DossierFacts, DossierRow, PaperFacts
from counter_app.domain.identity import parse_card
from counter_app.domain.numbering import parse_provisional
from counter_app.errors import UserError
from counter_app.ui.act_tiles import ACT_KEYS, MORE_KEY, wanted_act
from counter_app.ui.dossier_acts import DossierActs
from counter_app.ui.dossier_calls import DossierCalls, DossierQuery, read_query
from counter_app.ui.dossier_html import has_person_number
from counter_app.ui.dossier_list_pane import DossierListPane
from counter_app.ui.dossier_panel import DossierPanel
from counter_app.ui.interaction import Interaction
from counter_app.ui.list_tools import ListTools
from counter_app.ui.page import Page
from counter_app.ui.scan_windows import ScanWindows
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

_PANEL_DELAY_MS = 60
_WIDE = 1200


class DossiersPage(Page):
    """Every dossier, found by filter or words, and one of them whole."""

    web_entry_asked = Signal(str)  # uuid of a dossier to be typed into the official system
    list_shown = Signal(str)  # the words it was found by, none for a filter

    def __init__(
        self,
        calls: DossierCalls,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
        *,
        in_pieces: bool = False,
    ) -> None:
        """Nothing is loaded before the page is activated; ``in_pieces`` leaves the panel for later.

        It is the largest page: made whole it keeps the window for longer than a key may wait.
        """
        super().__init__(parent)
        self.title = self.tr("Hồ sơ")
        self.help_text = self.tr(
            "Tìm hồ sơ bằng cách gõ vài chữ: mã, họ tên, số định danh, điện thoại, có dấu hay "
            "không dấu. Bấm một bộ lọc để xem danh sách của nó. Enter mở hồ sơ đang chọn, Esc "
            "quay lại danh sách. F9 làm việc hồ sơ đang cần; các việc khác có phím ghi trên nút. "
            "Ctrl+F lọc theo nhiều điều kiện, Ctrl+U lưu danh sách thành Excel, PDF hoặc CSV."
        )
        self._calls = calls
        self._noted: set[str] = set()  # whose numbers stood open here, each told once
        self._runner = runner
        self._interaction = interaction
        self._is_opened = False  # the panel, where it doesn't always stand
        self._panel_timer = QTimer(self)
        self._panel_timer.setSingleShot(True)
        self._panel_timer.setInterval(_PANEL_DELAY_MS)
        self._panel_timer.timeout.connect(self._on_panel_timer_timeout)
        self.acts = DossierActs(calls, runner, interaction, self)
        self.windows = ScanWindows(calls, runner, interaction, self)
        self.tools = ListTools(calls, runner, interaction, self)
        self.make_parts(self._make_list, self._make_panel, self._connect, in_pieces=in_pieces)

    def _make_list(self) -> None:
        measures = metrics()
        edge = measures.step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, measures.step(4), edge, measures.step(4))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        column.addWidget(self.splitter)
        # Each is made where it stands: what is moved as a whole is dressed anew, widget by widget.
        self.list = DossierListPane(self._calls, self._runner, self.tools, self.splitter)
        self.search, self.chips, self.table = self.list.search, self.list.chips, self.list.table
        self.splitter.setStretchFactor(0, 1)

    def _make_panel(self) -> None:
        self.panel = DossierPanel(self.splitter)
        self.panel.setMinimumWidth(metrics().px(400))

    def _connect(self) -> None:
        self.list.list_changed.connect(self._on_list_changed)
        self.list.failed.connect(self._on_failed)
        self.table.row_selected.connect(self._on_row_selected)
        self.table.row_opened.connect(self._on_row_opened)
        self.panel.act_requested.connect(self.request_act)
        self.panel.reprint_requested.connect(self._on_reprint_requested)
        self.panel.view_requested.connect(self._on_view_requested)
        self.acts.act_done.connect(self._on_act_done)
        self.acts.printed.connect(self._on_printed)
        self.acts.said.connect(self.state_text_changed)
        self.list.new_button.clicked.connect(self.receive_new)
        self.add_key("Ctrl+D", self.receive_new)
        self.list.pile_button.clicked.connect(self.windows.open_pile)
        self.add_key("Ctrl+S", self.windows.open_pile)
        self.list.reminder_button.clicked.connect(self.windows.open_reminders)
        self.add_key("Ctrl+J", self.windows.open_reminders)
        self.list.handover_button.clicked.connect(self.windows.open_handover)
        self.add_key("F11", self.windows.open_handover)
        self.list.batch_button.clicked.connect(self.open_batch)
        self.add_key("Ctrl+W", self.open_batch)
        self.add_key("Ctrl+F", self.tools.open_filter)
        self.tools.write_button.clicked.connect(self.list.write)
        self.add_key("Ctrl+U", self.list.write)
        self.tools.list_wanted.connect(self.opened_with)
        self.tools.said.connect(self.state_text_changed)
        self.windows.list_wanted.connect(self.opened_with)
        self.list.web_button.clicked.connect(self.ask_for_web_entry)
        self.add_key("F5", self.ask_for_web_entry)
        self.windows.moved.connect(self.refresh)
        self.windows.contacted.connect(self._on_act_done)
        self.windows.dossier_wanted.connect(self._on_dossier_wanted)
        for key in ACT_KEYS.values():
            self.add_key(key, self._on_act_key_activated).setProperty("key", key)
        self.add_key(MORE_KEY, self.request_more)
        self.panel.more_requested.connect(self.request_more)
        self.panel.file_requested.connect(self.acts.open_file)
        self.panel.number_requested.connect(self.show_number)
        self.add_key("F10", self.show_number)

    # What the frame calls

    def main_action(self) -> None:
        """Do what the chosen dossier wants now (F9)."""
        self._with_current(self.acts.do_wanted)

    def activated(self, *, refresh: bool) -> None:
        """Show fresh rows and counts, keeping the chosen dossier."""
        if refresh or not self.table.rows_model.rowCount():
            self.refresh()

    def person_changed(self) -> None:
        """Ask anew which acts the open dossier allows to who sits here now."""
        shown = self.panel.facts
        if shown is not None:
            self._load(shown.uuid, self._show_facts)

    def shown(self) -> object:
        """Return the open dossier; the next person goes on with it, under his own rights."""
        facts = self.panel.facts
        return None if facts is None else DossierQuery(code=facts.uuid)

    def colours_changed(self) -> None:
        """Write the open dossier anew: its words hold colours."""
        self.refresh()

    def opened_with(self, argument: object) -> None:
        """Show the list, the words or the dossier another page asked for."""
        query = read_query(argument)
        if query.code:
            self._open_code(query)
            return
        self._close_panel()  # a list asked for anew is not read beside an empty half
        if query.text:
            self.search.search_for(query.text)
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.list.show_query(query)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_code(self, text: str) -> bool:
        """Open the dossier of a scanned receipt with the one act its state wants."""
        own = parse_provisional(text)
        if own is not None and own.kind == "LUOT":
            self.page_requested.emit("reception", f"visit:{text.strip()}")
            return True
        self.say_replaced(text.strip())
        self._open_code(DossierQuery(code=text.strip()), with_act=True)
        return True

    def say_replaced(self, code: str) -> None:
        """Say that a scanned receipt has given way to a later one."""
        told = self._calls.life.replaced_by(code)
        if told:
            self._interaction.inform(told)

    def take_card(self, text: str) -> bool:
        """List the dossiers of the citizen whose card was scanned; a new one is a key away."""
        try:
            card = parse_card(text)
        except ValueError:
            return False  # the window says what is wrong with it
        self.opened_with(DossierQuery(citizen=card.citizen_id, card=text))
        return True

    def receive_new(self) -> None:
        """Begin a new dossier of the citizen whose dossiers are listed (Ctrl+D)."""
        query = self.list.query
        if query.citizen:
            self.page_requested.emit("reception", query.card or f"citizen:{query.citizen}")

    def ask_for_web_entry(self) -> None:
        """Open the strip on the chosen dossier, to type it once into the official system."""
        row = self.table.current_row()
        if row is None:
            self.state_text_changed.emit(self.tr("Chọn một hồ sơ trước."))
        elif row.official_code:
            words = self.tr("Hồ sơ này đã có mã chính thức {code}.")
            self.state_text_changed.emit(words.format(code=row.official_code))
        else:
            self.web_entry_asked.emit(row.uuid)

    def step_back(self) -> bool:
        """Esc: from the panel to the table, then out of a search, then to all dossiers."""
        if self._is_opened and not self._is_wide():
            self._close_panel()
            return True
        if self.panel.has_focus_inside():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self.search.text():
            self.list.show_query(self.list.query.without_text())
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self.search.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def first_field(self) -> QWidget | None:
        """Start on the table: arrows walk, letters search."""
        return self.table

    # Lists

    def refresh(self) -> None:
        """Fetch rows and counts anew, keeping the chosen dossier."""
        row = self.table.current_row()
        self.list.take_time()
        if self.search.is_searching():
            self.search.start()
        elif self.list.query.code:
            self._open_code(self.list.query)
        else:
            self.list.show_query(self.list.query)
        if row is not None:
            self.table.select_row(self.table.row_number(row.uuid))
            self._panel_timer.start()
        self.list.refresh_counts()

    def open_batch(self) -> None:
        """Print one kind of paper for every dossier of the list (Ctrl+W)."""
        rows = self.table.rows_model.rows() if self.list.lists_few() else None
        self.windows.open_batch(self.list.query, rows)

    # The dossier

    def _is_wide(self) -> bool:
        return self.width() >= metrics().px(_WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The dossier stands beside the table where there is room for both."""
        super().resizeEvent(event)
        self._place_panel()

    def _place_panel(self) -> None:
        is_shown = self._is_wide() or self._is_opened
        if self.panel.isHidden() != (not is_shown):
            self.panel.setVisible(is_shown)
        gap = metrics().step(5) if is_shown else 0
        self.list.setContentsMargins(0, 0, gap, 0)
        # Beside an open dossier a narrow list keeps its room for rows; the keys go on working.
        self.list.foot.setVisible(not is_shown or self._is_wide())
        if is_shown:
            room = self.splitter.width()
            share = (
                metrics().px(460) if self._is_wide() else min(metrics().px(520), room * 52 // 100)
            )
            share = max(share, self.panel.least_width())
            self.splitter.setSizes([room - share, share])

    def _close_panel(self) -> None:
        self._is_opened = False
        self._place_panel()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_row_selected(self, row: DossierRow | None) -> None:
        if row is not None and (self._is_wide() or self._is_opened):
            self._panel_timer.start()

    def _on_panel_timer_timeout(self) -> None:
        row = self.table.current_row()
        if row is not None and not self.panel.isHidden():
            self._load(row.uuid, self._show_facts)

    def _on_row_opened(self, row: DossierRow) -> None:
        self._is_opened = True
        self._place_panel()
        self._load(row.uuid, self._show_and_enter)

    def _load(self, code: str, on_done: Any, *, group: str = "dossier") -> None:
        """Read a dossier beside the window; a later reading of its group takes its place."""
        show = self._calls.show
        self._runner.run(
            lambda _job: show(code),
            on_done=on_done,
            on_error=self._on_failed,
            owner=self,
            group=group,
        )

    def show_number(self) -> None:
        """Show the whole number of the chosen dossier (F10); that it was asked for is noted."""
        facts = self.panel.facts
        if facts is None or not self.panel.hides_number():
            return
        try:
            self._calls.note_number(facts.uuid)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        self.panel.reveal_number()

    def _show_facts(self, facts: DossierFacts) -> None:
        self.panel.masks_numbers = self._calls.masks_numbers() or not self._is_noted(facts)
        self.panel.set_facts(facts, due=self.list.due_of(facts), today=self.list.today())
        if self.panel.width() < self.panel.least_width():
            self._place_panel()  # two long codes need more than the dossier before

    def _is_noted(self, facts: DossierFacts) -> bool:
        """Note once that a number stands open where none is hidden; where it can't be, hide it."""
        if facts.uuid not in self._noted and has_person_number(facts.state):
            try:
                self._calls.note_number(facts.uuid)
            except UserError as error:
                self.state_text_changed.emit(error.message)
                return False
            self._noted.add(facts.uuid)
        return True

    def _show_and_enter(self, facts: DossierFacts) -> None:
        self._show_facts(facts)
        self.panel.focus_acts()

    def _on_list_changed(self) -> None:
        self._panel_timer.stop()
        self.panel.set_facts(None, due=None, today=self.list.today())
        self.list_shown.emit(self.search.value())

    def _open_code(self, query: DossierQuery, *, with_act: bool = False) -> None:
        def arrive(facts: DossierFacts) -> None:
            self._arrive(facts, query, with_act=with_act)

        self._load(query.code, arrive)

    def _arrive(self, facts: DossierFacts, query: DossierQuery, *, with_act: bool) -> None:
        self.list.show_one(facts, self._calls.row(facts.id))
        self._is_opened = True
        self._place_panel()
        self._show_and_enter(facts)
        act = wanted_act(facts) if with_act else query.act
        if act is not None:
            self.acts.do(act, facts)

    # Acts

    def _on_act_key_activated(self) -> None:
        key = self.sender().property("key")
        self.request_act(next(move for move, own in ACT_KEYS.items() if own == key))

    def request_act(self, move: Move) -> None:
        """Do an act on the chosen dossier; it is looked up first if the panel shows another."""
        self._with_current(lambda facts: self.acts.do(move, facts))

    def request_more(self) -> None:
        """Show the acts that are done seldom (Ctrl+Y)."""
        self._with_current(self.acts.more)

    def _with_current(self, act: Any) -> None:
        row, shown = self.table.current_row(), self.panel.facts
        if shown is not None and (row is None or row.uuid == shown.uuid):
            act(shown)
        elif row is not None:
            # Of its own group: the panel that comes to it must not take the key's act away.
            self._load(row.uuid, act, group="act")
        else:
            self.state_text_changed.emit(self.tr("Chọn một hồ sơ trước."))

    def _on_act_done(self, facts: DossierFacts) -> None:
        """Show the dossier as it is now: panel, row, counts; nothing else moves."""
        self.list.now = self._calls.now()
        self._show_facts(facts)
        row, number = self._calls.row(facts.id), self.table.row_number(facts.uuid)
        if row is not None and number >= 0:
            self.table.rows_model.replace_row(number, row)
        self.list.refresh_counts()
        told = facts.events[-1].text if facts.events else ""
        self.state_text_changed.emit(
            self.tr("Đã lưu {code}: {told}.").format(code=facts.shown_code, told=told)
        )

    def _on_dossier_wanted(self, uuid: str) -> None:
        self._open_code(DossierQuery(code=uuid))

    def _on_reprint_requested(self, paper: PaperFacts) -> None:
        facts = self.panel.facts
        if facts is not None:
            self.acts.reprint(paper, facts)

    def _on_view_requested(self, paper: PaperFacts) -> None:
        facts = self.panel.facts
        if facts is not None:
            self._calls.view_paper(
                paper.uuid, facts.shown_code, lambda: self.acts.reprint(paper, facts)
            )

    def _on_printed(self, facts: DossierFacts) -> None:
        self._load(facts.uuid, self._show_facts)

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)
