from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest

from counter_app.ui.even_figures import EvenFigures, Widths, set_figures
from counter_app.ui.fields import show_date
from counter_app.ui.tables import (
    ROW_ROLE,
    SORT_ROLE,
    TONE_ROLE,
    Column,
    RowTableModel,
    TableView,
)
from counter_app.ui.theme import metrics, theme


class Row(NamedTuple):
    code: str
    name: str
    due_on: date | None


COLUMNS = [
    Column("Mã", "code", figures=True, width=190),
    Column("Người nộp", lambda row: row.name, tone=lambda row: "danger"),
    Column("Hẹn trả", "due_on", show=show_date, align_right=True),
]
ROWS = [Row(f"{n:04d}", f"Người {n}", date(2026, 11, 1 + n % 28)) for n in range(120)]


class Source:
    """Hands rows out by key and counts how often it was asked."""

    def __init__(self, rows=ROWS):
        self.rows = rows
        self.calls = []

    def __call__(self, after, count):
        self.calls.append(after.code if after else None)
        start = 0 if after is None else self.rows.index(after) + 1
        return self.rows[start : start + count]


@pytest.fixture
def model(qapp):
    return RowTableModel(COLUMNS)


def test_the_model_keeps_qts_rules_with_all_rows(model, qtmodeltester):
    model.set_rows(ROWS[:20])
    qtmodeltester.check(model)


def test_the_model_keeps_qts_rules_while_it_fetches(model, qtmodeltester):
    model.set_source(Source())
    qtmodeltester.check(model)
    model.fetchMore()
    qtmodeltester.check(model)


def test_rows_are_fetched_by_the_last_key_until_a_page_is_short(model):
    source = Source()
    model.set_source(source, page=50)
    assert model.rowCount() == 50
    while model.canFetchMore():
        model.fetchMore()
    assert source.calls == [None, "0049", "0099"]
    assert model.rows() == ROWS
    model.fetchMore()
    assert len(source.calls) == 3


def test_a_page_that_ends_exactly_at_the_end_asks_once_more_and_stops(model):
    source = Source(ROWS[:100])
    model.set_source(source, page=50)
    while model.canFetchMore():
        model.fetchMore()
    assert model.rowCount() == 100
    assert len(source.calls) == 3


def test_cells_give_text_value_row_and_tone(model):
    model.set_rows([Row("0007", "Ánh", date(2026, 11, 26)), Row("0008", "Bình", None)])
    due = model.index(0, 2)
    assert due.data() == "26/11/2026"
    assert due.data(SORT_ROLE) == date(2026, 11, 26)
    assert due.data(ROW_ROLE).code == "0007"
    assert model.index(0, 1).data(TONE_ROLE) == "danger"
    assert model.index(1, 2).data() == ""


def test_sorting_compares_values_and_puts_the_empty_ones_last(model):
    rows = [
        Row("1", "Ấ", None),
        Row("2", "B", date(2026, 12, 1)),
        Row("3", "C", date(2026, 2, 9)),
    ]
    model.set_rows(rows)
    model.sort(2, Qt.SortOrder.AscendingOrder)
    assert [row.code for row in model.rows()] == ["3", "2", "1"]


def test_a_fetched_list_keeps_the_order_of_its_key(model):
    model.set_source(Source(), page=50)
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert model.rows() == ROWS[:50]


@pytest.fixture
def view(model, desk):
    view = TableView(empty_text="Hôm nay chưa có hồ sơ nào.")
    view.set_model(model)
    desk(view)
    return view


