"""Báo cáo: the period first, then the table, then paper; every figure opens its dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from counter_app.domain.chart_plans import ChartPlan, Mark
from counter_app.domain.figures import Breach, By, Report
from counter_app.domain.periods import is_month
from counter_app.domain.report_words import breach_sentence, period_name
from counter_app.domain.rights import Act
from counter_app.ui.buttons import ActionButton
from counter_app.ui.chart_board import ChartBoard
from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.fields import set_tone
from counter_app.ui.flow import FlowLayout
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.report_acts import ReportActs
from counter_app.ui.report_calls import ReportCalls, ReportView
from counter_app.ui.report_extras import Extra, extra_columns, extras
from counter_app.ui.report_period import PeriodRow
from counter_app.ui.report_table import Line, ReportTable
from counter_app.ui.report_text import ReportText
from counter_app.ui.tables import RowTableModel, TableView
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.theme import metrics

_LONGEST_NAME = 36  # of a group in the title of its list
_WIDE = 1500  # from here on the charts stand beside the table
_CHARTS_LEAST, _CHARTS_MOST = 480, 760
_BELOW_LEAST, _BELOW = 84, 184  # what must be, what is wanted
_COUNTING, _OPENING = "report", "report-list"  # groups of tasks
_FIRST = 1000  # the table takes what it wants before the rest
_MONTHS, _DAYS, _WORDS = "months", "days", "words"
_OF_CHIP = {_MONTHS: (0, 1), _DAYS: (2, 3)}


class _Below(QWidget):
    """What stands under the table: it takes what the table leaves, however high it would like."""

    def hasHeightForWidth(self) -> bool:
        """Say no: its chips' second line would make the table give way."""
        return False


