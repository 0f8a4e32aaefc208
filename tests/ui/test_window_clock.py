"""The clock of the open window: 2009, a foreign zone, an hour back, midnight and New Year."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from counter_app import bootstrap
from counter_app.bootstrap import open_app
from counter_app.domain.moments import from_epoch
from counter_app.services import browse, catalogue, checks, lookup, office
from counter_app.ui.confirm_procedure_dialog import ProcedureAnswer
from counter_app.ui.desk import Desk
from tests.ui.fakes import FakeInteraction

MONDAY = datetime(2026, 11, 23, 9, 0)
VIETNAM = timedelta(hours=7)
RIGHT, WRONG = True, False
PROCEDURE = "1.004873"


class Clock:
    """The machine's clock, and time that goes on whatever it shows."""

    def __init__(self, now=MONDAY):
        self.now = now
        self.seconds = 0.0

    def __call__(self):
        return self.now

    def go_on(self, **time):
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()

    def is_set_to(self, moment):
        self.now = moment


class Machine:
    """A window on a data folder, on a PC whose clock and zone a test sets."""

    def __init__(self, folder, qtbot, *, now=MONDAY, offset=VIETNAM):
        self.clock = Clock(now)
        self.offset = offset
        self.said = FakeInteraction()
        opened = open_app(data=str(folder), environment={})
        self.store = opened.store
        office.set_up(self.store, office_name="TTPVHCC", parent="UBND XÃ", agency_code="")
        office.choose_clerk(self.store, name="Lê Thị A")
        self.desk = Desk(
            self.store,
            folder=opened.folder,
            clock=self.clock,
            is_second=False,
            interaction=self.said,
            doubts=self._doubts,
        )
        self.desk.day._steady = lambda: self.clock.seconds
        self.desk.day._seen = (self.clock(), self.clock.seconds)
        self.desk.papers.print_papers = lambda _uuids: None
        self.window = self.desk.window
        qtbot.addWidget(
            self.window, before_close_func=lambda _window: self.said.answers.append(True)
        )
        self.desk.start()
        # On a day before the decision the procedure has no limit: it is typed for this dossier.
        self.page.promise._ask = lambda _parent, _found: ProcedureAnswer(limit_once="3wd")

    def _doubts(self, now):
        return bootstrap.clock_doubts(self.store, now=now, offset=self.offset)

    @property
    def page(self):
        return self.window.page("reception")

    def confirm(self, on=MONDAY):
        catalogue.confirm_procedure(
            self.store, code=PROCEDURE, decision="12/QĐ-UBND", on=on.date(), limit="3wd"
        )

    def type_in(self, name="Nguyễn Thị Ngọc Ánh"):
        self.page.form.fill({"applicant_name": name, "phone": "0905123456"})
        self.page._on_form_changed()
        found = self.page._desk.procedure(PROCEDURE)
        self.page.form.set_procedure(found)
        self.page.form.procedure_chosen.emit(found)
        for number, row in enumerate(self.page.form.documents.list.rows()):
            if row.is_required:
                self.page.form.documents.list.toggle(number)

    def save(self, *answers):
        self.said.answers.extend(answers)
        self.window.do_main_action()
        assert self.page.card.error_label.text() == ""

    def receive(self, *answers, name="Nguyễn Thị Ngọc Ánh"):
        self.type_in(name)
        self.save(*answers)
        return self.last()

    def rows(self):
        return browse.page(self.store, now=self.clock(), count=50)

    def last(self):
        row = max(self.rows(), key=lambda one: one.id)
        return lookup.show(self.store, row.uuid, now=self.clock())

    def close(self):
        self.desk.close()
        self.store.close()


@pytest.fixture
def machine(tmp_path, qtbot):
    kept = []

    def make(**options):
        machine = Machine(tmp_path / "data", qtbot, **options)
        kept.append(machine)
        machine.confirm()
        return machine

    yield make
    for one in kept:
        one.close()


def received_at(facts):
    return from_epoch(facts.state["received_at"])


def test_a_right_clock_asks_nothing_all_day(machine):
    pc = machine()
    pc.desk.day.check()
    assert received_at(pc.receive()) == MONDAY
    pc.clock.go_on(hours=7)
    assert received_at(pc.receive()) == MONDAY + timedelta(hours=7)
    assert pc.said.asked == []


