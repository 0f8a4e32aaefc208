"""Not today: the form ends with a slip and a visit, and reopens when the person is back."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.visits import VisitKind
from counter_app.services import browse, lookup, visits
from counter_app.ui.not_today import NotTodayDialog
from counter_app.ui.reception_desk import desk_for
from counter_app.ui.reception_page import ReceptionPage
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9)
NUMBER = "045192007777"


class House:
    """The real reception page on a folder of its own; what is printed is kept."""

    def __init__(self, store, qtbot):
        self.store, self.qtbot = store, qtbot
        self.printed = []
        self.now = NOW
        desk = desk_for(
            store,
            clock=lambda: self.now,
            print_paper=lambda _uuid: None,
            print_pdf=lambda make: self.printed.append(make()),
        )
        self.page = ReceptionPage(desk, interaction=FakeInteraction())
        qtbot.addWidget(self.page)
        self.page.resize(1160, 700)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.activated(refresh=False)

    def type_person(self):
        found = next(iter(self.page._desk.match("1.004873")))
        self.page.form.fill({"citizen_id": NUMBER, "applicant_name": "Nguyễn Thị Ánh"})
        self.page.form.set_procedure(found)
        self.page._on_form_changed()

    def ask(self):
        self.qtbot.keyClick(self.page, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
        dialog = self.dialog()
        assert dialog is not None
        dialog.activateWindow()
        self.qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    def dialog(self):
        return next((d for d in self.page.findChildren(NotTodayDialog) if d.isVisible()), None)


@pytest.fixture
def house(tmp_path, qtbot):
    app = open_app(data=str(tmp_path / "data"), environment={})
    yield House(app.store, qtbot)
    app.store.close()


def record(house):
    house.type_person()
    dialog = house.ask()
    house.qtbot.keyClick(dialog, Qt.Key.Key_F9)
    house.qtbot.waitUntil(house.page.isActiveWindow)
    return visits.last_open_visit(house.store, number=NUMBER)


def test_one_key_prints_a_slip_from_the_unticked_papers_and_keeps_the_visit(house):
    house.type_person()
    missing = house.page.visits.unticked()
    assert missing
    dialog = house.ask()
    assert dialog.lines() == missing
    assert "không phải hồ sơ" in dialog.hint_label.text()
    house.qtbot.keyClick(dialog, Qt.Key.Key_F9)
    visit = visits.find_visit(house.store, "LUOT-01-261123-0001")
    assert (visit.kind, list(visit.requirements)) == (VisitKind.GUIDANCE, missing)
    assert house.printed[0].startswith(b"%PDF")
    assert house.page.form.is_untouched(), "the form is ready for the next citizen"
    assert list(browse.list_dossiers(house.store, as_of=NOW)) == []


def test_a_slip_that_is_printed_again_says_so_and_stands_in_the_visits_history(house):
    visit = record(house)
    house.page.visits.print_again()
    assert len(house.printed) == 2
    assert house.printed[0] != house.printed[1]
    assert visits.find_visit(house.store, visit.code).copies == 1
    house.page.visits.print_again()
    assert visits.find_visit(house.store, visit.code).copies == 2


def test_a_refusal_needs_its_reason(house):
    house.type_person()
    dialog = house.ask()
    dialog.kind.set_value(VisitKind.NOT_ACCEPTED)
    house.qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.reason.has_error()
    dialog.reason.setText("không thuộc thẩm quyền")
    house.qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert visits.find_visit(house.store, "LUOT-01-261123-0001").kind == VisitKind.NOT_ACCEPTED


def test_escape_keeps_what_was_typed(house):
    house.type_person()
    dialog = house.ask()
    house.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert house.page.form.value("applicant_name") == "Nguyễn Thị Ánh"
    assert house.printed == []


def test_without_a_name_or_a_procedure_there_is_no_slip(house):
    house.qtbot.keyClick(house.page, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert house.dialog() is None
    assert "Chưa in phiếu" in house.page.card.error_label.text()


def test_a_second_slip_for_the_same_matter_warns_with_the_first(house):
    record(house)
    house.type_person()
    assert "LUOT-01-261123-0001 ngày 23/11/2026" in house.ask().hint_label.text()


def test_who_is_back_is_spoken_of_and_the_form_reopens_filled_in(house):
    visit = record(house)
    house.page.form.fill({"citizen_id": NUMBER})
    house.page.form.number_left.emit(NUMBER)
    assert visit.code in house.page.notice.text()
    house.qtbot.keyClick(house.page, Qt.Key.Key_F10)
    form = house.page.form
    assert form.value("applicant_name") == "Nguyễn Thị Ánh"
    assert form.procedure_value().code == "1.004873"
    assert visit.requirements[0] in house.page.notice.text()


def test_the_slip_that_was_put_off_is_printed_by_the_same_key_as_a_receipt(house):
    visit = record(house)
    assert visit.code in house.page.recent.text()
    house.qtbot.keyClick(house.page, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert len(house.printed) == 2
    assert house.printed[1].startswith(b"%PDF")


def test_the_key_that_reopens_a_slip_is_read_at_a_glance(house):
    record(house)
    house.page.form.fill({"citizen_id": NUMBER})
    house.page.form.number_left.emit(NUMBER)
    house.page.promise.begin()
    house.page.promise.show_moment()
    notice = house.page.notice
    house.qtbot.waitUntil(lambda: "LUOT-01-261123-0001" in notice.shown_lines()[0])
    first, second = notice.shown_lines()
    assert first.startswith("F10 mở lại phiếu")
    assert "23/11/2026" in second


def test_a_scanned_slip_opens_the_form_and_the_dossier_says_where_it_came_from(house):
    visit = record(house)
    house.page.opened_with(f"visit:{visit.code}")
    house.page.promise.requote()
    house.page.main_action()
    house.page.main_action()  # the missing papers were said once
    (facts,) = browse.list_dossiers(house.store, as_of=house.now)
    assert lookup.load(house.store, facts.uuid)[2]["visit_code"] == visit.code
    assert visits.find_visit(house.store, visit.code).dossier_uuid == facts.uuid
    house.page.opened_with(f"visit:{visit.code}")
    assert "đã được nhận" in house.page.notice.text()


def test_a_half_typed_dossier_is_not_overwritten_by_a_scanned_slip(house):
    visit = record(house)
    house.page.form.fill({"applicant_name": "Lê Văn Khác"})
    house.page.opened_with(f"visit:{visit.code}")
    assert house.page.form.value("applicant_name") == "Lê Văn Khác"
    assert "Đang gõ dở" in house.page.notice.text()
