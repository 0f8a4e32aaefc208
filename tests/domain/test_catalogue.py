"""The shipped catalogue keeps its promises; lists from elsewhere are read or refused clearly."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counter_app.domain.catalogue import (
    CUTOFF_PATTERN,
    LIMIT_PATTERN,
    CatalogueIndex,
    Fee,
    Procedure,
    base_code,
    confirm,
    in_force,
    latest,
    match_procedures,
    parse_procedures,
    parse_sectors,
    to_dict,
)
from counter_app.domain.limits import parse_cutoff, parse_limit
from counter_app.errors import InputError, InputErrors

CATALOGUE = Path(__file__).parents[2] / "resources" / "catalogue"
SHIPPED = json.loads((CATALOGUE / "procedures.json").read_text("utf-8"))
PROCEDURES = parse_procedures(SHIPPED)
INDEX = CatalogueIndex(PROCEDURES)
BY_CODE = {p.code: p for p in PROCEDURES}

# Codes whose time is known from practice only; nobody has read it in an act or a decision.
FROM_MEMORY = """
    1.000689 1.004772 1.004884 1.003583 1.000656 1.000419 1.005461 1.000593 1.004746 1.004873
    3.000323 3.000322 2.002516 2.000528 2.000806 2.001263
    1.014027 1.014028 1.001776 1.001731 1.001699 1.001653 2.000286 2.000282 2.000477 2.002307
    2.002308 1.010803 1.010833 1.010801 1.010825 1.011606 1.011607 1.011608 2.001088 1.004946
    1.004944 2.001942 1.002211 2.000930 2.000950 2.000424 2.000720 1.001570 1.001266 2.000575
    1.001612 1.013225 1.013226 1.013227 1.013228 1.012753 1.013978 3.000182 2.002770 2.002771
