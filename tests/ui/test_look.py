"""The palette is chosen in the settings and changes while the window stands open."""

from __future__ import annotations

import shutil
from datetime import datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from counter_app.bootstrap import open_app
from counter_app.errors import UserError
from counter_app.services.settings import set_setting
from counter_app.ui import look
from counter_app.ui.buttons import ActionButton
from counter_app.ui.desk import Desk
from counter_app.ui.icons import recolour, set_icon
from counter_app.ui.look import wanted_palette
from counter_app.ui.printing import render_pages
from counter_app.ui.theme import DARK, LIGHT, apply_theme, colours, switch_palette
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture
def app(qapp):
    yield qapp
    qapp.styleHints().unsetColorScheme()
    apply_theme(qapp)


@pytest.fixture
def desk(qtbot, app, tmp_path, week):
    shutil.copy(week, tmp_path)
    opened = open_app(data=str(tmp_path), environment={})
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=FakeInteraction(),
    )
    qtbot.addWidget(desk.window)
    desk.start()
    yield desk
    desk.close()
    opened.store.close()


def choose(desk, name):
    desk.window.show_page("settings")
    page = desk.window.current_page()
    page.chips.choose("display")
    page.groups["display"].field("palette").set_value(name)


def ink(pixmap):
    """Return the colour of a picture's fullest point."""
    image = pixmap.toImage()
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return max((image.pixelColor(x, y) for x, y in points), key=QColor.alpha)


def is_drawn_in(colour, pixmap):
    """Say whether a picture is of a colour; thin lines are mixed and rounded a little."""
    found, wanted = ink(pixmap), QColor(colour)
    return all(
        abs(one - other) <= 3
        for one, other in zip(found.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    )


def face(target):
    return target.icon().pixmap(20, 20)


def shows(colour, panel):
    return any(colour in label.text() for label in panel.findChildren(QLabel))


def ground_of(window):
    return window.grab().toImage().pixelColor(window.width() // 2, window.height() - 40)


def test_the_choice_changes_the_open_window_and_back_again(desk):
    assert ground_of(desk.window) == QColor(LIGHT.window)
    choose(desk, "dark")
    assert colours() is DARK
    assert ground_of(desk.window) == QColor(DARK.window)
    desk.window.current_page().take_back()
    assert colours() is LIGHT
    assert ground_of(desk.window) == QColor(LIGHT.window)


def test_icons_on_buttons_and_in_fields_are_drawn_anew(app, qtbot):
    plain = ActionButton("In lại", icon="print")
    main = ActionButton("Lưu", icon="save", kind="main")
    for button in (plain, main):
        qtbot.addWidget(button)
    assert is_drawn_in(LIGHT.text, face(plain))
    switch_palette(app, DARK)
    recolour(app)
    assert is_drawn_in(DARK.text, face(plain))
    assert is_drawn_in(DARK.on_accent, face(main))
    set_icon(plain, "undo", "muted")
    assert is_drawn_in(DARK.muted, face(plain))


def test_the_search_boxs_lens_and_the_warning_follow(desk):
    choose(desk, "dark")
    [lens] = desk.window._top.search_box().actions()
    assert is_drawn_in(DARK.muted, face(lens))
    assert is_drawn_in(DARK.warning, desk.window._notices._mark.pixmap())


def test_an_open_dossiers_words_are_written_in_the_new_colours(desk, qtbot):
    desk.window.show_page("dossiers", "filter:due_soon")
    page = desk.window.current_page()
    qtbot.waitUntil(lambda: page.table.rows_model.rowCount() > 0)
    page.table.select_row(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shows(LIGHT.muted, page.panel))
    set_setting(desk._store, key="palette", value="dark")
    desk.look.follow()
    qtbot.waitUntil(lambda: shows(DARK.muted, page.panel))
    assert not shows(LIGHT.muted, page.panel)


def test_the_machines_choice_is_followed_only_when_it_is_asked_for():
    class Hints:
        scheme = Qt.ColorScheme.Dark

        def setColorScheme(self, scheme):
            self.told = scheme

        def colorScheme(self):
            return self.scheme

    hints = Hints()
    app = SimpleNamespace(styleHints=lambda: hints)
    assert wanted_palette(app, "system") is DARK
    assert hints.told == Qt.ColorScheme.Unknown, "the machine decides about its frames as well"
    assert wanted_palette(app, "light") is LIGHT
    assert hints.told == Qt.ColorScheme.Light
    hints.scheme = Qt.ColorScheme.Light
    assert wanted_palette(app, "system") is LIGHT
    assert wanted_palette(app, "dark") is DARK


def test_a_change_of_the_machine_in_the_open_window_is_followed(app, monkeypatch):
    choices = ["light"]
    keeper = look.Look(lambda: choices[-1])
    monkeypatch.setattr(look, "wanted_palette", lambda _app, _choice: DARK)
    keeper._on_scheme_changed()
    assert colours() is LIGHT, "light was chosen, whatever the machine does"
    choices.append("system")
    keeper._on_scheme_changed()
    assert colours() is DARK


def test_paper_stays_white_in_the_dark(desk, qtbot):
    choose(desk, "dark")
    desk.window.show_page("apologies", "confirmed")
    preview = desk.window.current_page().letter.preview
    qtbot.waitUntil(lambda: preview.page_count() > 0)
    sheet = preview._sheet
    corner = sheet.grab().toImage().pixelColor(sheet.width() // 2, 16)
    assert corner == QColor("#FFFFFF")
    first = next(render_pages(preview.document(), dpi=18))
    assert first.image.pixelColor(2, 2) == QColor("#FFFFFF")


def test_no_other_word_is_taken_for_a_palette(desk):
    with pytest.raises(UserError, match="light, dark, system"):
        set_setting(desk._store, key="palette", value="đen")
    assert QApplication.instance() is not None
