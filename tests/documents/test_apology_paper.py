"""Apology letters, read back, and their page by NĐ 30/2020."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest

from counter_app.documents.render import render_apologies, render_apology
from counter_app.documents.typeset import MM
from counter_app.domain.papers import ApologyKind
from counter_app.errors import PaperError


def test_a_letter_says_what_the_form_asks_in_its_order(apology, spectral, read) -> None:
    text = read(render_apology(apology(), fonts=spectral)).text
    parts = [
        "Mẫu số 04",
        "ỦY BAN NHÂN DÂN XÃ CAM LỘ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số:",
        "/UBND-TTPVHCC",
        "Cam Lộ, ngày 26 tháng 11 năm 2026",
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Kính gửi: Bà Nguyễn Thị Ngọc Ánh",
        "Địa chỉ: Thôn Hậu Viên, xã Cam Lộ, tỉnh Quảng Trị",
        "Số điện thoại: 0905 123 456",
        "Căn cứ Nghị định số 118/2025/NĐ-CP",
        "309/2026/NĐ-CP",
        "Ngày 23 tháng 11 năm 2026, Trung tâm Phục vụ hành chính công xã Cam Lộ đã tiếp nhận",
        "Cấp Giấy xác nhận tình trạng hôn nhân (mã 1.004873)",
        "Mã hồ sơ: 000.19.44.H50-261123-000123",
        "Thời gian hẹn trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
        "Phòng Văn hóa – Xã hội nhận thấy",
        "Lý do: Phải xác minh thời gian cư trú trước đây tại phường Đông Hà.",
        "thành thật xin lỗi",
        "17 giờ 00 phút, ngày 02 tháng 12 năm 2026",
        "0233 3871 234",
        "./.",
        "Nơi nhận:",
        "- Như trên;",
        "- Trung tâm Phục vụ hành chính công xã Cam Lộ;",
        "- Lưu: VT.",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "(Ký số hoặc ký tên và đóng dấu)",
        "Trần Hoài Linh",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ApologyKind.LATE}, ("Đến nay đã quá thời gian hẹn", "nhận thấy")),
        (
            {"kind": ApologyKind.LATE, "new_due_at": None},
            ("ngay khi có kết quả", "gia hạn thời gian giải quyết hồ sơ."),
        ),
        (
            {"kind": ApologyKind.LATE, "completed_at": datetime(2026, 12, 1, 10, 0)},
            ("xong vào lúc 10 giờ 00 phút, ngày 01 tháng 12 năm 2026", "Đến nay đã quá"),
        ),
        ({"wording_version": "tt01-2018/1"}, ("PHIẾU XIN LỖI VÀ HẸN LẠI", "VĂN BẢN XIN LỖI")),
        ({"number": "7"}, ("Số: 07/UBND-TTPVHCC", "Số: /")),
        ({"is_provisional_code": True}, ("số tạm, chưa phải mã hồ sơ", "Mã hồ sơ:")),
        ({"legal_basis": "Quyết định số 9"}, ("Căn cứ Quyết định số 9;", "118/2025")),
        ({"signer_titles": ()}, ("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "KT. CHỦ TỊCH")),
        ({"recipients": ("Như trên", "Lưu: VT, VHXH")}, ("- Lưu: VT, VHXH.", "Lưu: VT.")),
        ({"is_rehearsal": True}, ("BẢN TẬP DƯỢT, KHÔNG CÓ GIÁ TRỊ", "Bản in lại")),
        ({"reprint_count": 3}, ("Bản in lại lần 3", "TẬP DƯỢT")),
        (
            {"title": "Phiếu xin lỗi và hẹn lại ngày trả kết quả"},
            ("PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ"),
        ),
        ({"addressee_title": ""}, ("Kính gửi: Ông/Bà Nguyễn Thị Ngọc Ánh", "Kính gửi: Bà")),
        ({"agency_parent": "Ủy ban nhân dân tỉnh Quảng Trị"}, ("TỈNH QUẢNG TRỊ", "Số: 0")),
    ],
)
def test_a_letter_says_what_sets_it_apart(apology, spectral, read, changes, words) -> None:
    said, unsaid = words
    text = read(render_apology(apology(**changes), fonts=spectral)).text
    assert said in text
    assert unsaid not in text


def test_a_letter_without_number_and_date_leaves_room_for_a_pen(apology, spectral, read) -> None:
    reading = read(render_apology(apology(issued_on=None), fonts=spectral))
    assert "ngày tháng năm" in reading.text
    left_column = [box for box in reading.boxes[0] if box[2] < 100 * MM]
    agency, label, symbol, *_ = sorted(left_column, key=lambda box: (-round(box[3], -1), box[0]))
    assert agency[1] > label[3]
    assert 12 * MM < symbol[0] - label[2] < 18 * MM


def test_the_page_keeps_the_margins_of_the_decree(apology, spectral, read) -> None:
    reading = read(render_apology(apology(), fonts=spectral))
    width, height = reading.sizes[0]
    assert (width, height) == pytest.approx((210 * MM, 297 * MM), abs=0.1)
    boxes = [box for box in reading.boxes[0] if box[3] < height - 20 * MM]  # under "Mẫu số 04"
    assert min(box[0] for box in boxes) == pytest.approx(30 * MM, abs=1)
    assert 15 * MM - 1 <= width - max(box[2] for box in boxes) <= 20 * MM
    assert min(box[1] for box in boxes) >= 20 * MM


def test_the_signature_has_room_for_a_stamp(apology, spectral, read) -> None:
    boxes = sorted(read(render_apology(apology(), fonts=spectral)).boxes[0], key=lambda box: box[1])
    right = [box for box in boxes if box[0] > 110 * MM][:2]
    name, note = right
    assert note[1] - name[3] > 25 * MM


def test_a_long_reason_runs_on_to_a_numbered_second_page(apology, spectral, read) -> None:
    reason = "Phải xác minh thời gian cư trú trước đây của công dân tại phường Đông Hà. " * 40
    reading = read(render_apology(apology(reason=reason), fonts=spectral))
    assert len(reading.texts) == 2
    assert reading.texts[1].startswith("2 ")
    assert "".join(reason.split()) in "".join(
        reading.texts[0].split() + reading.texts[1].removeprefix("2 ").split()
    )
    assert "Trần Hoài Linh" in reading.texts[1]


def test_decomposed_text_is_printed_composed(apology, spectral, read) -> None:
    reason = "Phải lấy ý kiến của Sở Tư pháp"
    text = read(
        render_apology(apology(reason=unicodedata.normalize("NFD", reason)), fonts=spectral)
    )
    assert f"Lý do: {reason}." in text.text


def test_letters_of_a_batch_are_those_printed_one_by_one(apology, spectral, read) -> None:
    heard = []
    many = [apology(addressee_name=name) for name in ("Hồ Thị Ly", "Trần Đức")]
    batch = read(
        render_apologies(many, fonts=spectral, progress=lambda done, total: heard.append(done))
    )
    assert heard == [1, 2]
    assert batch.texts == [read(render_apology(one, fonts=spectral)).text for one in many]


def test_the_same_letter_gives_the_same_bytes(apology, spectral) -> None:
    content = render_apology(apology(), fonts=spectral)
    assert render_apology(apology(), fonts=spectral) == content
    assert b"Ng\xe1" not in content
    with pytest.raises(PaperError, match="U\\+1F600"):
        render_apology(apology(reason="Bận 😀"), fonts=spectral)


def test_a_letter_in_time_without_a_new_date_is_refused(apology, spectral) -> None:
    with pytest.raises(PaperError, match="chưa có ngày trả kết quả mới"):
        render_apology(apology(new_due_at=None), fonts=spectral)
