"""The look: one palette, one set of measures and a small style sheet over Qt's Fusion style.

Everything that is a length or a font size comes from ``Metrics``, so that 125 % is one number and
not a hunt through the pages. Colours are data in two palettes; ``switch_palette`` changes them
while the window stands open.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from counter_app import paths

_BASE_POINTS = 10.5
_PIXELS_PER_POINT = 96 / 72
_TITLE_RATIO = 1.25
_FONT_PACKAGE = "fontpkg_be_vietnam_pro"
_FONT_FACES = ("BeVietnamPro-Regular.ttf", "BeVietnamPro-SemiBold.ttf")


class Colours(NamedTuple):
    """The named colours of one palette, as ``#RRGGBB``; no widget knows another colour."""

    window: str  # the desk
    panel: str  # rail, top and bottom line
    base: str  # fields, tables, paper
    alternate: str  # a quiet band behind every second row, hovered rows
    text: str
    muted: str  # hints, labels, keys
    line: str  # separators; never the only sign of anything
    field_line: str  # a field's border, 3:1 against base
    accent: str
    on_accent: str
    accent_tint: str  # the chosen row, the current page
    warning: str  # marks and borders; as text use warning_text
    warning_text: str
    warning_tint: str
    danger: str
    danger_tint: str


LIGHT = Colours(
    window="#F6F4F0",
    panel="#EEEBE5",
    base="#FFFFFF",
    alternate="#FAF8F5",
    text="#23211E",
    muted="#5F5A53",
    line="#DAD5CC",
    field_line="#8F8980",
    accent="#0F6E6E",
    on_accent="#FFFFFF",
    accent_tint="#DCEBE9",
    warning="#B26A00",
    warning_text="#8A5200",
    warning_tint="#FBF0DC",
    danger="#B3261E",
    danger_tint="#FAE8E5",
)

DARK = Colours(
    window="#1F1E1C",
    panel="#282623",
    base="#191817",
    alternate="#22211F",
    text="#ECE9E4",
    muted="#B0AAA1",
    line="#3D3A36",
    field_line="#7D776E",
    accent="#4FB3B3",
    on_accent="#10201F",
    accent_tint="#1E3A39",
    warning="#E0A040",
    warning_text="#E9B25C",
    warning_tint="#3A2D17",
    danger="#F0857B",
    danger_tint="#40211E",
)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours after WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class Metrics(NamedTuple):
    """Every length and font size of the window at one scale (1.0 or 1.25)."""

    scale: float = 1.0

    def px(self, length: float) -> int:
        """Return a length given at 100 % as whole pixels at this scale."""
        return round(length * self.scale)

    def step(self, count: float = 1) -> int:
        """Return ``count`` steps of the 4 px grid."""
        return self.px(4 * count)

    @property
    def font_size(self) -> int:
        """Pixels of the base font: 10.5 pt."""
        return self.px(_BASE_POINTS * _PIXELS_PER_POINT)

    @property
    def title_size(self) -> int:
        """Pixels of a page's title, one step up."""
        return self.px(_BASE_POINTS * _PIXELS_PER_POINT * _TITLE_RATIO)

    @property
    def figure_size(self) -> int:
        """Pixels of the one large figure a card may show, two steps up."""
        return self.px(_BASE_POINTS * _PIXELS_PER_POINT * _TITLE_RATIO**2)

    @property
    def small_size(self) -> int:
        """Pixels of hints and messages."""
        return self.px(12.5)

    @property
    def field_height(self) -> int:
        """A field or button."""
        return self.px(32)

    @property
    def row_height(self) -> int:
        """A row of a table or list."""
        return self.px(30)

    @property
    def icon(self) -> int:
        """An icon's edge."""
        return self.px(20)

    @property
    def rail_width(self) -> int:
        """The rail, open."""
        return self.px(176)

    @property
    def rail_folded(self) -> int:
        """The rail, folded to icons."""
        return self.px(52)

    @property
    def radius(self) -> int:
        """The corner of a field."""
        return self.px(4)

    @property
    def ring(self) -> int:
        """The focus ring."""
        return max(2, self.px(2))


class Theme(NamedTuple):
    """What was applied: colours, measures and the font's name."""

    colours: Colours
    metrics: Metrics
    family: str
    is_tabular: bool  # the font's figures are all of one width

    def font(self, size: int | None = None, *, strong: bool = False) -> QFont:
        """Return the window's font; ``strong`` is the second and last weight."""
        font = QFont(self.family)
        font.setPixelSize(size or self.metrics.font_size)
        font.setFeature(QFont.Tag("tnum"), 1)  # ignored by a font that has none
        if strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font


class _InForce:
    """The theme of the one application there is; asked for some thousand times in a picture."""

    theme = Theme(LIGHT, Metrics(), "", is_tabular=True)


