"""What a list brought lives on like what was typed here, also when the list told no limit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from counter_desk import CLERK, Desk

from counter_app.errors import InputError
from counter_app.services import lists

CODE = "H50.1-261120-0001"
HEAD = "Mã hồ sơ,Mã TTHC,Tên thủ tục,Chủ hồ sơ,Ngày giờ tiếp nhận,Ngày giờ hẹn trả,Trạng thái"


@pytest.fixture
def imported(desk: Desk, tmp_path: Path):
    def take(status: str = "Đang xử lý", due: str = "27/11/2026 17:00", **options: str) -> Desk:
        procedure = options.get("procedure", "9.999999")
        path = tmp_path / "list.csv"
        row = f"{CODE},{procedure},Thủ tục lạ,Nguyễn Thị Ánh,20/11/2026 08:00,{due},{status}"
        path.write_text(f"{HEAD}\n{row}\n", "utf-8")
        report = lists.import_list(desk.store, path, name="list.csv", by=CLERK, now=desk.now)
        assert report.errors == []
        return desk

    return take


def test_a_restart_takes_what_the_first_promise_amounted_to(imported):
    desk = imported()
    desk.act("supplement", CODE, reason="thiếu")
    desk.set_clock(26)
    # Four working days were promised: 23, 25, 26 and 27/11; 24/11 is a day off.
    facts = desk.act("resubmit", CODE)
    assert facts.moment("due_at") == datetime(2026, 12, 2, 17)
    assert [p.kind for p in facts.promises] == ["imported", "restart"]


def test_a_pause_and_an_extension_move_the_promise_of_a_list(imported):
    desk = imported(due="27/11/2026 10:00")
    desk.set_clock(25, 8)
    desk.act("await-payment", CODE)
    desk.set_clock(26, 8)
    assert desk.act("paid", CODE).moment("due_at") == datetime(2026, 11, 30, 10)
    assert desk.act("extend", CODE, limit="1wd", reason="xác minh").moment("due_at") == datetime(
        2026, 12, 1, 17
    )


def test_without_any_promise_a_restart_says_that_no_limit_is_known(imported):
    desk = imported(due="")
    desk.act("supplement", CODE, reason="thiếu")
    with pytest.raises(InputError, match="chưa có thời hạn"):
        desk.act("resubmit", CODE)
    desk.act("withdraw", CODE)
    assert desk.verdict(CODE) is None
    assert desk.problems() == []


def test_a_completion_in_a_list_is_judged_by_its_own_day_and_is_no_back_dating(imported):
    desk = imported()
    desk.set_clock(10, month=12)
    imported("Đã có kết quả")
    state = desk.state(CODE)
    assert (state["status"], state["backdated"]) == ("completed", 0)
    assert desk.problems() == []
