"""The list of the page Hồ sơ: search, filters with their counts, the table, its acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.dossier import Move
from counter_app.domain.facts import DossierFacts, DossierRow
from counter_app.domain.text import clean_line
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.chips import ChipRow
from counter_app.ui.dossier_calls import Counts, DossierCalls, DossierQuery
from counter_app.ui.dossier_lists import (
    EXTRA,
    empty_words,
    extra_chip,
    fixed_chips,
    not_found_words,
)
from counter_app.ui.dossier_search import SearchLine
from counter_app.ui.dossier_table import DossierTable
from counter_app.ui.fields import set_tone
from counter_app.ui.flow import FlowLayout
from counter_app.ui.list_tools import ListTools
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics
from counter_app.ui.words import Due, due_of_facts, due_of_row

_SHOWN = 50  # what a search shows at most
_COUNT_NAMES = ("all", "due_today", "due_soon", "late", "waiting", "without_official_code")


class DossierListPane(QWidget):
    """Shows one list at a time, by filter, by words or as another page asked for it."""

    list_changed = Signal()  # another list is shown; no dossier is chosen any more
    failed = Signal(object)  # UserError

    def __init__(
        self,
        calls: DossierCalls,
        runner: TaskRunner,
        tools: ListTools,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is loaded before ``show_query``."""
        super().__init__(parent)
        self._calls = calls
        self._runner = runner
        self._tools = tools
        self.query = DossierQuery()
        self.now = calls.now()
        self.take_time()
        self._build()
        self.search.found.connect(self._on_found)
        self.search.emptied.connect(self._on_search_emptied)
        self.search.descended.connect(self.focus_table)
        self.chips.chosen.connect(self._on_filter_chosen)
        self.table.text_typed.connect(self.search.type_on)

    def _build(self) -> None:
        measures = metrics()
        self.search = SearchLine(self._calls.search, self._runner)
        self.search.setMaximumWidth(measures.px(520))
        self.new_button = ActionButton(
            self.tr("Nhận hồ sơ mới của người này"), key="Ctrl+D", icon="plus", act=Move.RECEIVE
        )
        self.new_button.hide()
        self.pile_button = ActionButton(self.tr("Quét liên tục"), key="Ctrl+S", kind="quiet")
        self.reminder_button = ActionButton(
            self.tr("Nhắc nhận"), key="Ctrl+J", kind="quiet", act=Move.CONTACT
        )
        self.handover_button = ActionButton(self.tr("Bàn giao hồ sơ"), key="F11", kind="quiet")
        self.web_button = ActionButton(
            self.tr("Gõ một lần"), key="F5", kind="quiet", act=Move.SET_OFFICIAL_CODE
        )
        self.web_button.hide()
        self.batch_button = ActionButton(self.tr("In hàng loạt"), key="Ctrl+W", kind="quiet")
        self.found_label = QLabel()
        set_tone(self.found_label, "muted")
        self.chips = ChipRow(fixed_chips())
        self.table = DossierTable(self.today, self._due)
        self.table.setAccessibleName(self.tr("Danh sách hồ sơ"))
        top = QHBoxLayout()
        top.setSpacing(measures.step(4))
        top.addWidget(self.search, 8)
        top.addWidget(self.found_label)
        top.addStretch(1)
        for button in (self.new_button, self.web_button):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(measures.step(3))
        column.addLayout(top)
        column.addWidget(self.chips)
        column.addWidget(self.table, 1)
        self.foot = QWidget()
        foot = FlowLayout(self.foot, gap=0)
        for button in (
            self.pile_button,
            self.reminder_button,
            self.handover_button,
            self.batch_button,
            self._tools.filter_button,
            self._tools.write_button,
        ):
            foot.addWidget(button)
        column.addWidget(self.foot)

    def focus_table(self) -> None:
        """Go to the rows."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # The day it is seen on

    def take_time(self) -> None:
        """Read clock, calendar and boundary anew."""
        self.now = self._calls.now()
        self._days_between = self._calls.calendar().working_days_between
        self._boundary = self._calls.boundary()

    def today(self) -> date:
        """Return the day that due states are told for."""
        return self.now.date()

    def _due(self, row: DossierRow) -> Due:
        return due_of_row(
            row, now=self.now, days_between=self._days_between, boundary=self._boundary
        )

    def due_of(self, facts: DossierFacts) -> Due | None:
        """Return how an opened dossier stands; None once it was taken back."""
        if facts.state["is_void"]:
            return None
        return due_of_facts(
            facts, now=self.now, days_between=self._days_between, boundary=self._boundary
        )

    # Lists

    def show_query(self, query: DossierQuery) -> None:
        """Show one list from its first page."""
        self.query = query
        self.new_button.setVisible(bool(query.citizen))
        self.web_button.setVisible(query.filter == "without_official_code")
        self.search.leave()
        self.found_label.clear()
        if query.title:
            count = format_number(len(query.ids)) if query.ids else "0"
            self.found_label.setText(self.tr("{count} hồ sơ").format(count=count))
        self._show_chip(query)
        self.table.set_empty_text(empty_words(query))
        try:
            self.table.rows_model.set_source(partial(self._calls.page, query))
        except UserError as error:
            self.failed.emit(error)
        self.list_changed.emit()

    def _show_chip(self, query: DossierQuery) -> None:
        extra = extra_chip(query)
        fixed = query.filter if extra is None else ""
        self.chips.set_extra(extra)
        self.chips.set_current(extra.key if extra else fixed)

    def refresh_counts(self) -> None:
        """Count the filters anew in the background."""
        calls = self._calls
        self._runner.run(
            lambda _job: calls.counts(), on_done=self._on_counted, owner=self, group="counts"
        )

    def _on_counted(self, counts: Counts) -> None:
        for name, count in zip(_COUNT_NAMES, counts, strict=True):
            self.chips.set_count(name, count)

    def _on_filter_chosen(self, key: str) -> None:
        if key == EXTRA:
            return
        self.show_query(DossierQuery(filter=key))

    def show_one(self, facts: DossierFacts, row: DossierRow | None) -> None:
        """Show one dossier alone."""
        self.query = DossierQuery(code=facts.uuid)
        self.new_button.hide()
        self.search.leave()
        self.found_label.clear()
        self._show_chip(DossierQuery(code=facts.shown_code))
        self.table.rows_model.set_rows([] if row is None else [row])
        self.table.select_row(0)

    def write(self) -> None:
        """Write the list that is shown as Excel, PDF or CSV ."""
        shown = self.table.rows_model.rows() if self.lists_few() else None
        # A search shows the newest; what is written is all that it finds.
        rows = None if shown is not None and len(shown) >= _SHOWN else shown
        text = self.search.text() if self.search.is_searching() else ""
        self._tools.write(replace(self.query, text=text), rows)

    def lists_few(self) -> bool:
        """Tell whether the table holds the whole list: what was found, or one dossier."""
        return self.search.is_searching() or bool(self.query.code)

    # Search

    def _on_found(self, text: str, rows: Sequence[DossierRow]) -> None:
        self.table.set_empty_text(not_found_words(text))
        self.chips.set_extra(None)
        self.chips.set_current("all")
        self.table.rows_model.set_rows(rows)
        count = self.tr("Tìm thấy {count} hồ sơ") if rows else self.tr("Không tìm thấy")
        if len(rows) >= _SHOWN:
            count = self.tr("{count} hồ sơ mới nhất; gõ thêm để thu hẹp")
        self.found_label.setText(count.format(count=len(rows)))
        if len(rows) >= _SHOWN:
            self._tools.count(text, self._on_found_counted)
        self.list_changed.emit()
        if self.table.hasFocus():
            self.table.select_row(0)

    def _on_found_counted(self, text: str, count: int) -> None:
        """Say how many there are in all, if the text still stands."""
        if clean_line(self.search.text()) == text and count > _SHOWN:
            told = self.tr("{shown} hồ sơ mới nhất trong {count}; gõ thêm để thu hẹp")
            self.found_label.setText(told.format(shown=_SHOWN, count=format_number(count)))

    def _on_search_emptied(self) -> None:
        self.show_query(self.query.without_text())
