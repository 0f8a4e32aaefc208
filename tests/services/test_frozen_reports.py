"""A report that was handed in stays as it was; a recount names each difference and its cause."""

from __future__ import annotations

import json
from datetime import date, datetime
from threading import Thread

import pytest

from counter_app.domain.figures import Against, Period
from counter_app.errors import InputError, MoveRefusedError, NotFoundError
from counter_app.services import frozen_reports, lists, lookup, moves
from tests.sync_house import CLERK, NOW, receive, send, take, two_desks

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def frozen(desk):
    """A November of two dossiers, one completed in time, handed in on the first of December."""
    desk.done, desk.open = desk.receive(), desk.receive()
    desk.set_clock(25)
    desk.act("complete", desk.done)
    desk.set_clock(1, month=12)
    desk.frozen = _freeze(desk)
    desk.set_clock(2, month=12)
    return desk


def _freeze(desk, period=PERIOD, by="Lê Thị A"):
    return frozen_reports.freeze(desk.store, period, against=Against.DUE, by=by, now=desk.now)


def _differences(desk):
    found = frozen_reports.compare(desk.store, desk.frozen.id, now=desk.now)
    return {one.figure: one for one in found}


def test_a_recount_of_unchanged_data_finds_nothing(frozen):
    assert frozen.frozen.figures.early == 1
    assert frozen.frozen.by == "Lê Thị A"
    assert _differences(frozen) == {}
    frozen.act("complete", frozen.open)  # on the second of December: not in the period
    assert _differences(frozen) == {}


def test_what_is_saved_while_a_report_is_counted_is_a_difference_later(frozen):
    desk = frozen
    told = []

    def hear(done, total):
        told.append((done, total))
        if len(told) == 3:  # another thread's save: nobody waits for the count
            saver = Thread(target=complete)
            saver.start()
            saver.join()

    def complete():
        at = datetime(2026, 11, 26, 9)
        desk.act("complete", desk.open, at=at, reason="ghi bù")
        desk.store.close()

    prepared = frozen_reports.prepare(
        desk.store, PERIOD, against=Against.DUE, by="Lê Thị A", now=desk.now, progress=hear
    )
    assert len(told) > 3
    kept = frozen_reports.keep(desk.store, prepared)
    assert kept.figures.early == 1  # of one moment, the lists as the figures
    assert list(frozen_reports.broken(desk.store)) == []
    found = frozen_reports.compare(desk.store, kept.id, now=desk.now)
    early = next(one for one in found if one.figure == "early")
    assert (early.before, early.now) == (1, 2)
    assert "Ghi lùi bước “có kết quả”" in early.changes[0].cause


def test_a_count_that_is_given_up_keeps_nothing(frozen):
    class StoppedError(Exception):
        pass

    def stop(done, _total):
        if done:
            raise StoppedError

    before = frozen_reports.all_frozen(frozen.store)
    with pytest.raises(StoppedError):
        frozen_reports.prepare(
            frozen.store, PERIOD, against=Against.DUE, by="A", now=frozen.now, progress=stop
        )
    assert frozen_reports.all_frozen(frozen.store) == before
    assert not frozen.store.database.connection().in_transaction
    assert _freeze(frozen).id == 2  # nothing is left open


def test_an_undone_result_is_a_difference_with_its_cause(frozen):
    frozen.act("undo", frozen.done, reason="nhầm hồ sơ")
    found = _differences(frozen)
    assert (found["early"].before, found["early"].now) == (1, 0)
    (change,) = found["early"].changes
    assert (change.code, change.is_added, change.by) == (frozen.done, False, "Lê Thị A")
    assert "Hoàn tác" in change.cause


def test_a_back_dated_result_is_a_difference_with_its_cause(frozen):
    at = datetime(2026, 11, 26, 9)
    frozen.act("complete", frozen.open, at=at, reason="ghi bù")
    found = _differences(frozen)
    assert (found["early"].before, found["early"].now) == (1, 2)
    assert "Ghi lùi bước “có kết quả”" in found["early"].changes[0].cause


def test_a_dossier_entered_late_is_a_difference_with_its_cause(frozen):
    code = frozen.receive(received_at=datetime(2026, 11, 27, 9), received_reason="mất điện")
    found = _differences(frozen)
    (change,) = found["counter_and_post"].changes
    assert (change.code, change.is_added, change.cause) == (code, True, "Nhập muộn")


def test_a_corrected_channel_is_a_difference_with_its_cause(frozen):
    values = {"channel": "online"}
    frozen.act("correct", frozen.open, values=values, reason="chọn nhầm")
    assert _differences(frozen) == {}  # it holds from the second of December on
    frozen.wait(minutes=5)
    at = datetime(2026, 11, 30, 10)
    frozen.act("correct", frozen.done, values=values, reason="chọn nhầm", at=at)
    found = _differences(frozen)
    assert (found["online"].before, found["online"].now) == (0, 1)
    assert {c.cause for c in found["online"].changes} == {"Sửa thông tin"}
    assert {c.is_added for c in found["counter_and_post"].changes} == {False}


def test_a_dossier_of_a_list_that_came_late_is_a_difference_with_its_cause(frozen, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "Mã hồ sơ,Mã TTHC,Tên thủ tục,Chủ hồ sơ,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái\n"
        "H50.1-261120-0001,9.999999,Thủ tục lạ,Nguyễn Thị Ánh,20/11/2026 08:00,"
        "27/11/2026 17:00,Đang xử lý\n",
        "utf-8",
    )
    told = lists.import_list(frozen.store, path, name="list.csv", by="Lê Thị A", now=frozen.now)
    assert told.errors == []
    found = _differences(frozen)
    (change,) = found["pending_late"].changes
    assert (change.code, change.is_added) == ("H50.1-261120-0001", True)
    assert change.cause == "Nhập muộn từ danh sách"


