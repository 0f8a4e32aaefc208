"""Báo cáo on a real data folder: period first, every figure opens its dossiers, paper last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.figures import By
from counter_app.services import frozen_reports, moves, reception
from counter_app.ui.dossier_calls import DossierQuery
from counter_app.ui.paper_dialog import PaperDialog
from counter_app.ui.report_dialogs import DifferencesDialog
from counter_app.ui.tables import TableView
from counter_app.ui.task_runner import TaskCancelledError
from tests.ui.patience import PATIENCE
from tests.ui.report.report_hands import NOW, make_page, opened, wait_for


def test_the_page_shows_the_period_by_sector_with_its_total(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    rows = page.table.lines()
    assert [row.name for row in rows] == ["Hộ tịch", "Tổng cộng"]
    assert rows[-1].figures.received == 3
    assert "Trong tháng 11 năm 2026" in page.words.paragraph_label.text()
    assert page.breach_label.isHidden()


def test_enter_on_a_number_opens_exactly_its_dossiers(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    query = opened(qtbot, page, -1, "late")
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


def test_every_figure_beside_the_table_opens_as_many_dossiers_as_make_it(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    figures = page._view.report.figures
    shares = {"kept": figures.early + figures.on_time}  # by the same dossiers
    for number, row in enumerate(page._extras.rows()):
        page.extra_table.select_row(number)
        with qtbot.waitSignal(page.page_requested) as asked:
            qtbot.keyClick(page.extra_table, Qt.Key.Key_Return)
        told = shares.get(row.figure)
        wanted = getattr(figures, row.figure) if told is None else told
        assert len(asked.args[1].ids) == wanted, row.what
        assert asked.args[1].title == f"{row.what}, tháng 11 năm 2026"


def test_another_split_counts_anew(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.period_row.by_choice.set_value(By.CHANNEL)
    qtbot.waitUntil(lambda: page._view.report.by is By.CHANNEL)
    names = [row.name for row in page.table.lines()]
    assert names == ["Trực tiếp", "Trực tuyến", "Tổng cộng"]


def test_own_days_are_taken_when_they_are_typed(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.period_row.from_field.set_value("20/11/2026")
    page.period_row.from_field.editingFinished.emit()
    wait_for(qtbot, page, date(2026, 11, 20))
    assert page.period_row.preset_choice.value() == "own"
    figures = page._view.report.figures
    assert (figures.carried_over, figures.late, figures.pending_late) == (2, 1, 1)


def test_days_the_wrong_way_round_are_said_and_nothing_can_be_printed(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.period_row.to_field.set_value("01/10/2026")
    page.period_row.to_field.editingFinished.emit()
    assert "trước khi bắt đầu" in page.breach_label.text()
    assert not page.main_button.isEnabled()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("32/13/2026", "Không có ngày"), ("", "ngày đầu và ngày cuối"), ("01/10/2026", "trước khi")],
)
def test_a_day_that_can_not_be_read_is_said_and_the_same_days_are_counted_again(
    qtbot, store, runner, typed, said
):
    page = make_page(qtbot, store, runner)
    field = page.period_row.to_field
    before = field.text()
    field.setText(typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.editingFinished.emit()
    assert said in page.breach_label.text()
    assert page._view is None
    assert not page.main_button.isEnabled()
    field.setText(before)
    field.editingFinished.emit()
    qtbot.waitUntil(lambda: page._view is not None)
    assert page.breach_label.text() == ""


def test_figures_still_being_counted_never_come_under_days_that_are_refused(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.count()
    page.period_row.to_field.set_value("01/10/2026")
    page.period_row.to_field.editingFinished.emit()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert "trước khi bắt đầu" in page.breach_label.text()
    assert not page.main_button.isEnabled()
    assert page._view is None
    assert all(chart.plan is None for chart in page.charts.charts)


def test_the_report_is_saved_by_the_ending_of_its_name(qtbot, store, runner, tmp_path):
    target = tmp_path / "bao-cao.xlsx"
    page = make_page(qtbot, store, runner, target)
    with qtbot.waitSignal(page.state_text_changed):
        page.save()
    assert target.read_bytes().startswith(b"PK")


def test_a_period_is_handed_in_once_it_is_over_and_counted_anew_later(qtbot, store, runner):
    page = make_page(qtbot, store, runner, True, 0)
    with qtbot.waitSignal(page.state_text_changed) as told:
        page.freeze()
    assert "Đã chốt báo cáo số 1" in told.args[0]
    page.acts.compare()
    qtbot.waitUntil(lambda: bool(page._interaction.informed))
    assert "khớp với báo cáo số 1" in page._interaction.informed[0]


def gated(page, **answers):
    """Let the page's calls wait for a gate; returns it and what was begun."""
    gate, begun = Event(), []

    def slow(name, make):
        def run(*given):
            begun.append(name)
            gate.wait(PATIENCE)
            return make(*given)

        return run

    changed = {name: slow(name, make) for name, make in answers.items()}
    page.acts._calls = replace(page._calls, **changed)
    return gate, begun


