"""Supplement, refusal and stop: read back from the file, in both sets, light and dense."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import zxingcpp
from paper_samples import DENSE, LIGHT, WORDING

from counter_app.documents.render import render_slips
from counter_app.documents.typeset import MM
from counter_app.domain.papers import IdKind, PaperHandover, SlipFacts
from counter_app.errors import PaperError

SETS = ("tt03-2025/2", "tt01-2018/2")
SLIP = WORDING | {
    "wording_version": "tt03-2025/2",
    "kind": "supplement",
    "issued_on": date(2026, 11, 24),
    "office_parent": LIGHT["office_parent"],
    "office_name": LIGHT["office_name"],
    "office_title": LIGHT["office_title"],
    "agency_parent": LIGHT["office_parent"],
    "agency_name": LIGHT["office_name"],
    "code": "TAM-01-261123-0007",
    "is_provisional_code": True,
    "owner_name": "Nguyễn Thị Ngọc Ánh",
    "owner_id": "045190001234",
    "address": LIGHT["address"],
    "phone": LIGHT["phone"],
    "procedure_code": "1.004873",
    "procedure_name": LIGHT["procedure_name"],
    "received_at": datetime(2026, 11, 23, 9, 12),
    "decided_on": date(2026, 11, 24),
    "stage": "Đang xử lý",
    "requirements": ("Tờ khai có chữ ký (01 bản chính)", "Trích lục ghi chú ly hôn (01 bản sao)"),
    "contact_name": "Lê Thị Hoài Thương",
    "contact_phone": "0233 3871 234",
    "officer_name": "Lê Thị Hoài Thương",
    "counter_name": "Quầy số 1",
}
LONG_REASON = "Giấy tờ không rõ, tẩy xóa, không khớp với Cơ sở dữ liệu quốc gia về dân cư. " * 6
CROWDED = SLIP | {
    "code": "000.19.44.H50-261223-000123",
    "is_provisional_code": False,
    "owner_name": DENSE["owner_name"],
    "submitter_name": "Tôn Thất Nguyễn Phước Hoàng Bảo Long An Khang Thịnh Vượng Đức",
    "address": DENSE["address"],
    "email": DENSE["email"],
    "content": DENSE["content"],
    "procedure_name": DENSE["procedure_name"],
    "requirements": tuple(f"{d.name} (01 bản chính, 02 bản sao)" for d in DENSE["documents"]),
    "reason": LONG_REASON,
    "resolving_unit": "Phòng Văn hóa – Xã hội",
}
ORDERS = {
    "supplement": [
        "Mẫu số 02",
        "ỦY BAN NHÂN DÂN XÃ CAM LỘ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "/HDHS",
        "Cam Lộ, ngày 24 tháng 11 năm 2026",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Số tạm TAM-01-261123-0007 (chưa phải mã hồ sơ)",
        "Trung tâm Phục vụ hành chính công xã Cam Lộ:",
        "Tiếp nhận hồ sơ/yêu cầu của Ông/Bà: Nguyễn Thị Ngọc Ánh",
        "Nội dung yêu cầu giải quyết: Cấp Giấy xác nhận tình trạng hôn nhân",
        "Địa chỉ: Thôn Hậu Viên",
        "Số điện thoại: 0905 123 456",
        "Email:",
        "Yêu cầu Ông/Bà hoàn thiện hồ sơ gồm những nội dung như sau:",
        "1. Tờ khai có chữ ký (01 bản chính)",
        "2. Trích lục ghi chú ly hôn (01 bản sao)",
        "Lý do: Hồ sơ chưa đầy đủ, chưa chính xác theo quy định.",
        "liên hệ với Lê Thị Hoài Thương, số điện thoại 0233 3871 234 để được hướng dẫn./.",
        "NGƯỜI HƯỚNG DẪN",
        "(Ký và ghi rõ họ tên)",
    ],
    "refusal": [
        "Mẫu số 03",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Nội dung yêu cầu giải quyết:",
        "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
        "Không thuộc thẩm quyền.",
        "Xin thông báo cho Ông/Bà được biết và thực hiện",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ],
    "stop": [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "THÔNG BÁO",
        "Dừng giải quyết hồ sơ",
        "Kính gửi: Ông/Bà Nguyễn Thị Ngọc Ánh",
        "309/2026/NĐ-CP",
        "Ngày 23 tháng 11 năm 2026",
        "Giai đoạn giải quyết khi dừng: Đang xử lý.",
        "Theo đề nghị dừng giải quyết",
        "kể từ ngày 24 tháng 11 năm 2026",
        "Lý do: Không thuộc thẩm quyền.",
        "nhận lại giấy tờ đã nộp",
        "Nơi nhận:",
        "(Ký số hoặc ký tên và đóng dấu)",
    ],
}


def slip(base=SLIP, **changes):
    return SlipFacts(**(base | changes))


@pytest.mark.parametrize("version", SETS)
@pytest.mark.parametrize("kind", ORDERS)
def test_a_slip_says_what_its_form_asks_in_its_order(kind, version, spectral, read) -> None:
    changes = {} if kind == "supplement" else {"reason": "Không thuộc thẩm quyền"}
    facts = slip(kind=kind, wording_version=version, variant="stop", **changes)
    text = read(render_slips([facts], "a5", fonts=spectral)).text
    places = [text.find(part) for part in ORDERS[kind]]
    assert -1 not in places, (ORDERS[kind][places.index(-1)], text)
    assert places == sorted(places)


def test_the_old_set_has_no_stop_form_so_the_notice_bears_no_form_number(spectral, read) -> None:
    new, old = (
        read(render_slips([slip(kind="stop", variant="stop", wording_version=v)], fonts=spectral))
        for v in SETS
    )
    assert "Mẫu số 05" in new.text
    assert "Mẫu số" not in old.text


@pytest.mark.parametrize("version", SETS)
@pytest.mark.parametrize("paper", ["a4-2up", "a5", "a4"])
@pytest.mark.parametrize("kind", ["supplement", "refusal"])
def test_a_crowded_slip_stays_on_its_page_and_says_everything(
    kind, paper, version, spectral, read
) -> None:
    facts = slip(CROWDED, kind=kind, wording_version=version)
    reading = read(render_slips([facts], paper, fonts=spectral))
    assert len(reading.texts) == 1
    width, _ = reading.sizes[0]
    assert min(box[0] for box in reading.boxes[0]) > 8 * MM
    assert max(box[2] for box in reading.boxes[0]) < width - 8 * MM
    assert min(box[1] for box in reading.boxes[0]) > 6 * MM
    said = "".join(reading.text.split())
    rows = facts.requirements if kind == "supplement" else (facts.submitter_name,)
    for value in (facts.owner_name, facts.address, facts.email, facts.reason, *rows):
        assert "".join(value.split()) in said, value


@pytest.mark.parametrize("variant", ["stop", "close", "withdraw"])
def test_a_crowded_notice_runs_on_with_its_signature(variant, spectral, read) -> None:
    facts = slip(CROWDED, kind="stop", variant=variant, signer_name="Trần Hoài Linh")
    reading = read(render_slips([facts], fonts=spectral))
    assert "Trần Hoài Linh" in reading.texts[-1]
    assert "".join(LONG_REASON.split()) in "".join(reading.text.split())
    assert all(size == pytest.approx((210 * MM, 297 * MM), abs=0.1) for size in reading.sizes)


@pytest.mark.parametrize("facts", [slip(), slip(code="", visit_code="LUOT-01-261123-0003")])
def test_scanners_read_the_code_of_dossier_or_visit(facts, spectral, read) -> None:
    found = zxingcpp.read_barcodes(read(render_slips([facts], "a5", fonts=spectral)).picture())
    assert {symbol.format.name: symbol.text for symbol in found} == {
        "Code128": facts.printed_code,
        "QRCode": facts.printed_code,
    }


def test_a_slip_of_a_visit_says_that_its_number_is_no_dossier_code(spectral, read) -> None:
    facts = slip(
        code="",
        visit_code="LUOT-01-261123-0003",
        received_at=None,
        owner_name="",
        owner_id_kind=IdKind.NONE,
        requirements=(),
    )
    text = read(render_slips([facts], "a5", fonts=spectral)).text
    assert "Số lượt LUOT-01-261123-0003 (không phải mã hồ sơ)" in text
    assert "hồ sơ chưa được tiếp nhận" in text
    assert "tính lại từ đầu" not in text


def test_the_same_slip_gives_the_same_bytes(spectral) -> None:
    facts = [slip(), slip(kind="stop", variant="close"), slip(CROWDED)]
    content = render_slips(facts, fonts=spectral)
    assert (
        render_slips([SlipFacts.from_json(f.to_json()) for f in facts], fonts=spectral) == content
    )


def test_a_form_that_the_set_lacks_is_told_with_those_it_has() -> None:
    with pytest.raises(PaperError, match=r"“handover”.*supplement"):
        render_slips([slip(kind="handover")])


HANDED = PaperHandover(
    "Phòng Văn hóa – Xã hội",
    "Trần Thị Bé",
    "Trung tâm Phục vụ hành chính công xã Cam Lộ",
    datetime(2026, 11, 23, 15, 40),
    "Lê Thị Hoài Thương",
)
BACK = PaperHandover(
    "Trung tâm Phục vụ hành chính công xã Cam Lộ",
    handed_at=datetime(2026, 11, 26, 10, 5),
    received_at=datetime(2026, 11, 26, 10, 15),
    received_by="Hoàng Văn C",
    result="Trước hạn",
    note="Kèm hai bản sao",
)


@pytest.mark.parametrize(
    ("version", "label"), [("tt03-2025/2", "Mẫu số 06"), ("tt01-2018/2", "Mẫu số 05")]
)
def test_a_routing_slip_says_each_hand_over_and_leaves_rows_to_write(
    version, label, spectral, read
) -> None:
    facts = slip(kind="routing-slip", wording_version=version, handovers=(HANDED, BACK))
    reading = read(render_slips([facts], fonts=spectral))
    assert reading.sizes[0] == pytest.approx((210 * MM, 297 * MM), abs=0.1)
    text = reading.text
    assert text.startswith(f"{label} ") or f" {label} " in text
    for part in (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "TÊN CƠ QUAN",
        "THỜI GIAN GIAO, NHẬN HỒ SƠ",
        "GHI CHÚ",
        "1. Giao: 15 giờ 40 phút, ngày 23 tháng 11 năm 2026",
        "2. Nhận: 10 giờ 15 phút, ngày 26 tháng 11 năm 2026",
        "Trần Thị Bé",
        "Hoàng Văn C",
        "Trước hạn",
        "Kèm hai bản sao",
    ):
        assert part in text, part
    assert text.count("Người giao") == 3


@pytest.mark.parametrize("paper", ["a4-2up", "a5"])
def test_many_hand_overs_run_on_with_the_headings_on_each_page(paper, spectral, read) -> None:
    facts = slip(CROWDED, kind="routing-slip", handovers=(HANDED, BACK) * 6)
    reading = read(render_slips([facts], paper, fonts=spectral))
    assert len(reading.texts) > 2
    assert all("TÊN CƠ QUAN" in text for text in reading.texts)
    assert reading.text.count("Kèm hai bản") == 6
    assert sum(text.count("Người nhận") for text in reading.texts) == 13
    assert all(min(box[1] for box in page) > 6 * MM for page in reading.boxes)
