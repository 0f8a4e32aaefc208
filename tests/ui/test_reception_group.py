"""Groups on the real window: typed one after another, saved at once, printed as one job."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from counter_app.domain.facts import DocumentFacts, ReceiveRequest
from counter_app.services import browse, lookup, reception
from counter_app.ui.checklist import CheckRow
from tests.ui.test_pile import CARD, Counter

MARRIAGE, COPY = "1.004873", "2.000635"


@pytest.fixture
def make_counter(qtbot, tmp_path):
    kept = []

    def make(*answers) -> Counter:
        counter = Counter(tmp_path / "data", qtbot, *answers)
        counter.desk.window.show_page("reception")
        kept.append(counter)
        return counter

    yield make
    for counter in kept:
        counter.close()


def page_of(counter):
    return counter.desk.window.page("reception")


def choose(counter, code=MARRIAGE):
    """Choose a procedure whose facts the office has confirmed before."""
    page = page_of(counter)
    found = page._desk.procedure(code)
    rows = [
        CheckRow(paper.name, is_checked=True, originals=1) for paper in found.required_documents
    ]
    page.form.set_procedure(found, rows=rows)
    page.promise.begin()
    page.promise.requote()


def put_aside(counter, key):
    """Press the group's key; missing papers are said once, then taken as they are."""
    page = page_of(counter)
    before = len(page.group.members)
    counter.ctrl(key)
    if len(page.group.members) == before:
        counter.ctrl(key)
    assert len(page.group.members) == before + 1


def save(counter):
    page = page_of(counter)
    page.main_action()
    if page.group.is_begun() or not page.form.is_untouched():
        page.main_action()


def saved(counter):
    rows = browse.page(counter.store, now=counter.now)
    return [(row.applicant_name, row.procedure_code) for row in reversed(rows)]


def test_one_person_with_two_procedures_is_one_save_and_one_print(make_counter):
    counter = make_counter()
    page = page_of(counter)
    counter.scan(CARD)
    choose(counter)
    put_aside(counter, Qt.Key.Key_S)
    assert page.form.value("applicant_name") == "Lê Thị Ngọc Ánh"
    assert page.form.procedure_value() is None
    assert "1. Lê Thị Ngọc Ánh" in page.group.strip.text()
    assert page.card.save_button.verb() == "Lưu cả nhóm, in"
    choose(counter, COPY)
    save(counter)
    assert saved(counter) == [("Lê Thị Ngọc Ánh", MARRIAGE), ("Lê Thị Ngọc Ánh", COPY)]
    assert [len(papers) for papers in counter.printed] == [2]
    assert page.form.is_untouched()
    assert page.group.strip.isHidden()
    assert page.card.save_button.verb() == "Lưu, in, tiếp"


def test_in_lai_after_a_group_prints_all_of_it_and_one_that_is_chosen_alone(make_counter):
    counter = make_counter()
    page = page_of(counter)
    counter.scan(CARD)
    choose(counter)
    put_aside(counter, Qt.Key.Key_S)
    choose(counter, COPY)
    save(counter)
    counter.ctrl(Qt.Key.Key_R)
    assert "nhóm 2 hồ sơ" in page.recent.text()
    assert [len(papers) for papers in counter.printed] == [2, 2]
    counter.ctrl(Qt.Key.Key_J)
    counter.ctrl(Qt.Key.Key_R)
    assert [len(papers) for papers in counter.printed] == [2, 2, 1]


def test_what_stops_the_groups_key_names_that_key_not_the_one_that_saves(make_counter):
    counter = make_counter()
    page = page_of(counter)
    counter.scan(CARD)
    counter.ctrl(Qt.Key.Key_S)
    assert page.card.error_label.text().endswith("nhấn Ctrl+S.")
    counter.ctrl(Qt.Key.Key_W)
    assert page.card.error_label.text().endswith("nhấn Ctrl+W.")
    page.main_action()
    assert page.card.error_label.text().endswith("nhấn F9.")


