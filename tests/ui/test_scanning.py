"""The scanner's settings in the real window: a port is chosen, read, lost, found and tested."""

from __future__ import annotations

import sys
from datetime import datetime

import pytest

from counter_app.bootstrap import open_app
from counter_app.services import office
from counter_app.services.settings import get_setting, set_setting
from counter_app.ui import serial_scanner
from counter_app.ui.desk import Desk
from counter_app.ui.serial_scanner import PortFacts
from tests.ui.fakes import FakeInteraction
from tests.ui.test_serial_scanner import CARD, Cable

NOW = datetime(2026, 11, 23, 9, 0)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals there")


@pytest.fixture
def cable(tmp_path):
    cable = Cable(tmp_path / "scanner")
    yield cable
    cable.pull_out()


@pytest.fixture
def desk(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(serial_scanner, "RETRY_S", 0.05)
    opened = open_app(data=str(tmp_path / "data"), environment={})
    office.set_up(opened.store, office_name="TTPVHCC", parent="UBND XÃ", agency_code="")
    desk = Desk(
        opened.store,
        folder=opened.folder,
        clock=lambda: NOW,
        is_second=False,
        interaction=FakeInteraction(),
    )
    qtbot.addWidget(
        desk.window, before_close_func=lambda _window: desk._interaction.answers.append(True)
    )
    yield desk
    desk.close()
    opened.store.close()


def settings_of(desk):
    desk.window.show_page("settings")
    page = desk.window.current_page()
    page.chips.choose("scanner")
    return page


def test_without_a_port_nothing_is_made_and_no_library_loaded(desk, qtbot):
    desk.start()
    desk.scanning.follow_settings()
    assert desk.scanning.serial is None


def test_a_port_that_is_set_is_read_from_the_start(desk, cable, qtbot):
    cable.plug_in()
    set_setting(desk._store, key="scanner_port", value=str(cable.path))
    desk.start()
    qtbot.waitUntil(lambda: desk.scanning.serial is not None and desk.scanning.serial.is_open)
    cable.send(CARD + "\r")
    form = desk.window.page("reception").form
    qtbot.waitUntil(lambda: form.value("applicant_name") == "Lê Thị Ngọc Ánh")


def test_a_port_chosen_in_the_settings_is_read_at_once(desk, cable, qtbot):
    desk.start()
    cable.plug_in()
    page = settings_of(desk)
    page._calls.set_setting("scanner_port", str(cable.path))
    page.settings_changed.emit()
    qtbot.waitUntil(lambda: desk.scanning.serial is not None and desk.scanning.serial.is_open)
    set_setting(desk._store, key="scanner_port", value="")
    page.settings_changed.emit()
    qtbot.waitUntil(lambda: not desk.scanning.serial.is_open)


def test_a_port_that_goes_and_comes_back_is_said_in_the_bottom_line(desk, cable, qtbot):
    cable.plug_in()
    set_setting(desk._store, key="scanner_port", value=str(cable.path))
    desk.start()
    qtbot.waitUntil(lambda: desk.scanning.serial is not None and desk.scanning.serial.is_open)
    bottom = desk.window._bottom
    cable.pull_out()
    qtbot.waitUntil(lambda: "Không thấy máy quét" in bottom.state_text())
    assert "Dữ liệu lưu trên máy này" in bottom.state_text()
    desk.window.show_page("today")
    assert "Không thấy máy quét" in bottom.state_text()
    cable.plug_in()
    qtbot.waitUntil(lambda: "sẵn sàng" in bottom.page_text())
    assert "máy quét" not in bottom.state_text()


def test_the_list_of_ports_keeps_a_chosen_one_that_is_away(desk, qtbot, monkeypatch):
    found = [PortFacts("COM3", "USB Serial Device", is_usb=True)]
    monkeypatch.setattr(serial_scanner, "serial_ports", lambda: found)
    set_setting(desk._store, key="scanner_port", value="COM7")
    desk.start()
    page = settings_of(desk)
    field = page.groups["scanner"].field("scanner_port")
    assert [field.itemText(i) for i in range(field.count())] == [
        "Bàn phím: máy quét gõ như người",
        "COM3 · USB Serial Device",
        "COM7 · chưa cắm",
    ]
    assert field.value() == "COM7"
    field.set_value("COM3")
    assert get_setting(desk._store, "scanner_port") == "COM3"
    page.take_back()
    assert field.value() == "COM7"


def test_what_is_scanned_during_the_test_goes_nowhere_else(desk, cable, qtbot):
    cable.plug_in()
    set_setting(desk._store, key="scanner_port", value=str(cable.path))
    desk.start()
    qtbot.waitUntil(lambda: desk.scanning.serial is not None and desk.scanning.serial.is_open)
    settings_of(desk).main_action()
    dialog = desk.scanning.dialog
    qtbot.waitUntil(dialog.pad.hasFocus)
    cable.send(CARD)
    qtbot.waitUntil(lambda: "Lê Thị Ngọc Ánh" in dialog.verdict_label.text())
    assert desk.window.current_key == "settings"
    assert desk.window.page("reception").form.is_untouched()
    dialog.close()


@pytest.mark.parametrize("speed", ["300", "", "x"])
def test_a_speed_no_scanner_has_is_refused(desk, speed):
    from counter_app.errors import InputError

    with pytest.raises(InputError, match="9600"):
        set_setting(desk._store, key="scanner_speed", value=speed)
