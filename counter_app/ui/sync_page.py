"""Đồng bộ: between the desks of the office, and lists of other systems one key away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from counter_app.ui.chips import Chip, ChipRow
from counter_app.ui.import_page import ImportPage
from counter_app.ui.page import Page
from counter_app.ui.sync_desks import DesksPane
from counter_app.ui.theme import metrics

DESKS, LISTS = "desks", "lists"


class _Panes(QStackedWidget):
    """The panes; what they need is told by their smallest size, not by what tables would like."""

    def hasHeightForWidth(self) -> bool:
        """Let sentences wrap within the room there is."""
        return False


class SyncPage(Page):
    """Two panes: bundles between desks, plain lists from elsewhere; Ctrl+T changes between them."""

    exchanged = Signal()
    conflicts_asked = Signal()

    def __init__(
        self,
        desks: DesksPane,
        make_lists: Callable[[], ImportPage],
        parent: QWidget | None = None,
    ) -> None:
        """The desks come first; the other pane is a piece of its own."""
        super().__init__(parent)
        self.title = self.tr("Đồng bộ")
        self.help_text = self.tr(
            "Giữa các quầy: cắm USB (hoặc chọn thư mục chung), F9 xuất gói, mang sang quầy kia, ở "
            "đó Ctrl+I nhận gói. Chương trình đọc thử và nói rõ gói có gì trước khi ghi. Nhận lại "
            "cùng một gói, hay nhận sai thứ tự, không làm thay đổi gì sai. Chỗ hai quầy ghi khác "
            "nhau được giữ cả hai và chờ người quyết định (Ctrl+M). Tệp đính kèm chỉ đi trong gói "
            "khi chọn “Xuất kèm tệp…” (Ctrl+G); không kèm thì tên, cỡ và nơi giữ tệp vẫn đi."
        )
        self.desks = desks
        self._make_lists = make_lists
        self._panes: dict[str, Page] = {}
        self.chips = ChipRow(
            [
                Chip(DESKS, self.tr("Giữa các quầy"), "warning"),
                Chip(LISTS, self.tr("Danh sách từ hệ thống khác (Ctrl+T)")),
            ]
        )
        self._stack = _Panes()
        step = metrics().step
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(6), step(4), step(6), step(4))
        layout.setSpacing(step(3))
        layout.addWidget(self.chips)
        layout.addWidget(self._stack, 1)
        self._add(DESKS, desks)
        desks.exchanged.connect(self.exchanged)

    def pieces(self) -> tuple[Callable[[], object], ...]:
        """Return the pane of lists, and what changes between the two."""
        return (self._add_lists,)

    def _add_lists(self) -> None:
        self.lists = self._make_lists()
        self.lists.stand_within()
        self.help_text += "\n\n" + self.lists.help_text
        self._add(LISTS, self.lists)
        self.lists.imported.connect(self.exchanged)
        self.chips.chosen.connect(self._on_chosen)
        self.add_key("Ctrl+T", self.change_pane)

    def _add(self, key: str, pane: DesksPane | ImportPage) -> None:
        self._panes[key] = pane
        self._stack.addWidget(pane)
        pane.state_text_changed.connect(self.state_text_changed)
        pane.conflicts_asked.connect(self.conflicts_asked)

    def pane(self) -> Page:
        """Return the pane that is shown."""
        return self._panes[self.chips.current()]

    def change_pane(self) -> None:
        """Go to the other pane (Ctrl+T)."""
        other = LISTS if self.chips.current() == DESKS else DESKS
        self.chips.choose(other)
        field = self.pane().first_field()
        if field is not None:
            field.setFocus()

    def _on_chosen(self, key: str) -> None:
        self._stack.setCurrentWidget(self._panes[key])
        self._panes[key].activated(refresh=True)

    def main_action(self) -> None:
        """Export, or take the list in (F9)."""
        self.pane().main_action()

    def activated(self, *, refresh: bool) -> None:
        """Show what holds now."""
        self.pane().activated(refresh=refresh)

    def opened_with(self, argument: object) -> None:
        """Open a pane by its name."""
        if str(argument) in self._panes:
            self.chips.choose(str(argument))

    def step_back(self) -> bool:
        """Esc goes from the lists back to the desks."""
        if self.chips.current() == LISTS:
            self.chips.choose(DESKS)
            return True
        return False

    def has_unsaved_work(self) -> bool:
        """Say whether an exchange is under way."""
        return any(pane.has_unsaved_work() for pane in self._panes.values())

    def first_field(self) -> QWidget | None:
        """Begin in the pane that is shown."""
        return self.pane().first_field()
