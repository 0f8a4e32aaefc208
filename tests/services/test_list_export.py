"""Lists that leave and come back: nothing changes, nothing is lost on the way."""

from __future__ import annotations

from contextlib import suppress

import pytest
from counter_desk import CLERK, NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counter_app.domain.dossier import Channel, Status
from counter_app.domain.history import new_state
from counter_app.domain.lists import ListRow
from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError, UserError
from counter_app.services import list_export, lists
from counter_app.storage import dossiers


@pytest.fixture
def busy(desk):
    """A desk with dossiers in several states, one of them taken back."""
    first = desk.receive(
        citizen_id="045192004321",
        phone="0905123456",
        content="=1+1",
        official_code="000.00.01.H50-261123-0002",
    )
    desk.receive(
        applicant_name="Trần Quốc Ưu", official_code="000.00.01.H50-261123-0001", channel="online"
    )
    desk.act("forward", first, to="Tư pháp", officer="Trần Văn B")
    desk.wait(days=1).act("complete", first)
    desk.wait(hours=1).act("return", first, collected_by="Nguyễn Thị Ánh")
    gone = desk.receive(applicant_name="Lê Văn Nhầm")
    desk.act("undo", gone, reason="nhầm người")
    return desk


@pytest.mark.parametrize("name", ["hồ sơ.csv", "hồ sơ.xlsx"])
def test_a_list_taken_in_again_changes_nothing(busy, tmp_path, name):
    target = tmp_path / name
    assert list_export.export_list(busy.store, target) == 2
    report = lists.import_list(busy.store, target, name=name, by=CLERK, now=busy.now)
    assert (report.rows, report.unchanged, report.new, report.updated) == (2, 2, 0, 0)
    assert report.errors == []


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_another_office_reads_states_and_dates_as_they_were(busy, copies, tmp_path, name):
    target = tmp_path / name
    list_export.export_list(busy.store, target)
    other = copies()
    other.now = busy.now
    report = lists.import_list(other.store, target, name=name, by=CLERK, now=busy.now)
    assert (report.new, report.rejected) == (2, 0)
    for here in list_export.list_rows(busy.store):
        there = next(
            row
            for row in list_export.list_rows(other.store)
            if row.applicant_name == here.applicant_name
        )
        for field in ("status", "received_at", "due_at", "completed_at", "returned_at", "content"):
            assert getattr(there, field) == getattr(here, field), field


def test_some_dossiers_are_written_in_the_order_they_are_shown(busy, tmp_path):
    ids = [row[0] for row in busy.store.rows("SELECT id FROM dossier ORDER BY id DESC")]
    names = [row.applicant_name for row in list_export.list_rows(busy.store, ids)]
    assert names == ["Trần Quốc Ưu", "Nguyễn Thị Ánh"]


def test_a_spreadsheet_reads_no_formula_and_keeps_long_numbers(busy, tmp_path):
    target = tmp_path / "x.csv"
    list_export.export_list(busy.store, target, delimiter=";")
    text = target.read_text("utf-8-sig")
    assert ";'=1+1;" in text
    assert ";'045192004321;" in text


def test_another_ending_and_a_gone_folder_are_said(busy, tmp_path):
    with pytest.raises(InputError, match=r"\.csv hoặc \.xlsx"):
        list_export.export_list(busy.store, tmp_path / "x.doc")
    with pytest.raises(UserError, match="không còn thư mục"):
        list_export.export_list(busy.store, tmp_path / "gone/x.csv")


def test_a_cancelled_list_leaves_no_file(busy, tmp_path, monkeypatch):
    class StopError(Exception):
        pass

    def stop(done, total):
        raise StopError

    monkeypatch.setattr(list_export, "_TOLD_EVERY", 1)
    with pytest.raises(StopError):
        list_export.export_list(busy.store, tmp_path / "x.csv", progress=stop)
    assert list(tmp_path.glob("*.csv")) == []
    assert busy.now > NOW


TEXT_COLUMNS = (
    "procedure_code", "procedure_name", "sector", "applicant_name", "citizen_id", "tax_code",
    "address", "phone", "content", "resolving_unit", "reception_officer", "handling_officer",
    "note",
)  # fmt: skip
MOMENT_COLUMNS = {
    "received_at": "received_at",
    "due_at": "legal_due_at",
    "rescheduled_due_at": "rescheduled_due_at",
    "completed_at": "completed_at",
    "returned_at": "returned_at",
}
MAY_BE_NONE = ("citizen_id", "tax_code")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
SECONDS = st.integers(-(10**9), 4 * 10**9)
OPTIONAL = st.one_of(st.none(), SECONDS)


@st.composite
def states(draw):
    """Draw what a dossier may be as far as a list tells it."""
    told = {name: draw(TEXTS) for name in TEXT_COLUMNS}
    for name in MAY_BE_NONE:
        told[name] = told[name] or None
    for name in (*list(MOMENT_COLUMNS.values())[1:], "closed_at"):
        told[name] = draw(OPTIONAL)
    return told | {
        "received_at": draw(SECONDS),
        "recorded_at": 0,
        "last_move": "receive",
        "last_move_at": 0,
        "official_code": draw(st.one_of(st.none(), st.just("H50-"))),
        "channel": draw(st.sampled_from(Channel)).value,
        "status": draw(st.sampled_from(Status)).value,
        "fee": draw(st.one_of(st.none(), st.integers(0, 10**9))),
        "fee_paid": draw(st.integers(0, 10**9)),
        "is_void": draw(st.integers(0, 1)),
    }


def from_whole_state(state):
    """Return a list's row from all that is stored of a dossier, the slow way."""
    told = {name: state[name] or "" for name in TEXT_COLUMNS}
    for name, key in MOMENT_COLUMNS.items():
        told[name] = None if state[key] is None else from_epoch(state[key])
    if told["completed_at"] is None and state["closed_at"] is not None:
        told["completed_at"] = from_epoch(state["closed_at"])
    return ListRow(
        code=state["official_code"] or state["code"],
        channel=Channel(state["channel"]),
        status=Status(state["status"]),
        fee=state["fee"],
        fee_paid=state["fee_paid"] or None,
        **told,
    )


class RolledBackError(Exception):
    """Ends an example: what it wrote was never there."""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(states(), max_size=5), data=st.data())
def test_the_columns_read_alone_tell_what_the_whole_dossier_tells(desk, drawn, data):
    store = desk.store
    with suppress(RolledBackError), store.transaction():
        for number, told in enumerate(drawn, start=1):
            code = told["official_code"] and f"H50-{number}"
            state = new_state() | told | {"code": f"TAM-{number}", "official_code": code}
            dossiers.insert_dossier(store, number, f"{number:032x}", 1, state)
        whole = {one: state for one, _, state in dossiers.all_states(store)}
        kept = {
            one: from_whole_state(state) for one, state in whole.items() if not state["is_void"]
        }
        assert list(list_export.list_rows(store)) == list(kept.values())
        ids = data.draw(st.permutations([*whole, 999]))
        assert list(list_export.list_rows(store, ids)) == [kept[one] for one in ids if one in kept]
        raise RolledBackError


def test_many_chosen_dossiers_keep_their_order(busy, monkeypatch):
    monkeypatch.setattr(list_export, "_AT_ONCE", 1)
    ids = [row[0] for row in busy.store.rows("SELECT id FROM dossier ORDER BY id DESC")]
    names = [row.applicant_name for row in list_export.list_rows(busy.store, ids)]
    assert names == ["Trần Quốc Ưu", "Nguyễn Thị Ánh"]