def theme() -> Theme:
    """Return the theme in force; the plain one at 100 % before ``apply_theme`` ran."""
    return _InForce.theme


def metrics() -> Metrics:
    """Return the measures in force."""
    return theme().metrics


def colours() -> Colours:
    """Return the colours in force."""
    return theme().colours


def apply_theme(
    app: QApplication, *, scale: float = 1.0, palette: Colours = LIGHT, is_dressed: bool = True
) -> Theme:
    """Give the application its style, font, palette and style sheet.

    With ``is_dressed`` off the sheet waits for ``dress``: a window that is built first and dressed
    then is looked at once by it, not at each widget that joins.
    """
    family = choose_family()
    probe = QFont(family)
    probe.setPixelSize(64)
    probe.setFeature(QFont.Tag("tnum"), 1)
    widths = QFontMetricsF(probe)
    applied = Theme(
        palette,
        Metrics(scale),
        family,
        is_tabular=abs(widths.horizontalAdvance("1") - widths.horizontalAdvance("0")) < 1,
    )
    _InForce.theme = applied
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(applied.font())
    app.setPalette(make_palette(palette))
    if is_dressed:
        dress(app)
    return applied


def dress(app: QApplication) -> None:
    """Give the application the style sheet of the theme in force."""
    app.setStyleSheet(style_sheet(theme()))


def switch_palette(app: QApplication, palette: Colours) -> bool:
    """Change the colours of the open windows; measures and fonts stay. False if nothing changed."""
    applied = theme()
    if applied.colours is palette:
        return False
    applied = applied._replace(colours=palette)
    _InForce.theme = applied
    app.setPalette(make_palette(palette))
    app.setStyleSheet(style_sheet(applied))
    return True


def choose_family() -> str:
    """Return the first family of the chain that is here, loading our own face if need be."""
    if sys.platform == "win32" and QFontDatabase.hasFamily("Segoe UI"):
        return "Segoe UI"
    spec = importlib.util.find_spec(_FONT_PACKAGE)
    if spec is not None and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations))) / "files"
        names: list[str] = []
        for face in _FONT_FACES:
            number = QFontDatabase.addApplicationFont(str(folder / face))
            names += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if names:
            return names[0]
    for family in ("Be Vietnam Pro", "Noto Sans", "DejaVu Sans"):
        if QFontDatabase.hasFamily(family):
            return family
    return QApplication.font().family()


def make_palette(palette: Colours) -> QPalette:
    """Return Qt's palette for our colours."""
    result = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, palette.window),
        (roles.WindowText, palette.text),
        (roles.Base, palette.base),
        (roles.AlternateBase, palette.alternate),
        (roles.Text, palette.text),
        (roles.PlaceholderText, palette.muted),
        (roles.Button, palette.panel),
        (roles.ButtonText, palette.text),
        (roles.ToolTipBase, palette.base),
        (roles.ToolTipText, palette.text),
        (roles.Highlight, palette.accent),
        (roles.HighlightedText, palette.on_accent),
        (roles.Accent, palette.accent),
        (roles.Link, palette.accent),
        (roles.LinkVisited, palette.accent),
        (roles.BrightText, palette.danger),
        (roles.Mid, palette.line),
    ):
        result.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.muted))
    return result


def style_sheet(applied: Theme) -> str:
    """Return the style sheet: fields, buttons, tables and the focus ring; nothing else."""
    measures = applied.metrics
    values: dict[str, str] = applied.colours._asdict()
    ring = measures.ring
    values |= {
        "ring": f"{ring}px",
        "radius": f"{measures.radius}px",
        "pad": f"{measures.step(2)}px",
        "pad_ring": f"{measures.step(2) - ring + 1}px",
        "combo": f"{measures.step(2) + 2}px",
        "combo_ring": f"{measures.step(2) - ring + 3}px",
        "wide": f"{measures.step(4)}px",
        "wide_ring": f"{measures.step(4) - ring + 1}px",
        "field": f"{measures.field_height - 2}px",
        "field_ring": f"{measures.field_height - 2 * ring}px",
        "row": f"{measures.row_height}px",
        "tile": f"{measures.step(10.5) - 2}px",
        "tile_ring": f"{measures.step(10.5) - 2 * ring}px",
        "small": f"{measures.small_size}px",
        "drop": f"{measures.step(6)}px",
        "arrow": f"{measures.step(3)}px",
        "bar": f"{measures.step(3)}px",
        "grip": f"{measures.step(8)}px",
        "box": f"{measures.step(4)}px",
        "mark": "mark-dark" if applied.colours is DARK else "mark-light",
        "half": f"{measures.step(0.5)}px",
        "icons": (paths.resources() / "icons").as_posix(),
    }
    return re.sub(r"\$(\w+)", lambda match: values[match[1]], _STYLE)


