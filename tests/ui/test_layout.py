"""No page and no dialog cuts or covers a text, in both palettes, at every size that is promised."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counter_app.bootstrap import open_app
from counter_app.services import catalogue, demo, lookup
from counter_app.ui.act_forms import DIALOGS, make_dialog
from counter_app.ui.desk import Desk
from counter_app.ui.tables import Column, RowTableModel, TableView
from counter_app.ui.theme import DARK, LIGHT, apply_theme
from counter_app.ui.wizard import SetupWizard, wizard_calls
from tests.ui.fakes import FakeInteraction
from tests.ui.layout_check import hidden_main_act, problems, too_large, unnamed
from tests.ui.patience import PATIENCE
from tests.ui.window_walk import DESK_DIALOGS, PAGES

NOW = datetime(2026, 11, 23, 9, 40)
SIZES = ((1280, 720), (1366, 768))
CARD = (
    "045192007777|191234567|Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Khánh Ngọc Ánh Dương|30121992"
    "|Nữ|Thôn Nghĩa Hy, xã Cam Lộ, tỉnh Quảng Trị|10052021"
)
PROCEDURE = "1.004873"
# What is too much for the smallest screen with the largest letters moves under the hand there, as
# the groups of the settings do with any larger letters.
_SCROLLED = {("at_risk", 150, (1280, 720))}


def _name(look):
    return f"{look[0]}-{'dark' if look[1] is DARK else 'light'}"


class Patient(FakeInteraction):
    """Says yes to whatever is asked."""

    def _answer(self, question):
        self.asked.append(question)
        return True


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    folder = tmp_path_factory.mktemp("week")
    app = open_app(data=str(folder), environment={})
    demo.fill(app.store, "week", now=NOW)
    catalogue.confirm_procedure(
        app.store, code=PROCEDURE, decision="QĐ 01/QĐ-UBND (ví dụ)", on=NOW.date()
    )
    app.store.close()
    return folder / "counter.db"


@pytest.fixture(
    scope="module", params=[(100, LIGHT), (100, DARK), (150, LIGHT), (150, DARK)], ids=_name
)
def look(request, qapp):
    scale, palette = request.param
    apply_theme(qapp, scale=scale / 100, palette=palette)
    yield request.param
    apply_theme(qapp)


class Windows(QObject):
    """Remembers what is shown as a window."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


@pytest.fixture(scope="module")
def desk(look, week, tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    (folder / "counter.db").write_bytes(week.read_bytes())
    opened = open_app(data=str(folder), environment={})
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=Patient(),
    )
    desk.window.resize(*SIZES[0])
    windows = Windows()
    QApplication.instance().installEventFilter(windows)
    desk.window.show()
    for key in PAGES:
        desk.window.show_page(key)
    QApplication.instance().removeEventFilter(windows)
    desk.windows_shown = windows.shown
    yield desk
    desk.window.hide()
    desk.close()
    opened.store.close()
    # Its scanner listens to the whole application: left alive, it would take other tests' keys.
    shiboken6.delete(desk.window)


def settle(until=lambda: True):
    end = time.monotonic() + PATIENCE
    QApplication.processEvents()
    while not until():
        assert time.monotonic() < end, "what was waited for didn't come"
        time.sleep(0.005)
        QApplication.processEvents()
    for _ in range(4):  # a layout asks the one above it, which asks again
        QApplication.processEvents()


def fill_reception(page):
    page.take_card(CARD)
    choice = page.form._find_procedures("giay doc than")[0]
    page.form.procedure.set_choice(choice)
    page.form.procedure.chosen.emit(choice.value)
    settle(lambda: bool(page.card.day_label.text()))  # the card has answered


def show_dossier(page):
    settle(lambda: page.table.rows_model.rowCount() > 0)
    page.table.select_row(0)
    page._on_row_opened(page.table.current_row())
    settle(lambda: page.panel.isVisible() and page.panel.facts is not None)


def views(key, page):
    """Show a page in each of its faces and name them."""
    if key == "settings":
        for group in page.groups:
            page.chips.choose(group)
            yield group
        return
    yield "empty"
    if key == "reception":
        fill_reception(page)
        yield "filled"
    if key == "dossiers":
        show_dossier(page)
        yield "one opened"
        page._close_panel()
    if key == "apologies":
        for name in ("at_risk", "confirmed", "late"):
            page.opened_with(name)
            yield name


@pytest.mark.parametrize("key", PAGES)
def test_no_page_cuts_or_covers_a_text(key, desk, look):
    found = {}
    desk.window.show_page(key)
    page = desk.window.current_page()
    for view in views(key, page):
        for size in SIZES:
            desk.window.resize(*size)
            settle(lambda: not desk._runner.is_busy)
            told = problems(desk.window) + too_large(desk.window, *size)
            is_large = key == "settings" and look[0] > 100
            if not is_large and (view, look[0], size) not in _SCROLLED:
                told += hidden_main_act(page)
            for one in told:
                found.setdefault(one, f"{view} {size}")
    assert found == {}


def test_no_part_of_a_page_flashes_up_as_a_window_of_its_own(desk):
    assert desk.windows_shown == ["MainWindow"]


@pytest.mark.parametrize("key", PAGES)
def test_everything_that_takes_the_focus_on_a_page_has_a_name(key, desk, look):
    desk.window.show_page(key)
    page = desk.window.current_page()
    for view in views(key, page):
        settle(lambda: not desk._runner.is_busy)
        assert unnamed(page) == [], view
    assert unnamed(desk.window) == []


