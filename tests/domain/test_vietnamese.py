"""Vietnamese text: tidy, folded, decoded, put into words."""

import re
import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain import syllables, telex
from counter_app.domain.text import TONE_ROWS, TONELESS, VOWELS, has_unprintable
from counter_app.domain.vietnamese import (
    VIETNAMESE_LETTERS,
    TextError,
    amount_in_words,
    clean_line,
    clean_text,
    date_in_words,
    decode_legacy,
    decode_tcvn3,
    decode_telex,
    decode_vni,
    decode_vni_encoding,
    describe_character,
    fold,
    format_amount,
    format_date,
    format_moment,
    format_number,
    guess_legacy,
    is_syllable,
    moment_in_words,
    name_sort_key,
    nfc,
    number_in_words,
    paper_date,
    proposed_reading,
    recognise_legacy,
    repair_utf8,
    require_printable,
    search_forms,
    title_case_name,
    unsupported_characters,
    weekday_name,
    weekday_short,
)

NAME = "Nguyễn Thị Ngọc Ánh"
SENTENCES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Ủy ban nhân dân xã Cam Lộ, tỉnh Quảng Trị",
    "Hồ Thị Ỷ; Trần Quốc Ưu; Đỗ Hữu Nghĩa",
    "NGUYỄN VĂN ĐỨC, THÔN PHAN XÁ",
    "đường Trường Chinh, phường Đông Lương",
)


def nfd(text):
    return unicodedata.normalize("NFD", text)


# ------------------------------------------------------------------ tidy lines


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("  Nguyễn   Văn\tĐức \r\n", "Nguyễn Văn Đức"),
        (nfd(NAME), NAME),
        ("Cam\u00a0Lộ\u2003Quảng\u3000Trị", "Cam Lộ Quảng Trị"),
        ("\ufeffLê\u200b Thị\u00ad A\u200e", "Lê Thị A"),
        ("Ng\x00uyễn\x07 A\x1fB", "Nguyễn A B"),
        ("a\ud800b", "a b"),
        ("Ðức, số 1\u20112", "Đức, số 1-2"),
        ("e\u200d\u0302", "ê"),
        ("", ""),
    ],
)
def test_a_line_is_tidied(raw, tidy):
    assert clean_line(raw) == tidy


@given(st.text())
def test_tidying_a_tidy_line_changes_nothing(text):
    once = clean_line(text)
    assert clean_line(once) == once
    assert nfc(once) == once


def test_an_ordinary_line_is_tidied_as_any_other():
    # What is held to be ordinary isn't looked at letter by letter: it has to be what is kept.
    # The invisible character before it makes the second line no ordinary one.
    for char in map(chr, range(0x3000)):
        slow = clean_line(f"\u200bA{char}B {char}")
        assert clean_line(f"A{char}B {char}") == slow, hex(ord(char))


def test_a_line_that_is_too_long_is_refused_and_never_cut():
    assert clean_line("Đ" * 200, max_length=200) == "Đ" * 200
    with pytest.raises(TextError, match="Dài 201 ký tự, nhiều nhất 200"):
        clean_line("Đ" * 201, max_length=200)
    assert clean_line(nfd("ễ") * 200, max_length=200) == "ễ" * 200


def test_a_text_keeps_its_lines():
    assert clean_text("\r\n một  dòng \r\n\r\nhai\x07 ") == "một dòng\n\nhai"
    with pytest.raises(TextError):
        clean_text("a\nb", max_length=2)


# --------------------------------------------------------------------- on paper


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (NAME + VIETNAMESE_LETTERS, ()),
        (nfd(NAME), ()),
        ("“Số 12/3” – 50 % … 15.000 đ ₫ €", ()),
        ("dòng một\ndòng hai", ()),
        ("Lê 😀 A 😀", ("😀",)),
        ("Lê\x07\ue000", ("\x07", "\ue000")),
        ("李明", ("李", "明")),
        ("Иван", ("И", "в", "а", "н")),
        ("\ufffd\ud83d", ("\ufffd", "\ud83d")),
    ],
)
def test_characters_that_no_paper_shows_are_listed(text, found):
    assert unsupported_characters(text) == found
    assert has_unprintable(text) is bool(found)