def test_a_clock_in_2009_saves_nothing_until_it_is_set_and_then_the_time_is_right(machine):
    pc = machine()
    pc.receive()
    pc.clock.is_set_to(datetime(2009, 1, 1, 0, 3))
    pc.said.answers += [WRONG]
    pc.desk.day.check()
    assert "01/01/2009" in pc.said.asked[0]
    pc.type_in("Hồ Văn Ương")
    pc.clock.go_on(minutes=4)
    pc.save(WRONG)
    assert len(pc.rows()) == 1
    pc.clock.is_set_to(datetime(2026, 11, 24, 8, 30))
    pc.save()
    assert len(pc.rows()) == 2
    assert received_at(pc.last()) == datetime(2026, 11, 24, 8, 26)
    assert pc.last().code.startswith("TAM-01-261124-")
    assert len(pc.said.asked) == 2


def test_a_new_folder_on_a_clock_in_2009_is_asked_about_too(machine):
    pc = machine(now=datetime(2009, 1, 1, 8, 0))
    pc.said.answers += [WRONG]
    pc.desk.day.check()
    assert "khi đó chưa có chương trình này" in pc.said.asked[0]


def test_a_foreign_zone_with_the_wall_clock_right_is_asked_about_once_and_corrected(machine):
    # The PC shows 09:00 in +08:00; taken to Vietnam that is 08:00, which no clock here shows.
    pc = machine(now=MONDAY - timedelta(hours=1), offset=timedelta(hours=8))
    pc.type_in()
    pc.save(0)
    assert "treo tường" in pc.said.asked[0]
    assert received_at(pc.last()) == MONDAY
    pc.clock.go_on(minutes=10)
    assert received_at(pc.receive()) == MONDAY + timedelta(minutes=10)
    assert len(pc.said.asked) == 1
    assert "09:10" in pc.window._bottom.page_text()


def test_a_foreign_zone_with_the_wall_clock_wrong_keeps_vietnams_time(machine):
    pc = machine(now=MONDAY - timedelta(hours=1), offset=timedelta(hours=8))
    assert received_at(pc.receive(1)) == MONDAY - timedelta(hours=1)
    assert len(pc.said.asked) == 1


def test_a_question_about_the_zone_that_nobody_answered_keeps_anything_from_being_saved(machine):
    pc = machine(offset=timedelta(hours=8))
    pc.said.answers += [None]
    pc.desk.day.check()
    pc.desk.day.check()
    pc.type_in()
    pc.save(None)
    assert pc.rows() == []
    pc.save(1)
    assert len(pc.rows()) == 1
    assert len(pc.said.asked) == 3


def test_a_foreign_zone_is_asked_about_each_day(machine):
    pc = machine(offset=timedelta(hours=8))
    pc.receive(1)
    pc.clock.go_on(days=1)
    pc.receive(1)
    pc.receive()
    assert len(pc.said.asked) == 2


def test_an_hour_back_is_asked_about_and_once_confirmed_the_time_is_right(machine):
    pc = machine()
    pc.clock.go_on(hours=1)
    pc.receive()
    pc.type_in()
    pc.clock.go_on(minutes=5)
    pc.clock.is_set_to(pc.clock() - timedelta(hours=1))
    pc.save(RIGHT)
    assert received_at(pc.last()) == MONDAY
    pc.receive()
    assert len(pc.said.asked) == 1
    assert all(result.ok for result in checks.run_checks(pc.store))


def test_an_hour_back_that_is_wrong_saves_nothing(machine):
    pc = machine()
    pc.receive()
    pc.clock.is_set_to(MONDAY - timedelta(hours=1))
    pc.type_in()
    pc.save(WRONG)
    assert len(pc.rows()) == 1
    pc.clock.is_set_to(MONDAY + timedelta(minutes=1))
    pc.save()
    assert len(pc.rows()) == 2


def test_a_confirmed_clock_is_not_believed_on_the_next_day_again(machine):
    pc = machine()
    pc.clock.go_on(days=3)
    pc.receive()
    pc.clock.is_set_to(MONDAY)
    pc.receive(RIGHT)
    pc.clock.go_on(days=1)
    pc.type_in()
    pc.save(WRONG)
    assert len(pc.rows()) == 2


@pytest.mark.parametrize(("days", "is_asked"), [(5, 0), (6, 1)])
def test_a_long_gap_is_asked_about_once(days, is_asked, machine):
    pc = machine()
    pc.receive()
    pc.clock.go_on(days=days)
    pc.said.answers += [RIGHT] * is_asked
    pc.desk.day.check()
    pc.receive()
    pc.receive()
    assert len(pc.said.asked) == is_asked


def test_sleep_is_no_leap_of_the_clock(machine):
    pc = machine()
    pc.type_in()
    pc.clock.go_on(hours=2)
    pc.save()
    assert received_at(pc.last()) == MONDAY


