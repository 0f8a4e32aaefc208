"""A chart in the window: what one points at is what opens, by mouse and by keys."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget

from counter_app.domain.chart_plans import At, promises_plan, report_plans
from counter_app.domain.figures import Figures, Group
from counter_app.domain.report_material import ChartFacts
from counter_app.errors import PaperError
from counter_app.ui import chart_board
from counter_app.ui.chart_board import ChartBoard
from counter_app.ui.chart_view import ChartView
from counter_app.ui.theme import LIGHT, apply_theme
from tests.ui.chart_hands import click, middle, tooltip
from tests.ui.dossier_fakes import InstantRunner

MONTHS = tuple(
    Group(
        f"2026-{n:02d}",
        f"Tháng {n}/2026",
        Figures(online=9 + n, resolved=n + 6, early=n, on_time=2, late=4),
    )
    for n in range(1, 7)
)
FACTS = ChartFacts(MONTHS, (5, 4, 3, 2, 1, 0, 0), (("a", "Hộ tịch", 12), ("b", "Đất đai", 7)))
PLANS = report_plans(FACTS)
DAYS = tuple((date(2026, 11, day), count) for day, count in ((23, 9), (25, 14), (26, 0)))
NAMES = ("một", "hai", "ba", "bốn")


@pytest.fixture
def window(qtbot):
    """A field above four charts of a report."""
    window = QWidget()
    column = QVBoxLayout(window)
    window.field = QLineEdit()
    window.board = ChartBoard(NAMES, InstantRunner(), in_a_row=2, low_words="chật quá")
    column.addWidget(window.field)
    column.addWidget(window.board, 1)
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.board.set_plans(PLANS)
    qtbot.waitUntil(lambda: all(chart.image is not None for chart in window.board.charts))
    return window


def colour_at(chart, point):
    ratio = chart.image.devicePixelRatio()
    at = QPointF(point) * ratio
    return chart.image.pixelColor(at.toPoint()).name().upper()


@pytest.mark.parametrize("number", range(4))
def test_every_bar_can_be_pointed_at_clicked_and_is_what_opens(window, qtbot, number):
    chart, plan = window.board.charts[number], PLANS[number]
    for at in plan.all():
        if not plan.mark(at).number:
            continue
        assert chart.at_point(QPointF(middle(chart, at))) == at
        with qtbot.waitSignal(window.board.opened) as told:
            click(qtbot, chart, at)
        assert told.args == [plan.mark(at), plan.series[at.series].name]


def test_the_places_lie_on_the_bars_of_the_picture(window):
    tones = {"strong": LIGHT.accent, "warning": LIGHT.warning, "danger": LIGHT.danger}
    for chart, plan in zip(window.board.charts, PLANS, strict=True):
        for at in plan.all():
            tone = plan.series[at.series].tone
            if plan.mark(at).number and tone in tones:
                assert colour_at(chart, middle(chart, at)) == tones[tone].upper()


def test_a_small_bar_is_opened_from_anywhere_above_it(window):
    chart = window.board.charts[0]
    rect = chart.rect_of(At(1, 0))
    top = chart.rect_of(At(0, 5)).top()
    assert chart.at_point(QPointF(rect.center().x(), top)) == At(1, 0)
    assert chart.at_point(QPointF(rect.center().x(), rect.bottom() + 8)) == At(1, 0)
    assert chart.at_point(QPointF(rect.center().x(), 4)) is None  # the title


def test_a_short_bar_is_opened_from_anywhere_beside_it(window):
    days = window.board.charts[2]
    friday = days.rect_of(At(0, 4))
    far = days.rect_of(At(0, 0)).right()
    assert days.at_point(QPointF(far, friday.center().y())) == At(0, 4)


def test_a_number_of_nothing_is_reached_by_its_name(window):
    days = window.board.charts[2]
    sunday = days.rect_of(At(0, 6))
    assert days.at_point(QPointF(5, sunday.center().y())) == At(0, 6)


def test_the_mouse_says_the_number_and_shows_a_hand(window, qtbot):
    chart = window.board.charts[1]
    point = middle(chart, At(2, 3))
    qtbot.mouseMove(chart, point)
    assert chart.cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert tooltip(chart, point) == "Tháng 4/2026: quá hạn 4 hồ sơ"
    qtbot.mouseMove(chart, QPoint(3, 3))
    assert chart.cursor().shape() is Qt.CursorShape.ArrowCursor
    tooltip(chart, QPoint(3, 3))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_press_that_is_let_go_elsewhere_opens_nothing(window, qtbot):
    chart = window.board.charts[3]
    button = Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(window.board.opened):
        qtbot.mousePress(chart, button, pos=middle(chart, At(0, 0)))
        qtbot.mouseRelease(chart, button, pos=middle(chart, At(0, 1)))
        qtbot.mousePress(chart, button, pos=QPoint(3, 3))
        qtbot.mouseRelease(chart, button, pos=middle(chart, At(0, 0)))
        qtbot.mouseClick(chart, Qt.MouseButton.RightButton, pos=middle(chart, At(0, 0)))


def test_tab_goes_into_each_chart_arrows_walk_and_enter_opens(window, qtbot):
    months, kept, days, _ = window.board.charts
    window.field.setFocus()
    QTest.keyClick(window.field, Qt.Key.Key_Tab)
    assert months.hasFocus()
    assert months.accessibleName() == "Tháng 1/2026: tiếp nhận 10 hồ sơ"
    QTest.keyClick(months, Qt.Key.Key_Right)
    assert months.accessibleName() == "Tháng 1/2026: đã giải quyết 7 hồ sơ"
    with qtbot.waitSignal(window.board.opened) as told:
        QTest.keyClick(months, Qt.Key.Key_Return)
    assert told.args[0] == PLANS[0].mark(At(1, 0))
    QTest.keyClick(months, Qt.Key.Key_Tab)
    assert kept.hasFocus()
    assert months.accessibleName() == "một"
    QTest.keyClick(kept, Qt.Key.Key_Up)
    assert kept.accessibleName() == "Tháng 1/2026: đúng hạn 2 hồ sơ"
    QTest.keyClick(kept, Qt.Key.Key_Tab)
    QTest.keyClick(days, Qt.Key.Key_Down)
    assert days.accessibleName() == "Thứ Ba: tiếp nhận 4 hồ sơ"
    with qtbot.waitSignal(window.board.opened) as told:
        QTest.keyClick(days, Qt.Key.Key_Space)
    assert told.args[0].key == "1"


def test_a_frame_shows_where_the_keys_are_and_nothing_else_moves(window):
    chart = window.board.charts[0]
    window.field.setFocus()
    before = chart.grab().toImage()
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    after = chart.grab().toImage()
    rect = chart.rect_of(At(0, 0))
    changed = [
        QPointF(x, y)
        for x in range(0, chart.width(), 2)
        for y in range(0, chart.height(), 2)
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert changed
    around = rect.adjusted(-6, -6, 6, 6)
    assert all(around.contains(point) for point in changed)
    assert not any(rect.adjusted(1, 1, -1, -1).contains(point) for point in changed)


def test_the_frame_of_a_bar_at_the_edge_is_whole(window):
    for chart in window.board.charts:
        for at in chart.plan.all():
            assert QWidget.rect(chart).toRectF().contains(chart._framed(at))


@pytest.mark.parametrize(("scale", "ratio"), [(1.0, 1.0), (1.25, 1.0), (1.0, 1.5), (1.25, 2.0)])
def test_the_picture_has_the_pixels_of_its_place(qtbot, monkeypatch, scale, ratio):
    for kind in (ChartBoard, ChartView):
        monkeypatch.setattr(kind, "devicePixelRatioF", lambda _self: ratio)
    app = QApplication.instance()
    apply_theme(app, scale=scale)
    try:
        board = ChartBoard(("một",), InstantRunner())
        qtbot.addWidget(board)
        for size in ((401, 183), (523, 300), (777, 211), (1151, 261)):
            board.resize(*size)
            board.show()
            board.set_plans(None)
            board.set_plans((promises_plan(DAYS, date(2026, 11, 23)),))
            [chart] = board.charts
            for drawn, shown in (
                (chart.image.width(), chart.width()),
                (chart.image.height(), chart.height()),
            ):
                assert drawn == round(shown * ratio)
    finally:
        apply_theme(app, scale=1.0)


def test_keys_stay_where_they_are_when_the_numbers_are_counted_anew(window):
    chart = window.board.charts[0]
    chart.setFocus()
    for _ in range(3):
        QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.at == At(1, 1)
    more = report_plans(FACTS._replace(months=MONTHS[:4]))
    window.board.set_plans(more)
    assert chart.at == At(1, 1)
    window.board.set_plans(report_plans(FACTS._replace(months=MONTHS[:1])))
    assert chart.at == At(0, 0)
    assert chart.accessibleName() == "Tháng 1/2026: tiếp nhận 10 hồ sơ"


def test_the_same_numbers_are_not_drawn_again(window, monkeypatch):
    seen = []
    monkeypatch.setattr(window.board._runner, "run", lambda *_args, **_more: seen.append(1))
    window.board.set_plans(report_plans(FACTS))
    window.board._render()
    assert seen == []
    window.board.set_plans(report_plans(FACTS._replace(weekdays=(1,) * 7)))
    assert seen == [1]


def test_without_room_or_numbers_there_is_nothing_to_reach(window, qtbot):
    chart = window.board.charts[0]
    window.board.set_plans(None)
    assert chart.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert chart.image is None
    assert not chart.accessibleDescription()
    window.board.set_plans(PLANS)
    assert chart.focusPolicy() is Qt.FocusPolicy.StrongFocus
    assert chart.image is not None
    window.resize(900, 200)
    qtbot.waitUntil(chart.is_low)
    assert chart.focusPolicy() is Qt.FocusPolicy.NoFocus
    plain = chart.grab().toImage()
    window.board.charts[0]._low_words = ""
    assert chart.grab().toImage() != plain


def test_a_chart_that_cannot_be_drawn_says_why(window, monkeypatch):
    def broken(*_args, **_more):
        raise PaperError("Thiếu phông chữ.")

    monkeypatch.setattr(chart_board, "render_pages", broken)
    window.board.set_plans(report_plans(FACTS._replace(weekdays=(1,) * 7)))
    chart = window.board.charts[0]
    assert chart.image is None
    assert chart._failure == "Thiếu phông chữ."
    monkeypatch.undo()
    window.board.set_plans(PLANS)
    assert chart.image is not None
    assert not chart._failure
