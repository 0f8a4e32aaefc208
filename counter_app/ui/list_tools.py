"""What can be done with the list of the page of dossiers as a whole: filter it, write it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from counter_app.domain.facts import DossierRow
from counter_app.domain.list_filter import ListFilter
from counter_app.domain.rights import Act
from counter_app.domain.words import format_number
from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.dossier_calls import DossierCalls, DossierQuery
from counter_app.ui.dossier_lists import extra_chip, fixed_chips
from counter_app.ui.filter_dialog import FilterDialog
from counter_app.ui.interaction import Interaction
from counter_app.ui.task_runner import Job, TaskRunner

_AT_ONCE = 2_000
_LONGEST_TITLE = 44
_KINDS = "Excel (*.xlsx);;PDF (*.pdf);;CSV (*.csv)"


class ListTools(QObject):
    """Opens the filter and writes the list that is shown; both in the background."""

    list_wanted = Signal(object)  # DossierQuery
    said = Signal(str)

    def __init__(
        self, calls: DossierCalls, runner: TaskRunner, interaction: Interaction, page: QWidget
    ) -> None:
        """Make the buttons; the page places them."""
        super().__init__(page)
        self._calls = calls
        self._runner = runner
        self._interaction = interaction
        self._page = page
        self._chosen = ListFilter()
        self._job: Job | None = None
        self.dialog: FilterDialog | None = None
        self.filter_button = ActionButton(self.tr("Lọc"), key="Ctrl+F", kind="quiet", icon="search")
        self.write_button = ActionButton(
            self.tr("Lưu danh sách"), key="Ctrl+U", kind="quiet", act=Act.LIST_EXPORT
        )
        self.filter_button.clicked.connect(self.open_filter)
        for button in (self.filter_button, self.write_button):
            if calls.filters is None:  # never shown from here: it would be a window of its own
                button.hide()

    def open_filter(self) -> None:
        """Open the filter with what was chosen last (Ctrl+F)."""
        if self._calls.filters is None:
            return
        self.dialog = FilterDialog(self._calls.filters, self._chosen, self._page)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.filter_chosen.connect(self.show_filter)
        self.dialog.open()

    def show_filter(self, chosen: ListFilter, name: str = "") -> None:
        """Find what a filter finds and ask for its list."""
        calls = self._calls.filters
        self._chosen = chosen
        if calls is None:
            return
        if not chosen:
            self.list_wanted.emit(DossierQuery())
            return
        title = name or chosen.words
        words = f"{name}: {chosen.words}" if name else chosen.words
        if len(title) > _LONGEST_TITLE:
            title = f"{title[:_LONGEST_TITLE].rstrip()}…"

        def found(ids: list[int]) -> None:
            self.list_wanted.emit(DossierQuery(ids=tuple(ids), title=title, words=words))

        self._runner.run(
            lambda job: calls.find(chosen, job),
            on_done=found,
            on_error=self._on_failed,
            owner=self._page,
            group="list-filter",
        )

    def count(self, text: str, on_done: Callable[[str, int], None]) -> None:
        """Count what a search finds in all; the rows are shown before that."""
        calls = self._calls.filters
        if calls is None:
            return
        self._runner.run(
            lambda _job: calls.count(text),
            on_done=lambda count: on_done(text, count),
            owner=self._page,
            group="found-count",
        )

    def write(self, query: DossierQuery, rows: Sequence[DossierRow] | None) -> None:
        """Write the whole list that is shown (Ctrl+U); pressed again it stops."""
        calls = self._calls.filters
        if calls is None:
            return
        if self._job is not None:
            self._job.cancel()
            self._rest()
            self.said.emit(self.tr("Đã ngừng. Tệp dở không được giữ."))
            return
        suggested = Path.home() / f"danh-sach-{calls.now():%Y%m%d}.xlsx"
        path = self._interaction.choose_file_save(
            self.tr("Lưu danh sách hồ sơ"), suggested=suggested, kinds=_KINDS
        )
        if path is None:
            return
        read = self._ids(query, rows)
        words = _name_of(query)

        def done(count: int) -> None:
            self._rest()
            text = self.tr("Đã ghi {count} hồ sơ vào {name}.")
            self.said.emit(
                text.format(count=format_number(count) if count else "0", name=path.name)
            )

        self.write_button.set_verb(self.tr("Ngừng ghi"))
        self._job = self._runner.run(
            lambda job: calls.write(read(job), path, words, job),
            on_done=done,
            on_error=self._on_failed,
            on_progress=self._on_progress,
            owner=self._page,
            group="list-file",
        )

    def _ids(
        self, query: DossierQuery, rows: Sequence[DossierRow] | None
    ) -> Callable[[Job], Sequence[int]]:
        if rows is not None:
            known = [row.id for row in rows]
            return lambda _job: known
        calls = self._calls.filters
        if query.text and calls is not None:
            return lambda job: calls.find(ListFilter(text=query.text), job)
        if query.title:
            return lambda _job: query.ids
        page = self._calls.page

        def read(job: Job) -> list[int]:
            found: list[int] = []
            last: DossierRow | None = None
            while more := page(query, last, _AT_ONCE):
                found += [row.id for row in more]
                last = more[-1]
                job.check()
                job.progress(len(found), 0)
                if len(more) < _AT_ONCE:
                    break
            return found

        return read

    def _on_progress(self, done: int, _total: int, _text: str) -> None:
        self.said.emit(self.tr("Đang ghi: {count} hồ sơ").format(count=format_number(done)))

    def _on_failed(self, error: UserError) -> None:
        self._rest()
        self._interaction.inform(error.message)

    def _rest(self) -> None:
        self._job = None
        self.write_button.set_verb(self.tr("Lưu danh sách"))


def _name_of(query: DossierQuery) -> str:
    """Say what a list is, for its head on paper."""
    if query.text:
        return ListFilter(text=query.text).words
    if query.words:
        return query.words
    chip = extra_chip(query)
    if chip is not None:
        return str(chip.text)
    return next((str(one.text) for one in fixed_chips() if one.key == query.filter), "")
