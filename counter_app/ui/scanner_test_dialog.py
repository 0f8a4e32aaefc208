"""Thử máy quét: shows what one scan brought, letter by letter, and says what to switch."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from counter_app.domain.scan_advice import (
    Advice,
    ScanReport,
    ScanTrace,
    judge_scan,
    typical_gap,
    visible,
)
from counter_app.domain.scans import ScanKind
from counter_app.domain.words import format_number
from counter_app.ui.buttons import ActionButton
from counter_app.ui.fields import set_tone
from counter_app.ui.scanner import GAP_MS, IDLE_MS, SURE_AFTER
from counter_app.ui.scanner_keys import MODIFIER_KEYS, ScannedKeys
from counter_app.ui.screen_dialog import ScreenDialog
from counter_app.ui.theme import metrics, theme

if TYPE_CHECKING:
    from counter_app.ui.serial_scanner import SerialScan, SerialScanner

_LONGEST_SHOWN = 700  # letters; a flood must not make the dialog taller than the screen
_UNBROKEN = re.compile(r"\S{40}")
_SILENCE_MS = 2 * IDLE_MS  # a slow scanner is to be shown whole too


class ScanPad(QFrame):
    """Takes every key as it comes and tells the whole scan once silence follows."""

    scanned = Signal(object)  # ScanTrace
    left = Signal()  # Esc by hand

    reads_raw_keys = True  # the window's own detector keeps its hands off

    def __init__(self, parent: QWidget | None = None) -> None:
        """Wait for keys."""
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.addWidget(self.label)
        self.setMinimumHeight(metrics().px(64))
        self._forget()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SILENCE_MS)
        self._timer.timeout.connect(self.finish)
        self._show_focus()

    def _forget(self) -> None:
        self._keys = ScannedKeys()
        self._moments: list[float] = []
        self._first_key = 0

    def event(self, event: QEvent) -> bool:
        """Keep every key from shortcuts, from Tab order and from the dialog's buttons."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._take(event)
            event.accept()
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        self._keys.add(event)
        if event.key() not in MODIFIER_KEYS:
            self._first_key = self._first_key or event.key()
            self._moments.append(float(event.timestamp() or time.monotonic() * 1000))
        self._timer.start()

    def finish(self) -> None:
        """Tell what came; Esc and Tab by themselves are a hand's."""
        self._timer.stop()
        keys, moments, first = self._keys, self._moments, self._first_key
        self._forget()
        if len(moments) == 1 and first == Qt.Key.Key_Escape:
            self.left.emit()
        elif len(moments) == 1 and first == Qt.Key.Key_Tab:
            self.focusNextChild()
        elif moments:
            gaps = tuple(b - a for a, b in pairwise(moments))
            self.scanned.emit(
                ScanTrace(keys.text(), gaps, erased=keys.erased, alt_codes=keys.alt_codes)
            )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that a scan may come."""
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that a scan would go elsewhere."""
        super().focusOutEvent(event)
        self._show_focus()

    def _show_focus(self) -> None:
        is_ready = self.hasFocus()
        self.label.setText(
            self.tr("Quét một thẻ căn cước hoặc một giấy tiếp nhận. Chữ quét không vào hồ sơ nào.")
            if is_ready
            else self.tr("Bấm vào đây rồi quét.")
        )
        set_tone(self.label, "" if is_ready else "warning")


