"""The papers of a dossier as one field: tick with Space, count with digits, move with arrows."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from counter_app.ui.fields import ENTER_KEYS, HINT, WARNING, Note
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip

_COUNT_LIMIT = 99
_COUNT_WIDTH = 88
_MOST_LINES = 4
# The focus comes back by itself after these, so nobody has passed the list.
_STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One paper: is it here, and how many of each kind."""

    name: str
    is_checked: bool = False
    originals: int = 0
    copies: int = 0
    is_required: bool = False
    default_originals: int = 1  # taken when the row is ticked and no count was typed
    default_copies: int = 0


def _marked(row: CheckRow) -> str:
    return f"{row.name} *" if row.is_required else row.name


def _broken(name: str, letters: QFontMetrics, room: int) -> list[str]:
    """Break a name between words into four lines at most; what is longer is cut in the last."""
    words, mark = (name[:-2], " *") if name.endswith(" *") else (name, "")
    rest, lines = words.split(" "), list[str]()
    rest[-1] += mark
    while rest and len(lines) < _MOST_LINES - 1:
        fit = 1
        while fit < len(rest) and letters.horizontalAdvance(" ".join(rest[: fit + 1])) <= room:
            fit += 1
        lines.append(" ".join(rest[:fit]))
        rest = rest[fit:]
    lines += [" ".join(rest)] if rest else []
    cut = Qt.TextElideMode.ElideRight
    if mark and letters.horizontalAdvance(lines[-1]) > room:
        left = room - letters.horizontalAdvance(mark)
        lines[-1] = letters.elidedText(lines[-1].removesuffix(mark), cut, left) + mark
    return [letters.elidedText(line, cut, room) for line in lines]


