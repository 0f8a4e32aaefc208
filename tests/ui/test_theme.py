from __future__ import annotations

import itertools
import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QRawFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from counter_app import paths
from counter_app.domain.text import VIETNAMESE_LETTERS
from counter_app.ui import theme
from counter_app.ui.icons import icon
from counter_app.ui.theme import DARK, LIGHT, Metrics, apply_theme, colours, contrast

INKS = ("text", "muted", "accent", "warning_text", "danger")
GROUNDS = (
    "window",
    "panel",
    "base",
    "alternate",
    "accent_tint",
    "warning_tint",
    "danger_tint",
)
both = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@both
@pytest.mark.parametrize(("ink", "ground"), [*itertools.product(INKS, GROUNDS)])
def test_every_text_can_be_read_on_every_ground(palette, ink, ground):
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@both
def test_whatever_the_style_sheet_sets_on_a_ground_can_be_read(palette):
    sheet = theme.style_sheet(theme.Theme(palette, Metrics(), "", is_tabular=True))
    pairs = {
        (ink, ground)
        for rule in re.findall(r"\{([^}]*)\}", sheet)
        for prefix in ("", "selection-")
        for ink in re.findall(rf"(?:^|[;\s]){prefix}color: (#\w{{6}})", rule)
        for ground in re.findall(rf"(?:^|[;\s]){prefix}background(?:-color)?: (#\w{{6}})", rule)
    }
    assert len(pairs) >= 5, "the pattern finds the rules"
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@both
def test_qts_own_palette_can_be_read(palette):
    roles = theme.QPalette.ColorRole
    made = theme.make_palette(palette)
    for ink, ground in (
        (roles.WindowText, roles.Window),
        (roles.Text, roles.Base),
        (roles.Text, roles.AlternateBase),
        (roles.PlaceholderText, roles.Base),
        (roles.ButtonText, roles.Button),
        (roles.ToolTipText, roles.ToolTipBase),
        (roles.HighlightedText, roles.Highlight),
        (roles.Link, roles.Window),
        (roles.BrightText, roles.Window),
    ):
        for group in (theme.QPalette.ColorGroup.Active, theme.QPalette.ColorGroup.Disabled):
            pair = (made.color(group, ink).name(), made.color(group, ground).name())
            assert contrast(*pair) >= 4.5, (ink, ground, group)


@both
def test_borders_rings_and_marks_can_be_seen(palette):
    assert contrast(palette.field_line, palette.base) >= 3
    assert contrast(palette.accent, palette.base) >= 3
    assert contrast(palette.warning, palette.base) >= 3


def test_contrast_is_that_of_the_web_guidelines():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_measures_keep_their_proportion_at_every_scale(scale):
    measures = Metrics(scale)
    assert measures.field_height == 32 * scale
    assert measures.row_height == round(30 * scale)
    assert measures.step(3) == 12 * scale
    assert measures.title_size / measures.font_size == pytest.approx(1.25, abs=0.05)


def test_the_font_holds_every_vietnamese_letter(qapp):
    raw = QRawFont.fromFont(theme.theme().font())
    assert [c for c in VIETNAMESE_LETTERS if not raw.supportsCharacter(ord(c))] == []


def test_there_are_two_weights_and_no_third(qapp):
    applied = theme.theme()
    assert applied.font().weight() == QFont.Weight.Normal
    assert applied.font(strong=True).weight() == QFont.Weight.DemiBold


def test_the_style_sheet_knows_no_colour_or_length_of_its_own():
    template = re.sub(r"\b[01]px?\b", "", theme._STYLE)
    assert re.findall(r"#[0-9A-Fa-f]{3,6}\b|\d+px", template) == []
    sheet = theme.style_sheet(theme.Theme(LIGHT, Metrics(1.25), "", is_tabular=True))
    assert "$" not in sheet


ICONS = sorted((paths.resources() / "icons").glob("*.svg"))


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_every_icon_has_one_size_and_one_stroke(path, qapp):
    source = path.read_text("utf-8")
    assert 'viewBox="0 0 20 20"' in source
    assert re.findall(r'stroke-width="([^"]+)"', source) == ["1.5"]
    assert not icon(path.stem).isNull()


def test_a_button_reached_by_tab_has_its_ring_and_no_second_box_inside(qtbot, qapp):
    apply_theme(qapp)
    holder = QWidget()
    qtbot.addWidget(holder)
    line = QHBoxLayout(holder)
    first, second = QPushButton("A"), QPushButton()
    for button in (first, second):
        button.setFixedSize(160, 32)
        line.addWidget(button)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    picture = second.grab().toImage()
    inside = {picture.pixelColor(x, 16).name() for x in range(4, 156)}
    assert inside == {colours().base.lower()}
