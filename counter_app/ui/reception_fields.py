"""Small widgets of the reception form: fields that keep a warning, quiet lines and folds."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QTextLayout,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from counter_app.ui.buttons import ActionButton
from counter_app.ui.checklist import CheckList, CheckRow
from counter_app.ui.choices import SearchChoice
from counter_app.ui.fields import HINT, Note, NumberField, set_tone
from counter_app.ui.icons import set_icon
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip


class StandingNumber(NumberField):
    """A number beside which what the house found out about it stays until it is edited.

    A field judges itself anew whenever the focus leaves it; a word about a known person must
    outlive that.
    """

    _standing: Note | None = None

    def stand(self, note: Note | None) -> None:
        """Show words until the text is edited; an error of the field's own goes first."""
        self._standing = note
        self.validate()

    def judge(self) -> Note | None:
        """Return the field's own error, else what was found out about its value."""
        return _graver(super().judge(), self._standing)

    def _on_text_edited(self, text: str) -> None:
        self._standing = None
        super()._on_text_edited(text)


class ProcedureField(SearchChoice):
    """The search for a procedure, beside which a warning (a duplicate) stays.

    Empty, it offers this desk's favourites; ↓ goes into them, and Enter alone takes none.
    """

    _standing: Note | None = None

    def standing(self) -> Note | None:
        """Return the words that stay."""
        return self._standing

    def stand(self, note: Note | None) -> None:
        """Show words until another procedure is looked for."""
        self._standing = note
        self.validate()

    def judge(self) -> Note | None:
        """Return the field's own error, else what was found out about its value."""
        return _graver(super().judge(), self._standing)

    def _on_text_edited(self, text: str) -> None:
        self._standing = None
        super()._on_text_edited(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer the favourites to whoever comes to the empty field."""
        super().focusInEvent(event)
        if not self.text() and event.reason() in _COMING and not self.isReadOnly():
            self.open_matches()


_COMING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.OtherFocusReason,
    Qt.FocusReason.MouseFocusReason,
)


def _graver(own: Note | None, standing: Note | None) -> Note | None:
    return standing if standing and (own is None or own.tone == HINT) else own


class Hairline(QWidget):
    """A line between two parts of a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """One pixel high, with air around it."""
        super().__init__(parent)
        self.setFixedHeight(metrics().step(2) + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line in the middle."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() // 2, self.width(), 1, QColor(colours().line))
        painter.end()


class ElidedLabel(QLabel):
    """One line that is cut with … where the room ends; the tooltip has it whole."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """Start empty; ``mode`` says where it is cut."""
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show a line and keep it whole in the tooltip."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, left, self.shown_text())
        painter.end()

    def shown_text(self) -> str:
        """Return what can be read."""
        width = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), self._mode, width)


class TwoLines(ElidedLabel):
    """A sentence in one line or, where it is too long for one, in two lines of the small font."""

    def shown_lines(self) -> list[str]:
        """Return what can be read: the lines as they are painted."""
        return self._lines(self._face())

    def is_cut(self) -> bool:
        """Say whether a part of the sentence can't be read."""
        return " ".join(self.shown_lines()).split() != self.text().split()

    def _face(self) -> QFont:
        one_line = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        return self.font() if one_line else theme().font(metrics().small_size)

    def _lines(self, face: QFont) -> list[str]:
        room = self.contentsRect().width()
        layout = QTextLayout(self.text(), face)
        layout.beginLayout()
        first = layout.createLine()
        if first.isValid():
            first.setLineWidth(room)
        layout.endLayout()
        if not first.isValid():
            return []
        end = first.textLength()
        rest = self.text()[end:]
        if not rest:
            return [self.text()]
        mode = Qt.TextElideMode.ElideRight
        return [self.text()[:end].rstrip(), QFontMetrics(face).elidedText(rest, mode, room)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines in the middle of the height."""
        face = self._face()
        lines = self._lines(face)
        painter = QPainter(self)
        painter.setFont(face)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        height = QFontMetrics(face).height()
        top = room.top() + (room.height() - height * len(lines)) // 2
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for number, line in enumerate(lines):
            place = QRect(room.left(), top + number * height, room.width(), height)
            painter.drawText(place, left, line)
        painter.end()


class FoldButton(ActionButton):
    """A verbless button that opens a folded part of the form; only keys and the mouse reach it."""

    def __init__(self, text: str, *, key: str, parent: QWidget | None = None) -> None:
        """Start folded."""
        super().__init__(text, parent, key=key, kind="quiet")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_state(is_open=False, holds="")

    def show_state(self, *, is_open: bool, holds: str) -> None:
        """Point down when open; a closed part that holds something says so in its tooltip."""
        name = "chevron-down" if is_open else "chevron-right"
        set_icon(self, name, "accent" if holds else "muted")
        self.setToolTip(plain_tip(holds))
        font = theme().font(strong=bool(holds) and not is_open)
        self.setFont(font)


class DocumentList(QWidget):
    """The papers of the dossier, two rows high at least: choosing doesn't shake the form."""

    changed = Signal()
    _LEAST_ROWS = 2

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start empty, with a word about what will stand here."""
        super().__init__(parent)
        self.list = CheckList()
        self.list.changed.connect(self._on_changed)
        self._empty = QLabel(self.tr("Chọn thủ tục thì thành phần hồ sơ hiện ở đây."))
        set_tone(self._empty, HINT)
        self._empty.setFixedHeight(metrics().row_height)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty)
        column.addWidget(self.list)
        column.addStretch(1)
        self.setMinimumHeight(metrics().row_height * self._LEAST_ROWS + metrics().ring)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_rows([], empty=self._empty.text())

    def set_rows(self, rows: list[CheckRow], *, empty: str) -> None:
        """Replace the papers; ``empty`` is said when there are none."""
        self.list.set_rows(rows)
        self._empty.setText(empty)
        self._show()

    def _show(self) -> None:
        has_rows = bool(self.list.rows())
        self.list.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        policy = Qt.FocusPolicy.StrongFocus if has_rows else Qt.FocusPolicy.NoFocus
        self.list.setFocusPolicy(policy)
        self.updateGeometry()

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """Return the height of the rows, three at least."""
        rows = max(self._LEAST_ROWS, len(self.list.rows()))
        return QSize(metrics().px(420), rows * metrics().row_height + metrics().ring)


class Heading(QWidget):
    """A part's name in the strong weight, with room for quiet words and buttons at its right."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """``text`` is the name."""
        super().__init__(parent)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(metrics().step(1))
        name = QLabel(text)
        name.setFont(theme().font(strong=True))
        self._line.addWidget(name)
        self.words = TwoLines()
        self._line.addWidget(self.words, 1)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right."""
        self._line.addWidget(widget)
