"""Lists of another system become events: once, whole, and never against what was printed here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from counter_app.bootstrap import open_app
from counter_app.domain.facts import ReceiveRequest
from counter_app.errors import ListFileError, NotFoundError
from counter_app.services import checks, lists, lookup, moves, reception
from counter_app.storage.database import Store

NOW = datetime(2026, 11, 23, 10, 0)
HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Số định danh,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"
ROW = "H50.1-261120-0001,1.004873,Nguyễn Thị Ánh,045192007777,20/11/2026 08:00,26/11/2026 17:00,"


@pytest.fixture
def desk(tmp_path: Path):
    app = open_app(data=str(tmp_path / "data"), environment={})
    yield app.store
    app.store.close()


def take(store: Store, tmp_path: Path, text: str, **options: object) -> lists.ImportReport:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    return lists.import_list(
        store, path, name=path.name, by="Lê Thị A", now=options.pop("now", NOW), **options
    )


def counts(report: lists.ImportReport) -> dict[str, int]:
    data = lists.report_json(report)
    return {k: data[k] for k in ("new", "updated", "unchanged", "rejected", "conflicts")}


def only(**wanted: int) -> dict[str, int]:
    return dict.fromkeys(("new", "updated", "unchanged", "rejected", "conflicts"), 0) | wanted


def received(store: Store, **values: object) -> str:
    request = ReceiveRequest(
        procedure_code="1.004873",
        applicant_name="Nguyễn Thị Ánh",
        citizen_id="045192007777",
        by="Lê Thị A",
        **values,
    )
    now = values.get("received_at", NOW)
    return reception.receive_dossier(store, request, now=now).code


def test_a_new_row_becomes_a_dossier_with_the_promise_the_list_tells(desk, tmp_path):
    report = take(desk, tmp_path, f"{HEAD}\n{ROW}Đang xử lý\n")
    assert counts(report) == only(new=1)
    facts = lookup.show(desk, "H50.1-261120-0001", now=NOW)
    assert facts.status == "processing"
    (promise,) = facts.promises
    assert (promise.kind, promise.due_at) == ("imported", datetime(2026, 11, 26, 17, 0))
    # Our own answer stands beside it: 24/11 is a day off, so three working days end on 26/11.
    assert promise.own_due_at == datetime(2026, 11, 26, 17, 0)
    assert facts.state["source"] == "list"


def test_the_same_list_again_changes_nothing(desk, tmp_path):
    text = f"{HEAD}\n{ROW}Đã trả kết quả\n"
    take(desk, tmp_path, text)
    before = lookup.dossier_json(lookup.show(desk, "H50.1-261120-0001", now=NOW), full=True)
    assert counts(take(desk, tmp_path, text)) == only(unchanged=1)
    assert lookup.dossier_json(lookup.show(desk, "H50.1-261120-0001", now=NOW), full=True) == before


def test_the_official_code_finds_its_way_to_the_dossier_typed_here(desk, tmp_path):
    code = received(desk, received_at=datetime(2026, 11, 20, 8, 30))
    assert counts(take(desk, tmp_path, f"{HEAD}\n{ROW}Đã tiếp nhận\n")) == only(updated=1)
    assert lookup.show(desk, code, now=NOW).official_code == "H50.1-261120-0001"


def test_two_dossiers_of_one_day_are_left_for_a_person_to_choose(desk, tmp_path):
    for _ in range(2):
        received(desk, received_at=datetime(2026, 11, 20, 8, 30))
    report = take(desk, tmp_path, f"{HEAD}\n{ROW}Đã tiếp nhận\n")
    assert counts(report) == only(conflicts=1)
    assert "TAM-01-261120-0001" in report.errors[0].message


def test_another_promise_date_is_a_conflict_and_the_printed_one_stays(desk, tmp_path):
    code = received(
        desk, received_at=datetime(2026, 11, 20, 8, 30), official_code="H50.1-261120-0001"
    )
    before = lookup.show(desk, code, now=NOW).state["due_at"]
    other = ROW.replace("26/11/2026", "30/11/2026")
    report = take(desk, tmp_path, f"{HEAD}\n{other}Đang xử lý\n")
    assert counts(report) == only(conflicts=1)
    assert "26/11/2026" in report.errors[0].message
    after = lookup.show(desk, code, now=NOW)
    assert (after.state["due_at"], after.status) == (before, "received")


def test_a_list_that_knows_less_than_we_do_takes_nothing_back(desk, tmp_path):
    code = received(
        desk, received_at=datetime(2026, 11, 20, 8, 30), official_code="H50.1-261120-0001"
    )
    moves.complete(desk, code, by="Lê Thị A", now=NOW)
    assert counts(take(desk, tmp_path, f"{HEAD}\n{ROW}Đang xử lý\n")) == only(unchanged=1)
    assert lookup.show(desk, code, now=NOW).status == "completed"


def test_two_different_ends_are_a_conflict(desk, tmp_path):
    code = received(
        desk, received_at=datetime(2026, 11, 20, 8, 30), official_code="H50.1-261120-0001"
    )
    moves.withdraw(desk, code, by="Lê Thị A", now=NOW)
    report = take(desk, tmp_path, f"{HEAD}\n{ROW}Đã trả kết quả\n")
    assert counts(report) == only(conflicts=1)
    assert lookup.show(desk, code, now=NOW).status == "withdrawn"


def test_each_date_of_the_list_is_an_event_at_its_own_moment(desk, tmp_path):
    head = HEAD + ",Ngày giờ có kết quả,Ngày giờ trả"
    row = f"{ROW}Đã trả kết quả,20/11/2026 15:00,23/11/2026 08:30"
    take(desk, tmp_path, f"{head}\n{row}\n")
    facts = lookup.show(desk, "H50.1-261120-0001", now=NOW)
    assert [(e.kind, e.at) for e in facts.events] == [
        ("receive", datetime(2026, 11, 20, 8, 0)),
        ("complete", datetime(2026, 11, 20, 15, 0)),
        ("return", datetime(2026, 11, 23, 8, 30)),
    ]
    assert facts.timeliness == "early"
    assert not facts.state["at_estimated"]
    assert not facts.state["backdated"]


def test_a_state_without_a_date_is_marked_as_estimated(desk, tmp_path):
    take(desk, tmp_path, f"{HEAD}\n{ROW}Chờ trả kết quả\n")
    assert lookup.show(desk, "H50.1-261120-0001", now=NOW).state["at_estimated"] == 1


def test_a_new_date_in_the_list_counts_as_rescheduled_in_time(desk, tmp_path):
    head = HEAD + ",Ngày giờ hẹn lại"
    take(desk, tmp_path, f"{head}\n{ROW}Đang xử lý,02/12/2026 17:00\n")
    facts = lookup.show(desk, "H50.1-261120-0001", now=NOW)
    assert facts.moment("rescheduled_due_at") == datetime(2026, 12, 2, 17, 0)
    assert facts.moment("due_at") == datetime(2026, 12, 2, 17, 0)


def test_a_dossier_late_here_is_not_washed_by_a_new_date_in_a_list(desk, tmp_path):
    received(desk, received_at=datetime(2026, 11, 20, 8, 30), official_code="H50.1-261120-0001")
    head = HEAD + ",Ngày giờ hẹn lại"
    late = datetime(2026, 11, 30, 9, 0)
    take(desk, tmp_path, f"{head}\n{ROW}Đang xử lý,02/12/2026 17:00\n", now=late)
    facts = lookup.show(desk, "H50.1-261120-0001", now=late)
    assert facts.state["rescheduled_due_at"] is None
    assert facts.timeliness == "pending_late"


def test_broken_rows_are_named_and_the_rest_goes_in(desk, tmp_path):
    bad = "H50.1-261120-0002,1.004873,Lê Văn Bình,,31/02/2026 08:00,26/11/2026 17:00,"
    report = take(desk, tmp_path, f"{HEAD}\n{ROW}Đang xử lý\n{bad}Đang xử lý\n")
    assert counts(report) == only(new=1, rejected=1)
    assert report.errors[0].line == 3
    assert b"0002" in lists.rejected_csv(report)


def test_strict_refuses_the_whole_file(desk, tmp_path):
    bad = "H50.1-261120-0002,1.004873,Lê Văn Bình,,31/02/2026 08:00,26/11/2026 17:00,"
    with pytest.raises(ListFileError, match="dòng 3"):
        take(desk, tmp_path, f"{HEAD}\n{ROW}Đang xử lý\n{bad}Đang xử lý\n", strict=True)
    assert lists.dossier_count(desk) == 0


def test_a_dry_run_tells_and_keeps_nothing(desk, tmp_path):
    text = f"{HEAD}\n{ROW}Đang xử lý\n"
    assert counts(take(desk, tmp_path, text, dry_run=True)) == only(new=1)
    assert lists.dossier_count(desk) == 0
    assert counts(take(desk, tmp_path, text)) == only(new=1)
    # The number that the dry run took was given back with it.
    assert lookup.show(desk, "H50.1-261120-0001", now=NOW).code == "TAM-01-261120-0001"


def test_a_cancelled_import_keeps_nothing(desk, tmp_path):
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    rows = [ROW.replace("0001", f"{n:04d}", 1) + "Đang xử lý" for n in range(1, 401)]
    with pytest.raises(KeyboardInterrupt):
        take(desk, tmp_path, "\n".join([HEAD, *rows]), progress=stop)
    assert lists.dossier_count(desk) == 0


def test_a_list_that_is_changed_while_it_is_read_is_refused_whole(desk, tmp_path):
    rows = [ROW.replace("0001", f"{n:04d}", 1) + "Đang xử lý" for n in range(1, 401)]

    def go_on_copying(_done: int, _total: int) -> None:
        with (tmp_path / "list.csv").open("a", encoding="utf-8") as file:
            file.write(f"\n{rows[0]}")

    with pytest.raises(ListFileError, match=r"bị thay đổi trong lúc đọc.*Chưa ghi gì"):
        take(desk, tmp_path, "\n".join([HEAD, *rows]), progress=go_on_copying)
    assert lists.dossier_count(desk) == 0
    assert counts(take(desk, tmp_path, "\n".join([HEAD, *rows]))) == only(new=400)


def test_a_row_from_the_future_is_rejected(desk, tmp_path):
    row = ROW.replace("20/11/2026 08:00", "24/11/2026 08:00")
    assert counts(take(desk, tmp_path, f"{HEAD}\n{row}Đang xử lý\n")) == only(rejected=1)


def test_an_unknown_code_of_ours_is_rejected_not_guessed(desk, tmp_path):
    row = ROW.replace("H50.1-261120-0001", "TAM-09-261120-0001")
    assert counts(take(desk, tmp_path, f"{HEAD}\n{row}Đang xử lý\n")) == only(rejected=1)


def test_a_day_without_a_time_is_due_when_its_work_ends(desk, tmp_path):
    row = ROW.replace("26/11/2026 17:00", "26/11/2026")
    take(desk, tmp_path, f"{HEAD}\n{row}Đang xử lý\n")
    facts = lookup.show(desk, "H50.1-261120-0001", now=NOW)
    assert facts.moment("due_at") == datetime(2026, 11, 26, 17, 0)


def test_a_saved_mapping_reads_the_next_list_without_questions(desk, tmp_path):
    head = HEAD.replace("Chủ hồ sơ", "Chủ hồ sơ").replace("Trạng thái", "Tình trạng")
    take(desk, tmp_path, f"{head}\n{ROW}Đang xử lý\n", save_mapping="Hệ thống tỉnh")
    assert lists.mapping_names(desk) == ["Hệ thống tỉnh"]
    again = take(desk, tmp_path, f"{head}\n{ROW}Chờ trả kết quả\n", mapping_name="Hệ thống tỉnh")
    assert counts(again) == only(updated=1)
    with pytest.raises(NotFoundError, match="Hệ thống tỉnh"):
        take(desk, tmp_path, f"{head}\n{ROW}\n", mapping_name="không có")


def test_what_was_imported_passes_every_check(desk, tmp_path):
    shipped = Path(__file__).resolve().parents[2] / "resources" / "demo" / "daily_export.csv"
    report = lists.import_list(desk, shipped, name=shipped.name, by="", now=NOW)
    assert report.new == report.rows == 28
    assert all(result.ok for result in checks.run_checks(desk))
    del tmp_path


def test_a_code_that_is_none_rejects_its_row_and_not_the_list(desk, tmp_path):
    bad = ROW.replace("H50.1-261120-0001", "sai mã")
    report = take(desk, tmp_path, f"{HEAD}\n{bad}Đang xử lý\n{ROW}Đang xử lý\n")
    assert counts(report) == only(new=1, rejected=1)
    assert (report.errors[0].line, report.errors[0].column) == (2, "Mã hồ sơ")
