"""The page of lists on a real data folder: nothing goes in that was not looked at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from counter_app.bootstrap import open_app
from counter_app.domain.lists import LIST_COLUMNS
from counter_app.domain.moments import to_epoch
from counter_app.services import lists
from counter_app.services.sync_conflicts import open_conflicts
from counter_app.ui.import_calls import import_calls
from counter_app.ui.import_page import ImportPage
from counter_app.ui.mapping_dialog import MappingDialog
from tests.ui.fakes import FakeInteraction
from tests.ui.patience import PATIENCE

NOW = datetime(2026, 11, 23, 10, 0)
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"
GOOD = "H50.1-261120-0001,1.004873,Lê An,045192007777,20/11/2026 08:00,26/11/2026 17:00,Đang xử lý"
BAD = "H50.1-261120-0002,1.004873,Lê Bình,,31/02/2026 08:00,26/11/2026 17:00,Đang xử lý"


@pytest.fixture
def store(tmp_path: Path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    yield app.store
    app.store.close()


def make_page(qtbot, store, runner, *answers: object) -> ImportPage:
    calls = import_calls(store, clock=lambda: NOW, clerk=lambda: "Lê Thị A")
    page = ImportPage(calls, runner=runner, interaction=FakeInteraction(*answers))
    qtbot.addWidget(page)
    return page


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "danh-sach.csv"
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    return path


def wait_for_report(qtbot, page: ImportPage) -> None:
    qtbot.waitUntil(lambda: page._report is not None)


def test_choosing_a_list_only_tries_it_out(qtbot, store, runner, tmp_path):
    page = make_page(qtbot, store, runner, write(tmp_path, GOOD, BAD))
    page.choose_file()
    wait_for_report(qtbot, page)
    assert "1 hồ sơ mới" in page._summary.text()
    assert "1 bị loại" in page._summary.text()
    assert lists.dossier_count(store) == 0


def test_the_main_act_takes_in_what_was_tried_out_once(qtbot, store, runner, tmp_path):
    page = make_page(qtbot, store, runner, write(tmp_path, GOOD))
    page.choose_file()
    wait_for_report(qtbot, page)
    page.main_action()
    wait_for_report(qtbot, page)
    assert page._summary.text().startswith("Đã nhập")
    assert lists.dossier_count(store) == 1
    page.main_action()
    assert page._job is None
    assert lists.dossier_count(store) == 1


def test_a_list_with_nothing_new_cannot_be_taken_in(qtbot, store, runner, tmp_path):
    path = write(tmp_path, GOOD)
    lists.import_list(store, path, name="a", by="", now=NOW)
    page = make_page(qtbot, store, runner)
    page.look_at(path)
    wait_for_report(qtbot, page)
    assert not page._main_button.isEnabled()


def test_a_list_that_only_says_otherwise_is_taken_in_and_leads_to_the_decision(
    qtbot, store, runner, tmp_path
):
    path = write(tmp_path, GOOD)
    lists.import_list(store, path, name="a", by="", now=NOW)
    page = make_page(qtbot, store, runner)
    page.show()
    page.look_at(write(tmp_path, GOOD.replace("26/11/2026", "30/11/2026")))
    wait_for_report(qtbot, page)
    assert page._conflicts_button.isHidden()
    assert page._main_button.isEnabled()
    with qtbot.waitSignal(page.imported):
        page.main_action()
    wait_for_report(qtbot, page)
    assert "1 cần người quyết định" in page._summary.text()
    with qtbot.waitSignal(page.conflicts_asked):
        page._conflicts_button.click()
    assert len(open_conflicts(store)) == 1


def test_a_rejected_row_is_named_by_its_line_and_can_be_saved(qtbot, store, runner, tmp_path):
    target = tmp_path / "bi-loai.csv"
    page = make_page(qtbot, store, runner, target)
    page.look_at(write(tmp_path, GOOD, BAD))
    wait_for_report(qtbot, page)
    assert page._model.row_at(0).where == "3"
    page.save_rejected()
    assert "H50.1-261120-0002" in target.read_text("utf-8-sig")


def test_a_file_that_is_no_list_ends_in_a_sentence(qtbot, store, runner, tmp_path):
    path = tmp_path / "anh.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = make_page(qtbot, store, runner)
    page.look_at(path)
    qtbot.waitUntil(lambda: page._job is None)
    assert page._report is None
    assert page._summary.text()
    assert not page._main_button.isEnabled()


def test_the_way_of_reading_is_kept_by_name(qtbot, store, runner, tmp_path):
    page = make_page(qtbot, store, runner)
    page.look_at(write(tmp_path, GOOD))
    wait_for_report(qtbot, page)
    report = page._report
    dialog = MappingDialog(report.mapping, report.headings, suggested_name="Hệ thống tỉnh")
    qtbot.addWidget(dialog)
    dialog._choices["Chủ hồ sơ"].set_value("note")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.result()
    page._calls.keep_mapping(dialog.name(), dialog.mapping())
    assert lists.load_mapping(store, "Hệ thống tỉnh").headings["Chủ hồ sơ"] == "note"


def test_words_of_the_other_system_are_explained_by_example_and_kept(
    qtbot, store, runner, tmp_path
):
    strange = [row.replace("Đang xử lý", "Đang giải quyết ở phòng") for row in (GOOD, GOOD)]
    page = make_page(qtbot, store, runner)
    page.look_at(write(tmp_path, strange[0], strange[1].replace("0001", "0009")))
    wait_for_report(qtbot, page)
    report = page._report
    assert report.rejected == 2
    dialog = MappingDialog(
        report.mapping,
        report.headings,
        suggested_name="Hệ thống tỉnh",
        examples=report.examples,
        words=report.reading.unknown_words,
    )
    qtbot.addWidget(dialog)
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Chủ hồ sơ\nví dụ: Lê An" in told
    assert "Đang giải quyết ở phòng (2 dòng)" in told
    assert dialog.mapping().statuses == {}
    dialog._meanings["status"]["Đang giải quyết ở phòng"].set_value("processing")
    page._calls.keep_mapping("Hệ thống tỉnh", dialog.mapping())
    page._mapping_choice.set_choices(page._mapping_choices())
    page._mapping_choice.set_value("Hệ thống tỉnh")
    qtbot.waitUntil(lambda: page._report is not None and page._report is not report)
    assert (page._report.new, page._report.rejected) == (2, 0)
    # The answer stands there the next time, though no row asks for it any more.
    again = MappingDialog(page._report.mapping, report.headings, suggested_name="A")
    qtbot.addWidget(again)
    assert again._meanings["status"]["Đang giải quyết ở phòng"].value() == "processing"


def test_what_was_stopped_says_so_only_if_nothing_was_kept(qtbot, store, runner, tmp_path):
    page = make_page(qtbot, store, runner)
    page.look_at(write(tmp_path, GOOD))
    wait_for_report(qtbot, page)
    page.main_action()
    page.cancel()
    qtbot.waitUntil(lambda: page._job is None)
    # A short list ends before its first step is told: it was kept, and that is what is said.
    assert page._summary.text().startswith("Đã nhập")
    assert lists.dossier_count(store) == 1
    rows = [GOOD.replace("-0001,", f"-{n:04d},") for n in range(1, 402)]
    stopped, try_out = Event(), page._calls.try_out
    waits = replace(page._calls, try_out=lambda *given: stopped.wait(PATIENCE) and try_out(*given))
    page._calls = waits
    page.look_at(write(tmp_path, *rows))
    page.cancel()
    stopped.set()
    qtbot.waitUntil(lambda: page._job is None)
    assert page._summary.text() == "Đã ngừng. Chưa ghi gì."
    assert lists.dossier_count(store) == 1


def test_one_column_cannot_be_chosen_for_two_headings(qtbot, store, runner, tmp_path):
    page = make_page(qtbot, store, runner)
    page.look_at(write(tmp_path, GOOD))
    wait_for_report(qtbot, page)
    dialog = MappingDialog(page._report.mapping, page._report.headings, suggested_name="A")
    qtbot.addWidget(dialog)
    dialog._choices["Chủ hồ sơ"].set_value("code")
    dialog.accept()
    assert not dialog.result()
    heading = next(c.heading for c in LIST_COLUMNS if c.name == "code")
    assert heading in dialog._note.text()


def copied(text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def as_table(*rows: str) -> str:
    cells = [row.split(",") for row in (HEAD, *rows)]
    inside = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in cells)
    return f"<table>{inside}</table>"


@pytest.mark.parametrize("kind", ["excel", "web"])
def test_a_copied_table_is_looked_at_first_and_then_taken_in(qtbot, store, runner, kind):
    page = make_page(qtbot, store, runner)
    text = "\n".join(row.replace(",", "\t") for row in (HEAD, GOOD, BAD))
    copied(text) if kind == "excel" else copied("gì đó", as_table(GOOD, BAD))
    page.paste()
    wait_for_report(qtbot, page)
    assert "1 hồ sơ mới" in page._summary.text()
    assert "1 bị loại" in page._summary.text()
    assert lists.dossier_count(store) == 0
    page.main_action()
    wait_for_report(qtbot, page)
    assert lists.dossier_count(store) == 1
    # The same table again changes nothing.
    page.paste()
    wait_for_report(qtbot, page)
    assert not page._main_button.isEnabled()


def test_pasting_what_is_no_table_is_said_and_keeps_what_was_looked_at(qtbot, store, runner):
    page = make_page(qtbot, store, runner)
    copied("chỉ là một câu")
    page.paste()
    assert "không có bảng" in page._summary.text()
    assert page._job is None


def test_an_organisations_own_sheet_is_handed_in_here_and_now(qtbot, store, runner):
    """A runner's table tells neither codes nor hours: twelve dossiers begin without typing."""
    page = make_page(qtbot, store, runner)
    rows = ["STT\tMã TTHC\tHọ và tên\tSố CCCD\tĐịa chỉ"]
    rows += [f"{n}\t1.004873\tNgười {n}\t\tXã Cam Lộ" for n in range(1, 13)]
    copied("\n".join(rows))
    page.paste()
    wait_for_report(qtbot, page)
    assert "12 hồ sơ mới" in page._summary.text()
    assert "nhận trực tiếp lúc 10:00 23/11/2026" in page._summary.text()
    page.main_action()
    wait_for_report(qtbot, page)
    found = store.rows("SELECT DISTINCT channel, received_at FROM dossier")
    assert found == [("counter", to_epoch(NOW))]
    assert lists.dossier_count(store) == 12
