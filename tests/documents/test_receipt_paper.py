"""Receipts, read back from the file as a citizen and a scanner would."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest
import zxingcpp

from counter_app.documents.render import PAPERS, render_receipt, render_receipts
from counter_app.documents.typeset import MM
from counter_app.domain.papers import IdKind, PaperDocument, ResultTo
from counter_app.errors import PaperError


def squeezed(text: str) -> str:
    """Text without white space: lines are broken anywhere."""
    return "".join(text.split())


def values_of(facts) -> list[str]:
    """What the clerk typed, each of which must stand on the page."""
    typed = [value for value in facts.to_json().values() if isinstance(value, str)]
    hidden = {facts.form_set, facts.wording_version, facts.received_at.isoformat()}
    hidden |= {facts.owner_id_kind, facts.result_to, facts.office_parent, facts.office_name}
    if facts.official_code:
        hidden.add(facts.code)
    moments = {value for value in typed if value.endswith("+07:00")} | {str(facts.issued_on)}
    texts = [value for value in typed if value and value not in hidden | moments]
    return texts + [document.name for document in facts.documents]


def test_a_receipt_says_what_the_form_asks_in_its_order(receipt, spectral, read) -> None:
    text = read(render_receipt(receipt(), "a5", fonts=spectral)).text
    parts = [
        "ỦY BAN NHÂN DÂN XÃ CAM LỘ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/TTPVHCC",
        "Cam Lộ, ngày 23 tháng 11 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ",
        "VÀ HẸN TRẢ KẾT QUẢ",
        "Số tạm TAM-01-261123-0007 (chưa phải mã hồ sơ)",
        "Trung tâm Phục vụ hành chính công xã Cam Lộ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh",
        "Số định danh cá nhân/CCCD: 045190001234",
        "Địa chỉ: Thôn Hậu Viên, xã Cam Lộ, tỉnh Quảng Trị",
        "Số điện thoại: 0905 123 456",
        "Email:",
        "Nội dung yêu cầu giải quyết: Xác nhận tình trạng hôn nhân để đăng ký kết hôn",
        "Cấp Giấy xác nhận tình trạng hôn nhân (mã 1.004873)",
        "Thành phần hồ sơ",
        "Tên giấy tờ Loại giấy tờ Số lượng",
        "1 Tờ khai cấp Giấy xác nhận tình trạng hôn nhân Bản chính 01",
        "2 Thẻ căn cước của người yêu cầu Xuất trình",
        "3 Trích lục ghi chú ly hôn Bản chính 01 Bản sao 02",
        "Số lượng hồ sơ: 01 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định là: 03 ngày làm việc",
        "Thời gian nhận hồ sơ: 09 giờ 12 phút, ngày 23 tháng 11 năm 2026",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
        "(Thứ Sáu)",
        "Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công xã Cam Lộ",
        "Phí, lệ phí (nếu có): 15.000 đồng",
        "Vào Sổ theo dõi hồ sơ, Quyển số:",
        "Số thứ tự:",
        "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Nguyễn Thị Ngọc Ánh",
        "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Hoài Thương",
    ]
    foot = text.rindex("– Giấy này được lập thành 02 liên")  # drawn before the body
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert foot > 0


def test_two_copies_say_whose_they_are(receipt, spectral, read) -> None:
    reading = read(render_receipt(receipt(), fonts=spectral))
    assert reading.sizes == [pytest.approx((297 * MM, 210 * MM), abs=0.1)]
    assert reading.text.count("Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh") == 2
    assert reading.text.count("Liên 1: Giao người nộp hồ sơ") == 1
    assert reading.text.count("Liên 2: Lưu tại nơi tiếp nhận") == 1


def test_an_official_code_is_printed_alone(receipt, spectral, read) -> None:
    official = receipt(official_code="000.00.15.H44-261123-0007")
    text = read(render_receipt(official, fonts=spectral)).text
    assert "Mã hồ sơ: 000.00.15.H44-261123-0007" in text
    assert "TAM-" not in text
    assert "chưa phải mã hồ sơ" not in text


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("code", ["TAM-01-261123-0007", "000.19.44.H50-261223-000123"])
def test_qr_and_barcode_hold_the_code_and_nothing_else(
    receipt, spectral, read, paper, code
) -> None:
    facts = receipt(code=code, is_provisional_code=code.startswith("TAM"))
    picture = read(render_receipt(facts, paper, fonts=spectral)).picture()
    copies = 2 if paper == "a4-2up" else 1
    width = picture.width // copies
    for left in range(0, picture.width - width + 1, width):
        copy = picture.crop((left, 0, left + width, picture.height))
        found = {symbol.format.name: symbol.text for symbol in zxingcpp.read_barcodes(copy)}
        assert found == {"Code128": code, "QRCode": code}


def test_a_code_without_bars_still_has_its_qr(receipt, spectral, read) -> None:
    facts = receipt(official_code="HỒ-SƠ/2026/7")
    found = zxingcpp.read_barcodes(read(render_receipt(facts, "a5", fonts=spectral)).picture())
    assert [symbol.text for symbol in found] == ["HỒ-SƠ/2026/7"]


def test_decomposed_text_is_printed_composed(receipt, spectral, read) -> None:
    name = "Đỗ Thị Thùy Dương"
    facts = receipt(owner_name=unicodedata.normalize("NFD", name))
    assert f"Tiếp nhận hồ sơ của: {name}" in read(render_receipt(facts, fonts=spectral)).text


@pytest.mark.parametrize("paper", PAPERS)
def test_extreme_facts_stand_whole_on_one_page_inside_its_margins(
    dense_receipt, spectral, read, paper
) -> None:
    facts = dense_receipt()
    assert len(facts.owner_name) == 60
    assert len(facts.address) == 200
    assert len(facts.documents) == 10
    reading = read(render_receipt(facts, paper, fonts=spectral))
    assert len(reading.texts) == 1
    text = squeezed(reading.text)
    missing = [value for value in values_of(facts) if squeezed(value) not in text]
    assert missing == []
    assert_inside_margins(reading, 8.5 * MM, 6 * MM)
    assert_no_overlap(reading)


@pytest.mark.parametrize(
    "changes",
    [
        {"owner_name": "Nguyễn " * 28 + "Anh"},
        {"owner_name": "N" * 200},
        {"email": "x" * 90 + "@quangtri.gov.vn"},
        {"office_name": "Trung tâm Phục vụ hành chính công liên xã Cam Lộ – Hiếu Giang – Cửa Tùng"},
        {"address": "", "phone": "", "content": "", "fee_text": "", "documents": ()},
        {"limit_text": "", "officer_name": "", "owner_id": "", "hotline": "", "counter_name": ""},
    ],
    ids=["long name", "no spaces", "long mail", "long office", "empty", "emptier"],
)
@pytest.mark.parametrize("paper", PAPERS)
def test_odd_facts_keep_the_page_in_order(receipt, spectral, read, paper, changes) -> None:
    facts = receipt(**changes)
    reading = read(render_receipt(facts, paper, fonts=spectral))
    text = squeezed(reading.text)
    assert [value for value in values_of(facts) if squeezed(value) not in text] == []
    assert_inside_margins(reading, 8.5 * MM, 6 * MM)
    assert_no_overlap(reading)


def assert_inside_margins(reading, side: float, edge: float) -> None:
    """No word nearer to an edge of the paper, or to the cut line, than the margins."""
    for (width, height), boxes in zip(reading.sizes, reading.boxes, strict=True):
        for left, bottom, right, top in boxes:
            assert left >= side
            assert right <= width - side
            assert bottom >= edge
            assert top <= height - edge
            if width > height:
                assert right <= width / 2 - side or left >= width / 2 + side


def assert_no_overlap(reading) -> None:
    """No string on another: boxes may touch by a hair where marks reach over a line."""
    for boxes in reading.boxes:
        placed = sorted(boxes)
        for number, (left, bottom, right, top) in enumerate(placed):
            for other in placed[number + 1 :]:
                if other[0] >= right:
                    break
                across = min(right, other[2]) - max(left, other[0])
                high = min(top, other[3]) - max(bottom, other[1])
                lower = min(top - bottom, other[3] - other[1])
                assert across < 1 or high < 0.35 * lower, (left, bottom, right, top, other)


def test_too_much_for_a_page_is_refused_in_words(receipt, spectral) -> None:
    many = tuple(PaperDocument(f"Giấy tờ rất dài số {n} " * 6, 1) for n in range(60))
    with pytest.raises(PaperError, match="không vừa một mặt giấy"):
        render_receipt(receipt(documents=many), fonts=spectral)


@pytest.mark.parametrize(("char", "named"), [("😀", "U+1F600"), ("\x07", "U+0007"), ("漢", "漢")])
def test_a_character_the_font_lacks_is_named_and_nothing_printed(
    receipt, spectral, char, named
) -> None:
    with pytest.raises(PaperError) as caught:
        render_receipt(receipt(content=f"Xác nhận {char}"), fonts=spectral)
    assert named in caught.value.message


def test_the_same_facts_give_the_same_bytes(receipt, dense_receipt, spectral) -> None:
    first = render_receipt(receipt(), fonts=spectral)
    render_receipt(dense_receipt(owner_name="Ỷ Lan ‰"), fonts=spectral)  # a rare letter between
    assert render_receipt(receipt(), fonts=spectral) == first


def test_the_file_says_its_language_and_nothing_about_people_or_the_machine(
    receipt, spectral, read
) -> None:
    content = render_receipt(receipt(), fonts=spectral)
    metadata = read(content).metadata
    assert b"/Lang (vi-VN)" in content
    assert metadata["Title"] == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    assert not any("Ánh" in value for value in metadata.values())
    assert str(spectral.folder).encode() not in content


def test_many_receipts_are_one_file_and_report_progress(receipt, spectral, read) -> None:
    heard = []
    names = ["Nguyễn Văn An", "Trần Thị Bình", "Hồ Đức Cường"]
    many = [receipt(owner_name=name) for name in names]
    content = render_receipts(
        many, "a5", fonts=spectral, progress=lambda done, total: heard.append((done, total))
    )
    reading = read(content)
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert all(name in text for name, text in zip(names, reading.texts, strict=True))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reprint_count": 2}, "Bản in lại lần 2"),
        ({"replaces_code": "TAM-01-261123-0001"}, "Thay giấy tiếp nhận mang mã TAM-01-261123-0001"),
        ({"paper_number": "15"}, "Ghi lại theo phiếu giấy số 15"),
        ({"is_rehearsal": True}, "BẢN TẬP DƯỢT, KHÔNG CÓ GIÁ TRỊ"),
        ({"is_provisional_due": True}, "lịch làm việc năm 2026 chưa được công bố chính thức"),
        ({"due_note": "Nhận sau 15 giờ."}, "Nhận sau 15 giờ."),
        ({"submitter_name": "Lê Văn Minh"}, "Người nộp hồ sơ: Lê Văn Minh"),
        ({"subject_name": "Lê An"}, "Người được khai trong hồ sơ: Lê An"),
        ({"owner_id_kind": IdKind.TAX}, "Mã số thuế: 045190001234"),
        ({"owner_id_kind": IdKind.PASSPORT, "owner_id": "B1234567"}, "Số hộ chiếu: B1234567"),
        ({"number": "7"}, "Số: 07/TTPVHCC"),
        ({"result_to": ResultTo.POST}, "qua dịch vụ bưu chính công ích"),
        ({"result_place": "Thôn Tân Trang"}, "Đăng ký nhận kết quả tại: Thôn Tân Trang"),
        ({"content": ""}, "Nội dung yêu cầu giải quyết: Cấp Giấy xác nhận tình trạng hôn nhân"),
        ({"content": ""}, "Mã thủ tục hành chính: 1.004873"),
        ({"wording_version": "tt01-2018/1"}, "Thành phần hồ sơ nộp gồm:"),
    ],
)
def test_a_receipt_says_what_sets_it_apart(receipt, spectral, read, changes, said) -> None:
    plain = read(render_receipt(receipt(), "a5", fonts=spectral)).text
    text = read(render_receipt(receipt(**changes), "a5", fonts=spectral)).text
    assert said in text
    assert said not in plain


def test_a_dossier_for_another_unit_shows_an_expected_date_only(receipt, spectral, read) -> None:
    facts = receipt(
        due_at=None,
        expected_due_at=datetime(2026, 12, 1, 17, 0),
        competent_unit="Ủy ban nhân dân xã Hiếu Giang",
    )
    text = read(render_receipt(facts, "a5", fonts=spectral)).text
    assert "kết quả giải quyết hồ sơ (dự kiến): 17 giờ 00 phút, ngày 01 tháng 12 năm 2026" in text
    assert "tính từ khi Ủy ban nhân dân xã Hiếu Giang nhận đủ hồ sơ" in text


def test_an_organisation_does_not_sign_by_its_own_name(receipt, spectral, read) -> None:
    company = receipt(owner_name="Công ty TNHH Hiền Lương", owner_id_kind=IdKind.TAX)
    text = read(render_receipt(company, "a5", fonts=spectral)).text
    assert text.count("Công ty TNHH Hiền Lương") == 1


def test_an_unknown_paper_or_nothing_to_print_is_refused(receipt, spectral) -> None:
    with pytest.raises(PaperError, match="letter"):
        render_receipt(receipt(), "letter", fonts=spectral)
    with pytest.raises(PaperError, match="Chưa chọn"):
        render_receipts([], fonts=spectral)