def test_one_procedure_for_several_persons_keeps_the_procedure(make_counter):
    counter = make_counter()
    page = page_of(counter)
    for name in ("Nguyễn Văn A", "Trần Thị B", "Lê Văn C"):
        if page.form.procedure_value() is None:
            choose(counter)
        page.form.fill({"applicant_name": name})
        put_aside(counter, Qt.Key.Key_W)
        assert page.form.procedure_value().code == MARRIAGE
        assert page.form.value("applicant_name") == ""
    save(counter)
    assert [name for name, _ in saved(counter)] == ["Nguyễn Văn A", "Trần Thị B", "Lê Văn C"]
    assert [len(papers) for papers in counter.printed] == [3]
    groups = {
        lookup.show(counter.store, row.uuid, now=counter.now).state["group"]
        for row in browse.page(counter.store, now=counter.now)
    }
    assert len(groups) == 1


def test_nothing_of_a_group_is_saved_before_all_of_it_is(make_counter, qtbot):
    counter = make_counter()
    page = page_of(counter)
    choose(counter)
    page.form.fill({"applicant_name": "Nguyễn Văn A"})
    put_aside(counter, Qt.Key.Key_W)
    assert saved(counter) == []
    assert page.has_unsaved_work()
    counter.close()
    again = make_counter()
    assert "1. Nguyễn Văn A" in page_of(again).group.strip.text()
    save(again)
    assert saved(again) == [("Nguyễn Văn A", MARRIAGE)]


def test_the_dossier_that_stops_a_group_comes_back_into_the_form(make_counter):
    counter = make_counter()
    page = page_of(counter)
    for name, official in (("A Văn", "H50.1-261123-0001"), ("B Văn", "H50.1-261123-0001")):
        if page.form.procedure_value() is None:
            choose(counter)
        page.form.fill({"applicant_name": name, "official_code": official})
        put_aside(counter, Qt.Key.Key_W)
    save(counter)
    assert saved(counter) == []
    assert page.form.value("applicant_name") == "B Văn"
    assert "Hồ sơ 2 (B Văn)" in page.card.error_label.text()
    assert "Chưa lưu hồ sơ nào của nhóm" in page.card.error_label.text()
    assert [member.name for member in page.group.members] == ["A Văn"]
    page.form.fill({"official_code": ""})
    save(counter)
    assert [name for name, _ in saved(counter)] == ["A Văn", "B Văn"]


def test_the_last_one_can_be_taken_back_and_mended(make_counter):
    counter = make_counter()
    page = page_of(counter)
    choose(counter)
    page.form.fill({"applicant_name": "Nguyễn Văn Sia"})
    put_aside(counter, Qt.Key.Key_W)
    page.edit_last()
    assert page.group.members == []
    assert page.form.value("applicant_name") == "Nguyễn Văn Sia"
    assert page.form.procedure_value().code == MARRIAGE


def test_throwing_a_group_away_is_asked(make_counter):
    counter = make_counter(False, True)
    page = page_of(counter)
    choose(counter)
    page.form.fill({"applicant_name": "Nguyễn Văn A"})
    put_aside(counter, Qt.Key.Key_W)
    page.ask_to_clear()
    assert len(page.group.members) == 1
    page.ask_to_clear()
    assert page.group.members == []
    assert "1 hồ sơ chưa lưu" in counter.interaction.asked[0]


def test_an_earlier_dossier_is_copied_with_its_papers_unticked(make_counter):
    counter = make_counter(0)
    page = page_of(counter)
    request = ReceiveRequest(
        procedure_code=MARRIAGE,
        applicant_name="Lê Thị Ngọc Ánh",
        citizen_id="045192004321",
        content="để vay vốn",
        copies=3,
        documents=(DocumentFacts("Tờ khai", 1),),
        by="B",
    )
    reception.receive_dossier(counter.store, request, now=counter.now)
    page.form.fill({"citizen_id": "045192004321"})
    counter.ctrl(Qt.Key.Key_Q)
    assert page.form.value("content") == "để vay vốn"
    assert page.form.value("copies") == "3"
    assert page.form.procedure_value().code == MARRIAGE
    assert page.form.papers() == []
    assert page.promise.quote is not None


def test_copying_needs_somebody_to_copy_from(make_counter):
    counter = make_counter()
    page = page_of(counter)
    counter.ctrl(Qt.Key.Key_Q)
    assert "Gõ số định danh hoặc họ tên trước" in page.notice.text()
    page.form.fill({"citizen_id": "045192004321"})
    counter.ctrl(Qt.Key.Key_Q)
    assert "chưa có hồ sơ cũ" in page.notice.text()
