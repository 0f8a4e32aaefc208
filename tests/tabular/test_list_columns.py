import json
import unicodedata

import pytest

from counter_app.domain.dossier import Channel, Status
from counter_app.domain.lists import COLUMNS_BY_NAME, HEADINGS, LIST_COLUMNS, ListRow
from counter_app.errors import ListFileError
from counter_app.tabular.columns import (
    Mapping,
    channel_words,
    heading_key,
    propose_mapping,
    status_words,
)

CONTRACT = (
    "Mã hồ sơ; Mã TTHC; Tên TTHC; Lĩnh vực; Chủ hồ sơ; Số định danh; Mã số thuế; Địa chỉ; "
    "Số điện thoại; Nội dung; Hình thức tiếp nhận; Ngày giờ tiếp nhận; Ngày giờ hẹn trả; "
    "Ngày giờ hẹn lại; Ngày giờ có kết quả; Ngày giờ trả; Trạng thái; Cơ quan giải quyết; "
    "Cán bộ tiếp nhận; Cán bộ thụ lý; Phí, lệ phí; Đã nộp phí; Ghi chú"
)


def test_the_columns_are_those_of_the_contract():
    assert "; ".join(HEADINGS) == CONTRACT


def test_every_column_is_a_field_of_a_row():
    assert {column.name for column in LIST_COLUMNS} | {"official_code", "date_only"} == set(
        ListRow._fields
    )


@pytest.mark.parametrize("column", LIST_COLUMNS, ids=lambda column: column.name)
@pytest.mark.parametrize(
    "written",
    [
        str.upper,
        str.lower,
        lambda text: "".join(text.split()),
        lambda text: text.replace(" ", " \n "),
        lambda text: unicodedata.normalize("NFD", text) + " (*)",
        lambda text: text.replace("đ", "d").replace("Đ", "D"),
        lambda text: f"_{text}_:",
    ],
)
def test_headings_match_without_regard_to_dress(column, written):
    proposal = propose_mapping([written(column.heading)])
    assert proposal.columns == (column.name,)
    assert not proposal.guessed


def test_headings_match_by_json_names():
    names = list(COLUMNS_BY_NAME)
    proposal = propose_mapping(names)
    assert proposal.columns == tuple(names)
    assert not proposal.unmatched


def test_no_two_columns_share_a_heading():
    keys = [heading_key(column.heading) for column in COLUMNS_BY_NAME.values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Số hồ sơ", "code"),
        ("Mã số hồ sơ", "code"),
        ("Tên chủ hồ sơ", "applicant_name"),
        ("Người nộp", "applicant_name"),
        ("Ngày tiếp nhận", "received_at"),
        ("Ngày hẹn trả", "due_at"),
        ("Số CCCD", "citizen_id"),
        ("Số định danh/MST", "citizen_or_tax"),
        ("Thủ tục hành chính", "procedure_name"),
        ("Tình trạng", "status"),
        ("Phí, lệ phí (đồng)", "fee"),
    ],
)
def test_headings_of_provincial_exports_are_guessed_and_said_to_be(heading, column):
    proposal = propose_mapping([heading, "STT"])
    assert proposal.columns == (column, "")
    assert proposal.unmatched == ()


def test_the_owner_comes_before_who_brought_the_papers():
    proposal = propose_mapping(["Người nộp", "Chủ hồ sơ"])
    assert proposal.columns == ("", "applicant_name")
    assert proposal.unmatched == ("Người nộp",)


def test_the_promise_by_law_comes_before_a_later_one():
    proposal = propose_mapping(["due_at", "legal_due_at", "rescheduled_due_at"])
    assert proposal.columns == ("", "due_at", "rescheduled_due_at")


def test_headings_that_say_the_same_are_doubled():
    assert propose_mapping(["Mã hồ sơ", "MÃ HỒ SƠ"]).doubled == ("MÃ HỒ SƠ",)
    assert propose_mapping(["Số hồ sơ", "số hồ sơ "]).doubled == ("số hồ sơ ",)


def test_an_unknown_heading_is_unmatched():
    proposal = propose_mapping(["Màu áo", ""])
    assert proposal.unmatched == ("Màu áo",)


def test_a_saved_mapping_wins_over_what_we_would_guess():
    saved = Mapping(headings={"Ngày hẹn": "rescheduled_due_at", "Chủ hồ sơ": "", "Cột 7": "note"})
    proposal = propose_mapping(["NGÀY HẸN", "Chủ hồ sơ", "Cột 7"], saved)
    assert proposal.columns == ("rescheduled_due_at", "", "note")
    assert not proposal.guessed


def test_a_proposal_can_be_saved_and_used_again():
    headings = ["Số hồ sơ", "Người nộp", "Ngày nhận", "Màu áo"]
    first = propose_mapping(headings)
    again = propose_mapping(headings, Mapping.from_json(first.mapping.to_json()))
    assert again.columns == first.columns
    assert again.unmatched == ()  # left out on purpose, now


def test_a_mapping_survives_its_file():
    mapping = Mapping(
        name="Tỉnh Quảng Trị",
        headings={"Số HS": "code", "Màu áo": ""},
        statuses={"Hoàn thành": "returned"},
        channels={"Zalo": "online"},
        procedures={"KS": "1.001193"},
        date_order="mdy",
        encoding="tcvn3",
        delimiter=";",
        sheet="Sheet1",
    )
    assert Mapping.from_json(mapping.to_json()) == mapping


GOOD = json.loads(Mapping().to_json())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "{" * 100,
        json.dumps({**GOOD, "format": "counter-app/mapping/9"}),
        json.dumps({**GOOD, "colour": "red"}),
        json.dumps({**GOOD, "headings": ["code"]}),
        json.dumps({**GOOD, "headings": {"Số HS": 1}}),
        json.dumps({**GOOD, "headings": {"Số HS": "kode"}}),
        json.dumps({**GOOD, "statuses": {"Xong": "done"}}),
        json.dumps({**GOOD, "channels": {"Zalo": "zalo"}}),
        json.dumps({**GOOD, "date_order": "ddd"}),
        json.dumps({**GOOD, "name": None}),
        json.dumps({**GOOD, "encoding": 1258}),
        json.dumps({**GOOD, "name": "x" * (1 << 21)}),
    ],
)
def test_a_broken_mapping_is_refused_with_a_sentence(text):
    with pytest.raises(ListFileError, match="ánh xạ"):
        Mapping.from_json(text)


@pytest.mark.parametrize("status", Status)
def test_every_state_has_its_word(status):
    words = status_words(Mapping())
    assert words[heading_key(status.value)] is status


def test_states_of_official_systems_are_known():
    words = status_words(Mapping(statuses={"Mới tiếp nhận": "processing"}))
    assert words[heading_key("YÊU CẦU BỔ SUNG")] is Status.AWAITING_SUPPLEMENT
    assert words[heading_key("Công dân xin rút")] is Status.WITHDRAWN
    assert words[heading_key("mới tiếp nhận")] is Status.PROCESSING
    assert heading_key("Tạm dừng") not in words
    assert heading_key("Chờ tiếp nhận") not in words


def test_channels_of_official_systems_are_known():
    words = channel_words(Mapping(channels={"Zalo": "online"}))
    assert words[heading_key("Bưu chính")] is Channel.POST
    assert words[heading_key("zalo")] is Channel.ONLINE
