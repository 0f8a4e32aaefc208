"""A rehearsal: a new circular comes in as data alone, with new titles, numbers and a new form."""

from __future__ import annotations

import json
from datetime import date

import pypdfium2
import pytest
from counter_desk import CLERK

from counter_app.errors import InputError, PaperError
from counter_app.services import form_versions, papers, register

CIRCULAR = {
    "version": "tt09-2027/1",
    "extends": "tt03-2025/2",
    "form_set": "tt09-2027",
    "name": "Biểu mẫu theo Thông tư số 09/2027/TT-BTP",
    "valid_from": "2027-03-01",
    "confirmed": True,
    "source": "Thông tư số 09/2027/TT-BTP, Phụ lục (diễn tập)",
    "receipt": {"form_label": "Mẫu số 1A", "title": "PHIẾU TIẾP NHẬN\nVÀ HẸN NGÀY TRẢ"},
    "apology": {"form_label": "Mẫu số 5A", "title": "THƯ XIN LỖI"},
    "set": {"receipt/lines/1/items/0/label": "Người có yêu cầu:"},
    "slips": {
        "register": {"form_label": "Mẫu số 9A"},
        "stop": None,
        "loan": {
            "name": "Phiếu mượn lại giấy tờ",
            "layout": "sheet",
            "form_label": "Mẫu số 8A",
            "copies": ["Liên 1", "Liên 2"],
            "number": {"label": "Số:", "text": "{number}", "suffix": "/PM", "empty": "leader"},
            "place_date": "{place}, {issued}",
            "title": "PHIẾU MƯỢN LẠI GIẤY TỜ",
            "code_lines": ["Mã: **{dossier_code}**", "Số tạm: **{provisional_code}**"],
            "marks": ["In lại lần {reprint_count}"],
            "rehearsal": "BẢN TẬP DƯỢT, KHÔNG CÓ GIÁ TRỊ",
            "lines": [
                {"items": [{"label": "Người mượn:", "text": "**{owner_name}**"}]},
                {"kind": "list", "items": [{"label": "Giấy tờ mượn:"}]},
            ],
            "signatures": [{"title": "NGƯỜI MƯỢN", "note": "(Ký)", "name": "{signing_name}"}],
            "notes": [],
        },
    },
}


def words(content):
    document = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def receipt(desk, code):
    return papers.print_receipt(desk.store, code, by=CLERK, now=desk.now)


def test_a_new_circular_is_data_alone(desk):
    before = desk.receive()
    old = words(papers.paper_pdf(desk.store, [receipt(desk, before)]))
    text = json.dumps(CIRCULAR, ensure_ascii=False)
    assert form_versions.import_forms(desk.store, text, by=CLERK, now=desk.now) == "tt09-2027/1"
    # Its day hasn't come: nothing changes yet.
    assert "GIẤY TIẾP NHẬN" in words(papers.preview_receipt(desk.store, before, now=desk.now))
    desk.now = desk.now.replace(year=2027, month=3, day=2)
    code = desk.receive()
    new = words(papers.paper_pdf(desk.store, [receipt(desk, code)]))
    for part in ("Mẫu số 1A", "PHIẾU TIẾP NHẬN VÀ HẸN NGÀY TRẢ", "Người có yêu cầu: Nguyễn"):
        assert part in new
    loan = papers.print_slip(desk.store, code, kind="loan", by=CLERK, now=desk.now)
    assert "Mẫu số 8A" in words(papers.paper_pdf(desk.store, [loan]))
    assert "phiếu mượn lại giấy tờ" in [e.text for e in desk.show(code).events][-1]
    assert "Mẫu số 9A" in words(register.register_pdf(desk.store, year=2027, now=desk.now))
    with pytest.raises(InputError, match="không có mẫu “stop”"):
        papers.print_slip(desk.store, code, kind="stop", by=CLERK, now=desk.now)
    # What was issued before keeps its wording, word for word.
    again = words(papers.paper_pdf(desk.store, [receipt(desk, before)]))
    assert again.replace("Bản in lại lần 1 ", "") == old
    assert form_versions.versions(desk.store)[0].valid_from == date(2027, 3, 1)
    assert desk.problems() == []
    with pytest.raises(InputError, match="đã có"):
        form_versions.import_forms(desk.store, text, by=CLERK, now=desk.now)
    with pytest.raises(PaperError, match="không đọc được"):
        form_versions.import_forms(desk.store, '{"version": "x"}', by=CLERK, now=desk.now)
