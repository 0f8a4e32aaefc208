"""A group: a code each, one transaction, one pile of receipts; what an earlier dossier hands on."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from counter_desk import CLERK, NOW

from counter_app.domain.facts import DocumentFacts, ReceiveRequest
from counter_app.errors import ClockError, GroupError, InputError
from counter_app.services import browse, group, papers, settings

MARRIAGE, BIRTH = "1.004873", "1.001193"


def request(name="Nguyễn Thị Ánh", procedure=MARRIAGE, **values):
    return ReceiveRequest(procedure_code=procedure, applicant_name=name, by=CLERK, **values)


def receive(desk, *requests):
    return group.receive_group(desk.store, requests, now=desk.now, issue_receipts=True)


def test_one_person_with_several_procedures_has_a_code_and_a_promise_each(desk):
    found = receive(desk, request(), request(procedure=BIRTH))
    assert [one.code[-4:] for one in found] == ["0001", "0002"]
    states = [desk.state(one.code) for one in found]
    assert {state["group"] for state in states} == {states[0]["group"]} != {""}
    assert states[0]["due_at"] != states[1]["due_at"]
    assert desk.problems() == []


@pytest.mark.parametrize("paper", ["a4-2up", "a5"])
def test_the_receipts_of_a_group_are_one_file_without_a_wasted_sheet(desk, paper):
    settings.set_setting(desk.store, key="paper", value=paper)
    found = receive(desk, *(request(f"Người {n}") for n in "ABC"))
    pdf = papers.paper_pdf(desk.store, [one.paper_uuid for one in found])
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert len(document) == 3  # a sheet each: its two copies stand beside each other
    document.close()


def test_one_that_cannot_be_saved_keeps_the_whole_group_back_and_is_named(desk):
    with pytest.raises(GroupError) as refused:
        receive(desk, request(), request("Trần B", citizen_id="123"), request("Lê C"))
    assert refused.value.place == 2
    assert refused.value.field == "citizen_id"
    assert refused.value.message.startswith("Hồ sơ 2 (Trần B): ")
    assert refused.value.message.endswith("Chưa lưu hồ sơ nào của nhóm.")
    assert browse.page(desk.store, now=NOW) == []
    assert receive(desk, request())[0].code.endswith("0001"), "no number was used up"


def test_a_group_of_one_is_a_dossier_like_any_other(desk):
    (one,) = receive(desk, request())
    assert desk.state(one.code)["group"] == ""


@pytest.mark.parametrize("count", [0, 31])
def test_a_group_of_nothing_or_too_many_is_refused(desk, count):
    with pytest.raises(InputError):
        receive(desk, *(request(f"Người {n}") for n in range(count)))
    assert browse.page(desk.store, now=NOW) == []


def test_a_clock_that_fell_back_is_told_as_such(desk):
    receive(desk, request())
    desk.wait(days=-3)
    with pytest.raises(ClockError):
        receive(desk, request("B"), request("C"))


def test_an_earlier_dossier_hands_on_everything_but_papers_and_moments(desk):
    code = desk.receive(
        citizen_id="045192007777",
        birth_date="30121992",
        content="để kết hôn",
        copies=2,
        documents=(DocumentFacts("Tờ khai", 1),),
        submitter_name="Trần Văn Con",
        result_to="post",
    )
    known = group.like(desk.store, code)
    assert (known["procedure_code"], known["content"], known["copies"]) == (
        MARRIAGE,
        "để kết hôn",
        2,
    )
    assert (known["submitter_name"], known["result_to"]) == ("Trần Văn Con", "post")
    assert not {"documents", "received_at", "code", "official_code"} & set(known)
    own = group.like(desk.store, desk.receive())
    assert own["submitter_name"] == ""
