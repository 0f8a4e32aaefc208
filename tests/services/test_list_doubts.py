"""What a list says otherwise than the desk is shown to a person, once, at every desk the same."""

from __future__ import annotations

import contextlib
import shutil
from datetime import datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sync_house import CLERK, first_desk, further_desk, receive, send
from sync_house import take as take_bundle

from counter_app.errors import InputError, MoveRefusedError
from counter_app.services import checks, lists, lookup, moves, sync_undo
from counter_app.services.sync_conflicts import open_conflicts, resolve
from counter_app.services.sync_doubts import doubts_of
from counter_app.services.sync_export import fingerprint

NOW = datetime(2026, 11, 23, 10, 0)
MORNING = datetime(2026, 11, 20, 8, 30)
CODE, OTHER = "H50.1-261120-0001", "H50.1-261120-0002"
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"


def row(code: str = CODE, *, number="045192007777", due="26/11/2026 17:00", status="Đã tiếp nhận"):
    return f"{code},1.004873,Nguyễn Thị Ánh,{number},20/11/2026 08:00,{due},{status}"


def take(store, tmp_path, *rows: str, name: str = "tinh.csv", dry_run: bool = False):
    path = tmp_path / name
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    report = lists.import_list(store, path, name=name, by=CLERK, now=NOW, dry_run=dry_run)
    return report.new, report.updated, report.unchanged, report.rejected, report.conflicts


def known(store, **values) -> str:
    uuid = receive(store, now=MORNING, citizen_id="045192007777", received_at=MORNING, **values)
    return lookup.show(store, uuid, now=NOW).code


def shown(store, code: str):
    return lookup.show(store, code, now=NOW)


def healthy(store) -> bool:
    return [check.check for check in checks.run_checks(store) if not check.ok] == []


def exchange(tmp_path, one, two):
    for number in range(2):
        take_bundle(two, send(one, tmp_path / f"a{number}.zip", now=NOW), now=NOW)
        take_bundle(one, send(two, tmp_path / f"b{number}.zip", now=NOW), now=NOW)


DIFFERENT = {
    "official_code": row(OTHER),
    "due_at": row(due="30/11/2026 17:00"),
    "status": row(status="Đã trả kết quả"),
}


def doubted(store, tmp_path, field: str) -> str:
    """Return our dossier, of which a list says one thing otherwise."""
    code = known(store, official_code=CODE)
    told = DIFFERENT[field]
    if field == "official_code":
        told = told.replace(OTHER, f"{code},{OTHER}").replace(f"{code},", "", 1)
        told = f"{OTHER},{code}," + told.split(",", 1)[1]
        path = tmp_path / "tinh.csv"
        path.write_text(f"Mã hồ sơ chính thức,{HEAD}\n{told}", "utf-8")
        lists.import_list(store, path, name=path.name, by=CLERK, now=NOW)
        return code
    if field == "status":
        moves.withdraw(store, code, by=CLERK, now=NOW, reason="đổi ý")
    assert take(store, tmp_path, told) == (0, 0, 0, 0, 1)
    return code


@pytest.mark.parametrize("field", DIFFERENT)
def test_what_a_list_says_otherwise_waits_for_a_person_and_changes_nothing(desks, tmp_path, field):
    store, _ = desks
    code = doubted(store, tmp_path, field)
    state = shown(store, code).state
    [conflict] = open_conflicts(store)
    assert (conflict.kind, conflict.field, conflict.code) == ("list", field, code)
    assert conflict.second.by == f"danh sách tinh.csv, {CLERK} nhập"
    wanted = {
        "official_code": (CODE, OTHER),
        "due_at": ("17:00 26/11/2026", "17:00 30/11/2026"),
        "status": ("Rút hồ sơ", "Đã trả kết quả"),
    }
    assert (conflict.first.value, conflict.second.value) == wanted[field]
    assert doubts_of(store, conflict.dossier_uuid) == (
        "1 chỗ ghi khác nhau, chờ người quyết định (F8).",
    )
    assert state["official_code"] == CODE
    assert healthy(store)