@pytest.mark.parametrize(
    ("char", "words"),
    [
        ("\x07", "ký tự điều khiển U+0007"),
        ("\ue000", "ký tự không xác định U+E000"),
        ("😀", "biểu tượng “😀”"),
        ("\ufffd", "ký tự hỏng “\ufffd”"),
        ("李", "ký tự “李” (U+674E)"),
    ],
)
def test_a_refused_character_is_named(char, words):
    assert describe_character(char) == words
    with pytest.raises(TextError, match=re.escape(words)):
        require_printable(f"Lê {char}")


def test_a_printable_text_passes():
    assert require_printable(NAME) == NAME


def test_the_shipped_fonts_hold_every_letter_that_is_let_through():
    ttfont = pytest.importorskip("fontTools.ttLib").TTFont
    files = pytest.importorskip("importlib.resources").files
    settled = (chr(code) for code in range(0x20, 0x3000) if nfc(chr(code)) == chr(code))
    every = [char for char in settled if not has_unprintable(char)]
    assert set(VIETNAMESE_LETTERS) <= set(every)
    for package, name in (
        ("fontpkg_spectral", "Spectral-Regular.ttf"),
        ("fontpkg_be_vietnam_pro", "BeVietnamPro-Regular.ttf"),
    ):
        pytest.importorskip(package)
        with ttfont(str(files(package) / "files" / name)) as font:
            held = set(font.getBestCmap())
        assert [char for char in every if ord(char) not in held] == []


# ---------------------------------------------------------------------- folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (NAME, "nguyen thi ngoc anh"),
        ("ĐẶNG  Đình Đức", "dang dinh duc"),
        ("Ðức ðức Ɖức", "duc duc duc"),
        ("Thôn 1, Cam Lộ – Q.Trị", "thon 1 cam lo q tri"),
        ("1.004873", "1 004873"),
        ("H'Hen Niê", "h hen nie"),
        ("Ơ\u0306 Müller Ångström", "o muller angstrom"),
        (" \t😀 ", ""),
    ],
)
def test_folding_leaves_bare_words(text, folded):
    assert fold(text) == folded
    assert fold(nfd(text)) == folded


def test_all_134_letters_fold_to_ascii():
    assert len(set(VIETNAMESE_LETTERS)) == 134
    folded = fold(VIETNAMESE_LETTERS)
    assert folded.isascii()
    assert len(folded) == 134
    assert fold(nfd(VIETNAMESE_LETTERS)) == folded


@given(st.text())
def test_folding_sees_no_normal_form_no_case_and_is_settled(text):
    folded = fold(text)
    assert fold(nfc(text)) == folded
    assert fold(nfd(text)) == folded
    assert fold(folded) == folded


@given(st.text(alphabet=VIETNAMESE_LETTERS + "abcxyz 0123456789"))
def test_folding_sees_no_capitals(text):
    assert fold(text.upper()) == fold(text.lower()) == fold(clean_line(text))


# -------------------------------------------------------------------- syllables


@pytest.mark.parametrize(
    "word",
    "Nguyễn đức quốc giếng gì quý khuỷu ướt nghiêng Đắk Lắk hòa thúy của Đakrông xoong ỷ thuở "
    "quảng trị huỳnh khuyết nghĩa".split(),
)
def test_vietnamese_words_are_syllables(word):
    assert is_syllable(word)
    assert is_syllable(nfd(word).upper())


@pytest.mark.parametrize("word", ["Chris", "bàt", "hoâ", "bb", "", "nguyễ\u0301n", "às", "truờngg"])
def test_other_words_are_none(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "word",
    "hòa thúy hoàn thủy quý quả gì già giếng ngoài khuỷu của mùa thuở đường nguyễn tuyến ngoèo "
    "khuya được yếu ưu".split(),
)
def test_the_tone_is_placed_as_people_write_it(word):
    bare, tone = syllables.part_tone(word)
    assert syllables.place_tone(bare, tone) == word


def test_a_word_without_a_vowel_takes_no_tone():
    assert syllables.place_tone("ng", 2) == "ng"