def test_handing_in_is_counted_beside_the_window_and_a_stopped_one_is_not_kept(
    qtbot, store, runner
):
    page = make_page(qtbot, store, runner, True)
    gate, begun = gated(page, prepare=page._calls.prepare)
    with qtbot.assertNotEmitted(page.state_text_changed):
        page.freeze()  # comes back at once: the count waits
        qtbot.waitUntil(lambda: begun == ["prepare"])
        assert not page.cancel_button.isHidden()
        page.cancel_button.click()
        assert page.progress_label.text() == "Đã ngừng."
        gate.set()
        qtbot.waitUntil(lambda: not runner.is_busy)
    assert frozen_reports.all_frozen(store) == []
    assert page.freeze_button.isEnabled()


def test_what_is_being_written_can_not_be_said_to_be_stopped(qtbot, store, runner):
    page = make_page(qtbot, store, runner, True)
    gate, begun = gated(page, freeze=page._calls.freeze)
    page.freeze()
    qtbot.waitUntil(lambda: begun == ["freeze"])
    assert page.cancel_button.isHidden()
    assert not page.freeze_button.isEnabled()
    page.acts.cancel()
    assert page.progress_label.text() != "Đã ngừng."
    with qtbot.waitSignal(page.state_text_changed) as told:
        gate.set()
    assert "Đã chốt báo cáo số 1" in told.args[0]
    assert len(frozen_reports.all_frozen(store)) == 1


def test_stopping_stops_the_older_act_too(qtbot, store, runner, tmp_path):
    target = tmp_path / "bao-cao.csv"
    page = make_page(qtbot, store, runner, target)
    files = page._calls.files
    gate, begun = Event(), Event()

    def slow(*given):
        begun.set()
        gate.wait(PATIENCE)
        files.save(*given)

    page.acts._calls = replace(page._calls, files=replace(files, save=slow))
    page.save()
    qtbot.waitUntil(begun.is_set)
    page.count()
    assert not page.cancel_button.isHidden()
    page.acts.cancel()
    assert not page.acts.is_busy
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert not target.exists()
    assert page.cancel_button.isHidden()


