"""Identity: citizen numbers, card texts, tax codes, phones, dates of birth."""

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.identity import (
    PROVINCES,
    WARNING_TEXTS,
    Birth,
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
    looks_like_card,
    mask_citizen_id,
    mend_citizen_id,
    mend_phone,
    parse_birth,
    parse_card,
    parse_day,
    read_citizen_id,
)

CASES = Path(__file__).parent.parent / "data" / "card_qr.csv"
CARD = "045085001234||Nguyễn Văn Đức|15081985|Nam|Cam Lộ|01092021"


def rows():
    with CASES.open(encoding="utf-8-sig", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


def card(**changed):
    parts = dict(
        zip(
            ("number", "old", "name", "birth", "sex", "address", "issued"),
            CARD.split("|"),
            strict=True,
        )
    )
    return "|".join({**parts, **changed}.values())


# ----------------------------------------------------------------------- cards


@pytest.mark.parametrize("row", rows())
def test_each_stored_card_text_is_read_exactly(row):
    if row["ok"] == "no":
        with pytest.raises(CardError):
            parse_card(row["text"])
        return
    facts = parse_card(row["text"])
    assert {
        "citizen_id": facts.citizen_id,
        "old_id": facts.old_id,
        "full_name": facts.full_name,
        "birth_date": facts.birth_date.isoformat(),
        "sex": facts.sex,
        "address": facts.address,
        "issued_on": facts.issued_on.isoformat() if facts.issued_on else "",
        "warnings": ";".join(facts.warnings),
    } == {key: row[key] for key in row if key not in {"case", "text", "ok"}}
    assert looks_like_card(row["text"])


def test_all_thirteen_stored_card_texts_are_tried():
    assert len(rows()) == 13


@pytest.mark.parametrize(
    "text",
    [
        CARD + "\r\n",
        "\ufeff" + CARD,
        "\x02" + CARD + "\x03",
        "]Q1" + CARD,
        CARD.replace("|", "\t|\r\n"),
        CARD.replace("0450850", "0450850\r\n").replace("1508", "15 08\t"),
        CARD.replace("Văn", "\tVăn\n"),
        CARD.replace("Nguyễn", "Ngu\x00yễn"),
        unicodedata.normalize("NFD", CARD),
    ],
)
def test_control_characters_in_a_card_text_are_data(text):
    assert looks_like_card(text)
    assert parse_card(text) == parse_card(CARD)


@pytest.mark.parametrize(
    "text", ["", "Nguyễn Văn Đức", "0905123456", "a|b|c|d|e|f|g", "TAM-01-261123-0001", "12|3"]
)
def test_other_texts_do_not_look_like_a_card(text):
    assert not looks_like_card(text)
    with pytest.raises(CardError):
        parse_card(text)


@pytest.mark.parametrize("cut", range(len(CARD) - 10))
def test_half_a_card_text_is_refused_in_words(cut):
    with pytest.raises(CardError, match=r"Dữ liệu thẻ chưa đủ.*Quét lại thẻ"):
        parse_card(CARD[:cut])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": "04508500123x"}, "chỉ gồm 12 chữ số, không có “x”"),
        ({"number": "197123456"}, "như số CMND cũ"),
        ({"birth": "30021985"}, "Không có ngày 30/02/1985"),
        ({"birth": ""}, "Ngày sinh trên thẻ chưa đúng"),
        ({"birth": "15081885"}, "năm 1885 sớm quá"),
        ({"name": " \t"}, "không có họ tên"),
        ({"sex": ""}, "không có giới tính"),
        ({"sex": "X"}, "không có giới tính"),
    ],
)
def test_a_card_that_cannot_be_is_refused_in_words(changed, sentence):
    with pytest.raises(CardError, match=sentence):
        parse_card(card(**changed))


@pytest.mark.parametrize("issued", ["", "00000000", "31022021", "01091980", "xx"])
def test_an_issue_date_that_cannot_be_only_warns(issued):
    facts = parse_card(card(issued=issued))
    assert facts.issued_on is None
    assert facts.warnings == ("issued_on",)


def test_an_unknown_province_only_warns():
    facts = parse_card(card(number="099085001234"))
    assert facts.warnings == ("province",)


def test_all_warnings_stand_in_order():
    facts = parse_card(card(number="099186001234", name="Nguy?n", issued=""))
    assert facts.warnings == ("birth_year", "issued_on", "letters", "province", "sex")
    assert set(facts.warnings) <= set(WARNING_TEXTS)


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("Nguyeenx Vawn DDuwcs", "Nguyễn Văn Đức"),
        ("NGUYEENX VAWN DDUWCS", "NGUYỄN VĂN ĐỨC"),
        ("Nguye64n Va8n D9u71c", "Nguyễn Văn Đức"),
        ("NguyÔn V¨n §øc", "Nguyễn Văn Đức"),
        ("Nguyễn Văn Đức".encode().decode("latin-1"), "Nguyễn Văn Đức"),
        ("Nguy?n V?n ??c", "Nguy?n V?n ??c"),
        ("Nguy\ufffdn Van", "Nguy\ufffdn Van"),
        ("Nguyen V4n", "Nguyen V4n"),
        ("??? ??? ???", "??? ??? ???"),
    ],
)
def test_damaged_letters_leave_number_and_dates_and_offer_the_name(name, offered):
    facts = parse_card(card(name=name))
    assert facts.warnings == ("letters",)
    assert facts.full_name == offered
    assert facts.citizen_id == "045085001234"
    assert facts.birth_date == date(1985, 8, 15)