# ---------------------------------------------------------------- Telex and VNI


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        ("nguyeenx", "nguyễn"),
        ("nguyeexn", "nguyễn"),
        ("nguyenex", "nguyễn"),
        ("NGUYEENX", "NGUYỄN"),
        ("Nguyeenx Vawn DDuwcs", "Nguyễn Văn Đức"),
        ("dduwcs", "đức"),
        ("DDoong Ddoong", "Đông Đông"),
        ("dduwowcj dduwocj dduocwj", "được được được"),
        ("tr]ngf tr][ng", "trừng trương"),
        ("THW tw W", "THƯ tư Ư"),
        ("muwa muaw luuw", "mưa mưa lưu"),
        ("thuowr quow huow", "thuở quơ huơ"),
        ("hoaf thuys hoanf", "hòa thúy hoàn"),
        ("gif giaf gieengs quys quoocs", "gì già giếng quý quốc"),
        ("khuyur ngoeof", "khuỷu ngoèo"),
        ("DDawks Lawks ddakroong", "Đắk Lắk đakrông"),
        ("hoasf", "hòa"),
        ("hoafz", "hoa"),
        ("xax hooij, huyeenj.", "xã hội, huyện."),
    ],
)
def test_raw_telex_becomes_vietnamese(raw, decoded):
    assert decode_telex(raw) == decoded


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        ("nguye6n4", "nguyễn"),
        ("nguyen64", "nguyễn"),
        ("Nguye64n Va8n D9u71c", "Nguyễn Văn Đức"),
        ("d9uong72 d9uo7ng2 d9u7o7ng2", "đường đường đường"),
        ("thuo73", "thuở"),
        ("D9A81K", "ĐẮK"),
        ("hoa20", "hoa"),
        ("HO61 THI5", "HỐ THỊ"),
    ],
)
def test_raw_vni_becomes_vietnamese(raw, decoded):
    assert decode_vni(raw) == decoded


@pytest.mark.parametrize(
    "text",
    [
        "anh tuan thuy loan khoeo xuan sao dung truong",
        NAME,
        "Chris batr aass wwww http://x [abc]",
        "dddddddddddddddddddddddddddddddddddddd",
        "",
    ],
)
def test_what_is_no_telex_stays(text):
    assert decode_telex(text) == text


@pytest.mark.parametrize("text", ["H50 2021 3a1 TAM-01-261123-0001", "nguyen99", "9", "bat2", NAME])
def test_what_is_no_vni_stays(text):
    assert decode_vni(text) == text


_TELEX_SHAPES = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI_SHAPES = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
_TELEX_TONES = ("", "f", "r", "x", "s", "j")
_VNI_TONES = ("", "2", "3", "4", "1", "5")


def keys(word, shapes, tones, *, inside):
    """Type a word as a person does: the tone after its vowel or at the end."""
    typed = []
    last = ""
    for char in word:
        bare, tone = TONELESS.get(char, (char, 0))
        typed.append(shapes.get(bare, bare))
        if inside:
            typed.append(tones[tone])
        else:
            last = tones[tone] or last
    return "".join(typed) + last


@st.composite
def written_syllables(draw):
    onset = draw(st.sampled_from(sorted(syllables._ONSETS - {"gi", "qu", "kr"})))
    rime = draw(st.sampled_from(sorted(r for r in syllables._RIMES if "oo" not in r)))
    stopped = rime.endswith(("c", "ch", "k", "p", "t"))
    tone = draw(st.sampled_from((4, 5) if stopped else range(6)))
    return syllables.place_tone(onset + rime, tone)


@given(written_syllables(), st.booleans())
def test_every_syllable_comes_back_from_its_keys(word, inside):
    assert decode_telex(keys(word, _TELEX_SHAPES, _TELEX_TONES, inside=inside)) == word
    assert decode_vni(keys(word, _VNI_SHAPES, _VNI_TONES, inside=inside)) == word


@given(written_syllables())
def test_a_plain_unaccented_word_finds_itself_first_and_alone(word):
    plain = fold(word)
    assert search_forms(plain) == (plain,)


@given(written_syllables(), st.integers(1, 8))
def test_a_word_half_typed_in_telex_is_found_by_its_beginning(word, length):
    typed = keys(word[:length], _TELEX_SHAPES, _TELEX_TONES, inside=True)
    assert fold(word[:length]) in search_forms(typed)


