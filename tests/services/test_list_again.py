"""The same list again is known by its hash, as long as nothing it rests on has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from counter_app.services import corrections, list_rows, lists
from counter_app.services.settings import set_setting
from tests.sync_house import CLERK, NOW

HEAD = "Mã hồ sơ,Mã TTHC,Chủ hồ sơ,Hình thức tiếp nhận,Ngày giờ tiếp nhận,Ngày giờ hẹn trả"
ROW = "H50.1-261120-{:04d},1.004873,Lê An,Trực tiếp,20/11/2026 08:00,26/11/2026 17:00"


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("\n".join([HEAD, *(ROW.format(n) for n in range(1, 8))]), "utf-8")
    return target


@pytest.fixture
def looked_at(monkeypatch):
    """Count the rows that are matched with the data."""
    taken = []
    take = list_rows.RowTaker.take

    def counted(self, line, row):
        taken.append(line)
        return take(self, line, row)

    monkeypatch.setattr(list_rows.RowTaker, "take", counted)
    return taken


def bring(store, path, **options):
    options = {"now": NOW + timedelta(hours=1), **options}
    return lists.import_list(store, path, name="a", by=CLERK, **options)


def test_the_same_list_again_is_not_matched_row_by_row(store, path, looked_at):
    first = bring(store, path)
    assert first.new == len(looked_at) == 7
    again = bring(store, path)
    assert (again.rows, again.unchanged, again.new, again.updated) == (7, 7, 0, 0)
    assert again.headings == first.headings
    assert again.mapping == first.mapping
    assert len(looked_at) == 7
    assert again.import_id != first.import_id


@pytest.mark.parametrize("change", ["event", "setting", "reading", "row"])
def test_whatever_it_rests_on_makes_it_read_again(store, path, looked_at, change):
    bring(store, path)
    options = {}
    if change == "event":
        code = store.row("SELECT code FROM dossier")[0]
        corrections.correct(
            store,
            code,
            values={"phone": "0905111111"},
            reason="bổ sung",
            by=CLERK,
            now=NOW + timedelta(hours=2),
        )
        options = {"now": NOW + timedelta(hours=3)}
    elif change == "setting":
        set_setting(store, key="boundary", value="minute")
    elif change == "reading":
        options = {"encoding": "utf-8"}
    else:
        path.write_text(path.read_text("utf-8") + "\n" + ROW.format(9), "utf-8")
    report = bring(store, path, **options)
    assert report.unchanged == 7
    assert len(looked_at) > 7


def test_a_list_with_remarks_is_looked_at_each_time(store, path, looked_at):
    path.write_text(path.read_text("utf-8") + "\n" + ROW.format(9).replace("20/11", "31/02"))
    first = bring(store, path)
    assert first.rejected == 1
    again = bring(store, path)
    assert (again.unchanged, again.rejected) == (7, 1)
    assert len(looked_at) == 14


def test_a_dry_run_makes_nothing_known(store, path, looked_at):
    bring(store, path, dry_run=True)
    assert bring(store, path).new == 7
    assert len(looked_at) == 14
