"""The acts a dossier can take next, as tiles with their keys; greyed ones say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from counter_app.domain.dossier import Move, Status, wanted_move
from counter_app.domain.facts import DossierFacts, NextAct
from counter_app.ui.fields import ENTER_KEYS
from counter_app.ui.theme import colours, metrics, theme
from counter_app.ui.tips import plain_tip
from counter_app.ui.translation import in_window, reason_in_window
from counter_app.ui.words import short_reason

# No bare letters and no Ctrl+Shift: those belong to the Vietnamese keyboards. Ctrl+R prints again
# on every page.
ACT_KEYS: dict[Move, str] = {
    Move.FORWARD: "Ctrl+H",
    Move.COMPLETE: "Ctrl+G",
    Move.RETURN: "Ctrl+T",
    Move.RESCHEDULE: "Ctrl+N",
    Move.EXPLAIN: "Ctrl+I",
    Move.SET_OFFICIAL_CODE: "Ctrl+M",
    Move.PRINT: "Ctrl+R",
    Move.UNDO: "Ctrl+O",
    Move.RESUBMIT: "Ctrl+E",
    Move.PAID: "Ctrl+P",
    Move.COMPETENT_RECEIVED: "Ctrl+Q",
}
# These end a wait: they stand here only while the dossier waits for them.
_SITUATIONAL = frozenset({Move.RESUBMIT, Move.PAID, Move.COMPETENT_RECEIVED})
MORE_KEY = "Ctrl+Y"
_COLUMNS = 2
# Under the others; two in one cell would lose the space above them, hidden rows take none.
_PLACES = {Move.RESUBMIT: (4, 0), Move.PAID: (5, 0), Move.COMPETENT_RECEIVED: (6, 0)}


def wanted_act(facts: DossierFacts) -> Move | None:
    """Return the one act a dossier's state wants now (F9), None if it wants none."""
    state = facts.state
    if state["is_void"]:
        return None
    return wanted_move(
        facts.status,
        is_handed_back=state["returned_at"] is not None,
        awaits_competent=bool(state["competent_unit"]) and state["legal_due_at"] is None,
    )


class ActTile(QPushButton):
    """One act: verb left, key right; greyed, its reason stands under the verb."""

    def __init__(self, move: Move, parent: QWidget | None = None) -> None:
        """Start without a verb."""
        super().__init__(parent)
        self.move_ = move
        self.verb = ""
        self.reason = ""
        self.key = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(metrics().step(10.5))

    def set_act(self, verb: str, *, key: str, reason: str, tip: str, is_wanted: bool) -> None:
        """Show an act, its key and why it can't be done now."""
        self.verb, self.reason = verb, reason
        self.key = QKeySequence("F9" if is_wanted else key).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        self.setEnabled(not reason)
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(verb)
        self.setAccessibleDescription(tip or self.key)
        kind = "main" if is_wanted and not reason else ""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self.update()

    def sizeHint(self) -> QSize:
        """Give way to the grid."""
        return QSize(metrics().px(160), metrics().step(10.5))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then verb, key and reason."""
        super().paintEvent(event)
        palette, measures = colours(), metrics()
        painter = QPainter(self)
        edge = measures.step(3)
        area = self.rect().adjusted(edge, 0, -edge, 0)
        if self.reason:
            self._paint_greyed(painter, area)
        else:
            is_main = self.property("kind") == "main"
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.setFont(theme().font(measures.small_size))
            painter.setPen(QColor(palette.on_accent if is_main else palette.muted))
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, self.key)
            room = painter.fontMetrics().horizontalAdvance(self.key) + measures.step(2)
            painter.setFont(theme().font(strong=is_main))
            painter.setPen(QColor(palette.on_accent if is_main else palette.text))
            text = painter.fontMetrics().elidedText(
                self.verb, Qt.TextElideMode.ElideRight, area.width() - room
            )
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _paint_greyed(self, painter: QPainter, area: QRect) -> None:
        measures = metrics()
        painter.setPen(QColor(colours().muted))
        painter.setFont(theme().font())
        half = measures.step(1)
        upper = area.adjusted(0, half, 0, -area.height() // 2 + half // 2)
        lower = area.adjusted(0, area.height() // 2 - half // 2, 0, -half)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for box, text, font in (
            (upper, self.verb, theme().font()),
            (lower, self.reason, theme().font(measures.small_size)),
        ):
            painter.setFont(font)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, flags, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused tile."""
        if event.key() in ENTER_KEYS:
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)