def test_a_running_period_can_not_be_handed_in(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.period_row.preset_choice.set_value("month")
    wait_for(qtbot, page, date(2026, 12, 1))
    assert not page.freeze_button.isEnabled()
    assert page.freeze_button.toolTip() == "kỳ chưa kết thúc"


def test_figures_that_do_not_add_up_are_said_and_make_no_paper(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    store.execute("DELETE FROM standing WHERE ended_at IS NULL AND until_at < 1099511627776")
    page.period_row.from_field.set_value("20/11/2026")
    page.period_row.from_field.editingFinished.emit()
    wait_for(qtbot, page, date(2026, 11, 20))
    assert store.codes[1] in page.breach_label.text()
    assert page.main_button.toolTip() == "số liệu chưa khớp"


def test_a_row_changed_by_hand_under_the_sums_of_a_month_is_said_with_its_dossier(
    qtbot, store, runner
):
    store.execute("UPDATE standing SET verdict = 'early' WHERE verdict = 'late'")
    page = make_page(qtbot, store, runner)
    qtbot.waitUntil(lambda: store.codes[1] in page.breach_label.text())
    assert "Trước hạn: số cộng dồn theo tháng" in page.breach_label.text()
    assert page.main_button.toolTip() == "số liệu chưa khớp"


def test_a_heading_that_is_too_long_goes_on_in_a_second_line(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    header = page.table.groups.horizontalHeader()
    assert header.textElideMode() is Qt.TextElideMode.ElideNone
    metrics = header.fontMetrics()
    for column in range(1, page.table.groups.model().columnCount()):
        title = page.table.groups.model().headerData(column, Qt.Orientation.Horizontal)
        widest = max(metrics.horizontalAdvance(word) for word in title.split())
        assert widest < header.sectionSize(column), title


def test_the_whole_is_always_there_under_groups_that_scroll(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.resize(1150, 520)
    page.show()
    report = page._view.report
    many = tuple(group._replace(key=str(n)) for n in range(40) for group in report.groups)
    page.table.show_report(replace(report, groups=many))
    QApplication.processEvents()
    total = page.table.total
    assert page.table.groups.verticalScrollBar().maximum() > 0
    row = total.visualRect(total.model().index(0, 0))
    assert total.viewport().rect().contains(row)
    assert page.rect().contains(total.mapTo(page, total.rect().bottomRight()))
    widths = [[t.columnWidth(n) for n in range(13)] for t in (page.table.groups, total)]
    assert widths[0] == widths[1]


def test_arrows_go_from_the_last_group_to_the_whole_and_back(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    groups, total = page.table.groups, page.table.total
    groups.setFocus()
    groups.setCurrentIndex(groups.model().index(0, 5))
    qtbot.keyClick(groups, Qt.Key.Key_Down)
    assert total.hasFocus()
    assert (total.currentIndex().row(), total.currentIndex().column()) == (0, 5)
    assert not groups.currentIndex().isValid()
    qtbot.keyClick(total, Qt.Key.Key_Up)
    assert groups.hasFocus()
    assert groups.currentIndex().column() == 5
    assert not total.currentIndex().isValid()


def test_a_group_that_nobody_named_opens_its_own_dossiers_not_all(qtbot, store, runner):
    code = reception.receive_dossier(
        store,
        ReceiveRequest(procedure_code="1.004873", applicant_name="Lê Bình", by=""),
        now=datetime(2026, 11, 27, 9, 0),
    ).code
    page = make_page(qtbot, store, runner)
    page.period_row.by_choice.set_value(By.OFFICER)
    qtbot.waitUntil(lambda: page._view.report.by is By.OFFICER)
    lines = page.table.lines()
    unnamed = next(n for n, line in enumerate(lines) if line.key == "")
    query = opened(qtbot, page, unnamed, "received")
    assert list(query.ids) == [store.row("SELECT id FROM dossier WHERE code = ?", (code,))[0]]


def test_a_report_that_is_being_made_tells_its_progress_and_stops_with_its_dialog(
    qtbot, store, runner
):
    page = make_page(qtbot, store, runner)
    seen, gate, stopped = [], Event(), Event()

    def slow(_report, with_register, job):
        seen.append(with_register)
        try:
            job.progress(1, 4)
            gate.wait(PATIENCE)
            job.progress(2, 4)
        except TaskCancelledError:
            stopped.set()
            raise
        return b""

    page.acts._calls = replace(page._calls, files=replace(page._calls.files, pdf=slow))
    page.register_box.setChecked(True)
    page.main_action()
    [dialog] = page.findChildren(PaperDialog)
    qtbot.waitUntil(lambda: "25 %" in dialog.preview._message.text())
    dialog.reject()
    gate.set()
    qtbot.waitUntil(stopped.is_set)
    assert seen == [True]


def test_a_difference_of_a_report_that_was_handed_in_opens_its_dossier(qtbot, store, runner):
    page = make_page(qtbot, store, runner, True, 0)
    with qtbot.waitSignal(page.state_text_changed):
        page.freeze()
    at = datetime(2026, 11, 20, 9)
    moves.complete(store, store.codes[2], by="Hoa", now=NOW, at=at, reason="ghi bù")
    page.acts.compare()
    qtbot.waitUntil(lambda: bool(page.findChildren(DifferencesDialog)))
    [dialog] = page.findChildren(DifferencesDialog)
    row = next(row for row in dialog.rows_model.rows() if row.figure == "Đã giải quyết")
    assert row.numbers == "2 → 3"
    assert row.cause == "Ghi lùi bước “có kết quả” (Hoa)"
    with qtbot.waitSignal(page.page_requested) as asked:
        dialog.findChild(TableView).row_opened.emit(row)
    assert asked.args == ["dossiers", DossierQuery(code=store.codes[2])]
    assert not dialog.isVisible()