class CheckList(QWidget):
    """Rows of papers (thành phần hồ sơ) with one tab stop.

    ↑ ↓ choose the paper, ← → the count (originals, copies), Space ticks, digits set the count,
    Enter goes to the next field. A count above zero ticks its row, unticking empties the counts.
    """

    changed = Signal()
    message_changed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start without rows."""
        super().__init__(parent)
        self._rows: list[CheckRow] = []
        self._lines: list[list[str]] = []  # of each row's name
        self._tops = [0]  # where each row begins, and where the last one ends
        self._row = 0
        self._column = 0  # 0 originals, 1 copies
        self._fresh = True  # the next digit starts a new count
        self._note = Note("", HINT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: Sequence[CheckRow]) -> None:
        """Replace the rows; announces nothing."""
        if self._note.text and not rows:
            self.set_note(None)
        self._rows = list(rows)
        self._row = min(self._row, max(0, len(self._rows) - 1))
        self._fresh = True
        self._measure()

    def rows(self) -> list[CheckRow]:
        """Return the rows as they stand."""
        return list(self._rows)

    def checked(self) -> list[CheckRow]:
        """Return what was ticked."""
        return [row for row in self._rows if row.is_checked]

    def add_row(self, row: CheckRow) -> None:
        """Add a paper that is not in the catalogue."""
        self._rows.append(row)
        self._measure()
        self.changed.emit()

    def note(self) -> Note:
        """Return the message shown now."""
        return self._note

    def set_note(self, note: Note | None) -> None:
        """Show a message beside the list, or take it away."""
        self._note = note or Note("", HINT)
        self.message_changed.emit(self._note.text, self._note.tone)

    def judge(self) -> Note | None:
        """Say which papers are missing; a dossier may be received without them."""
        required = [row for row in self._rows if row.is_required]
        missing = [row for row in required if not row.is_checked]
        if not missing:
            return None
        if len(missing) == len(required):
            return Note(self.tr("Chưa đánh dấu giấy tờ bắt buộc (*) nào."), WARNING)
        words = self.tr("Còn {count} giấy tờ bắt buộc (*) chưa đánh dấu.")
        return Note(words.format(count=len(missing)), WARNING)

    def validate(self) -> bool:
        """Say what is missing; nothing typed here can be wrong."""
        self.set_note(self.judge())
        return True

    def go_to_missing(self) -> None:
        """Put the keys on the first required paper that isn't ticked."""
        rows = enumerate(self._rows)
        self.set_current(next((i for i, r in rows if r.is_required and not r.is_checked), 0))

    def remember(self) -> Any:
        """Return what a scanner's burst must not change."""
        return list(self._rows)

    def recall(self, state: Any) -> None:
        """Put back what ``remember`` returned."""
        if state != self._rows:
            self.set_rows(state)
            self.changed.emit()

    def toggle(self, number: int) -> None:
        """Tick a row with its usual counts, or take the tick away."""
        row = self._rows[number]
        if row.is_checked:
            self._set(number, replace(row, is_checked=False, originals=0, copies=0))
            return
        originals, copies = row.originals, row.copies
        if not originals and not copies:
            originals, copies = row.default_originals, row.default_copies
        self._set(number, replace(row, is_checked=True, originals=originals, copies=copies))

    def set_count(self, number: int, column: int, count: int) -> None:
        """Set originals (0) or copies (1) of a row."""
        row, count = self._rows[number], min(count, _COUNT_LIMIT)
        row = replace(row, originals=count) if column == 0 else replace(row, copies=count)
        self._set(number, replace(row, is_checked=row.is_checked or count > 0))

    def _set(self, number: int, row: CheckRow) -> None:
        self._rows[number] = row
        if self._note.text:
            self.set_note(self.judge())
        self.update()
        self.changed.emit()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Space ticks, digits count, Enter goes on."""
        key = event.key()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held or not self._rows:
            if key in ENTER_KEYS and not held:
                self.focusNextPrevChild(True)
                return
            super().keyPressEvent(event)
            return
        row, column = self._row, self._column
        moves: dict[int, tuple[int, int]] = {
            Qt.Key.Key_Down: (min(row + 1, len(self._rows) - 1), column),
            Qt.Key.Key_Up: (max(row - 1, 0), column),
            Qt.Key.Key_Home: (0, column),
            Qt.Key.Key_End: (len(self._rows) - 1, column),
            Qt.Key.Key_Left: (row, 0),
            Qt.Key.Key_Right: (row, 1),
        }
        if key in moves:
            self._move(*moves[key])
        elif key in ENTER_KEYS:
            self.focusNextPrevChild(True)
        elif key == Qt.Key.Key_Space:
            self.toggle(row)
            self._fresh = True
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            self._digit(int(key) - int(Qt.Key.Key_0))
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.set_count(row, column, 0)
            self._fresh = True
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _move(self, row: int, column: int) -> None:
        self._row, self._column, self._fresh = row, column, True
        self.update()

    def _digit(self, digit: int) -> None:
        row = self._rows[self._row]
        before = row.originals if self._column == 0 else row.copies
        count = digit if self._fresh else before * 10 + digit
        self._fresh = count > _COUNT_LIMIT
        self.set_count(self._row, self._column, digit if count > _COUNT_LIMIT else count)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click ticks; on a count it only chooses that count."""
        number = self._row_at(int(event.position().y()))
        if number is None:
            return
        x = int(event.position().x())
        originals, copies = self._count_area(number, 0), self._count_area(number, 1)
        if x >= copies.left():
            self._move(number, 1)
        elif x >= originals.left():
            self._move(number, 0)
        else:
            self._move(number, self._column)
            self.toggle(number)

    def event(self, event: QEvent) -> bool:
        """Show the whole name of a paper that is cut."""
        if event.type() == QEvent.Type.ToolTip:
            point: QPoint = event.pos()  # type: ignore[attr-defined]
            number = self._row_at(point.y())
            if number is not None:
                QToolTip.showText(event.globalPos(), plain_tip(self._rows[number].name), self)  # type: ignore[attr-defined]
            return True
        return super().event(event)

    # Looks

    def sizeHint(self) -> QSize:
        """Return the height of all rows: a form scrolls, its lists don't."""
        height = self._tops[-1] or metrics().row_height
        return QSize(metrics().px(420), height + metrics().ring)

    def minimumSizeHint(self) -> QSize:
        """Keep every row in sight."""
        return QSize(metrics().px(260), self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the row under the keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it again."""
        super().focusOutEvent(event)
        self._fresh = True
        if event.reason() not in _STAYING:
            self.validate()
        self.update()

    def lines_of(self, number: int) -> list[str]:
        """Return a paper's name as it is shown: whole over a few lines, or cut at their end."""
        return self._lines[number]

    def _names_room(self) -> int:
        """Return what a name has beside its box and its counts."""
        return self.width() - metrics().step(9) - 2 * metrics().px(_COUNT_WIDTH)

    def _measure(self) -> None:
        """Break the names anew; the list is as high as they need."""
        letters, room = QFontMetrics(theme().font()), self._names_room()
        self._lines = [_broken(_marked(row), letters, room) for row in self._rows]
        more = letters.height()
        heights = [metrics().row_height + more * (len(lines) - 1) for lines in self._lines]
        self._tops = list(accumulate(heights, initial=0))
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the names for the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    def _row_area(self, number: int) -> QRect:
        top, below = self._tops[number : number + 2]
        return QRect(0, top, self.width(), below - top)

    def _row_at(self, y: int) -> int | None:
        number = bisect(self._tops, y) - 1
        return number if 0 <= number < len(self._rows) else None

    def _count_area(self, number: int, column: int) -> QRect:
        width, area = metrics().px(_COUNT_WIDTH), self._row_area(number)
        return QRect(area.right() - width * (2 - column) + 1, area.top(), width, area.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number in range(len(self._rows)):
            self._paint_row(painter, number)
        painter.end()

    def _paint_row(self, painter: QPainter, number: int) -> None:
        row, palette, measures = self._rows[number], colours(), metrics()
        area = self._row_area(number)
        here = self.hasFocus() and number == self._row
        if here:
            painter.fillRect(area, QColor(palette.accent_tint))
        self._paint_box(painter, area, is_checked=row.is_checked)
        left = measures.step(8)
        room = QRect(left, area.top(), self._names_room(), area.height())
        painter.setFont(theme().font())
        painter.setPen(QColor(palette.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, "\n".join(self.lines_of(number)))
        for column, count in enumerate((row.originals, row.copies)):
            self._paint_count(painter, number, column, count, here=here)
        if here:
            painter.setPen(QPen(QColor(palette.accent), measures.ring))
            inset = measures.ring // 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                area.adjusted(inset, inset, -inset, -inset), measures.radius, measures.radius
            )

    def _paint_box(self, painter: QPainter, area: QRect, *, is_checked: bool) -> None:
        palette, measures = colours(), metrics()
        edge = measures.step(4)
        box = QRect(measures.step(2), area.top() + (area.height() - edge) // 2, edge, edge)
        painter.setPen(QPen(QColor(palette.accent if is_checked else palette.field_line), 1.2))
        painter.setBrush(QColor(palette.accent if is_checked else palette.base))
        painter.drawRoundedRect(box, measures.step(0.75), measures.step(0.75))
        if is_checked:
            painter.setPen(QPen(QColor(palette.on_accent), measures.px(2)))
            points = [(0.22, 0.52), (0.43, 0.72), (0.8, 0.3)]
            marks = [
                QPoint(box.x() + round(edge * x), box.y() + round(edge * y)) for x, y in points
            ]
            painter.drawLine(marks[0], marks[1])
            painter.drawLine(marks[1], marks[2])

    def _paint_count(
        self, painter: QPainter, number: int, column: int, count: int, *, here: bool
    ) -> None:
        palette = colours()
        area = self._count_area(number, column).adjusted(0, 0, -metrics().step(2), 0)
        chosen = here and column == self._column
        painter.setPen(QColor(palette.text if count else palette.muted))
        painter.setFont(theme().font(strong=chosen))
        kind = self.tr("bản chính") if column == 0 else self.tr("bản sao")
        text = f"{count or '–'} {kind}"
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        if chosen:
            width = painter.fontMetrics().horizontalAdvance(text)
            base = area.center().y() + metrics().step(2.5)
            painter.setPen(QPen(QColor(palette.accent), metrics().ring))
            painter.drawLine(area.right() - width, base, area.right(), base)

    def current(self) -> tuple[int, int]:
        """Return the row and count under the keys."""
        return self._row, self._column

    def set_current(self, row: int, column: int = 0) -> None:
        """Put the keys on a row and count."""
        if 0 <= row < len(self._rows):
            self._move(row, column)
