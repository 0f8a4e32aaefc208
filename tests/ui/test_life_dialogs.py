"""The further acts' dialogs: they say what follows, ask for what is needed, and do it by F9."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from counter_app.domain.dossier import TABLE, Move
from counter_app.domain.facts import ReceiveRequest
from counter_app.services import dated_rules, opinions, papers, reception
from counter_app.ui.act_forms import make_dialog
from counter_app.ui.act_tiles import ActTiles
from counter_app.ui.dossier_acts import DossierActs
from counter_app.ui.dossier_calls import dossier_calls
from counter_app.ui.forms import MessageLabel
from counter_app.ui.more_acts import MORE_ACTS, MoreActsDialog
from tests.ui.dossier_fakes import InstantRunner

NOW = datetime(2026, 11, 23, 9)
CLERK = "Lê Thị A"


class House:
    """Real services on a practice folder, at a clock of its own."""

    def __init__(self, store):
        self.store = store
        self.now = NOW
        self.calls = dossier_calls(
            store, clock=lambda: self.now, clerk=lambda: CLERK, print_papers=lambda _: None
        )
        request = ReceiveRequest(
            procedure_code="1.004873", applicant_name="Nguyễn Thị Ánh", by=CLERK
        )
        self.code = reception.receive_dossier(store, request, now=NOW, issue_receipt=True).code

    def show(self):
        return self.calls.show(self.code)

    def do(self, move, **values):
        return self.calls.acts[move](self.code, **values)


@pytest.fixture
def house(tmp_path):
    from counter_app.bootstrap import open_app

    app = open_app(data=str(tmp_path / "data"), environment={})
    yield House(app.store)
    app.store.close()


@pytest.fixture
def open_dialog(house, qtbot):
    def make(move):
        dialog = make_dialog(move, house.show(), house.calls, InstantRunner())
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return make


def press(qtbot, dialog):
    with qtbot.waitSignal(dialog.act_done) as done:
        qtbot.keyClick(dialog, Qt.Key.Key_F9)
    return done.args[0]


def test_a_supplement_lists_what_was_not_ticked_and_asks_for_it_all_at_once(
    house, open_dialog, qtbot
):
    dialog = open_dialog(Move.SUPPLEMENT)
    assert dialog.lines(), "required papers that weren't handed in stand there already"
    dialog.items.set_value(dialog.items.value() + "\nBản chính hộ chiếu")
    assert "chậm nhất 27/11/2026" in dialog.hint_label.text()
    facts = press(qtbot, dialog)
    assert facts.status == "awaiting_supplement"
    assert facts.events[-1].body["requirements"][-1] == "Bản chính hộ chiếu"
    assert dialog.slip() == "supplement"


def test_an_empty_supplement_is_not_asked(open_dialog, qtbot, house):
    dialog = open_dialog(Move.SUPPLEMENT)
    dialog.items.set_value("")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert "ít nhất một mục" in dialog.items.note().text
    assert house.show().status == "received"


def test_a_supplement_after_the_third_day_is_warned_of_and_a_second_one_says_why(
    house, open_dialog, qtbot
):
    house.now = datetime(2026, 11, 30, 9)
    assert "yêu cầu muộn" in open_dialog(Move.SUPPLEMENT).hint_label.text()
    house.do(Move.SUPPLEMENT, reason="thiếu")
    house.do(Move.RESUBMIT)
    dialog = open_dialog(Move.SUPPLEMENT)
    assert "Đã yêu cầu một lần" in dialog.hint_label.text()
    dialog.items.set_value("Tờ khai")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.again.has_error()
    dialog.again.setText("phát hiện thêm")
    assert press(qtbot, dialog).status == "awaiting_supplement"


def test_a_resubmission_shows_the_new_date_before_it_is_recorded(house, open_dialog):
    house.do(Move.SUPPLEMENT, reason="thiếu")
    house.now += timedelta(days=2)
    assert "01/12/2026" not in open_dialog(Move.RESUBMIT).hint_label.text()
    assert "Hạn trả mới: Thứ Hai 30/11/2026, 17:00" in open_dialog(Move.RESUBMIT).hint_label.text()


def test_closing_is_greyed_until_the_days_are_over_and_says_when(house, open_dialog, qtbot):
    house.do(Move.SUPPLEMENT, reason="thiếu")
    dialog = open_dialog(Move.CLOSE)
    assert not dialog.do_button.isEnabled()
    assert "đến hết Thứ Ba 15/12/2026" in dialog.hint_label.text()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert house.show().status == "awaiting_supplement"
    house.now = datetime(2026, 12, 16, 9)
    assert press(qtbot, open_dialog(Move.CLOSE)).status == "stopped"


def test_an_extension_shows_the_old_date_and_the_new(open_dialog, qtbot):
    dialog = open_dialog(Move.EXTEND)
    assert "Hạn hiện nay Thứ Sáu 27/11/2026" in dialog.hint_label.text()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.limit_field.has_error()
    dialog.limit_field.amount.setText("2")
    assert "Hạn mới Thứ Ba 01/12/2026, 17:00" in dialog.hint_label.text()
    dialog.reason.setText("xác minh")
    assert press(qtbot, dialog).moment("due_at") == datetime(2026, 12, 1, 17)


def test_an_opinion_is_asked_with_its_own_day_and_answered_by_its_unit(house, open_dialog, qtbot):
    dialog = open_dialog(Move.ASK_OPINION)
    assert "Hạn trả của hồ sơ không đổi" in dialog.hint_label.text()
    dialog.unit.setText("Công an xã")
    dialog.what.set_value("cư trú")
    assert len(press(qtbot, dialog).state["opinions"]) == 1
    house.now = datetime(2026, 12, 1, 9)
    dialog = open_dialog(Move.OPINION_RECEIVED)
    assert "Quá hạn trả lời: Công an xã" in dialog.hint_label.text()
    dialog.text.set_value("đủ điều kiện")
    assert opinions.waiting(press(qtbot, dialog).state) == []


@pytest.mark.parametrize(
    "end",
    [
        (Move.REFUSE, "refused", "refusal"),
        (Move.STOP, "stopped", "stop"),
        (Move.WITHDRAW, "withdrawn", ""),
    ],
)
def test_an_end_says_what_follows_and_names_its_slip(house, open_dialog, qtbot, end):
    move, status, kind = end
    dialog = open_dialog(move)
    assert "kết thúc" in dialog.hint_label.text()
    dialog.reason.setText("theo quy định")
    assert press(qtbot, dialog).status == status
    assert dialog.slip() == kind
    if kind:
        uuid = house.calls.life.print_slip(house.code, kind)
        assert papers.frozen_facts(house.store, uuid)


def test_a_slip_that_is_switched_off_is_not_printed(open_dialog):
    dialog = open_dialog(Move.REFUSE)
    dialog.slip_box.setChecked(False)
    assert dialog.slip() == ""


def test_a_payment_pauses_and_says_so(open_dialog, qtbot):
    dialog = open_dialog(Move.AWAIT_PAYMENT)
    assert "tạm dừng" in dialog.hint_label.text()
    assert press(qtbot, dialog).status == "awaiting_payment"


def test_late_stays_late_is_said_before_any_act_that_moves_the_date(house, open_dialog):
    house.now = datetime(2026, 11, 30, 9)
    for move in (Move.SUPPLEMENT, Move.EXTEND, Move.AWAIT_PAYMENT, Move.REFUSE):
        assert "vẫn tính là trễ hạn" in open_dialog(move).hint_label.text(), move


def test_several_fields_are_corrected_at_once_and_each_change_is_read_before(
    house, open_dialog, qtbot
):
    dialog = open_dialog(Move.CORRECT)
    dialog.value_field.clear()
    qtbot.keyClicks(dialog.value_field, "Nguyen Thi Anh")
    dialog.item.set_value("phone")
    qtbot.keyClicks(dialog.value_field, "0905123456")
    dialog.item.set_value("limit")
    dialog.limit.amount.setText("5")
    told = dialog.hint_label.text()
    assert "Nguyễn Thị Ánh → Nguyen Thi Anh" in told
    assert "Hạn trả đổi từ Thứ Sáu 27/11/2026, 17:00 thành Thứ Ba 01/12/2026, 17:00" in told
    assert "thay bằng giấy mới" in told
    dialog.reason.setText("nhập nhầm")
    facts = press(qtbot, dialog)
    assert facts.state["phone"] == "0905123456"
    assert facts.moment("due_at") == datetime(2026, 12, 1, 17)


def test_a_wrong_correction_is_shown_at_its_field(open_dialog, qtbot):
    dialog = open_dialog(Move.CORRECT)
    dialog.reason.setText("nhập nhầm")
    dialog.item.set_value("phone")
    qtbot.keyClicks(dialog.value_field, "12")
    dialog.item.set_value("address")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.item.value() == "phone"
    assert dialog.value_field.has_error()
    assert dialog.value_field.text() == "12"


def test_nothing_changed_is_no_correction(open_dialog, qtbot):
    dialog = open_dialog(Move.CORRECT)
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.error_label.text() == "Chưa sửa mục nào."


def test_an_ended_dossier_offers_no_field_that_moves_its_date(house, open_dialog):
    house.do(Move.COMPLETE)
    dialog = open_dialog(Move.CORRECT)
    assert {"procedure_code", "limit", "received_at"}.isdisjoint(dialog.names)
    assert "giữ nguyên" in dialog.hint_label.text()


def test_a_chosen_file_is_attached_to_its_document(house, open_dialog, qtbot, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    dialog = open_dialog(Move.ATTACH)

    class Chooser:
        def choose_file_open(self, _title, *, folder=None, kinds):
            assert "pdf" in kinds
            return scan

    dialog.interaction = Chooser()
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert "ít nhất một tệp" in dialog.error_label.text()
    dialog.of.set_value(("output", ""))
    dialog.choose_button.click()
    facts = press(qtbot, dialog)
    (one,) = facts.state["attachments"]
    assert house.calls.life.file_path(one["sha256"], one["type"]).read_bytes() == b"%PDF-1.7"


def test_a_file_that_isn_t_what_it_claims_is_refused_in_sight_and_can_be_put_back(
    house, open_dialog, qtbot, tmp_path
):
    fake, scan = tmp_path / "fake.pdf", tmp_path / "scan.pdf"
    fake.write_bytes(b"no PDF")
    scan.write_bytes(b"%PDF-1.7")
    given = iter((fake, fake, scan))

    class Chooser:
        def choose_file_open(self, _title, *, folder=None, kinds):
            return next(given)

    dialog = open_dialog(Move.ATTACH)
    dialog.interaction = Chooser()
    for _ in range(2):
        dialog.choose_button.click()
    assert dialog.files == [fake], "the same file twice is one"
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    said = [label.text() for label in dialog.findChildren(MessageLabel) if label.isVisible()]
    assert any("fake.pdf" in text for text in said), said
    dialog.clear_button.click()
    assert dialog.files == []
    assert not any("fake.pdf" in label.text() for label in dialog.findChildren(MessageLabel))
    dialog.choose_button.click()
    (one,) = press(qtbot, dialog).state["attachments"]
    assert one["name"] == "scan.pdf"


def test_a_file_that_was_opened_of_encrypted_data_goes_after_a_while(
    house, qtbot, tmp_path, monkeypatch
):
    kept, shown = tmp_path / "ab" / "kept.pdf", tmp_path / "dang-xem" / "seen.pdf"
    for path in (kept, shown):
        path.parent.mkdir()
        path.write_bytes(b"%PDF-1.7")
    given = iter((kept, shown))
    life = replace(house.calls.life, file_path=lambda *_: next(given))
    window = QWidget()
    qtbot.addWidget(window)
    acts = DossierActs(replace(house.calls, life=life), InstantRunner(), None, window)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    acts.seen_long.setInterval(1)
    for _ in range(2):
        acts.open_file({"sha256": "", "type": "pdf", "name": "a.pdf"})
    assert shown.exists()
    qtbot.waitUntil(lambda: not shown.exists())
    assert kept.exists(), "what is shown of plain data is the kept file itself"


def test_a_slip_is_recorded_with_the_questions_of_the_day(open_dialog, qtbot):
    dialog = open_dialog(Move.SURVEY)
    form = dated_rules.questions(date(2026, 11, 23))
    assert list(dialog.answers) == [key for key, _ in form.questions]
    dialog.answers["time"].set_value(2)
    assert press(qtbot, dialog).state["survey"]["scores"] == {"time": 2}


def test_the_further_acts_are_tiles_and_greyed_ones_say_why(house, qtbot):
    dialog = MoreActsDialog(house.show())
    qtbot.addWidget(dialog)
    dialog.show()
    chosen = []
    dialog.act_chosen.connect(chosen.append)
    assert dialog.tiles.tile(Move.CLOSE).reason == "chỉ làm được khi: yêu cầu bổ sung"
    assert dialog.tiles.tile(Move.OPINION_RECEIVED).reason
    dialog.tiles.tile(Move.EXTEND).setFocus()
    qtbot.keyClick(dialog.tiles.tile(Move.EXTEND), Qt.Key.Key_Return)
    assert chosen == [Move.EXTEND]
    assert not dialog.isVisible()


def test_the_tiles_keep_their_height_where_the_window_is_low(house, qtbot):
    dialog = MoreActsDialog(house.show())
    qtbot.addWidget(dialog)
    dialog.resize(560, 300)
    dialog.show()
    tiles = [dialog.tiles.tile(move) for move in MORE_ACTS]
    assert {tile.height() for tile in tiles} == {tiles[0].sizeHint().height()}


@pytest.mark.parametrize("move", [Move.RESUBMIT, Move.PAID, Move.COMPETENT_RECEIVED])
def test_the_act_that_ends_a_wait_stands_apart_from_the_row_above(qtbot, move):
    tiles = ActTiles()
    qtbot.addWidget(tiles)
    tiles.tile(move).setVisible(True)
    tiles.show()
    step = tiles.tile(Move.PRINT).y() - tiles.tile(Move.EXPLAIN).y()
    assert tiles.tile(move).y() - tiles.tile(Move.PRINT).y() == step
    assert tiles.more.y() - tiles.tile(move).y() == step


def test_every_act_of_the_table_can_be_reached_from_the_page(house):
    offered = {act.move for act in house.show().acts}
    assert set(MORE_ACTS) <= offered
    assert {rule.move for rule in TABLE if rule.moves} - offered <= {Move.RECEIVE}


@pytest.mark.parametrize("move", [Move.REFUSE, Move.WITHDRAW, Move.STOP, Move.FORWARD])
def test_an_act_that_is_recorded_later_is_dated_when_it_was(move, house, open_dialog, qtbot):
    house.now = NOW + timedelta(hours=5)
    dialog = open_dialog(move)
    dialog.reason.setText("ghi sau khi mất điện")
    if move is Move.FORWARD:
        dialog.to.setText("Phòng Tư pháp")
    dialog.at.setText("10:30")
    facts = press(qtbot, dialog)
    assert facts.events[-1].kind == move
    assert facts.events[-1].at == datetime(2026, 11, 23, 10, 30)


def test_a_closing_can_be_dated_back_but_not_before_the_days_are_over(house, open_dialog, qtbot):
    house.do(Move.SUPPLEMENT, reason="thiếu")
    house.now = datetime(2026, 12, 17, 9)
    dialog = open_dialog(Move.CLOSE)
    dialog.at.setText("09:00 14/12")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert house.show().status == "awaiting_supplement"
    assert "15/12/2026" in dialog.error_label.text() + dialog.at.note().text
    dialog.at.setText("08:00 16/12")
    facts = press(qtbot, dialog)
    assert facts.events[-1].at == datetime(2026, 12, 16, 8)


def test_a_forwarding_dated_back_over_the_due_day_asks_why(house, open_dialog, qtbot):
    house.now = datetime(2026, 11, 30, 9)
    dialog = open_dialog(Move.FORWARD)
    dialog.to.setText("Phòng Tư pháp")
    dialog.at.setText("09:00 26/11")
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert dialog.reason.isVisible()
    assert dialog.reason.has_error()
    dialog.reason.setText("mất điện")
    assert press(qtbot, dialog).status == "processing"
