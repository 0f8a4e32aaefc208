"""A font is taken for what it holds, never for its name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from counter_app.documents import fonts
from counter_app.documents.fonts import VIETNAMESE_LETTERS, find_fonts, missing_letters
from counter_app.documents.render import render_receipt
from counter_app.errors import FontError

STYLES = ("Regular", "Bold", "Italic", "BoldItalic")


@pytest.fixture
def spectral_files(spectral) -> list[Path]:
    return [spectral.folder / f"Spectral-{style}.ttf" for style in STYLES]


def test_vietnamese_has_134_letters_beyond_ascii() -> None:
    assert len(set(VIETNAMESE_LETTERS)) == 134
    assert {*"đĐơƯữẬỵỸ"} <= set(VIETNAMESE_LETTERS)


@pytest.mark.parametrize("only", ["spectral", "be-vietnam-pro"])
def test_shipped_fonts_hold_every_letter_by_an_independent_count(only) -> None:
    family = find_fonts(only=only)
    for font in (family.regular, family.bold, family.italic, family.bold_italic):
        letters = TTFont(font.face.filename).getBestCmap()
        assert not [letter for letter in VIETNAMESE_LETTERS + "₫" if ord(letter) not in letters]


def test_liberation_serif_is_taken_where_it_has_the_letters(receipt, read) -> None:
    try:
        family = find_fonts(only="liberation")
    except FontError:
        pytest.skip("no Liberation Serif 2 and no Tinos on this machine")
    assert family.missing_letters(VIETNAMESE_LETTERS) == ""
    text = read(render_receipt(receipt(), fonts=family)).text
    assert "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh" in text


def test_a_font_the_office_chose_comes_first(spectral_files, tmp_path) -> None:
    for file in spectral_files:
        shutil.copy(file, tmp_path)
    (tmp_path / "broken.ttf").write_bytes(b"no font at all")
    assert find_fonts(tmp_path).folder == tmp_path
    assert find_fonts(tmp_path / "Spectral-Italic.ttf").folder == tmp_path


def test_a_family_that_lacks_one_letter_in_one_style_is_passed_over(
    spectral_files, tmp_path
) -> None:
    for file in spectral_files:
        shutil.copy(file, tmp_path)
    lacking = TTFont(tmp_path / "Spectral-Italic.ttf")
    for table in lacking["cmap"].tables:
        table.cmap.pop(ord("ữ"), None)
    lacking.save(tmp_path / "Spectral-Italic.ttf")
    assert find_fonts(tmp_path).folder != tmp_path


def test_without_any_font_the_sentence_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(fonts, "_CHAIN", {})
    with pytest.raises(FontError, match="Hãy cài Times New Roman"):
        find_fonts.__wrapped__()


def test_missing_letters_are_named_once_in_order(spectral) -> None:
    assert missing_letters("Đặng 😀 漢\n😀 ₫\t", spectral) == "😀漢"
    assert missing_letters("Ẳẵ", spectral) == ""  # decomposed is the same letter


def test_each_face_is_cut_once_for_all_papers(receipt, spectral, monkeypatch) -> None:
    render_receipt(receipt(), fonts=spectral)
    cuts = []
    for font in (spectral.regular, spectral.bold, spectral.italic):
        monkeypatch.setattr(font.face, "makeSubset", cuts.append)
    render_receipt(receipt(owner_name="Ỵ Ẫ Ữ " + VIETNAMESE_LETTERS), fonts=spectral)
    assert cuts == []


def test_a_rare_character_is_printed_and_read_back(receipt, spectral, read) -> None:
    text = read(render_receipt(receipt(content="Diện tích 5 ½ m², tỷ lệ 3‰"), fonts=spectral)).text
    assert "Diện tích 5 ½ m², tỷ lệ 3‰" in text


def test_every_vietnamese_letter_reads_back(receipt, spectral, read) -> None:
    spaced = " ".join(VIETNAMESE_LETTERS)
    assert spaced in read(render_receipt(receipt(content=spaced), "a5", fonts=spectral)).text
