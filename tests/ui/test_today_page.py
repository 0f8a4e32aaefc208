"""The page of the day: six figures and ten days, each a key away from its list."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.chart_plans import At
from counter_app.domain.facts import DayFigures
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.today_page import TodayCalls, TodayPage
from tests.ui.chart_hands import click
from tests.ui.dossier_fakes import NOW, InstantRunner

DAYS = tuple((date(2026, 11, day), count) for day, count in ((23, 9), (25, 14), (26, 0)))
FIGURES = DayFigures(12, 9, 1204, 23, 2, 0, DAYS)


@pytest.fixture
def page(qtbot, request):
    figures, why = getattr(request, "param", (FIGURES, None))
    calls = TodayCalls(now=lambda: NOW, figures=lambda: figures, day_off=lambda _day: why)
    page = TodayPage(calls, InstantRunner())
    qtbot.addWidget(page)
    page.resize(1100, 640)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.activated(refresh=True)
    page.first_field().setFocus()
    return page


def test_each_figure_says_itself_in_words(page):
    said = [tile.accessibleName() for tile in page.grid.tiles.values()]
    assert said == [
        "12 hồ sơ nhận hôm nay",
        "9 hồ sơ đến hạn hôm nay",
        "1.204 hồ sơ quá hạn",
        "23 kết quả chờ người dân đến nhận",
        "2 hồ sơ cần văn bản xin lỗi",
        "Mọi hồ sơ đã có mã chính thức",
    ]


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ([], ("dossiers", DossierQuery(filter="arrived_today"))),
        ([Qt.Key.Key_Right], ("dossiers", DossierQuery(filter="due_today"))),
        ([Qt.Key.Key_Right] * 2, ("dossiers", DossierQuery(filter="late"))),
        ([Qt.Key.Key_Down], ("dossiers", DossierQuery(filter="waiting"))),
        ([Qt.Key.Key_Down, Qt.Key.Key_Right], ("apologies", None)),
        (
            [Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right],
            ("dossiers", DossierQuery(filter="without_official_code")),
        ),
        (
            [Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right],
            ("dossiers", DossierQuery(day=date(2026, 11, 25))),
        ),
    ],
)
def test_arrows_and_enter_open_the_list_of_a_figure_or_a_day(page, qtbot, keys, asked):
    for key in keys:
        qtbot.keyClick(page.focusWidget(), key)
    with qtbot.waitSignal(page.page_requested) as wanted:
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert tuple(wanted.args) == asked


def test_up_from_the_days_comes_back_to_the_figures(page, qtbot):
    page.bars.focus_first()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Up)
    assert page.grid.tiles["waiting"].hasFocus()


def test_a_day_is_said_whole_for_those_who_do_not_see_the_bar(page, qtbot):
    [bars] = page.bars.charts
    assert bars.accessibleName() == "Hẹn trả trong mười ngày làm việc tới"
    page.bars.focus_first()
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert bars.accessibleName() == "Thứ Tư 25/11: hẹn trả 14 hồ sơ"
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert bars.accessibleName() == "Thứ Năm 26/11: hẹn trả 0 hồ sơ"


def test_a_click_on_a_day_opens_its_list(page, qtbot):
    [bars] = page.bars.charts
    with qtbot.waitSignal(page.page_requested) as wanted:
        click(qtbot, bars, At(0, 2))
    assert tuple(wanted.args) == ("dossiers", DossierQuery(day=date(2026, 11, 26)))


def test_f9_opens_what_presses_most(page, qtbot):
    with qtbot.waitSignal(page.page_requested) as wanted:
        page.main_action()
    assert wanted.args[1] == DossierQuery(filter="late")


@pytest.mark.parametrize(
    "page", [(DayFigures(0, 0, 0, 0, 0, 0, DAYS), "Quốc khánh")], indirect=True
)
def test_a_day_off_is_named_and_nothing_is_pressed(page, qtbot):
    assert page.note_label.text() == "Hôm nay là ngày nghỉ: Quốc khánh."
    with qtbot.assertNotEmitted(page.page_requested):
        page.main_action()


@pytest.mark.parametrize(
    "page",
    [
        (
            DayFigures(
                1,
                1,
                0,
                0,
                0,
                0,
                DAYS,
                should_have_left=3,
                reserved_open=20,
                alert="1 hồ sơ đến hạn",
            ),
            None,
        )
    ],
    indirect=True,
)
def test_what_else_presses_is_said_quietly_and_opens_its_list(page, qtbot):
    assert page.alert_label.text() == "1 hồ sơ đến hạn."
    with qtbot.waitSignal(page.page_requested) as wanted:
        page.left_button.click()
    assert tuple(wanted.args) == ("dossiers", DossierQuery(filter="not_forwarded"))
    with qtbot.waitSignal(page.kit_asked):
        page.reserved_button.click()
    with qtbot.waitSignal(page.kit_asked):
        page.opened_with("kit")


def test_however_low_the_window_the_days_have_room_for_their_bars(page):
    page.show()
    page.resize(700, 200)
    assert not page.bars.charts[0].is_low()


def test_nothing_that_presses_takes_no_room(page):
    hidden = (page.alert_label, page.left_button, page.reserved_button)
    assert all(widget.isHidden() for widget in hidden)
