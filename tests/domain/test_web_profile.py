"""What a dossier says in the fields of a web form."""

from __future__ import annotations

import pytest

from counter_app.domain.web_profile import (
    DEFAULT_PROFILE,
    FIELD_WORDS,
    ProfileError,
    parse_profile,
    web_steps,
)

STATE = {
    "procedure_code": "1.004873",
    "procedure_name": "Xác nhận tình trạng hôn nhân",
    "applicant_name": "Nguyễn Thị Ngọc Ánh",
    "submitter_name": "Nguyễn Thị Ngọc Ánh",
    "citizen_id": "045192007777",
    "birth_date": "1992-12-30",
    "sex": "female",
    "address": "Xã Cam Lộ",
    "phone": "0905 123 456",
    "email": "",
    "tax_code": None,
    "content": "",
    "documents": [{"name": "Tờ khai"}, {"name": "Căn cước"}],
    "copies": 1,
    "received_at": 1_795_400_000,
}


def texts(*lines: str) -> list[str]:
    return [step.text for step in web_steps(STATE, parse_profile(lines))]


def test_the_shipped_profile_can_be_read_and_leaves_out_what_is_empty():
    steps = web_steps(STATE, parse_profile(DEFAULT_PROFILE))
    assert [step.label for step in steps][:4] == [
        "Mã thủ tục",
        "Họ và tên chủ hồ sơ",
        "Số CCCD/Định danh",
        "Ngày sinh",
    ]
    labels = {step.label for step in steps}
    assert "Email" not in labels
    assert "Người nộp thay" not in labels


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Họ tên | x | chữ hoa", "NGUYỄN THỊ NGỌC ÁNH"),
        ("Ngày sinh", "30/12/1992"),
        ("Ngày sinh | x | yyyy-mm-dd", "1992-12-30"),
        ("ngay sinh | x | DDMMYYYY", "30121992"),
        ("Điện thoại | x | chỉ số", "0905123456"),
        ("Giới tính", "Nữ"),
        ("Giấy tờ", "Tờ khai; Căn cước"),
        ("Số bộ", "1"),
    ],
)
def test_each_form_writes_its_way(line, text):
    assert texts(line) == [text]


def test_an_unknown_year_of_birth_stays_a_year():
    steps = web_steps(STATE | {"birth_date": "1992"}, parse_profile(["Ngày sinh"]))
    assert [step.text for step in steps] == ["1992"]


def test_the_order_is_the_profiles():
    assert texts("Số định danh", "Họ tên") == ["045192007777", "Nguyễn Thị Ngọc Ánh"]


@pytest.mark.parametrize("lines", [["Họ"], ["Họ tên | a | viết nghiêng"], [], ["  |  "]])
def test_a_line_that_cannot_be_read_is_said_in_words(lines):
    with pytest.raises(ProfileError):
        parse_profile(lines)


def test_every_word_of_a_profile_is_a_key_of_a_dossier():
    from counter_app.domain.history import new_state

    assert set(FIELD_WORDS.values()) <= set(new_state())
