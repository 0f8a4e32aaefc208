"""The test page: one A4 sheet with its ruler, its frame and every letter of Vietnamese."""

from __future__ import annotations

import io
import unicodedata

import pypdfium2
import pytest

from counter_app.documents.trial_page import render_trial, vietnamese_letters

MM = 72 / 25.4


@pytest.fixture(scope="module")
def page():
    document = pypdfium2.PdfDocument(io.BytesIO(render_trial("HP tầng 2")))
    assert len(document) == 1
    yield document[0]
    document.close()


def test_it_is_one_a4_sheet_that_says_what_it_is(page):
    assert page.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.5)
    words = " ".join(page.get_textpage().get_text_bounded().split())
    assert "TRANG IN THỬ" in words
    assert "LÊN TRÊN" in words
    assert "Máy in: HP tầng 2" in words
    assert "dài đúng 100 mm" in words


def test_every_vietnamese_letter_stands_on_it_small_and_large(page):
    words = unicodedata.normalize("NFC", page.get_textpage().get_text_bounded())
    small = vietnamese_letters()
    assert len(set(small)) == 17 + 12 * 6
    assert {letter for letter in small if letter not in words} == set()
    assert {letter for letter in small if letter.upper() not in words} == set()


def test_the_ruler_is_100_millimetres_and_the_frame_10_inside_the_edge(page):
    image = page.render(scale=300 / 72, grayscale=True).to_pil()
    dots = 300 / 25.4
    row = [image.getpixel((x, round(172 * dots))) < 128 for x in range(image.width)]
    longest = runs(row)
    assert max(longest) / dots == pytest.approx(100, abs=0.3)
    middle = round(40 * dots)
    across = [x for x in range(image.width) if image.getpixel((x, middle)) < 128]
    assert across[0] / dots == pytest.approx(10, abs=0.3)
    assert (image.width - across[-1]) / dots == pytest.approx(10, abs=0.3)


def test_the_arrow_is_narrow_at_its_top(page):
    image = page.render(scale=2, grayscale=True).to_pil()
    frame = 20 * MM * 2

    def width(millimetres):
        y = round(millimetres * MM * 2)
        inside = range(round(frame), round(image.width - frame))
        return sum(image.getpixel((x, y)) < 128 for x in inside) / MM / 2

    assert 0 < width(37) < width(60)
    assert width(90) == pytest.approx(18, abs=1)


def runs(row):
    """Return the lengths of the runs of dark dots."""
    found, length = [0], 0
    for is_dark in row:
        length = length + 1 if is_dark else 0
        found.append(length)
    return found