@pytest.mark.parametrize(
    "name", ["Tran Van An", "Lee Min Ho", "H'Hen Niê", "Hồ A-Lăng", "Kpă Y Ơ\u0306i"]
)
def test_whole_names_are_never_decoded(name):
    facts = parse_card(card(name=name))
    assert facts.full_name == name
    assert facts.warnings == ()


@pytest.mark.parametrize(
    ("sex", "number", "wanted"),
    [
        ("Nuwx", "045185001234", "female"),
        ("Nu74", "045185001234", "female"),
        ("N?", "045185001234", "female"),
        ("N÷", "045185001234", "female"),
        ("Nữ".encode().decode("latin-1"), "045085001234", "female"),
        ("N\ufffd", "045085001234", "male"),
    ],
)
def test_a_damaged_sex_is_read_or_taken_from_the_number(sex, number, wanted):
    facts = parse_card(card(sex=sex, number=number))
    assert facts.sex == wanted
    assert "letters" in facts.warnings


@pytest.mark.parametrize(
    ("address", "tidy"),
    [
        ("Thôn 1,,, , Cam Lộ,-Quảng Trị, ", "Thôn 1, Cam Lộ, Quảng Trị"),
        ("Thôn 1 - Cam Lộ", "Thôn 1 - Cam Lộ"),
        ("- Cam Lộ -", "Cam Lộ"),
        ("", ""),
    ],
)
def test_addresses_are_tidied(address, tidy):
    facts = parse_card(card(address=address))
    assert facts.address == tidy
    assert facts.warnings == ()


def test_a_damaged_address_is_repaired_or_marked():
    misread = "Thôn Phan Xá".encode().decode("latin-1")
    assert parse_card(card(address=misread)).address == "Thôn Phan Xá"
    for address in (misread, "Th?n Phan X?", "Th\ufffdn"):
        assert parse_card(card(address=address)).warnings == ("letters",)


def test_an_unusual_old_number_is_kept_as_it_stands():
    assert parse_card(card(old="197 123 456")).old_id == "197123456"
    assert parse_card(card(old="B 1234")).old_id == "B 1234"


# ------------------------------------------------------------- citizen numbers


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


# ------------------------------------------------------- other papers of a person


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


# ------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    "text",
    [
        "30121992",
        "30/12/1992",
        "30-12-1992",
        "30.12.1992",
        "1992-12-30",
        " 30 / 12 / 1992 ",
        "30 12 1992",
    ],
)
def test_a_day_is_read_in_every_usual_form(text):
    assert parse_day(text) == date(1992, 12, 30)
    assert parse_birth(text) == Birth(date(1992, 12, 30), 1992)


def test_short_days_and_months_are_read():
    assert parse_day("1/2/1992") == date(1992, 2, 1)


def test_a_year_alone_is_a_birth_but_no_day():
    assert parse_birth(" 1992 ") == Birth(None, 1992)
    assert str(parse_birth("1992")) == "1992"
    assert str(parse_birth("2/9/1945")) == "02/09/1945"
    with pytest.raises(DayError, match="Không đọc được ngày"):
        parse_day("1992")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Chưa có ngày"),
        ("31021985", "Không có ngày 31/02/1985"),
        ("29/02/2023", "Không có ngày 29/02/2023"),
        ("1985-13-01", "Không có ngày 01/13/1985"),
        ("00/00/1985", "Không có ngày 00/00/1985"),
        ("30/12/92", "đủ bốn chữ số của năm"),
        ("301292", "đủ bốn chữ số của năm"),
        ("30/12/0092", "Năm 0092 không hợp lý"),
        ("mai", "Không đọc được ngày"),
        ("30/12", "Không đọc được ngày"),
        ("٣٠/١٢/١٩٩٢", "Không đọc được ngày"),
    ],
)
def test_what_is_no_day_is_refused_in_words(text, sentence):
    for read in (parse_day, parse_birth):
        with pytest.raises(DayError, match=sentence):
            read(text)


def test_a_birth_after_today_is_refused():
    today = date(2026, 11, 23)
    assert parse_birth("23/11/2026", today=today).year == 2026
    assert parse_birth("2026", today=today).date is None
    for text in ("24/11/2026", "2027"):
        with pytest.raises(DayError, match="sau hôm nay"):
            parse_birth(text, today=today)
    with pytest.raises(DayError, match="Năm 1700"):
        parse_birth("1700")


@given(st.dates(date(1880, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back_from_its_forms(day):
    for form in ("%d%m%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert parse_day(day.strftime(form)) == day


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


@given(st.lists(st.text(), min_size=7, max_size=9))
def test_any_card_fields_are_read_or_refused(fields):
    try:
        parse_card("|".join(["045085001234", "", *fields[:1], "15081985", "Nam", *fields[1:]]))
    except CardError as error:
        assert str(error)  # noqa: PT017 - any outcome but a crash


def test_every_warning_is_a_sentence():
    assert all(text.endswith(".") and text[0].isupper() for text in WARNING_TEXTS.values())