def test_the_same_list_again_asks_nothing_twice_and_what_was_kept_is_not_asked_again(
    desks, tmp_path
):
    store, _ = desks
    code = doubted(store, tmp_path, "due_at")
    [conflict] = open_conflicts(store)
    events = store.row("SELECT count(*) FROM event")
    assert take(store, tmp_path, DIFFERENT["due_at"]) == (0, 0, 0, 0, 1)
    assert [one.id for one in open_conflicts(store)] == [conflict.id]
    assert store.row("SELECT count(*) FROM event") == events
    resolve(store, conflict.id, keep=conflict.first.event_uuid, by=CLERK, now=NOW)
    assert open_conflicts(store) == []
    # Decided once: the rest of the row counts now.
    told = row(due="30/11/2026 17:00", status="Đang xử lý")
    assert take(store, tmp_path, told) == (0, 1, 0, 0, 0)
    assert shown(store, code).state["legal_due_at"] == shown(store, code).state["original_due_at"]
    assert healthy(store)


def test_a_dry_run_raises_no_doubt(desks, tmp_path):
    store, _ = desks
    known(store, official_code=CODE)
    assert take(store, tmp_path, DIFFERENT["due_at"], dry_run=True) == (0, 0, 0, 0, 1)
    assert open_conflicts(store) == []


@pytest.mark.parametrize(
    ("keep", "value", "due"),
    [("second", None, "30/11"), ("", "2026-12-02T17:00", "02/12")],
)
def test_a_promise_date_is_decided_for_the_list_or_a_third_date(desks, tmp_path, keep, value, due):
    store, _ = desks
    code = doubted(store, tmp_path, "due_at")
    [conflict] = open_conflicts(store)
    assert conflict.takes_value
    kept = getattr(conflict, keep).event_uuid if keep else ""
    resolve(store, conflict.id, keep=kept, value=value, by=CLERK, now=NOW)
    assert f"{shown(store, code).promises[-1].due_at:%d/%m}" == due
    assert open_conflicts(store) == []
    assert healthy(store)


def test_the_official_code_of_a_list_can_be_taken_unless_another_dossier_has_it(desks, tmp_path):
    store, _ = desks
    code = doubted(store, tmp_path, "official_code")
    [conflict] = open_conflicts(store)
    holder = receive(store, "Trần Văn Bình", now=NOW, official_code=OTHER)
    with pytest.raises(InputError, match="đang gắn cho hồ sơ"):
        resolve(store, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=NOW)
    assert shown(store, code).state["official_code"] == CODE
    moves.undo(store, holder, reason="nhận nhầm", by=CLERK, now=NOW)
    resolve(store, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=NOW)
    assert shown(store, code).state["official_code"] == OTHER
    assert healthy(store)


def test_a_state_that_is_reached_by_hand_answers_the_doubt(desks, tmp_path):
    store, _ = desks
    code = doubted(store, tmp_path, "status")
    [conflict] = open_conflicts(store)
    moves.undo(store, code, reason="nhầm", by=CLERK, now=NOW)
    assert [one.id for one in open_conflicts(store)] == [conflict.id]
    moves.complete(store, code, by=CLERK, now=NOW)
    moves.return_result(store, code, collected_by="Nguyễn Thị Ánh", by=CLERK, now=NOW)
    assert open_conflicts(store) == []
    assert healthy(store)


def test_an_undone_decision_is_open_again(desks, tmp_path):
    store, _ = desks
    code = doubted(store, tmp_path, "official_code")
    [conflict] = open_conflicts(store)
    resolve(store, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=NOW)
    moves.undo(store, code, reason="nhầm", by=CLERK, now=NOW)
    assert [one.id for one in open_conflicts(store)] == [conflict.id]
    assert shown(store, code).state["official_code"] == CODE
    assert healthy(store)


