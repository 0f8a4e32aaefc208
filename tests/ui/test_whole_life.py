"""One dossier's whole life on the real window by keyboard alone, and every paper it leaves."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from counter_app.bootstrap import open_app
from counter_app.domain.catalogue import Fee
from counter_app.domain.dossier import Move
from counter_app.services import browse, catalogue, checks, lookup, office
from counter_app.services.settings import set_setting
from counter_app.ui.act_forms import CompleteDialog, ForwardDialog, RescheduleDialog
from counter_app.ui.desk import Desk
from counter_app.ui.life_forms import SupplementDialog
from counter_app.ui.more_acts import MORE_ACTS, MoreActsDialog
from counter_app.ui.printing import PrintOutcome
from counter_app.ui.record_forms import SurveyDialog
from counter_app.ui.return_form import ReturnDialog
from counter_app.ui.waiting_forms import ResubmitDialog
from tests.ui.fakes import FakeInteraction
from tests.ui.hands import type_text

CONTROL = Qt.KeyboardModifier.ControlModifier
MONDAY = datetime(2026, 11, 23, 9)
CLERK = "Lê Thị A"
PROCEDURE = "1.004873"


class House:
    """The open window, its clock, and the PDFs it sent to the printer."""

    def __init__(self, store, folder):
        self.store = store
        self.now = MONDAY
        self.printed = []
        self._seen = 0
        self.desk = Desk(
            store,
            folder=folder,
            clock=lambda: self.now,
            is_second=False,
            interaction=FakeInteraction(),
        )
        self.window = self.desk.window

    def print(self, data, **_options):
        document = pypdfium2.PdfDocument(data)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        self.printed.append(" ".join(text.split()))
        return PrintOutcome(is_printed=True, message="")

    def facts(self):
        (row,) = browse.page(self.store, now=self.now, count=1)
        return lookup.show(self.store, row.uuid, now=self.now)

    def wait_for(self, qtbot, status):
        """Wait until the dossier has this state and the window has the keyboard again."""
        qtbot.waitUntil(lambda: self.facts().state["status"] == status)
        page = self.window.current_page()
        qtbot.waitUntil(lambda: self.window.isActiveWindow() and here() is not None)
        qtbot.waitUntil(
            lambda: page.panel.facts is not None and page.panel.facts.state["status"] == status
        )

    def wait_for_paper(self, qtbot, *words):
        """Wait until a paper more is printed that says all this."""
        qtbot.waitUntil(lambda: len(self.printed) > self._seen)
        self._seen += 1
        assert len(self.printed) == self._seen
        for text in words:
            assert text.casefold() in self.printed[-1].casefold(), self.printed[-1]


@pytest.fixture
def house(qtbot, tmp_path, monkeypatch):
    opened = open_app(data=str(tmp_path / "data"), environment={})
    store = opened.store
    office.set_up(
        store,
        office_name="TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        parent="ỦY BAN NHÂN DÂN XÃ CAM LỘ",
        agency_code="H50.19.57",
        counter_number=1,
    )
    set_setting(store, key="place", value="Cam Lộ")
    set_setting(store, key="current_clerk", value=CLERK)
    set_setting(store, key="signers", value="GIÁM ĐỐC|Võ Thị Kim Oanh")
    catalogue.confirm_procedure(
        store,
        code=PROCEDURE,
        decision="Quyết định số 01/QĐ-UBND",
        on=MONDAY.date(),
        limit="3wd",
        fee=Fee(15_000),
    )
    house = House(store, opened.folder)
    monkeypatch.setattr("counter_app.ui.printing.print_pdf", house.print)
    qtbot.addWidget(house.window)
    house.desk.start()
    house.window.showNormal()
    house.window.resize(1366, 768)
    house.window.activateWindow()
    qtbot.waitUntil(house.window.isActiveWindow)
    yield house
    house.desk.close()
    store.close()


def here():
    return QApplication.focusWidget()


def key(code, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(here() or QApplication.activeWindow(), code, modifiers)


def enter():
    key(Qt.Key.Key_Return)


_hand = count(1_000_000, 1_000_000)


def say(text):
    """Type as a person does: a burst would be taken for a scanner's."""
    type_text(here(), text, start=next(_hand), gap=150)


def wait_for(qtbot, kind):
    """Wait until a dialog of this kind has the keyboard, and return it."""

    def is_there():
        return isinstance(QApplication.activeWindow(), kind) and here() is not None

    qtbot.waitUntil(is_there)
    return QApplication.activeWindow()


def further(qtbot, move, kind):
    """Choose one of the acts that are done seldom: arrows and Enter, as its window says."""
    key(Qt.Key.Key_Y, CONTROL)
    dialog = wait_for(qtbot, MoreActsDialog)
    places = list(MORE_ACTS)
    while here().move_ is not move:
        at, wanted = places.index(here().move_), places.index(move)
        before = here()
        key(Qt.Key.Key_Down if wanted - at > 1 else Qt.Key.Key_Right)
        assert here() is not before, f"{move} can't be reached with the arrows"
    assert dialog.isVisible()
    enter()
    return wait_for(qtbot, kind)


def receive(qtbot, house):
    """Monday: received with its receipt."""
    for text in ("045192007777", "Nguyễn Thị Ngọc Ánh", "30121992", "", "Xã Cam Lộ", "0905123456"):
        say(text)
        enter()
    say("doc than")
    enter()
    say(" ")
    key(Qt.Key.Key_F9)
    key(Qt.Key.Key_F9)  # one paper isn't here: that was said, and it is received all the same
    house.wait_for_paper(qtbot, "GIẤY TIẾP NHẬN", "Nguyễn Thị Ngọc Ánh", "27 tháng 11 năm 2026")


