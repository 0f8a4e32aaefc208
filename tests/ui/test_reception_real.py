"""The reception page and the wizard on a real data folder: fakes can't agree with themselves."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from counter_app.domain.catalogue import Fee
from counter_app.errors import InputErrors
from counter_app.services import lookup, office, papers
from counter_app.services.settings import get_settings, set_setting
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from counter_app.ui.reception_desk import Confirmation, desk_for
from counter_app.ui.reception_page import ReceptionPage
from counter_app.ui.wizard import SetupWizard, wizard_calls
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 20, 9, 12)


@pytest.fixture
def page(qtbot, store):
    office.set_up(store, office_name="TTPVHCC", parent="UBND XÃ CAM LỘ", agency_code="")
    office.choose_clerk(store, name="Lê Thị A")
    printed = []
    page = ReceptionPage(
        desk_for(store, clock=lambda: NOW, print_paper=printed.append),
        interaction=FakeInteraction(),
        ask=lambda _parent, _found: ProcedureAnswer(
            Confirmation("12/QĐ-UBND", limit="3wd", fee=Fee(15000))
        ),
    )
    page.printed = printed
    qtbot.addWidget(page)
    page.resize(1190, 690)
    page.show()
    page.activated(refresh=True)
    return page


def fill(page, **more):
    page.form.fill(
        {
            "citizen_id": "045192007777",
            "applicant_name": "Nguyễn Thị Ngọc Ánh",
            "birth_date": "30/12/1992",
            "sex": "female",
            "phone": "0905123456",
            **more,
        }
    )
    found = page._desk.match("giấy độc thân")[0]
    page.form.set_procedure(found)
    page.form.procedure_chosen.emit(found)
    for number, row in enumerate(page.form.documents.list.rows()):
        if row.is_required:
            page.form.documents.list.toggle(number)


def test_what_is_typed_is_received_with_its_proof_and_receipt(page, store):
    fill(page)
    assert page.card.day_label.text() == "Thứ Năm 26/11/2026"
    assert any("Ngày Văn hóa" in line for line in page.card.proof.lines())
    assert page.card.fee_label.text() == "15.000 đ"
    page.main_action()
    assert page.card.error_label.text() == ""
    row = page.recent.current()
    facts = lookup.show(store, row.code, now=NOW)
    assert facts.state["applicant_name"] == "Nguyễn Thị Ngọc Ánh"
    assert facts.state["reception_officer"] == "Lê Thị A"
    assert [page_uuid.uuid for page_uuid in facts.papers] == page.printed
    assert page._desk.load_draft() is None


def test_nothing_is_received_for_nobody_while_people_are_known(page, store):
    office.save_officer(store, name="Lê Thị A")
    set_setting(store, key="current_clerk", value="")
    fill(page)
    page.main_action()
    assert store.row("SELECT count(*) FROM dossier") == (0,)
    assert "Ctrl+L" in page.card.error_label.text()
    office.choose_clerk(store, name="Lê Thị A")
    page.main_action()
    assert store.row("SELECT reception_officer FROM dossier") == ("Lê Thị A",)


def test_the_same_citizen_is_known_and_warned_about(page):
    fill(page)
    page.main_action()
    page.form.number.setFocus()
    page.form.number.setText("045192007777")
    QTest.keyClick(page.form.number, Qt.Key.Key_Tab)
    page.people.look_up("045192007777")
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert page.form.value("birth_date") == "30/12/1992"
    found = page._desk.match("giấy độc thân")[0]
    page.form.set_procedure(found)
    page.form.procedure_chosen.emit(found)
    assert "cùng thủ tục" in page.form.procedure.note().text


def test_the_houses_own_refusal_finds_its_field(page):
    fill(page, official_code="không phải mã")
    page.main_action()
    assert page.form.official_code.has_error()
    assert page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"


def test_a_draft_is_kept_by_the_store(page, store, qtbot):
    fill(page)
    page.draft.save()
    again = ReceptionPage(
        desk_for(store, clock=lambda: NOW, print_paper=lambda _uuid: None),
        interaction=FakeInteraction(),
        ask=lambda _parent, _found: ProcedureAnswer(),
    )
    qtbot.addWidget(again)
    again.activated(refresh=True)
    assert again.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    assert again.form.procedure_value().code == "1.004873"


def test_the_person_of_an_older_receipt_is_found(page):
    fill(page, address="Xã Cam Lộ")
    page.main_action()
    person = page._desk.person_of(page.recent.current().uuid)
    assert (person.name, person.address) == ("Nguyễn Thị Ngọc Ánh", "Xã Cam Lộ")


VALUES = {
    "parent": "ỦY BAN NHÂN DÂN XÃ CAM LỘ",
    "office": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "place": "Cam Lộ",
    "province_code": "45",
    "agency_code": "",
    "counter": "Quầy 2",
    "counter_number": "2",
    "weekday_hours": "07:00-11:30,13:30-17:00",
    "saturday": "counts",
    "saturday_hours": "07:00-11:00",
    "counting": "hour",
    "people": {"names": ["Lê Thị Ánh", "Nguyễn Văn Đức"], "current": "Nguyễn Văn Đức"},
    "paper": "a5",
    "letter_number": "series",
}


def test_the_wizard_sets_everything_at_once(store):
    wizard_calls(store).finish(VALUES)
    facts, settings = office.office(store), get_settings(store)
    assert (facts.name, facts.counter_number, facts.province_code) == (VALUES["office"], 2, "45")
    assert settings["saturday_hours"] == "07:00-11:00"
    assert settings["saturday_counts"] is True
    assert (settings["counting"], settings["paper"]) == ("hour", "a5")
    assert settings["current_clerk"] == "Nguyễn Văn Đức"
    assert [one.name for one in office.officers(store)] == VALUES["people"]["names"]
    assert wizard_calls(store).known()["saturday"] == "counts"


def test_a_refused_value_sets_nothing(store):
    calls = wizard_calls(store)
    with pytest.raises(InputErrors):
        calls.finish(VALUES | {"office": " "})
    assert not office.office(store).is_named
    assert get_settings(store)["paper"] == "a4-2up"


def test_the_wizard_left_is_continued_from_the_store(store, qtbot):
    wizard = SetupWizard(wizard_calls(store))
    qtbot.addWidget(wizard)
    wizard.steps[0].fill(VALUES)
    wizard.go_on()
    wizard.reject()
    again = SetupWizard(wizard_calls(store))
    qtbot.addWidget(again)
    assert again.step_number() == 1
    assert again.values()["place"] == "Cam Lộ"


CERTIFY = "2.000815"


def choose(page, words, code):
    found = next(one for one in page._desk.match(words) if one.code == code)
    page.form.set_procedure(found)
    page.form.procedure_chosen.emit(found)


def test_a_fee_by_the_page_is_counted_while_it_is_typed_and_stands_on_the_receipt(page, store):
    fill(page)
    choose(page, "sao y", CERTIFY)
    assert page.form.is_row_visible("fee_pages")
    assert page.card.fee_label.text().startswith("2.000 đ/trang")
    page.form.go_to("fee_pages")
    QTest.keyClicks(page.form.fee_pages, "5")
    QTest.keyClick(page.form.fee_pages, Qt.Key.Key_Return)
    QTest.keyClicks(page.form.fee_copies, "3")
    assert page.card.fee_label.text() == "21.000\u00a0đ (5 trang × 3 bản)"
    QTest.keyClicks(page.form.fee_copies, "x")
    assert page.card.fee_label.text().startswith("2.000 đ/trang")
    QTest.keyClick(page.form.fee_copies, Qt.Key.Key_Backspace)
    page.main_action()
    page.main_action()  # papers that weren't ticked are said once
    facts = lookup.show(store, page.recent.current().code, now=NOW)
    assert (facts.state["fee"], facts.state["fee_pages"], facts.state["fee_copies"]) == (
        21_000,
        5,
        3,
    )
    (paper,) = facts.papers
    assert papers.frozen_facts(store, paper.uuid)["fee_text"] == "21.000\u00a0đ (5 trang × 3 bản)"
    assert not page.form.is_row_visible("fee_copies")


def test_pages_are_asked_for_only_where_the_fee_goes_by_them(page):
    fill(page)
    choose(page, "sao y", CERTIFY)
    page.form.fee_pages.set_value("5")
    choose(page, "doc than", "1.004873")
    assert not page.form.is_row_visible("fee_pages")
    assert page.form.values()["fee_pages"] == ""
    page.main_action()
    page.main_action()
    assert page._desk.load_draft() is None
