"""Đồng bộ: between the desks of the office, and lists of other systems one key away."""

from __future__ import annotations

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

    def __init__(self, desks: DesksPane, lists: ImportPage, parent: QWidget | None = None) -> None:
        """The desks come first."""
        super().__init__(parent)
        self.title = self.tr("Đồng bộ")
        self.help_text = self.tr(
            "Giữa các quầy: cắm USB (hoặc chọn thư mục chung), F9 xuất gói, mang sang quầy kia, ở "
            "đó Ctrl+I nhận gói. Chương trình đọc thử và nói rõ gói có gì trước khi ghi. Nhận lại "
            "cùng một gói, hay nhận sai thứ tự, không làm thay đổi gì sai. Chỗ hai quầy ghi khác "
            "nhau được giữ cả hai và chờ người quyết định (Ctrl+M). Tệp đính kèm chỉ đi trong gói "
            "khi chọn “Xuất kèm tệp…” (Ctrl+G); không kèm thì tên, cỡ và nơi giữ tệp vẫn đi."
        )
        self.desks, self.lists = desks, lists
        self.help_text += "\n\n" + lists.help_text
        self._panes: dict[str, Page] = {DESKS: desks, LISTS: lists}
        self.chips = ChipRow(
            [
                Chip(DESKS, self.tr("Giữa các quầy"), "warning"),
                Chip(LISTS, self.tr("Danh sách từ hệ thống khác (Ctrl+T)")),
            ]
        )
        self._stack = _Panes()
        step = metrics().step
        lists.stand_within()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(step(6), step(4), step(6), step(4))
        layout.setSpacing(step(3))
        layout.addWidget(self.chips)
        layout.addWidget(self._stack, 1)
        for pane in self._panes.values():
            self._stack.addWidget(pane)
            pane.state_text_changed.connect(self.state_text_changed)
        self.chips.chosen.connect(self._on_chosen)
        desks.exchanged.connect(self.exchanged)
        lists.imported.connect(self.exchanged)
        for pane in (desks, lists):
            pane.conflicts_asked.connect(self.conflicts_asked)
        self.add_key("Ctrl+T", self.change_pane)

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