@given(st.text(alphabet="aeiouywdsfrxjz0123456789[]ngt", max_size=30))
def test_any_keys_are_decoded_without_an_error(text):
    assert fold(decode_telex(text)) is not None
    assert telex.decode_partial(text, vni=True) is not None


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("nguyeenx", ("nguyeenx", "nguyen")),
        ("nguye6n4", ("nguye6n4", "nguyen")),
        ("nguyee", ("nguyee", "nguye")),
        ("Nguyeenx Vawn DDu", ("nguyeenx vawn ddu", "nguyen van du")),
        ("anh", ("anh",)),
        ("Nguyễn", ("nguyen",)),
        ("NguyÔn V¨n", ("nguyon v n", "nguyen van")),
        ("D\xad¬ng", ("d ng", "duong")),
        ("Nguyeãn", ("nguyean", "nguyen")),
        ("TAM-01-261123-0001", ("tam 01 261123 0001",)),
        ("0905 123 456", ("0905 123 456",)),
        ("?!", ()),
        ("", ()),
    ],
)
def test_a_search_is_understood_in_every_way_it_may_be_meant(typed, forms):
    assert search_forms(typed) == forms


# --------------------------------------------------------------- old encodings

_TCVN3_LOWER = (
    "aµ¶·¸¹ ¨»¼½¾Æ ©ÇÈÉÊË eÌÎÏÐÑ ªÒÓÔÕÖ i×ØÜÝÞ oßáâãä «åæçèé ¬êëìíî uïñòóô \xadõö÷øù yúûüýþ"
)
_TCVN3 = {
    letter: code
    for row, codes in zip(TONE_ROWS.values(), _TCVN3_LOWER.split(" "), strict=True)
    for letter, code in zip(row, codes, strict=True)
} | dict(zip("đĐĂÂÊÔƠƯ", "®§¡¢£¤¥¦", strict=True))


def to_tcvn3(text):
    codes = {char: char for char in text if char.isascii()}
    return "".join(
        codes.get(char) or _TCVN3.get(char) or _TCVN3.get(char.lower(), char) for char in text
    )


_VNI_MARKS = {"": " øûõùï", "^": "âàåãáä", "(": "êèúüéë"}
_VNI_BASES = {"ă": "a(", "â": "a^", "ê": "e^", "ô": "o^", "ơ": "ô", "ư": "ö"}
_VNI_ALONE = dict(zip("ìỉĩíịỵđ", "ìæóíòîñ", strict=True))


def to_vni(text):
    return "".join(map(_vni_letter, text))


def _vni_letter(char):
    small = char.lower()
    bare, tone = TONELESS.get(small, (small, 0))
    base = _VNI_BASES.get(bare, bare)
    if small in _VNI_ALONE:
        code = _VNI_ALONE[small]
    elif base[1:]:
        code = base[0] + _VNI_MARKS[base[1]][tone]
    else:
        code = base + (_VNI_MARKS[""][tone] if tone else "")
    return code.upper() if char != small else code


@pytest.mark.parametrize("letter", VIETNAMESE_LETTERS)
def test_each_of_the_134_letters_comes_back_from_vni(letter):
    code = to_vni(letter)
    assert decode_vni_encoding(code) == letter
    assert decode_legacy(code.encode("latin-1"), "vni") == letter


@pytest.mark.parametrize("letter", VIETNAMESE_LETTERS)
def test_each_of_the_134_letters_comes_back_from_tcvn3(letter):
    """A toned capital has the code of its small letter: a word in capitals gives it back."""
    word = f"{letter}NH" if letter.isupper() else letter
    code = to_tcvn3(word)
    assert decode_tcvn3(code) == word
    assert decode_legacy(code.encode("latin-1"), "tcvn3") == word


def test_the_two_encoders_agree_that_67_letters_have_own_codes():
    assert len({to_tcvn3(c) for c in VIETNAMESE_LETTERS if c.islower()}) == 67
    assert len({to_vni(c) for c in VIETNAMESE_LETTERS}) == 134


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_come_back_from_both_old_encodings(sentence):
    assert decode_vni_encoding(to_vni(sentence)) == sentence
    first_lost = re.sub("Ủ|Ỷ", lambda match: match[0].lower(), sentence)
    assert decode_tcvn3(to_tcvn3(sentence)) == first_lost


