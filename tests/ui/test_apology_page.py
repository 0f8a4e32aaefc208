"""The page of apologies: found in time, worded, seen, issued, with few keys."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from counter_app.errors import InputError, MoveRefusedError, UserError
from counter_app.ui.apology_calls import ApologyCalls, read_signer
from counter_app.ui.apology_page import ApologyPage
from counter_app.ui.apology_word import is_ready
from tests.ui.dossier_fakes import CALENDAR, NOW, InstantRunner, make_apology, make_facts, make_row
from tests.ui.fakes import FakeInteraction

HOA, HA = "CHỦ TỊCH|Nguyễn Văn Hòa", "KT. CHỦ TỊCH|PHÓ CHỦ TỊCH|Lê Thị Thu Hà"


class FakeOffice:
    """An office whose list changes as words are recorded and letters issued."""

    def __init__(self, rows) -> None:
        self.rows = list(rows)
        self.done = []
        self.printed = []
        self.previewed = []
        self.number = "registry"
        self.refusal = None
        self.fails_at = ""

    def calls(self) -> ApologyCalls:
        return ApologyCalls(
            now=lambda: NOW,
            apologies=lambda: list(self.rows),
            preview=self.preview,
            issue=self.issue,
            reschedule=self.reschedule,
            explain=self.explain,
            calendar=lambda: CALENDAR,
            units=lambda: ["Tư pháp – Hộ tịch"],
            reasons=lambda: ["Chờ ý kiến của cơ quan phối hợp"],
            signers=lambda: [HOA, HA],
            letter_number=lambda: self.number,
            print_papers=self.printed.append,
        )

    def preview(self, uuid, signer):
        self.previewed.append((uuid, signer))
        return b"letter of " + uuid.encode()

    def issue(self, uuid, signer, number):
        if uuid == self.fails_at:
            raise UserError("Ổ đĩa đã đầy nên chưa lưu được.")
        self.done.append(("issue", uuid, signer, number))
        self.rows = [row for row in self.rows if row.uuid != uuid]
        return f"paper-{uuid}"

    def _change(self, uuid, **values):
        if self.refusal is not None:
            raise self.refusal
        known = next(row for row in self.rows if row.uuid == uuid)
        fields = {name: getattr(known, name) for name in known.__slots__} | values
        changed = type(known)(**fields)
        self.rows = [changed if row.uuid == uuid else row for row in self.rows]
        return make_facts(make_row(known.id, uuid=uuid))

    def reschedule(self, uuid, *, reason, new_due, unit):
        facts = self._change(uuid, kind="confirmed", reason=reason, new_due_at=new_due)
        self.done.append(("reschedule", uuid, reason, new_due, unit))
        return facts

    def explain(self, uuid, *, reason, expected):
        facts = self._change(uuid, reason=reason, new_due_at=expected)
        self.done.append(("explain", uuid, reason, expected))
        return facts


@pytest.fixture
def open_page(qtbot):
    """Return a function that shows the page over these rows."""

    def make(*rows, answers=(), **values):
        office = FakeOffice(rows)
        for name, value in values.items():
            setattr(office, name, value)
        page = ApologyPage(office.calls(), InstantRunner(), FakeInteraction(*answers))
        qtbot.addWidget(page)
        page.resize(1180, 660)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.activated(refresh=True)
        page.table.setFocus()
        page._on_timer_timeout()
        return page, office

    return make


def test_a_confirmed_letter_is_issued_with_one_key_on_the_page(open_page):
    page, office = open_page(make_apology(1, "at_risk"), make_apology(2, "confirmed"))
    assert page.chips.current() == "confirmed", "what can be issued stands first"
    assert office.previewed == [("a2", HOA)]
    page.main_action()
    assert office.done == [("issue", "a2", HOA, "")]
    assert office.printed == [["paper-a2"]]


def test_counts_stand_on_the_three_groups(open_page):
    page, _ = open_page(
        make_apology(1, "at_risk"), make_apology(2, "at_risk"), make_apology(3, "late")
    )
    names = [page.chips.button(key).text() for key in ("at_risk", "confirmed", "late")]
    assert names == ["Sắp trễ 2", "Đã xác nhận 0", "Đã trễ 1"]


def test_the_units_word_is_recorded_in_place_and_its_letter_follows(open_page, qtbot):
    page, office = open_page(make_apology(1, "at_risk"))
    assert page.letter.message.isVisible()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.word.reason.hasFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(page.word.reason, key)
    qtbot.keyClicks(page.word.day, "0112")
    with qtbot.waitSignal(page.state_text_changed) as told:
        page.main_action()
    assert "Ctrl+P phát hành văn bản này" in told.args[0], "F9 may be all letters that are ready"
    assert office.done == [
        (
            "reschedule",
            "a1",
            "Chờ ý kiến của cơ quan phối hợp",
            datetime(2026, 12, 1, 17),
            "Tư pháp – Hộ tịch",
        )
    ]
    assert page.chips.current() == "confirmed"
    assert page.table.current_row().uuid == "a1"
    page.main_action()
    assert office.done[-1] == ("issue", "a1", HOA, "")


def test_f9_stands_only_on_the_button_it_presses(open_page):
    page, _ = open_page(make_apology(1, "at_risk"), make_apology(2, "confirmed"))
    assert "F9" in page.letter.issue_all_button.text()
    page.chips.choose("at_risk")
    assert "F9" in page.word.record_button.text()
    assert "F9" not in page.letter.issue_all_button.text()


def test_the_number_of_letters_stands_on_the_button_and_several_are_asked_about(open_page):
    rows = [
        make_apology(1),
        make_apology(2),
        make_apology(3, "late", reason="Mất điện", new_due_at=datetime(2026, 12, 1, 17)),
        make_apology(4, "late"),
    ]
    page, office = open_page(*rows, answers=(False, True))
    assert page.letter.issue_all_button.verb() == "Phát hành tất cả (3 văn bản)"
    page.issue_all()
    assert office.done == []
    page.issue_all()
    assert [entry[1] for entry in office.done] == ["a1", "a2", "a3"]
    assert office.printed == [["paper-a1", "paper-a2", "paper-a3"]]


def test_letters_issued_before_a_failure_are_still_printed(open_page):
    page, office = open_page(
        make_apology(1), make_apology(2), make_apology(3), answers=(True,), fails_at="a2"
    )
    page.issue_all()
    assert office.printed == [["paper-a1"]]
    assert page._interaction.informed == ["Ổ đĩa đã đầy nên chưa lưu được."]
    assert page.chips.button("confirmed").count == 2


def test_a_late_dossier_needs_reason_and_expected_day(open_page, qtbot):
    page, office = open_page(make_apology(1, "late", due_at=datetime(2026, 11, 20, 17)))
    assert page.state_words(office.rows[0]) == "thiếu lý do"
    page.main_action()
    assert page.word.reason.has_error()
    page.word.reason.setText("Mất điện diện rộng")
    page.main_action()
    assert page.word.day.has_error()
    page.word.day.setText("25/11")
    page.main_action()
    assert office.done == [("explain", "a1", "Mất điện diện rộng", datetime(2026, 11, 25, 17))]
    assert page.letter.issue_all_button.isEnabled()


def test_a_late_dossier_that_was_completed_is_not_asked_for_a_day(open_page):
    row = make_apology(1, "late", new_due_at=datetime(2026, 11, 20, 9), reason="")
    page, office = open_page(row)
    assert page.word.day.isHidden()
    page.word.reason.setText("Chờ phối hợp")
    page.main_action()
    assert office.done == [("explain", "a1", "Chờ phối hợp", None)]


def test_too_late_is_said_in_words_before_anything_is_recorded(open_page):
    page, office = open_page(make_apology(1, "at_risk", too_late=True))
    assert page.state_words(office.rows[0]) == "không kịp hẹn lại"
    assert "không còn được tính" in page.word.hint.text()
    assert page.word.record_button.verb() == "Ghi thông báo trễ"


def test_a_refusal_stands_at_the_day(open_page):
    refusal = InputError("Ngày hẹn lại phải sau hạn hiện nay.", field="new_due")
    page, _ = open_page(make_apology(1, "at_risk"), refusal=refusal)
    page.word.reason.setText("Chờ")
    page.word.day.setText("01/12")
    page.main_action()
    assert page.word.day.note().text == refusal.message
    assert page.word.day.text() == "01/12"


def test_a_refusal_without_a_field_is_told(open_page):
    page, _ = open_page(make_apology(1, "at_risk"), refusal=MoveRefusedError("Đã hẹn lại."))
    page.word.reason.setText("Chờ")
    page.word.day.setText("01/12")
    page.main_action()
    assert page._interaction.informed == ["Đã hẹn lại."]


def test_what_was_typed_for_one_dossier_waits_while_another_is_looked_at(open_page):
    page, _ = open_page(make_apology(1, "at_risk"), make_apology(2, "at_risk"))
    page.word.reason.setText("Chờ xác minh")
    page.table.select_row(1)
    assert page.word.reason.text() == ""
    assert page.has_unsaved_work()
    page.table.select_row(0)
    assert page.word.reason.text() == "Chờ xác minh"


def test_a_day_is_read_from_today_though_the_window_was_opened_yesterday(open_page):
    page, _ = open_page(make_apology(1, "at_risk"), make_apology(2, "at_risk"))
    object.__setattr__(page._calls, "now", lambda: datetime(2027, 1, 4, 8))
    page.table.select_row(1)
    page.word.day.setText("05/01")
    assert page.word.day.parsed() == date(2027, 1, 5)


def test_another_signer_is_seen_at_once(open_page, qtbot):
    page, office = open_page(make_apology(1))
    page.letter.signer.set_value(HA)
    qtbot.waitUntil(lambda: office.previewed[-1] == ("a1", HA))
    assert read_signer(HA).titles == "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH"


def test_typed_numbers_are_issued_one_by_one(open_page):
    page, office = open_page(make_apology(1), make_apology(2), number="typed")
    assert page.letter.number.isVisible()
    assert not page.letter.issue_all_button.isEnabled()
    page.letter.number.setText("12/TB-UBND")
    page.main_action()
    assert office.done == [("issue", "a1", HOA, "12/TB-UBND")]


def test_empty_groups_say_so_and_nothing_can_be_issued(open_page):
    page, office = open_page()
    assert page.table._empty_text == "Không có hồ sơ nào sắp trễ trong thời gian báo trước."
    assert not page.letter.issue_all_button.isEnabled()
    page.main_action()
    assert office.done == []


def test_a_letter_is_ready_with_reason_and_day_only():
    assert is_ready(make_apology(1, "confirmed"))
    assert not is_ready(make_apology(1, "at_risk"))
    assert not is_ready(make_apology(1, "late", reason="x"))
