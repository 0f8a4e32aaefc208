"""Own line icons: 20 px, one stroke width, drawn in the colour they are asked for."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from counter_app import paths
from counter_app.ui.theme import colours, metrics


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
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    data = QByteArray(_source(name).replace("currentColor", colour).encode("utf-8"))
    painter = QPainter(image)
    QSvgRenderer(data).render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: str | None = None, size: int | None = None) -> QIcon:
    """Return an icon in the text's colour (or ``colour``), greyed when disabled."""
    edge = size or metrics().icon
    result = QIcon(pixmap(name, colour or colours().text, edge))
    result.addPixmap(pixmap(name, colours().muted, edge), QIcon.Mode.Disabled)
    return result
