"""The strip: one press, one field; the code comes back; the receipt is printed once, with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from counter_app.domain.web_profile import WebStep
from counter_app.errors import InputError
from counter_app.services import lookup, settings
from counter_app.services.web_entry import WebEntry
from counter_app.ui.web_strip import WebCalls, WebStrip
from tests.ui.test_office_papers_window import make_desk, printed, receive  # noqa: F401

STEPS = (WebStep("Họ tên", "Lê An"), WebStep("Số", "045192007777"), WebStep("Xã", "Cam Lộ"))
OFFICIAL = "H50.19.57-261123-0001"


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


class House:
    """Remembers what was attached, printed and kept."""

    def __init__(self) -> None:
        self.attached: list[tuple[str, str]] = []
        self.printed: list[str] = []
        self.kept = ""
        self.refusal: InputError | None = None

    def read(self, text: str) -> str:
        if not text.startswith("H50"):
            raise InputError("Mã hồ sơ chính thức không đúng mẫu.", field="official_code")
        return text

    def attach(self, uuid: str, code: str) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.attached.append((uuid, code))
        return "paper-1"

    def keep(self, place: str) -> None:
        self.kept = place

    def calls(self) -> WebCalls:
        return WebCalls(self.read, self.attach, self.printed.append, lambda: self.kept, self.keep)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def strip(qtbot, house):
    QGuiApplication.clipboard().setText("của trình duyệt")
    entry = WebEntry("uuid-1", "TAM-01-261123-0007", "Lê An", False, STEPS)
    made = WebStrip(entry, house.calls())
    qtbot.addWidget(made)
    made.show_in_place()
    return made


def test_opening_copies_nothing_and_takes_no_focus(strip):
    assert clipboard() == "của trình duyệt"
    assert strip.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert strip.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert strip.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert "chưa đối chiếu" in strip.held_label.text()


def test_each_press_copies_the_next_field_and_says_what_is_on_the_clipboard(strip):
    seen = []
    for _ in STEPS:
        strip.next_button.click()
        seen.append(clipboard())
        assert clipboard() in strip.held_label.text()
    assert seen == [step.text for step in STEPS]
    strip.next_button.click()
    assert strip.code_field.isVisible()
    assert clipboard() == STEPS[-1].text


def test_one_can_step_back_and_pass_over(strip):
    strip.copy_next()
    strip.skip()
    strip.copy_next()
    assert clipboard() == "Cam Lộ"
    strip.back()
    assert clipboard() == "045192007777"
    strip.back()
    strip.back()
    assert clipboard() == "Lê An"


def test_the_keys_work_while_the_strip_has_the_focus(qtbot, strip):
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert clipboard() == "045192007777"
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert clipboard() == "Lê An"
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert clipboard() == "Cam Lộ"


def test_a_code_copied_on_the_page_is_taken_and_anything_else_is_not(strip, house):
    QGuiApplication.clipboard().setText(OFFICIAL)
    assert strip.code_field.text() == ""
    strip.ask_for_code()
    QGuiApplication.clipboard().setText("một câu")
    assert strip.code_field.text() == ""
    QGuiApplication.clipboard().setText(OFFICIAL)
    assert strip.code_field.text() == OFFICIAL
    assert house.attached == []
    strip.attach_button.click()
    assert house.attached == [("uuid-1", OFFICIAL)]
    assert house.printed == ["paper-1"]
    assert not strip.isVisible()


def test_a_scanned_code_is_taken_only_while_it_is_waited_for(strip):
    assert not strip.take_code(OFFICIAL)
    strip.ask_for_code()
    assert strip.take_code(OFFICIAL)
    assert strip.code_field.value() == OFFICIAL


def test_a_wrong_code_is_said_and_nothing_is_attached(strip, house):
    strip.ask_for_code()
    strip.attach_code()
    strip.code_field.set_value("TAM-01-261123-0007")
    strip.attach_code()
    assert "không đúng mẫu" in strip.held_label.text()
    house.refusal = InputError("Mã đã gắn cho hồ sơ khác.", field="official_code")
    strip.code_field.set_value(OFFICIAL)
    strip.attach_code()
    assert "hồ sơ khác" in strip.held_label.text()
    assert strip.isVisible()
    assert house.printed == []


def test_closing_midway_is_told_and_leaves_nothing_of_the_citizen_on_the_clipboard(qtbot, strip):
    strip.copy_next()
    strip.copy_next()
    with qtbot.waitSignal(strip.left) as left:
        strip.close()
    assert left.args == ["uuid-1"]
    assert clipboard() == ""


def test_the_place_is_remembered_and_never_off_the_screen(qtbot, house):
    house.kept = "99999,99999"
    entry = WebEntry("u", "TAM-01-261123-0007", "Lê An", True, STEPS)
    strip = WebStrip(entry, house.calls())
    qtbot.addWidget(strip)
    strip.show_in_place()
    area = QGuiApplication.primaryScreen().availableGeometry()
    assert area.contains(strip.frameGeometry().topLeft())
    assert area.bottom() >= strip.frameGeometry().top() + strip.height()
    strip.move(5, 100)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    qtbot.mouseMove(strip, QPoint(24, 14))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert strip.pos() != QPoint(5, 100)
    assert house.kept == f"{strip.x()},{strip.y()}"
    again = WebStrip(entry, house.calls())
    qtbot.addWidget(again)
    again.show_in_place()
    assert again.pos() == strip.pos()


def test_a_click_on_the_words_asks_for_the_keys_and_esc_gives_them_back(qtbot, strip):
    flag = Qt.WindowType.WindowDoesNotAcceptFocus
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert not strip.windowFlags() & flag
    assert strip.isVisible()
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert clipboard() == "Lê An"
    qtbot.keyClick(strip, Qt.Key.Key_Escape)
    assert strip.windowFlags() & flag
    assert strip.isVisible()


def test_after_f9_the_strip_opens_and_the_receipt_is_printed_once_with_the_code(
    qtbot,
    make_desk,  # noqa: F811
    printed,  # noqa: F811
):
    desk, store, _, clock = make_desk()
    settings.set_setting(store, key="web_entry", value=True)
    desk.window.show_page("reception")
    page = desk.window.current_page()
    page.form.fill({"applicant_name": "Lê An"})
    page.form.set_procedure(page._desk.procedure("1.004873"))
    page.promise.requote()
    page.main_action()
    page.main_action()
    strip = desk.strips.current
    assert strip.isVisible()
    facts = lookup.show(store, strip.entry.uuid, now=clock.now)
    assert facts.papers == ()
    assert printed == []
    strip.ask_for_code()
    desk.window.scans.take_code(OFFICIAL)  # a serial scanner speaks to the window
    strip.attach_code()
    qtbot.waitUntil(lambda: len(printed) == 1)
    facts = lookup.show(store, strip.entry.uuid, now=clock.now)
    assert facts.official_code == OFFICIAL
    assert [paper.kind for paper in facts.papers] == ["receipt"]
    assert desk.strips.current is None


def begin_group(desk, store):
    settings.set_setting(store, key="web_entry", value=True)
    desk.window.show_page("reception")
    page = desk.window.current_page()
    for name in ("Lê An", "Lê Bình"):
        page.form.fill({"applicant_name": name})
        page.form.set_procedure(page._desk.procedure("1.004873"))
        page.promise.requote()
        page.add_to_group("procedure")
        page.add_to_group("procedure")  # papers that weren't ticked are said once
    page.main_action()


def test_the_strip_takes_the_members_of_a_group_one_after_another(
    qtbot,
    make_desk,  # noqa: F811
    printed,  # noqa: F811
):
    desk, store, _, clock = make_desk()
    begin_group(desk, store)
    assert printed == []
    done = []
    for number in (1, 2):
        qtbot.waitUntil(lambda: desk.strips.current is not None and desk.strips.current.isVisible())
        strip = desk.strips.current
        strip.ask_for_code()
        desk.window.scans.take_code(f"{OFFICIAL[:-1]}{number}")
        strip.attach_code()
        done.append(lookup.show(store, strip.entry.uuid, now=clock.now))
        qtbot.waitUntil(lambda: len(printed) == number)  # noqa: B023
    assert [one.state["applicant_name"] for one in done] == ["Lê An", "Lê Bình"]
    assert all(one.official_code for one in done)
    qtbot.waitUntil(lambda: desk.strips.current is None)


def test_leaving_the_strip_of_a_group_leaves_the_rest_to_the_list(qtbot, make_desk):  # noqa: F811
    desk, store, _, _ = make_desk()
    begin_group(desk, store)
    desk.strips.current.close()
    QApplication.processEvents()
    assert desk.strips.current is None
    assert desk.strips.left == ()


def test_a_dossier_left_without_its_code_stands_in_the_list_and_the_strip_opens_again(
    qtbot,
    make_desk,  # noqa: F811
):
    desk, store, _, clock = make_desk()
    received = receive(store, clock.now)
    desk.strips.open(received.uuid)
    desk.strips.current.close()
    assert desk.strips.current is None
    desk.window.show_page("dossiers", "filter:without_official_code")
    page = desk.window.current_page()
    page.table.select_row(0)
    desk.window.activateWindow()  # as the system does when the strip is gone
    qtbot.waitUntil(desk.window.isActiveWindow)
    qtbot.keyClick(page.table, Qt.Key.Key_F5)
    assert desk.strips.current.entry.uuid == received.uuid
    desk.strips.current.close()
    desk.strips.open("không-có")
    assert desk.strips.current is None


def test_a_dossier_that_has_its_code_opens_no_strip(make_desk):  # noqa: F811
    from counter_app.services import moves

    desk, store, interaction, clock = make_desk()
    received = receive(store, clock.now)
    moves.set_official_code(store, received.uuid, official=OFFICIAL, by="Lê Thị A", now=clock.now)
    desk.strips.open(received.uuid)
    assert desk.strips.current is None
    assert "đã có mã chính thức" in interaction.informed[0]


def test_a_profile_that_cannot_be_read_is_refused_when_it_is_set(make_desk):  # noqa: F811
    _, store, _, _ = make_desk()
    with pytest.raises(InputError, match="Không có trường"):
        settings.set_setting(store, key="web_profile", value=["Số nhà | x"])
    settings.set_setting(store, key="web_profile", value=["Họ tên | Tên | chữ hoa"])
