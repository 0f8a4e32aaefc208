"""Registers, notice-board lists and procedure sheets, read back from the file."""

from __future__ import annotations

from datetime import date

import pytest

from counter_app.documents.render_tables import (
    render_postings,
    render_procedure,
    render_register,
)
from counter_app.documents.typeset import MM
from counter_app.documents.wording import PROCEDURE_FIELDS
from counter_app.domain.papers import PaperDocument
from counter_app.domain.register import Notice, Posting, RegisterRow, RegisterVolume
from counter_app.errors import PaperError

HOUSE = {
    "wording_version": "tt03-2025/2",
    "office_parent": "Ủy ban nhân dân xã Cam Lộ",
    "office_name": "Trung tâm Phục vụ hành chính công",
    "office_title": "Trung tâm Phục vụ hành chính công xã Cam Lộ",
    "place": "Cam Lộ",
    "is_rehearsal": False,
}
LONG = (
    "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở "
    "hữu tài sản gắn liền với đất lần đầu đối với hộ gia đình, cá nhân, cộng đồng dân cư"
)


def row(number, **changes):
    return RegisterRow(
        **{
            "number": number,
            "code": f"000.19.44.H50-261123-{number:06d}",
            "procedure_name": "Cấp Giấy xác nhận tình trạng hôn nhân",
            "sets": 1,
            "owner_name": "Nguyễn Thị Ngọc Ánh",
            "address_phone": "Thôn Hậu Viên, xã Cam Lộ\n0905 123 456",
            "unit": "Phòng Văn hóa – Xã hội",
            "received": date(2026, 11, 23),
            "due": date(2026, 11, 27),
            "returned": None,
            "result_to": "counter",
            "collected_by": "",
            **changes,
        }
    )


def volume(rows, **changes):
    return RegisterVolume(
        **HOUSE
        | {
            "year": 2026,
            "volume": 2,
            "sector": "Hộ tịch",
            "opened_on": date(2026, 5, 4),
            "closed_on": date(2026, 12, 31),
            "printed_on": date(2027, 1, 4),
            "rows": tuple(rows),
        }
        | changes
    )


@pytest.mark.parametrize(
    ("version", "label"), [("tt03-2025/2", "Mẫu số 07"), ("tt01-2018/2", "Mẫu số 06")]
)
def test_a_volume_has_its_cover_its_opening_its_rows_and_its_closing(
    version, label, spectral, read
) -> None:
    rows = [row(number) for number in range(501, 541)]
    book = volume(rows, wording_version=version)
    reading = read(render_register([book], total=1, fonts=spectral))
    width, height = reading.sizes[0]
    assert (width, height) == pytest.approx((297 * MM, 210 * MM), abs=0.1)
    cover, opening, *tables, closing = reading.texts
    for part in (label, "SỔ THEO DÕI HỒ SƠ", "Lĩnh vực: Hộ tịch", "Quyển số: 02", "Năm 2026"):
        assert part in cover
    assert "quyển số 02, ngày 04 tháng 5 năm 2026" in opening
    assert f"Sổ gồm {len(reading.texts):02d} trang" in opening
    assert "từ 501 đến 540" in opening
    for page in tables:
        assert "NHẬN VÀ TRẢ KẾT QUẢ" in page
        assert "Ký nhận" in page
    assert "Tổng số hồ sơ đã ghi trong quyển: 40, từ số thứ tự 501 đến số thứ tự 540" in closing
    assert "khóa ngày 31 tháng 12 năm 2026" in closing
    said = "".join("".join(tables).split())
    assert all(f"000.19.44.H50-261123-{number:06d}" in said for number in range(501, 541))
    assert [text.split()[-1] for text in reading.texts] == [
        f"{n}/{len(reading.texts)}" for n in range(1, len(reading.texts) + 1)
    ]


def test_a_volume_that_is_still_open_says_so_and_names_no_last_page(spectral, read) -> None:
    book = volume([row(1)], closed_on=None, printed_on=date(2026, 11, 23))
    reading = read(render_register([book], total=1, fonts=spectral))
    assert "chưa phải bản khóa sổ" in reading.texts[-1]
    assert "THỦ TRƯỞNG ĐƠN VỊ" not in reading.texts[-1]
    assert "trang được đánh số" not in reading.texts[1]


