"""The way of papers to the printer: kept first, printed then, waiting where the printer is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from counter_app.domain.print_profiles import GROUP_LABELS, PaperGroup
from counter_app.errors import UserError
from counter_app.ui.interaction import Interaction
from counter_app.ui.task_runner import TaskRunner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from counter_app.services.print_queue import PrintJob
    from counter_app.services.store import Store

_AGAIN_MS = 30_000


class PrintDesk(QObject):
    """Takes PDFs, prints them in their order and keeps what no printer took."""

    said = Signal(str)
    waiting_changed = Signal()

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        clerk: Callable[[], str],
        runner: TaskRunner,
        interaction: Interaction,
        parent: QObject | None = None,
    ) -> None:
        """A store that may only be read keeps no queue: then a paper is printed or saved."""
        super().__init__(parent)
        self._store, self._clock, self._clerk = store, clock, clerk
        self._runner, self._interaction = runner, interaction
        self._jobs: list[PrintJob] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self.try_again)

    # What waits

    def open(self) -> None:
        """Look at what an earlier run left; what is doubtful stays for a person."""
        if self._store.read_only:
            return
        from counter_app.services import print_queue

        print_queue.settle(self._store)
        self._look()
        self.try_again()

    def close(self) -> None:
        """Stop asking the printer."""
        self._timer.stop()

    def jobs(self) -> Sequence[PrintJob]:
        """Return what waits, as it was last seen."""
        return self._jobs

    def words(self) -> str:
        """Say what waits in the bottom line; empty when nothing does."""
        if not self._jobs:
            return ""
        # The first sentence says why; what to do about it stands in the window that the key opens.
        first = next((job.reason for job in self._jobs if job.reason), "").partition(". ")[0]
        first = f"{first.rstrip('.')}." if first else ""
        text = self.tr("{count} giấy chờ in (Ctrl+F12 xem).").format(count=len(self._jobs))
        return f"{text} {first}".strip()

    def _look(self) -> None:
        from counter_app.services import print_queue

        self._jobs = print_queue.jobs(self._store)
        if self._jobs and not self._timer.isActive():
            self._timer.start()
        elif not self._jobs:
            self._timer.stop()
        self.waiting_changed.emit()

    # Printing

    def print_papers(self, paper_uuids: Sequence[str]) -> None:
        """Make the PDF of issued papers beside the window, then print it."""
        from counter_app.services import papers, print_queue

        uuids = list(paper_uuids)
        self.print_made(
            lambda: papers.paper_pdf(self._store, uuids),
            group=lambda: print_queue.group_of_papers(self._store, uuids),
            of=lambda: print_queue.codes_of_papers(self._store, uuids),
        )

    def print_made(
        self,
        make: Callable[[], bytes],
        *,
        group: Callable[[], PaperGroup] | None = None,
        of: Callable[[], str] = str,
    ) -> None:
        """Make a PDF beside the window, keep it, then print it; ``of`` says whose it is."""
        if self._store.read_only:
            self._runner.run(
                lambda _job: make(),
                on_done=self.print_unkept,
                on_error=self._on_failed,
                owner=self,
            )
            return
        now = self._clock()
        self._runner.run(
            lambda _job: self._keep(
                make(), PaperGroup.LIST if group is None else group(), of(), now
            ),
            on_done=self._on_kept,
            on_error=self._on_failed,
            owner=self,
        )

    def print_data(self, data: bytes) -> None:
        """Print a PDF that is made already."""
        self.print_made(lambda: data)

    def print_trial(
        self, make: Callable[[], bytes], group: PaperGroup, on_sent: Callable[[str], None]
    ) -> None:
        """Print a test page the way that a group's papers go.

        ``on_sent`` hears why it waits, or nothing when the printer took it.
        """
        now = self._clock()

        def tell(uuid: str) -> None:
            self._on_kept(uuid)
            on_sent(next((job.reason for job in self._jobs if job.uuid == uuid), ""))

        def fail(error: UserError) -> None:
            on_sent(error.message)

        self._runner.run(
            lambda _job: self._keep(make(), group, self.tr("(in thử)"), now),
            on_done=tell,
            on_error=fail,
            owner=self,
        )

    def _keep(self, data: bytes, group: PaperGroup, of: str, now: datetime) -> str:
        from counter_app.services import print_queue

        title = f"{GROUP_LABELS[group]} {of or format(now, '%H:%M %d/%m')}"
        # Asked for again while it waits, it is still one paper: the printer gets it once.
        same = print_queue.waiting_with(self._store, data)
        return same or print_queue.add(self._store, data, title=title, group=group, now=now)

    def _on_kept(self, uuid: str) -> None:
        if self.send(uuid):
            self.said.emit(self.tr("Đã gửi giấy tới máy in."))
            if self._jobs:
                self.try_again()  # the printer is back: what waited may go too
        else:
            # How many wait, and why, stands beside it in the state of the data.
            self.said.emit(self.tr("Giấy đã giữ lại, chờ máy in."))

    def send(self, uuid: str, *, doubtful_too: bool = False) -> bool:
        """Send a job to its printer; False if it goes on waiting."""
        from counter_app.services import print_queue, trial_prints
        from counter_app.ui import printing

        data = print_queue.take(self._store, uuid, doubtful_too=doubtful_too)
        if data is None:
            self._look()
            return False
        job = next(one for one in print_queue.jobs(self._store) if one.uuid == uuid)
        profile = print_queue.profile(self._store, job.group)
        outcome = printing.print_pdf(
            data,
            printer_name=profile.printer,
            copies=profile.copies,
            tray=profile.tray,
            is_two_sided=profile.is_two_sided,
            title=job.title,
            mends=trial_prints.mends(self._store),
            on_handing=lambda: print_queue.hand_over(self._store, uuid),
        )
        if outcome.is_printed:
            print_queue.done(self._store, uuid)
        else:
            print_queue.put_back(self._store, uuid, reason=outcome.message)
        self._look()
        return outcome.is_printed

    @Slot()
    def try_again(self) -> None:
        """Send what waits, oldest first; the first that no printer takes ends the round."""
        for job in list(self._jobs):
            if job.state != "waiting":
                continue
            if not self.send(job.uuid):
                return
            self.said.emit(self.tr("Máy in đã nhận giấy chờ: {title}.").format(title=job.title))

    def drop(self, uuid: str, *, reason: str) -> None:
        """Take a job off the queue with a reason.

        Raises:
            UserError: no reason is given.
        """
        from counter_app.services import print_queue

        print_queue.drop(self._store, uuid, reason=reason, by=self._clerk())
        self._look()

    def data_of(self, uuid: str) -> bytes | None:
        """Return a waiting job's PDF, to be saved as a file."""
        from counter_app.services import print_queue

        return print_queue.pdf_of(self._store, uuid)

    # Beside the queue

    def print_unkept(self, data: bytes) -> None:
        """Print what must not lie on the disk; what the printer doesn't take can be saved."""
        from counter_app.services import trial_prints
        from counter_app.services.settings import get_setting
        from counter_app.ui import printing

        outcome = printing.print_pdf(
            data,
            printer_name=str(get_setting(self._store, "printer")),
            mends=trial_prints.mends(self._store),
        )
        if outcome.is_printed:
            self.said.emit(self.tr("Đã gửi giấy tới máy in."))
            return
        question = self.tr("{why} Giấy này không được giữ lại để in sau.")
        if not self._interaction.confirm(
            question.format(why=outcome.message),
            yes=self.tr("Lưu thành tệp PDF"),
            no=self.tr("Chưa in"),
        ):
            self.said.emit(self.tr("Giấy chưa in. In lại được khi có máy in."))
            return
        self.save(data, Path.home() / f"giay-{self._clock():%Y%m%d-%H%M%S}.pdf")

    def save(self, data: bytes, suggested: Path) -> None:
        """Save a PDF where a person says."""
        from counter_app.ui.printing import save_and_tell

        told = save_and_tell(data, interaction=self._interaction, suggested=suggested)
        if told:
            self.said.emit(told)

    def _on_failed(self, error: UserError) -> None:
        self._interaction.inform(error.message)

    def open_list(self, parent: QWidget) -> None:
        """Show what waits, with what can be done about it (Ctrl+F12)."""
        from counter_app.ui.print_list_dialog import PrintListDialog

        self._look()
        PrintListDialog(self, self._interaction, parent).open()
