"""Papers of the office in the window: what their keys and their scanned codes do."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counter_app.domain.numbering import parse_office_paper
from counter_app.domain.words import format_moment, format_number
from counter_app.errors import UserError
from counter_app.ui.interaction import Interaction
from counter_app.ui.office_paper_calls import OfficePaperCalls
from counter_app.ui.task_runner import Job, TaskRunner


class OfficePapers(QObject):
    """Opens the windows of the outage kit and of the sheets; announces where to go on."""

    page_requested = Signal(str, object)
    said = Signal(str)
    closed = Signal()  # a window in which numbers or dossiers may have changed

    def __init__(
        self,
        calls: OfficePaperCalls,
        runner: TaskRunner,
        interaction: Interaction,
        window: QWidget,
    ) -> None:
        """Nothing is opened yet."""
        super().__init__(window)
        self._calls = calls
        self._runner = runner
        self._stop: Event | None = None  # while sheets are made beside the window
        self._interaction = interaction
        self._window = window
        self._was_offered = False  # the kit, at closing

    def open_kit(self) -> None:
        """Show the reserved numbers and the way to print a kit."""
        from counter_app.ui.outage_dialog import OutageDialog

        dialog = OutageDialog(self._calls, self._interaction, self._window)
        dialog.number_chosen.connect(self._on_number_chosen)
        dialog.dossier_chosen.connect(self._on_dossier_chosen)
        dialog.finished.connect(self.closed)
        dialog.open()

    def offer_kit(self) -> bool:
        """Ask once whether a kit is wanted, when none is in stock; True if one is being printed.

        It is a question because a kit reserves numbers.
        """
        if self._was_offered or self._calls.has_kit():
            return False
        self._was_offered = True
        count = self._calls.usual_count()
        question = self.tr(
            "Chưa có bộ giấy mất điện cho ngày làm việc tới. In bộ giấy {count} tờ? Chương trình "
            "giữ trước {count} số."
        )
        if not self._interaction.confirm(
            question.format(count=count),
            yes=self.tr("In bộ giấy"),
            no=self.tr("Đóng chương trình"),
        ):
            return False
        try:
            code = self._calls.make_kit(count)
        except UserError as error:
            self._interaction.inform(error.message)
            return True
        self._calls.print_codes([code])
        words = self.tr("Đã giữ {count} số, bộ {code}. Giấy ra rồi thì đóng chương trình.")
        self.said.emit(words.format(count=count, code=code))
        return True

    def print_sheets(self) -> None:
        """Print a sheet for every unit that is handed something or owes an answer.

        Each dossier is noted in its history; asked for again meanwhile, it can be stopped.
        """
        if self._stop is not None:
            self._offer_to_stop(self._stop)
            return
        if not self._wants_new_sheets():
            return
        make, stop = self._calls.make_sheets, Event()
        stopped = self.tr("Đã ngừng. Chưa lập tờ nào.")

        def work(job: Job) -> Sequence[str]:
            def progress(done: int, total: int) -> None:
                if stop.is_set():
                    raise UserError(stopped)
                job.progress(done, total)

            return make(progress)

        self._stop = stop
        self._runner.run(
            work,
            on_done=self._on_sheets_made,
            on_error=self._on_sheets_refused,
            on_progress=self._on_sheets_progressed,
            owner=self,
        )

    def _offer_to_stop(self, stop: Event) -> None:
        question = self.tr("Đang lập các tờ bàn giao. Ngừng lại, không lập tờ nào?")
        if self._interaction.confirm(question, yes=self.tr("Ngừng"), no=self.tr("Lập tiếp")):
            stop.set()  # where the last one is noted by now, they are made and told

    def _on_sheets_progressed(self, done: int, total: int, _text: str) -> None:
        words = self.tr("Đang lập tờ bàn giao: {done}/{total} hồ sơ (Ctrl+P để ngừng).")
        self.said.emit(words.format(done=format_number(done), total=format_number(total)))

    def _on_sheets_refused(self, error: UserError) -> None:
        was_stopped = self._stop is not None and self._stop.is_set()
        self._stop = None
        if was_stopped:
            self.said.emit(error.message)
        else:
            self._interaction.inform(error.message)

    def _on_sheets_made(self, codes: Sequence[str]) -> None:
        self._stop = None
        if not codes:
            self.said.emit(self.tr("Hôm nay không có hồ sơ cần bàn giao hay hỏi hạn."))
            return
        words = self.tr("Đã lập {count} tờ bàn giao, mỗi đơn vị một tờ.")
        self.said.emit(words.format(count=len(codes)))
        self._calls.print_codes(codes)

    def _wants_new_sheets(self) -> bool:
        """Ask before a second round on one day: two sheets would ask for the same answers."""
        today = self._calls.now().date().isoformat()
        made = [paper for paper in self._calls.sheets() if paper.day == today]
        if not made:
            return True
        question = self.tr("Hôm nay đã lập {count} tờ bàn giao, tờ sau cùng lúc {at}. Lập tờ mới?")
        return self._interaction.confirm(
            question.format(count=len(made), at=format_moment(made[0].made_at)),
            yes=self.tr("Lập tờ mới"),
            no=self.tr("Không"),
            detail=self.tr("Cần in lại tờ đã lập thì mở Tờ đã in (Ctrl+T), nhấn Ctrl+R."),
        )

    def choose_sheet(self) -> None:
        """Offer the sheets that were printed; the chosen one opens its rows."""
        papers = self._calls.sheets()
        if not papers:
            self.said.emit(self.tr("Chưa in tờ bàn giao nào."))
            return
        lines = [f"{p.code}   {format_moment(p.made_at)}   {p.unit}" for p in papers]
        chosen = self._interaction.ask_choice(
            self.tr("Mở tờ bàn giao nào?"), lines, yes=self.tr("Mở")
        )
        if chosen is not None:
            self.open_sheet(papers[chosen].code)

    def open_sheet(self, code: str) -> None:
        """Open the rows of a sheet."""
        from counter_app.ui.unit_sheet_dialog import UnitSheetDialog

        try:
            dialog = UnitSheetDialog(code, self._calls, self._interaction, self._window)
        except UserError as error:
            self._interaction.inform(error.message)
            return
        dialog.sheet_wanted.connect(self.open_sheet)
        dialog.finished.connect(self.closed)
        dialog.open()

    def take_code(self, text: str) -> bool:
        """Use a scanned code of a paper of the office; False leaves it to the page.

        A number that was used is its dossier's: it goes the way of every receipt.
        """
        parsed = parse_office_paper(text)
        if parsed is None:
            return False
        kind, code = parsed
        if kind == "TOGIAO":
            self.open_sheet(code)
        elif kind == "BOGIAY":
            self.open_kit()
        else:
            return self._take_number(code)
        return True

    def _take_number(self, code: str) -> bool:
        try:
            found = self._calls.reserved_one(code)
        except UserError as error:
            self._interaction.inform(error.message)
            return True
        if found is not None and found.state == "used":
            return False
        if found is None:
            words = self.tr(
                "Số giấy {number} không do quầy này giữ. Nhập hồ sơ ở quầy đã in tờ giấy."
            )
            self._interaction.inform(words.format(number=code))
        elif found.state == "closed":
            words = self.tr(
                "Số giấy {number} đã đóng: {reason}. Cần dùng thì mở lại số ở Bộ giấy mất điện."
            )
            self._interaction.inform(words.format(number=code, reason=found.reason))
        else:
            self._on_number_chosen(code)
        return True

    def _on_number_chosen(self, number: str) -> None:
        self.page_requested.emit("reception", f"paper:{number}")

    def _on_dossier_chosen(self, uuid: str) -> None:
        self.page_requested.emit("dossiers", f"code:{uuid}")