@pytest.mark.parametrize("official", [CODE, ""])
def test_a_person_says_which_of_two_dossiers_a_row_means(desks, tmp_path, official):
    store, _ = desks
    codes = [known(store), known(store)]
    assert take(store, tmp_path, row(official, status="Đang xử lý")) == (0, 0, 0, 0, 1)
    assert take(store, tmp_path, row(official, status="Đang xử lý")) == (0, 0, 0, 0, 1)
    found = {one.code: one for one in open_conflicts(store)}
    assert sorted(found) == sorted(codes)
    one = found[codes[1]]
    assert one.label == "Đúng hồ sơ nào"
    resolve(store, one.id, keep=one.second.event_uuid, by=CLERK, now=NOW)
    assert open_conflicts(store) == []  # the other was answered by the same word
    assert take(store, tmp_path, row(official, status="Đang xử lý")) == (0, 1, 0, 0, 0)
    assert [shown(store, code).status for code in codes] == ["received", "processing"]
    assert shown(store, codes[1]).state["official_code"] == (official or None)
    assert healthy(store)


def test_a_row_that_means_none_of_them_becomes_a_dossier_of_its_own(desks, tmp_path):
    store, _ = desks
    for _ in range(2):
        known(store)
    take(store, tmp_path, row())
    for one in open_conflicts(store):
        resolve(store, one.id, keep=one.first.event_uuid, by=CLERK, now=NOW)
    assert take(store, tmp_path, row()) == (1, 0, 0, 0, 0)
    assert take(store, tmp_path, row()) == (0, 0, 1, 0, 0)
    assert healthy(store)


@pytest.mark.parametrize("field", ["official_code", "due_at"])
@pytest.mark.parametrize("side", ["first", "second"])
def test_one_list_at_two_desks_is_one_question_and_the_answer_travels(desks, tmp_path, field, side):
    one, two = desks
    code = known(one, official_code=CODE)
    exchange(tmp_path, one, two)
    told = f"{code},1.004873,Nguyễn Thị Ánh,045192007777,20/11/2026 08:00,"
    told += "30/11/2026 17:00,Đã tiếp nhận," if field == "due_at" else ",Đã tiếp nhận,"
    told += CODE if field == "due_at" else OTHER
    for store in (one, two):
        path = tmp_path / "tinh.csv"
        path.write_text(f"{HEAD},Mã hồ sơ chính thức\n{told}", "utf-8")
        report = lists.import_list(store, path, name=path.name, by=CLERK, now=NOW)
        assert report.conflicts == 1
    [ours], [theirs] = open_conflicts(one), open_conflicts(two)
    assert ours.id == theirs.id
    exchange(tmp_path, one, two)
    assert [[c.id for c in open_conflicts(store)] for store in desks] == [[ours.id]] * 2
    assert fingerprint(one) == fingerprint(two)
    [conflict] = open_conflicts(one)
    resolve(one, conflict.id, keep=getattr(conflict, side).event_uuid, by=CLERK, now=NOW)
    exchange(tmp_path, one, two)
    assert [open_conflicts(store) for store in desks] == [[], []]
    assert fingerprint(one) == fingerprint(two)
    assert (shown(two, code).state["official_code"] == OTHER) == (
        field == "official_code" and side == "second"
    )
    assert healthy(one)
    assert healthy(two)


def test_an_answer_is_taken_back_with_the_bundle_that_brought_it(desks, tmp_path):
    one, two = desks
    code = known(one, official_code=CODE)
    exchange(tmp_path, one, two)
    assert take(one, tmp_path, DIFFERENT["due_at"]) == (0, 0, 0, 0, 1)
    report = take_bundle(two, send(one, tmp_path / "c.zip", now=NOW), now=NOW)
    assert report.conflicts == 1
    sync_undo.undo_import(two, report.import_id, by=CLERK, now=NOW)
    assert open_conflicts(two) == []
    assert shown(two, code).state["official_code"] == CODE
    assert healthy(two)