def test_a_moment_set_by_hand_stays_when_the_clock_is_set(machine):
    pc = machine()
    pc.type_in()
    pc.page.promise.begun, pc.page.promise.moment_reason = MONDAY - timedelta(hours=1), "mất điện"
    pc.clock.is_set_to(MONDAY + timedelta(hours=3))
    pc.save()
    assert received_at(pc.last()) == MONDAY - timedelta(hours=1)


def test_a_draft_stamped_by_a_wrong_clock_gets_a_new_stamp(machine, tmp_path, qtbot):
    pc = machine(now=datetime(2009, 1, 1, 8, 0))
    pc.type_in()
    pc.page.draft.save()
    pc.close()
    again = Machine(tmp_path / "data", qtbot, now=MONDAY)
    assert again.page.form.value("applicant_name") == "Nguyễn Thị Ngọc Ánh"
    again.save()
    assert received_at(again.last()) == MONDAY
    again.close()


# Midnight


def test_the_day_the_lists_and_the_moment_of_receipt_follow_midnight(machine, qtbot):
    pc = machine()
    code = pc.receive().code
    pc.clock.go_on(days=4, hours=14, minutes=59)  # the evening of the day it is due
    pc.type_in("Hồ Văn Ương")
    assert pc.page.form.moment_label.text() == "Giờ nhận 23:59"
    pc.window.show_page("dossiers")
    page = pc.window.current_page()
    qtbot.waitUntil(lambda: page.table.rows_model.rowCount() == 1)
    row = page.table.rows_model.row_at(0)
    assert (row.code, page.list._due(row).text) == (code, "hôm nay")
    pc.clock.go_on(minutes=2)
    pc.desk.day.check()
    assert any("28/11/2026" in label.text() for label in pc.window._top.findChildren(QLabel))
    qtbot.waitUntil(lambda: page.list.today() == pc.clock().date())
    assert page.list._due(page.table.rows_model.row_at(0)).text.startswith("quá hạn")
    assert "27/11" in pc.page.form.moment_label.text()
    pc.window.show_page("reception")
    pc.save()
    assert received_at(pc.last()) == datetime(2026, 11, 27, 23, 59)


def test_the_first_key_after_midnight_needs_no_minute_to_pass(machine):
    pc = machine()
    pc.clock.go_on(hours=16)
    pc.window.do_main_action()
    assert any("24/11/2026" in label.text() for label in pc.window._top.findChildren(QLabel))


def test_the_promise_on_screen_is_counted_anew_when_the_day_changes(machine):
    pc = machine()
    pc.clock.go_on(hours=14, minutes=59)
    pc.type_in()
    asked = []
    pc.page.card.show_quote = asked.append
    pc.clock.go_on(minutes=2)
    pc.desk.day.check()
    assert [quote.due_at.date() for quote in asked] == [pc.page.promise.quote.due_at.date()]


def test_a_second_window_follows_the_day_and_asks_nothing(qtbot, tmp_path):
    first = open_app(data=str(tmp_path), environment={})
    office.set_up(first.store, office_name="TTPVHCC", parent="UBND XÃ", agency_code="")
    opened = open_app(data=str(tmp_path), environment={}, read_only=True)
    clock = Clock()
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=clock,
        is_second=True,
        interaction=FakeInteraction(),
        doubts=lambda now: bootstrap.clock_doubts(opened.store, now=now, offset=timedelta(0)),
    )
    qtbot.addWidget(desk.window)
    desk.start()
    clock.go_on(days=1)
    desk.day.check()
    assert any("24/11/2026" in label.text() for label in desk.window._top.findChildren(QLabel))
    desk.close()
    opened.store.close()
    first.store.close()


# New Year


def test_new_year_begins_new_numbers_and_says_that_its_calendar_is_not_confirmed(machine):
    pc = machine(now=datetime(2026, 12, 31, 16, 58))
    first = pc.receive()
    assert first.code == "TAM-01-261231-0001"
    pc.type_in("Hồ Văn Ương")
    pc.clock.go_on(days=3, hours=16, minutes=2)
    pc.desk.day.check()
    pc.save()
    # It was begun on New Year's Eve, and stays received on that day.
    assert pc.last().code == "TAM-01-261231-0002"
    pc.type_in("Lê Văn B")
    assert "chưa công bố" in pc.page.card.warning_label.text()
    pc.save()
    assert pc.last().code == "TAM-01-270104-0001"
    assert pc.last().state["provisional"]
    assert pc.said.asked == []


def test_the_window_comes_to_the_front_and_looks_at_the_clock(machine, qtbot):
    pc = machine()
    pc.clock.go_on(days=1)
    pc.desk.day._on_application_state_changed(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(
        lambda: any("24/11/2026" in label.text() for label in pc.window._top.findChildren(QLabel))
    )