class ScannerTestDialog(ScreenDialog):
    """Shows one scan after another; nothing of it is kept."""

    def __init__(self, serial: SerialScanner | None = None, parent: QWidget | None = None) -> None:
        """``serial`` is the port's scanner, where one is set."""
        super().__init__(parent)
        self._serial = serial
        self.setWindowTitle(self.tr("Thử máy quét"))
        self.setMinimumSize(metrics().px(640), metrics().px(460))
        self.pad = ScanPad()
        self.pad.setAccessibleName(self.tr("Ô thử máy quét"))
        self.verdict_label = self._line(strong=True)
        self.got_label = self._line()
        self.time_label = self._line()
        self.advice_label = self._line()
        self.state_label = self._line()
        set_tone(self.state_label, "muted")
        self._lay_out()
        self.pad.scanned.connect(self.show_trace)
        self.pad.left.connect(self.reject)
        if serial is not None and serial.port:
            serial.arrived.connect(self.show_serial)
            serial.state_changed.connect(self._on_state_changed)
        self._say_state()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, *, strong: bool = False) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if strong:
            label.setFont(theme().font(strong=True))
        return label

    def _lay_out(self) -> None:
        edge = metrics().step(5)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(metrics().step(3))
        column.addWidget(self.pad)
        for label in (self.verdict_label, self.got_label, self.time_label, self.advice_label):
            column.addWidget(label)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(metrics().step(3))
        foot.addWidget(self.state_label, 1)
        close = ActionButton(self.tr("Đóng"), key="Esc")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    # What the window's own ways of scanning would do: here a scan is only looked at

    def take_card(self, text: str) -> bool:
        """Keep a card from the page under the dialog."""
        del text
        return True

    def take_code(self, text: str) -> bool:
        """Keep a code from the page under the dialog."""
        del text
        return True

    # What came

    def show_serial(self, scan: SerialScan) -> None:
        """Show what the port brought."""
        trace = ScanTrace(scan.text, is_serial=True, is_utf8=_is_utf8(scan.data))
        self.show_trace(trace)

    def show_trace(self, trace: ScanTrace) -> None:
        """Show one scan: what it is, what came, how fast, what to switch."""
        report = judge_scan(trace, gap_ms=GAP_MS, sure_after=SURE_AFTER, idle_ms=IDLE_MS)
        self.verdict_label.setText(self._verdict(report))
        set_tone(self.verdict_label, "" if report.is_usable else "danger")
        shown = visible(trace.text[:_LONGEST_SHOWN])
        if len(trace.text) > _LONGEST_SHOWN:
            more = self.tr("… (còn {count} ký tự)")
            shown += more.format(count=format_number(len(trace.text) - _LONGEST_SHOWN))
        # A run without a space would make the dialog as wide as the run.
        shown = _UNBROKEN.sub("\\g<0>\u200b", shown)
        self.got_label.setText(self.tr("Nhận được: {text}").format(text=shown or "–"))
        self.time_label.setText(self._time_words(trace))
        set_tone(self.time_label, "muted")
        words = [f"•  {self._advice_words(one)}" for one in report.advice]
        self.advice_label.setText("\n".join(words) or self.tr("Không cần chỉnh gì."))
        set_tone(self.advice_label, "warning" if words else "muted")

    def _verdict(self, report: ScanReport) -> str:
        if report.card is not None:
            return self.tr("Thẻ căn cước: {number} · {name} · {birth}").format(
                number=report.card.citizen_id,
                name=report.card.full_name,
                birth=f"{report.card.birth_date:%d/%m/%Y}",
            )
        if report.fault:
            return report.fault
        return {
            ScanKind.CODE: self.tr("Mã hồ sơ: {code}").format(code=report.code),
            ScanKind.HALF_CARD: self.tr("Thẻ đọc chưa đủ hoặc bị hỏng trên đường."),
            ScanKind.MIXED: self.tr("Hai lần quét lẫn vào nhau."),
        }.get(report.kind, self.tr("Không nhận ra: không phải thẻ căn cước hay mã hồ sơ."))

    def _time_words(self, trace: ScanTrace) -> str:
        if trace.is_serial:
            words = self.tr("{count} ký tự qua cổng {port}.")
            port = "" if self._serial is None else self._serial.port
            return words.format(count=format_number(len(trace.text)), port=port)
        words = self.tr(
            "{count} phím trong {seconds} giây; giữa hai phím {gap} ms, lâu nhất {longest} ms."
        )
        return words.format(
            count=format_number(len(trace.gaps) + 1),
            seconds=f"{sum(trace.gaps) / 1000:.1f}".replace(".", ","),
            gap=f"{typical_gap(trace.gaps):.0f}",
            longest=f"{max(trace.gaps, default=0):.0f}",
        )

    def _advice_words(self, advice: Advice) -> str:
        return {
            Advice.UNIKEY_OFF: self.tr(
                "UniKey đang gõ chen vào. Tắt tiếng Việt của UniKey khi quét, hoặc đặt máy quét "
                "sang cổng nối tiếp (USB-COM) rồi chọn cổng trong Cài đặt."
            ),
            Advice.KEYBOARD_LAYOUT: self.tr(
                "Chữ số thành chữ khác: bàn phím của Windows và của máy quét không cùng kiểu. Đặt "
                "cả hai là English (US)."
            ),
            Advice.ALT_CODES: self.tr(
                "Chữ có dấu không tới được. Bật kiểu gõ mã Alt (Alt-code, Unicode) ở máy quét, "
                "hoặc đặt sang cổng nối tiếp (USB-COM)."
            ),
            Advice.KEYSTROKES: self.tr(
                "Máy quét gõ kiểu Telex hoặc VNI; họ tên đã được dịch lại. Chắc hơn thì bật kiểu "
                "gõ mã Alt (Alt-code) ở máy quét, hoặc đặt sang cổng nối tiếp (USB-COM)."
            ),
            Advice.ENCODING: self.tr(
                "Bảng mã không khớp; chữ nào hiểu được đã dịch lại. Đặt máy quét gửi UTF-8."
            ),
            Advice.TOO_SLOW: self.tr(
                "Máy quét gõ chậm như người. Đặt khoảng chờ giữa hai ký tự (inter-character delay) "
                "về 0."
            ),
            Advice.SUFFIX_ENTER: self.tr(
                "Máy quét không gửi Enter ở cuối. Vẫn dùng được; nên đặt hậu tố (suffix) Enter."
            ),
            Advice.PORT_SPEED: self.tr(
                "Toàn ký tự lạ: tốc độ cổng chưa khớp với máy quét. Thử tốc độ khác trong Cài đặt."
            ),
            Advice.SCAN_AGAIN: self.tr("Quét lại lần nữa, giữ yên cho tới tiếng bíp."),
        }[advice]

    # The port

    def _on_state_changed(self, text: str, is_open: bool) -> None:
        self.state_label.setText(text)
        set_tone(self.state_label, "muted" if is_open else "warning")

    def _say_state(self) -> None:
        serial = self._serial
        if serial is None or not serial.port:
            self.state_label.setText(self.tr("Máy quét đang ở kiểu gõ như bàn phím."))
        elif serial.is_open:
            words = self.tr("Đang đọc cổng {port}.")
            self.state_label.setText(words.format(port=serial.port))
        else:
            words = self.tr("Chưa thấy máy quét ở cổng {port}.")
            self.state_label.setText(words.format(port=serial.port))
            set_tone(self.state_label, "warning")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
