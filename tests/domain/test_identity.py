"""Numbers of a person: citizen numbers, older papers, tax codes, phones."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.identity import (
    PROVINCES,
    CardError,
    DayError,
    IdCheck,
    IdentityError,
    check_citizen_id,
    check_old_id,
    check_passport,
    check_phone,
    check_tax_code,
    format_phone,
    mask_citizen_id,
    mend_citizen_id,
    mend_phone,
    parse_birth,
    parse_card,
    parse_day,
    read_citizen_id,
)


@pytest.mark.parametrize(
    "text",
    ["045085001234", " 045 085 001 234 ", "'045085001234", "045.085.001.234", "045085001234.0"],
)
def test_a_citizen_number_is_tidied(text):
    assert check_citizen_id(text) == IdCheck("045085001234")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cần đủ 12 chữ số"),
        ("'", "cần đủ 12 chữ số"),
        ("197123456", "9 chữ số như số CMND cũ"),
        ("45085001234", "11 chữ số.*số 0 ở đầu"),
        ("0450850012345", "có 13 chữ số, cần đúng 12"),
        ("04508500l234", "không có “l”"),
        ("٠٤٥٠٨٥٠٠١٢٣٤", "không có “٠”"),
        ("4.5085E+10", "bị bảng tính đổi thành “4.5085E\\+10”"),
        ("4,50850E+10", "bị bảng tính"),
        ("45E9", "bị bảng tính"),
        ("''045085001234", "không có “'”"),
    ],
)
def test_what_is_no_citizen_number_is_refused_in_words(text, sentence):
    with pytest.raises(IdentityError, match=sentence):
        check_citizen_id(text)


@pytest.mark.parametrize(
    ("known", "warnings"),
    [
        ({}, ()),
        ({"birth_date": date(1985, 8, 15), "sex": "male"}, ()),
        ({"birth_year": 1985}, ()),
        ({"birth_year": 1986}, ("birth_year",)),
        ({"birth_date": date(2085, 8, 15)}, ("birth_year",)),
        ({"sex": "female"}, ("sex",)),
        ({"sex": "female", "birth_year": 1900}, ("birth_year", "sex")),
    ],
)
def test_a_number_is_compared_with_what_is_known(known, warnings):
    assert check_citizen_id("045085001234", **known).warnings == warnings


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(1900, 1, 1), date(2399, 12, 31)),
    st.sampled_from(("male", "female")),
    st.integers(0, 999_999),
)
def test_a_number_made_by_the_rule_never_warns(province, birth, sex, serial):
    digit = (birth.year // 100 - 19) * 2 + (sex == "female")
    number = f"{province}{digit}{birth.year % 100:02d}{serial:06d}"
    assert check_citizen_id(number, birth_date=birth, sex=sex) == IdCheck(number)
    assert read_citizen_id(number) == (PROVINCES[province], sex, birth.year)
    if number.startswith("0"):
        assert mend_citizen_id(number[1:]) == IdCheck(number, ("lost_zero",))


def test_the_63_provinces_are_known_and_others_warn():
    assert len(PROVINCES) == 63
    assert PROVINCES["044"] == "Quảng Bình"
    assert PROVINCES["045"] == "Quảng Trị"
    assert check_citizen_id("003085001234").warnings == ("province",)
    assert read_citizen_id("003085001234").province == ""


@pytest.mark.parametrize("text", ["45085001234", "45085001234.0", "'45 085 001 234"])
def test_a_list_gets_a_lost_zero_back_with_a_note(text):
    assert mend_citizen_id(text) == IdCheck("045085001234", ("lost_zero",))


@pytest.mark.parametrize("text", ["4.5085E+10", "5085001234", "", "4508500123x"])
def test_a_list_gets_no_more_than_one_zero_back(text):
    with pytest.raises(IdentityError):
        mend_citizen_id(text)


def test_a_masked_number_shows_its_ends_only():
    assert mask_citizen_id("045192007777") == "045******777"
    assert mask_citizen_id("197123456") == "197***456"
    assert mask_citizen_id("1234") == "****"
    assert mask_citizen_id("") == ""


def test_old_numbers_have_nine_digits():
    assert check_old_id(" 197.123.456 ") == IdCheck("197123456")
    for text, sentence in (
        ("", "cần đủ 9"),
        ("19712345", "có 8 chữ số"),
        ("19712345a", "không có “a”"),
        ("1.97E+08", "bảng tính"),
    ):
        with pytest.raises(IdentityError, match=sentence):
            check_old_id(text)


def test_passports_have_a_letter_and_seven_or_eight_digits():
    assert check_passport("c 1234567") == IdCheck("C1234567")
    assert check_passport("P12345678") == IdCheck("P12345678")
    assert check_passport("12AB34567") == IdCheck("12AB34567", ("passport",))
    for text in ("", "C123", "ABCDEFG", "C1234567Đ", "C" + "1" * 20):
        with pytest.raises(IdentityError, match="ví dụ C1234567"):
            check_passport(text)


KNOWN_TAX_CODES = (
    "0101248141 0300588569 0100109106 0100684378 0100112437 0100100079 0900189284".split()
)


@pytest.mark.parametrize("code", KNOWN_TAX_CODES)
def test_tax_codes_of_well_known_firms_pass_and_a_slip_is_seen(code):
    assert check_tax_code(f"{code[:2]} {code[2:]}") == code
    assert check_tax_code(f"{code}-001") == check_tax_code(f"{code}001") == f"{code}-001"
    for at in range(10):
        slip = f"{code[:at]}{(int(code[at]) + 1) % 10}{code[at + 1 :]}"
        with pytest.raises(IdentityError, match="sai chữ số kiểm tra"):
            check_tax_code(slip)


def test_a_person_s_tax_code_is_the_citizen_number():
    assert check_tax_code("045085001234") == "045085001234"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có mã số thuế"),
        ("101248141", "có 9 chữ số"),
        ("01012481411", "có 11 chữ số"),
        ("010124814x", "không có “x”"),
        ("1.0124E+8", "bảng tính"),
        ("0000000000", "sai chữ số kiểm tra"),
    ],
)
def test_other_tax_codes_are_refused_in_words(text, sentence):
    with pytest.raises(IdentityError, match=sentence):
        check_tax_code(text)


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("0905 123 456", "0905123456", "0905 123 456"),
        ("0905.123.456", "0905123456", "0905 123 456"),
        ("'0905123456", "0905123456", "0905 123 456"),
        ("+84 905 123 456", "0905123456", "0905 123 456"),
        ("84905123456", "0905123456", "0905 123 456"),
        ("0084905123456", "0905123456", "0905 123 456"),
        ("+84 (0)905 123 456", "0905123456", "0905 123 456"),
        ("(0233) 3851 234", "02333851234", "0233 3851 234"),
        ("+84 233 385 1234", "02333851234", "0233 3851 234"),
        ("024 3825 1234", "02438251234", "024 3825 1234"),
        ("+856 20 5551 2345", "+8562055512345", "+8562055512345"),
        ("1900 1234", "19001234", "19001234"),
    ],
)
def test_phones_come_to_one_form_and_are_written_in_groups(text, value, written):
    assert check_phone(text) == value
    assert format_phone(value) == written
    assert check_phone(written) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có số điện thoại"),
        ("090512345", "có 9 chữ số và không đúng mẫu"),
        ("0105123456", "không đúng mẫu"),
        ("01691234567", "kiểu cũ"),
        ("0905l23456", "không có “l”"),
        ("9.05E+08", "bảng tính"),
        ("+84 123", "không đúng mẫu"),
    ],
)
def test_what_is_no_phone_is_refused_in_words(text, sentence):
    with pytest.raises(IdentityError, match=sentence):
        check_phone(text)


def test_a_list_gets_a_phone_s_lost_zero_back():
    assert mend_phone("905123456") == IdCheck("0905123456", ("lost_phone_zero",))
    assert mend_phone("2333851234.0") == IdCheck("02333851234", ("lost_phone_zero",))
    assert mend_phone("0905123456") == IdCheck("0905123456")


@given(st.text())
def test_any_text_is_read_or_refused_but_never_breaks(text):
    for read in (
        parse_card,
        parse_birth,
        parse_day,
        check_citizen_id,
        mend_citizen_id,
        check_old_id,
        check_passport,
        check_tax_code,
        check_phone,
    ):
        try:
            read(text)
        except (CardError, DayError, IdentityError) as error:
            assert str(error).endswith((".", "?"))  # noqa: PT017 - any outcome but a crash
