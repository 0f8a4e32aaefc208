"""The pages on a real data folder, with the real task runner: what is pressed is what is stored."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import audit, lookup, moves, office, reception
from counter_app.services.settings import set_setting
from counter_app.ui.act_dialogs import ActDialog
from counter_app.ui.apology_page import ApologyPage, apology_calls
from counter_app.ui.dossier_calls import DossierQuery, dossier_calls
from counter_app.ui.dossiers_page import DossiersPage
from counter_app.ui.task_runner import TaskRunner
from counter_app.ui.today_page import TodayPage, today_calls
from tests.ui.fakes import FakeInteraction

MORNING = datetime(2026, 11, 23, 8, 0)


class Desk:
    """A store with a clock that a test moves."""

    def __init__(self, store) -> None:
        self.store = store
        self.now = MORNING
        self.printed: list[list[str]] = []

    def clock(self) -> datetime:
        return self.now

    def receive(self, name: str, **values) -> str:
        request = ReceiveRequest(
            procedure_code="1.004873",
            applicant_name=name,
            citizen_id="045192007777",
            birth_date="30121992",
            sex="female",
            by="Lê Thị A",
            **values,
        )
        return reception.receive_dossier(self.store, request, now=self.now, issue_receipt=True).code


@pytest.fixture
def desk_of_store(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(
        app.store,
        office_name="TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        parent="ỦY BAN NHÂN DÂN XÃ CAM LỘ",
        agency_code="H50.1",
    )
    yield Desk(app.store)
    app.store.close()


@pytest.fixture
def runner(qapp, desk_of_store):
    runner = TaskRunner(after_task=desk_of_store.store.close)
    yield runner
    runner.close()


@pytest.fixture
def page(qtbot, desk_of_store, runner):
    calls = dossier_calls(
        desk_of_store.store,
        clock=desk_of_store.clock,
        clerk=lambda: "Lê Thị A",
        print_papers=desk_of_store.printed.append,
    )
    page = DossiersPage(calls, runner, FakeInteraction())
    qtbot.addWidget(page)
    page.resize(1500, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def choose(page, qtbot, number=0):
    """Show the list anew and wait for the dossier beside it."""
    page.activated(refresh=True)
    page.table.setFocus()
    page.table.select_row(number)
    uuid = page.table.current_row().uuid
    qtbot.waitUntil(lambda: page.panel.facts is not None and page.panel.facts.uuid == uuid)


def do(page, qtbot, key, fill=None):
    """Press an act's key, fill its dialog in and press F9."""
    qtbot.waitUntil(page.isActiveWindow)
    count = page.panel.facts.state["events_count"]
    qtbot.keyClick(page.table, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(ActDialog)))
    dialog = next(d for d in page.findChildren(ActDialog) if d.isVisible())
    qtbot.waitUntil(dialog.isActiveWindow)
    if fill is not None:
        fill(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: page.panel.facts.state["events_count"] > count)


def test_a_life_by_keyboard_ends_as_the_services_tell_it(page, desk_of_store, qtbot):
    code = desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    choose(page, qtbot)
    do(page, qtbot, Qt.Key.Key_H, lambda d: d.officer.setText("Trần B"))
    desk_of_store.now = datetime(2026, 11, 25, 9)
    do(page, qtbot, Qt.Key.Key_G)
    do(page, qtbot, Qt.Key.Key_T, lambda d: d.receipt_lost.setChecked(True))
    facts = lookup.show(desk_of_store.store, code, now=desk_of_store.now)
    assert facts.state["status"] == "returned"
    assert facts.state["handling_officer"] == "Trần B"
    assert facts.timeliness == "early"
    assert page.table.rows_model.row_at(0).status_label == "Đã trả kết quả"
    assert [e.kind for e in facts.events] == ["receive", "print", "forward", "complete", "return"]


def test_taking_a_reception_back_leaves_a_line_that_can_still_be_read(page, desk_of_store, qtbot):
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    choose(page, qtbot)
    do(page, qtbot, Qt.Key.Key_O, lambda d: d.reason.setText("nhầm người"))
    assert page.panel.status_label.text() == "Đã hoàn tác tiếp nhận"
    assert not page.panel.tiles.tile(Move.FORWARD).isEnabled()
    page.activated(refresh=True)
    assert page.table.rows_model.rowCount() == 0


def test_an_official_code_replaces_the_provisional_one_in_the_row(page, desk_of_store, qtbot):
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    choose(page, qtbot)
    do(page, qtbot, Qt.Key.Key_M, lambda d: d.official.setText("H50.1-261123-0001"))
    assert page.table.rows_model.row_at(0).shown_code == "H50.1-261123-0001"
    qtbot.waitUntil(lambda: page.chips.button("without_official_code").count == 0)


