"""The charts of Báo cáo: beside the table, each bar a way to its dossiers, as they print."""

from __future__ import annotations

from datetime import date

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.domain.chart_plans import At
from counter_app.domain.figures import Against, By, Period
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.task_runner import Job
from counter_app.ui.theme import DARK, LIGHT, switch_palette
from tests.ui.chart_hands import click
from tests.ui.report.report_hands import make_page


def test_the_charts_are_shown_as_they_print(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.charts_button.click()
    [dialog] = page.findChildren(PaperDialog)
    qtbot.waitUntil(lambda: dialog.preview.page_count() == 1)
    document = pypdfium2.PdfDocument(dialog.preview.document())
    try:
        words = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    for title in ("theo tháng", "theo thứ", "theo lĩnh vực"):
        assert title in words
    assert "Hộ tịch" in words


def test_charts_stand_in_the_window_and_say_their_numbers(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    months, kept, days, sectors = page.charts.charts
    qtbot.waitUntil(lambda: all(chart.image is not None for chart in page.charts.charts))
    assert months.accessibleDescription() == "Tháng 11/2026: tiếp nhận 3, đã giải quyết 2"
    assert "trước hạn 1, đúng hạn 0, quá hạn 1" in kept.accessibleDescription()
    assert days.accessibleDescription().startswith("Thứ Hai: 3\n")
    assert sectors.accessibleDescription() == "Hộ tịch: 3"
    assert [chart.isVisible() for chart in page.charts.charts] == [True, True, False, False]
    page.chips.choose("words")
    assert not page.charts.isVisible()
    assert page.words.isVisible()


def test_enter_on_a_bar_opens_exactly_the_dossiers_it_counts(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    qtbot.waitUntil(lambda: all(chart.plan is not None for chart in page.charts.charts))
    for chart in page.charts.charts:
        for at in chart.plan.all():
            chart.at = at
            with qtbot.waitSignal(page.page_requested) as asked:
                qtbot.keyClick(chart, Qt.Key.Key_Return)
            where, query = asked.args
            mark = chart.plan.mark(at)
            assert (where, len(query.ids)) == ("dossiers", mark.number)
            when = "" if mark.by == By.MONTH else ", tháng 11 năm 2026"
            assert query.title == f"{chart.plan.series[at.series].name}, {mark.name}{when}"


def test_a_click_on_a_bar_opens_its_dossiers_whatever_the_table_is_split_by(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    page.period_row.by_choice.set_value(By.CHANNEL)
    qtbot.waitUntil(lambda: page._view.report.by is By.CHANNEL)
    kept = page.charts.charts[1]
    qtbot.waitUntil(lambda: not kept.rect_of(At(2, 0)).isEmpty())
    with qtbot.waitSignal(page.page_requested) as asked:
        click(qtbot, kept, At(2, 0))
    ids = [store.row("SELECT id FROM dossier WHERE code = ?", (store.codes[1],))[0]]
    assert list(asked.args[1].ids) == ids
    assert asked.args[1].title == "Quá hạn, Tháng 11/2026"
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    page._on_counted(page._calls.make(year, Against.DUE, None, Job(lambda *_told: None)))
    qtbot.waitUntil(lambda: kept.plan is not None)
    with qtbot.waitSignal(page.page_requested) as asked:
        kept.opened.emit(next(m for m in kept.plan.series[2].marks if m.number), "Quá hạn")
    assert asked.args[1].title == "Quá hạn, Tháng 11/2026, năm 2026"


def test_no_bar_of_the_period_before_can_be_opened_under_another_ones_figures(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    charts = page.charts.charts
    qtbot.waitUntil(lambda: all(chart.image is not None for chart in charts))
    page._on_counted(page._view)  # of the same period: what is there stays
    assert all(chart.image is not None for chart in charts)
    job = Job(lambda *_told: None)
    view = page._calls.make(Period(date(2026, 12, 1), date(2026, 12, 1)), Against.DUE, None, job)
    page._on_counted(view)
    assert all(chart.plan is None and chart.image is None for chart in charts)
    qtbot.waitUntil(lambda: charts[0].plan is not None)
    assert [mark.key for mark in charts[0].plan.series[0].marks] == ["2026-12"]


def test_on_a_wide_screen_all_charts_stand_beside_the_table(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    page.resize(1740, 900)
    assert all(chart.isVisible() for chart in page.charts_beside.charts)
    qtbot.waitUntil(lambda: page.charts_beside.charts[3].image is not None)
    assert page.words.isVisible()
    assert not page.chips.isVisible()
    left = page.table.mapTo(page, page.table.rect().topRight()).x()
    assert page.charts_beside.mapTo(page, page.charts_beside.rect().topLeft()).x() > left
    page.resize(1150, 640)
    assert page.chips.isVisible()
    assert not page.charts_beside.isVisible()
    assert page.charts.isVisible()


def test_charts_are_drawn_in_the_colours_of_the_palette(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    chart = page.charts.charts[0]
    qtbot.waitUntil(lambda: chart.image is not None)
    first = chart.image.pixelColor(1, chart.image.height() - 2).name()
    assert first == LIGHT.window.lower()
    try:
        switch_palette(QApplication.instance(), DARK)
        qtbot.waitUntil(
            lambda: (
                chart.image.pixelColor(1, chart.image.height() - 2).name() == DARK.window.lower()
            )
        )
    finally:
        switch_palette(QApplication.instance(), LIGHT)
