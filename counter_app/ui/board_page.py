"""Điều hành: who has what before them, the days ahead, what is slow and what waits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.chart_plans import Mark, promises_plan
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.board_tables import LoadTable, few_table, slow_columns, waiting_columns
from counter_app.ui.buttons import ActionButton
from counter_app.ui.chart_board import ChartBoard
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.fields import set_tone
from counter_app.ui.figure_tiles import Figure, FigureGrid
from counter_app.ui.page import Page
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.theme import metrics, theme
from counter_app.ui.translation import whole_day

if TYPE_CHECKING:
    from counter_app.domain.board import BoardFacts, Load, SlowStep, Waiting
    from counter_app.ui.board_calls import BoardCalls
    from counter_app.ui.interaction import Interaction
    from counter_app.ui.task_runner import TaskRunner

DOSSIERS_PAGE, TODAY_PAGE = "dossiers", "today"


class BoardPage(Page):
    """The head of the office's one look; every figure opens its dossiers."""

    def __init__(
        self,
        calls: BoardCalls,
        *,
        runner: TaskRunner,
        interaction: Interaction,
        parent: QWidget | None = None,
    ) -> None:
        """Nothing is counted before the page is activated."""
        super().__init__(parent)
        self.title = self.tr("Điều hành")
        self.help_text = self.tr(
            "Ai đang có bao nhiêu hồ sơ quá hạn, đến hạn hôm nay, ngày làm việc tới và trong tuần; "
            "mười ngày tới đã hẹn bao nhiêu; bước nào chậm, kết quả nào chờ lâu nhất. Mũi tên đi "
            "đến một con số, Enter mở đúng các hồ sơ của nó. F9 dựng một trang A4 cho giao ban."
        )
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._board: BoardFacts | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        step = metrics().step
        self.day_label = QLabel()
        self.day_label.setFont(theme().font(metrics().title_size, strong=True))
        self.at_label = QLabel()
        set_tone(self.at_label, "muted")
        self.grid = FigureGrid(self._figures(), columns=4)
        self.loads = LoadTable()
        self.bars_label = self._heading(self.tr("Hẹn trả trong mười ngày làm việc tới"))
        self.bars_label.setWordWrap(True)
        self.bars = ChartBoard((self.bars_label.text(),), self._runner)
        self.slow_button = ActionButton("", kind="quiet")
        self.unaccepted_button = ActionButton("", kind="quiet")
        self.waiting_button = ActionButton("", kind="quiet")
        self.slow_table, self.slow_model = few_table(
            slow_columns(),
            self.tr("Không bước nào chậm, không bàn giao nào bị bỏ đó."),
            self.tr("Bước và bàn giao đã chậm"),
            widest=2,
        )
        self.waiting_table, self.waiting_model = few_table(
            waiting_columns(),
            self.tr("Không có kết quả nào đang chờ."),
            self.tr("Kết quả chờ người dân lâu nhất"),
            widest=1,
        )
        self.main_button = ActionButton(
            self.tr("Trang giao ban"), key="F9", kind="main", icon="print"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(step(5), step(4), step(5), step(4))
        column.setSpacing(step(3))
        head = QHBoxLayout()
        head.addWidget(self.day_label)
        head.addSpacing(step(3))
        head.addWidget(self.at_label)
        head.addStretch(1)
        head.addWidget(self.main_button)
        column.addLayout(head)
        column.addWidget(self.grid)
        column.addLayout(self._make_middle(), 5)

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setFont(theme().font(strong=True))
        return label

    def _make_middle(self) -> QGridLayout:
        step = metrics().step
        grid = QGridLayout()
        grid.setHorizontalSpacing(step(5))
        grid.setVerticalSpacing(step(2))
        grid.addWidget(self._heading(self.tr("Đang giải quyết theo đơn vị và công chức")), 0, 0)
        grid.addWidget(self.bars_label, 0, 1)
        grid.addWidget(self.loads, 1, 0)
        grid.addWidget(self.bars, 1, 1)
        slow = QHBoxLayout()
        slow.addWidget(self.slow_button)
        slow.addWidget(self.unaccepted_button)
        slow.addStretch(1)
        grid.addLayout(slow, 2, 0)
        grid.addWidget(self.waiting_button, 2, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.slow_table, 3, 0)
        grid.addWidget(self.waiting_table, 3, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(3, 2)
        return grid

    def _figures(self) -> list[Figure]:
        return [
            Figure(
                "apologies_owed",
                self.tr("văn bản xin lỗi còn nợ"),
                self.tr("Không nợ văn bản xin lỗi nào"),
                "late",
                "danger",
            ),
            Figure(
                "apologies_sent",
                self.tr("văn bản xin lỗi đã phát hành trong tháng"),
                self.tr("Tháng này chưa phát hành văn bản xin lỗi nào"),
            ),
            Figure(
                "should_have_left",
                self.tr("hồ sơ quá giờ phải chuyển"),
                self.tr("Không hồ sơ nào quá giờ phải chuyển"),
                "today",
                "warning",
            ),
            Figure(
                "reserved_open",
                self.tr("số giấy giữ trước còn mở"),
                self.tr("Không còn số giấy giữ trước nào mở"),
            ),
        ]

    def _connect(self) -> None:
        self.grid.opened.connect(self._on_tile_opened)
        self.grid.left_down.connect(self._on_left_down)
        self.loads.figure_opened.connect(self._on_load_opened)
        self.bars.opened.connect(self._on_day_opened)
        self.bars.left_up.connect(self.grid.focus_last_row)
        self.slow_table.row_opened.connect(self._on_row_opened)
        self.waiting_table.row_opened.connect(self._on_row_opened)
        self.slow_button.clicked.connect(self._on_slow_clicked)
        self.unaccepted_button.clicked.connect(self._on_unaccepted_clicked)
        self.waiting_button.clicked.connect(self._on_waiting_clicked)
        self.main_button.clicked.connect(self.main_action)

    def first_field(self) -> QWidget | None:
        """Start on the load, at what is late."""
        return self.loads

    def activated(self, *, refresh: bool) -> None:
        """Count anew; it takes no longer than a keystroke."""
        calls = self._calls
        self._runner.run(
            lambda _job: calls.board(),
            on_done=self._on_counted,
            on_error=self._on_failed,
            owner=self,
            group="board",
        )

    def _on_counted(self, board: BoardFacts) -> None:
        self._board = board
        self.day_label.setText(whole_day(board.at.date()))
        self.at_label.setText(self.tr("Số liệu lúc {at}").format(at=f"{board.at:%H:%M}"))
        self.grid.set_counts(
            {
                "apologies_owed": board.apologies_owed,
                "apologies_sent": board.apologies_sent,
                "should_have_left": board.should_have_left,
                "reserved_open": board.reserved_open,
            }
        )
        self.loads.show_board(board)
        self.bars.set_plans((promises_plan(board.ahead, board.at.date()),))
        self.slow_model.set_rows([*board.slow_steps, *board.unaccepted])
        self.waiting_model.set_rows(list(board.waiting))
        for button, words, count in (
            (self.slow_button, self.tr("Bước liên thông đã chậm: {n}"), len(board.slow_steps)),
            (
                self.unaccepted_button,
                self.tr("Chuyển từ hôm trước chưa ai nhận: {n}"),
                board.unaccepted_count,
            ),
            (self.waiting_button, self.tr("Kết quả chờ người dân: {n}"), board.waiting_count),
        ):
            button.set_verb(words.format(n=format_number(count) if count else "0"))
            button.setEnabled(count > 0)

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)

    # The dossiers behind

    def _open(
        self,
        figure: str,
        title: str,
        *,
        load: Load | None = None,
        day: date | None = None,
    ) -> None:
        unit, officer = (None, None) if load is None else (load.unit, load.officer)
        find = self._calls.ids

        def found(ids: list[int]) -> None:
            self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(ids=tuple(ids), title=title))

        self._runner.run(
            lambda _job: find(figure, unit, officer, day),
            on_done=found,
            on_error=self._on_failed,
            owner=self,
            group="board-list",
        )

    def _on_load_opened(self, load: Load | None, figure: str) -> None:
        self._open(figure, self.loads.title_of(load, figure), load=load)

    def _on_day_opened(self, mark: Mark) -> None:
        day = date.fromisoformat(mark.key)
        self._open("day", self.tr("Hẹn trả {day}").format(day=f"{day:%d/%m}"), day=day)

    def _on_tile_opened(self, key: str) -> None:
        if self._board is None:
            return
        match key:
            case "apologies_owed":
                self.page_requested.emit(DOSSIERS_PAGE, DossierQuery(filter="owes_apology"))
            case "reserved_open":
                self.page_requested.emit(TODAY_PAGE, "kit")
            case "apologies_sent":
                # A dossier may have had more than one.
                words = self.tr("Đã xin lỗi trong tháng: {count} văn bản")
                self._open(key, words.format(count=format_number(self._board.apologies_sent)))
            case _:
                self._open(key, self.tr("Quá giờ phải chuyển"))

    def _on_slow_clicked(self) -> None:
        if self._board is not None:  # a dossier may have more than one such step
            words = self.tr("Bước liên thông đã chậm: {n}")
            self._open("slow_steps", words.format(n=format_number(len(self._board.slow_steps))))

    def _on_unaccepted_clicked(self) -> None:
        self._open("unaccepted", self.tr("Chuyển từ hôm trước chưa ai nhận"))

    def _on_waiting_clicked(self) -> None:
        self._open("waiting", self.tr("Kết quả chờ lâu nhất trước"))

    def _on_row_opened(self, row: SlowStep | Waiting) -> None:
        self.page_requested.emit(DOSSIERS_PAGE, f"code:{row.code}")

    def _on_left_down(self) -> None:
        self.loads.setFocus(Qt.FocusReason.OtherFocusReason)

    # Paper

    def main_action(self) -> None:
        """Show the page for the meeting as it will print (F9)."""
        board = self._board
        if board is None:
            return
        dialog = PaperDialog(
            self.tr("Trang giao ban"),
            make=lambda _job: self._calls.pdf(board),
            runner=self._runner,
            print_again=lambda: self._calls.print_pdf(dialog.preview.document() or b""),
            save=self._calls.save_pdf,
            parent=self,
        )
        dialog.print_button.set_verb(self.tr("In"))
        dialog.open()
