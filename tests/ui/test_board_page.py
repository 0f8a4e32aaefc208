"""The head's board: arrows walk from number to number, Enter opens exactly its dossiers."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.board import BoardFacts, Load, SlowStep, Waiting, total_of
from counter_app.domain.chart_plans import At
from counter_app.ui.board_calls import BoardCalls
from counter_app.ui.board_page import BoardPage
from counter_app.ui.dossier_calls import DossierQuery
from tests.ui.chart_hands import click
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 27, 8, 40)
LOADS = (
    Load("Tư pháp", "Hoa", late=2, today=3, tomorrow=1, week=4, total=9),
    Load("Kinh tế", "", paused=1, total=1),
)
BOARD = BoardFacts(
    at=NOW,
    tomorrow=date(2026, 11, 30),
    week_end=date(2026, 11, 29),
    loads=LOADS,
    total=total_of(LOADS),
    ahead=((date(2026, 11, 27), 3), (date(2026, 11, 30), 1)),
    slow_steps=(SlowStep(5, "S-5", "Lê An", "Cấp thẻ BHYT", "BHXH", 1_795_000_000),),
    unaccepted=(SlowStep(6, "S-6", "Võ Bình", "Khai sinh", "Tư pháp", 1_795_100_000),),
    unaccepted_count=8,
    waiting=(Waiting(7, "S-7", "Trần Cam", "Khai tử", "0905", 1_795_000_000),),
    waiting_count=23,
    apologies_owed=2,
    apologies_sent=0,
    should_have_left=4,
    reserved_open=20,
)


@pytest.fixture
def asked():
    return []


@pytest.fixture
def page(qtbot, asked):
    def ids(*figure):
        asked.append(figure)
        return [3, 1, 2]

    calls = BoardCalls(
        now=lambda: NOW,
        board=lambda: BOARD,
        ids=ids,
        pdf=lambda _board: b"%PDF-",
        print_pdf=lambda _data: None,
        save_pdf=lambda _data: None,
    )
    page = BoardPage(calls, runner=InstantRunner(), interaction=FakeInteraction())
    qtbot.addWidget(page)
    page.resize(1150, 690)
    page.show()
    page.activated(refresh=True)
    return page


def opened(qtbot, page, act):
    with qtbot.waitSignal(page.page_requested) as wanted:
        act()
    return tuple(wanted.args)


@pytest.mark.parametrize(
    ("row", "column", "figure", "title"),
    [
        (0, 1, ("late", "Tư pháp", "Hoa", None), "Quá hạn, Hoa"),
        (0, 3, ("tomorrow", "Tư pháp", "Hoa", None), "30/11, Hoa"),
        (1, 5, ("paused", "Kinh tế", "", None), "Tạm dừng, Kinh tế"),
        (1, 0, ("total", "Kinh tế", "", None), "Tất cả, Kinh tế"),
        (2, 2, ("today", None, None, None), "Hôm nay"),
    ],
)
def test_every_number_opens_its_list(  # noqa: PLR0917 - fixtures and cases
    page, qtbot, asked, row, column, figure, title
):
    page.loads.setCurrentIndex(page.loads.rows_model.index(row, column))
    found = opened(qtbot, page, lambda: qtbot.keyClick(page.loads, Qt.Key.Key_Return))
    assert asked == [figure]
    assert found == ("dossiers", DossierQuery(ids=(3, 1, 2), title=title))


def test_the_cursor_starts_at_what_is_late_and_stays_when_counted_anew(page):
    at = page.loads.currentIndex()
    assert (at.row(), at.column()) == (0, 1)
    page.loads.setCurrentIndex(page.loads.rows_model.index(1, 4))
    page.activated(refresh=True)
    at = page.loads.currentIndex()
    assert (at.row(), at.column()) == (1, 4)


def test_tiles_days_and_lists_lead_where_they_say(page, qtbot, asked):
    tiles = page.grid.tiles
    owed = opened(qtbot, page, tiles["apologies_owed"].click)
    assert owed == ("dossiers", DossierQuery(filter="owes_apology"))
    sent = opened(qtbot, page, tiles["apologies_sent"].click)
    assert sent[1].title == "Đã xin lỗi trong tháng: 0 văn bản"
    assert opened(qtbot, page, tiles["reserved_open"].click) == ("today", "kit")
    assert opened(qtbot, page, tiles["should_have_left"].click)[1].title == "Quá giờ phải chuyển"
    [bars] = page.bars.charts
    found = opened(qtbot, page, lambda: click(qtbot, bars, At(0, 1)))
    assert found[1].title == "Hẹn trả 30/11"
    assert opened(qtbot, page, page.waiting_button.click)[1].ids == (3, 1, 2)
    assert opened(qtbot, page, page.unaccepted_button.click)[0] == "dossiers"
    slow = opened(qtbot, page, page.slow_button.click)
    assert (slow[0], slow[1].title) == ("dossiers", "Bước liên thông đã chậm: 1")
    assert [figure[0] for figure in asked] == [
        "apologies_sent",
        "should_have_left",
        "day",
        "waiting",
        "unaccepted",
        "slow_steps",
    ]
    page.slow_table.select_row(1)
    page.slow_table.setFocus()
    found = opened(qtbot, page, lambda: qtbot.keyClick(page.slow_table, Qt.Key.Key_Return))
    assert found == ("dossiers", "code:S-6")


def test_however_little_room_there_is_one_reads_whose_numbers_they_are(page):
    page.show()
    page.resize(300, 300)
    header = page.loads.horizontalHeader()
    assert header.sectionSize(0) >= 80
    assert header.length() <= page.loads.viewport().width()
    assert page.loads.viewport().height() >= 3 * page.loads.rowHeight(0)


def test_figures_say_themselves_in_words(page):
    assert [tile.accessibleName() for tile in page.grid.tiles.values()] == [
        "2 văn bản xin lỗi còn nợ",
        "Tháng này chưa phát hành văn bản xin lỗi nào",
        "4 hồ sơ quá giờ phải chuyển",
        "20 số giấy giữ trước còn mở",
    ]
    assert page.waiting_button.text().startswith("Kết quả chờ người dân: 23")
    assert page.at_label.text() == "Số liệu lúc 08:40"