def test_crowded_rows_keep_whole_and_within_the_page(spectral, read) -> None:
    rows = [
        row(
            number,
            procedure_name=LONG,
            owner_name="Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Bảo Quỳnh Phương Ánh",
            note="Đã hoàn tác tiếp nhận",
            collected_by="Tôn Thất Nguyễn Phước Hoàng Bảo Long",
            returned=date(2026, 11, 26),
            result_to="post",
        )
        for number in range(1, 15)
    ]
    reading = read(render_register([volume(rows)], total=1, fonts=spectral))
    width, _ = reading.sizes[0]
    for page in reading.boxes:
        assert max(box[2] for box in page) < width - 14 * MM
        assert min(box[1] for box in page) > 8 * MM
    said = "".join(reading.text.split())
    assert said.count("".join(LONG.split())) == 14
    assert said.count("Bưuchính") == 14


def test_an_empty_year_is_a_book_without_rows(spectral, read) -> None:
    reading = read(render_register([volume([])], total=1, fonts=spectral))
    assert len(reading.texts) == 4


def posting(rows):
    return Posting(
        **HOUSE,
        issued_on=date(2026, 11, 23),
        sector="Hộ tịch",
        hours="thứ Hai đến thứ Sáu 07:30-11:30",
        hotline="0233 3871 234",
        rows=tuple(rows),
    )


def notice(**changes):
    return Notice(
        **{
            "code": "1.004873",
            "name": "Cấp Giấy xác nhận tình trạng hôn nhân",
            "documents": ("Tờ khai theo mẫu (01 bản chính)", "Thẻ căn cước (xuất trình)"),
            "limit": "3 ngày làm việc",
            "fee": "15.000 đồng",
            "unit": "Công chức Tư pháp – Hộ tịch",
            "unsure": False,
            **changes,
        }
    )


def test_a_list_on_the_notice_board_marks_what_is_not_confirmed(spectral, read) -> None:
    sure = read(render_postings([posting([notice()])], fonts=spectral)).text
    unsure = read(
        render_postings([posting([notice(unsure=True, fee="", documents=())])], fonts=spectral)
    ).text
    for part in ("Lĩnh vực: Hộ tịch", "1.004873", "3 ngày làm việc", "15.000 đồng", "0233 3871"):
        assert part in sure
    assert "(*)" not in sure
    assert "3 ngày làm việc (*)" in unsure
    assert "Đang cập nhật" in unsure
    assert "(*) Nội dung chưa được cơ quan xác nhận" in unsure
    with pytest.raises(PaperError, match="niêm yết"):
        render_postings([])


def test_a_long_list_runs_on_with_its_headings(spectral, read) -> None:
    rows = [notice(name=LONG, documents=(LONG, LONG)) for _ in range(12)]
    reading = read(render_postings([posting(rows)], fonts=spectral))
    assert len(reading.texts) > 2
    assert all("Thành phần hồ sơ" in text for text in reading.texts)
    assert "Điện thoại liên hệ" in reading.texts[-1]


def test_a_procedure_sheet_says_everything_that_is_known(spectral, read) -> None:
    fields = {name: f"«{name}»" for name in PROCEDURE_FIELDS} | {
        "procedure_code": "1.004873",
        "number": "",
    }
    documents = (PaperDocument("Tờ khai", 1), PaperDocument("Thẻ căn cước", 0, 1, "Xuất trình"))
    text = read(render_procedure(fields, documents, "tt03-2025/2", fonts=spectral)).text
    shown = PROCEDURE_FIELDS - {"number", "procedure_code", "office_parent", "office_name"}
    assert [name for name in sorted(shown) if f"«{name}»" not in text] == []
    assert "Tờ khai Bản chính 01" in text
    assert "Thẻ căn cước Xuất trình 01" in text


def test_the_same_book_gives_the_same_bytes(spectral) -> None:
    book = volume([row(1), row(2)])
    assert render_register([book], total=1, fonts=spectral) == render_register(
        iter([book]), total=1, fonts=spectral
    )
