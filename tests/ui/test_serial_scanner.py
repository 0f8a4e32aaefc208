"""Scanners on a serial port, on a pair of pseudo terminals: one end is the scanner."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import tty

import pytest

from counter_app.ui import serial_scanner
from counter_app.ui.serial_scanner import SerialScanner, decode_scan, serial_ports
from tests.ui.patience import PATIENCE

CARD = "045192004321||Lê Thị Ngọc Ánh|02031992|Nữ|Khu phố 2, Cam Lộ, Quảng Trị|28042021"
OTHER = "045085001234|197123456|Nguyễn Văn Đức|15081985|Nam|Thôn Phan Xá|01092021"
CODE = "TAM-01-261123-0007"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo terminals there")


class Cable:
    """A port that can be pulled out and put back under the same name."""

    def __init__(self, path):
        self.path = path
        self._ends = ()

    def plug_in(self):
        scanner, port = os.openpty()
        tty.setraw(port)
        self._ends = (scanner, port)
        self.path.symlink_to(os.ttyname(port))

    def send(self, data):
        os.write(self._ends[0], data if isinstance(data, bytes) else data.encode())

    def pull_out(self):
        for end in self._ends:
            with contextlib.suppress(OSError):
                os.close(end)
        self._ends = ()
        self.path.unlink(missing_ok=True)


class Line:
    """A port whose pieces come one after another, however busy the machine that sends them is."""

    in_waiting = 0

    def __init__(self, *pieces):
        self._pieces = iter(pieces)
        self._closed = threading.Event()

    def read(self, _count):
        """Return the next piece; nothing for a moment of silence, and behind the last."""
        piece = next(self._pieces, None)
        if piece is None:
            self._closed.wait(0.01)
        return piece or b""

    def close(self):
        self._closed.set()


class Heard:
    def __init__(self, scanner):
        self.cards, self.codes, self.refused, self.states = [], [], [], []
        scanner.card_scanned.connect(self.cards.append)
        scanner.code_scanned.connect(self.codes.append)
        scanner.scan_refused.connect(self.refused.append)
        scanner.state_changed.connect(lambda text, is_open: self.states.append((is_open, text)))


@pytest.fixture
def cable(tmp_path):
    cable = Cable(tmp_path / "scanner")
    yield cable
    cable.pull_out()


@pytest.fixture
def scanner(qapp, monkeypatch):
    monkeypatch.setattr(serial_scanner, "RETRY_S", 0.05)
    scanner = SerialScanner()
    yield scanner
    scanner.close()
    assert "scanner" not in [thread.name for thread in threading.enumerate()]


@pytest.fixture
def heard(scanner):
    return Heard(scanner)


@pytest.fixture
def plugged(cable, scanner, heard, qtbot):
    cable.plug_in()
    scanner.set_port(str(cable.path), 9600)
    qtbot.waitUntil(lambda: scanner.is_open)
    return cable


@pytest.mark.parametrize("end", ["", "\r", "\r\n"])
def test_a_card_comes_with_all_its_letters(end, plugged, heard, qtbot):
    plugged.send(CARD + end)
    qtbot.waitUntil(lambda: len(heard.cards) == 1)
    assert heard.cards[0].strip() == CARD


def test_a_card_that_comes_in_pieces_is_one(scanner, heard, qtbot):
    data = CARD.encode()
    scanner._open_port = lambda *_, **__: Line(data[:24], data[24:25], data[25:])
    scanner.set_port("COM3", 9600)
    qtbot.waitUntil(lambda: bool(heard.cards))
    assert heard.cards == [CARD]


def test_two_scans_without_a_pause_are_two(plugged, heard, qtbot):
    plugged.send(f"{CARD}\r{OTHER}\r")
    qtbot.waitUntil(lambda: len(heard.cards) == 2)
    assert [card.strip() for card in heard.cards] == [CARD, OTHER]


def test_a_receipts_code_is_told(plugged, heard, qtbot):
    plugged.send(f"{CODE}\r\n")
    qtbot.waitUntil(lambda: heard.codes == [CODE])


@pytest.mark.parametrize("data", [CARD[:40].encode(), b"\x1b[A\x00\xff\x80rubbish", b"x|" * 2500])
def test_what_is_no_card_is_said(data, plugged, heard, qtbot):
    plugged.send(data)
    qtbot.waitUntil(lambda: len(heard.refused) == 1)
    assert heard.cards == heard.codes == []


def test_a_device_that_never_stops_fills_no_memory_and_is_said_once(scanner, heard, qtbot):
    arrived = []
    scanner.arrived.connect(lambda scan: arrived.append(len(scan.data)))
    load = [b"$GPGGA,082804.683,4714,N" * 100] * 30
    scanner._open_port = lambda *_, **__: Line(*load, b"", CARD.encode())
    scanner.set_port("COM3", 9600)
    qtbot.waitUntil(lambda: heard.cards == [CARD])
    assert len(heard.refused) == 1
    assert arrived[0] < sum(map(len, load)) / 2


def test_a_port_that_vanishes_is_said_and_opens_again_by_itself(plugged, heard, scanner, qtbot):
    plugged.pull_out()
    qtbot.waitUntil(lambda: not scanner.is_open)
    assert "Không thấy máy quét" in heard.states[-1][1]
    plugged.plug_in()
    qtbot.waitUntil(lambda: scanner.is_open)
    assert "sẵn sàng" in heard.states[-1][1]
    plugged.send(CARD)
    qtbot.waitUntil(lambda: heard.cards == [CARD])


def test_a_port_that_is_not_there_is_said_once_however_often_it_is_looked_for(
    cable, scanner, heard, qtbot, monkeypatch
):
    monkeypatch.setattr(serial_scanner, "RETRY_S", 0.01)
    tried = []

    def look_for(*_arguments, **_options):
        tried.append(True)
        raise FileNotFoundError(2, "could not open port")

    scanner._open_port = look_for
    scanner.set_port(str(cable.path), 9600)
    qtbot.waitUntil(lambda: bool(heard.states) and len(tried) > 9)
    assert [is_open for is_open, _ in heard.states] == [False]


def test_a_port_that_another_program_has_is_said_as_that(scanner, heard, qtbot):
    def refuse(*_arguments, **_options):
        raise OSError(13, "could not open port 'COM3': PermissionError(13, 'Access is denied.')")

    scanner._open_port = refuse
    scanner.set_port("COM3", 9600)
    qtbot.waitUntil(lambda: bool(heard.states))
    assert "chương trình khác" in heard.states[0][1]


def test_another_port_is_read_from_the_moment_it_is_chosen(
    plugged, scanner, heard, qtbot, tmp_path
):
    second = Cable(tmp_path / "second")
    second.plug_in()
    scanner.set_port(str(second.path), 115200)
    qtbot.waitUntil(lambda: scanner.is_open)
    plugged.send(OTHER)
    second.send(CARD)
    qtbot.waitUntil(lambda: bool(heard.cards))
    assert heard.cards == [CARD]
    second.pull_out()


def test_the_window_never_waits_for_a_port_that_is_slow_to_open(scanner, qtbot, monkeypatch):
    asked, released, opened = threading.Event(), threading.Event(), threading.Event()

    def open_slowly(*_arguments, **_options):
        asked.set()
        released.wait(PATIENCE)
        opened.set()
        raise OSError(2, "no such port")

    scanner._open_port = open_slowly
    scanner.set_port("COM9", 9600)
    assert asked.wait(PATIENCE)
    with monkeypatch.context() as patch:
        patch.setattr(scanner._thread, "join", lambda *_: pytest.fail("the window waited"))
        scanner.set_port("", 9600)
    assert not opened.is_set(), "both came back while it was still opening"
    released.set()


def test_closing_ends_the_thread_in_every_state(qapp, cable, qtbot):
    for port in ("", str(cable.path)):
        scanner = SerialScanner()
        scanner.set_port(port, 9600)
        scanner.close()
        assert scanner._thread is None or not scanner._thread.is_alive()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_every_unicode_a_scanner_may_send_is_read(encoding):
    assert decode_scan(CARD.encode(encoding)) == CARD


def test_other_bytes_keep_number_and_dates():
    from counter_app.domain.identity import parse_card

    card = parse_card(
        decode_scan(b"045085001234||Nguy\xd4n V\xa8n \xa7\xf8c|15081985|Nam|X|01092021")
    )
    assert (card.citizen_id, card.birth_date.year) == ("045085001234", 1985)
    assert "letters" in card.warnings


def test_ports_are_listed_without_a_fault():
    assert all(port.name for port in serial_ports())
