"""The strip under the reception form: who was just received, and the last ten at a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QWidget

from counter_app.domain.opening_facts import DossierRow
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import ENTER_KEYS, HINT, set_tone
from counter_app.ui.reception_fields import ElidedLabel
from counter_app.ui.theme import metrics


def short_code(row: DossierRow) -> str:
    """Return the last part of a code, by which a desk calls it: ``0007``."""
    return row.shown_code.rpartition("-")[2]


class _RecentList(QListWidget):
    """The last receipts above the strip; Enter takes one, Esc closes."""

    taken = Signal(int)
    closed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self.taken.emit(self.currentRow())
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class RecentStrip(QWidget):
    """The line “Vừa tiếp nhận” with its two acts; a list of the last ten opens over the form."""

    reprint_asked = Signal(object)  # DossierRow
    copy_asked = Signal(object)  # DossierRow
    fee_asked = Signal(object)  # DossierRow
    group_asked = Signal(list)  # uuids of the group that was saved last
    slip_asked = Signal()
    list_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without receipts."""
        super().__init__(parent)
        self._rows: list[DossierRow] = []
        self._current: DossierRow | None = None
        self._group: list[str] = []
        self._holds_slip = False
        self._list: _RecentList | None = None
        self.setFixedHeight(metrics().field_height)  # with or without its buttons
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(metrics().step(2))
        self._caption = QLabel()
        set_tone(self._caption, HINT)
        # Of a long name the middle is left out: the due day stands behind it.
        self._text = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.reprint_button = self._quiet(self.tr("In lại"), "Ctrl+R")
        self.copy_button = self._quiet(self.tr("Thêm hồ sơ cùng người"), "Ctrl+D")
        self.fee_button = self._quiet(self.tr("Thu phí"), "F11")
        self.list_button = self._quiet(self.tr("Gần đây"), "Ctrl+J")
        line.addWidget(self._caption)
        line.addWidget(self._text, 1)
        for button in self._buttons():
            line.addWidget(button)
        self.reprint_button.clicked.connect(self.reprint)
        self.copy_button.clicked.connect(self.copy_person)
        self.fee_button.clicked.connect(self.take_fee)
        self.list_button.clicked.connect(self.toggle_list)
        self.set_rows([])

    def _quiet(self, text: str, key: str) -> ActionButton:
        button = ActionButton(text, key=key, kind="quiet")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _buttons(self) -> tuple[ActionButton, ...]:
        return (self.reprint_button, self.fee_button, self.copy_button, self.list_button)

    def set_rows(self, rows: Sequence[DossierRow]) -> None:
        """Show the newest of the last receipts."""
        self._rows = list(rows)
        self._show(self._rows[0] if self._rows else None, self.tr("Vừa tiếp nhận:"))

    def show_group(self, uuids: Sequence[str]) -> None:
        """Say that the newest receipt is the last of a group: In lại prints all of it."""
        if self._current is None or self._current.uuid not in uuids:
            return
        self._show(
            self._current, self.tr("Vừa tiếp nhận nhóm {count} hồ sơ:").format(count=len(uuids))
        )
        self._group = list(uuids)

    def show_slip(self, text: str) -> None:
        """Show the slip of a visit that was recorded just now: In lại prints it again."""
        self._show(None, "")
        self._caption.setText(self.tr("Vừa ghi lượt:"))
        self._text.setText(text)
        self._holds_slip = True
        self.reprint_button.setVisible(True)
        self.list_button.setVisible(bool(self._rows))

    def _show(self, row: DossierRow | None, caption: str) -> None:
        self._current = row
        self._group = []
        self._holds_slip = False
        none_yet = self.tr("Hôm nay chưa tiếp nhận hồ sơ nào tại quầy này.")
        self._caption.setText(none_yet if row is None else caption)
        self._text.setText("" if row is None else receipt_line(row))
        for button in self._buttons():
            button.setVisible(row is not None)

    def text(self) -> str:
        """Return what the strip says."""
        return f"{self._caption.text()} {self._text.text()}".strip()

    def current(self) -> DossierRow | None:
        """Return the receipt the acts are about."""
        return self._current

    def reprint(self) -> None:
        """Ask for what the strip speaks of again: a receipt, those of a group, a slip."""
        self._take_listed()
        if self._holds_slip:
            self.slip_asked.emit()
        elif self._group:
            self.group_asked.emit(self._group)
        elif self._current is not None:
            self.reprint_asked.emit(self._current)

    def copy_person(self) -> None:
        """Ask for the person in the strip in the form."""
        self._take_listed()
        if self._current is not None:
            self.copy_asked.emit(self._current)

    def take_fee(self) -> None:
        """Ask for the fee of the dossier in the strip."""
        self._take_listed()
        if self._current is not None:
            self.fee_asked.emit(self._current)

    # The list

    def is_list_open(self) -> bool:
        """Say whether the list of the last receipts is open."""
        return self._list is not None and self._list.isVisible()

    def toggle_list(self) -> None:
        """Open the list over the form, or close it."""
        if self.is_list_open():
            self.close_list()
        elif self._rows:
            self._open_list()

    def close_list(self) -> None:
        """Close the list and give the focus back."""
        if self._list is not None and self._list.isVisible():
            self._list.hide()
            self.list_closed.emit()

    def _open_list(self) -> None:
        page = self.parentWidget() or self
        listing = self._list or _RecentList(page)
        if self._list is None:
            self._list = listing
            listing.setObjectName("recentList")
            listing.setProperty("kind", "lines")
            listing.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            listing.taken.connect(self._on_list_taken)
            listing.closed.connect(self.close_list)
            listing.itemClicked.connect(lambda _item: self._on_list_taken(listing.currentRow()))
        listing.clear()
        listing.addItems([f"{receipt_line(row)}  ·  {row.procedure_name}" for row in self._rows])
        listing.setCurrentRow(0)
        height = len(self._rows) * metrics().row_height + 2
        place = self.geometry()
        listing.setGeometry(QRect(place.left(), place.top() - height, place.width(), height))
        listing.show()
        listing.raise_()
        listing.setFocus(Qt.FocusReason.PopupFocusReason)

    def _take_listed(self) -> None:
        if self._list is not None and self.is_list_open():
            self._on_list_taken(self._list.currentRow())

    def _on_list_taken(self, number: int) -> None:
        if 0 <= number < len(self._rows):
            chosen = self._rows[number]
            is_newest = number == 0
            self._show(chosen, self.tr("Vừa tiếp nhận:") if is_newest else self.tr("Đã chọn:"))
        self.close_list()


def receipt_line(row: DossierRow) -> str:
    """Write a receipt as the desk says it: number, name, due day."""
    due = row.due or row.received
    return f"{short_code(row)}  {row.applicant_name}  {due:%d/%m}"
