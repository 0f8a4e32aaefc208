"""The outage kit and the 15-hour sheet, read back from the file."""

from __future__ import annotations

from datetime import date, datetime

import zxingcpp

from counter_app.documents.office_papers import render_kits, render_sheets
from counter_app.documents.typeset import MM
from counter_app.domain.outage import LimitLine, OutageFacts, ProcedureLine, Stretch
from counter_app.domain.unit_sheet import SheetFacts, SheetLine

DUE = datetime(2026, 11, 27, 17)
LATER = datetime(2026, 11, 30, 17)
PARTS = (Stretch(450, 900, DUE), Stretch(901, 1020, LATER))
NAME = "Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Bảo Quỳnh Phương Ánh"


def a_kit(**changes) -> OutageFacts:
    values = {
        "form_set": "tt03-2025",
        "wording_version": "tt03-2025/1",
        "place": "Cam Lộ",
        "office_parent": "Ủy ban nhân dân xã Cam Lộ",
        "office_name": "Trung tâm Phục vụ hành chính công",
        "office_title": "Trung tâm Phục vụ hành chính công",
        "counter_name": "Quầy 1",
        "hotline": "",
        "is_rehearsal": False,
        "code": "BOGIAY-01-261123-0001",
        "made_at": datetime(2026, 11, 23, 16, 40),
        "numbers": ("GIAY-01-261123-0001", "GIAY-01-261123-0002"),
        "days": (date(2026, 11, 25), date(2026, 11, 26)),
        "lines": (
            LimitLine("3 ngày làm việc", False, ((Stretch(450, 1020, DUE),), (PARTS))),
            LimitLine("12 giờ", True, ((), ())),
        ),
        "procedures": (ProcedureLine(1, "1.004873", "Xác nhận tình trạng hôn nhân", True),),
    }
    return OutageFacts(**values | changes)


def a_sheet(*, handed=2, due=2, **changes) -> SheetFacts:
    def line(number: int) -> SheetLine:
        code = f"H50.19.57-261123-{number:04d}"
        return SheetLine(code, NAME, "Đăng ký khai sinh", datetime(2026, 11, 23, 9), DUE, "")

    values = {
        "place": "Cam Lộ",
        "office_parent": "Ủy ban nhân dân xã Cam Lộ",
        "office_name": "Trung tâm Phục vụ hành chính công",
        "counter_name": "Quầy 1",
        "is_rehearsal": False,
        "code": "TOGIAO-01-261125-0001",
        "unit": "Phòng Kinh tế",
        "officer": "Lê Thị Hồng Lan",
        "made_at": datetime(2026, 11, 25, 15),
        "until": date(2026, 11, 27),
        "handed": tuple(line(n) for n in range(1, handed + 1)),
        "due": tuple(line(n) for n in range(1, due + 1)),
    }
    return SheetFacts(**values | changes)


def codes_on(picture) -> dict[str, str]:
    return {symbol.format.name: symbol.text for symbol in zxingcpp.read_barcodes(picture)}


def test_facts_come_back_from_their_json_as_they_were() -> None:
    assert OutageFacts.from_json(a_kit().to_json()) == a_kit()
    assert SheetFacts.from_json(a_sheet().to_json()) == a_sheet()


def test_the_table_says_the_day_for_each_part_of_a_day(spectral, read) -> None:
    reading = read(render_kits([a_kit()], fonts=spectral))
    text = reading.texts[0]
    for words in (
        "BẢNG TRA NGÀY HẸN TRẢ KHI MẤT ĐIỆN",
        "Nhận T4 25/11/2026",
        "3 ngày làm việc",
        "nhận đến 15:00: 17:00 T6 27/11/2026; nhận sau 15:00: 17:00 T2 30/11/2026",
        "giờ nhận cộng 12 giờ",
        "1.004873",
        "2 tờ giấy tiếp nhận kèm theo: GIAY-01-261123-0001 đến GIAY-01-261123-0002",
        "Dấu *",
    ):
        assert words in text, words
    assert codes_on(reading.picture())["QRCode"] == "BOGIAY-01-261123-0001"