def test_a_line_of_capitals_in_tcvn3_is_capitals_again():
    assert decode_tcvn3(to_tcvn3("LÝ THỊ Ý\nLý Thị Ý")) == "LÝ THỊ Ý\nLý Thị ý"


def test_windows_quotes_in_an_old_file_survive():
    assert decode_legacy(b"\x93\xb9\x94 \x85", "tcvn3") == "“ạ” …"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_old_encodings_are_recognised(sentence):
    assert guess_legacy(to_tcvn3(sentence)) == "tcvn3"
    assert guess_legacy(to_vni(sentence)) == "vni"
    assert recognise_legacy(to_tcvn3(sentence).encode("latin-1")) == "tcvn3"
    assert recognise_legacy(to_vni(sentence).encode("latin-1")) == "vni"


@pytest.mark.parametrize(
    "text",
    [
        *SENTENCES,
        "Hà Anh, Lý Hoà, Cô Tú",
        "Café Müller à la Ångström",
        "Le Van A",
        "",
        "à",
        "¸¸ ¹¹",
    ],
)
def test_what_is_in_doubt_is_no_old_encoding(text):
    assert guess_legacy(text) is None
    assert recognise_legacy(text.encode()) is None
    assert recognise_legacy(text.encode("utf-16")) is None


def to_windows_1258(text):
    """Windows-1258 writes the tone as a mark after the letter."""
    marks = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    out = []
    for char in text:
        bare, tone = TONELESS.get(char.lower(), (char.lower(), 0))
        out.append((bare.upper() if char.isupper() else bare) + marks[tone])
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_windows_1258_is_not_taken_for_an_older_encoding(sentence):
    assert recognise_legacy(to_windows_1258(sentence)) is None


def test_utf8_read_as_windows_letters_is_repaired():
    assert repair_utf8(NAME.encode().decode("latin-1")) == NAME
    assert repair_utf8("Nguyá»…n") == "Nguyễn"
    assert repair_utf8("Hà") is None
    assert repair_utf8("Ha") is None
    assert repair_utf8("Nguyễn") is None


@pytest.mark.parametrize(
    ("damaged", "reading"),
    [
        ("Nguyeenx Vawn DDuwcs", "Nguyễn Văn Đức"),
        ("Hoof Thij Anh", "Hồ Thị Anh"),
        ("Nguye64n Va8n D9u71c", "Nguyễn Văn Đức"),
        ("NguyÔn V¨n §øc", "Nguyễn Văn Đức"),
        ("Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức"),
        ("Nguyá»…n VÄƒn Lá»™c", "Nguyễn Văn Lộc"),
        ("Tran Van An", None),
        ("Lee Min Ho", None),
        ("Moon", None),
        ("Nguy?n V?n ??c", None),
        ("Kim B2B", None),
        (NAME, None),
        ("", None),
    ],
)
def test_a_damaged_name_is_read_only_when_it_is_sure(damaged, reading):
    assert proposed_reading(damaged) == reading


# ------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("day", "words", "paper", "short"),
    [
        (date(2026, 11, 26), "Thứ Năm", "ngày 26 tháng 11 năm 2026", "T5"),
        (date(2026, 2, 1), "Chủ nhật", "ngày 01 tháng 02 năm 2026", "CN"),
        (date(2026, 3, 2), "Thứ Hai", "ngày 02 tháng 3 năm 2026", "T2"),
        (date(2027, 1, 10), "Chủ nhật", "ngày 10 tháng 01 năm 2027", "CN"),
    ],
)
def test_dates_are_written_as_nd_30_wants_them(day, words, paper, short):
    assert weekday_name(day) == words
    assert weekday_short(day) == short
    assert paper_date(day) == date_in_words(day, weekday=False) == paper
    assert date_in_words(day) == f"{words}, {paper}"


def test_a_week_has_seven_names():
    week = [date(2026, 11, 23) + timedelta(n) for n in range(7)]
    assert " ".join(map(weekday_short, week)) == "T2 T3 T4 T5 T6 T7 CN"
    assert [weekday_name(day) for day in week][1:6] == [
        "Thứ Ba",
        "Thứ Tư",
        "Thứ Năm",
        "Thứ Sáu",
        "Thứ Bảy",
    ]


