"""Báo cáo on a real data folder: period first, every figure opens its dossiers, paper last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.figures import By
from counter_app.services import moves, office, reception
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.report_calls import report_calls
from counter_app.ui.report_page import ReportPage
from counter_app.ui.task_runner import TaskRunner
from tests.ui.fakes import FakeInteraction

RECEIVED = datetime(2026, 11, 16, 9, 0)
NOW = datetime(2026, 12, 1, 8, 0)


@pytest.fixture
def store(tmp_path: Path):
    """November: one early, one late, one open and late; from the counter and online."""
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(app.store, office_name="Trung tâm", parent="UBND xã", agency_code="H50.1")
    codes = []
    for number, channel in enumerate(("counter", "online", "counter")):
        request = ReceiveRequest(
            procedure_code="1.004873", applicant_name="Lê An", channel=channel, by="Hoa"
        )
        now = RECEIVED + timedelta(minutes=number)
        codes.append(reception.receive_dossier(app.store, request, now=now).code)
    moves.complete(app.store, codes[0], by="Hoa", now=RECEIVED + timedelta(days=1))
    moves.complete(app.store, codes[1], by="Hoa", now=RECEIVED + timedelta(days=10))
    app.store.codes = codes
    yield app.store
    app.store.close()


@pytest.fixture
def runner(qapp, store):
    runner = TaskRunner(after_task=store.close)
    yield runner
    runner.close()


def make_page(qtbot, store, runner, *answers: object) -> ReportPage:
    calls = report_calls(
        store, clock=lambda: NOW, clerk=lambda: "Lê Thị A", print_pdf=lambda _data: None
    )
    page = ReportPage(calls, runner=runner, interaction=FakeInteraction(*answers))
    qtbot.addWidget(page)
    page.resize(1150, 640)
    page.preset_choice.set_value("last_month")
    page.activated(refresh=False)
    wait_for(qtbot, page, date(2026, 11, 1))
    return page


def wait_for(qtbot, page, first: date) -> None:
    def is_counted() -> bool:
        return (
            page._job is None and page._view is not None and page._view.report.period.first == first
        )

    qtbot.waitUntil(is_counted)


def opened(qtbot, page, row: int, figure: str) -> DossierQuery:
    index = page.table.model().index(row, page.table.figures.index(figure, 1))
    page.table.setCurrentIndex(index)
    with qtbot.waitSignal(page.page_requested) as asked:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert asked.args[0] == "dossiers"
    return asked.args[1]


def test_the_page_shows_the_period_by_sector_with_its_total(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    rows = page.table.rows_model.rows()
    assert [row.name for row in rows] == ["Hộ tịch", "Tổng cộng"]
    assert rows[-1].figures.received == 3
    assert "Trong tháng 11 năm 2026" in page.paragraph_label.text()
    assert page.breach_label.isHidden()


def test_enter_on_a_number_opens_exactly_its_dossiers(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    query = opened(qtbot, page, 1, "late")
    ids = [store.row("SELECT id FROM dossier WHERE code = ?", (store.codes[1],))[0]]
    assert list(query.ids) == ids
    assert query.title == "Quá hạn, tháng 11 năm 2026"
    assert len(opened(qtbot, page, 0, "received").ids) == 3
    assert opened(qtbot, page, 0, "ended_otherwise").ids == ()


def test_a_figure_beside_the_table_opens_its_dossiers_too(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.extra_table.select_row(
        next(n for n, row in enumerate(page._extras.rows()) if row.figure == "digitised_input")
    )
    with qtbot.waitSignal(page.page_requested) as asked:
        qtbot.keyClick(page.extra_table, Qt.Key.Key_Return)
    assert len(asked.args[1].ids) == 1  # the one that came online


def test_another_split_counts_anew(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.by_choice.set_value(By.CHANNEL)
    qtbot.waitUntil(lambda: page._view.report.by is By.CHANNEL)
    names = [row.name for row in page.table.rows_model.rows()]
    assert names == ["Trực tiếp", "Trực tuyến", "Tổng cộng"]


def test_own_days_are_taken_when_they_are_typed(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.from_field.set_value("20/11/2026")
    page.from_field.editingFinished.emit()
    wait_for(qtbot, page, date(2026, 11, 20))
    assert page.preset_choice.value() == "own"
    figures = page._view.report.figures
    assert (figures.carried_over, figures.late, figures.pending_late) == (2, 1, 1)


def test_days_the_wrong_way_round_are_said_and_nothing_can_be_printed(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.to_field.set_value("01/10/2026")
    page.to_field.editingFinished.emit()
    assert "trước khi bắt đầu" in page.breach_label.text()
    assert not page.main_button.isEnabled()


def test_the_report_is_saved_by_the_ending_of_its_name(qtbot, store, runner, tmp_path):
    target = tmp_path / "bao-cao.xlsx"
    page = make_page(qtbot, store, runner, target)
    with qtbot.waitSignal(page.state_text_changed, timeout=15_000):
        page.save()
    assert target.read_bytes().startswith(b"PK")


def test_a_period_is_handed_in_once_it_is_over_and_counted_anew_later(qtbot, store, runner):
    page = make_page(qtbot, store, runner, True, 0)
    with qtbot.waitSignal(page.state_text_changed) as told:
        page.freeze()
    assert "Đã chốt báo cáo số 1" in told.args[0]
    page.compare()
    qtbot.waitUntil(lambda: bool(page._interaction.informed))
    assert "khớp với báo cáo số 1" in page._interaction.informed[0]


def test_a_running_period_can_not_be_handed_in(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.preset_choice.set_value("month")
    wait_for(qtbot, page, date(2026, 12, 1))
    assert not page.freeze_button.isEnabled()
    assert page.freeze_button.toolTip() == "kỳ chưa kết thúc"


def test_figures_that_do_not_add_up_are_said_and_make_no_paper(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    store.execute("DELETE FROM standing WHERE ended_at IS NULL AND until_at < 1099511627776")
    page.from_field.set_value("20/11/2026")
    page.from_field.editingFinished.emit()
    wait_for(qtbot, page, date(2026, 11, 20))
    assert store.codes[1] in page.breach_label.text()
    assert page.main_button.toolTip() == "số liệu chưa khớp"


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


def test_a_heading_that_is_too_long_goes_on_in_a_second_line(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    header = page.table.horizontalHeader()
    assert header.textElideMode() is Qt.TextElideMode.ElideNone
    metrics = header.fontMetrics()
    for column in range(1, page.table.model().columnCount()):
        title = page.table.model().headerData(column, Qt.Orientation.Horizontal)
        widest = max(metrics.horizontalAdvance(word) for word in title.split())
        assert widest < header.sectionSize(column), title