""".split()
READ_IN_THE_LAW = {
    "2.000815": ("0wd", "next-day-result"),
    "2.000884": ("0wd", "next-day-result"),
    "2.001035": ("2wd", "none"),
    "2.001019": ("2wd", "none"),
    "2.000908": ("0wd", "next-day-result"),
    "1.001193": ("0wd", "next-day-result"),
    "1.000894": ("0wd", "next-day-result"),
    "1.001022": ("3wd", "none"),
    "1.004837": ("3wd", "none"),
    "1.004845": ("2wd", "none"),
    "1.004859": ("3wd", "none"),
    "2.000635": ("0wd", "next-day-result"),
    "2.000986": ("3wd", "next-day-start"),
}


def test_at_least_sixty_procedures_are_shipped_each_code_once_and_in_the_national_form():
    codes = [p.code for p in PROCEDURES]
    assert len(codes) >= 60
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert re.fullmatch(r"\d\.\d{6}", code)


def test_what_is_abolished_or_belongs_to_the_police_is_not_shipped():
    assert not {"2.001009", "1.004222", "1.004194", "1.002755", "1.003197"} & BY_CODE.keys()


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: p.code)
def test_every_shipped_limit_and_cutoff_is_understood_by_the_deadline_rules(procedure):
    for limit in filter(None, (procedure.limit, procedure.extension)):
        parse_limit(limit)
    parse_cutoff(procedure.cutoff)
    assert procedure.limit or not procedure.confirmed


def test_the_two_procedures_that_scripts_rely_on_are_there():
    single, birth = BY_CODE["1.004873"], BY_CODE["1.001193"]
    assert (single.name, single.limit, single.cutoff) == (
        "Cấp Giấy xác nhận tình trạng hôn nhân",
        "3wd",
        "none",
    )
    assert (birth.name, birth.limit, birth.cutoff) == (
        "Đăng ký khai sinh",
        "0wd",
        "next-day-result",
    )


@pytest.mark.parametrize("code", FROM_MEMORY)
def test_a_time_known_from_memory_is_never_confirmed_and_is_asked_for(code):
    procedure = BY_CODE[code]
    assert not procedure.confirmed
    assert "limit" in procedure.to_ask


@pytest.mark.parametrize(("code", "facts"), READ_IN_THE_LAW.items())
def test_a_time_read_in_the_law_is_confirmed(code, facts):
    procedure = BY_CODE[code]
    assert (procedure.limit, procedure.cutoff) == facts
    assert procedure.confirmed


def test_fees_that_the_province_sets_are_never_taken_as_known():
    for procedure in PROCEDURES:
        if procedure.sector != "Chứng thực":
            assert "fee" in procedure.unconfirmed, procedure.code


def test_every_entry_names_its_source_and_a_sector_with_its_unit():
    sectors = {s.name: s.unit for s in parse_sectors(_read("sectors.json"))}
    for procedure in PROCEDURES:
        assert procedure.source
        assert procedure.unit == sectors[procedure.sector]


def test_papers_are_typical_ones_that_an_office_has_to_complete():
    for procedure in PROCEDURES:
        if procedure.required_documents:
            assert "required_documents" in procedure.unconfirmed
        for document in procedure.required_documents:
            assert document.kind in {"form", "submit", "present"}
            assert document.originals + document.copies >= 1


def test_shipped_text_is_composed_unicode():
    text = (CATALOGUE / "procedures.json").read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_no_two_procedures_share_what_people_say():
    owners = {}
    for procedure in PROCEDURES:
        for alias in procedure.aliases:
            assert owners.setdefault(alias.casefold(), procedure.code) == procedure.code


# --------------------------------------------------------------------------------------- searching


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("giay doc than", "1.004873"),
        ("giấy độc", "1.004873"),
        ("xac nhan hon nhan", "1.004873"),
        ("hon nhan xac nhan", "1.004873"),
        ("gia61y d9o65c tha6n", "1.004873"),
        ("sao y", "2.000815"),
        ("SAO Y", "2.000815"),
        ("chung thuc", "2.000815"),
        ("chwngs thuwcj", "2.000815"),
        ("chung thuc chu ky", "2.000884"),
        ("khai sinh", "1.001193"),
        ("khai sinh cho con", "1.001193"),
        ("lam khai sinh", "1.001193"),
        ("xin làm giấy khai sinh cho con", "1.001193"),
        ("khai sinh lai", "1.004884"),
        ("giay bao tu", "1.000656"),
        ("ddawng kys keets hoon", "1.000894"),
        ("trich luc", "2.000635"),
        ("tro cap nguoi cao tuoi", "1.014027"),
        ("tro cap nguoi gia", "1.014027"),
        ("giay khuyet tat", "1.001699"),
        ("ho ngheo", "1.011607"),
        ("mo quan", "1.001612"),
        ("xin phep xay nha", "1.013225"),
        ("sổ đỏ", "1.013978"),
        ("1.00487", "1.004873"),
        ("1004873", "1.004873"),
    ],
)
def test_people_find_what_they_mean_first(typed, code):
    assert INDEX.match(typed)[0].code == code


def test_decomposed_letters_find_the_same():
    typed = unicodedata.normalize("NFD", "giấy độc thân")
    assert INDEX.match(typed) == INDEX.match("giấy độc thân")


def test_a_whole_sentence_finds_by_its_telling_words():
    found = INDEX.match("tôi muốn hỏi thủ tục hòa giải đất đai nhà hàng xóm")
    assert found[0].code == "1.012812"


def test_what_nobody_says_finds_nothing():
    assert INDEX.match("zzzz") == []


@pytest.mark.parametrize("typed", ["", "   ", "!?", "\u200b"])
def test_nothing_typed_shows_what_this_office_uses_most(typed):
    usage = {"2.000815": 40, "1.001193": 71, "1.004873": 3}
    assert [p.code for p in INDEX.match(typed, usage=usage)] == ["1.001193", "2.000815", "1.004873"]


def test_usage_decides_among_equally_good_answers_but_never_over_a_better_one():
    usage = {"2.002308": 9, "1.004884": 500}
    found = [p.code for p in INDEX.match("mai tang phi", usage=usage)]
    assert found[0] == "1.001731"  # an exact alias
    assert found[1] == "2.002308"
    assert INDEX.match("khai sinh", usage=usage)[0].code == "1.001193"


@given(st.text(max_size=40))
def test_any_text_may_be_typed(typed):
    assert len(INDEX.match(typed)) <= 8


@given(st.sampled_from(PROCEDURES))
def test_a_procedure_is_found_by_its_whole_name_and_by_its_code(procedure):
    assert procedure in match_procedures(INDEX, procedure.name)
    assert match_procedures(PROCEDURES, procedure.code)[0] == procedure


# ----------------------------------------------------------------------------------- versions, fees


def _procedure(**values):
    return Procedure(**({"code": "1.000001", "name": "Thủ tục thử"} | values))


def test_the_version_in_force_goes_by_the_day():
    old = _procedure(limit="5wd", valid_from=date(2026, 1, 1))
    new = _procedure(limit="3wd", valid_from=date(2027, 3, 1))
    both = [new, old]
    assert in_force(both, "1.000001", date(2027, 2, 28)) is old
    assert in_force(both, "1.000001", date(2027, 3, 1)) is new
    assert in_force(both, "1.000001", date(2023, 9, 1)) is old
    assert latest(both, date(2027, 2, 1)) == [old]


def test_an_abolished_procedure_is_in_force_no_more():
    gone = _procedure(valid_to=date(2026, 12, 31))
    assert in_force([gone], "1.000001", date(2026, 12, 31)) is gone
    assert in_force([gone], "1.000001", date(2027, 1, 1)) is None
    assert in_force([gone], "9.999999", date(2026, 1, 1)) is None


def test_a_code_with_the_provinces_suffix_finds_the_national_entry():
    assert base_code("1.001193.000.00.00.H50") == "1.001193"
    found = in_force(PROCEDURES, "1.001193.000.00.00.H50", date(2026, 11, 23))
    assert found is BY_CODE["1.001193"]


def test_confirming_keeps_the_decision_and_leaves_the_rest_to_be_asked():
    answered = confirm(
        BY_CODE["1.014027"],
        decision="Quyết định số 12/QĐ-UBND",
        valid_from=date(2026, 11, 23),
        limit=" 7WD ",
    )
    assert (answered.limit, answered.confirmed) == ("7wd", True)
    assert answered.to_ask == ("fee",)
    assert answered.source == "Quyết định số 12/QĐ-UBND"
    versions = [*PROCEDURES, answered]
    assert in_force(versions, "1.014027", date(2026, 11, 23)) is answered
    assert in_force(versions, "1.014027", date(2026, 11, 22)) is BY_CODE["1.014027"]


def test_confirming_needs_the_decisions_number_and_a_readable_limit():
    procedure = BY_CODE["1.014027"]
    with pytest.raises(InputError, match="số quyết định") as refused:
        confirm(procedure, decision=" ", valid_from=date(2026, 11, 23), limit="7wd")
    assert refused.value.field == "source"
    with pytest.raises(InputError, match="7 ngày") as refused:
        confirm(procedure, decision="12/QĐ", valid_from=date(2026, 11, 23), limit="7 ngày")
    assert refused.value.field == "limit"


@pytest.mark.parametrize(("pages", "total"), [(1, 2000), (2, 4000), (3, 5000), (500, 200_000)])
def test_certified_copies_cost_by_the_page_up_to_the_cap(pages, total):
    assert BY_CODE["2.000815"].fee.total(pages) == total


def test_an_unknown_fee_is_not_free():
    assert Fee().total(3) is None
    assert Fee().describe() == ""
    assert Fee(0).describe() == "Không thu"
    assert BY_CODE["2.000815"].fee.describe() == (
        "2.000 đ/trang, từ trang thứ 3: 1.000 đ/trang, tối đa 200.000 đ"
    )


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_more_pages_never_cost_less(first, second):
    fee = BY_CODE["2.000815"].fee
    assert fee.total(min(first, second)) <= fee.total(max(first, second)) <= 200_000


# ----------------------------------------------------------------------------------------- parsing


def test_written_and_read_again_every_entry_is_the_same():
    assert [to_dict(p) for p in PROCEDURES] == SHIPPED
    assert parse_procedures([to_dict(p) for p in PROCEDURES]) == PROCEDURES


def test_a_table_row_reads_like_json():
    (read,) = parse_procedures(
        [
            {
                "code": "1.009999",
                "name": "  Thủ  tục   của tỉnh ",
                "aliases": "một; hai ;một",
                "limit": "15CD",
                "fee": "8.000 đ",
                "required_documents": "Tờ khai=1/0; Giấy chứng sinh=0/2",
                "confirmed": "Có",
                "valid_from": "01/07/2025",
            }
        ]
    )
    assert (read.name, read.aliases, read.limit) == ("Thủ tục của tỉnh", ("một", "hai"), "15cd")
    assert read.fee.amount == 8000
    assert [(d.name, d.originals, d.copies) for d in read.required_documents] == [
        ("Tờ khai", 1, 0),
        ("Giấy chứng sinh", 0, 2),
    ]
    assert (read.confirmed, read.valid_from) == (True, date(2025, 7, 1))


def test_an_entry_without_a_limit_is_taken_but_never_confirmed():
    (read,) = parse_procedures([{"code": "1.009999", "name": "Thủ tục mới"}])
    assert (read.limit, read.confirmed, read.to_ask) == ("", False, ("limit",))


def test_an_entry_marked_unconfirmed_is_asked_for():
    (read,) = parse_procedures(
        [{"code": "1.009999", "name": "Thủ tục", "limit": "3wd", "confirmed": False}]
    )
    assert read.to_ask == ("limit",)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": ""}, "name", "còn trống"),
        ({"code": "1 004"}, "code", "không đúng dạng"),
        ({"limit": "3 ngày"}, "limit", "3 ngày"),
        ({"limit": "0cd"}, "limit", "0cd"),
        ({"limit": "10000wd"}, "limit", "10000wd"),
        ({"cutoff": "sau 15h"}, "cutoff", "sau 15h"),
        ({"cutoff": "next-day-result@25:00"}, "cutoff", "25:00"),
        ({"fee": {"amount": -1}}, "fee", "không âm"),
        ({"fee": [1]}, "fee", "đối tượng"),
        ({"fee": "{"}, "fee", "JSON"),
        ({"required_documents": "Tờ khai"}, "required_documents", "số bản chính"),
        ({"required_documents": [{"kind": "form"}]}, "required_documents", "còn trống"),
        ({"confirmed": "chắc"}, "confirmed", "có hoặc không"),
        ({"confirmed": True, "unconfirmed": ["limit"]}, "confirmed", "chưa xác nhận"),
        ({"unconfirmed": ["thoi_han"]}, "unconfirmed", "thoi_han"),
        ({"valid_from": "31/02/2026"}, "valid_from", "31/02/2026"),
        ({"aliases": 5}, "aliases", "danh sách"),
        ({"name": ["a"]}, "name", "chữ"),
        ({"name": "a" * 3000}, "name", "dài quá"),
    ],
)
def test_a_broken_entry_is_named_with_its_field(values, field, words):
    entry = {"code": "1.009999", "name": "Thủ tục", "limit": "3wd"} | values
    with pytest.raises(InputErrors) as refused:
        parse_procedures([SHIPPED[0], entry])
    (error,) = refused.value.errors
    assert error.field == field
    assert error.message.startswith("Mục 2")
    assert words in error.message


def test_all_broken_entries_are_named_at_once():
    with pytest.raises(InputErrors) as refused:
        parse_procedures([{"name": "x"}, SHIPPED[0], {"code": "1.1"}, "không phải", SHIPPED[0]])
    starts = [e.message.split()[:2] for e in refused.value.errors]
    assert starts == [["Mục", "1,"], ["Mục", "3"], ["Mục", "4:"], ["Mục", "5"]]


@given(st.integers(1, 9999), st.sampled_from(["wd", "cd", "mo", "h", "m", "ch"]))
def test_the_catalogue_takes_exactly_the_limits_that_can_be_counted(number, unit):
    text = f"{number}{unit}"
    assert LIMIT_PATTERN.fullmatch(text)
    assert str(parse_limit(text)) == text


@given(st.text(alphabet="0123456789wdcmoh@:- ", max_size=8))
def test_what_cannot_be_counted_is_no_limit(text):
    try:
        parse_limit(text)
    except ValueError:
        assert not LIMIT_PATTERN.fullmatch(text)


@pytest.mark.parametrize("text", ["none", "next-day-result", "next-day-start@15:30"])
def test_cutoffs_are_those_of_the_deadline_rules(text):
    assert CUTOFF_PATTERN.fullmatch(text)
    parse_cutoff(text)


def _read(name):
    return json.loads((CATALOGUE / name).read_text("utf-8"))