@pytest.mark.parametrize("name", DESK_DIALOGS)
def test_no_dialog_cuts_a_text_or_leaves_a_field_without_a_name(name, desk, look, monkeypatch):
    monkeypatch.setattr(QDialog, "exec", lambda dialog: dialog.open())
    DESK_DIALOGS[name](desk)
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
    dialog = next(one for one in dialogs if one.isVisible())
    # A long sheet makes its rows a few at a turn.
    settle(lambda: not (desk._runner.is_busy or getattr(dialog, "_to_make", ())))
    try:
        look_at(dialog)
    finally:
        dialog.close()
        settle()


@pytest.fixture(scope="module")
def open_to(week):
    """A dossier of the week for each act that one is open to."""
    app = open_app(data=str(week.parent), environment={})
    uuids = app.store.rows("SELECT uuid FROM dossier ORDER BY id")
    facts = [lookup.show(app.store, uuid, now=NOW) for (uuid,) in uuids]
    app.store.close()
    free = {act.move: one for one in reversed(facts) for act in one.acts if not act.why_not}
    return {act: free.get(act, facts[0]) for act in DIALOGS}


@pytest.mark.parametrize("act", DIALOGS, ids=lambda act: act.name)
def test_no_act_cuts_a_text_or_leaves_a_field_without_a_name(act, desk, open_to):
    desk.window.show_page("dossiers")
    calls = desk.window.current_page()._calls
    dialog = make_dialog(act, open_to[act], calls, desk._runner, desk.window)
    dialog.open()
    settle(lambda: not desk._runner.is_busy)
    try:
        look_at(dialog)
    finally:
        dialog.close()
        settle()


@pytest.mark.parametrize("is_first", [True, False], ids=["the first day", "set up before"])
def test_no_step_of_the_wizard_cuts_a_text_or_leaves_a_field_without_a_name(
    is_first, desk, look, store
):
    wizard = SetupWizard(wizard_calls(store if is_first else desk._store), desk.window)
    try:
        wizard.open()
        for number in range(len(wizard.steps)):
            wizard.show_step(number)
            settle(lambda: not desk._runner.is_busy)
            look_at(wizard)
    finally:
        wizard.close()
        settle()


def look_at(dialog):
    assert unnamed(dialog) == []
    assert problems(dialog) == []
    assert dialog.width() <= SIZES[1][0]
    assert dialog.height() <= SIZES[1][1]
    assert hidden_main_act(dialog) == []


# The checker itself: what it has to see, and what it has to leave in peace


@pytest.fixture
def bench(qtbot, qapp):
    def show(build):
        window = QWidget()
        window.resize(300, 120)
        build(window)
        qtbot.addWidget(window)
        window.show()
        settle()
        return problems(window)

    return show


def in_column(window, *widgets):
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)


def test_the_checker_sees_a_label_that_is_cut(bench):
    def build(window):
        label = QLabel("Thành phần hồ sơ", window)
        label.setFixedWidth(40)
        in_column(window, label)

    (told,) = bench(build)
    assert "Thành phần hồ sơ" in told


def test_the_checker_sees_lines_without_room_below_each_other(bench):
    def build(window):
        label = QLabel("Mỗi ô tự lưu khi rời ô. " * 5, window)
        label.setWordWrap(True)
        label.setFixedHeight(20)
        in_column(window, label)

    (told,) = bench(build)
    assert "in height" in told


def test_the_checker_sees_a_button_and_a_hint_that_are_cut(bench):
    def build(window):
        button, field = QPushButton("Phát hành văn bản này"), QLineEdit()
        field.setPlaceholderText("để trống: theo tên thủ tục")
        for widget in (button, field):
            widget.setFixedWidth(60)
        in_column(window, button, field)

    assert len(bench(build)) == 2


def test_the_checker_sees_a_code_that_is_cut(bench):
    def build(window):
        table = TableView()
        column = Column("Mã hồ sơ", str, width=80, figures=True)
        table.set_model(RowTableModel([column, Column("Họ tên", str)], table))
        table.model().set_rows(["H50.19.57-261116-0131"])
        in_column(window, table)

    (told,) = bench(build)
    assert "of “H50.19.57-261116-0131”" in told


def test_the_checker_sees_texts_over_each_other_and_out_of_their_parent(bench):
    def build(window):
        for text, x in (("Hẹn trả", 10), ("Thứ Năm", 20), ("17:00", 290)):
            label = QLabel(text, window)
            label.move(x, 10)

    told = bench(build)
    assert any("over each other" in one for one in told)
    assert any("“17:00”" in one and "leaves" in one for one in told)


def test_the_checker_looks_into_what_is_scrolled(bench):
    def build(window):
        label = QLabel("Thành phần hồ sơ")
        label.setFixedWidth(40)
        inside, area = QWidget(), QScrollArea()
        in_column(inside, label)
        area.setWidget(inside)
        in_column(window, area)

    (told,) = bench(build)
    assert "Thành phần hồ sơ" in told


def test_the_checker_sees_what_can_not_be_scrolled_to(bench):
    def build(window):
        area = QScrollArea()
        inside = QWidget()
        inside.setMinimumWidth(900)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        in_column(window, area)

    (told,) = bench(build)
    assert "right side" in told


def test_the_checker_leaves_in_peace_what_fits(bench):
    def build(window):
        line = QHBoxLayout()
        for text in ("In lại", "Hẹn lại"):
            line.addWidget(QPushButton(text))
        column = QVBoxLayout(window)
        column.addWidget(QLabel("Người nộp"))
        column.addLayout(line)

    assert bench(build) == []


def test_the_checker_sees_a_main_button_below_the_fold(qtbot, qapp):
    area = QScrollArea()
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.addSpacing(900)
    button = QPushButton("Lưu")
    button.setProperty("kind", "main")
    column.addWidget(button)
    area.setWidget(inside)
    area.resize(300, 200)
    qtbot.addWidget(area)
    area.show()
    settle()
    assert len(hidden_main_act(area)) == 1
