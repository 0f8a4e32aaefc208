"""The thin strip beside the browser (thanh gõ một lần): one press, one field on the clipboard.

No key of the whole system is taken: other programs own theirs, and on Windows a global key would
be typed past UniKey. Instead the strip stands above the browser without taking its focus: while
fields are copied a click on it leaves the caret in the web form, so Ctrl+V follows at once. Who
works by keyboard clicks the words once (or opens the strip from the program): then the strip has
the focus and Space, ←, → and Esc are its keys. The last step needs typing and takes the focus.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from counter_app.errors import UserError
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import ERROR, Note, TextField, set_tone
from counter_app.ui.reception_fields import ElidedLabel
from counter_app.ui.theme import metrics

_COPY, _CODE = range(2)
_FORWARD = (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_F9)


@dataclass(frozen=True, slots=True)
class WebCalls:
    """What the strip asks of the house."""

    read_code: Callable[[str], str]
    attach: Callable[[str, str], str]  # uuid, official code -> uuid of the receipt
    print_paper: Callable[[str], None]
    place: Callable[[], str]  # "x,y" where it stood last, or nothing
    keep_place: Callable[[str], None]


class WebStrip(QWidget):
    """One dossier's fields, copied one by one; then its official code comes back."""

    attached = Signal(str, str)  # uuid of the dossier, its official code
    left = Signal(str)  # uuid of a dossier that stays without its code

    def __init__(self, entry: Any, calls: WebCalls, parent: QWidget | None = None) -> None:
        """``entry`` is a ``WebEntry``; nothing is copied before the first press."""
        flags = (
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus
        )
        super().__init__(parent, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("Gõ một lần"))
        self.entry = entry
        self._calls = calls
        self._next = 0  # the step that the next press copies
        self._copied = -1  # the step that is on the clipboard
        self._is_done = self._is_closed = False
        self._grip: QPoint | None = None
        self._has_moved = False
        self._build()
        self._show_step()
        clipboard = QGuiApplication.clipboard()
        clipboard.dataChanged.connect(self._on_clipboard_changed)

    def _build(self) -> None:
        measures = metrics()
        self.setObjectName("webStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.who_label = QLabel(f"{self.entry.code.rpartition('-')[2]}  {self.entry.name}")
        self.who_label.setTextFormat(Qt.TextFormat.PlainText)
        self.who_label.setMaximumWidth(measures.px(190))
        self.count_label = QLabel()
        set_tone(self.count_label, "muted")
        self.held_label = ElidedLabel()
        self.pages = QStackedWidget()
        self.pages.addWidget(self._make_copying())
        self.pages.addWidget(self._make_code())
        self.close_button = self._button(self.tr("Đóng"), "close", self.close)
        top = QHBoxLayout()
        top.setSpacing(measures.step(2))
        top.addWidget(self.who_label)
        top.addWidget(self.count_label)
        top.addWidget(self.held_label, 1)
        top.addWidget(self.close_button)
        column = QVBoxLayout(self)
        edge = measures.step(1)
        column.setContentsMargins(measures.step(3), edge, edge, edge)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.pages)
        self.setFixedSize(measures.px(760), measures.px(80))

    def _button(self, text: str, icon: str, slot: Callable[[], object]) -> ActionButton:
        button = ActionButton(text, kind="quiet", icon=icon)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(slot)
        return button

    def _make_copying(self) -> QWidget:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(1))
        self.back_button = self._button(self.tr("Lại"), "chevron-left", self.back)
        self.skip_button = self._button(self.tr("Bỏ qua"), "chevron-right", self.skip)
        self.next_button = ActionButton(self.tr("Chép"), key="Space", kind="main")
        self.next_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.next_button.clicked.connect(self.copy_next)
        self.to_code_button = self._button(self.tr("Nhập mã"), "forward", self.ask_for_code)
        row.addWidget(self.back_button)
        row.addWidget(self.next_button, 1)
        row.addWidget(self.skip_button)
        row.addWidget(self.to_code_button)
        return inside

    def _make_code(self) -> QWidget:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics().step(1))
        self.code_field = TextField(
            check=self._judge_code,
            max_length=64,
            chars=28,
            placeholder=self.tr("mã hồ sơ chính thức"),
        )
        self.code_field.setAccessibleName(self.tr("Mã chính thức"))
        self.code_field.message_changed.connect(self._on_message_changed)
        self.attach_button = ActionButton(self.tr("Gắn mã, in giấy"), key="F9", kind="main")
        self.attach_button.clicked.connect(self.attach_code)
        self.again_button = self._button(self.tr("Chép tiếp"), "chevron-left", self.go_on_copying)
        row.addWidget(self.again_button)
        row.addWidget(self.code_field, 1)
        row.addWidget(self.attach_button)
        return inside

    # Copying

    def copy_next(self) -> None:
        """Put the next field on the clipboard and say what is on it; after the last, the code."""
        steps = self.entry.steps
        if self._next >= len(steps):
            self.ask_for_code()
            return
        self._copied = self._next
        self._next += 1
        QGuiApplication.clipboard().setText(steps[self._copied].text)
        self._show_step()

    def skip(self) -> None:
        """Pass over a field that the web form doesn't ask for."""
        self._next = min(self._next + 1, len(self.entry.steps))
        self._show_step()

    def back(self) -> None:
        """Copy the field before again, also one that was passed over."""
        target = self._next - 1
        if target == self._copied:
            target -= 1
        self._next = max(0, target)
        self.copy_next()

    def _show_step(self) -> None:
        steps = self.entry.steps
        self.count_label.setText(f"{self._copied + 1}/{len(steps)}")
        if self._copied < 0:
            start = self.tr("Bấm Chép, rồi Ctrl+V ở ô của trang web.")
            if not self.entry.is_verified:
                start = self.tr("Thứ tự ô chưa đối chiếu. ") + start
            self.held_label.setText(start)
        else:
            step = steps[self._copied]
            self.held_label.setText(f"{step.label}: {step.text}")
        is_over = self._next >= len(steps)
        self.next_button.set_verb(
            self.tr("Nhập mã chính thức")
            if is_over
            else self.tr("Chép {label}").format(label=steps[self._next].label)
        )
        self.skip_button.setEnabled(not is_over)
        self.back_button.setEnabled(self._copied >= 0)

    # The code comes back

    def ask_for_code(self) -> None:
        """Wait for the official code: typed, scanned, or copied on the web page."""
        self.pages.setCurrentIndex(_CODE)
        self.held_label.setText(self.tr("Chép mã trên trang web, quét, hoặc gõ:"))
        self._accept_focus(accepts=True)
        self.code_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on_copying(self) -> None:
        """Go back to the fields."""
        self.pages.setCurrentIndex(_COPY)
        self._accept_focus(accepts=False)
        self._show_step()

    def take_code(self, text: str) -> bool:
        """Take a scanned code while it is waited for."""
        if self._is_done or self.pages.currentIndex() != _CODE:
            return False
        self.code_field.set_value(text)
        return True

    def _judge_code(self, text: str) -> Note | None:
        try:
            self._calls.read_code(text)
        except UserError as error:
            return Note(error.message, ERROR)
        return None

    def _on_message_changed(self, text: str, tone: str) -> None:
        self.held_label.setText(text or self.tr("Chép mã trên trang web, quét, hoặc gõ:"))
        set_tone(self.held_label, tone if text else "")

    def _on_clipboard_changed(self) -> None:
        """A code that was copied on the web page stands in the field; nothing else is taken."""
        if self._is_done or self.pages.currentIndex() != _CODE or self.code_field.text():
            return
        text = QGuiApplication.clipboard().text()
        try:
            code = self._calls.read_code(text)
        except UserError:  # what one copies meanwhile is none of our business
            return
        self.code_field.set_value(code)

    def attach_code(self) -> None:
        """Attach the code, print the receipt with it, and be done."""
        if not self.code_field.value():
            self.code_field.set_note(Note(self.tr("Chưa có mã chính thức."), ERROR))
            return
        if not self.code_field.validate():
            return
        try:
            code = self._calls.read_code(self.code_field.value())
            paper = self._calls.attach(self.entry.uuid, code)
        except UserError as error:
            self.code_field.set_note(Note(error.message, ERROR))
            return
        self._is_done = True
        self.attached.emit(self.entry.uuid, code)
        self._calls.print_paper(paper)
        self.close()

    # The window

    def _accept_focus(self, *, accepts: bool) -> None:
        """Take keys, or leave them to the browser: a click must not move its caret."""
        is_shown = self.isVisible()
        refuses = bool(self.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus)
        if refuses is accepts:  # a changed flag makes the window anew, hidden
            self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not accepts)
            if is_shown:
                self.show()
        if accepts and is_shown:
            self.activateWindow()

    def show_in_place(self) -> None:
        """Show the strip where it stood last, else at the top of the screen; never off it."""
        screen = QGuiApplication.primaryScreen().availableGeometry()
        x, y = screen.center().x() - self.width() // 2, screen.top() + metrics().step(2)
        kept = self._calls.place().split(",")
        if len(kept) == 2 and all(part.lstrip("-").isdigit() for part in kept):
            x, y = int(kept[0]), int(kept[1])
        wanted = QPoint(x, y)
        inside = QGuiApplication.screenAt(wanted)
        area = screen if inside is None else inside.availableGeometry()
        x = min(max(wanted.x(), area.left()), max(area.left(), area.right() - self.width()))
        y = min(max(wanted.y(), area.top()), max(area.top(), area.bottom() - self.height()))
        self.move(x, y)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the strip to move it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.globalPosition().toPoint() - self.frameGeometry().topLeft()
            self._has_moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move with the mouse."""
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)
            self._has_moved = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember the place it was moved to; a mere click asks for the keys."""
        if self._grip is not None and self._has_moved:
            self._calls.keep_place(f"{self.x()},{self.y()}")
        elif self._grip is not None and self.pages.currentIndex() == _COPY:
            self._accept_focus(accepts=True)
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._grip = None
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the strip while it has the focus."""
        key = event.key()
        is_copying = self.pages.currentIndex() == _COPY
        if key == Qt.Key.Key_Escape and is_copying:
            self._accept_focus(accepts=False)
        elif key == Qt.Key.Key_Escape:
            self.go_on_copying()
        elif is_copying and key in _FORWARD:
            self.copy_next()
        elif is_copying and key == Qt.Key.Key_Left:
            self.back()
        elif is_copying and key == Qt.Key.Key_Down:
            self.skip()
        elif not is_copying and key == Qt.Key.Key_F9:
            self.attach_code()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave nothing of the citizen on the clipboard, and say what stays to be done."""
        if self._is_closed:
            super().closeEvent(event)
            return
        self._is_closed = True
        clipboard = QGuiApplication.clipboard()
        clipboard.dataChanged.disconnect(self._on_clipboard_changed)
        held = {step.text for step in self.entry.steps}
        if clipboard.text() in held:
            clipboard.clear()
        if not self._is_done:
            self.left.emit(self.entry.uuid)
        super().closeEvent(event)


def web_calls(
    store: Any,
    *,
    clock: Callable[[], Any],
    clerk: Callable[[], str],
    print_paper: Callable[[str], None],
) -> WebCalls:
    """Bind the services to one store."""
    from counter_app.services import web_entry
    from counter_app.services.settings import get_setting, set_setting

    return WebCalls(
        read_code=lambda text: web_entry.read_code(store, text),
        attach=lambda uuid, code: web_entry.attach(
            store, uuid, official=code, by=clerk(), now=clock()
        ),
        print_paper=print_paper,
        place=lambda: str(get_setting(store, "web_strip_place")),
        keep_place=lambda place: _keep(set_setting, store, place),
    )


def _keep(set_setting: Callable[..., Any], store: Any, place: str) -> None:
    set_setting(store, key="web_strip_place", value=place)
