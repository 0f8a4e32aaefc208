"""The view of a scroll area.

Always one that was made here. Qt's own PySide doesn't know: when it is asked for, PySide makes
every kind of widget there is, with all enumerations, to say which kind it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea


def see_through(area: QAbstractScrollArea) -> None:
    """Give a scroll area a view that paints no ground; before it is given its widget."""
    area.setViewport(QWidget())


def own_view(area: QAbstractScrollArea) -> None:
    """Give a scroll area a view with the ground of what is read or filled in."""
    view = QWidget()
    view.setBackgroundRole(QPalette.ColorRole.Base)
    view.setAutoFillBackground(True)
    area.setViewport(view)