class ReportPage(Page):
    """Figures of a period, counted from what happened and leading back to it."""

    def __init__(
        self,
        calls: ReportCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
        in_pieces: bool = False,
    ) -> None:
        """Nothing is counted before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Báo cáo")
        self.help_text = self.tr(
            "Chọn kỳ báo cáo, cách chia và loại hạn; số liệu được đếm từ lịch sử hồ sơ. Dùng phím "
            "mũi tên đi đến một con số, Enter để mở đúng các hồ sơ của nó. Dưới bảng (màn hình "
            "rộng: bên phải) là biểu đồ và đoạn viết để công bố. F9 dựng báo cáo để xem, in hoặc "
            "lưu. Chốt kỳ giữ số liệu như đã nộp; đếm lại sau này nói rõ khác ở đâu và vì sao."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._view: ReportView | None = None
        self._charted: object = None  # the period of the charts, and against which due day
        self.acts = ReportActs(calls, runner, interaction, self)
        self.make_parts(self._make_parts, self._finish, in_pieces=in_pieces)

    def _finish(self) -> None:
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show_view(None)

    # Laying out

    def _make_parts(self) -> None:
        self.period_row = PeriodRow(self._calls.presets)
        self.breach_label = QLabel()
        self.breach_label.setWordWrap(True)
        set_tone(self.breach_label, "danger")
        self.table = ReportTable(empty_text=self.tr("Chưa có số liệu. Chọn kỳ báo cáo ở trên."))
        self.charts = self._make_charts(in_a_row=2)
        self.charts_beside = self._make_charts(in_a_row=1)
        self.words = ReportText()
        self.chips = ChipRow(
            [
                Chip(_MONTHS, self.tr("Theo tháng")),
                Chip(_DAYS, self.tr("Theo thứ, lĩnh vực")),
                Chip(_WORDS, self.tr("Đoạn để công bố")),
            ]
        )
        self._extras = RowTableModel(extra_columns())
        self.extra_table = TableView(empty_text=self.tr("Chưa có số liệu."))
        self.extra_table.setAccessibleName(self.tr("Các chỉ số khác"))
        self.extra_table.set_model(self._extras)
        self.extra_table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.extra_table.setFixedWidth(metrics().px(334))

    def _make_charts(self, *, in_a_row: int) -> ChartBoard:
        names = (
            self.tr("Tiếp nhận và giải quyết theo tháng"),
            self.tr("Kết quả so với hạn theo tháng"),
            self.tr("Hồ sơ tiếp nhận theo thứ"),
            self.tr("Hồ sơ tiếp nhận theo lĩnh vực"),
        )
        low_words = self.tr("Không đủ chỗ cho biểu đồ; Ctrl+E mở trang biểu đồ.")
        return ChartBoard(names, self._runner, in_a_row=in_a_row, low_words=low_words)

    def _make_buttons(self) -> None:
        self.freeze_button = ActionButton(
            self.tr("Chốt kỳ…"), kind="quiet", icon="check", act=Act.FREEZE
        )
        self.frozen_button = ActionButton(
            self.tr("So với báo cáo đã chốt…"), kind="quiet", icon="list"
        )
        self.charts_button = ActionButton(
            self.tr("In biểu đồ"), key="Ctrl+E", kind="quiet", icon="report"
        )
        self.progress_label = QLabel()
        set_tone(self.progress_label, "muted")
        self.cancel_button = ActionButton(self.tr("Ngừng"), kind="quiet", icon="close")
        self.save_button = ActionButton(
            self.tr("Lưu Excel, PDF, CSV…"), key="Ctrl+S", kind="quiet", icon="save"
        )
        self.register_box = QCheckBox(self.tr("Kèm sổ theo dõi"))
        self.register_box.setToolTip(
            self.tr("Báo cáo PDF và Excel có thêm phụ lục: mọi hồ sơ của kỳ theo cột của sổ.")
        )
        self.main_button = ActionButton(
            self.tr("Dựng báo cáo"), key="F9", kind="main", icon="report"
        )

    def _lay_out(self) -> None:
        step = metrics().step
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(6), step(4), step(6), step(4))
        layout.setSpacing(step(2))
        layout.addWidget(self.period_row)
        layout.addWidget(self.breach_label)
        middle = QHBoxLayout()
        middle.setSpacing(step(5))
        left = QVBoxLayout()
        left.setSpacing(step(2))
        left.addWidget(self.table, _FIRST)
        under = _Below()
        under.setMinimumHeight(metrics().px(_BELOW_LEAST))
        under.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        below = QHBoxLayout(under)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(step(5))
        shown = QVBoxLayout()
        shown.setSpacing(step(2))
        shown.addWidget(self.chips)
        shown.addWidget(self.charts, 1)
        shown.addWidget(self.words, 1)
        below.addLayout(shown, 1)
        below.addWidget(self.extra_table)
        left.addWidget(under, 1)
        middle.addLayout(left, 1)
        middle.addWidget(self.charts_beside)
        layout.addLayout(middle, 1)
        row = QHBoxLayout()
        row.setSpacing(step(2))
        acts = FlowLayout()
        for widget in (
            self.freeze_button,
            self.frozen_button,
            self.charts_button,
            self.save_button,
            self.register_box,
            self.cancel_button,
            self.progress_label,
        ):
            acts.addWidget(widget)
        row.addLayout(acts, 1)
        row.addWidget(self.main_button)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.period_row.changed.connect(self.count)
        self.period_row.refused.connect(self._on_period_refused)
        self.table.figure_opened.connect(self._on_figure_opened)
        self.extra_table.row_opened.connect(self._on_extra_opened)
        for charts in (self.charts, self.charts_beside):
            charts.opened.connect(self._on_bar_opened)
        self.chips.chosen.connect(self._on_chip_chosen)
        self.freeze_button.clicked.connect(self.freeze)
        self.frozen_button.clicked.connect(self.acts.compare)
        self.charts_button.clicked.connect(self.show_charts)
        self.cancel_button.clicked.connect(self.acts.cancel)
        self.save_button.clicked.connect(self.save)
        self.main_button.clicked.connect(self.main_action)
        self.add_key("Ctrl+S", self.save)
        self.add_key("Ctrl+E", self.show_charts)
        self.acts.said.connect(self.state_text_changed)
        self.acts.busy_changed.connect(self._refresh_buttons)
        self.acts.progressed.connect(self.progress_label.setText)
        self.acts.dossier_wanted.connect(self._on_dossier_wanted)

    def first_field(self) -> QWidget:
        """Begin with the period."""
        return self.period_row.preset_choice

    def _is_wide(self) -> bool:
        return self.width() >= metrics().px(_WIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the charts beside the table where there is room, else under it."""
        super().resizeEvent(event)
        self._place()

    def _on_chip_chosen(self, _key: str) -> None:
        self._place()

    def _place(self) -> None:
        """Show the table as high as it needs and the rest in what it leaves."""
        is_wide, step = self._is_wide(), metrics().step
        room = self.width() - 2 * step(6)
        if is_wide:
            width = room - self.table.wanted_width()
            least, most = metrics().px(_CHARTS_LEAST), metrics().px(_CHARTS_MOST)
            self.charts_beside.setFixedWidth(max(least, min(width, most)))
        chip = self.chips.current()
        if chip in _OF_CHIP:
            self.charts.show_some(_OF_CHIP[chip])
        self.chips.setVisible(not is_wide)
        self.charts_beside.setVisible(is_wide)
        self.charts.setVisible(not is_wide and chip in _OF_CHIP)
        self.words.setVisible(is_wide or chip == _WORDS)
        self.words.heading.setVisible(is_wide)
        self.table.setMinimumHeight(self.table.least_height())
        others = self.period_row.height() + self.main_button.height() + 2 * step(4) + 3 * step(2)
        if self.breach_label.isVisible():
            others += self.breach_label.height() + step(2)
        most = min(self.table.wanted_height(), self.height() - others - metrics().px(_BELOW))
        self.table.setMaximumHeight(max(most, self.table.least_height()))

    # Counting

    def activated(self, *, refresh: bool) -> None:
        """Count anew; the first time the period that is running."""
        del refresh
        self.period_row.begin()
        self.count()

    def count(self) -> None:
        """Count the chosen period in the background."""
        period = self.period_row.period()
        if period is None:
            return
        against, by, make = self.period_row.against(), self.period_row.by(), self._calls.make
        # A task must not hold the page: it would be its thread that lets go of the page last.
        self.acts.start(lambda job: make(period, against, by, job), self._on_counted, _COUNTING)

    def _on_counted(self, view: ReportView) -> None:
        self._show_view(view)
        chart_plans, prove = self._calls.files.chart_plans, self._calls.prove
        self._runner.run(
            lambda job: chart_plans(view.report, job),
            on_done=self._on_charts_counted,
            owner=self,
            group="report-charts",
        )
        # The sums are shown at once; that they are what the dossiers add up to takes a count.
        self._runner.run(
            lambda job: prove(view.report, job),
            on_done=lambda found: self._on_proved(view, found),
            owner=self,
            group="report-proof",
        )

    def _on_proved(self, view: ReportView, found: tuple[Breach, ...]) -> None:
        if self._view is view and found and not view.report.breaches:
            self._show_view(view._replace(report=replace(view.report, breaches=found)))

    def _on_charts_counted(self, plans: Sequence[ChartPlan]) -> None:
        if self._view is not None:
            self._show_charts(plans)

    def _show_charts(self, plans: Sequence[ChartPlan] | None) -> None:
        self.charts.set_plans(plans)
        self.charts_beside.set_plans(plans)

    def _on_period_refused(self, sentence: str) -> None:
        self.acts.withdraw(_COUNTING)  # or its figures came under the refusal
        self._show_view(None)
        self._say_breaches([sentence])

    def _show_view(self, view: ReportView | None) -> None:
        self._view = view
        before, self._charted = self._charted, view and (view.report.period, view.report.against)
        if self._charted != before:  # no bar of another period may be opened
            self._show_charts(None)
        self.table.show_report(None if view is None else view.report)
        if view is None:
            self.words.show_words("", "")
            self._extras.set_rows([])
            self._say_breaches([])
        else:
            report = view.report
            self.words.show_words(view.paragraph, view.note)
            self._extras.set_rows(extras(report.figures, len(report.backdated)))
            self._say_breaches([breach_sentence(one) for one in report.breaches])
        self._refresh_buttons()
        self._place()

    def _say_breaches(self, sentences: list[str]) -> None:
        self.breach_label.setText("\n".join(sentences))
        self.breach_label.setVisible(bool(sentences))

    def _refresh_buttons(self) -> None:
        is_running = self.acts.is_busy
        why = self.tr("đang đếm") if is_running else None
        if self._view is None:
            why = self.tr("chưa có số liệu")
        elif self._view.report.breaches:
            why = self.tr("số liệu chưa khớp")
        for button in (self.main_button, self.save_button, self.charts_button):
            button.set_reason(why)
        over = self._view is not None and (self._view.report.period.last < self._calls.now().date())
        self.freeze_button.set_reason(why or (None if over else self.tr("kỳ chưa kết thúc")))
        self.cancel_button.setVisible(self.acts.can_stop)

    # The dossiers behind

    def _on_figure_opened(self, line: Line, figure: str) -> None:
        title = self.table.title_of(figure)
        if line.key is None or self._view is None:
            self._open(figure, title)
        else:
            self._open(figure, title, line.name, self._view.report.by, line.key)

    def _on_extra_opened(self, extra: Extra) -> None:
        self._open(extra.figure, extra.what)

    def _on_bar_opened(self, mark: Mark, series: str) -> None:
        self._open(mark.figure, series, mark.name, mark.by, mark.key)

    def _open(
        self, figure: str, title: str, name: str = "", by: str | None = None, key: str = ""
    ) -> None:
        if self._view is None:
            return
        report, find = self._view.report, self._calls.ids
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME].rstrip()}…"
        # A month that is the whole period is named once.
        when = "" if by == By.MONTH and is_month(report.period, key) else period_name(report.period)
        title, words = (", ".join(filter(None, (title, one, when))) for one in (short, name))

        def found(ids: Sequence[int]) -> None:
            query = DossierQuery(ids=tuple(ids), title=title, words=words)
            self.page_requested.emit("dossiers", query)

        self.acts.start(lambda _job: find(report, figure, by, key), found, _OPENING)

    def _on_dossier_wanted(self, code: str) -> None:
        self.page_requested.emit("dossiers", DossierQuery(code=code))

    # Paper, files, reports that were handed in

    def _report_for(self, button: ActionButton) -> Report | None:
        return self._view.report if self._view is not None and button.isEnabled() else None

    def main_action(self) -> None:
        """Show the report as it will print (F9)."""
        report = self._report_for(self.main_button)
        if report is not None:
            self.acts.show_report(report, with_register=self.register_box.isChecked())

    def show_charts(self) -> None:
        """Show the page of charts as it will print (Ctrl+E)."""
        report = self._report_for(self.charts_button)
        if report is not None:
            self.acts.show_charts(report)

    def save(self) -> None:
        """Write the report as a workbook, PDF or CSV, by the ending of its name (Ctrl+S)."""
        report = self._report_for(self.save_button)
        if report is not None:
            self.acts.save(report, with_register=self.register_box.isChecked())

    def freeze(self) -> None:
        """Keep the figures as they are handed in."""
        report = self._report_for(self.freeze_button)
        if report is not None:
            self.acts.freeze(report)
