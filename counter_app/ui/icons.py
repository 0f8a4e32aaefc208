"""Own line icons: 20 px, one stroke width, drawn in the colour they are asked for.

An icon that was put on a widget is a picture and knows no palette. ``set_icon`` therefore writes
down which one it is and in which role, and ``recolour`` draws all of them anew.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from counter_app import paths
from counter_app.ui.theme import colours, metrics

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton

_PROPERTY = "counter_app_icon"  # name, role and edge of what was put on a widget


def icon_folder() -> Path:
    """Return the folder of the SVG files, frozen or not."""
    return paths.resources() / "icons"


@functools.cache
def _source(name: str) -> str:
    return (icon_folder() / f"{name}.svg").read_text("utf-8")


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Return one icon as a pixmap of ``size`` logical pixels, sharp on this screen."""
    # QtSvg costs a library at start; a window without icons does not pay for it.
    from PySide6.QtSvg import QSvgRenderer

    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    place, image = f"counter_app {name} {colour} {size} {ratio}", QPixmap()
    if QPixmapCache.find(place, image):  # the same few stand on every page
        return image
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    data = QByteArray(_source(name).replace("currentColor", colour).encode("utf-8"))
    painter = QPainter(image)
    QSvgRenderer(data).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    QPixmapCache.insert(place, image)
    return image


def icon(name: str, colour: str | None = None, size: int | None = None) -> QIcon:
    """Return an icon in the text's colour (or ``colour``), greyed when disabled."""
    edge = size or metrics().icon
    result = QIcon(pixmap(name, colour or colours().text, edge))
    result.addPixmap(pixmap(name, colours().muted, edge), QIcon.Mode.Disabled)
    return result


def set_icon(
    target: QAbstractButton | QAction, name: str, role: str = "text", size: int = 0
) -> None:
    """Put an icon on a button or an action, in a named colour of the palette in force."""
    target.setProperty(_PROPERTY, f"{name} {role} {size}")
    target.setIcon(icon(name, getattr(colours(), role), size or None))


def recolour(app: QApplication) -> None:
    """Draw every icon anew that ``set_icon`` put on something, after the palette changed."""
    for widget in app.allWidgets():
        for target in (widget, *widget.actions()):
            face = target.property(_PROPERTY)
            if face:
                name, role, size = str(face).split(" ")
                set_icon(target, name, role, int(size))  # type: ignore[arg-type]