_STYLE = """
QLineEdit, QComboBox, QPlainTextEdit, QTextEdit {
  background: $base; color: $text; border: 1px solid $field_line; border-radius: $radius;
  padding: 0 $pad; min-height: $field; selection-background-color: $accent;
  selection-color: $on_accent;
}
QPlainTextEdit, QTextEdit { padding: $half; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
  border: $ring solid $accent; padding: 0 $pad_ring; min-height: $field_ring;
}
QLineEdit[tone="danger"], QComboBox[tone="danger"] { border: $ring solid $danger;
  padding: 0 $pad_ring; min-height: $field_ring; }
QLineEdit[tone="warning"], QComboBox[tone="warning"] { border: $ring solid $warning;
  padding: 0 $pad_ring; min-height: $field_ring; }
QLineEdit[tone="danger"]:focus { background: $danger_tint; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $alternate; border-color: $line; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $panel; color: $muted;
  border-color: $line; }
QComboBox { padding-left: $combo; }
QComboBox:focus, QComboBox[tone="danger"], QComboBox[tone="warning"] { padding-left: $combo_ring; }
QComboBox::drop-down { border: none; width: $drop; }
QComboBox::down-arrow { image: url($icons/chevron-down.svg); width: $arrow; height: $arrow; }
QComboBox QAbstractItemView { background: $base; border: 1px solid $field_line;
  selection-background-color: $accent_tint; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item { min-height: $row; }
QPushButton {
  background: $base; color: $text; border: 1px solid $field_line; border-radius: $radius;
  padding: 0 $wide; min-height: $field; outline: none;
}
QPushButton:hover { background: $alternate; border-color: $accent; }
QPushButton:pressed { background: $accent_tint; }
QPushButton:focus { border: $ring solid $accent; padding: 0 $wide_ring;
  min-height: $field_ring; }
QPushButton:disabled { background: $window; color: $muted; border: 1px dashed $line; }
QPushButton:checked { background: $accent_tint; border-color: $accent; }
ActTile { min-height: $tile; }
ActTile:focus { min-height: $tile_ring; }
QPushButton[kind="main"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[kind="main"]:hover { background: $accent; border-color: $text; }
QPushButton[kind="main"]:focus { border: $ring solid $text; }
QPushButton[kind="main"]:disabled { background: $panel; color: $muted; border: 1px dashed $line; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent;
  padding: 0 $pad; }
QPushButton[kind="quiet"]:hover { border-color: $field_line; }
QPushButton[kind="quiet"]:focus { border: $ring solid $accent; padding: 0 $pad_ring; }
QPushButton[kind="link"] { background: transparent; border: none; color: $muted; padding: 0;
  min-height: 0; }
QPushButton[kind="link"]:hover { color: $accent; }
QDialogButtonBox, QMessageBox, QFileDialog { dialogbuttonbox-buttons-have-icons: 0; }
QCheckBox, QRadioButton { border: $ring solid transparent; border-radius: $radius;
  padding: $half; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox::indicator { width: $box; height: $box; border: 1px solid $field_line;
  border-radius: $radius; background: $base; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
  image: url($icons/$mark.svg); }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="warning"] { color: $warning_text; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="accent"] { color: $accent; }
QTableView { background: $base; border: 1px solid $line; selection-background-color: $accent_tint;
  selection-color: $text; outline: none; }
QTableView:focus { border: $ring solid $accent; }
QTableView[kind="total"] { background: $panel; border-top: none; }
QTableView[kind="total"]:focus { border: $ring solid $accent; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: none;
  border-bottom: 1px solid $line; padding: 0 $pad; min-height: $row; }
QListWidget[kind="lines"] { background: $base; border: 1px solid $line; outline: none; }
QListWidget[kind="lines"]::item { height: $row; padding: 0 $pad; }
QListWidget[kind="lines"]::item:selected { background: $accent_tint; color: $text; }
#webStrip { background: $panel; border: 1px solid $accent; }
QToolTip { background: $base; color: $text; border: 1px solid $field_line; padding: $half; }
QMenu { background: $base; border: 1px solid $field_line; }
QMenu::item { padding: $half $wide; min-height: $drop; }
QMenu::item:selected { background: $accent_tint; color: $text; }
QScrollBar:vertical { background: transparent; width: $bar; margin: 0; }
QScrollBar:horizontal { background: transparent; height: $bar; margin: 0; }
QScrollBar::handle { background: $field_line; border-radius: $radius; margin: $half;
  min-height: $grip; min-width: $grip; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { border: none; background: transparent; }
QSplitter::handle { background: $line; }
"""