def test_enter_and_double_click_open_the_row(view, model, qtbot):
    model.set_rows(ROWS[:5])
    view.select_row(2)
    with qtbot.waitSignal(view.row_opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [ROWS[2]]
    with qtbot.waitSignal(view.row_opened):
        view.doubleClicked.emit(model.index(3, 0))


def test_moving_tells_the_row_under_the_cursor(view, model, qtbot):
    model.set_rows(ROWS[:5])
    view.select_row(0)
    with qtbot.waitSignal(view.row_selected) as selected:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert selected.args == [ROWS[1]]
    assert view.current_row() == ROWS[1]


def test_ctrl_c_copies_the_row_as_one_line(view, model):
    model.set_rows(ROWS[:2])
    view.select_row(1)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0001\tNgười 1\t02/11/2026"


def test_scrolling_down_fetches_what_is_missing(view, model):
    model.set_source(Source(), page=50)
    view.scrollToBottom()
    view.scrollToBottom()
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert model.rowCount() > 50


class _Watched(TableView):
    """Notes how much of it was painted."""

    def __init__(self):
        super().__init__()
        self.painted = []

    def paintEvent(self, event):
        self.painted.append(event.region().boundingRect())
        super().paintEvent(event)


def test_scrolling_paints_only_the_rows_that_come_into_sight(desk, model, qtbot):
    model.set_rows(ROWS)
    view = _Watched()
    view.set_model(model)
    window = desk(view)
    # A mouse that stands over the rows, where another test may have left it, marks the one below
    # it anew at each scroll; what waits to be painted isn't moved.
    QTest.mouseMove(window, QPoint(1, 1))
    rows = iter(range(3, len(ROWS), 3))

    def scrolling_painted_three_rows():
        QGuiApplication.processEvents()
        view.painted.clear()
        view.verticalScrollBar().setValue(next(rows))
        qtbot.waitUntil(lambda: bool(view.painted))
        return [area.height() for area in view.painted] == [3 * metrics().row_height]

    # What else is under way, its first painting above all, may paint it whole a few times.
    qtbot.waitUntil(scrolling_painted_three_rows)
    seen = window.screen().grabWindow(window.winId()).toImage()
    window.repaint()
    assert window.screen().grabWindow(window.winId()).toImage() == seen


def test_rows_have_one_height_and_the_last_column_takes_the_rest(view, model):
    model.set_rows(ROWS[:5])
    assert view.rowHeight(0) == metrics().row_height
    assert view.columnWidth(0) == metrics().px(190)
    assert view.horizontalHeader().stretchLastSection()


def test_a_table_that_is_entered_marks_the_row_it_stands_on(desk, qtbot, view, model):
    model.set_rows(ROWS[:5])
    desk(view)
    view.clearFocus()
    view.clearSelection()
    view.setFocus()
    assert [index.row() for index in view.selectionModel().selectedRows()] == [0]


def test_an_empty_table_says_what_that_means(view, model):
    model.set_rows([])
    view.set_empty_text("")
    silent = view.viewport().grab().toImage()
    view.set_empty_text("Hôm nay chưa có hồ sơ nào.")
    assert view.viewport().grab().toImage() != silent


def test_a_table_paints_long_texts_and_every_tone(view, model):
    model.set_rows([Row("TAM-01-261123-0001" * 3, "Nguyễn " * 40, None)])
    view.select_row(0)
    assert not view.grab().toImage().isNull()


def test_a_name_that_looks_like_markup_is_drawn_as_it_was_typed(view, model):
    drawn = []
    for name in ("<i></i>A", "A"):
        model.set_rows([Row("0001", name, None)])
        drawn.append(view.viewport().grab().toImage())
    assert drawn[0] != drawn[1]


def test_an_invalid_index_has_nothing_to_say(model):
    assert model.data(QModelIndex()) is None
    assert model.headerData(9, Qt.Orientation.Horizontal) is None


def test_a_code_that_is_cut_keeps_its_serial(qapp):
    letters = set_figures("TAM-01-261123-0005", Widths(theme().font()), 90)
    assert "…" in letters.text
    assert letters.text.startswith("TAM")
    assert letters.text.endswith("0005")
    assert letters.width <= 91
    assert len(letters.lefts) == len(letters.text)
    assert list(letters.lefts) == sorted(letters.lefts)


def test_figures_stand_under_each_other_whatever_their_own_widths(qapp):
    ones, noughts = (set_figures(f"TAM-{d * 6}", Widths(theme().font()), 200) for d in "10")
    assert ones.width == noughts.width


@pytest.mark.parametrize("text", ["TAM-01-261123-0005", "漢-01"])
def test_a_text_is_drawn_the_same_the_second_time_and_at_the_side_asked_for(qapp, text):
    figures, drawn = EvenFigures(theme().font()), []
    for is_right in (False, False, True):
        image = QImage(240, 30, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setFont(theme().font())
        figures.draw(painter, QRect(10, 0, 220, 30), text, is_right=is_right)
        painter.end()
        dark = [
            x for x in range(240) if any(image.pixelColor(x, y).value() < 128 for y in range(30))
        ]
        drawn.append((min(dark), max(dark)))
    assert drawn[0] == drawn[1]
    assert drawn[0][0] < 20
    assert drawn[2][1] > 215
