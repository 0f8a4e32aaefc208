"""Whoever reads a whole number in the window leaves a line, also where nobody signs in."""

from __future__ import annotations

from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.domain.visits import VisitKind
from counter_app.errors import DataFileError
from counter_app.services import audit, office, reception, visits
from counter_app.services.settings import set_setting
from counter_app.ui.desk import Desk
from counter_app.ui.dossier_calls import DossierQuery
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 0)
NUMBER, PHONE = "045192007777", "0905123456"
PERSON = {
    "procedure_code": "1.004873",
    "applicant_name": "Nguyễn Thị Ngọc Ánh",
    "citizen_id": NUMBER,
    "id_kind": "citizen",
    "phone": PHONE,
}


class House:
    """The open window on one dossier, where nobody has given a name."""

    def __init__(self, qtbot, app, interaction):
        self.qtbot, self.store, self.interaction = qtbot, app.store, interaction
        self.desk = Desk(
            app.store,
            folder=app.folder,
            clock=lambda: NOW,
            is_second=False,
            interaction=interaction,
        )
        qtbot.addWidget(self.desk.window)
        self.desk.start()

    def open(self, uuid, act=None):
        """Open the dossier on its page."""
        window = self.desk.window
        window.show_page("dossiers", DossierQuery(code=uuid, act=act))
        page = window.current_page()
        self.qtbot.waitUntil(lambda: page.panel.facts is not None)
        return page

    def lines(self):
        """Return what the log says of numbers, newest first, and who is named."""
        found = [e for e in audit.entries(self.store) if e.act == "show-number"]
        assert all("chưa đăng nhập" in entry.by for entry in found)
        return [(entry.target, entry.detail.get("what", "")) for entry in found]


@pytest.fixture
def opened(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.clock = lambda: NOW
    office.set_up(app.store, office_name="Một cửa", parent="UBND xã", agency_code="")
    yield app
    app.store.close()


@pytest.fixture
def dossier(opened):
    return reception.receive_dossier(
        opened.store, ReceiveRequest(**PERSON), now=NOW, issue_receipt=True
    )


@pytest.fixture
def house(qtbot, opened, dossier):
    made = House(qtbot, opened, FakeInteraction())
    yield made
    made.desk.close()


def test_a_number_behind_its_mask_is_told_once_it_is_asked_for(house, dossier):
    page = house.open(dossier.uuid)
    assert house.lines() == []
    page.show_number()
    page.show_number()
    assert house.lines() == [(dossier.uuid, "")]


def test_where_nothing_is_masked_each_opened_dossier_is_told_once(house, dossier):
    set_setting(house.store, key="mask_numbers", value="no")
    page = house.open(dossier.uuid)
    page.activated(refresh=True)
    house.open(dossier.uuid)
    assert house.lines() == [(dossier.uuid, "")]
    assert not page.panel.hides_number()


def test_a_number_that_cannot_be_told_stays_hidden(house, dossier, monkeypatch):
    set_setting(house.store, key="mask_numbers", value="no")

    def refuse(*_args, **_more):
        raise DataFileError("Ổ đĩa đã đầy. Chưa lưu gì.")

    monkeypatch.setattr(audit, "record", refuse)
    assert house.open(dossier.uuid).panel.hides_number()
    house.desk.papers.view_paper("", "", lambda: None)
    assert house.interaction.informed == ["Ổ đĩa đã đầy. Chưa lưu gì."]


def test_a_paper_that_is_looked_at_and_saved_is_told(house, dossier):
    (uuid,) = house.store.row("SELECT uuid FROM paper")
    house.desk.papers.view_paper(uuid, "0001", lambda: None)
    assert house.lines() == [(dossier.uuid, "xem giấy đã cấp")]
    house.interaction.answers = [None]
    assert house.desk.papers._may_show(uuid, "lưu giấy đã cấp ra tệp")
    assert house.lines()[0] == (dossier.uuid, "lưu giấy đã cấp ra tệp")


def test_the_strip_for_the_official_system_is_told(house, dossier):
    house.desk.strips.open(dossier.uuid)
    assert house.lines() == [(dossier.uuid, "thanh gõ một lần")]


def test_a_number_in_the_form_that_corrects_it_is_told_when_it_is_chosen(house, dossier):
    page = house.open(dossier.uuid, Move.CORRECT)
    house.qtbot.waitUntil(lambda: page.acts.dialog is not None)
    form = page.acts.dialog
    assert house.lines() == []
    form.item.set_value("citizen_id")
    form.item.set_value("phone")
    form.item.set_value("citizen_id")
    assert form.value_field.text() == NUMBER
    assert house.lines() == [(dossier.uuid, "")]
    form.reject()


def test_a_person_who_is_taken_into_a_new_dossier_is_told(house, dossier):
    page = house.desk.window.current_page()
    house.interaction.answers = [0, True, True]
    page.form.fill({"phone": PHONE})
    page.people.choose_by_phone()
    assert page.form.value("citizen_id") == NUMBER
    assert len(house.lines()) == 1
    (row,) = page._desk.recent()
    page.people.copy(row)
    assert house.lines()[0] == (dossier.uuid, "lấy lại người của hồ sơ")


def test_a_visit_that_is_opened_again_is_told(house):
    visit, _ = visits.record_visit(
        house.store,
        ReceiveRequest(by="Lê Thị A", **PERSON),
        kind=VisitKind.GUIDANCE,
        reason="Thiếu tờ khai",
        now=NOW,
    )
    house.interaction.answers = [True]
    house.desk.window.show_page("reception", f"visit:{visit.code}")
    assert house.lines() == [(visit.uuid, "mở lại lượt tiếp")]
