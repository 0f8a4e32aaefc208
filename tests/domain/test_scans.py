"""What a scanner sent: cards and codes are told apart, and half a card is never a whole one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.scans import Scan, ScanKind, read_scans

ANH = "045192004321||Lê Thị Ngọc Ánh|02031992|Nữ|Khu phố 2, Cam Lộ, Quảng Trị|28042021"
DUC = "045085001234|197123456|Nguyễn Văn Đức|15081985|Nam|Thôn Phan Xá|01092021"
NEW = "045204009876||Trần Quốc Ưu|31122004|Nam|Xã Cam Lộ|10072024||Trần Văn Ổn|Hồ Thị Ỷ"
CODES = ("TAM-01-261123-0007", "H49.37.12-261123-0042", "000.00.12.H49-261123-0007")


def kinds(text):
    return [scan.kind for scan in read_scans(text)]


@pytest.mark.parametrize("card", [ANH, DUC, NEW])
@pytest.mark.parametrize(
    "ends", [("", ""), ("", "\r"), ("]Q1", "\r\n"), ("\ufeff", "\t"), ("\x02", "\x03")]
)
def test_a_whole_card_is_one_card_whatever_stands_around_it(card, ends):
    assert kinds(card.join(ends)) == [ScanKind.CARD]


@pytest.mark.parametrize("first", [ANH, DUC, NEW])
@pytest.mark.parametrize("second", [ANH, DUC, NEW])
def test_two_cards_with_a_line_end_between_are_two(first, second):
    told = read_scans(f"{first}\r{second}\r")
    assert [(scan.kind, scan.text.strip()) for scan in told] == [
        (ScanKind.CARD, first),
        (ScanKind.CARD, second),
    ]


@pytest.mark.parametrize("first", [ANH, DUC, NEW])
@pytest.mark.parametrize("second", [ANH, DUC, NEW])
@given(data=st.data())
def test_two_cards_through_each_other_are_never_a_card(first, second, data):
    """Shuffled like two hands of cards: each keeps its own order, and none is a citizen."""
    from counter_app.domain.identity import CardError, parse_card

    mixed, one, two = "", first, second
    while one and two:
        take = data.draw(st.integers(1, 9))
        mixed, one = mixed + one[:take], one[take:]
        take = data.draw(st.integers(1, 9)) if one else 0
        mixed, two = mixed + two[:take], two[take:]
    for scan in read_scans(mixed + one + two):
        if scan.kind is ScanKind.CARD:
            with pytest.raises(CardError):
                parse_card(scan.text)


@pytest.mark.parametrize("length", range(14, len(ANH) - 8))
def test_a_card_that_was_taken_away_too_soon_is_half_of_one(length):
    assert ScanKind.CODE not in kinds(ANH[:length])
    if ANH[:length].count("|") < 6:
        assert kinds(ANH[:length]) == [ScanKind.HALF_CARD]


def test_half_a_card_with_a_whole_one_behind_it_is_not_guessed_at():
    assert kinds(f"{ANH[:40]}\r{DUC}") == [ScanKind.MIXED]


@pytest.mark.parametrize("code", CODES)
def test_codes_are_told_one_by_one(code):
    assert read_scans(f"{code}\r") == (Scan(ScanKind.CODE, code),)
    assert kinds(f"{code}\r\n{CODES[0]}\r\n") == [ScanKind.CODE, ScanKind.CODE]


@pytest.mark.parametrize(
    "text", ["xin chào", "../../etc/passwd", "'; DROP TABLE dossier;--", f"{CODES[0]}\rxin"]
)
def test_anything_else_is_unknown_as_a_whole(text):
    assert read_scans(text) == (Scan(ScanKind.UNKNOWN, text),)


@pytest.mark.parametrize("text", ["", "\r", "\r\n\t", "\x00\x1b"])
def test_silence_is_no_scan(text):
    assert read_scans(text) == ()


@given(st.text(alphabet=st.sampled_from("0123456789|-.\r\t\x1dAaÁ "), max_size=300))
def test_whatever_comes_is_answered_without_a_fault(text):
    for scan in read_scans(text):
        assert scan.text
