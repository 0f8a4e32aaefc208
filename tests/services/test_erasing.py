"""Removing a person: the trace stays, the chain verifies, copies and other desks do the same."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest
from counter_desk import Desk
from hypothesis import given
from hypothesis import strategies as st

from counter_app import bootstrap
from counter_app.domain.erasing import GONE, redacted
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import MoveRefusedError, NotFoundError, UserError
from counter_app.services import backups, browse, erasing, papers, settings, visits
from tests.stopping import STOPPED, stop_at_the_last_of

NUMBER, NAME, PHONE = "045192007777", "Nguyễn Thị Ngọc Ánh", "0905123456"
PERSON = {
    "applicant_name": NAME,
    "id_kind": "citizen",
    "citizen_id": NUMBER,
    "phone": PHONE,
    "address": "Thôn Nghĩa Hy",
    "content": "Nội dung riêng",
}
HELD = (NUMBER, NAME, PHONE, "Nghĩa Hy", "Nội dung riêng", "Ngọc")
WHY = {"reason": "Hết hạn lưu theo QĐ 01", "by": "Lê Thị A"}


@pytest.fixture
def ended(desk):
    settings.set_setting(desk.store, key="retention_years", value="5")
    code = desk.receive(**PERSON, issue_receipt=True)
    desk.wait(hours=1)
    desk.act("complete", code)
    desk.act("return", code, collected_by=NAME)
    desk.code, desk.uuid = code, desk.show(code).uuid
    desk.begun = desk.now
    desk.now += timedelta(days=6 * 365)
    return desk


def held_in(store):
    """Return which words still stand anywhere in the rows of the file."""
    found = set()
    tables = [
        name
        for (name,) in store.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%search%' "
            "AND name NOT IN ('nameword', 'sqlite_sequence')"
        )
    ]
    for table in tables:
        text = json.dumps(store.rows(f"SELECT * FROM {table}"), default=str, ensure_ascii=False)
        found |= {word for word in HELD if word in text}
    return found


def test_a_person_whose_time_is_over_is_gone_and_the_trace_stays(ended):
    store = ended.store
    before = ended.state(ended.code)
    removed = erasing.remove_person(store, NUMBER, now=ended.now, **WHY)
    assert removed.codes == (ended.code,)
    assert held_in(store) == set()
    after = ended.state(ended.code)
    assert after["applicant_name"] == GONE
    for key in ("due_at", "returned_at", "timeliness", "procedure_code", "code", "status"):
        assert after[key] == before[key]
    assert ended.problems() == []
    assert browse.search(store, NAME) == []
    assert "xóa dữ liệu cá nhân" in ended.show(ended.code).events[-1].text


def test_a_removal_that_is_stopped_removes_nothing(ended):
    before, stop = held_in(ended.store), stop_at_the_last_of([(0, 1)])
    with pytest.raises(UserError, match=STOPPED):
        erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY, progress=stop)
    assert held_in(ended.store) == before
    assert ended.state(ended.code)["applicant_name"] == NAME


def test_its_receipt_can_still_be_printed_without_the_person(ended):
    erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY)
    (uuid,) = ended.store.row("SELECT uuid FROM paper")
    assert papers.paper_pdf(ended.store, [uuid]).startswith(b"%PDF")


def test_nothing_is_removed_before_the_office_set_a_period_or_before_it_is_over(ended):
    settings.set_setting(ended.store, key="retention_years", value="0")
    with pytest.raises(MoveRefusedError, match="chưa đặt thời hạn"):
        erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY)
    settings.set_setting(ended.store, key="retention_years", value="7")
    with pytest.raises(MoveRefusedError, match="Chưa hết 7 năm"):
        erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY)
    settings.set_setting(ended.store, key="retention_years", value="5")
    code = ended.receive(**PERSON)
    with pytest.raises(MoveRefusedError, match=f"{code} chưa kết thúc"):
        erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY)
    assert ended.state(ended.code)["applicant_name"] == NAME
    with pytest.raises(NotFoundError):
        erasing.remove_person(ended.store, "001099000001", now=ended.now, **WHY)


def test_who_only_handed_in_is_taken_out_of_anothers_dossier(desk):
    settings.set_setting(desk.store, key="retention_years", value="1")
    code = desk.receive(submitter_name=NAME, submitter_id=NUMBER)
    desk.act("withdraw", code)
    desk.now += timedelta(days=3 * 365)
    erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY)
    state = desk.state(code)
    assert (state["applicant_name"], state["submitter_name"]) == ("Nguyễn Thị Ánh", GONE)
    assert held_in(desk.store) == set()
    assert desk.problems() == []


def test_a_visit_loses_its_person_too(desk):
    settings.set_setting(desk.store, key="retention_years", value="1")
    request = ReceiveRequest(procedure_code="1.004873", by="Lê Thị A", **PERSON)
    visits.record_visit(
        desk.store, request, kind=visits.VisitKind.GUIDANCE, reason="thiếu tờ khai", now=desk.now
    )
    desk.now += timedelta(days=3 * 365)
    assert erasing.remove_person(desk.store, NUMBER, now=desk.now, **WHY).visits == 1
    assert held_in(desk.store) == set()
    assert desk.problems() == []


def test_another_edit_of_a_body_is_still_found(ended):
    erasing.remove_person(ended.store, NUMBER, now=ended.now, **WHY)
    ended.store.execute(
        "UPDATE event SET body = json_set(body, '$.set.returned_at', 5) WHERE kind = 'return'"
    )
    assert any("bị sửa từ bên ngoài" in problem for problem in ended.problems())


def test_what_was_removed_is_removed_again_after_an_older_copy_came_back(ended, tmp_path):
    store = ended.store
    ended.now, later = ended.begun, ended.now
    copies = tmp_path / "copies"
    made = backups.make_backup(store, folder=copies, now=ended.now)
    erasing.remove_person(store, NUMBER, now=later, **WHY)
    backups.restore(store, made, folder=copies, now=later)
    assert held_in(store) == set()
    assert Desk(store, later).state(ended.code)["applicant_name"] == GONE
    store.close()
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copyfile(store.path, folder / "counter.db")
    app = bootstrap.open_app(data=str(folder), environment={})
    try:
        assert held_in(app.store) == set()
        again = Desk(app.store, later)
        assert again.problems() == []
        assert again.state(ended.code)["applicant_name"] == GONE
    finally:
        app.store.close()


@given(
    st.dictionaries(
        st.sampled_from(["set", "was", "applicant_name", "citizen_id", "phone", "code", "facts"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: st.dictionaries(
                st.sampled_from(["owner_name", "submitter_id", "due_at", "facts"]), inner
            ),
            max_leaves=8,
        ),
    )
)
def test_removing_twice_changes_nothing(body):
    once = redacted(body)
    assert redacted(once) == once
    assert set(once) == set(body)
