"""Báo cáo: the period first, then the table, then paper; every figure opens its dossiers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from counter_app.domain.days import parse_day
from counter_app.domain.figures import Against, By, Period, Report, read_period
from counter_app.domain.report_words import period_name
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.choices import Choice, ChoiceField
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.fields import DateField, set_tone
from counter_app.ui.flow import FlowLayout, pair
from counter_app.ui.interaction import Interaction
from counter_app.ui.page import Page
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.report_calls import Frozen, ReportCalls, ReportView
from counter_app.ui.report_dialogs import DifferencesDialog
from counter_app.ui.report_table import Extra, FigureTable, Line, extra_columns, extras
from counter_app.ui.tables import RowTableModel, TableView
from counter_app.ui.task_runner import Job, TaskRunner
from counter_app.ui.theme import metrics, theme

_OWN = "own"
_LONGEST_NAME = 36  # of a group in the title of its list
_KINDS = "Excel (*.xlsx);;PDF (*.pdf);;CSV (*.csv)"


class ReportPage(Page):
    """Figures of a period, counted from what happened and leading back to it."""

    def __init__(
        self,
        calls: ReportCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is counted before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Báo cáo")
        self.help_text = self.tr(
            "Chọn kỳ báo cáo, cách chia và loại hạn; số liệu được đếm từ lịch sử hồ sơ. Dùng phím "
            "mũi tên đi đến một con số, Enter để mở đúng các hồ sơ của nó. F9 dựng báo cáo để xem, "
            "in hoặc lưu. Chốt kỳ giữ số liệu như đã nộp; đếm lại sau này nói rõ khác ở đâu và vì "
            "sao."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._view: ReportView | None = None
        self._job: Job | None = None
        self._lay_out()
        self._show_view(None)

    # Laying out

    def _lay_out(self) -> None:
        step = metrics().step
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(6), step(4), step(6), step(4))
        layout.setSpacing(step(2))
        layout.addLayout(self._make_period())
        self.breach_label = QLabel()
        self.breach_label.setWordWrap(True)
        set_tone(self.breach_label, "danger")
        layout.addWidget(self.breach_label)
        self.table = FigureTable(empty_text=self.tr("Chưa có số liệu. Chọn kỳ báo cáo ở trên."))
        self.table.setAccessibleName(self.tr("Số liệu của kỳ"))
        self.table.figure_opened.connect(self._on_figure_opened)
        layout.addWidget(self.table, 3)
        layout.addLayout(self._make_below(), 2)
        layout.addLayout(self._make_buttons())

    def _make_period(self) -> FlowLayout:
        row = FlowLayout()
        self.preset_choice = ChoiceField(choices=self._preset_choices())
        self.preset_choice.setAccessibleName(self.tr("Kỳ báo cáo"))
        self.from_field = DateField(parse=parse_day, chars=11)
        self.to_field = DateField(parse=parse_day, chars=11)
        self.from_field.setAccessibleName(self.tr("Từ ngày"))
        self.to_field.setAccessibleName(self.tr("Đến ngày"))
        self.by_choice = ChoiceField(choices=self._by_choices())
        self.by_choice.setAccessibleName(self.tr("Chia theo"))
        self.by_choice.set_value(By.SECTOR)
        self.against_choice = ChoiceField(
            choices=[
                Choice(Against.DUE, self.tr("Hạn đang có hiệu lực")),
                Choice(Against.LEGAL, self.tr("Hạn theo quy định")),
            ]
        )
        self.against_choice.setAccessibleName(self.tr("So với"))
        for text, field in (
            (self.tr("Kỳ"), self.preset_choice),
            (self.tr("từ"), self.from_field),
            (self.tr("đến"), self.to_field),
            (self.tr("Chia theo"), self.by_choice),
            (self.tr("So với"), self.against_choice),
        ):
            label = QLabel(text)
            set_tone(label, "muted")
            row.addWidget(pair(label, field))
        self.preset_choice.value_changed.connect(self._on_preset_changed)
        self.from_field.editingFinished.connect(self._on_days_edited)
        self.to_field.editingFinished.connect(self._on_days_edited)
        self.by_choice.value_changed.connect(self._on_choice_changed)
        self.against_choice.value_changed.connect(self._on_choice_changed)
        return row

    def _preset_choices(self) -> list[Choice]:
        known = [Choice(preset.key, preset.label) for preset in self._calls.presets()]
        return [*known, Choice(_OWN, self.tr("Tự chọn ngày"))]

    def _by_choices(self) -> list[Choice]:
        return [
            Choice(By.SECTOR, self.tr("Lĩnh vực")),
            Choice(By.PROCEDURE, self.tr("Thủ tục")),
            Choice(By.OFFICER, self.tr("Công chức")),
            Choice(By.CHANNEL, self.tr("Hình thức nộp")),
            Choice(By.MONTH, self.tr("Tháng")),
            Choice(By.OFFICE, self.tr("Đơn vị")),
            Choice("", self.tr("Không chia")),
        ]

    def _make_below(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(5))
        words = QVBoxLayout()
        self.paragraph_label = QLabel()
        self.paragraph_label.setWordWrap(True)
        self.paragraph_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.paragraph_label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        heading = QLabel(self.tr("Đoạn viết để công bố"))
        heading.setFont(theme().font(strong=True))
        self.note_label = QLabel()
        self.note_label.setWordWrap(True)
        set_tone(self.note_label, "muted")
        for label in (heading, self.paragraph_label, self.note_label):
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            words.addWidget(label)
        words.addStretch(1)
        inside = QWidget()
        inside.setLayout(words)
        words.setContentsMargins(0, 0, metrics().step(3), 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        self._extras = RowTableModel(extra_columns())
        self.extra_table = TableView(empty_text=self.tr("Chưa có số liệu."))
        self.extra_table.setAccessibleName(self.tr("Các chỉ số khác"))
        self.extra_table.set_model(self._extras)
        self.extra_table.setFixedWidth(metrics().px(400))
        self.extra_table.row_opened.connect(self._on_extra_opened)
        row.addWidget(area, 1)
        row.addWidget(self.extra_table)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(metrics().step(2))
        self.freeze_button = ActionButton(self.tr("Chốt kỳ…"), kind="quiet", icon="check")
        self.freeze_button.clicked.connect(self.freeze)
        self.frozen_button = ActionButton(
            self.tr("So với báo cáo đã chốt…"), kind="quiet", icon="list"
        )
        self.frozen_button.clicked.connect(self.compare)
        self.charts_button = ActionButton(
            self.tr("Biểu đồ"), key="Ctrl+E", kind="quiet", icon="report"
        )
        self.charts_button.clicked.connect(self.show_charts)
        self.progress_label = QLabel()
        set_tone(self.progress_label, "muted")
        self.cancel_button = ActionButton(self.tr("Ngừng"), kind="quiet", icon="close")
        self.cancel_button.clicked.connect(self.cancel)
        self.save_button = ActionButton(
            self.tr("Lưu Excel, PDF, CSV…"), key="Ctrl+S", kind="quiet", icon="save"
        )
        self.save_button.clicked.connect(self.save)
        self.main_button = ActionButton(
            self.tr("Dựng báo cáo"), key="F9", kind="main", icon="report"
        )
        self.main_button.clicked.connect(self.main_action)
        acts = FlowLayout()
        for widget in (
            self.freeze_button,
            self.frozen_button,
            self.charts_button,
            self.save_button,
            self.cancel_button,
            self.progress_label,
        ):
            acts.addWidget(widget)
        row.addLayout(acts, 1)
        row.addWidget(self.main_button)
        self.add_key("Ctrl+S", self.save)
        self.add_key("Ctrl+E", self.show_charts)
        return row

    def first_field(self) -> QWidget:
        """Begin with the period."""
        return self.preset_choice

    # Counting

    def activated(self, *, refresh: bool) -> None:
        """Count anew; the first time the period that is running."""
        if self.from_field.parsed() is None:
            self._take_preset(str(self.preset_choice.value()))
        self.count()

    def count(self) -> None:
        """Count the chosen period in the background."""
        period = self.period()
        if period is None:
            return
        against = Against(self.against_choice.value())
        chosen = self.by_choice.value()
        by = By(chosen) if chosen else None
        self._start(
            lambda job: self._calls.make(period, against, by, job), self._on_counted, "report"
        )

    def period(self) -> Period | None:
        """Return the period of the two days; None while they can't be read."""
        first, last = self.from_field.parsed(), self.to_field.parsed()
        if first is None or last is None:
            return None
        try:
            return read_period(first, last)
        except UserError as error:
            self._show_view(None)
            self._say_breaches([error.message])
            return None

    def _take_preset(self, key: str) -> None:
        for preset in self._calls.presets():
            if preset.key == key:
                self.from_field.set_parsed(preset.period.first)
                self.to_field.set_parsed(preset.period.last)

    def _on_preset_changed(self, key: object) -> None:
        if key == _OWN:
            self.from_field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._take_preset(str(key))
        self.count()

    def _on_days_edited(self) -> None:
        period = self.period()
        known = {preset.period: preset.key for preset in self._calls.presets()}
        if period is None:
            return
        if self._view is None or period != self._view.report.period:
            chosen = str(self.preset_choice.value())
            if known.get(period) != chosen:
                self.preset_choice.blockSignals(True)
                self.preset_choice.set_value(known.get(period, _OWN))
                self.preset_choice.blockSignals(False)
            self.count()

    def _on_choice_changed(self, _value: object) -> None:
        self.count()

    def _start(self, work, on_done, group: str) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
        self._job = self._runner.run(
            work,
            on_done=on_done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self,
            group=group,
        )
        self._refresh_buttons()

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        text = self.tr("Đang đếm {percent} %")
        self.progress_label.setText(text.format(percent=done * 100 // max(total, 1)))

    def cancel(self) -> None:
        """Stop what is running; nothing was written."""
        if self._job is not None:
            self._job.cancel()
            self._end()
            self.progress_label.setText(self.tr("Đã ngừng."))

    def _end(self) -> None:
        self._job = None
        self.progress_label.clear()
        self._refresh_buttons()

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self._interaction.inform(error.message)

    def _on_counted(self, view: ReportView) -> None:
        self._end()
        self._show_view(view)

    def _show_view(self, view: ReportView | None) -> None:
        self._view = view
        self.table.show_report(None if view is None else view.report)
        self.paragraph_label.setText("" if view is None else view.paragraph)
        self.note_label.setText("" if view is None else view.note)
        if view is None:
            self._extras.set_rows([])
            self._say_breaches([])
        else:
            report = view.report
            self._extras.set_rows(extras(report.figures, len(report.backdated)))
            told = self.tr("{identity}: {left} khác {right}. {codes}")
            self._say_breaches(
                [
                    told.format(
                        identity=one.identity,
                        left=one.left,
                        right=one.right,
                        codes=", ".join(one.codes),
                    )
                    for one in report.breaches
                ]
            )
        self._refresh_buttons()

    def _say_breaches(self, sentences: list[str]) -> None:
        self.breach_label.setText("\n".join(sentences))
        self.breach_label.setVisible(bool(sentences))

    def _refresh_buttons(self) -> None:
        is_running = self._job is not None
        why = self.tr("đang đếm") if is_running else None
        if self._view is None:
            why = self.tr("chưa có số liệu")
        elif self._view.report.breaches:
            why = self.tr("số liệu chưa khớp")
        for button in (self.main_button, self.save_button, self.charts_button):
            button.set_reason(why)
        over = self._view is not None and (self._view.report.period.last < self._calls.now().date())
        self.freeze_button.set_reason(why or (None if over else self.tr("kỳ chưa kết thúc")))
        self.cancel_button.setVisible(is_running)

    # The dossiers behind

    def _on_figure_opened(self, line: Line, figure: str) -> None:
        place = self.table.figures.index(figure, 1)
        title = self.table.rows_model.columns[place].title
        if line.key:
            is_long = len(line.name) > _LONGEST_NAME
            name = f"{line.name[:_LONGEST_NAME].rstrip()}…" if is_long else line.name
            title = f"{title}, {name}"
        self._open(figure, line.key, title)

    def _on_extra_opened(self, extra: Extra) -> None:
        if extra.figure:
            self._open(extra.figure, "", extra.what)

    def _open(self, figure: str, key: str, title: str) -> None:
        if self._view is None:
            return
        report = self._view.report
        try:
            ids = self._calls.ids(report, figure, key)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        name = f"{title}, {period_name(report.period)}"
        self.page_requested.emit("dossiers", DossierQuery(ids=tuple(ids), title=name))

    # Paper

    def main_action(self) -> None:
        """Show the report as it will print (F9)."""
        if self._view is None or not self.main_button.isEnabled():
            return
        title = self.tr("Báo cáo {name}")
        self._show_paper(self._view.report, title, self._calls.pdf)

    def show_charts(self) -> None:
        """Show months, timeliness, weekdays and sectors as charts (Ctrl+E)."""
        if self._view is None or not self.charts_button.isEnabled():
            return
        title = self.tr("Biểu đồ {name}")
        self._show_paper(self._view.report, title, self._calls.charts)

    def _show_paper(self, report: Report, title: str, make: Callable[[Report, Job], bytes]) -> None:
        dialog = PaperDialog(
            title.format(name=period_name(report.period)),
            make=lambda: make(report, Job(lambda *_told: None)),
            runner=self._runner,
            print_again=lambda: self._calls.print_pdf(dialog.preview.document() or b""),
            save=self._save_bytes,
            parent=self,
        )
        dialog.print_button.set_verb(self.tr("In"))
        dialog.open()

    def _suggested(self, ending: str) -> Path:
        period = self._view.report.period if self._view is not None else None
        days = "" if period is None else f"{period.first:%Y%m%d}-{period.last:%Y%m%d}"
        return Path.home() / f"bao-cao-{days}{ending}"

    def _save_bytes(self, data: bytes) -> None:
        from counter_app.ui.printing import save_pdf

        try:
            path = save_pdf(data, interaction=self._interaction, suggested=self._suggested(".pdf"))
        except UserError as error:
            self._interaction.inform(error.message)
            return
        if path is not None:
            self.state_text_changed.emit(self.tr("Đã lưu {name}.").format(name=path.name))

    def save(self) -> None:
        """Write the report as a workbook, PDF or CSV, by the ending of its name (Ctrl+S)."""
        if self._view is None or not self.save_button.isEnabled():
            return
        report = self._view.report
        path = self._interaction.choose_file_save(
            self.tr("Lưu báo cáo"), suggested=self._suggested(".xlsx"), kinds=_KINDS
        )
        if path is None:
            return

        def done(_nothing: None) -> None:
            self._end()
            self.state_text_changed.emit(self.tr("Đã lưu {name}.").format(name=path.name))

        self._start(lambda job: self._calls.save(report, path, job), done, "report-file")

    # Chốt kỳ

    def freeze(self) -> None:
        """Keep the figures as they are handed in."""
        if self._view is None or not self.freeze_button.isEnabled():
            return
        report = self._view.report
        question = self.tr(
            "Chốt báo cáo {name}? Số liệu và danh sách hồ sơ được giữ nguyên như đã nộp và không "
            "sửa được nữa."
        )
        name = period_name(report.period)
        if not self._interaction.confirm(
            question.format(name=name), yes=self.tr("Chốt"), no=self.tr("Chưa chốt")
        ):
            return
        try:
            kept = self._calls.freeze(report)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        text = self.tr("Đã chốt báo cáo số {number}, {name}.")
        self.state_text_changed.emit(text.format(number=kept.id, name=kept.name))

    def compare(self) -> None:
        """Choose a report that was handed in and count it anew."""
        known = list(self._calls.frozen())
        if not known:
            self._interaction.inform(self.tr("Chưa chốt báo cáo nào."))
            return
        texts = [
            self.tr("Số {number}: {name}, chốt {day} ({by})").format(
                number=one.id, name=one.name, day=f"{one.frozen_at:%d/%m/%Y}", by=one.by
            )
            for one in known
        ]
        place = self._interaction.ask_choice(
            self.tr("Đếm lại báo cáo nào?"), texts, yes=self.tr("Đếm lại")
        )
        if place is not None:
            self._compare(known[place])

    def _compare(self, kept: Frozen) -> None:
        def done(found: list) -> None:
            self._end()
            if not found:
                text = self.tr("Đếm lại khớp với báo cáo số {number} đã chốt.")
                self._interaction.inform(text.format(number=kept.id))
                return
            DifferencesDialog(kept, found, parent=self).open()

        self._start(lambda job: self._calls.compare(kept.id, job), done, "report-compare")
