"""What a scanner sent (lần quét): which cards and codes stand in it, and what is no whole one.

A scanner sends a text without saying where it ends, so two scans may come as one, and the line
end, the tab or a control character in the middle of a card is data like any other letter.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from counter_app.domain.cards import looks_like_card

LONGEST_SCAN = 8192  # characters; no card or code comes near

_CARD_FIELDS = 7
_MOST_CARD_FIELDS = 12  # cards of 2024 have ten; two cards that came through each other have more
_MOST_MIXED_FIELDS = 3 * _MOST_CARD_FIELDS  # more bars than any two cards: no card at all
_CODE = re.compile(r"[A-Za-z0-9]{1,12}(?:[.\-/][A-Za-z0-9]{1,12}){2,6}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff]+")
# A citizen's number behind a line end begins the next card, as far as the one before is whole.
_NEXT_CARD = re.compile(r"(?<=[\x00-\x1f])(?=\d{12}\|)", re.ASCII)
_WHOLE_CARD = re.compile(
    r"\D*\d{12}\|[^|]*\|[^|]+\|[\d\s/.\-]{8,}\|[^|]*\|[^|]*\|[\d\s/.\-]{8,}(?:\|.*)?",
    re.ASCII | re.DOTALL,
)


class ScanKind(Enum):
    """What one scan is."""

    CARD = "card"
    CODE = "code"
    HALF_CARD = "half"  # it begins as a card, or has its bars, and isn't whole
    MIXED = "mixed"  # two scans came through each other
    UNKNOWN = "unknown"


class Scan(NamedTuple):
    """One thing that was scanned."""

    kind: ScanKind
    text: str


def read_scans(text: str) -> tuple[Scan, ...]:
    r"""Tell the cards and codes in what came without a pause; nothing is told from silence.

    >>> [scan.kind.value for scan in read_scans("TAM-01-261123-0007\r")]
    ['code']
    """
    if not _CONTROLS.sub("", text).strip():
        return ()
    if "|" not in text:
        return _codes(text)
    parts = [part for part in _NEXT_CARD.split(text) if _CONTROLS.sub("", part)]
    if len(parts) > 1 and all(map(_WHOLE_CARD.fullmatch, (part.strip() for part in parts))):
        return tuple(Scan(ScanKind.CARD, part) for part in parts)
    fields = text.count("|") + 1
    if len(parts) > 1 or _MOST_CARD_FIELDS < fields <= _MOST_MIXED_FIELDS:
        return (Scan(ScanKind.MIXED, text),)
    if fields > _MOST_MIXED_FIELDS:
        return (Scan(ScanKind.UNKNOWN, text),)
    is_card = looks_like_card(text) and fields >= _CARD_FIELDS
    return (Scan(ScanKind.CARD if is_card else ScanKind.HALF_CARD, text),)


def _codes(text: str) -> tuple[Scan, ...]:
    """Tell codes apart by the line ends between them; any other part makes the whole unknown."""
    parts = [part.strip() for part in _CONTROLS.split(text) if part.strip()]
    if parts and all(map(_CODE.fullmatch, parts)):
        return tuple(Scan(ScanKind.CODE, part) for part in parts)
    return (Scan(ScanKind.UNKNOWN, text),)
