"""Card texts: read exactly, refused in words, mended where letters came damaged."""

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.identity import (
    WARNING_TEXTS,
    CardError,
    looks_like_card,
    parse_card,
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


@given(st.lists(st.text(), min_size=7, max_size=9))
def test_any_card_fields_are_read_or_refused(fields):
    try:
        parse_card("|".join(["045085001234", "", *fields[:1], "15081985", "Nam", *fields[1:]]))
    except CardError as error:
        assert str(error)  # noqa: PT017 - any outcome but a crash


def test_every_warning_is_a_sentence():
    assert all(text.endswith(".") and text[0].isupper() for text in WARNING_TEXTS.values())