def test_moments_are_written_in_words_and_figures():
    moment = datetime(2026, 11, 6, 7, 5)
    assert moment_in_words(moment) == "07 giờ 05 phút, ngày 06 tháng 11 năm 2026"
    assert moment_in_words(datetime(2026, 11, 26, 17)).startswith("17 giờ 00 phút, ngày 26")
    assert format_moment(moment) == "07:05 06/11/2026"
    assert format_date(moment) == "06/11/2026"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (1_000, "một nghìn"),
        (1_001, "một nghìn không trăm linh một"),
        (1_010, "một nghìn không trăm mười"),
        (15_000, "mười lăm nghìn"),
        (105_000, "một trăm linh năm nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_050_000, "một triệu không trăm năm mươi nghìn"),
        (10**9, "một tỷ"),
        (10**9 + 21, "một tỷ không trăm hai mươi mốt"),
        (10**12 + 10**9, "một nghìn không trăm linh một tỷ"),
        (10**15, "một triệu tỷ"),
        (-15, "âm mười lăm"),
    ],
)
def test_numbers_are_read_aloud(number, words):
    assert number_in_words(number) == words


_VALUES = {
    word: value
    for value, word in enumerate("không một hai ba bốn năm sáu bảy tám chín mười".split())
} | {"mốt": 1, "tư": 4, "lăm": 5}


def heard(words):
    """Understand a number that is read aloud, digit by digit, as a listener does."""
    total = thousands = group = digit = 0
    for word in words.split():
        if word == "tỷ":
            total, thousands, group, digit = (total + thousands + group + digit) * 10**9, 0, 0, 0
        elif word in {"nghìn", "triệu"}:
            thousands += (group + digit) * (1_000 if word == "nghìn" else 1_000_000)
            group = digit = 0
        elif word in {"trăm", "mươi"}:
            group, digit = group + digit * (100 if word == "trăm" else 10), 0
        elif word != "linh":
            digit += _VALUES[word]
    return total + thousands + group + digit


@given(st.integers(0, 10**15))
def test_what_is_read_aloud_is_heard_as_the_same_number(number):
    assert heard(number_in_words(number)) == number


def test_a_number_beyond_all_words_is_refused():
    with pytest.raises(ValueError, match="quá lớn"):
        number_in_words(10**18)


def test_amounts_of_money_are_written_for_receipts():
    assert amount_in_words(15_000) == "Mười lăm nghìn đồng"
    assert amount_in_words(0) == "Không đồng"
    assert format_amount(15_000) == "15.000\u00a0đ"
    assert format_number(1_204) == "1.204"
    assert format_number(-1_204_000) == "-1.204.000"
    assert format_number(999) == "999"


# ------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("NGUYỄN  THỊ ÁNH", "Nguyễn Thị Ánh"),
        ("đặng văn đức", "Đặng Văn Đức"),
        ("h'hen niê", "H'Hen Niê"),
        ("hồ a-lăng", "Hồ A-Lăng"),
        (nfd("lê ánh"), "Lê Ánh"),
    ],
)
def test_a_name_in_one_case_can_be_offered_with_capitals(typed, offered):
    assert title_case_name(typed) == offered


def test_names_sort_by_given_name_in_vietnamese_order():
    wanted = [
        "Lê An",
        "Trần An",
        "Bùi Án",
        "Lê Ăn",
        "Hồ Văn Ân",
        "Trần Dũng",
        "Lê Đức",
        "Lê Thị Hoa",
        "Lê Thị Hòa",
        "Lê Thị Hóa",
        "Oanh",
        "Đỗ Ốc",
        "Lê Ơn",
        "Phan Xá",
        "Hồ Thị Ỷ",
    ]
    assert sorted(wanted, key=name_sort_key) == wanted
    assert sorted(map(nfd, wanted[::-1]), key=name_sort_key) == list(map(nfd, wanted))


def test_every_vowel_has_its_six_tones():
    assert all(len(row) == 6 for row in TONE_ROWS.values())
    assert "".join(TONE_ROWS) == VOWELS
