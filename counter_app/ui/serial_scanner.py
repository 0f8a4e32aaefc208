"""Scanners on a serial port: raw text, no focus, no keyboard driver between.

One thread reads for as long as the window stands. What it read travels as one queued signal to a
slot of the object that owns the thread; nothing else is shared. A port that vanishes is said once,
and opened again as soon as it is back.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from counter_app.domain.scans import LONGEST_SCAN, ScanKind, read_scans
from counter_app.ui.scanner import refusal_words

log = logging.getLogger(__name__)

SPEEDS = (9600, 19200, 38400, 57600, 115200)
QUIET_S = 0.1  # silence that ends a scan; at 9600 baud a letter takes a thousandth of a second
RETRY_S = 1.0  # how often a port that isn't there is looked for
_JOIN_S = 3.0
_WIDEST_LETTER = 4  # bytes


class PortFacts(NamedTuple):
    """A serial port of this machine."""

    name: str
    description: str
    is_usb: bool


def serial_ports() -> list[PortFacts]:
    """Return the ports of this machine, those on USB first."""
    from serial.tools.list_ports import comports  # only when someone looks for one

    found = [
        PortFacts(port.device, _described(port.device, port.description), port.vid is not None)
        for port in comports()
    ]
    return sorted(found, key=lambda port: (not port.is_usb, len(port.name), port.name))


def _described(name: str, description: str | None) -> str:
    tidy = (description or "").replace(f"({name})", "").strip()
    return "" if tidy in ("n/a", name) else tidy


def decode_scan(data: bytes) -> str:
    """Read a scanner's bytes: UTF-8, UTF-16, or whatever stands there as Windows letters.

    The last keeps each byte, so that a card with damaged letters still gives its number and dates.
    """
    if data.count(0) * 3 > len(data):
        order = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(order)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


class SerialScan(NamedTuple):
    """What came without a pause, for whoever looks at the scanner itself."""

    data: bytes
    text: str
    is_cut: bool  # more came than any card or code holds


class _Wanted(NamedTuple):
    port: str
    speed: int


class SerialScanner(QObject):
    """Reads one serial port in a thread of its own, and tells the same as a keyboard scanner."""

    card_scanned = Signal(str)
    code_scanned = Signal(str)
    scan_refused = Signal(str)  # a sentence
    state_changed = Signal(str, bool)  # a sentence about the port; whether it can be read
    arrived = Signal(object)  # SerialScan, whatever it is

    _read = Signal(object)  # (_Wanted, bytes, is_cut), from the thread
    _turned = Signal(object)  # (_Wanted, is_open, is_taken), from the thread

    def __init__(
        self, parent: QObject | None = None, *, open_port: Callable[..., Any] | None = None
    ) -> None:
        """Nothing is read before ``set_port``; ``open_port`` stands in for pyserial's."""
        super().__init__(parent)
        self._open_port = open_port
        self._wanted = _Wanted("", 0)
        self._changed = threading.Event()
        self._is_ending = False
        self._thread: threading.Thread | None = None
        self.is_open = False
        self._read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        self._turned.connect(self._on_turned, Qt.ConnectionType.QueuedConnection)

    @property
    def port(self) -> str:
        """Return the name of the port that is wanted."""
        return self._wanted.port

    def set_port(self, port: str, speed: int) -> None:
        """Read this port from now on; no name reads none."""
        wanted = _Wanted(port.strip(), speed)
        if wanted == self._wanted or self._is_ending:
            return
        self._wanted = wanted
        self.is_open = False
        self._changed.set()
        if wanted.port and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread; called before the window's objects go."""
        self._is_ending = True
        self._changed.set()
        if self._thread is not None:
            self._thread.join(_JOIN_S)
            if self._thread.is_alive():
                log.warning("the scanner's thread was still reading when the window closed")

    # In the thread: nothing of Qt but signals

    def _run(self) -> None:
        told: tuple[_Wanted, bool, bool] | None = None
        while True:
            self._changed.clear()
            if self._is_ending:
                return
            wanted = self._wanted
            if not wanted.port:
                self._changed.wait()
                continue
            try:
                line = self._open(wanted)
            except OSError as error:  # pyserial's errors are
                said = (wanted, False, _is_taken(error))
                if said != told:
                    told = said
                    self._turned.emit(said)
                self._changed.wait(RETRY_S)
                continue
            told = (wanted, True, False)
            self._turned.emit(told)
            with contextlib.closing(line), contextlib.suppress(OSError):
                self._read_on(line, wanted)
            if not self._changed.is_set():
                told = (wanted, False, False)
                self._turned.emit(told)

    def _open(self, wanted: _Wanted) -> Any:
        if self._open_port is None:
            from serial import Serial  # the library is loaded in the thread: no window waits

            self._open_port = Serial
        return self._open_port(wanted.port, wanted.speed, timeout=QUIET_S)

    def _read_on(self, line: Any, wanted: _Wanted) -> None:
        """Read scans until the port goes or another one is wanted."""
        held, is_cut = bytearray(), False
        while not self._changed.is_set():
            chunk = line.read(max(1, line.in_waiting))
            if chunk:
                held += chunk
                # A device that never stops is told once a load, and never fills the memory.
                is_cut = is_cut or len(held) > LONGEST_SCAN * _WIDEST_LETTER
                del held[LONGEST_SCAN * _WIDEST_LETTER :]
            elif held:
                self._read.emit((wanted, bytes(held), is_cut))
                held, is_cut = bytearray(), False

    # On the window's thread

    @Slot(object)
    def _on_read(self, message: tuple[_Wanted, bytes, bool]) -> None:
        wanted, data, is_cut = message
        if wanted != self._wanted:
            return
        scan = SerialScan(data, decode_scan(data), is_cut)
        self.arrived.emit(scan)
        scans = [] if is_cut else read_scans(scan.text)
        if is_cut:
            self.scan_refused.emit(refusal_words(ScanKind.UNKNOWN))
        for one in scans:
            if one.kind is ScanKind.CARD:
                self.card_scanned.emit(one.text)
            elif one.kind is ScanKind.CODE:
                self.code_scanned.emit(one.text)
            else:
                self.scan_refused.emit(refusal_words(one.kind))

    @Slot(object)
    def _on_turned(self, message: tuple[_Wanted, bool, bool]) -> None:
        wanted, is_open, is_taken = message
        if wanted != self._wanted:
            return
        self.is_open = is_open
        self.state_changed.emit(
            _port_words(wanted.port, is_open=is_open, is_taken=is_taken), is_open
        )


def _port_words(port: str, *, is_open: bool, is_taken: bool) -> str:
    if is_open:
        words = _tr("Máy quét ở cổng {port} sẵn sàng.")
    elif is_taken:
        words = _tr(
            "Chưa mở được cổng {port} của máy quét: chương trình khác đang dùng, hoặc tài khoản "
            "này không được mở cổng. Được là tự mở lại."
        )
    else:
        words = _tr("Không thấy máy quét ở cổng {port}: kiểm tra dây cắm.")
    return words.format(port=port)


def _is_taken(error: OSError) -> bool:
    # pyserial puts the system's own error into a text on Windows, an errno elsewhere.
    return error.errno in (errno.EACCES, errno.EBUSY) or "PermissionError" in str(error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SerialScanner", text)
