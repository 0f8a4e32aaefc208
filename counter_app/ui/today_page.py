"""The page Hôm nay: six figures, each a key away from its list, and the promises of ten days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.chart_plans import Mark, promises_plan
from counter_app.domain.facts import DayFigures
from counter_app.ui.buttons import ActionButton
from counter_app.ui.chart_board import ChartBoard
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.fields import set_tone
from counter_app.ui.figure_tiles import Figure, FigureGrid
from counter_app.ui.page import Page
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import whole_day

if TYPE_CHECKING:
    from counter_app.services.store import Store

DOSSIERS_PAGE = "dossiers"
APOLOGY_PAGE = "apologies"
_LEAST_BARS = 110  # with less the days have no room under their numbers


@dataclass(frozen=True, slots=True)
class TodayCalls:
    """What the page of the day needs."""

    now: Callable[[], datetime]
    figures: Callable[[], DayFigures]
    day_off: Callable[[date], str | None]  # the name of a day off, None on a working day


def today_calls(store: Store, *, clock: Callable[[], datetime]) -> TodayCalls:
    """Bind the services to one store."""
    from counter_app.services import board, browse, calendars, handover

    def figures() -> DayFigures:
        now = clock()
        return replace(
            browse.day_figures(store, now=now),
            should_have_left=handover.overdue_count(store, now=now),
            reserved_open=board.reserved_open(store),
            alert=board.quiet_alert(store, now=now),
        )

    def day_off(day: date) -> str | None:
        calendar = calendars.calendar(store)
        if calendar.is_working_day(day):
            return None
        known = calendar.day(day)
        return "" if known is None else known.name

    return TodayCalls(now=clock, figures=figures, day_off=day_off)


class TodayPage(Page):
    """What today asks for."""

    sheets_asked = Signal()  # a sheet to each unit
    printed_sheets_asked = Signal()
    kit_asked = Signal()
    board_asked = Signal()  # the head's board

    def __init__(
        self,
        calls: TodayCalls,
        runner: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is counted before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Hôm nay")
        self.help_text = self.tr(
            "Sáu con số của ngày và số hồ sơ đã hẹn trả trong mười ngày làm việc tới. Dùng phím "
            "mũi tên để đi đến một con số hay một ngày, Enter để mở danh sách của nó. Ctrl+P in "
            "tờ 15 giờ cho từng đơn vị, Ctrl+T mở tờ đã in để ghi trả lời của đơn vị, Ctrl+O mở "
            "bộ giấy mất điện, Ctrl+8 mở bảng điều hành."
        )
        self._calls = calls
        self._runner = runner
        self.day_label = QLabel()
        self.day_label.setFont(theme().font(metrics().title_size, strong=True))
        self.note_label = QLabel()
        set_tone(self.note_label, "muted")
        self.grid = FigureGrid(self._figures())
        self.others_button = ActionButton("", kind="quiet")
        self.others_button.clicked.connect(self._on_others_clicked)
        self.left_button = ActionButton("", kind="quiet")
        self.left_button.clicked.connect(self._on_left_clicked)
        self.reserved_button = ActionButton("", kind="quiet")
        self.reserved_button.clicked.connect(self.kit_asked)
        for button in (self.others_button, self.left_button, self.reserved_button):
            button.hide()
        self.alert_label = QLabel()
        set_tone(self.alert_label, "warning")
        self.bars_label = QLabel(self.tr("Hẹn trả trong mười ngày làm việc tới"))
        self.bars_label.setFont(theme().font(strong=True))
        self.bars = ChartBoard((self.bars_label.text(),), runner)
        self.bars.setMinimumHeight(metrics().px(_LEAST_BARS))
        self.bars.setMaximumHeight(metrics().px(300))
        self._lay_out()
        self.grid.opened.connect(self._on_figure_opened)
        self.grid.left_down.connect(self.bars.focus_first)
        self.bars.left_up.connect(self.grid.focus_last_row)
        self.bars.opened.connect(self._on_day_opened)

    def _figures(self) -> list[Figure]:
        return [
            Figure(
                "arrived_today",
                self.tr("hồ sơ nhận hôm nay"),
                self.tr("Hôm nay chưa nhận hồ sơ nào"),
            ),
            Figure(
                "due_today",
                self.tr("hồ sơ đến hạn hôm nay"),
                self.tr("Hôm nay không có hồ sơ đến hạn"),
                "today",
                "warning",
            ),
            Figure(
                "late",
                self.tr("hồ sơ quá hạn"),
                self.tr("Không có hồ sơ quá hạn"),
                "late",
                "danger",
            ),
            Figure(
                "waiting",
                self.tr("kết quả chờ người dân đến nhận"),
                self.tr("Không có kết quả chờ trả"),
                "done",
                "accent",
            ),
            Figure(
                "owes_apology",
                self.tr("hồ sơ cần văn bản xin lỗi"),
                self.tr("Không nợ văn bản xin lỗi nào"),
                "late",
                "danger",
            ),
            Figure(
                "without_official_code",
                self.tr("hồ sơ chưa có mã chính thức"),
                self.tr("Mọi hồ sơ đã có mã chính thức"),
            ),
        ]

    def _lay_out(self) -> None:
        measures = metrics()
        edge = measures.step(5)
        inside = QWidget()
        inside.setMaximumWidth(measures.px(1240))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.day_label)
        column.addWidget(self.note_label)
        column.addWidget(self.alert_label)
        column.addSpacing(measures.step(4))
        column.addWidget(self.grid)
        more = QHBoxLayout()
        for button in (self.left_button, self.reserved_button, self.others_button):
            more.addWidget(button)
        more.addStretch(1)
        column.addLayout(more)
        column.addSpacing(measures.step(4))
        column.addWidget(self.bars_label)
        column.addSpacing(measures.step(2))
        column.addWidget(self.bars, 3)
        column.addStretch(1)
        column.addLayout(self._make_papers())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(edge, measures.step(5), edge, measures.step(4))
        outer.addWidget(inside, 1)

    def _make_papers(self) -> QHBoxLayout:
        """Put the papers of the day under its figures."""
        line = QHBoxLayout()
        line.setSpacing(metrics().step(2))
        self.paper_buttons = []
        for text, key, icon, signal in (
            (self.tr("In tờ 15 giờ"), "Ctrl+P", "print", self.sheets_asked),
            (self.tr("Tờ đã in"), "Ctrl+T", "", self.printed_sheets_asked),
            (self.tr("Bộ giấy mất điện"), "Ctrl+O", "", self.kit_asked),
            (self.tr("Bảng điều hành"), "Ctrl+8", "", self.board_asked),
        ):
            button = ActionButton(text, key=key, kind="quiet", icon=icon)
            button.clicked.connect(signal)
            if signal is not self.board_asked:  # the frame's own key
                self.add_key(key, signal.emit)
            self.paper_buttons.append(button)
            line.addWidget(button)
        line.addStretch(1)
        return line

    def main_action(self) -> None:
        """Open the list that is most pressing (F9): late, else due today, else what arrived."""
        for key in ("late", "due_today", "arrived_today"):
            if self.grid.tiles[key].count:
                self._on_figure_opened(key)
                return

    def activated(self, *, refresh: bool) -> None:
        """Count anew."""
        calls = self._calls
        self._runner.run(
            lambda _job: calls.figures(), on_done=self._on_counted, owner=self, group="figures"
        )

    def first_field(self) -> QWidget | None:
        """Start on the first figure."""
        return self.grid.tiles["arrived_today"]

    def _on_counted(self, figures: DayFigures) -> None:
        today = self._calls.now().date()
        self.day_label.setText(whole_day(today))
        why = self._calls.day_off(today)
        text = self.tr("Hôm nay là ngày nghỉ: {why}.") if why else self.tr("Hôm nay là ngày nghỉ.")
        self.note_label.setText(text.format(why=why))
        self.note_label.setVisible(why is not None)
        self.grid.set_counts(
            {
                "arrived_today": figures.arrived_today,
                "due_today": figures.due_today,
                "late": figures.late,
                "waiting": figures.waiting_collection,
                "owes_apology": figures.owes_apology,
                "without_official_code": figures.without_official_code,
            }
        )
        words = self.tr("Nhận cho nơi khác, chờ nơi ấy giải quyết: {count} hồ sơ")
        self.others_button.set_verb(words.format(count=figures.received_for_others))
        self.others_button.setVisible(figures.received_for_others > 0)
        words = self.tr("Quá giờ phải chuyển: {count} hồ sơ")
        self.left_button.set_verb(words.format(count=figures.should_have_left))
        self.left_button.setVisible(figures.should_have_left > 0)
        words = self.tr("Số giấy giữ trước còn mở: {count}")
        self.reserved_button.set_verb(words.format(count=figures.reserved_open))
        self.reserved_button.setVisible(figures.reserved_open > 0)
        self.alert_label.setText(f"{figures.alert}." if figures.alert else "")
        self.alert_label.setVisible(bool(figures.alert))
        self.bars.set_plans((promises_plan(figures.promises, today),))

    def _on_figure_opened(self, key: str) -> None:
        if key == "owes_apology":
            self.page_requested.emit(APOLOGY_PAGE, None)
        else:
            self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(filter=key))

    def _on_others_clicked(self) -> None:
        self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(filter="for_others"))

    def _on_left_clicked(self) -> None:
        self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(filter="not_forwarded"))

    def opened_with(self, argument: object) -> None:
        """Open the outage kit for the page that asked for it."""
        if argument == "kit":
            self.kit_asked.emit()

    def _on_day_opened(self, mark: Mark) -> None:
        day = date.fromisoformat(mark.key)
        self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(day=day))
