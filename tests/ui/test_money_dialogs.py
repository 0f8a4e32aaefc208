"""Fees and hand-overs in the window of dossiers, on a real data folder."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from counter_app.bootstrap import open_app
from counter_app.domain.dossier import Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import fees, lookup, moves, office, reception
from counter_app.ui.act_forms import make_dialog
from counter_app.ui.dossier_calls import DossierQuery, dossier_calls
from counter_app.ui.dossier_html import facts_html
from counter_app.ui.dossier_lists import extra_chip
from counter_app.ui.handover_dialog import HandoverDialog
from counter_app.ui.money_forms import EXEMPT, NUMBER, PAID
from counter_app.ui.reception_desk import desk_for
from counter_app.ui.reception_page import ReceptionPage
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 12)
LAN, HOA = "Trần Thị Lan", "Lê Thị Hoa"


class House:
    """A store with a clock, and the window's calls on it."""

    def __init__(self, store):
        self.store = store
        self.now = NOW
        self.calls = dossier_calls(
            store,
            clock=lambda: self.now,
            clerk=lambda: "Lê Thị A",
            print_papers=lambda _uuids: None,
        )

    def receive(self, procedure="2.000884", name="Nguyễn Văn A"):
        request = ReceiveRequest(procedure, applicant_name=name, by="Lê Thị A")
        return reception.receive_dossier(self.store, request, now=self.now).uuid

    def forward(self, uuid, officer=LAN):
        return moves.forward(
            self.store, uuid, to="Tư pháp", officer=officer, by="Lê Thị A", now=self.now
        )

    def show(self, uuid):
        return lookup.show(self.store, uuid, now=self.now)