def test_what_another_desk_had_done_in_time_is_a_difference_with_its_cause(tmp_path):
    with two_desks(tmp_path) as (one, two):
        code = lookup.show(two, receive(two), now=NOW).code
        take(one, send(two, tmp_path / "a.zip"))
        moves.complete(two, code, by=CLERK, now=datetime(2026, 11, 25, 9))
        receive(two, now=datetime(2026, 11, 26, 9))
        frozen = frozen_reports.freeze(
            one, PERIOD, against=Against.DUE, by=CLERK, now=datetime(2026, 12, 1, 9)
        )
        later = datetime(2026, 12, 2, 9)
        take(one, send(two, tmp_path / "b.zip", now=later), now=later)
        found = {f.figure: f for f in frozen_reports.compare(one, frozen.id, now=later)}
    (done,) = found["resolved"].changes
    assert (done.code, done.by) == (code, CLERK)
    assert done.cause == "Bước “có kết quả” ở Quầy 2, gói nhận sau khi chốt"
    (received,) = found["counter_and_post"].changes
    assert received.cause == "Bước “tiếp nhận” ở Quầy 2, gói nhận sau khi chốt"
    assert received.recorded_at == datetime(2026, 11, 26, 9)


def test_a_corrected_phone_is_not_taken_for_the_cause_of_a_back_dated_result(frozen):
    frozen.act("correct", frozen.open, values={"phone": "0905123456"}, reason="gõ nhầm")
    assert _differences(frozen) == {}
    at = datetime(2026, 11, 26, 9)
    frozen.wait(minutes=5)
    frozen.act("complete", frozen.open, at=at, reason="ghi bù")
    causes = {c.cause for one in _differences(frozen).values() for c in one.changes}
    assert causes == {"Ghi lùi bước “có kết quả”"}


def test_a_report_that_was_handed_in_can_not_be_changed(frozen):
    with pytest.raises(Exception, match="stays"):
        frozen.store.execute("UPDATE frozenreport SET figures = '{}'")


def test_a_period_that_is_not_over_can_not_be_handed_in(frozen):
    with pytest.raises(MoveRefusedError, match="chưa chốt"):
        _freeze(frozen, Period(date(2026, 12, 1), date(2026, 12, 31)))


def test_somebody_answers_for_the_figures(frozen):
    with pytest.raises(InputError, match="người chốt"):
        _freeze(frozen, by=" ")


def test_a_report_that_is_not_there_is_said_so(frozen):
    with pytest.raises(NotFoundError, match="đã chốt"):
        frozen_reports.compare(frozen.store, 99, now=frozen.now)


def _rewrite(frozen, change):
    row = frozen.store.row("SELECT figures, dossiers FROM frozenreport")
    kept = {"figures": json.loads(row[0]), "dossiers": json.loads(row[1])}
    change(kept)
    frozen.store.execute("DROP TRIGGER report_is_never_changed")
    frozen.store.execute(
        "UPDATE frozenreport SET figures = ?, dossiers = ?",
        (json.dumps(kept["figures"]), json.dumps(kept["dossiers"])),
    )


def _problems(desk):
    return list(frozen_reports.broken(desk.store))


def test_a_report_that_was_handed_in_is_proved_by_check(frozen):
    assert _problems(frozen) == []
    assert frozen.problems() == []


def test_check_tells_a_figure_that_its_list_of_dossiers_does_not_bear_out(frozen):
    _rewrite(frozen, lambda kept: kept["figures"].update(early=2, resolved=2, pending=0))
    told = [what for what, _ in _problems(frozen)]
    assert "“Trước hạn” ghi 2, danh sách có 1 hồ sơ" in told
    assert "khác với lúc chốt" in told
    assert any("báo cáo đã chốt" in problem for problem in frozen.problems())


def test_check_tells_a_list_in_which_one_dossier_stands_for_another(frozen):
    def change(kept):
        lists = kept["dossiers"]
        lists["early"], lists["pending"] = lists["pending"], lists["early"]

    _rewrite(frozen, change)  # the numbers still agree; the hash in the log doesn't
    assert _problems(frozen) == [("khác với lúc chốt", "báo cáo đã chốt số 1, tháng 11 năm 2026")]


def test_check_tells_a_list_with_a_dossier_that_is_not_there(frozen):
    _rewrite(frozen, lambda kept: kept["dossiers"].update(early=[4711], resolved=[4711]))
    assert "danh sách có 1 hồ sơ không còn trong dữ liệu" in [w for w, _ in _problems(frozen)]


def test_check_tells_a_report_that_was_taken_away(frozen):
    frozen.store.execute("DELETE FROM frozenreport")
    assert _problems(frozen) == [("báo cáo đã chốt không còn trong dữ liệu", frozen.frozen.uuid)]


def test_check_bears_with_a_report_whose_lists_are_no_json(frozen):
    frozen.store.execute("DROP TRIGGER report_is_never_changed")
    frozen.store.execute("UPDATE frozenreport SET dossiers = '{'")
    assert "có giá trị không đúng dạng" in [what for what, _ in _problems(frozen)]
