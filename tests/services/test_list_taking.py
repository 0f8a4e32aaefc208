"""A list's word taken against ours: by open steps, never washing lateness, never promising less."""

from __future__ import annotations

from datetime import datetime

import pytest
from sync_house import CLERK, receive, send
from sync_house import take as take_bundle

from counter_app.domain.moments import from_epoch
from counter_app.errors import InputError
from counter_app.services import checks, lists, lookup, moves
from counter_app.services.sync_conflicts import open_conflicts, resolve
from counter_app.services.sync_export import fingerprint

NOW = datetime(2026, 11, 23, 10, 0)
LATER = datetime(2026, 12, 8, 10, 0)
MORNING = datetime(2026, 11, 20, 8, 30)
OFFICIAL = "H50.1-261120-0001"
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Trạng thái"


def known(store, **values) -> str:
    uuid = receive(
        store,
        now=MORNING,
        citizen_id="045192007777",
        received_at=MORNING,
        official_code=OFFICIAL,
        **values,
    )
    return lookup.show(store, uuid, now=NOW).code


def take(store, tmp_path, status: str, *, now=NOW, **columns: str):
    path = tmp_path / "tinh.csv"
    heads = ",".join([HEAD, *(name.replace("_", " ") for name in columns)])
    told = f"{OFFICIAL},1.004873,Nguyễn Thị Ánh,045192007777,20/11/2026 08:30,{status}"
    path.write_text(f"{heads}\n{','.join([told, *columns.values()])}", "utf-8")
    return lists.import_list(store, path, name=path.name, by=CLERK, now=now)


def keep_list(store, *, now=NOW) -> None:
    [conflict] = open_conflicts(store)
    resolve(store, conflict.id, keep=conflict.second.event_uuid, by=CLERK, now=now)


def healthy(store) -> bool:
    return [check.check for check in checks.run_checks(store) if not check.ok] == []


def exchange(tmp_path, one, two, *, now=NOW):
    for number in range(2):
        take_bundle(two, send(one, tmp_path / f"a{number}.zip", now=now), now=now)
        take_bundle(one, send(two, tmp_path / f"b{number}.zip", now=now), now=now)


def shown(store, code, *, now=NOW):
    return lookup.show(store, code, now=now)


def due(store, code) -> str:
    return f"{from_epoch(shown(store, code).state['due_at']):%d/%m}"


def complete(store, code, now):
    moves.complete(store, code, at=now, by=CLERK, now=now)


def refuse(store, code, now):
    moves.refuse(store, code, reason="thiếu điều kiện", at=now, by=CLERK, now=now)


def withdraw(store, code, now):
    moves.withdraw(store, code, reason="đổi ý", at=now, by=CLERK, now=now)


@pytest.mark.parametrize(
    ("ours", "told", "status"),
    [
        (complete, "Từ chối", "refused"),
        (complete, "Dừng xử lý", "stopped"),
        (refuse, "Đã trả kết quả", "returned"),
        (withdraw, "Từ chối", "refused"),
        (withdraw, "Đã trả kết quả", "returned"),
    ],
)
def test_the_state_of_a_list_is_reached_in_the_open_and_travels(
    desks, tmp_path, ours, told, status
):
    one, two = desks
    code = known(one)
    exchange(tmp_path, one, two)
    ours(one, code, NOW)
    take(one, tmp_path, told)
    keep_list(one)
    found = shown(one, code)
    assert found.status == status
    assert found.state["at_estimated"] == 1
    kinds = [event.kind for event in found.events]
    assert "undo" in kinds
    assert [e.body["reason"] for e in found.events if e.kind == "undo"] == [
        "theo danh sách tinh.csv"
    ]
    assert found.events[-2].body["reason"] == "theo danh sách"
    assert open_conflicts(one) == []
    exchange(tmp_path, one, two)
    assert fingerprint(one) == fingerprint(two)
    assert shown(two, code).status == status
    # The same list again has nothing to ask and nothing to add.
    assert (take(one, tmp_path, told).unchanged, open_conflicts(one)) == (1, [])
    assert healthy(one)
    assert healthy(two)


def test_what_a_citizen_signed_for_stays_and_the_refusal_says_what_to_do(desks, tmp_path):
    store, _ = desks
    code = known(store)
    complete(store, code, NOW)
    moves.return_result(store, code, collected_by="Nguyễn Thị Ánh", by=CLERK, now=NOW)
    take(store, tmp_path, "Từ chối")
    before = fingerprint(store)
    with pytest.raises(InputError, match=r"đã trao cho Nguyễn Thị Ánh.*hoàn tác bước trả"):
        keep_list(store)
    assert fingerprint(store) == before
    moves.undo(store, code, reason="trao nhầm", by=CLERK, now=NOW)
    keep_list(store)
    assert shown(store, code).status == "refused"
    assert healthy(store)


