"""The view of a scroll area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea


def see_through(area: QAbstractScrollArea) -> None:
    """Give a scroll area a view that paints no ground; before it is given its widget.

    Not by asking for Qt's own: PySide doesn't know that one and makes every kind of widget there
    is, with all enumerations, to say which kind it is.
    """
    area.setViewport(QWidget())