def test_a_date_decided_for_a_dossier_that_was_never_received_judges_nothing(desks, tmp_path):
    one, two = desks
    code = known(one, official_code=CODE)
    exchange(tmp_path, one, two)
    assert take(two, tmp_path, DIFFERENT["due_at"]) == (0, 0, 0, 0, 1)
    [conflict] = open_conflicts(two)
    resolve(two, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=NOW)
    moves.undo(one, code, reason="nhận nhầm", by=CLERK, now=NOW)
    exchange(tmp_path, one, two)
    assert [shown(store, code).state["is_void"] for store in desks] == [1, 1]
    assert fingerprint(one) == fingerprint(two)


@pytest.mark.parametrize("official", [CODE, ""])
def test_a_name_and_a_day_alone_are_never_a_match(desks, tmp_path, official):
    store, _ = desks
    code = known(store)
    told = row(official, number="", status="Đang xử lý")
    for _ in range(2):
        assert take(store, tmp_path, told) == (0, 0, 0, 0, 1)
    [conflict] = open_conflicts(store)
    assert (conflict.code, conflict.first.value) == (code, "Không phải hồ sơ này")
    assert shown(store, code).status == "received"
    resolve(store, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=NOW)
    assert take(store, tmp_path, told) == (0, 1, 0, 0, 0)
    assert shown(store, code).status == "processing"
    assert healthy(store)


def test_a_row_without_code_and_number_is_known_again_by_what_it_began(desks, tmp_path):
    store, _ = desks
    told = row("", number="")
    assert take(store, tmp_path, told) == (1, 0, 0, 0, 0)
    assert take(store, tmp_path, told, name="lai.csv") == (0, 0, 1, 0, 0)
    assert open_conflicts(store) == []


def test_another_name_that_day_is_another_dossier(desks, tmp_path):
    store, _ = desks
    known(store, name="Trần Văn Bình")
    assert take(store, tmp_path, row(number="")) == (1, 0, 0, 0, 0)


_ASKS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["code", "due", "status", "ours", "theirs", "send", "undo", "return"]),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(_ASKS)
def test_whoever_reads_lists_and_decides_all_desks_ask_the_same_in_the_end(tmp_path_factory, asks):
    folder = tmp_path_factory.mktemp("office")
    one = first_desk(folder / "1")
    two = further_desk(one, folder / "2")
    try:
        code = known(one, official_code=CODE)
        exchange(folder, one, two)
        for number, (place, ask) in enumerate(asks):
            name = folder / f"{number}.zip"
            _ask((one, two)[place], (two, one)[place], name, ask, code)
        exchange(folder, one, two)
        assert fingerprint(one) == fingerprint(two)
        named = [{c.id: c.second.value for c in open_conflicts(s)} for s in (one, two)]
        assert named[0] == named[1]
        assert [healthy(one), healthy(two)] == [True, True]
    finally:
        one.close()
        two.close()
        shutil.rmtree(folder)


def _ask(store, other, name, ask, code):
    if ask == "send":
        take_bundle(other, send(store, name, now=NOW), now=NOW)
    elif ask in {"ours", "theirs"}:
        for one in open_conflicts(store)[:1]:
            kept = one.first if ask == "ours" else one.second
            with contextlib.suppress(InputError):
                resolve(store, one.id, keep=kept.event_uuid, by=CLERK, now=NOW)
    elif ask in {"undo", "return"}:
        with contextlib.suppress(InputError, MoveRefusedError):
            if ask == "undo":
                moves.undo(store, code, reason="nhầm", by=CLERK, now=NOW)
            else:
                moves.complete(store, code, by=CLERK, now=NOW)
    else:
        told = {
            "code": f"{row()},{OTHER}".replace(CODE, code, 1),
            "due": f"{row(due='30/11/2026 17:00')},".replace(CODE, code, 1),
            "status": f"{row(status='Rút hồ sơ')},".replace(CODE, code, 1),
        }[ask]
        path = name.with_name("tinh.csv")
        path.write_text(f"{HEAD},Mã hồ sơ chính thức\n{told}", "utf-8")
        lists.import_list(store, path, name=path.name, by=CLERK, now=NOW)
