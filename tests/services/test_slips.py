"""Slips go with an act of the dossier, are frozen when issued, and are printed again from that."""

from __future__ import annotations

import pypdfium2
import pytest
from counter_desk import CLERK

from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import papers, settings
from counter_app.services import slips as slip_service

PERSON = {
    "applicant_name": "Hồ Thị Ly",
    "owner_kind": "person",
    "id_kind": "citizen",
    "citizen_id": "045190001234",
    "procedure_code": "1.004873",
    "procedure_name": "Cấp Giấy xác nhận tình trạng hôn nhân",
}


def print_slip(desk, code, kind):
    return papers.print_slip(desk.store, code, kind=kind, by=CLERK, now=desk.now)


def words(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def test_a_slip_takes_its_words_from_the_act_it_goes_with(desk):
    code = desk.receive()
    desk.act("supplement", code, reason="Tờ khai có chữ ký;\nThẻ căn cước")
    uuid = print_slip(desk, code, "supplement")
    frozen = papers.frozen_facts(desk.store, uuid)
    assert frozen["requirements"] == ["Tờ khai có chữ ký", "Thẻ căn cước"]
    assert (frozen["stage"], frozen["officer_name"]) == ("Đã tiếp nhận", CLERK)
    assert desk.problems() == []
    (told,) = [e.text for e in desk.show(code).events if e.kind == "print"]
    assert told == f"{CLERK} phát hành phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"


def test_a_second_supplement_has_its_own_slip_and_each_is_printed_again(desk):
    code = desk.receive()
    desk.act("supplement", code, reason="Tờ khai")
    first = print_slip(desk, code, "supplement")
    desk.wait(days=1)
    assert print_slip(desk, code, "supplement") == first
    desk.act("resubmit", code)
    desk.act("supplement", code, reason="Thẻ căn cước", again="Tờ khai vẫn thiếu")
    second = print_slip(desk, code, "supplement")
    assert second != first
    desk.wait(days=1)
    papers.reprint_paper(desk.store, first, by=CLERK, now=desk.now)
    assert [paper.copies for paper in desk.show(code).papers] == [2, 0]
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("verb", "kind", "said"),
    [
        ("refuse", "refusal", "Không thuộc thẩm quyền."),
        ("stop", "stop", "Theo đề nghị dừng giải quyết"),
        ("withdraw", "stop", "Theo đề nghị rút hồ sơ"),
    ],
)
def test_each_end_has_its_paper(desk, verb, kind, said):
    code = desk.receive()
    with pytest.raises(MoveRefusedError, match="chưa có bước"):
        print_slip(desk, code, kind)
    assert desk.show(code).papers == ()
    desk.act(verb, code, reason="Không thuộc thẩm quyền")
    uuid = print_slip(desk, code, kind)
    assert said in words(papers.paper_pdf(desk.store, [uuid]))


def test_an_act_that_was_taken_back_leaves_no_slip_to_issue(desk):
    code = desk.receive()
    desk.act("refuse", code, reason="nhầm")
    desk.act("undo", code, reason="nhầm người")
    with pytest.raises(MoveRefusedError, match="từ chối"):
        print_slip(desk, code, "refusal")


def test_a_reprint_is_word_for_word_the_issued_slip_whatever_was_set_since(desk):
    code = desk.receive()
    desk.act("refuse", code, reason="Không thuộc thẩm quyền")
    uuid = print_slip(desk, code, "refusal")
    before = papers.paper_pdf(desk.store, [uuid])
    settings.set_setting(desk.store, key="place", value="Nơi khác")
    settings.set_setting(desk.store, key="form_set", value="tt01-2018")
    print_slip(desk.wait(minutes=1), code, "refusal")
    assert papers.paper_pdf(desk.store, [uuid]) == before


def test_the_notice_is_numbered_as_the_office_numbers_its_letters(desk):
    settings.set_setting(desk.store, key="letter_number", value="series")
    numbers = []
    for _ in range(2):
        code = desk.receive()
        desk.act("stop", code, reason="đề nghị của công dân")
        uuid = print_slip(desk, code, "stop")
        numbers.append(papers.frozen_facts(desk.store, uuid)["number"])
    assert numbers == ["01", "02"]
    settings.set_setting(desk.store, key="letter_number", value="typed")
    code = desk.receive()
    desk.act("stop", code, reason="đề nghị của công dân")
    with pytest.raises(InputError, match="Nhập số thông báo dừng"):
        print_slip(desk, code, "stop")


def test_a_visit_gets_its_slip_without_a_dossier(desk):
    facts = papers.visit_slip(
        desk.store,
        PERSON,
        kind="supplement",
        visit_code="LUOT-01-261123-0001",
        requirements=["Tờ khai", "  "],
        reason="Thiếu tờ khai",
        by=CLERK,
        now=desk.now,
    )
    assert (facts.code, facts.requirements, facts.reason) == ("", ("Tờ khai",), "Thiếu tờ khai")
    said = words(papers.visit_slip_pdf(desk.store, [facts], size="a5"))
    assert "LUOT-01-261123-0001" in said
    assert "Hồ Thị Ly" in said
    refused = papers.visit_slip(
        desk.store, PERSON, kind="refusal", visit_code="LUOT-01-261123-0002", by=CLERK, now=desk.now
    )
    assert "PHIẾU TỪ CHỐI" in words(papers.visit_slip_pdf(desk.store, [refused]))


def test_a_preview_shows_the_slip_before_the_act_and_records_nothing(desk):
    code = desk.receive()
    data = papers.preview_slip(
        desk.store, code, kind="refusal", reason="Trùng hồ sơ", by=CLERK, now=desk.now
    )
    assert "Trùng hồ sơ." in words(data)
    assert desk.show(code).papers == ()


def test_the_old_set_says_that_it_has_no_stop_form(desk):
    assert slip_service.not_a_form(desk.store, "stop", now=desk.now) == ""
    settings.set_setting(desk.store, key="form_set", value="tt01-2018")
    assert "không có mẫu" in slip_service.not_a_form(desk.store, "stop", now=desk.now)
    with pytest.raises(InputError, match="supplement, refusal, stop"):
        print_slip(desk, desk.receive(), "handover")


def test_a_routing_slip_is_issued_anew_when_the_dossier_has_gone_on(desk):
    code = desk.receive()
    desk.act("forward", code, to="Phòng Văn hóa – Xã hội", officer="Trần Thị Bé")
    first = print_slip(desk, code, "routing-slip")
    assert print_slip(desk, code, "routing-slip") == first
    desk.act("complete", desk.wait(hours=1).show(code).code)
    second = print_slip(desk, code, "routing-slip")
    rows = papers.frozen_facts(desk.store, second)["handovers"]
    assert [row["result"] for row in rows] == ["", "Trước hạn"]
    assert len(papers.frozen_facts(desk.store, first)["handovers"]) == 1
    assert "Phòng Văn hóa – Xã hội" in words(papers.paper_pdf(desk.store, [second]))
    assert desk.problems() == []


def test_acts_of_one_minute_leave_no_hole_in_the_life_that_reports_count(desk):
    """A state that held for no time must not end the one that goes on behind it."""
    code = desk.receive()
    desk.act("supplement", code, reason="Tờ khai")
    desk.wait(days=1)
    desk.act("resubmit", code)
    desk.act("supplement", code, reason="Thẻ căn cước", again="Tờ khai vẫn thiếu")
    assert desk.problems() == []
