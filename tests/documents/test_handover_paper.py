"""The list one runner signs, read back: every code whole, signatures with the last row."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from counter_app.documents.render import render_handover
from counter_app.domain.papers import HandoverFacts
from counter_app.errors import PaperError

CODE = "000.19.44.H50-261123-{:06d}"


def facts(count, **changes):
    known = {
        "form_set": "",
        "wording_version": "handover/1",
        "place": "Cam Lộ",
        "issued_on": date(2026, 11, 27),
        "office_parent": "Ủy ban nhân dân xã Cam Lộ",
        "office_name": "Trung tâm Phục vụ hành chính công",
        "code": "BG-01-261127-0001",
        "collected_by": "Nguyễn Văn Tuấn",
        "proxy_id": "045092001234",
        "authorisation": "Giấy giới thiệu 12/GGT",
        "handed_at": datetime(2026, 11, 27, 9, 12),
        "lines": tuple(
            (CODE.format(n), f"Người {n}", "Cấp Giấy xác nhận tình trạng hôn nhân", "Kết quả")
            for n in range(count)
        ),
        "officer_name": "Lê Thị Hoài Thương",
    }
    return HandoverFacts(**(known | changes))


def test_twelve_results_are_one_page_with_both_signatures(spectral, read):
    paper = read(render_handover(facts(12), fonts=spectral))
    assert len(paper.texts) == 1
    for words in (
        "DANH SÁCH BÀN GIAO KẾT QUẢ",
        "BG-01-261127-0001",
        "Người nhận: Nguyễn Văn Tuấn; số giấy tờ: 045092001234",
        "Số hồ sơ: 12",
        "NGƯỜI NHẬN",
        "NGƯỜI TRẢ",
        "Lê Thị Hoài Thương",
        *(CODE.format(n) for n in range(12)),
    ):
        assert words in paper.text


@pytest.mark.parametrize("count", [11, 13, 14, 15, 40, 120])
def test_signatures_stand_with_a_row_and_nothing_leaves_the_page(count, spectral, read):
    paper = read(render_handover(facts(count), fonts=spectral))
    assert all(CODE.format(n) in paper.text for n in range(count))
    assert "NGƯỜI NHẬN" in paper.texts[-1]
    assert CODE.format(count - 1) in paper.texts[-1]
    for boxes in paper.boxes:
        assert all(box[1] > 20 and box[3] < 842 - 20 and box[2] < 595 - 20 for box in boxes)


def test_a_list_is_the_same_bytes_each_time_and_a_reprint_says_so(spectral, read):
    once = render_handover(facts(3), fonts=spectral)
    assert once == render_handover(HandoverFacts.from_json(facts(3).to_json()), fonts=spectral)
    again = read(render_handover(facts(3, reprint_count=2), fonts=spectral))
    assert "Bản in lại lần 2" in again.text


def test_a_list_of_nothing_is_refused(spectral):
    with pytest.raises(PaperError):
        render_handover(facts(0), fonts=spectral)
