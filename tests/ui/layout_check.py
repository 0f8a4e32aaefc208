"""Find text that is cut or covered: a look over a widget and all that is shown in it.

What is cut by design is fine when the whole stands in the tooltip. What lies outside the view of a
scroll area is fine, unless nothing scrolls there.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTableView,
    QToolTip,
    QWidget,
)

from counter_app.ui.even_figures import Widths, set_figures
from counter_app.ui.tables import FIGURES_ROLE
from counter_app.ui.theme import metrics, theme

_SLACK = 1  # rounding of a font's measure
_SHORT = 24  # letters; a choice of fewer has to be seen whole
_SLIT = 24  # less than a line
_CURSOR = 4  # the room a field keeps beside its text
_CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractScrollArea)
_INSIDE = (QComboBox, QLineEdit, QAbstractSpinBox, QScrollBar, QHeaderView)  # their own affair


def name_of(widget: QWidget) -> str:
    """Return what a reader of the test's answer finds it by."""
    text = getattr(widget, "text", None)
    words = (text() if callable(text) else "") or widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} “{words[:60]}”"


def shown(root: QWidget) -> Iterator[QWidget]:
    """Walk over what is shown under a widget, without the insides of Qt's own controls."""
    for child in root.children():
        if not isinstance(child, QWidget) or child.isWindow() or not child.isVisible():
            continue
        if child.objectName() == "qt_scrollarea_viewport":
            if isinstance(root, QScrollArea):
                yield from shown(child)
            continue
        if child.objectName().startswith("qt_scrollarea"):
            continue
        yield child
        if not isinstance(child, _INSIDE):
            yield from shown(child)


def problems(root: QWidget) -> list[str]:
    """Return a sentence for each text that is cut or covered under a widget."""
    found: list[str] = []
    for widget in [root, *shown(root)]:
        found += _cut_text(widget)
        found += _beyond_its_parent(widget, root)
        found += _covered_children(widget)
        found += _unreachable(widget)
    return found


def hidden_main_act(root: QWidget) -> list[str]:
    """Return a sentence if the button of the main act is not in full sight."""
    mains = [
        button
        for button in root.findChildren(QPushButton)
        if button.property("kind") == "main" and button.isVisible()
    ]
    return [
        f"{name_of(button)} is not in full sight"
        for button in mains
        if button.visibleRegion().boundingRect() != button.rect()
    ]


def _cut_text(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel):
        return _cut_label(widget)
    if isinstance(widget, (QPushButton, QCheckBox, QRadioButton)):
        return _cut_button(widget)
    if isinstance(widget, QComboBox):
        return _cut_choice(widget)
    if isinstance(widget, QLineEdit):
        return _cut_placeholder(widget)
    if isinstance(widget, QTableView):
        return [*_cut_headers(widget), *_cut_figures(widget)]
    if isinstance(widget, QHeaderView):
        return []
    return _squeezed(widget)


def _squeezed(widget: QWidget) -> list[str]:
    is_fixed = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Fixed
    is_button = isinstance(widget, QAbstractButton)
    least = widget.sizeHint() if is_button and is_fixed else widget.minimumSizeHint()
    if isinstance(widget, QAbstractScrollArea):
        least = QSize(_SLIT, _SLIT)  # what it holds is moved through it
    if widget.hasHeightForWidth():
        least.setHeight(0)  # its words are looked at one by one
    if widget.width() + _SLACK < least.width() or widget.height() + _SLACK < least.height():
        return [
            (
                f"{name_of(widget)} is squeezed to {widget.width()}×{widget.height()}, "
                f"it needs {least.width()}×{least.height()}"
            )
        ]
    return []


def _cut_label(label: QLabel) -> list[str]:
    if not label.text() or label.toolTip():
        return []
    if label.wordWrap():
        need = label.heightForWidth(label.width())
        widest = _widest_word(label)
        if need > label.height() + _SLACK:
            return [f"{name_of(label)} needs {need} in height and has {label.height()}"]
        if widest > label.width() + _SLACK:
            return [f"{name_of(label)} breaks a word: it has {label.width()} in width"]
        return []
    need = QLabel.sizeHint(label)
    if need.width() > label.width() + _SLACK or need.height() > label.height() + _SLACK:
        return [
            (
                f"{name_of(label)} needs {need.width()}×{need.height()} and has "
                f"{label.width()}×{label.height()}"
            )
        ]
    return []


def _widest_word(label: QLabel) -> int:
    if label.textFormat() == Qt.TextFormat.RichText or "<" in label.text():
        return 0
    measure = label.fontMetrics()
    return max((measure.horizontalAdvance(w) for w in label.text().split()), default=0)


def _cut_button(button: QPushButton | QCheckBox | QRadioButton) -> list[str]:
    need = button.sizeHint()
    if not button.text() or _paints_itself(button):
        need = button.minimumSizeHint()
    if need.width() > button.width() + _SLACK or need.height() > button.height() + _SLACK:
        return [
            (
                f"{name_of(button)} needs {need.width()}×{need.height()} and has "
                f"{button.width()}×{button.height()}"
            )
        ]
    return []


def _paints_itself(widget: QWidget) -> bool:
    """Say whether a control of ours cuts its words itself, with an ellipsis."""
    return any(
        "paintEvent" in vars(kind)
        for kind in type(widget).__mro__
        if not kind.__module__.startswith("PySide6")
    )


