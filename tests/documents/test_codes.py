"""Whatever the code, a scanner reads it back from bars and squares."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from counter_app.documents.codes import barcode, barcode_modules, qr
from counter_app.errors import PaperError

codes = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=25
)
digits = st.text(alphabet="0123456789.-H", min_size=2, max_size=25)


def scanned(bars, width: int, height: int) -> str:
    """Draw bars given in whole pixels and read them."""
    picture = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, w, h in bars:
        pen.rectangle((round(x), round(y), round(x + w) - 1, round(y + h) - 1), fill=0)
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text


@given(codes | digits)
@settings(max_examples=40)
def test_a_barcode_reads_back(code) -> None:
    modules = sum(map(int, barcode_modules(code)))
    bars = [
        bar._replace(x=(bar.x - 60) * 25 + 60, width=bar.width * 25)
        for bar in barcode(code, 60, 10, width=modules * 0.12, height=60)
    ]
    assert scanned(bars, modules * 3 + 120, 80) == code


@given(codes | digits)
@settings(max_examples=40)
def test_a_qr_code_reads_back(code) -> None:
    bars = [
        bar._replace(**{name: getattr(bar, name) * 5 for name in ("x", "y", "width", "height")})
        for bar in qr(code, 0, 0, 1e-9 + 25)
    ]
    side = max(bar.x + bar.width for bar in bars)
    moved = [bar._replace(x=bar.x + 40, y=bar.y + 40) for bar in bars]
    assert scanned(moved, round(side) + 80, round(side) + 80) == code


def test_pairs_of_digits_make_a_code_shorter() -> None:
    assert len(barcode_modules("12345678")) < len(barcode_modules("1234567A"))


@pytest.mark.parametrize("code", ["", "Mã số 7", "TAM\n01"])
def test_a_code_that_has_no_bars_is_refused_in_words(code) -> None:
    with pytest.raises(PaperError, match="mã vạch"):
        barcode_modules(code)