@pytest.fixture
def house(tmp_path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    app.store.execute("PRAGMA synchronous=off")
    office.set_up(app.store, office_name="TTPVHCC", parent="UBND XÃ", agency_code="")
    yield House(app.store)
    app.store.close()


@pytest.fixture
def ask(qtbot, house):
    def make(move, uuid):
        dialog = make_dialog(move, house.show(uuid), house.calls, InstantRunner())
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def test_a_fee_by_the_page_is_counted_while_typed_and_paid_with_its_receipt(house, ask):
    uuid = house.receive("2.000815")
    dialog = ask(Move.FEE, uuid)
    assert dialog.pages.isVisible()
    dialog.pages.setText("5")
    dialog.copies.setText("3")
    dialog._on_sum_edited("")
    assert "Theo biểu phí: 21.000" in dialog.hint_label.text()
    dialog.receipt.setText("0012")
    dialog.submit()
    state = house.show(uuid).state
    assert (state["fee_paid"], state["fee_receipt"]) == (21_000, "0012")
    assert "biên lai 0012" in facts_html(house.show(uuid))


def test_an_exemption_asks_for_reason_and_proof_at_their_fields(house, ask):
    uuid = house.receive()
    dialog = ask(Move.FEE, uuid)
    dialog.what.set_value(EXEMPT)
    assert not dialog.amount.isVisible()
    dialog.submit()
    assert dialog.reason.has_error()
    dialog.reason.setText("Hộ nghèo")
    dialog.submit()
    assert dialog.proof.has_error()
    dialog.proof.setText("Sổ hộ nghèo số 12")
    dialog.submit()
    assert house.show(uuid).state["fee_exempt_reason"] == "Hộ nghèo"


def test_another_sum_shows_the_field_for_its_reason(house, ask):
    uuid = house.receive()
    dialog = ask(Move.FEE, uuid)
    assert not dialog.reason.isVisible()
    dialog.amount.setText("5.000")
    dialog._on_sum_edited("")
    assert dialog.reason.isVisible()
    dialog.submit()
    assert dialog.reason.has_error()
    dialog.reason.setText("Giảm một nửa")
    dialog.submit()
    assert house.show(uuid).state["fee_paid"] == 5_000


def test_what_was_paid_only_takes_the_number_of_its_receipt(house, ask):
    uuid = house.receive()
    fees.record_fee(house.store, uuid, paid=True, by="A", now=house.now)
    dialog = ask(Move.FEE, uuid)
    assert (dialog.what.count(), dialog.what.value()) == (1, NUMBER)
    dialog.receipt.setText("0015")
    dialog.submit()
    assert house.show(uuid).state["fee_receipt"] == "0015"
    assert PAID != NUMBER


def test_a_hand_over_is_taken_in_hand_and_told_on_the_page(house, ask):
    uuid = house.receive()
    assert "chuyển trước 17:00" in facts_html(house.show(uuid))
    house.now = NOW.replace(hour=17, minute=5)
    assert "quá giờ chuyển" in facts_html(house.show(uuid))
    house.forward(uuid)
    assert "chưa nhận" in facts_html(house.show(uuid))
    dialog = ask(Move.ACCEPT, uuid)
    assert dialog.officer.value() == LAN
    dialog.submit()
    assert f"{LAN} nhận lúc" in facts_html(house.show(uuid))


def test_a_step_of_linked_procedures_is_done_from_its_window(house, ask):
    uuid = house.receive("2.000986")
    dialog = ask(Move.STEP, uuid)
    assert dialog.step.count() == 3
    dialog.submit()
    assert house.show(uuid).state["steps"][0]["done_at"] is not None
    assert "xong" in facts_html(house.show(uuid))


@pytest.fixture
def window(qtbot, house):
    kept = []  # no window is torn down while another is painted

    def make():
        dialog = HandoverDialog(house.calls.handover, InstantRunner())
        kept.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    yield make
    kept.clear()


def test_everything_of_one_who_is_away_is_given_on_in_one_go(house, window):
    uuids = [house.receive() for _ in range(3)]
    for uuid in uuids:
        house.forward(uuid)
    moves.supplement(house.store, uuids[2], reason="Thiếu ảnh", by=LAN, now=house.now)
    dialog = window()
    assert dialog.who_label.text() == f"3 hồ sơ của {LAN}"
    dialog.submit()
    assert dialog.officer.has_error()
    dialog.officer.setText(HOA)
    dialog.submit()
    assert dialog.reason.has_error()
    dialog.reason.setText("Nghỉ phép")
    dialog.submit()
    assert [house.show(u).state["handling_officer"] for u in uuids] == [HOA, HOA, LAN]
    assert "Đã giao 2 hồ sơ" in dialog.message.text()
    assert "1 hồ sơ đang chờ người dân" in dialog.message.text()
    assert dialog.model.rowCount() == 2


def test_a_line_opens_its_list_and_the_overdue_ones_theirs(house, window, qtbot):
    uuid = house.receive()
    house.forward(uuid)
    house.receive(name="Nguyễn Văn B")
    house.now = datetime(2026, 11, 23, 17, 30)
    dialog = window()
    with qtbot.waitSignal(dialog.list_wanted) as asked:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    query = asked.args[0]
    assert query == DossierQuery(officer=LAN)
    assert extra_chip(query).text == LAN
    assert [row.uuid for row in house.calls.page(query, None, 50)] == [uuid]
    dialog = window()
    assert "1 hồ sơ còn ở quầy" in dialog.overdue_button.text()
    with qtbot.waitSignal(dialog.list_wanted) as asked:
        dialog.overdue_button.click()
    assert [row.applicant_name for row in house.calls.page(asked.args[0], None, 50)] == [
        "Nguyễn Văn B"
    ]


def test_nothing_to_give_says_so(house, window):
    dialog = window()
    assert not dialog.do_button.isEnabled()
    assert not dialog.overdue_button.isEnabled()
    house.now += timedelta(days=1)


def test_the_desk_takes_the_fee_of_what_it_just_received(qtbot, house):
    house.receive()
    page = ReceptionPage(
        desk_for(house.store, clock=lambda: house.now, print_paper=lambda _uuid: None),
        interaction=FakeInteraction(),
    )
    qtbot.addWidget(page)
    page.show()
    page.activated(refresh=True)
    with qtbot.waitSignal(page.page_requested) as asked:
        page.recent.take_fee()
    key, query = asked.args
    assert (key, query.act) == ("dossiers", Move.FEE)
    assert house.show(query.code).state["applicant_name"] == "Nguyễn Văn A"
