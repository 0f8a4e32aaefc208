"""What a hand does to a chart in the window."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from counter_app.domain.chart_plans import At
from counter_app.ui.chart_view import ChartView


def middle(chart: ChartView, at: At) -> QPoint:
    """Return the middle of a number's bar."""
    return chart.rect_of(at).center().toPoint()


def click(qtbot: Any, chart: ChartView, at: At) -> None:
    """Click on a bar, once it is drawn."""
    qtbot.waitUntil(lambda: chart.image is not None)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=middle(chart, at))


def tooltip(chart: ChartView, point: QPoint) -> str:
    """Rest with the mouse on a point; return what is told."""
    QApplication.sendEvent(chart, QHelpEvent(QEvent.Type.ToolTip, point, chart.mapToGlobal(point)))
    return QToolTip.text()