def _cut_choice(box: QComboBox) -> list[str]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    room = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox,
        option,
        QStyle.SubControl.SC_ComboBoxEditField,
        box,
    )
    need = box.fontMetrics().horizontalAdvance(box.currentText())
    is_told = len(box.currentText()) > _SHORT and _tip_of(box) == box.currentText()
    if need > room.width() + _SLACK and not is_told:
        return [f"{name_of(box)} cuts “{box.currentText()}”: {need} in {room.width()}"]
    return []


def _tip_of(widget: QWidget) -> str:
    """Return the tip as the hand over the widget gets it."""
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint()))
    QToolTip.hideText()
    return widget.toolTip()


def _cut_placeholder(field: QLineEdit) -> list[str]:
    words = field.placeholderText()
    if not words or field.text() or field.toolTip():
        return []
    option = QStyleOptionFrame()
    field.initStyleOption(option)
    room = field.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, field)
    margins = field.textMargins()
    icons = sum(
        1 for child in field.children() if isinstance(child, QAbstractButton) and child.isVisible()
    )
    width = room.width() - margins.left() - margins.right() - _CURSOR - icons * field.height() // 2
    need = field.fontMetrics().horizontalAdvance(words)
    if need > width:
        return [f"{name_of(field)} cuts its hint “{words}”: {need} in {width}"]
    return []


def _cut_headers(table: QTableView) -> list[str]:
    header, model = table.horizontalHeader(), table.model()
    if not header.isVisible() or model is None:
        return []
    found = []
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        need = _heading_width(header, section, words)
        tip = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        is_told = tip and header.textElideMode() == Qt.TextElideMode.ElideRight
        if need > header.sectionSize(section) and not is_told:
            found.append(f"the heading “{words}” of a table is cut")
    return found


def _cut_figures(table: QTableView) -> list[str]:
    """Say which code, day or phone of a table is cut: half of one is worse than none."""
    model = table.model()
    if model is None:
        return []
    found = {}
    for row in range(min(model.rowCount(), 40)):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if table.isColumnHidden(column) or not index.data(FIGURES_ROLE):
                continue
            words, room = str(index.data() or ""), table.columnWidth(column) - metrics().step(4)
            shown = set_figures(words, Widths(theme().font()), room).text
            if shown != words:
                found[column] = f"a table shows “{shown}” of “{words}”"
    return list(found.values())


def _heading_width(header: QHeaderView, section: int, words: str) -> int:
    """Return what a heading needs; one that may be broken needs its lines to fit."""
    role = Qt.ItemDataRole.TextAlignmentRole
    told = header.model().headerData(section, Qt.Orientation.Horizontal, role) or 0
    measure, width = header.fontMetrics(), header.sectionSize(section)
    if not int(told) & Qt.TextFlag.TextWordWrap.value:
        return measure.horizontalAdvance(words)
    place = measure.boundingRect(QRect(0, 0, width, 10_000), int(told), words)
    return place.width() if place.height() <= header.height() else width + 1


def _beyond_its_parent(widget: QWidget, root: QWidget) -> list[str]:
    parent = widget.parentWidget()
    if widget is root or parent is None or widget.isWindow():
        return []
    area = parent.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        return []
    if not parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(widget.geometry()):
        place = widget.geometry().getRect()
        return [f"{name_of(widget)} at {place} leaves {name_of(parent)} {parent.size().toTuple()}"]
    return []


def _covered_children(parent: QWidget) -> list[str]:
    if isinstance(parent, (*_INSIDE, QAbstractItemView)):
        return []
    children = [
        child
        for child in parent.children()
        if isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and not isinstance(child, (QSplitterHandle, QScrollBar))
        and (isinstance(child, _CONTROLS) or _has_words(child) or child.layout() is not None)
    ]
    found = []
    for number, first in enumerate(children):
        for second in children[number + 1 :]:
            both: QRect = first.geometry() & second.geometry()
            if both.width() > _SLACK and both.height() > _SLACK:
                found.append(f"{name_of(first)} and {name_of(second)} lie over each other")
    return found


def _has_words(widget: QWidget) -> bool:
    return isinstance(widget, QLabel) and bool(widget.text())


def _unreachable(area: QWidget) -> list[str]:
    """Say what a scroll area holds but can't scroll to."""
    if not isinstance(area, QScrollArea) or area.widget() is None:
        return []
    room, inside = area.viewport().size(), area.widget().size()
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    found = []
    if area.horizontalScrollBarPolicy() == off and inside.width() > room.width() + _SLACK:
        found.append(f"a scroll area of {name_of(area.parentWidget() or area)} cuts its right side")
    if area.verticalScrollBarPolicy() == off and inside.height() > room.height() + _SLACK:
        found.append(f"a scroll area of {name_of(area.parentWidget() or area)} cuts its foot")
    return found


def too_large(window: QWidget, width: int, height: int) -> list[str]:
    """Say if a window or dialog can't be shown on a screen of this size."""
    if isinstance(window, QDialog):
        window.adjustSize()
    if window.width() > width or window.height() > height:
        return [f"{name_of(window)} is {window.width()}×{window.height()}"]
    return []


def unnamed(root: QWidget) -> list[str]:
    """Return what can take the focus under a widget and has no name for a screen reader."""
    buddies = {label.buddy() for label in root.findChildren(QLabel) if label.buddy() is not None}
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__} has no name"
        for widget in shown(root)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not isinstance(widget, (QScrollBar, QHeaderView))
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and widget not in buddies
    ]


def corner(widget: QWidget, root: QWidget) -> QPoint:
    """Return where a widget stands in another."""
    return widget.mapTo(root, QPoint(0, 0))
