"""Codes: ours never look official, official ones are kept as they are."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.numbering import (
    OFFICIAL_CODE_PATTERN,
    CodeError,
    OwnCode,
    check_agency_code,
    check_code_pattern,
    check_official_code,
    parse_provisional,
    provisional_code,
    visit_code,
)

DAY = date(2026, 11, 23)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_own_codes_name_desk_day_and_number():
    assert provisional_code(1, DAY, 1) == "TAM-01-261123-0001"
    assert visit_code(12, date(2027, 1, 5), 34) == "LUOT-12-270105-0034"
    assert provisional_code(1, DAY, 12345) == "TAM-01-261123-12345"


@pytest.mark.parametrize(("counter", "number"), [(0, 1), (100, 1), (1, 0), (1, 1_000_000)])
def test_a_number_that_no_series_gives_is_our_mistake(counter, number):
    with pytest.raises(ValueError, match="no code"):
        provisional_code(counter, DAY, number)


@given(st.integers(1, 99), days, st.integers(1, 999_999))
def test_an_own_code_comes_back_and_is_never_official(counter, day, number):
    for make, kind in ((provisional_code, "TAM"), (visit_code, "LUOT")):
        code = make(counter, day, number)
        assert parse_provisional(code) == OwnCode(kind, counter, day, number)
        assert re.fullmatch(OFFICIAL_CODE_PATTERN, code) is None
        with pytest.raises(CodeError, match="số tạm"):
            check_official_code(code, ".+")


def test_an_own_code_is_read_as_typed_or_pasted():
    wanted = OwnCode("TAM", 1, DAY, 7)
    for text in (" tam-01-261123-0007\r\n", "TAM–01–261123–0007", "'TAM-01-261123-0007"):
        assert parse_provisional(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TAM",
        "TAM-01-261123",
        "TAM-01-261332-0001",
        "H15.50.05.13-261008-0975",
        "TAM-1-261123-1",
    ],
)
def test_other_texts_are_no_own_codes(text):
    assert parse_provisional(text) is None


@pytest.mark.parametrize(
    ("given_code", "kept"),
    [
        ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
        ("000.01.23.H50-261123-0001", "000.01.23.H50-261123-0001"),
        (" h15.50.05.13-261008-0975\r", "H15.50.05.13-261008-0975"),
        ("'G09-261008-0912345", "G09-261008-0912345"),
        ("H50–261008–0975", "H50-261008-0975"),
    ],
)
def test_an_official_code_is_kept(given_code, kept):
    assert check_official_code(given_code) == kept
    assert check_official_code(given_code, f"^{OFFICIAL_CODE_PATTERN}$") == kept


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có mã hồ sơ chính thức"),
        ("tam-01-261123-0001", "số tạm của chương trình"),
        ("LUOT-01-261123-0001", "số tạm của chương trình"),
        ("TAM-261123-0001", "số tạm của chương trình"),
        ("H15.50-26108-0975", "không đúng mẫu"),
        ("H15.50-261008-0975 H15", "không đúng mẫu"),
        ("H15..50-261008-0975", "không đúng mẫu"),
        ("H15-261008-٠١٢٣", "không đúng mẫu"),
        ("H" * 80 + "-261008-0975", "không đúng mẫu"),
    ],
)
def test_what_is_no_official_code_is_refused_in_words(text, sentence):
    with pytest.raises(CodeError, match=sentence):
        check_official_code(text)


def test_an_office_may_set_another_pattern():
    assert check_official_code("qt/2026/17", check_code_pattern(r"QT/\d{4}/\d+")) == "QT/2026/17"


@pytest.mark.parametrize("pattern", ["", "(", "a*", ".*"])
def test_a_pattern_that_serves_nothing_is_refused(pattern):
    with pytest.raises(CodeError, match="Giữ mẫu đang dùng"):
        check_code_pattern(pattern)


@pytest.mark.parametrize("code", ["H50", "000.00.00.H50", "h15.50.05.13"])
def test_agency_codes_are_known_by_their_form(code):
    assert check_agency_code(code) == code.upper()


@pytest.mark.parametrize("code", ["", "H50.", "H 50", "H50-1", "Đ50", "H50." * 9 + "H50"])
def test_other_agency_codes_are_refused(code):
    with pytest.raises(CodeError, match="nhiều nhất 35"):
        check_agency_code(code)
