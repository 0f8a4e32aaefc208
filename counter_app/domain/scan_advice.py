"""What is to be switched at a scanner or at the PC (thử máy quét), judged by what one scan was."""

from __future__ import annotations

from enum import Enum
from statistics import median
from typing import NamedTuple

from counter_app.domain.cards import CardError, CardFacts, parse_card
from counter_app.domain.scans import Scan, ScanKind, read_scans
from counter_app.domain.vietnamese import clean_line

# What Windows' own Vietnamese keyboard and a French one write where a US one writes digits.
_OTHER_DIGITS = frozenset("ăâêôđ\u0300\u0309\u0303\u0301\u0323&é\"'(-è_çà")
_FEWEST_KEYS = 20  # a card has more by far
_DIGITS_OF_A_CARD = 28  # its number and two dates
_GARBAGE = 0.3
_BAR = "|"


class Advice(Enum):
    """One thing to switch, or one thing that is as it should be."""

    UNIKEY_OFF = "unikey"  # the Vietnamese keyboard rewrote what the scanner typed
    KEYBOARD_LAYOUT = "layout"  # digits or bars came as other letters
    ALT_CODES = "alt"  # letters with marks were lost on the way
    KEYSTROKES = "keystrokes"  # the scanner types Telex or VNI, and nobody makes letters of it
    ENCODING = "encoding"  # UTF-8 read as something else, or another encoding
    TOO_SLOW = "slow"  # a hand types as fast
    SUFFIX_ENTER = "enter"  # nothing says where the scan ends
    PORT_SPEED = "speed"  # the port speaks at another speed
    SCAN_AGAIN = "again"  # half a card, or two scans at once


class ScanTrace(NamedTuple):
    """What came of one scan, from the keyboard or from a port."""

    text: str
    gaps: tuple[float, ...] = ()  # milliseconds between the keys; none on a port
    erased: int = 0
    alt_codes: int = 0
    is_serial: bool = False
    is_utf8: bool = True  # of the bytes of a port


class ScanReport(NamedTuple):
    """What a scan was, and what is to be switched because of it."""

    kind: ScanKind
    card: CardFacts | None
    fault: str  # why a card can't be used, a sentence
    code: str
    advice: tuple[Advice, ...]

    @property
    def is_usable(self) -> bool:
        """Say whether the program can work with it as it came."""
        return self.card is not None or bool(self.code)


def judge_scan(trace: ScanTrace, *, gap_ms: float, sure_after: int, idle_ms: float) -> ScanReport:
    """Judge one scan; the three bounds are those by which a burst of keys is known."""
    scans = read_scans(trace.text)
    first = scans[0] if scans else Scan(ScanKind.UNKNOWN, trace.text)
    card, fault = _card_of(first)
    code = first.text if first.kind is ScanKind.CODE else ""
    advice = [*_spoilt(trace, first, card)]
    if trace.gaps and (
        max(trace.gaps[:sure_after], default=0) > gap_ms or max(trace.gaps) > idle_ms
    ):
        advice.append(Advice.TOO_SLOW)
    if card is None and not code:
        advice = advice or [Advice.SCAN_AGAIN]
    elif trace.gaps and not trace.text.endswith(("\r", "\n")):
        advice.append(Advice.SUFFIX_ENTER)
    return ScanReport(first.kind, card, fault, code, tuple(dict.fromkeys(advice)))


def _card_of(scan: Scan) -> tuple[CardFacts | None, str]:
    if scan.kind is not ScanKind.CARD:
        return None, ""
    try:
        return parse_card(scan.text), ""
    except CardError as error:
        return None, str(error)


def _spoilt(trace: ScanTrace, scan: Scan, card: CardFacts | None) -> list[Advice]:
    if trace.erased:
        return [Advice.UNIKEY_OFF]
    if card is None:
        return _unreadable(trace, scan)
    if "letters" not in card.warnings:
        return []
    if not trace.is_utf8 or not scan.text.isascii():
        return [Advice.ENCODING] if "?" not in scan.text else [Advice.ALT_CODES]
    as_typed = clean_line(scan.text.split(_BAR)[2])
    if as_typed != card.full_name:
        return [Advice.KEYSTROKES]
    return [Advice.ENCODING if trace.is_serial else Advice.ALT_CODES]


def _unreadable(trace: ScanTrace, scan: Scan) -> list[Advice]:
    text = scan.text
    if scan.kind is ScanKind.CODE or len(text) < _FEWEST_KEYS:
        return []
    if trace.is_serial:
        strange = sum(not letter.isprintable() or letter == "\ufffd" for letter in text.strip())
        return [Advice.PORT_SPEED] if strange > _GARBAGE * len(text) else []
    others = sum(letter in _OTHER_DIGITS for letter in text)
    digits = sum(letter.isdigit() for letter in text)
    bars_lost = digits >= _DIGITS_OF_A_CARD and _BAR not in text
    is_other = bars_lost or (others > digits and others >= _DIGITS_OF_A_CARD // 2)
    return [Advice.KEYBOARD_LAYOUT] if is_other else []


def typical_gap(gaps: tuple[float, ...]) -> float:
    """Return the middle of the times between the keys."""
    return median(gaps) if gaps else 0.0


_NAMES = {"\r": "Enter", "\n": "LF", "\t": "Tab", "\b": "Backspace", "\x1b": "Esc", "\x00": "NUL"}
_SEPARATORS = {"\x02": "STX", "\x03": "ETX", "\x1c": "FS", "\x1d": "GS", "\x1e": "RS", "\x1f": "US"}


def visible(text: str) -> str:
    r"""Write control characters as words, so that one sees what a scanner sent.

    >>> visible("0007\r")
    '0007‹Enter›'
    """
    names = _NAMES | _SEPARATORS
    shown = []
    for letter in text:
        if letter in names:
            shown.append(f"‹{names[letter]}›")
        elif letter.isprintable():
            shown.append(letter)
        else:
            shown.append(f"‹{ord(letter):02X}›")
    return "".join(shown)