def test_a_wrong_official_code_stays_in_its_dialog(page, desk_of_store, qtbot):
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    choose(page, qtbot)
    page.request_act(Move.SET_OFFICIAL_CODE)
    dialog = next(d for d in page.findChildren(ActDialog) if d.isVisible())
    dialog.official.setText("xyz")
    dialog.submit()
    qtbot.waitUntil(dialog.official.has_error)
    assert dialog.isVisible()


def test_a_print_within_ten_minutes_is_logged_and_shown_in_the_story(page, desk_of_store, qtbot):
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    choose(page, qtbot)
    qtbot.keyClick(page.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(desk_of_store.printed) == 1)
    qtbot.waitUntil(lambda: "kẹt giấy" in page.panel.story_section.label.text())


def test_search_understands_telex_marks_and_numbers(page, desk_of_store, qtbot):
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    desk_of_store.receive("Đỗ Văn Bình")
    page.activated(refresh=True)
    for text, name in (
        ("nguyeenx anhs", "Nguyễn Thị Ngọc Ánh"),
        ("do binh", "Đỗ Văn Bình"),
        ("ĐỖ", "Đỗ Văn Bình"),
    ):
        page.opened_with(text)
        qtbot.waitUntil(
            lambda name=name: [r.applicant_name for r in page.table.rows_model.rows()] == [name]
        )


def test_a_days_promises_are_the_rows_that_its_bar_counts(page, desk_of_store, qtbot):
    for name in ("An", "Bình", "Chi"):
        desk_of_store.receive(f"Lê {name}")
    desk_of_store.now = datetime(2026, 11, 23, 9)
    figures = today_calls(desk_of_store.store, clock=desk_of_store.clock).figures()
    day, count = next((d, c) for d, c in figures.promises if c)
    page.opened_with(DossierQuery(day=day))
    assert page.table.rows_model.rowCount() == count == 3


def test_the_figures_of_the_day_come_from_the_data(desk_of_store, runner, qtbot):
    desk_of_store.receive("Lê An")
    today = TodayPage(today_calls(desk_of_store.store, clock=desk_of_store.clock), runner)
    qtbot.addWidget(today)
    today.activated(refresh=True)
    qtbot.waitUntil(lambda: today.grid.tiles["arrived_today"].count == 1)
    assert today.grid.tiles["without_official_code"].count == 1


def test_an_apology_from_the_units_word_to_the_issued_letter(desk_of_store, runner, qtbot):
    code = desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    store = desk_of_store.store
    moves.forward(store, code, to="Tư pháp – Hộ tịch", by="Lê Thị A", now=desk_of_store.now)
    desk_of_store.now = datetime(2026, 11, 25, 8)
    calls = apology_calls(
        store,
        clock=desk_of_store.clock,
        clerk=lambda: "Lê Thị A",
        print_papers=desk_of_store.printed.append,
    )
    page = ApologyPage(calls, runner, FakeInteraction())
    qtbot.addWidget(page)
    page.show()
    page.activated(refresh=True)
    qtbot.waitUntil(lambda: page.table.current_row() is not None)
    assert page.chips.current() == "at_risk"
    page.word.reason.setText("Chờ xác minh")
    page.word.day.setText("03/12/2026")
    page.main_action()
    qtbot.waitUntil(lambda: page.chips.current() == "confirmed")
    qtbot.waitUntil(lambda: (page.letter.preview.document() or b"").startswith(b"%PDF"))
    page.main_action()
    qtbot.waitUntil(lambda: len(desk_of_store.printed) == 1)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    facts = lookup.show(store, code, now=desk_of_store.now)
    assert facts.moment("rescheduled_due_at") == datetime(2026, 12, 3, 17)
    assert [p.kind for p in facts.papers] == ["receipt", "apology"]


def test_a_number_is_hidden_until_it_is_asked_for_and_that_is_noted(page, desk_of_store, qtbot):
    store = desk_of_store.store
    desk_of_store.receive("Nguyễn Thị Ngọc Ánh")
    desk_of_store.receive("Trần Văn Bảo", submitter_name="Lê B", submitter_id="045192007777")
    choose(page, qtbot)
    label = page.panel.facts_section.label
    assert "7777" not in label.text()
    assert "******777" in label.text()
    qtbot.keyClick(page.table, Qt.Key.Key_F10)
    assert "7777" in label.text()
    assert "***" not in label.text()
    shown = [e.target for e in audit.entries(store) if e.act == "show-number"]
    assert shown == [page.panel.facts.uuid]
    choose(page, qtbot, 1)
    assert "7777" not in label.text()
    set_setting(store, key="mask_numbers", value="no")
    choose(page, qtbot, 0)
    assert "7777" in label.text()
    assert not page.panel.hides_number()
