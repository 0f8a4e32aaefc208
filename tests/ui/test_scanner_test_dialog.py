"""Thử máy quét: each way a scan can come spoilt is named, with the thing to switch."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from counter_app.ui.scanner import WedgeDetector
from counter_app.ui.scanner_test_dialog import ScannerTestDialog
from counter_app.ui.serial_scanner import SerialScan, SerialScanner, decode_scan
from tests.ui.recordings import FOLDER, load

CARD = "045085001234|197123456|Nguyễn Văn Đức|15081985|Nam|Thôn Phan Xá|01092021"
SAID = {
    "clean": "Không cần chỉnh gì",
    "alt-codes": "Không cần chỉnh gì",
    "tab-enter-inside": "Không cần chỉnh gì",
    "receipt": "Không cần chỉnh gì",
    "alt-bytes": "UTF-8",
    "unikey-telex": "Tắt tiếng Việt của UniKey",
    "unikey-vni": "Tắt tiếng Việt của UniKey",
    "raw-telex": "kiểu Telex hoặc VNI",
    "raw-vni": "kiểu Telex hoặc VNI",
    "lost-accents": "mã Alt",
    "dropped-letters": "mã Alt",
    "plain-letters": "mã Alt",
    "layout-vietnamese": "English (US)",
    "layout-french": "English (US)",
    "slow": "khoảng chờ giữa hai ký tự",
    "no-enter": "hậu tố (suffix) Enter",
    "half-card": "Quét lại",
    "two-at-once": "Quét lại",
    "five-thousand": "Quét lại",
}


def send(widget, key, text, held, at):
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, int(key), held, text)
        event.setTimestamp(10_000 + at)
        QApplication.sendEvent(QApplication.focusWidget() or widget, event)


def play(dialog, name):
    for at, key, text, held in load(name):
        send(dialog.pad, key, text, held, at)
    dialog.pad.finish()


@pytest.fixture
def dialog(qtbot):
    dialog = ScannerTestDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.pad.hasFocus)
    return dialog


@pytest.mark.parametrize("name", SAID)
def test_what_is_to_be_switched_is_said(name, dialog):
    play(dialog, name)
    assert SAID[name] in dialog.advice_label.text()


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.json")))
def test_every_recording_is_shown_and_the_dialog_stays(name, dialog):
    play(dialog, name)
    assert dialog.isVisible()
    assert dialog.pad.hasFocus()
    assert dialog.verdict_label.text()
    assert dialog.got_label.text().replace("\u200b", "").isprintable()
    assert dialog.minimumSizeHint().width() <= dialog.width()
    assert len(dialog.got_label.text()) < 3000


def test_control_characters_are_shown_as_words(dialog):
    play(dialog, "tab-enter-inside")
    shown = dialog.got_label.text()
    assert "‹Tab›" in shown
    assert shown.endswith("‹Enter›")


def test_how_fast_it_came_is_shown(dialog):
    play(dialog, "slow")
    assert "ms" in dialog.time_label.text()
    play(dialog, "five-thousand")
    assert dialog.time_label.text().startswith("5.000 phím")


def test_a_card_is_shown_as_it_was_understood(dialog):
    play(dialog, "unikey-vni")
    assert dialog.verdict_label.text() == "Thẻ căn cước: 045085001234 · Nguyễn Văn Đức · 15/08/1985"


def test_esc_by_hand_leaves_and_tab_by_hand_goes_on(dialog, qtbot):
    none = Qt.KeyboardModifier.NoModifier
    send(dialog.pad, Qt.Key.Key_Tab, "\t", none, 0)
    dialog.pad.finish()
    assert not dialog.pad.hasFocus()
    dialog.pad.setFocus()
    send(dialog.pad, Qt.Key.Key_Escape, "\x1b", none, 5000)
    dialog.pad.finish()
    assert not dialog.isVisible()


def test_the_windows_own_detector_keeps_its_hands_off(dialog, qtbot):
    detector = WedgeDetector()
    told = []
    detector.card_scanned.connect(told.append)
    play(dialog, "clean")
    detector.finish()
    assert told == []
    assert "Nguyễn Văn Đức" in dialog.verdict_label.text()
    QApplication.instance().focusChanged.disconnect(detector._on_focus_changed)


def made(data):
    return SerialScan(data, decode_scan(data), is_cut=False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (CARD.encode(), "Không cần chỉnh gì"),
        (b"045085001234||Nguy\xd4n V\xa8n|15081985|Nam|X\xb8|01092021", "UTF-8"),
        (b"\x80\x98\xf8\x00\x01\x1f\x9d" * 9, "tốc độ cổng"),
        (CARD.encode()[:30], "Quét lại"),
    ],
)
def test_a_ports_scan_is_judged_too(data, said, qtbot):
    serial = SerialScanner()
    serial._wanted = serial._wanted._replace(port="COM3")
    dialog = ScannerTestDialog(serial)
    qtbot.addWidget(dialog)
    assert "COM3" in dialog.state_label.text()
    serial.arrived.emit(made(data))
    assert said in dialog.advice_label.text()
    assert "COM3" in dialog.time_label.text()