def test_each_receipt_carries_its_number_twice_for_a_scanner_and_leaves_the_rest_to_the_pen(
    spectral, read
) -> None:
    reading = read(render_kits([a_kit()], fonts=spectral))
    assert len(reading.texts) == 3
    assert reading.sizes[1] == (round(297 * MM, 3), round(210 * MM, 3)) or reading.sizes[1][0] > 800
    for page, number in ((1, "GIAY-01-261123-0001"), (2, "GIAY-01-261123-0002")):
        text = reading.texts[page]
        assert text.count(f"Số tạm {number} (chưa phải mã hồ sơ)") == 2
        assert text.count("Tiếp nhận hồ sơ của:") == 2
        assert text.count("4. Thời gian nhận hồ sơ:") == 2
        assert "23 tháng 11" not in text
        picture = reading._document[page].render(scale=300 / 72).to_pil()
        half = picture.width // 2
        for left in (0, half):
            copy = picture.crop((left, 0, left + half, picture.height))
            assert codes_on(copy) == {"Code128": number, "QRCode": number}


def test_the_sheet_names_its_dossiers_and_asks_for_the_ticks(spectral, read) -> None:
    reading = read(render_sheets([a_sheet()], fonts=spectral))
    text = reading.text
    for words in (
        "PHIẾU BÀN GIAO HỒ SƠ VÀ HỎI HẠN",
        "Kính gửi: Phòng Kinh tế",
        "I. Hồ sơ bàn giao hôm nay: 2 hồ sơ",
        "II. Hồ sơ đến hạn đến hết T6 27/11/2026: 2 hồ sơ",
        "Lý do",
        "Ngày đề nghị",
        "NGƯỜI GIAO",
        "NGƯỜI NHẬN",
        "CÔNG CHỨC TRẢ LỜI MỤC II",
        "Lê Thị Hồng Lan",
    ):
        assert words in text, words
    assert len(reading.texts) == 1
    # The QR holds the sheet's code and nothing of a person.
    assert codes_on(reading.picture()) == {"QRCode": "TOGIAO-01-261125-0001"}


def test_a_long_sheet_goes_on_over_pages_and_loses_no_line(spectral, read) -> None:
    reading = read(render_sheets([a_sheet(handed=40, due=40)], fonts=spectral))
    assert len(reading.texts) > 1
    joined = "".join(reading.text.split())
    for number in range(1, 41):
        assert joined.count(f"H50.19.57-261123-{number:04d}") == 2
    assert f"trang {len(reading.texts)}/{len(reading.texts)}" in reading.text
    for size, boxes in zip(reading.sizes, reading.boxes, strict=True):
        assert all(box[0] > 0 and box[2] < size[0] and box[1] > 0 for box in boxes)


def test_an_empty_part_is_said_and_a_reprint_is_marked(spectral, read) -> None:
    text = read(render_sheets([a_sheet(handed=0, reprint_count=2)], fonts=spectral)).text
    assert "Hôm nay không có hồ sơ bàn giao." in text
    assert "bản in lại lần 2" in text
    assert "NGƯỜI GIAO" not in text


def test_the_same_facts_give_the_same_bytes(spectral) -> None:
    assert render_kits([a_kit()], fonts=spectral) == render_kits([a_kit()], fonts=spectral)
    assert render_sheets([a_sheet()], fonts=spectral) == render_sheets([a_sheet()], fonts=spectral)


def test_practice_papers_say_so(spectral, read) -> None:
    assert "BẢN TẬP DƯỢT" in read(render_sheets([a_sheet(is_rehearsal=True)], fonts=spectral)).text
    kit = read(render_kits([a_kit(is_rehearsal=True)], fonts=spectral))
    assert all("BẢN TẬP DƯỢT" in text for text in kit.texts)