def _can_be_pressed(tile: ActTile) -> bool:
    return tile.isEnabled() and not tile.isHidden()


class ActTiles(QWidget):
    """The tiles in two columns, always in the same order; arrows move between them."""

    act_requested = Signal(object)  # Move
    more_requested = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, keys: Mapping[Move, str] = ACT_KEYS
    ) -> None:
        """Make one tile per act; the page's own tiles lead to the further acts too."""
        super().__init__(parent)
        self._keys = keys
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(metrics().step(2))
        self._tiles: dict[Move, ActTile] = {}
        for number, move in enumerate(keys):
            tile = ActTile(move)
            tile.clicked.connect(self._on_tile_clicked)
            row, place = _PLACES.get(move, divmod(number, _COLUMNS))
            self._grid.addWidget(tile, row, place)
            self._grid.setColumnStretch(place, 1)
            tile.setVisible(move not in _SITUATIONAL)
            self._tiles[move] = tile
        self.more = self._make_more() if keys is ACT_KEYS else None
        if self.more is None:  # a window opens at two thirds of the screen, which squeezed them
            for row in range(self._grid.rowCount()):
                self._grid.setRowMinimumHeight(row, metrics().step(10.5))

    def _make_more(self) -> ActTile:
        more = ActTile(Move.CORRECT)
        more.set_act(self.tr("Việc khác…"), key=MORE_KEY, reason="", tip="", is_wanted=False)
        more.clicked.connect(self.more_requested)
        self._grid.addWidget(more, self._grid.rowCount(), 0, 1, _COLUMNS)
        return more

    def set_facts(self, facts: DossierFacts) -> None:
        """Show what can be done with this dossier now."""
        wanted = wanted_act(facts)
        for act in facts.acts:
            tile = self._tiles.get(act.move)
            if tile is None:
                continue
            tile.setVisible(act.move not in _SITUATIONAL or not act.why_not or act.is_beyond_role)
            tile.set_act(
                self._verb(act, facts),
                key=self._keys[act.move],
                reason=short_reason(facts, act) if act.why_not else "",
                tip=reason_in_window(act.why_not),
                is_wanted=act.move is wanted,
            )

    def _verb(self, act: NextAct, facts: DossierFacts) -> str:
        if act.move is Move.PRINT:
            has_one = any(paper.kind == "receipt" for paper in facts.papers)
            return self.tr("In lại giấy tiếp nhận") if has_one else self.tr("In giấy tiếp nhận")
        if act.move is Move.COMPLETE:
            return self.tr("Ghi có kết quả")
        if act.move is Move.COMPETENT_RECEIVED:
            return self.tr("Nơi thẩm quyền đã nhận")
        if act.move is Move.FORWARD and facts.status is Status.PROCESSING:
            return self.tr("Chuyển nơi khác")
        return in_window(act.label)

    def tile(self, move: Move) -> ActTile:
        """Return one tile."""
        return self._tiles[move]

    def focus_first(self) -> None:
        """Put the focus on the wanted act, else on the first possible one."""
        tiles: Sequence[ActTile] = self._all()
        usable = [tile for tile in tiles if _can_be_pressed(tile)]
        wanted = [tile for tile in usable if tile.property("kind") == "main"]
        for tile in (wanted or usable)[:1]:
            tile.setFocus(Qt.FocusReason.TabFocusReason)

    def _all(self) -> list[ActTile]:
        return [*self._tiles.values(), *([self.more] if self.more is not None else [])]

    def _on_tile_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, ActTile):
            self.act_requested.emit(tile.move_)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbour that can be pressed."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -_COLUMNS,
            Qt.Key.Key_Down: _COLUMNS,
        }
        step = steps.get(Qt.Key(event.key()), 0)
        tiles = self._all()
        at = next((i for i, tile in enumerate(tiles) if tile.hasFocus()), -1)
        if not step or at < 0:
            super().keyPressEvent(event)
            return
        target = at + step
        while 0 <= target < len(tiles) and not _can_be_pressed(tiles[target]):
            target += step
        if 0 <= target < len(tiles):
            tiles[target].setFocus(Qt.FocusReason.TabFocusReason)
        event.accept()
