"""Papers on their way to a printer: one goes once, what waits goes when the printer is back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.print_profiles import PaperGroup, PrintProfile, write_profile
from counter_app.services import print_queue, settings
from counter_app.ui.print_desk import PrintDesk
from counter_app.ui.print_list_dialog import PrintListDialog
from counter_app.ui.printing import PrintOutcome
from tests.ui.dossier_fakes import InstantRunner
from tests.ui.fakes import FakeInteraction

NOW = datetime(2026, 11, 23, 9, 12)
AWAY = PrintOutcome(is_printed=False, message="Chưa in được: máy in không phản hồi.")
DONE = PrintOutcome(is_printed=True)


class Printer:
    """Takes what it is given while it is on."""

    def __init__(self):
        self.is_on = True
        self.pages = []
        self.options = []

    def __call__(self, data, **options):
        self.options.append(options)
        if not self.is_on:
            return AWAY
        self.pages.append(data)
        return DONE


@pytest.fixture
def printer(monkeypatch):
    printer = Printer()
    monkeypatch.setattr("counter_app.ui.printing.print_pdf", printer)
    return printer


@pytest.fixture
def make_desk(store, qapp):
    kept, moments = [], iter(NOW + timedelta(minutes=step) for step in range(99))

    def make(*answers):
        desk = PrintDesk(
            store,
            clock=lambda: next(moments),
            clerk=lambda: "Lê Thị A",
            runner=InstantRunner(),
            interaction=FakeInteraction(*answers),
        )
        kept.append(desk)
        desk.heard = []
        desk.said.connect(desk.heard.append)
        desk.open()
        return desk

    yield make
    for desk in kept:
        desk.close()


def test_a_paper_goes_once_and_nothing_waits(make_desk, printer, store):
    desk = make_desk()
    desk.print_data(b"%PDF a")
    desk.try_again()
    assert printer.pages == [b"%PDF a"]
    assert desk.words() == ""
    assert print_queue.jobs(store) == []
    assert desk.heard == ["Đã gửi giấy tới máy in."]


def test_a_waiting_paper_that_is_asked_for_again_is_printed_once(make_desk, printer):
    desk = make_desk()
    printer.is_on = False
    desk.print_data(b"%PDF a")
    desk.print_data(b"%PDF a")
    assert "1 giấy chờ in" in desk.words()
    printer.is_on = True
    desk.try_again()
    assert printer.pages == [b"%PDF a"]
    desk.print_data(b"%PDF a")
    assert printer.pages == [b"%PDF a"] * 2, "a jam is another matter: nothing waits"


def test_what_a_printer_that_is_away_left_goes_in_order_when_it_is_back(make_desk, printer):
    desk = make_desk()
    printer.is_on = False
    desk.print_data(b"%PDF a")
    desk.print_data(b"%PDF b")
    assert "2 giấy chờ in" in desk.words()
    assert "không phản hồi" in desk.words()
    desk.try_again()
    assert len(printer.options) == 3  # the first that isn't taken ends the round
    printer.is_on = True
    desk.try_again()
    assert printer.pages == [b"%PDF a", b"%PDF b"]
    desk.try_again()
    assert len(printer.pages) == 2


def test_a_new_paper_that_goes_takes_the_waiting_ones_with_it(make_desk, printer):
    desk = make_desk()
    printer.is_on = False
    desk.print_data(b"%PDF a")
    printer.is_on = True
    desk.print_data(b"%PDF b")
    assert printer.pages == [b"%PDF b", b"%PDF a"]


def test_the_next_run_prints_what_waited_but_not_what_may_lie_in_the_tray(
    make_desk, printer, store
):
    kept = {"title": "x", "group": PaperGroup.LIST, "now": NOW}
    print_queue.add(store, b"%PDF waits", **kept)
    half = print_queue.add(store, b"%PDF half", **kept)
    print_queue.take(store, half)
    print_queue.hand_over(store, half)
    desk = make_desk()
    assert printer.pages == [b"%PDF waits"]
    assert [job.state for job in desk.jobs()] == ["doubtful"]
    assert "1 giấy chờ in" in desk.words()
    desk.try_again()
    assert len(printer.pages) == 1


class Killed(BaseException):
    """The program ends here, whatever it was doing."""


@pytest.mark.parametrize(("is_handed", "state"), [(False, "waiting"), (True, "doubtful")])
def test_only_what_the_printer_system_got_is_in_doubt(
    make_desk, monkeypatch, store, is_handed, state
):
    def end(_data, *, on_handing, **_options):
        if is_handed:
            on_handing()
        raise Killed

    desk = make_desk()
    monkeypatch.setattr("counter_app.ui.printing.print_pdf", end)
    uuid = print_queue.add(store, b"%PDF half", title="x", group=PaperGroup.LIST, now=NOW)
    with pytest.raises(Killed):
        desk.send(uuid)
    print_queue.settle(store)
    assert [job.state for job in print_queue.jobs(store)] == [state]


def test_a_person_sends_a_doubtful_one_again_by_f9(make_desk, printer, store, qtbot):
    uuid = print_queue.add(store, b"%PDF half", title="x", group=PaperGroup.LIST, now=NOW)
    print_queue.take(store, uuid)
    print_queue.hand_over(store, uuid)
    desk = make_desk()
    dialog = PrintListDialog(desk, FakeInteraction())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert dialog.model.index(0, 2).data() == "có thể đã in"
    qtbot.keyClick(dialog, Qt.Key.Key_F9)
    assert printer.pages == [b"%PDF half"]
    assert dialog.model.rowCount() == 0
    assert not dialog.print_button.isEnabled()


def test_what_waits_is_told_once_in_the_bottom_line(make_desk, printer):
    desk = make_desk()
    printer.is_on = False
    desk.print_made(lambda: b"%PDF a", group=lambda: PaperGroup.RECEIPT)
    assert "1 giấy chờ in (Ctrl+F12 xem). Chưa in được" in desk.words()
    assert desk.heard == ["Giấy đã giữ lại, chờ máy in."], "what isn't said beside it"


def test_the_list_shows_whose_paper_waits_and_the_whole_reason(make_desk, printer, qtbot):
    desk = make_desk()
    printer.is_on = False
    of = "TAM-01-261130-0001, TAM-01-261130-0002"
    desk.print_made(lambda: b"%PDF a", group=lambda: PaperGroup.RECEIPT, of=lambda: of)
    dialog = PrintListDialog(desk, FakeInteraction())
    qtbot.addWidget(dialog)
    dialog.show()
    title = dialog.model.index(0, 0).data()
    assert of in title
    room = dialog.table.columnWidth(0)
    assert dialog.table.fontMetrics().horizontalAdvance(title) < room
    assert AWAY.message in dialog.message.text()


def test_a_paper_is_dropped_with_a_reason_and_stays_without_one(make_desk, printer, qtbot):
    desk = make_desk()
    printer.is_on = False
    desk.print_data(b"%PDF a")
    dialog = PrintListDialog(desk, FakeInteraction(None, "  ", "in ở máy khác"))
    qtbot.addWidget(dialog)
    dialog.drop()
    dialog.drop()
    assert "Cần ghi lý do" in dialog.message.text()
    assert len(desk.jobs()) == 1
    dialog.drop()
    assert desk.jobs() == []


def test_each_group_of_papers_goes_by_its_own_profile(make_desk, printer, store):
    wanted = PrintProfile("HP", "Lower", is_two_sided=True, copies=3)
    line = write_profile(PaperGroup.SLIP, wanted)
    settings.set_setting(store, key="print_profiles", value=line)
    desk = make_desk()
    desk.print_made(lambda: b"%PDF", group=lambda: PaperGroup.SLIP)
    desk.print_data(b"%PDF list")
    slip, plain = printer.options
    assert (slip["printer_name"], slip["tray"], slip["is_two_sided"], slip["copies"]) == wanted
    assert (plain["printer_name"], plain["copies"], plain["is_two_sided"]) == ("", 1, False)