def test_a_list_that_dates_the_end_earlier_washes_no_late_day_away(desks, tmp_path):
    store, _ = desks
    code = known(store)
    complete(store, code, LATER)
    assert shown(store, code, now=LATER).timeliness == "late"
    take(store, tmp_path, "Từ chối", now=LATER, Ngày_giờ_có_kết_quả="21/11/2026 09:00")
    keep_list(store, now=LATER)
    found = shown(store, code, now=LATER)
    assert (found.status, found.timeliness) == ("refused", "late")
    assert found.state["at_estimated"] == 1
    assert healthy(store)


def test_an_end_that_the_list_dates_later_counts_when_the_list_says(desks, tmp_path):
    store, _ = desks
    code = known(store)
    complete(store, code, NOW)
    take(store, tmp_path, "Từ chối", now=LATER, Ngày_giờ_có_kết_quả="07/12/2026 09:00")
    keep_list(store, now=LATER)
    found = shown(store, code, now=LATER)
    assert (found.status, found.timeliness) == ("refused", "late")
    assert f"{found.events[-2].at:%d/%m %H:%M}" == "07/12 09:00"
    assert found.state["at_estimated"] == 0


def test_two_desks_that_decide_alike_apart_agree_and_ask_nothing(desks, tmp_path):
    one, two = desks
    code = known(one)
    complete(one, code, NOW)
    exchange(tmp_path, one, two)
    for store in desks:
        take(store, tmp_path, "Từ chối")
        keep_list(store)
    exchange(tmp_path, one, two)
    assert fingerprint(one) == fingerprint(two)
    assert [open_conflicts(store) for store in desks] == [[], []]
    assert shown(two, code).status == "refused"


@pytest.mark.parametrize("wins", ["ours", "list"])
def test_decisions_apart_are_decided_again_and_a_decision_goes_with_its_steps(
    desks, tmp_path, wins
):
    one, two = desks
    code = known(one)
    complete(one, code, NOW)
    take(one, tmp_path, "Từ chối")
    exchange(tmp_path, one, two)
    keep_list(one)
    [conflict] = open_conflicts(two)
    resolve(two, conflict.id, keep=conflict.first.event_uuid, by=CLERK, now=NOW)
    exchange(tmp_path, one, two)
    assert fingerprint(one) == fingerprint(two)
    [rival] = open_conflicts(two)
    kept = {
        event.body["keep"]: event.uuid
        for event in shown(two, code).events
        if event.kind == "resolve"
    }[wins]
    resolve(two, rival.id, keep=kept, by=CLERK, now=NOW)
    exchange(tmp_path, one, two)
    assert fingerprint(one) == fingerprint(two)
    wanted = "completed" if wins == "ours" else "refused"
    assert [shown(store, code).status for store in desks] == [wanted] * 2
    assert [open_conflicts(store) for store in desks] == [[], []]
    assert healthy(one)
    assert healthy(two)


def rescheduled(store, tmp_path, told: str, *, now=NOW) -> str:
    """Return a dossier that we promised anew for 30 November, and a list says otherwise."""
    code = known(store)
    moves.reschedule(
        store,
        code,
        reason="chờ xác minh",
        new_due=datetime(2026, 11, 30, 17, 0),
        unit="Phòng Tư pháp",
        by=CLERK,
        now=MORNING,
    )
    take(store, tmp_path, "Đã tiếp nhận", now=now, Ngày_giờ_hẹn_lại=told)
    return code


def test_a_later_new_date_of_a_list_is_taken_with_its_source_and_travels(desks, tmp_path):
    one, two = desks
    code = rescheduled(one, tmp_path, "02/12/2026 17:00")
    keep_list(one)
    exchange(tmp_path, one, two)
    assert fingerprint(one) == fingerprint(two)
    for store in desks:
        found = shown(store, code)
        assert due(store, code) == "02/12"
        assert (found.promises[-1].kind, found.promises[-1].source) == ("reschedule", "danh sách")
        assert found.state["reschedule_letter"] == 0  # the letter told another date
        assert healthy(store)


def test_a_date_that_was_told_to_the_citizen_never_moves_earlier(desks, tmp_path):
    store, _ = desks
    code = rescheduled(store, tmp_path, "27/11/2026 17:00")
    before = fingerprint(store)
    with pytest.raises(InputError, match="không đổi về sớm hơn: giữ bên trái"):
        keep_list(store)
    assert fingerprint(store) == before
    assert due(store, code) == "30/11"


def test_once_ours_has_passed_the_lists_date_is_only_expected_and_late_stays_late(desks, tmp_path):
    store, _ = desks
    code = rescheduled(store, tmp_path, "10/12/2026 17:00", now=LATER)
    assert shown(store, code, now=LATER).timeliness == "pending_late"
    keep_list(store, now=LATER)
    found = shown(store, code, now=LATER)
    assert found.timeliness == "pending_late"
    assert due(store, code) == "30/11"
    assert found.state["late_reason"] == "theo danh sách"
    assert open_conflicts(store) == []
    assert healthy(store)


def test_what_has_ended_is_not_promised_anew(desks, tmp_path):
    store, _ = desks
    code = rescheduled(store, tmp_path, "02/12/2026 17:00")
    complete(store, code, NOW)
    with pytest.raises(InputError, match="nên không hẹn lại được: giữ bên trái"):
        keep_list(store)
    assert shown(store, code).status == "completed"