def ask_for_a_paper(qtbot, house):
    """A paper is missing: it is asked for once, with its slip."""
    key(Qt.Key.Key_F3)
    page = house.window.current_page()
    qtbot.waitUntil(lambda: page.table.rows_model.rowCount() == 1)
    key(Qt.Key.Key_Down)
    enter()
    qtbot.waitUntil(lambda: page.panel.facts is not None and page.panel.has_focus_inside())
    dialog = further(qtbot, Move.SUPPLEMENT, SupplementDialog)
    assert here() is dialog.form.field("requirements")
    assert "Giấy tờ tùy thân" in dialog.items.value()  # what wasn't ticked stands there
    key(Qt.Key.Key_Tab)
    assert here() is dialog.form.field("reason")
    say("Hồ sơ thiếu giấy tờ")
    key(Qt.Key.Key_F9)
    house.wait_for_paper(qtbot, "bổ sung", "Giấy tờ tùy thân")
    house.wait_for(qtbot, "awaiting_supplement")


def take_the_paper(qtbot, house):
    """Wednesday, after a holiday: it is here, the limit starts from zero, with a new receipt."""
    house.now = datetime(2026, 11, 25, 8, 30)
    key(Qt.Key.Key_F9)
    wait_for(qtbot, ResubmitDialog)
    key(Qt.Key.Key_F9)
    house.wait_for(qtbot, "received")
    key(Qt.Key.Key_R, CONTROL)
    house.wait_for_paper(qtbot, "Thay giấy tiếp nhận", "30 tháng 11 năm 2026")


def forward(qtbot, house):
    """To the unit that resolves it."""
    key(Qt.Key.Key_F9)
    dialog = wait_for(qtbot, ForwardDialog)
    assert here() is dialog.form.field("to")
    say("Phòng Tư pháp")
    enter()
    assert here() is dialog.form.field("officer")
    say("Trần Văn B")
    key(Qt.Key.Key_F9)
    house.wait_for(qtbot, "processing")


def reschedule(qtbot, house):
    """Thursday: the unit says in time that it needs longer; the letter goes out the same day."""
    house.now = datetime(2026, 11, 26, 9)
    key(Qt.Key.Key_N, CONTROL)
    dialog = wait_for(qtbot, RescheduleDialog)
    assert here() is dialog.form.field("reason")
    say("Chờ kết quả xác minh của nơi cư trú cũ")
    enter()
    assert here() is dialog.form.field("new_due")
    say("02/12")
    key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: house.facts().state["rescheduled_due_at"] is not None)
    qtbot.waitUntil(house.window.isActiveWindow)
    key(Qt.Key.Key_F6)
    letters = house.window.current_page()
    qtbot.waitUntil(lambda: letters.table.current_row() is not None)
    key(Qt.Key.Key_F9)
    house.wait_for_paper(qtbot, "xin lỗi", "02 tháng 12 năm 2026", "Chờ kết quả xác minh")


def complete(qtbot, house):
    """Tuesday: the result is there, before the day that was promised last."""
    house.now = datetime(2026, 12, 1, 15)
    key(Qt.Key.Key_F3)
    page = house.window.current_page()
    qtbot.waitUntil(lambda: page.isVisible() and page.table.current_row() is not None)
    qtbot.waitUntil(lambda: page.panel.facts is not None)
    key(Qt.Key.Key_F9)
    wait_for(qtbot, CompleteDialog)
    key(Qt.Key.Key_F9)
    house.wait_for(qtbot, "completed")


def give_back(qtbot, house):
    """Wednesday: the citizen pays, fetches it and hands her slip in."""
    house.now = datetime(2026, 12, 2, 8)
    key(Qt.Key.Key_F9)
    dialog = wait_for(qtbot, ReturnDialog)
    assert here() is dialog.form.field("collected_by")
    key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: here() is dialog.fee_paid)  # the fee is still due: said once
    key(Qt.Key.Key_Space)
    enter()
    say("0001234")
    key(Qt.Key.Key_F9)
    house.wait_for(qtbot, "returned")
    dialog = further(qtbot, Move.SURVEY, SurveyDialog)
    for _question in dialog.answers:
        key(Qt.Key.Key_Down)
        key(Qt.Key.Key_Down)
        enter()
    assert here() is dialog.form.field("comment")
    key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: house.facts().state["survey"] is not None)


def test_a_dossier_lives_from_receipt_to_slip_by_keyboard_alone(qtbot, house):
    for walk in (
        receive,
        ask_for_a_paper,
        take_the_paper,
        forward,
        reschedule,
        complete,
        give_back,
    ):
        walk(qtbot, house)
    facts = house.facts()
    assert [event.kind for event in facts.events if event.kind != "print"] == [
        "receive",
        "supplement",
        "resubmit",
        "forward",
        "reschedule",
        "complete",
        "fee",
        "return",
        "survey",
    ]
    assert facts.timeliness == "early"
    assert [paper.kind for paper in facts.papers] == ["receipt", "supplement", "receipt", "apology"]
    assert len(house.printed) == len(facts.papers)
    assert [one.name for one in checks.run_checks(house.store) if one.problems] == []
